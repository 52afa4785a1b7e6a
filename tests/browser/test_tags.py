"""One class, several, or a step on a scale for each item."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab import Annotator, Lab, Notebook, open_book, tag_cell, wait_until
from playwright.sync_api import BrowserContext, Locator

Shown = Callable[[str], Annotator]

TEXTS = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, TagAnnotator

TagAnnotator(
    title="Helpfulness",
    items=[Item(name=f"answer-{n}", text=f"Answer {n}: Canberra.") for n in range(1, 4)],
    answer_file=AnswerFile("1.B", "practice", "G1.v1"),
    classes=["bad", "weak", "fair", "good", "very good"],
    choosing="ordinal",
)
""".strip()


SEVERAL = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, Question, TagAnnotator

TagAnnotator(
    title="Tickets",
    items=[Item(name=f"ticket-{n}", fields={"body": "Give me 312 back.", "subject": "Cabin"})
           for n in (1, 2)],
    answer_file=AnswerFile("1.B", "practice", "G7.v1"),
    questions=[
        Question(name="intent", classes=("refund", "access"), text="What is wanted?"),
        Question(name="themes", classes=("money", "home", "time"), choosing="multi"),
        Question(name="grade", classes=("0", "1", "2"), choosing="ordinal"),
    ],
    fields=["subject"],
)
""".strip()

HEADERS = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, TagAnnotator

TagAnnotator(
    title="Headers",
    items=[Item(name="header-1", fields={"Modality": "CT", "PatientName": "Ann", "Note": ""}),
           Item(name="header-2", fields={"PatientID": "7"})],
    answer_file=AnswerFile("1.B", "practice", "G11.v1"),
    classes=["keep", "drop"],
    each_field=True,
    unsure=False,
)
""".strip()

FORM = """
from labelschool.widgets import Field, Form, Handle, Plot

def changed(values):
    form.notes = {"hours": "That is a lot." if values.get("hours", 0) > 20 else ""}
    form.lines = [[(0, 0), (40, values.get("hours", 0))]]

form = Form(
    title="Pace",
    plot=Plot(label="Pace", x=(0, 40), y=(0, 40), handles=(Handle(x="hours", y="pay"),)),
    fields=[
        Field(name="hours", kind="number", label="Hours a week", unit="h", min=0, max=30, step=2),
        Field(name="pay", kind="slider", label="Pay", min=0, max=40, step=1),
        Field(name="town", kind="text", label="Town"),
        Field(name="box", kind="choice", label="Which box?", options=("A", "B")),
        Field(name="days", kind="multichoice", label="Which days?", options=("Mon", "Tue", "Wed")),
        Field(name="note", kind="textarea", label="Note"),
    ],
    values={"town": "Nairobi"},
    changed=changed,
)
form
""".strip()

CELLS = {
    "single": tag_cell(),
    "multi": tag_cell(choosing="multi"),
    "texts": TEXTS,
    "several": SEVERAL,
    "headers": HEADERS,
    "form": FORM,
    "values": "form.values",
}


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "tags", list(CELLS.values())) as opened:
        yield opened


@pytest.fixture
def shown(book: Notebook) -> Iterator[Shown]:
    """Shows the annotator of a cell without any saved work."""
    opened: list[Annotator] = []

    def show(name: str) -> Annotator:
        opened.append(book.fresh(list(CELLS).index(name)))
        return opened[-1]

    yield show
    # What comes late would be the next test's saved work.
    for annotator in opened:
        annotator.wait_saved()


def choices(annotator: Annotator) -> dict[str, tuple]:
    annotator.wait_saved()
    found = annotator.on_disk("answers/1.B.practice.json")
    return {
        name: (*[(c["labels"], c["unsure"]) for c in answer["annotations"]], answer["done"])
        for name, answer in found.items()
    }


