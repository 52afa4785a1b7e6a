"""Code answers: ``%%answer 2.J`` saves a cell, `call` and `run` try it in processes of their own.

A learner's function is a black box: inputs go in and outputs come out as JSON, and the comparison
happens here, outside. So an answer that prints, loops, exits or patches its interpreter cannot
touch its own score. `converse` calls a function that talks while it runs: it gets ``send`` and
``sleep``, and what they are given is answered here. `run` starts the whole file as a command, with
arguments in a folder, and tells its exit code and what it prints.

All bound time and output, hand over no environment and close the course's package. That keeps
a score honest against what learners try; it is no sandbox. The process has the rights of the
account: hostile code can read and change every file of it, reach the network, look into the
environment of other processes, and leave a process behind in a session of its own. So the code of
people who are not trusted belongs in a container or account that may be thrown away.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from labelschool.answers import FOLDER, replace
from labelschool.errors import LabelSchoolError

# Runs in every child first. The course holds the solutions, so no file of its package can be
# opened, by an import or otherwise; Python has no way to remove an audit hook.
_CLOSE = """
import os, runpy, sys
path, package = sys.argv[1:3]

def closed(event, arguments, real=os.path.realpath, text=os.fsdecode, inside=package + os.sep):
    if event == "open" and not isinstance(arguments[0], int):
        if real(text(arguments[0])).startswith(inside):
            raise ImportError("labelschool is closed to an answer")

sys.addaudithook(closed)
"""

# The answer as a command: it sees its own name and arguments, and its output is its own.
_COMMAND = """
sys.argv = [path, *sys.argv[3:]]
runpy.run_path(path, run_name="__main__")
"""

# Each outcome is one JSON line on the real stdout, so that what was answered before a loop or an
# exit is kept; whatever the answer prints goes nowhere. What `send` and `sleep` are given goes the
# same way, and the reply is one line of the real stdin.
_CALLED = """
import json, threading
function = sys.argv[3]
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
given = os.fdopen(os.dup(0), "r", encoding="utf-8")
sys.stdin, sys.stdout = open(os.devnull), open(os.devnull, "w")
sys.stderr = sys.stdout
asked = json.loads(given.readline())
calls, one_at_a_time = asked["calls"], threading.Lock()
tell = lambda **outcome: (out.write(json.dumps(outcome) + "\\n"), out.flush())

def ask(**what):
    with one_at_a_time:
        tell(**what)
        reply = json.loads(given.readline())
    for kind in (ConnectionError, ValueError):
        if kind.__name__ in reply:
            raise kind(reply[kind.__name__])
    return reply["value"]

send, sleep = lambda request: ask(send=request), lambda seconds: ask(sleep=seconds)
tools = [send, sleep] if asked["talks"] else []
try:
    answer = runpy.run_path(path)[function]
except BaseException as error:
    for _ in calls:
        tell(error=f"{type(error).__name__}: {error}")
else:
    for arguments in calls:
        try:
            tell(value=answer(*tools, *arguments))
        except BaseException as error:
            tell(error=f"{type(error).__name__}: {error}")
"""
LIMIT = 1_000_000
"""Bytes that one `call` may give, one `converse` say, or one `run` print, in all."""
_EXITED = "an exit of its process"
_LONGEST = 200
"""Characters of an error that are told."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a JSON value, or the error it ended with."""

    value: Any = None
    error: str | None = None


@dataclass(frozen=True)
class Ran:
    """What came of a command: its exit code, and what it `said` on stdout and stderr.

    Of one that was stopped the `code` is None, and `error` says why.
    """

    code: int | None
    said: str = ""
    error: str | None = None


class Ended(Exception):
    """A conversation that this side ends, with the reason."""


class Line(Protocol):
    """The other end of a conversation. Each method may raise `Ended`."""

    def send(self, request: Any) -> Any:
        """The reply to a request, as JSON. ConnectionError and ValueError go to the answer."""

    def sleep(self, seconds: Any) -> None:
        """Time that the answer lets pass. ValueError goes to the answer."""


