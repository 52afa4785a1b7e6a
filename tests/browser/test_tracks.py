"""Tracks through a clip, by every input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Annotator, Lab, Notebook, open_book, wait_until
from playwright.sync_api import BrowserContext, Locator

CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, TrackAnnotator

frames = [Path("images") / f"picture-{n % 3 + 1}.jpg" for n in range(12)]
Path("damaged.jpg").write_bytes(b"")
size = dict(fps=10, width=640, height=480)
TrackAnnotator(
    title="Tracks",
    items=[
        Item(name="clip-1", frames=frames, **size),
        Item(name="clip-2", frames=[*frames[:3], Path("damaged.jpg"), *frames[:3]], **size),
        Item(name="clip-3", frames=25 * frames, fps=10, width=1280, height=960),
    ],
    answer_file=AnswerFile("2.E", "practice", "G4.v1"),
    classes=["car", "person", "cyclist", "van"],
    rules=[(1, "One id for each object.")],
    guideline="G4.v1",
)
""".strip()

COUNT_BITMAPS = """() => {
    const make = globalThis.createImageBitmap;
    Object.assign(globalThis, { made: 0, open: 0 });
    globalThis.createImageBitmap = async (...of) => {
        const bitmap = await make(...of);
        const close = bitmap.close.bind(bitmap);
        globalThis.made += 1;
        globalThis.open += 1;
        bitmap.close = () => (globalThis.open -= 1, close());
        return bitmap;
    };
}"""

GO_THROUGH = """(async () => {
    for (let frame = 0; frame < 60; frame++) {
        a.go(frame);
        while (!a.ready) await new Promise(requestAnimationFrame);
    }
    return globalThis.made;
})()"""


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "tracks", [CELL]) as opened:
        yield opened


@pytest.fixture
def annotator(book: Notebook) -> Annotator:
    shown = book.fresh()
    shown.focus()
    return shown


def saved(annotator: Annotator) -> dict[str, tuple[str, list]]:
    """The tracks on disk by id: class, and keyframes as (frame, box, state)."""
    annotator.wait_saved()
    found = annotator.on_disk("answers/2.E.practice.json")["clip-1"]["annotations"]

    def state(key: dict[str, Any]) -> str:
        return "outside" if key["outside"] else "hidden" if key["occluded"] else "seen"

    return {
        track["id"]: (
            track["label"],
            [(key["frame"], key["bbox"], state(key)) for key in track["keyframes"]],
        )
        for track in found
    }


def status(annotator: Annotator) -> str:
    return annotator.root.locator(".ls-status").inner_text()


def to_item(annotator: Annotator, number: int) -> None:
    annotator.root.get_by_role("toolbar", name="Items").get_by_role("button").nth(
        number - 1
    ).click()
    wait_until(lambda: annotator.js("a.ready"), 10, "the clip")


def timeline(annotator: Annotator) -> Locator:
    return annotator.root.get_by_role("slider", name="Timeline")


def on_timeline(annotator: Annotator, frame: int, lane: int) -> tuple[float, float]:
    """Where a frame of a lane is on the page."""
    timeline(annotator).scroll_into_view_if_needed()
    ruler = annotator.root.locator(".ls-ruler").bounding_box()
    row = annotator.root.locator(".ls-lane").nth(lane).bounding_box()
    assert ruler
    assert row
    count = annotator.js("a.last + 1")
    return ruler["x"] + (frame + 0.5) * ruler["width"] / count, row["y"] + row["height"] / 2


def test_a_track_is_drawn_by_mouse_saved_and_restored(
    annotator: Annotator, lab: Lab, screenshots: Path
) -> None:
    annotator.drag((100, 100), (160, 200))
    annotator.press("2")
    annotator.press(".", ".", ".", ".")
    annotator.drag((130, 150), (170, 160))
    annotator.press(".", ".", "o", ".", ".", "q")
    annotator.drag((400, 300), (500, 360))
    annotator.press("4")
    expected = {
        "1": (
            "person",
            [
                (0, [100, 100, 60, 100], "seen"),
                (4, [140, 110, 60, 100], "seen"),
                (6, [140, 110, 60, 100], "hidden"),
                (8, [140, 110, 60, 100], "outside"),
            ],
        ),
        "2": ("van", [(8, [400, 300, 100, 60], "seen")]),
    }
    assert saved(annotator) == expected
    annotator.press("Home", ".", ".")
    # Between two keyframes the box is half way.
    annotator.press("v")
    annotator.click(125, 150)
    assert annotator.root.locator("input[name=x]").input_value() == "120"
    annotator.screenshot(path=screenshots / "tracks.png")

    lab.restart_kernel("tracks/work.ipynb")
    again = annotator.notebook.show()
    assert saved(again) == expected
    assert {shape["id"] for shape in again.shapes} == {"1", "2"}
    again.focus()
    again.press("n", "Delete")
    assert list(saved(again)) == ["2"]
    again.press("Control+z")
    assert saved(again) == expected


