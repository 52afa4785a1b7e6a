"""Where things lie in the repository."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SCENES = REPOSITORY / "tools" / "scenes"
RAW = REPOSITORY / "build" / "scenes"
DATASETS = REPOSITORY / "datasets"
