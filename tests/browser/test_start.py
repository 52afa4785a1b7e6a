"""The start page's panels in a real JupyterLab: clicks, downloads, dropped files, keys."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lab import Lab, Notebook, wait_until
from playwright.sync_api import Locator, Page

CHECK, MAP, KERNELS, PASSPORT, SUBMISSION, CHECKLIST, ERASE = range(7)
CELLS = (
    "from labelschool import start\n\nstart.check()",
    "start.map()",
    "start.kernels()",
    "start.passport()",
    'start.submission("01-foundation")',
    "start.checklist()",
    "start.erase()",
)
ANSWER = "01-foundation/answers/1.A.json"
DROP = """
(zone, bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "passport.zip"));
  for (const type of ["dragenter", "drop"])
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true }));
}
"""


@pytest.fixture
def page(notebook: Callable[..., Notebook], folder: Path, kit: object) -> Callable[[int], Locator]:
    """The start page in a home with one answer; gives the panel of a cell that was just run."""
    empty = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for name in ("assignment", "exercises"):
        kit.write(folder / "01-foundation" / f"{name}.ipynb", empty)
    kit.write(folder / ANSWER, '{"not": "an answer"}')
    opened = notebook(*CELLS, name="start-here")
    opened.run(CHECK)
    opened.cell(CHECK).locator(".ls-start").wait_for(timeout=30_000)

    def panel(index: int) -> Locator:
        if index != CHECK:
            opened.run(index)
        found = opened.cell(index).locator(".ls-start")
        found.wait_for(timeout=30_000)
        return found

    panel.notebook = opened
    return panel


def status(panel: Locator, words: str) -> str:
    """Wait until the panel says something with these words."""
    said = panel.locator(".ls-status").filter(has_text=words)
    said.wait_for(timeout=15_000)
    return said.inner_text()


def test_the_check_ends_with_working_widgets(page) -> None:
    panel = page(CHECK)
    row = panel.locator("tr", has_text="Widgets")
    row.filter(has_text="talk to each other").wait_for(timeout=15_000)


def test_a_passport_is_taken_lost_and_dropped_again(page, folder: Path, tmp_path: Path) -> None:
    panel = page(PASSPORT)
    with page.notebook.page.expect_download() as download:
        panel.get_by_role("button", name="Download my passport").click()
    assert download.value.suggested_filename == "passport.zip"
    download.value.save_as(tmp_path / "passport.zip")
    status(panel, "downloads")
    saved = (folder / ANSWER).read_bytes()
    (folder / ANSWER).write_bytes(b"newer")
    content = list((tmp_path / "passport.zip").read_bytes())
    panel.locator("[data-drop]").evaluate(DROP, content)
    status(panel, "kept as")
    assert (folder / ANSWER).read_bytes() == saved
    assert (folder / f"{ANSWER}.before-restore-1").read_bytes() == b"newer"


def test_a_large_file_arrives_whole(page, tmp_path: Path) -> None:
    """JupyterLab's server refuses messages above 10 MB: the file travels in pieces."""
    panel = page(PASSPORT)
    large = tmp_path / "large.zip"
    large.write_bytes(os.urandom(12_000_000))
    panel.locator("input[type=file]").set_input_files(large)
    status(panel, "damaged or no zip")


def test_a_submission_saves_the_notebook_first_and_asks_about_gaps(page, folder: Path) -> None:
    panel = page(SUBMISSION)
    tab = page.notebook.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.jp-mod-dirty")
    tab.wait_for()
    panel.get_by_label("Your name").fill("Jörg d d Müller")
    panel.get_by_role("button", name="Make my submission").click()
    panel.get_by_text("Still open:").wait_for(timeout=15_000)
    assert tab.count() == 0
    assert panel.get_by_label("Your name").input_value() == "Jörg d d Müller"
    assert not list(folder.glob("*.zip"))
    with page.notebook.page.expect_download() as download:
        panel.get_by_role("button", name="Hand it in as it is").click()
    name = "labelschool-01-foundation-Jörg d d Müller.zip"
    assert download.value.suggested_filename == name
    wait_until((folder / name).is_file, 10, "the zip in the home")


def test_keys_in_a_panel_never_reach_the_notebook(page) -> None:
    opened = page.notebook
    before = opened.cell_count
    page(KERNELS).get_by_role("button", name="Look again").focus()
    opened.page.keyboard.type("ddxb00")
    field = page(SUBMISSION).get_by_label("Your name")
    field.focus()
    opened.page.keyboard.type("ddxb00")
    assert field.input_value() == "ddxb00"
    assert opened.cell_count == before
    assert opened.page.locator(".jp-Dialog").count() == 0


