"""The annotator for which of several answers is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator
from labelschool.widgets.tags import check_fields

HINT_TWO = "Read both answers, then choose steps with the keys 1 to 7. Press ? for all keys."
HINT_MORE = "Read all answers, then give each its rank, 1 for the best. Press ? for all keys."


class PreferenceAnnotator(Annotator):
    """Two answers compared on a scale of seven steps, or three and more put in an order.

    The answers stand in the order of `answers` on every item, and each record names that order.

    Args:
        items: the cards, in order.
        answers: which texts of a card are the answers; the others are shown above them.
        criteria: compared one by one on the same scale, before the whole (two answers).
        rationale: the least number of characters of the reason; None asks for none.
        evidence: whether words of the answers can be marked as evidence (two answers).
        tests: the text with the tests, one of which each answer may fail (three answers and more).
        fields: the other texts in the order shown.
        code: texts that are program code.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        answers: Sequence[str] = ("a", "b"),
        criteria: Sequence[str] = (),
        rationale: int | None = None,
        evidence: bool = False,
        tests: str | None = None,
        fields: Sequence[str] = (),
        code: Sequence[str] = (),
        **shared: Any,
    ) -> None:
        if len(set(answers)) < max(2, len(answers)):
            raise LabelSchoolError("PreferenceAnnotator compares two different answers or more.")
        ranking = len(answers) > 2
        if ranking and (criteria or evidence):
            raise LabelSchoolError("Criteria and evidence belong to a comparison of two answers.")
        if tests and not ranking:
            raise LabelSchoolError("Tests belong to a ranking of three answers or more.")
        for item in items:
            if missing := [name for name in answers if name not in (item.fields or ())]:
                raise LabelSchoolError(f"Item {item.name!r} has no text {missing[0]!r} to compare.")
        check_fields(items, [*fields, *code, *filter(None, [tests])])
        settings = {
            "answers": list(answers),
            "fields": list(fields),
            "code": list(code),
            "criteria": list(criteria),
            "rationale": rationale,
            "evidence": evidence,
            "tests": tests,
        }
        super().__init__(
            mode="ranking" if ranking else "preference",
            items=items,
            classes=answers,
            hint=HINT_MORE if ranking else HINT_TWO,
            settings=settings,
            **shared,
        )
