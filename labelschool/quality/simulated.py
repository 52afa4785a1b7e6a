"""Simulated annotators: answers with the errors of known kinds of people, from a seed.

They set pass marks and fill cohort labs. Learners are always told that they are simulated.

**Boxes.** Each edge errs by Student-t(4) x hypot(relative x side, click px), heavy-tailed as human
edges are, plus an outward bias, since people prefer boxes that are too large. An object is missed
with logit -2.6 + miss + 1.35 log2(18 / side) + 2.6 max(0, occlusion - 0.35) + 0.02 max(0, rank - 8)
+ 0.35 if truncated, where `side` is the root of its visible area in px and `rank` its place from
the largest. Classes are confused with their semantic neighbours. The level of occlusion is the true
share judged with a normal error.

**Tags.** A class is right, a neighbour's, or any; doubt is flagged with a probability of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from labelschool.model import BBox, Box, Choice, TruthBox, TruthItem

if TYPE_CHECKING:
    import numpy as np

LEADER_SEED = 1_979
"""Whom all collusive annotators copy."""


@dataclass(frozen=True, slots=True)
class BoxProfile:
    """One kind of annotator of boxes.

    `relative` and `click_px` are the edge error as a share of the side and in px, `looseness` the
    outward bias as a share of the side. `miss` shifts the logit of missing an object. `confusion`,
    `duplicates`, `invented`, `amodal` (draws the hidden part), `slips` (one edge off by 35 %),
    `decoys` (boxes what the guideline forbids) and `flags_skipped` are probabilities.
    `judgement` is the standard error of a hidden share, `seconds` the median time per box.
    """

    relative: float
    click_px: float
    looseness: float
    miss: float
    confusion: float
    duplicates: float
    invented: float
    amodal: float
    slips: float
    decoys: float
    judgement: float
    flags_skipped: float
    seconds: float


# fmt: off
BOX_PROFILES: Mapping[str, BoxProfile] = {
    #            relative, click, loose, miss, confusion, duplicates, invented, amodal, slips,
    #            decoys, judgement, flags skipped, seconds
    "expert":   BoxProfile(.007, 0.6, .002, -1.2, .01, .002, .002, .05, .003, .01, .03, .01, 9.0),
    "trained":  BoxProfile(.013, 0.9, .006, 0.0, .03, .008, .010, .12, .015, .05, .06, .04, 11.0),
    "loose":    BoxProfile(.040, 2.0, .090, 0.2, .03, .010, .010, .45, .020, .15, .10, .30, 8.0),
    "hasty":    BoxProfile(.058, 3.0, .020, 1.8, .07, .020, .020, .25, .050, .20, .15, .50, 3.5),
    "confuser": BoxProfile(.015, 1.0, .008, 0.0, .28, .008, .010, .12, .015, .05, .06, .04, 11.0),
}
# fmt: on
"""The parametric profiles. Four more are built on them: see `annotate_boxes`."""

SPECIAL_PROFILES = ("spammer", "lazy", "drifting", "collusive")

NEIGHBOURS: Mapping[str, Mapping[str, float]] = {
    "car": {"van": 1.0},
    "van": {"car": 0.6, "truck": 0.4},
    "truck": {"van": 0.6, "bus": 0.4},
    "bus": {"truck": 0.7, "van": 0.3},
    "trailer": {"truck": 1.0},
    "person": {"cyclist": 1.0},
    "cyclist": {"person": 1.0},
    "light": {"sign": 1.0},
    "sign": {"light": 1.0},
}
"""Class -> what it is taken for, with weights."""

LAZY_OBJECTS = 3
LAZY_SIDE = 40.0
"""A lazy annotator draws at most the three largest objects of at least this side in px."""


def annotate_boxes(
    truth: Sequence[TruthItem],
    profile: str,
    seed: int | np.random.Generator,
    *,
    classes: Sequence[str],
    attributes: Sequence[str] = ("occluded", "truncated"),
) -> dict[str, tuple[Box, ...]]:
    """The boxes one simulated annotator draws on a pool, by item.

    Besides the parametric profiles there are ``spammer`` (1 to 4 random boxes, mostly cars),
    ``lazy`` (the largest objects alone, every vehicle a car, no flags), ``drifting`` (trained at
    the first item, hasty at the last) and ``collusive`` (copies one trained leader, whatever the
    seed, and nudges the copies). Raises KeyError for any other name.
    """
    rng = _generator(seed)
    if profile == "spammer":
        return {item.item: tuple(_spam(item, rng, classes)) for item in truth}
    if profile == "lazy":
        return {item.item: tuple(_lazy(item, rng, classes)) for item in truth}
    if profile == "collusive":
        leader = annotate_boxes(
            truth, "trained", LEADER_SEED, classes=classes, attributes=attributes
        )
        return {name: tuple(_copied(boxes, rng)) for name, boxes in leader.items()}
    if profile == "drifting":
        steps = max(len(truth) - 1, 1)
        people = [_between("trained", "hasty", n / steps) for n in range(len(truth))]
    else:
        people = [BOX_PROFILES[profile]] * len(truth)
    return {
        item.item: tuple(_draw(item, person, rng, classes, attributes))
        for item, person in zip(truth, people, strict=True)
    }


def _draw(
    item: TruthItem,
    person: BoxProfile,
    rng: np.random.Generator,
    classes: Sequence[str],
    attributes: Sequence[str],
) -> Iterator[Box]:
    objects = [o for o in item.objects if o.label in classes and not o.crowd]
    for rank, obj in enumerate(sorted(objects, key=lambda o: (-o.area, o.id))):
        if rng.random() < _missed(obj, rank, person):
            continue
        guessed = rng.random() < person.amodal and obj.occlusion > 0.1
        bbox = _edges(obj.amodal_bbox if guessed else obj.bbox, person, rng, item)
        label = _label(obj.label, person.confusion, rng, classes)
        box = Box(
            id=f"b{obj.id}",
            label=label,
            bbox=bbox,
            ms=_ms(person.seconds, rng),
            **_flags(obj, person, rng, attributes),
        )
        yield box
        if rng.random() < person.duplicates:
            nudged = _inside([v + rng.normal(0, 2) for v in _corners(bbox)], item)
            yield box.model_copy(update={"id": f"b{obj.id}-2", "bbox": nudged})
        if rng.random() < person.invented:
            yield _random_box(f"b{obj.id}-3", label, (10, 40), (10, 60), rng, item)
    for number, decoy in enumerate(item.decoys):
        if decoy.label in classes and rng.random() < person.decoys:
            bbox = _edges(decoy.bbox, person, rng, item)
            yield Box(id=f"d{number}", label=decoy.label, bbox=bbox, ms=_ms(person.seconds, rng))


def _missed(obj: TruthBox, rank: int, person: BoxProfile) -> float:
    """Probability of missing an object."""
    side = max(math.sqrt(obj.area), 2.0)
    logit = (
        -2.6
        + person.miss
        + 1.35 * math.log2(18 / side)
        + 2.6 * max(0.0, obj.occlusion - 0.35)
        + 0.02 * max(0, rank - 8)
        + 0.35 * obj.truncated
    )
    return 1 / (1 + math.exp(-logit))


def _edges(bbox: BBox, person: BoxProfile, rng: np.random.Generator, item: TruthItem) -> BBox:
    """A box drawn around `bbox` by hand."""
    corners, sides = _corners(bbox), (bbox[2], bbox[3]) * 2
    errors = [
        rng.standard_t(4) * math.hypot(person.relative * side, person.click_px) for side in sides
    ]
    if rng.random() < person.slips:
        errors[rng.integers(4)] += rng.choice([-1, 1]) * 0.35 * max(sides)
    outward = [person.looseness * side + 0.25 * person.click_px for side in sides]
    signs = (-1, -1, 1, 1)
    drawn = [
        corner + error + sign * bias
        for corner, error, sign, bias in zip(corners, errors, signs, outward, strict=True)
    ]
    return _inside(drawn, item)


def _label(label: str, confusion: float, rng: np.random.Generator, classes: Sequence[str]) -> str:
    others = {name: w for name, w in NEIGHBOURS.get(label, {}).items() if name in classes}
    if not others or rng.random() >= confusion:
        return label
    total = sum(others.values())
    return str(rng.choice(list(others), p=[weight / total for weight in others.values()]))


def _flags(
    obj: TruthBox, person: BoxProfile, rng: np.random.Generator, attributes: Sequence[str]
) -> dict[str, int | bool]:
    """The flags set, as far as they are asked for; who skips them leaves the defaults."""
    from labelschool.scoring.boxes import TRUNCATION_LIMIT

    flags: dict[str, int | bool] = {}
    if rng.random() < person.flags_skipped:
        return flags
    if "occluded" in attributes:
        error = rng.normal(0, person.judgement) if obj.occlusion > 0.01 else 0.0
        flags["occluded"] = _level(obj.occlusion + error)
    if "truncated" in attributes:
        error = rng.normal(0, person.judgement) if obj.truncation > 0.01 else 0.0
        flags["truncated"] = obj.truncation + error > TRUNCATION_LIMIT
    return flags


def _level(occlusion: float) -> int:
    """The level of G1 rule 6 for a hidden share."""
    return 0 if occlusion <= 0.05 else 1 if occlusion < 0.25 else 2 if occlusion < 0.5 else 3


def _spam(item: TruthItem, rng: np.random.Generator, classes: Sequence[str]) -> Iterator[Box]:
    others = [label for label in classes if label != "car"] or ["car"]
    for number in range(int(rng.integers(1, 5))):
        label = "car" if rng.random() < 0.6 else str(rng.choice(others))
        box = _random_box(
            f"b{number}", label, (30, 0.3 * item.width), (30, 0.3 * item.height), rng, item
        )
        yield box.model_copy(update={"ms": _ms(0.5, rng)})


def _lazy(item: TruthItem, rng: np.random.Generator, classes: Sequence[str]) -> Iterator[Box]:
    from labelschool.scoring.boxes import PARENTS

    person = replace(BOX_PROFILES["trained"], seconds=4.0)
    objects = [o for o in item.objects if o.label in classes and o.area >= LAZY_SIDE**2]
    for obj in sorted(objects, key=lambda o: (-o.area, o.id))[:LAZY_OBJECTS]:
        label = "car" if obj.label in PARENTS and "car" in classes else obj.label
        yield Box(
            id=f"b{obj.id}",
            label=label,
            bbox=_edges(obj.bbox, person, rng, item),
            ms=_ms(person.seconds, rng),
        )


def _copied(boxes: Sequence[Box], rng: np.random.Generator) -> Iterator[Box]:
    """The leader's boxes, nudged by a third of a pixel and drawn in no time."""
    for box in boxes:
        x, y, width, height = box.bbox
        moved = (x + rng.normal(0, 0.3), y + rng.normal(0, 0.3), width, height)
        yield box.model_copy(update={"bbox": moved, "ms": _ms(2.0, rng)})


