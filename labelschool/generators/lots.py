"""Lots of labels as a vendor delivers them, and audits of deliveries, by seed.

A row of a lot is ``{"id", "hour", "annotator", "class", "defect"}``, in the order in which labels
were made. Three things are built in that a careless sample misses: in the first hours a lead looks
on and hardly anything is wrong; one class is rare and hard; one annotator is worse than the rest.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLASSES = {"car": 0.62, "person": 0.22, "van": 0.11, "cyclist": 0.05}
"""Class -> its share of a lot."""
ANNOTATORS = ("Ada", "Bea", "Cem", "Dan", "Eva")
HARD, HARDER = "cyclist", 3.0
"""The class in which a defect is so many times as likely."""
WORST, WORSE = "Dan", 2.0
HOURS, WATCHED, CALM = 8.0, 1.6, 0.1
"""Hours of a day; those in which the lead looks on; by what this multiplies the defects."""

Row = dict[str, Any]


def lot(seed: int, rate: float, size: int = 900) -> list[Row]:
    """A lot of `size` labels with a share of defects of `rate`, exact to a label, in time order."""
    rng = random.Random(seed)
    hours = sorted(rng.uniform(0, HOURS) for _ in range(size))
    rows = [
        {
            "id": number,
            "hour": round(hour, 2),
            "annotator": rng.choice(ANNOTATORS),
            "class": rng.choices(list(CLASSES), list(CLASSES.values()))[0],
            "defect": False,
        }
        for number, hour in enumerate(hours, start=1000)
    ]
    weights = {row["id"]: _weight(row) for row in rows}
    # Drawn without replacement in proportion to the weights (Efraimidis and Spirakis 2006).
    ranked = sorted(rows, key=lambda row: rng.random() ** (1 / weights[row["id"]]), reverse=True)
    for row in ranked[: round(rate * size)]:
        row["defect"] = True
    return rows


def _weight(row: Row) -> float:
    weight = HARDER if row["class"] == HARD else 1.0
    weight *= WORSE if row["annotator"] == WORST else 1.0
    return weight * (CALM if row["hour"] < WATCHED else 1.0)


SIX = {"A": 0.005, "B": 0.13, "C": 0.004, "D": 0.12, "E": 0.14, "F": 0.006}
"""The six lots of exercise 3.E and their shares of defects."""


def six(seed: int = 3005) -> dict[str, list[Row]]:
    """Six lots by name: some are far better than 1 % of defects, some far worse than 6 %."""
    return {
        name: lot(seed + place, rate, size=700 + 60 * place)
        for place, (name, rate) in enumerate(SIX.items())
    }


# Audited deliveries -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delivery:
    """How many labels of each class a delivery holds, and what was found in those audited.

    A row of `audits` is ``{"annotator", "class", "defect"}``. As many were drawn of a small class
    as of a large one, so that each can be judged.
    """

    sizes: Mapping[str, int]
    audits: tuple[Row, ...]


def delivery(
    seed: int, rates: Mapping[str, float], *, size: int = 12_000, each: int = 150
) -> Delivery:
    """A delivery in which `each` labels of every class were audited, with the share of defects in
    `rates`, exact to a label; a class without a rate was not audited.
    """
    rng = random.Random(seed)
    audits = [
        {"annotator": rng.choice(ANNOTATORS), "class": name, "defect": number < round(each * rate)}
        for name, rate in rates.items()
        for number in range(each)
    ]
    rng.shuffle(audits)
    return Delivery({name: round(size * share) for name, share in CLASSES.items()}, tuple(audits))
