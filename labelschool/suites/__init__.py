"""The hidden cases of code exercises: what a learner's function is called with and has to give.

Each module here holds one `SUITE`, which a task of `course.yml` names by ``suite``. A group shows
one thing and counts when all its calls are right.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from labelschool.code_answers import Outcome


@dataclass(frozen=True)
class Group:
    """Calls of one function that belong together, under a name that a learner understands.

    `judge` gets the arguments of a call and its outcome. It returns what to say about a wrong one
    and nothing about a right one.
    """

    name: str
    function: str
    calls: tuple[Sequence[Any], ...]
    judge: Callable[[Sequence[Any], Outcome], str]


def load(name: str) -> tuple[Group, ...]:
    """The groups of a suite. Raises `ModuleNotFoundError` where there is none of that name."""
    return importlib.import_module(f"{__name__}.{name}").SUITE
