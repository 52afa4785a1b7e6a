"""Control charts of an error rate, and where a rise comes from.

Days run along the last axis and are counted from 1; earlier axes are charts side by side, so that
many streams or simulated runs are charted at once. Errors and audits are counts a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

SIGMA = 3.0
TAIL = float(stats.norm.sf(SIGMA))
"""Probability above three sigma of a normal distribution, 0.00135; also that of exact limits."""
WINDOW = 2
"""Days before an alarm among which the rise, and the release behind it, are looked for."""

PRIOR = 100
"""Audits at the usual rate that each stratum is given on top of its own."""

Method = Literal["three_sigma", "exact"]


# Charts -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PChart:
    """Error rates a day (..., days) with their limits, which depend on the audits of the day.

    A day without audits has nan for its rate and limits and is never an alarm.
    """

    rate: np.ndarray
    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @property
    def alarms(self) -> np.ndarray:
        """The days above the upper limit, (..., days)."""
        return self.rate > self.upper

    @property
    def alarm_day(self) -> np.ndarray:
        """The first such day, from 1, and 0 where there is none, (...)."""
        return first_day(self.alarms)


def baseline_rate(errors: ArrayLike, audits: ArrayLike, days: int) -> np.ndarray:
    """The error rate of the first days taken together, (...); nan without audits.

    They are days on which the process is known to run well. A baseline that holds the drift as
    well raises the limits by what they should find.
    """
    found, n = _counts(errors, audits)
    total = n[..., :days].sum(axis=-1)
    share = found[..., :days].sum(axis=-1) / np.where(total > 0, total, np.nan)
    return share


def p_chart(
    errors: ArrayLike, audits: ArrayLike, centre: ArrayLike, method: Method = "three_sigma"
) -> PChart:
    """A p-chart (Shewhart) around the rate `centre`, one for each chart.

    ``three_sigma`` puts the limits at centre +- 3 sqrt(centre (1 - centre) / n), cut at 0 and 1,
    as if counts were normally distributed. ``exact`` asks the binomial distribution: counts above
    the upper and below the lower limit each have a probability of at most `TAIL`. Raises
    ValueError for a centre outside 0..1 and another name in `method`.
    """
    found, n = _counts(errors, audits)
    base = np.asarray(centre, dtype=float)[..., None]
    if not np.all(np.isnan(base) | ((base >= 0) & (base <= 1))):
        raise ValueError("the centre is a rate from 0 to 1")
    n = np.where(n > 0, n, np.nan)
    if method == "three_sigma":
        spread = SIGMA * np.sqrt(base * (1 - base) / n)
        lower, upper = np.maximum(base - spread, 0), np.minimum(base + spread, 1)
    elif method == "exact":
        lower = np.maximum(stats.binom.ppf(TAIL, n, base), 0) / n
        upper = stats.binom.isf(TAIL, n, base) / n
    else:
        raise ValueError(f"there is no method {method!r}")
    return PChart(found / n, np.broadcast_to(base, np.shape(found / n)), lower, upper)


def reference_rate(good: float, bad: float) -> float:
    """The reference of a CUSUM that tells the rate `bad` from `good` soonest.

    It is the rate at which both explain an audit equally well, so that the CUSUM adds up
    log-likelihood ratios (Page 1954; Hawkins and Olwell 1998). Raises ValueError unless
    0 < good < bad < 1.
    """
    if not 0 < good < bad < 1:
        raise ValueError("it takes 0 < good < bad < 1")
    right = log((1 - good) / (1 - bad))
    return right / (right + log(bad / good))


def cusum(errors: ArrayLike, audits: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """The upper CUSUM (..., days): errors above `reference` errors an audit, never below 0.

    Each day adds ``errors - reference * audits``; what would fall below 0 starts anew at 0. The
    alarm is ``first_day(cusum(...) > limit)``, with the limit in errors.
    """
    found, n = _counts(errors, audits)
    total = np.cumsum(found - np.asarray(reference, dtype=float)[..., None] * n, axis=-1)
    return total - np.minimum(np.minimum.accumulate(total, axis=-1), 0)


def first_day(signals: ArrayLike) -> np.ndarray:
    """The first day with a signal, from 1, and 0 where there is none: (..., days) to (...)."""
    found = np.asarray(signals, dtype=bool)
    if not found.shape[-1]:
        return np.zeros(found.shape[:-1], dtype=int)
    return np.where(found.any(axis=-1), found.argmax(axis=-1) + 1, 0)


def _counts(errors: ArrayLike, audits: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both as floats of one shape. Raises ValueError for counts that cannot be."""
    found, n = np.broadcast_arrays(np.asarray(errors, float), np.asarray(audits, float))
    if np.any((found < 0) | (found > n)):
        raise ValueError("each day has from 0 to as many errors as audits")
    return found, n


# Causes -----------------------------------------------------------------------------------------


