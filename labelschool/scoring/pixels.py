"""Masks as pixels: what was drawn, and how well two masks and their edges agree.

A mask is a boolean array of shape (height, width); pixel (x, y) belongs to it where the object is
seen at its centre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from labelschool.errors import LabelSchoolError
from labelschool.model import Mask, Point, Polygon, decode_mask

Pixels = NDArray[np.bool_]

EDGE_PX = 2.0
"""How far apart two edges may run and still agree."""

SPECK = 12
"""Steps of an outline up to which it is that of a speck."""


def pixels(made: Mask | Polygon, width: int, height: int) -> Pixels:
    """The mask of what a learner drew on a picture of `width` x `height` px.

    Raises `LabelSchoolError` for run lengths that are not of this picture.
    """
    if isinstance(made, Polygon):
        return filled(made, width, height)
    try:
        mask = decode_mask(made.rle)
    except ValueError:
        mask = None
    if mask is None or mask.shape != (height, width):
        raise LabelSchoolError(
            f"The mask {made.id} is not of its picture: delete it in the annotator and draw it "
            "again."
        )
    return mask


def filled(polygon: Polygon, width: int, height: int) -> Pixels:
    """The pixels whose centres lie in the parts of a polygon and not in their holes."""
    from skimage.draw import polygon as inside

    mask = np.zeros((height, width), bool)
    for part in polygon.parts:
        layer = np.zeros_like(mask)
        for ring, value in ((part.outline, True), *((hole, False) for hole in part.holes)):
            columns, rows = np.asarray(ring, float).T - 0.5
            layer[inside(rows, columns, mask.shape)] = value
        mask |= layer
    return mask


def mask_iou(a: Pixels, b: Pixels) -> float:
    """Shared pixels over those of either mask, 0 to 1; 0 for two empty masks."""
    either = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / either if either else 0.0


def edge(mask: Pixels) -> Pixels:
    """The pixels of a mask that touch its outside, with those at the picture's border."""
    return mask & ~ndimage.binary_erosion(mask)


def boundary_f(a: Pixels, b: Pixels, px: float = EDGE_PX) -> float:
    """The boundary F-measure of two masks (Martin, Fowlkes and Malik 2004; Perazzi et al. 2016).

    Precision and recall are the shares of each edge that lie within `px` of the other; F is their
    harmonic mean, 0 where one mask is empty.
    """
    if not a.any() or not b.any():
        return 0.0
    window = around(a | b, int(np.ceil(px)) + 1)
    first, second = edge(a)[window], edge(b)[window]
    found = (ndimage.distance_transform_edt(~second)[first] <= px).mean()
    met = (ndimage.distance_transform_edt(~first)[second] <= px).mean()
    return float(2 * found * met / (found + met)) if found + met else 0.0


def around(mask: Pixels, margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of the smallest window around a mask that is not empty, inside the picture,
    with `margin` px on all sides.
    """
    rows, columns = ndimage.find_objects(mask.astype(np.uint8))[0]
    return tuple(
        slice(max(side.start - margin, 0), min(side.stop + margin, size))
        for side, size in zip((rows, columns), mask.shape, strict=True)
    )


def holes(mask: Pixels) -> Pixels:
    """The pixels outside a mask that it surrounds."""
    return ndimage.binary_fill_holes(mask) & ~mask


def outlines(mask: Pixels, tolerance: float = 0.6) -> list[list[Point]]:
    """The outlines of a mask and of its holes in px, with corners where they would otherwise leave
    the edge by more than `tolerance` px. Specks are left out.
    """
    from skimage.measure import approximate_polygon, find_contours

    found = find_contours(np.pad(mask, 1).astype(float), 0.5)
    rings = [approximate_polygon(ring, tolerance)[:-1] for ring in found if len(ring) > SPECK]
    return [[(float(x) - 0.5, float(y) - 0.5) for y, x in ring] for ring in rings if len(ring) > 2]