def path(task_id: str, folder: Path | None = None) -> Path:
    """Where the code answer of a task stands."""
    return (folder or Path.cwd()) / FOLDER / f"{task_id}.py"


def save(task_id: str, source: str, folder: Path | None = None) -> Path:
    """Save a code answer as a whole; returns its path."""
    target = path(task_id, folder)
    replace(target, source if source.endswith("\n") else source + "\n")
    return target


def call(
    file: Path, function: str, calls: Sequence[Sequence[Any]], *, seconds: float = 10
) -> list[Outcome]:
    """Call `function` of a code answer once per argument list; one outcome for each.

    Arguments and values are JSON. Calls not reached within `seconds` or `LIMIT` bytes in all, or
    after the process ended itself, have an error that says so. Whatever the answer started ends
    with it where the system has process groups. Raises `LabelSchoolError` when there is no answer.
    """
    out = bytearray()
    given = _given(calls, talks=False)
    talk = partial(_talk, given=given, out=out, lines=len(calls))
    _, late = _run(file, _CALLED, [function], talk, seconds)
    missing = _EXITED
    if len(out) > LIMIT:
        missing = _too_much()
    elif late:
        missing = _too_late(seconds)
    outcomes = [_outcome(line) for line in bytes(out).split(b"\n")[:-1]]
    return (outcomes + [Outcome(error=missing)] * len(calls))[: len(calls)]


def converse(
    file: Path, function: str, arguments: Sequence[Any], line: Line, *, seconds: float = 10
) -> Outcome:
    """Call `function` of a code answer once, with ``send`` and ``sleep`` before its arguments.

    What it gives to them goes to `line`, whose replies are JSON; a conversation that `line` ends
    has its reason as the error. All else is as with `call`.
    """
    said: list[Outcome] = []
    given = _given([arguments], talks=True)

    def talk(child: subprocess.Popen[bytes]) -> None:
        said.append(_hear(child, given, line))

    _, late = _run(file, _CALLED, [function], talk, seconds)
    if late or not said:
        return Outcome(error=_too_late(seconds) if late else _EXITED)
    return said[0]


def run(file: Path, arguments: Sequence[str], folder: Path, *, seconds: float = 10) -> Ran:
    """Run a code answer as a command in a folder, as ``python FILE ARGUMENTS`` does.

    Its home and its temporary files are elsewhere and go when it ends; the folder is left as the
    command leaves it. It reads nothing from stdin. Raises `LabelSchoolError` when there is no
    answer.
    """
    out = bytearray()
    child, late = _run(file, _COMMAND, arguments, partial(_listen, out=out), seconds, folder)
    said = bytes(out[:LIMIT]).decode("utf-8", "replace")
    if late or len(out) > LIMIT:
        return Ran(None, said, _too_late(seconds) if late else _too_much())
    return Ran(child.returncode, said)


def _given(calls: Sequence[Sequence[Any]], *, talks: bool) -> bytes:
    return json.dumps({"calls": [list(c) for c in calls], "talks": talks}).encode() + b"\n"


def _too_much() -> str:
    return f"more than {LIMIT / 1e6:g} MB of values"


def _too_late(seconds: float) -> str:
    return f"no answer within {seconds:.2g} s"


def _run(
    file: Path,
    code: str,
    arguments: Sequence[str],
    talk: Callable[[subprocess.Popen[bytes]], None],
    seconds: float,
    folder: Path | None = None,
) -> tuple[subprocess.Popen[bytes], bool]:
    """Run `talk` with the process of an answer, then end it; the process, and whether the time was
    not enough. By default it runs in an empty folder.

    Raises `LabelSchoolError` when there is no answer.
    """
    if not file.is_file():
        raise LabelSchoolError(
            f"{file.parent.name}/{file.name} is not there yet: run the cell that starts with "
            f"%%answer {file.stem}."
        )
    package = Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _CLOSE + code, file.resolve(), package, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if code is _COMMAND else subprocess.DEVNULL,
            cwd=folder or empty,
            env=_environment(empty),
            start_new_session=True,
        )
        talking = threading.Thread(target=talk, args=(child,), daemon=True)
        try:
            talking.start()
            talking.join(seconds)
            late = talking.is_alive()
        finally:
            _end(child)
        talking.join(1)
    return child, late


