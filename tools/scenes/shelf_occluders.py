# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands or reaches between camera and shelf: a hand, a cart, cartons. Metres."""

from __future__ import annotations

import math
import random

import bpy
import kit
import materials
from mathutils import Quaternion, Vector

SKIN = ((0.56, 0.31, 0.21), (0.30, 0.15, 0.085), (0.66, 0.42, 0.31))
SLEEVES = ((0.05, 0.08, 0.16), (0.24, 0.05, 0.06), (0.32, 0.32, 0.30), (0.03, 0.10, 0.06))


def _capsule(start, end, first, last, material):
    """A limb segment with round ends."""
    parts = [kit.tube("limb", start, end, first, last, material, 16)]
    for centre, radius in ((start, first), (end, last)):
        profile = [
            (max(1e-4, radius * math.cos(a)), radius * math.sin(a))
            for a in (math.pi * (i / 8 - 0.5) for i in range(9))
        ]
        ball = kit.lathe("limb", profile, [material], 16)
        ball.location = centre
        parts.append(ball)
    return parts


FINGERS = (
    (
        (0.082, -0.030, 0.004),
        (0.112, -0.034, -0.006),
        (0.128, -0.034, -0.026),
        (0.130, -0.032, -0.046),
    ),
    (
        (0.088, -0.010, 0.006),
        (0.124, -0.011, -0.004),
        (0.142, -0.011, -0.026),
        (0.144, -0.010, -0.050),
    ),
    ((0.085, 0.011, 0.005), (0.119, 0.012, -0.005), (0.137, 0.012, -0.027), (0.139, 0.011, -0.049)),
    ((0.076, 0.030, 0.001), (0.101, 0.033, -0.008), (0.114, 0.033, -0.026), (0.116, 0.032, -0.042)),
)
THUMB = (
    (0.020, -0.034, -0.008),
    (0.052, -0.056, -0.030),
    (0.082, -0.052, -0.050),
    (0.102, -0.044, -0.058),
)


def hand(at, towards, roll, seed):
    """A grasping right hand with forearm and sleeve; the palm is at ``at``, the fingers point
    ``towards`` a point. Returns the objects: hand and sleeve.
    """
    chance = random.Random(seed)
    skin = materials.plain(
        "skin",
        chance.choice(SKIN),
        0.5,
        bump=0.06,
        bump_scale=160,
        variation=0.10,
        variation_scale=22,
    )
    surface = materials.NodeTree(skin).surface
    surface.inputs["Subsurface Weight"].default_value = 0.15
    surface.inputs["Subsurface Radius"].default_value = (0.012, 0.005, 0.003)
    parts = []
    for finger in FINGERS:
        radii = (0.0098, 0.0088, 0.0080, 0.0072)
        for index in range(3):
            parts += _capsule(
                finger[index], finger[index + 1], radii[index], radii[index + 1], skin
            )
    for index, (first, last) in enumerate(((0.0145, 0.0115), (0.0115, 0.0100), (0.0100, 0.0082))):
        parts += _capsule(THUMB[index], THUMB[index + 1], first, last, skin)
    for finger in FINGERS:
        parts += _capsule((0.0, finger[0][1] * 0.72, 0.0), finger[0], 0.0150, 0.0112, skin)
    parts += _capsule((0.0, 0.0, 0.0), (-0.075, 0.0, 0.004), 0.026, 0.025, skin)
    parts += _capsule((-0.075, 0.0, 0.004), (-0.26, 0.0, 0.01), 0.026, 0.036, skin)
    body = bpy.data.objects.new("hand", kit.join(parts, "hand"))
    kit.link(body)
    mesher = body.modifiers.new("remesh", "REMESH")
    mesher.mode, mesher.voxel_size = "VOXEL", 0.0024
    mesher.use_smooth_shade = True
    smoother = body.modifiers.new("smooth", "SMOOTH")
    smoother.factor, smoother.iterations = 0.6, 7
    cloth = materials.plain(
        "sleeve",
        chance.choice(SLEEVES),
        0.9,
        bump=0.5,
        bump_scale=120,
        variation=0.2,
        variation_scale=30,
    )
    rings = [
        (-0.150, 0.0385),
        (-0.160, 0.045),
        (-0.175, 0.043),
        (-0.20, 0.046),
        (-0.24, 0.044),
        (-0.30, 0.050),
        (-0.36, 0.049),
        (-0.75, 0.066),
    ]
    sleeve = kit.lathe(
        "sleeve", [(0.034, 0.152)] + [(radius, -place) for place, radius in rings], [cloth], 40
    )
    for vertex in sleeve.data.vertices:
        x, y, z = vertex.co
        fold = 0.003 * math.sin(70 * z + 2 * math.atan2(y, x)) if z > 0.17 else 0
        vertex.co = (-z, y * (1 + fold * 20), x * (1 + fold * 20) + 0.008)
    kit.recalculate_normals(sleeve.data)
    heading = (Vector(towards) - Vector(at)).to_track_quat("X", "Z")
    heading.rotate(_about(Vector(towards) - Vector(at), roll))
    for thing in (body, sleeve):
        thing.rotation_mode = "QUATERNION"
        thing.rotation_quaternion, thing.location = heading, at
    return [body, sleeve]


