"""The hidden cases of written answers: what a learner's function, query or card has to do.

Each module or package here holds one `SUITE`, which a task of `course.yml` names by ``suite``; what
only its own cases need stands beside them in its package. A case shows one thing; a group of calls
counts when all of them are right.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from labelschool import code_answers
from labelschool.code_answers import Outcome


class Judgement(NamedTuple):
    """The share of a case that is right, from 0 to 1, and what to say about the rest."""

    share: float
    said: str = ""


def judgement(wrong: str) -> Judgement:
    """All or nothing: the case is right where nothing is said against it."""
    return Judgement(0.0 if wrong else 1.0, wrong)


class Hidden(Protocol):
    """What a suite is made of: something to try on an answer, under a name."""

    name: str
    happens: str

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """How right an answer is: the file of a function, or the folder of texts.

        Raises `LabelSchoolError` where there is no answer.
        """


@dataclass(frozen=True)
class Group:
    """Calls of one function that belong together, under a name that a learner understands.

    `judge` gets the arguments of a call and its outcome. It returns what to say about a wrong one
    and nothing about a right one. `happens` says what the calls are, where the name does not.
    """

    name: str
    function: str
    calls: tuple[Sequence[Any], ...]
    judge: Callable[[Sequence[Any], Outcome], str]
    happens: str = ""

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What is wrong first among the calls."""
        outcomes = code_answers.call(answer, self.function, self.calls, seconds=seconds)
        judged = zip(self.calls, outcomes, strict=True)
        wrong = ((outcome, self.judge(arguments, outcome)) for arguments, outcome in judged)
        said = (cannot_run(outcome, self.function) or what for outcome, what in wrong if what)
        return judgement(next(said, ""))


def looked_at(
    name: str, function: str, looks: Callable[..., str], happens: str, *calls: Sequence[Any]
) -> Group:
    """A group in which `looks` gets what each call returned, then its arguments; a call that ended
    with an error is told so.
    """
    return Group(name, function, calls, partial(_looked_at, looks), happens)


def _looked_at(looks: Callable[..., str], arguments: Sequence[Any], outcome: Outcome) -> str:
    return ended(outcome) or looks(outcome.value, *arguments)


def failed(outcome: Outcome, function: str) -> str:
    """What to say where a call gave no value; nothing where it did."""
    return cannot_run(outcome, function) or ended(outcome)


def ended(outcome: Outcome) -> str:
    """What to say where a call ended with an error; nothing where it did not."""
    return f"your function ended with {outcome.error}." if outcome.error else ""


def is_number(value: object) -> bool:
    """Whether an answer is a number to compute with: a float, nan too, or an int that fits one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= sys.float_info.max
    return isinstance(value, float)


def cannot_run(outcome: Outcome, function: str) -> str:
    """What to say where the answer cannot run by itself; nothing where it can."""
    error = outcome.error or ""
    if "labelschool" in error:
        return "your answer imports labelschool: write what it takes yourself."
    if error.startswith("NameError"):
        return f"{error}. All that your function uses has to stand in the same cell."
    if error == f"KeyError: {function!r}":
        return f"there is no function {function}: does your cell define it by that name?"
    return ""


def load(name: str) -> tuple[Hidden, ...]:
    """The groups of a suite. Raises `ModuleNotFoundError` where there is none of that name."""
    return importlib.import_module(f"{__name__}.{name}").SUITE
