"""Where things lie in the repository."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
RENDERER = REPOSITORY / "tools" / "scenes" / "render.py"
RECIPES = REPOSITORY / "tools" / "scenes" / "recipes"
RAW = REPOSITORY / "build" / "scenes"
DATASETS = REPOSITORY / "datasets"
