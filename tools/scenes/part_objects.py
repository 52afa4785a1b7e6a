# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that lie on a table or a workbench. Each function returns one mesh standing on z = 0, in
metres, its front towards -y; ``color`` is linear RGB.
"""

from __future__ import annotations

import math
import random

import kit
import materials
from part_finishes import cloth, gloss, steel
from part_shapes import arc, blob, circle, moved, plate, smooth_path, tinted, wire, wood


def mug(color):
    """A mug, 10 cm high, its handle at +x."""
    glaze = gloss(color)
    profile = [(0, 0.004), (0.036, 0.0), (0.041, 0.004), (0.0425, 0.05), (0.043, 0.096)]
    profile += [(0.041, 0.099), (0.039, 0.096), (0.0385, 0.05), (0.037, 0.01), (0, 0.009)]
    handle = [(0.039, 0, 0.08), (0.066, 0, 0.083), (0.079, 0, 0.062), (0.071, 0, 0.035)]
    handle.append((0.039, 0, 0.022))
    parts = [kit.lathe("cup", profile, [glaze], 48), wire("handle", handle, 0.0062, glaze)]
    return kit.join(parts, "mug")


def teapot(color):
    """A round teapot, spout at -x and handle at +x."""
    glaze = gloss(color)
    profile = [(0, 0), (0.05, 0), (0.075, 0.02), (0.086, 0.055), (0.076, 0.09), (0.045, 0.115)]
    profile += [(0.042, 0.118), (0.03, 0.128), (0.009, 0.133), (0.008, 0.141), (0.014, 0.15)]
    profile += [(0.011, 0.157), (0, 0.159)]
    path = smooth_path([(r, 0, z) for r, z in profile[:6]], steps=4)
    body = [(max(0.0, x), z) for x, _, z in path] + profile[6:]
    spout = [(-0.07, 0, 0.04), (-0.105, 0, 0.06), (-0.12, 0, 0.095), (-0.142, 0, 0.118)]
    handle = [(0.068, 0, 0.098), (0.11, 0, 0.11), (0.132, 0, 0.08), (0.115, 0, 0.042)]
    handle.append((0.078, 0, 0.03))
    parts = [kit.lathe("body", body, [glaze], 48)]
    parts.append(wire("spout", spout, (0.021, 0.015, 0.011, 0.009), glaze))
    parts.append(wire("handle", handle, 0.0072, glaze))
    return kit.join(parts, "teapot")


def bottle(color):
    """A glass bottle of 30 cm, opaque, with a paper label."""
    glass = gloss(color, 0.08)
    paper = materials.plain("bottle_label", (0.75, 0.7, 0.55), 0.8)
    profile = [(0, 0), (0.036, 0), (0.038, 0.006), (0.038, 0.17), (0.034, 0.2), (0.016, 0.235)]
    profile += [(0.0145, 0.285), (0.0175, 0.286), (0.0175, 0.297), (0, 0.298)]
    label = [(0.0383, 0.06), (0.0386, 0.061), (0.0386, 0.14), (0.0383, 0.141)]
    return kit.join(
        [kit.lathe("glass", profile, [glass], 40), kit.lathe("label", label, [paper], 40)], "bottle"
    )


def plate_dish(color):
    """A dinner plate."""
    profile = [(0, 0.004), (0.07, 0.0), (0.075, 0.006), (0.118, 0.02), (0.121, 0.022)]
    profile += [(0.118, 0.025), (0.075, 0.011), (0, 0.009)]
    return kit.join([kit.lathe("plate", profile, [gloss(color, 0.15)], 56)], "plate")


def pear(color):
    """A pear with its stalk."""
    skin = tinted("pear_skin", color, 0.45, coat=0.2, variation=0.3, variation_scale=25, bump=0.05)
    balls = [((0, 0, 0.036), (0.038, 0.037, 0.036)), ((0.002, 0, 0.066), (0.027, 0.027, 0.03))]
    balls += [((0.004, 0, 0.088), (0.018, 0.018, 0.018))]
    stalk = wire(
        "stalk",
        [(0.004, 0, 0.1), (0.006, 0, 0.116), (0.013, 0, 0.128)],
        0.0022,
        wood("stalk", (0.12, 0.07, 0.03)),
    )
    return kit.join([blob("fruit", balls, 0.003, skin, 14), stalk], "pear")


def book(color):
    """A closed book lying flat, its spine at -y."""
    cover, paper = cloth(color), materials.plain("book_paper", (0.7, 0.66, 0.56), 0.9)
    parts = [
        kit.box("block", (0, 0.002, 0.014), (0.145, 0.2, 0.022), paper),
        kit.box("front", (0, 0, 0.0265), (0.152, 0.21, 0.003), cover, 0.001),
        kit.box("back", (0, 0, 0.0015), (0.152, 0.21, 0.003), cover, 0.001),
        kit.box("spine", (0, -0.104, 0.014), (0.152, 0.003, 0.028), cover, 0.001),
    ]
    return kit.join(parts, "book")


def scissors(color):
    """Scissors lying open: the tips at +x, two finger loops at -x."""
    grip = tinted("grip", color, 0.4)
    blade = [(0.0, -0.006), (0.03, -0.0085), (0.11, 0.0), (0.03, 0.0045), (-0.025, 0.004)]
    blade.append((-0.025, -0.005))
    loop = [(-0.02, 0, 0), (-0.045, 0.012, 0), (-0.075, 0.014, 0), (-0.088, 0.003, 0)]
    loop += [(-0.078, -0.012, 0), (-0.05, -0.012, 0)]
    parts = []
    for side, height in ((1, 0.005), (-1, 0.0075)):
        cut = [(x, side * y) for x, y in blade]
        ring = [(x, -side * (y + 0.008), z) for x, y, z in loop]
        for part in (
            plate("blade", cut, 0.0015, steel(), rounding=0.0002),
            wire("loop", ring, 0.0045, grip, closed=True),
        ):
            parts.append(moved(part, (0, 0, height), (0, 0, side * 13)))
    screw = kit.lathe("screw", [(0, 0.01), (0.0045, 0.009), (0.0045, 0.004)], [steel()], 20)
    return kit.join([*parts, screw], "scissors")


def tape(color):
    """A roll of adhesive tape lying flat."""
    film = tinted("tape_film", color, 0.2, coat=0.5)
    card = materials.plain("tape_card", (0.35, 0.26, 0.16), 0.8)
    roll = [(0.041, 0.001), (0.06, 0.0), (0.0605, 0.002), (0.0605, 0.046), (0.06, 0.048)]
    roll += [(0.041, 0.047)]
    core = [(0.041, 0.0005), (0.041, 0.048), (0.038, 0.048), (0.038, 0.0005), (0.041, 0.0005)]
    parts = [kit.lathe("film", roll, [film], 56), kit.lathe("core", core, [card], 56)]
    return kit.join(parts, "tape")


def key_ring(color):
    """Three keys on a ring, lying flat."""
    parts = [
        wire("ring", [(x, y, 0.004) for x, y in circle((0, 0), 0.016, 12)], 0.0011, steel(), True)
    ]
    brass = materials.plain("brass", (0.6, 0.42, 0.15), 0.3, metallic=1.0)
    tag = tinted("key_tag", color, 0.4)
    for level, (angle, metal, teeth) in enumerate(
        ((-62, brass, 3), (-14, steel(), 4), (28, brass, 2))
    ):
        shaft = [(0.012, 0.0035), (0.047, 0.0035), (0.05, 0.0)]
        for tooth in range(teeth):
            x = 0.045 - tooth * 0.006
            shaft += [(x, -0.003), (x - 0.003, -0.0005)]
        bow = [(x, y) for x, y in circle((0, 0), 0.013, 28) if x < 0.0115]
        ordered = sorted(bow, key=lambda place: math.atan2(place[1], place[0]) % (2 * math.pi))
        outline = [*shaft[::-1], *ordered]
        key = plate("key", outline[::-1], 0.0018, metal, [circle((-0.005, 0), 0.0055, 20)], 0.0003)
        turn = math.radians(angle)
        parts.append(
            moved(
                key,
                (0.021 * math.cos(turn), 0.021 * math.sin(turn), 0.0015 + 0.0028 * level),
                (0, 0, angle),
            )
        )
    turn = math.radians(150)
    oval = [(1.5 * x, y) for x, y in circle((0, 0), 0.014, 28)]
    fob = plate("fob", oval, 0.003, tag, [circle((-0.014, 0), 0.003, 16)], 0.0006)
    parts.append(moved(fob, (0.028 * math.cos(turn), 0.028 * math.sin(turn), 0.003), (0, 0, 150)))
    return kit.join(parts, "key_ring")


def saw(color):
    """A hand saw lying flat, its grip with a hole at -x."""
    blade = [(0, 0.045), (0.34, 0.0), (0.34, -0.018)]
    teeth = 46
    for tooth in range(teeth):
        x = 0.335 - 0.335 * tooth / teeth
        y = -0.018 - 0.045 * tooth / teeth
        blade += [(x, y - 0.003), (x - 0.0035, y + 0.0015)]
    grip = [(0.03, 0.055), (-0.03, 0.062), (-0.085, 0.05), (-0.105, 0.03), (-0.095, 0.0)]
    grip += [(-0.11, -0.04), (-0.085, -0.075), (-0.03, -0.07), (0.03, -0.062), (0.04, 0.0)]
    hole = [(-0.02, 0.03), (-0.06, 0.028), (-0.07, 0.005), (-0.078, -0.03), (-0.06, -0.045)]
    hole += [(-0.02, -0.04), (-0.01, -0.005)]

    def curved(points):
        return [(x, y) for x, y, _ in smooth_path([(x, y, 0) for x, y in points], closed=True)]

    handle = plate("grip", curved(grip), 0.018, wood("saw_grip", color), [curved(hole)], 0.003)
    metal = plate("blade", blade, 0.0015, steel())
    return kit.join([moved(handle, (0, 0, 0.014)), moved(metal, (0, 0, 0.014))], "saw")


def basket(color):
    """A woven basket with a tall bow handle from -x to +x."""
    cane = wood("cane", color, grain=30)
    parts, chance = [], random.Random(5)
    for row in range(11):
        z, radius = 0.01 + row * 0.0125, 0.12 + 0.03 * row / 10
        ring = []
        for step in range(48):
            angle = 2 * math.pi * step / 48
            out = radius + 0.004 * math.cos(24 * angle + math.pi * row) + chance.gauss(0, 0.0008)
            ring.append((out * math.cos(angle), 0.72 * out * math.sin(angle), z))
        parts.append(wire("weave", ring, 0.0062, cane, True, smooth=False))
    for step in range(24):
        angle = 2 * math.pi * (step + 0.5) / 24
        foot, top = 0.12, 0.152
        parts.append(
            kit.tube(
                "stake",
                (foot * math.cos(angle), 0.72 * foot * math.sin(angle), 0),
                (top * math.cos(angle), 0.72 * top * math.sin(angle), 0.145),
                0.004,
                0.004,
                cane,
            )
        )
    floor = kit.lathe("floor", [(0, 0.006), (0.118, 0.006)], [cane], 40)
    floor.scale = (1, 0.72, 1)
    bow = arc((0, 0, 0.13), 0.15, 0, 180)
    parts += [
        floor,
        wire(
            "rim",
            [(1.01 * x, 0.72 * 1.01 * y, 0.147) for x, y in circle((0, 0), 0.152)],
            0.009,
            cane,
            True,
        ),
    ]
    parts.append(wire("bow", [(x, y, 0.13 + 1.15 * (z - 0.13)) for x, y, z in bow], 0.0085, cane))
    return kit.join(parts, "basket")


def bowl(color):
    """A deep bowl."""
    profile = [(0, 0.003), (0.04, 0), (0.045, 0.004), (0.07, 0.03), (0.085, 0.07), (0.087, 0.073)]
    profile += [(0.083, 0.07), (0.066, 0.032), (0.04, 0.01), (0, 0.008)]
    return kit.join([kit.lathe("bowl", profile, [gloss(color)], 56)], "bowl")


OBJECTS = {
    "mug": mug,
    "teapot": teapot,
    "bottle": bottle,
    "plate": plate_dish,
    "pear": pear,
    "book": book,
    "scissors": scissors,
    "tape": tape,
    "key_ring": key_ring,
    "saw": saw,
    "basket": basket,
    "bowl": bowl,
}
"""Kind -> the function that builds it from its colour."""
