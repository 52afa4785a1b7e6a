"""Starting the renderer, which lives in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Container

from paths import RAW, SCENES

sys.path.insert(0, str(SCENES))

from layouts import LAYOUTS
from recipe_book import is_rendered, read_recipes

__all__ = ["LAYOUTS", "read_recipes", "render", "render_missing"]

NO_RENDERER = (
    "pictures are missing and $SCENES_PYTHON is not set: make a Python 3.11 environment with "
    "`pip install -r tools/scenes/requirements.txt` and set SCENES_PYTHON to its python"
)


def render(name: str, *options: str) -> None:
    """Run ``tools/scenes/render.py`` for a set. Raises SystemExit where there is no renderer."""
    interpreter = os.environ.get("SCENES_PYTHON")
    if not interpreter:
        raise SystemExit(NO_RENDERER)
    command = [interpreter, str(SCENES / "render.py"), "--set", name, "--out", str(RAW), *options]
    subprocess.run(command, check=True)


def render_missing(name: str, items: Container[str] | None = None) -> None:
    """Render what is missing in ``build/scenes/NAME`` or was rendered from another recipe.

    Only ``items`` where they are given. Raises SystemExit where that needs the renderer and there
    is none.
    """
    missing = [
        recipe["item"]
        for recipe in read_recipes(name)
        if (items is None or recipe["item"] in items) and not is_rendered(recipe, RAW / name)
    ]
    if missing:
        render(name, *(word for item in missing for word in ("--only", item)))
