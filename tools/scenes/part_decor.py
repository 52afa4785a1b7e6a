# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that stand on a desk or hang on a door, built as in `part_objects`."""

from __future__ import annotations

import math
import random

import kit
import materials
from part_finishes import black, cloth, gloss, steel
from part_shapes import arc, blob, circle, leaves, moved, tinted, wire, wood


def hat(color):
    """A straw hat lying on its brim."""
    straw, band = wood("straw", color, grain=60), cloth((0.03, 0.04, 0.09))
    profile = [(0, 0.112), (0.05, 0.115), (0.078, 0.105), (0.088, 0.08), (0.094, 0.02)]
    profile += [(0.105, 0.01), (0.14, 0.004), (0.18, 0.008), (0.182, 0.006), (0.14, 0.0)]
    crown = kit.lathe("crown", profile, [straw], 64)
    for vertex in crown.data.vertices:
        angle = math.atan2(vertex.co.y, vertex.co.x)
        reach = math.hypot(vertex.co.x, vertex.co.y)
        vertex.co.z += max(0, reach - 0.11) * (0.22 + 0.22 * math.cos(2 * angle + 0.6))
        vertex.co.y *= 1.12
    ribbon = kit.lathe("ribbon", [(0.0925, 0.05), (0.0948, 0.048), (0.097, 0.019)], [band], 64)
    ribbon.scale = (1, 1.12, 1)
    return kit.join([crown, ribbon], "hat")


def plant(color):
    """A house plant with long narrow leaves in a pot."""
    clay = materials.plain("clay", (0.42, 0.17, 0.09), 0.85, variation=0.15, variation_scale=20)
    soil = materials.plain("soil", (0.03, 0.02, 0.014), 1.0, bump=0.8, bump_scale=120)
    green = tinted("leaf_green", color, 0.45, variation=0.35, variation_scale=6)
    profile = [(0, 0), (0.062, 0), (0.08, 0.115), (0.09, 0.116), (0.092, 0.145), (0.083, 0.146)]
    profile += [(0.08, 0.12)]
    chance, places = random.Random(17), []
    for step in range(26):
        angle = step * 2.4
        rise = chance.uniform(0.5, 2.2)
        direction = (math.cos(angle), math.sin(angle), rise)
        foot = (0.02 * math.cos(angle), 0.02 * math.sin(angle), 0.12)
        places.append((foot, direction, chance.uniform(0.2, 0.34)))
    parts = [
        kit.lathe("pot", profile, [clay], 48),
        kit.lathe("soil", [(0, 0.128), (0.082, 0.126)], [soil], 40),
        leaves("leaves", places, green, 0.13, 0.42),
    ]
    return kit.join(parts, "plant")


def wreath(color):
    """A wreath of leaves and berries in the x-z plane, 36 cm wide."""
    green = tinted("wreath_leaf", color, 0.5, variation=0.4, variation_scale=9)
    berry = materials.plain("berry", (0.45, 0.015, 0.02), 0.25, coat=0.6)
    chance, places = random.Random(23), []
    for step in range(300):
        angle = 2 * math.pi * step / 300 + chance.uniform(-0.03, 0.03)
        spot = chance.uniform(0, 2 * math.pi)
        reach = 0.135 + 0.022 * math.cos(spot)
        foot = (reach * math.cos(angle), 0.022 * math.sin(spot), reach * math.sin(angle))
        outwards = math.cos(spot) * 0.75
        direction = (
            -math.sin(angle) + outwards * math.cos(angle),
            0.7 * math.sin(spot) - 0.1,
            math.cos(angle) + outwards * math.sin(angle),
        )
        places.append((foot, direction, chance.uniform(0.04, 0.062)))
    ring = [
        (0.135 * math.cos(a / 12 * math.pi), 0, 0.135 * math.sin(a / 12 * math.pi))
        for a in range(24)
    ]
    parts = [wire("core", ring, 0.024, green, True), leaves("leaves", places, green, 0.42, 0.2)]
    for step in range(16):
        angle = step * 0.39 + chance.uniform(-0.15, 0.15)
        reach = chance.uniform(0.12, 0.155)
        place = (reach * math.cos(angle), -0.034, reach * math.sin(angle))
        parts.append(blob("berry", [(place, (0.0085,) * 3)], 0.0025, berry, 2))
    joined = kit.join(parts, "wreath")
    for vertex in joined.vertices:
        vertex.co.z += 0.19
    return joined


