# SPDX-License-Identifier: GPL-3.0-or-later
"""Walkers whose feet stay where they stand: one mesh for each phase of the step.

A cycle is two steps and takes `PHASES` frames. A foot on the ground moves back under the hip
exactly as fast as the walker moves forward, so that it does not slide; knees follow from the places
of hip and ankle. Metres, facing +x.
"""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import kit
import people
from mathutils import Vector

PHASES = 10
"""Frames of one cycle; at 10 frames a second a walker makes two steps a second."""
STRIDE = 1.25
"""Metres of one cycle of a person of standard height."""
STANCE = 0.6
"""Share of the cycle in which a foot is on the ground."""
THIGH, SHANK = 0.44, 0.43
ANKLE_HEIGHT, HEEL_RISE, LIFT = 0.06, 0.10, 0.09
HIP_DROP, BOB, ARM_SWING = 0.035, 0.018, 0.42


def stride(height: float) -> float:
    """Metres a person of ``height`` metres walks in one cycle."""
    return STRIDE * height / people.STANDARD_HEIGHT


def _ankle(phase: float) -> tuple[float, float, float]:
    """(x, z, pitch of the foot) of an ankle against the hip's place on the ground."""
    if phase < STANCE:
        share = phase / STANCE
        rise = max(0.0, (share - 0.6) / 0.4) ** 2
        return STRIDE * (STANCE / 2 - phase) + 0.07 * rise, ANKLE_HEIGHT + HEEL_RISE * rise, rise
    share = (phase - STANCE) / (1 - STANCE)
    eased = share * share * (3 - 2 * share)
    back, front = -STRIDE * STANCE / 2 + 0.07, STRIDE * STANCE / 2
    height = ANKLE_HEIGHT + HEEL_RISE * (1 - eased) + LIFT * math.sin(math.pi * share)
    return back + (front - back) * eased, height, 1 - 1.6 * eased + 0.6 * eased**4


def _knee(hip: Vector, ankle: Vector) -> Vector:
    """Place of the knee, bent forward, by the law of cosines; a leg too short is straight."""
    reach = ankle - hip
    length = min(reach.length, THIGH + SHANK - 1e-3)
    bend = math.acos((THIGH**2 + length**2 - SHANK**2) / (2 * THIGH * length))
    angle = math.atan2(reach.x, -reach.z) + bend
    return hip + Vector((THIGH * math.sin(angle), 0, -THIGH * math.cos(angle)))


def joints(phase: float, height: float) -> dict[str, Vector]:
    """Joint positions of a walker at ``phase`` (0 to 1) of the cycle, feet on z = 0."""
    posed = people.skeleton("stand", 0.0, people.STANDARD_HEIGHT)
    sway = -HIP_DROP + BOB * math.cos(4 * math.pi * (phase - 0.3))
    for position in posed.values():
        position.z += sway
    for name, side, offset in (("left", 1, 0.0), ("right", -1, 0.5)):
        own = (phase + offset) % 1
        x, z, pitch = _ankle(own)
        hip = posed[f"{name}_hip"]
        ankle = Vector((x, hip.y, z))
        posed[f"{name}_knee"], posed[f"{name}_ankle"] = _knee(hip, ankle), ankle
        posed[f"{name}_toe"] = ankle + Vector(
            (0.17 * math.cos(0.9 * pitch), 0, -0.04 - 0.12 * math.sin(0.9 * pitch))
        )
        swing = -ARM_SWING * math.cos(2 * math.pi * own)
        _swing_arm(posed, name, side, swing)
    return {name: position * (height / people.STANDARD_HEIGHT) for name, position in posed.items()}


def _swing_arm(posed, name, side, angle):
    """Turn an arm forward by ``angle`` at the shoulder, its elbow slightly bent."""
    shoulder, bent = posed[f"{name}_shoulder"], angle + 0.35
    elbow = shoulder + Vector((0.29 * math.sin(angle), side * 0.035, -0.29 * math.cos(angle)))
    lower = Vector((math.sin(bent), 0, -math.cos(bent)))
    posed[f"{name}_elbow"] = elbow
    posed[f"{name}_wrist"], posed[f"{name}_hand"] = elbow + 0.26 * lower, elbow + 0.36 * lower


class Walker:
    """The meshes of one person: ``steps``, one for each phase, and ``still``.

    ``seed`` decides height and clothes, the same as of `people.person_mesh`.
    """

    def __init__(self, seed: int, cache: Path):
        self.look = people.look_of(seed)
        path = cache / f"walker_{seed}.blend"
        if not path.exists():
            _write(path, seed, self.look)
        with bpy.data.libraries.load(str(path)) as (source, target):
            names = list(source.meshes)
            target.meshes = list(names)
        by_name = dict(zip(names, target.meshes, strict=True))
        self.steps = [by_name[f"step_{seed}_{phase}"] for phase in range(PHASES)]
        self.still = by_name[f"still_{seed}"]

    @property
    def stride(self) -> float:
        return stride(self.look.height)


def _write(path: Path, seed: int, look: people.Look):
    """Make the meshes of one person and keep them in a .blend file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    poses = {f"step_{seed}_{phase}": joints(phase / PHASES, look.height) for phase in range(PHASES)}
    poses[f"still_{seed}"] = people.skeleton("stand", 0.0, look.height)
    meshes = []
    for name, posed in poses.items():
        mesh = people.clothed_body(posed, look, f"walker_{seed}")
        body = kit.link(bpy.data.objects.new("body", mesh))
        meshes.append(kit.join([body], name))
    bpy.data.libraries.write(str(path), set(meshes), fake_user=True)
    for mesh in meshes:
        bpy.data.meshes.remove(mesh)
