"""Starting the renderer, which lives in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Container
from pathlib import Path

from paths import RAW, SCENES

sys.path.append(str(SCENES))

from layouts import LAYOUTS
from recipe_book import is_rendered, read_recipes

__all__ = ["LAYOUTS", "read_recipes", "render", "render_missing"]


def render(name: str, *options: str, script: str = "render.py", work: Path = RAW) -> None:
    """Run a script of ``tools/scenes`` for a set, which writes its raw files into ``work/NAME``.

    Raises SystemExit where there is no renderer.
    """
    interpreter = os.environ.get("SCENES_PYTHON")
    if not interpreter:
        raise SystemExit(
            f"Raw files of {name} are missing and $SCENES_PYTHON is not set: make a Python 3.11 "
            "environment with `pip install -r tools/scenes/requirements.txt` and set it to its "
            "python."
        )
    command = [interpreter, str(SCENES / script), "--set", name, "--out", str(work), *options]
    subprocess.run(command, check=True)


def render_missing(
    name: str, items: Container[str] | None = None, script: str = "render.py"
) -> None:
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
        only = (word for item in missing for word in ("--only", item))
        render(name, *only, script=script)
