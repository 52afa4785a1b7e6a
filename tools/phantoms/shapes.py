"""Planar shapes in millimetres as signed distances: negative inside, positive outside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Grid:
    """Square picture elements in an axial plane.

    ``spacing`` is mm per pixel, ``size`` (width, height) in px, ``center`` (x, y) in mm the place
    of the middle of the picture. x points to the right of the picture, y down.
    """

    spacing: float
    size: tuple[int, int]
    center: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def x(self) -> np.ndarray:
        """Millimetres of the pixel centres, shape (1, width)."""
        width = self.size[0]
        return (self.center[0] + (np.arange(width) + 0.5 - width / 2) * self.spacing)[None, :]

    @cached_property
    def y(self) -> np.ndarray:
        """Millimetres of the pixel centres, shape (height, 1)."""
        height = self.size[1]
        return (self.center[1] + (np.arange(height) + 0.5 - height / 2) * self.spacing)[:, None]

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) in mm as px, where pixel (0, 0) covers 0 to 1 on both axes."""
        return (points - self.center) / self.spacing + np.array(self.size) / 2

    def window(self, x: float, y: float, reach: float) -> tuple[slice, slice] | None:
        """Rows and columns of the pixels within ``reach`` mm of a point; None if there are none."""
        column, row = self.to_pixels(np.array([x, y]))
        reach /= self.spacing
        rows = slice(max(int(row - reach), 0), min(int(row + reach) + 1, self.size[1]))
        columns = slice(max(int(column - reach), 0), min(int(column + reach) + 1, self.size[0]))
        return (rows, columns) if rows.start < rows.stop and columns.start < columns.stop else None


def ellipse(x, y, center, radii, angle=0.0, power=2.0):
    """Signed distance to a superellipse, to first order in the distance to its edge."""
    cosine, sine = np.cos(angle), np.sin(angle)
    u = np.abs((x - center[0]) * cosine + (y - center[1]) * sine)
    v = np.abs((y - center[1]) * cosine - (x - center[0]) * sine)
    reach = ((u / radii[0]) ** power + (v / radii[1]) ** power) ** (1 / power) + 1e-9
    slope = np.hypot(
        (u / radii[0] / reach) ** (power - 1) / radii[0],
        (v / radii[1] / reach) ** (power - 1) / radii[1],
    )
    return (reach - 1) / (slope + 1e-9)


def ellipsoid(x, y, z, center, radii, angle=0.0):
    """Signed distance within the plane at height ``z`` to the cut of an ellipsoid."""
    height = 1 - ((z - center[2]) / radii[2]) ** 2
    cut = np.sqrt(np.maximum(height, 1e-3))
    inside = ellipse(x, y, center[:2], (radii[0] * cut, radii[1] * cut), angle)
    return np.where(height > 0, inside, np.maximum(inside, np.abs(z - center[2]) - radii[2] + 1))


def capsule(x, y, z, start, end, radius):
    """Signed distance to a round rod between two points (x, y, z) in mm."""
    axis = np.subtract(end, start)
    along = (x - start[0]) * axis[0] + (y - start[1]) * axis[1] + (z - start[2]) * axis[2]
    along = np.clip(along / (axis @ axis), 0, 1)
    return (
        np.sqrt(
            (x - start[0] - along * axis[0]) ** 2
            + (y - start[1] - along * axis[1]) ** 2
            + (z - start[2] - along * axis[2]) ** 2
        )
        - radius
    )


def blend(a, b, softness):
    """Union of two signed distances with a rounded seam of ``softness`` mm."""
    nearness = np.clip(0.5 + 0.5 * (b - a) / softness, 0, 1)
    return b + (a - b) * nearness - softness * nearness * (1 - nearness)


def coverage(distance, spacing):
    """Share of a pixel that a shape covers, 0 to 1, from the signed distance of its centre."""
    return np.clip(0.5 - distance / spacing, 0, 1)


def paint(image, value, distance, spacing):
    """Put ``value`` on ``image`` where the shape is; in place."""
    image += (value - image) * coverage(distance, spacing)
