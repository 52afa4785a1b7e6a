"""The truth under a later version of a guideline, derived from the truth of the first.

A rule that changes between versions changes the truth by a function, here and nowhere else, so
that one measured truth serves all versions. Applied twice, a revision changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from labelschool.model import BBox, Decoy, Truth, TruthBox, TruthItem

LOW_VAN = 60
"""Height in px of a van's box below which G1 version 2 calls it a truck (rule 1)."""
BOXED_OF_A_CROWD = 7
"""How many of a crowd, the nearest, have boxes of their own under G1 version 2 (rule 14)."""
SMALLEST = 6
"""Height in px from which an object counts (rule 8)."""

T = TypeVar("T", bound=Truth)


def under(guideline: str | None, truth: Sequence[T]) -> tuple[T, ...]:
    """The truth of a pool under a version of its guideline; unchanged unless it is a later one."""
    revise = _REVISIONS.get(guideline)
    return tuple(truth if revise is None else map(revise, truth))


def street_v2(item: TruthItem) -> TruthItem:
    """A picture under G1 version 2: rules 1 (low vans), 10 (street mirrors) and 14 (crowds)."""
    objects = [_low_van(obj) for obj in item.objects]
    mirrors = [decoy for decoy in item.decoys if decoy.kind == "mirror"]
    first = max((obj.id for obj in objects), default=0) + 1
    objects += [_image(decoy, number) for number, decoy in enumerate(mirrors, first)]
    for region in [obj for obj in objects if obj.crowd]:
        objects = _smaller_crowd(objects, region)
    decoys = tuple(decoy for decoy in item.decoys if decoy not in mirrors)
    return item.model_copy(update={"objects": tuple(objects), "decoys": decoys})


_REVISIONS: Mapping[str | None, Callable] = {"G1.v2": street_v2}


def _low_van(obj: TruthBox) -> TruthBox:
    low = obj.label == "van" and obj.bbox[3] < LOW_VAN
    return obj.model_copy(update={"label": "truck"}) if low else obj


def _image(decoy: Decoy, number: int) -> TruthBox:
    """What a mirror shows as an object; its box is all that is known of its pixels."""
    return TruthBox(
        id=number,
        label=decoy.label,
        bbox=decoy.bbox,
        amodal_bbox=decoy.bbox,
        area=decoy.bbox[2] * decoy.bbox[3],
        level="must" if decoy.bbox[3] >= SMALLEST else "ignore",
        mirror=True,
        edge_cases=("mirror",),
    )


def _smaller_crowd(objects: Sequence[TruthBox], region: TruthBox) -> list[TruthBox]:
    """The objects with all of a crowd but the nearest in its region."""
    members = [
        obj
        for obj in objects
        if "crowd" in obj.edge_cases and obj.label == region.label and not obj.crowd
    ]
    rest = sorted(members, key=lambda obj: obj.depth)[BOXED_OF_A_CROWD:]
    wider = region.model_copy(update={"bbox": _around([region, *rest])})
    return [wider if obj is region else obj for obj in objects if obj not in rest]


def _around(objects: Sequence[TruthBox]) -> BBox:
    """The smallest box around objects."""
    left, top = (min(obj.bbox[side] for obj in objects) for side in (0, 1))
    right, bottom = (max(obj.bbox[side] + obj.bbox[side + 2] for obj in objects) for side in (0, 1))
    return (left, top, right - left, bottom - top)
