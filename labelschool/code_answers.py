"""Code answers: ``%%answer 2.J`` saves a cell, `call` runs it in a process of its own.

A learner's function is a black box: inputs go in and outputs come out as JSON, and the comparison
happens here, outside. So an answer that prints, loops, exits or patches its interpreter cannot
touch its own score.

`call` bounds time and output, hands over no environment and closes the course's package. That keeps
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.answers import FOLDER, replace
from labelschool.errors import LabelSchoolError

# Runs in the child. Each outcome is one JSON line on the real stdout, so that what was answered
# before a loop or an exit is kept; whatever the answer prints goes nowhere. The course holds the
# solutions, so no file of its package can be opened, by an import or otherwise; Python has no way
# to remove an audit hook.
_CHILD = """
import json, os, runpy, sys
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
sys.stdout = sys.stderr = open(os.devnull, "w")
path, function, package = sys.argv[1:]

def closed(event, arguments, real=os.path.realpath, text=os.fsdecode, inside=package + os.sep):
    if event == "open" and not isinstance(arguments[0], int):
        if real(text(arguments[0])).startswith(inside):
            raise ImportError("labelschool is closed to an answer")

sys.addaudithook(closed)
calls = json.loads(sys.stdin.buffer.read().decode("utf-8"))
tell = lambda **outcome: (out.write(json.dumps(outcome) + "\\n"), out.flush())
try:
    answer = runpy.run_path(path)[function]
except BaseException as error:
    for _ in calls:
        tell(error=f"{type(error).__name__}: {error}")
else:
    for arguments in calls:
        try:
            tell(value=answer(*arguments))
        except BaseException as error:
            tell(error=f"{type(error).__name__}: {error}")
"""
LIMIT = 1_000_000
"""Bytes that the outcomes of one `call` may have in all."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a JSON value, or the error it ended with."""

    value: Any = None
    error: str | None = None


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
    if not file.is_file():
        raise LabelSchoolError(
            f"{file.parent.name}/{file.name} is not there yet: run the cell that starts with "
            f"%%answer {file.stem}."
        )
    package = Path(__file__).resolve().parent
    given = json.dumps([list(c) for c in calls]).encode()
    out = bytearray()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD, str(file.resolve()), function, str(package)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=empty,
            env=_environment(empty),
            start_new_session=True,
        )
        talk = threading.Thread(target=_talk, args=(child, given, out, len(calls)), daemon=True)
        try:
            talk.start()
            talk.join(seconds)
            late = talk.is_alive()
        finally:
            _end(child)
        talk.join(1)
    missing = "the answer ended its process"
    if len(out) > LIMIT:
        missing = f"more than {LIMIT / 1e6:g} MB of values"
    elif late:
        missing = f"no answer within {seconds:g} s"
    outcomes = [_outcome(line) for line in bytes(out).split(b"\n")[:-1]]
    return (outcomes + [Outcome(error=missing)] * len(calls))[: len(calls)]


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
                return Outcome(error=error)
    except OverflowError:
        return Outcome(error="a number too large to compare")
    except (ValueError, RecursionError):
        pass
    return Outcome(error="the answer wrote something that is not an outcome")


def _whole(digits: str) -> int:
    """A whole number that can be compared with a float; `OverflowError` for a larger one."""
    number = int(digits)
    float(number)
    return number
