"""What a notebook touches to work on an exercise: `exercise` and `score`."""

from __future__ import annotations

import contextlib
import importlib
import io
import warnings
from pathlib import Path

from labelschool import course
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import Exercise, clamp

_OWN = {
    "hunt": "hunts.Hunt",
    "code": "code.CodeExercise",
    "sql": "written.WrittenExercise",
    "guideline": "written.WrittenExercise",
    "board": "written.WrittenExercise",
    "panel": "written.WrittenExercise",
    "audit": "audits.Audit",
    "preference": "compared.Compared",
}
"""The classes of widgets that are worked on in a way of their own."""


def exercise(task_id: str, pool: str = "counted") -> Exercise:
    """The exercise or assignment part of that id, in its practice or counted pool.

    Raises `CourseError` for an id or pool that is not in the course.
    """
    task = course.load().task(task_id)
    if task.widget is None:
        raise course.CourseError(f"{task_id} is written work: answer in the text cell below it.")
    if pool not in task.pools:
        raise course.CourseError(
            f"{task_id} has no {pool} pool; it has {' and '.join(task.pools)}: "
            f'exercise("{task_id}", pool="{next(iter(task.pools))}").'
        )
    return of_task(task, pool)


def of_task(task: course.Task, pool: str, folder: Path | None = None) -> Exercise:
    """The pool of a task; a hunt is done in blocks and once, a revision begins from finished boxes,
    an audit draws from them, code and texts are tried out, a paced task compares times and a
    preference tells biases, so each has a class of its own.
    """
    chosen = _OWN.get(task.widget)
    if chosen is None and task.start:
        chosen = "revisions.Revision"
    elif chosen is None and task.paced:
        chosen = "paced.Paced"
    module, _, name = (chosen or "base.Exercise").partition(".")
    kind = getattr(importlib.import_module(f"labelschool.exercises.{module}"), name)
    return kind(task, pool, folder)


def score(task_id: str) -> float:
    """The points of a task from its counted answer file: a plain float in [0, points].

    It ends every score cell and says on stdout what the value means. nbgrader gives full marks for
    nan, negative numbers, numpy floats and no output, and none after a word on stderr, so this
    never raises for a learner's mistake, keeps stderr silent and clamps what it returns.
    """
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        sentence, points = counted(course.load().task(task_id))
    print(sentence)
    return points


def counted(task: course.Task, folder: Path | None = None) -> tuple[str, float]:
    """What a score cell says, and the points, from the counted answer in a module's folder."""
    try:
        chosen = of_task(task, "counted", folder)
        scored, wrong = chosen.told()
    except LabelSchoolError as error:
        return f"{task.id}: {error}", 0.0
    points = clamp(round(clamp(scored.value * task.points, task.points), 2), task.points)
    verdict = "passed" if scored.passes(chosen.pass_mark(scored)) else "not yet passed"
    said = f"{task.id} {task.title}: {points:.2f} of {task.points:g} points, {verdict}."
    return " ".join(filter(None, [said, wrong])), points
