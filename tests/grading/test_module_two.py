"""Module 2 through the whole of nbgrader: right work, usual mistakes, and work without looking."""

from __future__ import annotations

import pytest

from labelschool.course import load
from labelschool.grading import status

pytestmark = pytest.mark.grading

(MODULE,) = (m for m in load().modules if m.folder == "02-tools")
SCORED = {task.grade_id: task for task in MODULE.tasks if "counted" in task.pools}
WRITTEN = "A2-e"


@pytest.fixture(scope="module")
def graded(tools, tmp_path_factory):
    course = tools.Course.copy(tmp_path_factory.mktemp("module-two"), MODULE.folder)
    assert course.nbgrader("generate_assignment", MODULE.folder, "--force").returncode == 0
    for student in ("right", "slipped", "blind"):
        folder = course.submission(student)
        for answers in tools.MODULE_TWO:
            getattr(answers, student)(folder)
        course.hand_in(folder)
    for step in ("zip_collect", "autograde", "generate_feedback"):
        done = course.nbgrader(step, MODULE.folder)
        assert done.returncode == 0, done.stderr[-3000:]
    return course


@pytest.mark.parametrize("grade_id", SCORED)
def test_right_work_earns_the_points_and_blind_work_next_to_none(graded, grade_id):
    points = SCORED[grade_id].points
    assert graded.scores("right")[grade_id] >= 0.92 * points
    assert graded.scores("blind")[grade_id] <= 0.15 * points


@pytest.mark.parametrize("grade_id", SCORED)
def test_usual_mistakes_cost(graded, grade_id):
    assert graded.scores("slipped")[grade_id] < graded.scores("right")[grade_id]


def test_written_work_waits_for_a_person(graded):
    with_text = {name for name, points in graded.scores("right").items() if points is None}
    assert with_text <= {WRITTEN}


def test_counting_again_without_the_notebooks_gives_the_same(graded, monkeypatch, capsys):
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(graded.root))
    monkeypatch.chdir(graded.root)
    assert status.main([MODULE.folder]) == 0
    said = capsys.readouterr().out
    assert "FAILED" not in said
    assert "right" in said
