"""Every mode in Notebook 7: work is made by keyboard, saved, and there again on a new page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import VIEWPORT, Annotator, Lab, Notebook, box_cell, tag_cell, wait_until
from playwright.sync_api import BrowserContext, Error, Page
from test_access import faults, small_targets
from test_boards import BOARD, GUIDELINE, TIMER
from test_cuboids import CELL as CUBOIDS
from test_keypoints import CELL as KEYPOINTS
from test_masks import BY_CLASS as MASKS
from test_preferences import CODE as RANKINGS
from test_preferences import PAIRS
from test_reviews import CELL as REVIEWS
from test_scans import CELL as SCANS
from test_spans import CELL as SPANS
from test_spans import NEWS
from test_sqlpad import PAD
from test_tracks import CELL as TRACKS

WORD = ["Shift+Control+ArrowRight"]
MODES = {
    "box": (box_cell(), ["Insert"]),
    "mask": (MASKS, ["m", "b"]),
    "keypoint": (KEYPOINTS, ["Insert"]),
    "track": (TRACKS, ["Insert"]),
    "cuboid": (CUBOIDS, ["Insert"]),
    "scan": (SCANS, ["k", "Insert"]),
    "review": (REVIEWS, ["n", "a"]),
    "span": (SPANS.format(news=NEWS), [*WORD, "1"]),
    "tag": (tag_cell(), ["1"]),
    "preference": (PAIRS, ["1"]),
    "ranking": (RANKINGS, ["1"]),
    "sql": (PAD, ["S", "E"]),
    "guideline": (GUIDELINE, ["a"]),
    "kanban": (BOARD, ["2"]),
    # A block that does not end by itself while it is looked at.
    "focus": (TIMER.replace("minutes=0.05", "minutes=25"), ["s"]),
}


class Notebook7(Notebook):
    """A notebook in the application of that name."""

    def open(self) -> Notebook7:
        url = f"{self.lab.base}/notebooks/{self.name}?token={self.lab.token}"
        self.page.goto(url, wait_until="domcontentloaded")
        self.wait_ready()
        return self


@pytest.fixture(scope="module")
def page(profile: BrowserContext) -> Iterator[Page]:
    """One page for all modes."""
    opened = profile.new_page()
    errors: list[str] = []

    def keep(error: Error) -> None:
        # Notebook's own page has errors too; ours come out of the bundle.
        if "blob:" in (error.stack or ""):
            errors.append(str(error))

    opened.on("pageerror", keep)
    yield opened
    opened.close()
    assert errors == []


def shown(book: Notebook7) -> Annotator:
    """Run the cell and wait until its saved work is there."""
    book.run()
    annotator = Annotator(book)
    annotator.wait_ready()
    return annotator


def work(annotator: Annotator) -> list[dict]:
    """What the annotator holds, by item or file; time runs on after the last save."""
    return annotator.js("s.names.map((name) => ({ ...s.held(name), active_ms: null }))")


@pytest.mark.parametrize("mode", MODES)
def test_what_is_made_by_keyboard_is_there_again(
    lab: Lab, folder: Path, page: Page, mode: str, screenshots: Path
) -> None:
    cell, keys = MODES[mode]
    lab.write_notebook(f"{folder.name}/work.ipynb", [cell])
    book = Notebook7(lab, page, f"{folder.name}/work.ipynb").open()
    annotator = shown(book)
    before = work(annotator)
    annotator.root.evaluate("root => root.dispatchEvent(new CustomEvent('ls-refocus'))")
    annotator.press(*keys)
    wait_until(lambda: work(annotator) != before, 10, "the work")
    annotator.wait_saved()
    annotator.screenshot(screenshots / f"notebook7-{mode}.png")
    assert faults(page) == []
    assert small_targets(annotator.root) == []
    # The room there is when the browser zooms to 200 %.
    page.set_viewport_size({"width": VIEWPORT["width"] // 2, "height": VIEWPORT["height"] // 2})
    annotator.screenshot(screenshots / f"notebook7-{mode}-zoomed.png")
    assert annotator.root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
    page.set_viewport_size(VIEWPORT)
    made = work(annotator)
    annotator.press("Control+z")
    wait_until(lambda: work(annotator) == before, 10, "the work undone")
    annotator.press("Control+y")
    wait_until(lambda: work(annotator) == made, 10, "the work done again")
    annotator.wait_saved()
    assert work(shown(book.open())) == made
