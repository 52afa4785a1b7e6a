"""One slice of one phantom with its neighbours: findings put in place, then scanned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from chest import PARENCHYMA, VESSEL, Chest
from findings import ANGLES, Finding
from scipy import ndimage
from shapes import Grid, ellipse, paint
from tomography import Scanner, encode

SIZE, THUMBNAIL, PREVIEW = 384, 192, 128
PREVIEW_SPACING = 2.75
GAP = 3.0
"""Distance of the neighbouring slices in mm."""
METAL = 20000
FIELDS = {
    "chest": ((0.0, 0.0), (0.92, 0.97), (-42, 50)),
    "right": ((-68.0, 4.0), (0.32, 0.35), (-15, 42)),
    "left": ((74.0, 4.0), (0.32, 0.35), (-15, 42)),
}
"""Field of view -> its middle in mm, range of mm per pixel, range of heights in mm."""
CONTACT = 4
"""So many pixels of a vessel on the rim of a finding make it touch that vessel."""
VISIBLE = 5.0
"""Area in mm2 of a vessel that a learner sees beside a finding."""
UNFIT = 1000
"""Cost of a place where a finding that is to touch a vessel does not."""


def rim(mask: np.ndarray) -> np.ndarray:
    """The pixels just outside a mask."""
    return ndimage.binary_dilation(mask, np.ones((3, 3))) & ~mask


def contact(mask: np.ndarray, tissues: np.ndarray) -> int:
    """How many pixels of vessel lie on the rim of a finding."""
    return int((rim(mask) & (tissues == VESSEL)).sum())


@dataclass(frozen=True)
class Study:
    """A slice through one invented patient.

    ``field`` is a key of `FIELDS`, ``plan`` the findings as words ("solid 9 touching; scar 18"),
    ``artefact`` None, "metal" or "motion". Everything else follows from ``seed``.
    """

    seed: int
    field: str
    plan: str = ""
    artefact: str | None = None

    @cached_property
    def _traits(self) -> tuple[Grid, float]:
        rng = np.random.default_rng([self.seed, 6])
        middle, spacings, heights = FIELDS[self.field]
        spacing = round(rng.uniform(*spacings), 3)
        shift = rng.uniform(-4, 4, 2) if self.field != "chest" else (0, 0)
        center = tuple(float(m + s) for m, s in zip(middle, shift, strict=True))
        return Grid(spacing, (SIZE, SIZE), center), round(rng.uniform(*heights), 1)

    @property
    def grid(self) -> Grid:
        """The pixels of the slice."""
        return self._traits[0]

    @property
    def z(self) -> float:
        """Its height in mm."""
        return self._traits[1]

    @cached_property
    def chest(self) -> Chest:
        """The patient with all findings of the plan in place."""
        chest = Chest(self.seed)
        rng = np.random.default_rng([self.seed, 7])
        depth = self._depth(chest)
        tissues = chest.tissues(self.grid, self.z)
        for words in filter(None, self.plan.split(";")):
            kind, size, *rest = words.split()
            finding = self._place(kind, float(size), "touching" in rest, chest, depth, tissues, rng)
            chest.findings.append(finding)
        return chest

    @cached_property
    def tissues(self) -> np.ndarray:
        """The map of tissues of the slice."""
        return self.chest.tissues(self.grid, self.z)

    def _depth(self, chest: Chest) -> np.ndarray:
        """How far inside the lung and the picture each pixel lies, in mm."""
        edge = np.full((SIZE, SIZE), 0.0)
        edge[1:-1, 1:-1] = ndimage.distance_transform_edt(np.ones((SIZE - 2, SIZE - 2)))
        edge[-26:, :200] = 0
        lung = -chest.anatomy.lung(self.grid.x, self.grid.y, self.z)
        return np.minimum(lung, (edge - 12) * self.grid.spacing)

    def _place(self, kind, size, touching, chest, depth, tissues, rng) -> Finding:
        """A new finding where it fits: clear of the others, on a vessel only if it is to be.

        Raises ValueError where nothing fits.
        """
        if kind in ("scar", "plaque"):
            return self._place_band(kind, size, chest, rng)
        finding = Finding.nodule(size, kind, rng)
        rows, columns = np.nonzero(depth > size / 2 + 2.5)
        best = None
        for pick in rng.permutation(len(rows))[:1500]:
            x, y = self.grid.x[0, columns[pick]], self.grid.y[rows[pick], 0]
            tried = finding.at(x + rng.uniform(-0.1, 0.1), y + rng.uniform(-0.1, 0.1), self.z)
            if not self._clear(tried, chest):
                continue
            mask = tried.mask(self.grid)
            around = tissues[rim(mask)]
            vessel = np.count_nonzero(around == VESSEL)
            others = np.count_nonzero((around != VESSEL) & (around != PARENCHYMA))
            swallowed = np.count_nonzero(tissues[mask] != PARENCHYMA) / mask.sum()
            if touching:
                wanted = CONTACT + 1 <= vessel <= 0.4 * len(around) and swallowed < 0.2
                wanted = wanted and self._largest(tissues, rim(mask)) >= VISIBLE
                cost = others + (0 if wanted else UNFIT)
            else:
                cost = others + 3 * vessel + 20 * swallowed
            if best is None or cost < best[0]:
                best = cost, tried
            if cost == 0:
                break
        if best is None or best[0] >= UNFIT:
            raise ValueError(f"study {self.seed}: no room for {kind} {size}")
        return best[1]

    def _largest(self, tissues: np.ndarray, around: np.ndarray) -> float:
        """Area in mm2 of the largest piece of vessel that reaches into ``around``."""
        pieces, _ = ndimage.label(tissues == VESSEL, np.ones((3, 3)))
        sizes = np.bincount(pieces.ravel())[np.unique(pieces[around])[1:]]
        return float(sizes.max(initial=0)) * self.grid.spacing**2

    def _place_band(self, kind, size, chest, rng) -> Finding:
        """A plaque lies along the wall of the lung, a scar runs from the wall inwards."""
        lung = -chest.anatomy.lung(self.grid.x, self.grid.y, self.z)
        goal = 1.2 if kind == "plaque" else size * 0.45
        slope_y, slope_x = np.gradient(lung)
        outwards = -(slope_x * self.grid.x + slope_y * self.grid.y)
        chest_wall = outwards > 0.6 * np.hypot(self.grid.x, self.grid.y) * self.grid.spacing
        wall = (np.abs(lung - goal) < 0.8) & chest_wall & (np.abs(self.grid.x) > 45)
        rows, columns = np.nonzero(wall & self._inside_frame(size))
        for pick in rng.permutation(len(rows)):
            row, column = rows[pick], columns[pick]
            inwards = np.arctan2(slope_y[row, column], slope_x[row, column])
            if kind == "plaque":
                angle, thickness, height = inwards + np.pi / 2, rng.uniform(5, 7), size * 0.4
            else:
                angle, thickness, height = inwards + rng.normal(0, 0.3), rng.uniform(3.2, 4.2), 9.0
            finding = Finding.band(size, thickness, angle, height)
            finding = finding.at(self.grid.x[0, column], self.grid.y[row, 0], self.z)
            if self._clear(finding, chest):
                return finding
        raise ValueError(f"study {self.seed}: no room for a {kind}")

    def _inside_frame(self, size: float) -> np.ndarray:
        margin = int(size / 2 / self.grid.spacing) + 8
        inside = np.zeros((SIZE, SIZE), bool)
        inside[margin:-margin, margin:-margin] = True
        inside[-margin - 26 :, : 200 + margin] = False
        return inside

    @staticmethod
    def _clear(finding: Finding, chest: Chest) -> bool:
        """Whether a finding stays 6 mm clear of all that are there."""
        return all(
            np.hypot(*np.subtract(finding.center[:2], other.center[:2]))
            > (finding.long_axis + other.long_axis) / 2 + 6
            for other in chest.findings
        )

    def crossings(self) -> list[Finding]:
        """Vessels cut across that look like nodules, the largest four, as findings."""
        taken = np.zeros((SIZE, SIZE), bool)
        for finding in self.chest.findings:
            taken |= finding.distance(self.grid, self.z) < 2
        regions, _ = ndimage.label(self.tissues == VESSEL)
        found = []
        for number, (rows, columns) in enumerate(ndimage.find_objects(regions), 1):
            mask = regions == number
            sides = np.array([rows.stop - rows.start, columns.stop - columns.start])
            radius = np.sqrt(mask.sum() / np.pi) * self.grid.spacing
            compact = mask.sum() > 0.6 * sides.prod() and sides.max() <= 1.7 * sides.min()
            if 1.4 <= radius <= 4.5 and compact and not (mask & taken).any():
                middle = np.argwhere(mask).mean(axis=0).round().astype(int)
                x, y = self.grid.x[0, middle[1]], self.grid.y[middle[0], 0]
                radii = np.full(len(ANGLES), radius)
                found.append(Finding("vessel", "solid", (x, y, self.z), radii, radius))
        return sorted(found, key=lambda vessel: -vessel.long_axis)[:4]

    def slice(self) -> np.ndarray:
        """The scanned slice, 8-bit values of shape (SIZE, SIZE)."""
        zoomed = self.field != "chest"
        pitch, width = (0.52, 700) if zoomed else (self.grid.spacing, 400)
        scanner = Scanner(640, 1.4e5) if zoomed else Scanner()
        return self._scan(self.grid, self.z, scanner, pitch, width, 0)

    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """The slices before (towards the head) and after, shape (THUMBNAIL, THUMBNAIL)."""
        grid = Grid(self.grid.spacing * SIZE / THUMBNAIL, (THUMBNAIL, THUMBNAIL), self.grid.center)
        pitch, width = (0.7, 520) if self.field != "chest" else (grid.spacing, 200)
        scanner = Scanner(320, 2e5)
        before, after = (
            self._scan(grid, self.z + side * GAP, scanner, pitch, width, side) for side in (1, -1)
        )
        return before, after

    def preview(self) -> np.ndarray:
        """The scanned slice at 2.75 mm per pixel, 8-bit values of shape (PREVIEW, PREVIEW)."""
        grid = Grid(PREVIEW_SPACING, (PREVIEW, PREVIEW))
        return self._scan(grid, self.z, Scanner(200, 2e5), PREVIEW_SPACING, 136, 0)

    def _scan(self, grid, z, scanner, pitch, width, turn) -> np.ndarray:
        rng = np.random.default_rng([self.seed, 8, turn + 1])
        source = Grid(pitch, (width, width))
        if self.artefact == "metal":
            scanner = replace(scanner, hardening=0.07)
        lines = scanner.project(self._body(source, z), pitch)
        if self.artefact == "motion":
            moved = Grid(pitch, (width, width), (0.8, 3.2))
            later = scanner.project(self._body(moved, z + 1), pitch)
            share = np.clip((np.arange(scanner.views) / scanner.views - 0.7) * 6, 0, 1)
            lines += (later - lines) * share
        lines = scanner.measure(lines, rng)
        return encode(scanner.reconstruct(lines, pitch, grid))

    def _body(self, grid: Grid, z: float) -> np.ndarray:
        image = self.chest.hounsfield(grid, z)
        if self.artefact == "metal":
            for x, y, radius in self._implants():
                paint(image, METAL, ellipse(grid.x, grid.y, (x, y), (radius, radius)), grid.spacing)
        return image

    def _implants(self) -> list[tuple[float, float, float]]:
        """Two rods beside the spinal canal or two pins in the vertebra: x, y, radius in mm."""
        if self.seed % 2:
            return [(-17, 86, 3.2), (17, 87, 3.2)]
        return [(-8, 66, 3.4), (8, 64, 3.4)]
