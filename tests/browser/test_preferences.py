"""Comparing two answers, and ranking more, by every input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Annotator, Lab, Notebook, open_book
from playwright.sync_api import BrowserContext
from test_spans import drag_over

FILE = "answers/2.H.practice.json"

PAIRS = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, PreferenceAnnotator

PreferenceAnnotator(
    title="Answers",
    items=[
        Item(name=f"pair-{n}", fields={
            "a": "Canberra, I am sure.", "b": "It is Canberra.", "prompt": "Capital?",
        })
        for n in (1, 2)
    ],
    answer_file=AnswerFile("2.H", "practice", "G8.v1"),
    criteria=["correctness", "clarity"],
    rationale=12,
    evidence=True,
    rules=[(1, "Length is no merit.")],
)
""".strip()

CODE = r"""
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, PreferenceAnnotator

TESTS = "def test_empty():\n    assert f([]) == 0\n\ndef test_long():\n    assert f('x') == 1"
PreferenceAnnotator(
    title="Code",
    items=[
        Item(name=f"code-{n}", fields={
            "a": "def f(x):\n    return 0", "b": "f = len", "c": "f = sum",
            "task": "Write f.", "tests": TESTS,
        })
        for n in (1, 2)
    ],
    answer_file=AnswerFile("2.H", "practice", "G8.v1"),
    answers=["a", "b", "c"],
    tests="tests",
    code=["a", "b", "c", "tests"],
)
""".strip()


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "preferences", [PAIRS, CODE]) as opened:
        yield opened


@pytest.fixture
def pairs(book: Notebook) -> Iterator[Annotator]:
    annotator = book.fresh()
    yield annotator
    leave(annotator)


@pytest.fixture
def code(book: Notebook) -> Iterator[Annotator]:
    annotator = book.fresh(1)
    yield annotator
    leave(annotator)


def leave(annotator: Annotator) -> None:
    """Leave nothing to the next test: no late save, and no focus in a text."""
    annotator.wait_saved()
    annotator.page.evaluate("document.activeElement.blur()")


def saved(annotator: Annotator, item: str) -> dict[str, Any]:
    """The one annotation of an item as it is on disk."""
    annotator.wait_saved()
    [made] = annotator.on_disk(FILE)[item]["annotations"]
    return made


def status(annotator: Annotator) -> str:
    return annotator.root.locator(".ls-status").inner_text()


def test_a_pair_is_judged_by_keyboard(pairs: Annotator) -> None:
    pairs.focus()
    pairs.press("5", "3")
    assert saved(pairs, "pair-1")["step"] is None
    pairs.press("Enter")
    assert status(pairs).startswith("Overall: choose")
    pairs.press("7", "Shift+Q", "4", "Enter")
    assert status(pairs).startswith("Say why")
    pairs.page.keyboard.type("B 1 no fuss?")
    pairs.press("Escape", "Enter")
    made = saved(pairs, "pair-1")
    assert made["criteria"] == {"correctness": 1, "clarity": 0}
    assert (made["step"], made["rationale"]) == (3, "B 1 no fuss?")
    assert pairs.js("s.index") == 1


