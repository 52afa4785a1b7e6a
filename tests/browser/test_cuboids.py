"""Cuboids in a sweep, by every input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Annotator, Lab, Notebook, open_book, wait_until
from playwright.sync_api import BrowserContext

CELL = """
from pathlib import Path

import numpy as np
from labelschool.answers import AnswerFile
from labelschool.model import Calibration
from labelschool.widgets import CuboidAnnotator, Item

# A road, two sides of a car that stands from x 10 to 14 and y -1 to 1, a person at 20, 4.
random = np.random.default_rng(5)
road = np.column_stack([random.uniform(-10, 35, 4000), random.uniform(-15, 15, 4000)])
rear = np.column_stack([np.full(60, 10.05), random.uniform(-1, 1, 60)])
side = np.column_stack([random.uniform(10, 14, 80), np.full(80, -0.95)])
person = np.column_stack([random.normal(20, 0.1, 20), random.normal(4, 0.1, 20)])
heights = [np.full(4000, -1.85), random.uniform(-1.8, -0.35, 140), random.uniform(-1.8, -0.1, 20)]
points = np.column_stack([np.concatenate([road, rear, side, person]), np.concatenate(heights)])
np.savez("sweep.npz", xyz=(100 * points).astype("int16"))
calibration = Calibration(
    intrinsics=((500, 0, 320), (0, 500, 240), (0, 0, 1)),
    extrinsics=((0, -1, 0, 0), (0, 0, -1, 0), (1, 0, 0, 0), (0, 0, 0, 1)),
)
CuboidAnnotator(
    title="Sweeps",
    items=[
        Item(
            name=f"sweep-{n}",
            sweep=Path("sweep.npz"),
            camera=Path("images") / f"picture-{n}.jpg",
            calibration=calibration,
            zones=(((0, 8), (0, 14), (9, 14), (9, 8)),),
            width=640,
            height=480,
        )
        for n in (1, 2)
    ],
    answer_file=AnswerFile("4.B", "practice", "G5.v1"),
    classes=["car", "person", "cyclist"],
    sizes={"car": (4.4, 1.8, 1.5)},
    rules=[(1, "Any target with at least one point.")],
    guideline="G5.v1",
)
""".strip()


@pytest.fixture(scope="module")
def sweeps(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    """One notebook with a cuboid annotator."""
    with open_book(lab, profile, "cuboids", [CELL]) as notebook:
        yield notebook


@pytest.fixture
def annotator(sweeps: Notebook) -> Annotator:
    """A cuboid annotator without any saved work, its cell freshly run."""
    fresh = sweeps.fresh()
    fresh.focus()
    return fresh


def saved(annotator: Annotator) -> list[dict[str, Any]]:
    annotator.wait_saved()
    return annotator.on_disk("answers/4.B.practice.json")["sweep-1"]["annotations"]


def numbers(annotator: Annotator) -> list[float]:
    """Centre, size and heading of the first cuboid, as saved."""
    cuboid = saved(annotator)[0]
    return [*cuboid["center"], *cuboid["size"], cuboid["yaw"]]


def ground(annotator: Annotator, x: float, y: float) -> tuple[float, float]:
    """A place on the ground as a point of the stage."""
    return tuple(annotator.js("a.view.toImage(a.toScreen(arg))", [x, y]))


def drag(annotator: Annotator, start: tuple[float, float], end: tuple[float, float]) -> None:
    annotator.drag(ground(annotator, *start), ground(annotator, *end))


def draw_car(annotator: Annotator) -> None:
    drag(annotator, (10, 1), (14, -1))


def test_by_mouse_a_cuboid_is_drawn_changed_deleted_and_restored(
    annotator: Annotator, lab: Lab, screenshots: Path
) -> None:
    states = [annotator.shapes]

    def did() -> list[float]:
        states.append(annotator.shapes)
        return numbers(annotator)

    draw_car(annotator)
    # From the road at -1.85 to the highest point at about -0.35.
    assert did() == pytest.approx([12, 0, -1.1, 4, 2, 1.5, 0], abs=0.1)
    annotator.press("v", "f", "-", "-", "-")
    drag(annotator, (14, 0.5), (15, 0.5))
    assert did() == pytest.approx([12.5, 0, -1.1, 5, 2, 1.5, 0], abs=0.1)
    tip = 12.5 + 5 / 2 + 5 / 4
    drag(annotator, (tip, 0), (12.5, 4))
    assert did()[6] == pytest.approx(1.5708, abs=0.03)
    drag(annotator, (12.2, 0.4), (14.2, 1.4))
    assert did()[:2] == pytest.approx([14.5, 1], abs=0.1)
    annotator.press("2")
    did()
    annotator.press("Delete")
    states.append(annotator.shapes)
    assert saved(annotator) == []
    for state in reversed(states[:-1]):
        annotator.press("Control+z")
        assert annotator.shapes == state
    for state in states[1:]:
        annotator.press("Control+y")
        assert annotator.shapes == state
    annotator.press("Control+z", "n")
    wait_until(lambda: annotator.js("Boolean(a.camera?.bitmap)"), 10, "the camera picture")
    annotator.page.screenshot(path=screenshots / "cuboid.png")
    expected = saved(annotator)
    assert expected[0]["label"] == "person"

    lab.restart_kernel("cuboids/work.ipynb")
    again = annotator.notebook.show()
    assert again.shapes == expected
    again.focus()
    again.press("n", "Delete", "Control+z")
    assert saved(again) == expected


def test_by_keyboard_alone(annotator: Annotator) -> None:
    here = annotator.js("a.stage.place")
    annotator.press("ArrowUp", "Shift+ArrowLeft", "Insert", "3")
    placed = annotator.js("a.stage.place")
    assert [placed[0] - here[0], placed[1] - here[1]] == pytest.approx([-10, -1])
    start = numbers(annotator)
    annotator.press("ArrowUp", "Shift+ArrowLeft", "Alt+ArrowUp", "Alt+Shift+ArrowRight")
    annotator.press("r", "r", "Shift+R", "w", "Shift+W")
    moved = [now - was for now, was in zip(numbers(annotator), start, strict=True)]
    assert moved == pytest.approx([0.15, 0.5, 0.075, 0.1, 1, 0.05, 0.0175], abs=0.011)
    # A held key is one step.
    for _ in range(4):
        annotator.page.keyboard.down("r")
    annotator.page.keyboard.up("r")
    annotator.press("Control+z")
    assert numbers(annotator)[6] == pytest.approx(start[6] + 0.0175, abs=1e-3)
    turned = numbers(annotator)
    annotator.press("q")
    assert numbers(annotator)[6] == pytest.approx(turned[6] - 3.1416, abs=1e-3)
    annotator.press("q")
    assert numbers(annotator) == turned
    annotator.press("1", "p", "t", "d")
    car, copy = saved(annotator)
    assert (car["label"], car["size"][:2]) == ("car", [4.4, 1.8])
    assert copy["size"] == car["size"]
    annotator.press("Delete", "n", "Shift+N", "Delete")
    assert saved(annotator) == []
    annotator.press("Control+z", "Enter")
    assert saved(annotator) == [car]
    assert annotator.js("s.index") == 1


def test_by_the_list(annotator: Annotator) -> None:
    root = annotator.root
    root.get_by_role("button", name="Add cuboid").press("Enter")
    for name, value in [
        ("Ahead in metres", "12"),
        ("Left in metres", "-0.25"),
        ("Length in metres", "4.32"),
        ("Heading in degrees", "-90"),
    ]:
        field = root.get_by_label(name)
        field.fill(value)
        field.press("Tab")
    root.get_by_label("Class", exact=True).select_option("cyclist")
    [shape] = saved(annotator)
    assert (shape["label"], shape["mode"]) == ("cyclist", "list")
    assert shape["center"][:2] == [12, -0.25]
    assert (shape["size"][0], shape["yaw"]) == (4.32, -1.5708)
    root.get_by_label("Up in metres").press("ArrowUp")
    root.get_by_role("button", name="Turn round").press("Enter")
    after = numbers(annotator)
    assert after[2] == pytest.approx(shape["center"][2] + 0.1)
    assert after[6] == 1.5708
    assert after[3:6] == shape["size"]
    root.get_by_role("button", name="Delete").press("Enter")
    assert saved(annotator) == []


def test_the_side_views_set_the_height(annotator: Annotator) -> None:
    draw_car(annotator)
    before = numbers(annotator)
    view = annotator.root.locator(".ls-view canvas").nth(1)
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box
    # The view shows the cuboid with a metre around it, as large as fits.
    scale = min(box["width"] / (before[3] + 2), box["height"] / (before[5] + 2))
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse = annotator.page.mouse

    def pull(start: tuple[float, float], by: tuple[float, float]) -> list[float]:
        """Drag from a place ahead and above the middle, in metres."""
        x, y = middle[0] + start[0] * scale, middle[1] - start[1] * scale
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by[0] * scale, y - by[1] * scale, steps=5)
        mouse.up()
        return numbers(annotator)

    after = pull((0, before[5] / 2), (0, 0.4))
    assert after[5] == pytest.approx(before[5] + 0.4, abs=0.03)
    assert after[2] == pytest.approx(before[2] + 0.2, abs=0.03)
    assert after[:2] == before[:2]
    annotator.press("Control+z")
    moved = pull((0.5, 0.1), (0.3, -0.2))
    assert moved[3:] == before[3:]
    assert moved[:3] == pytest.approx([before[0] + 0.3, before[1], before[2] - 0.2], abs=0.03)


def test_by_touch(annotator: Annotator) -> None:
    page = annotator.page
    device = page.context.new_cdp_session(page)

    def touch(start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw one finger from a place on the ground to another."""
        annotator.canvas.scroll_into_view_if_needed()
        ends = [annotator.at(*ground(annotator, *place)) for place in (start, end)]
        for kind, share in [("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1)]:
            x, y = (a + share * (b - a) for a, b in zip(*ends, strict=True))
            points = [{"x": x, "y": y}]
            device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    touch((10, 1), (14, -1))
    assert numbers(annotator) == pytest.approx([12, 0, -1.1, 4, 2, 1.5, 0], abs=0.1)
    assert saved(annotator)[0]["mode"] == "touch"
    annotator.root.get_by_role("button", name="Select and change").click()
    touch((14, 0), (15, 0))
    assert numbers(annotator)[:4] == pytest.approx([12.5, 0, -1.1, 5], abs=0.1)
    touch((12.5, 0), (12.5, 2))
    assert numbers(annotator)[:4] == pytest.approx([12.5, 2, -1.1, 5], abs=0.1)


def test_a_zone_is_clicked_closed_and_has_no_class(annotator: Annotator) -> None:
    annotator.press("z")
    for place in [(0, 8), (0, 14), (5, 14), (9, 14)]:
        annotator.click(*ground(annotator, *place))
    annotator.press("Backspace")
    annotator.click(*ground(annotator, 9, 14))
    annotator.click(*ground(annotator, 9, 8))
    annotator.press("Enter", "2")
    [zone] = saved(annotator)
    assert zone["type"] == "zone"
    assert "label" not in zone
    outline = [tuple(round(value) for value in corner) for corner in zone["outline"]]
    assert outline == [(0, 8), (0, 14), (5, 14), (9, 14), (9, 8)]
    assert annotator.js("s.index") == 0
    annotator.press("v")
    drag(annotator, (4, 11), (5, 10))
    assert saved(annotator)[0]["outline"][0] == pytest.approx([1, 7], abs=0.1)
    assert annotator.root.get_by_label("Class", exact=True).is_hidden()
    annotator.press("Delete")
    assert saved(annotator) == []
    assert "Deleted no-label zone" in annotator.root.inner_text()


def test_the_camera_picture_shows_the_cuboids(annotator: Annotator) -> None:
    camera = annotator.root.locator(".ls-view canvas").first
    wait_until(lambda: annotator.js("Boolean(a.camera?.bitmap)"), 10, "the camera picture")
    # Pixels in the colour of the first class.
    coloured = """([canvas, colour]) => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
        let found = 0;
        for (let at = 0; at < data.length; at += 4)
            found += channels.every((value, n) => data[at + n] === value);
        return found;
    }"""

    def seen() -> int:
        colour = annotator.js("a.styles.get('car').colour")
        return camera.evaluate(f"(canvas, colour) => ({coloured})([canvas, colour])", colour)

    assert seen() == 0
    draw_car(annotator)
    wait_until(lambda: seen() > 50, 5, "the cuboid in the camera picture")
    annotator.press("Control+z")
    wait_until(lambda: seen() == 0, 5, "the cuboid to go")
