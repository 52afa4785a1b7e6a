# SPDX-License-Identifier: GPL-3.0-or-later
"""People for close views: every layer, skin, clothes, hair and shoes, is a surface of its own.

Metres; the person faces +x and stands on z = 0.
"""

from __future__ import annotations

import bpy
import kit
import materials
import numpy as np
from figure_clothes import folded, woven
from figure_poses import STANDARD_HEIGHT, joints_of
from mathutils import Matrix, Vector
from part_shapes import blob

HEAD = 1.1
"""Size of the head against the measures below."""
TORSO = (
    (-0.08, 0.138, 0.197),
    (0.03, 0.126, 0.181),
    (0.14, 0.109, 0.149),
    (0.26, 0.116, 0.155),
    (0.35, 0.118, 0.162),
    (0.42, 0.096, 0.138),
    (0.46, 0.080, 0.105),
)
"""Rings of the torso: height above the hips, half depth and half width."""


def person(row: dict, name: str) -> tuple[bpy.types.Mesh, dict[str, Vector]]:
    """(mesh, joints) of the person that a recipe's row describes.

    ``row`` holds ``pose``, and optionally ``height`` in metres, ``skin``, ``hair``, ``top``,
    ``trousers`` and ``shoes`` in linear RGB, ``cut`` (short, long or bun), ``sleeves`` and ``legs``
    (long or short), ``pattern`` of the top (plain, stripes, check) and ``seed``.
    """
    height = row.get("height", 1.75)
    scale, joints = height / STANDARD_HEIGHT, joints_of(row["pose"], height)
    skin = materials.plain(f"{name}_skin", tuple(row.get("skin", (0.5, 0.29, 0.2))), 0.5)
    cloth = woven(f"{name}_top", tuple(row["top"]), row.get("pattern", "plain"))
    jeans = woven(f"{name}_trousers", tuple(row["trousers"]), "plain")
    leather = materials.plain(f"{name}_shoes", tuple(row.get("shoes", (0.03, 0.03, 0.03))), 0.5)
    build = _Build(joints, scale)
    short_sleeves, shorts = row.get("sleeves") == "short", row.get("legs") == "short"
    seed = row.get("seed", 1)
    parts = [
        folded(blob("top", build.top(short_sleeves), 0.011, cloth, 5, 2), seed),
        folded(blob("trousers", build.trousers(shorts), 0.011, jeans, 5, 2), seed + 1),
        blob("skin", build.skin(short_sleeves, shorts), 0.008, skin, 4, 2),
        blob("head", build.head(), 0.0055, skin, 5, 3),
        *(blob("hand", build.hand(side), 0.0055, skin, 3, 2) for side in ("left", "right")),
        *(blob("shoe", build.shoe(side), 0.007, leather, 4, 2) for side in ("left", "right")),
        *build.face(name, tuple(row.get("hair", (0.03, 0.02, 0.012))), row.get("cut", "short")),
    ]
    mesh = kit.join(parts, name)
    low = min(vertex.co.z for vertex in mesh.vertices)
    mesh.transform(Matrix.Translation((0, 0, -low)))
    for key in joints:
        if key not in ("face", "side", "crown"):
            joints[key] = joints[key] - Vector((0, 0, low))
    return mesh, joints


def _chain(start, end, start_radius, end_radius, count=10):
    """Balls from one point to another."""
    balls = []
    for share in np.linspace(0, 1, count):
        radius = start_radius + (end_radius - start_radius) * share
        balls.append((start.lerp(end, share), (radius,) * 3))
    return balls


