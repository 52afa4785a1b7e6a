"""The annotator for findings on scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator, refuse_unknown

SETTINGS = ("title", "items", "answer_file", "classes", "rules", "guideline")
CLASSES = ("nodule", "small_nodule", "non_nodule")
"""Of guideline G3: at least 3 mm, under 3 mm, another finding of at least 3 mm."""
WINDOWS = (
    {"name": "Lung", "level": -500, "width": 1500},
    {"name": "Soft tissue", "level": 40, "width": 400},
    {"name": "Bone", "level": 400, "width": 1800},
)
SCALE = {"slope": 8, "intercept": -1024}
"""HU = slope * stored value + intercept, as the slices of the course are stored."""
HINT = "Click the slice, then drag around a finding. Press ? for all keys."


class ScanAnnotator(Annotator):
    """Findings on slices: outlines and points, measured in mm, with a confidence from 1 to 5.

    Args:
        title: what the header says.
        items: slices with their spacing, in order.
        answer_file: read on showing, written at each edit.
        classes: names in the order of the keys 1 to 9.
        rules: (number, short sentence) of the guideline, for escalation.
        guideline: id shown beside the title, such as ``G3.v1``.
    """

    def __init__(
        self,
        *,
        title: str,
        items: Sequence[Item],
        answer_file: AnswerFile,
        classes: Sequence[str] = CLASSES,
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        for item in items:
            if item.image is None or item.spacing is None:
                raise LabelSchoolError(
                    f"Item {item.name!r} needs a picture and its spacing in mm to measure on."
                )
        super().__init__(
            mode="scan",
            title=title,
            items=items,
            answer_file=answer_file,
            classes=classes,
            rules=rules,
            guideline=guideline,
            hint=HINT,
            settings={"windows": [dict(window) for window in WINDOWS], "scale": SCALE},
        )
