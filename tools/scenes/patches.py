# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of a fixed camera, put together from an empty street and patches around what moves.

The street is rendered twice: ``fine`` with many samples, and ``coarse`` with as few and with the
same random numbers as the patches. What a patch differs from the coarse street by, shadows and
light thrown by the actors, is added to the fine one; where nothing changed the difference is zero,
so that patches have no visible edge. The actors themselves are taken from the patch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from clip_ids import Caster, Frame
from mathutils import Vector
from passes import render_beauty
from PIL import Image, ImageFilter

MARGIN = 14
"""Pixels around an actor and its shadow that are rendered anew."""
NOTICED, CERTAIN = 0.025, 0.08
"""Relative difference from which on a change is taken over, and from which on wholly."""
FEATHER = 8
"""Pixels over which a patch fades out at its edge."""

Window = tuple[int, int, int, int]


@dataclass
class Street:
    """The empty street in linear light, both (height, width, 3)."""

    fine: np.ndarray
    coarse: np.ndarray


def prepare(scene: bpy.types.Scene, seed: int):
    """Settings that give every render of one clip the same random numbers."""
    scene.render.use_persistent_data = True
    scene.cycles.use_adaptive_sampling = False
    scene.cycles.seed = seed


def render_street(work: Path, fine: int, coarse: int) -> Street:
    """Render the empty street with ``fine`` and with ``coarse`` samples per pixel."""
    scene = bpy.context.scene
    scene.render.use_border = False
    rendered = [render_beauty(work, samples)[0] for samples in (fine, coarse)]
    return Street(*rendered)


def sun_direction(sun) -> np.ndarray:
    """Unit vector towards the sun from its elevation and clockwise rotation in degrees."""
    elevation, rotation = (math.radians(value) for value in sun)
    return np.array(
        [
            math.sin(rotation) * math.cos(elevation),
            math.cos(rotation) * math.cos(elevation),
            math.sin(elevation),
        ]
    )


def windows(caster: Caster, actors, frame: int, sun) -> list[Window]:
    """The parts of the picture that actors and their shadows may touch, none overlapping."""
    towards, found = sun_direction(sun), []
    for actor in actors:
        pose = actor.poses[frame + 1]
        if not pose:
            continue
        corners = _box(pose)
        ground = corners[:, 2].min()
        shadow = corners - ((corners[:, 2:] - ground) / towards[2]) * towards
        points = caster.sensor.project(np.vstack([corners, shadow]))
        if window := caster.clip(points, MARGIN):
            found.append(window)
    return _merged(found)


def _box(pose) -> np.ndarray:
    """World corners (8, 3) of the box around a pose."""
    matrix = pose.matrix()
    positions = np.empty(len(pose.mesh.vertices) * 3)
    pose.mesh.vertices.foreach_get("co", positions)
    low, high = positions.reshape(-1, 3).min(0), positions.reshape(-1, 3).max(0)
    corners = [
        matrix @ Vector((x, y, z))
        for x in (low[0], high[0])
        for y in (low[1], high[1])
        for z in (low[2], high[2])
    ]
    return np.array(corners)


def _merged(found: list[Window]) -> list[Window]:
    """The same area as windows that do not overlap."""
    merged = list(found)
    for index, window in enumerate(merged):
        for other in merged[index + 1 :]:
            across = min(window[2], other[2]) > max(window[0], other[0])
            if across and min(window[3], other[3]) > max(window[1], other[1]):
                rest = [one for one in merged if one not in (window, other)]
                union = (
                    min(window[0], other[0]),
                    min(window[1], other[1]),
                    max(window[2], other[2]),
                    max(window[3], other[3]),
                )
                return _merged([*rest, union])
    return merged


def render_patch(window: Window, work: Path, samples: int) -> np.ndarray:
    """Linear RGB of one window of the open scene (rows, columns, 3)."""
    render = bpy.context.scene.render
    width, height = render.resolution_x, render.resolution_y
    x0, y0, x1, y1 = window
    render.use_border, render.use_crop_to_border = True, True
    render.border_min_x, render.border_max_x = (x0 + 0.25) / width, (x1 + 0.25) / width
    render.border_min_y = (height - y1 + 0.25) / height
    render.border_max_y = (height - y0 + 0.25) / height
    rgb, _ = render_beauty(work, samples)
    render.use_border = render.use_crop_to_border = False
    if rgb.shape[:2] != (y1 - y0, x1 - x0):
        raise ValueError(f"asked for {window}, rendered {rgb.shape[1]} x {rgb.shape[0]}")
    return rgb


def compose(street: Street, patches: list[tuple[Window, np.ndarray]], seen: Frame, blur: int):
    """Linear RGB of a frame (height, width, 3); ``blur`` widens the actors by motion blur in px."""
    whole = street.fine.copy()
    actors = _soft(seen.moving, 3 + 2 * blur)
    for (x0, y0, x1, y1), rgb in patches:
        area = (slice(y0, y1), slice(x0, x1))
        difference = rgb - street.coarse[area]
        relative = np.abs(difference).max(2) / (street.coarse[area].max(2) + 0.02)
        noticed = np.clip((_mean3(relative) - NOTICED) / (CERTAIN - NOTICED), 0, 1)
        weight = (noticed * noticed * (3 - 2 * noticed) * _feather(whole, area))[..., None]
        alpha = actors[area][..., None]
        changed = np.maximum(whole[area] + difference * weight, 0)
        whole[area] = changed * (1 - alpha) + rgb * alpha
    return whole


def _soft(mask: np.ndarray, grow: int) -> np.ndarray:
    """A mask widened by about ``grow`` // 2 pixels with a soft edge, 0 to 1."""
    picture = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(grow | 1))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), float) / 255


def _mean3(values: np.ndarray) -> np.ndarray:
    """Mean over 3 x 3 pixels."""
    padded = np.pad(values, 1, mode="edge")
    rows, columns = values.shape
    return sum(padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)) / 9


def _feather(whole: np.ndarray, area) -> np.ndarray:
    """1 inside a window, fading to 0 at edges that are not the picture's."""
    rows, columns = area
    ramps = []
    for cut, size in ((rows, whole.shape[0]), (columns, whole.shape[1])):
        places = np.arange(cut.start, cut.stop)
        start = (places - cut.start + 0.5) / FEATHER if cut.start else np.ones(len(places))
        stop = (cut.stop - places - 0.5) / FEATHER if cut.stop < size else np.ones(len(places))
        ramps.append(np.clip(np.minimum(start, stop), 0, 1))
    return ramps[0][:, None] * ramps[1][None, :]
