# SPDX-License-Identifier: GPL-3.0-or-later
"""Car trailers. Metres; the draw bar points to +x."""

from __future__ import annotations

import kit
import materials
from vehicles import wheel


def trailer_mesh(covered: bool):
    """Small two-wheel car trailer; ``covered`` adds a tarpaulin body. The draw bar points to +x."""
    length, width, dark = 2.6, 1.5, materials.dark_plastic()
    metal = materials.plain("trailer_metal", (0.38, 0.39, 0.4), 0.45, metallic=0.5, variation=0.12)
    parts = [kit.box("floor", (0, 0, 0.55), (length, width, 0.08), metal)]
    for side in (-1, 1):
        parts.append(kit.box("side", (0, side * width / 2, 0.77), (length, 0.04, 0.4), metal, 0.01))
        parts.append(kit.box("end", (side * length / 2, 0, 0.77), (0.04, width, 0.4), metal, 0.01))
        parts += wheel(-0.1, side * (width / 2 + 0.12), 0.29, width=0.16)
        parts.append(
            kit.box(
                "mudguard", (-0.1, side * (width / 2 + 0.12), 0.62), (0.75, 0.2, 0.05), dark, 0.02
            )
        )
        parts.append(
            kit.box(
                "tail_lamp",
                (-length / 2 - 0.03, side * 0.6, 0.5),
                (0.05, 0.2, 0.1),
                materials.tail_lamp(),
            )
        )
        parts.append(
            kit.tube(
                "draw_bar",
                (length / 2, side * 0.5, 0.5),
                (length / 2 + 1.1, 0, 0.5),
                0.035,
                0.035,
                metal,
                sides=6,
            )
        )
    parts.append(
        kit.box("plate", (-length / 2 - 0.03, 0, 0.5), (0.02, 0.5, 0.11), materials.number_plate())
    )
    if covered:
        tarpaulin = materials.plain("tarpaulin", (0.04, 0.10, 0.22), 0.7, bump=0.6, bump_scale=3)
        profile = [
            (-length / 2, 0.95),
            (length / 2, 0.95),
            (length / 2, 1.65),
            (length / 2 - 0.25, 1.8),
            (-length / 2, 1.8),
        ]
        parts.append(kit.extrude_profile("tarpaulin", profile, width + 0.03, tarpaulin, 0.06))
    else:
        load = materials.plain(
            "garden_load", (0.10, 0.13, 0.05), 0.9, bump=1.0, bump_scale=5, variation=0.4
        )
        parts.append(kit.box("load", (0, 0, 0.95), (length * 0.9, width * 0.88, 0.45), load, 0.2))
    return kit.join(parts, "trailer_box" if covered else "trailer_open")
