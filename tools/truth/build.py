"""Make one data set: ``python tools/truth/build.py --set starter10``.

Renders the pictures that are missing (a subprocess with the Python of ``$SCENES_PYTHON``), then
derives pictures, id maps, truth, datasheet and checksums into ``datasets/NAME``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib

import tags
from datasheet import box_datasheet, write_checksums
from derive import RecipeError, derive_item
from paths import DATASETS, RAW, RECIPES, RENDERER
from photo import write_photo
from PIL import Image

NO_RENDERER = (
    "pictures are missing and $SCENES_PYTHON is not set: make a Python 3.11 environment with "
    "`pip install -r tools/scenes/requirements.txt` and set SCENES_PYTHON to its python"
)


def render_missing(name: str, recipes: list[dict]):
    """Start the renderer if a picture of the set is missing or its recipe has changed."""
    notes = [RAW / name / f"{recipe['item']}.json" for recipe in recipes]
    if all(
        note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe
        for note, recipe in zip(notes, recipes, strict=True)
    ):
        return
    interpreter = os.environ.get("SCENES_PYTHON")
    if not interpreter:
        raise SystemExit(NO_RENDERER)
    subprocess.run([interpreter, str(RENDERER), "--set", name, "--out", str(RAW)], check=True)


def read_recipes(name: str) -> dict:
    return tomllib.loads((RECIPES / f"{name}.toml").read_text(encoding="utf-8"))


def write_truth(folder, name, guideline, pool, items):
    """One pool as JSON in the form of the data contract."""
    truth = {
        "schema": "labelschool/truth/1",
        "dataset": name,
        "pool": pool,
        "guideline": guideline,
        "items": items,
    }
    (folder / "truth").mkdir(exist_ok=True)
    (folder / "truth" / f"{pool}.json").write_text(
        json.dumps(truth, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def write_items(folder):
    """``items.json``: what a learner's copy knows of each pool even where its truth is withheld."""
    pools = {}
    for path in sorted((folder / "truth").glob("*.json")):
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        pools[path.stem] = [
            {key: item[key] for key in ("item", "image", "width", "height")} for item in items
        ]
    (folder / "items.json").write_text(
        json.dumps(pools, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def fresh_folder(name):
    """Empty ``datasets/NAME`` with its picture folders."""
    folder = DATASETS / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "images").mkdir(parents=True)
    return folder


def build_boxes(name: str, strict: bool):
    """A set of pictures with boxes."""
    table = read_recipes(name)
    render_missing(name, table["picture"])
    derived, problems = [], []
    for recipe in table["picture"]:
        try:
            derived.append((recipe, *derive_item(RAW / name / recipe["item"], strict)))
        except RecipeError as problem:
            problems.append(str(problem))
    if problems:
        raise SystemExit("\n".join(problems))
    folder, pools = fresh_folder(name), {}
    (folder / "ids").mkdir()
    for recipe, item, id_map in derived:
        Image.fromarray(id_map).save(folder / item["ids"], optimize=True)
        write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], item["light"])
        pools.setdefault(recipe["pool"], []).append(item)
    for pool, items in pools.items():
        write_truth(folder, name, table["guideline"], pool, items)
    (folder / "datasheet.md").write_text(
        box_datasheet(name, table["what"], table["guideline"], pools), encoding="utf-8"
    )
    write_items(folder)
    write_checksums(folder)


def build_tags(name: str):
    """A set of crops; renders the sets it is cut from if needed."""
    table = tags.read_table(name)
    for source in table["sources"]:
        render_missing(source, read_recipes(source)["picture"])
    folder = fresh_folder(name)
    items = tags.cut_crops(table, folder)
    write_truth(folder, name, table["guideline"], table["pool"], items)
    (folder / "datasheet.md").write_text(tags.datasheet(name, table, items), encoding="utf-8")
    write_items(folder)
    write_checksums(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name")
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="do not check that placed edge cases show (for drafts)",
    )
    options = parser.parse_args()
    if tags.is_tag_set(options.name):
        build_tags(options.name)
    elif (RECIPES / f"{options.name}.toml").exists():
        build_boxes(options.name, not options.lenient)
    else:
        known = ", ".join(sorted(path.stem for path in RECIPES.glob("*.toml")))
        raise SystemExit(f"no recipe for {options.name}; there are {known}")


if __name__ == "__main__":
    sys.exit(main())
