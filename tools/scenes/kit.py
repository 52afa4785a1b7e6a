# SPDX-License-Identifier: GPL-3.0-or-later
"""Small mesh helpers on top of bpy. Lengths are metres, angles radians, z is up."""

from __future__ import annotations

import math

import bmesh
import bpy
from mathutils import Vector


def reset_scene(width: int, height: int) -> bpy.types.Scene:
    """Start an empty Cycles CPU scene of ``width`` x ``height`` pixels."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = scene.world or bpy.data.worlds.new("world")
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.05
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 5, 2, 3
    cycles.transmission_bounces = cycles.transparent_max_bounces = 4
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4
    scene.view_settings.view_transform = "AgX"
    return scene


def link(thing: bpy.types.Object) -> bpy.types.Object:
    """Put an object into the scene and return it."""
    bpy.context.scene.collection.objects.link(thing)
    return thing


def mesh_object(
    name,
    vertices,
    faces,
    materials=(),
    face_materials=None,
    smooth=False,
    uvs=None,
    location=(0, 0, 0),
):
    """Create an object from vertices (m) and faces; ``uvs`` holds one pair per face corner."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(vertex) for vertex in vertices], [], faces)
    for material in materials:
        mesh.materials.append(material)
    if face_materials is not None:
        mesh.polygons.foreach_set("material_index", list(face_materials))
    mesh.polygons.foreach_set("use_smooth", [smooth] * len(mesh.polygons))
    if uvs is not None:
        mesh.uv_layers.new().data.foreach_set("uv", [value for pair in uvs for value in pair])
    mesh.update()
    created = bpy.data.objects.new(name, mesh)
    created.location = location
    return link(created)


def box(name, centre, size, material, bevel=0.0):
    """Axis-aligned box; ``bevel`` is the rounding radius in metres."""
    x, y, z = (value / 2 for value in size)
    vertices = [
        (-x, -y, -z),
        (x, -y, -z),
        (x, y, -z),
        (-x, y, -z),
        (-x, -y, z),
        (x, -y, z),
        (x, y, z),
        (-x, y, z),
    ]
    faces = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    created = mesh_object(
        name, vertices, faces, [material], uvs=[(0, 0), (1, 0), (1, 1), (0, 1)] * 6, location=centre
    )
    if bevel:
        add_bevel(created, bevel)
    return created


def add_bevel(target, width, segments=2):
    """Round the edges of ``target`` by ``width`` metres."""
    modifier = target.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments, modifier.limit_method = width, segments, "ANGLE"


def quad(name, corners, material):
    """One rectangle from four corners, lower left first, counter-clockwise, with a full texture on
    it.
    """
    return mesh_object(
        name, corners, [(0, 1, 2, 3)], [material], uvs=[(0, 0), (1, 0), (1, 1), (0, 1)]
    )


def lathe(name, profile, materials, segments=32, location=(0, 0, 0)):
    """Revolve ``profile``, a list of (radius, z) in metres, around the z axis."""
    rows, vertices, faces = len(profile), [], []
    for step in range(segments + 1):
        angle = 2 * math.pi * step / segments
        vertices += [
            (radius * math.cos(angle), radius * math.sin(angle), z) for radius, z in profile
        ]
    for step in range(segments):
        for row in range(rows - 1):
            faces.append(
                (
                    step * rows + row,
                    (step + 1) * rows + row,
                    (step + 1) * rows + row + 1,
                    step * rows + row + 1,
                )
            )
    return mesh_object(name, vertices, faces, materials, smooth=True, location=location)


def tube(name, start, end, start_radius, end_radius, material, sides=10):
    """Closed round bar between two points, radii in metres."""
    axis = Vector(end) - Vector(start)
    tip = axis.length
    created = lathe(
        name,
        [(1e-4, 0), (start_radius, 0), (end_radius, tip), (1e-4, tip)],
        [material],
        segments=sides,
    )
    created.rotation_mode = "QUATERNION"
    created.rotation_quaternion = axis.to_track_quat("Z", "Y")
    created.location = start
    return created


def extrude_profile(name, points, width, material, bevel=0.0):
    """Extrude a side view, (x, z) points in order, symmetrically over ``width`` metres of y."""
    count = len(points)
    vertices = [(x, -width / 2, z) for x, z in points] + [(x, width / 2, z) for x, z in points]
    faces = [(i, (i + 1) % count, (i + 1) % count + count, i + count) for i in range(count)]
    faces += [tuple(range(count))[::-1], tuple(range(count, 2 * count))]
    created = mesh_object(name, vertices, faces, [material])
    recalculate_normals(created.data)
    if bevel:
        add_bevel(created, bevel, segments=3)
    return created


def recalculate_normals(mesh):
    """Turn all faces outwards."""
    working = bmesh.new()
    working.from_mesh(mesh)
    bmesh.ops.recalc_face_normals(working, faces=working.faces)
    working.to_mesh(mesh)
    working.free()


def apply_modifiers(source):
    """Return a new mesh with all modifiers of ``source`` applied; the object stays."""
    bpy.context.view_layer.update()
    return bpy.data.meshes.new_from_object(
        source.evaluated_get(bpy.context.evaluated_depsgraph_get())
    )


def join(parts, name):
    """Merge objects (modifiers and poses applied) into one mesh and delete them."""
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    working, materials = bmesh.new(), []
    for part in parts:
        mesh = bpy.data.meshes.new_from_object(part.evaluated_get(graph))
        mesh.transform(part.matrix_world)
        slots = []
        for material in mesh.materials:
            if material not in materials:
                materials.append(material)
            slots.append(materials.index(material))
        for polygon in mesh.polygons:
            polygon.material_index = slots[polygon.material_index] if slots else 0
        working.from_mesh(mesh)
        bpy.data.meshes.remove(mesh)
    for part in parts:
        source = part.data
        bpy.data.objects.remove(part)
        if not source.users:
            bpy.data.meshes.remove(source)
    merged = bpy.data.meshes.new(name)
    working.to_mesh(merged)
    working.free()
    for material in materials:
        merged.materials.append(material)
    return merged


def place(mesh, name, location=(0, 0, 0), heading=0.0, color=None, scale=1.0):
    """Add an instance of ``mesh``.

    ``heading`` turns it around z, ``color`` is linear RGB for painted materials.
    """
    created = bpy.data.objects.new(name, mesh)
    created.location, created.rotation_euler, created.scale = (
        location,
        (0, 0, heading),
        (scale,) * 3,
    )
    if color:
        created.color = (*color, 1)
    return link(created)
