# SPDX-License-Identifier: GPL-3.0-or-later
"""Trucks and parcel vans: extruded side views with windows laid on.

Metres; the front points to +x. A truck has a cargo body of its own, a parcel van has not.
"""

from __future__ import annotations

import kit
import materials
from coachwork import arches_and_wheels, lamps, mirrors, pane, side_pane


def cab(front_x, length, width, bottom, top, material):
    """Cab-over-engine driver's cab with windscreen, side windows, grille and steps."""
    rear_x, belt = front_x - length, bottom + (top - bottom) * 0.52
    profile = [
        (rear_x, bottom),
        (front_x - 0.04, bottom),
        (front_x, bottom + 0.25),
        (front_x - 0.03, belt),
        (front_x - 0.30, top - 0.12),
        (front_x - 0.5, top),
        (rear_x, top),
    ]
    glass, dark = materials.car_glass(), materials.dark_plastic()
    parts = [kit.extrude_profile("cab", profile, width, material, 0.06)]
    parts.append(pane(profile[3], profile[4], width * 0.9, glass, 0.04, 0.02))
    window = [
        (rear_x + 0.3, belt - 0.02),
        (front_x - 0.18, belt - 0.1),
        (front_x - 0.40, top - 0.28),
        (rear_x + 0.3, top - 0.28),
    ]
    parts += side_pane(window, width, glass)
    parts.append(
        kit.box(
            "grille", (front_x + 0.01, 0, bottom + 0.42), (0.06, width * 0.55, 0.36), dark, 0.02
        )
    )
    parts.append(
        kit.box(
            "bumper", (front_x - 0.05, 0, bottom - 0.04), (0.24, width * 0.98, 0.26), dark, 0.05
        )
    )
    for side in (-1, 1):
        parts.append(
            kit.box(
                "door_gap",
                (rear_x + 0.2, side * (width / 2 + 0.003), (bottom + belt) / 2),
                (0.02, 0.012, belt - bottom),
                dark,
            )
        )
        parts.append(
            kit.box(
                "handle",
                (rear_x + 0.35, side * (width / 2 + 0.02), belt - 0.14),
                (0.18, 0.03, 0.04),
                dark,
            )
        )
    return parts


def truck_mesh(
    length=7.2,
    cab_length=1.75,
    body_height=3.3,
    body_name="cargo_white",
    body_color=(0.72, 0.72, 0.7),
):
    """Box truck: cab and a separate cargo body with a clear gap between the two."""
    width, front_x, radius = 2.3, length / 2, 0.45
    rear_x, dark = front_x - length, materials.dark_plastic()
    cargo = materials.plain(
        body_name, body_color, 0.55, variation=0.12, variation_scale=1.1, bump=0.05, bump_scale=4
    )
    gap_x = front_x - cab_length - 0.22
    parts = cab(front_x, cab_length, width - 0.15, 0.55, 2.45, materials.car_paint())
    parts.append(
        kit.box(
            "cargo",
            ((gap_x + rear_x) / 2, 0, (1.0 + body_height) / 2),
            (gap_x - rear_x, width, body_height - 1.0),
            cargo,
            0.025,
        )
    )
    parts.append(kit.box("chassis", (-0.3, 0, 0.75), (length * 0.94, 0.9, 0.3), dark))
    for z in (1.02, body_height - 0.03):
        parts.append(
            kit.box(
                "rail",
                ((gap_x + rear_x) / 2, 0, z),
                (gap_x - rear_x + 0.02, width + 0.03, 0.07),
                materials.alloy(),
            )
        )
    for side in (-1, 1):
        parts.append(
            kit.box(
                "guard",
                ((gap_x + rear_x) / 2, side * (width / 2 - 0.05), 0.68),
                ((gap_x - rear_x) * 0.42, 0.05, 0.28),
                materials.alloy(),
            )
        )
        parts.append(
            kit.box(
                "rear_post",
                (rear_x - 0.01, side * (width / 2 - 0.04), (1 + body_height) / 2),
                (0.05, 0.08, body_height - 1),
                materials.alloy(),
            )
        )
    parts.append(
        kit.box(
            "door_split",
            (rear_x - 0.005, 0, (1 + body_height) / 2),
            (0.02, 0.03, body_height - 1.1),
            dark,
        )
    )
    parts.append(kit.box("underrun", (rear_x + 0.05, 0, 0.55), (0.1, width * 0.9, 0.14), dark))
    parts += lamps(front_x, rear_x, width, 0.72, 0.82) + mirrors(front_x - 0.35, width - 0.15, 1.85)
    parts += arches_and_wheels((front_x - 1.05, rear_x + 1.6), width, radius)
    return kit.join(parts, "truck")


