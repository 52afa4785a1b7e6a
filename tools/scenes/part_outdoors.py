# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that stand outdoors, and the poles and bars that split what is behind them, built as in
`part_objects`.
"""

from __future__ import annotations

import math

import kit
from part_finishes import steel
from part_shapes import arc, blob, moved, tinted, wire, wood


def tyre(color):
    """A car tyre standing upright, its axis along y."""
    rubber = tinted("tyre_rubber", color, 0.8, variation=0.25, variation_scale=14)
    profile = [(0.2, -0.075), (0.215, -0.085), (0.27, -0.096), (0.305, -0.085), (0.315, -0.06)]
    profile += [(0.31, -0.045), (0.317, -0.04), (0.318, -0.003), (0.311, 0), (0.318, 0.003)]
    profile += [(r, -z) for r, z in profile[6:0:-1]] + [(0.2, 0.075), (0.205, 0.05)]
    profile += [(0.205, -0.05), (0.2, -0.075)]
    ring = kit.lathe("tyre", profile, [rubber], 72)
    parts = [moved(ring, (0, 0, 0.318), (90, 0, 0))]
    for step in range(60):
        angle = 2 * math.pi * step / 60
        at = (0.306 * math.cos(angle), -0.075, 0.318 + 0.306 * math.sin(angle))
        block = kit.box("block", at, (0.02, 0.035, 0.018), rubber, 0.003)
        block.rotation_euler.y = -angle
        parts.append(block)
    return kit.join(parts, "tyre")


def ladder(color):
    """A wooden ladder of 2.3 m in the x-z plane, standing upright."""
    pine = wood("ladder_wood", color, along="z")
    parts = []
    for side in (-1, 1):
        rail = kit.box("rail", (side * 0.2, 0, 1.15), (0.03, 0.06, 2.3), pine, 0.006)
        rail.rotation_euler.y = -side * 0.02
        parts.append(rail)
    for step in range(8):
        z = 0.2 + 0.27 * step
        parts.append(kit.tube("rung", (-0.21, 0, z), (0.21, 0, z), 0.016, 0.016, pine))
    return kit.join(parts, "ladder")


def watering_can(color):
    """A watering can, its spout at -x and its handle at +x."""
    zinc = tinted("zinc", color, 0.4, metallic=0.4, variation=0.2, variation_scale=12)
    body = [
        (0, 0),
        (0.11, 0),
        (0.112, 0.01),
        (0.1, 0.22),
        (0.104, 0.225),
        (0.1, 0.23),
        (0.04, 0.232),
    ]
    parts = [kit.lathe("body", body, [zinc], 48)]
    parts.append(
        wire(
            "spout",
            [(-0.09, 0, 0.05), (-0.2, 0, 0.14), (-0.33, 0, 0.28)],
            (0.028, 0.018, 0.014),
            zinc,
        )
    )
    rose = kit.lathe("rose", [(0.014, 0), (0.04, 0.04), (0.04, 0.046), (0, 0.052)], [zinc], 32)
    parts.append(moved(rose, (-0.325, 0, 0.276), (0, -48, 0)))
    handle = [
        (0.1, 0, 0.06),
        (0.2, 0, 0.13),
        (0.2, 0, 0.25),
        (0.1, 0, 0.33),
        (-0.02, 0, 0.31),
        (-0.08, 0, 0.225),
    ]
    parts.append(wire("handle", handle, 0.0095, zinc))
    return kit.join(parts, "watering_can")


def bucket(color):
    """A bucket with its bail upright from -x to +x."""
    paint = tinted("bucket_paint", color, 0.35, variation=0.1, variation_scale=9)
    profile = [(0, 0.005), (0.1, 0), (0.104, 0.01), (0.138, 0.26), (0.146, 0.262), (0.146, 0.272)]
    profile += [(0.134, 0.27), (0.1, 0.015), (0, 0.012)]
    bail = arc((0, 0, 0.25), 0.148, 0, 180)
    parts = [
        kit.lathe("body", profile, [paint], 52),
        wire("bail", [(x, y, 0.25 + (z - 0.25) * 1.1) for x, y, z in bail], 0.0045, steel()),
        kit.tube(
            "grip",
            (-0.05, 0, 0.41),
            (0.05, 0, 0.41),
            0.013,
            0.013,
            wood("bucket_grip", (0.4, 0.26, 0.13)),
        ),
    ]
    return kit.join(parts, "bucket")


def pumpkin(color):
    """A ribbed pumpkin."""
    skin = tinted("pumpkin_skin", color, 0.45, coat=0.15, variation=0.2, variation_scale=7)
    stalk = wood("pumpkin_stalk", (0.16, 0.17, 0.06), along="z")
    profile = [(0.002, 0.19)] + [
        (
            0.005 + 0.17 * math.sin(a / 24 * math.pi) ** 0.8,
            0.12 + 0.115 * math.cos(a / 24 * math.pi),
        )
        for a in range(2, 24)
    ]
    body = kit.lathe("body", [*profile, (0.002, 0.012)], [skin], 120)
    for vertex in body.data.vertices:
        angle = math.atan2(vertex.co.y, vertex.co.x)
        rib = 0.9 + 0.1 * abs(math.cos(5.5 * angle)) ** 0.6
        vertex.co.x, vertex.co.y = vertex.co.x * rib, vertex.co.y * rib
    stem = wire(
        "stalk",
        [(0, 0, 0.185), (0.004, 0, 0.23), (0.03, 0.005, 0.265)],
        (0.026, 0.016, 0.02),
        stalk,
    )
    return kit.join([body, stem], "pumpkin")


def umbrella(color):
    """An open umbrella resting on its rim and grip, seen from the top."""
    cloth = tinted("umbrella_cloth", color, 0.6, variation=0.06, variation_scale=3)
    second = tinted("umbrella_light", [min(1, 0.25 + v) for v in color], 0.6)
    vertices, faces, shades, panels, fine, rows = [], [], [], 8, 8, 10
    for row in range(rows + 1):
        share = row / rows
        for step in range(panels * fine):
            angle = 2 * math.pi * step / (panels * fine)
            local = (step % fine) / fine
            sag = 4 * local * (1 - local)
            reach = 0.52 * math.sin(share * 1.25) / math.sin(1.25) * (1 - 0.09 * sag * share**2)
            drop = 0.3 * (1 - math.cos(share * 1.25)) / (1 - math.cos(1.25))
            height = -drop + 0.025 * sag * share**3
            vertices.append((reach * math.cos(angle), reach * math.sin(angle), height))
    count = panels * fine
    for row in range(rows):
        for step in range(count):
            after = (step + 1) % count
            faces.append(
                (
                    row * count + step,
                    row * count + after,
                    (row + 1) * count + after,
                    (row + 1) * count + step,
                )
            )
            shades.append((step // fine) % 2)
    canopy = kit.mesh_object("canopy", vertices, faces, [cloth, second], shades, smooth=True)
    parts = [canopy, kit.tube("shaft", (0, 0, 0.06), (0, 0, -0.72), 0.005, 0.005, steel())]
    grip = [(0, 0, -0.7), (0, 0, -0.8), (0.03, 0, -0.83), (0.065, 0, -0.8), (0.065, 0, -0.77)]
    parts.append(wire("grip", grip, 0.011, wood("umbrella_grip", (0.25, 0.13, 0.06))))
    for step in range(panels):
        angle = 2 * math.pi * step / panels
        reach = 0.515
        end = (reach * math.cos(angle), reach * math.sin(angle), -0.3)
        parts.append(
            kit.tube(
                "rib",
                (0.26 * math.cos(angle), 0.26 * math.sin(angle), -0.08),
                end,
                0.002,
                0.002,
                steel(),
                6,
            )
        )
    mesh = kit.join(parts, "umbrella")
    tilt = math.radians(62)
    for vertex in mesh.vertices:
        x, y, z = vertex.co
        vertex.co = (
            x,
            y * math.cos(tilt) - z * math.sin(tilt),
            y * math.sin(tilt) + z * math.cos(tilt),
        )
    low = min(vertex.co.z for vertex in mesh.vertices)
    for vertex in mesh.vertices:
        vertex.co.z -= low
        vertex.co.y = -vertex.co.y
    return mesh


def pole(color):
    """A round steel post of 2.6 m, 7 cm thick."""
    paint = tinted("pole_paint", color, 0.45, metallic=0.3, variation=0.2)
    parts = [kit.tube("pole", (0, 0, 0), (0, 0, 2.6), 0.035, 0.035, paint, 28)]
    parts.append(kit.lathe("collar", [(0.035, 0.03), (0.06, 0.02), (0.065, 0)], [paint], 28))
    return kit.join(parts, "pole")


def rod(color):
    """A thin upright rod of 1 m, 2.4 cm thick."""
    paint = tinted("rod_paint", color, 0.4, metallic=0.5)
    return kit.join([kit.tube("rod", (0, 0, 0), (0, 0, 1.0), 0.012, 0.012, paint, 20)], "rod")


def railing(color):
    """A low iron railing of 1.6 m along x with upright bars."""
    iron = tinted("railing_iron", color, 0.5, metallic=0.4)
    parts = [kit.box("rail", (0, 0, z), (1.6, 0.03, 0.03), iron, 0.004) for z in (0.07, 0.62)]
    for step in range(11):
        x = -0.75 + 0.15 * step
        parts.append(kit.tube("bar", (x, 0, 0), (x, 0, 0.66), 0.011, 0.011, iron, 14))
        parts.append(blob("knob", [((x, 0, 0.675), (0.02, 0.02, 0.02))], 0.004, iron, 2))
    return kit.join(parts, "railing")


def peg(color):
    """A short peg that sticks out of a wall by 6 cm, towards -y."""
    paint = tinted("peg_paint", color, 0.3, metallic=1.0)
    parts = [
        kit.tube("peg", (0, 0.03, 0), (0, -0.05, 0), 0.007, 0.007, paint, 20),
        kit.tube("plate", (0, 0.03, 0), (0, 0.024, 0), 0.022, 0.022, paint, 28),
    ]
    return kit.join(parts, "peg")


def strap(color):
    """A hanging fabric strap, 4 cm wide and 1.1 m long, in the x-z plane."""
    web = tinted("strap_web", color, 0.85, bump=0.5, bump_scale=300)
    vertices, faces = [], []
    for step in range(41):
        z, sway = 1.1 * step / 40, 0.02 * math.sin(step / 6)
        for x in (-0.02, 0.02):
            for y in (-0.0015, 0.0015):
                vertices.append((x + sway, y + 0.01 * math.sin(step / 9), z))
    for step in range(40):
        a, b = 4 * step, 4 * step + 4
        faces += [
            (a, a + 2, b + 2, b),
            (a + 1, b + 1, b + 3, a + 3),
            (a, b, b + 1, a + 1),
            (a + 2, a + 3, b + 3, b + 2),
        ]
    return kit.join([kit.mesh_object("strap", vertices, faces, [web], smooth=False)], "strap")


OUTDOORS = {
    "tyre": tyre,
    "ladder": ladder,
    "watering_can": watering_can,
    "bucket": bucket,
    "pumpkin": pumpkin,
    "umbrella": umbrella,
    "pole": pole,
    "rod": rod,
    "railing": railing,
    "peg": peg,
    "strap": strap,
}
"""Kind -> the function that builds it from its colour."""
