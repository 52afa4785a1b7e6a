# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows, lamps, mirrors and wheel arches of large vehicles. Metres; the front points to +x."""

from __future__ import annotations

import kit
import materials
from vehicles import wheel


def pane(lower, upper, width, material, inset=0.06, lift=0.012):
    """Flat pane across the vehicle on the sloping edge from ``lower`` to ``upper``, both (x, z)."""
    run, rise = upper[0] - lower[0], upper[1] - lower[1]
    size = (run * run + rise * rise) ** 0.5
    outward = (rise / size * lift, -run / size * lift)
    points = []
    for share in (inset, 1 - inset):
        points.append((lower[0] + run * share + outward[0], lower[1] + rise * share + outward[1]))
    half = width / 2
    corners = [
        (points[0][0], -half, points[0][1]),
        (points[0][0], half, points[0][1]),
        (points[1][0], half, points[1][1]),
        (points[1][0], -half, points[1][1]),
    ]
    return kit.quad("pane", corners, material)


def side_pane(points, width, material):
    """The same pane, (x, z) points in order, on both sides of the vehicle."""
    parts = []
    for side in (-1, 1):
        order = points if side < 0 else points[::-1]
        parts.append(
            kit.mesh_object(
                "pane",
                [(x, side * (width / 2 + 0.012), z) for x, z in order],
                [tuple(range(len(order)))],
                [material],
            )
        )
    return parts


def lamps(front_x, rear_x, width, front_z, rear_z):
    """Head lamps with dark frames, tail lamps and number plates."""
    parts = []
    for side in (-1, 1):
        y = side * (width / 2 - 0.3)
        parts.append(
            kit.box(
                "lamp_frame",
                (front_x - 0.01, y, front_z),
                (0.08, 0.48, 0.24),
                materials.dark_plastic(),
                0.03,
            )
        )
        parts.append(
            kit.box(
                "head_lamp",
                (front_x + 0.02, y, front_z),
                (0.08, 0.38, 0.16),
                materials.head_lamp(),
                0.03,
            )
        )
        parts.append(
            kit.box(
                "tail_lamp",
                (rear_x, side * (width / 2 - 0.16), rear_z),
                (0.08, 0.2, 0.36),
                materials.tail_lamp(),
                0.02,
            )
        )
    parts.append(
        kit.box(
            "front_plate",
            (front_x + 0.03, 0, front_z - 0.28),
            (0.02, 0.5, 0.11),
            materials.number_plate(),
        )
    )
    parts.append(
        kit.box(
            "rear_plate",
            (rear_x - 0.03, 0, rear_z - 0.25),
            (0.02, 0.5, 0.11),
            materials.number_plate(),
        )
    )
    return parts


def mirrors(x, width, z):
    """Large outside mirrors on arms."""
    parts = []
    for side in (-1, 1):
        parts.append(
            kit.box(
                "mirror",
                (x, side * (width / 2 + 0.2), z),
                (0.1, 0.2, 0.42),
                materials.dark_plastic(),
                0.03,
            )
        )
        parts.append(
            kit.tube(
                "arm",
                (x, side * width / 2, z + 0.2),
                (x, side * (width / 2 + 0.2), z + 0.18),
                0.02,
                0.02,
                materials.dark_plastic(),
                sides=6,
            )
        )
    return parts


def arches_and_wheels(axles, width, radius):
    """Dark half discs behind the wheels so that a flat side reads as a wheel arch, and the wheels
    themselves.
    """
    parts = []
    for x in axles:
        for side in (-1, 1):
            parts.append(
                kit.box(
                    "arch",
                    (x, side * (width / 2 - 0.08), radius + 0.06),
                    (radius * 2.5, 0.19, radius * 2.1),
                    materials.dark_plastic(),
                    radius * 0.45,
                )
            )
            parts += wheel(x, side * (width / 2 - 0.09), radius, width=0.26, spokes=8)
    return parts
