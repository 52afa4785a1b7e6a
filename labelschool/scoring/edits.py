"""What was changed between two states of the boxes of one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelschool.model import Box

from .matching import assign, iou_matrix, outward

UNTOUCHED_PX = 1.0
"""A side may move by so much without being a change."""
REDRAWN = 0.5
"""IoU from which a new box is a deleted one drawn again."""
FLAGS = ("occluded", "truncated", "crowd", "unsure", "mirror")


@dataclass(frozen=True, slots=True)
class Edit:
    """One box before and after; None where it was not there, or is not any more."""

    old: Box | None
    new: Box | None

    @property
    def what(self) -> str:
        """``added``, ``deleted``, ``relabelled``, ``flagged`` or ``moved``; empty if untouched."""
        old, new = self.old, self.new
        if old is None or new is None:
            return "deleted" if new is None else "added"
        if old.label != new.label:
            return "relabelled"
        if any(getattr(old, flag) != getattr(new, flag) for flag in FLAGS):
            return "flagged"
        sides = outward(new.bbox, old.bbox).values()
        return "moved" if max(map(abs, sides)) > UNTOUCHED_PX else ""


def edits(start: Sequence[Box], answer: Sequence[Box]) -> list[Edit]:
    """Each box with itself before: by its id, and one drawn again by its place."""
    by_id = {box.id: box for box in start}
    found = [Edit(by_id.pop(box.id, None), box) for box in answer]
    gone, drawn = list(by_id.values()), [edit.new for edit in found if edit.old is None]
    overlaps = iou_matrix([box.bbox for box in gone], [box.bbox for box in drawn])
    again = dict(assign(overlaps, overlaps >= REDRAWN))
    redrawn = {id(drawn[column]): gone[row] for row, column in again.items()}
    found = [Edit(edit.old or redrawn.get(id(edit.new)), edit.new) for edit in found]
    return found + [Edit(box, None) for row, box in enumerate(gone) if row not in again]
