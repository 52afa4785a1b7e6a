"""The hidden cases of code exercises: what a learner's function is called with and has to give.

Each module here holds one `SUITE`, which a task of `course.yml` names by ``suite``. A group shows
one thing and counts when all its calls are right.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from labelschool import code_answers
from labelschool.code_answers import Outcome


class Hidden(Protocol):
    """What a suite is made of: something to try on an answer, under a name."""

    name: str
    happens: str

    def judged(self, file: Path, seconds: float) -> str:
        """What is wrong with the answer in a file, and nothing where all is right.

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

    def judged(self, file: Path, seconds: float) -> str:
        """What is wrong first among the calls."""
        outcomes = code_answers.call(file, self.function, self.calls, seconds=seconds)
        judged = zip(self.calls, outcomes, strict=True)
        wrong = ((outcome, self.judge(arguments, outcome)) for arguments, outcome in judged)
        return next(
            (cannot_run(outcome, self.function) or what for outcome, what in wrong if what), ""
        )


def cannot_run(outcome: Outcome, function: str) -> str:
    """What to say where the answer cannot run by itself; nothing where it can."""
    error = outcome.error or ""
    if "labelschool" in error:
        return "your answer imports labelschool: write what it takes yourself."
    if error.startswith("NameError"):
        return f"{error}. All that your function uses has to stand in the same cell."
    if error == f"KeyError: {function!r}":
        return f"{error}. Does the cell define the function by the name that is asked for?"
    return ""


def load(name: str) -> tuple[Hidden, ...]:
    """The groups of a suite. Raises `ModuleNotFoundError` where there is none of that name."""
    return importlib.import_module(f"{__name__}.{name}").SUITE