def test_everything_by_keyboard(annotator: Annotator) -> None:
    annotator.press("Insert", "3", ">", "Shift+ArrowRight", "Alt+ArrowDown", "Shift+K")
    assert annotator.js("a.frame") == 0
    annotator.press("k", ",", ",", "a", ",", "q", "Home", "End")
    assert saved(annotator) == {
        "1": (
            "cyclist",
            [
                (0, [280, 210, 80, 60], "seen"),
                (7, [287, 210, 80, 60.7], "outside"),
                (8, [288, 210, 80, 60.8], "seen"),
                (10, [290, 210, 80, 61], "seen"),
            ],
        )
    }
    annotator.press("Home", *["."] * 8, "a")
    assert status(annotator) == "cyclist 1: keyframe removed at frame 8"
    annotator.press("ArrowLeft")
    assert status(annotator) == "cyclist 1 is not in this frame: A brings it here"
    annotator.press("End", "s")
    split = saved(annotator)
    assert [(id, keys[-1][0], keys[-1][2]) for id, (_, keys) in split.items()] == [
        ("1", 11, "outside"),
        ("2", 11, "seen"),
    ]
    annotator.press("Delete", "Control+z")
    assert saved(annotator) == split
    # Track 1 has left the picture where track 2 begins; each is reached where it is seen.
    annotator.press("Home", "n", "End", "n", "j")
    assert status(annotator) == "Joined cyclist 2 into cyclist 1"
    assert list(saved(annotator)) == ["1"]
    annotator.press("Home", "n", "Enter")
    annotator.wait_saved()
    assert annotator.on_disk("answers/2.E.practice.json")["clip-1"]["done"]
    assert annotator.js("s.index") == 1


def test_split_join_copy_delete_and_undo(annotator: Annotator) -> None:
    annotator.drag((100, 100), (160, 200))
    annotator.press(*["."] * 10)
    annotator.drag((130, 150), (230, 150))
    annotator.press(*[","] * 6, "s")
    split = saved(annotator)
    assert split == {
        "1": ("car", [(0, [100, 100, 60, 100], "seen"), (4, [140, 100, 60, 100], "outside")]),
        "2": ("car", [(4, [140, 100, 60, 100], "seen"), (10, [200, 100, 60, 100], "seen")]),
    }
    # Whichever of the two is selected last, the one that begins first keeps its id.
    annotator.root.get_by_role("button", name="car 1 0").click()
    annotator.root.get_by_role("button", name="Join car 2").click()
    joined = saved(annotator)
    assert list(joined) == ["1"]
    assert [key[0] for key in joined["1"][1]] == [0, 4, 10]
    annotator.press("d")
    copied = saved(annotator)
    assert [key[1][:2] for key in copied["2"][1]] == [[108, 108], [148, 108], [208, 108]]
    annotator.press("Delete", "Control+z", "Control+z", "Control+z")
    assert saved(annotator) == split
    # Undoing goes to the frame where it was done.
    annotator.press("End", "Control+z")
    assert annotator.js("a.frame") == 4
    annotator.press("Control+z")
    assert annotator.js("a.frame") == 10
    assert saved(annotator) == {"1": ("car", [(0, [100, 100, 60, 100], "seen")])}
    annotator.press("Control+y", "Control+y")
    assert saved(annotator) == split