def hanger(color):
    """A wooden coat hanger in the x-z plane, its hook on top."""
    beech = wood("hanger_wood", color)
    shoulders = [(-0.21, 0, 0.0), (-0.16, 0, 0.035), (-0.05, 0, 0.085), (0, 0, 0.1)]
    shoulders += [(0.05, 0, 0.085), (0.16, 0, 0.035), (0.21, 0, 0.0)]
    hook = [(0, 0, 0.1), (0, 0, 0.14), (0.012, 0, 0.155), (0.03, 0, 0.172), (0.022, 0, 0.2)]
    hook += [(-0.002, 0, 0.208), (-0.024, 0, 0.195), (-0.028, 0, 0.18)]
    parts = [
        wire("shoulders", shoulders, (0.008, 0.0095, 0.012, 0.013, 0.012, 0.0095, 0.008), beech),
        kit.tube("bar", (-0.185, 0, 0.016), (0.185, 0, 0.016), 0.006, 0.006, beech),
        wire("hook", hook, 0.0021, steel()),
    ]
    return kit.join(parts, "hanger")


def desk_lamp(color):
    """A lamp on a jointed arm that leans to +x."""
    paint = gloss(color, 0.3)
    base = [(0, 0), (0.085, 0), (0.087, 0.008), (0.08, 0.018), (0.015, 0.022), (0, 0.022)]
    elbow, tip = (-0.14, 0, 0.25), (0.10, 0, 0.4)
    shade = [(0.016, 0.04), (0.024, 0.035), (0.03, 0.0), (0.068, -0.075), (0.066, -0.075)]
    shade += [(0.028, -0.002)]
    bulb = materials.plain(
        "bulb", (0.9, 0.85, 0.7), 0.3, emission=(1, 0.85, 0.6), emission_strength=2.0
    )
    parts = [
        kit.lathe("base", base, [paint], 40),
        kit.tube("lower", (0, 0, 0.02), elbow, 0.0055, 0.0055, steel()),
        kit.tube("upper", elbow, tip, 0.005, 0.005, steel()),
        blob("joint", [(elbow, (0.013, 0.013, 0.013))], 0.003, paint, 2),
        moved(kit.lathe("shade", shade, [paint], 40), tip, (0, -28, 0)),
        moved(
            kit.lathe("bulb", [(0, -0.01), (0.02, -0.03), (0, -0.055)], [bulb], 20),
            tip,
            (0, -28, 0),
        ),
        wire(
            "cord",
            [(-0.08, 0.02, 0.008), (-0.16, 0.06, 0.004), (-0.2, 0.2, 0.004), (-0.34, 0.3, 0.004)],
            0.0028,
            black(),
        ),
    ]
    return kit.join(parts, "desk_lamp")


