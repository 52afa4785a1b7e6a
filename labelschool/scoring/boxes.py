"""DetScore: how good a pool of boxes is, in the manner of panoptic quality.

    DetScore = sum of q over matches / (TP + FP/2 + FN/2), counted over the whole pool

after Kirillov et al. (2019), with a quality q that asks less overlap of small objects, because one
pixel is the limit of any hand:

* A match is a pair of the class-agnostic optimal assignment (largest total IoU) whose IoU reaches
  the lower bound of the object's size.
* q = 0.60 tightness + 0.25 class + 0.15 attributes, or 0.70 and 0.30 where no attribute is asked.
* Only `must` objects of the asked classes count. All others, and crowd regions, are neutral as in
  COCO: missing them and boxing them costs nothing.

**Size** is the area of the truth's *box*, not of its mask: tightness is an overlap of boxes, and a
pixel of slack costs a thin cyclist's box what it costs any box of those sides.

**Class.** Right is 1. The parent class with the unsure flag (G1 rule 15) is 0.5, and 1 where the
truth names the object ambiguous. Everything else is 0.

**Attributes** are `occluded` and `truncated`, as far as asked, with equal weight. The hidden share
is an estimate by eye, so a level is right when the true share lies within 0.05 of the level's
range, and so is the truncated flag within 0.05 of its limit. `unsure` is not graded by itself.
`crowd` is: on a single object it takes away the class and the attributes (G1 rule 14).

**Hedging.** Where further boxes reach the lower bound of an object that is already matched, its
class and attributes count only if all of them are right: drawing it twice with two classes gains
nothing.

Since TP + FP/2 + FN/2 = (boxes + objects) / 2, a wrong box can only lower the score, and removing
a box that earns at least half of a perfect one can never raise it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from labelschool.model import (
    OCCLUSION_STEPS,
    TRUNCATED_ABOVE,
    BBox,
    Box,
    TruthBox,
    TruthItem,
    iou,
)

from .matching import PanopticMatch, areas, assign, clipped, intersections, iou_matrix
from .score import ItemScore, Score, ratio_interval, rescale, worst_first

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARENTS: Mapping[str, str] = dict.fromkeys(("car", "van", "truck", "bus", "trailer"), "vehicle")
"""The less specific class that rule 15 of G1 allows, together with the unsure flag."""

CLASS_RULE = 1
"""The rule of G1 that tells vehicles apart, and a cyclist from a person."""

PARENT_CREDIT = 0.5
AMBIGUOUS = "van_truck"
"""The edge case of an object that looks like two classes."""
NEUTRAL_SHARE = 0.5
"""Share of a box that must lie on ignored regions to make it neutral."""

LEVEL_RANGES = tuple(pairwise((0.0, *OCCLUSION_STEPS, 1.0)))
JUDGED_BY_EYE = 0.05
"""Tolerance of the two shares above: nobody can see a hidden share more exactly."""

GRADED_ATTRIBUTES = ("occluded", "truncated")


@dataclass(frozen=True, slots=True)
class Band:
    """How overlap turns into tightness for one size: 0 at IoU `low`, 1 at `low + span`."""

    name: str
    low: float
    span: float

    def tightness(self, iou: float) -> float:
        """``clip((iou - low) / span)`` to 0..1."""
        return float(min(max((iou - self.low) / self.span, 0.0), 1.0))


SMALL, MEDIUM, LARGE = (
    Band("small", 0.35, 0.40),
    Band("medium", 0.50, 0.35),
    Band("large", 0.60, 0.32),
)


def band(bbox: BBox) -> Band:
    """The size of a box as COCO bounds it: small under 32^2 square px, large over 96^2."""
    area = bbox[2] * bbox[3]
    return SMALL if area < 32**2 else MEDIUM if area <= 96**2 else LARGE


@dataclass(frozen=True, slots=True)
class Credit:
    """What one matched box earns. All shares are 0 to 1; `quality` is q."""

    iou: float
    tightness: float
    label: float
    attributes: Mapping[str, bool]
    quality: float


@dataclass(frozen=True, slots=True)
class ItemMatch(PanopticMatch):
    """How the boxes of one picture were matched.

    `must` are the objects that count, `other` the ignored ones; `boxes` stand in a fixed order, so
    that the order of drawing cannot matter. `ious` is (boxes, must). `pairs` maps a box to its
    object and `rivals` an object to the unmatched boxes that reach its lower bound too, all by
    position. `neutral` boxes are unmatched and cost nothing.
    """

    truth: TruthItem
    must: tuple[TruthBox, ...]
    other: tuple[TruthBox, ...]
    boxes: tuple[Box, ...]
    ious: NDArray[np.float64]
    pairs: Mapping[int, int]
    rivals: Mapping[int, tuple[int, ...]]
    credits: Mapping[int, Credit]
    neutral: frozenset[int]

    @property
    def made(self) -> tuple[Box, ...]:
        return self.boxes


def score_boxes(
    truth: Sequence[TruthItem],
    answers: Mapping[str, Sequence[Box]],
    *,
    classes: Sequence[str],
    attributes: Sequence[str] = (),
) -> Score:
    """Score the boxes of a pool.

    `answers` maps an item to its boxes; a missing item has none, an unknown one is left out.
    `classes` are the classes asked for and `attributes` the flags asked for. Raises ValueError when
    the pool holds no object to find: such a pool measures nothing.
    """
    from .blind import best_blind_boxes
    from .diagnosis import diagnose

    matches = match_pool(truth, answers, classes=classes, attributes=attributes)
    n = sum(len(match.must) for match in matches)
    if n == 0:
        raise ValueError("the pool holds no object of the asked classes, so it cannot be scored")
    blind = best_blind_boxes(truth, classes=classes, attributes=attributes)
    qualities = [match.quality for match in matches]
    weights = [match.weight for match in matches]
    raw = sum(qualities) / sum(weights)
    credits = [credit for match in matches for credit in match.credits.values()]
    boxes = len(credits) + sum(len(match.extra) for match in matches)
    return Score(
        metric="detection",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=n,
        interval=ratio_interval(qualities, weights, blind),
        items=tuple(_item_score(match) for match in matches),
        findings=worst_first(diagnose(matches, blind)),
        recall=len(credits) / n,
        precision=len(credits) / boxes if boxes else None,
        mean_iou=sum(credit.iou for credit in credits) / len(credits) if credits else None,
    )


def match_pool(
    truth: Sequence[TruthItem],
    answers: Mapping[str, Sequence[Box]],
    *,
    classes: Sequence[str],
    attributes: Sequence[str],
) -> list[ItemMatch]:
    """The matches of every item, in the order of their names."""
    return [
        match_item(item, answers.get(item.item, ()), classes=classes, attributes=attributes)
        for item in sorted(truth, key=lambda item: item.item)
    ]


def match_item(
    truth: TruthItem,
    boxes: Sequence[Box],
    *,
    classes: Sequence[str],
    attributes: Sequence[str],
) -> ItemMatch:
    """Match the boxes of one picture with its objects."""
    import numpy as np

    def counts(obj: TruthBox) -> bool:
        return obj.level == "must" and obj.label in classes and not obj.crowd

    must = tuple(sorted((o for o in truth.objects if counts(o)), key=lambda o: o.id))
    other = tuple(sorted((o for o in truth.objects if not counts(o)), key=lambda o: o.id))
    boxes = tuple(sorted((b for b in boxes if b.type == "box"), key=_place))
    ious = iou_matrix([b.bbox for b in boxes], [o.bbox for o in must])
    reached = ious >= np.array([band(o.bbox).low for o in must]).reshape(1, -1)
    pairs = dict(assign(ious, reached))
    rivals: dict[int, tuple[int, ...]] = {}
    for b in range(len(boxes)):
        if b not in pairs and reached[b].any():
            best = int(np.argmax(np.where(reached[b], ious[b], 0)))
            rivals[best] = (*rivals.get(best, ()), b)
    credits = {
        b: _credit(must[m], boxes[b], [boxes[r] for r in rivals.get(m, ())], ious[b, m], attributes)
        for b, m in pairs.items()
    }
    unmatched = [b for b in range(len(boxes)) if b not in pairs]
    must_fit = np.where(reached, ious, 0).max(axis=1, initial=0)
    neutral = frozenset(
        b for b in unmatched if _is_neutral(truth, other, boxes[b].bbox, must_fit[b])
    )
    return ItemMatch(truth, must, other, boxes, ious, pairs, rivals, credits, neutral)


def label_credit(truth: TruthBox, box: Box) -> float:
    """How right a class is: 1, 0, or between for the unsure parent."""
    if box.crowd:
        return 0.0
    if box.label == truth.label:
        return 1.0
    if box.unsure and box.label == PARENTS.get(truth.label):
        return 1.0 if AMBIGUOUS in truth.edge_cases else PARENT_CREDIT
    return 0.0


def class_rule(labels: Collection[str]) -> int | None:
    """The rule that tells classes apart; None where no rule has to."""
    told = all(label in PARENTS for label in labels) or set(labels) == {"person", "cyclist"}
    return CLASS_RULE if told else None


def attribute_right(truth: TruthBox, box: Box, attribute: str) -> bool:
    """Whether `occluded` or `truncated` is right within what an eye can judge."""
    if getattr(box, attribute) == getattr(truth, attribute):
        return True
    if attribute == "truncated":
        return abs(truth.truncation - TRUNCATED_ABOVE) <= JUDGED_BY_EYE
    low, high = LEVEL_RANGES[box.occluded]
    return low - JUDGED_BY_EYE < truth.occlusion < high + JUDGED_BY_EYE


def _credit(
    truth: TruthBox, box: Box, rivals: Sequence[Box], iou: float, attributes: Sequence[str]
) -> Credit:
    tight = band(truth.bbox).tightness(iou)
    label = min(label_credit(truth, claim) for claim in (box, *rivals))
    asked = [name for name in GRADED_ATTRIBUTES if name in attributes]
    flags = {
        name: not box.crowd and all(attribute_right(truth, claim, name) for claim in (box, *rivals))
        for name in asked
    }
    if asked:
        quality = 0.60 * tight + 0.25 * label + 0.15 * sum(flags.values()) / len(asked)
    else:
        quality = 0.70 * tight + 0.30 * label
    return Credit(float(iou), tight, label, flags, quality)


def _is_neutral(truth: TruthItem, other: Sequence[TruthBox], bbox: BBox, must_fit: float) -> bool:
    """Whether an unmatched box lies on an ignored object or a crowd region.

    As in COCO the share of *its own* area that lies there decides; a loose or full-extent box
    around a tiny ignored object is neutral too. What fits a decoy, or by an IoU of `must_fit` an
    object that counts, better than any ignored object is not, except in a crowd region.
    """
    regions = [o.bbox for o in other]
    if not regions:
        return False
    shared = intersections([bbox], regions)[0] / areas([bbox])
    if sum(share for share, o in zip(shared, other, strict=True) if o.crowd) >= NEUTRAL_SHARE:
        return True
    full = [clipped(o.amodal_bbox, truth.width, truth.height) for o in other]
    fits = [(iou(bbox, place), band(place).low) for place in (*regions, *full)]
    best = max(fit for fit, _ in fits)
    decoy = max((iou(bbox, d.bbox) for d in truth.decoys), default=0.0)
    if must_fit > best or (decoy >= 0.5 and decoy > best):
        return False
    return shared.sum() >= NEUTRAL_SHARE or any(fit >= low for fit, low in fits)


def _place(box: Box) -> tuple:
    """A total order of boxes by what they say, so that ties never depend on who came first."""
    return (box.bbox, box.label, box.occluded, box.truncated, box.crowd, box.unsure, box.id)


def _item_score(match: ItemMatch) -> ItemScore:
    return ItemScore(
        item=match.truth.item,
        value=min(match.quality / match.weight, 1.0) if match.weight else 1.0,
        n=len(match.must),
        right=len(match.pairs),
        extra=len(match.extra),
        missed=len(match.missed),
    )
