"""What a learner may see in nbgrader's feedback page."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked
from traitlets import Bool

from labelschool.grading.leaks import HIDDEN_BLOCK
from labelschool.grading.scorecells import is_score_cell

HIDDEN = "# (tests that stay hidden)\n"
FAILED = "A test of your code did not pass."
NOT_SCORED = "This part could not be scored: tell your instructor. Your answer file is kept."
# nbgrader's page cuts long sentences off and sets columns of a table without a gap.
CSS = """
pre { white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; }
.rendered_html td, .rendered_html th { padding: 2px 12px; }
"""


class LearnersView(Preprocessor):
    """Take hidden tests and everything but the score cells' own outputs out of the page.

    nbgrader's feedback shows a graded cell with its hidden tests. An error quotes them, and a
    learner's cell can print them (`print(In)`) or, in a cohort, print the truth that grading has at
    hand. So outputs stay only where the cell is ours, and there an error is one sentence. Learners
    have the outputs of their own cells in their own notebook; instructors see them in formgrader.
    """

    enabled = Bool(True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean all cells and add our style to the page's."""
        nb, resources = super().preprocess(nb, resources)
        resources["inlining"]["css"].append(CSS)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean one cell in place."""
        cell.source = HIDDEN_BLOCK.sub(HIDDEN, cell.source)
        if cell.cell_type == "code":
            sentence = NOT_SCORED if is_score_cell(cell) else FAILED
            told = NotebookNode(output_type="stream", name="stdout", text=sentence)
            cell.outputs = [
                told if output.output_type == "error" else output
                for output in cell.outputs
                if is_grade(cell) and is_locked(cell)
            ]
        return cell, resources
