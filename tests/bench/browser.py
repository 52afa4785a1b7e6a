"""What the benches measure in a page: frames, saves, inputs and memory."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from lab import Annotator

TURNS, STEPS = 5, 25
"""How often a drag goes there or back, so that it ends there, and in how many steps."""
BY = (220, 160)
"""How far it goes, in px of the screen."""

RECORD = """() => {
  const frames = window.__frames = [];
  let last = performance.now();
  const tick = () => {
    if (window.__frames !== frames) return;
    const now = performance.now();
    frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
RECORDED = "() => { const frames = window.__frames; window.__frames = null; return frames }"

# Presses of pointer and keys, and the time from the last of them to the acknowledgement, in the
# page's own clock.
WATCH = """root => {
  const { session } = root.labelschool;
  const log = window.__log = { inputs: 0, saves: [] };
  let last = 0;
  const on = (names, run) => {
    for (const name of names) root.addEventListener(name, run, true);
  };
  on(["pointerdown", "keydown"], ({ repeat }) => { if (!repeat) log.inputs += 1; });
  on(["pointerup", "drop", "keydown"], () => { last = performance.now(); });
  session.on("save", () => {
    if (!last || session.saver.status !== "saved") return;
    log.saves.push(performance.now() - last);
    last = 0;
  });
}"""


class Row(NamedTuple):
    """One line of the table."""

    job: str
    ready: str = ""
    idle: str = ""
    work: str = ""
    few: str = ""
    many: str = ""
    heap: str = ""
    inputs: str = ""


def spread(values: list[float]) -> str:
    """Median, 95th percentile and maximum of milliseconds."""
    ordered = sorted(values)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    return f"{statistics.median(ordered):.0f} / {p95:.0f} / {ordered[-1]:.0f}"


def frames(page: Page, work: Callable[[], object]) -> list[float]:
    """Frame intervals in ms while something is done."""
    page.evaluate(RECORD)
    work()
    recorded: list[float] = page.evaluate(RECORDED)
    return recorded[1:]


def idle(page: Page) -> list[float]:
    """Frame intervals of the page when nothing moves."""
    return frames(page, lambda: page.wait_for_timeout(1000))


def dragged(page: Page, start: tuple[float, float]) -> list[float]:
    """Frame intervals while the mouse drags there and back again, several times."""
    end = (start[0] + BY[0], start[1] + BY[1])

    def drag() -> None:
        page.mouse.down()
        for turn in range(TURNS):
            page.mouse.move(*(start if turn % 2 else end), steps=STEPS)

    page.mouse.move(*start)
    measured = frames(page, drag)
    page.mouse.up()
    return measured


def heap(page: Page) -> float:
    """Megabytes of the page's JavaScript after a collection, with buffers but without bitmaps."""
    device = page.context.new_cdp_session(page)
    device.send("HeapProfiler.collectGarbage")
    usage = device.send("Runtime.getHeapUsage")
    device.detach()
    return (usage["usedSize"] + usage["backingStorageSize"]) / 1e6


def watch(annotator: Annotator) -> None:
    """Start to count inputs and to time saves."""
    annotator.root.evaluate(WATCH)


def watched(annotator: Annotator) -> tuple[list[float], int]:
    """Milliseconds from the end of each gesture to its acknowledgement, and how many inputs."""
    log = annotator.page.evaluate("window.__log")
    return log["saves"], log["inputs"]
