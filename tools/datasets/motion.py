"""Raw clips and sweeps: where they lie, and how the renderer is started for what is missing."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path

from paths import REPOSITORY, SCENES

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
    if all(_is_rendered(raw(name, recipe, ".json"), recipe) for recipe in recipes):
        return
    interpreter = os.environ.get("SCENES_PYTHON")
    if not interpreter:
        raise SystemExit(
            "raw files are missing and $SCENES_PYTHON is not set: make a Python 3.11 environment "
            "with `pip install -r tools/scenes/requirements.txt` and set it to its python"
        )
    command = [interpreter, str(SCENES / script), "--set", name, "--out", str(MOTION)]
    subprocess.run(command, check=True)


def _is_rendered(note: Path, recipe: dict) -> bool:
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe
