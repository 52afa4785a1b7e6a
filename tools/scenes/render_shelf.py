# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the raw passes of a shelf set: ``python render_shelf.py --set shelf_lite --out FOLDER``.

Works in the two steps of `render.py` and writes the same files per picture: ``ITEM.npz`` (ids,
depth, mirrored ids, full extents with their label art) and ``ITEM.json`` (the recipe, and what the
ids mean), then ``ITEM.exr`` and ``ITEM.png``. Finished steps are skipped; a picture whose recipe
has changed is rendered anew. A picture of every article comes first, into ``shelf/skus``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import bpy  # noqa: E402
import develop  # noqa: E402
import kit  # noqa: E402
import numpy as np  # noqa: E402
import passes  # noqa: E402
import shelf_passes  # noqa: E402
from products import ProductShop, assortment  # noqa: E402
from recipe_book import has_passes, is_rendered, read_recipes  # noqa: E402
from shelf_scene import ShelfBuilder  # noqa: E402

FRAME, SAMPLES = (800, 600), 8
"""Size of a picture in px and samples per pixel, where the recipe has no ``size``, ``samples``."""
TRANSPARENT_BOUNCES = 10
MIRROR_STEP = 2
"""Pixels between two mirrored rays in a picture of ``FRAME``."""


def build_scene(recipe: dict, work: Path, scale: float) -> ShelfBuilder:
    """The shelf of a recipe, ready to render; ``scale`` makes drafts smaller."""
    size = (round(side * scale) for side in recipe.get("size", FRAME))
    scene = kit.reset_scene(*size)
    scene.cycles.transparent_max_bounces = TRANSPARENT_BOUNCES
    builder = ShelfBuilder(recipe, work)
    builder.build()
    return builder


def write_passes(builder: ShelfBuilder, folder: Path):
    """Ids, depth, mirror images and full extents of the open scene, and what the ids mean."""
    item = builder.recipe["item"]
    (folder / f"{item}.png").unlink(missing_ok=True)
    np.savez_compressed(folder / f"{item}.npz", **exact_passes(builder, folder))
    described = [
        {
            "id": number,
            "kind": entry.kind,
            "label": entry.label,
            "row": entry.row,
            "depth_row": entry.depth_row,
            "readable": entry.readable,
            "edge_cases": entry.edge_cases,
            "decoy": entry.decoy,
        }
        for number, entry in enumerate(builder.entries, 1)
    ]
    (folder / f"{item}.json").write_text(
        json.dumps({"recipe": builder.recipe, "entries": described}, indent=1), encoding="utf-8"
    )


def write_picture(builder: ShelfBuilder, folder: Path, samples: int):
    """The open scene in linear light and developed."""
    recipe = builder.recipe
    rgb, mist = passes.render_beauty(folder / f"{recipe['item']}.exr", samples)
    target = folder / f"{recipe['item']}.png"
    develop.develop(rgb, np.zeros_like(mist), "day", "dry", recipe["seed"], target)


def render(recipe: dict, work: Path, folder: Path, options: argparse.Namespace) -> str:
    """Do the missing steps of one picture; returns a line with the seconds spent."""
    started, cpu = time.time(), sum(os.times()[:2])
    builder = build_scene(recipe, work, options.scale)
    built = time.time()
    if not has_passes(recipe, folder):
        write_passes(builder, folder)
    measured = time.time()
    if not options.passes_only:
        write_picture(builder, folder, options.samples or recipe.get("samples", SAMPLES))
    return (
        f"{recipe['item']}: build {built - started:.1f} s, passes {measured - built:.1f} s, "
        f"picture {time.time() - measured:.1f} s, {sum(os.times()[:2]) - cpu:.1f} CPU-s"
    )


