"""What the bench does in each mode: how a learner makes a shape, and the work during which frames
are counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jobs
from browser import dragged, frames
from lab import Annotator, box_cell, tag_cell, wait_until
from test_boards import BOARD
from test_cuboids import CELL as CUBOIDS
from test_cuboids import drag as drag_on_ground
from test_keypoints import CELL as KEYPOINTS
from test_masks import BY_CLASS
from test_preferences import PAIRS
from test_reviews import CELL as REVIEWS
from test_scans import CELL as SCANS
from test_spans import CELL as SPANS
from test_spans import drag_over
from test_sqlpad import PAD
from test_tracks import CELL as TRACKS

from labelschool.model import ItemAnswer

Make = Callable[[Annotator, int], Iterator[None]]
Timed = Callable[[Annotator], list[float]]

PROPOSALS = """tuple(
                Box(id=f"p{i}", label="car", bbox=(i * 37 % 590, i * 53 % 430, 30, 24))
                for i in range(200)
            ),"""
LONG_CLIP = """25 * [Path("images") / f"frame-{n + 1}.jpg" for n in range(12)]"""

# Milliseconds from a step through the clip to the picture of its frame, a hundred times.
STEPS = """(async () => {
    const waits = [];
    for (let step = 0; step < 100; step++) {
        const start = performance.now();
        a.go((a.frame + arg) % (a.last + 1));
        while (!a.ready) await new Promise(requestAnimationFrame);
        waits.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return waits;
})()"""


@dataclass(frozen=True)
class Scene:
    """One mode at work. `make` makes one shape or answer and yields after each gesture that saves;
    `work` returns the frame intervals of work in the full job; `also` are other times.
    """

    job: str
    cell: str
    make: Make
    work: Timed
    shape: str = ""
    full: tuple[ItemAnswer, ...] = ()
    also: tuple[tuple[str, Timed], ...] = ()

    @property
    def exercise(self) -> str:
        """The exercise whose answers the cell keeps."""
        return re.search(r'AnswerFile\("(.+?)"', self.cell)[1]


def swapped(cell: str, *swaps: tuple[str, str]) -> str:
    """A cell of the browser tests with some of its text replaced."""
    for old, new in swaps:
        if old not in cell:
            raise AssertionError(f"the cell has no {old!r}")
        cell = cell.replace(old, new)
    return cell


# Making one shape -------------------------------------------------------------------------------


def click_all(annotator: Annotator, points: list[tuple[float, float]]) -> Iterator[None]:
    """Click picture points, one after the other."""
    annotator.canvas.scroll_into_view_if_needed()
    for point in points:
        annotator.click(*point)
        yield


def place_of(number: int) -> tuple[int, int]:
    """Where the shape of a number is made, in rows of eight on a picture of 640 x 480 px."""
    return 50 + 70 * (number % 8), 60 + 70 * (number // 8)


def make_box(annotator: Annotator, number: int) -> Iterator[None]:
    """Drag, and choose the class."""
    scale = annotator.js("a.view.frame.width") / 640
    x, y = place_of(number)
    annotator.drag((scale * x, scale * y), (scale * (x + 40), scale * (y + 30)), steps=3)
    yield
    annotator.press("2")
    yield


def make_outline(annotator: Annotator, number: int) -> Iterator[None]:
    """Click eight corners, close, and choose the class."""
    list(click_all(annotator, jobs.ring(*place_of(number), 25, 8)))
    annotator.press("Enter")
    yield
    annotator.press("2")
    yield


def make_figure(annotator: Annotator, number: int) -> Iterator[None]:
    """Click nine points."""
    yield from click_all(annotator, jobs.ring(*place_of(number), 28, 9))


def make_track(annotator: Annotator, number: int) -> Iterator[None]:
    """Drag, choose the class, go ten frames on (or back, for every other one), drag again."""
    x, y = place_of(number)
    annotator.drag((x, y), (x + 40, y + 40), steps=3)
    yield
    annotator.press("2")
    yield
    annotator.press("Shift+Comma" if number % 2 else "Shift+Period")
    wait_until(lambda: annotator.js("a.ready"), 10, "the frame")
    annotator.drag((x + 20, y + 20), (x + 30, y + 24), steps=3)
    yield


def make_cuboid(annotator: Annotator, number: int) -> Iterator[None]:
    """Drag over the ground, and choose the class."""
    x, y = 6 * (number % 5) - 6, 5 * (number // 5) - 12
    drag_on_ground(annotator, (x, y + 1), (x + 4, y - 1))
    yield
    annotator.press("2")
    yield


def make_mark(annotator: Annotator, number: int) -> Iterator[None]:
    """Trace the finding in one go, choose class and confidence."""
    annotator.canvas.scroll_into_view_if_needed()
    mouse = annotator.page.mouse
    start, *rest = jobs.ring(*place_of(number), 25, 16)
    mouse.move(*annotator.at(*start))
    mouse.down()
    for point in rest:
        mouse.move(*annotator.at(*point))
    mouse.up()
    yield
    annotator.press("2")
    yield
    annotator.press("Shift+Digit4")
    yield


def accept(annotator: Annotator, _number: int) -> Iterator[None]:
    """Accept the label at hand, which goes on to the next."""
    annotator.focus()
    annotator.js("a.selected ?? a.cycle(1)")
    annotator.press("a")
    yield


def make_span(annotator: Annotator, number: int) -> Iterator[None]:
    """Drag over a word, and choose the class."""
    drag_over(annotator, f"pier-{number:05d}")
    annotator.press("2")
    yield


def choose(annotator: Annotator, _number: int) -> Iterator[None]:
    """Press the number of a class, which goes on to the next card."""
    wait_until(lambda: annotator.js("a.ready"), 10, "the card")
    annotator.focus()
    annotator.press("1")
    yield


def judge(annotator: Annotator, _number: int) -> Iterator[None]:
    """Answer three questions, and finish."""
    annotator.focus()
    for key in ("5", "3", "7", "Enter"):
        annotator.press(key)
        yield


def query(annotator: Annotator, number: int) -> Iterator[None]:
    """Write a query and run it."""
    annotator.root.get_by_label("SQL", exact=True).fill(f"SELECT {number} FROM parcels")
    annotator.press("Control+Enter")
    yield


def grasp(annotator: Annotator, number: int) -> tuple[float, float]:
    """Where the mouse takes hold of a card of the board."""
    name = annotator.page.get_by_text(f"card-{number}", exact=True)
    card = annotator.root.locator(".ls-card-button", has=name)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box
    return box["x"] + 20, box["y"] + 8


def move_card(annotator: Annotator, number: int) -> Iterator[None]:
    """Drag a card to the last column."""
    mouse = annotator.page.mouse
    mouse.move(*grasp(annotator, number + 1))
    last = annotator.root.locator(".ls-column").last
    end = last.bounding_box()
    assert end
    mouse.down()
    for step in (0, 1):
        mouse.move(end["x"] + 40 + step, end["y"] + 60, steps=3)
    annotator.root.locator(".ls-column.ls-over:last-child").wait_for()
    mouse.up()
    yield


# Work in the full job ---------------------------------------------------------------------------


def changing(annotator: Annotator, what: str, start: tuple[float, float]) -> list[float]:
    """Frame intervals of a drag, which has to change something."""
    before = annotator.js(what)
    measured = dragged(annotator.page, start)
    if annotator.js(what) == before:
        raise AssertionError(f"the drag did not change {what}")
    return measured


def drag_one(annotator: Annotator) -> list[float]:
    """Drag the first shape."""
    annotator.focus()
    annotator.press("v", "n")
    annotator.canvas.scroll_into_view_if_needed()
    x, y, width, height = annotator.js("a.bounds(a.selectedShape)")
    middle = annotator.at(x + width / 2, y + height / 2)
    return changing(annotator, "a.bounds(a.selectedShape)", middle)


def pan(annotator: Annotator) -> list[float]:
    """Zoom in and drag the picture."""
    annotator.focus()
    annotator.press(*["+"] * 4)
    annotator.page.keyboard.down("Space")
    measured = changing(annotator, "a.view.x", annotator.at(2000, 1500))
    annotator.page.keyboard.up("Space")
    return measured


def step_frames(annotator: Annotator) -> list[float]:
    """Step through the clip, each frame as soon as the last one is shown."""
    return frames(annotator.page, lambda: annotator.js(STEPS, 1))


def stretch_span(annotator: Annotator) -> list[float]:
    """Drag the end of the chosen span."""
    grip = annotator.root.locator(".ls-grip[data-edge=end]").bounding_box()
    assert grip
    end = (grip["x"] + 3, grip["y"] + grip["height"] / 2)
    return changing(annotator, "a.marking.chosen.end", end)


def repeated(make: Make, count: int) -> Timed:
    """Make so many, without waiting for what is saved."""

    def work(annotator: Annotator) -> None:
        for number in range(count):
            list(make(annotator, number))

    return lambda annotator: frames(annotator.page, lambda: work(annotator))


def type_query(annotator: Annotator) -> list[float]:
    """Type a query."""
    annotator.root.get_by_label("SQL", exact=True).fill("")
    words = "SELECT town, count() FROM parcels GROUP BY town ORDER BY 2 DESC"
    return frames(annotator.page, lambda: annotator.page.keyboard.type(words, delay=20))


def drag_card(annotator: Annotator) -> list[float]:
    """Drag a card over the columns and back, and drop it."""
    return changing(annotator, "s.held('flow').moves.length", grasp(annotator, 20))


SCENES = (
    Scene("box: dragging one of 500", box_cell(), make_box, drag_one, "box", jobs.boxes(500)),
    Scene(
        "box: dragging one of 1,000",
        box_cell(),
        make_box,
        drag_one,
        "box",
        jobs.boxes(1000),
    ),
    Scene(
        "box: panning 12 megapixels with 1,000",
        swapped(
            box_cell(count=1),
            ("picture-{n}.jpg", "large-{n}.jpg"),
            ("width=640, height=480", "width=4000, height=3000"),
        ),
        make_box,
        pan,
        "box",
        jobs.boxes(1000, scale=6.25),
    ),
    Scene(
        "mask: dragging one of 200", BY_CLASS, make_outline, drag_one, "mask", jobs.outlines(200)
    ),
    Scene(
        "keypoint: dragging one of 200 figures",
        re.sub(r"    (points|skeleton)=.*\n", "", KEYPOINTS),
        make_figure,
        drag_one,
        "figure",
        jobs.figures(200),
    ),
    Scene(
        "track: stepping through 300 frames with 30",
        swapped(
            TRACKS, ("25 * frames", LONG_CLIP), ("width=1280, height=960", "width=960, height=540")
        ),
        make_track,
        step_frames,
        "track",
        jobs.tracks(30),
        (
            ("track: from a step to its picture", lambda shown: shown.js(STEPS, 1)),
            ("track: from a leap to its picture", lambda shown: shown.js(STEPS, 37)),
        ),
    ),
    Scene(
        "cuboid: dragging one of 50 in 100,000 points",
        swapped(CUBOIDS, ("4000", "99_840")),
        make_cuboid,
        drag_one,
        "cuboid",
        jobs.cuboids(50),
    ),
    Scene("scan: dragging one of 100 marks", SCANS, make_mark, drag_one, "mark", jobs.marks(100)),
    Scene(
        "review: dragging one of 200 boxes",
        swapped(REVIEWS, ("PROPOSED[: 4 - n],", PROPOSALS)),
        accept,
        drag_one,
        "verdict",
        jobs.verdicts(100),
    ),
    Scene(
        "span: one of 1,000 in 100,000 characters",
        swapped(SPANS, ("{news!r}", 'open("images/text.txt", encoding="utf-8").read()')),
        make_span,
        stretch_span,
        "span",
        jobs.spans(1000),
    ),
    Scene(
        "tag: 50 of 200 cards",
        swapped(tag_cell(), ("range(1, 9)", "range(1, 201)")),
        choose,
        repeated(choose, 50),
        "card",
        jobs.choices(100),
    ),
    Scene(
        "preference: 20 of 200 pairs",
        swapped(PAIRS, ("    rationale=12,\n", ""), ("in (1, 2)", "in range(1, 201)")),
        judge,
        repeated(judge, 20),
        "pair",
        jobs.preferences(100),
    ),
    Scene("sql: typing a query", PAD, query, type_query),
    Scene(
        "kanban: dragging one of 100 cards",
        swapped(BOARD, ("range(1, 9)", "range(1, 101)")),
        move_card,
        drag_card,
        "move",
    ),
)
