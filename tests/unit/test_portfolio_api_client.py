"""The piece of 2.K says what was tested, how often it passed, and how to run it again."""

from __future__ import annotations

import inspect
import json

import pytest

from labelschool import code_answers, course, portfolio
from labelschool.exercises import suites
from labelschool.exercises.exercise import exercise
from labelschool.home import made_files, results
from labelschool.portfolio import api_client
from tests.unit import api_client_reference

SOURCE = inspect.getsource(api_client_reference)
PIECE = api_client.NAME


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's home, with the module's folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    (tmp_path / "02-tools").mkdir()
    monkeypatch.chdir(tmp_path / "02-tools")
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def built(home) -> tuple[dict[str, str], str]:
    made = portfolio.build(home)
    files = {name: data.decode() for name, data in made.files.items() if PIECE in name}
    return files, "\n".join(made.missing)


def test_an_unchecked_client_claims_nothing_and_says_so(home) -> None:
    assert built(home)[0] == {}
    assert "exercise 2.K in lesson 2.9" in built(home)[1]
    code_answers.save("2.K", SOURCE)
    files, missing = built(home)
    assert files == {}
    assert "2.K: the client was not checked as it stands" in missing


def test_what_was_tested_is_listed_with_what_failed(home) -> None:
    careless = SOURCE.replace("int(answer", "1 or int(answer")
    code_answers.save("2.K", careless)
    said = repr(exercise("2.K").check())
    assert "11 of 13 hidden cases are right." in said
    files, missing = built(home)
    assert "2.K" not in missing
    assert files[f"{PIECE}/client.py"] == careless
    readme, evidence = files[f"{PIECE}/README.md"], json.loads(files[f"{PIECE}/evidence.json"])
    assert "0.85, 11 of n = 13 passed, a fixed list and so without an interval" in readme
    assert "Kind of data: simulated platform." in readme
    for name, (happens, right) in api_client.read(home)[0].groups.items():
        assert happens
        assert f"| {name} | {happens} | {'passed' if right else 'not passed'} |" in readme
    assert [name for name, right in evidence["groups"].items() if not right] == [
        "Import, 429 with Retry-After",
        "Pull, 429, 500 and deletions",
    ]
    assert list(evidence["groups"]) == sorted(g.name for g in suites.load("api_client"))
    assert evidence["files"] == {"client.py": made_files.sha256(careless.encode())}
    assert evidence["claim"]["reproduce"] == "labelschool check 2.K"
    index = (home / "portfolio" / "README.md").read_text(encoding="utf-8")
    assert f"| [A client of an annotation API]({PIECE}/README.md) | share of groups" in index
    assert built(home)[0] == files, "equal work gives equal bytes"


def test_a_client_changed_after_its_check_stays_out(home) -> None:
    code_answers.save("2.K", SOURCE)
    assert exercise("2.K").score().value == 1.0
    exercise("2.K").check()
    assert "13 of n = 13 passed" in built(home)[0][f"{PIECE}/README.md"]
    code_answers.save("2.K", SOURCE + "\n# changed\n")
    files, missing = built(home)
    assert files == {}
    assert "run its check()" in missing
    assert results.read(home).entries["exercise/2.K/counted"].best.passed
    assert course.load().task("2.K").pass_mark < 12 / 13
