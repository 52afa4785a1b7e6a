# SPDX-License-Identifier: GPL-3.0-or-later
"""A spinning laser scanner: one sweep of 32 rings x 900 directions cast into the open scene.

Sensor coordinates are metres, x forward, y left, z up, with the origin in the scanner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

RINGS, DIRECTIONS = 32, 900
LOWEST, HIGHEST = math.radians(-24), math.radians(4)
REACH = 80.0
"""Longest measured distance in metres."""
RANGE_NOISE = 0.018
"""Standard deviation of a measured distance in metres."""
RETURNED = {"dry": 0.97, "rain": 0.86}
"""Share of pulses that come back from a surface met head on."""
THROUGH_GLASS, GLASS_RETURNED = 0.65, 0.35
"""Share of pulses that a shop window mirrors, and share that a car window sends back."""
GHOST = 255
"""Owner of a return that was mirrored by glass and belongs to no object at its place."""
BODY, MIRROR, DOOR = range(3)
END, SIDE = 1, 2
"""Faces of an object: front or rear, left or right."""
REFLECTIVITY = (
    ("number_plate", 0.95),
    ("sign_", 0.95),
    ("road_paint", 0.75),
    ("tail_lamp", 0.7),
    ("head_lamp", 0.6),
    ("asphalt", 0.12),
    ("rubber", 0.06),
    ("dark_plastic", 0.1),
    ("leaf", 0.42),
    ("grass", 0.35),
    ("paving", 0.3),
    ("brick", 0.4),
    ("wall", 0.5),
    ("window", 0.12),
    ("car_glass", 0.08),
    ("skin", 0.5),
)
"""Start of a material's name -> share of light sent back; other materials go by their colour."""


@dataclass
class Sweep:
    """The returns of one sweep: ``xyz`` in metres (n, 3), and for each return ``intensity`` and
    ``ring`` (0 lowest), the ``owner`` (0 none, `GHOST` mirrored), the ``part`` of the owner and the
    ``face`` that was met.
    """

    xyz: np.ndarray
    intensity: np.ndarray
    ring: np.ndarray
    owner: np.ndarray
    part: np.ndarray
    face: np.ndarray


class Scanner:
    """Casts sweeps from ``origin`` (world, m), its x axis turned by ``heading`` radians.

    ``owners`` maps object names to (id, part); ``glass`` names the objects that mirror pulses.
    """

    def __init__(self, origin, heading, owners, glass, weather):
        self.origin, self.heading = Vector(origin), heading
        self.owners, self.glass, self.weather = owners, glass, weather
        self.graph = bpy.context.evaluated_depsgraph_get()

    def sweep(self, seed: int) -> Sweep:
        """One turn of the scanner; noise and drop-out depend on ``seed``."""
        chance = np.random.default_rng(seed)
        rows = []
        for ring, elevation in enumerate(np.linspace(LOWEST, HIGHEST, RINGS)):
            for azimuth in np.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS):
                local = np.array(
                    [
                        math.cos(elevation) * math.cos(azimuth),
                        math.cos(elevation) * math.sin(azimuth),
                        math.sin(elevation),
                    ]
                )
                measured = self._pulse(local, chance)
                if measured:
                    distance, *rest = measured
                    distance += chance.normal(0, RANGE_NOISE)
                    rows.append((*(local * distance), ring, *rest))
        table = np.array(rows)
        return Sweep(
            xyz=table[:, :3],
            ring=table[:, 3].astype(np.uint8),
            intensity=table[:, 4].astype(np.uint8),
            owner=table[:, 5].astype(np.uint8),
            part=table[:, 6].astype(np.uint8),
            face=table[:, 7].astype(np.uint8),
        )

    def _pulse(self, local, chance):
        """(distance, intensity, owner, part, face) of one pulse, None where nothing comes back."""
        cosine, sine = math.cos(self.heading), math.sin(self.heading)
        x, y, z = local
        direction = Vector((x * cosine - y * sine, x * sine + y * cosine, z))
        met = self._cast(self.origin, direction, REACH)
        if not met:
            return None
        distance, place, normal, face_index, thing = met
        if thing.name in self.glass and chance.random() < THROUGH_GLASS:
            onward = direction.reflect(normal)
            behind = self._cast(place + onward * 0.02, onward, REACH - distance)
            if not behind:
                return None
            length, _, other_normal, other_index, other = behind
            strength = self._strength(other, other_index, distance + length, onward, other_normal)
            if chance.random() > 0.85 * self._kept(onward, other_normal):
                return None
            return distance + length, strength * 0.6, GHOST, BODY, 0
        if chance.random() > self._kept(direction, normal):
            return None
        if _material(thing, face_index) == "car_glass" and chance.random() > GLASS_RETURNED:
            return None
        strength = self._strength(thing, face_index, distance, direction, normal)
        owner, part = self.owners.get(thing.name, (0, BODY))
        return distance, strength, owner, part, _face(thing, normal)

    def _cast(self, start, direction, reach):
        """(distance, place, normal, face index, object) of what a ray meets first, or None."""
        hit, place, normal, index, thing, _ = bpy.context.scene.ray_cast(
            self.graph, start, direction, distance=reach
        )
        return ((place - start).length, place, normal, index, thing) if hit else None

    def _kept(self, direction, normal) -> float:
        """Probability of a return: grazing pulses are lost."""
        return RETURNED[self.weather] * min(1.0, 4 * abs(direction.dot(normal)) + 0.25)

    @staticmethod
    def _strength(thing, face_index, distance, direction, normal) -> float:
        """Intensity 0 to 255: reflectivity, cosine of the incidence and distance."""
        share = _reflectivity(thing, _material(thing, face_index))
        incidence = 0.3 + 0.7 * abs(direction.dot(normal))
        return min(255.0, 255 * share * incidence / (1 + (distance / 40) ** 2))


def _material(thing, face_index) -> str:
    """Name of the material of one face."""
    mesh = thing.data
    if not mesh.materials or not 0 <= face_index < len(mesh.polygons):
        return ""
    material = mesh.materials[mesh.polygons[face_index].material_index]
    return material.name if material else ""


def _reflectivity(thing, material) -> float:
    for start, share in REFLECTIVITY:
        if material.startswith(start) or material.endswith(f"_{start}"):
            return share
    if material == "paint":
        return 0.15 + 0.6 * sum(thing.color[:3]) / 3
    return 0.3


def _face(thing, normal) -> int:
    """`END` or `SIDE` of the object's own box, 0 for slanted and flat surfaces."""
    local = thing.matrix_world.to_3x3().inverted() @ normal
    local.normalize()
    if abs(local.x) > 0.75:
        return END
    return SIDE if abs(local.y) > 0.75 else 0
