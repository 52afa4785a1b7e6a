# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes that only shelves need: full extents with the share that is label art, and what panes of
glass mirror. The rays are those of `passes.Sensor`.
"""

from __future__ import annotations

import bmesh
import bpy
import numpy as np
import passes
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from products import ART

MARGIN = 0.5
"""Part of the picture's width and height that is searched beyond each border."""


def _tree(thing, graph):
    """(ray tree in world space, which of its faces are label art)."""
    evaluated = thing.evaluated_get(graph)
    mesh = evaluated.to_mesh()
    working = bmesh.new()
    working.from_mesh(mesh)
    working.transform(thing.matrix_world)
    working.normal_update()
    slots = [
        slot.material.name.startswith(ART) if slot.material else False
        for slot in thing.material_slots
    ]
    art = [
        bool(slots) and slots[min(face.material_index, len(slots) - 1)] for face in working.faces
    ]
    tree = BVHTree.FromBMesh(working)
    working.free()
    evaluated.to_mesh_clear()
    return tree, art


def full_extent(thing, sensor: passes.Sensor):
    """(x0, y0, mask, art): all of ``thing`` as if nothing stood in front, also beyond the frame,
    and the pixels of it that show label art; None where nothing of it is near the frame.
    """
    corners = sensor.project(
        [tuple(thing.matrix_world @ Vector(corner)) for corner in thing.bound_box]
    )
    if (corners[:, 2] < 0.05).any():
        return None
    low = np.floor(corners[:, :2].min(0)).astype(int) - 1
    high = np.ceil(corners[:, :2].max(0)).astype(int) + 2
    reach_x, reach_y = int(MARGIN * sensor.width), int(MARGIN * sensor.height)
    if high[0] <= 0 or high[1] <= 0 or low[0] >= sensor.width or low[1] >= sensor.height:
        return None
    x0, y0 = max(-reach_x, low[0]), max(-reach_y, low[1])
    x1, y1 = min(sensor.width + reach_x, high[0]), min(sensor.height + reach_y, high[1])
    tree, is_art = _tree(thing, bpy.context.evaluated_depsgraph_get())
    mask, art = np.zeros((y1 - y0, x1 - x0), bool), np.zeros((y1 - y0, x1 - x0), bool)
    directions = sensor.directions(x0, y0, x1, y1)
    for row in range(y1 - y0):
        for column in range(x1 - x0):
            face = tree.ray_cast(sensor.origin, directions[row, column], passes.FAR)[2]
            if face is not None:
                mask[row, column] = True
                art[row, column] = is_art[face]
    return x0, y0, mask, art


class Surroundings:
    """All meshes of the scene but ``left_out``, to be hit by rays.

    `bpy.types.Scene.ray_cast` does the same, but needs a millisecond a ray among hundreds of
    objects.
    """

    def __init__(self, left_out):
        graph, trees = bpy.context.evaluated_depsgraph_get(), {}
        self.things, self.trees, bounds = [], [], []
        for thing in bpy.context.scene.objects:
            if thing.type != "MESH" or thing in left_out:
                continue
            key = thing if thing.modifiers else thing.data
            if key not in trees:
                trees[key] = BVHTree.FromObject(thing, graph)
            self.things.append(thing)
            self.trees.append((trees[key], thing.matrix_world.inverted()))
            bounds.append([thing.matrix_world @ Vector(corner) for corner in thing.bound_box])
        corners = np.array(bounds)
        self.low, self.high = corners.min(1) - 1e-4, corners.max(1) + 1e-4

    def first_hit(self, origin: Vector, direction: Vector):
        """The object that a ray meets first, or None. Boxes first (slab method), then meshes."""
        start, slope = np.array(origin), np.array(direction)
        slope[slope == 0] = 1e-12
        first, second = (self.low - start) / slope, (self.high - start) / slope
        enter, leave = np.minimum(first, second).max(1), np.maximum(first, second).min(1)
        candidates = np.nonzero((leave >= enter) & (leave > 0))[0]
        nearest, found = passes.FAR, None
        for index in candidates[np.argsort(enter[candidates])]:
            if enter[index] > nearest:
                break
            tree, inverse = self.trees[index]
            local = inverse.to_3x3() @ direction
            distance = tree.ray_cast(inverse @ origin, local.normalized(), passes.FAR)[3]
            if distance is not None and distance / local.length < nearest:
                nearest, found = distance / local.length, self.things[index]
        return found


def mirrored_ids(panes, ghosts, depth, step: int, sensor: passes.Sensor):
    """For each pixel of a mirroring pane: the id its mirrored ray meets first, else 0.

    ``ghosts`` mirror nothing. What lies nearer than the pane by ``depth``, metres at the pixel
    centres, covers it. One ray is cast for each square of ``step`` pixels.
    """
    seen = np.zeros((sensor.height, sensor.width), np.uint16)
    if not panes:
        return seen
    graph, limits = bpy.context.evaluated_depsgraph_get(), (sensor.width, sensor.height)
    around = Surroundings({*panes, *ghosts})
    for pane in panes:
        tree, _ = _tree(pane, graph)
        corners = sensor.project(
            [tuple(pane.matrix_world @ Vector(corner)) for corner in pane.bound_box]
        )
        low, high = corners[:, :2].min(0), corners[:, :2].max(0)
        if (corners[:, 2] < 0.05).any():
            low, high = (0, 0), limits
        left, top = np.clip(np.floor(low).astype(int), 0, limits)
        right, bottom = np.clip(np.ceil(high).astype(int), 0, limits)
        directions = sensor.directions(left, top, right, bottom)
        for row in range(step // 2, bottom - top, step):
            for column in range(step // 2, right - left, step):
                direction = Vector(directions[row, column])
                place, normal, _, _ = tree.ray_cast(sensor.origin, direction, passes.FAR)
                if place is None:
                    continue
                distance = sensor.project([tuple(place)])[0, 2]
                if depth[top + row, left + column] < distance - 0.01:
                    continue
                onward = direction.reflect(normal)
                hit = around.first_hit(place + onward * 0.01, onward)
                if hit is not None:
                    y, x = top + row - step // 2, left + column - step // 2
                    seen[y : y + step, x : x + step] = hit.pass_index
    return seen
