"""Reviewing what somebody else labelled, by every input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Annotator, Notebook, wait_until

FILE = "answers/3.F.practice.json"
CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.model import Box
from labelschool.widgets import Item, ReviewDesk

PROPOSED = (
    Box(id="p1", label="car", bbox=(40, 40, 120, 80)),
    Box(id="p2", label="car", bbox=(240, 60, 100, 100)),
    Box(id="p3", label="truck", bbox=(420, 200, 140, 120)),
)
ReviewDesk(
    title="Review",
    items=[
        Item(
            name=f"picture-{n}", image=Path(f"images/picture-{n}.jpg"), width=640, height=480,
            proposals=PROPOSED[: 4 - n],
        )
        for n in (1, 2)
    ],
    answer_file=AnswerFile("3.F", "practice", "G1.v1"),
    classes=["car", "truck", "bus"],
    attributes=["occluded"],
    guideline="G1.v1",
)
""".strip()


@pytest.fixture
def desk(notebook: Callable[..., Notebook]) -> Annotator:
    shown = notebook(CELL).show()
    shown.focus()
    return shown


def verdicts(annotator: Annotator) -> list[tuple]:
    """Target, decision and code of each verdict, and class and box of its fix, as on disk."""
    annotator.wait_saved()
    found = annotator.on_disk(FILE)["picture-1"]["annotations"]
    return [
        (v["target"], v["decision"], v["code"], v["fix"] and (v["fix"]["label"], v["fix"]["bbox"]))
        for v in found
    ]


def test_a_review_by_the_mouse(desk: Annotator, screenshots: Path) -> None:
    desk.click(100, 80)
    desk.root.get_by_role("button", name="Accept").click()
    # The button is gone with its row; the keys stay with the desk.
    desk.press("Control+z")
    assert verdicts(desk) == []
    desk.press("Control+y")
    desk.click(290, 110)
    # After a verdict the next label is selected; a drag of its handle is a fix.
    desk.drag((340, 160), (360, 170))
    desk.root.get_by_role("button", name="E7 cut, key 7").click()
    desk.click(490, 260)
    desk.root.get_by_role("button", name="Reject").click()
    desk.root.get_by_role("button", name="E2 invented, key 2").click()
    desk.press("b")
    desk.drag((100, 300), (160, 400))
    desk.screenshot(path=screenshots / "review.png")
    missed = ("car", [100, 300, 60, 100])
    assert verdicts(desk) == [
        ("p1", "accept", None, None),
        ("p2", "fix", "E7", ("car", [240, 60, 120, 110])),
        ("p3", "reject", "E2", None),
        (None, "fix", "E1", missed),
    ]
    desk.press("Control+z", "Control+z")
    assert verdicts(desk)[2:] == [("p3", "reject", None, None)]


def test_everything_by_keyboard_and_back_after_a_restart(desk: Annotator) -> None:
    desk.press("n", "a", "Shift+ArrowRight", "6", "x", "1")
    decided = [
        ("p1", "accept", None, None),
        ("p2", "fix", "E6", ("car", [250, 60, 100, 100])),
        ("p3", "reject", "E10", None),
    ]
    assert verdicts(desk) == decided
    # The class key fixes the class; an accept afterwards takes the fix back.
    desk.press("n", "l", "8")
    assert verdicts(desk)[0] == ("p1", "fix", "E8", ("truck", [40, 40, 120, 80]))
    desk.press("n", "a")
    assert verdicts(desk) == decided
    desk.notebook.lab.restart_kernel(desk.notebook.name)
    desk.notebook.wait_ready()
    again = desk.notebook.show()
    wait_until(lambda: again.js("s.loaded"), 10, "the saved work")
    again.focus()
    again.press("n", "Delete")
    assert verdicts(again) == decided[1:]


def test_a_finished_verdict_is_left_at_once_and_never_replaced_in_silence(desk: Annotator) -> None:
    status = desk.root.locator(".ls-status")
    desk.press("n", "c")
    assert "change the box" in status.inner_text()
    desk.press("6")
    # The verdict is finished, so the next key means the next label.
    assert "Fix E6 left box 1 as it was. Box 2, car" in status.inner_text()
    desk.press("x", "3", "a")
    finished = [
        ("p1", "fix", "E6", None),
        ("p2", "reject", "E3", None),
        ("p3", "accept", None, None),
    ]
    assert verdicts(desk) == finished
    # All are finished and none is selected.
    desk.press("x", "7")
    assert verdicts(desk) == finished
    desk.press("n", "x")
    assert "Fix E6 replaced by Reject E6: Ctrl+Z takes it back" in status.inner_text()
    desk.press("Control+z")
    assert verdicts(desk) == finished
    # What is redrawn stays selected until its reason is given.
    desk.press("Shift+ArrowRight", "Shift+ArrowDown", "6")
    assert verdicts(desk)[0] == ("p1", "fix", "E6", ("car", [50, 50, 120, 80]))
    assert "Every label has its verdict" in status.inner_text()


def test_an_item_is_done_when_every_label_has_its_verdict(desk: Annotator) -> None:
    desk.press("Enter")
    assert desk.js("s.index") == 0
    assert "3 without a verdict" in desk.root.locator(".ls-status").inner_text()
    desk.press("a", "a", "x", "Enter")
    assert "which reason" in desk.root.locator(".ls-status").inner_text()
    desk.press("3", "Enter")
    assert desk.js("s.index") == 1
    desk.wait_saved()
    assert desk.on_disk(FILE)["picture-1"]["done"]


def test_the_list_does_the_same(desk: Annotator) -> None:
    desk.root.get_by_role("button", name="2 car").press("Enter")
    desk.root.get_by_role("button", name="Reject").press("Enter")
    desk.root.get_by_role("button", name="E3 duplicate").press("Enter")
    desk.root.get_by_label("Class", exact=True).select_option("bus")
    assert verdicts(desk) == [
        ("p1", "fix", None, ("bus", [40, 40, 120, 80])),
        ("p2", "reject", "E3", None),
    ]