def _about(axis, degrees):
    return Quaternion(axis.normalized(), math.radians(degrees))


def cart(x, y, heading, seed):
    """The front of a wire shopping cart with its handle side away; returns its objects."""
    steel = materials.plain("cart_wire", (0.55, 0.56, 0.58), 0.22, metallic=1.0)
    tone = random.Random(seed).choice(((0.55, 0.03, 0.03), (0.02, 0.12, 0.40), (0.03, 0.28, 0.10)))
    plastic = materials.plain("cart_plastic", tone, 0.35)
    parts, low, high = [], 0.48, 0.94

    def outline(z):
        share = (z - low) / (high - low)
        return 0.36 + 0.10 * share, 0.20 + 0.06 * share

    for level in range(8):
        z = low + (high - low) * level / 7
        half_x, half_y = outline(z)
        radius = 0.0055 if level == 7 else 0.0026
        corners = [(-half_x, -half_y), (half_x, -half_y), (half_x, half_y), (-half_x, half_y)]
        for first, last in zip(corners, corners[1:] + corners[:1], strict=True):
            parts.append(kit.tube("wire", (*first, z), (*last, z), radius, radius, steel, 8))
    for index in range(21):
        share = index / 20 * 2 - 1
        (bottom_x, bottom_y), (top_x, top_y) = outline(low), outline(high)
        for side in (-1, 1):
            parts.append(
                kit.tube(
                    "wire",
                    (share * bottom_x, side * bottom_y, low),
                    (share * top_x, side * top_y, high),
                    0.0024,
                    0.0024,
                    steel,
                    6,
                )
            )
            if index % 2:
                parts.append(
                    kit.tube(
                        "wire",
                        (side * bottom_x, share * bottom_y, low),
                        (side * top_x, share * top_y, high),
                        0.0024,
                        0.0024,
                        steel,
                        6,
                    )
                )
    half_x, half_y = outline(high)
    parts.append(
        kit.tube(
            "handle",
            (half_x + 0.10, -half_y, high + 0.04),
            (half_x + 0.10, half_y, high + 0.04),
            0.016,
            0.016,
            plastic,
            14,
        )
    )
    for side in (-1, 1):
        parts.append(
            kit.tube(
                "arm",
                (half_x, side * half_y, high),
                (half_x + 0.10, side * half_y, high + 0.04),
                0.010,
                0.010,
                plastic,
                10,
            )
        )
    parts.append(
        kit.box("panel", (0, half_y * 0.97, high - 0.11), (0.46, 0.006, 0.15), plastic, 0.002)
    )
    for px in (-0.26, 0.26):
        for py in (-0.18, 0.18):
            parts.append(
                kit.tube("leg", (px, py, low), (px * 1.1, py, 0.10), 0.011, 0.011, steel, 10)
            )
    made = kit.place(kit.join(parts, "cart"), "cart", (x, y, 0), math.radians(heading))
    return [made]


def cartons(x, y, seed):
    """A stack of delivery cartons on the floor before the shelf; returns its objects."""
    chance = random.Random(seed)
    board = materials.plain(
        "carton_board",
        (0.42, 0.28, 0.15),
        0.85,
        bump=0.2,
        bump_scale=60,
        variation=0.15,
        variation_scale=6,
    )
    tape = materials.plain("tape", (0.50, 0.38, 0.20), 0.2, coat=0.5)
    parts, z = [], 0.01
    for _ in range(3):
        width, depth, height = (
            chance.uniform(0.34, 0.44),
            chance.uniform(0.26, 0.32),
            chance.uniform(0.2, 0.28),
        )
        turn, shift = chance.uniform(-9, 9), chance.uniform(-0.02, 0.02)
        for part in (
            kit.box("carton", (shift, 0, z + height / 2), (width, depth, height), board, 0.004),
            kit.box(
                "tape", (shift, 0, z + height / 2), (0.05, depth + 0.002, height + 0.002), tape
            ),
        ):
            part.rotation_euler.z = math.radians(turn)
            parts.append(part)
        z += height
    return [kit.place(kit.join(parts, "cartons"), "cartons", (x, y, 0))]
