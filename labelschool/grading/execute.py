"""Run a submission's notebook without letting it change the work that was handed in."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked

from labelschool.answers import FOLDER


class ExecuteOnAnswers(Execute):
    """nbgrader's `Execute`, on the answers that were handed in.

    They are put back before each score cell and at the end. A notebook runs from the top, so its
    own cells run at grading too: `check()` would count one
    more attempt, `annotate()` would set a broken file aside before `score()` can say what is wrong
    with it, and a learner's cell could write answers where the truth is at hand.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: object = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run all cells; afterwards the answers are what they were."""
        self._answers = _Snapshot(Path(resources["metadata"]["path"]) / FOLDER)
        try:
            return super().preprocess(nb, resources, km)
        finally:
            self._answers.restore()

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run one cell, a score cell on the answers that were submitted."""
        if is_grade(cell) and is_locked(cell):
            self._answers.restore()
        return super().preprocess_cell(cell, resources, index)


class _Snapshot:
    """The files below a folder as they are now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contents = {path: path.read_bytes() for path in self._files()}

    def restore(self) -> None:
        """Remove what came, write back what went or changed."""
        for path in self._files():
            if path not in self._contents:
                path.unlink()
        for path, content in self._contents.items():
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def _files(self) -> list[Path]:
        return [path for path in self._folder.rglob("*") if path.is_file()]
