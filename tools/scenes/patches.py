# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of a fixed camera, put together from an empty street and patches around what moves.

The street is rendered twice: ``fine`` with many samples, and ``coarse`` with as few and with the
same random numbers as the patches. By what factor a patch differs from the coarse street, darker
in a shadow, lighter where an actor throws light, the fine one is changed; where nothing happened
the factor is one, so that patches have no visible edge. The actors themselves are taken from the
patch.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from clip_ids import Caster, Frame, mesh_corners
from mathutils import Vector
from passes import render_beauty
from PIL import Image, ImageFilter

MARGIN = 14
"""Pixels around an actor and its shadow that are rendered anew."""
LEAST_SIDE = 8
"""Least width and height in px of what is rendered anew."""
NOTICED, CERTAIN = 0.04, 0.12
"""Relative difference from which on a change is taken over, and from which on wholly."""
DARK = 0.004
"""Linear light below which factors mean nothing."""
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
    """The parts of the picture that actors and their shadows may touch."""
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
            found.append(_widened(window, caster.sensor))
    return _merged(found)


def _widened(window: Window, sensor) -> Window:
    """The window with at least `LEAST_SIDE` px each way: narrower borders come out wrong."""
    x0, y0, x1, y1 = window
    x0, y0 = min(x0, sensor.width - LEAST_SIDE), min(y0, sensor.height - LEAST_SIDE)
    return x0, y0, max(x1, x0 + LEAST_SIDE), max(y1, y0 + LEAST_SIDE)


def _box(pose) -> np.ndarray:
    """World corners (8, 3) of the box around a pose."""
    matrix = pose.matrix()
    return np.array([matrix @ Vector(corner) for corner in mesh_corners(pose.mesh)])


def _merged(found: list[Window]) -> list[Window]:
    """The same area, two windows as one where that is no more to render."""
    for first, second in itertools.combinations(found, 2):
        union = (
            min(first[0], second[0]),
            min(first[1], second[1]),
            max(first[2], second[2]),
            max(first[3], second[3]),
        )
        if _area(union) <= _area(first) + _area(second):
            rest = [window for window in found if window not in (first, second)]
            return _merged([*rest, union])
    return found


def _area(window: Window) -> int:
    return (window[2] - window[0]) * (window[3] - window[1])


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


def compose(street: Street, patches: list[tuple[Window, np.ndarray]], seen: Frame):
    """Linear RGB of a frame (height, width, 3)."""
    rendered, covered = street.coarse.copy(), np.zeros(seen.ids.shape, bool)
    for (x0, y0, x1, y1), rgb in patches:
        rendered[y0:y1, x0:x1], covered[y0:y1, x0:x1] = rgb, True
    changed = _blurred((rendered - street.coarse).mean(2))
    relative = np.abs(changed) / (_blurred(street.coarse.mean(2)) + 0.02)
    noticed = np.clip((relative - NOTICED) / (CERTAIN - NOTICED), 0, 1)
    weight = noticed * noticed * (3 - 2 * noticed) * _inner(covered)
    factor = (rendered + DARK) / (street.coarse + DARK)
    around = street.fine * (1 + (factor - 1) * weight[..., None])
    actors = _soft(seen.moving)[..., None]
    return around * (1 - actors) + rendered * actors


def _soft(mask: np.ndarray) -> np.ndarray:
    """A mask one pixel wider and with a soft edge, 0 to 1."""
    picture = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), float) / 255


def _blurred(values: np.ndarray) -> np.ndarray:
    """Mean over 5 x 5 pixels, so that noise does not pass for a change."""
    padded = np.pad(values, 2, mode="edge")
    rows, columns = values.shape
    return sum(padded[r : r + rows, c : c + columns] for r in range(5) for c in range(5)) / 25


def _inner(covered: np.ndarray) -> np.ndarray:
    """1 where patches are, fading to 0 at their edges that are not the picture's."""
    padded = np.pad(covered, FEATHER, mode="edge").astype(np.uint8) * 255
    picture = Image.fromarray(padded).filter(ImageFilter.MinFilter(FEATHER + 1))
    faded = np.asarray(picture.filter(ImageFilter.GaussianBlur(FEATHER / 4)), float) / 255
    return faded[FEATHER:-FEATHER, FEATHER:-FEATHER]
