"""The guideline editor, the board and the focus timer in JupyterLab."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Annotator, Lab, Notebook, open_book, wait_until
from playwright.sync_api import BrowserContext

from labelschool.model import Guideline, guidelines

GUIDELINE = """
from labelschool.model import Guideline, Rule
from labelschool.widgets import GuidelineEditor

RULES = [(1, "wet", "wet", "refuse"), (2, "torn", "torn", "major"),
         (3, "large dents", "dent_cm is large", "major"), (4, "dents", "dent_cm > 0", "minor")]
GuidelineEditor(
    title="Guideline fix",
    exercise="3.K",
    base=Guideline(
        id="parcels.v1",
        title="Parcels",
        classes=dict.fromkeys(["fine", "minor", "major", "refuse"]),
        rules={n: Rule(number=n, name=name, short=f"A parcel that is {name}.", when=when, then=then)
               for n, name, when, then in RULES},
        default="fine",
    ),
    features={"dent_cm": float, "torn": bool, "wet": bool},
)
""".strip()

BOARD = """
from labelschool.widgets import Column, KanbanBoard

def team(board, moves):
    return [("card-8", "Done", board.minute, "reviewer-1")] if board.minute == 60 else []

KanbanBoard(
    title="Board lab",
    exercise="3.J",
    columns=[Column(name="To do"), Column(name="Labelling", limit=3, done="every object has a box"),
             Column(name="Review", limit=1), Column(name="Done")],
    cards={f"card-{n}": "<b>night</b>" if n == 2 else "" for n in range(1, 9)},
    team=team,
)
""".strip()

TIMER = """
from labelschool.widgets import FocusTimer
FocusTimer(exercise="1.D", minutes=0.05, rest=0.05)
""".strip()


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "boards", [GUIDELINE, BOARD, TIMER, "1 + 1"]) as opened:
        yield opened


@pytest.fixture
def folder(lab: Lab) -> Path:
    return lab.folder / "boards"


def again(book: Notebook, index: int) -> Annotator:
    """Run a cell once more, on what is saved."""
    book.page.evaluate("for (const n of document.querySelectorAll('.ls')) n.dataset.old = 1")
    # Until the cell is clicked, keys go to the field of a widget.
    book.cell(index).locator(".cm-content").click()
    book.run(index)
    shown = Annotator(book)
    shown.wait_ready()
    return shown


# Guidelines -------------------------------------------------------------------------------------


def on_disk(folder: Path, name: str = "guideline.md") -> Guideline:
    return guidelines.read((folder / "answers/3.K" / name).read_text(encoding="utf-8"))


def card(editor: Annotator, number: int) -> Any:
    return editor.root.locator(".ls-rule-card").nth(number)


def order(editor: Annotator) -> list[str]:
    return [name.split()[0] for name in editor.root.locator("summary strong").all_inner_texts()]


def test_a_rule_is_repaired_by_keyboard_alone(
    book: Notebook, folder: Path, screenshots: Path
) -> None:
    editor = book.fresh(0)
    editor.root.get_by_role("group", name="Rules").focus()
    editor.press("n", "n", "n", "Enter", "Tab", "Tab", "Tab")
    assert card(editor, 2).get_by_label("If", exact=True).evaluate("n => n.matches(':focus')")
    editor.press("Control+a")
    editor.page.keyboard.type("dent >= 8")
    card(editor, 2).get_by_text("There is no feature dent; there are").wait_for(timeout=10_000)
    editor.press("Control+a")
    editor.page.keyboard.type("dent_cm >= 8")
    card(editor, 2).get_by_text("changed").wait_for(timeout=10_000)
    editor.wait_saved()
    assert on_disk(folder).rules[3].when == "dent_cm >= 8"
    assert book.cell(3).locator(".jp-OutputArea-output").count() == 0
    added = editor.root.locator("ins.ls-diff-line", has_text="dent_cm >= 8")
    assert added.locator("mark").all_inner_texts() == [">=", "8"]

    editor.press("Alt+ArrowUp")
    assert order(editor) == ["1", "3", "2", "4"]
    assert card(editor, 1).get_by_label("If", exact=True).evaluate("n => n.matches(':focus')")
    editor.press("Alt+Enter")
    editor.page.keyboard.type("damp")
    assert order(editor) == ["1", "3", "5", "2", "4"]
    editor.press("Tab")
    editor.page.keyboard.type("Damp, not wet.")
    editor.page.screenshot(path=screenshots / "guideline.png")
    editor.press("Escape", "Delete")
    assert order(editor) == ["1", "3", "2", "4"]
    editor.press("Control+z")
    assert order(editor) == ["1", "3", "5", "2", "4"]
    assert card(editor, 2).get_by_label("Rule", exact=True).input_value() == "Damp, not wet."
    editor.press("Escape", "?")
    editor.root.get_by_role("dialog", name="Keys").get_by_text("Delete the rule").wait_for()
    editor.press("Escape")


def test_a_version_is_bumped_by_mouse_and_all_is_restored(
    book: Notebook, folder: Path, lab: Lab
) -> None:
    editor = book.fresh(0)
    card(editor, 0).locator("summary").click()
    card(editor, 0).get_by_label("Then").select_option("major")
    card(editor, 0).get_by_label("Positive").click()
    editor.page.keyboard.type("a box from the rain <img src=x onerror=alert(1)>")
    editor.root.get_by_label("What changed").fill("Wet is no reason to refuse.")
    editor.wait_saved()
    second = on_disk(folder)
    assert (second.id, second.rules[1].then) == ("parcels.v2", "major")
    editor.root.locator("ins", has_text="onerror").wait_for()
    assert editor.root.locator("img").count() == 0
    editor.root.get_by_role("button", name="Next version").click()
    editor.root.get_by_text("Nothing is changed since version 2.").wait_for()
    assert on_disk(folder, "guideline.v2.md") == second
    editor.root.get_by_role("button", name="New rule").click()
    editor.root.get_by_role("button", name="Delete the rule").last.click()
    editor.root.get_by_role("button", name="Undo").click()
    editor.wait_saved()
    assert list(on_disk(folder).rules) == [1, 5, 2, 3, 4]

    lab.restart_kernel(book.name)
    book.wait_ready()
    editor.root.get_by_label("What changed").fill("A third time.")
    editor.banner.filter(has_text="NOT SAVED").wait_for(timeout=15_000)
    editor = again(book, 0)
    assert editor.root.get_by_label("What changed").input_value() == ""
    editor.banner.get_by_role("button", name="Restore unsaved work").click()
    editor.wait_saved()
    assert on_disk(folder).note == "A third time."
    assert again(book, 0).root.get_by_label("What changed").input_value() == "A third time."


# The board --------------------------------------------------------------------------------------


def moves(folder: Path) -> list[list[str]]:
    """The moves after the cards were put into the first column."""
    with (folder / "answers/3.J/flow.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[9:]


def column(board: Annotator, number: int) -> Any:
    return board.root.locator(".ls-column").nth(number - 1)


def cards(board: Annotator, number: int) -> list[str]:
    return column(board, number).locator(".ls-card-button strong").all_inner_texts()


def test_cards_are_moved_by_keyboard_alone(
    book: Notebook, folder: Path, screenshots: Path, lab: Lab
) -> None:
    board = book.fresh(1)
    column(board, 1).get_by_role("button", name="card-1").focus()
    board.press("ArrowDown", "Space", "ArrowDown", "Space", "Shift+ArrowRight")
    assert cards(board, 2) == ["card-2", "card-3"]
    board.press("3")
    assert cards(board, 3) == ["card-3"]
    board.press("ArrowLeft", "Shift+ArrowRight")
    assert board.root.get_by_text("Review holds 1 of 1: finish something there first.").count() == 1
    board.press("t")
    board.root.get_by_text("0:30 h").wait_for()
    board.press("4")
    assert cards(board, 4) == ["card-2"]
    board.wait_saved()
    assert [move[:2] for move in moves(folder)] == [
        ["card-2", "Labelling"],
        ["card-3", "Labelling"],
        ["card-3", "Review"],
        ["card-2", "Done"],
    ]
    assert [move[2:] for move in moves(folder)] == 3 * [["0.0", "you"]] + [["30.0", "you"]]
    board.page.screenshot(path=screenshots / "kanban.png")
    assert board.root.locator("b").count() == 0
    board.press("Control+z")
    assert cards(board, 2) == ["card-2"]
    board.press("Control+y")
    assert cards(board, 4) == ["card-2"]
    assert book.cell(3).locator(".jp-OutputArea-output").count() == 0

    board.wait_saved()
    lab.restart_kernel(book.name)
    book.wait_ready()
    board.press("1")
    board.banner.filter(has_text="NOT SAVED").wait_for(timeout=15_000)
    board = again(book, 1)
    assert cards(board, 4) == ["card-2"]
    board.banner.get_by_role("button", name="Restore unsaved work").click()
    board.wait_saved()
    assert moves(folder)[-1][:2] == ["card-2", "To do"]


def test_cards_are_moved_by_mouse_and_time_passes(book: Notebook, folder: Path) -> None:
    board = book.fresh(1)
    page = board.page

    def drag(name: str, to: int) -> None:
        start = board.root.get_by_role("button", name=name).bounding_box()
        end = column(board, to).bounding_box()
        page.mouse.move(start["x"] + 20, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(end["x"] + 40, end["y"] + 120, steps=4)
        page.mouse.move(end["x"] + 41, end["y"] + 120)
        over = board.root.locator(f".ls-column:nth-child({to}).ls-over")
        over.wait_for()
        page.mouse.up()
        over.wait_for(state="detached")

    for name in ("card-1", "card-4"):
        board.root.get_by_role("button", name=name).click()
    drag("card-4", 2)
    assert cards(board, 2) == ["card-1", "card-4"]
    drag("card-5", 3)
    assert cards(board, 3) == ["card-5"]
    board.root.get_by_role("button", name="card-6").click()
    column(board, 2).get_by_title("Move what is picked here").click()
    assert cards(board, 2) == ["card-1", "card-4", "card-6"]
    step = board.root.get_by_role("button", name="+30 min")
    step.click()
    board.root.get_by_text("0:30 h").wait_for()
    step.click()
    wait_until(lambda: cards(board, 4) == ["card-8"], 5, "the team to move a card")
    board.wait_saved()
    assert moves(folder)[-1] == ["card-8", "Done", "60.0", "reviewer-1"]

    board.root.get_by_text("Columns and limits").click()
    rules = board.root.get_by_label("One a line")
    rules.fill(rules.input_value().replace("Review | 1", "Second look | 2 | agreed"))
    rules.blur()
    column(board, 3).get_by_text("1 of 2").wait_for()
    assert cards(board, 3) == ["card-5"]
    board.wait_saved()
    assert "Second look" in (folder / "answers/3.J/board.json").read_text(encoding="utf-8")
    rules.fill("To do\nTo do")
    rules.blur()
    refused = board.root.get_by_text("a name of its own")
    refused.wait_for()
    assert board.root.locator(".ls-column").count() == 4
    rules.fill("To do\nDone")
    rules.blur()
    refused.wait_for(state="hidden")
    assert board.root.locator(".ls-column").count() == 2


# The focus timer --------------------------------------------------------------------------------


def test_a_block_is_timed_rated_and_kept(book: Notebook, folder: Path, screenshots: Path) -> None:
    timer = book.fresh(2)
    timer.root.get_by_role("button", name="Start").focus()
    timer.press("s")
    timer.wait_saved()
    path = folder / "answers/1.D/focus.csv"
    assert path.read_text(encoding="utf-8").endswith(",,\n")
    # A block outlasts what shows it.
    timer = again(book, 2)
    timer.root.get_by_text("How focused were you").wait_for(timeout=15_000)
    timer.page.screenshot(path=screenshots / "focus.png")
    timer.root.get_by_role("button", name="Start").focus()
    timer.press("4")
    timer.wait_saved()
    assert path.read_text(encoding="utf-8").endswith(",3,4\n")
    timer.root.get_by_role("button", name="Start").click()
    timer.root.get_by_role("button", name="Stop").click()
    timer.root.get_by_role("button", name="2", exact=True).click()
    timer.wait_saved()
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
