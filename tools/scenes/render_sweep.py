# SPDX-License-Identifier: GPL-3.0-or-later
"""Cast the sweeps of a set and render their camera pictures:
``python render_sweep.py --set lidar_lite --out WORK_FOLDER``.

Writes per sweep ``ITEM.png`` (developed camera picture), ``ITEM.npz`` (returns with their owners,
and the ids of the picture) and, last, ``ITEM.json`` (recipe, cuboids, calibration, zones). Sweeps
whose recipe has not changed are skipped.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import develop  # noqa: E402
import kit  # noqa: E402
import library  # noqa: E402
import numpy as np  # noqa: E402
import passes  # noqa: E402
import sweep_scene  # noqa: E402
from mathutils import Vector  # noqa: E402
from sweep import Scanner  # noqa: E402

WIDTH, HEIGHT, SAMPLES = 640, 480, 8
"""Size of the camera picture in px, and samples per pixel."""
MOST_YAW = 3.1415
"""The largest yaw in radians with four decimals; straight back is this and never its negative."""
TO_CAMERA = np.diag([1.0, -1.0, -1.0])
"""From Blender's camera axes (y up, looking to -z) to x right, y down, z forward."""


def calibration(scene: sweep_scene.SweepScene, sensor: passes.Sensor) -> dict:
    """Intrinsics (3 x 3, px) and extrinsics (4 x 4, sensor to camera metres)."""
    focal = -sensor.depth
    intrinsics = [
        [focal / sensor.step_x, 0, -sensor.left / sensor.step_x],
        [0, -focal / sensor.step_y, -sensor.top / sensor.step_y],
        [0, 0, 1],
    ]
    to_world = np.eye(4)
    to_world[:3, :3] = sweep_scene.rotation(scene.heading)
    to_world[:3, 3] = scene.origin
    camera = np.eye(4)
    camera[:3, :3] = TO_CAMERA
    extrinsics = camera @ np.linalg.inv(sensor.matrix) @ to_world
    return {
        "intrinsics": [[round(float(v), 6) for v in row] for row in intrinsics],
        "extrinsics": [[round(float(v), 8) for v in row] for row in extrinsics],
    }


def cuboid(instance: sweep_scene.Instance, scene: sweep_scene.SweepScene) -> dict:
    """Centre, size and yaw of an instance in sensor coordinates; ``mirrored`` is its size with
    side mirrors.
    """
    body = instance.body
    low, high = _bounds([body])
    size = (high - low) * body.scale[0]
    centre = body.matrix_world @ Vector((low + high) / 2)
    yaw = body.rotation_euler.z - scene.heading
    yaw = math.atan2(math.sin(yaw), math.cos(yaw))
    described = {
        "id": instance.number,
        "label": instance.label,
        "kind": instance.kind,
        "edge_cases": instance.edge_cases,
        "center": [round(float(v), 3) for v in scene.to_sensor([centre])[0]],
        "size": [round(float(v), 3) for v in size],
        "yaw": min(MOST_YAW, round(yaw, 4)) if yaw > -MOST_YAW else MOST_YAW,
    }
    if instance.mirrors:
        low, high = _bounds([body, instance.mirrors])
        described["mirrored"] = [round(float(v), 3) for v in (high - low) * body.scale[0]]
    return described


def _bounds(things):
    """Lowest and highest corner of objects that share a pose, in their own coordinates."""
    corners = np.array([corner for thing in things for corner in thing.bound_box])
    return corners.min(0), corners.max(0)


def render_sweep(recipe: dict, folder: Path, library_path: Path, samples: int) -> str:
    """Cast and render one sweep; returns a line with the seconds spent."""
    started, item = time.time(), recipe["item"]
    kit.reset_scene(WIDTH, HEIGHT)
    scene = sweep_scene.build(recipe, library.load(library_path))
    light, weather = recipe.get("light", "day"), recipe.get("weather", "dry")
    built = time.time()
    scanner = Scanner(scene.origin, scene.heading, scene.owners(), scene.glass, weather)
    found = scanner.sweep(recipe["seed"])
    cast = time.time()
    beauty, mist = passes.render_beauty(folder / "beauty.exr", samples)
    develop.develop(beauty, mist, light, weather, recipe["seed"], folder / f"{item}.png")
    ids, _ = passes.render_ids(folder / "ids.exr")
    np.savez_compressed(folder / f"{item}.npz", **vars(found), ids=ids)
    note = {
        "recipe": recipe,
        "cuboids": [cuboid(instance, scene) for instance in scene.instances],
        "calibration": calibration(scene, passes.Sensor()),
        "zones": scene.zones,
    }
    (folder / f"{item}.json").write_text(json.dumps(note, indent=1), encoding="utf-8")
    return (
        f"{item}: build {built - started:.1f} s, sweep {cast - built:.1f} s "
        f"({len(found.xyz)} returns), picture {time.time() - cast:.1f} s"
    )


def is_finished(recipe: dict, folder: Path) -> bool:
    """True if the sweep was made from this very recipe."""
    note = folder / f"{recipe['item']}.json"
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name", help="recipe file, without .toml")
    parser.add_argument("--out", required=True, type=Path, help="work folder for raw passes")
    parser.add_argument("--only", action="append", help="just this item; may be repeated")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples per pixel")
    options = parser.parse_args()
    text = (HERE / "recipes" / f"{options.name}.toml").read_text(encoding="utf-8")
    folder, library_path = options.out / options.name, options.out / "library.blend"
    folder.mkdir(parents=True, exist_ok=True)
    if not library_path.exists():
        library.build(library_path)
    for recipe in tomllib.loads(text)["sweep"]:
        wanted = not options.only or recipe["item"] in options.only
        if wanted and not is_finished(recipe, folder):
            print(render_sweep(recipe, folder, library_path, options.samples), flush=True)


if __name__ == "__main__":
    main()
