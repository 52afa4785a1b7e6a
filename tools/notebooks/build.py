"""Build every notebook of the course from its MyST Markdown text.

    content/pages/NAME.md                 -> modules/NAME.ipynb                  executed
    content/lessons/MODULE/NAME.md        -> modules/MODULE/NAME.ipynb           executed
    content/assignments/MODULE/NAME.md    -> solutions/MODULE/NAME.ipynb         as written
    solutions/MODULE/NAME.ipynb           -> assignments/MODULE/NAME.ipynb       nbgrader's release

Only what changed is executed again (`--all` for everything), and a second run writes the same
bytes: cell ids come from the grade id or from the file name and the cell's number, execution
timestamps, widget state and paths stay out.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from labelschool import course

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
VIEW = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 120


def main() -> int:
    """Build what is stale, or with `--check` only say what is; exit 1 when something was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="execute every lesson again")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a change")
    parser.add_argument("--list", action="store_true", help="name what is built, do nothing")
    options = parser.parse_args()
    if options.list:
        targets = [target for _, target in executed_sources()]
        targets += [path for _, *pair in graded_sources() for path in pair]
        print(*(target.relative_to(ROOT).as_posix() for target in targets), sep="\n")
        return 0
    changed = []
    for target, text in notebooks(execute_all=options.all):
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            changed.append(target)
            if not options.check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", newline="\n")
    for target in changed:
        print(target.relative_to(ROOT).as_posix())
    return 1 if options.check and changed else 0


def notebooks(*, execute_all: bool) -> Iterator[tuple[Path, str]]:
    """Each notebook's place and text."""
    for source, target in executed_sources():
        notebook = from_text(source)
        built = _read(target)
        if execute_all or built is None or _needs_run(notebook, built):
            execute(notebook, target.parent.name)
        else:
            _take_outputs(notebook, built)
        yield target, as_text(notebook)
    from labelschool.grading.release import release

    for source, solution, assignment in graded_sources():
        notebook = from_text(source)
        yield solution, as_text(notebook)
        yield assignment, as_text(release(notebook))


def executed_sources() -> list[tuple[Path, Path]]:
    """Sources of pages and of the lessons that the manifest lists, with their notebooks."""
    pairs = [
        (page, ROOT / "modules" / f"{page.stem}.ipynb")
        for page in sorted((ROOT / "content" / "pages").glob("*.md"))
    ]
    for module in course.load().modules:
        for slug in module.lessons:
            source = ROOT / "content" / "lessons" / module.folder / f"{slug}.md"
            pairs.append((source, ROOT / "modules" / module.folder / f"{slug}.ipynb"))
    return pairs


def graded_sources() -> list[tuple[Path, Path, Path]]:
    """Sources of nbgrader notebooks, with the instructor's and the learner's version."""
    return [
        (
            source,
            ROOT / "solutions" / source.parent.name / f"{source.stem}.ipynb",
            ROOT / "assignments" / source.parent.name / f"{source.stem}.ipynb",
        )
        for source in sorted((ROOT / "content" / "assignments").glob("*/*.md"))
    ]


def from_text(source: Path) -> NotebookNode:
    """The notebook of a MyST text, with stable cell ids and the least metadata, not executed."""
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst")
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python")
    )
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell["id"] = grade_id or f"{source.stem}-{number:03}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def execute(notebook: NotebookNode, folder: str) -> None:
    """Run all cells in an empty learner's folder of that name and clean what they put out."""
    with tempfile.TemporaryDirectory() as home:
        work = Path(home) / folder
        work.mkdir()
        (Path(home) / "start-here.ipynb").touch()
        environment = os.environ | {"LABELSCHOOL_HOME": home, "LABELSCHOOL_ROOT": str(ROOT)}
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            resources={"metadata": {"path": str(work)}},
            record_timing=False,
            store_widget_state=False,
        )
        client.execute(env=environment)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
            if output.output_type == "error":
                raise SystemExit(f"{cell['id']}: {output.evalue}")


def as_text(notebook: NotebookNode) -> str:
    """The notebook as it is committed: sorted keys, one space, a line feed at the end."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def _read(path: Path) -> NotebookNode | None:
    return nbformat.read(path, as_version=4) if path.exists() else None


def _needs_run(notebook: NotebookNode, built: NotebookNode) -> bool:
    """Whether the code changed, or the package that the outputs come from."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    done = [cell for cell in built.cells if cell.cell_type == "code"]
    return code != [cell.source for cell in done] or any(
        cell.execution_count is None for cell in done if cell.source.strip()
    )


def _take_outputs(notebook: NotebookNode, built: NotebookNode) -> None:
    """Carry the outputs of the committed notebook over to the same code cells."""
    done = iter([cell for cell in built.cells if cell.cell_type == "code"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            old = next(done)
            cell.outputs, cell.execution_count = old.outputs, old.execution_count


if __name__ == "__main__":
    sys.exit(main())