def test_evidence_is_marked_in_the_answers_alone(pairs: Annotator) -> None:
    drag_over(pairs, "I am sure")
    assert pairs.shapes == []
    pairs.press("m")
    drag_over(pairs, "Capital")
    pairs.press("m")
    pairs.focus()
    pairs.press("Tab", "Home", "Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "m")
    made = saved(pairs, "pair-1")["evidence"]
    assert [(span["field"], span["start"], span["end"], span["mode"]) for span in made] == [
        ("a", 10, 19, "mouse"),
        ("b", 0, 5, "keyboard"),
    ]
    pairs.press("Delete")
    assert len(saved(pairs, "pair-1")["evidence"]) == 1
    pairs.press("Control+z")
    assert saved(pairs, "pair-1")["evidence"] == made


def test_steps_by_clicks(pairs: Annotator) -> None:
    rows = pairs.root.locator(".ls-questions")
    rows.get_by_role("toolbar", name="Clarity").get_by_label("equal").click()
    rows.get_by_role("toolbar", name="Overall").get_by_label("A slightly better").click()
    rows.get_by_role("toolbar", name="Correctness").get_by_label("B better").click()
    made = saved(pairs, "pair-1")
    assert made["criteria"] == {"correctness": 2, "clarity": 0}
    assert (made["step"], made["mode"], made["shown"]) == (-1, "mouse", ["a", "b"])
    chosen = rows.get_by_role("button", pressed=True)
    assert [one.get_attribute("title")[:-7] for one in chosen.all()] == [
        "B better",
        "equal",
        "A slightly better",
    ]
    pairs.press("Control+z", "Control+z", "Control+z")
    assert pairs.shapes == []
    pairs.press("Control+y", "Control+y", "Control+y")
    assert pairs.shapes == [made]


def test_a_reason_is_kept_as_it_is_typed_and_undone_at_once(pairs: Annotator) -> None:
    pairs.focus()
    pairs.press("r")
    pairs.page.keyboard.type("dd 00 x")
    assert saved(pairs, "pair-1")["rationale"] == "dd 00 x"
    pairs.press("Escape", "Control+z")
    assert pairs.shapes == []
    assert pairs.root.locator("textarea").input_value() == ""
    pairs.press("Control+y", "]", "[")
    assert pairs.root.locator("textarea").input_value() == "dd 00 x"


def test_what_was_judged_is_there_after_the_kernel_was_restarted(
    pairs: Annotator, screenshots: Path
) -> None:
    drag_over(pairs, "It is")
    pairs.press("m", "6", "5", "7")
    made = saved(pairs, "pair-1")
    pairs.root.screenshot(path=screenshots / "preference.png")
    leave(pairs)
    book = pairs.notebook
    book.lab.restart_kernel(book.name)
    book.wait_ready()
    again = book.show()
    assert again.js("s.held('pair-1').annotations") == [made]
    assert again.root.get_by_role("button", pressed=True).count() == 3


def order(annotator: Annotator) -> tuple[list[str], dict[str, str]]:
    made = saved(annotator, "code-1")
    return made["order"], made["failing"]


def test_answers_are_ranked_by_keyboard(code: Annotator) -> None:
    code.focus()
    code.press("Enter")
    assert status(code).startswith("A: choose")
    code.press("2")
    assert order(code)[0] == ["", "a", ""]
    code.press("1")
    assert order(code)[0] == ["b", "a", "c"]
    code.press("f", "ArrowDown", "Escape", "q", "f", "ArrowDown", "ArrowDown", "Escape")
    assert order(code)[1] == {"b": "test_empty", "c": "test_long"}
    code.press("1")
    assert order(code)[0] == ["c", "a", "b"]
    code.press("Control+z", "Control+z", "Shift+Q", "Shift+Q", "1", "Enter")
    assert order(code) == (["a", "b", "c"], {"b": "test_empty", "c": "test_empty"})
    assert code.js("s.index") == 1


def test_answers_are_ranked_by_clicks_and_in_the_list(code: Annotator, screenshots: Path) -> None:
    rank = code.root.get_by_role("toolbar", name="C", exact=True).get_by_label("rank 1")
    rank.click()
    assert order(code)[0] == ["c", "", ""]
    code.root.get_by_role("toolbar", name="A", exact=True).get_by_label("rank 2").click()
    assert order(code)[0] == ["c", "a", "b"]
    code.root.get_by_label("Test that B fails").select_option("test_long")
    assert order(code)[1] == {"b": "test_long"}
    code.root.screenshot(path=screenshots / "ranking.png")
    code.root.get_by_label("Test that B fails").select_option("")
    made = saved(code, "code-1")
    assert (made["failing"], made["shown"]) == ({}, ["a", "b", "c"])
