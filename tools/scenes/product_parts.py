# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes and materials that products and shop furniture are made of. Metres."""

from __future__ import annotations

import math

import bpy
import kit
import materials
from materials import NodeTree


def turned(name, profile, mats, slots, art, segments=40, location=(0, 0, 0)):
    """Revolve ``profile``, (radius, z) pairs; ``slots`` holds a material index per stretch and
    ``art`` the first and last point of the stretch that the texture covers, its middle in front.
    """
    rows = len(profile)
    low, high = profile[art[0]][1], profile[art[1]][1]
    vertices, faces, face_slots, uvs = [], [], [], []
    for step in range(segments + 1):
        angle = math.pi / 2 + 2 * math.pi * step / segments
        vertices += [(r * math.cos(angle), r * math.sin(angle), z) for r, z in profile]
    for step in range(segments):
        for row in range(rows - 1):
            corners = ((step, row), (step + 1, row), (step + 1, row + 1), (step, row + 1))
            faces.append(tuple(s * rows + r for s, r in corners))
            face_slots.append(slots[row])
            uvs += [(s / segments, (profile[r][1] - low) / (high - low)) for s, r in corners]
    return kit.mesh_object(name, vertices, faces, mats, face_slots, True, uvs, location)


def crate(name, size, front, side, top, base=0.0, bevel=0.0015):
    """A box with own materials for its front and back, its sides, and top and bottom."""
    w, d, h = size[0] / 2, size[1] / 2, size[2]
    corners = [(-w, -d), (w, -d), (w, d), (-w, d)]
    vertices = [(x, y, base) for x, y in corners] + [(x, y, base + h) for x, y in corners]
    faces = [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7), (3, 2, 1, 0)]
    uvs = [(0, 0), (1, 0), (1, 1), (0, 1)] * 6
    made = kit.mesh_object(
        name, vertices, faces, [front, side, top], [0, 1, 0, 1, 2, 2], False, uvs
    )
    kit.add_bevel(made, bevel)
    return made


def aluminium():
    return materials.plain("aluminium", (0.72, 0.73, 0.75), 0.28, metallic=1.0)


def clear_plastic():
    """Thin clear sheet: see-through, with a sheen."""
    return thin_glass("clear_plastic", 0.06, 0.12)


def thin_glass(name: str, reflectance: float, roughness: float = 0.0):
    """Glass without thickness: lets light straight through and mirrors a share of it, more at
    grazing angles (Schlick's approximation with ``reflectance`` at normal incidence).
    """
    if found := bpy.data.materials.get(name):
        return found
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = NodeTree(material)
    output = tree.nodes["Material Output"]
    weight = tree.add("ShaderNodeLayerWeight")
    weight.inputs["Blend"].default_value = 0.5
    power = tree.add("ShaderNodeMath", operation="POWER")
    tree.link(weight.outputs["Facing"], power.inputs[0])
    power.inputs[1].default_value = 5
    share = tree.remap(power.outputs[0], 0, 1, reflectance, 1)
    clear, mirror = tree.add("ShaderNodeBsdfTransparent"), tree.add("ShaderNodeBsdfGlossy")
    mirror.inputs["Roughness"].default_value = roughness
    mixed = tree.add("ShaderNodeMixShader")
    tree.link(share, mixed.inputs[0])
    tree.link(clear.outputs[0], mixed.inputs[1])
    tree.link(mirror.outputs[0], mixed.inputs[2])
    tree.link(mixed.outputs[0], output.inputs["Surface"])
    return material