def test_the_checklist_is_ticked_by_keyboard_and_keeps_the_focus(page, folder: Path) -> None:
    panel = page(CHECKLIST)
    keys = page.notebook.page.keyboard
    panel.get_by_role("checkbox").first.focus()
    for said, checked in (("Kept", "true"), ("Taken back", "false"), ("Kept", "true")):
        keys.press("Space")
        status(panel, said)
        assert panel.get_by_role("checkbox").first.get_attribute("aria-checked") == checked
    ticks = json.loads((folder / "results.json").read_text(encoding="utf-8"))["ticks"]
    assert len(ticks) == 1


def test_erasing_asks_with_the_focus_on_the_safe_button(page, folder: Path, kit: object) -> None:
    kit.write(folder / "notes.txt", "mine")
    panel = page(ERASE)
    panel.get_by_text(ANSWER).wait_for()
    panel.get_by_role("button", name="Erase my work").click()
    keep = panel.get_by_role("button", name="Keep everything")
    wait_until(lambda: keep.evaluate("e => e === document.activeElement"), 5, "the focus")
    page.notebook.page.keyboard.press("Enter")
    status(panel, "Nothing was erased.")
    assert (folder / ANSWER).is_file()
    panel.get_by_role("button", name="Erase my work").click()
    panel.get_by_role("button", name="Erase it now").click()
    status(panel, "erased.")
    assert not (folder / ANSWER).exists()
    assert (folder / "notes.txt").is_file()


def test_another_kernel_is_listed_and_stopped(page, lab: Lab, folder: Path) -> None:
    path = f"{folder.name}/other.ipynb"
    lab.write_notebook(path, ["1"])
    other = {"path": path, "name": "other", "type": "notebook", "kernel": {"name": "python3"}}
    kernel = lab.api("/api/sessions", "POST", other)["kernel"]["id"]

    def state() -> str | None:
        return next(
            (k["execution_state"] for k in lab.api("/api/kernels") if k["id"] == kernel), None
        )

    panel = page(KERNELS)

    def stoppable() -> bool:
        panel.get_by_role("button", name="Look again").click()
        return panel.get_by_role("button", name=f"Stop {path}").count() > 0

    wait_until(stoppable, 30, "the other kernel to be idle")
    own = panel.locator("tr", has_text="this page")
    assert own.locator("button").count() == 0
    panel.get_by_role("button", name=f"Stop {path}").click()
    status(panel, "Stopped")
    assert state() is None


def test_a_dead_kernel_is_told(page, lab: Lab) -> None:
    panel = page(PASSPORT)
    lab.restart_kernel(page.notebook.name)
    page.notebook.wait_ready()
    panel.get_by_role("button", name="Download my passport").click()
    status(panel, "The kernel does not answer: run this cell again.")
    assert panel.get_by_role("button", name="Download my passport").is_enabled()


def test_the_map_opens_the_next_step_in_jupyterlab(page, folder: Path, kit: object) -> None:
    link = page(MAP).locator("a.ls-button")
    name = Path(urlsplit(link.get_attribute("href") or "").path).name
    start_page = (folder / "start-here.ipynb").read_bytes()
    kit.write(folder / "01-foundation" / name, start_page)
    link.click()
    tabs = page.notebook.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    tabs.filter(has_text=name).wait_for()


# Light last: the theme is a setting of the server that other tests share.
@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_stands_out_in_both_themes(page, theme: str, screenshots: Path) -> None:
    """WCAG AA: every text of the panels has at least 4.5:1 on its ground."""
    opened: Page = page.notebook.page
    panels = [page(index) for index in (CHECK, MAP, PASSPORT, SUBMISSION, CHECKLIST)]
    opened.locator(".lm-MenuBar-itemLabel", has_text="Settings").click()
    opened.locator(".lm-Menu-itemLabel", has_text="Theme").first.hover()
    opened.locator(".lm-Menu-itemLabel", has_text=theme).first.click()
    light = "true" if theme.endswith("Light") else "false"
    opened.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
    for number, panel in enumerate(panels):
        panel.screenshot(path=screenshots / f"start-{number}-{theme[11:].lower()}.png")
        assert panel.evaluate(FAINT) == []


FAINT = """
(panel) => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top, below) => top.rgb.map((c, i) => c * top.a + below[i] * (1 - top.a));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own.rgb : over(own, ground(element.parentElement));
  };
  const light = (rgb) => {
    const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest("style") || !element.getClientRects().length) continue;
    const below = ground(element);
    const a = light(over(parse(getComputedStyle(element).color), below)), b = light(below);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${text}: ${ratio.toFixed(2)}`);
  }
  return faint;
}
"""
