# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloth: its folds and its patterns."""

from __future__ import annotations

import random

import materials
from mathutils import Vector, noise

FOLD, FOLD_SCALE = 0.0065, 17.0
"""Depth of the folds of cloth in metres, and how many there are to a metre."""


def folded(thing, seed, depth=FOLD, scale=FOLD_SCALE):
    """Push the surface in and out by noise that is longer than wide, as folds are."""
    shift = Vector((random.Random(seed).uniform(0, 50), 0, 0))
    offsets = []
    for vertex in thing.data.vertices:
        x, y, z = vertex.co * scale
        warp = noise.noise(Vector((x * 0.5, y * 0.5, z * 0.5)) + shift)
        wave = noise.noise(Vector((x + warp, y - warp, 0.6 * z + 1.5 * warp)) + shift)
        offsets.append(vertex.normal * depth * (1 - 2 * abs(wave)) * 0.9)
    for vertex, offset in zip(thing.data.vertices, offsets, strict=True):
        vertex.co += offset
    return thing


def woven(name, color, pattern):
    """Woven cloth: plain, with level stripes, or checked."""
    cloth = materials.plain(
        name, color, 0.85, bump=0.05, bump_scale=260, variation=0.12, variation_scale=9
    )
    if pattern == "plain":
        return cloth
    tree = materials.NodeTree(cloth)
    split = tree.add("ShaderNodeSeparateXYZ")
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Object"], split.inputs[0])
    base = tree.surface.inputs["Base Color"].links[0].from_socket
    light = tuple(min(0.85, 0.45 + 0.6 * value) for value in color)
    for axis, period in ((2, 0.07), (1, 0.09))[: 2 if pattern == "check" else 1]:
        wave = tree.add("ShaderNodeMath", operation="SINE")
        stretch = tree.add("ShaderNodeMath", operation="MULTIPLY")
        stretch.inputs[1].default_value = 6.2832 / period
        tree.link(split.outputs[axis], stretch.inputs[0])
        tree.link(stretch.outputs[0], wave.inputs[0])
        shade = tree.remap(wave.outputs[0], 0.1, 0.25, 0, 0.55 if pattern == "check" else 0.9)
        base = tree.mix(shade, base, light)
    tree.link(base, tree.surface.inputs["Base Color"])
    return cloth
