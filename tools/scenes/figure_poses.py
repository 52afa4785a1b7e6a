# SPDX-License-Identifier: GPL-3.0-or-later
"""Poses: where the joints of a person are. The person faces +x, its left is +y, z is up; metres."""

from __future__ import annotations

import math

from mathutils import Matrix, Vector

STANDARD_HEIGHT = 1.75
UPPER_ARM, FOREARM, HAND, THIGH, SHIN, FOOT = 0.29, 0.255, 0.085, 0.435, 0.43, 0.15
HANGING = ((0.0, 0.16, -1), (0.16, 0.03, -1))
UPRIGHT = ((0.03, 0.06, -1), (-0.03, 0.02, -1))
POSES = {
    "stand": {},
    "relaxed": {
        "left_leg": ((0.22, 0.12, -1), (-0.12, 0.05, -1)),
        "right_arm": ((-0.05, 0.2, -1), (0.3, -0.1, -1)),
        "head": (18, 0),
    },
    "walk": {
        "lean": 4,
        "left_leg": ((0.42, 0.02, -1), (0.06, 0.0, -1)),
        "right_leg": ((-0.26, 0.02, -1), (-0.62, 0.0, -1)),
        "left_arm": ((-0.42, 0.14, -1), (-0.12, 0.02, -1)),
        "right_arm": ((0.34, 0.12, -1), (0.7, -0.05, -1)),
    },
    "arms_crossed": {
        "left_arm": ((0.22, 0.08, -1), (0.42, -1, 0.12)),
        "right_arm": ((0.22, 0.08, -1), (0.55, -1, 0.0)),
        "right_leg": ((0.12, 0.1, -1), (-0.08, 0.05, -1)),
    },
    "reach_up": {
        "left_arm": ((0.3, 0.12, 1), (0.25, -0.1, 1)),
        "head": (10, 22),
        "right_leg": ((-0.1, 0.08, -1), (-0.14, 0.02, -1)),
    },
    "both_up": {
        "left_arm": ((0.1, 0.55, 1), (0.15, -0.25, 1)),
        "right_arm": ((0.1, 0.55, 1), (0.15, -0.25, 1)),
        "left_leg": ((0.05, 0.28, -1), (-0.02, 0.2, -1)),
        "right_leg": ((0.05, 0.28, -1), (-0.02, 0.2, -1)),
    },
    "hands_on_hips": {
        "left_arm": ((-0.25, 0.8, -1), (0.35, -0.95, -0.45)),
        "right_arm": ((-0.25, 0.8, -1), (0.35, -0.95, -0.45)),
        "left_leg": ((0.05, 0.18, -1), (-0.03, 0.12, -1)),
        "right_leg": ((0.05, 0.18, -1), (-0.03, 0.12, -1)),
    },
    "hands_behind": {
        "left_arm": ((-0.3, 0.12, -1), (-0.45, -1, -0.4)),
        "right_arm": ((-0.3, 0.12, -1), (-0.6, -1, -0.35)),
    },
    "sit": {
        "lean": 6,
        "left_leg": ((1, 0.14, 0.02), (0.12, 0.03, -1)),
        "right_leg": ((1, 0.14, 0.02), (0.02, 0.03, -1)),
        "left_arm": ((0.35, 0.12, -1), (1, -0.12, -0.28)),
        "right_arm": ((0.35, 0.12, -1), (1, -0.3, -0.2)),
    },
    "sit_crossed": {
        "lean": 2,
        "left_leg": ((1, 0.1, 0.02), (0.12, 0.03, -1)),
        "right_leg": ((1, -0.22, 0.24), (0.5, -0.25, -1)),
        "left_arm": ((0.3, 0.1, -1), (1, -0.75, 0.0)),
        "right_arm": ((0.3, 0.12, -1), (1, -0.45, -0.1)),
        "head": (-20, -6),
    },
    "wave": {
        "right_arm": ((0.12, 0.9, 0.25), (0.15, 0.1, 1)),
        "head": (-12, 0),
    },
    "phone": {
        "right_arm": ((0.35, 0.15, -1), (0.62, -0.25, 1)),
        "left_leg": ((0.14, 0.08, -1), (-0.14, 0.04, -1)),
        "head": (6, -14),
    },
    "carry": {
        "left_arm": ((0.1, 0.12, -1), (1, -0.28, 0.1)),
        "right_arm": ((0.1, 0.12, -1), (1, -0.28, 0.1)),
        "left_leg": ((0.2, 0.06, -1), (0.0, 0.0, -1)),
        "right_leg": ((-0.16, 0.05, -1), (-0.3, 0.0, -1)),
    },
    "astride": {
        "lean": 24,
        "left_leg": ((0.05, 0.3, -1), (-0.02, 0.24, -1)),
        "right_leg": ((0.78, 0.12, -0.8), (-0.12, 0.0, -1)),
        "left_arm": ((0.42, 0.2, -1), (0.85, -0.02, -0.42)),
        "right_arm": ((0.42, 0.2, -1), (0.85, -0.02, -0.42)),
        "head": (0, 14),
    },
    "stretch": {
        "lean": 10,
        "twist": 18,
        "left_arm": ((0.35, -0.5, 0.1), (0.25, -1, 0.05)),
        "right_arm": ((0.2, 0.25, -1), (0.75, -0.75, 1)),
        "left_leg": ((0.1, 0.22, -1), (-0.05, 0.14, -1)),
        "right_leg": ((0.1, 0.22, -1), (-0.05, 0.14, -1)),
    },
}
"""Pose -> what differs from standing: ``lean`` forward and ``twist`` of the shoulders to the left
in degrees, ``head`` as (turn to the left, tilt up) in degrees, and for each limb the directions of
its two bones, in which y points outwards on either side."""


