"""The annotator for the class of a whole picture or text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator, refuse_unknown

Choosing = Literal["single", "multi", "ordinal"]

SETTINGS = (
    "title",
    "items",
    "answer_file",
    "classes",
    "choosing",
    "unsure",
    "question",
    "rules",
    "guideline",
)
HINT = "Click the card, then choose with the number keys. Press ? for all keys."


class TagAnnotator(Annotator):
    """One class, several, or a step on a scale for each picture or text.

    Args:
        title: what the header says.
        items: the pictures or texts, in order.
        answer_file: read on showing, written at each choice.
        classes: names in the order of the keys 1 to 9; for `ordinal` from low to high.
        choosing: ``single`` goes on after a choice, ``multi`` waits for Enter, ``ordinal`` shows
            the classes as a scale and goes on like ``single``.
        unsure: whether the learner may say "unsure".
        question: what is asked about each item, shown above the classes.
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
        choosing: Choosing = "single",
        unsure: bool = True,
        question: str = "",
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        if choosing not in get_args(Choosing):
            raise LabelSchoolError(
                f"TagAnnotator cannot choose {choosing!r}; choose {', '.join(get_args(Choosing))}."
            )
        super().__init__(
            mode="tag",
            title=title,
            items=items,
            answer_file=answer_file,
            classes=classes,
            rules=rules,
            guideline=guideline,
            hint=HINT,
            settings={"choosing": choosing, "unsure": unsure, "question": question},
        )
