# SPDX-License-Identifier: GPL-3.0-or-later
"""Render passes: linear beauty with mist, exact ids and depth, full-extent masks, reflections.

Ids come from a one-sample pass whose filter is 0.01 px wide, so they belong to pixel centres.
Full-extent masks are cast ray by ray through the same pixel centres, object by object, on a sensor
three times as wide and high as the picture.
"""

from __future__ import annotations

from pathlib import Path

import bmesh
import bpy
import numpy as np
import OpenEXR
from mathutils import Vector
from mathutils.bvhtree import BVHTree

FAR = 500.0
"""Ray length in metres."""


def _render_layers(path: Path):
    """Render into a 32-bit multilayer EXR and return {channel name: array}."""
    scene = bpy.context.scene
    settings = scene.render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format, settings.color_depth = "OPEN_EXR_MULTILAYER", "32"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    return read_layers(path)


def read_layers(path: Path):
    """All channels of a multilayer EXR as {channel name: array}."""
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {
            name: np.asarray(channel.pixels).squeeze()
            for part in file.parts
            for name, channel in part.channels.items()
        }


def _channel(channels, *endings):
    """The first channel whose name ends with one of ``endings``."""
    for ending in endings:
        for name, pixels in channels.items():
            if name.endswith(ending):
                return pixels
    raise KeyError(f"no channel {endings} in {sorted(channels)}")


def render_beauty(path: Path, samples: int):
    """Linear RGB (height, width, 3) and mist 0..1 (height, width), denoised."""
    bpy.context.scene.cycles.samples = samples
    layer = bpy.context.view_layer
    layer.use_pass_mist = True
    channels = _render_layers(path)
    layer.use_pass_mist = False
    return beauty_of(channels)


def beauty_of(channels):
    """Linear RGB and mist of a rendered multilayer picture."""
    return np.stack([_channel(channels, f"Combined.{band}") for band in "RGB"], -1), _channel(
        channels, "Mist.Z"
    )


def render_ids(path: Path):
    """Integer ids and depth in metres at the pixel centres."""
    cycles, layer = bpy.context.scene.cycles, bpy.context.view_layer
    exact = {
        "samples": 1,
        "use_denoising": False,
        "use_adaptive_sampling": False,
        "pixel_filter_type": "BOX",
        "filter_width": 0.01,
        "max_bounces": 0,
    }
    before = {key: getattr(cycles, key) for key in exact}
    for key, value in exact.items():
        setattr(cycles, key, value)
    layer.use_pass_object_index = layer.use_pass_z = True
    channels = _render_layers(path)
    layer.use_pass_object_index = layer.use_pass_z = False
    for key, value in before.items():
        setattr(cycles, key, value)
    ids = _channel(channels, "Object Index.X", "IndexOB.X")
    if not np.array_equal(ids, np.round(ids)):
        raise ValueError("the id pass holds mixed ids; check the pixel filter")
    return ids.astype(np.uint16), _channel(channels, "Depth.Z").astype(np.float32)