def _between(first: str, last: str, progress: float) -> BoxProfile:
    """The profile part of the way from one to another, linear in every number."""
    a, b = BOX_PROFILES[first], BOX_PROFILES[last]
    return BoxProfile(
        **{
            f.name: getattr(a, f.name) * (1 - progress) + getattr(b, f.name) * progress
            for f in fields(BoxProfile)
        }
    )


def _random_box(
    box_id: str,
    label: str,
    widths: tuple[float, float],
    heights: tuple[float, float],
    rng: np.random.Generator,
    item: TruthItem,
) -> Box:
    width, height = float(rng.uniform(*widths)), float(rng.uniform(*heights))
    x, y = rng.uniform(0, item.width - width), rng.uniform(0, item.height - height)
    return Box(id=box_id, label=label, bbox=(float(x), float(y), width, height))


def _corners(bbox: BBox) -> tuple[float, float, float, float]:
    return (bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3])


def _inside(corners: Sequence[float], item: TruthItem) -> BBox:
    """A box from two corners, kept inside the picture and at least 1 px wide and high."""
    left, right = sorted((corners[0], corners[2]))
    top, bottom = sorted((corners[1], corners[3]))
    left, top = min(max(left, 0), item.width - 1), min(max(top, 0), item.height - 1)
    width = max(min(right, item.width) - left, 1)
    height = max(min(bottom, item.height) - top, 1)
    return (float(left), float(top), float(width), float(height))


