"""The hidden twin of the label store: another project of the same kind, by the seed of its key."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from labelschool import datasets
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import NO_TRUTH
from labelschool.generators import label_store

DATASET = "labels_db"


def seed() -> int:
    """The seed of the twin, an instructor's own where there is one.

    Raises `LabelSchoolError` where the key is not in this copy of the course.
    """
    if not datasets.has_truth(DATASET, "counted"):
        raise LabelSchoolError(NO_TRUTH)
    return datasets.key(DATASET, "counted")["seed"]


def path() -> Path:
    """The twin as a database. It is written once, and goes when the process ends."""
    return _written(seed())


def key() -> dict[str, Any]:
    """What is to be found in the twin, see `label_store.key`."""
    return label_store.key(seed())


@cache
def _written(number: int) -> Path:
    made = Path(_folder().name) / f"labels-{number}.db"
    label_store.write(made, number)
    return made


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Kept by the cache, and removed by its finalizer at the end."""
    return tempfile.TemporaryDirectory(prefix="labelschool-", ignore_cleanup_errors=True)
