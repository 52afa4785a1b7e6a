"""Placing the points of figures, by every input."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lab import Annotator, Notebook, wait_until

CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, KeypointAnnotator

KeypointAnnotator(
    title="Keypoints",
    items=[
        Item(name=f"picture-{n}", image=Path(f"images/picture-{n}.jpg"), width=640, height=480)
        for n in (1, 2)
    ],
    answer_file=AnswerFile("2.D", "practice", "G13.v1"),
    points=["nose", "left_hip", "right_hip"],
    skeleton=[("nose", "left_hip"), ("nose", "right_hip"), ("left_hip", "right_hip")],
    guideline="G13.v1",
)
""".strip()


@pytest.fixture
def figures(notebook: Callable[..., Notebook]) -> Annotator:
    shown = notebook(CELL).show()
    shown.focus()
    return shown


def points(annotator: Annotator, figure: int = 0) -> list[tuple]:
    """Place and visibility of each point, as they are on disk."""
    annotator.wait_saved()
    found = annotator.on_disk("answers/2.D.practice.json")["picture-1"]["annotations"]
    return [(p["x"], p["y"], p["visibility"]) for p in found[figure]["points"]]


def test_points_are_clicked_in_turn_and_the_next_click_starts_another_figure(
    figures: Annotator, screenshots
) -> None:
    figures.click(100, 50)
    figures.press("o")
    figures.click(120, 200)
    figures.click(80, 204)
    figures.screenshot(path=screenshots / "keypoints.png")
    figures.click(400, 60)
    assert points(figures) == [(100, 50, 2), (120, 200, 1), (80, 204, 2)]
    assert points(figures, 1) == [(400, 60, 2), (0, 0, 0), (0, 0, 0)]
    figures.press("Control+z", "Control+z")
    assert points(figures) == [(100, 50, 2), (120, 200, 1), (0, 0, 0)]
    figures.press("Control+y")
    assert points(figures)[2] == (80, 204, 2)


def test_a_point_is_dragged_swapped_hidden_and_left_out(figures: Annotator) -> None:
    for place in ((100, 50), (120, 200), (80, 204)):
        figures.click(*place)
    figures.drag((120, 200), (130, 210))
    assert points(figures)[1] == (130, 210, 2)
    figures.press("w")
    assert points(figures)[1:] == [(80, 204, 2), (130, 210, 2)]
    figures.press("2", "o")
    assert points(figures)[1] == (80, 204, 1)
    figures.press("x")
    assert points(figures)[1] == (0, 0, 0)


def test_everything_by_keyboard_and_the_list_and_back_after_a_restart(figures: Annotator) -> None:
    figures.press("Shift+ArrowDown", "Insert")
    figures.press("3", "Insert", "Shift+ArrowRight")
    # The cursor started in the middle (320, 240).
    assert points(figures) == [(320, 250, 2), (0, 0, 0), (320, 250, 2)]
    figures.press("3", "Shift+ArrowRight", "ArrowUp")
    assert points(figures)[2] == (330, 249, 2)
    field = figures.root.get_by_label("left hip, x in pixels")
    field.fill("50")
    field.press("Tab")
    figures.root.get_by_label("left hip, visibility").select_option("1")
    assert points(figures)[1] == (50, 0, 1)
    figures.wait_saved()
    held = points(figures)
    figures.notebook.lab.restart_kernel(figures.notebook.name)
    figures.notebook.wait_ready()
    again = figures.notebook.show()
    wait_until(lambda: again.js("s.loaded"), 10, "the saved work")
    assert points(again) == held
    again.focus()
    again.press("n", "Delete")
    again.wait_saved()
    assert again.on_disk("answers/2.D.practice.json")["picture-1"]["annotations"] == []
