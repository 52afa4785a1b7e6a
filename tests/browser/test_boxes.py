"""Drawing, naming and changing boxes, by every input."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lab import Annotator, Notebook, box_cell, wait_until

Opened = Callable[..., Notebook]


def boxes(annotator: Annotator, item: str = "picture-1") -> list[tuple]:
    """Class, box and flags as they are on disk."""
    annotator.wait_saved()
    found = annotator.on_disk()[item]["annotations"]
    flags = ("occluded", "truncated", "crowd", "unsure")
    return [(b["label"], b["bbox"], [b[flag] for flag in flags]) for b in found]


def test_a_dragged_box_is_saved_with_class_and_flags(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("5", "o", "o", "t")
    annotator.drag((400, 300), (300, 250))
    [first, second] = boxes(annotator)
    assert first == ("person", [100, 100, 120, 100], [2, True, False, False])
    assert second == ("person", [300, 250, 100, 50], [0, False, False, False])
    saved = annotator.on_disk()["picture-1"]
    assert [box["mode"] for box in saved["annotations"]] == ["mouse", "mouse"]
    assert saved["annotations"][0]["ms"] > 0
    assert saved["active_ms"] >= saved["annotations"][0]["ms"]
    events = annotator.notebook.lab.folder / annotator.notebook.name
    log = (events.parent / "answers/.events/1.A.practice.jsonl").read_text(encoding="utf-8")
    assert '"item": "picture-1"' in log
    assert '"n": 2' in log


def test_four_extreme_clicks_make_a_box_in_any_order(annotator: Annotator) -> None:
    annotator.focus()
    annotator.press("x")
    for point in [(300, 180), (180, 120), (250, 60), (220, 240)]:
        annotator.click(*point)
    assert boxes(annotator) == [("car", [180, 60, 120, 180], [0, False, False, False])]


def test_everything_by_keyboard(annotator: Annotator) -> None:
    annotator.focus()
    annotator.press("ArrowRight", "Shift+ArrowDown", "Insert")
    annotator.press("Shift+ArrowRight", "ArrowUp", "Alt+ArrowLeft", "Alt+Shift+ArrowDown")
    annotator.press("3", "t", "u")
    # The cursor starts in the middle (320, 240); the box is an eighth of 640 x 480.
    assert boxes(annotator) == [("truck", [291, 219, 79, 70], [0, True, False, True])]
    annotator.press("d", "n", "Delete", "Shift+N", "Enter")
    assert len(boxes(annotator)) == 1
    saved = annotator.on_disk()["picture-1"]
    assert saved["done"]
    assert saved["annotations"][0]["mode"] == "keyboard"
    assert annotator.js("s.index") == 1


def test_everything_by_the_list(annotator: Annotator) -> None:
    annotator.root.get_by_role("button", name="Add box").press("Enter")
    for name, value in [("x", "10"), ("y", "20"), ("w", "30.5"), ("h", "9999")]:
        field = annotator.root.locator(f"input[name={name}]")
        field.fill(value)
        field.press("Tab")
    annotator.root.get_by_label("Class", exact=True).select_option("bus")
    annotator.root.get_by_role("button", name="Crowd region").press("Enter")
    # The frame is 480 high: 460 is what fits below y = 20.
    assert boxes(annotator) == [("bus", [10, 20, 30.5, 460], [0, False, True, False])]
    assert annotator.on_disk()["picture-1"]["annotations"][0]["mode"] == "list"
    assert annotator.root.locator("input[name=h]").input_value() == "460"
    annotator.root.locator("input[name=x]").press("ArrowUp")
    assert boxes(annotator)[0][1][0] == 11
    annotator.root.get_by_role("button", name="Delete").press("Enter")
    assert boxes(annotator) == []


def test_undo_and_redo_also_across_items(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("4")
    annotator.press("]")
    wait_until(lambda: annotator.js("a.ready"), 10, "the second picture")
    annotator.drag((50, 50), (90, 90))
    annotator.press("Control+z")
    assert boxes(annotator, "picture-2") == []
    annotator.press("Control+z")
    assert annotator.js("s.index") == 0
    assert boxes(annotator)[0][0] == "car"
    annotator.press("Control+z")
    assert boxes(annotator) == []
    annotator.press("Control+y", "Control+Shift+z")
    assert boxes(annotator)[0][0] == "bus"


def test_a_held_arrow_is_one_step_back(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    keyboard = annotator.page.keyboard
    for _ in range(5):
        keyboard.down("ArrowRight")
    keyboard.up("ArrowRight")
    assert boxes(annotator)[0][1][0] == 105
    annotator.press("Control+z")
    assert boxes(annotator)[0][1][0] == 100


def test_select_move_resize_and_delete_by_mouse(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("v")
    annotator.drag((160, 150), (180, 190))
    assert boxes(annotator)[0][1] == [120, 140, 120, 100]
    annotator.drag((240, 240), (260, 300))
    assert boxes(annotator)[0][1] == [120, 140, 140, 160]
    annotator.drag((120, 220), (100, 220))
    assert boxes(annotator)[0][1] == [100, 140, 160, 160]
    annotator.press("Delete")
    assert boxes(annotator) == []


@pytest.mark.parametrize("beside", [6, 10])
def test_a_box_may_start_beside_the_corner_of_the_last(annotator: Annotator, beside: int) -> None:
    annotator.drag((100, 100), (220, 200))
    gap = beside / annotator.js("a.view.scale")
    annotator.drag((220 + gap, 200 + gap), (300, 280))
    [first, second] = boxes(annotator)
    assert first[1] == [100, 100, 120, 100]
    assert second[1] == pytest.approx([220 + gap, 200 + gap, 80 - gap, 80 - gap], abs=1)


def test_a_drawing_tool_resizes_by_a_handle_itself(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    near = 3 / annotator.js("a.view.scale")
    annotator.drag((220 + near, 200 + near), (300, 280))
    assert [box[1] for box in boxes(annotator)] == [[100, 100, 200, 180]]


def test_the_select_tool_reaches_further(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("v")
    near = 7 / annotator.js("a.view.scale")
    annotator.drag((220 + near, 200 + near), (300, 280))
    assert [box[1] for box in boxes(annotator)] == [[100, 100, 200, 180]]


PAINTED = """(() => {
    const canvas = root.querySelector(".ls-layer-overlay");
    const [x, y] = a.view.toScreen(arg).map((v) => Math.round(v * devicePixelRatio));
    return canvas.getContext("2d").getImageData(x, y, 1, 1).data[3] > 0;
})()"""


def test_the_grid_makes_strips_and_leaves_the_arrow_step(annotator: Annotator) -> None:
    annotator.focus()
    grid = annotator.root.get_by_role("button", name="Grid")
    lines = [(160, 77), (320, 77), (480, 77), (77, 160), (77, 320)]
    between = [(80, 77), (240, 77), (8, 77), (77, 240)]
    assert not annotator.js(PAINTED, lines[0])
    annotator.press("g")
    wait_until(lambda: annotator.js(PAINTED, lines[0]), 5, "the grid")
    assert all(annotator.js(PAINTED, point) for point in lines)
    assert not any(annotator.js(PAINTED, point) for point in between)
    assert grid.get_attribute("aria-pressed") == "true"
    annotator.press("Insert", "ArrowRight", "Shift+ArrowDown")
    assert boxes(annotator)[0][1] == [281, 220, 80, 60]
    annotator.press("Delete", "g")
    wait_until(lambda: not annotator.js(PAINTED, lines[0]), 5, "the grid to go")
    assert grid.get_attribute("aria-pressed") == "false"


def test_a_class_key_means_the_box_at_hand_or_the_next(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("2")
    assert boxes(annotator)[0][0] == "van"
    annotator.page.mouse.move(*annotator.at(500, 400))
    annotator.press("5")
    assert boxes(annotator)[0][0] == "van"
    annotator.drag((400, 300), (500, 400))
    assert [box[0] for box in boxes(annotator)] == ["van", "person"]


def test_boxes_are_copied_to_the_next_item(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.drag((300, 100), (400, 200))
    annotator.press("Escape", "c")
    assert [box[1] for box in boxes(annotator, "picture-2")] == [
        [100, 100, 120, 100],
        [300, 100, 100, 100],
    ]
    states = annotator.root.locator(".ls-item").evaluate_all("all => all.map(i => i.dataset.state)")
    assert states == ["started", "started", "empty"]


def test_the_rules_open_from_the_guidelines_name(annotator: Annotator) -> None:
    annotator.root.get_by_role("button", name="G1.v1").click()
    rules = annotator.root.get_by_role("dialog", name="Rules, G1.v1")
    assert rules.locator(".ls-rule strong").all_inner_texts() == ["2", "6", "9", "16"]
    annotator.press("Escape", "3")
    assert not rules.count()
    annotator.drag((100, 100), (220, 200))
    assert boxes(annotator)[0][0] == "truck"
    assert annotator.on_disk()["picture-1"]["escalate"] is None


def test_done_without_a_box_is_said(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    annotator.press("Enter")
    said = annotator.root.locator(".ls-status")
    assert "without" not in said.inner_text()
    annotator.press("Enter")
    assert said.inner_text() == "Done without a box: right only where there is none"


def test_escalation_names_a_rule(annotator: Annotator) -> None:
    annotator.focus()
    annotator.press("e", "9", "Enter")
    annotator.wait_saved()
    assert annotator.on_disk()["picture-1"]["escalate"] == {"rule": 9, "note": ""}
    assert annotator.root.get_by_text("Escalated, rule 9").last.is_visible()


@pytest.mark.parametrize("height", [900, 500])
def test_sixteen_rules_fit_the_escalation(notebook: Opened, height: int) -> None:
    sentence = "Occluded: level 1 under 25 %, 2 under 50 %, 3 the rest; guess the hidden part."
    cell = box_cell().replace("rules=RULES", f"rules=[(n, {sentence!r}) for n in range(1, 17)]")
    annotator = notebook(cell, viewport={"width": 1280, "height": height}).show()
    annotator.focus()
    annotator.press("e")
    dialog = annotator.root.locator("dialog")
    rules = dialog.locator(".ls-rule-list")
    for part in (dialog, dialog.get_by_text("No rule decides it")):
        box = part.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    assert dialog.evaluate("node => node.scrollHeight <= node.clientHeight")
    cut = rules.evaluate("node => node.scrollHeight > node.clientHeight")
    assert cut == (height < 900)
    annotator.press("1", "6", "ArrowDown", "Enter")
    annotator.wait_saved()
    assert annotator.on_disk()["picture-1"]["escalate"] == {"rule": None, "note": ""}


class Counted:
    """Counts inputs: a drag, a click, a key; a held key is one."""

    def __init__(self, annotator: Annotator) -> None:
        self.annotator = annotator
        self.inputs = 0

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.inputs += 1
        self.annotator.drag(start, end)

    def press(self, key: str, times: int = 1) -> None:
        self.inputs += 1
        for _ in range(times):
            self.annotator.page.keyboard.down(key)
        self.annotator.page.keyboard.up(key.split("+")[-1])


def test_a_box_takes_few_inputs(annotator: Annotator) -> None:
    counted = Counted(annotator)
    for number, (x, key) in enumerate([(60, None), (260, "5"), (460, None), (160, "1")]):
        counted.drag((x, 60 + 60 * number), (x + 90, 110 + 60 * number))
        if key:
            counted.press(key)
        counted.press("t")
    assert [(label, flags[1]) for label, _, flags in boxes(annotator)] == [
        ("car", True),
        ("person", True),
        ("person", True),
        ("car", True),
    ]
    assert counted.inputs / 4 <= 3.5

    annotator.press("]")
    wait_until(lambda: annotator.js("a.ready"), 10, "the second picture")
    counted = Counted(annotator)
    counted.press("Insert")
    counted.press("ArrowRight", times=30)
    counted.press("ArrowUp", times=12)
    annotator.page.keyboard.down("Alt")
    counted.press("ArrowRight", times=20)
    counted.press("ArrowDown", times=9)
    annotator.page.keyboard.up("Alt")
    counted.press("t")
    assert boxes(annotator, "picture-2") == [("car", [310, 198, 100, 69], [0, True, False, False])]
    assert counted.inputs <= 6


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_zooms_only_with_focus(annotator: Annotator, focused: bool) -> None:
    fitted = annotator.js("a.view.scale")
    if focused:
        annotator.focus()
    annotator.page.mouse.move(*annotator.at(200, 200))
    annotator.page.mouse.wheel(0, -300)
    annotator.page.wait_for_timeout(300)
    assert (annotator.js("a.view.scale") > fitted) == focused
    told = "Click the picture first, then the wheel zooms (or hold Ctrl)"
    assert (annotator.root.locator(".ls-status").inner_text() == told) != focused


def test_the_wheel_is_explained_once_and_scrolls_the_page(notebook: Opened) -> None:
    annotator = notebook(viewport={"width": 1280, "height": 500}).show()
    annotator.canvas.evaluate("node => node.scrollIntoView({ block: 'start' })")
    annotator.page.mouse.move(*annotator.at(200, 200))
    top = annotator.root.bounding_box()["y"]
    annotator.page.mouse.wheel(0, 60)
    wait_until(lambda: annotator.root.bounding_box()["y"] < top, 5, "the page to scroll")
    annotator.js("a.say('something else')")
    annotator.page.mouse.wheel(0, 10)
    annotator.page.wait_for_timeout(200)
    assert annotator.root.locator(".ls-status").inner_text() == "something else"


def test_zoom_pan_and_fit(annotator: Annotator) -> None:
    annotator.focus()
    place = annotator.at(200, 200)
    annotator.page.mouse.move(*place)
    annotator.page.mouse.wheel(0, -500)
    wait_until(lambda: annotator.js("a.view.scale") > 1.5, 5, "the zoom")
    assert annotator.at(200, 200) == pytest.approx(place, abs=2)
    annotator.page.keyboard.down("Space")
    annotator.page.mouse.down()
    annotator.page.mouse.move(place[0] + 40, place[1] + 30, steps=4)
    annotator.page.mouse.up()
    annotator.page.keyboard.up("Space")
    assert annotator.at(200, 200) == pytest.approx((place[0] + 40, place[1] + 30), abs=2)
    assert annotator.shapes == []
    annotator.press("0")
    assert annotator.js("a.view.fitted")


def test_a_finger_draws_and_two_zoom(notebook: Opened) -> None:
    annotator = notebook(has_touch=True).show()
    annotator.canvas.scroll_into_view_if_needed()
    touch = annotator.page.context.new_cdp_session(annotator.page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [
            {"x": x, "y": y, "id": number}
            for number, (x, y) in enumerate(annotator.at(*point) for point in points)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", (100, 100))
    for step in range(1, 6):
        send("touchMove", (100 + 20 * step, 100 + 16 * step))
    send("touchEnd")
    [box] = boxes(annotator)
    assert box[1] == pytest.approx([100, 100, 100, 80], abs=1)
    assert annotator.shapes[0]["mode"] == "touch"

    before = annotator.js("a.view.scale")
    fingers = [annotator.at(300, 200), annotator.at(340, 200)]

    def pinch(kind: str, apart: float) -> None:
        (x0, y0), (x1, y1) = fingers
        places = [{"x": x0 - apart, "y": y0, "id": 0}, {"x": x1 + apart, "y": y1, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    pinch("touchStart", 0)
    for apart in (10, 20, 40):
        pinch("touchMove", apart)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert annotator.js("a.view.scale") > 1.5 * before
    assert len(annotator.shapes) == 1


def test_another_pixel_density_keeps_the_geometry(notebook: Opened) -> None:
    annotator = notebook(device_scale_factor=2).show()
    annotator.drag((100, 100), (220, 200))
    assert boxes(annotator)[0][1] == [100, 100, 120, 100]
    width = annotator.root.locator(".ls-layer-shapes").evaluate("c => c.width / c.clientWidth")
    assert width == pytest.approx(2, abs=0.01)


def test_only_the_bay_is_in_the_light(notebook: Callable[..., Notebook]) -> None:
    """Where a part of a picture is to be labelled, the rest is darkened, and can be seen."""
    cell = box_cell().replace("height=480)", "height=480, bay=(200, 100, 300, 200))")
    shown = notebook(cell).show()

    def darkness(x: float, y: float) -> int:
        place = shown.js("a.view.toScreen(arg).map((v) => v * devicePixelRatio)", [x, y])
        return shown.js(
            "a.stage.layers.canvases.shapes.getContext('2d')"
            ".getImageData(arg[0], arg[1], 1, 1).data[3]",
            place,
        )

    assert darkness(350, 200) == 0
    assert 100 < darkness(100, 200) < 200
