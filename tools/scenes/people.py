# SPDX-License-Identifier: GPL-3.0-or-later
"""Walkers, standing people, cyclists and bicycles.

A body is a union of capsules along a skeleton. Metres, facing +x.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import bmesh
import bpy
import kit
import materials
import numpy as np
from mathutils import Matrix, Vector

STANDARD_HEIGHT = 1.75
ON_BICYCLE = {"ride": 0.55, "mount": 0.42}
"""Pose -> how far the upper body leans forward, radians."""
UPPER_BODY = ("shoulder", "elbow", "wrist", "hand", "head", "neck", "chest")
TOP_COLORS = (
    (0.1, 0.12, 0.2),
    (0.6, 0.1, 0.1),
    (0.85, 0.85, 0.82),
    (0.2, 0.3, 0.2),
    (0.45, 0.4, 0.33),
    (0.8, 0.6, 0.1),
    (0.1, 0.3, 0.5),
    (0.06, 0.06, 0.07),
    (0.5, 0.25, 0.4),
    (0.35, 0.35, 0.37),
)
TROUSER_COLORS = (
    (0.1, 0.13, 0.25),
    (0.08, 0.08, 0.09),
    (0.45, 0.4, 0.3),
    (0.25, 0.25, 0.27),
    (0.2, 0.3, 0.5),
)
SKIN_COLORS = ((0.62, 0.38, 0.27), (0.45, 0.25, 0.15), (0.7, 0.47, 0.36), (0.22, 0.11, 0.06))
HAIR_COLORS = ((0.02, 0.015, 0.01), (0.12, 0.06, 0.02), (0.35, 0.22, 0.08), (0.3, 0.3, 0.3))
SHOE_COLORS = ((0.02, 0.02, 0.02), (0.6, 0.6, 0.6), (0.15, 0.06, 0.03))


def _turn(vector, angle):
    """Rotate (x, y, z) around the y axis; a positive angle swings a hanging limb backwards."""
    x, y, z = vector
    return Vector(
        (x * math.cos(angle) + z * math.sin(angle), y, -x * math.sin(angle) + z * math.cos(angle))
    )


def _limb_angles(pose, phase, side):
    """(thigh, knee, upper arm, elbow) in radians for ``side`` +1 left, -1 right."""
    step = math.sin(phase) * side
    if pose == "walk":
        knee = max(0, -0.15 + 0.65 * math.sin(phase + (0 if side > 0 else math.pi) + 2.2))
        return 0.42 * step, knee, -0.38 * step, -0.35
    if pose == "ride":
        pedal = phase + (0 if side > 0 else math.pi)
        return -(1.15 + 0.32 * math.sin(pedal)), 1.35 + 0.4 * math.cos(pedal), -1.05, -0.35
    if pose == "mount":
        thigh, knee = (0.06, 0.03) if side > 0 else (-0.95, 1.15)
        return thigh, knee, -0.95, -0.3
    if pose == "phone":
        return 0.02 * side, 0.03, (-0.25 if side > 0 else 0.03), (-1.9 if side > 0 else -0.1)
    return 0.02 * side, 0.03, 0.04 * side, -0.18


def skeleton(pose: str, phase: float, height: float) -> dict[str, Vector]:
    """Joint positions in metres, hips 0.93 m above the origin for a standard height."""
    joints = {
        "pelvis": Vector((0, 0, 0.93)),
        "chest": Vector((0.01, 0, 1.30)),
        "neck": Vector((0.015, 0, 1.48)),
        "head": Vector((0.035, 0, 1.63)),
    }
    for name, side in (("left", 1), ("right", -1)):
        thigh, knee, arm, elbow = _limb_angles(pose, phase, side)
        joints[f"{name}_hip"], joints[f"{name}_shoulder"] = (
            Vector((0, side * 0.10, 0.93)),
            Vector((0, side * 0.185, 1.42)),
        )
        joints[f"{name}_knee"] = joints[f"{name}_hip"] + _turn((0, 0, -0.44), thigh)
        joints[f"{name}_ankle"] = joints[f"{name}_knee"] + _turn((0, 0, -0.43), thigh + knee)
        joints[f"{name}_toe"] = joints[f"{name}_ankle"] + _turn(
            (0.17, 0, -0.05), (thigh + knee) * 0.6
        )
        joints[f"{name}_elbow"] = joints[f"{name}_shoulder"] + _turn((0, side * 0.035, -0.29), arm)
        joints[f"{name}_wrist"] = joints[f"{name}_elbow"] + _turn((0, 0, -0.26), arm + elbow)
        joints[f"{name}_hand"] = joints[f"{name}_wrist"] + _turn((0, 0, -0.1), arm + elbow)
    if pose == "mount":
        for name, outwards in (("left_knee", 0.07), ("left_ankle", 0.16), ("left_toe", 0.18)):
            joints[name] += Vector((0, outwards, 0))
    if pose in ON_BICYCLE:
        for name in joints:
            if name.endswith(UPPER_BODY):
                joints[name] = joints["pelvis"] + _turn(
                    joints[name] - joints["pelvis"], ON_BICYCLE[pose]
                )
        joints["head"] += Vector((-0.06, 0, 0.03))
    return {name: position * (height / STANDARD_HEIGHT) for name, position in joints.items()}


def _capsules(long_sleeves):
    """(from, to, radius, radius, material index) for every body part.

    Radii for a standard height.
    """
    parts = [
        ("pelvis", "chest", 0.135, 0.15, 1),
        ("chest", "neck", 0.15, 0.06, 1),
        ("neck", "head", 0.055, 0.06, 2),
        ("head", "head", 0.105, 0.105, 2),
    ]
    for side in ("left", "right"):
        parts += [
            (f"{side}_hip", f"{side}_knee", 0.092, 0.062, 0),
            (f"{side}_knee", f"{side}_ankle", 0.062, 0.044, 0),
            (f"{side}_ankle", f"{side}_toe", 0.05, 0.036, 3),
            (f"{side}_shoulder", f"{side}_elbow", 0.062, 0.046, 1),
            (f"{side}_elbow", f"{side}_wrist", 0.046, 0.034, 1 if long_sleeves else 2),
            (f"{side}_wrist", f"{side}_hand", 0.034, 0.03, 2),
            ("chest", f"{side}_shoulder", 0.13, 0.066, 1),
            ("pelvis", f"{side}_hip", 0.125, 0.10, 0),
        ]
    return parts


def _fused_body(capsules, joints, scale):
    """One skin around all capsules by voxel remeshing."""
    working = bmesh.new()
    for first, second, start_radius, end_radius, _ in capsules:
        start, end = joints[first], joints[second]
        steps = max(1, int((end - start).length / (0.02 * scale)))
        for index in range(steps + 1):
            share = index / steps
            radius = (start_radius + (end_radius - start_radius) * share) * scale
            bmesh.ops.create_icosphere(
                working,
                subdivisions=2,
                radius=radius,
                matrix=Matrix.Translation(start.lerp(end, share)),
            )
    mesh = bpy.data.meshes.new("body")
    working.to_mesh(mesh)
    working.free()
    body = kit.link(bpy.data.objects.new("body", mesh))
    remesh = body.modifiers.new("remesh", "REMESH")
    remesh.mode, remesh.voxel_size = "VOXEL", 0.018 * scale
    smooth = body.modifiers.new("smooth", "SMOOTH")
    smooth.iterations, smooth.factor = 4, 0.5
    fused = kit.apply_modifiers(body)
    bpy.data.objects.remove(body)
    return fused


def _dress(mesh, capsules, joints, scale, name, colors):
    """Give every face the material of the nearest capsule.

    The top and back of the head become hair.
    """
    count = len(mesh.polygons)
    centres = np.empty(count * 3)
    mesh.polygons.foreach_get("center", centres)
    centres = centres.reshape(-1, 3)
    nearest, material_index = np.full(count, 9.0), np.zeros(count, np.int32)
    for first, second, start_radius, end_radius, material in capsules:
        start, end = np.array(joints[first]), np.array(joints[second])
        axis = end - start
        share = np.clip(((centres - start) @ axis) / (axis @ axis + 1e-9), 0, 1)
        surface = (start_radius + (end_radius - start_radius) * share) * scale
        distance = np.linalg.norm(centres - (start + share[:, None] * axis), axis=1) - surface
        closer = distance < nearest
        nearest[closer], material_index[closer] = distance[closer], material
    from_head = (centres - np.array(joints["head"])) / scale
    near_head = np.linalg.norm(from_head, axis=1) < 0.14
    material_index[
        near_head
        & ((from_head[:, 2] > 0.045) | ((from_head[:, 0] < -0.015) & (from_head[:, 2] > -0.06)))
    ] = 4
    mesh.materials.clear()
    for key in ("trousers", "top", "skin", "shoes", "hair"):
        cloth = key in ("trousers", "top")
        mesh.materials.append(
            materials.plain(
                f"{name}_{key}",
                colors[key],
                0.55 if key == "skin" else 0.8,
                bump=0.4 if cloth else 0,
                bump_scale=9,
                variation=0.15 if cloth else 0,
            )
        )
    mesh.polygons.foreach_set("material_index", material_index)
    mesh.polygons.foreach_set("use_smooth", [True] * count)


@dataclass(frozen=True)
class Look:
    """Height in metres and clothes of one person; ``extra`` is the colour of a bag or skirt."""

    height: float
    colors: dict[str, tuple[float, ...]]
    extra: tuple[float, ...]
    phase: float
    long_sleeves: bool


def look_of(seed: int | random.Random) -> Look:
    """The look that ``seed`` decides."""
    chance = seed if isinstance(seed, random.Random) else random.Random(seed)

    def color(palette, power):
        return tuple(value**power for value in chance.choice(palette))

    return Look(
        height=min(1.9, max(1.5, chance.gauss(1.71, 0.09))),
        colors={
            "trousers": color(TROUSER_COLORS, 1.7),
            "top": color(TOP_COLORS, 1.6),
            "skin": chance.choice(SKIN_COLORS),
            "shoes": chance.choice(SHOE_COLORS),
            "hair": chance.choice(HAIR_COLORS),
        },
        extra=color(TOP_COLORS, 1.6),
        phase=chance.uniform(0, 6.28),
        long_sleeves=chance.random() < 0.7,
    )


def clothed_body(joints: dict[str, Vector], look: Look, name: str) -> bpy.types.Mesh:
    """Mesh of a clothed person whose joints are at ``joints``, with materials named after
    ``name``.
    """
    scale, capsules = look.height / STANDARD_HEIGHT, _capsules(look.long_sleeves)
    mesh = _fused_body(capsules, joints, scale)
    _dress(mesh, capsules, joints, scale, name, look.colors)
    return mesh


def person_mesh(seed: int, pose: str):
    """Clothed person standing on z = 0; ``seed`` decides height, step phase and clothes.

    ``ride`` is left at hip height.
    """
    chance = random.Random(seed)
    look, name = look_of(chance), f"{pose}_{seed}"
    scale, extra = look.height / STANDARD_HEIGHT, look.extra
    joints = skeleton(pose, look.phase, look.height)
    mesh = clothed_body(joints, look, name)
    parts = [kit.link(bpy.data.objects.new("body", mesh))]
    if pose not in ON_BICYCLE and chance.random() < 0.3:
        centre = (joints["chest"] + joints["pelvis"]) / 2 + Vector((-0.2 * scale, 0, 0.08 * scale))
        parts.append(
            kit.box(
                "backpack",
                centre,
                (0.16 * scale, 0.3 * scale, 0.44 * scale),
                materials.plain(f"{name}_bag", extra, 0.7, bump=0.2),
                0.05 * scale,
            )
        )
    elif pose not in ON_BICYCLE and chance.random() < 0.3:
        profile = [
            (0.14 * scale, 0.12 * scale),
            (0.17 * scale, 0),
            (0.25 * scale, -0.42 * scale),
            (0.24 * scale, -0.42 * scale),
        ]
        parts.append(
            kit.lathe(
                "skirt",
                profile,
                [materials.plain(f"{name}_skirt", extra, 0.8, bump=0.2)],
                segments=24,
                location=joints["pelvis"],
            )
        )
    joined = kit.join(parts, name)
    if pose != "ride":
        lowest = min(vertex.co.z for vertex in joined.vertices)
        joined.transform(Matrix.Translation((0, 0, -lowest)))
    return joined


def _tyre(x, radius=0.34, thickness=0.018):
    vertices, faces, around, across = [], [], 36, 8
    for i in range(around):
        for j in range(across):
            a, b = 2 * math.pi * i / around, 2 * math.pi * j / across
            vertices.append(
                (
                    (radius + thickness * math.cos(b)) * math.cos(a),
                    thickness * math.sin(b),
                    (radius + thickness * math.cos(b)) * math.sin(a),
                )
            )
            after = (i + 1) % around
            faces.append(
                (
                    i * across + j,
                    after * across + j,
                    after * across + (j + 1) % across,
                    i * across + (j + 1) % across,
                )
            )
    return kit.mesh_object(
        "tyre", vertices, faces, [materials.rubber()], smooth=True, location=(x, 0, radius)
    )


def _bicycle_parts(seed):
    frame = materials.plain(
        f"bicycle_frame_{seed}",
        random.Random(seed).choice(
            (
                (0.35, 0.02, 0.02),
                (0.02, 0.06, 0.22),
                (0.08, 0.16, 0.1),
                (0.5, 0.35, 0.08),
                (0.02, 0.02, 0.022),
            )
        ),
        0.3,
        coat=0.8,
    )
    dark, steel, parts = materials.dark_plastic(), materials.alloy(), []
    for x in (-0.53, 0.53):
        parts.append(_tyre(x))
        for index in range(9):
            angle = math.pi * index / 9
            reach_x, reach_z = 0.33 * math.cos(angle), 0.33 * math.sin(angle)
            parts.append(
                kit.tube(
                    "spoke",
                    (x - reach_x, 0, 0.34 - reach_z),
                    (x + reach_x, 0, 0.34 + reach_z),
                    0.0035,
                    0.0035,
                    steel,
                    sides=5,
                )
            )
    points = {
        "crank": (-0.08, 0, 0.30),
        "seat": (-0.2, 0, 0.82),
        "head": (0.36, 0, 0.85),
        "fork": (0.39, 0, 0.68),
        "rear": (-0.53, 0, 0.34),
        "front": (0.53, 0, 0.34),
        "stem": (0.34, 0, 1.0),
    }
    for first, second in (
        ("crank", "seat"),
        ("crank", "fork"),
        ("seat", "head"),
        ("crank", "rear"),
        ("seat", "rear"),
        ("head", "front"),
        ("stem", "head"),
    ):
        parts.append(kit.tube("frame", points[first], points[second], 0.019, 0.019, frame, sides=8))
    parts += [
        kit.tube("handlebar", (0.36, -0.28, 1.02), (0.36, 0.28, 1.02), 0.014, 0.014, dark),
        kit.box("saddle", (-0.22, 0, 0.88), (0.26, 0.14, 0.05), dark, 0.02),
        kit.tube("pedals", (-0.08, -0.15, 0.18), (-0.08, 0.15, 0.42), 0.012, 0.012, dark),
        kit.box("mudguard", (-0.62, 0, 0.69), (0.4, 0.05, 0.02), dark, 0.01),
    ]
    return parts


def bicycle_mesh(seed: int):
    """Bicycle alone, 1.7 m long."""
    return kit.join(_bicycle_parts(seed), f"bicycle_{seed}")


def cyclist_mesh(seed: int):
    """Rider and bicycle as one mesh, because the guideline boxes them as one object."""
    rider = kit.link(bpy.data.objects.new("rider", person_mesh(seed, "ride")))
    rider.location = (-0.2, 0, -0.02)
    return kit.join([rider, *_bicycle_parts(seed)], f"cyclist_{seed}")


def mounting_mesh(seed: int):
    """Rider astride a leaning bicycle: the left foot on the ground, the right one on the pedal.

    One mesh: astride is "on the bicycle" (G1 rule 1), so rider and bicycle are one cyclist; a
    person beside a bicycle would be a person only (rule 11).
    """
    rider = kit.link(bpy.data.objects.new("rider", person_mesh(seed, "mount")))
    rider.location = (-0.06, 0, 0)
    bicycle = kit.link(bpy.data.objects.new("bicycle", bicycle_mesh(seed)))
    bicycle.rotation_euler.x = -0.1
    return kit.join([rider, bicycle], f"mount_{seed}")
