"""The annotator for boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

ATTRIBUTES = ("occluded", "truncated", "crowd", "unsure", "mirror")
HINT = "Click the picture and drag over an object. Press ? for all keys."


class BoxAnnotator(Annotator):
    """Boxes on pictures, drawn by dragging, by four extreme clicks, by keys or in a list.

    Args:
        items: the pictures, in order.
        classes: names in the order of the keys 1 to 9.
        attributes: which of `ATTRIBUTES` are asked.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str],
        attributes: Sequence[str] = (),
        **shared: Any,
    ) -> None:
        for name in attributes:
            if name not in ATTRIBUTES:
                raise LabelSchoolError(
                    f"A box has no attribute {name!r}; it has {', '.join(ATTRIBUTES)}."
                )
        for item in items:
            if item.image is None:
                raise LabelSchoolError(f"Item {item.name!r} has no picture to draw boxes on.")
        super().__init__(
            mode="box",
            items=items,
            classes=classes,
            hint=HINT,
            settings={"attributes": [name for name in ATTRIBUTES if name in attributes]},
            **shared,
        )