def test_list_and_timeline_do_the_same(annotator: Annotator) -> None:
    root = annotator.root
    root.get_by_role("button", name="Add track").press("Enter")
    root.get_by_label("Frame", exact=True).fill("6")
    root.get_by_label("Frame", exact=True).press("Enter")
    root.locator("input[name=x]").fill("10")
    root.locator("input[name=x]").press("Tab")
    root.get_by_label("Class", exact=True).select_option("van")
    assert saved(annotator) == {
        "1": ("van", [(0, [280, 210, 80, 60], "seen"), (6, [10, 210, 80, 60], "seen")])
    }
    timeline(annotator).press("Shift+ArrowRight")
    assert timeline(annotator).get_attribute("aria-valuenow") == "11"
    root.get_by_role("button", name="Outside").press("Enter")
    assert saved(annotator)["1"][1][-1] == (11, [10, 210, 80, 60], "outside")
    root.get_by_role("button", name="Add track").press("Enter")

    # A press beside a keyframe of a lane goes there; a drag scrubs.
    mouse = annotator.page.mouse
    x, y = on_timeline(annotator, 6, 0)
    mouse.click(x + 5, y)
    assert annotator.js("[a.frame, a.selected]") == [6, "1"]
    mouse.move(*on_timeline(annotator, 7, 1))
    mouse.down()
    assert annotator.js("[a.frame, a.selected]") == [7, "2"]
    mouse.move(*on_timeline(annotator, 3, 1), steps=5)
    assert annotator.js("a.frame") == 3
    mouse.up()
    mouse.move(x, y)
    assert annotator.js("a.frame") == 3

    # A number that is still being typed belongs to the frame it was typed at.
    root.locator("input[name=y]").fill("33")
    mouse.click(*on_timeline(annotator, 9, 1))
    assert [(key[0], key[1][1]) for key in saved(annotator)["2"][1]] == [(3, 33), (11, 210)]


def test_playing_shows_every_frame_and_stops_for_work(annotator: Annotator) -> None:
    annotator.js("(root.seen = [], a.timeline.moveTo = (frame) => root.seen.push(frame))")
    annotator.press("Shift+P", "p")
    wait_until(lambda: annotator.js("a.frame") == 11, 30, "the end of the clip")
    wait_until(lambda: not annotator.js("a.player.playing"), 5, "the player to stop")
    assert sorted(set(annotator.js("root.seen"))) == list(range(12))
    annotator.press("p")
    wait_until(lambda: 2 <= annotator.js("a.frame") < 11, 10, "the clip to start over")
    annotator.drag((100, 100), (160, 200))
    assert not annotator.js("a.player.playing")
    [(_, keys)] = saved(annotator).values()
    assert keys[0][0] == annotator.js("a.frame")


def test_a_damaged_frame_is_told_and_passed(annotator: Annotator) -> None:
    to_item(annotator, 2)
    annotator.press(".", ".", ".")
    veil = annotator.root.locator(".ls-veil")
    veil.wait_for()
    assert veil.inner_text() == "Frame 3 of clip-2 cannot be shown: its file is damaged."
    annotator.press("Insert")
    assert annotator.shapes == []
    annotator.press(".")
    wait_until(lambda: annotator.js("a.ready"), 10, "the next frame")
    annotator.press("Insert")
    assert [key["frame"] for key in annotator.shapes[0]["keyframes"]] == [4]


def test_a_long_clip_leaks_no_frames(book: Notebook) -> None:
    book.page.evaluate(COUNT_BITMAPS)
    annotator = book.fresh()
    to_item(annotator, 3)
    assert annotator.js(GO_THROUGH) >= 60
    # 96 MB of pictures of 1280 by 960, and the two being decoded.
    assert annotator.js("globalThis.open") <= 19 + 2
    to_item(annotator, 1)
    wait_until(lambda: annotator.js("globalThis.open") <= 12, 10, "the frames to be closed")


def test_touch_draws_and_scrubs(annotator: Annotator) -> None:
    annotator.canvas.scroll_into_view_if_needed()
    touch = annotator.page.context.new_cdp_session(annotator.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def drag(start: tuple[float, float], *places: tuple[float, float]) -> None:
        send("touchStart", start)
        for place in places:
            send("touchMove", place)
        send("touchEnd")

    drag(*[annotator.at(100 + 20 * step, 100 + 16 * step) for step in range(5)])
    assert [shape["mode"] for shape in annotator.shapes] == ["touch"]
    drag(*[on_timeline(annotator, frame, 0) for frame in (2, 4, 6, 9)])
    assert annotator.js("a.frame") == 9
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
