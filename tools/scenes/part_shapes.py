# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes that objects to outline are made of: wires, cut plates, fused blobs, leaves.

Metres, z is up. Every function returns an object of the open scene, for `kit.join`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bmesh
import bpy
import kit
import materials
import numpy as np
from mathutils import Matrix, Vector

Point = Sequence[float]


def smooth_path(points: Sequence[Point], closed: bool = False, steps: int = 8) -> np.ndarray:
    """A Catmull-Rom curve through ``points``, with ``steps`` samples between two of them."""
    known = np.asarray(points, float)
    around = (
        np.concatenate([known[-1:], known, known[:2]])
        if closed
        else np.concatenate([2 * known[:1] - known[1:2], known, 2 * known[-1:] - known[-2:-1]])
    )
    share = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        pieces.append(
            start
            + 0.5 * share * (end - before)
            + share**2 * (before - 2.5 * start + 2 * end - 0.5 * after)
            + 0.5 * share**3 * (3 * (start - end) + after - before)
        )
    path = np.concatenate(pieces)
    return path if closed else np.concatenate([path, known[-1:]])


def arc(centre: Point, radius: float, start: float, end: float, steps: int = 24) -> list[tuple]:
    """Points of a circle in the x-z plane from angle ``start`` to ``end`` in degrees."""
    x, y, z = centre
    angles = [math.radians(start + (end - start) * n / steps) for n in range(steps + 1)]
    return [(x + radius * math.cos(a), y, z + radius * math.sin(a)) for a in angles]


def wire(
    name: str,
    points: Sequence[Point],
    radius: float | Sequence[float],
    material,
    closed: bool = False,
    smooth: bool = True,
):
    """A round bar along ``points``; ``radius`` may change from point to point."""
    path = smooth_path(points, closed) if smooth else np.asarray(points, float)
    radii = np.interp(
        np.linspace(0, 1, len(path)),
        np.linspace(0, 1, np.size(radius)),
        np.atleast_1d(np.asarray(radius, float)),
    )
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution = "3D", 1.0, 3
    curve.use_fill_caps = not closed
    spline = curve.splines.new("POLY")
    spline.points.add(len(path) - 1)
    for point, place, thickness in zip(spline.points, path, radii, strict=True):
        point.co, point.radius = (*place, 1), thickness
    spline.use_cyclic_u = closed
    return _as_mesh(name, curve, material, True)


