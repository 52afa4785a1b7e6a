"""A small course and a learner's home for the tests that must not depend on the real content."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

FOLDER = "01-foundation"
ALONE = ("browser", "grading", "hub", "notebooks", "system")
"""Parts whose tests share a server or the whole machine: each part stays in one process."""

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ["LABELSCHOOL_DATA"] = tempfile.mkdtemp(prefix="labelschool-data-")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes run the tests, a file or a whole part of them stays together."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPart(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            part = file.split("/")[1]
            return part if part in ALONE else file

    return ByPart(config, log)


MANIFEST = """
title: Small course
tagline: For tests
modules:
  - folder: 01-foundation
    title: Foundation
    lessons: [read-me, draw-me, not-written]
    core: [draw-me, 1.A]
    quiz: {id: "1", questions: 10, pass: 0.8}
    exercises:
      - id: 1.A
        title: First boxes
        widget: box
        dataset: boxes
        guideline: G1.v1
        classes: [car]
        metric: detection
        points: 10
        pass: 0.7
        attempts: 2
        pools:
          practice: {minutes: 5, must: 9}
          counted: {minutes: 20, must: 40}
    assignment:
      title: A note
      minutes: 25
      parts:
        - {id: A1.e, title: A note, points: 15, pass: 0.6, minutes: 25}
"""
LESSON = '---\nlesson: "{number}"\ntitle: {title}\nminutes: {minutes}\n---\n\n{body}\n'


def notebook(*sources: str, grade_id: str | None = None) -> bytes:
    """A notebook with these Markdown cells; the last one may be a graded text cell."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in sources]
    if grade_id:
        nbgrader = {"grade_id": grade_id, "grade": True, "solution": True}
        cells[-1]["metadata"] = {"nbgrader": nbgrader}
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data).encode()


def write(path: Path, content: str | bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_course(root: Path) -> Path:
    """A course of one module with two written lessons, an exercise and an assignment."""
    write(root / "course.yml", MANIFEST)
    write(root / "content" / "coverage.yml", 'brief: {}\nplanned: {"2.1": A platform}\n')
    lessons = root / "content" / "lessons" / FOLDER
    write(lessons / "read-me.md", LESSON.format(number="1.1", title="Read", minutes=10, body="x"))
    draw = 'exercise("1.A", pool="practice")\nexercise("1.A")\nquiz("1")'
    write(lessons / "draw-me.md", LESSON.format(number="1.2", title="Draw", minutes=15, body=draw))
    write(root / "modules" / "start-here.ipynb", notebook("# Start"))
    write(root / "modules" / FOLDER / "read-me.ipynb", notebook("# Read"))
    write(root / "modules" / FOLDER / "draw-me.ipynb", notebook("# Draw"))
    write(root / "assignments" / FOLDER / "exercises.ipynb", notebook("# Exercises"))
    note = notebook("# A note", "YOUR ANSWER HERE", grade_id="A1-e")
    write(root / "assignments" / FOLDER / "assignment.ipynb", note)
    items = [{"item": f"boxes-{n}", "image": "x.jpg", "width": 8, "height": 8} for n in (1, 2)]
    boxes = root / "datasets" / "boxes"
    write(boxes / "items.json", json.dumps({"counted": items, "practice": items}))
    for pool in ("counted", "practice"):
        write(boxes / "truth" / f"{pool}.json", "{}")
    return root


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """The functions above, for tests that make more than one course or home."""
    return SimpleNamespace(make_course=make_course, notebook=notebook, write=write)


@pytest.fixture
def small_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of a small course, in force for this test and its child processes."""
    root = make_course(tmp_path / "course")
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(root))
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return root


@pytest.fixture
def home(small_course: Path) -> Path:
    """The work folder of the small course, just seeded."""
    from labelschool.home import workspace

    folder = small_course / "workspace"
    workspace.update(folder)
    return folder


@pytest.fixture
def at_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's home in the real course, with its module folder as the working directory."""
    (tmp_path / "start-here.ipynb").touch()
    folder = tmp_path / FOLDER
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path
