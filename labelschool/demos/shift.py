"""What the shift of the first evening measured: the pace, the right ones, and its two ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import ItemAnswer

EXERCISE, POOL = "1.B", "practice"
TIMED_ITEMS = 5
END = 10
"""Crops at the beginning and at the end that are compared."""


@dataclass(frozen=True)
class Pace:
    """Measured seconds an item, and over how many items."""

    seconds: float
    items: int


@dataclass(frozen=True)
class Stretch:
    """Some items in a row: seconds an item, and how many are not right."""

    seconds: float
    wrong: int


@dataclass(frozen=True)
class Shift:
    """A shift with every item answered: how many are right, whether it passes, and its ends."""

    right: int
    items: int
    passed: bool
    first: Stretch
    last: Stretch


def measured_pace() -> Pace | None:
    """The mean pace of the saved answers beside the notebook, None below five timed items.

    The mean and not the median, because pay follows the sum of the time.
    """
    try:
        items = AnswerFile(EXERCISE, POOL, None).read().items
    except LabelSchoolError:
        return None
    timed = [item for item in items if item.active_ms > 0 and item.done]
    return Pace(_seconds(timed), len(timed)) if len(timed) >= TIMED_ITEMS else None


def finished_shift() -> Shift | None:
    """The saved shift beside the notebook; None while an item is open, and where no truth is."""
    from labelschool import datasets
    from labelschool.exercises.base import untouched
    from labelschool.exercises.exercise import exercise

    shift = exercise(EXERCISE, POOL)
    try:
        answer = shift.file.read()
        names = [item.name for item in datasets.task_items(shift.task, POOL)]
        if untouched(answer, names):
            return None
        score = shift.score()
    except LabelSchoolError:
        return None

    def stretch(part: Sequence[str]) -> Stretch:
        wrong = sum(not score.item(name).right for name in part)
        return Stretch(_seconds([answer.item(name) for name in part]), wrong)

    return Shift(
        right=sum(item.right for item in score.items),
        items=score.n,
        passed=score.passes(shift.pass_mark(score)),
        first=stretch(names[:END]),
        last=stretch(names[-END:]),
    )


def _seconds(items: Sequence[ItemAnswer]) -> float:
    return sum(item.active_ms for item in items) / len(items) / 1000
