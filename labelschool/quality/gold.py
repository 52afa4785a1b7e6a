"""Gold tasks: items with a known answer, mixed into the work, that tell who reads the guideline.

Whoever has less than a `bar` of their golds right is flagged. The number right of n golds is
binomial, so both risks of a bar are exact: passing somebody weak, and flagging somebody good.
Shares run from 0 to 1, times are in seconds. Counts and shares broadcast as NumPy arrays do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binom, hypergeom

from labelschool.errors import LabelSchoolError
from labelschool.quality.broadcast import plain

MOST_GOLDS = 5_000
_ROUND = 1e-9
"""So that 80 % of 10 golds is 8 of them, whatever the bits of 0.8 say."""


def least_right(n: ArrayLike, bar: ArrayLike) -> np.ndarray | int:
    """How many of `n` golds have to be right to reach a bar: the next whole number above bar x n.

    Raises ValueError for a negative n and a bar outside 0 to 1.
    """
    n, bar = np.asarray(n), np.asarray(bar, float)
    if np.any(n < 0) or np.any((bar < 0) | (bar > 1)):
        raise ValueError("golds are at least 0, and a bar lies between 0 and 1")
    return plain(np.ceil(bar * n - _ROUND).astype(int))


def flag_probability(accuracy: ArrayLike, n: ArrayLike, bar: ArrayLike) -> np.ndarray | float:
    """The probability that somebody of an `accuracy` falls below the bar on `n` golds.

    It is P(X < bar x n) with X binomial (n, accuracy); exactly on the bar is not below it. Without
    golds nobody is flagged. Raises ValueError for a share outside 0 to 1 and a negative n.
    """
    accuracy = np.asarray(accuracy, float)
    if np.any((accuracy < 0) | (accuracy > 1)):
        raise ValueError("an accuracy lies between 0 and 1")
    return plain(binom.cdf(np.asarray(least_right(n, bar)) - 1, n, accuracy))


@dataclass(frozen=True)
class Risks:
    """The two ways in which a bar on `n` golds fails: `missed` is the probability that somebody
    weak passes, `false_alarm` the probability that somebody good is flagged.
    """

    n: int
    missed: float
    false_alarm: float


def error_risks(weak: float, good: float, n: int, bar: float) -> Risks:
    """Both risks of a bar on `n` golds, for an accuracy that is too low and one that is fine."""
    flagged = flag_probability(np.array([weak, good]), n, bar)
    return Risks(int(n), float(1 - flagged[0]), float(flagged[1]))


def golds_needed(
    weak: float, good: float, bar: float, *, missed: float = 0.1, false_alarm: float = 0.05
) -> int:
    """The least number of golds from which on both risks stay within what is allowed.

    The risks rise and fall with n, because the bar falls on a whole number: the n returned is the
    first that no larger n up to `MOST_GOLDS` breaks. Raises ValueError unless weak < bar <= good,
    and `LabelSchoolError` where so many golds do not suffice.
    """
    if not 0 <= weak < bar <= good <= 1:
        raise ValueError("the bar lies above the weak accuracy and not above the good one")
    n = np.arange(1, MOST_GOLDS + 1)
    caught, alarms = flag_probability(weak, n, bar), flag_probability(good, n, bar)
    fails = np.flatnonzero((1 - caught > missed) | (alarms > false_alarm))
    needed = fails[-1] + 2 if len(fails) else 1
    if needed > MOST_GOLDS:
        raise LabelSchoolError(
            f"Even {MOST_GOLDS:,} golds do not keep both risks: move the bar further from "
            f"{weak:.0%} and {good:.0%}, or allow more."
        )
    return int(needed)


def leaked_gold(answers: pd.DataFrame, *, level: float = 0.01) -> pd.DataFrame:
    """Who does better on gold than on work that was audited blind, by annotator.

    `answers` has a row for each answer: ``annotator``, ``gold`` (True for a gold task, False for
    ordinary work whose audit did not show who made it), ``right``, and, where it was measured,
    ``seconds``. The table returned has, for both kinds, ``n``, ``accuracy`` and the median
    ``seconds``, and two exact p-values, one-sided:

    * ``p_accuracy``: gold is right more often than audited work (Fisher's exact test);
    * ``p_seconds``: gold is answered faster than the median of both more often than audited work
      (Mood's median test in its exact form).

    ``leaked`` says that either is at most `level`, shared among all annotators and both tests
    (Bonferroni), so that a team of honest people is accused with a probability of at most `level`.
    With no gold or no audits both are 1, and accuracy and seconds of that kind are nan. Speed by
    itself proves nothing where gold is easier than the work. Raises KeyError for a missing column.
    """
    table = answers[["annotator", "gold", "right"]].astype({"gold": bool, "right": bool})
    timed = "seconds" in answers
    if timed:
        seconds = answers["seconds"]
        middle = seconds.groupby(answers["annotator"]).transform("median")
        table = table.assign(seconds=seconds, fast=seconds < middle)
    by = table.groupby(["annotator", "gold"])
    n = _both(by.size()).fillna(0).astype(int)
    right = _both(by["right"].sum()).fillna(0).astype(int)
    found = pd.DataFrame(index=n.index)
    for kind, name in ((True, "gold"), (False, "audit")):
        found[f"{name}_n"] = n[kind]
        found[f"{name}_accuracy"] = right[kind] / n[kind].where(n[kind] > 0)
        if timed:
            found[f"{name}_seconds"] = _both(by["seconds"].median())[kind]
    found["p_accuracy"] = _more_on_gold(right, n)
    if timed:
        found["p_seconds"] = _more_on_gold(_both(by["fast"].sum()).fillna(0).astype(int), n)
    tests = [name for name in found if name.startswith("p_")]
    found["leaked"] = (found[tests] <= level / max(1, len(tests) * len(found))).any(axis=1)
    return found


def _both(by_kind: pd.Series) -> pd.DataFrame:
    """A column for gold and one for audits, whichever there were."""
    return by_kind.unstack("gold").reindex(columns=[True, False])


def _more_on_gold(counts: pd.DataFrame, n: pd.DataFrame) -> np.ndarray:
    """P(as many of the counted among gold or more), all of an annotator's counts given."""
    total, hits = n.sum(axis=1), counts.sum(axis=1)
    return hypergeom.sf(counts[True] - 1, total, hits, n[True])
