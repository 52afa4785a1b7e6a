"""The annotator for keypoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import SKELETON, Item
from labelschool.widgets._base import Annotator

POINTS = (
    "nose",
    "left_shoulder",
    "right_shoulder",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_ankle",
    "right_ankle",
)
"""The nine points of guideline G13, a subset of the seventeen of COCO."""
HINT = "Click the picture, then the points of a person in turn. Press ? for all keys."


class KeypointAnnotator(Annotator):
    """Named points on figures, with visibility 2 (seen), 1 (hidden) or 0 (not labelled).

    Args:
        items: the pictures, in order.
        points: names in the order in which they are placed and of the keys 1 to 9; those of a side
            begin with ``left_`` or ``right_``, the subject's own.
        skeleton: pairs of points joined by a line; that of the course's people by default.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        points: Sequence[str] = POINTS,
        skeleton: Sequence[tuple[str, str]] | None = None,
        **shared: Any,
    ) -> None:
        for item in items:
            if item.image is None:
                raise LabelSchoolError(f"Item {item.name!r} has no picture to place points on.")
        if not points or len(set(points)) < len(points):
            raise LabelSchoolError(
                "KeypointAnnotator needs the names of its points, each of them once."
            )
        if skeleton is None:
            skeleton = SKELETON if tuple(points) == POINTS else ()
        place = {name: index for index, name in enumerate(points)}
        for name in (name for bone in skeleton for name in bone):
            if name not in place:
                raise LabelSchoolError(
                    f"The skeleton joins {name!r}, which is not among the points: "
                    f"{', '.join(points)}."
                )
        super().__init__(
            mode="keypoint",
            items=items,
            classes=["person"],
            hint=HINT,
            settings={
                "points": list(points),
                "skeleton": [[place[first], place[second]] for first, second in skeleton],
            },
            **shared,
        )
