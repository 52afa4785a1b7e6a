"""Keys typed into an annotator are its own: JupyterLab gets Tab and the commands, nothing else."""

from __future__ import annotations

from lab import Annotator, wait_until

LEAKING = ["b", "x", "d", "d", "0", "0", ".", ",", "a", "m", "j", "k", "Enter", "Shift+Enter"]


def test_no_key_leaks(annotator: Annotator) -> None:
    notebook = annotator.notebook
    cells = notebook.cell_count
    prompt = notebook.cell(1).locator(".jp-InputPrompt").inner_text()
    places = [
        annotator.canvas,
        annotator.root.locator(".ls-class").first,
        annotator.root.locator(".ls-rail .ls-button").first,
        annotator.root.locator(".ls-item").first,
    ]
    for place in places:
        place.focus()
        annotator.press(*LEAKING)
    annotator.page.wait_for_timeout(500)
    assert notebook.cell_count == cells
    assert annotator.page.locator(".jp-Dialog").count() == 0
    assert notebook.cell(1).locator(".jp-InputPrompt").inner_text() == prompt
    assert notebook.cell(0).locator(".jp-MarkdownOutput").count() == 0


def test_typing_numbers_does_not_leak_or_draw(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    field = annotator.root.locator("input[name=x]")
    field.fill("")
    field.press_sequentially("00dd11")
    annotator.page.wait_for_timeout(300)
    assert annotator.notebook.cell_count == 2
    assert annotator.page.locator(".jp-Dialog").count() == 0
    assert len(annotator.shapes) == 1
    field.press("Escape")
    assert annotator.canvas.evaluate("node => node === document.activeElement")


def test_keys_in_dialogs_do_not_leak(annotator: Annotator) -> None:
    annotator.focus()
    annotator.press("?", "d", "d", "0", "0", "x", "Escape")
    annotator.press("e", "d", "d", "x", "Escape")
    annotator.page.wait_for_timeout(300)
    assert annotator.notebook.cell_count == 2
    assert annotator.page.locator("dialog[open]").count() == 0
    assert annotator.canvas.evaluate("node => node === document.activeElement")


def test_ctrl_s_still_saves_the_notebook(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    notebook = annotator.notebook
    path = notebook.lab.folder / notebook.name
    before = path.stat().st_mtime_ns
    annotator.press("Control+s")
    wait_until(lambda: path.stat().st_mtime_ns > before, 10, "the notebook to be saved")


def test_tab_leaves_the_canvas_and_escape_steps_out(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.page.mouse.move(*annotator.at(300, 300))
    annotator.page.mouse.down()
    annotator.page.mouse.move(*annotator.at(380, 380), steps=3)
    annotator.press("Escape")
    annotator.page.mouse.up()
    assert len(annotator.shapes) == 1
    assert annotator.js("a.selected") is not None
    annotator.press("Escape")
    assert annotator.js("a.selected") is None
    focused = "node => node === document.activeElement"
    assert annotator.canvas.evaluate(focused)
    annotator.press("Escape")
    assert not annotator.canvas.evaluate(focused)
    annotator.focus()
    annotator.press("Tab")
    assert annotator.root.evaluate("root => root.contains(document.activeElement)")
    assert not annotator.canvas.evaluate(focused)
