# SPDX-License-Identifier: GPL-3.0-or-later
"""City bus. Metres; the front points to +x."""

from __future__ import annotations

import kit
import materials
from coachwork import arches_and_wheels, lamps, mirrors, pane, side_pane


def bus_mesh():
    """Twelve-metre city bus with a window ribbon, doors on the right, roof unit and destination
    board.
    """
    length, width, top = 11.6, 2.5, 3.05
    front_x, rear_x, glass, dark = (
        length / 2,
        -length / 2,
        materials.car_glass(),
        materials.dark_plastic(),
    )
    profile = [
        (rear_x, 0.32),
        (front_x - 0.12, 0.32),
        (front_x, 0.55),
        (front_x - 0.05, 1.2),
        (front_x - 0.26, 2.72),
        (front_x - 0.45, top),
        (rear_x + 0.1, top),
        (rear_x, 2.85),
    ]
    light_band = materials.plain("bus_band", (0.68, 0.68, 0.66), 0.4, coat=0.6)
    parts = [kit.extrude_profile("shell", profile, width, materials.car_paint(), 0.12)]
    parts.append(
        pane((front_x - 0.06, 1.05), (front_x - 0.25, 2.6), width * 0.93, glass, 0.02, 0.03)
    )
    parts += side_pane(
        [(rear_x + 0.5, 1.35), (front_x - 0.35, 1.35), (front_x - 0.5, 2.5), (rear_x + 0.5, 2.5)],
        width,
        glass,
    )
    for side in (-1, 1):
        parts.append(
            kit.box(
                "band",
                (-0.1, side * (width / 2 + 0.004), 0.98),
                (length - 0.7, 0.02, 0.22),
                light_band,
            )
        )
        for index in range(7):
            parts.append(
                kit.box(
                    "divider",
                    (rear_x + 1.6 + index * 1.4, side * (width / 2 + 0.014), 1.92),
                    (0.09, 0.02, 1.15),
                    dark,
                )
            )
    for x in (front_x - 0.95, 0.35):
        parts.append(kit.box("doors", (x, -width / 2 - 0.012, 1.4), (1.25, 0.03, 2.05), glass))
        parts.append(kit.box("door_split", (x, -width / 2 - 0.03, 1.4), (0.05, 0.02, 2.05), dark))
    board = materials.plain(
        "destination_board", (0.01, 0.01, 0.01), 0.5, emission=(1, 0.5, 0.05), emission_strength=1.2
    )
    parts += [
        kit.box("frame", (front_x - 0.27, 0, 2.78), (0.06, 1.9, 0.3), dark),
        kit.box("board", (front_x - 0.23, 0, 2.78), (0.04, 1.2, 0.16), board),
        kit.box("rear_window", (rear_x - 0.01, 0, 2.25), (0.03, width * 0.72, 0.7), glass),
        kit.box("engine_grille", (rear_x - 0.01, 0, 1.1), (0.03, 1.4, 0.5), dark),
        kit.box("roof_unit", (0.8, 0, top + 0.12), (3.2, 1.7, 0.24), light_band, 0.08),
        kit.box("bumper", (front_x - 0.06, 0, 0.45), (0.2, width * 0.98, 0.26), dark, 0.05),
    ]
    parts += lamps(front_x - 0.02, rear_x, width, 0.78, 0.95) + mirrors(front_x - 0.1, width, 2.3)
    parts += arches_and_wheels((front_x - 2.6, rear_x + 3.1), width, 0.48)
    return kit.join(parts, "bus")