def _ms(seconds: float, rng: np.random.Generator) -> float:
    """Active time around a median, log-normal as reaction and handling times are."""
    return float(round(1000 * seconds * rng.lognormal(0, 0.35)))


def _generator(seed: int | np.random.Generator) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng(seed)


# Classes for whole items ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TagProfile:
    """One kind of annotator of classes.

    On a usable item the answer is a neighbouring class with probability `confusion` and any class
    with probability `careless`. Doubt is flagged with probability `doubts_ambiguous`,
    `doubts_unusable` and `doubts_clear` on items of that sort. `seconds` is the median per item.
    """

    confusion: float
    careless: float
    doubts_ambiguous: float
    doubts_unusable: float
    doubts_clear: float
    seconds: float


TAG_PROFILES: Mapping[str, TagProfile] = {
    "expert": TagProfile(0.01, 0.003, 0.10, 0.97, 0.005, 3.5),
    "trained": TagProfile(0.03, 0.01, 0.20, 0.85, 0.02, 4.0),
    "hasty": TagProfile(0.16, 0.10, 0.05, 0.30, 0.02, 1.2),
    "confuser": TagProfile(0.45, 0.01, 0.20, 0.85, 0.02, 4.0),
    "spammer": TagProfile(0.0, 1.0, 0.0, 0.0, 0.0, 0.4),
    "lazy": TagProfile(0.0, 0.0, 0.0, 0.0, 0.0, 0.9),
}


def annotate_tags(
    truth: Sequence[TruthItem],
    profile: str,
    seed: int | np.random.Generator,
    *,
    classes: Sequence[str],
) -> dict[str, Choice]:
    """The classes one simulated annotator chooses on a pool, by item.

    ``lazy`` calls every vehicle a car and everything else what it is. Raises KeyError for any other
    profile.
    """
    person, rng = TAG_PROFILES[profile], _generator(seed)
    return {
        item.item: _choose(item, person, rng, classes, lazy=profile == "lazy") for item in truth
    }


def _choose(
    item: TruthItem,
    person: TagProfile,
    rng: np.random.Generator,
    classes: Sequence[str],
    *,
    lazy: bool,
) -> Choice:
    from labelschool.scoring.boxes import PARENTS

    ms = _ms(person.seconds, rng)
    doubt = (
        person.doubts_unusable
        if not item.labels
        else person.doubts_ambiguous
        if len(item.labels) > 1
        else person.doubts_clear
    )
    if rng.random() < doubt:
        return Choice(unsure=True, ms=ms)
    if not item.labels or rng.random() < person.careless:
        return Choice(labels=(str(rng.choice(list(classes))),), ms=ms)
    label = str(rng.choice(list(item.labels)))
    if lazy:
        label = "car" if label in PARENTS and "car" in classes else label
    return Choice(labels=(_label(label, person.confusion, rng, classes),), ms=ms)
