# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that stand on a floor, built as in `part_objects`."""

from __future__ import annotations

import math

import kit
from part_finishes import black, steel
from part_shapes import circle, moved, plate, smooth_path, tinted, wire, wood


def chair(color):
    """A wooden chair with upright bars in its back; the back is at +y."""
    beech = wood("chair_wood", color, along="z")
    parts = [kit.box("seat", (0, 0, 0.45), (0.42, 0.42, 0.035), beech, 0.012)]
    for x in (-0.18, 0.18):
        parts.append(
            kit.tube("front_leg", (x, -0.18, 0.44), (x * 1.08, -0.2, 0), 0.02, 0.015, beech)
        )
        parts.append(
            wire(
                "post",
                [(x * 1.05, 0.22, 0), (x, 0.18, 0.44), (x, 0.2, 0.7), (x * 0.98, 0.245, 0.95)],
                (0.015, 0.02, 0.017, 0.014),
                beech,
            )
        )
        parts.append(kit.tube("side", (x, -0.19, 0.2), (x, 0.2, 0.2), 0.011, 0.011, beech))
    rail = [(-0.18, 0.238, 0.92), (0, 0.262, 0.93), (0.18, 0.238, 0.92)]
    parts += [wire("rail", rail, 0.024, beech)]
    parts.append(
        wire("low_rail", [(-0.18, 0.185, 0.55), (0, 0.2, 0.555), (0.18, 0.185, 0.55)], 0.014, beech)
    )
    for step in range(4):
        x = -0.11 + 0.073 * step
        parts.append(kit.tube("bar", (x, 0.198, 0.55), (x, 0.255, 0.92), 0.009, 0.009, beech))
    parts.append(kit.tube("cross", (-0.19, 0, 0.2), (0.19, 0, 0.2), 0.01, 0.01, beech))
    return kit.join(parts, "chair")


def stool(color):
    """A bar stool on four thin steel legs."""
    seat = tinted("stool_seat", color, 0.5, coat=0.2)
    chrome = steel()
    parts = [
        kit.lathe(
            "seat", [(0, 0.76), (0.15, 0.765), (0.165, 0.78), (0.16, 0.8), (0, 0.805)], [seat], 48
        )
    ]
    for step in range(4):
        angle = math.pi / 4 + step * math.pi / 2
        top = (0.1 * math.cos(angle), 0.1 * math.sin(angle), 0.77)
        foot = (0.22 * math.cos(angle), 0.22 * math.sin(angle), 0)
        parts.append(kit.tube("leg", top, foot, 0.0085, 0.0085, chrome))
    ring = [(x, y, 0.28) for x, y in circle((0, 0), 0.178, 24)]
    parts.append(wire("ring", ring, 0.0075, chrome, True))
    return kit.join(parts, "stool")


def tripod(color):
    """A camera on a tripod."""
    paint = tinted("tripod_paint", color, 0.4)
    parts = [kit.tube("column", (0, 0, 0.75), (0, 0, 1.2), 0.014, 0.012, paint)]
    for step in range(3):
        angle = math.radians(-65 + 120 * step)
        foot = (0.42 * math.cos(angle), 0.42 * math.sin(angle), 0)
        knee = (0.2 * math.cos(angle), 0.2 * math.sin(angle), 0.54)
        parts.append(kit.tube("leg", (0, 0, 1.02), knee, 0.014, 0.012, paint))
        parts.append(kit.tube("foot", knee, foot, 0.009, 0.008, steel()))
        parts.append(kit.tube("stay", (0, 0, 0.76), knee, 0.005, 0.005, steel()))
    parts.append(kit.box("head", (0, 0, 1.23), (0.07, 0.07, 0.06), black(), 0.01))
    parts.append(kit.box("camera", (0, 0, 1.305), (0.15, 0.07, 0.1), black(), 0.014))
    lens = kit.lathe(
        "lens", [(0.04, 0), (0.042, 0.05), (0.036, 0.07), (0.02, 0.062), (0, 0.06)], [black()], 36
    )
    parts.append(moved(lens, (0, -0.035, 1.31), (90, 0, 0)))
    parts.append(kit.tube("pan", (0, 0.03, 1.22), (0.09, 0.2, 1.13), 0.007, 0.01, black()))
    return kit.join(parts, "tripod")


