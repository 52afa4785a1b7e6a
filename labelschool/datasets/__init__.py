"""The data sets of the course: what they hold, their truth, and whether they are whole."""

from __future__ import annotations

from labelschool.datasets.places import CHECKSUMS, DataError, names, verify
from labelschool.datasets.registry import (
    ESTIMATE,
    KEY_SCHEMA,
    TRUTH_SCHEMA,
    file,
    has_truth,
    is_private,
    items,
    key,
    pools,
    task_items,
    task_truth,
    truth,
    truth_sha256,
)

__all__ = [
    "CHECKSUMS",
    "ESTIMATE",
    "KEY_SCHEMA",
    "TRUTH_SCHEMA",
    "DataError",
    "file",
    "has_truth",
    "is_private",
    "items",
    "key",
    "names",
    "pools",
    "task_items",
    "task_truth",
    "truth",
    "truth_sha256",
    "verify",
]
