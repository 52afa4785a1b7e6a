"""A code answer is called in a process of its own and cannot touch what judges it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

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
        Outcome(error="an exit of its process"),
        Outcome(error="an exit of its process"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"error": 1}', "not an outcome"),
        (b'{"error": null}', "not an outcome"),
        (b"[" * 200_000, "not an outcome"),
        (b"[1]", "not an outcome"),
        (b'{"value": "\xff"}', "not an outcome"),
        (b'{"value": {"year": 1' + b"0" * 400 + b"}}", "too large to compare"),
    ],
)
def test_a_line_that_is_no_outcome_is_an_error_of_its_call(tmp_path, line, said):
    source = f"import os\ndef double(x): os.write(1, {line!r} + b'\\n'); os._exit(0)"
    first, second = ask(tmp_path, source, [1], [2])
    assert said in first.error
    assert "exit of its process" in second.error


def test_a_value_no_float_can_hold_is_refused(tmp_path):
    source = "def double(x): return {'year': -x * 10**400}"
    assert ask(tmp_path, source, [1], [0]) == [
        Outcome(error="a number too large to compare"),
        Outcome({"year": 0}),
    ]


def test_more_than_a_megabyte_is_refused(tmp_path):
    source = "def double(x): return 2 * x if x < 3 else 'x' * 50_000_000"
    assert ask(tmp_path, source, [2], [3], [1]) == [
        Outcome(4),
        Outcome(error="more than 1 MB of values"),
        Outcome(error="more than 1 MB of values"),
    ]


GRANDCHILD = """
import subprocess, sys, pathlib
def double(x):
    wait = [sys.executable, "-c", "import time; time.sleep(20); open(PLACE, 'w').close()"]
    pid = subprocess.Popen(wait, start_new_session=OWN).pid
    pathlib.Path(PLACE).write_text(str(pid))
    while x == 2: pass
    return 2 * x
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
@pytest.mark.parametrize(
    ("x", "first"), [(1, Outcome(2)), (2, Outcome(error="no answer within 2 s"))]
)
def test_what_it_started_ends_with_it(tmp_path, x, first):
    place = tmp_path / "pid"
    source = GRANDCHILD.replace("OWN", "False").replace("PLACE", ascii(str(place)))
    assert ask(tmp_path, source, [x], seconds=2) == [first]
    assert place.read_text(), "it came to its own end"
    assert ended(int(place.read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions")
def test_the_limit_holds_while_a_process_of_another_session_keeps_the_pipe(tmp_path):
    place = tmp_path / "pid"
    source = GRANDCHILD.replace("OWN", "True").replace("PLACE", ascii(str(place)))
    try:
        assert ask(tmp_path, source, [2], seconds=2) == [Outcome(error="no answer within 2 s")]
        assert not ended(int(place.read_text()))
    finally:
        os.kill(int(place.read_text()), signal.SIGKILL)


def ended(pid: int) -> bool:
    """Whether a process is gone, or waits to be collected, soon."""
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.is_file() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_it_gets_no_environment_of_the_caller(tmp_path, monkeypatch):
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path))
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    source = "import os\ndouble = lambda x: [dict(os.environ), os.getcwd()]"
    (given,) = ask(tmp_path, source, [1])
    environment, folder = given.value
    assert not [name for name in environment if name.startswith(("LABELSCHOOL", "SOME"))]
    assert Path(environment["HOME"]).resolve() == Path(folder).resolve() != tmp_path.resolve()


@pytest.mark.parametrize(
    "way",
    [
        "from labelschool.career import pay",
        "import sys; sys.modules.pop('labelschool', 0); from labelschool.career import pay",
        "import importlib; importlib.import_module('labelschool.career.pay')",
        "import sys; sys.meta_path[:-1] = []; sys.path[:] += [ROOT]; import labelschool",
        "open(ROOT + '/labelschool/career/pay.py').read()",
        "import os; os.chdir(ROOT); open(b'labelschool/career/pay.py')",
        "import pathlib; pathlib.Path('x').symlink_to(ROOT); open('x/labelschool/career/pay.py')",
    ],
)
def test_the_course_is_closed_to_it(tmp_path, way):
    root = str(Path(code_answers.__file__).parents[1])
    source = f"def double(x):\n    {way.replace('ROOT', repr(root))}\n"
    (outcome,) = ask(tmp_path, source, [1])
    assert outcome.error == "ImportError: labelschool is closed to an answer"


class Echo:
    """A line that keeps what it is asked, drops "drop", refuses "bad" and ends at "end"."""

    def __init__(self):
        self.heard = []

    def send(self, request):
        self.heard.append(request)
        if request == "drop":
            raise ConnectionError("closed")
        if request == "bad":
            raise ValueError("no request")
        if request == "end":
            raise code_answers.Ended("enough")
        return {"heard": request}

    def sleep(self, seconds):
        self.heard.append(seconds)