class _Build:
    """The balls that each layer of one body is fused from."""

    def __init__(self, joints, scale):
        self.joints, self.scale = joints, scale

    def _torso(self, grow, low, high):
        """Stacked rings between two heights, bent with the spine."""
        spine = [self.joints[key] for key in ("pelvis", "waist", "chest", "neck")]
        heights = [0.0, 0.16, 0.36, 0.53]
        rings = np.array(TORSO)
        balls = []
        for height in np.arange(low, high, 0.022):
            centre = Vector(
                [np.interp(height, heights, [p[axis] for p in spine]) for axis in range(3)]
            )
            centre.z += min(0, height) * self.scale
            depth, width = (np.interp(height, rings[:, 0], rings[:, column]) for column in (1, 2))
            radii = tuple(value * self.scale * grow for value in (depth, width, 0.05))
            balls.append((centre, radii))
        return balls

    def _limb(self, side, first, second, start_radius, end_radius, upto=1.0):
        start, end = self.joints[f"{side}_{first}"], self.joints[f"{side}_{second}"]
        return _chain(
            start, start.lerp(end, upto), start_radius * self.scale, end_radius * self.scale, 14
        )

    def top(self, short_sleeves):
        balls = self._torso(1.0, -0.07, 0.45)
        for side in ("left", "right"):
            shoulder = self.joints[f"{side}_shoulder"]
            root = self.joints["neck"].lerp(self.joints["chest"], 0.35)
            balls += _chain(root, shoulder, 0.074 * self.scale, 0.060 * self.scale)
            balls += self._limb(
                side, "shoulder", "elbow", 0.061, 0.052, 0.62 if short_sleeves else 1
            )
            if not short_sleeves:
                balls += self._limb(side, "elbow", "wrist", 0.050, 0.038, 0.94)
            balls += self._limb(side, "hip", "knee", 0.093, 0.089, 0.1)
        balls += _chain(
            self.joints["chest"].lerp(self.joints["neck"], 0.5),
            self.joints["neck"].lerp(self.joints["chest"], 0.06),
            0.08 * self.scale,
            0.058 * self.scale,
            5,
        )
        return balls

    def trousers(self, shorts):
        balls = self._torso(0.82, -0.1, 0.05)
        for side in ("left", "right"):
            balls += self._limb(
                side, "hip", "knee", 0.078, 0.074 if shorts else 0.065, 0.82 if shorts else 1
            )
            if not shorts:
                balls += self._limb(side, "knee", "ankle", 0.067, 0.052, 0.97)
        return balls

    def skin(self, short_sleeves, shorts):
        head, neck = self.joints["head"], self.joints["neck"]
        balls = _chain(
            neck - Vector((0, 0, 0.02)),
            head - self.joints["crown"] * 0.05,
            0.054 * self.scale,
            0.05 * self.scale,
        )
        for side in ("left", "right"):
            if short_sleeves:
                balls += self._limb(side, "shoulder", "elbow", 0.048, 0.041)
                balls += self._limb(side, "elbow", "wrist", 0.041, 0.028)
            else:
                wrist = self.joints[f"{side}_wrist"]
                balls += _chain(
                    wrist.lerp(self.joints[f"{side}_elbow"], 0.25),
                    wrist,
                    0.03 * self.scale,
                    0.027 * self.scale,
                    6,
                )
            if shorts:
                balls += self._limb(side, "hip", "knee", 0.078, 0.055)
                balls += self._limb(side, "knee", "ankle", 0.058, 0.036)
                calf = self.joints[f"{side}_knee"].lerp(self.joints[f"{side}_ankle"], 0.3)
                balls.append((calf, tuple(r * self.scale for r in (0.06, 0.054, 0.11))))
        return balls

    def _on_head(self, x, y, z):
        """A place given in the head's own directions."""
        offset = self.joints["face"] * x + self.joints["side"] * y + self.joints["crown"] * z
        return self.joints["head"] + offset * self.scale * HEAD

    def _ball(self, x, y, z, *radii):
        return self._on_head(x, y, z), tuple(radius * self.scale * HEAD for radius in radii)

    def head(self):
        balls = [
            self._ball(0, 0, 0.02, 0.094, 0.074, 0.1),
            self._ball(0.022, 0, -0.045, 0.07, 0.057, 0.062),
            self._ball(0.05, 0, -0.083, 0.032, 0.034, 0.026),
            self._ball(0.091, 0, 0.012, 0.008, 0.008, 0.022),
            self._ball(0.098, 0, -0.014, 0.015, 0.013, 0.014),
        ]
        for side in (-1, 1):
            balls.append(self._ball(-0.008, side * 0.076, -0.006, 0.02, 0.011, 0.031))
            balls.append(self._ball(0.07, side * 0.034, -0.022, 0.022, 0.022, 0.02))
        return balls

    def hand(self, side):
        wrist, tip = self.joints[f"{side}_wrist"], self.joints[f"{side}_hand"]
        along = (tip - wrist).normalized()
        inward = Vector((0, -1 if side == "left" else 1, 0))
        across = along.cross(inward)
        across = across.normalized() if across.length > 0.2 else Vector((1, 0, 0))
        palm = across.cross(along).normalized()
        if palm.dot(inward) < 0:
            palm = -palm
        size, balls = self.scale, []
        for finger in (-1.5, -0.5, 0.5, 1.5):
            root = wrist + along * 0.075 * size + across * finger * 0.019 * size
            reach = (0.072 - 0.008 * abs(finger)) * size
            middle = root + along * reach * 0.55 + palm * 0.008 * size
            balls += _chain(
                wrist + across * finger * 0.012 * size, root, 0.02 * size, 0.014 * size, 7
            )
            balls += _chain(root, middle, 0.0105 * size, 0.0095 * size, 6)
            balls += _chain(
                middle,
                middle + (along * 0.8 + palm * 0.6) * reach * 0.45,
                0.0095 * size,
                0.0085 * size,
                5,
            )
        front = across if across.x >= 0 else -across
        thumb = wrist + along * 0.025 * size + front * 0.02 * size
        balls += _chain(
            thumb,
            thumb + (along * 0.75 + front * 0.45 + palm * 0.3) * 0.06 * size,
            0.015 * size,
            0.0105 * size,
            7,
        )
        return balls

    def shoe(self, side):
        ankle, toe = self.joints[f"{side}_ankle"], self.joints[f"{side}_toe"]
        along = (toe - ankle).normalized()
        heel = ankle - along * 0.045 * self.scale - Vector((0, 0, 0.055 * self.scale))
        ball = toe - Vector((0, 0, 0.016 * self.scale))
        size = self.scale
        balls = _chain(
            ankle + Vector((0, 0, 0.01 * size)),
            ankle - Vector((0, 0, 0.04 * size)),
            0.046 * size,
            0.044 * size,
            4,
        )
        balls += _chain(heel + Vector((0, 0, 0.01 * size)), ball, 0.041 * size, 0.043 * size, 9)
        balls += _chain(ankle - Vector((0, 0, 0.03 * size)), ball, 0.042 * size, 0.037 * size, 7)
        balls += _chain(ball, ball + along * 0.03 * size, 0.043 * size, 0.034 * size, 3)
        return balls

    def face(self, name, hair_color, cut):
        """Eyes, brows, mouth and hair, as objects."""
        hair = materials.plain(
            f"{name}_hair",
            hair_color,
            0.55,
            bump=0.1,
            bump_scale=90,
            variation=0.25,
            variation_scale=40,
        )
        white = materials.plain("eye_white", (0.6, 0.57, 0.54), 0.3)
        iris = materials.plain("eye_iris", (0.03, 0.02, 0.015), 0.15)
        lips = materials.plain("lips", (0.32, 0.11, 0.09), 0.5)
        parts = [
            blob("mouth", [self._ball(0.082, 0, -0.056, 0.006, 0.021, 0.0045)], 0.003, lips, 2, 2)
        ]
        for side in (-1, 1):
            parts.append(
                blob(
                    "eye",
                    [self._ball(0.0775, side * 0.031, 0.018, 0.01, 0.0135, 0.0075)],
                    0.002,
                    white,
                    2,
                    2,
                )
            )
            parts.append(
                blob(
                    "iris",
                    [self._ball(0.0855, side * 0.031, 0.018, 0.004, 0.0058, 0.0062)],
                    0.0015,
                    iris,
                    2,
                    2,
                )
            )
            brow = [
                self._ball(
                    0.088,
                    side * (0.022 + 0.006 * n),
                    0.037 + 0.002 * (n == 1),
                    0.006,
                    0.008,
                    0.0035,
                )
                for n in range(4)
            ]
            parts.append(blob("brow", brow, 0.002, hair, 2, 2))
        cap = [
            self._ball(-0.016, 0, 0.046, 0.098, 0.082, 0.088),
            self._ball(-0.04, 0, 0.0, 0.074, 0.08, 0.085),
            self._ball(0.035, 0, 0.088, 0.06, 0.062, 0.042),
        ]
        if cut == "long":
            cap += [
                self._ball(-0.05, s * 0.03, -0.07 - 0.04 * n, 0.05, 0.055 - 0.004 * n, 0.06)
                for n in range(4)
                for s in (-1, 1)
            ]
            cap += [
                self._ball(-0.01, s * 0.073, -0.03 - 0.03 * n, 0.04, 0.018, 0.05)
                for n in range(3)
                for s in (-1, 1)
            ]
        elif cut == "bun":
            cap.append(self._ball(-0.105, 0, 0.06, 0.042, 0.044, 0.042))
        crown = folded(blob("hair", cap, 0.007, hair, 3), 3, 0.004, 30)
        return [*parts, crown]
