"""A cohort's truth stays with the instructor and decides there."""

from __future__ import annotations

import json
import shutil

import pytest

pytestmark = pytest.mark.grading


def move(item):
    """Put every object of a truth item 200 px to the side, round the edge where it must."""
    for thing in item.get("objects", ()):
        x, _, width, _ = thing["bbox"]
        thing["bbox"][0] = (x + 200) % max(1, item["width"] - width)


def other_truth(course, folder):
    """A private folder whose truth of both sets has every object at another place."""
    for name in ("starter10", "street_lite"):
        path = course.root / "datasets" / name / "truth" / "counted.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        for item in data["items"]:
            move(item)
        own = folder / "datasets" / name / "truth" / "counted.json"
        own.parent.mkdir(parents=True)
        own.write_text(json.dumps(data), encoding="utf-8")


def test_the_private_truth_decides_and_without_any_the_instructor_grades(course_copy, tools):
    """Truth in the checkout: none. Private truth: first absent, then given by the environment."""
    course = course_copy
    shared = {task: course.truth(task) for task in (tools.BOXES, tools.STREETS)}
    private = course.root / "private"
    other_truth(course, private)
    moved = json.loads(json.dumps(shared))
    for items in moved.values():
        for item in items:
            move(item)
    for name in ("starter10", "street_lite"):
        shutil.rmtree(course.root / "datasets" / name / "truth")
    for student, truth in {"private": moved, "public": shared}.items():
        folder = course.folder("submitted", student)
        shutil.copytree(course.root / "assignments" / tools.MODULE, folder)
        for task, items in truth.items():
            tools.save(folder, task, tools.perfect(items, task))
    assert course.nbgrader("generate_assignment", tools.MODULE, "--force").returncode == 0

    done = course.nbgrader("autograde", tools.MODULE, "--student", "private")
    assert done.returncode == 0, done.stderr[-3000:]
    for grade_id in ("1-A", "A1-a"):
        assert "Your instructor grades this part" in course.output("private", grade_id)
        assert course.scores("private")[grade_id] == 0

    done = course.nbgrader("autograde", tools.MODULE, "--force", LABELSCHOOL_PRIVATE=str(private))
    assert done.returncode == 0, done.stderr[-3000:]
    assert [course.scores("private")[grade_id] for grade_id in ("1-A", "A1-a")] == [10, 35]
    assert [course.scores("public")[grade_id] < 2 for grade_id in ("1-A", "A1-a")] == [True, True]
