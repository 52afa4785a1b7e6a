"""The settings of the annotators for texts, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Choice, Preference, Ranking, Span
from labelschool.widgets import (
    Item,
    PreferenceAnnotator,
    Question,
    SpanAnnotator,
    TagAnnotator,
)

TEXT = Item(name="news", text="Norrbeck Wind AS \U0001f600")
CARD = Item(
    name="card", fields={"a": "one", "b": "two", "c": "three", "tests": "def test_x(): ..."}
)
PICTURE = Item(name="picture", image=Path("a.jpg"), width=4, height=3)
VERDICT = Question(name="verdict", classes=("yes", "no"))


@pytest.fixture
def file(tmp_path: Path) -> AnswerFile:
    return AnswerFile("2.F", "practice", "G6.v1", tmp_path)


def spans(file: AnswerFile, *items: Item, **more: Any) -> SpanAnnotator:
    return SpanAnnotator(title="Spans", items=items, answer_file=file, **{"classes": "AB", **more})


def tags(file: AnswerFile, *items: Item, **more: Any) -> TagAnnotator:
    return TagAnnotator(title="Tags", items=items, answer_file=file, **more)


def preferences(file: AnswerFile, *items: Item, **more: Any) -> PreferenceAnnotator:
    return PreferenceAnnotator(title="Pairs", items=items, answer_file=file, **more)


@pytest.mark.parametrize(
    ("make", "items", "more", "sentence"),
    [
        (spans, [PICTURE], {}, "Item 'picture' has no text to mark words in."),
        (spans, [TEXT], {"clases": ["A"]}, "SpanAnnotator has no setting 'clases'; did you mean"),
        (spans, [CARD], {"marked": ["d"]}, "No card has a text 'd'; there is a, b, c, tests."),
        (spans, [TEXT], {"fields": ["a"]}, "No card has a text 'a'; there is no card."),
        (spans, [TEXT], {"questions": [VERDICT, VERDICT]}, "more than one question 'verdict'"),
        (tags, [CARD], {}, "TagAnnotator needs at least one class."),
        (tags, [CARD], {"classes": ["x"], "questions": [VERDICT]}, "either classes or questions"),
        (tags, [TEXT], {"classes": ["x"], "each_field": True}, "Item 'news' is no card"),
        (preferences, [TEXT], {}, "Item 'news' has no text 'a' to compare."),
        (preferences, [CARD], {"answers": ["a", "a"]}, "two different answers or more"),
        (preferences, [CARD], {"answers": ["a"]}, "two different answers or more"),
        (preferences, [CARD], {"answers": ["a", "b", "c"], "evidence": True}, "belong to a compar"),
        (preferences, [CARD], {"answers": ["a", "b", "c"], "criteria": "x"}, "belong to a compar"),
        (preferences, [CARD], {"tests": "tests"}, "Tests belong to a ranking"),
        (preferences, [CARD], {"code": ["d"]}, "No card has a text 'd'"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    file: AnswerFile, make: Any, items: list[Item], more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(LabelSchoolError) as told:
        make(file, *items, **more)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_question_needs_classes_and_a_way_of_choosing() -> None:
    with pytest.raises(LabelSchoolError, match="Question 'intent' needs at least one class"):
        Question(name="intent", classes=())
    with pytest.raises(LabelSchoolError, match="cannot choose 'some'; choose single, multi"):
        Question(name="intent", classes=("x",), choosing="some")


def test_two_answers_are_compared_and_more_are_ranked(file: AnswerFile) -> None:
    assert preferences(file, CARD).mode == "preference"
    ranked = preferences(file, CARD, answers=["a", "b", "c"], tests="tests")
    assert ranked.mode == "ranking"
    assert ranked.spec["answers"] == ["a", "b", "c"]
    assert repr(ranked) == "PreferenceAnnotator 2.F: run this cell"


def test_the_one_question_of_old_is_asked_as_before(file: AnswerFile) -> None:
    spec = tags(file, TEXT, classes=["x", "y"], choosing="multi", question="Which?").spec
    assert (spec["classes"], spec["choosing"], spec["question"]) == (["x", "y"], "multi", "Which?")
    assert "questions" not in spec


MADE = [
    Span(id="s", label="PER", start=17, end=18, layer=2, severity="major", field="a", ms=3.5),
    Choice(id="verdict", question="verdict", labels=("yes",), unsure=True),
    Preference(evidence=(Span(id="e", label="evidence", start=0, end=2),), rationale="\U0001f600"),
    Preference(step=-3, criteria={"clarity": 0}, shown=("a", "b")),
    Preference(step=0, shown=("b", "a")),
    Ranking(order=("b", "a"), failing={"a": "test_x"}, rationale="b is right", shown=("a", "b")),
    Ranking(order=("", "a", "")),
]


@pytest.mark.parametrize("made", MADE, ids=lambda made: type(made).__name__)
def test_an_answer_loads_again_as_it_was_saved(file: AnswerFile, made: Any) -> None:
    widget = spans(file, TEXT)
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    edit = {"item": "news", "annotations": [made.model_dump(mode="json")], "active_ms": 9}
    save = {"kind": "save", "client": "tab", "seq": 1, "base": 0, "edits": [edit], "modes": {}}
    widget._handle_custom_msg(save, [])
    assert sent[-1]["kind"] == "saved"
    before = file.path.read_bytes()
    spans(file, TEXT)._handle_custom_msg({"kind": "hello", "client": "tab"}, [])
    assert file.path.read_bytes() == before
    assert file.read().item("news").annotations == (made,)
    widget._handle_custom_msg({"kind": "hello", "client": "tab"}, [])
    assert sent[-1]["answers"]["news"]["annotations"] == edit["annotations"]
