"""Raw clips and sweeps: where they lie, and how the renderer is started for what is missing."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from paths import REPOSITORY, SCENES
from renders import render

MOTION = REPOSITORY / "build" / "motion"
"""Work folder of clips and sweeps; it has a mesh library of its own."""


class SceneError(ValueError):
    """A clip or sweep does not show what its recipe says."""


def read_recipes(name: str, table: str) -> list[dict]:
    """The rows ``[[table]]`` of ``tools/scenes/recipes/NAME.toml``."""
    text = (SCENES / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)[table]


def raw(name: str, recipe: dict, suffix: str = "") -> Path:
    """The raw file of a recipe's item, for example with ``suffix`` ``.npz``."""
    return MOTION / name / f"{recipe['item']}{suffix}"


def render_missing(script: str, name: str, recipes: list[dict]) -> None:
    """Start ``tools/scenes/SCRIPT`` unless every recipe was rendered as it stands.

    Raises SystemExit where something is missing and ``$SCENES_PYTHON`` names no renderer.
    """
    if not all(_is_rendered(raw(name, recipe, ".json"), recipe) for recipe in recipes):
        render(name, script=script, work=MOTION)


def _is_rendered(note: Path, recipe: dict) -> bool:
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe
