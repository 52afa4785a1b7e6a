"""The piece of assignment 3, and the form in which its one-page plan is written."""

from __future__ import annotations

import json
import shutil

import pytest

from labelschool import code_answers, course, portfolio
from labelschool.demos import demo
from labelschool.demos.qa_plan import MOST_WORDS
from labelschool.home import made_files, results
from labelschool.portfolio import qa_rescue
from labelschool.widgets import Form

MODULE = "03-quality"
SOURCE = "def audit(path):\n    return {'rows': path}\n"
FULL = {
    name: f"One sentence with the number {n}." for n, (name, _) in enumerate(qa_rescue.SECTIONS)
}


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A learner's module folder as the working directory, with the notebooks as delivered."""
    (tmp_path / results.START_PAGE).touch()
    shutil.copytree(course.root() / "assignments" / MODULE, tmp_path / MODULE)
    monkeypatch.chdir(tmp_path / MODULE)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path / MODULE


@pytest.fixture
def measured(module):
    """An audit that was checked, with three of five cases right."""
    code_answers.save("A3.a", SOURCE)
    sha256 = made_files.sha256(SOURCE.encode())
    evidence = results.Evidence(
        score=0.6, passed=False, metric="groups", n=5, hashes={"answer": sha256}, items={}
    )
    results.record("exercise/A3.a/counted", evidence)
    return module


def typed(**values):
    """The form after something was typed into it."""
    [form] = [part for part in demo("plan").widget().children if isinstance(part, Form)]
    form.values = {**form.values, **values}
    return form


def test_without_a_measured_audit_there_is_no_piece_and_the_list_says_why(module):
    made = qa_rescue.piece(module.parent)
    assert not made.files
    assert "A3.a: no score yet; run its check()." in made.missing


def test_the_piece_holds_what_was_measured_as_it_stands(measured):
    files = portfolio.build(measured.parent).files
    mine = {name.removeprefix(f"{qa_rescue.NAME}/"): data for name, data in files.items()}
    assert mine["A3.a.py"].decode() == SOURCE
    claim = json.loads(mine["evidence.json"])["claims"][0]
    assert (claim["task"], claim["score"], claim["n"]) == ("A3.a", 0.6, 5)
    assert "simulated label store" in mine["README.md"].decode()
    assert json.loads(mine["evidence.json"])["files"]["A3.a.py"] == made_files.sha256(
        SOURCE.encode()
    )
    code_answers.save("A3.a", SOURCE + "# later\n")
    assert "changed since" in qa_rescue.piece(measured.parent).rows[0].measured


def test_its_notebook_runs_the_learners_audit(measured, monkeypatch, capsys):
    files = qa_rescue.piece(measured.parent).files
    assert files == qa_rescue.piece(measured.parent).files
    cells = json.loads(files[qa_rescue.NOTEBOOK])["cells"]
    (measured / "A3.a.py").write_text(SOURCE)
    exec("".join(cells[1]["source"]), {})
    assert json.loads(capsys.readouterr().out) == {"rows": "labels.db"}


def test_memo_and_plan_enter_once_they_are_written(measured):
    made = qa_rescue.piece(measured.parent)
    assert {qa_rescue.MEMO, qa_rescue.PLAN}.isdisjoint(made.files)
    assert "A3.f A memo to the lead: not written yet." in made.missing
    assert "12 of 12 lines of your QA plan are open." in made.missing
    notebook = json.loads((measured / "assignment.ipynb").read_bytes())
    [cell] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "A3-f"
    ]
    cell["source"] = "Stop using the labels of annotator 6."
    (measured / "assignment.ipynb").write_text(json.dumps(notebook))
    typed(**FULL)
    made = qa_rescue.piece(measured.parent)
    assert made.files[qa_rescue.MEMO] == b"Stop using the labels of annotator 6.\n"
    plan = made.files[qa_rescue.PLAN].decode()
    assert all(sentence in plan for sentence in FULL.values())
    assert not [said for said in made.missing if "plan" in said or "A3.f" in said]


def test_the_plan_comes_back_and_says_what_a_line_lacks(module):
    form = typed(gold="often", deliver="word " * (MOST_WORDS + 1), access="roles")
    assert set(form.notes) == {"gold", "deliver"}
    assert "No number" in form.notes["gold"]
    assert f"cut it to {MOST_WORDS}" in form.notes["deliver"]
    [again] = [part for part in demo("plan").widget().children if isinstance(part, Form)]
    assert again.values["gold"] == "often"
    assert "**Gold: share, difficulty, how often it is changed.** often" in (
        module / "answers" / "A3.f" / "qa-plan.md"
    ).read_text(encoding="utf-8")
