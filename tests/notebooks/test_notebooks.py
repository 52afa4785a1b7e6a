"""Committed notebooks are what their text gives, were run in order, and still give the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from labelschool import course

ROOT = course.root()
EXECUTED = sorted((ROOT / "modules").rglob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").rglob("*.ipynb"))
NAMES = [path.relative_to(ROOT).as_posix() for path in EXECUTED + SOLUTIONS]


def run(*command, **options):
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, encoding="utf-8", **options
    )


def learners_environment(home):
    return os.environ | {"LABELSCHOOL_ROOT": str(ROOT), "LABELSCHOOL_HOME": str(home)}


def test_there_are_notebooks_to_test():
    assert any(path.name == "start-here.ipynb" for path in EXECUTED)
    assert len(SOLUTIONS) >= 2


def test_every_committed_notebook_has_a_text():
    built = run(str(ROOT / "tools/notebooks/build.py"), "--list").stdout.split()
    committed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("modules", "solutions", "assignments")
        for path in (ROOT / folder).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    assert committed == set(built)


def test_building_again_changes_nothing():
    """Executes every lesson afresh: the committed bytes are what the text and package give."""
    done = run(str(ROOT / "tools/notebooks/build.py"), "--check")
    assert done.returncode == 0, f"stale: {done.stdout}{done.stderr[-2000:]}"


@pytest.mark.parametrize("path", EXECUTED, ids=lambda path: path.stem)
def test_every_code_cell_ran_in_order(path):
    """Strict nbval passes a cell that was never run, so the counts must be 1 to n."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_lessons_give_their_outputs_again(tmp_path):
    """Strict nbval, in a learner's folder that is new."""
    home = shutil.copytree(ROOT / "modules", tmp_path / "work")
    done = run(
        *("-m", "pytest", "-q", "--nbval", "-p", "no:cacheprovider", str(home)),
        cwd=tmp_path,
        env=learners_environment(home),
    )
    cells = sum(
        cell.cell_type == "code" for path in EXECUTED for cell in nbformat.read(path, 4).cells
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert f"{cells} passed" in done.stdout


def test_solutions_run(tmp_path):
    """`--nbval-lax`: solutions have no outputs to compare, they must run."""
    home = shutil.copytree(ROOT / "solutions", tmp_path / "work")
    done = run(
        *("-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", str(home)),
        cwd=tmp_path,
        env=learners_environment(home),
    )
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_machine_is_in_a_notebook(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|work|tmp|Users)/|0x[0-9a-f]{6,}|widget-view|jupytext", text)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A learner's folder with finished work in it: the lesson's notebook and its answer file."""
    from labelschool import datasets
    from labelschool.answers import AnswerFile
    from labelschool.model import Box, ItemAnswer

    home = tmp_path_factory.mktemp("home")
    (home / "start-here.ipynb").touch()
    folder = shutil.copytree(ROOT / "modules" / "01-foundation", home / "01-foundation")
    for pool in ("practice", "counted"):
        answer = AnswerFile("1.A", pool, "G1.v1", folder=folder)
        edits = {}
        for truth in datasets.truth("starter10", pool):
            drawn = tuple(
                Box(id=f"b{o.id}", label=o.label, bbox=o.bbox)
                for o in truth.objects
                if o.level == "must"
            )
            edits[truth.item] = ItemAnswer(item=truth.item, annotations=drawn, done=True)
        answer.save(edits, base=0)
    return home


@pytest.mark.parametrize("order", ["twice", "reversed", "renamed"])
def test_running_cells_in_any_order_loses_nothing(worked, order):
    folder = worked / "01-foundation"
    before = {path.name: path.read_bytes() for path in (folder / "answers").glob("1.A*.json")}
    notebook = nbformat.read(folder / "1-5-the-guideline.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    imports, rest = code[:1], code[1:]
    notebook.cells = {
        "twice": imports + rest + rest,
        "reversed": imports + rest[:1] + rest[::-1],
        "renamed": code,
    }[order]
    name = "my copy.ipynb" if order == "renamed" else "1-5-the-guideline.ipynb"
    client = NotebookClient(
        notebook,
        timeout=120,
        resources={"metadata": {"path": str(folder), "name": name}},
        allow_errors=True,
    )
    client.execute(env=learners_environment(worked))
    after = {path.name: path.read_bytes() for path in (folder / "answers").glob("1.A*.json")}
    assert _work(after) == _work(before)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error" or output.ename in {"NameError"}


def _work(files):
    """The items of each answer file: attempts may be added by check(), work may not change."""
    return {name: json.loads(content)["items"] for name, content in files.items()}
