"""How well objects were outlined: mask IoU and boundary F-measure in the manner of DetScore.

    score = sum of q over pairs / (TP + FP/2 + FN/2),    q = label * (t(IoU) + t(F)) / 2

* A pair is one of the class-agnostic optimal assignment (largest total IoU). A pair that hardly
  overlaps earns 0 and costs what a missed object and an invented mask cost together.
* t runs from 0 at `NOTHING_AT` to 1 at `FULL_AT`, for the mask IoU as for F, the boundary
  F-measure at 2 px. IoU alone forgives a thin part that was left out, F a large piece.
* A wrong class takes half of q.
* Only `must` objects count; a mask on an ignored one is neither right nor wrong.

Who passes has outlined all objects, missed ones counted as 0, with a mean IoU of `IOU_TO_PASS` and
a mean F of `F_TO_PASS` besides (syllabus 2.B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from labelschool.model import Mask, MaskTruth, Polygon, TruthMask, decode_mask

from .matching import PanopticMatch, assign
from .pixels import boundary_f, pixels
from .score import ItemScore, Part, Score, ratio_interval, rescale, worst_first

if TYPE_CHECKING:
    from .pixels import Pixels

NOTHING_AT, FULL_AT = 0.60, 0.95
"""IoU and F that earn nothing, and everything: a careful hand loses a pixel here and there."""
WRONG_CLASS = 0.5
"""Share of a pair's worth that is left where its class is wrong."""
PAIR_FROM = 0.10
"""IoU from which a mask is taken for an attempt at an object."""
NEUTRAL_SHARE = 0.5
"""Share of a mask that must lie on ignored objects to make it neutral."""
IOU_TO_PASS, F_TO_PASS = 0.85, 0.75


@dataclass(frozen=True)
class Pair:
    """What one outlined object earns; `worth` is the shape's share of q, without the class."""

    iou: float
    f: float
    label_right: bool

    @property
    def worth(self) -> float:
        return (tightness(self.iou) + tightness(self.f)) / 2

    @property
    def quality(self) -> float:
        return self.worth * (1.0 if self.label_right else WRONG_CLASS)


@dataclass(frozen=True)
class MaskMatch(PanopticMatch):
    """How the masks of one picture were matched: all by position, masks in a fixed order.

    `pairs` maps a mask to its object, `neutral` masks cost nothing.
    """

    truth: MaskTruth
    must: tuple[TruthMask, ...]
    made: tuple[Mask | Polygon, ...]
    drawn: tuple[Pixels, ...]
    visible: tuple[Pixels, ...]
    pairs: Mapping[int, int]
    credits: Mapping[int, Pair]
    neutral: frozenset[int]

    def score(self) -> ItemScore:
        return ItemScore(
            item=self.truth.item,
            value=self.quality / self.weight if self.weight else 1.0,
            n=len(self.must),
            right=len(self.pairs),
            extra=len(self.extra),
            missed=len(self.missed),
        )


def tightness(share: float) -> float:
    """What an IoU or F earns: 0 up to `NOTHING_AT`, 1 from `FULL_AT` on, linear between."""
    return float(np.clip((share - NOTHING_AT) / (FULL_AT - NOTHING_AT), 0, 1))


def score_masks(
    truth: Sequence[MaskTruth], answers: Mapping[str, Sequence[Mask | Polygon]]
) -> Score:
    """Score the outlines of a pool; a missing item has none.

    Raises ValueError when the pool holds no object, `LabelSchoolError` for a mask that is not of
    its picture.
    """
    from .mask_diagnosis import diagnose

    items = sorted(truth, key=lambda item: item.item)
    matches = [match(item, answers.get(item.item, ())) for item in items]
    n = sum(len(one.must) for one in matches)
    if n == 0:
        raise ValueError("the pool holds no object to outline, so it cannot be scored")
    blind = best_blind(tuple(items))
    qualities, weights = [one.quality for one in matches], [one.weight for one in matches]
    raw = sum(qualities) / sum(weights)
    pairs = [pair for one in matches for pair in one.credits.values()]
    masks = len(pairs) + sum(len(one.extra) for one in matches)
    return Score(
        metric="masks",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=n,
        interval=ratio_interval(qualities, weights, blind),
        items=tuple(one.score() for one in matches),
        findings=worst_first(diagnose(matches, blind)),
        recall=len(pairs) / n,
        precision=len(pairs) / masks if masks else None,
        parts=(
            Part("mean mask IoU", sum(pair.iou for pair in pairs) / n, IOU_TO_PASS),
            Part("mean boundary F", sum(pair.f for pair in pairs) / n, F_TO_PASS),
        ),
    )


