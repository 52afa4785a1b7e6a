"""The data sets of the course: what they hold, their truth, and whether they are whole."""

from __future__ import annotations

from labelschool.datasets.places import CHECKSUMS, DataError, names, verify
from labelschool.datasets.registry import (
    TRUTH_SCHEMA,
    file,
    has_truth,
    items,
    pools,
    task_items,
    task_truth,
    truth,
    truth_sha256,
)

__all__ = [
    "CHECKSUMS",
    "TRUTH_SCHEMA",
    "DataError",
    "file",
    "has_truth",
    "items",
    "names",
    "pools",
    "task_items",
    "task_truth",
    "truth",
    "truth_sha256",
    "verify",
]
