"""Signal detection theory: how well somebody tells targets from the rest, apart from how willingly
they say yes.

A hunter answers yes or no to each item, and each item holds a target or none::

                    target       no target
    said yes        hit          false alarm
    said no         miss         correct rejection

With H = hits / targets, F = false alarms / items without a target, and z the inverse of the
standard normal distribution function:

* sensitivity  d' = z(H) - z(F), and criterion  c = -(z(H) + z(F)) / 2, above 0 for who tends to say
  no (Green and Swets 1966; Macmillan and Creelman 2005, chapters 1 and 2);
* z is infinite at 0 and 1, so both rates are taken log-linear: (hits + 1/2) / (targets + 1), and F
  alike, whether or not a rate is extreme (Hautus 1995);
* the interval of a rate is that of Wilson 1927, which stays within 0 and 1 in small samples;
* the interval of d' is d' +- z sqrt(V), with V = H(1-H) / (n phi(z(H))^2) + the same of F, where n
  counts the targets or the others and phi is the normal density (Gourevitch and Galanter 1967).
  It is approximate: with five targets read it as a warning, not as a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

LEVEL = 0.95
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Table:
    """The four counts of a hunt. Rates raise ZeroDivisionError where they have nothing to count."""

    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int

    def __post_init__(self) -> None:
        if min(self.hits, self.misses, self.false_alarms, self.correct_rejections) < 0:
            raise ValueError("a count cannot be below 0")

    @property
    def targets(self) -> int:
        """Items that hold a target."""
        return self.hits + self.misses

    @property
    def others(self) -> int:
        """Items that hold none."""
        return self.false_alarms + self.correct_rejections

    @property
    def n(self) -> int:
        """All items."""
        return self.targets + self.others

    @property
    def hit_rate(self) -> float:
        """Share of the targets that were found."""
        return self.hits / self.targets

    @property
    def miss_rate(self) -> float:
        """Share of the targets, and of nothing else, that were missed."""
        return self.misses / self.targets

    @property
    def false_alarm_rate(self) -> float:
        """Share of the items without a target that were called one."""
        return self.false_alarms / self.others

    @property
    def accuracy(self) -> float:
        """Share of right answers; who always says no has the share of empty items."""
        return (self.hits + self.correct_rejections) / self.n


def corrected_rates(table: Table) -> tuple[float, float]:
    """Hit and false alarm rate, log-linear: strictly between 0 and 1 for any table."""
    return (
        (table.hits + 0.5) / (table.targets + 1),
        (table.false_alarms + 0.5) / (table.others + 1),
    )


def d_prime(table: Table) -> float:
    """Sensitivity in units of the noise's standard deviation; 0 is guessing."""
    hit, false_alarm = corrected_rates(table)
    return z(hit) - z(false_alarm)


def criterion(table: Table) -> float:
    """Bias in the same units: above 0 for a hunter who tends to say no, 0 for none."""
    hit, false_alarm = corrected_rates(table)
    return -(z(hit) + z(false_alarm)) / 2


def d_prime_interval(table: Table, level: float = LEVEL) -> tuple[float, float]:
    """The approximate interval of d', from the corrected rates and their sample sizes."""
    rates = zip(corrected_rates(table), (table.targets + 1, table.others + 1), strict=True)
    variance = sum(p * (1 - p) / (n * _NORMAL.pdf(z(p)) ** 2) for p, n in rates)
    half = z((1 + level) / 2) * sqrt(variance)
    return d_prime(table) - half, d_prime(table) + half


def rate_interval(
    count: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> tuple[np.ndarray | float, np.ndarray | float]:
    """The Wilson interval of the rate count / n; the whole range where nothing was counted.

    Counts broadcast as arrays do; plain numbers give plain numbers.
    """
    count, n = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    squared = z((1 + level) / 2) ** 2
    centre, some = count + squared / 2, np.where(n > 0, n, 1)
    half = np.sqrt(squared * (count * (n - count) / some + squared / 4))
    low = np.where(n > 0, np.maximum((centre - half) / (n + squared), 0), 0.0)
    high = np.where(n > 0, np.minimum((centre + half) / (n + squared), 1), 1.0)
    return (low, high) if low.ndim else (float(low), float(high))


def z(probability: float) -> float:
    """The quantile of the standard normal distribution, for 0 < probability < 1."""
    return _NORMAL.inv_cdf(probability)


def cdf(quantile: float) -> float:
    """The share of the standard normal distribution below a quantile."""
    return _NORMAL.cdf(quantile)