class Sensor:
    """Pixel grid of the scene camera, continued beyond the picture with the same pixel size."""

    def __init__(self):
        scene = bpy.context.scene
        self.width, self.height = scene.render.resolution_x, scene.render.resolution_y
        camera = scene.camera
        top_right, _, bottom_left, top_left = camera.data.view_frame(scene=scene)
        self.left, self.top, self.depth = top_left.x, top_left.y, top_left.z
        self.step_x, self.step_y = (
            (top_right.x - top_left.x) / self.width,
            (bottom_left.y - top_left.y) / self.height,
        )
        self.matrix = np.array(camera.matrix_world)
        self.origin = Vector(self.matrix[:3, 3])

    def directions(self, x0, y0, x1, y1):
        """Unit ray directions in world space for the pixels x0..x1-1, y0..y1-1, which may lie
        outside the picture.
        """
        xs = self.left + (np.arange(x0, x1) + 0.5) * self.step_x
        ys = self.top + (np.arange(y0, y1) + 0.5) * self.step_y
        local = np.stack(
            [
                np.broadcast_to(xs, (len(ys), len(xs))),
                np.broadcast_to(ys[:, None], (len(ys), len(xs))),
                np.full((len(ys), len(xs)), self.depth),
            ],
            -1,
        )
        local /= np.linalg.norm(local, axis=-1, keepdims=True)
        return local @ self.matrix[:3, :3].T

    def project(self, points):
        """Pixel coordinates and depth in metres of world points, shape (n, 3)."""
        inverse = np.linalg.inv(self.matrix)
        local = np.asarray(points) @ inverse[:3, :3].T + inverse[:3, 3]
        distance = np.maximum(-local[:, 2], 1e-4)
        scale = -self.depth / distance
        return np.stack(
            [
                (local[:, 0] * scale - self.left) / self.step_x,
                (local[:, 1] * scale - self.top) / self.step_y,
                -local[:, 2],
            ],
            -1,
        )


def full_extent(objects, sensor: Sensor):
    """(x0, y0, mask): the union of ``objects`` as if nothing stood in front, also beyond the
    frame; None behind the camera.
    """
    graph = bpy.context.evaluated_depsgraph_get()
    width, height = sensor.width, sensor.height
    windows, trees = [], []
    for thing in objects:
        corners = sensor.project(
            [tuple(thing.matrix_world @ Vector(corner)) for corner in thing.bound_box]
        )
        if (corners[:, 2] < 0.05).all():
            continue
        window = [-width, -height, 2 * width, 2 * height]
        if (corners[:, 2] >= 0.05).all():
            low, high = (
                np.floor(corners[:, :2].min(0)).astype(int) - 1,
                np.ceil(corners[:, :2].max(0)).astype(int) + 2,
            )
            window = [
                max(window[0], low[0]),
                max(window[1], low[1]),
                min(window[2], high[0]),
                min(window[3], high[1]),
            ]
        if window[2] <= window[0] or window[3] <= window[1]:
            continue
        working = bmesh.new()
        working.from_object(thing, graph)
        working.transform(thing.matrix_world)
        trees.append(BVHTree.FromBMesh(working))
        working.free()
        windows.append(window)
    if not windows:
        return None
    x0, y0 = min(w[0] for w in windows), min(w[1] for w in windows)
    x1, y1 = max(w[2] for w in windows), max(w[3] for w in windows)
    mask = np.zeros((y1 - y0, x1 - x0), bool)
    for (left, top, right, bottom), tree in zip(windows, trees, strict=True):
        directions = sensor.directions(left, top, right, bottom)
        for row in range(bottom - top):
            for column in range(right - left):
                if tree.ray_cast(sensor.origin, directions[row, column], FAR)[3] is not None:
                    mask[top - y0 + row, left - x0 + column] = True
    return x0, y0, mask


def reflected_ids(ids, surface_ids, sensor: Sensor):
    """Ids seen in mirrors: for each pixel of a reflecting surface, the id its mirrored ray meets
    first.
    """
    seen = np.zeros_like(ids)
    rows, columns = np.nonzero(np.isin(ids, list(surface_ids)))
    if not len(rows):
        return seen
    scene, graph = bpy.context.scene, bpy.context.evaluated_depsgraph_get()
    directions = sensor.directions(0, 0, sensor.width, sensor.height)
    for row, column in zip(rows, columns, strict=True):
        direction = Vector(directions[row, column])
        hit, location, normal, *_ = scene.ray_cast(graph, sensor.origin, direction, distance=FAR)
        if not hit:
            continue
        onward = direction.reflect(normal)
        hit, _, _, _, thing, _ = scene.ray_cast(
            graph, location + onward * 0.02, onward, distance=FAR
        )
        if hit and thing is not None:
            seen[row, column] = thing.pass_index
    return seen
