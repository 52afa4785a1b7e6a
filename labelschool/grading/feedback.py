"""What a learner may see in nbgrader's feedback page, and that nothing goes out beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_locked
from traitlets import Bool

from labelschool import course
from labelschool.exercises.exercise import counted
from labelschool.grading.leaks import HIDDEN_BLOCK
from labelschool.grading.scorecells import is_score_cell
from labelschool.grading.status import SAME_POINTS

HIDDEN = "# (tests that stay hidden)\n"
FAILED = "A test of your code did not pass."
NOT_SCORED = "This part could not be scored: tell your instructor. Your answer file is kept."
DIFFERS = "Your instructor has to look at this part before its points are told."
WAITS = "Waits for your instructor: the points of this part are not given yet."
# nbgrader's page cuts long sentences off and sets columns of a table without a gap.
CSS = """
pre { white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; }
.rendered_html td, .rendered_html th { padding: 2px 12px; }
"""


class LearnersView(Preprocessor):
    """Build the page of what was handed in, what the course wrote, and what scoring says again.

    A learner's code runs at grading where the truth and the hidden tests are at hand: it can print
    them, bend `score`, write files beside its notebook and change the graded copy. So texts come
    from the submission or the gradebook's own cells, a score cell says what the answer file gives,
    other outputs and all files but the pages stay here. Learners have the outputs of their own
    cells in their own notebook; instructors see them in formgrader.
    """

    enabled = Bool(True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clear the folder of the page, clean all cells and add our style."""
        converter = self.parent.parent
        folders, found = converter.coursedir, resources["nbgrader"]
        name, module, student = (found[key] for key in ("notebook", "assignment", "student"))
        clear(
            Path(folders.format_path(folders.feedback_directory, student, module)),
            {f"{Path(notebook).stem}.html" for notebook in converter.notebooks},
        )
        self._submitted = Path(folders.format_path(folders.submitted_directory, student, module))
        with Gradebook(found["db_url"]) as book:
            cells = book.find_notebook(name, module).source_cells
            grades = book.find_submission_notebook(name, module, student).grades
            self._sources = {cell.name: (cell.source, cell.locked) for cell in cells}
            self._given = {grade.name: grade.auto_score for grade in grades}
            self._waiting = {grade.name for grade in grades if grade.needs_manual_grade}
        nb.metadata.pop("widgets", None)
        nb.cells = list(self._known(nb.cells, self._submitted / f"{name}.ipynb"))
        nb, resources = super().preprocess(nb, resources)
        resources["inlining"]["css"].append(CSS)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean one cell in place."""
        if cell.cell_type == "code":
            cell.outputs = [
                NotebookNode(output_type="stream", name="stdout", text=text)
                for text in self._said(cell)
            ]
        cell.source = HIDDEN_BLOCK.sub(HIDDEN, cell.source)
        if _grade_id(cell) in self._waiting:
            mark = "#" if cell.cell_type == "code" else ">"
            cell.source = f"{mark} {WAITS}\n\n{cell.source}"
        return cell, resources

    def _known(self, cells: Iterable[NotebookNode], handed_in: Path) -> Iterable[NotebookNode]:
        """The cells of the course as it wrote them, and the learner's as they were handed in."""
        is_there = handed_in.is_file()
        own = nbformat.read(handed_in, as_version=4).cells if is_there else []
        attachments = {cell.source: cell.get("attachments") for cell in own}
        for cell in cells:
            source, locked = self._sources.get(_grade_id(cell), (None, False))
            pictures = cell.pop("attachments", None)
            if cell.source in attachments and not locked:
                if pictures := attachments[cell.source]:
                    cell.attachments = pictures
            elif source is None:
                continue
            else:
                cell.source = source
            yield cell

    def _said(self, cell: NotebookNode) -> Iterable[str]:
        """What stands below a code cell: nothing where it is the learner's."""
        if not (is_grade(cell) and is_locked(cell)):
            return
        failed = any(output.output_type == "error" for output in cell.outputs)
        if not is_score_cell(cell):
            if failed:
                yield FAILED
            return
        if failed:
            yield NOT_SCORED
            return
        grade_id = _grade_id(cell)
        sentence, points = counted(course.load().task(grade_id.replace("-", ".")), self._submitted)
        given = self._given.get(grade_id)
        if given is not None and abs(given - points) <= SAME_POINTS:
            yield f"{sentence}\n{points}"
            return
        self.log.warning(
            "%s of %s: the gradebook has %s points, the answer file gives %s. Is "
            "LABELSCHOOL_PRIVATE set as for autograde? See labelschool.grading.status",
            grade_id,
            self._submitted.parent.name,
            given,
            points,
        )
        yield DIFFERS


def clear(folder: Path, pages: set[str]) -> None:
    """Leave nothing but these pages in a folder; nbgrader copies all that lies beside a graded
    notebook, also what a learner's code wrote there.
    """
    for path in folder.glob("*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in pages:
            path.unlink()


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")
