"""Masks as polygons, painted and picked as superpixels, by every input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lab import Annotator, Lab, Notebook, open_book, wait_until
from playwright.sync_api import BrowserContext

from labelschool.model import Rle
from labelschool.model.geometry import decode_mask

CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.model import Part, Polygon
from labelschool.widgets import Item, MaskAnnotator

square = Part(outline=((300, 200), (400, 200), (400, 300), (300, 300)))
proposed = Polygon(id="p1", label="mug", parts=(square,))
corner = Part(outline=((20, 20), (80, 20), (80, 80)))
other = Polygon(id="p2", label="teapot", parts=(corner,))

def items(**more):
    return [
        Item(name=f"picture-{n}", image=Path("images") / f"picture-{n}.jpg", width=640, height=480,
             asked=asked, **more)
        for n, asked in [(1, ("mug",)), (2, ("teapot", "mug"))]
    ]

def show(**settings):
    return MaskAnnotator(
        title="Masks",
        answer_file=AnswerFile("2.B", "practice", "G14.v1"),
        attributes=["unsure"],
        rules=[(1, "Visible pixels only.")],
        guideline="G14.v1",
        **settings,
    )
""".strip()
BY_CLASS = CELL + '\n\nshow(items=items(), classes=["mug", "teapot", "spoon"])'
BY_ITEM = CELL + "\n\nshow(items=items())"
PROPOSED = CELL + "\n\nshow(items=items(proposals=(proposed, other)))"

SQUARE = [(100, 100), (300, 100), (300, 300), (100, 300)]
INNER = [(150, 150), (200, 150), (200, 200), (150, 200)]


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    """One notebook with three mask annotators."""
    with open_book(lab, profile, "masks", [BY_CLASS, BY_ITEM, PROPOSED]) as book:
        yield book


@pytest.fixture
def shown(book: Notebook) -> Callable[[int], Annotator]:
    """Shows the annotator of a cell, without any saved work."""

    def show(cell: int) -> Annotator:
        annotator = book.fresh(cell)
        annotator.canvas.scroll_into_view_if_needed()
        annotator.focus()
        return annotator

    return show


@pytest.fixture
def annotator(shown: Callable[[int], Annotator]) -> Annotator:
    return shown(0)


def saved(annotator: Annotator, item: str = "picture-1") -> list[dict[str, Any]]:
    annotator.wait_saved()
    return annotator.on_disk("answers/2.B.practice.json")[item]["annotations"]


def pixels(mask: dict[str, Any]) -> np.ndarray:
    assert mask["type"] == "mask"
    return decode_mask(Rle(**mask["rle"]))


def draw(annotator: Annotator, ring: list[tuple[float, float]]) -> None:
    for point in ring:
        annotator.click(*point)
    annotator.press("Enter")


def near(ring: list[tuple[float, float]]) -> Any:
    return [pytest.approx(point, abs=0.6) for point in ring]


def status(annotator: Annotator) -> str:
    return annotator.root.locator(".ls-status").inner_text()


def test_a_mask_with_a_hole_and_two_parts_is_drawn_saved_and_restored(
    annotator: Annotator, lab: Lab, screenshots: Path
) -> None:
    draw(annotator, SQUARE)
    annotator.press("2", "u", "o")
    draw(annotator, INNER)
    # The second part ends by a click on its first point; what lies outside is put on the frame.
    for point in [(400, -3), (500, -4), (450, 90), (400, 0)]:
        annotator.click(*point)
    [mask] = saved(annotator)
    assert (mask["type"], mask["label"], mask["unsure"]) == ("polygon", "teapot", True)
    [first, second] = mask["parts"]
    assert first["outline"] == near(SQUARE)
    assert first["holes"] == [near(INNER)]
    assert second["outline"] == near([(400, 0), (500, 0), (450, 90)])
    assert mask["mode"] == "mouse"
    assert mask["ms"] > 0
    assert "parts 2, holes 1" in status(annotator)
    annotator.page.screenshot(path=screenshots / "mask.png")

    lab.restart_kernel("masks/work.ipynb")
    annotator.notebook.wait_ready()
    again = annotator.notebook.show(0)
    assert again.shapes == [mask]

    again.focus()
    again.press("v")
    again.click(120, 120)
    again.press("Delete")
    assert saved(again) == []
    again.press("Control+z")
    assert saved(again) == [mask]


