"""Starting the renderer, which lives in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from paths import RAW, SCENES

sys.path.insert(0, str(SCENES))

from recipe_book import is_rendered, read_recipes

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


def render_missing(name: str) -> None:
    """Render what is missing in ``build/scenes/NAME`` or was rendered from another recipe."""
    if not all(is_rendered(recipe, RAW / name) for recipe in read_recipes(name)):
        render(name)