def test_a_single_choice_goes_on_and_backspace_back(shown: Shown) -> None:
    annotator = shown("single")
    annotator.focus()
    annotator.press("2", "u", "3", "Backspace", "1")
    assert choices(annotator) == {
        "crop-1": ((["van"], False), True),
        "crop-2": ((["car"], True), True),
    }
    assert annotator.js("s.index") == 2
    annotator.press("Control+z", "Control+z")
    assert annotator.js("s.index") == 1
    assert choices(annotator)["crop-2"] == ((([], True)), False)


def test_a_held_key_labels_one_item(shown: Shown) -> None:
    annotator = shown("single")
    annotator.focus()
    for _ in range(6):
        annotator.page.keyboard.down("1")
    annotator.page.keyboard.up("1")
    assert list(choices(annotator)) == ["crop-1"]


def test_clicks_do_the_same_and_the_last_item_ends_the_run(shown: Shown) -> None:
    annotator = shown("single")
    button = annotator.root.get_by_role("button", name="truck, key 3")
    for _ in range(8):
        button.click()
    assert len(choices(annotator)) == 8
    assert annotator.root.locator(".ls-status").inner_text() == "All 8 items are done."
    saved = annotator.on_disk("answers/1.B.practice.json")["crop-8"]
    assert saved["annotations"][0]["mode"] == "mouse"
    assert annotator.root.locator(".ls-tag-stage").evaluate("n => n === document.activeElement")


def test_the_clock_shows_the_whole_exercise(shown: Shown) -> None:
    annotator = shown("single")
    annotator.focus()
    clock = annotator.root.get_by_label("Active time in this exercise")
    annotator.press("Shift")
    annotator.page.wait_for_timeout(1100)
    annotator.press("1")
    assert annotator.js("s.index") == 1
    assert clock.inner_text() == "0:01"
    annotator.page.wait_for_timeout(1100)
    annotator.press("1")
    assert clock.inner_text() == "0:02"
    assert clock.get_attribute("title") == "Active time in this exercise"


def test_several_classes_wait_for_enter(shown: Shown) -> None:
    annotator = shown("multi")
    annotator.focus()
    annotator.press("3", "1", "2", "2")
    assert choices(annotator) == {"crop-1": ((["car", "truck"], False), False)}
    annotator.press("Enter", "Enter")
    assert choices(annotator) == {
        "crop-1": ((["car", "truck"], False), True),
        "crop-2": (([], False), True),
    }


def test_a_text_is_shown_and_rated_on_a_scale(shown: Shown) -> None:
    annotator = shown("texts")
    assert annotator.root.get_by_text("Answer 1: Canberra.").is_visible()
    annotator.focus()
    annotator.press("Enter")
    assert annotator.js("s.index") == 0
    annotator.press("4")
    assert choices(annotator) == {"answer-1": ((["good"], False), True)}
    assert annotator.root.get_by_text("Answer 2: Canberra.").is_visible()


def test_small_crops_are_enlarged_within_the_card(shown: Shown) -> None:
    annotator = shown("single")
    crop = annotator.root.locator(".ls-crop").bounding_box()
    stage = annotator.root.locator(".ls-tag-stage").bounding_box()
    assert crop
    assert stage
    assert crop["height"] > 3 * 72
    assert crop["y"] >= stage["y"]
    assert crop["y"] + crop["height"] <= stage["y"] + stage["height"]


def answers(annotator: Annotator, item: str) -> dict[str, list[str]]:
    annotator.wait_saved()
    saved = annotator.on_disk("answers/1.B.practice.json")[item]
    return {choice["question"]: choice["labels"] for choice in saved["annotations"]}


def test_several_questions_are_answered_one_after_the_other(shown: Shown) -> None:
    annotator = shown("several")
    texts = annotator.root.locator(".ls-section-title").all_inner_texts()
    assert texts == ["Subject", "Body"]
    asked = annotator.root.locator(".ls-question").all_inner_texts()
    assert asked == ["What is wanted?", "Themes", "Grade"]
    annotator.focus()
    annotator.press("2", "Enter")
    assert annotator.root.locator(".ls-status").inner_text().startswith("Grade: ")
    annotator.press("0", "3", "1", "ArrowUp", "1", "u")
    assert answers(annotator, "ticket-1") == {
        "intent": ["refund"],
        "grade": ["0"],
        "themes": ["money", "time"],
    }
    annotator.press("Control+z", "Control+z")
    assert answers(annotator, "ticket-1")["intent"] == ["access"]
    annotator.root.get_by_role("button", name="2, key 2").click()
    annotator.press("Enter")
    assert answers(annotator, "ticket-1")["grade"] == ["2"]
    assert annotator.js("s.index") == 1


