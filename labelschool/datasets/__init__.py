"""The data sets of the course: what they hold, their truth, and whether they are whole."""

from __future__ import annotations

from labelschool.datasets.registry import (
    CHECKSUMS,
    TRUTH_SCHEMA,
    DataError,
    file,
    has_truth,
    items,
    names,
    truth,
    truth_sha256,
    verify,
)

__all__ = [
    "CHECKSUMS",
    "TRUTH_SCHEMA",
    "DataError",
    "file",
    "has_truth",
    "items",
    "names",
    "truth",
    "truth_sha256",
    "verify",
]
