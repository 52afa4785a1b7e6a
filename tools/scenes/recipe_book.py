"""The recipes of a set: written by hand in ``NAME*.toml``, or composed from the short rows there
and kept in ``NAME.jsonl`` once their ids were seen to show what the rows want.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

RECIPES = Path(__file__).resolve().parent / "recipes"


def read_rows(name: str) -> list[dict]:
    """The short rows of ``NAME.toml`` and ``NAME_*.toml``, each with the defaults of its file."""
    return [
        table.get("defaults", {}) | row for table in _tables(name) for row in table.get("row", [])
    ]


def read_recipes(name: str) -> list[dict]:
    """All recipes of a set in the order of its items."""
    written = [recipe for table in _tables(name) for recipe in table.get("picture", [])]
    return sorted(written + read_lines(composed_file(name)), key=lambda recipe: recipe["item"])


def composed_file(name: str) -> Path:
    return RECIPES / f"{name}.jsonl"


def read_lines(path: Path) -> list[dict]:
    """Recipes of a file with one in each line; none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_lines(path: Path, recipes: Iterable[dict]) -> None:
    ordered = sorted(recipes, key=lambda recipe: recipe["item"])
    text = "".join(json.dumps(recipe, separators=(",", ":")) + "\n" for recipe in ordered)
    path.write_text(text, encoding="utf-8", newline="\n")


def is_rendered(recipe: dict, folder: Path) -> bool:
    """True if the picture in ``folder`` exists and was rendered from this very recipe."""
    return (folder / f"{recipe['item']}.png").exists() and has_passes(recipe, folder)


def has_passes(recipe: dict, folder: Path) -> bool:
    """True if ids and full extents of this very recipe are in ``folder``."""
    note = folder / f"{recipe['item']}.json"
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe


def _tables(name: str):
    for path in sorted([*RECIPES.glob(f"{name}.toml"), *RECIPES.glob(f"{name}_*.toml")]):
        yield tomllib.loads(path.read_text(encoding="utf-8"))
