"""From a cold server to the first saved box, as a newcomer goes.

Three actions after the start: the link to the first evening, run the first cell, drag a box.
Aim: 15 s. Run it with ``python tests/bench/bench_start.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
from lab import Annotator, Lab, Notebook, launch

from labelschool.home import workspace

RUNS = 3


def main() -> None:
    """Print the seconds of each stage, the median of three cold starts."""
    runs = sorted((measure() for _ in range(RUNS)), key=lambda stages: sum(stages.values()))
    print("cold server start to first saved box, 3 user actions, aim 15 s")
    for stage, seconds in runs[len(runs) // 2].items():
        print(f"  {stage:<44}{seconds:6.1f} s")
    print(f"  {'in all':<44}{sum(runs[len(runs) // 2].values()):6.1f} s")


def measure() -> dict[str, float]:
    """Seconds from the start of the server, stage by stage."""
    lab = Lab(Path(tempfile.mkdtemp()))
    stages: dict[str, float] = {}
    clock = time.perf_counter()

    def stage(name: str) -> None:
        nonlocal clock
        stages[name], clock = time.perf_counter() - clock, time.perf_counter()

    workspace.update(lab.folder)
    lab.start()
    stage("server answers")
    try:
        with sync_playwright() as playwright:
            page = launch(playwright).new_page(viewport={"width": 1440, "height": 900})
            Notebook(lab, page, "start-here.ipynb").open()
            stage("start page open")
            page.get_by_role("link", name="First evening").first.click()
            lesson = Notebook(lab, page, "01-foundation/first-evening.ipynb")
            lesson.frame = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
            lesson.wait_ready()
            stage("1 link clicked, lesson open")
            code = lesson.frame.locator(".jp-CodeCell").first
            code.locator(".jp-InputPrompt").click()
            page.keyboard.press("Control+Enter")
            annotator = Annotator(lesson)
            annotator.wait_ready()
            stage("2 cell run, picture visible")
            annotator.drag((120, 240), (200, 300))
            annotator.wait_saved()
            stage("3 box drawn, saved and acknowledged")
    finally:
        lab.stop()
    return stages


if __name__ == "__main__":
    main()
