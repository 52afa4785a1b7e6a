"""Visible masks: cleaned of crumbs, measured, and what they show."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from labelschool.datasets.measure import bounding_box
from labelschool.model import encode_mask

LEAST_PIECE, LEAST_SHARE = 12, 0.005
"""Pixels and share of the object: smaller pieces are dropped from a mask, smaller holes filled."""
LEAST_PART, LEAST_HOLE = 0.02, 40
"""What makes an edge case: a further part of this share of the object, a hole of so many px."""
THIN_WIDTH, THIN_LENGTH = 13, 60
"""A thin part is narrower than this many px and at least so long."""
EIGHT = np.ones((3, 3))
"""Pixels that touch at a corner belong to one piece; two parts of the background then do not."""


def pieces(mask: np.ndarray) -> list[int]:
    """Pixels of each piece of a mask, in no order; corners connect."""
    labels, count = ndimage.label(mask, structure=EIGHT)
    return [int(size) for size in ndimage.sum_labels(mask, labels, range(1, count + 1))]


def holes(mask: np.ndarray) -> list[int]:
    """Pixels of each hole of a mask, in no order; corners do not connect."""
    labels, count = ndimage.label(ndimage.binary_fill_holes(mask) & ~mask)
    return [int(size) for size in ndimage.sum_labels(labels > 0, labels, range(1, count + 1))]


def cleaned(mask: np.ndarray) -> np.ndarray:
    """The mask without its crumbs: pieces and holes below `LEAST_PIECE` or `LEAST_SHARE`."""
    least = max(LEAST_PIECE, LEAST_SHARE * mask.sum())
    kept = _large(mask, least, EIGHT)
    gaps = ndimage.binary_fill_holes(kept) & ~kept
    return kept | (gaps & ~_large(gaps, least, None))


def _large(mask, least, structure):
    labels, count = ndimage.label(mask, structure=structure)
    sizes = ndimage.sum_labels(mask, labels, range(1, count + 1))
    return np.isin(labels, [number for number, size in enumerate(sizes, 1) if size >= least])


def thin_length(mask: np.ndarray) -> int:
    """Length in px (longer side of its bounds) of the longest part narrower than `THIN_WIDTH`."""
    reach = THIN_WIDTH // 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disk = x**2 + y**2 <= (THIN_WIDTH / 2) ** 2
    padded = np.pad(mask, THIN_WIDTH)
    thin = padded & ~ndimage.binary_opening(padded, disk)
    labels, _ = ndimage.label(thin, structure=EIGHT)
    sides = [
        max(rows.stop - rows.start, columns.stop - columns.start)
        for rows, columns in ndimage.find_objects(labels)
    ]
    return max(sides, default=0)


def edge_cases(mask: np.ndarray) -> list[str]:
    """Which of hole, split and thin a mask shows."""
    sizes = sorted(pieces(mask), reverse=True)
    found = {
        "hole": max(holes(mask), default=0) >= LEAST_HOLE,
        "split": len(sizes) > 1 and sizes[1] >= LEAST_PART * mask.sum(),
        "thin": thin_length(mask) >= THIN_LENGTH,
    }
    return [name for name, shown in found.items() if shown]


def measured(number: int, label: str, mask: np.ndarray) -> dict:
    """A `TruthMask` of a cleaned mask, as a mapping."""
    return {
        "id": number,
        "label": label,
        "bbox": bounding_box(mask),
        "area": int(mask.sum()),
        "rle": encode_mask(mask),
        "parts": len(pieces(mask)),
        "holes": len(holes(mask)),
        "edge_cases": edge_cases(mask),
    }
