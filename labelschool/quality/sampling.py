"""Spot checks and acceptance sampling: what a sample says about a batch of labels.

A lot is a batch that is accepted or rejected as a whole; a defect is a label that is wrong.
Shares run from 0 to 1. Counts and shares broadcast as NumPy arrays do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import beta, binom, hypergeom

from labelschool.errors import LabelSchoolError
from labelschool.quality.broadcast import plain
from labelschool.scoring.detection_theory import LEVEL, z
from labelschool.scoring.detection_theory import rate_interval as wilson_interval

__all__ = [
    "DoublePlan",
    "Estimate",
    "Plan",
    "Switching",
    "allocate",
    "exact_interval",
    "plan_for",
    "sample_size",
    "stratified_estimate",
    "wilson_interval",
]

Bounds = tuple[np.ndarray | float, np.ndarray | float]


def exact_interval(count: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Bounds:
    """The interval of the rate count / n by Clopper and Pearson 1934, from quantiles of the beta
    distribution; it never covers less than `level`, and mostly more.

    Nothing counted gives the whole range, no defects the lower limit 0, all defects the upper
    limit 1. Raises ValueError where a count is below 0 or above n.
    """
    count, n = np.broadcast_arrays(count, n)
    if np.any((count < 0) | (count > n)):
        raise ValueError("a count lies between 0 and n")
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(count == 0, 0.0, beta.ppf(tail, count, n - count + 1))
        high = np.where(count == n, 1.0, beta.ppf(1 - tail, count + 1, n - count))
    return (low, high) if low.ndim else (float(low), float(high))


def sample_size(
    margin: float, rate: float = 0.5, *, lot: int | None = None, level: float = LEVEL
) -> int:
    """How many to look at so that a rate is known within +- `margin`.

    n = z^2 rate (1 - rate) / margin^2, from the normal approximation (Cochran 1977, section 4.4).
    The rate is the one expected; 0.5 is the worst. With a `lot` of N, n is corrected to
    n / (1 + (n - 1) / N), since nothing is drawn twice. For rates near 0 the interval of what was
    found is asymmetric: compute it with `wilson_interval`. Raises ValueError for a margin outside
    0 to 1, a rate outside 0 to 1 or an empty lot.
    """
    if not 0 < margin < 1 or not 0 <= rate <= 1:
        raise ValueError("a margin lies between 0 and 1, and so does a rate")
    if lot is not None and lot < 1:
        raise ValueError("a lot holds at least one label")
    n = z((1 + level) / 2) ** 2 * rate * (1 - rate) / margin**2
    if lot is not None:
        n = n / (1 + max(n - 1, 0) / lot)
    return max(1, math.ceil(n - 1e-9))


# Plans --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A single plan: look at `n` labels, accept the lot with at most `c` defects among them."""

    n: int
    c: int

    def __post_init__(self) -> None:
        if not 0 <= self.c < self.n:
            raise ValueError("a plan needs n above c, and c of at least 0")

    def accepts(self, rate: ArrayLike, lot: int | None = None) -> np.ndarray | float:
        """The operating characteristic: the probability of accepting a lot with that share of
        defects.

        Binomial, as for a long run of lots; exact for one `lot` of N labels where that is given
        (hypergeometric, the defects rounded to whole labels).
        """
        rate = _rates(rate)
        if lot is None:
            return plain(binom.cdf(self.c, self.n, rate))
        if lot < self.n:
            raise ValueError("a plan cannot draw more labels than the lot holds")
        return plain(hypergeom.cdf(self.c, lot, np.rint(rate * lot).astype(int), self.n))

    def risks(self, good: float, bad: float, lot: int | None = None) -> tuple[float, float]:
        """The producer's risk, of rejecting a good lot, and the consumer's, of accepting a bad."""
        return 1 - float(self.accepts(good, lot)), float(self.accepts(bad, lot))

    def decide(self, defects: int) -> str:
        """``accept`` or ``reject``."""
        return "accept" if defects <= self.c else "reject"