def test_each_text_of_a_card_is_asked_for(shown: Shown) -> None:
    annotator = shown("headers")
    annotator.focus()
    annotator.press("1", "2", "Enter")
    assert annotator.js("s.index") == 0
    annotator.root.get_by_role("button", name="drop").nth(2).click()
    assert answers(annotator, "header-1") == {
        "Modality": ["keep"],
        "PatientName": ["drop"],
        "Note": ["drop"],
    }
    annotator.press("Enter", "2", "Enter")
    assert answers(annotator, "header-2") == {"PatientID": ["drop"]}


def test_a_choice_is_there_after_the_kernel_was_restarted(shown: Shown, screenshots: Path) -> None:
    annotator = shown("several")
    annotator.focus()
    annotator.press("1", "2", "q", "0")
    annotator.root.get_by_role("button", name="Unsure, key U").nth(2).click()
    before = answers(annotator, "ticket-1")
    assert before == {"intent": ["refund"], "themes": ["home"], "grade": ["0"]}
    annotator.root.screenshot(path=screenshots / "tag.png")
    book = annotator.notebook
    book.lab.restart_kernel(book.name)
    book.wait_ready()
    again = book.show(list(CELLS).index("several"))
    assert answers(again, "ticket-1") == before
    assert again.root.get_by_role("button", pressed=True).count() == 4


@pytest.fixture
def form(book: Notebook) -> Locator:
    """The form, as the cell shows it at first."""
    book.run(list(CELLS).index("form"))
    shown = book.frame.locator(".ls-form").last
    shown.wait_for()
    return shown


def wait_values(book: Notebook, expected: dict) -> None:
    """Wait until these values have come to the kernel."""
    cell = list(CELLS).index("values")

    def held() -> bool:
        book.run(cell)
        found = book.output(cell)
        return found.startswith("{") and expected.items() <= ast.literal_eval(found).items()

    wait_until(held, 10, f"{expected}")


def test_a_form_keeps_typed_values(book: Notebook, form: Locator) -> None:
    assert form.get_by_label("Town").input_value() == "Nairobi"
    form.get_by_label("Hours a week").fill("24")
    form.get_by_label("Hours a week").press("Tab")
    form.get_by_text("That is a lot.").wait_for()
    form.get_by_label("B", exact=True).check()
    form.get_by_label("Wed").check()
    form.get_by_label("Mon").check()
    form.get_by_label("Note").fill("dd00x")
    form.get_by_label("Note").press("Tab")
    expected = {"town": "Nairobi", "hours": 24, "box": "B", "days": ["Mon", "Wed"], "note": "dd00x"}
    wait_values(book, expected)


def test_a_handle_moves_the_fields_and_the_fields_move_it(
    book: Notebook, form: Locator, screenshots: Path
) -> None:
    handle = form.locator("circle")
    handle.hover()
    plot = form.locator("svg").bounding_box()
    assert plot
    mouse = book.page.mouse
    mouse.down()
    mouse.move(plot["x"] + plot["width"] * 0.61, plot["y"] + plot["height"] / 2, steps=4)
    mouse.up()
    hours, pay = form.get_by_label("Hours a week"), form.get_by_label("Pay").first
    assert (hours.input_value(), pay.input_value()) == ("24", "20")
    form.screenshot(path=screenshots / "form.png")
    form.locator("input[type=range]").press("ArrowRight")
    assert pay.input_value() == "21"
    before = handle.get_attribute("cx")
    hours.fill("10")
    hours.press("Enter")
    assert handle.get_attribute("cx") != before
    wait_values(book, {"hours": 10, "pay": 21})