def radio(color):
    """A portable radio with its aerial up."""
    case = tinted("radio_case", color, 0.35, coat=0.2)
    cream = materials.plain("radio_cream", (0.62, 0.55, 0.42), 0.5)
    parts = [kit.box("case", (0, 0, 0.075), (0.25, 0.07, 0.13), case, 0.014)]
    parts.append(kit.box("front", (0, -0.034, 0.075), (0.225, 0.006, 0.105), cream, 0.003))
    for ring in range(6):
        loop = [(x - 0.055, -0.0385, z + 0.075) for x, z in circle((0, 0), 0.007 + 0.007 * ring)]
        parts.append(wire("grille", loop, 0.0016, black(), True, smooth=False))
    parts.append(kit.box("dial", (0.055, -0.037, 0.1), (0.085, 0.004, 0.022), black(), 0.001))
    for x in (0.03, 0.08):
        knob = kit.lathe("knob", [(0.012, 0), (0.012, 0.012), (0, 0.013)], [steel()], 28)
        parts.append(moved(knob, (x, -0.037, 0.055), (90, 0, 0)))
    handle = [(-0.1, 0, 0.138), (-0.098, 0, 0.165), (-0.07, 0, 0.176), (0.07, 0, 0.176)]
    handle += [(0.098, 0, 0.165), (0.1, 0, 0.138)]
    parts.append(wire("handle", handle, 0.006, black()))
    for start, end, radius in ((0, 0.4, 0.0032), (0.35, 0.75, 0.0025), (0.7, 1, 0.0018)):
        parts.append(
            kit.tube(
                "aerial",
                (0.11 + 0.16 * start, 0.026, 0.135 + 0.3 * start),
                (0.11 + 0.16 * end, 0.026, 0.135 + 0.3 * end),
                radius,
                radius,
                steel(),
            )
        )
    for x in (-0.09, 0.09):
        parts.append(kit.box("foot", (x, 0, 0.006), (0.03, 0.05, 0.012), black(), 0.003))
    return kit.join(parts, "radio")


def headphones(color):
    """Headphones lying on their side, with a loose cable."""
    shell, pad = tinted("shell", color, 0.3, coat=0.3), cloth((0.02, 0.02, 0.022))
    band = arc((0, 0, 0), 0.085, -8, 188)
    parts = [wire("band", [(x, z * 1.12 - 0.01, 0.036) for x, _, z in band], 0.0085, shell)]
    for side in (-1, 1):
        cup = [(0, 0), (0.036, 0), (0.04, 0.006), (0.04, 0.018), (0.03, 0.022), (0, 0.022)]
        ring = [(x, y, 0.0) for x, y in circle((0, 0), 0.029, 20)]
        at = (side * 0.088, -0.035, 0.041)
        parts.append(moved(kit.lathe("cup", cup, [shell], 40), at, (0, side * 90, 0)))
        parts.append(
            moved(wire("pad", ring, 0.012, pad, True), (side * 0.082, -0.035, 0.041), (0, 90, 0))
        )
    cable = [(-0.095, -0.07, 0.02), (-0.11, -0.1, 0.003), (-0.03, -0.15, 0.003)]
    cable += [(0.1, -0.1, 0.003), (0.19, -0.16, 0.003), (0.27, -0.07, 0.003), (0.22, 0.03, 0.003)]
    cable += [(0.29, 0.1, 0.003)]
    parts.append(wire("cable", cable, 0.0022, black()))
    parts.append(
        kit.tube("plug", (0.288, 0.098, 0.004), (0.31, 0.122, 0.004), 0.004, 0.0025, steel())
    )
    return kit.join(parts, "headphones")


def mouse(color):
    """A computer mouse with its cable."""
    shell = tinted("mouse_shell", color, 0.35)
    balls = [((0, 0.0, 0.006), (0.031, 0.055, 0.03)), ((0, -0.012, 0.006), (0.032, 0.046, 0.032))]
    body = blob("body", balls, 0.0025, shell)
    for vertex in body.data.vertices:
        vertex.co.z = max(0.0, vertex.co.z)
    cable = [(0, 0.052, 0.008), (0.005, 0.09, 0.003), (0.05, 0.14, 0.003), (0.13, 0.12, 0.003)]
    cable += [(0.19, 0.17, 0.003), (0.17, 0.25, 0.003), (0.25, 0.3, 0.003)]
    wheel = kit.lathe(
        "wheel", [(0, 0.004), (0.009, 0.004), (0.009, -0.004), (0, -0.004)], [black()], 20
    )
    parts = [
        body,
        wire("cable", cable, 0.0021, black()),
        moved(wheel, (0, 0.03, 0.029), (0, 90, 0)),
    ]
    return kit.join(parts, "mouse")


DECOR = {
    "hat": hat,
    "plant": plant,
    "wreath": wreath,
    "hanger": hanger,
    "desk_lamp": desk_lamp,
    "radio": radio,
    "headphones": headphones,
    "mouse": mouse,
}
"""Kind -> the function that builds it from its colour."""