@dataclass(frozen=True)
class DoublePlan:
    """Two looks: after `first` labels accept up to `accept` defects and reject from `reject`; in
    between look at `second` more and accept up to `c` defects in all.
    """

    first: int
    accept: int
    reject: int
    second: int
    c: int

    def __post_init__(self) -> None:
        if not 0 <= self.accept < self.reject <= self.first + 1 or self.second < 1:
            raise ValueError("a double plan accepts below where it rejects, and looks twice")
        if not self.accept < self.reject <= self.c + 1 <= self.first + self.second:
            raise ValueError("the limit of both samples lies at or above the first's last doubt")

    def accepts(self, rate: ArrayLike) -> np.ndarray | float:
        """The probability of accepting a lot with that share of defects (binomial)."""
        rate = _rates(rate)
        doubt = np.arange(self.accept + 1, self.reject)
        first = binom.pmf(doubt, self.first, rate[..., None])
        then = binom.cdf(self.c - doubt, self.second, rate[..., None])
        return plain(binom.cdf(self.accept, self.first, rate) + (first * then).sum(axis=-1))

    def expected_n(self, rate: ArrayLike) -> np.ndarray | float:
        """How many labels it looks at on average."""
        rate = _rates(rate)
        doubt = binom.cdf(self.reject - 1, self.first, rate) - binom.cdf(
            self.accept, self.first, rate
        )
        return plain(self.first + self.second * doubt)


def plan_for(
    good: float, bad: float, *, producer: float = 0.05, consumer: float = 0.10, most: int = 5_000
) -> Plan:
    """The single plan with the least n that keeps both risks (binomial).

    For each c it takes the least n that catches the bad lot, and stops at the first that lets the
    good lot through. Raises ValueError unless 0 <= good < bad <= 1, and `LabelSchoolError` where
    more than `most` labels would be needed.
    """
    if not 0 <= good < bad <= 1:
        raise ValueError("the bad share of defects lies above the good one")
    n = np.arange(1, most + 1)
    for c in range(most):
        caught = np.flatnonzero(binom.cdf(c, n, bad) <= consumer)
        if not len(caught):
            break
        least = int(max(n[caught[0]], c + 1))
        if binom.cdf(c, least, good) >= 1 - producer:
            return Plan(least, c)
    raise LabelSchoolError(
        f"More than {most:,} labels would be needed to tell {good:.1%} from {bad:.1%} with these "
        "risks: set the two shares further apart, or allow more risk."
    )


# Switching ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Switching:
    """A plan for each state of trust, and when to change it.

    These are house rules in the style of ISO 2859; the standard itself was not read, and its plans
    and rules are its own. From ``normal`` to ``tightened`` after `strikes` rejected lots among the
    last `window`; back after `calm` accepted lots in a row. From ``normal`` to ``reduced`` after
    `trust` accepted lots in a row, and back at the first rejected one. A change starts to count
    anew.
    """

    normal: Plan
    tightened: Plan
    reduced: Plan
    strikes: int = 2
    window: int = 5
    calm: int = 5
    trust: int = 10

    def plan(self, state: str) -> Plan:
        """The plan of a state. Raises ValueError for a state there is none of."""
        if state not in ("normal", "tightened", "reduced"):
            raise ValueError(f"there is no state {state!r}: normal, tightened or reduced")
        return getattr(self, state)

    def follow(self, state: str, decisions: Sequence[str]) -> str:
        """The state after the `decisions` made in a state since it began, the last one last."""
        rejected = [decision == "reject" for decision in decisions]
        if state == "normal" and sum(rejected[-self.window :]) >= self.strikes:
            return "tightened"
        if state == "normal" and _quiet(rejected, self.trust):
            return "reduced"
        left = _quiet(rejected, self.calm) if state == "tightened" else rejected[-1:] == [True]
        return "normal" if state != "normal" and left else state

    def run(self, defects: Callable[[int, int], int], lots: int) -> pd.DataFrame:
        """Judge `lots` in turn; `defects` gives those among n labels drawn of a lot, by its number
        from 0 and n.

        A row for each lot: ``state``, ``n``, ``c``, ``defects`` and ``decision``.
        """
        state, since, rows = "normal", [], []
        for lot in range(lots):
            plan = self.plan(state)
            found = defects(lot, plan.n)
            since.append(plan.decide(found))
            rows.append((state, plan.n, plan.c, found, since[-1]))
            after = self.follow(state, since)
            state, since = after, since if after == state else []
        return pd.DataFrame(rows, columns=["state", "n", "c", "defects", "decision"])


