"""Geometry that the model, the scores and the tools share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from labelschool.model.record import Rle

if TYPE_CHECKING:
    import numpy as np


def iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two boxes ``(x, y, width, height)``, 0 to 1 (Jaccard index)."""
    shared_width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    shared_height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if shared_width <= 0 or shared_height <= 0:
        return 0.0
    shared = shared_width * shared_height
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def encode_mask(mask: np.ndarray) -> Rle:
    """A boolean mask of shape (height, width) as run lengths."""
    import numpy as np
    from pycocotools import mask as coco

    encoded = coco.encode(np.asfortranarray(mask, dtype=np.uint8))
    return Rle(size=tuple(encoded["size"]), counts=encoded["counts"].decode("ascii"))


def decode_mask(rle: Rle) -> np.ndarray:
    """The boolean mask of shape (height, width) of run lengths."""
    from pycocotools import mask as coco

    return coco.decode({"size": list(rle.size), "counts": rle.counts.encode("ascii")}).astype(bool)
