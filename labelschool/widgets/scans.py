"""The annotator for findings on scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

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
        items: slices with their spacing, in order.
        classes: names in the order of the keys 1 to 9.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str] = CLASSES,
        **shared: Any,
    ) -> None:
        for item in items:
            if item.image is None or item.spacing is None:
                raise LabelSchoolError(
                    f"Item {item.name!r} needs a picture and its spacing in mm to measure on."
                )
        super().__init__(
            mode="scan",
            items=items,
            classes=classes,
            hint=HINT,
            settings={"windows": [dict(window) for window in WINDOWS], "scale": SCALE},
            **shared,
        )
