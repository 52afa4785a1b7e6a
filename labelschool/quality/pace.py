"""Speed against accuracy: whether somebody's quick pieces of work are worse than the slow ones.

A pace is the time of a piece as a share of the median of its task, so that work on boxes and on
texts can be looked at together: 0.5 is twice as fast as usual.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import curve_fit

from labelschool.quality.sampling import wilson_interval

LEAST = 30
"""Pieces from which on a curve is fitted."""
SLOWEST = 20.0


@dataclass(frozen=True)
class Curve:
    """Share of right pieces at a pace: `top` x (1 - exp(-pace / `rise`)).

    `top` is the share that unhurried work reaches; at a pace of `rise` 63 % of it is there.
    """

    top: float
    rise: float

    def at(self, pace: ArrayLike) -> np.ndarray | float:
        """The share of right pieces at one pace or many."""
        return self.top * -np.expm1(-np.asarray(pace, dtype=float) / self.rise)


def paces(pieces: pd.DataFrame) -> pd.Series:
    """The pace of each piece: `seconds` by the median of its `task`."""
    return pieces["seconds"] / pieces.groupby("task")["seconds"].transform("median")


def by_pace(pieces: pd.DataFrame, parts: int = 3) -> pd.DataFrame:
    """Pieces from the quickest to the slowest in equal parts, each with its median pace.

    `pieces` has the columns task, seconds and right. The rows have n, pace, share, and low and high
    of its 95 % Wilson interval. Fewer pieces than parts give as many rows as there are.
    """
    made = pieces.assign(pace=paces(pieces)).sort_values("pace", kind="stable")
    groups = np.array_split(np.arange(len(made)), parts)
    rows = []
    for place in groups:
        part = made.iloc[place]
        if len(part):
            low, high = wilson_interval(int(part["right"].sum()), len(part))
            share = part["right"].mean()
            rows.append((len(part), part["pace"].median(), share, low, high))
    return pd.DataFrame(rows, columns=["n", "pace", "share", "low", "high"])


def fit(pieces: pd.DataFrame) -> Curve:
    """The curve nearest to the pieces in squares.

    Of fewer than `LEAST` pieces, of all right and of none right it has nan: no rise can be seen.
    """
    right = pieces["right"].to_numpy(float)
    if len(right) < LEAST or right.min() == right.max():
        return Curve(math.nan, math.nan)
    pace = paces(pieces).to_numpy(float)
    (top, rise), _ = curve_fit(
        lambda x, top, rise: Curve(top, rise).at(x),
        pace,
        right,
        p0=(right.mean(), 0.2),
        bounds=((0.0, 1e-3), (1.0, SLOWEST)),
    )
    return Curve(float(top), float(rise))
