"""Marking findings on slices, by every input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Annotator, Notebook, wait_until

FILE = "answers/4.D.practice.json"
CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, ScanAnnotator

ScanAnnotator(
    title="Nodules",
    items=[
        Item(
            name=f"picture-{n}", image=Path(f"images/picture-{n}.jpg"), width=640, height=480,
            spacing=0.5, neighbours=(Path("images/picture-2.jpg"), Path("images/picture-3.jpg")),
        )
        for n in (1, 2)
    ],
    answer_file=AnswerFile("4.D", "practice", "G3.v1"),
    guideline="G3.v1",
)
""".strip()


@pytest.fixture
def scans(notebook: Callable[..., Notebook]) -> Annotator:
    shown = notebook(CELL).show()
    shown.focus()
    return shown


def marks(annotator: Annotator) -> list[dict]:
    annotator.wait_saved()
    return annotator.on_disk(FILE)["picture-1"]["annotations"]


def outline(annotator: Annotator, *corners: tuple[float, float]) -> None:
    for corner in corners:
        annotator.click(*corner)
    annotator.press("Enter")


def test_an_outline_is_measured_by_its_long_axis_in_mm(scans: Annotator, screenshots: Path) -> None:
    outline(scans, (100, 100), (140, 100), (140, 130), (100, 130))
    [mark] = marks(scans)
    assert mark["center"] == [120, 115]
    # Its diagonal is 50 px of 0.5 mm.
    assert mark["long_axis"] == 25
    assert mark["confidence"] == 3
    scans.press("2", "Shift+Digit5")
    scans.drag((140, 130), (180, 160))
    scans.screenshot(path=screenshots / "scan.png")
    [mark] = marks(scans)
    assert (mark["label"], mark["confidence"], mark["long_axis"]) == ("small_nodule", 5, 50)
    scans.press("Control+z")
    assert marks(scans)[0]["long_axis"] == 25


def test_an_outline_is_drawn_in_one_go_or_closed_at_its_first_corner(scans: Annotator) -> None:
    scans.canvas.scroll_into_view_if_needed()
    mouse = scans.page.mouse
    mouse.move(*scans.at(100, 100))
    mouse.down()
    for corner in ((140, 100), (140, 130), (100, 130)):
        mouse.move(*scans.at(*corner), steps=8)
    mouse.up()
    for corner in ((200, 100), (240, 100), (240, 130), (201, 101)):
        scans.click(*corner)
    drawn, clicked = marks(scans)
    assert (len(drawn["outline"]) > 10, drawn["long_axis"]) == (True, 25)
    assert (len(clicked["outline"]), clicked["long_axis"]) == (3, 25)


def test_the_ruler_gives_a_point_its_size(scans: Annotator) -> None:
    scans.press("k")
    scans.click(200, 200)
    assert marks(scans)[0]["long_axis"] is None
    scans.press("m")
    scans.drag((200, 200), (230, 240))
    [mark] = marks(scans)
    assert (mark["center"], mark["outline"], mark["long_axis"]) == ([200, 200], [], 25)


def test_a_line_without_area_is_no_outline(scans: Annotator) -> None:
    outline(scans, (100, 100), (140, 100), (180, 100))
    assert scans.js("s.answer.annotations.length") == 0
    assert "flat" in scans.root.locator(".ls-status").inner_text()


def test_slices_beside_are_to_look_at_only(scans: Annotator) -> None:
    scans.press(".")
    wait_until(lambda: scans.js("a.stage.bitmap") is not None, 10, "the slice after")
    assert "Slice after" in scans.root.locator(".ls-status").inner_text()
    scans.press("k")
    scans.click(300, 300)
    assert scans.js("s.answer.annotations.length") == 0
    scans.press(".")
    scans.click(300, 300)
    assert len(marks(scans)) == 1


def test_everything_by_keyboard_and_the_list_and_back_after_a_restart(scans: Annotator) -> None:
    scans.press("k", "ArrowLeft", "Insert", "Shift+ArrowDown", "Shift+Digit4")
    scans.root.get_by_label("Long axis, in mm").fill("7.5")
    scans.root.get_by_label("Long axis, in mm").press("Tab")
    scans.focus()
    # The cursor started in the middle (320, 240).
    [mark] = marks(scans)
    assert (mark["center"], mark["confidence"], mark["long_axis"]) == ([319, 250], 4, 7.5)
    scans.notebook.lab.restart_kernel(scans.notebook.name)
    scans.notebook.wait_ready()
    again = scans.notebook.show()
    wait_until(lambda: again.js("s.loaded"), 10, "the saved work")
    assert again.js("s.answer.annotations.length") == 1
    again.focus()
    again.press("n", "Delete")
    assert marks(again) == []