def test_points_are_taken_back_before_finished_masks(annotator: Annotator) -> None:
    draw(annotator, SQUARE)
    annotator.press("Escape")
    # The first corner snaps to one of the other mask.
    for point in [(303, 98), (500, 100), (500, 200), (450, 350)]:
        annotator.click(*point)
    annotator.press("Control+z", "Backspace")
    annotator.click(400, 200)
    annotator.press("Enter")
    assert [mask["parts"][0]["outline"] for mask in saved(annotator)] == [
        near(SQUARE),
        near([(300, 100), (500, 100), (400, 200)]),
    ]
    annotator.press("Control+z", "Control+z")
    assert saved(annotator) == []
    annotator.press("Control+y", "Control+y")
    assert len(saved(annotator)) == 2


def test_every_edit_is_taken_back_and_done_again(annotator: Annotator) -> None:
    def hole() -> None:
        annotator.press("o")
        draw(annotator, INNER)

    def stroke(tool: str, end: tuple[float, float]) -> None:
        annotator.press(tool)
        annotator.drag((290, 200), end)

    edits = [
        lambda: draw(annotator, SQUARE),
        hole,
        lambda: annotator.press("2"),
        lambda: stroke("m", (330, 200)),
        lambda: stroke("Shift+M", (290, 250)),
        lambda: annotator.press("v", "ArrowLeft"),
        lambda: annotator.press("d"),
        lambda: annotator.press("Delete"),
    ]
    states = [annotator.shapes]
    for edit in edits:
        edit()
        states.append(annotator.shapes)
    for before in states[-2::-1]:
        annotator.press("Control+z")
        assert annotator.shapes == before
    for after in states[1:]:
        annotator.press("Control+y")
        assert annotator.shapes == after


def test_corners_are_moved_made_and_removed_by_mouse(annotator: Annotator) -> None:
    draw(annotator, SQUARE)
    annotator.press("v")
    annotator.drag((300, 100), (350, 80))
    assert saved(annotator)[0]["parts"][0]["outline"] == near(
        [(100, 100), (350, 80), (300, 300), (100, 300)]
    )
    annotator.click(200, 300)
    assert annotator.root.locator("input[name=corner]").input_value() == "4"
    annotator.drag((100, 200), (60, 210))
    outline = [(60, 210), (100, 100), (350, 80), (300, 300), (200, 300), (100, 300)]
    assert saved(annotator)[0]["parts"][0]["outline"] == near(outline)
    annotator.page.keyboard.down("Alt")
    annotator.click(350, 80)
    annotator.page.keyboard.up("Alt")
    annotator.click(200, 300)
    annotator.press("Delete")
    left = [(60, 210), (100, 100), (300, 300), (100, 300)]
    assert saved(annotator)[0]["parts"][0]["outline"] == near(left)
    annotator.drag((150, 250), (170, 260))
    moved = [(x + 20, y + 10) for x, y in left]
    assert saved(annotator)[0]["parts"][0]["outline"] == near(moved)


def test_brush_and_eraser_change_a_mask_stroke_by_stroke(annotator: Annotator) -> None:
    annotator.press("m", ".", ".", ",")
    annotator.drag((100, 100), (300, 100))
    [mask] = saved(annotator)
    first = pixels(mask)
    rows, columns = np.mgrid[:480, :640] + 0.5
    gap = np.hypot(columns - np.clip(columns, 100, 300), rows - 100) - 13
    assert np.array_equal(first[abs(gap) > 1], (gap < 0)[abs(gap) > 1])
    annotator.drag((300, 100), (300, 200))
    assert len(saved(annotator)) == 1
    assert pixels(saved(annotator)[0])[190, 300]
    annotator.press("Shift+M")
    annotator.drag((200, 60), (200, 140))
    cut = pixels(saved(annotator)[0])
    assert not cut[100, 200]
    assert "parts 2" in status(annotator)
    annotator.press("Control+z", "Control+z")
    assert np.array_equal(pixels(saved(annotator)[0]), first)
    # The tool once more starts a new mask.
    annotator.press("m", "m", "3")
    annotator.drag((400, 300), (420, 300))
    assert [each["label"] for each in saved(annotator)] == ["mug", "spoon"]
    annotator.press("Shift+M", ".", ".", ".", ".")
    annotator.drag((400, 300), (420, 300))
    assert [each["label"] for each in saved(annotator)] == ["mug"]


