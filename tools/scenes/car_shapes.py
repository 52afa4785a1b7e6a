# SPDX-License-Identifier: GPL-3.0-or-later
"""Side views of the passenger cars and panel vans. Metres."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CarShape:
    """Side view of a car.

    ``profile`` lists (share of the length from the front, height in m); ``windscreen``,
    ``rear_window`` and ``cabin`` are first and last index into it.
    """

    length: float
    width: float
    height: float
    belt_height: float
    profile: tuple[tuple[float, float], ...]
    windscreen: tuple[int, int] = (3, 4)
    rear_window: tuple[int, int] = (6, 7)
    cabin: tuple[int, int] = (3, 7)
    wheel_radius: float = 0.33
    ground_clearance: float = 0.22
    panel_van: bool = False


# fmt: off
CAR_SHAPES = {
    "sedan": CarShape(4.6, 1.82, 1.45, 0.93,
        ((0, .62), (.02, .72), (.10, .80), (.27, .93), (.42, 1.40),
         (.55, 1.45), (.68, 1.42), (.84, 1.03), (.96, 1.0), (1, .75))),
    "hatchback": CarShape(4.0, 1.76, 1.50, 0.95,
        ((0, .62), (.02, .74), (.10, .84), (.24, .96), (.40, 1.44),
         (.55, 1.5), (.80, 1.46), (.96, 1.02), (.985, .9), (1, .7))),
    "estate": CarShape(4.75, 1.83, 1.48, 0.94,
        ((0, .62), (.02, .73), (.10, .81), (.26, .94), (.40, 1.42),
         (.55, 1.48), (.86, 1.44), (.965, 1.02), (.985, .92), (1, .72))),
    "suv": CarShape(4.5, 1.88, 1.72, 1.08,
        ((0, .78), (.02, .92), (.10, 1.0), (.25, 1.1), (.37, 1.64),
         (.55, 1.72), (.86, 1.68), (.97, 1.15), (.99, 1.0), (1, .8)),
        wheel_radius=0.37, ground_clearance=0.28),
    "compact_van": CarShape(4.5, 1.85, 1.85, 1.10,
        ((0, .75), (.02, .88), (.08, .98), (.18, 1.12), (.33, 1.78),
         (.47, 1.85), (.95, 1.82), (.985, 1.1), (.995, .95), (1, .75)),
        cabin=(3, 5), panel_van=True),
    "panel_van": CarShape(5.4, 2.0, 2.35, 1.20,
        ((0, .8), (.02, .95), (.06, 1.08), (.14, 1.25), (.28, 2.15),
         (.40, 2.33), (.95, 2.35), (.985, 1.15), (.995, 1.0), (1, .8)),
        cabin=(3, 5), wheel_radius=0.36, ground_clearance=0.26, panel_van=True),
}
# fmt: on
