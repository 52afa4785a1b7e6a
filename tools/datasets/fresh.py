"""Street scenes that nobody has seen, for a cohort; `labelschool data draw --new-scenes` starts it.

The rows of a shipped pool are composed again from other seeds, rendered, and their truth derived.
Of the exam pool new masters are rendered, and a form is cut out of them.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from paths import RAW
from photo import write_photo
from PIL import Image
from probe import probe
from recipe_book import read_lines, read_recipes, read_rows
from renders import render
from situations import PLACERS
from street_truth import derive_item
from streets import GUIDELINE, item_entry

from labelschool import datasets
from labelschool.datasets.fresh import IDS, Master, clear, fresh_pool, save
from labelschool.datasets.writer import write_checksums, write_pool
from labelschool.errors import LabelSchoolError
from labelschool.model import TruthItem

SITUATIONS = {
    "bicycle": "parked_bicycle",
    "shop_glass": "window",
    "street_mirror": "mirror",
    "mount": "mounting",
}
"""Things of a recipe -> the situations of short rows that bring them, where the names differ."""
CAMERAS = ("window", "mirror")
"""Situations that only a camera of their own sees."""


def fresh_rows(name: str, pool: str, seed: str) -> list[dict]:
    """The short rows of a pool with other seeds, scenes and item names.

    A recipe that was written out becomes a row that wants the situations and about as many objects
    as it shows.
    """
    short = {row["item"]: row for row in read_rows(name)}
    must = {
        item.item: sum(obj.level == "must" for obj in item.objects)
        for item in datasets.truth(name, pool, own=False)
    }
    rows = []
    for recipe in read_recipes(name):
        if recipe["pool"] != pool:
            continue
        row = short.get(recipe["item"]) or _row(recipe, must[recipe["item"]])
        digest = hashlib.sha256(f"{seed}/{recipe['item']}".encode()).hexdigest()
        changed = {"item": f"{name}-{digest[:8]}", "scene": f"{name}-{digest[8:16]}"}
        kept = {key: value for key, value in row.items() if key not in ("place", "edge")}
        rows.append(kept | changed | {"seed": int(digest[:12], 16)})
    return rows


def _row(recipe: Mapping, must: int) -> dict:
    things = recipe.get("objects", [])
    wants = [case for thing in things for case in thing.get("edge", ()) if case in PLACERS]
    others = {SITUATIONS.get(thing["kind"], thing["kind"]) for thing in things}
    others |= {"open_door" for thing in things if thing.get("door_open")}
    wants += sorted(others & PLACERS.keys() - set(wants))
    copied = ("pool", "batch", "layout", "light", "weather")
    return {key: recipe[key] for key in copied if key in recipe} | {
        "camera": next((kind for kind in CAMERAS if kind in wants), "dash"),
        "wants": wants if must else ["empty"],
        "must": must,
    }


def make(name: str, pool: str, seed: str, folder: Path) -> None:
    """Write pictures, id maps, items and truth of a fresh pool into ``folder``.

    What was rendered stays in ``build/scenes``, so that a stopped run goes on where it stopped.
    Raises SystemExit where a row finds no place in any street, LabelSchoolError where new masters
    do not show what the exam needs.
    """
    digest = hashlib.sha256(seed.encode()).hexdigest()
    work = f"{name}-{pool}-{digest[:12]}"
    recipes = RAW / work / "recipes.jsonl"
    if failed := probe(work, fresh_rows(name, pool, seed), recipes):
        raise SystemExit(f"No street was found for {len(failed)} pictures: try another seed.")
    render(work, "--recipes", str(recipes))
    clear(folder, pool)
    target = RAW / work if pool == "exam" else folder
    entries, truth = [], []
    for place in ("images", IDS):
        (target / place).mkdir(parents=True, exist_ok=True)
    for recipe in read_lines(recipes):
        item, ids = derive_item(RAW / work / recipe["item"])
        item["ids"] = f"{IDS}/{item['item']}.png"
        Image.fromarray(ids).save(target / item["ids"], optimize=True)
        write_photo(RAW / work / f"{item['item']}.png", target / item["image"], item["light"])
        entries.append(item_entry(item, recipe.get("batch")))
        truth.append(TruthItem.model_validate(item))
    if pool == "exam":
        masters = [Master(item, target / item.image, target / item.ids) for item in truth]
        made = fresh_pool(name, pool, int(digest[:16], 16), masters)
        save(folder, made)
        entries, truth = [each.entry for each in made], [each.truth for each in made]
    write_pool(folder, pool, "boxes", GUIDELINE, entries, truth)
    write_checksums(folder)


def main() -> int | str | None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("set", "pool", "seed", "out"):
        parser.add_argument(f"--{option}", required=True)
    options = parser.parse_args()
    try:
        make(options.set, options.pool, options.seed, Path(options.out))
    except LabelSchoolError as problem:
        return str(problem)
    return None


if __name__ == "__main__":
    sys.exit(main())