def _quiet(rejected: Sequence[bool], n: int) -> bool:
    """Whether the last n lots were all accepted."""
    return len(rejected) >= n and not any(rejected[-n:])


# Strata -------------------------------------------------------------------------------------------


def allocate(sizes: Mapping[str, int], n: int, *, least: int = 0) -> dict[str, int]:
    """How many to draw of each stratum: in proportion to its size, `least` of each where there
    are so many, by largest remainders; exactly `n` in all.

    Ties go to the stratum named first. Raises ValueError where n is more than there is or less
    than `least` asks for.
    """
    names, there = list(sizes), np.array(list(sizes.values()), int)
    floor = np.minimum(there, least)
    if n < floor.sum() or n > there.sum():
        raise ValueError(f"{n} cannot be drawn: between {floor.sum()} and {there.sum()} can")
    drawn = np.clip(np.floor(n * there / max(1, there.sum())).astype(int), floor, there)
    while (left := n - drawn.sum()) != 0:
        gap = n * there / there.sum() - drawn
        open_ = drawn < there if left > 0 else drawn > floor
        drawn[np.argmax(np.where(open_, np.sign(left) * gap, -np.inf))] += np.sign(left)
    return dict(zip(names, drawn.tolist(), strict=True))


@dataclass(frozen=True)
class Estimate:
    """A share of defects with its interval, from `n` labels looked at."""

    rate: float
    interval: tuple[float, float]
    n: int


def stratified_estimate(strata: pd.DataFrame, level: float = LEVEL) -> Estimate:
    """The share of defects of a lot whose strata were sampled at different rates.

    `strata` has a row for each stratum: ``size`` in the lot, ``n`` looked at, ``defects`` found.
    Each stratum counts by its size, not by how much of it was looked at (Cochran 1977, chapter 5).
    The interval is Wilson's for the number of labels of a simple sample that would have the same
    variance, which counts what was looked at in small lots as known; so it stays within 0 and 1,
    also where no defect was found. A stratum that was not looked at makes the rate nan and the
    interval the whole range. Raises ValueError for counts that cannot be and an empty lot.
    """
    size, n, defects = (strata[name].to_numpy(float) for name in ("size", "n", "defects"))
    if np.any((defects < 0) | (defects > n) | (n > size)):
        raise ValueError("of each stratum, defects are at most n and n at most its size")
    if not size.sum():
        raise ValueError("a lot holds at least one label")
    used = size > 0
    size, n, defects = size[used], n[used], defects[used]
    if np.any(n == 0):
        return Estimate(math.nan, (0.0, 1.0), int(n.sum()))
    share = size / size.sum()
    rate = min(float(share @ (defects / n)), 1.0)
    smoothed = (defects + 0.5) / (n + 1)
    variance = float((share**2 * smoothed * (1 - smoothed) / n * (1 - n / size)).sum())
    pooled = float(share @ smoothed)
    if variance == 0:
        return Estimate(rate, (rate, rate), int(n.sum()))
    like = pooled * (1 - pooled) / variance
    low, high = wilson_interval(rate * like, like, level)
    return Estimate(rate, (min(low, rate), max(rate, high)), int(n.sum()))


def _rates(rate: ArrayLike) -> np.ndarray:
    rate = np.asarray(rate, float)
    if np.any((rate < 0) | (rate > 1)):
        raise ValueError("a share of defects lies between 0 and 1")
    return rate
