"""What an offer pays, what it changes, and how long savings last: plain arithmetic, no widgets.

Amounts are in one currency of the learner's choice; `rate` converts an offer into it. Shares are
parts of one: -0.61 is 61 % less. Published figures carry their source and year, as they stand in
`content/facts.json`; they are never converted to another country or adjusted to another year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from labelschool.errors import LabelSchoolError

Per = Literal["hour", "month", "year", "label"]

HOURS_PER_WEEK = 168
WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12
FULL_TIME = 40.0
"""Hours a week for which monthly and yearly salaries are quoted."""
HOURS_PER_YEAR = int(WEEKS_PER_YEAR * FULL_TIME)
"""2,080, as in F67."""

MTURK_HOURLY = 2.0  # median, Hara et al. 2018 (F56)
LABELLING_HOURLY = (15.0, 20.0)  # quoted for general labelling 2025-26, pin.com (F63)
EXPERT_HOURLY = (40.0, 100.0)  # quoted for domain experts 2025-26, pin.com (F63)
COMPUTER_YEARLY = 105_990.0  # median of computer and IT occupations, BLS, May 2024 (F66)
ALL_YEARLY = 49_500.0  # median of all occupations, BLS, May 2024 (F66)


# Offers -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pay:
    """What an offer comes to.

    `hourly` is per hour worked, the unpaid ones included; `monthly` and `yearly` are sums before
    tax. `year` is the year of the figure, None where nobody said.
    """

    hourly: float
    monthly: float
    yearly: float
    year: int | None = None


def offer(
    amount: float,
    per: Per = "hour",
    *,
    hours: float = FULL_TIME,
    unpaid: float = 0,
    rate: float = 1,
    minutes: float | None = None,
    year: int | None = None,
) -> Pay:
    """The pay of an offer of `amount` per hour, month, year or label.

    `hours` are paid hours a week and `unpaid` the hours a week of search, tests and rejected work
    that come on top. A salary a month or a year is taken as quoted for 40 hours a week, so half
    the hours bring half of it. A price per label needs the `minutes` a label takes. `rate` is what
    one unit of the offer's currency costs in one's own. 52 weeks count as worked or paid leave.

    Raises `LabelSchoolError` for a number that cannot be.
    """
    _positive("hours", hours)
    _positive("rate", rate)
    _not_negative("amount", amount)
    _not_negative("unpaid", unpaid)
    yearly = amount * rate * _units_a_year(per, hours, minutes)
    return Pay(
        hourly=yearly / (WEEKS_PER_YEAR * (hours + unpaid)),
        monthly=yearly / MONTHS_PER_YEAR,
        yearly=yearly,
        year=year,
    )


def asking(
    yearly: float,
    per: Per = "hour",
    *,
    hours: float = FULL_TIME,
    rate: float = 1,
    minutes: float | None = None,
) -> float:
    """The amount an advertisement has to name, in its own unit and currency, to bring `yearly`.

    It undoes `offer`: unpaid hours cost time and leave the sum as it is. Raises
    `LabelSchoolError` for a number that cannot be.
    """
    _not_negative("yearly", yearly)
    _positive("hours", hours)
    _positive("rate", rate)
    return yearly / (rate * _units_a_year(per, hours, minutes))


def _units_a_year(per: Per, hours: float, minutes: float | None) -> float:
    """How many hours, months, years or labels are paid in a year."""
    worked = WEEKS_PER_YEAR * hours
    if per == "hour":
        return worked
    if per == "month":
        return MONTHS_PER_YEAR * hours / FULL_TIME
    if per == "year":
        return hours / FULL_TIME
    if per == "label":
        if minutes is None:
            raise LabelSchoolError("A price per label says nothing without the minutes it takes.")
        _positive("minutes", minutes)
        return worked * 60 / minutes
    raise LabelSchoolError(f"An offer is per {', '.join(get_args(Per))}, not per {per!r}.")


# Changes ----------------------------------------------------------------------------------------


def change(new: float, present: float) -> float:
    """The change from `present` to `new` as a share: -0.61 for 61 % less.

    With the two swapped it is the raise that leads back, which is never the same number: after a
    fall of 50 % it takes a rise of 100 %.
    """
    _positive("present", present)
    return new / present - 1


def changed(present: float, share: float) -> float:
    """What is left of `present` after a change by `share`; undoes `change`."""
    return present * (1 + share)


def hourly_of_year(yearly: float) -> float:
    """The hourly rate of a yearly salary at 2,080 hours a year (F67)."""
    return yearly / HOURS_PER_YEAR


# Savings ----------------------------------------------------------------------------------------


def months_left(savings: float, costs: float, income: float = 0, reserve: float = 0) -> float:
    """Months until savings fall to the reserve: the stop rule of a transition.

    `savings` is a sum; `costs` and `income` are sums a month; `reserve` is the number of months of
    costs that is never touched. Zero where the reserve is gone already, infinite where the income
    covers the costs.
    """
    for name, value in (("savings", savings), ("income", income), ("reserve", reserve)):
        _not_negative(name, value)
    _positive("costs", costs)
    free = savings - reserve * costs
    if free < 0:
        return 0.0
    if income >= costs:
        return math.inf
    return free / (costs - income)


# Published figures ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """A published pay: a range in `currency` per `per`, its year, and who says so."""

    what: str
    low: float
    high: float
    per: Per
    currency: str
    year: str
    source: str
    fact: str


PUBLISHED: dict[str, tuple[Published, ...]] = {
    "United States": (
        Published(
            "general labelling, as quoted",
            *LABELLING_HOURLY,
            "hour",
            "USD",
            "2025-26",
            "pin.com, a recruiter's claim",
            "F63",
        ),
        Published(
            "domain experts, as quoted",
            *EXPERT_HOURLY,
            "hour",
            "USD",
            "2025-26",
            "pin.com, a recruiter's claim",
            "F63",
        ),
        Published(
            "computer and IT occupations, median",
            COMPUTER_YEARLY,
            COMPUTER_YEARLY,
            "year",
            "USD",
            "2024",
            "US Bureau of Labor Statistics",
            "F66",
        ),
        Published(
            "all occupations, median",
            ALL_YEARLY,
            ALL_YEARLY,
            "year",
            "USD",
            "2024",
            "US Bureau of Labor Statistics",
            "F66",
        ),
    )
}
"""Country -> what was published about it."""


def published(country: str) -> tuple[Published, ...]:
    """The cited figures of a country; none for most."""
    return PUBLISHED.get(country, ())


def no_figures(country: str) -> str:
    """What to say where nothing can be cited."""
    return (
        f"We have no figure we could cite for {country}. A converted dollar rate would be a guess. "
        "Find one advertisement you could answer tonight and enter what it pays."
    )


def _positive(name: str, value: float) -> None:
    if not (value > 0 and math.isfinite(value)):
        raise LabelSchoolError(f"{name} has to be above 0, not {value:g}.")


def _not_negative(name: str, value: float) -> None:
    if not (value >= 0 and math.isfinite(value)):
        raise LabelSchoolError(f"{name} cannot be {value:g}: it is 0 or more.")
