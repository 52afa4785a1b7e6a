"""Whole modules through all of nbgrader: right work, usual mistakes, and work without looking."""

from __future__ import annotations

import pytest

from labelschool.course import load
from labelschool.grading import status

pytestmark = pytest.mark.grading

MODULES = {m.folder: m for m in load().modules if m.folder in ("02-tools", "03-quality")}


@pytest.fixture(scope="module", params=MODULES)
def graded(request, tools, tmp_path_factory):
    folder = request.param
    course = tools.Course.copy(tmp_path_factory.mktemp(folder), folder)
    assert course.nbgrader("generate_assignment", folder, "--force").returncode == 0
    for student in ("right", "slipped", "blind"):
        home = course.submission(student)
        for answers in tools.ANSWERS[folder]:
            getattr(answers, student)(home)
        course.hand_in(home)
    for step in ("zip_collect", "autograde", "generate_feedback"):
        done = course.nbgrader(step, folder)
        assert done.returncode == 0, done.stderr[-3000:]
    return course


@pytest.fixture
def points(graded):
    """Grade id -> points of each task that is scored."""
    tasks = MODULES[graded.module].tasks
    return {task.grade_id: task.points for task in tasks if "counted" in task.pools}


def test_right_work_earns_the_points(graded, points):
    got = graded.scores("right")
    assert {name: got[name] for name in points if got[name] < 0.92 * points[name]} == {}


def test_blind_work_earns_next_to_nothing(graded, points):
    got = graded.scores("blind")
    assert {name: got[name] for name in points if got[name] > 0.15 * points[name]} == {}


def test_usual_mistakes_cost(graded, points):
    right, slipped = graded.scores("right"), graded.scores("slipped")
    assert [name for name in points if slipped[name] >= right[name]] == []


def test_written_work_waits_for_a_person(graded):
    by_hand = {task.grade_id for task in MODULES[graded.module].tasks if task.widget is None}
    assert by_hand
    with_text = {name for name, got in graded.scores("right").items() if got is None}
    assert with_text <= by_hand


def test_counting_again_without_the_notebooks_gives_the_same(graded, monkeypatch, capsys):
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(graded.root))
    monkeypatch.chdir(graded.root)
    assert status.main([graded.module]) == 0
    said = capsys.readouterr().out
    assert "FAILED" not in said
    assert "right" in said
