"""Overlap of boxes, alone and as matrices, and the optimal assignment of boxes to objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from labelschool.model import BBox

if TYPE_CHECKING:
    from numpy.typing import NDArray


def corners(boxes: Sequence[BBox]) -> NDArray[np.float64]:
    """Boxes ``(x, y, width, height)`` as an (n, 4) array of left, top, right, bottom in px."""
    array = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    return np.hstack([array[:, :2], array[:, :2] + array[:, 2:]])


def areas(boxes: Sequence[BBox]) -> NDArray[np.float64]:
    """Width times height of each box, in square px."""
    array = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    return array[:, 2] * array[:, 3]


def intersections(a: Sequence[BBox], b: Sequence[BBox]) -> NDArray[np.float64]:
    """Shared area in square px of each box of `a` (rows) with each box of `b` (columns)."""
    first, second = corners(a)[:, None, :], corners(b)[None, :, :]
    low = np.maximum(first[..., :2], second[..., :2])
    high = np.minimum(first[..., 2:], second[..., 2:])
    return np.prod(np.clip(high - low, 0, None), axis=-1)


def iou_matrix(a: Sequence[BBox], b: Sequence[BBox]) -> NDArray[np.float64]:
    """Intersection over union of each box of `a` (rows) with each box of `b` (columns)."""
    shared = intersections(a, b)
    union = areas(a)[:, None] + areas(b)[None, :] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0)


def enclosing(boxes: Sequence[BBox]) -> BBox:
    """The smallest box around all of `boxes`, at least one."""
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return (left, top, right - left, bottom - top)


def clipped(box: BBox, width: float, height: float) -> BBox:
    """The part of a box inside a picture; of zero size where there is none."""
    left, top = min(max(box[0], 0), width), min(max(box[1], 0), height)
    right = min(max(box[0] + box[2], left), width)
    bottom = min(max(box[1] + box[3], top), height)
    return (left, top, right - left, bottom - top)


def assign(weights: NDArray[np.float64], allowed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Pairs (row, column) of the one-to-one assignment with the largest total weight.

    Only `allowed` pairs of positive weight are used. Pairs without a rival on either side need no
    optimiser; the rest goes through scipy's `linear_sum_assignment` (Kuhn-Munkres), which is slow
    to import.
    """
    usable = allowed & (weights > 0)
    alone = usable & (usable.sum(axis=1, keepdims=True) == 1) & (usable.sum(axis=0) == 1)
    pairs = [(int(row), int(column)) for row, column in zip(*np.nonzero(alone), strict=True)]
    contested = usable & ~alone
    rows, columns = np.nonzero(contested.any(axis=1))[0], np.nonzero(contested.any(axis=0))[0]
    if len(columns) == 1:
        pairs.append((int(rows[np.argmax(weights[rows, columns[0]])]), int(columns[0])))
    elif len(rows) == 1:
        pairs.append((int(rows[0]), int(columns[np.argmax(weights[rows[0], columns])])))
    elif len(rows):
        from scipy.optimize import linear_sum_assignment

        part = np.where(contested, weights, 0.0)[np.ix_(rows, columns)]
        for row, column in zip(*linear_sum_assignment(part, maximize=True), strict=True):
            if part[row, column] > 0:
                pairs.append((int(rows[row]), int(columns[column])))
    return sorted(pairs)


def outward(box: BBox, truth: BBox) -> Mapping[str, float]:
    """How far each side of a box lies outside the truth's, in px; negative where it cuts."""
    return {
        "left": truth[0] - box[0],
        "top": truth[1] - box[1],
        "right": box[0] + box[2] - truth[0] - truth[2],
        "bottom": box[1] + box[3] - truth[1] - truth[3],
    }


def slack(box: BBox, truth: BBox) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Sides that reach beyond the object and sides that cut it, in px, the largest first.

    Sides within the tolerance of 1 px and those under a quarter of the worst are left out; where
    all are, the worst alone is named.
    """
    off = outward(box, truth)
    worst = max(abs(px) for px in off.values())
    limit = min(max(1.0, worst / 4), worst)
    sides = sorted(off.items(), key=lambda side: -abs(side[1]))
    named = [(side, px) for side, px in sides if abs(px) >= limit]
    loose = {side: float(px) for side, px in named if px > 0}
    return loose, {side: float(-px) for side, px in named if px < 0}


def apart(boxes: Sequence[int], bboxes: Sequence[BBox]) -> list[int]:
    """The boxes, the largest first, without those that lie mostly on a larger one."""
    kept: list[int] = []
    for b in sorted(boxes, key=lambda b: -area(bboxes[b])):
        if all(shared_area(bboxes[b], bboxes[k]) <= 0.5 * area(bboxes[b]) for k in kept):
            kept.append(b)
    return kept


def around(box: BBox, decoy: BBox) -> float:
    """How far a box was drawn around or inside a decoy, such as the whole poster for its person."""
    shared = shared_area(box, decoy)
    smaller, larger = sorted((area(box), area(decoy)))
    return shared / smaller * 0.5 if larger <= 6 * smaller else 0.0


def shared_area(a: BBox, b: BBox) -> float:
    return float(intersections([a], [b])[0, 0])


def area(bbox: BBox) -> float:
    return bbox[2] * bbox[3]


class PanopticMatch:
    """What the panoptic quality of an item is counted from (Kirillov et al. 2019).

    Of a subclass: `made` and `must`, what was drawn and what counts; `pairs`, from the one to the
    other by position; `credits`, by pair, with their `quality`; `neutral`, what costs nothing.
    """

    __slots__ = ()

    @property
    def extra(self) -> tuple[int, ...]:
        """What was drawn and counts as wrong."""
        taken = self.neutral | self.pairs.keys()
        return tuple(n for n in range(len(self.made)) if n not in taken)

    @property
    def missed(self) -> tuple[int, ...]:
        """Objects without a pair."""
        found = set(self.pairs.values())
        return tuple(m for m in range(len(self.must)) if m not in found)

    @property
    def quality(self) -> float:
        """Sum of q over the pairs."""
        return sum(credit.quality for credit in self.credits.values())

    @property
    def weight(self) -> float:
        """TP + FP/2 + FN/2."""
        return len(self.pairs) + (len(self.extra) + len(self.missed)) / 2
