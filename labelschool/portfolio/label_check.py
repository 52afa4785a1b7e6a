"""The portfolio piece of exercise 3.H: the learner's label check as a package to install.

The package holds the answer as it was checked, and tests that run it on two exports of the course's
data set: one without a defect, and one with a defect that this very command names.
"""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from labelschool import code_answers, course, datasets
from labelschool.home import made_files
from labelschool.operations import versions
from labelschool.portfolio import tried
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text
from labelschool.portfolio.tried import Work

NAME = "03-labelcheck"
TITLE = "A label check for CI"
TASK = "3.H"
FILE, PROJECT, TESTS = "labelcheck.py", "pyproject.toml", "tests/test_labelcheck.py"
METRIC = "share of cases"
KIND = "simulated exports"
SET = "broken_exports"
CLEAN, BROKEN = "export-17", ("export-08", "export-14", "export-16", "export-21")
"""Exports of the shipped set in COCO: one without a defect, and some with one each."""
PACKAGES = {"numpy": "numpy", "pandas": "pandas", "scipy": "scipy", "PIL": "pillow"}
"""What an answer may import besides the standard library, and how it is installed."""
SECONDS = 10


def piece(home: Path) -> Piece:
    """The piece of a home; without files where the command was not checked as it stands, has no
    `main`, or does not tell a clean export from a broken one.
    """
    undone = f"{TITLE}: exercise {TASK} in lesson 3.12."
    work, missing = tried.read(home, TASK, METRIC, what="the command", undone=undone)
    if work is None:
        return Piece(NAME, missing=tuple(missing))
    if not _has_main(work.content):
        said = f"{TASK}: give your command a `main(arguments=None)`, which the package installs."
        return Piece(NAME, missing=(said,))
    found = _told_apart(home)
    if found is None:
        said = f"{TASK}: your command tells no clean export from a broken one yet, so there is "
        return Piece(NAME, missing=(f"{said}nothing that tests could show.",))
    row = Row(TITLE, work.line, KIND, FILE)
    return Piece(NAME, (row,), files(work, *found))


def files(work: Work, broken: str, rule: str) -> dict[str, bytes]:
    """The files of the piece by name; `broken` is the export that its tests run on, besides the
    clean one, and `rule` what the command names in it.
    """
    made = {FILE: work.content, PROJECT: _project(work.content).encode()}
    made[TESTS] = _TESTS.format(rule=rule).encode()
    for folder, name in (("clean", CLEAN), ("broken", broken)):
        found = versions.read(_export(name))
        made |= {f"tests/{folder}/{path}": content for path, content in found.items()}
    evidence = {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "kind": KIND,
        "claim": work.claim("cases"),
        "groups": {name: right for name, (_, right) in work.groups.items()},
        "files": made_files.hashes(made),
    }
    return {README: _readme(work, broken, rule).encode(), EVIDENCE: text(evidence), **made}


def _told_apart(home: Path) -> tuple[str, str] | None:
    """A broken export that the command names a rule in, and the rule; None where there is none, or
    the clean one does not pass.
    """
    answer = code_answers.path(TASK, home / course.load().module_of(TASK).folder)
    key = datasets.key(SET, "practice")["exports"]
    if _ran(answer, CLEAN) != (0, frozenset()):
        return None
    for name in BROKEN:
        code, rules = _ran(answer, name)
        if code == 1 and key[name]["rule"] in rules:
            return name, key[name]["rule"]
    return None


def _ran(answer: Path, name: str) -> tuple[int | None, frozenset[str]]:
    """The exit code of a command on an export, and the rules in its report."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        words = [str(_export(name)), "--report", str(report)]
        ran = code_answers.run(answer, words, Path(place), seconds=SECONDS)
        try:
            found = json.loads(report.read_text(encoding="utf-8"))
            return ran.code, frozenset(str(each["rule"]) for each in found)
        except (OSError, ValueError, TypeError, KeyError):
            return None, frozenset()


def _export(name: str) -> Path:
    return datasets.file(SET, f"exports/{name}/export.json").parent


def _has_main(source: bytes) -> bool:
    """Whether a file defines a `main` that can be called without arguments."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            positional = len(node.args.posonlyargs) + len(node.args.args)
            return positional == len(node.args.defaults) and None not in node.args.kw_defaults
    return False


# Text -------------------------------------------------------------------------------------------


def _imports(source: bytes) -> set[str]:
    """The packages that a file imports, by their first name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _project(source: bytes) -> str:
    needs = sorted(PACKAGES[name] for name in _imports(source) & PACKAGES.keys())
    return _PROJECT.format(needs=json.dumps(needs))


def _readme(work: Work, broken: str, rule: str) -> str:
    key: Mapping[str, str] = datasets.key(SET, "practice")["exports"][broken]
    parts = [
        f"# {TITLE}",
        f"[{FILE}]({FILE}) checks an export of labels before it is merged: COCO, YOLO, Pascal VOC, "
        "text spans or tracks.",
        "```sh\npip install .\nlabelcheck exports/batch-15 --report report.json --baseline "
        "known.json\n```",
        "Exit code 0: nothing found, or no more than the baseline knows. 1: defects. 2: something "
        "could not be read, so it was not checked. The report is a JSON list: rule, severity, "
        "file, id, message and fix. A baseline is a report from before.",
        f"Measured: {work.line}. Kind of data: {KIND}. The exports were drawn from a seed, and the "
        "command had not seen them.",
        work.table(),
        f"`pip install .[test]` and `pytest` run it on `tests/clean` and on `tests/broken`, where "
        f"{key['file']} breaks {rule}. Both are exports of the course's set {SET}, CC0.",
        f"To try it on all cases again, with the course installed: put `{FILE}` into a learner's "
        f"folder as `03-quality/answers/{TASK}.py` and call `{work.reproduce}` there.",
    ]
    return "\n\n".join(parts) + "\n"


_PROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "labelcheck"
version = "1.0.0"
description = "Checks an export of labels before it is merged"
readme = "README.md"
requires-python = ">=3.11"
dependencies = {needs}

[project.optional-dependencies]
test = ["pytest"]

[project.scripts]
labelcheck = "labelcheck:main"

[tool.setuptools]
py-modules = ["labelcheck"]
"""

_TESTS = '''\
"""The command on an export without a defect, on one with a defect, and on none."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def labelcheck(*words):
    command = [sys.executable, str(HERE.parent / "labelcheck.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True).returncode


def test_a_clean_export_passes(tmp_path):
    report = tmp_path / "report.json"
    assert labelcheck(HERE / "clean", "--report", report) == 0
    assert json.loads(report.read_text("utf-8")) == []


def test_a_broken_export_is_stopped_and_the_rule_is_named(tmp_path):
    report = tmp_path / "report.json"
    assert labelcheck(HERE / "broken", "--report", report) == 1
    found = json.loads(report.read_text("utf-8"))
    assert "{rule}" in [each["rule"] for each in found]


def test_what_is_not_there_cannot_be_read():
    assert labelcheck(HERE / "nowhere") == 2
'''
