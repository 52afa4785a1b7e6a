"""Put back what a learner deleted or changed in the cells that carry points."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import OverwriteCells

from labelschool.grading.leaks import HIDDEN_BLOCK


class RestoreCells(OverwriteCells):
    """nbgrader's `OverwriteCells`, for learners who delete, copy or edit more than a test cell.

    Stock nbgrader restores a deleted score cell beside the graded cell that stood before it and
    fails with a `KeyError` when that was a read-only text or is gone as well. Score cells of this
    course import what they need, so a deleted one is put at the end. The flags of a cell (graded,
    answer, locked) come from the gradebook too: stock nbgrader trusts the learner's. A cell that
    lacks its hidden test alone is as it was released, and no warning is due.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Reset the flags of a known cell and drop those of an unknown one, then overwrite."""
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        source = self._cells("source_cells").get(grade_id)
        if source is None:
            cell.metadata.pop("nbgrader", None)
            return cell, resources
        cell.metadata["nbgrader"] = self._flags(grade_id) | {"locked": source.locked}
        if source.locked and _lines(cell.source) == _lines(HIDDEN_BLOCK.sub("", source.source)):
            cell.source = source.source
        return super().preprocess_cell(cell, resources, cell_index)

    def add_missing_grade_cells(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Append every graded cell that is not in the notebook."""
        present = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
        answers = self._cells("solution_cells")
        sources = self._cells("source_cells")
        for name, graded in sorted(self._cells("grade_cells").items()):
            if name not in present:
                self.log.warning("Missing graded cell %s: putting it back", name)
                cell = self.missing_cell_transform(
                    sources[name], graded.max_score, is_solution=name in answers
                )
                cell["id"] = name
                nb.cells.append(cell)
        return nb, resources

    def _flags(self, grade_id: str) -> dict:
        graded = self._cells("grade_cells").get(grade_id)
        task = self._cells("task_cells").get(grade_id)
        flags = {
            "grade": graded is not None,
            "grade_id": grade_id,
            "schema_version": 3,
            "solution": grade_id in self._cells("solution_cells"),
            "task": task is not None,
        }
        if worth := graded or task:
            flags["points"] = worth.max_score
        return flags

    def _cells(self, kind: str) -> dict:
        notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        return {cell.name: cell for cell in getattr(notebook, kind)}


def _lines(source: str) -> list[str]:
    """The lines of a cell that are not empty."""
    return [line for line in source.splitlines() if line.strip()]
