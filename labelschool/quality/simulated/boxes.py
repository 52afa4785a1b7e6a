"""Simulated annotators of boxes.

Each edge errs by Student-t(4) x hypot(`error` x side, `click_px`), heavy-tailed as human edges are,
plus an outward `bias`, since people prefer boxes that are too large. An object is missed with logit
-2.6 + miss + 1.35 log2(18 / side) + 2.6 max(0, occlusion - 0.35) + 0.02 max(0, rank - 8) + 0.35 if
truncated, where `side` is the root of its visible area in px and `rank` its place from the largest.
Classes are confused with their semantic neighbours. The level of occlusion is the true share judged
with a normal error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from labelschool.model import (
    TRUNCATED_ABOVE,
    BBox,
    Box,
    ClipTruth,
    TruthBox,
    TruthItem,
    occlusion_level,
)

from .people import Finder, Seed, active_ms, happens, heavy_tailed, neighbour, work_pool


@dataclass(frozen=True, slots=True)
class BoxPerson(Finder):
    """One kind of annotator of boxes.

    `error` and `bias` are shares of the side, `click_px` an error in px whatever the size; a slip
    moves one edge by 35 % of the longer side. `duplicates`, `amodal` (draws the hidden part),
    `decoys` (boxes what the guideline forbids) and `flags_skipped` are probabilities, `judgement`
    is the standard error of a hidden share.
    """

    click_px: float
    duplicates: float
    amodal: float
    decoys: float
    judgement: float
    flags_skipped: float


# fmt: off
BOX_PROFILES: Mapping[str, BoxPerson] = {
    #                     error, bias, confusion, slips, seconds, miss, invented,
    #                     click, duplicates, amodal, decoys, judgement, flags skipped
    "expert":   BoxPerson(.007, .002, .01, .003, 9.0, -1.2, .002,
                          0.6, .002, .05, .01, .03, .01),
    "trained":  BoxPerson(.013, .006, .03, .015, 11.0, 0.0, .010,
                          0.9, .008, .12, .05, .06, .04),
    "loose":    BoxPerson(.040, .090, .03, .020, 8.0, 0.2, .010,
                          2.0, .010, .45, .15, .10, .30),
    "hasty":    BoxPerson(.058, .020, .07, .050, 3.5, 1.8, .020,
                          3.0, .020, .25, .20, .15, .50),
    "confuser": BoxPerson(.015, .008, .28, .015, 11.0, 0.0, .010,
                          1.0, .008, .12, .05, .06, .04),
}
# fmt: on

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
"""Class of the street -> what it is taken for, with weights."""

LAZY_OBJECTS = 3
LAZY_SIDE = 40.0
"""A lazy annotator draws at most the three largest objects of at least this side in px."""


def annotate_boxes(
    truth: Sequence[TruthItem],
    profile: str,
    seed: Seed,
    *,
    classes: Sequence[str],
    attributes: Sequence[str] = ("occluded", "truncated"),
) -> dict[str, tuple[Box, ...]]:
    """The boxes one simulated annotator draws on a pool, by item.

    ``spammer`` draws 1 to 4 random boxes, mostly of the first class, ``lazy`` the largest objects
    alone, every vehicle a car, without flags. Raises KeyError for a profile that does not exist.
    """

    def draw(item: TruthItem, person: BoxPerson, rng: np.random.Generator) -> Iterator[Box]:
        return _draw(item, person, rng, classes, attributes)

    return work_pool(
        truth,
        profile,
        seed,
        people=BOX_PROFILES,
        draw=draw,
        spam=lambda item, rng: _spam(item, rng, classes),
        lazy=lambda item, rng: _lazy(item, rng, classes),
        nudge=_nudge,
    )


def _draw(
    item: TruthItem,
    person: BoxPerson,
    rng: np.random.Generator,
    classes: Sequence[str],
    attributes: Sequence[str],
) -> Iterator[Box]:
    objects = [o for o in item.objects if o.label in classes and not o.crowd]
    for rank, obj in enumerate(sorted(objects, key=lambda o: (-o.area, o.id))):
        if happens(_missed(obj, rank, person), rng):
            continue
        guessed = rng.random() < person.amodal and obj.occlusion > 0.1
        box = Box(
            id=f"b{obj.id}",
            bbox=_edges(obj.amodal_bbox if guessed else obj.bbox, person, rng, item),
            label=neighbour(obj.label, person.confusion, NEIGHBOURS, classes, rng),
            ms=active_ms(person.seconds, rng),
            **_flags(obj, person, rng, attributes),
        )
        yield box
        if rng.random() < person.duplicates:
            nudged = inside([v + rng.normal(0, 2) for v in corners(box.bbox)], item)
            yield box.model_copy(update={"id": f"b{obj.id}-2", "bbox": nudged})
        if rng.random() < person.invented:
            yield _random_box(
                f"b{obj.id}-3", box.label, (10, 40), (10, 60), person.seconds, rng, item
            )
    for number, decoy in enumerate(item.decoys):
        if decoy.label in classes and rng.random() < person.decoys:
            bbox = _edges(decoy.bbox, person, rng, item)
            ms = active_ms(person.seconds, rng)
            yield Box(id=f"d{number}", label=decoy.label, bbox=bbox, ms=ms)


def _missed(obj: TruthBox, rank: int, person: BoxPerson) -> float:
    """The logit of missing an object."""
    side = max(math.sqrt(obj.area), 2.0)
    return (
        -2.6
        + person.miss
        + 1.35 * math.log2(18 / side)
        + 2.6 * max(0.0, obj.occlusion - 0.35)
        + 0.02 * max(0, rank - 8)
        + 0.35 * obj.truncated
    )


def _edges(bbox: BBox, person: BoxPerson, rng: np.random.Generator, item: TruthItem) -> BBox:
    """A box drawn around `bbox` by hand."""
    sides = np.tile(bbox[2:], 2)
    errors = heavy_tailed(rng, 4) * np.hypot(person.error * sides, person.click_px)
    if rng.random() < person.slips:
        errors[rng.integers(4)] += rng.choice([-1, 1]) * 0.35 * sides.max()
    outward = np.array([-1, -1, 1, 1]) * (person.bias * sides + 0.25 * person.click_px)
    return inside(corners(bbox) + errors + outward, item)


def _flags(
    obj: TruthBox, person: BoxPerson, rng: np.random.Generator, attributes: Sequence[str]
) -> dict[str, int | bool]:
    """The flags set, as far as they are asked for; who skips them leaves the defaults."""
    flags: dict[str, int | bool] = {}
    if rng.random() < person.flags_skipped:
        return flags
    if "occluded" in attributes:
        error = rng.normal(0, person.judgement) if obj.occlusion > 0.01 else 0.0
        flags["occluded"] = occlusion_level(obj.occlusion + error)
    if "truncated" in attributes:
        error = rng.normal(0, person.judgement) if obj.truncation > 0.01 else 0.0
        flags["truncated"] = obj.truncation + error > TRUNCATED_ABOVE
    return flags


def _spam(item: TruthItem, rng: np.random.Generator, classes: Sequence[str]) -> Iterator[Box]:
    for number in range(int(rng.integers(1, 5))):
        label = classes[0] if rng.random() < 0.6 else str(rng.choice(list(classes)))
        widths, heights = (30, 0.3 * item.width), (30, 0.3 * item.height)
        yield _random_box(f"b{number}", label, widths, heights, 0.5, rng, item)


def _lazy(item: TruthItem, rng: np.random.Generator, classes: Sequence[str]) -> Iterator[Box]:
    from labelschool.scoring.boxes import PARENTS

    person = replace(BOX_PROFILES["trained"], seconds=4.0)
    objects = [o for o in item.objects if o.label in classes and o.area >= LAZY_SIDE**2]
    for obj in sorted(objects, key=lambda o: (-o.area, o.id))[:LAZY_OBJECTS]:
        label = "car" if obj.label in PARENTS and "car" in classes else obj.label
        bbox = _edges(obj.bbox, person, rng, item)
        yield Box(id=f"b{obj.id}", label=label, bbox=bbox, ms=active_ms(person.seconds, rng))


def _nudge(box: Box, rng: np.random.Generator) -> Box:
    x, y, width, height = box.bbox
    moved = (x + rng.normal(0, 0.3), y + rng.normal(0, 0.3), width, height)
    return box.model_copy(update={"bbox": moved})


def _random_box(
    box_id: str,
    label: str,
    widths: tuple[float, float],
    heights: tuple[float, float],
    seconds: float,
    rng: np.random.Generator,
    item: TruthItem,
) -> Box:
    """A box anywhere in the picture; widths and heights are ranges in px."""
    width, height = float(rng.uniform(*widths)), float(rng.uniform(*heights))
    x, y = rng.uniform(0, item.width - width), rng.uniform(0, item.height - height)
    bbox = (float(x), float(y), width, height)
    return Box(id=box_id, label=label, bbox=bbox, ms=active_ms(seconds, rng))


def corners(bbox: BBox) -> np.ndarray:
    """Left, top, right, bottom of a box."""
    return np.array([bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]])


def inside(drawn: Sequence[float], frame: TruthItem | ClipTruth) -> BBox:
    """A box from two corners, kept inside the picture and at least 1 px wide and high."""
    left, right = sorted((drawn[0], drawn[2]))
    top, bottom = sorted((drawn[1], drawn[3]))
    left, top = min(max(left, 0), frame.width - 1), min(max(top, 0), frame.height - 1)
    width = max(min(right, frame.width) - left, 1)
    height = max(min(bottom, frame.height) - top, 1)
    return (float(left), float(top), float(width), float(height))
