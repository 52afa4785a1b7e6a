"""A scan of what is handed to learners for what must not be in it.

    python -m labelschool.grading.leaks assignments

prints one line per finding and exits with 1 when there is any.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from labelschool.answers import FOLDER, SCHEMA

# Wider than what nbgrader strips: a marker in lower case or with an underscore is not stripped.
_MARKER = re.compile(
    r"\b(BEGIN|END)[ _-]*(SOLUTIONS?|HIDDEN[ _-]*TESTS?|MARK[ _-]*SCHEME)\b"
    r"|###\s*(HASHED\s+)?AUTOTEST",
    re.IGNORECASE,
)
_TRUTH = "labelschool/truth/"
_SOLUTION_BLOCK = re.compile(
    r"^[^\n]*BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*END SOLUTION[^\n]*\n?", re.DOTALL | re.MULTILINE
)
HIDDEN_BLOCK = re.compile(
    r"^[^\n]*BEGIN (?P<kind>HIDDEN TESTS|MARK SCHEME)[^\n]*\n"
    r"(.*?)^[^\n]*END (?P=kind)[^\n]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
# Shorter lines, such as `return x` or `}`, stand in honest text as well.
_TELLING_LINE = 15


@dataclass(frozen=True)
class Leak:
    """One finding: where it stands and what it is."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def in_folder(folder: Path) -> list[Leak]:
    """All leaks in a release folder such as `assignments/`, in path order."""
    found: list[Leak] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if FOLDER in path.relative_to(folder).parts[:-1]:
            found.append(Leak(name, "an answer file; autograde would copy it over a learner's own"))
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            found += [Leak(f"{name}, {leak.where}", leak.what) for leak in in_notebook(notebook)]
        else:
            found += _in_text(path.read_bytes().decode("utf-8", errors="replace"), name)
    return found


def in_notebook(notebook: NotebookNode) -> list[Leak]:
    """Markers, outputs, truth and answers in a notebook's cells, attachments and metadata."""
    found: list[Leak] = []
    for number, cell in enumerate(notebook.cells):
        where = f"cell {cell.get('id', number)}"
        if cell.get("outputs"):
            found.append(Leak(where, "an output"))
        found += _in_text(json.dumps(cell, ensure_ascii=False), where)
    found += _in_text(json.dumps(notebook.metadata), "the notebook's metadata")
    return found


def solution_lines(solution: NotebookNode, release: NotebookNode) -> list[Leak]:
    """Lines of solutions, hidden tests and mark schemes that the release still shows."""
    shown = "\n".join(cell.source for cell in release.cells)
    return [
        Leak(f"cell {cell.get('id', number)}", f"the hidden line {line!r}")
        for number, cell in enumerate(solution.cells)
        for line in hidden_lines(cell)
        if line in shown
    ]


def hidden_lines(cell: NotebookNode) -> Iterator[str]:
    """The telling lines between the markers of a cell, without indentation."""
    blocks = [block[1] for block in _SOLUTION_BLOCK.finditer(cell.source)]
    blocks += [block[2] for block in HIDDEN_BLOCK.finditer(cell.source)]
    for line in "\n".join(blocks).splitlines():
        if len(line.strip()) >= _TELLING_LINE:
            yield line.strip()


def _in_text(text: str, where: str) -> Iterator[Leak]:
    if marker := _MARKER.search(text):
        yield Leak(where, f"the marker {marker[0]!r}")
    if _TRUTH in text:
        yield Leak(where, "truth of a data set")
    if SCHEMA in text:
        yield Leak(where, "a learner's answer")


def main(folders: list[str]) -> int:
    """Print the leaks of some folders; 1 when there is any, 2 when a folder is missing."""
    for folder in folders:
        if not Path(folder).is_dir():
            print(f"There is no folder {folder}; name a release such as assignments.")
            return 2
    found = [leak for folder in folders for leak in in_folder(Path(folder))]
    for leak in found:
        print(leak)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["assignments"]))
