"""A lint of graded cells: each ends in the one call that nbgrader turns into the right points.

nbgrader gives full marks when the last expression of a score cell is a numpy float, nan, a negative
number, a string, or when nothing is shown (a semicolon is enough), and none after a word on stderr.
So a graded code cell is exactly

    from labelschool import score

    score("1.A")

with a hidden test between the two at most. The import stands in the cell itself: the cell is right
wherever it is restored, and a name that a learner has overwritten does not matter.

    python -m labelschool.grading.scorecells

checks `solutions/` and `assignments/`, prints one line per finding and exits with 1 on any.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from labelschool import course
from labelschool.grading.leaks import HIDDEN_BLOCK

EXERCISES = "exercises"
ASSIGNMENT = "assignment"
MANUAL_POINTS = 20


def lint(notebook: NotebookNode, tasks: tuple[course.Task, ...]) -> list[str]:
    """What is wrong with the graded cells of a notebook that has to grade exactly `tasks`."""
    by_grade_id = {task.grade_id: task for task in tasks}
    graded = [cell for cell in notebook.cells if _meta(cell).get("grade")]
    found = [
        complaint
        for cell in graded
        for complaint in _lint_cell(cell, by_grade_id, is_solution(cell))
    ]
    present = [_meta(cell).get("grade_id") for cell in graded]
    for grade_id in by_grade_id:
        if (times := present.count(grade_id)) != 1:
            found.append(f"{grade_id} is graded by {times} cells, not by one")
    manual = sum(_meta(cell).get("points", 0) for cell in graded if is_solution(cell))
    if manual > MANUAL_POINTS:
        found.append(f"{manual:g} points are graded by hand; at most {MANUAL_POINTS} may be")
    return found


def lint_module(folder: Path, module: course.Module) -> list[str]:
    """Lint `exercises.ipynb` and `assignment.ipynb` of a module in a folder that holds both."""
    found = []
    for name, tasks in graded_tasks(module).items():
        path = folder / f"{name}.ipynb"
        if not path.is_file():
            found.append(f"{module.folder}/{name}.ipynb is missing")
            continue
        notebook = nbformat.read(path, as_version=4)
        found += [f"{module.folder}/{path.name}: {what}" for what in lint(notebook, tasks)]
    return found


def graded_tasks(module: course.Module) -> dict[str, tuple[course.Task, ...]]:
    """Notebook name -> the tasks it grades: those with a counted pool, and written parts."""
    exercises = tuple(task for task in module.exercises if _counts(task))
    parts = module.assignment.parts if module.assignment else ()
    notebooks = {EXERCISES: exercises, ASSIGNMENT: tuple(filter(_counts, parts))}
    return {name: tasks for name, tasks in notebooks.items() if tasks}


def is_solution(cell: NotebookNode) -> bool:
    """Whether a learner writes into the cell; a graded one of this kind is graded by hand."""
    return bool(_meta(cell).get("solution"))


def is_score_cell(cell: NotebookNode) -> bool:
    """Whether the cell ends in a call of `score`, also after it was put back with a comment."""
    return cell.source.rstrip().splitlines()[-1:] == [score_call(cell)]


def score_call(cell: NotebookNode) -> str:
    """The last line that the score cell of this grade id must have."""
    return f'score("{_meta(cell).get("grade_id", "").replace("-", ".")}")'


def _counts(task: course.Task) -> bool:
    return task.widget is None or "counted" in task.pools


def _lint_cell(cell: NotebookNode, tasks: dict[str, course.Task], manual: bool) -> list[str]:
    grade_id = _meta(cell).get("grade_id", "?")
    task = tasks.get(grade_id)
    if task is None:
        return [f"{grade_id} is not a task that this notebook grades in {course.MANIFEST}"]
    found = []
    points = _meta(cell).get("points")
    if points != task.points:
        found.append(f"{grade_id} gives {points} points, {course.MANIFEST} {task.points:g}")
    if manual != (task.widget is None):
        found.append(
            f"{grade_id} is {'written work' if manual else 'scored'} here, not in the course"
        )
    elif not manual and (complaint := _score_cell(cell)):
        found.append(f"{grade_id} {complaint}")
    return found


def _score_cell(cell: NotebookNode) -> str | None:
    """What keeps a score cell from being an import of `score` and one call of it."""
    if cell.cell_type != "code" or not _meta(cell).get("locked"):
        return "is not a locked code cell"
    if not is_score_cell(cell):
        return f"does not end in the line {score_call(cell)}"
    try:
        statements = ast.parse(HIDDEN_BLOCK.sub("", cell.source)).body
    except SyntaxError:
        return "is not valid Python"
    if [ast.unparse(s) for s in statements[:-1]] != ["from labelschool import score"]:
        return "must hold `from labelschool import score`, a hidden test and the call at most"
    return None


def _meta(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def main() -> int:
    """Lint both versions of every module; 1 on a finding."""
    found = [
        f"{step}/{complaint}"
        for module in course.load().modules
        for step in ("solutions", "assignments")
        for complaint in lint_module(course.root() / step / module.folder, module)
    ]
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