def suitcase(color):
    """A suitcase with ribs and its pull handle out."""
    shell = tinted("suitcase_shell", color, 0.35, coat=0.2, bump=0.1, bump_scale=200)
    parts = [kit.box("shell", (0, 0, 0.36), (0.42, 0.25, 0.6), shell, 0.05)]
    for step in range(7):
        x = -0.156 + 0.052 * step
        parts.append(kit.box("rib", (x, 0, 0.36), (0.018, 0.262, 0.5), shell, 0.006))
    for x in (-0.15, 0.15):
        for y in (-0.08, 0.08):
            wheel = kit.lathe(
                "wheel", [(0, -0.012), (0.03, -0.012), (0.03, 0.012), (0, 0.012)], [black()], 24
            )
            parts.append(moved(wheel, (x, y, 0.03), (0, 90, 0)))
    pull = [(-0.09, 0.09, 0.64), (-0.09, 0.09, 0.98), (-0.075, 0.09, 1.0), (0.075, 0.09, 1.0)]
    pull += [(0.09, 0.09, 0.98), (0.09, 0.09, 0.64)]
    parts.append(wire("pull", pull, 0.0095, steel(), smooth=False))
    parts.append(kit.tube("grip", (-0.08, 0.09, 1.0), (0.08, 0.09, 1.0), 0.016, 0.016, black()))
    strap = [
        (-0.07, -0.02, 0.655),
        (-0.06, -0.02, 0.685),
        (0.06, -0.02, 0.685),
        (0.07, -0.02, 0.655),
    ]
    parts.append(wire("strap", strap, 0.009, black()))
    return kit.join(parts, "suitcase")


def guitar(color):
    """A guitar standing upright in the x-z plane."""
    top = wood("guitar_top", color, along="z", roughness=0.25)
    neck = wood("guitar_neck", (0.09, 0.045, 0.025), along="z")
    half = [(0.0, 0.0), (0.1, 0.008), (0.165, 0.06), (0.185, 0.14), (0.165, 0.21), (0.118, 0.27)]
    half += [(0.125, 0.33), (0.14, 0.39), (0.115, 0.45), (0.05, 0.475), (0.0, 0.478)]
    ring = half[1:-1]
    outline = [(0.0, 0.0, 0), *((x, z, 0) for x, z in ring), (0, 0.478, 0)]
    outline += [(-x, z, 0) for x, z in ring[::-1]]
    body = plate("body", [(x, z) for x, z, _ in smooth_path(outline, True)], 0.085, top, (), 0.006)
    hole = plate("hole", circle((0, 0.31), 0.048), 0.001, black())
    rose = wire("rose", [(x, z, 0.0495) for x, z in circle((0, 0.31), 0.053)], 0.003, neck, True)
    parts = [body, moved(hole, (0, 0, 0.049)), rose]
    parts.append(kit.box("neck", (0, 0.63, 0.045), (0.05, 0.44, 0.025), neck, 0.008))
    parts.append(kit.box("head", (0, 0.91, 0.04), (0.075, 0.15, 0.018), neck, 0.006))
    parts.append(kit.box("bridge", (0, 0.16, 0.053), (0.15, 0.025, 0.012), neck, 0.003))
    for string in range(6):
        x = -0.018 + 0.0072 * string
        parts.append(
            kit.tube("string", (x, 0.16, 0.061), (x * 0.9, 0.85, 0.06), 0.0008, 0.0008, steel(), 6)
        )
        side = -1 if string < 3 else 1
        y = 0.865 + 0.04 * (string % 3)
        parts.append(
            kit.tube("peg", (side * 0.03, y, 0.04), (side * 0.062, y, 0.04), 0.006, 0.008, steel())
        )
    mesh = kit.join(parts, "guitar")
    for vertex in mesh.vertices:
        x, y, z = vertex.co
        vertex.co = (x, -z, y)
    return mesh


def cushion(color):
    """A square cushion standing on its edge."""
    cloth = tinted("cushion_cloth", color, 0.9, bump=0.08, bump_scale=260, variation=0.08)
    pad = kit.box("pad", (0, 0, 0.2), (0.42, 0.06, 0.4), cloth)
    divide = pad.modifiers.new("divide", "SUBSURF")
    divide.levels = divide.render_levels = 5
    divide.subdivision_type = "SIMPLE"
    mesh = kit.join([pad], "cushion")
    for vertex in mesh.vertices:
        x, y, z = vertex.co.x / 0.21, vertex.co.y, (vertex.co.z - 0.2) / 0.2
        puff = max(0, 1 - x**4) * max(0, 1 - z**4)
        pinch = 1 - 0.07 * (1 - x**2 if abs(z) > abs(x) else 1 - z**2)
        vertex.co = (x * 0.21 * pinch, y * (0.1 + 2.3 * puff**0.6), 0.2 + z * 0.2 * pinch)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    return mesh


FURNITURE = {
    "chair": chair,
    "stool": stool,
    "tripod": tripod,
    "suitcase": suitcase,
    "guitar": guitar,
    "cushion": cushion,
}
"""Kind -> the function that builds it from its colour."""