def exact_passes(builder: ShelfBuilder, folder: Path) -> dict[str, np.ndarray]:
    """Ids and depth without glass and blur but with the gaps, mirrored ids, and full extents."""
    lens = bpy.context.scene.camera.data.dof
    _show_for_ids(builder, True)
    lens.use_dof = False
    layers = folder / f"{builder.recipe['item']}.ids.exr"
    ids, depth = passes.render_ids(layers)
    layers.unlink()
    lens.use_dof = True
    _show_for_ids(builder, False)
    sensor = passes.Sensor()
    arrays = {"ids": ids, "depth": depth.astype(np.float16)}
    for number, entry in enumerate(builder.entries, 1):
        extent = shelf_passes.full_extent(entry.thing, sensor) if entry.label else None
        if extent:
            x0, y0, mask, art = extent
            arrays[f"full_{number}"] = np.packbits(mask)
            arrays[f"art_{number}"] = np.packbits(art)
            arrays[f"window_{number}"] = np.array([x0, y0, mask.shape[1], mask.shape[0]])
    step = max(1, round(MIRROR_STEP * sensor.width / FRAME[0]))
    arrays["mirrored"] = shelf_passes.mirrored_ids(
        builder.panes, builder.ghosts, depth, step, sensor
    )
    return arrays


def _show_for_ids(builder: ShelfBuilder, exact: bool):
    for pane in builder.glass:
        pane.hide_render = exact
    for ghost in builder.ghosts:
        ghost.hide_render = not exact


def render_references(folder: Path):
    """One picture of every article on transparent ground, with a soft shop light."""
    target = folder / "skus"
    target.mkdir(parents=True, exist_ok=True)
    for sku in assortment().values():
        path = target / f"{sku.id}.png"
        if path.exists():
            continue
        scene = kit.reset_scene(360, 480)
        shop = ProductShop(folder / "textures")
        kit.place(shop.mesh(sku.id), sku.id, heading=math.radians(8))
        world = scene.world
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs[0].default_value = (0.45, 0.45, 0.45, 1)
        for side, power in ((-0.7, 16), (0.8, 9)):
            light = bpy.data.lights.new("soft", "AREA")
            light.energy, light.size = power, 0.8
            holder = kit.link(bpy.data.objects.new("soft", light))
            holder.location = (side, -0.9, 0.9)
            holder.rotation_euler = (math.radians(48), 0, math.radians(38 * side))
        data = bpy.data.cameras.new("camera")
        data.angle = math.radians(24)
        camera = kit.link(bpy.data.objects.new("camera", data))
        reach = max(sku.size[2], sku.size[0] * 4 / 3)
        camera.location = (0, -reach * 3.2 - 0.06, sku.size[2] * 0.5 + reach * 0.53)
        camera.rotation_euler = (math.radians(90 - 9.2), 0, 0)
        scene.camera = camera
        scene.cycles.samples = 16
        scene.render.film_transparent = True
        scene.view_settings.exposure = -0.55
        scene.view_settings.look = "AgX - High Contrast"
        scene.render.image_settings.file_format = "PNG"
        scene.render.image_settings.color_mode = "RGBA"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name", help="recipe file in recipes/")
    parser.add_argument("--out", required=True, type=Path, help="work folder for raw passes")
    parser.add_argument("--only", action="append", help="render just this item; may be repeated")
    parser.add_argument("--most", type=int, help="stop after this many pictures")
    parser.add_argument("--samples", type=int, help="samples per pixel, whatever the recipe says")
    parser.add_argument("--scale", type=float, default=1, help="size of a draft, such as 0.5")
    parser.add_argument("--passes-only", action="store_true", help="ids and extents, no picture")
    options = parser.parse_args()
    work, folder = options.out / "shelf", options.out / options.name
    folder.mkdir(parents=True, exist_ok=True)
    render_references(work)
    finished = has_passes if options.passes_only else is_rendered
    missing = [
        recipe
        for recipe in read_recipes(options.name)
        if (not options.only or recipe["item"] in options.only) and not finished(recipe, folder)
    ]
    for recipe in missing[: options.most]:
        print(render(recipe, work, folder, options), flush=True)


if __name__ == "__main__":
    main()
