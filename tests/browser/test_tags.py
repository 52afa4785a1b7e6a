"""One class, several, or a step on a scale for each item."""

from __future__ import annotations

import ast
from collections.abc import Callable

from lab import Annotator, Notebook, tag_cell, wait_until

Opened = Callable[..., Notebook]

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


def choices(annotator: Annotator) -> dict[str, tuple]:
    annotator.wait_saved()
    found = annotator.on_disk("answers/1.B.practice.json")
    return {
        name: (*[(c["labels"], c["unsure"]) for c in answer["annotations"]], answer["done"])
        for name, answer in found.items()
    }


def test_a_single_choice_goes_on_and_backspace_back(notebook: Opened) -> None:
    annotator = notebook(tag_cell()).show()
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


def test_a_held_key_labels_one_item(notebook: Opened) -> None:
    annotator = notebook(tag_cell()).show()
    annotator.focus()
    for _ in range(6):
        annotator.page.keyboard.down("1")
    annotator.page.keyboard.up("1")
    assert list(choices(annotator)) == ["crop-1"]


def test_clicks_do_the_same_and_the_last_item_ends_the_run(notebook: Opened) -> None:
    annotator = notebook(tag_cell()).show()
    button = annotator.root.get_by_role("button", name="truck, key 3")
    for _ in range(8):
        button.click()
    assert len(choices(annotator)) == 8
    assert annotator.root.locator(".ls-status").inner_text() == "All 8 items are done."
    saved = annotator.on_disk("answers/1.B.practice.json")["crop-8"]
    assert saved["annotations"][0]["mode"] == "mouse"
    assert annotator.root.locator(".ls-tag-stage").evaluate("n => n === document.activeElement")


def test_the_clock_shows_the_whole_exercise(notebook: Opened) -> None:
    annotator = notebook(tag_cell()).show()
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


def test_several_classes_wait_for_enter(notebook: Opened) -> None:
    annotator = notebook(tag_cell(choosing="multi")).show()
    annotator.focus()
    annotator.press("3", "1", "2", "2")
    assert choices(annotator) == {"crop-1": ((["car", "truck"], False), False)}
    annotator.press("Enter", "Enter")
    assert choices(annotator) == {
        "crop-1": ((["car", "truck"], False), True),
        "crop-2": (([], False), True),
    }


def test_a_text_is_shown_and_rated_on_a_scale(notebook: Opened) -> None:
    annotator = notebook(TEXTS).show()
    assert annotator.root.get_by_text("Answer 1: Canberra.").is_visible()
    annotator.focus()
    annotator.press("Enter")
    assert annotator.js("s.index") == 0
    annotator.press("4")
    assert choices(annotator) == {"answer-1": ((["good"], False), True)}
    assert annotator.root.get_by_text("Answer 2: Canberra.").is_visible()


def test_small_crops_are_enlarged_within_the_card(notebook: Opened) -> None:
    annotator = notebook(tag_cell()).show()
    crop = annotator.root.locator(".ls-crop").bounding_box()
    stage = annotator.root.locator(".ls-tag-stage").bounding_box()
    assert crop
    assert stage
    assert crop["height"] > 3 * 72
    assert crop["y"] >= stage["y"]
    assert crop["y"] + crop["height"] <= stage["y"] + stage["height"]


FORM = """
from labelschool.widgets import Field, Form

def changed(values):
    form.notes = {"hours": "That is a lot." if values.get("hours", 0) > 20 else ""}

form = Form(
    title="Pace",
    fields=[
        Field(name="hours", kind="number", label="Hours a week", unit="h"),
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


def test_a_form_keeps_typed_values(notebook: Opened) -> None:
    opened = notebook(FORM, "form.values")
    opened.run(0)
    form = opened.frame.locator(".ls-form")
    form.wait_for()
    assert form.get_by_label("Town").input_value() == "Nairobi"
    form.get_by_label("Hours a week").fill("24")
    form.get_by_label("Hours a week").press("Tab")
    form.get_by_text("That is a lot.").wait_for()
    form.get_by_label("B", exact=True).check()
    form.get_by_label("Wed").check()
    form.get_by_label("Mon").check()
    form.get_by_label("Note").fill("dd00x")
    form.get_by_label("Note").press("Tab")
    opened.run(1)
    wait_until(lambda: opened.cell(1).locator(".jp-OutputArea-output").count(), 10, "the values")
    expected = {"town": "Nairobi", "hours": 24, "box": "B", "days": ["Mon", "Wed"], "note": "dd00x"}
    assert ast.literal_eval(opened.output(1)) == expected