def flatbed_mesh():
    """Flatbed truck with drop sides and a load of crates under the rim."""
    length, width = 6.2, 2.15
    front_x, rear_x = length / 2, -length / 2
    dark, wood = (
        materials.dark_plastic(),
        materials.plain("planks", (0.25, 0.15, 0.07), 0.8, variation=0.25, variation_scale=2),
    )
    side_metal = materials.plain("drop_side", (0.42, 0.43, 0.42), 0.5, metallic=0.4, variation=0.1)
    parts = cab(front_x, 1.7, width - 0.1, 0.5, 2.25, materials.car_paint())
    parts.append(kit.box("floor", (-0.95, 0, 1.0), (4.2, width, 0.1), wood))
    for side in (-1, 1):
        parts.append(
            kit.box(
                "drop_side", (-0.95, side * width / 2, 1.22), (4.2, 0.05, 0.42), side_metal, 0.01
            )
        )
    for x in (1.13, rear_x + 0.03):
        parts.append(
            kit.box(
                "end_board",
                (x, 0, 1.22 if x < 0 else 1.45),
                (0.06, width, 0.42 if x < 0 else 0.9),
                side_metal,
                0.01,
            )
        )
    for x, y, size in ((0.2, -0.3, 0.9), (-0.9, 0.35, 0.8), (-2.0, -0.1, 1.0)):
        parts.append(kit.box("crate", (x, y, 1.05 + size / 2), (size, size, size), wood, 0.02))
    parts.append(kit.box("chassis", (-0.3, 0, 0.75), (length * 0.92, 0.8, 0.28), dark))
    parts += lamps(front_x, rear_x, width, 0.66, 0.78) + mirrors(front_x - 0.35, width - 0.1, 1.7)
    parts += arches_and_wheels((front_x - 1.0, rear_x + 1.35), width, 0.4)
    return kit.join(parts, "flatbed")


def parcel_van_mesh():
    """Walk-through parcel van: one tall body without a separate cargo box.

    From behind it looks like a truck.
    """
    length, width, top = 6.1, 2.1, 2.75
    front_x, rear_x, glass, dark = (
        length / 2,
        -length / 2,
        materials.car_glass(),
        materials.dark_plastic(),
    )
    profile = [
        (rear_x, 0.45),
        (front_x - 0.1, 0.45),
        (front_x, 0.7),
        (front_x - 0.08, 1.15),
        (front_x - 0.55, 1.35),
        (front_x - 0.95, 2.45),
        (front_x - 1.2, top),
        (rear_x, top),
    ]
    parts = [kit.extrude_profile("shell", profile, width, materials.car_paint(), 0.08)]
    parts.append(pane(profile[4], profile[5], width * 0.86, glass, 0.06, 0.02))
    parts += side_pane(
        [(front_x - 1.65, 1.4), (front_x - 0.75, 1.4), (front_x - 1.0, 2.2), (front_x - 1.65, 2.2)],
        width,
        glass,
    )
    parts.append(kit.box("door_split", (rear_x - 0.005, 0, 1.6), (0.02, 0.03, 2.0), dark))
    for side in (-1, 1):
        parts.append(
            kit.box("rear_window", (rear_x - 0.008, side * 0.5, 2.1), (0.02, 0.55, 0.45), glass)
        )
        parts.append(
            kit.box("trim", (-0.6, side * (width / 2 + 0.005), 1.0), (4.4, 0.02, 0.1), dark)
        )
    parts.append(kit.box("grille", (front_x, 0, 0.85), (0.06, width * 0.5, 0.24), dark, 0.02))
    parts += lamps(front_x - 0.02, rear_x, width, 0.88, 0.95) + mirrors(front_x - 0.95, width, 1.7)
    parts += arches_and_wheels((front_x - 1.0, rear_x + 1.4), width, 0.38)
    return kit.join(parts, "parcel_van")
