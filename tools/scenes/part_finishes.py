# SPDX-License-Identifier: GPL-3.0-or-later
"""Surfaces that many objects share."""

from __future__ import annotations

import materials
from part_shapes import tinted


def gloss(color, roughness=0.25):
    """Glazed or painted, and shiny."""
    return tinted(f"glaze_{roughness}", color, roughness, coat=0.4)


def cloth(color):
    """Finely woven."""
    return tinted("cloth", color, 0.9, bump=0.07, bump_scale=260, variation=0.08)


def steel():
    """Polished metal."""
    return materials.plain("steel", (0.55, 0.56, 0.58), 0.25, metallic=1.0)


def black():
    """Black plastic."""
    return materials.plain("black_plastic", (0.016, 0.016, 0.018), 0.4)