def compare_strata(before: pd.DataFrame, after: pd.DataFrame, column: str) -> pd.DataFrame:
    """A rise of the error rate, split over the levels of a column.

    `before` and `after` hold one audit a row, with ``error`` (0 or 1). A row for each level:
    ``share_before`` and ``share_after`` of the audits, ``rate_before`` and ``rate_after`` of
    errors (nan where the level has no audits), ``by_rate``, what the change of its rate brings, and
    ``by_mix``, what the change of its share brings. Over all levels the last two add up to the rise
    of the whole (Kitagawa 1955); a level that comes or goes counts as mix. Raises ValueError when
    one of the two is empty.
    """
    if before.empty or after.empty:
        raise ValueError("both periods need audits")
    tables = {}
    for name, rows in (("before", before), ("after", after)):
        groups = rows.groupby(column)["error"]
        tables[f"share_{name}"] = groups.size() / len(rows)
        tables[f"rate_{name}"] = groups.mean()
    table = pd.DataFrame(tables).rename_axis(column)
    shares = table[["share_before", "share_after"]].fillna(0)
    table[shares.columns] = shares
    old = table["rate_before"].fillna(table["rate_after"])
    new = table["rate_after"].fillna(table["rate_before"])
    whole = before["error"].mean()
    table["by_rate"] = (new - old) * shares.mean(axis=1)
    table["by_mix"] = ((old + new) / 2 - whole) * (shares["share_after"] - shares["share_before"])
    return table


def attribute_rise(audits: pd.DataFrame, day: int, window: int = WINDOW) -> pd.DataFrame:
    """What explains a rise of the error rate that an alarm found on `day`, best first.

    `audits` holds one audit a row: ``day`` from 1, ``annotator``, ``source``, ``class``,
    ``guideline``, ``tool`` and ``error`` (0 or 1). Each explanation lets one thing change:

    * ``annotator``: one annotator errs more than before;
    * ``data``: each source keeps its rate and their mix changes;
    * ``new_class``: a class that was not there before has a rate of its own;
    * ``guideline``: one class is wrong more often, with a version released near the alarm;
    * ``tool``: all labels are wrong more often, with a version released near the alarm.

    Columns: ``cause``, ``detail`` (the annotator, source, class or version) and ``gain``: by how
    many nats the explanation foretells the errors from `day` on better than the rates before. What
    the sources tell apart at any time is no gain. Rates before are drawn towards the usual one as
    by `PRIOR` audits, so that few audits say little. Near the alarm means on it or up to `window`
    days before; days in that window are left out of the time before. Raises ValueError when there
    is no time before.
    """
    before, after = audits[audits["day"] < day - window], audits[audits["day"] >= day]
    if before.empty or after.empty:
        raise ValueError(f"there are no audits before day {day - window} or from day {day} on")
    table = pd.DataFrame(
        _explanations(audits, before, after, day - window), columns=["cause", "detail", "gain"]
    )
    return table.sort_values("gain", ascending=False, ignore_index=True, kind="stable")


def _explanations(
    audits: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, since: int
) -> Iterator[tuple[str, str, float]]:
    usual, day = float(before["error"].mean()), int(after["day"].min())
    people, classes = (_rates(before, column, usual) for column in ("annotator", "class"))
    for name, rows in after.groupby("annotator"):
        yield "annotator", str(name), _rise(rows, people.get(name, usual))
    growing = compare_strata(before, after, "source")["by_mix"].idxmax()
    yield "data", growing, _mix(before, after, usual)
    known = [0.0]
    for name, rows in after.groupby("class"):
        if name in classes:
            known.append(_rise(rows, classes[name]))
        else:
            yield "new_class", str(name), _rise(rows, usual)
    if version := _released(audits, "guideline", since, day):
        yield "guideline", version, max(known)
    if version := _released(audits, "tool", since, day):
        yield "tool", version, _rise(after, usual)


def _rates(before: pd.DataFrame, column: str, usual: float) -> pd.Series:
    """Error rates by the levels of a column, drawn towards the usual rate."""
    groups = before.groupby(column)["error"]
    return (groups.sum() + PRIOR * usual) / (groups.size() + PRIOR)


def _rise(rows: pd.DataFrame, old: float) -> float:
    """What a rate of their own gains for some audits; nothing where it has not risen."""
    error = rows["error"].to_numpy()
    if error.mean() <= old:
        return 0.0
    return _log_likelihood(error, error.mean()) - _log_likelihood(error, old)


def _mix(before: pd.DataFrame, after: pd.DataFrame, usual: float) -> float:
    """What the rates of the sources gain after the alarm beyond what they gained before it."""
    new = after.groupby("source")["error"].mean()
    rates = _rates(before, "source", usual).combine_first(new)

    def gained(rows: pd.DataFrame) -> float:
        error = rows["error"].to_numpy()
        by_source = rows["source"].map(rates).to_numpy()
        return _log_likelihood(error, by_source) - _log_likelihood(error, usual)

    return gained(after) - gained(before) * len(after) / len(before)


def _released(audits: pd.DataFrame, column: str, since: int, day: int) -> str | None:
    """The version of a column that first appears from `since` to `day`, the latest of several."""
    first = audits.groupby(column)["day"].min()
    new = first[(first >= since) & (first <= day)]
    return new.idxmax() if len(new) else None


def _log_likelihood(error: np.ndarray, rate: np.ndarray | float) -> float:
    """Of errors (0 or 1) with the probability `rate`, in nats; 0 and 1 are kept off by a hair."""
    p = np.clip(rate, 1e-6, 1 - 1e-6)
    return float(np.where(error == 1, np.log(p), np.log1p(-p)).sum())
