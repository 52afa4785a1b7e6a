"""The piece of 3.H is a package that installs, with tests that run, made of the learner's file."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from labelschool import code_answers, course, portfolio
from labelschool.exercises.exercise import exercise
from labelschool.home import erasing, made_files, results
from labelschool.portfolio import label_check

SOURCE = (Path(__file__).parent / "labelcheck_reference.py").read_text(encoding="utf-8")
PIECE = label_check.NAME
CASES = 25


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's home, with the module's folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    (tmp_path / "03-quality").mkdir()
    monkeypatch.chdir(tmp_path / "03-quality")
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def checked(source: str, home: Path, *wrong: str) -> None:
    """The file of an answer, and the evidence of a check of it with some cases wrong."""
    content = code_answers.save("3.H", source).read_bytes()
    right = 1 - len(wrong) / CASES
    evidence = results.Evidence(
        score=right,
        passed=right >= course.load().task("3.H").pass_mark,
        n=CASES,
        metric="groups",
        items={name: {"wrong": 1} for name in wrong},
        at="2026-11-24T10:00:00+00:00",
        hashes={"answer": made_files.sha256(content)},
    )
    results.record("exercise/3.H/counted", evidence, home)


def built(home: Path) -> tuple[dict[str, bytes], str]:
    made = portfolio.build(home)
    files = {name: data for name, data in made.files.items() if name.startswith(PIECE)}
    return files, "\n".join(made.missing)


def test_without_a_check_there_is_nothing_to_show(home) -> None:
    assert built(home)[0] == {}
    assert "A label check for CI: exercise 3.H in lesson 3.12." in built(home)[1]
    code_answers.save("3.H", SOURCE)
    assert "3.H: the command was not checked as it stands" in built(home)[1]


def test_a_real_check_makes_a_piece(home) -> None:
    code_answers.save("3.H", SOURCE)
    exercise("3.H").check()
    files, missing = built(home)
    assert "3.H" not in missing
    assert "1.00, 25 of n = 25 passed" in files[f"{PIECE}/README.md"].decode()


def test_its_tests_pass_and_fail_with_the_command(home) -> None:
    checked(SOURCE, home, "R9")
    files, _ = built(home)
    folder = home / "portfolio" / PIECE
    assert files[f"{PIECE}/labelcheck.py"] == SOURCE.encode()
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    assert subprocess.run([*run, str(folder)], cwd=folder, capture_output=True).returncode == 0
    (folder / "labelcheck.py").write_text(SOURCE.replace("return 1 if left", "return 0 if left"))
    assert subprocess.run([*run, str(folder)], cwd=folder, capture_output=True).returncode == 1


def test_figures_come_with_n_kind_and_the_way_to_them(home) -> None:
    checked(SOURCE, home, "R9", "R16")
    files, _ = built(home)
    readme = files[f"{PIECE}/README.md"].decode()
    evidence = json.loads(files[f"{PIECE}/evidence.json"])
    assert "share of cases 0.92, 23 of n = 25 passed, a fixed list" in readme
    assert "Kind of data: simulated exports." in readme
    assert "labelschool check 3.H" in readme
    assert readme.count("not passed") == 2
    assert evidence["claim"]["n"] == CASES
    assert evidence["files"]["labelcheck.py"] == made_files.sha256(SOURCE.encode())
    project = tomllib.loads(files[f"{PIECE}/pyproject.toml"].decode())["project"]
    assert project["dependencies"] == ["pillow"]
    assert project["scripts"] == {"labelcheck": "labelcheck:main"}
    assert built(home)[0] == files, "equal work gives equal bytes"


def test_a_rule_that_is_not_there_is_not_what_the_tests_rest_on(home) -> None:
    checked(SOURCE.replace('self.found("R5"', 'str("R5"'), home, "R5")
    files, _ = built(home)
    assert '"R4" in [' in files[f"{PIECE}/tests/test_labelcheck.py"].decode()


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def start():\n    pass\n", "give your command a `main(arguments=None)`"),
        ("def main(arguments):\n    pass\n", "give your command a `main(arguments=None)`"),
        ("def main(arguments=None):\n    return 0\n", "no clean export from a broken one"),
        ("def main(arguments=None):\n    return 0\nwhile True: pass\n", "no clean export"),
    ],
)
def test_what_shows_nothing_stays_out(home, monkeypatch, source, says) -> None:
    monkeypatch.setattr(label_check, "SECONDS", 1)
    checked(source, home)
    files, missing = built(home)
    assert files == {}
    assert says in missing


def test_a_file_that_is_no_python_stays_out(home) -> None:
    checked("def main(:\n", home)
    assert built(home)[0] == {}


def test_all_of_it_goes_when_a_learner_erases(home) -> None:
    checked(SOURCE, home)
    files, _ = built(home)
    assert any(name.count("/") == 4 for name in files)
    found = erasing.look(home)
    assert {f"portfolio/{name}" for name in files} <= set(found.goes)
    assert not any(PIECE in name for name in found.stays)
