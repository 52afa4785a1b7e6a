"""SqlPad in JupyterLab: write, run, read, save, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import Annotator, Lab, Notebook, open_book, wait_until
from playwright.sync_api import BrowserContext

PAD = """
import sqlite3
from contextlib import closing
from pathlib import Path
from labelschool.widgets import SqlPad

path = Path("store.db")
if not path.exists():
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE parcels (id INTEGER, town TEXT)")
        towns = ((n, None if n % 2 else "A") for n in range(300))
        connection.executemany("INSERT INTO parcels VALUES (?, ?)", towns)
SqlPad(title="Audit", exercise="3.G", database=path, questions={"Q1": "How many?", "Q2": "Where?"})
""".strip()


@pytest.fixture(scope="module")
def opened(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "sqlpad", [PAD, "1 + 1"]) as book:
        yield book


@pytest.fixture
def folder(lab: Lab) -> Path:
    return lab.folder / "sqlpad"


def query(folder: Path, name: str) -> str:
    return (folder / "answers" / "3.G" / f"{name}.sql").read_text(encoding="utf-8")


def text(pad: Annotator) -> str:
    return pad.root.get_by_label("SQL", exact=True).input_value()


def outcome(pad: Annotator, words: str) -> None:
    pad.root.locator(".ls-outcome", has_text=words).wait_for(timeout=15_000)


def test_by_keyboard_alone(opened: Notebook, folder: Path, screenshots: Path) -> None:
    pad = opened.fresh()
    area = pad.root.get_by_label("SQL", exact=True)
    area.focus()
    # Tab only passes through until something is written.
    pad.press("Shift+Tab", "Tab")
    assert area.evaluate("node => node === document.activeElement")
    pad.page.keyboard.type("SELECT id,")
    pad.press("Enter", "Tab")
    pad.page.keyboard.type("town FROM parcels\n")
    pad.press("Control+Enter")
    outcome(pad, "300 rows")
    assert opened.cell(1).locator(".jp-OutputArea-output").count() == 0
    assert query(folder, "Q1") == "SELECT id,\n  town FROM parcels\n  "
    grid = pad.root.get_by_role("region", name="Result")
    assert grid.locator("tbody tr").count() == 200
    assert grid.locator("tbody tr").nth(1).locator("td").all_inner_texts() == ["1", "NULL"]
    assert grid.locator("td").first.evaluate("n => getComputedStyle(n).textAlign") == "right"
    pad.page.screenshot(path=screenshots / "sqlpad.png")

    pad.press("Escape", "Tab", "Tab", "Tab")
    assert not area.evaluate("node => node === document.activeElement")
    grid.focus()
    pad.press("End")
    wait_until(lambda: grid.evaluate("n => n.scrollTop") > 0, 5, "the grid to scroll")
    top = grid.bounding_box()["y"]
    assert abs(grid.locator("th").first.bounding_box()["y"] - top) < 3

    area.focus()
    pad.press("Alt+PageDown")
    assert pad.root.get_by_text("Where?").is_visible()
    assert text(pad) == ""
    pad.page.keyboard.type("SELECT *\nFORM parcels")
    pad.press("Control+Enter")
    outcome(pad, "Line 2, column 1: FORM does not fit here")
    pad.root.get_by_role("button", name="Show the place").press("Enter")
    assert area.evaluate("n => n.value.slice(n.selectionStart, n.selectionEnd)") == "FORM"
    pad.press("F", "R", "O", "M", "Control+z")
    assert text(pad) == "SELECT *\nFORM parcels"
    pad.press("Control+Shift+z")
    assert text(pad) == "SELECT *\nFROM parcels"
    undo = pad.root.get_by_role("button", name="Undo")
    while "Where?" in pad.root.locator(".ls-question").inner_text():
        undo.press("Enter")
    assert text(pad) == "SELECT id,\n  town FROM parcels"


def test_by_mouse_and_restored(opened: Notebook, folder: Path, lab: Lab) -> None:
    pad = opened.fresh()
    pad.root.get_by_text("parcels").click()
    pad.root.get_by_label("SQL", exact=True).click()
    pad.page.keyboard.type("SELECT count() AS ")
    pad.root.get_by_role("button", name="town").click()
    pad.page.keyboard.type(" FROM parcels")
    pad.wait_saved()
    assert query(folder, "Q1") == "SELECT count() AS town FROM parcels"
    pad.root.get_by_role("button", name="Run").click()
    outcome(pad, "1 row")
    pad.page.keyboard.type(" ")
    outcome(pad, "The query was changed since")
    pad.wait_saved()

    lab.restart_kernel(opened.name)
    opened.wait_ready()
    pad.page.keyboard.type("WHERE id > 7")
    pad.banner.filter(has_text="NOT SAVED").wait_for(timeout=15_000)
    # Ctrl+Enter in the pad is the pad's own.
    opened.cell(0).locator(".cm-content").click()
    pad = opened.show()
    assert text(pad) == "SELECT count() AS town FROM parcels "
    pad.banner.get_by_role("button", name="Restore unsaved work").click()
    pad.wait_saved()
    assert query(folder, "Q1") == "SELECT count() AS town FROM parcels WHERE id > 7"
    opened.page.reload()
    opened.wait_ready()
    assert text(opened.show()) == query(folder, "Q1")


def test_an_endless_query_is_stopped(opened: Notebook) -> None:
    pad = opened.fresh()
    pad.root.get_by_label("SQL", exact=True).fill(
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT sum(n) FROM r"
    )
    pad.press("Control+Enter")
    pad.root.get_by_role("button", name="Stop").click()
    outcome(pad, "The query was stopped.")
