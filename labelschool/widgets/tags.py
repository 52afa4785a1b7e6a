"""The annotator for the class of a whole picture, text or card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

Choosing = Literal["single", "multi", "ordinal"]

HINT = "Click the card, then choose with the number keys. Press ? for all keys."


@dataclass(frozen=True, kw_only=True)
class Question:
    """One of several questions about an item; its answer is the `Choice` of that question.

    `classes` and `choosing` are those of a `TagAnnotator`, `text` is what the learner reads.
    """

    name: str
    classes: tuple[str, ...]
    choosing: Choosing = "single"
    text: str = ""

    def __post_init__(self) -> None:
        check_choosing(f"Question {self.name!r}", self.choosing)
        if not self.classes:
            raise LabelSchoolError(f"Question {self.name!r} needs at least one class.")


class TagAnnotator(Annotator):
    """One class, several, or a step on a scale for each picture, text or card.

    Args:
        items: the pictures, texts or cards, in order.
        classes: names in the order of the keys 1 to 9; for `ordinal` from low to high.
        choosing: ``single`` goes on after a choice, ``multi`` waits for Enter, ``ordinal`` shows
            the classes as a scale and goes on like ``single``.
        unsure: whether the learner may say "unsure".
        question: what is asked about each item, shown above the classes.
        questions: in place of `classes`, `choosing` and `question`, where several things are asked.
        each_field: whether it is asked for each text of a card, which then names the question.
        fields: the texts of a card in the order shown; others follow.
        draw: the PNG of an item by its name, where pictures are drawn when shown and are no files.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str] = (),
        choosing: Choosing = "single",
        unsure: bool = True,
        question: str = "",
        questions: Sequence[Question] = (),
        each_field: bool = False,
        fields: Sequence[str] = (),
        draw: Callable[[str], bytes] | None = None,
        **shared: Any,
    ) -> None:
        check_choosing("TagAnnotator", choosing)
        if questions and (classes or each_field):
            raise LabelSchoolError("TagAnnotator takes either classes or questions, not both.")
        check_fields(items, fields)
        if each_field:
            for item in items:
                if item.fields is None:
                    raise LabelSchoolError(f"Item {item.name!r} is no card with texts to ask for.")
        settings: dict[str, Any] = {"unsure": unsure, "fields": list(fields)}
        if questions:
            classes = [name for one in questions for name in one.classes]
            settings["questions"] = described(questions)
        else:
            settings |= {"choosing": choosing, "question": question, "each_field": each_field}
        self._draw = draw
        super().__init__(
            mode="tag",
            items=items,
            classes=classes,
            hint=HINT,
            settings=settings,
            **shared,
        )

    def _files(self, item: Item, part: str) -> list[bytes]:
        if self._draw and part == "image":
            return [self._draw(item.name)]
        return super()._files(item, part)


def check_choosing(who: str, choosing: str) -> None:
    """Raise one sentence where there is no such way of choosing."""
    if choosing not in get_args(Choosing):
        raise LabelSchoolError(
            f"{who} cannot choose {choosing!r}; choose {', '.join(get_args(Choosing))}."
        )


def check_fields(items: Sequence[Item], fields: Sequence[str]) -> None:
    """Raise one sentence about a name that no card has a text of."""
    known = {name for item in items for name in item.fields or ()}
    for name in fields:
        if name not in known:
            raise LabelSchoolError(
                f"No card has a text {name!r}; there is {', '.join(sorted(known)) or 'no card'}."
            )


def described(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as the browser is told them."""
    names = [question.name for question in questions]
    for name in names:
        if names.count(name) > 1:
            raise LabelSchoolError(f"There is more than one question {name!r}.")
    return [asdict(question) | {"classes": list(question.classes)} for question in questions]
