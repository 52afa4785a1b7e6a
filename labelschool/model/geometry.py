"""Geometry that the model, the scores and the tools share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from labelschool.formats.rle import unpack
from labelschool.model.record import Rle

if TYPE_CHECKING:
    import numpy as np

    from labelschool.model.annotations import Cuboid
    from labelschool.model.items import Calibration
    from labelschool.model.truth import TruthCuboid


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
    """The boolean mask of shape (height, width) of run lengths.

    Raises ValueError for runs that do not add up to the picture, of which pycocotools refuses the
    long ones and fills what the short ones leave with whatever its memory holds.
    """
    from pycocotools import mask as coco

    if sum(unpack(rle.counts)) != rle.size[0] * rle.size[1]:
        raise ValueError("the runs of the mask do not add up to its picture")
    return coco.decode({"size": list(rle.size), "counts": rle.counts.encode("ascii")}).astype(bool)


CUBOID_EDGES = (
    *((n, (n + 1) % 4) for n in range(4)),
    *((4 + n, 4 + (n + 1) % 4) for n in range(4)),
    *((n, n + 4) for n in range(4)),
)
"""Pairs of corners, in the order of `cuboid_corners`."""


def cuboid_corners(cuboid: Cuboid | TruthCuboid) -> list[tuple[float, float, float]]:
    """The eight corners in metres: the lower face from the front left round, then the upper."""
    (x, y, z), (length, width, height) = cuboid.center, cuboid.size
    cos, sin = math.cos(cuboid.yaw), math.sin(cuboid.yaw)
    face = [
        (x + a * cos - b * sin, y + a * sin + b * cos)
        for a, b in (
            (length / 2, width / 2),
            (length / 2, -width / 2),
            (-length / 2, -width / 2),
            (-length / 2, width / 2),
        )
    ]
    return [(px, py, z + dz) for dz in (-height / 2, height / 2) for px, py in face]


def project(
    points: Iterable[Sequence[float]], calibration: Calibration
) -> list[tuple[float, float, float]]:
    """Pixel x, pixel y and depth in metres of points in sensor coordinates (see `Calibration`)."""
    import numpy as np

    places = np.asarray(list(points), float)
    homogeneous = np.column_stack([places, np.ones(len(places))])
    local = homogeneous @ np.asarray(calibration.extrinsics).T
    seen = local[:, :3] @ np.asarray(calibration.intrinsics).T
    depth = local[:, 2]
    safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
    return [
        (float(u / d), float(v / d), float(z))
        for (u, v, _), d, z in zip(seen, safe, depth, strict=True)
    ]
