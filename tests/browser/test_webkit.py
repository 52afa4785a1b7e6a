"""Saving and restoring in WebKit, on a window of a tablet's size, by mouse and by touch."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lab import Lab, box_cell, wait_until
from webdriver import CONTROL, DRIVER, ENTER, Page, webkit

PLACE = """
const { stage, view } = document.querySelector(".ls").labelschool;
const { left, top } = stage.host.getBoundingClientRect();
const [x, y] = view.toScreen(arguments[0]);
return [left + x, top + y];
"""

# The driver has no touch of its own, so the page is told of one.
TOUCH = """
const { host } = document.querySelector(".ls").labelschool.stage;
host.setPointerCapture = () => {};
const [start, ...way] = arguments;
const told = [["pointerdown", start], ...way.map((place) => ["pointermove", place])];
for (const [name, [clientX, clientY]] of [...told, ["pointerup", way.at(-1)]]) {
  const more = { pointerType: "touch", pointerId: 7, isPrimary: true, bubbles: true };
  host.dispatchEvent(new PointerEvent(name, { clientX, clientY, ...more }));
}
"""

ANNOTATOR = "document.querySelector('.ls')?.labelschool"


@pytest.mark.skipif(shutil.which(DRIVER) is None, reason=f"no driver at {DRIVER}")
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="no xvfb-run")
def test_boxes_are_drawn_saved_and_there_again_in_webkit(
    lab: Lab, folder: Path, screenshots: Path
) -> None:
    name = f"{folder.name}/work.ipynb"
    lab.write_notebook(name, [box_cell()])
    with webkit() as page:
        page.resize(834, 1112)
        show(page, lab, name)
        page.drag(*(page.js(PLACE, point) for point in ([100, 100], [160, 150], [220, 200])))
        wait_until(lambda: len(boxes(page)) == 1, 10, "the box drawn by the mouse")
        page.js(TOUCH, *(page.js(PLACE, point) for point in ([300, 100], [350, 150], [400, 220])))
        wait_until(lambda: len(boxes(page)) == 2, 10, "the box drawn by touch")
        drawn = boxes(page)
        wait_until(
            lambda: page.js(f"return {ANNOTATOR}.session.saver.status") == "saved",
            10,
            "the acknowledgement",
        )
        page.screenshot(screenshots / "webkit.png")
        show(page, lab, name)
        assert boxes(page) == drawn
    saved = json.loads((folder / "answers" / "1.A.practice.json").read_text(encoding="utf-8"))
    mouse, touch = saved["items"][0]["annotations"]
    assert (mouse["mode"], touch["mode"]) == ("mouse", "touch")
    assert mouse["bbox"] == pytest.approx([100, 100, 120, 100], abs=2)
    assert touch["bbox"] == pytest.approx([300, 100, 100, 120], abs=2)


def show(page: Page, lab: Lab, name: str) -> None:
    """Load the notebook, run its cell and wait for the annotator."""
    page.open(lab.url(name))

    def connected() -> bool:
        kernels = [one["kernel"] for one in lab.api("/api/sessions") if one["path"] == name]
        return any(k["connections"] and k["execution_state"] == "idle" for k in kernels)

    wait_until(connected, 90, "the kernel")
    page.click(".jp-CodeCell .jp-InputPrompt")
    page.chord(CONTROL, ENTER)
    wait_until(lambda: page.js(f"return Boolean({ANNOTATOR}?.ready)"), 60, "the annotator")
    page.js("document.querySelector('.ls').scrollIntoView()")


def boxes(page: Page) -> list[list[float]]:
    """The boxes of the item in sight."""
    return page.js(f"return {ANNOTATOR}.session.answer.annotations.map(({{ bbox }}) => bbox)")
