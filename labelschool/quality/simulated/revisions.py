"""Simulated annotators who bring their own street boxes from G1 version 1 to version 2.

`error` is the standard error of a judged height or distance as a share of it, `bias` the
probability of retouching a box that nothing asks for, `confusion` that of boxing a reflection as a
mirror image, a slip forgets the mirror flag or deletes a box, and `miss` shifts the logit of
overlooking what has changed. Loose: cannot leave alone what was finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.datasets.revised import BOXED_OF_A_CROWD, LOW_VAN
from labelschool.model import Box, TruthItem
from labelschool.scoring.boxes import match_item

from .people import Person, Seed, active_ms, happens, heavy_tailed, unchanged, work_pool


@dataclass(frozen=True, slots=True)
class Reviser(Person):
    """One kind of annotator of a revision."""

    miss: float


# fmt: off
REVISION_PROFILES: Mapping[str, Reviser] = {
    #                   error, bias, confusion, slips, seconds, miss
    "expert":   Reviser(0.015, .0000, .01, .0005, 5.0, -3.0),
    "trained":  Reviser(0.040, .0020, .05, .0020, 6.0, -1.0),
    "loose":    Reviser(0.080, .0800, .15, .0040, 5.0,  0.0),
    "hasty":    Reviser(0.150, .0200, .15, .0300, 2.5,  1.5),
    "confuser": Reviser(0.300, .0020, .80, .0020, 6.0, -1.0),
}
# fmt: on

HAND_PX = 0.8
"""Spread of each edge of a new box."""
RETOUCHED_PX = 4.0


def annotate_revisions(
    before: Sequence[TruthItem],
    after: Sequence[TruthItem],
    start: Mapping[str, Sequence[Box]],
    profile: str,
    seed: Seed,
    *,
    classes: Sequence[str],
) -> dict[str, tuple[Box, ...]]:
    """The boxes one simulated annotator ends with, by item.

    `before` and `after` are the truth of the two versions, `start` the finished boxes. ``spammer``
    changes boxes at random, ``lazy`` leaves all as it was. Raises KeyError for a profile that does
    not exist.
    """
    was = {item.item: item for item in before}

    def draw(item: TruthItem, person: Reviser, rng: np.random.Generator) -> Iterator[Box]:
        return _draw(was[item.item], item, start.get(item.item, ()), person, rng, classes)

    def spam(item: TruthItem, rng: np.random.Generator) -> Iterator[Box]:
        for box in start.get(item.item, ()):
            if rng.random() < 0.7:
                yield box.model_copy(update={"label": str(rng.choice(classes))})

    return work_pool(
        after,
        profile,
        seed,
        people=REVISION_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lambda item, _: iter(start.get(item.item, ())),
        nudge=unchanged,
    )


def _draw(
    before: TruthItem,
    after: TruthItem,
    start: Sequence[Box],
    person: Reviser,
    rng: np.random.Generator,
    classes: Sequence[str],
) -> Iterator[Box]:
    gone = _of_the_crowd(before, after, start, person, rng, classes)
    for box in start:
        if box.id in gone or rng.random() < person.slips:
            continue
        seen = box.bbox[3] * (1 + person.error * rng.normal())
        if box.label == "van" and seen < LOW_VAN and not happens(-2 + person.miss, rng):
            box = box.model_copy(update={"label": "truck"})
        elif rng.random() < person.bias:
            x, y, width, height = box.bbox
            grown = (x, y, width + RETOUCHED_PX, height)
            box = box.model_copy(update={"bbox": grown})
        yield box
    for obj in after.objects:
        drawn = not happens(-2 + person.miss, rng)
        if obj.mirror and drawn:
            yield _new(f"m{obj.id}", obj, person, rng, mirror=rng.random() >= person.slips)
        if obj.crowd and drawn and not any(box.crowd for box in start):
            yield _new(f"r{obj.id}", obj, person, rng, crowd=True)
    for number, decoy in enumerate(after.decoys):
        if decoy.kind == "reflection" and rng.random() < person.confusion:
            yield _new(f"d{number}", decoy, person, rng, mirror=True)


def _of_the_crowd(
    before: TruthItem,
    after: TruthItem,
    start: Sequence[Box],
    person: Reviser,
    rng: np.random.Generator,
    classes: Sequence[str],
) -> set[str]:
    """The ids of the boxes that this person takes for the back of a crowd."""
    if not any(obj.crowd for obj in after.objects) or happens(-2 + person.miss, rng):
        return set()
    match = match_item(before, start, classes=classes, attributes=())
    box_of = {match.must[m].id: match.boxes[b].id for b, m in match.pairs.items()}
    members = [o for o in before.objects if "crowd" in o.edge_cases and not o.crowd]
    order = sorted(members, key=lambda o: o.depth * (1 + 0.2 * person.error * rng.normal()))
    return {box_of[o.id] for o in order[BOXED_OF_A_CROWD:] if o.id in box_of}


def _new(name: str, shown: object, person: Reviser, rng: np.random.Generator, **flags: bool) -> Box:
    x, y, width, height = np.array(shown.bbox) + HAND_PX * heavy_tailed(rng, 4)
    bbox = (float(x), float(y), float(max(width, 1)), float(max(height, 1)))
    ms = active_ms(person.seconds, rng)
    return Box(id=name, label=shown.label, bbox=bbox, ms=ms, **flags)
