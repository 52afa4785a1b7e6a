"""A chest in millimetres: where the lungs are, and the tissue around them in Hounsfield units.

x points to the right of the picture (the patient's left), y to the back, z to the head; the
windpipe divides at z = 20. All functions take arrays that broadcast and a height ``z``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from shapes import Grid, blend, capsule, ellipse, ellipsoid, paint

AIR, FAT, MUSCLE, BLOOD, MARROW, CORTEX, CARTILAGE = -1000, -100, 50, 120, 220, 820, 110
RIB_SPACING = 26.0
RIB_DROP = 98.0
"""How far a rib descends from the spine to its front end, in mm."""
CARINA = (0.0, 5.0, 20.0)
AIRWAYS = (
    ((0.0, 3.0, 120.0), CARINA, 9.0),
    (CARINA, (-38.0, 7.0, 3.0), 7.0),
    (CARINA, (43.0, 9.0, -6.0), 6.3),
    ((-38.0, 7.0, 3.0), (-46.0, 12.0, -30.0), 5.0),
    ((43.0, 9.0, -6.0), (50.0, 16.0, -32.0), 4.4),
    ((-30.0, 7.0, 8.0), (-52.0, 2.0, 22.0), 4.2),
    ((40.0, 9.0, -4.0), (54.0, -4.0, 10.0), 4.2),
)
"""Windpipe and large bronchi: start, end, radius of the lumen."""
HILA = {"right": (-46.0, 6.0, 2.0), "left": (48.0, 8.0, 2.0)}
VEINS = {"right": (-34.0, 10.0, -18.0), "left": (38.0, 12.0, -18.0)}


@dataclass(frozen=True)
class Anatomy:
    """One invented patient. Sizes, tilt and small bends follow from ``seed``."""

    seed: int

    @cached_property
    def _traits(self) -> dict[str, float]:
        rng = np.random.default_rng([self.seed, 1])
        return {
            "width": rng.uniform(0.93, 1.04),
            "depth": rng.uniform(0.94, 1.06),
            "fat": rng.uniform(5, 15),
            "ribs": rng.uniform(0, RIB_SPACING),
            "heart": rng.uniform(0.88, 1.05),
            "fissure": rng.uniform(-8, 8),
            "turn": rng.normal(0, 0.02),
        }

    @cached_property
    def _bends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.default_rng([self.seed, 2])
        waves = rng.normal(0, 1 / 32, (6, 3))
        return waves, rng.uniform(0, 2 * np.pi, 6), rng.normal(0, 1.3, (6, 2))

    def _bent(self, x, y, z):
        """The place in the model body of a place in this patient's body."""
        waves, phases, sizes = self._bends
        turn = self._traits["turn"]
        x, y = (x + turn * y) / self._traits["width"], (y - turn * x) / self._traits["depth"]
        angles = [
            wave[0] * x + wave[1] * y + wave[2] * z + p
            for wave, p in zip(waves, phases, strict=True)
        ]
        shift = [np.sin(angle) for angle in angles]
        return (
            x + sum(size[0] * s for size, s in zip(sizes, shift, strict=True)),
            y + sum(size[1] * s for size, s in zip(sizes, shift, strict=True)),
        )

    def _cavity(self, x, y, z):
        taper = 1 - 0.16 * np.clip((z - 15) / 45, 0, 1.3) ** 2 + 0.02 * np.clip(-z / 50, 0, 1)
        return ellipse(x, y, (0, 3), (126 * taper, 85 * taper), power=2.35)

    def _heart(self, x, y, z):
        size = self._traits["heart"]
        return ellipsoid(x, y, z, (26, -24, -48), (60 * size, 43 * size, 60), 0.5)

    def _vessels(self, x, y, z):
        """Signed distance to the heart and the great vessels."""
        arch, right, left = _level(z, 46, 15), _level(z, 6, 11), _level(z, 14, 11)
        parts = [
            self._heart(x, y, z),
            ellipsoid(x, y, z, (4, 16, -24), (36, 17, 24)),
            ellipse(x, y, (25, 45), (12, 12)),
            capsule(x, y, z, (-14, -22, -20), (-14, -20, 40), 15.5),
            capsule(x, y, 0, (-13, -20, 0), (20, 36, 0), arch),
            capsule(x, y, z, (-34, -14, -14), (-26, -16, 90), 8.5),
            capsule(x, y, z, (20, -30, -20), (18, -22, 14), 13.5),
            capsule(x, y, 0, (12, -14, 0), (-44, 4, 0), right),
            capsule(x, y, 0, (18, -20, 0), (46, 12, 0), left),
            capsule(x, y, z, (20, 4, 46), (14, -6, 110), 6),
        ]
        return np.minimum.reduce(np.broadcast_arrays(*parts))

    def _middle(self, x, y, z):
        """Signed distance to everything between the lungs, spine included."""
        upper = ellipse(x, y, (-4, -14), (34, 42))
        middle = blend(self._vessels(x, y, z) - 3.5, upper + np.clip(-z, 0, 40) * 0.3, 10)
        middle = blend(middle, ellipse(x, y, (4, 34), (22, 22)), 10)
        front = ellipse(x, y, (4, -78), (13 + np.clip(-z, 0, 60) * 0.5, 24))
        middle = blend(middle, front, 14)
        spine = blend(ellipse(x, y, (0, 62), (21, 19)), ellipse(x, y, (0, 92), (40, 24)), 8)
        return blend(middle, spine, 8)

    def lung(self, x, y, z):
        """Signed distance in mm to the lungs."""
        x, y = self._bent(x, y, z)
        return np.maximum(self._cavity(x, y, z), -self._middle(x, y, z))

    def fissures(self, x, y, z):
        """Signed heights in mm over the oblique and the horizontal fissure.

        The first is positive in the lower lobe; the second, of the right lung only, is positive
        in the upper lobe.
        """
        x, y = self._bent(x, y, z)
        shift = self._traits["fissure"]
        side = np.where(x < 0, 0, 5)
        oblique = y - (14 + shift + side + 0.85 * z - 0.004 * (np.abs(x) - 70) ** 2)
        dome = z - (5 + shift - 0.0022 * (x + 62) ** 2 - 0.14 * (y + 25))
        return oblique / 1.32, dome

    def lobe(self, x, y, z):
        """Number of the lobe: 0-2 right upper, middle, lower; 3 and 4 left upper and lower."""
        oblique, dome = self.fissures(x, y, z)
        right = np.where(oblique > 0, 2, np.where(dome > 0, 0, 1))
        return np.where(np.broadcast_to(x, right.shape) < 0, right, np.where(oblique > 0, 4, 3))

    def tissue(self, grid: Grid, z: float) -> np.ndarray:
        """Hounsfield units of the body with empty lungs filled with air, shape of the grid."""
        x, y = self._bent(grid.x, grid.y, z)
        step = grid.spacing
        rng = np.random.default_rng([self.seed, 3])
        cavity = self._cavity(x, y, z)
        around = np.arctan2(np.abs(x), y - 3) / np.pi
        image = np.full(grid.size[::-1], float(AIR))
        thickness = self._traits["fat"]
        flesh = cavity - 12 - 9 * np.cos(2 * np.pi * around) ** 2 - 8 * np.sin(np.pi * around)
        flank = thickness * (0.6 + 0.8 * np.sin(np.pi * around) ** 2)
        body = flesh - flank - 3
        table = np.abs(np.hypot(grid.x, grid.y + 560) - 694)
        paint(image, -250, np.maximum(table - 1, np.abs(grid.x) - 120), step)
        paint(image, MUSCLE, body, step)
        paint(image, FAT, body + 2, step)
        paint(image, MUSCLE, flesh, step)
        self._septa(image, around, flesh, cavity, rng, step)
        paint(image, MUSCLE, cavity - 10.5, step)
        self._ribs(image, cavity, around, x, z, step)
        self._shoulder(image, cavity, around, z, step)
        self._spine(image, x, y, z, step)
        self._between(image, x, y, z, step)
        return image

    @staticmethod
    def _septa(image, around, flesh, cavity, rng, step):
        """Planes of fat between the muscles of the chest wall, as layers that come and go."""
        for depth in (4, 9, 14):
            waves, phases = rng.uniform(2, 7, 2), rng.uniform(0, 2 * np.pi, 2)
            wave = sum(
                np.sin(2 * np.pi * k * around + p) for k, p in zip(waves, phases, strict=True)
            )
            layer = np.abs(flesh + depth + 2.2 * wave) - 1.1 * np.clip(wave + 0.9, 0, 1)
            paint(image, FAT, np.maximum(layer, 11 - cavity), step)

    def _ribs(self, image, cavity, around, x, z, step):
        first = 160 + self._traits["ribs"] + np.where(x < 0, 4, 0)
        heights = first - RIB_DROP * around**0.9 - z
        nearest = heights - RIB_SPACING * np.round(heights / RIB_SPACING)
        size = np.hypot((cavity - 5.5) / 3.7, nearest / 6.2)
        gap = np.maximum(0.05 - around, around - 0.93) * 400
        bone = np.maximum((size - 1) * 3.6, gap)
        front = np.clip((around - 0.74) * 30, 0, 1)
        paint(image, CORTEX + (CARTILAGE - CORTEX) * front, bone, step)
        paint(image, MARROW + (CARTILAGE - MARROW) * front, bone + 1.3, step)

    @staticmethod
    def _shoulder(image, cavity, around, z, step):
        blade = np.maximum(
            np.abs(cavity - 17 - 30 * np.clip(around - 0.3, 0, 1)) - 2.2,
            np.maximum(0.17 - around, around - 0.36 - 0.001 * z) * 300,
        )
        blade = np.maximum(blade, 8.0 - z)
        paint(image, CORTEX, blade, step)
        paint(image, MARROW, blade + 1.2, step)

    @staticmethod
    def _spine(image, x, y, z, step):
        paint(image, MUSCLE, ellipse(x, y, (0, 94), (46, 22)), step)
        paint(image, FAT, ellipse(x, y, (0, 92), (16, 18)), step)
        bones = [
            ellipse(x, y, (0, 62), (16.5, 14)),
            ellipse(x, y, (-15, 80), (5, 11), -0.25),
            ellipse(x, y, (15, 80), (5, 11), 0.25),
            ellipse(x, y, (-26, 87), (14, 4), -0.35),
            ellipse(x, y, (26, 87), (14, 4), 0.35),
            ellipse(x, y, (0, 95), (14, 4)),
            ellipse(x, y, (0, 107), (3, 12)),
        ]
        bone = np.minimum.reduce(np.broadcast_arrays(*bones))
        paint(image, 620, bone, step)
        grain = 40 * np.sin(x * 1.3 + 2 * np.sin(y)) * np.sin(y * 1.5 + np.sin(x) + 0.4 * z)
        paint(image, MARROW - 30 + grain, bone + 1.4, step)
        paint(image, 20, ellipse(x, y, (0, 83), (9, 8)), step)
        paint(image, 45, ellipse(x, y, (0, 83), (5.5, 4.5)), step)
        breast = ellipse(x, y, (0, -91), (19, 5.5))
        paint(image, 520, breast, step)
        paint(image, MARROW - 80, breast + 1.2, step)

    def _between(self, image, x, y, z, step):
        between = np.maximum(self._middle(x, y, z), self._cavity(x, y, z))
        outside_spine = -blend(
            ellipse(x, y, (0, 62), (17, 14.5)), ellipse(x, y, (0, 92), (40, 24)), 4
        )
        paint(image, FAT, np.maximum(between, outside_spine), step)
        great = self._vessels(x, y, z)
        paint(image, BLOOD, great, step)
        paint(image, BLOOD - 50, np.maximum(great, np.abs(self._heart(x, y, z) + 5) - 5), step)
        paint(image, 40, ellipse(x, y, (4, 29), (8, 6)), step)
        paint(image, -600, ellipse(x, y, (4, 29), (2.5, 1.2)), step)
        for cx, cy, size in ((-4, -48, 3.5), (9, -46, 2.5), (-22, 12, 4)):
            paint(image, 45, ellipse(x, y, (cx, cy), (size, size * 0.7), 0.4), step)
        for start, end, radius in AIRWAYS:
            rod = capsule(x, y, z, start, end, radius)
            paint(image, 30, np.maximum(rod - 1.4, between - 6), step)
        for start, end, radius in AIRWAYS:
            paint(image, AIR + 10, capsule(x, y, z, start, end, radius), step)


def _level(z, middle, radius):
    """Radius at height ``z`` of a rod of ``radius`` that lies in the plane at ``middle``."""
    square = radius**2 - (z - middle) ** 2
    return np.where(square > 0, np.sqrt(np.maximum(square, 0)), -200.0)
