"""Learners' notebooks: what is stripped, that it is stripped alike, and that nothing leaks."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from labelschool import course
from labelschool.grading import leaks, scorecells
from labelschool.grading.release import ReleaseError, release

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
MODULES = {module.folder: module for module in course.load().modules}


def graded(source, grade_id="1-A", points=10, *, solution=False, kind=new_code_cell):
    flags = {"grade": True, "solution": solution, "locked": not solution, "task": False}
    flags |= {"grade_id": grade_id, "points": points, "schema_version": 3}
    return kind(source, id=grade_id, metadata={"nbgrader": flags})


def notebook(*cells):
    return new_notebook(cells=list(cells))


def text(node):
    return nbformat.writes(node, version=4) + "\n"


def test_there_are_notebooks_to_release():
    assert {path.stem for path in SOLUTIONS} == {"exercises", "assignment"}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_the_committed_release_follows_from_the_solution(path):
    released = text(release(nbformat.read(path, as_version=4)))
    committed = ROOT / "assignments" / path.relative_to(ROOT / "solutions")
    assert released == committed.read_text(encoding="utf-8")


@pytest.mark.grading
def test_generate_assignment_writes_the_committed_bytes(course_copy, tools):
    committed = {p.name: p.read_bytes() for p in (ROOT / "assignments" / tools.MODULE).iterdir()}
    done = course_copy.nbgrader("generate_assignment", tools.MODULE, "--force")
    assert done.returncode == 0, done.stderr[-3000:]
    folder = course_copy.root / "assignments" / tools.MODULE
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == committed


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_second_release_is_the_same(path):
    solution = nbformat.read(path, as_version=4)
    assert text(release(solution)) == text(release(solution))


def test_a_release_leaves_the_solution_as_it_is():
    solution = notebook(graded("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", solution=True))
    before = copy.deepcopy(solution)
    release(solution)
    assert solution == before


def test_solutions_tests_and_outputs_are_stripped_and_our_stubs_stand_there():
    code = graded("def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", "f")
    code.metadata.nbgrader.update(solution=True, locked=False)
    test = graded("assert f\n### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS", "t")
    test.outputs = [new_output("stream", text="42")]
    note = graded("The model answer.", "n", solution=True, kind=new_markdown_cell)
    first, second, third = release(notebook(code, test, note)).cells
    assert first.source == "def f(x):\n    # Write your code here, then run the cell.\n    ..."
    assert second.source == "assert f"
    assert second.outputs == []
    assert third.source.startswith("*Write your answer here")
    assert "NotImplementedError" not in str(first)


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("### begin solution\nx = 1\n### end solution"),
        new_markdown_cell('{"schema": "labelschool/truth/1"}'),
        new_markdown_cell("### BEGIN_HIDDEN_TESTS"),
        new_code_cell("1", metadata={"remember": "labelschool/answer/1"}),
    ],
)
def test_what_nbgrader_does_not_strip_stops_the_release(cell):
    with pytest.raises(ReleaseError, match="must stay hidden"):
        release(notebook(cell))


def test_a_solution_repeated_in_the_open_stops_the_release():
    hidden = graded("### BEGIN SOLUTION\nanswer = 6 * 7 + 100\n### END SOLUTION", solution=True)
    hint = new_markdown_cell("Try `answer = 6 * 7 + 100` first.")
    with pytest.raises(ReleaseError, match="the hidden line"):
        release(notebook(hint, hidden))


def test_no_leaks_in_the_committed_release():
    assert leaks.in_folder(ROOT / "assignments") == []
    assert list((ROOT / "assignments").rglob("answers")) == []


def test_the_scan_finds_what_it_is_for(tmp_path):
    answers = tmp_path / "01-foundation" / "answers"
    answers.mkdir(parents=True)
    (answers / "1.A.json").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.md").write_text("### BEGIN SOLUTION", encoding="utf-8")
    (tmp_path / "truth.json").write_text('{"schema": "labelschool/truth/1"}', encoding="utf-8")
    shown = new_code_cell("1", outputs=[new_output("stream", text="42")])
    nbformat.write(notebook(shown), tmp_path / "run.ipynb")
    found = [str(leak) for leak in leaks.in_folder(tmp_path)]
    assert len(found) == 4
    assert "answer file" in found[0]
    assert leaks.main([str(tmp_path)]) == 1


@pytest.mark.parametrize("step", ["solutions", "assignments"])
@pytest.mark.parametrize("folder", sorted(MODULES))
def test_every_graded_cell_passes_the_lint(step, folder):
    assert scorecells.lint_module(ROOT / step / folder, MODULES[folder]) == []


GOOD = 'from labelschool import score\n\nscore("1.A")'


@pytest.mark.parametrize(
    ("source", "points", "complaint"),
    [
        (GOOD, 10, None),
        (GOOD, 9, "gives 9 points"),
        (GOOD + ";", 10, "does not end in the line"),
        (f"{GOOD}  # done", 10, "does not end in the line"),
        ('score("1.A")', 10, "must hold"),
        ('from labelschool import score\n\nprint("hi")\nscore("1.A")', 10, "must hold"),
        ('from labelschool import score\n\nscore("A1.a")', 10, "does not end in the line"),
        ("import numpy as np\nnp.float64(2.5)", 10, "does not end in the line"),
        ("from labelschool import score\nif True\n" + 'score("1.A")', 10, "not valid Python"),
    ],
)
def test_the_lint_knows_the_one_right_score_cell(source, points, complaint):
    found = scorecells.lint(notebook(graded(source, points=points)), (course.load().task("1.A"),))
    assert bool(found) == bool(complaint)
    assert complaint is None or complaint in found[0]


def test_the_lint_counts_the_cells_of_each_task():
    task = course.load().task("1.A")
    assert scorecells.lint(notebook(), (task,)) == ["1-A is graded by 0 cells, not by one"]
    copied = graded(GOOD)
    copied["id"] = "copy"
    twice = notebook(graded(GOOD), copied)
    assert scorecells.lint(twice, (task,)) == ["1-A is graded by 2 cells, not by one"]
    assert "not a task" in scorecells.lint(notebook(graded(GOOD, "1-Z")), ())[0]


def test_written_work_is_graded_by_hand_and_not_too_much_of_it():
    note = course.load().task("A1.e")
    by_hand = graded("Write.", "A1-e", 15, solution=True, kind=new_markdown_cell)
    assert scorecells.lint(notebook(by_hand), (note,)) == []
    scored = graded('from labelschool import score\n\nscore("A1.e")', "A1-e", 15)
    assert "is scored here" in scorecells.lint(notebook(scored), (note,))[0]
    by_hand.metadata.nbgrader.points = 25
    found = scorecells.lint(notebook(by_hand), (note.model_copy(update={"points": 25.0}),))
    assert found == ["25 points are graded by hand; at most 20 may be"]


def test_lessons_carry_no_points():
    for path in (ROOT / "modules").rglob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        assert not [cell for cell in cells if cell.metadata.get("nbgrader")], path.name
