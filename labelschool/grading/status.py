"""What became of each part of each submission: points, a person's turn, or why it is 0.

    python -m labelschool.grading.status 01-foundation

"Scored 0" and "could not be scored" look alike in nbgrader's totals; this list reads the graded
notebooks and tells them apart. It also scores every answer file once more, from what was handed in
and without running a learner's notebook, and names the parts where the graded notebook or the
gradebook says otherwise, or where points of an automatic part were changed by hand: a notebook runs
in one process with what scores it and can forge its output, or write into the gradebook. Exits with
1 on either. Code answers are called here once more, with the rights of your account.
Set `LABELSCHOOL_PRIVATE` as for `nbgrader autograde`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook
from nbgrader.utils import determine_grade

from labelschool import course
from labelschool.exercises.exercise import counted
from labelschool.grading.scorecells import is_score_cell, is_solution

COURSE = "labelschool"
"""The course of the gradebook, as in ``nbgrader_config.py``."""
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
        return visible(f"{where} {points:>6} / {self.maximum:g}  {mark}{self.remark}".rstrip())


@dataclass(frozen=True)
class Entry:
    """What the gradebook holds of one cell: autograde's points, and what a hand has changed."""

    auto: float | None = None
    by_hand: str = ""


def visible(text: str) -> str:
    """A learner's text for a terminal: control and direction characters are written as escapes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


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
                        entry = recorded.get((student, cell.metadata.nbgrader.grade_id), Entry())
                        yield _part(student, graded.stem, cell, submitted, entry)
            else:
                handed_in = (submitted / name).is_file()
                remark = "not autograded; is it a notebook?" if handed_in else "not handed in"
                yield Part(student, graded.stem, "all", None, 0, remark, failed=handed_in)


def _recorded(gradebook: Path, module: str) -> dict[tuple[str, str], Entry]:
    """Student and grade id -> what the gradebook holds, which is read only."""
    if not gradebook.is_file():
        return {}
    with Gradebook(f"sqlite:///{gradebook.resolve().as_uri()}?mode=ro&uri=true", COURSE) as book:
        return {
            (submission.student.id, grade.name): Entry(grade.auto_score, _by_hand(grade))
            for submission in book.assignment_submissions(module)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def _by_hand(grade: Grade) -> str:
    """The points that a person, or something else, has set in place of autograde's or on top."""
    manual = "" if grade.manual_score is None else f"manual score {grade.manual_score}"
    extra = f"extra credit {grade.extra_credit}" if grade.extra_credit else ""
    return " and ".join(filter(None, (manual, extra)))


def _part(student: str, notebook: str, cell: NotebookNode, submitted: Path, entry: Entry) -> Part:
    grade_id = cell.metadata.nbgrader.grade_id
    remark, failed = _told(cell)
    try:
        points, maximum = determine_grade(cell)
    except (KeyError, ValueError) as error:
        points, maximum = None, float(cell.metadata.nbgrader.points)
        remark, failed = str(error), True
    wrong = [remark] if failed else []
    if is_score_cell(cell) and not failed:
        wrong += _disputed(grade_id, submitted, (points, entry.auto))
    if entry.by_hand and not is_solution(cell):
        wrong.append(f"the gradebook was changed by hand, {entry.by_hand}: look into this notebook")
    if wrong:
        remark, failed = "; ".join(wrong), True
    elif points is None:
        remark = "waits for you in formgrader"
    return Part(student, notebook, grade_id, points, maximum, remark, failed)


def _disputed(grade_id: str, submitted: Path, told: tuple[float | None, ...]) -> list[str]:
    """What speaks against the points that are told: another count, or an error in counting."""
    try:
        _, again = counted(course.load().task(grade_id.replace("-", ".")), submitted)
        same = all(abs(value - again) <= SAME_POINTS for value in told if value is not None)
    except Exception as error:
        return [f"scored again it ended with {type(error).__name__}: {error}"]
    return [] if same else [f"the answer file gives {again:.2f}: look into this notebook"]


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