def joints_of(pose: str, height: float) -> dict[str, Vector]:
    """Joint positions of a person of ``height`` metres whose pelvis is at the origin.

    Raises KeyError for an unknown pose.
    """
    wanted = POSES[pose]
    lean = Matrix.Rotation(math.radians(wanted.get("lean", 0)), 3, "Y")
    twist = Matrix.Rotation(math.radians(wanted.get("twist", 0)), 3, "Z")
    yaw, tilt = wanted.get("head", (0, 0))
    torso = lean @ twist
    face = (
        torso
        @ Matrix.Rotation(math.radians(yaw), 3, "Z")
        @ Matrix.Rotation(math.radians(-tilt), 3, "Y")
    )
    found = {
        "pelvis": Vector((0, 0, 0)),
        "waist": lean @ Vector((0, 0, 0.16)),
        "chest": torso @ Vector((0.01, 0, 0.36)),
        "neck": torso @ Vector((0.005, 0, 0.53)),
        "face": face @ Vector((1, 0, 0)),
        "side": face @ Vector((0, 1, 0)),
        "crown": face @ Vector((0, 0, 1)),
    }
    found["head"] = found["neck"] + torso @ Vector((0.02, 0, 0.07)) + face @ Vector((0.015, 0, 0.1))
    found["nose"] = found["head"] + face @ Vector((0.118, 0, -0.015))
    for name, side in (("left", 1), ("right", -1)):

        def limb(start, bones, directions, side=side):
            for length, (x, y, z) in zip(bones, directions, strict=True):
                start = start + Vector((x, side * y, z)).normalized() * length
                yield start

        found[f"{name}_shoulder"] = torso @ Vector((0, side * 0.165, 0.462))
        found[f"{name}_hip"] = Vector((0, side * 0.092, 0))
        arm, leg = wanted.get(f"{name}_arm", HANGING), wanted.get(f"{name}_leg", UPRIGHT)
        found[f"{name}_elbow"], found[f"{name}_wrist"], found[f"{name}_hand"] = limb(
            found[f"{name}_shoulder"], (UPPER_ARM, FOREARM, HAND), (*arm, arm[1])
        )
        found[f"{name}_knee"], found[f"{name}_ankle"] = limb(
            found[f"{name}_hip"], (THIGH, SHIN), leg
        )
        found[f"{name}_toe"] = found[f"{name}_ankle"] + Vector((FOOT, side * 0.03, -0.045))
    scale = height / STANDARD_HEIGHT
    directions = ("face", "side", "crown")
    return {key: place if key in directions else place * scale for key, place in found.items()}