def plate(
    name: str,
    outline: Sequence[tuple[float, float]],
    thickness: float,
    material,
    holes: Sequence[Sequence[tuple[float, float]]] = (),
    rounding: float = 0.0,
):
    """A flat piece with the ``outline`` and ``holes`` in the x-y plane, its middle at z = 0."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.fill_mode, curve.extrude = "2D", "BOTH", thickness / 2
    curve.bevel_depth = rounding
    for ring in (outline, *holes):
        spline = curve.splines.new("POLY")
        spline.points.add(len(ring) - 1)
        for point, (x, y) in zip(spline.points, ring, strict=True):
            point.co = (x, y, 0, 1)
        spline.use_cyclic_u = True
    return _as_mesh(name, curve, material, False)


def _as_mesh(name, curve, material, smooth):
    source = kit.link(bpy.data.objects.new(name, curve))
    mesh = kit.apply_modifiers(source)
    bpy.data.objects.remove(source)
    bpy.data.curves.remove(curve)
    mesh.materials.clear()
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [smooth] * len(mesh.polygons))
    return kit.link(bpy.data.objects.new(name, mesh))


def circle(centre: tuple[float, float], radius: float, steps: int = 32) -> list[tuple]:
    """Points of a circle in the x-y plane."""
    return [
        (
            centre[0] + radius * math.cos(2 * math.pi * n / steps),
            centre[1] + radius * math.sin(2 * math.pi * n / steps),
        )
        for n in range(steps)
    ]


def blob(name: str, balls: Sequence[tuple[Point, Point]], voxel: float, material, smooth=6, fine=3):
    """One skin around ellipsoids, each a (centre, radii) pair, fused at ``voxel`` metres."""
    working = bmesh.new()
    for centre, radii in balls:
        matrix = Matrix.Translation(centre) @ Matrix.Diagonal((*radii, 1))
        bmesh.ops.create_icosphere(working, subdivisions=fine, radius=1, matrix=matrix)
    mesh = bpy.data.meshes.new(name)
    working.to_mesh(mesh)
    working.free()
    body = kit.link(bpy.data.objects.new(name, mesh))
    remesh = body.modifiers.new("remesh", "REMESH")
    remesh.mode, remesh.voxel_size = "VOXEL", voxel
    relax = body.modifiers.new("smooth", "SMOOTH")
    relax.iterations, relax.factor = smooth, 0.5
    fused = kit.apply_modifiers(body)
    bpy.data.objects.remove(body)
    bpy.data.meshes.remove(mesh)
    fused.materials.clear()
    fused.materials.append(material)
    fused.polygons.foreach_set("use_smooth", [True] * len(fused.polygons))
    return kit.link(bpy.data.objects.new(name, fused))


def leaves(name: str, places: Sequence[tuple[Point, Point, float]], material, width=0.4, bend=0.3):
    """Leaves, each a (foot, direction, length) triple; ``width`` and ``bend`` are shares of it."""
    vertices, faces = [], []
    across = (0.0, 0.75, 1.0, 0.8, 0.0)
    for foot, direction, length in places:
        along = Vector(direction).normalized()
        side = along.cross(Vector((0, 0, 1)))
        side = side.normalized() if side.length > 1e-3 else Vector((1, 0, 0))
        up, first = side.cross(along), len(vertices)
        for step, half in enumerate(across):
            share = step / (len(across) - 1)
            spine = Vector(foot) + along * length * share - up * bend * length * share**2
            for sign in (-1, 1):
                lift = up * 0.12 * half * width * length
                vertices.append(spine + side * sign * half * width * length / 2 + lift)
        faces += [
            (first + 2 * n, first + 2 * n + 1, first + 2 * n + 3, first + 2 * n + 2)
            for n in range(len(across) - 1)
        ]
    return kit.mesh_object(name, vertices, faces, [material], smooth=True)


def moved(thing, location=(0, 0, 0), turn: Point = (0, 0, 0)):
    """Place a part; ``turn`` holds the angles around x, y and z in degrees."""
    thing.location = location
    thing.rotation_euler = [math.radians(angle) for angle in turn]
    return thing


def tint(name: str, color: Point) -> str:
    """A material's name that tells its colour, so that two things of a kind may differ."""
    return "_".join([name, *(f"{value:.3f}" for value in color)])


def tinted(name: str, color: Point, *args, **more):
    """`materials.plain` with the colour in its name."""
    return materials.plain(tint(name, color), tuple(color), *args, **more)


def wood(name: str, color: Point, grain: float = 14.0, along: str = "x", roughness: float = 0.45):
    """Wood with a grain ``along`` an axis of the object."""
    name = tint(name, color)
    if found := bpy.data.materials.get(name):
        return found
    made = materials.plain(name, tuple(color), roughness, coat=0.15)
    tree = materials.NodeTree(made)
    mapping = tree.add("ShaderNodeMapping")
    stretch = {"x": (0.06, 1, 1), "y": (1, 0.06, 1), "z": (1, 1, 0.06)}[along]
    mapping.inputs["Scale"].default_value = stretch
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Object"], mapping.inputs[0])
    noise = tree.add("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = grain * 3, 8
    noise.inputs["Distortion"].default_value = 0.6
    tree.link(mapping.outputs[0], noise.inputs["Vector"])
    dark = tuple(value * 0.5 for value in color)
    shade = tree.remap(noise.outputs[0], 0.38, 0.64, 0, 1)
    tree.link(tree.mix(shade, dark, tuple(color)), tree.surface.inputs["Base Color"])
    return made
