"""Street scenes that nobody has seen, for a cohort; `labelschool data draw --new-scenes` starts it.

The rows of a shipped pool are composed again from other seeds, rendered, and their truth derived.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
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

from labelschool.datasets.writer import write_checksums, write_pool


def fresh_rows(name: str, pool: str, seed: str) -> list[dict]:
    """The short rows of a pool with other seeds, scenes and item names.

    A recipe that was written out becomes a row that wants the edge cases it was written for.
    """
    short = {row["item"]: row for row in read_rows(name)}
    rows = []
    for recipe in read_recipes(name):
        if recipe["pool"] != pool:
            continue
        row = short.get(recipe["item"]) or _row(recipe)
        digest = hashlib.sha256(f"{seed}/{recipe['item']}".encode()).hexdigest()
        changed = {"item": f"{name}-{digest[:8]}", "scene": f"{name}-{digest[8:16]}"}
        kept = {key: value for key, value in row.items() if key not in ("place", "edge")}
        rows.append(kept | changed | {"seed": int(digest[:12], 16)})
    return rows


def _row(recipe: dict) -> dict:
    objects = recipe.get("objects", [])
    wants = [case for found in objects for case in found.get("edge", ()) if case in PLACERS]
    wants += [found["kind"] for found in objects if found["kind"] in PLACERS]
    kept = {
        key: recipe[key] for key in ("pool", "batch", "layout", "light", "weather") if key in recipe
    }
    return kept | {"camera": "dash", "wants": wants or ["empty"], "must": max(len(objects), 3)}


def make(name: str, pool: str, seed: str, folder: Path) -> None:
    """Write pictures, id maps, items and truth of a fresh pool into ``folder``.

    What was rendered stays in ``build/scenes``, so that a stopped run goes on where it stopped.
    Raises SystemExit where a row finds no place in any street.
    """
    work = f"{name}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
    recipes = RAW / work / "recipes.jsonl"
    if failed := probe(work, fresh_rows(name, pool, seed), recipes):
        raise SystemExit(f"No street was found for {len(failed)} pictures: try another seed.")
    render(work, "--recipes", str(recipes))
    entries, truth = [], []
    for place in ("images", "ids", "truth"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for recipe in read_lines(recipes):
        item, ids = derive_item(RAW / work / recipe["item"])
        Image.fromarray(ids).save(folder / item["ids"], optimize=True)
        write_photo(RAW / work / f"{item['item']}.png", folder / item["image"], item["light"])
        entries.append(item_entry(item))
        truth.append({key: value for key, value in item.items() if key != "batch"})
    write_pool(folder, pool, "boxes", GUIDELINE, entries, truth)
    write_checksums(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--set", "--pool", "--seed", "--out"):
        parser.add_argument(option, required=True, dest=option.strip("-") + "_")
    options = parser.parse_args()
    sys.exit(make(options.set_, options.pool_, options.seed_, Path(options.out_)))
