"""The annotators against the bars, and peers in the same browser on the same machine.

    .venv/bin/python tests/bench/bench_widgets.py           # all modes and both peers
    .venv/bin/python tests/bench/bench_widgets.py mask      # the rows that begin so

Each mode is opened empty and once more with a large job in its answer file. Peers are installed
into a temporary folder with npm and pip. Speed depends on the machine and on what else it does: the
idle frames beside each figure are those of the same page with nothing to do.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from browser import Row, heap, idle, spread, watch, watched
from jobs import make_files
from lab import REPOSITORY, VIEWPORT, Annotator, Lab, Notebook, launch, open_book, running_lab
from peers import annotorious, bbox_widget
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from scenes import SCENES, Scene

from labelschool.answers import AnswerFile

FEW, MANY = 8, 6
"""How many shapes are made in the empty and in the full job."""
WIDGETS = REPOSITORY / "labelschool" / "widgets"
BARS = Row("bar", "1.5", "", "p95 20", "50", "100")
TITLE = "Times in ms: median / 95th percentile / maximum"
COLUMNS = (
    "job",
    "ready, s\nempty / full",
    "frames,\nidle page",
    "frames\nat work",
    "saved,\nempty job",
    "saved,\nfull job",
    "heap\nMB",
    "inputs",
)

# A brush stroke around a picture of 1280 x 960 px, from its band of pixels to run lengths.
ENCODE = """async (source) => {
  const rle = await import("data:text/javascript," + encodeURIComponent(source));
  const way = Array.from({ length: 200 }, (_, at) =>
    [640 + 500 * Math.cos(at / 30), 480 + 360 * Math.sin(at / 30)]);
  const band = rle.stroke(way, 120, { width: 1280, height: 960 });
  return Array.from({ length: 20 }, () => {
    const start = performance.now();
    rle.encode(band, 1280);
    return performance.now() - start;
  });
}"""


def main() -> None:
    """Measure and print the table; what cannot be measured has a row that says so."""
    wanted = tuple(sys.argv[1:]) or ("",)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        home = Path(scratch)
        with running_lab(home / "lab") as lab, sync_playwright() as playwright:
            make_files(lab.folder / "images")
            browser = launch(playwright)
            profile = browser.new_context(viewport=VIEWPORT)
            for scene in SCENES:
                if scene.job.startswith(wanted):
                    rows += attempted(scene.job, ours, lab, profile, scene)
            picture = lab.folder / "images" / "picture-1.jpg"
            for name, peer in {"Annotorious": annotorious, "jupyter-bbox": bbox_widget}.items():
                if name.startswith(wanted):
                    rows += attempted(name, peer, home / name, picture, profile)
            lengths = encoded(browser)
            browser.close()
    show(rows)
    size = (WIDGETS / "static" / "annotator.js").stat().st_size / 1024
    print(f"run lengths of a brush stroke at 1,280 x 960: {lengths} ms, bar 20 ms")
    print(f"bundle of all modes, minified: {size:.0f} kB, bar 150 kB")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"load average {load} on {os.cpu_count()} cores")


def attempted(job: str, measure: Callable[..., Iterable[Row]], *of: object) -> list[Row]:
    """The rows of one job, or one with the reason why there are none."""
    print(job, file=sys.stderr)
    try:
        return list(measure(*of))
    except Exception as error:
        return [Row(f"{job}: not measured ({str(error).splitlines()[0][:60]})")]


def ours(lab: Lab, profile: BrowserContext, scene: Scene) -> Iterator[Row]:
    """A mode's row, and one for each other time of it."""
    folder = re.sub(r"\W+", "-", scene.job)
    with open_book(lab, profile, folder, [scene.cell]) as book:
        page = book.page
        before = heap(page)
        annotator, empty = opened(book)
        few, inputs = made(annotator, scene, 0, FEW)
        if scene.full:
            file = AnswerFile(scene.exercise, "practice", None, lab.folder / folder)
            file.save({answer.item: answer for answer in scene.full}, file.read().revision)
        annotator, full = opened(book)
        memory = heap(page) - before
        still = idle(page)
        many, _ = made(annotator, scene, FEW, MANY)
        work = scene.work(annotator)
        annotator.wait_saved()
        yield Row(
            scene.job,
            f"{empty:.1f} / {full:.1f}",
            spread(still),
            spread(work),
            spread(few),
            spread(many),
            f"{memory:+.1f}",
            f"{inputs / FEW:.0f} / {scene.shape}" if scene.shape else "",
        )
        for job, timed in scene.also:
            yield Row(job, work=spread(timed(annotator)))


def opened(book: Notebook) -> tuple[Annotator, float]:
    """The annotator, and the seconds from running its cell until it is ready."""
    begun = time.perf_counter()
    return book.show(), time.perf_counter() - begun


def made(annotator: Annotator, scene: Scene, first: int, count: int) -> tuple[list[float], int]:
    """Times from a gesture to its acknowledgement, and inputs, while shapes are made."""
    watch(annotator)
    for number in range(first, first + count):
        for _ in scene.make(annotator, number):
            annotator.wait_saved()
    return watched(annotator)


def encoded(browser: Browser) -> str:
    """Times of making run lengths from pixels."""
    page = browser.new_page()
    source = (WIDGETS / "js" / "core" / "rle.js").read_text(encoding="utf-8")
    times = spread(page.evaluate(ENCODE, source))
    page.close()
    return times


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table(*COLUMNS, title=TITLE, box=SIMPLE, padding=(0, 1))
    for row in [BARS, *rows]:
        table.add_row(*row)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
