"""What a learner would earn who never looks at the pictures.

The best of these strategies is the floor of a pool: where it reaches `BLIND_LIMIT`, scores are
rescaled so that it earns 0 (syllabus 2.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from labelschool.model import Box, TruthItem

from .matching import iou_matrix

GRIDS = (1, 2, 3, 4, 6)


def best_blind_boxes(
    truth: Sequence[TruthItem], *, classes: Sequence[str], attributes: Sequence[str]
) -> float:
    """Raw DetScore of the best blind strategy on a pool.

    Tried are a box over the whole frame and over its middle, grids of boxes, and one constant box
    in every picture, all of the most frequent class and without flags. As constant box every object
    of the pool is tried, judged on the other pictures.
    """
    return _best_blind_boxes(tuple(truth), tuple(classes), tuple(attributes))


@lru_cache(maxsize=64)
def _best_blind_boxes(
    truth: tuple[TruthItem, ...], classes: tuple[str, ...], attributes: tuple[str, ...]
) -> float:
    from .boxes import match_pool

    scores = [_constant_box(truth, classes, attributes)]
    label = _most_frequent(truth, classes)
    for boxes in _strategies(truth, label):
        matches = match_pool(truth, boxes, classes=classes, attributes=attributes)
        weight = sum(match.weight for match in matches)
        scores.append(sum(match.quality for match in matches) / weight if weight else 0.0)
    return max(scores)


def _most_frequent(truth: Sequence[TruthItem], classes: Sequence[str]) -> str:
    labels = Counter(o.label for item in truth for o in item.objects if o.label in classes)
    return min(labels, key=lambda label: (-labels[label], label)) if labels else classes[0]


def _strategies(truth: Sequence[TruthItem], label: str) -> list[Mapping[str, list[Box]]]:
    def grid(item: TruthItem, n: int) -> list[Box]:
        width, height = item.width / n, item.height / n
        return [
            Box(id=f"{i}-{j}", label=label, bbox=(i * width, j * height, width, height))
            for i in range(n)
            for j in range(n)
        ]

    def middle(item: TruthItem) -> list[Box]:
        bbox = (item.width / 4, item.height / 4, item.width / 2, item.height / 2)
        return [Box(id="middle", label=label, bbox=bbox)]

    grids = [{item.item: grid(item, n) for item in truth} for n in GRIDS]
    return [*grids, {item.item: middle(item) for item in truth}]


def _constant_box(
    truth: Sequence[TruthItem], classes: Sequence[str], attributes: Sequence[str]
) -> float:
    """The best object of the pool as a constant box, without the picture it comes from.

    One box meets at most one object of a picture, so that no assignment is needed. Class and
    flags are taken as right, which makes this an upper bound.
    """
    import numpy as np

    from .boxes import GRADED_ATTRIBUTES, band

    objects = [
        (number, o)
        for number, item in enumerate(truth)
        for o in item.objects
        if o.level == "must" and o.label in classes and not o.crowd
    ]
    if not objects or len(truth) < 2:
        return 0.0
    places = np.array([number for number, _ in objects])
    bboxes = [o.bbox for _, o in objects]
    bands = [band(bbox) for bbox in bboxes]
    low = np.array([b.low for b in bands])
    span = np.array([b.span for b in bands])
    overlap = iou_matrix(bboxes, bboxes)
    tight = np.clip((overlap - low) / span, 0, 1)
    share = 0.60 if set(GRADED_ATTRIBUTES) & set(attributes) else 0.70
    quality = np.where(overlap >= low, share * tight + 1 - share, 0)
    quality[places[:, None] == places[None, :]] = 0
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    per_picture = np.maximum.reduceat(quality, starts, axis=1)
    return float(per_picture.sum(axis=1).max() / ((len(truth) + len(objects)) / 2))
