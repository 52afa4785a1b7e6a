"""What became of each part of each submission: points, a person's turn, or why it is 0.

    python -m labelschool.grading.status 01-foundation

"Scored 0" and "could not be scored" look alike in nbgrader's totals; this list reads the graded
notebooks and tells them apart. It also scores every answer file once more, from what was handed in
and without running a learner's notebook, and names the parts where the graded notebook or the
gradebook says otherwise: a notebook runs in one process with what scores it and can forge its
output, or write into the gradebook. Exits with 1 on either.
Set `LABELSCHOOL_PRIVATE` as for `nbgrader autograde`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade

from labelschool import course
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.exercises import clamp, exercise
from labelschool.grading.scorecells import is_score_cell

SAME_POINTS = 0.005


@dataclass(frozen=True)
class Part:
    """One graded cell of one submission. `points` is None where a person grades or nobody can."""

    student: str
    notebook: str
    part: str
    points: float | None
    maximum: float
    remark: str = ""
    failed: bool = False

    def __str__(self) -> str:
        points = "-" if self.points is None else f"{self.points:.2f}"
        mark = "FAILED: " if self.failed else ""
        where = f"{self.student:24} {self.notebook:12} {self.part:8}"
        return f"{where} {points:>6} / {self.maximum:g}  {mark}{self.remark}".rstrip()


def parts(grading: Path, module: str) -> Iterator[Part]:
    """All parts of all submissions of a module, by student; a missing notebook is one entry."""
    recorded = _recorded(grading / "gradebook.db", module)
    for submitted in sorted(grading.glob(f"submitted/*/{module}")):
        student = submitted.parent.name
        released = course.root() / "assignments" / module
        for name in sorted(path.name for path in released.glob("*.ipynb")):
            graded = grading / "autograded" / student / module / name
            if graded.is_file():
                notebook = nbformat.read(graded, as_version=4)
                for cell in notebook.cells:
                    if cell.metadata.get("nbgrader", {}).get("grade"):
                        in_book = recorded.get((student, cell.metadata.nbgrader.grade_id))
                        yield _part(student, graded.stem, cell, submitted, in_book)
            else:
                handed_in = (submitted / name).is_file()
                remark = "not autograded; is it a notebook?" if handed_in else "not handed in"
                yield Part(student, graded.stem, "all", None, 0, remark, failed=handed_in)


def recount(task: course.Task, folder: Path) -> float:
    """The points of a task from the answer file in a folder; an unreadable one gives 0."""
    work = exercise(task.id)
    work.file = AnswerFile(task.id, work.pool, task.guideline, folder)
    try:
        share = work.score().value
    except LabelSchoolError:
        share = 0.0
    return clamp(share * task.points, task.points)


def _recorded(gradebook: Path, module: str) -> dict[tuple[str, str], float]:
    """Student and grade id -> the points that autograde wrote into the gradebook."""
    if not gradebook.is_file():
        return {}
    with Gradebook(f"sqlite:///{gradebook.as_posix()}") as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(module)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.auto_score is not None
        }


def _part(
    student: str, notebook: str, cell: NotebookNode, submitted: Path, in_book: float | None
) -> Part:
    grade_id = cell.metadata.nbgrader.grade_id
    remark, failed = _told(cell)
    try:
        points, maximum = determine_grade(cell)
    except ValueError as error:
        points, maximum = None, float(cell.metadata.nbgrader.points)
        remark, failed = str(error), True
    if is_score_cell(cell):
        again = recount(course.load().task(grade_id.replace("-", ".")), submitted)
        told = [value for value in (points, in_book) if value is not None]
        if not failed and any(abs(value - again) > SAME_POINTS for value in told):
            remark, failed = f"the answer file gives {again:.2f}: look into this notebook", True
    elif points is None and not failed:
        remark = "waits for you in formgrader"
    return Part(student, notebook, grade_id, points, maximum, remark, failed)


def _told(cell: NotebookNode) -> tuple[str, bool]:
    """The first line a cell printed or the error it ended in; whether scoring itself failed."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}", is_score_cell(cell)
        if output.output_type == "stream" and output.text.strip():
            return output.text.strip().splitlines()[0], False
    return "", False


def main(arguments: list[str]) -> int:
    """Print the list of one module."""
    if len(arguments) != 1:
        print("Name one module: python -m labelschool.grading.status 01-foundation")
        return 2
    found = list(parts(course.root() / "grading", arguments[0]))
    if not found:
        print(
            f"grading/submitted/ holds nothing of {arguments[0]}: run nbgrader zip_collect first."
        )
        return 2
    for part in found:
        print(part)
    return 1 if any(part.failed for part in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
