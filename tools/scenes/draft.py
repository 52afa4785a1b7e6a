"""A picture in the making: the street, the camera, the rows so far and where there is room."""

from __future__ import annotations

import dataclasses
import random

from layouts import CARRIER_DECK, LAYOUTS
from sketch import View, paint, resolve, shape_of

CARS = ("sedan", "hatchback", "estate", "suv")
PEOPLE = ("walk", "walk", "walk", "stand", "phone")
COLORS = (
    "white",
    "silver",
    "grey",
    "black",
    "red",
    "dark_red",
    "blue",
    "light_blue",
    "green",
    "yellow",
    "orange",
    "beige",
    "brown",
)
DRIFT = {"occluded_20": 0.12, "occluded_50": 0.14, "occluded_80": 0.07}
"""How much the hidden share of a placed row may change by rows that come later."""
GAP_ALONG, GAP_ACROSS = 0.5, 0.25
"""Least distance of two footprints in metres."""


class NoRoom(Exception):
    """A situation finds no place in this draft."""


class Draft:
    """Rows in a street before a camera.

    ``deck`` is the height at which a carried car stands; ``crossing`` is the along position of a
    side street or None.
    """

    deck = CARRIER_DECK

    def __init__(self, layout: str, overrides: dict, camera: dict, light: str, size, seed: str):
        settings = {k: tuple(v) if isinstance(v, list) else v for k, v in overrides.items()}
        self.street = dataclasses.replace(LAYOUTS[layout], **settings)
        self.view, self.light, self.crossing = (
            View(self.street, camera, size),
            light,
            self.street.crossing,
        )
        self.chance = random.Random(seed)
        self.rows: list[dict] = []
        self._painted, self._seen = [], []
        self._paint = list(COLORS)

    # Places and things ------------------------------------------------------------------------

    def lane(self, side: int) -> float:
        """Middle of the driving lane of a side (+1 right, -1 left)."""
        return side * (2.5 if self.street.width >= 10 else self.street.width / 4)

    def parked(self, side: int) -> float:
        return side * (self.street.half - 1.05 + self.chance.uniform(-0.12, 0.12))

    def pavement(self, side: int) -> float:
        street = self.street
        return side * (street.half + self.chance.uniform(0.6, max(0.9, street.pavement - 0.7)))

    @staticmethod
    def place(across: float, along: float) -> list[float]:
        return [round(across, 2), round(along, 2)]

    def vehicle(self, kinds, across: float, along: float) -> dict:
        """A vehicle in the direction of its side, in a colour the picture does not have yet."""
        across += self.chance.uniform(-0.15, 0.15)
        row = {"kind": self.chance.choice(kinds), "at": self.place(across, along)}
        if across < 0:
            row["facing"] = "towards"
        return row | {"color": self._paint[self.chance.randrange(6)]}

    def person(self, across: float, along: float) -> dict:
        return {
            "kind": self.chance.choice(PEOPLE),
            "at": self.place(across, along),
            "variant": self.chance.randrange(22),
            "facing": self.chance.choice(("away", "towards", "towards", "left", "right")),
            "turn": round(self.chance.uniform(-30, 30)),
        }

    def cyclist(self, side: int, along: float) -> dict:
        across = side * (self.street.half - self.chance.uniform(0.9, 2.4))
        return {
            "kind": "cyclist",
            "at": self.place(across, along),
            "variant": self.chance.randrange(6),
            "facing": "away" if side > 0 else "towards",
        }

    # Fitting ----------------------------------------------------------------------------------

    def look(self, rows: list[dict]):
        """What shows of new rows, or None if they collide or spoil what stands already."""
        if any(self._collides(row, others) for row, others in self._pairs(rows)):
            return None
        seen = resolve(self._painted + [paint(self.view, row) for row in rows])
        for row, old, new in zip(self.rows, self._seen, seen, strict=False):
            if old is None or new is None:
                continue
            if new.hidden > _most_hidden(row, old):
                return None
        return seen[len(self.rows) :]

    def add(self, rows: list[dict]):
        self.rows += rows
        self._painted += [paint(self.view, row) for row in rows]
        self._seen = resolve(self._painted)
        for row in rows:
            if row.get("color") in self._paint:
                self._paint.remove(row["color"])
                self._paint.append(row["color"])

    def shuffle_paint(self):
        self.chance.shuffle(self._paint)

    def _pairs(self, rows):
        for index, row in enumerate(rows):
            yield row, self.rows + rows[:index]

    def _collides(self, row, others) -> bool:
        return any(
            row["kind"] != "puddle"
            and other["kind"] != "puddle"
            and "height" not in row
            and _overlap(footprint(row), footprint(other))
            for other in others
        )


def _most_hidden(row, seen):
    """How much of a placed row later rows may leave hidden."""
    if row["kind"] == "crowd":
        return 0.03
    if "edge" in row:
        return seen.hidden + min(DRIFT.get(name, 0.08) for name in row["edge"])
    return max(seen.hidden, 0.3 if "color" in row or "variant" not in row else 0.12)


def footprint(row):
    """(left, right, near, far) of what a row covers on the street."""
    across, along = row["at"]
    if row["kind"] == "crowd":
        wide, deep = row["spread"]
        return across - wide / 2, across + wide / 2, along, along + deep
    if row["kind"] == "shop_glass":
        return across - 0.3, across + 0.3, along - 3, along + 3
    if row["kind"] == "puddle":
        return across, across, along, along
    (length, width, _), _ = shape_of(row)
    if row.get("facing") in ("left", "right"):
        length, width = width, length
    return across - width / 2, across + width / 2, along - length / 2, along + length / 2


def _overlap(first, second) -> bool:
    return (
        first[0] < second[1] + GAP_ACROSS
        and second[0] < first[1] + GAP_ACROSS
        and first[2] < second[3] + GAP_ALONG
        and second[2] < first[3] + GAP_ALONG
    )
