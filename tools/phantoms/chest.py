"""A chest phantom in space, and slices of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from anatomy import AIR, BLOOD, HILA, VEINS, Anatomy
from findings import Finding
from scipy import ndimage
from shapes import Grid, coverage
from trees import Tree

LUNG = -868
ENDS = 2600
"""Ends of the arteries of both lungs; there are as many of the veins."""
LEAF = 0.36
"""Radius of the last branches in mm."""
BRONCHUS = 1.2
"""Arteries from this radius on have a bronchus beside them that can be seen."""
OUTSIDE, PARENCHYMA, VESSEL, AIRWAY, FISSURE = range(5)
"""Values of the map of tissues."""


@dataclass
class Chest:
    """One invented patient with findings. Everything follows from ``seed``."""

    seed: int
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def anatomy(self) -> Anatomy:
        """Lungs and the body around them."""
        return Anatomy(self.seed)

    @cached_property
    def _trees(self) -> tuple[Tree, Tree]:
        """Arteries and veins of all lobes."""
        rng = np.random.default_rng([self.seed, 4])
        places = rng.uniform((-140, -95, -95), (140, 95, 85), (ENDS * 7, 3))
        inside = self.anatomy.lung(*places.T) < -2.5
        oblique, dome = self.anatomy.fissures(*places.T)
        apart = (np.abs(oblique) > 3) & ((np.abs(dome) > 3) | (places[:, 0] > 0) | (oblique > 0))
        places = places[inside & apart][: 2 * ENDS]
        lobes = self.anatomy.lobe(*places.T)
        trees = []
        for roots, chosen in ((HILA, slice(0, None, 2)), (VEINS, slice(1, None, 2))):
            forest = [
                Tree.grow(part, roots["right" if lobe < 3 else "left"], LEAF, rng)
                for lobe in range(5)
                if len(part := places[chosen][lobes[chosen] == lobe]) > 1
            ]
            whole = forest[0]
            for tree in forest[1:]:
                whole = whole.joined(tree)
            trees.append(whole)
        return tuple(trees)

    @cached_property
    def vessels(self) -> Tree:
        """Arteries and veins."""
        return self._trees[0].joined(self._trees[1])

    @cached_property
    def bronchi(self) -> Tree:
        """Outer walls of the bronchi, which run beside the arteries."""
        return self._trees[0].at_least(BRONCHUS).beside((0.45, 0.75, 0.48), 1.95)

    def hounsfield(self, grid: Grid, z: float) -> np.ndarray:
        """The phantom itself at height ``z`` mm, without any scanner, shape of the grid."""
        body = self.anatomy.tissue(grid, z)
        lung = self._parenchyma(grid, z)
        share = coverage(self.anatomy.lung(grid.x, grid.y, z), grid.spacing)
        body += (lung - body) * share
        return body

    def _parenchyma(self, grid: Grid, z: float) -> np.ndarray:
        rng = np.random.default_rng([self.seed, 5, int(z * 10) % 2**31])
        shape = grid.size[::-1]
        grain = ndimage.gaussian_filter(rng.standard_normal(shape), 3.5 / grid.spacing)
        lung = LUNG + 0.28 * grid.y + 14 * grain / grain.std()
        oblique, dome = self._fissures(grid, z)
        for gap, width in ((oblique, 0.55), (dome, 0.5)):
            lung += (-560 - lung) * coverage(np.abs(gap) - width, grid.spacing) * 0.62
        for tree, shrink, value in (
            (self.bronchi, 1.0, -130),
            (self.bronchi, 0.68, AIR + 15),
            (self.vessels, 1.0, BLOOD - 60),
        ):
            lung += (value - lung) * tree.cut(grid, z, shrink)
        for finding in self.findings:
            finding.paint(lung, grid, z)
        return lung

    def _fissures(self, grid: Grid, z: float) -> tuple[np.ndarray, np.ndarray]:
        """Signed distances to the fissures within the plane."""
        oblique, dome = self.anatomy.fissures(grid.x, grid.y, z)
        rows, columns = np.gradient(dome, grid.spacing)
        flat = dome / np.maximum(np.hypot(rows, columns), 0.12)
        return oblique, np.where((grid.x < 0) & (oblique < 0), flat, np.inf)

    def tissues(self, grid: Grid, z: float) -> np.ndarray:
        """What each pixel shows, as a map of `OUTSIDE` to `FISSURE`; findings are left out."""
        shares = [
            (FISSURE, np.minimum.reduce([np.abs(gap) for gap in self._fissures(grid, z)]) < 0.6),
            (AIRWAY, self.bronchi.cut(grid, z) > 0.5),
            (VESSEL, self.vessels.cut(grid, z) > 0.5),
        ]
        chart = np.full(grid.size[::-1], PARENCHYMA, np.uint8)
        for value, mask in shares:
            chart[mask] = value
        chart[self.anatomy.lung(grid.x, grid.y, z) > 0] = OUTSIDE
        return chart
