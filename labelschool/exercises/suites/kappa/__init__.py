"""3.A: five coefficients of agreement, from scratch, against `labelschool.quality`.

``cohen_kappa(a, b)`` and ``quadratic_kappa(a, b)`` get two lists of labels,
``fleiss_kappa(counts)`` and ``gwet_ac1(counts)`` items x classes, and
``krippendorff_alpha(ratings, level)`` raters x items with None for a missing label. Each returns a
number, nan where chance would agree wholly too. Every group has ordinary calls as well, so that no
constant passes one.
"""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, Judgement, ended, is_number, judgement
from labelschool.exercises.suites.kappa.slips import SLIPS, Labels, Slip, quadratic_kappa
from labelschool.quality import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)

SEED = 1960
TOLERANCE = 1e-6
LIBRARIES = (
    "sklearn", "statsmodels", "krippendorff", "simpledorff", "nltk", "pingouin", "irrCAC",
    "crowdkit", "torchmetrics", "skll",
)  # fmt: skip
"""Packages that have one of the coefficients ready."""


# The judge --------------------------------------------------------------------------------------


def judge(
    arguments: Sequence[Any], outcome: Outcome, *, function: str, right: Callable[..., float]
) -> str:
    """What is wrong with the outcome of one call; nothing where it is right."""
    wanted, given = right(*arguments), outcome.value
    if wrong := ended(outcome):
        return f"{wrong}{_at_the_edge(wanted)}"
    if not is_number(given):
        return "it has to return a plain number: float(...)."
    if _alike(given, wanted):
        return ""
    if math.isnan(wanted):
        return f"you return {given:g} where no value can be told.{_at_the_edge(wanted)}"
    slip = next((s for s in SLIPS[function] if _made(s, given, arguments)), None)
    if slip:
        return slip.sentence
    if wanted == 1 and function == "gwet_ac1":
        return (
            "all labels are of one class of several. AC1 can tell this from chance: its value is 1."
        )
    if math.isnan(given):
        return "you return nan where there is a value. Is only 0/0 nan?"
    return "not what the formula gives. Try it on the worked example of the lesson."


def _at_the_edge(wanted: float) -> str:
    return (
        " All labels are of one class, or nothing has two labels: 0/0. Return nan."
        if math.isnan(wanted)
        else ""
    )


def _alike(given: float, wanted: float) -> bool:
    return abs(given - wanted) <= TOLERANCE or (math.isnan(given) and math.isnan(wanted))


def _made(slip: Slip, given: float, arguments: Sequence[Any]) -> bool:
    try:
        with np.errstate(all="ignore"):
            return _alike(given, slip.value(*arguments)) and not math.isnan(given)
    except ZeroDivisionError:
        return False