def register() -> None:
    """Give the running IPython its ``%%answer`` magic; without IPython there is none to give."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def answer(line: str, cell: str) -> None:
        """Save the cell as the answer to an exercise, and run it here too."""
        from labelschool import course

        task = course.load().task(line.strip())
        saved = save(task.id, cell)
        print(f"Saved as {saved.parent.name}/{saved.name}")
        shell.run_cell(cell)

    shell.register_magic_function(answer, "cell", "answer")


def _environment(folder: str) -> dict[str, str]:
    """Nothing of the caller's environment but what Windows cannot start a process without."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP"), folder)
    return {**kept, **homes, "PATH": os.defpath}


def _talk(child: subprocess.Popen[bytes], given: bytes, out: bytearray, lines: int) -> None:
    """Write the calls, then read that many lines into `out`, or until the end or the limit.

    It runs in a thread: a process that the answer started may hold the pipe open for ever.
    """
    with contextlib.suppress(OSError), child.stdin as pipe:
        pipe.write(given)
    with child.stdout as pipe:
        while out.count(b"\n") < lines and len(out) <= LIMIT and (part := pipe.read1(65_536)):
            out += part


def _listen(child: subprocess.Popen[bytes], out: bytearray) -> None:
    """Read all that a command says into `out`, and wait for its end unless it says too much."""
    child.stdin.close()
    with child.stdout as pipe:
        while len(out) <= LIMIT and (part := pipe.read1(65_536)):
            out += part
    if len(out) <= LIMIT:
        child.wait()


def _hear(child: subprocess.Popen[bytes], given: bytes, line: Line) -> Outcome:
    """Answer what the process asks, until it says its outcome, ends, or says too much."""
    said = 0
    with contextlib.suppress(OSError), child.stdin as replies, child.stdout as pipe:
        replies.write(given)
        replies.flush()
        while text := pipe.readline(LIMIT + 1):
            said += len(text)
            if said > LIMIT:
                return Outcome(error=_too_much())
            try:
                reply = _reply(text, line)
            except Ended as ended:
                return Outcome(error=str(ended))
            if reply is None:
                return _outcome(text)
            replies.write(json.dumps(reply).encode() + b"\n")
            replies.flush()
    return Outcome(error=_EXITED)


def _reply(text: bytes, line: Line) -> dict[str, Any] | None:
    """The reply to a line that asks; None where it says an outcome."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    try:
        match asked:
            case {"send": request}:
                return {"value": line.send(request)}
            case {"sleep": seconds}:
                return {"value": line.sleep(seconds)}
    except ConnectionError as error:
        return {"ConnectionError": str(error)}
    except (ValueError, RecursionError) as error:
        return {"ValueError": str(error)}
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the process, with its whole group where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()


def _outcome(line: bytes) -> Outcome:
    """What one line says: a value, or an error that is a text."""
    try:
        match json.loads(line, parse_int=_whole):
            case {"value": value}:
                return Outcome(value)
            case {"error": str(error)}:
                return Outcome(error=" ".join(error.split())[:_LONGEST])
    except OverflowError:
        return Outcome(error="a number too large to compare")
    except (ValueError, RecursionError):
        pass
    return Outcome(error="something written that is not an outcome")


def _whole(digits: str) -> int:
    """A whole number that can be compared with a float; `OverflowError` for a larger one."""
    number = int(digits)
    float(number)
    return number
