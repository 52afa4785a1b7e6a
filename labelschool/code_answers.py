"""Code answers: ``%%answer 2.J`` saves a cell, `call` runs it in a process of its own.

A learner's function is a black box: inputs go in and outputs come out as JSON, and the comparison
happens here, outside. So an answer that prints, loops, exits or patches its interpreter cannot
touch its own score. `call` bounds time only; a cohort's grader adds the sandbox.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.answers import FOLDER, replace
from labelschool.errors import LabelSchoolError

# Runs in the child. Each outcome is one JSON line on the real stdout, so that what was answered
# before a loop or an exit is kept; whatever the answer prints goes nowhere. The course cannot be
# imported, since it holds the solutions.
_CHILD = """
import json, os, runpy, sys
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
sys.stdout = sys.stderr = open(os.devnull, "w")
sys.modules["labelschool"] = None
path, function = sys.argv[1:]
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

    Arguments and values are JSON. Calls not reached within `seconds` in all, or after the process
    ended itself, have an error that says so. Raises `LabelSchoolError` when there is no answer.
    """
    if not file.is_file():
        raise LabelSchoolError(
            f"{file.parent.name}/{file.name} is not there yet: run the cell that starts with "
            f"%%answer {file.stem}."
        )
    with tempfile.TemporaryDirectory() as empty:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD, str(file.resolve()), function],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=empty,
        )
        missing = "the answer ended its process"
        try:
            out, _ = child.communicate(json.dumps([list(c) for c in calls]).encode(), seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
            missing = f"no answer within {seconds:g} s"
    outcomes = [_outcome(line) for line in out.decode("utf-8", "replace").splitlines()]
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


def _outcome(line: str) -> Outcome:
    try:
        return Outcome(**json.loads(line))
    except (ValueError, TypeError):
        return Outcome(error="the answer wrote something that is not an outcome")
