"""The planner's page in a real JupyterLab: filled in by keyboard, shown, saved, restored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import icalendar
from lab import Notebook, wait_until
from playwright.sync_api import Locator
from test_access import faults

CELLS = tuple(
    f"from labelschool import start\n\nstart.{name}()" for name in ("roadmap", "portfolio")
)
PLANNER, PORTFOLIO = range(2)


def panel_of(opened: Notebook, index: int) -> Locator:
    """The panel of a cell that was just run."""
    opened.run(index)
    panel = opened.cell(index).locator(".ls-start")
    panel.wait_for(timeout=30_000)
    return panel


def test_a_plan_is_filled_in_shown_saved_and_restored(
    notebook: Callable[..., Notebook], folder: Path, screenshots: Path
) -> None:
    opened = notebook(*CELLS, name="start-here", viewport={"width": 960, "height": 1000})
    panel = panel_of(opened, PLANNER)
    form = opened.cell(PLANNER).locator(".ls-form")
    before = opened.cell_count

    hours = form.get_by_label("Hours a week you can keep up")
    hours.fill("99")
    opened.page.keyboard.press("Tab")
    form.get_by_text("Give hours from 1 to 40.").wait_for()
    show = panel.get_by_role("button", name="Show my plan")
    show.focus()
    opened.page.keyboard.press("Enter")
    panel.get_by_text("Look again at: Hours a week").wait_for(timeout=15_000)
    assert not (folder / "roadmap.md").exists()

    hours.fill("6")
    form.get_by_label("a change of job").focus()
    opened.page.keyboard.press("Space")
    country = form.get_by_label("Country you would be paid in")
    country.fill("ddxb")
    country.fill("Kenya")
    opened.page.keyboard.press("Tab")
    # Widgets send their values once the kernel is free, so a button at once would be earlier.
    kept = folder / "planner.json"
    wait_until(lambda: "Kenya" in kept.read_text(encoding="utf-8"), 15, "the answers")
    show.focus()
    opened.page.keyboard.press("Enter")
    panel.get_by_text("no pay figures for Kenya").wait_for(timeout=15_000)
    assert panel.get_by_role("button", name="Make my plan anew").evaluate(
        "button => button === document.activeElement"
    )
    assert opened.cell_count == before
    assert faults(opened.page, ".lsd-panel") == []
    opened.cell(PLANNER).screenshot(path=screenshots / "planner.png")
    with opened.page.expect_download() as download:
        panel.get_by_role("button", name="Download roadmap.ics").click()
    assert download.value.suggested_filename == "roadmap.ics"
    saved = Path(download.value.path()).read_bytes()
    assert saved == (folder / "roadmap.ics").read_bytes()
    assert icalendar.Calendar.from_ical(saved).walk("VEVENT")

    opened.lab.restart_kernel(opened.name)
    opened.page.reload()
    opened.wait_ready()
    panel_of(opened, PLANNER)
    form = opened.cell(PLANNER).locator(".ls-form")
    assert form.get_by_label("Country you would be paid in").input_value() == "Kenya"
    assert form.get_by_label("Hours a week you can keep up").input_value() == "6"
    assert form.get_by_label("a change of job").is_checked()


def test_the_portfolio_is_built_by_its_button(
    notebook: Callable[..., Notebook], folder: Path
) -> None:
    opened = notebook(*CELLS, name="start-here")
    panel = panel_of(opened, PORTFOLIO)
    panel.get_by_role("button", name="Build my portfolio").click()
    panel.get_by_text("Exercise 1.A: nothing is annotated yet").wait_for(timeout=20_000)
    evidence = folder / "portfolio" / "01-first-ten" / "evidence.json"
    wait_until(evidence.is_file, 10, "the piece")
    assert json.loads(evidence.read_bytes())["claim"] is None
    assert faults(opened.page, ".ls-start") == []
