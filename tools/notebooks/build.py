"""Build every notebook of the course from its MyST Markdown text.

    content/pages/NAME.md                 -> modules/NAME.ipynb                  executed
    content/lessons/MODULE/NAME.md        -> modules/MODULE/NAME.ipynb           executed
    content/assignments/MODULE/NAME.md    -> solutions/MODULE/NAME.ipynb         as written
    solutions/MODULE/NAME.ipynb           -> assignments/MODULE/NAME.ipynb       nbgrader's release

A second run writes the same bytes: cell ids come from the grade id or from the file name and the
cell's number; execution timestamps, widget state, the version of Python and paths stay out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
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
FOLD = '<details style="margin-bottom: 1em">'
"""JupyterLab gives a fold no space below it, so that the next paragraph would stick to it."""
ADDRESS = re.compile(
    r"arXiv (?P<arxiv>\d{4}\.\d{4,5})|PubMed (?P<pubmed>\d+)|(?P<pmc>PMC\d+)"
    r"|(?<![\w@./])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./#-]*\w)?(?!\w)"
)
"""What in the source of a fact is an address: the number of a paper, or a site with a path."""


def main() -> int:
    """Write what changed and name it; with `--check` only name it, and exit 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a change")
    parser.add_argument("--list", action="store_true", help="name what is built, do nothing")
    options = parser.parse_args()
    if options.list:
        targets = [target for _, target in executed_sources()]
        targets += [path for _, *pair in graded_sources() for path in pair]
        print(*(target.relative_to(ROOT).as_posix() for target in targets), sep="\n")
        return 0
    changed = []
    for target, text in notebooks():
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            changed.append(target)
            if not options.check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", newline="\n")
    for target in changed:
        print(target.relative_to(ROOT).as_posix())
    return 1 if options.check and changed else 0


def notebooks() -> Iterator[tuple[Path, str]]:
    """Each notebook's place and text."""
    for source, target in executed_sources():
        notebook = from_text(source)
        execute(notebook, target.relative_to(ROOT / "modules"))
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
    facts = notebook.metadata.get("facts")
    notebook.metadata = _metadata()
    notebook.nbformat_minor = 5
    if facts:
        notebook.cells.append(nbformat.v4.new_markdown_cell(sources(facts)))
    for number, cell in enumerate(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell["id"] = grade_id or f"{source.stem}-{number:03}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = cell.source.replace("<details>", FOLD)
    return notebook


def sources(facts: Sequence[str]) -> str:
    """The folded list of the sources of some facts, each once, with links to their addresses."""
    known = {fact["id"]: fact for fact in _facts()}
    lines = dict.fromkeys(_source(known[fact]) for fact in facts)
    listed = "\n".join(f"- {line}" for line in lines)
    return f"<details><summary>Sources</summary>\n\n{listed}\n\n</details>"


@cache
def _facts() -> list[dict[str, str]]:
    return json.loads((ROOT / "content" / "facts.json").read_text(encoding="utf-8"))["facts"]


def _source(fact: dict[str, str]) -> str:
    """The source of a fact in words with links, and what was read of it."""
    said = ADDRESS.sub(_link, fact["source"])
    said = f"Own computation: {said}" if fact["status"] == "C" else said
    return f"{said} (read at second hand)" if fact["status"] == "V2" else said


def _link(found: re.Match[str]) -> str:
    if paper := found["arxiv"]:
        return f"[{found[0]}](https://arxiv.org/abs/{paper})"
    if paper := found["pubmed"]:
        return f"[{found[0]}](https://pubmed.ncbi.nlm.nih.gov/{paper}/)"
    if paper := found["pmc"]:
        return f"[{found[0]}](https://pmc.ncbi.nlm.nih.gov/articles/{paper}/)"
    return f"[{found[0]}](https://{found[0]})"


def execute(notebook: NotebookNode, place: Path) -> None:
    """Run all cells at a place in a learner's folder without any work, and clean the outputs.

    The folder holds an empty file for each notebook of the course, since the map links to them.
    """
    with tempfile.TemporaryDirectory() as home:
        names = [target.relative_to(ROOT / "modules") for _, target in executed_sources()]
        names += [path.relative_to(ROOT / "assignments") for _, _, path in graded_sources()]
        for name in names:
            (Path(home) / name).parent.mkdir(exist_ok=True)
            (Path(home) / name).touch()
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            resources={"metadata": {"path": str(Path(home) / place.parent)}},
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
        )
        client.execute(env=os.environ | {"LABELSCHOOL_HOME": home, "LABELSCHOOL_ROOT": str(ROOT)})
    notebook.metadata = _metadata()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)


def as_text(notebook: NotebookNode) -> str:
    """The notebook as it is committed: sorted keys, one space, a line feed at the end."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def _metadata() -> NotebookNode:
    return NotebookNode(kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python"))


if __name__ == "__main__":
    sys.exit(main())
