"""Usual slips on the way to a coefficient of agreement, and what 3.A says of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Any

import numpy as np

from labelschool.quality import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)

Labels = Sequence[Any]
Table = Sequence[Sequence[Any]]

quadratic_kappa = partial(cohen_kappa, weights="quadratic")


@dataclass(frozen=True)
class Slip:
    """A usual wrong way to a coefficient, and what to say of it."""

    value: Callable[..., float]
    sentence: str


def _seen(a: Labels, b: Labels) -> float:
    return float(np.mean([one == other for one, other in zip(a, b, strict=True)]))


def _kappa(seen: float, expected: float) -> float:
    return (seen - expected) / (1 - expected)


def _votes(a: Labels, b: Labels) -> np.ndarray:
    """Items x classes of two lists of labels."""
    return np.array([[(x == k) + (y == k) for k in {*a, *b}] for x, y in zip(a, b, strict=True)])


def _pairs_seen(counts: Table, own: int) -> float:
    """Mean share of alike pairs of an item; with `own` 0 each label is paired with itself too."""
    table = np.array(counts, dtype=float)
    n = table.sum(axis=1)
    return float((((table**2).sum(axis=1) - own * n) / (n * (n - own))).mean())


def _squares(counts: Table) -> float:
    shares = np.array(counts).sum(axis=0) / np.sum(counts)
    return float(shares @ shares)


def _complete(ratings: Table) -> list[list[Any]]:
    """The items that all raters labelled."""
    kept = [column for column in zip(*ratings, strict=True) if None not in column]
    return [list(row) for row in zip(*kept, strict=True)] if kept else [[] for _ in ratings]


def _distance(ratings: Table, level: str) -> Callable[[Any, Any], float]:
    """The squared difference of two labels, where all labels count, with a partner or without."""
    given = [label for row in ratings for label in row if label is not None]
    if level == "nominal":
        return lambda one, other: float(one != other)
    middles = {}
    for label in {*given}:
        below = sum(other < label for other in given)
        middles[label] = below + given.count(label) / 2 if level == "ordinal" else label
    return lambda one, other: float(middles[one] - middles[other]) ** 2


def _alpha(ratings: Table, level: str, *, own: int = 1, lone: bool = False) -> float:
    """Alpha with usual slips: labels paired with themselves (`own` 0), or lone labels in the
    expected disagreement.
    """
    distance = _distance(ratings, level)
    units = [[one for one in item if one is not None] for item in zip(*ratings, strict=True)]
    paired = [unit for unit in units if len(unit) > 1]
    given = [one for unit in (units if lone else paired) for one in unit]
    n = sum(len(unit) for unit in paired)
    seen = (
        sum(
            sum(distance(one, other) for one in unit for other in unit) / (len(unit) - own)
            for unit in paired
        )
        / n
    )
    chance = sum(distance(one, other) for one in given for other in given)
    return 1 - seen / (chance / (len(given) * (len(given) - own)))


SLIPS = {
    "cohen_kappa": (
        Slip(
            lambda a, b: fleiss_kappa(_votes(a, b)),
            "your pe comes from the wrong margins: you pooled both annotators' labels. Multiply "
            "each annotator's own share of a class, then add up the classes.",
        ),
        *(
            Slip(
                lambda a, b, side=side: _kappa(
                    _seen(a, b), sum(((a, b)[side].count(k) / len(a)) ** 2 for k in {*a, *b})
                ),
                "your pe comes from the wrong margins: you squared the shares of one annotator. "
                "Multiply them by the shares of the other.",
            )
            for side in (0, 1)
        ),
        Slip(
            lambda a, b: _kappa(_seen(a, b), 1 / len({*a, *b})),
            "your pe takes all classes for equally frequent. Count how often each annotator used "
            "each class.",
        ),
        Slip(_seen, "this is the observed agreement. Nothing is taken off for chance yet."),
    ),
    "quadratic_kappa": (
        Slip(
            partial(cohen_kappa, weights="linear"),
            "your weights are linear. Square the difference of the levels.",
        ),
        Slip(cohen_kappa, "all disagreements count alike. Weigh each by its squared difference."),
        Slip(
            lambda a, b: quadratic_kappa(*_places(a, b)),
            "you took places in a list of the levels that occur. A level that nobody used lies "
            "between its neighbours all the same: use the numbers themselves.",
        ),
    ),
    "fleiss_kappa": (
        Slip(
            lambda counts: _kappa(_pairs_seen(counts, 0), _squares(counts)),
            "you compared each label with itself too. An item of n labels has n(n - 1) pairs, "
            "not n squared.",
        ),
        Slip(
            lambda counts: _kappa(_pairs_seen(counts, 1), 1 / len(counts[0])),
            "your pe takes all classes for equally frequent. Count the columns.",
        ),
        Slip(
            lambda counts: 1 - (1 - fleiss_kappa(counts)) * (1 - 1 / np.sum(counts)),
            "this is Krippendorff's alpha. Fleiss' pe is the sum of the squared shares.",
        ),
        Slip(
            lambda counts: _pairs_seen(counts, 1),
            "this is the observed agreement. Nothing is taken off for chance yet.",
        ),
    ),
    "krippendorff_alpha": (
        Slip(
            lambda ratings, level: krippendorff_alpha(_complete(ratings), level),
            "you kept only the items that everybody labelled. An item counts as soon as it has "
            "two labels.",
        ),
        Slip(
            lambda ratings, level: _alpha(ratings, level, lone=True),
            "an item with a single label is in your expected disagreement. It pairs with nothing, "
            "so leave it out first.",
        ),
        Slip(
            lambda ratings, level: _alpha(ratings, level, own=0),
            "you compared each label with itself too. An item of m labels has m(m - 1) pairs, and "
            "all n labels have n(n - 1).",
        ),
        Slip(
            lambda ratings, level: krippendorff_alpha(ratings),
            "you compared names, whatever the level. Square the differences that the level asks "
            "for.",
        ),
        Slip(
            lambda ratings, level: (
                krippendorff_alpha(ratings, "interval") if level == "ordinal" else nan
            ),
            "you took the differences of the numbers. At the ordinal level a difference is the "
            "number of labels from the middle of one level to the middle of the other.",
        ),
    ),
    "gwet_ac1": (
        Slip(fleiss_kappa, "this is Fleiss' kappa. The pe of AC1 is another one."),
        Slip(
            lambda counts: _kappa(_pairs_seen(counts, 1), (1 - _squares(counts)) / len(counts[0])),
            "you divided by the number of classes. In the pe of AC1 it is one less.",
        ),
        Slip(
            lambda counts: _kappa(_pairs_seen(counts, 1), 1 - _squares(counts)),
            "the division by one less than the number of classes is missing in your pe.",
        ),
        Slip(
            lambda counts: gwet_ac1(np.array(counts)[:, np.any(counts, axis=0)]),
            "you counted the classes that somebody used. A class that nobody used is a column too.",
        ),
    ),
}


def _places(a: Labels, b: Labels) -> list[list[int]]:
    levels = sorted({*a, *b})
    return [[levels.index(label) for label in side] for side in (a, b)]
