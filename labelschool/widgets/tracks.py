"""The annotator for tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator, refuse_unknown

SETTINGS = ("title", "items", "answer_file", "classes", "rules", "guideline")
HINT = "Drag over an object, go on with . and put its box where it is then. Press ? for all keys."


class TrackAnnotator(Annotator):
    """Boxes through clips, one track for each object, with keyframes where the motion changes.

    Args:
        title: what the header says.
        items: the clips, in order.
        answer_file: read on showing, written at each edit.
        classes: names in the order of the keys 1 to 9.
        rules: (number, short sentence) of the guideline, for escalation.
        guideline: id shown beside the title, such as ``G4.v1``.
    """

    def __init__(
        self,
        *,
        title: str,
        items: Sequence[Item],
        answer_file: AnswerFile,
        classes: Sequence[str],
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        for item in items:
            if not item.frames:
                raise LabelSchoolError(f"Item {item.name!r} has no clip to draw tracks on.")
        super().__init__(
            mode="track",
            title=title,
            items=items,
            answer_file=answer_file,
            classes=classes,
            rules=rules,
            guideline=guideline,
            hint=HINT,
            settings={},
        )
