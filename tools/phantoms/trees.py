"""Branching trees that fill a volume: the vessels and bronchi of a lung."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapes import Grid, coverage

STEP = 0.42
"""Share of the way to the middle of its territory that a branch goes before it divides."""
MURRAY = 2.35
"""Radius^MURRAY of a branch is the sum over its ends (Murray's law has 3)."""
PIECES = 3


@dataclass(frozen=True)
class Tree:
    """Rods in mm: ``start`` and ``end`` (n, 3), ``radius`` (n,)."""

    start: np.ndarray
    end: np.ndarray
    radius: np.ndarray

    @classmethod
    def grow(cls, points: np.ndarray, root, leaf: float, rng: np.random.Generator) -> Tree:
        """Branches from ``root`` to every point (n, 3), with ends of radius ``leaf`` mm.

        A branch goes towards the middle of the points it serves, which a plane across their
        longest direction then divides in two (volume division, Kitaoka et al. 1999).
        """
        rods, waiting = [], [(np.asarray(root, float), points)]
        while waiting:
            place, served = waiting.pop()
            if len(served) == 1:
                rods.append((place, served[0], leaf))
                continue
            middle = served.mean(axis=0)
            _, _, axes = np.linalg.svd(served - middle, full_matrices=False)
            along = (served - middle) @ (axes[0] + rng.normal(0, 0.15, 3))
            low = along <= np.median(along)
            if low.all():
                low = np.arange(len(served)) % 2 == 0
            for half in (served[low], served[~low]):
                goal = place + STEP * (half.mean(axis=0) - place)
                rods.append((place, goal, leaf * len(half) ** (1 / MURRAY)))
                waiting.append((goal, half))
        return cls(*(np.array(column, float) for column in zip(*rods, strict=True))).bent(rng)

    def bent(self, rng: np.random.Generator) -> Tree:
        """The same tree with each rod in pieces that leave the straight line a little."""
        length = np.linalg.norm(self.end - self.start, axis=1, keepdims=True)
        sideways = rng.normal(0, 0.07, self.start.shape) * length
        share = np.linspace(0, 1, PIECES + 1)
        knots = [
            self.start + (self.end - self.start) * s + sideways * np.sin(np.pi * s) for s in share
        ]
        return Tree(
            np.concatenate(knots[:-1]), np.concatenate(knots[1:]), np.tile(self.radius, PIECES)
        )

    def joined(self, other: Tree) -> Tree:
        """Both trees as one."""
        mine, others = vars(self).values(), vars(other).values()
        return Tree(*(np.concatenate(pair) for pair in zip(mine, others, strict=True)))

    def at_least(self, radius: float) -> Tree:
        """Only the rods of that radius or more."""
        return self._only(self.radius >= radius)

    def beside(self, direction, share: float) -> Tree:
        """A tree that runs along this one, ``share`` radii away in a direction."""
        shift = np.asarray(direction, float) * self.radius[:, None] * share
        return Tree(self.start + shift, self.end + shift, self.radius)

    def crossing(self, z: float, margin: float = 1.0) -> Tree:
        """Only the rods that come near the plane at height ``z``."""
        low = np.minimum(self.start[:, 2], self.end[:, 2]) - self.radius - margin
        high = np.maximum(self.start[:, 2], self.end[:, 2]) + self.radius + margin
        return self._only((low < z) & (z < high))

    def _only(self, kept: np.ndarray) -> Tree:
        return Tree(self.start[kept], self.end[kept], self.radius[kept])

    def cut(self, grid: Grid, z: float, shrink: float = 1.0) -> np.ndarray:
        """Share of each pixel inside the tree at height ``z``, radii times ``shrink``."""
        image = np.zeros(grid.size[::-1])
        near = self.crossing(z, grid.spacing)
        for start, end, radius in zip(near.start, near.end, near.radius * shrink, strict=True):
            middle = (start + end) / 2
            reach = np.linalg.norm(end - start) / 2 + radius + 2 * grid.spacing
            window = grid.window(middle[0], middle[1], reach)
            if window is None:
                continue
            rows, columns = window
            x, y = grid.x[:, columns] - start[0], grid.y[rows] - start[1]
            axis, height = end - start, z - start[2]
            along = np.clip((x * axis[0] + y * axis[1] + height * axis[2]) / (axis @ axis), 0, 1)
            away = np.sqrt(
                (x - along * axis[0]) ** 2
                + (y - along * axis[1]) ** 2
                + (height - along * axis[2]) ** 2
            )
            share = coverage(away - radius, grid.spacing) * min(1, 2 * radius / grid.spacing)
            image[window] = np.maximum(image[window], share)
        return image
