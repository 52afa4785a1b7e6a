"""A1.d: the learner's ``offer(amount, per, hours, unpaid, rate)`` against `career.pay.offer`.

The function returns a dict with the pay of a ``year`` and of an ``hour`` at the desk, and refuses
with a ValueError what cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from labelschool.career import pay
from labelschool.code_answers import Outcome
from labelschool.errors import LabelSchoolError
from labelschool.exercises.suites import Group, ended, is_number

FUNCTION = "offer"
NUMBERS = ("year", "hour")
TOLERANCE = 0.001
REFUSE = (
    "no hours or fewer, a rate of 0, a negative number and an unknown per cannot be. "
    "Raise ValueError before you compute."
)


@dataclass(frozen=True)
class Slip:
    """A number that is wrong in a usual way: which, how it comes about, and what to say."""

    name: str
    value: Callable[..., float]
    sentence: str


def _year(amount: float, per: str, hours: float, rate: float, *, weeks: float = 52) -> float:
    """Pay of a year; a salary is quoted for 40 hours a week."""
    units = {"hour": weeks * hours, "month": 12 * hours / 40, "year": hours / 40}
    return amount * rate * units[per]


def _hour(amount: float, per: str, hours: float, unpaid: float, rate: float) -> float:
    return _year(amount, per, hours, rate) / (52 * (hours + unpaid))


SLIPS = (
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, hours, 1 / rate),
        "you divided by the rate. It is what one unit of the offer's currency costs in yours.",
    ),
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, hours, 1),
        "the rate is not in it.",
    ),
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, hours, rate, weeks=46),
        "you counted 46 weeks. Here all 52 count, as worked or as paid leave.",
    ),
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, 40, rate),
        "this is full time. A part of 40 hours brings this part of the salary.",
    ),
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, hours + unpaid, rate),
        "you had the unpaid hours paid.",
    ),
    Slip(
        "year",
        lambda amount, per, hours, unpaid, rate: _year(amount, per, hours - unpaid, rate),
        "you took the unpaid hours off the paid ones. They come on top.",
    ),
    Slip(
        "hour",
        lambda amount, per, hours, unpaid, rate: _hour(amount, per, hours, 0, rate),
        "the unpaid hours are missing. They are spent at the desk too.",
    ),
    Slip(
        "hour",
        lambda amount, per, hours, unpaid, rate: (
            _year(amount, per, hours, rate) / (52 * (hours - unpaid))
        ),
        "you took the unpaid hours off the paid ones. They come on top.",
    ),
    Slip(
        "hour",
        lambda amount, per, hours, unpaid, rate: _hour(amount, per, hours, unpaid, rate) * 52 / 46,
        "you divided by 46 weeks. Here all 52 count, as worked or as paid leave.",
    ),
    Slip(
        "hour",
        lambda amount, per, hours, unpaid, rate: _hour(amount, per, hours, unpaid, 1 / rate),
        "you divided by the rate. It is what one unit of the offer's currency costs in yours.",
    ),
    Slip(
        "hour",
        lambda amount, per, hours, unpaid, rate: (
            _year(amount, per, hours, rate) / (52 * (40 + unpaid))
        ),
        "you divided by full time. Take the hours of this offer.",
    ),
)


def judge(arguments: Sequence[Any], outcome: Outcome) -> str:
    """What is wrong with the outcome of one call; nothing where it is right."""
    amount, per, hours, unpaid, rate = arguments
    try:
        right = pay.offer(amount, per, hours=hours, unpaid=unpaid, rate=rate)
    except LabelSchoolError:
        return "" if (outcome.error or "").startswith("ValueError") else REFUSE
    if wrong := ended(outcome):
        return wrong
    if not isinstance(outcome.value, dict):
        return 'it has to return a dict, {"year": ..., "hour": ...}.'
    return _compared(outcome.value, {"year": right.yearly, "hour": right.hourly}, arguments)


def _compared(own: Mapping[str, Any], right: Mapping[str, float], arguments: Sequence[Any]) -> str:
    for name in NUMBERS:
        given = own.get(name)
        if not is_number(given):
            return f'"{name}" is {"missing" if given is None else "not a number"}.'
        if not _near(given, right[name]):
            slip = next((s for s in SLIPS if s.name == name and _made(s, given, arguments)), None)
            why = slip.sentence if slip else "not what the lesson's arithmetic gives."
            return f'"{name}": {why}'
    return ""


def _near(given: float, wanted: float) -> bool:
    return abs(given - wanted) <= TOLERANCE * abs(wanted) + 1e-9


def _made(slip: Slip, given: float, arguments: Sequence[Any]) -> bool:
    try:
        return _near(given, slip.value(*arguments))
    except ZeroDivisionError:
        return False


_group = partial(Group, function=FUNCTION, judge=judge)
SUITE = (
    _group(
        "Full time",
        calls=((24, "hour", 40, 0, 1), (3_600, "month", 40, 0, 1), (61_000, "year", 40, 0, 1)),
    ),
    _group(
        "Part time",
        calls=((24, "hour", 20, 0, 1), (3_600, "month", 30, 0, 1), (52_000, "year", 16, 0, 1)),
    ),
    _group(
        "Unpaid search",
        calls=((24, "hour", 40, 5, 1), (15, "hour", 40, 12.5, 1), (3_000, "month", 40, 10, 1)),
    ),
    _group(
        "Another currency",
        calls=(
            (30, "hour", 40, 0, 0.92),
            (2_500, "month", 40, 0, 11.5),
            (90_000, "year", 40, 0, 1.27),
        ),
    ),
    _group(
        "All at once",
        calls=((18, "hour", 25, 6, 0.85), (2_800, "month", 32, 4, 11.3), (7e4, "year", 20, 8, 1.2)),
    ),
    _group(
        "Zero and absurd",
        calls=(
            (0, "hour", 40, 0, 1),
            (0, "year", 20, 10, 0.9),
            (24, "hour", 0, 5, 1),
            (24, "hour", -8, 5, 1),
            (24, "hour", 40, 0, 0),
            (24, "hour", 40, 0, -1.1),
            (-15, "hour", 40, 0, 1),
            (24, "hour", 40, -1, 1),
            (24, "week", 40, 0, 1),
        ),
    ),
)