def test_painting_turns_a_polygon_into_a_mask(annotator: Annotator) -> None:
    draw(annotator, SQUARE)
    annotator.press("o")
    draw(annotator, INNER)
    annotator.press("m")
    annotator.drag((290, 200), (330, 200))
    [mask] = saved(annotator)
    assert "parts" not in mask
    shape = pixels(mask)
    assert shape[250, 250]
    assert not shape[175, 175]
    assert shape[200, 332]
    # A painted mask takes further parts and holes, too.
    annotator.press("o")
    draw(annotator, [(400, 300), (450, 300), (450, 350), (400, 350)])
    draw(annotator, [(110, 210), (140, 210), (140, 240)])
    shape = pixels(saved(annotator)[0])
    assert shape[325, 425]
    assert not shape[215, 135]
    annotator.press("v")
    annotator.drag((425, 325), (435, 320))
    assert pixels(saved(annotator)[0]).sum() == shape.sum()
    assert pixels(saved(annotator)[0])[:, 455].any()
    annotator.press("Control+z", "Control+z", "Control+z", "Control+z")
    assert saved(annotator)[0]["parts"][0]["holes"] == [near(INNER)]


def test_superpixels_go_in_and_out(annotator: Annotator) -> None:
    annotator.press("s")
    wait_until(lambda: "ready" in status(annotator), 60, "the superpixels")
    annotator.click(200, 200)
    [mask] = saved(annotator)
    one = pixels(mask)
    assert one[200, 200]
    assert 20 < one.sum() < 2000
    annotator.drag((205, 200), (300, 200), steps=20)
    [mask] = saved(annotator)
    many = pixels(mask)
    assert many[200, 200:300].all()
    annotator.page.keyboard.down("Alt")
    annotator.click(300, 200)
    annotator.page.keyboard.up("Alt")
    assert not pixels(saved(annotator)[0])[200, 300]
    annotator.press("Control+z", "Control+z")
    assert np.array_equal(pixels(saved(annotator)[0]), one)
    # A press on the mask takes cells away, and the last one deletes it.
    annotator.click(200, 200)
    assert saved(annotator) == []


def test_everything_by_keyboard(annotator: Annotator) -> None:
    annotator.press("p", "b", *["Shift+ArrowRight"] * 4, "b", *["Shift+ArrowDown"] * 3, "Insert")
    annotator.press("Enter")
    assert saved(annotator)[0]["parts"][0]["outline"] == [[320, 240], [360, 240], [360, 270]]
    annotator.press("k", "k", "ArrowRight", "Shift+ArrowUp", "b", "ArrowLeft")
    outline = [[320, 240], [361, 230], [359.5, 250], [360, 270]]
    assert saved(annotator)[0]["parts"][0]["outline"] == outline
    annotator.press("Delete", "Escape", "n", "ArrowLeft")
    outline = [[319, 240], [360, 230], [359, 270]]
    assert saved(annotator)[0]["parts"][0]["outline"] == outline
    annotator.press("Escape", "m", "b", *["ArrowRight"] * 3, "b", "2")
    [polygon, mask] = saved(annotator)
    assert polygon["mode"] == mask["mode"] == "keyboard"
    assert mask["label"] == "teapot"
    assert 18 * 18 > pixels(mask).sum() > np.pi * 81
    annotator.press("v", "n", "Delete", "Enter")
    annotator.wait_saved()
    answer = annotator.on_disk("answers/2.B.practice.json")["picture-1"]
    assert answer["done"]
    assert [each["label"] for each in answer["annotations"]] == ["teapot"]
    assert annotator.js("s.index") == 1


