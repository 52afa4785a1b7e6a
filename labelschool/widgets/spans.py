"""The annotator for words in texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator
from labelschool.widgets.tags import Question, check_fields, described

HINT = "Select words with the mouse, then press the number of a class. Press ? for all keys."
HINT_ONE = "Select words with the mouse to mark them. Press ? for all keys."


class SpanAnnotator(Annotator):
    """Words marked in texts, by dragging, by a caret and keys, or in a list.

    Spans may overlap. One that lies inside another of its text gets layer 2 by itself.

    Args:
        items: the texts or cards, in order.
        classes: names in the order of the keys 1 to 9. A single class is given to words as soon as
            they are selected.
        severity: whether each span is minor or major.
        relations: names of what may hold between two spans, in the order of the keys 1 to 9.
        questions: what is asked about the item besides, such as the verdict on a claim.
        fields: the texts of a card in the order shown; others follow.
        marked: the texts of a card in which words may be marked; all, where none is named.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str],
        severity: bool = False,
        relations: Sequence[str] = (),
        questions: Sequence[Question] = (),
        fields: Sequence[str] = (),
        marked: Sequence[str] = (),
        **shared: Any,
    ) -> None:
        for item in items:
            if item.text is None and item.fields is None:
                raise LabelSchoolError(f"Item {item.name!r} has no text to mark words in.")
        check_fields(items, [*fields, *marked])
        super().__init__(
            mode="span",
            items=items,
            classes=classes,
            hint=HINT if len(classes) > 1 else HINT_ONE,
            settings={
                "severity": severity,
                "relations": list(relations),
                "questions": described(questions),
                "fields": list(fields),
                "marked": list(marked),
            },
            **shared,
        )
