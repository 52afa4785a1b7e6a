# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery truck that carries a car. Metres; the front points to +x."""

from __future__ import annotations

import kit
import materials
from coachwork import arches_and_wheels, lamps, mirrors
from layouts import CARRIER_DECK
from trucks import cab


def carrier_mesh():
    """Truck with a flat deck of 5.9 m behind its cab and a low rail on both sides."""
    length, width, front_x = 8.2, 2.3, 4.1
    rear_x, deck_x = front_x - length, front_x - 2.3
    dark, middle = materials.dark_plastic(), (deck_x + rear_x) / 2
    steel = materials.plain("deck_steel", (0.3, 0.31, 0.32), 0.5, metallic=0.5, variation=0.15)
    parts = cab(front_x, 1.8, width - 0.1, 0.5, 2.3, materials.car_paint())
    parts.append(
        kit.box("deck", (middle, 0, CARRIER_DECK - 0.06), (deck_x - rear_x, width, 0.12), steel)
    )
    parts.append(kit.box("headboard", (deck_x + 0.1, 0, 1.5), (0.12, width, 1.1), steel, 0.02))
    parts.append(kit.box("chassis", (-0.2, 0, 0.7), (length * 0.9, 0.9, 0.34), dark))
    for side in (-1, 1):
        y = side * (width / 2 - 0.03)
        parts.append(
            kit.box("rail", (middle, y, CARRIER_DECK + 0.06), (deck_x - rear_x, 0.06, 0.14), steel)
        )
        parts.append(kit.box("ramp", (rear_x - 0.1, side * 0.7, 0.95), (0.08, 0.5, 0.7), steel))
    beacon = materials.plain("beacon", (0.6, 0.25, 0.02), 0.3, emission=(1, 0.4, 0.02))
    parts.append(kit.box("beacon", (front_x - 0.9, 0, 2.38), (0.22, 1.1, 0.14), beacon, 0.03))
    parts += lamps(front_x, rear_x, width, 0.66, 0.74) + mirrors(front_x - 0.35, width - 0.1, 1.7)
    parts += arches_and_wheels((front_x - 1.05, rear_x + 1.5), width, 0.4)
    return kit.join(parts, "carrier")
