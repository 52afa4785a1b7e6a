"""The annotator for boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator, refuse_unknown

SETTINGS = ("title", "items", "answer_file", "classes", "attributes", "rules", "guideline")
ATTRIBUTES = ("occluded", "truncated", "crowd", "unsure")
HINT = "Click the picture and drag over an object. Press ? for all keys."


class BoxAnnotator(Annotator):
    """Boxes on pictures, drawn by dragging, by four extreme clicks, by keys or in a list.

    Args:
        title: what the header says.
        items: the pictures, in order.
        answer_file: read on showing, written at each edit.
        classes: names in the order of the keys 1 to 9.
        attributes: which of occluded, truncated, crowd and unsure are asked.
        rules: (number, short sentence) of the guideline, for escalation.
        guideline: id shown beside the title, such as ``G1.v1``.
    """

    def __init__(
        self,
        *,
        title: str,
        items: Sequence[Item],
        answer_file: AnswerFile,
        classes: Sequence[str],
        attributes: Sequence[str] = (),
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
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
            title=title,
            items=items,
            answer_file=answer_file,
            classes=classes,
            rules=rules,
            guideline=guideline,
            hint=HINT,
            settings={"attributes": [name for name in ATTRIBUTES if name in attributes]},
        )
