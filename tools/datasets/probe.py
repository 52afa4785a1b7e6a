"""Compose the pictures of a set from its short rows: ``python probe.py --set street_lite``.

Each row is composed, its ids and full extents are rendered (a few seconds) and compared with what
the row wants; a row that does not show it is composed again from the next sub-seed. Recipes that
pass go to ``tools/scenes/recipes/NAME.jsonl`` and keep their passes for the picture itself. Rows
with a recipe are left alone: delete a line of that file to have it composed anew.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from paths import RAW, SCENES
from renders import render
from street_truth import RecipeError, derive_item

sys.path.append(str(SCENES))

from compose import compose
from draft import NoRoom
from recipe_book import composed_file, read_lines, read_rows, write_lines

from labelschool.datasets.measure import OCCLUSION_RANGES

MOST_MUST, MOST_IGNORED = 14, 4
MUST_MARGIN = 3
"""How far a picture may be from the number of objects its row asks for."""
SHOWN_AS = {"window": "reflection", "puddle": "reflection"} | dict.fromkeys(
    OCCLUSION_RANGES, "occluded"
)
"""Situation -> edge case that shows it, where the names differ."""
AT_ONCE, MOST_TAKES, SUB_SEEDS = 16, 30, 5


def complaints(row: dict, item: dict) -> list[str]:
    """What a derived picture lacks of what its row wants."""
    if "empty" in row.get("wants", []):
        return ["not empty"] * bool(item["objects"] or item["decoys"])
    must = [found for found in item["objects"] if found["level"] == "must"]
    shown = Counter(name for found in must for name in found["edge_cases"])
    shown.update({decoy["kind"] for decoy in item["decoys"]})
    wanted = Counter(SHOWN_AS.get(name, name) for name in row.get("wants", []))
    found = [f"no {name}" for name, count in wanted.items() if shown[name] < count]
    if len(must) > MOST_MUST or abs(len(must) - row["must"]) > MUST_MARGIN:
        found.append(f"{len(must)} objects")
    if len(item["objects"]) - len(must) > MOST_IGNORED:
        found.append("too many to ignore")
    return found


def check(row: dict, folder) -> list[str]:
    try:
        return complaints(row, derive_item(folder / row["item"])[0])
    except RecipeError as problem:
        return [str(problem)]


def next_recipe(row: dict, take: int):
    """(recipe, take) of the first of some sub-seeds from ``take`` on that finds room.

    Raises NoRoom where none does: the row asks for what its street cannot hold.
    """
    for later in range(take, take + SUB_SEEDS):
        try:
            return compose(row, later), later
        except NoRoom as problem:
            reason = problem
    raise reason


def probe(name: str, rows: list[dict], kept: Path) -> list[str]:
    """Compose all rows that have no recipe in the file ``kept``; returns the items for which no
    sub-seed was found. Passes go to ``build/scenes/NAME``.
    """
    folder = RAW / name
    folder.mkdir(parents=True, exist_ok=True)
    passed, candidates, hopeless = read_lines(kept), folder / "candidates.jsonl", []
    done = {recipe["item"] for recipe in passed}
    waiting = [(row, 0) for row in rows if row["item"] not in done]
    while waiting:
        tried, waiting, recipes = waiting[:AT_ONCE], waiting[AT_ONCE:], {}
        for row, take in tried:
            try:
                recipes[row["item"]] = next_recipe(row, take)
            except NoRoom as problem:
                print(problem, flush=True)
                hopeless.append(row["item"])
        write_lines(candidates, [recipe for recipe, _ in recipes.values()])
        render(name, "--recipes", str(candidates), "--passes-only")
        for row in (row for row, _ in tried if row["item"] in recipes):
            recipe, take = recipes[row["item"]]
            reasons = check(row, folder)
            if not reasons:
                passed.append(recipe)
                continue
            print(f"{row['item']} take {take}: {'; '.join(reasons)}", flush=True)
            if take + 1 < MOST_TAKES:
                waiting.append((row, take + 1))
            else:
                hopeless.append(row["item"])
        write_lines(kept, passed)
    candidates.unlink(missing_ok=True)
    return hopeless


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name", help="a set with short rows")
    chosen = parser.parse_args().name
    failed = probe(chosen, read_rows(chosen), composed_file(chosen))
    print(f"no recipe found: {', '.join(failed)}" if failed else "all rows have a recipe")
