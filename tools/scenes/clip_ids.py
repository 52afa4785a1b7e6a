# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact ids of a clip's frames by casting one ray through each pixel centre."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import bpy
import numpy as np
from clip_scene import Actor
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from passes import FAR, Sensor


@dataclass
class Frame:
    """One frame: ``ids`` (height, width), 0 for what has no id, ``distance`` in metres to what is
    seen, ``full`` the pixels of each actor's whole extent inside the frame, and ``moving``, the
    pixels of all actors, also of those without an id.
    """

    ids: np.ndarray
    distance: np.ndarray
    full: dict[int, int]
    moving: np.ndarray


class Caster:
    """Casts the actors in front of the empty street, seen by the open scene's camera."""

    def __init__(self, still: np.ndarray | None = None):
        self.sensor = Sensor()
        self.still = _still_distance(self.sensor) if still is None else still
        self._trees: dict[str, BVHTree] = {}

    def cast(self, actors: list[Actor], frame: int) -> Frame:
        """What the camera sees at ``frame``."""
        ids = np.zeros(self.still.shape, np.uint8)
        moving = np.zeros(self.still.shape, bool)
        distance, full = self.still.copy(), {}
        for actor in actors:
            pose = actor.poses[frame + 1]
            window = self.window(pose) if pose else None
            if window is None:
                full[actor.number] = full.get(actor.number, 0)
                continue
            x0, y0, x1, y1 = window
            own = self._distances(pose, window)
            nearer = own < distance[y0:y1, x0:x1]
            ids[y0:y1, x0:x1][nearer] = actor.number
            moving[y0:y1, x0:x1][nearer] = True
            distance[y0:y1, x0:x1][nearer] = own[nearer]
            full[actor.number] = full.get(actor.number, 0) + int(np.isfinite(own).sum())
        full.pop(0, None)
        return Frame(ids, distance, full, moving)

    def window(self, pose) -> tuple[int, int, int, int] | None:
        """Pixels x0, y0, x1, y1 that can show a pose, None where it is out of the frame."""
        matrix = pose.matrix()
        corners = self.sensor.project([matrix @ Vector(c) for c in mesh_corners(pose.mesh)])
        return self.clip(corners)

    def clip(self, corners, margin: int = 1) -> tuple[int, int, int, int] | None:
        """The window around projected points (x, y, depth), inside the frame."""
        corners = corners[corners[:, 2] > 0.3]
        if not len(corners):
            return None
        low = np.floor(corners[:, :2].min(0)).astype(int) - margin
        high = np.ceil(corners[:, :2].max(0)).astype(int) + margin
        x0, y0 = np.maximum(low, 0)
        x1, y1 = np.minimum(high, (self.sensor.width, self.sensor.height))
        return (int(x0), int(y0), int(x1), int(y1)) if x1 > x0 and y1 > y0 else None

    def _distances(self, pose, window) -> np.ndarray:
        """Distance to a pose at every pixel of the window, infinite beside it."""
        name = pose.mesh.name
        if name not in self._trees:
            vertices = [vertex.co for vertex in pose.mesh.vertices]
            polygons = [tuple(polygon.vertices) for polygon in pose.mesh.polygons]
            self._trees[name] = BVHTree.FromPolygons(vertices, polygons)
        tree, inverse = self._trees[name], pose.matrix().inverted()
        origin = inverse @ self.sensor.origin
        turn = np.array(inverse.to_3x3())
        directions = self.sensor.directions(*window) @ turn.T
        found = np.full(directions.shape[:2], np.inf)
        for row, line in enumerate(directions):
            for column, direction in enumerate(line):
                distance = tree.ray_cast(origin, direction, FAR)[3]
                if distance is not None:
                    found[row, column] = distance
        return found


def mesh_corners(mesh: bpy.types.Mesh) -> np.ndarray:
    """The eight corners of a mesh's own box."""
    positions = np.empty(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", positions)
    positions = positions.reshape(-1, 3)
    return np.array(list(itertools.product(*zip(positions.min(0), positions.max(0), strict=True))))


def _still_distance(sensor: Sensor) -> np.ndarray:
    """Distance in metres to the empty street at every pixel centre (height, width)."""
    scene, graph = bpy.context.scene, bpy.context.evaluated_depsgraph_get()
    directions = sensor.directions(0, 0, sensor.width, sensor.height)
    found = np.full(directions.shape[:2], FAR)
    for row, line in enumerate(directions):
        for column, direction in enumerate(line):
            hit, place, *_ = scene.ray_cast(graph, sensor.origin, Vector(direction), distance=FAR)
            if hit:
                found[row, column] = (place - sensor.origin).length
    return found