@dataclass(frozen=True)
class FromScratch(Group):
    """A group for an answer that computes by itself what a package would have ready."""

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What is wrong first; an answer that imports the coefficient is told so."""
        if name := _library(answer):
            return judgement(
                f"your answer imports {name}, which has the coefficient ready. Compute it "
                "yourself; numpy and pandas are welcome."
            )
        return super().judged(answer, seconds)


def _library(answer: Path) -> str:
    """The first of `LIBRARIES` that an answer imports or names."""
    try:
        tree = ast.parse(answer.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module)):
                found = [module]
            case ast.Constant(value=str(text)):
                found = [text]
            case _:
                continue
        for name in found:
            if (top := name.split(".")[0]) in LIBRARIES:
                return top
    return ""


# Calls ------------------------------------------------------------------------------------------


def _pair(chance: random.Random, n: int, labels: Labels, copied: float = 0.6) -> list[list[Any]]:
    """Two lists of labels with margins of their own; the second copies a share of the first."""
    first = chance.choices(labels, [3**-k for k in range(len(labels))], k=n)
    drawn = chance.choices(labels, [2**-k for k in range(len(labels))][::-1], k=n)
    return [
        first,
        [a if chance.random() < copied else b for a, b in zip(first, drawn, strict=True)],
    ]


def _table(chance: random.Random, items: int, raters: int, classes: int) -> list[list[int]]:
    """Items x classes: raters who mostly see the class of an item, the first class often."""
    table = []
    for _ in range(items):
        seen = min(chance.randrange(classes) for _ in range(2))
        labels = [
            seen if chance.random() < 0.6 else chance.randrange(classes) for _ in range(raters)
        ]
        table.append([labels.count(k) for k in range(classes)])
    return table


def _ratings(
    chance: random.Random, raters: int, items: int, labels: Labels, missing: float = 0.0
) -> list[list[Any]]:
    """Raters x items: each near a place of the item, some missing; one item has a single label."""
    truth = [chance.randrange(len(labels)) for _ in range(items)]
    table = []
    for _ in range(raters):
        places = [min(max(t + chance.choice((-1, 0, 0, 0, 1)), 0), len(labels) - 1) for t in truth]
        table.append([None if chance.random() < missing else labels[p] for p in places])
    if missing:
        for row in table:
            row[0], row[1] = None, labels[0] if row is table[0] else None
            row[2] = labels[-1]
    return table


def _calls() -> dict[str, tuple[Sequence[Any], ...]]:
    chance = random.Random(SEED)
    pair, table, ratings = (partial(make, chance) for make in (_pair, _table, _ratings))
    names = ("car", "van", "bus", "tram")
    return {
        "cohen": (pair(30, names[:2]), pair(50, names), pair(80, (1, 2, 3)), pair(60, names, 0)),
        "cohen ends": (
            (["car", "van", "car", "bus"], ["car", "van", "car", "bus"]),
            (["car", "car", "van", "van"], ["car", "van", "car", "van"]),
            (["car", "van", "car", "van", "van"], ["van", "car", "van", "car", "car"]),
            (["car"] * 6, ["van"] * 6),
            (["car"] * 6, ["car"] * 6),
            pair(40, names[:3]),
        ),
        "fleiss": ([table(20, 14, 5)], [table(50, 3, 4)], [table(40, 2, 3)]),
        "fleiss ends": (
            [[[4, 0], [0, 4], [4, 0]]],
            [[[1, 1], [1, 1], [1, 1]]],
            [[[3, 0], [3, 0]]],
            [table(12, 5, 3)],
        ),
        "alpha": (
            (ratings(2, 20, names), "nominal"),
            (ratings(4, 15, (0, 1)), "nominal"),
            ([["car", "van", "bus"], ["car", "van", "bus"]], "nominal"),
        ),
        "alpha missing": (
            (ratings(3, 16, names, 0.3), "nominal"),
            (ratings(5, 30, (1, 2, 3), 0.5), "nominal"),
            ([["car", None, "van", None], [None, "bus", None, "van"]], "nominal"),
        ),
        "alpha ordinal": (
            (ratings(3, 20, (1, 2, 3, 4, 5)), "ordinal"),
            (ratings(4, 25, (1, 2, 5, 9), 0.3), "ordinal"),
            ([[1, 2, 2, None], [1, 2, 3, 3], [None, 2, 3, 3]], "ordinal"),
        ),
        "alpha interval": (
            (ratings(3, 20, (0.5, 1.5, 4.0)), "interval"),
            (ratings(4, 25, (-3, 0, 1, 10), 0.3), "interval"),
            ([[2, 2, None], [2, 2, 2]], "interval"),
        ),
        "ac1": (
            [_of_two(80, 10, 5, 5)],
            [table(30, 4, 4)],
            [[[*row, 0] for row in table(25, 3, 3)]],
            [[[3, 0, 0], [3, 0, 0]]],
        ),
        "quadratic": (
            pair(40, (0, 1, 2, 3, 4), 0.5),
            pair(60, (1, 2, 5), 0.4),
            ([1, 2, 3], [3, 2, 1]),
            ([1, 3, 5], [1, 3, 5]),
            ([2, 2, 2], [2, 2, 2]),
        ),
    }


def _of_two(*cells: int) -> list[list[int]]:
    """Items x classes of two annotators from the four cells of their table."""
    rows = ([2, 0], [1, 1], [1, 1], [0, 2])
    return [row for row, times in zip(rows, cells, strict=True) for _ in range(times)]


def _group(name: str, calls: str, right: Callable[..., float], function: str = "") -> FromScratch:
    function = function or right.__name__
    return FromScratch(name, function, CALLS[calls], partial(judge, function=function, right=right))


CALLS = _calls()
SUITE = (
    _group("Cohen's kappa", "cohen", cohen_kappa),
    _group("Cohen's kappa: perfect, chance, one class", "cohen ends", cohen_kappa),
    _group("Fleiss' kappa", "fleiss", fleiss_kappa),
    _group("Fleiss' kappa: perfect, split, one class", "fleiss ends", fleiss_kappa),
    _group("Alpha of complete tables", "alpha", krippendorff_alpha),
    _group("Alpha with missing labels", "alpha missing", krippendorff_alpha),
    _group("Alpha of ordered levels", "alpha ordinal", krippendorff_alpha),
    _group("Alpha of numbers", "alpha interval", krippendorff_alpha),
    _group("AC1", "ac1", gwet_ac1),
    _group("Quadratic kappa", "quadratic", quadratic_kappa, "quadratic_kappa"),
)
