# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the raw passes of a set: ``python render.py --set starter10 --out WORK_FOLDER``.

Two steps per picture. The cheap one writes ``ITEM.npz`` (ids, depth, reflected ids, full-extent
masks) and, last, ``ITEM.json`` (the recipe and what the ids mean); ``--passes-only`` stops there,
to see whether a recipe shows what it should. The other writes ``ITEM.exr`` (linear light, for
``--develop-only``) and, last, ``ITEM.png`` (developed). Finished steps are skipped; a picture whose
recipe has changed is rendered anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import develop  # noqa: E402
import kit  # noqa: E402
import library  # noqa: E402
import numpy as np  # noqa: E402
import passes  # noqa: E402
from recipe_book import has_passes, is_rendered, read_lines, read_recipes  # noqa: E402
from scene import SceneBuilder  # noqa: E402

FRAME, SAMPLES = (640, 480), 8
"""Size of a picture in px and samples per pixel, where the recipe has no ``size``, ``samples``."""


def build_scene(recipe: dict, library_path: Path) -> SceneBuilder:
    """The scene of a recipe, ready to render."""
    kit.reset_scene(*recipe.get("size", FRAME))
    builder = SceneBuilder(recipe, library.load(library_path))
    builder.build()
    return builder


def write_passes(builder: SceneBuilder, folder: Path):
    """Ids, depth, reflections and full extents of the open scene, and what the ids mean."""
    item = builder.recipe["item"]
    (folder / f"{item}.png").unlink(missing_ok=True)
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
        json.dumps({"recipe": builder.recipe, "entries": described}, indent=1), encoding="utf-8"
    )


def write_picture(builder: SceneBuilder, folder: Path, samples: int):
    """The open scene in linear light and developed."""
    recipe = builder.recipe
    rgb, mist = passes.render_beauty(folder / f"{recipe['item']}.exr", samples)
    target = folder / f"{recipe['item']}.png"
    develop.develop(rgb, mist, builder.light, builder.weather, recipe["seed"], target)


def render(recipe: dict, folder: Path, library_path: Path, samples: int, passes_only: bool) -> str:
    """Do the missing steps of one picture; returns a line with the seconds spent."""
    started, cpu = time.time(), sum(os.times()[:2])
    builder = build_scene(recipe, library_path)
    built = time.time()
    if not has_passes(recipe, folder):
        write_passes(builder, folder)
    measured = time.time()
    if not passes_only:
        write_picture(builder, folder, recipe.get("samples", samples))
    return (
        f"{recipe['item']}: build {built - started:.1f} s, passes {measured - built:.1f} s, "
        f"picture {time.time() - measured:.1f} s, {sum(os.times()[:2]) - cpu:.1f} CPU-s"
    )


def develop_again(recipe: dict, folder: Path):
    """Repeat only the last step from the kept linear picture."""
    kit.reset_scene(*recipe.get("size", FRAME))
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set", required=True, dest="name", help="recipe file in recipes/, without .toml"
    )
    parser.add_argument("--out", required=True, type=Path, help="work folder for raw passes")
    parser.add_argument("--recipes", type=Path, help="other recipes for the set, one JSON a line")
    parser.add_argument("--only", action="append", help="render just this item; may be repeated")
    parser.add_argument("--most", type=int, help="stop after this many pictures")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples per pixel")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--passes-only", action="store_true", help="ids and full extents, no picture")
    step.add_argument(
        "--develop-only",
        action="store_true",
        help="repeat exposure and tone curve from kept linear pictures",
    )
    options = parser.parse_args()
    folder, library_path = options.out / options.name, options.out / "library.blend"
    folder.mkdir(parents=True, exist_ok=True)
    if not library_path.exists():
        print("building the mesh library, about a minute", flush=True)
        library.build(library_path)
    finished = has_passes if options.passes_only else is_rendered
    recipes = [
        recipe
        for recipe in (
            read_lines(options.recipes) if options.recipes else read_recipes(options.name)
        )
        if (not options.only or recipe["item"] in options.only)
        and (options.develop_only or not finished(recipe, folder))
    ]
    for recipe in recipes[: options.most]:
        if options.develop_only:
            develop_again(recipe, folder)
        else:
            line = render(recipe, folder, library_path, options.samples, options.passes_only)
            print(line, flush=True)


if __name__ == "__main__":
    main()
