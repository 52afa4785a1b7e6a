"""The course as it is shipped: the first evening, carried to another machine, and crashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from lab import CHROMIUM, CHROMIUM_FLAGS, Annotator, Lab, Notebook, running_lab, wait_until
from playwright.sync_api import Browser, Page

from labelschool import datasets
from labelschool.home import workspace

EVENING = "01-foundation/first-evening.ipynb"
ANSWER = "answers/1.A.practice.json"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server on a freshly seeded work folder."""
    home = tmp_path_factory.mktemp("learner")
    workspace.update(home / "work")
    with running_lab(home) as lab:
        yield lab


def code_cell(notebook: Notebook, text: str) -> int:
    """The index of the cell whose source holds a text."""
    sources = notebook.page.locator(".jp-Notebook .jp-Cell")
    return next(
        i for i in range(sources.count()) if text in sources.nth(i).inner_text(timeout=10_000)
    )


def draw(annotator: Annotator, item: int, obj: int, slack: float = 0) -> None:
    """Box one object of a practice picture by mouse, with some pixels of slack all round."""
    truth = datasets.truth("starter10", "practice")[item]
    x, y, w, h = [o for o in truth.objects if o.level == "must"][obj].bbox
    annotator.drag((x - slack, y - slack), (x + w + slack, y + h + slack))
    annotator.wait_saved()


def test_the_first_evening_gives_a_diagnosis(
    course: Lab, new_page: Callable[..., Page], screenshots: Path
) -> None:
    lesson = Notebook(course, new_page(), EVENING).open()
    first = code_cell(lesson, "practice.annotate()")
    annotator = lesson.show(first)
    draw(annotator, 0, 0, slack=12)
    assert len(annotator.on_disk(ANSWER)["starter10-01"]["annotations"]) == 1
    check = code_cell(lesson, "practice.check()")
    lesson.run(check)
    report = lesson.cell(check).locator(".lsr-report")
    report.wait_for(timeout=20_000)
    said = report.inner_text()
    assert "2 of 3" in said
    assert "E1 missed" in said
    assert "Rule 8" in said
    assert "E6 loose" in said
    assert "Rule 3" in said
    assert report.locator("img").count() == 3
    report.scroll_into_view_if_needed()
    lesson.page.screenshot(path=screenshots / "course-diagnosis.png")


def test_a_passport_goes_to_another_port_and_base_url(
    course: Lab, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    folder = course.folder / "01-foundation"
    page = new_page()
    lesson = Notebook(course, page, EVENING).open()
    draw(lesson.show(code_cell(lesson, "practice.annotate()")), 1, 0)
    saved = (folder / ANSWER).read_bytes()
    start = Notebook(course, page, "start-here.ipynb").open()
    passport = code_cell(start, "start.passport()")
    start.run(passport)
    panel = start.cell(passport).locator(".ls-start")
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download my passport").click()
    download.value.save_as(tmp_path / "passport.zip")
    page.close()

    home = tmp_path / "elsewhere"
    workspace.update(home / "work")
    with running_lab(home, base_url="/user/learner/") as other:
        there = Notebook(other, new_page(), "start-here.ipynb").open()
        passport = code_cell(there, "start.passport()")
        there.run(passport)
        panel = there.cell(passport).locator(".ls-start")
        panel.locator("input[type=file]").set_input_files(tmp_path / "passport.zip")
        restored = other.folder / "01-foundation" / ANSWER
        wait_until(restored.exists, 20, "the restored answer")
        wait_until(lambda: restored.read_bytes() == saved, 20, "the whole answer")


def test_a_killed_server_loses_nothing_acknowledged(
    tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    lab = Lab(tmp_path)
    workspace.update(lab.folder)
    lab.start()
    page = new_page()
    lesson = Notebook(lab, page, EVENING).open()
    annotator = lesson.show(code_cell(lesson, "practice.annotate()"))
    draw(annotator, 0, 0)
    draw(annotator, 0, 1)
    lab.kill()
    assert len(annotator.on_disk(ANSWER)["starter10-01"]["annotations"]) == 2
    lab.start()
    try:
        again = Notebook(lab, page, EVENING).open()
        annotator = again.show(code_cell(again, "practice.annotate()"))
        assert len(annotator.shapes) == 2
    finally:
        lab.stop()


def test_a_killed_browser_loses_nothing_acknowledged(course: Lab, browser: Browser) -> None:
    def chromiums() -> set[psutil.Process]:
        return {p for p in psutil.process_iter(["name"]) if "chrom" in (p.info["name"] or "")}

    before = chromiums()
    doomed = browser.browser_type.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    lesson = Notebook(course, doomed.new_page(), EVENING).open()
    annotator = lesson.show(code_cell(lesson, "practice.annotate()"))
    drawn = len(annotator.shapes)
    draw(annotator, 0, 1)
    for process in chromiums() - before:
        process.kill()
    file = course.folder / "01-foundation" / ANSWER
    assert file.read_text(encoding="utf-8").count('"type": "box"') >= drawn + 1
