# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the raw passes of a set: ``python render.py --set starter10 --out WORK_FOLDER``.

Writes per picture ``ITEM.png`` (developed), ``ITEM.npz`` (ids, depth, reflected ids, full-extent
masks), ``ITEM.json`` (what the ids mean) and ``ITEM.exr`` (linear light, for ``--develop-only``).
Finished pictures are skipped. ``ITEM.json`` comes last, and it keeps the recipe: a picture whose
recipe has changed is rendered anew.
"""

from __future__ import annotations

import argparse
import json
import os
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
from scene import SceneBuilder  # noqa: E402

WIDTH, HEIGHT, SAMPLES = 640, 480, 8


def render_picture(recipe: dict, folder: Path, library_path: Path, samples: int) -> str:
    """Render one picture; returns a line with the seconds spent."""
    started = time.time()
    kit.reset_scene(WIDTH, HEIGHT)
    builder = SceneBuilder(recipe, library.load(library_path))
    builder.build()
    built, item = time.time(), recipe["item"]
    cpu_before = sum(os.times()[:2])
    rgb, mist = passes.render_beauty(folder / f"{item}.exr", samples)
    rendered, cpu = time.time(), sum(os.times()[:2]) - cpu_before
    develop.develop(
        rgb, mist, builder.light, builder.weather, recipe["seed"], folder / f"{item}.png"
    )
    ids, depth = passes.render_ids(folder / "ids.exr")
    sensor = passes.Sensor()
    arrays = {"ids": ids, "depth": depth}
    surfaces = {number for number, entry in enumerate(builder.entries, 1) if entry.surface}
    arrays["reflected"] = passes.reflected_ids(ids, surfaces, sensor)
    described = []
    for number, entry in enumerate(builder.entries, 1):
        extent = passes.full_extent(entry.objects, sensor) if entry.label else None
        if extent:
            x0, y0, mask = extent
            arrays[f"full_{number}"], arrays[f"window_{number}"] = (
                np.packbits(mask),
                np.array([x0, y0, mask.shape[1], mask.shape[0]]),
            )
        described.append(
            {
                "id": number,
                "kind": entry.kind,
                "label": entry.label,
                "edge_cases": entry.edge_cases,
                "crowd": entry.crowd,
                "decoy": entry.decoy,
                "surface": entry.surface,
            }
        )
    np.savez_compressed(folder / f"{item}.npz", **arrays)
    (folder / f"{item}.json").write_text(
        json.dumps({"recipe": recipe, "entries": described}, indent=1), encoding="utf-8"
    )
    return (
        f"{item}: build {built - started:.1f} s, render {rendered - built:.1f} s "
        f"({cpu:.1f} CPU-s), passes {time.time() - rendered:.1f} s"
    )


def develop_again(recipe: dict, folder: Path):
    """Repeat only the last step from the kept linear picture."""
    kit.reset_scene(WIDTH, HEIGHT)
    channels = passes.read_layers(folder / f"{recipe['item']}.exr")
    rgb, mist = passes.beauty_of(channels)
    develop.develop(
        rgb,
        mist,
        recipe.get("light", "day"),
        recipe.get("weather", "dry"),
        recipe["seed"],
        folder / f"{recipe['item']}.png",
    )


def is_finished(recipe: dict, folder: Path) -> bool:
    """True if the picture exists and was rendered from this very recipe."""
    note = folder / f"{recipe['item']}.json"
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set", required=True, dest="name", help="recipe file in recipes/, without .toml"
    )
    parser.add_argument("--out", required=True, type=Path, help="work folder for raw passes")
    parser.add_argument("--only", action="append", help="render just this item; may be repeated")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples per pixel")
    parser.add_argument(
        "--develop-only",
        action="store_true",
        help="repeat exposure and tone curve from kept linear pictures",
    )
    options = parser.parse_args()
    recipes = tomllib.loads(
        (HERE / "recipes" / f"{options.name}.toml").read_text(encoding="utf-8")
    )["picture"]
    folder, library_path = options.out / options.name, options.out / "library.blend"
    folder.mkdir(parents=True, exist_ok=True)
    if not library_path.exists():
        print("building the mesh library, about a minute", flush=True)
        library.build(library_path)
    for recipe in recipes:
        if options.only and recipe["item"] not in options.only:
            continue
        if options.develop_only:
            develop_again(recipe, folder)
        elif not is_finished(recipe, folder):
            print(render_picture(recipe, folder, library_path, options.samples), flush=True)


if __name__ == "__main__":
    main()