def test_everything_by_the_list(annotator: Annotator) -> None:
    root = annotator.root
    button = root.get_by_role("button", name="Add mask")
    button.press("Enter")
    assert saved(annotator)[0]["parts"][0]["outline"] == [
        [320, 240],
        [380, 240],
        [380, 300],
        [320, 300],
    ]

    def fill(name: str, value: str) -> None:
        field = root.locator(f"input[name={name}]")
        field.fill(value)
        field.press("Tab")

    fill("x", "250.5")
    fill("y", "9999")
    root.locator("input[name=corner]").press("ArrowUp")
    root.get_by_role("button", name="New corner after this one").press("Enter")
    assert saved(annotator)[0]["parts"][0]["outline"] == [
        [250.5, 480],
        [380, 240],
        [380, 270],
        [380, 300],
        [320, 300],
    ]
    root.get_by_role("button", name="Remove this corner").press("Enter")
    root.get_by_label("Class", exact=True).select_option("spoon")
    fill("corner", "0")
    fill("x", "10")
    [mask] = saved(annotator)
    outline = [[10, 480], [139.5, 240], [139.5, 300], [79.5, 300]]
    assert (mask["label"], mask["parts"][0]["outline"]) == ("spoon", outline)
    annotator.focus()
    annotator.press("o")
    draw(annotator, [(20, 20), (80, 20), (80, 80), (20, 80)])
    draw(annotator, [(30, 30), (60, 30), (60, 60)])
    root.get_by_role("button", name="Fill Hole 1").press("Enter")
    assert [part["holes"] for part in saved(annotator)[0]["parts"]] == [[], []]
    root.get_by_role("button", name="Delete Part 1").press("Enter")
    assert saved(annotator)[0]["parts"][0]["outline"] == near(
        [(20, 20), (80, 20), (80, 80), (20, 80)]
    )
    annotator.focus()
    annotator.press("m")
    annotator.drag((50, 50), (60, 60))
    annotator.drag((200, 50), (260, 60))
    root.get_by_role("button", name="Delete Part 2").press("Enter")
    assert not pixels(saved(annotator)[0])[:, 150:].any()


def test_the_names_asked_for_are_the_classes_of_the_picture(
    shown: Callable[[int], Annotator],
) -> None:
    annotator = shown(1)
    bar = annotator.root.locator(".ls-classes")
    assert bar.inner_text().split() == ["Outline:", "mug", "Next", "mask", "1", "mug"]
    draw(annotator, SQUARE)
    annotator.press("]")
    wait_until(lambda: annotator.js("a.ready"), 10, "the second picture")
    assert bar.inner_text().split() == [
        *("Outline:", "teapot,", "mug", "Next", "mask"),
        *("1", "teapot", "2", "mug"),
    ]
    # What is asked comes in order; a key changes it.
    draw(annotator, SQUARE)
    annotator.press("Escape")
    draw(annotator, [(400, 100), (500, 100), (500, 200)])
    labels = [mask["label"] for mask in saved(annotator, "picture-2")]
    assert labels == ["teapot", "mug"]
    annotator.press("1")
    assert [mask["label"] for mask in saved(annotator, "picture-2")] == ["teapot", "teapot"]
    assert saved(annotator)[0]["label"] == "mug"


def test_proposals_are_accepted_fixed_or_rejected(shown: Callable[[int], Annotator]) -> None:
    annotator = shown(2)
    annotator.press("n", "a")
    annotator.press("k", "Shift+ArrowRight")
    verdicts = saved(annotator)
    assert [(v["type"], v["target"], v["decision"]) for v in verdicts] == [
        ("verdict", "p1", "accept"),
        ("verdict", "p2", "fix"),
    ]
    assert verdicts[1]["fix"]["parts"][0]["outline"] == [[30, 20], [80, 20], [80, 80]]
    annotator.press("x")
    assert [v["decision"] for v in saved(annotator)] == ["accept", "reject"]
    assert saved(annotator)[1]["fix"] is None
    annotator.press("Control+z", "Enter")
    annotator.wait_saved()
    answer = annotator.on_disk("answers/2.B.practice.json")["picture-1"]
    assert (answer["done"], answer["annotations"][1]) == (True, verdicts[1])


def test_a_finger_outlines_and_a_pen_paints(
    notebook: Callable[..., Notebook], folder: Path
) -> None:
    annotator = notebook(BY_CLASS, has_touch=True).show()
    annotator.canvas.scroll_into_view_if_needed()
    touch = annotator.page.context.new_cdp_session(annotator.page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [dict(zip("xy", annotator.at(*point), strict=True)) for point in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    # A tap near the first corner closes the outline.
    for place in [*SQUARE, (104, 96)]:
        send("touchStart", place)
        send("touchEnd")
    [mask] = saved(annotator)
    assert mask["mode"] == "touch"
    assert mask["parts"][0]["outline"] == near(SQUARE)
    annotator.press("m", "m")
    place = {"pointerType": "pen", "button": "left", "buttons": 1, "clickCount": 1}
    for kind, point in [
        ("mousePressed", (400, 100)),
        ("mouseMoved", (450, 100)),
        ("mouseReleased", (450, 100)),
    ]:
        x, y = annotator.at(*point)
        touch.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **place})
    [_, mask] = saved(annotator)
    assert mask["mode"] == "pen"
    assert pixels(mask)[100, 400:450].all()
