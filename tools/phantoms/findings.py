"""Nodules and other findings: their shape in space, and their size as a reader measures it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.distance import pdist
from shapes import Grid, coverage

ANGLES = np.linspace(0, 2 * np.pi, 180, endpoint=False)
HU = {"solid": 35, "part_solid": -590, "ground_glass": -655, "calcified": 640}
CORE = 0.48
"""Size of the solid core of a part-solid nodule."""


def long_axis(outline: np.ndarray) -> float:
    """The longest distance between two points (n, 2) of an outline (greatest Feret diameter)."""
    return float(pdist(outline).max())


@dataclass(frozen=True)
class Finding:
    """One finding, a star-shaped outline around ``center`` (x, y, z) in mm.

    ``radii`` (len(ANGLES),) in mm belong to its own plane; ``height`` is half its extent along z.
    """

    label: str
    texture: str
    center: tuple[float, float, float]
    radii: np.ndarray
    height: float
    spikes: tuple[float, ...] = ()

    @classmethod
    def nodule(cls, size: float, texture: str, rng: np.random.Generator) -> Finding:
        """A nodule at the origin whose long axis is ``size`` mm."""
        irregular = rng.uniform(0.02, 0.07) if size < 7 else rng.uniform(0.04, 0.2)
        radii = 1 + rng.uniform(0.0, 0.14) * np.cos(2 * ANGLES + rng.uniform(0, 2 * np.pi))
        for order in range(2, 7):
            bump = np.cos(order * ANGLES + rng.uniform(0, 2 * np.pi))
            radii = radii + irregular / order * rng.normal() * bump
        radii = np.clip(radii, 0.5, 1.6)
        spiculated = texture == "solid" and size > 9 and irregular > 0.11
        spikes = tuple(rng.uniform(0, 2 * np.pi, rng.integers(5, 10))) if spiculated else ()
        label = "nodule" if size >= 3 else "small_nodule"
        raw = cls(label, texture, (0, 0, 0), radii, size / 2 * rng.uniform(0.8, 1.0), spikes)
        return replace(raw, radii=radii * size / long_axis(raw.outline))

    @classmethod
    def band(cls, size: float, thickness: float, angle: float, height: float) -> Finding:
        """A scar or a plaque: a band ``size`` mm long that runs at ``angle``."""
        across = np.hypot(
            np.cos(ANGLES - angle) / (size / 2), np.sin(ANGLES - angle) / (thickness / 2)
        )
        return cls("non_nodule", "solid", (0, 0, 0), 1 / across, height)

    def at(self, x: float, y: float, z: float) -> Finding:
        """The same finding elsewhere."""
        return replace(self, center=(float(x), float(y), float(z)))

    @property
    def outline(self) -> np.ndarray:
        """Points (n, 2) in mm around the finding in its own plane."""
        ring = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
        return np.asarray(self.center[:2]) + self.radii[:, None] * ring

    @property
    def long_axis(self) -> float:
        """Greatest diameter in its own plane, in mm."""
        return long_axis(self.outline)

    def distance(self, grid: Grid, z: float, size: float = 1.0) -> np.ndarray:
        """Signed distance in mm of each pixel to the finding, its radii times ``size``."""
        level = 1 - ((z - self.center[2]) / (self.height * size)) ** 2
        x, y = grid.x - self.center[0], grid.y - self.center[1]
        away = np.hypot(x, y)
        if level <= 0:
            return away + self.height
        edge = np.interp(np.arctan2(y, x), ANGLES, self.radii, period=2 * np.pi)
        slope = self._slope(np.arctan2(y, x), edge)
        return (away - edge * size * np.sqrt(level)) * slope

    def _slope(self, angles, edge):
        """How much closer the edge is than along the ray, because the outline is slanted."""
        turn = np.interp(angles, ANGLES, np.gradient(self.radii, ANGLES), period=2 * np.pi)
        return edge / np.hypot(edge, turn)

    def mask(self, grid: Grid) -> np.ndarray:
        """The pixels whose centre lies in the outline, in its own plane."""
        return self.distance(grid, self.center[2]) < 0

    def paint(self, image: np.ndarray, grid: Grid, z: float) -> None:
        """Put the finding on an image in Hounsfield units; denser structures stay visible."""
        share = coverage(self.distance(grid, z), grid.spacing)
        image += (np.maximum(image, HU[self.texture]) - image) * share
        if self.texture == "part_solid":
            core = coverage(self.distance(grid, z, CORE), grid.spacing)
            image += (np.maximum(image, HU["solid"]) - image) * core
        for spike in self.spikes:
            self._spike(image, grid, z, spike)

    def _spike(self, image, grid, z, angle):
        """A fine strand that leaves the nodule and thins out."""
        x, y = grid.x - self.center[0], grid.y - self.center[1]
        along = x * np.cos(angle) + y * np.sin(angle)
        across = np.hypot(y * np.cos(angle) - x * np.sin(angle), z - self.center[2])
        edge = np.interp(angle, ANGLES, self.radii, period=2 * np.pi)
        width = 0.75 * np.clip((1.75 - along / edge) / 0.85, 0, 1)
        share = coverage(across - width, grid.spacing) * (along > 0.6 * edge) * (width > 0)
        image += (np.maximum(image, -250) - image) * share * np.minimum(1, 2 * width)