def match(item: MaskTruth, made: Sequence[Mask | Polygon]) -> MaskMatch:
    """Match the masks of one picture with its objects."""
    drawn = [(pixels(one, item.width, item.height), one) for one in made]
    drawn.sort(key=lambda pair: (pair[1].label, pair[0].tobytes(), pair[1].id))
    must = tuple(o for o in item.objects if o.level == "must")
    visible = tuple(_visible(o) for o in must)
    masks = tuple(mask for mask, _ in drawn)
    ious = overlaps(masks, visible)
    pairs = dict(assign(ious, ious >= PAIR_FROM))
    credits = {
        n: Pair(
            float(ious[n, m]),
            boundary_f(masks[n], visible[m]),
            drawn[n][1].label == must[m].label,
        )
        for n, m in pairs.items()
    }
    ignored = [_visible(o) for o in item.objects if o.level != "must"]
    neutral = frozenset(
        n
        for n, mask in enumerate(masks)
        if n not in pairs
        and sum(np.count_nonzero(mask & other) for other in ignored)
        > NEUTRAL_SHARE * np.count_nonzero(mask)
    )
    return MaskMatch(
        item, must, tuple(one for _, one in drawn), masks, visible, pairs, credits, neutral
    )


def overlaps(a: Sequence[Pixels], b: Sequence[Pixels]) -> np.ndarray:
    """IoU of each mask of `a` (rows) with each of `b` (columns), all of one picture."""
    if not a or not b:
        return np.zeros((len(a), len(b)))
    first, second = (np.stack(masks).reshape(len(masks), -1).astype(np.float32) for masks in (a, b))
    shared = first @ second.T
    either = first.sum(axis=1)[:, None] + second.sum(axis=1)[None, :] - shared
    return np.divide(shared, either, out=np.zeros(shared.shape), where=shared > 0)


@lru_cache(maxsize=256)
def _visible(obj: TruthMask) -> Pixels:
    return decode_mask(obj.rle)


@lru_cache(maxsize=8)
def best_blind(truth: tuple[MaskTruth, ...]) -> float:
    """Raw score of the best outline that is drawn without a look at the picture.

    Tried are the whole frame, ellipses in its middle, and every object of the pool as a constant
    mask in the other pictures. The class is taken as right, which makes this an upper bound.
    """
    pool = [(number, item, o) for number, item in enumerate(truth) for o in item.objects]
    must = [(number, item, o) for number, item, o in pool if o.level == "must"]
    weight = (len(truth) + len(must)) / 2
    best = 0.0
    for size in {(item.width, item.height) for item in truth}:
        here = [(number, _visible(o)) for number, i, o in must if (i.width, i.height) == size]
        guesses = [(-1, shape) for shape in _middles(*size)] + here
        ious = overlaps([mask for _, mask in guesses], [mask for _, mask in here])
        for row, (own, mask) in enumerate(guesses):
            earned: dict[int, float] = {}
            for column, (number, true) in enumerate(here):
                if number != own and ious[row, column] > NOTHING_AT:
                    pair = Pair(ious[row, column], boundary_f(mask, true), True)
                    earned[number] = max(earned.get(number, 0.0), pair.worth)
            best = max(best, sum(earned.values()) / weight)
    return best


def _middles(width: int, height: int) -> list[Pixels]:
    """The whole frame, and ellipses of several sizes in its middle."""
    y, x = np.mgrid[:height, :width] + 0.5
    away = np.hypot((x / width - 0.5) * 2, (y / height - 0.5) * 2)
    return [np.ones((height, width), bool), *(away < size for size in (0.3, 0.45, 0.6, 0.8))]