def talk(tmp_path, body, line=None, seconds=10):
    source = "import os, sys, threading\ndef ask(send, sleep, x):\n    " + body
    file = code_answers.save("2.J", source, tmp_path)
    return code_answers.converse(file, "ask", [3], line or Echo(), seconds=seconds)


def test_an_answer_may_talk_while_it_runs(tmp_path):
    line = Echo()
    said = talk(tmp_path, "sleep(0.5); return [send({'ü': x}), send([1])]", line)
    assert said == Outcome([{"heard": {"ü": 3}}, {"heard": [1]}])
    assert line.heard == [0.5, {"ü": 3}, [1]]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("send('drop')", Outcome(error="ConnectionError: closed")),
        ("send('bad')", Outcome(error="ValueError: no request")),
        ("send('end'); return 1", Outcome(error="enough")),
        ("send({1, 2})", Outcome(error="TypeError: Object of type set is not JSON serializable")),
        ("while True: send('x' * 1000)", Outcome(error="more than 1 MB of values")),
        ("return 'x' * 50_000_000", Outcome(error="more than 1 MB of values")),
        ("os.write(1, b'x' * 2_000_000)", Outcome(error="more than 1 MB of values")),
        ("os._exit(0)", Outcome(error="an exit of its process")),
        ("print('{\"value\": 9}'); return sys.stdin.read()", Outcome("")),
        (
            "os.write(1, b'[' * 100_000 + b'\\n')",
            Outcome(error="something written that is not an outcome"),
        ),
        ("os.write(1, b'{\"value\": 1}\\n')", Outcome(1)),
    ],
)
def test_what_ends_a_conversation(tmp_path, body, outcome):
    assert talk(tmp_path, body) == outcome


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "for _ in range(9000): threading.Thread(target=send, args=(1,)).start()\n"
        "    while True: pass",
    ],
)
def test_a_conversation_has_an_end(tmp_path, body):
    """Also where the answer does not read what it is told."""
    assert talk(tmp_path, body, seconds=1).error in (
        "no answer within 1 s",
        code_answers._too_much(),
    )


def test_several_threads_of_an_answer_get_their_own_replies(tmp_path):
    body = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "    with ThreadPoolExecutor(8) as pool:\n"
        "        return [one['heard'] for one in pool.map(send, range(200))]"
    )
    assert talk(tmp_path, body) == Outcome(list(range(200)))


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


class TestCommand:
    """A whole file that is run as a command."""

    def ran(self, tmp_path, source, *arguments, seconds=10):
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        file = code_answers.save("3.H", source, tmp_path)
        return code_answers.run(file, arguments, folder, seconds=seconds)

    def test_it_has_its_arguments_its_folder_and_an_exit_code(self, tmp_path):
        source = (
            "import os, sys\nopen('left.txt', 'w').write('here')\n"
            "print(__name__, sys.argv[1:], os.path.basename(sys.argv[0]), 'ü')\n"
            "print('on stderr', file=sys.stderr)\nsys.exit(2)"
        )
        ran = self.ran(tmp_path, source, "a b", "--report", "r.json")
        assert (ran.code, ran.error) == (2, None)
        assert "__main__ ['a b', '--report', 'r.json'] 3.H.py ü" in ran.said
        assert "on stderr" in ran.said
        assert (tmp_path / "work/left.txt").read_text() == "here"

    @pytest.mark.parametrize(
        ("source", "code", "says"),
        [
            ("", 0, ""),
            ("1 / 0", 1, "ZeroDivisionError"),
            ("import os; os._exit(7)", 7, ""),
            ("import sys; sys.exit('no such folder')", 1, "no such folder"),
            ("def broken(:", 1, "SyntaxError"),
            ("import labelschool.errors", 1, "labelschool is closed"),
            ("import os; print(sorted(os.environ))", 0, "PATH"),
            ("print(input())", 1, "EOFError"),
        ],
    )
    def test_how_it_ends_is_told(self, tmp_path, source, code, says):
        ran = self.ran(tmp_path, source)
        assert (ran.code, ran.error) == (code, None)
        assert says in ran.said
        assert "LABELSCHOOL" not in ran.said

    @pytest.mark.parametrize(
        ("source", "why"),
        [
            ("while True: pass", "no answer within 1 s"),
            ("import sys\nsys.stdout.close()\nwhile True: pass", "no answer within 1 s"),
            ("while True: print('x' * 9999)", "more than 1 MB"),
        ],
    )
    def test_time_and_output_are_bounded(self, tmp_path, source, why):
        ran = self.ran(tmp_path, source, seconds=1)
        assert ran.code is None
        assert why in ran.error

    def test_without_an_answer_it_says_which_cell_to_run(self, tmp_path):
        with pytest.raises(LabelSchoolError, match=r"%%answer 3\.H"):
            code_answers.run(code_answers.path("3.H", tmp_path), [], tmp_path)
