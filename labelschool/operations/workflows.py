"""A workflow in the shape of GitHub Actions, gone through step by step without GitHub or a shell.

Read are ``on``, ``jobs``, ``runs-on``, ``steps``, ``uses``, ``run``, ``if`` and
``continue-on-error``. A step that `uses` an action is taken as done. The lines of a `run` are split
into words; of the commands only ``python labelcheck.py ...`` does anything, and what that is, the
caller says. ``a || b``, ``a && b`` and ``a ; b`` mean what they mean in a shell; pipes,
redirections and variables are refused, and so is ``set +e``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from labelschool.errors import LabelSchoolError

Check = Callable[[Sequence[str]], int]
"""Runs the label check with its arguments; the exit code."""

EVENT = "pull_request"
_AS_DONE = ("cat", "echo", "git", "ls", "pip", "pip3", "true", ":")
_OPERATORS = {"||", "&&", ";"}
_CONDITIONS = {
    "": lambda failed: not failed,
    "success()": lambda failed: not failed,
    "failure()": lambda failed: failed,
    "always()": lambda failed: True,
    "!cancelled()": lambda failed: True,
    "true": lambda failed: not failed,
    "false": lambda failed: False,
}


class WorkflowError(LabelSchoolError):
    """The text is no workflow, or one that cannot be gone through here."""


@dataclass
class Run:
    """What came of a workflow: a line for each thing done, the exit codes of the checks in it, and
    what kept a red step from being seen.
    """

    green: bool = True
    log: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    swallowed: list[str] = field(default_factory=list)

    def swallow(self, how: str) -> None:
        """Note, once, what made a failure pass."""
        if how not in self.swallowed:
            self.swallowed.append(how)

    def __str__(self) -> str:
        return "\n".join([*self.log, "green" if self.green else "red"])


def run(text: str, check: Check) -> Run:
    """Go through a workflow on a pull request. One that does not start on it is green.

    Raises `WorkflowError` for a text that is no workflow, or that asks for more than is known here.
    """
    workflow, done = _read(text), Run()
    if EVENT not in _events(workflow):
        done.log.append(f"Nothing runs on {EVENT}.")
        return done
    for name, job in workflow["jobs"].items():
        if not _holds(job.get("if", ""), failed=False):
            done.log.append(f"job {name}: skipped")
            continue
        done.log.append(f"job {name}")
        if _failed(job, check, done):
            if job.get("continue-on-error") is True:
                done.swallow("continue-on-error")
            else:
                done.green = False
    return done


def _failed(job: dict[str, Any], check: Check, done: Run) -> bool:
    """Go through the steps of a job; whether it failed."""
    failed = False
    for step in job["steps"]:
        name = step.get("name") or step.get("uses") or step["run"].strip().splitlines()[0]
        if not _holds(step.get("if", ""), failed):
            done.log.append(f"  skipped: {name}")
            continue
        code = 0 if "uses" in step else _script(step["run"], check, done)
        done.log.append(f"  {'ok' if code == 0 else f'exit code {code}'}: {name}")
        if code and step.get("continue-on-error") is True:
            done.swallow("continue-on-error")
        elif code:
            failed = True
    return failed


def _script(text: str, check: Check, done: Run) -> int:
    """The lines of a step, up to the first that fails; its exit code."""
    for line in text.replace("\\\n", " ").splitlines():
        if code := _line(_words(line), check, done):
            return code
    return 0


def _line(words: list[str], check: Check, done: Run) -> int:
    """Commands with operators between them, from left to right."""
    code, operator = 0, ";"
    for command, following in _commands(words):
        if operator == ";" and code:
            return code
        if (operator == "||") == bool(code):
            left, code = code, _command(command, check, done)
            if left and not code:
                done.swallow(f"|| {' '.join(command)}")
        operator = following
    return code


def _commands(words: list[str]) -> Iterator[tuple[list[str], str]]:
    """Each command of a line with the operator behind it."""
    command: list[str] = []
    for word in [*words, ";"]:
        if word not in _OPERATORS:
            command.append(word)
        elif command:
            yield command, word
            command = []


def _words(line: str) -> list[str]:
    """A line as words and operators. Raises `WorkflowError` for what needs a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError as error:
        raise WorkflowError(f"`{line.strip()}` cannot be split into words: {error}.") from error
    for word in words:
        shell = re.fullmatch(r"[();<>|&]+", word) and word not in _OPERATORS
        if shell or re.search(r"[$`]", word):
            raise WorkflowError(
                f"`{line.strip()}` needs a shell ({word}): write one plain command a line."
            )
    return words


def _command(words: list[str], check: Check, done: Run) -> int:
    """One command; its exit code. Raises `WorkflowError` for one that is not known."""
    match words:
        case ["python" | "python3", "labelcheck.py", *arguments]:
            done.codes.append(check(arguments))
            return done.codes[-1]
        case ["python" | "python3", "-m", "pip", *_]:
            return 0
        case ["exit", number] if number.isdecimal():
            return int(number)
        case ["false"]:
            return 1
        case ["set", *options] if all(option.startswith("-") for option in options):
            return 0
        case ["set", *_]:
            raise WorkflowError("`set +e` lets a step go on after a red check: leave it out.")
        case [name, *_] if name in _AS_DONE:
            return 0
    raise WorkflowError(
        f"`{' '.join(words)}` is not run here. Known are `python labelcheck.py ...` and, taken as "
        f"done, {', '.join(_AS_DONE[:-1])}."
    )


def _holds(condition: Any, failed: bool) -> bool:
    text = str(condition).strip().removeprefix("${{").removesuffix("}}").strip().lower()
    if text not in _CONDITIONS:
        raise WorkflowError(f"`if: {condition}` is not known here: {', '.join(_CONDITIONS)[2:]}.")
    return _CONDITIONS[text](failed)


def _events(workflow: dict[Any, Any]) -> set[str]:
    """What starts it. YAML 1.1 reads the bare word ``on`` as true."""
    on = workflow.get("on", workflow.get(True)) or []
    named = [on] if isinstance(on, str) else on
    if not isinstance(named, list | dict) or not all(isinstance(event, str) for event in named):
        raise WorkflowError("`on` is an event such as `pull_request`, or several: write its name.")
    return set(named)


def _read(text: Any) -> dict[Any, Any]:
    if not isinstance(text, str):
        raise WorkflowError("A workflow is a text of YAML.")
    try:
        workflow = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise WorkflowError(f"The workflow is no YAML{line}.") from error
    jobs = workflow.get("jobs") if isinstance(workflow, dict) else None
    if not isinstance(jobs, dict) or not jobs:
        raise WorkflowError("The workflow has no jobs: `jobs:`, a name, and steps below it.")
    for name, job in jobs.items():
        steps = job.get("steps") if isinstance(job, dict) else None
        if not isinstance(steps, list) or not steps:
            raise WorkflowError(f"The job {name} has no list of steps.")
        if "runs-on" not in job:
            raise WorkflowError(f"The job {name} has no `runs-on`: GitHub refuses the file.")
        for step in steps:
            kinds = [kind for kind in ("uses", "run") if isinstance(step, dict) and kind in step]
            if len(kinds) != 1 or not isinstance(step[kinds[0]], str) or not step[kinds[0]].strip():
                raise WorkflowError(f"A step of {name} needs either `uses` or `run`, with a text.")
    return workflow
