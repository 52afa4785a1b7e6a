# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the raw passes of parts16, proposals40 and figures12:
``python render_shapes.py --set parts16 --out FOLDER``.

Writes per picture ``ITEM.npz`` (ids, depth), ``ITEM.json`` (the recipe, what the ids mean, and the
joints of people in pixels), ``ITEM.exr`` and ``ITEM.png``. Finished pictures are skipped; one whose
recipe has changed is rendered anew.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import bpy  # noqa: E402
import develop  # noqa: E402
import numpy as np  # noqa: E402
import passes  # noqa: E402
from recipe_book import has_passes, is_rendered, read_recipes  # noqa: E402

SCENES = {"parts16": "part_scene", "proposals40": "part_scene", "figures12": "figure_scene"}
"""Set -> the module whose ``build(recipe)`` makes its scenes."""
SAMPLES = 8
"""Samples per pixel."""


def render(name: str, recipe: dict, folder: Path, options: argparse.Namespace) -> str:
    """Do the missing steps of one picture; returns a line with the seconds spent."""
    started, cpu = time.time(), sum(os.times()[:2])
    entries = importlib.import_module(SCENES[name]).build(recipe)
    scene = bpy.context.scene
    scene.render.resolution_percentage = round(100 * options.scale)
    target = folder / recipe["item"]
    if not has_passes(recipe, folder):
        target.with_suffix(".png").unlink(missing_ok=True)
        ids, depth = passes.render_ids(folder / "ids.exr")
        np.savez_compressed(target.with_suffix(".npz"), ids=ids.astype(np.uint8), depth=depth)
        note = {"recipe": recipe, "entries": entries}
        target.with_suffix(".json").write_text(json.dumps(note, indent=1), encoding="utf-8")
    if not options.passes_only:
        rgb, mist = passes.render_beauty(target.with_suffix(".exr"), options.samples)
        develop.develop(
            rgb, np.zeros_like(mist), "day", "dry", recipe["seed"], target.with_suffix(".png")
        )
    spent, busy = time.time() - started, sum(os.times()[:2]) - cpu
    return f"{recipe['item']}: {spent:.1f} s, {busy:.1f} CPU-s"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name", choices=SCENES)
    parser.add_argument("--out", required=True, type=Path, help="work folder for raw passes")
    parser.add_argument("--only", action="append", help="render just this item; may be repeated")
    parser.add_argument("--most", type=int, help="stop after this many pictures")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples per pixel")
    parser.add_argument("--scale", type=float, default=1, help="size of a draft, such as 0.5")
    parser.add_argument("--passes-only", action="store_true", help="ids only, no picture")
    options = parser.parse_args()
    folder = options.out / options.name
    folder.mkdir(parents=True, exist_ok=True)
    finished = has_passes if options.passes_only else is_rendered
    missing = [
        recipe
        for recipe in read_recipes(options.name)
        if (not options.only or recipe["item"] in options.only) and not finished(recipe, folder)
    ]
    for recipe in missing[: options.most]:
        print(render(options.name, recipe, folder, options), flush=True)


if __name__ == "__main__":
    main()
