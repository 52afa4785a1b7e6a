"""A code answer is called in a process of its own and cannot touch what judges it."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from labelschool import code_answers
from labelschool.code_answers import Outcome
from labelschool.errors import LabelSchoolError


def ask(tmp_path, source, *calls, seconds=10):
    return code_answers.call(
        code_answers.save("2.J", source, tmp_path), "double", calls, seconds=seconds
    )


def test_each_call_gives_its_value(tmp_path):
    assert ask(tmp_path, "def double(x): return 2 * x", [1], ["ü"]) == [
        Outcome(2),
        Outcome("üü"),
    ]


def test_what_it_prints_is_not_taken_for_an_outcome(tmp_path):
    source = "print('{\"value\": 99}')\ndef double(x):\n print('9')\n return 2 * x"
    assert ask(tmp_path, source, [1], [2]) == [Outcome(2), Outcome(4)]


def test_an_error_is_told_and_the_next_call_still_counts(tmp_path):
    source = "def double(x): return 4 / x"
    assert ask(tmp_path, source, [0], [2]) == [
        Outcome(error="ZeroDivisionError: division by zero"),
        Outcome(2.0),
    ]


def test_a_file_that_does_not_run_fails_every_call(tmp_path):
    first, second = ask(tmp_path, "def double(x) return", [1], [2])
    assert first == second
    assert "SyntaxError" in first.error


def test_answers_given_before_a_loop_or_an_exit_are_kept(tmp_path):
    loop = "def double(x):\n while x == 2: pass\n return 2 * x"
    assert ask(tmp_path, loop, [1], [2], [3], seconds=2) == [
        Outcome(2),
        Outcome(error="no answer within 2 s"),
        Outcome(error="no answer within 2 s"),
    ]
    leave = "import os\ndef double(x):\n if x == 2: os._exit(0)\n return 2 * x"
    assert ask(tmp_path, leave, [1], [2], [3]) == [
        Outcome(2),
        Outcome(error="the answer ended its process"),
        Outcome(error="the answer ended its process"),
    ]


def test_a_missing_answer_says_what_to_run(tmp_path):
    with pytest.raises(LabelSchoolError, match="%%answer"):
        code_answers.call(tmp_path / "answers" / "2.J.py", "double", [[1]])


def test_the_magic_saves_and_runs_the_cell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell.instance()
    try:
        code_answers.register()
        shell.run_cell("%%answer 1.A\ndef double(x):\n    return 2 * x\n")
        assert shell.user_ns["double"](4) == 8
        saved = (tmp_path / "answers" / "1.A.py").read_text(encoding="utf-8")
        assert saved == "def double(x):\n    return 2 * x\n"
        result = shell.run_cell("%%answer 9.Z\n1", silent=True)
        assert "9.Z" in str(result.error_in_exec)
    finally:
        InteractiveShell.clear_instance()
