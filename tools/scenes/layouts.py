"""Streets as coordinate systems.

Positions are (across, along) in metres: ``across`` from the centre line, right positive; ``along``
the road from the camera's zero line, following the bend. The camera looks towards growing
``along``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PAVEMENT_HEIGHT = 0.13
CARRIER_DECK = 1.02
"""Height of the deck on which a recovery truck carries a car."""


@dataclass(frozen=True)
class Street:
    """Layout of a street.

    Widths and lengths in metres, ``bend`` in 1/m (positive bends to the right).
    """

    width: float = 11.0
    pavement: float = 4.2
    bend: float = 0.0
    bend_start: float = 18.0
    length: float = 125.0
    left: str = "town"
    right: str = "town"
    end: str = "town"
    centre_line: bool = True
    parking_lines: bool = False
    crossing: float | None = None
    trees: tuple[str, ...] = ("left", "right")
    lamps: tuple[str, ...] = ("left", "right")

    @property
    def half(self) -> float:
        return self.width / 2

    def pose(self, across: float, along: float):
        """World x, y and the heading (radians around z) of the driving direction at a street
        position.
        """
        if not self.bend or along <= self.bend_start:
            return across, along, math.pi / 2
        angle, radius = (along - self.bend_start) * self.bend, 1 / self.bend
        return (
            radius - (radius - across) * math.cos(angle),
            self.bend_start + (radius - across) * math.sin(angle),
            math.pi / 2 - angle,
        )

    def across_of(self, x: float, y: float) -> float:
        """The across position of a world point, the inverse of ``pose``."""
        if not self.bend or y <= self.bend_start:
            return x
        radius = 1 / self.bend
        return radius - math.copysign(math.hypot(radius - x, y - self.bend_start), radius)

    def surface_height(self, across: float) -> float:
        return PAVEMENT_HEIGHT if abs(across) > self.half else 0.0


LAYOUTS = {
    "town": Street(),
    "town_wide": Street(width=13.5, pavement=5.0, parking_lines=True, end="trees"),
    "town_left_bend": Street(width=10.5, bend=-0.011),
    "town_right_bend": Street(width=11.5, bend=0.010),
    "lane": Street(
        width=7.0, pavement=2.6, bend=-0.008, centre_line=False, trees=(), lamps=("right",)
    ),
    "suburb": Street(
        width=8.5,
        pavement=2.4,
        left="houses",
        right="houses",
        end="trees",
        bend=0.007,
        centre_line=False,
        trees=("left",),
    ),
    "suburb_straight": Street(
        width=9.0, pavement=2.6, left="houses", right="houses", end="trees", lamps=("right",)
    ),
    "park_left": Street(
        width=10.5, left="park", right="town", end="trees", bend=0.008, lamps=("right",)
    ),
    "park_right": Street(
        width=10.0,
        left="houses",
        right="park",
        end="trees",
        bend=-0.009,
        trees=("right",),
        lamps=("left",),
    ),
    "square": Street(
        width=12.5, pavement=6.0, left="town", right="park", end="town", trees=("right",)
    ),
    "boulevard": Street(width=15.0, pavement=5.4, parking_lines=True, end="trees"),
    "old_town": Street(
        width=8.4, pavement=3.2, bend=0.012, centre_line=False, trees=(), lamps=("left",)
    ),
    "old_town_left_bend": Street(
        width=9.0, pavement=3.6, bend=-0.013, centre_line=False, trees=("right",), lamps=("right",)
    ),
    "suburb_left_bend": Street(
        width=9.2,
        pavement=2.6,
        left="houses",
        right="houses",
        end="trees",
        bend=-0.008,
        trees=("right",),
        lamps=("left",),
    ),
    "garden_town": Street(
        width=10.5, pavement=3.8, left="houses", right="town", end="trees", lamps=("left",)
    ),
    "parkway": Street(width=11.5, pavement=3.4, left="park", right="park", end="trees", bend=0.006),
    "park_straight": Street(
        width=12.0, pavement=4.6, left="town", right="park", end="town", trees=("left",)
    ),
}
