"""Questions in JupyterLab: Enter checks a number, a double click skips nothing, answers stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Notebook
from playwright.sync_api import Locator

from labelschool.home import results
from labelschool.quizzes.questions import item, load

NUMBER = next(entry.id for entry in load("1").items if entry.answer)


@pytest.fixture
def book(folder: Path, notebook: Callable[..., Notebook]) -> Notebook:
    """A notebook with a number, a sorting and a quiz, in a home without results."""
    (folder / results.START_PAGE).touch()
    calls = f'ask("{NUMBER}")', 'ask("1.1/ads")', 'quiz("1", seed=3)'
    return notebook("from labelschool import ask, quiz", *calls)


def panel(book: Notebook, index: int) -> Locator:
    """What a cell shows after it ran."""
    book.run(0)
    book.run(index)
    shown = book.cell(index).locator(".lsd-panel")
    shown.wait_for(timeout=20_000)
    return shown


def test_enter_checks_what_was_typed_last_and_it_outlives_the_kernel(book: Notebook) -> None:
    first = panel(book, 1)
    field = first.locator("input[type=text]")
    field.press_sequentially("-123456.5")
    field.press("Enter")
    first.get_by_text("Not quite.").wait_for()
    assert book.cell_count == 4
    groups = panel(book, 2).locator(".widget-toggle-buttons")
    groups.nth(0).get_by_role("button", name=item("1.1/ads").rows[0].group).click()
    book.cell(2).get_by_text("1 of 12 sorted, 1 right").wait_for()

    book.lab.restart_kernel(book.name)
    book.page.reload(wait_until="domcontentloaded")
    book.wait_ready()
    again = panel(book, 1)
    again.get_by_text("Not quite.").wait_for()
    assert again.locator("input[type=text]").input_value() == "-123456.5"
    panel(book, 2).get_by_text("1 of 12 sorted, 1 right").wait_for()


def test_a_double_click_on_check_still_shows_why(book: Notebook) -> None:
    shown = panel(book, 3)
    radio, text = shown.locator("input[type=radio]"), shown.locator("input[type=text]")
    (radio.or_(text)).first.wait_for()
    if radio.count():
        radio.first.check()
    else:
        text.fill("1")
    shown.get_by_role("button", name="Check").dblclick()
    shown.get_by_role("button", name="Next").wait_for()
    shown.get_by_text("question 1 of").wait_for()
    assert shown.locator(".lsd-note").is_visible()
    shown.get_by_role("button", name="Next").click()
    shown.get_by_text("question 2 of").wait_for()
