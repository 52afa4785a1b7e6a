"""The learner's version of a solution notebook, made by nbgrader's own preprocessors.

`make notebooks` writes `assignments/` with this function, and `nbgrader generate_assignment` writes
the same bytes there: both run the preprocessors that `GenerateAssignment` lists, configured by the
one `nbgrader_config.py`. Only `SaveCells` stays out here, because it writes to a gradebook.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config, PyFileConfigLoader

from labelschool import course
from labelschool.errors import LabelSchoolError
from labelschool.grading import leaks

CONFIG = "nbgrader_config.py"
NEEDS_GRADEBOOK = {"SaveCells"}


class ReleaseError(LabelSchoolError):
    """The solution cannot be released: a learner would see what must stay hidden."""


def release(solution: NotebookNode) -> NotebookNode:
    """A new notebook without solutions, hidden tests, mark schemes and outputs.

    The argument is left as it is. Raises `ReleaseError` when something of the solution would
    remain, for instance a misspelt marker.
    """
    config = _config(course.root() / CONFIG)
    resources: dict = {"metadata": {"path": str(course.root())}}
    notebook = copy.deepcopy(solution)
    for preprocessor in _preprocessors(config):
        notebook, resources = preprocessor.preprocess(notebook, resources)
    if found := [*leaks.in_notebook(notebook), *leaks.solution_lines(solution, notebook)]:
        raise ReleaseError(f"The release would show what must stay hidden: {found[0]}.")
    return notebook


def _preprocessors(config: Config) -> list[NbGraderPreprocessor]:
    """nbgrader's preprocessors in its order, with our settings."""
    from nbgrader.converters import GenerateAssignment

    return [
        preprocessor(config=config)
        for preprocessor in GenerateAssignment(config=config).preprocessors
        if preprocessor.__name__ not in NEEDS_GRADEBOOK
    ]


@cache
def _config(path: Path) -> Config:
    return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
