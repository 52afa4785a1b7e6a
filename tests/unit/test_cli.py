"""The `labelschool` command: what it does, and that a mistake is one line and exit code 2."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
import typer

from labelschool import answers, cli, machine
from labelschool.home import portable, results
from labelschool.home.results import Evidence
from labelschool.machine import Check
from labelschool.model import Box, ItemAnswer

COMMANDS = [
    "doctor",
    "progress",
    "check",
    "submit",
    "update",
    "time-factor",
    "lint",
    "erase",
    "passport export",
    "passport import",
    "portfolio build",
    "data list",
    "data verify",
]


@pytest.fixture
def run(home, capsys, monkeypatch):
    """Run the command in the small course; (exit code, stdout, stderr)."""
    monkeypatch.chdir(home)

    def call(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(list(words))
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return call


def draw(home):
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    edits = {n: ItemAnswer(item=n, annotations=(box,), done=True) for n in ("boxes-1", "boxes-2")}
    answers.AnswerFile("1.A", "counted", "G1.v1", home / "01-foundation").save(edits, base=0)


def written(home, kit):
    note = kit.notebook("# A note", "Dear colleague " * 50, grade_id="A1-e")
    (home / "01-foundation/assignment.ipynb").write_bytes(note)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(run, command):
    code, out, err = run(*command.split(), "--help")
    assert (code, err) == (0, "")
    assert f"Example: labelschool {command}" in out


def test_no_words_show_the_commands(run):
    code, out, _ = run()
    assert code == 0
    assert {command.split()[0] for command in COMMANDS} <= set(out.split())


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["submit"],
        ["submit", "01-foundation"],
        ["submit", "nowhere", "--student", "x"],
        ["submit", "01-foundation", "--student", "///"],
        ["check", "9.Z"],
        ["check", "1.A", "--pool", "exam"],
        ["check", "A1.e"],
        ["passport"],
        ["passport", "import", "nowhere.zip"],
        ["passport", "import", "start-here.ipynb"],
        ["passport", "export", "start-here.ipynb/x.zip"],
        ["passport", "export", "--home", "nowhere"],
        ["data", "verify", "nowhere"],
        ["progress", "--home", "nowhere"],
        ["progress", "--bogus"],
        ["update", "--home", "../modules"],
        ["time-factor", "2"],
        ["update", "--home", "start-here.ipynb"],
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert "should not have happened" not in err


def test_more_time_is_a_setting_of_the_learner(run):
    assert run("time-factor")[1] == "Time factor: 1.\n"
    assert run("time-factor", "1.25")[1] == "Time factor: 1.25.\n"
    assert run("time-factor", "untimed")[1] == "Time factor: untimed.\n"
    assert run("time-factor")[1] == "Time factor: untimed.\n"


def test_a_surprise_is_one_line_without_a_traceback(run, monkeypatch):
    monkeypatch.setattr(portable, "passport_bytes", lambda home: 1 / 0)
    code, _, err = run("passport", "export")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "ZeroDivisionError" in err
    monkeypatch.setenv("LABELSCHOOL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["passport", "export"])


def test_doctor_fails_only_when_something_is_bad(run, monkeypatch):
    checks = [Check("A", "ok", "fine"), Check("B", "warn", "so so", "Do this.")]
    monkeypatch.setattr(machine, "doctor_checks", lambda home: checks)
    code, out, _ = run("doctor")
    assert (code, "-> Do this." in out) == (0, True)
    checks.append(Check("C", "bad", "no [red]markup[/]", "Do that."))
    code, out, _ = run("doctor")
    assert code == 1
    assert "[red]markup[/]" in out


def test_progress_names_the_next_step(run, home):
    draw(home)
    code, out, _ = run("progress")
    assert code == 0
    assert "Next: Draw in 01-foundation/draw-me.ipynb" in out
    assert "Assignment A1.e" in out
    assert "0 minutes done, 75 left" in out


def test_submit_asks_before_unfinished_work_is_handed_in(run, home):
    code, out, err = run("submit", "01-foundation", "--student", "Jörg")
    assert code == 2
    assert "open: 1.A First boxes: nothing is annotated yet." in out
    assert "--anyway" in err
    assert not list(home.glob("labelschool-*.zip"))
    code, _, _ = run("submit", "01-foundation", "--student", "Jörg", "--anyway")
    assert code == 0
    assert [p.name for p in home.glob("*.zip")] == ["labelschool-01-foundation-Jörg.zip"]


def test_submit_of_finished_work_needs_no_more_words(run, home, kit):
    draw(home)
    written(home, kit)
    results.record("exercise/1.A/counted", Evidence(score=1, passed=True, metric="DetScore", n=2))
    assert run("submit", "01-foundation", "--student", "Jörg")[0] == 0


def test_a_passport_goes_out_and_comes_in(run, home, tmp_path):
    draw(home)
    answer = home / "01-foundation/answers/1.A.json"
    before = answer.read_bytes()
    target = tmp_path / "out" / "my work.zip"
    assert run("passport", "export", str(target))[0] == 0
    answer.write_text("other", encoding="utf-8")
    code, out, _ = run("passport", "import", str(target))
    assert (code, answer.read_bytes()) == (0, before)
    assert "kept as 01-foundation/answers/1.A.json.before-restore-1" in out


def test_erase_lists_and_asks_twice(run, home, monkeypatch):
    asked, said = [], iter([True, False, False, True])

    def confirm(text, **options):
        asked.append(text)
        return next(said)

    monkeypatch.setattr(typer, "confirm", confirm)
    draw(home)
    (home / "notes.txt").touch()
    code, out, _ = run("erase")
    assert "01-foundation/answers/1.A.json" in out.split("stays")[0]
    assert "notes.txt" in out.split("stays")[1]
    assert (code, "Nothing was erased" in out) == (0, True)
    assert len(list(home.parent.glob("labelschool-passport-*.zip"))) == 1
    assert "1 file erased." in run("erase")[1]
    assert (len(asked), portable.work_files(home)) == (4, [])
    assert (home / "notes.txt").is_file()
    assert "nothing to erase" in run("erase")[1]


def test_erase_can_be_told_not_to_ask(run, home, tmp_path):
    draw(home)
    assert "1 file erased." in run("erase", "--yes", "--passport", str(tmp_path / "p.zip"))[1]
    assert portable.restore(home, tmp_path / "p.zip").written == ["01-foundation/answers/1.A.json"]


def test_erase_without_an_answer_erases_nothing(run, home, monkeypatch):
    draw(home)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, _, err = run("erase")
    assert (code, err.strip()) == (130, "Stopped.")
    assert len(portable.work_files(home)) == 1


def test_update_tells_what_it_did(run, home, small_course, kit):
    lesson = "01-foundation/read-me.ipynb"
    assert "up to date" in run("update")[1]
    (home / lesson).write_bytes(kit.notebook("mine"))
    (small_course / "modules" / lesson).write_bytes(kit.notebook("second edition"))
    code, out, _ = run("update")
    assert code == 0
    assert f"{lesson} has a new edition" in out
    (home / lesson).unlink()
    run("update", "--no-restore")
    assert not (home / lesson).exists()
    run("update")
    assert (home / lesson).exists()


def test_data_verify_fails_on_a_changed_file(run, small_course):
    boxes = small_course / "datasets/boxes"
    (boxes / "SHA256SUMS").write_text("0" * 64 + "  items.json\n", encoding="utf-8")
    assert "boxes" in run("data", "list")[1]
    code, out, _ = run("data", "verify")
    assert code == 1
    assert "git checkout -- datasets/boxes/items.json" in out


def test_a_terminal_that_knows_no_unicode_gets_every_command(home):
    """Windows pipes are cp1252 or ASCII: nothing may stop at a box character."""
    for words in (["progress"], ["data", "list"], ["doctor"]):
        command = [sys.executable, "-m", "labelschool.cli", *words, "--home", str(home)]
        if words[0] == "data":
            command = command[:-2]
        env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        done = subprocess.run(command, capture_output=True, env=env, cwd=home)
        assert done.returncode in (0, 1)
        assert b"should not" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_the_command_starts_without_the_heavy_libraries():
    code = "import sys, labelschool.cli; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"import json; {code}"], capture_output=True, check=True
    )
    heavy = {"numpy", "scipy", "pandas", "matplotlib", "IPython", "anywidget", "nbgrader"}
    assert not heavy & set(json.loads(done.stdout))
