"""Masks as a segmentation model gets them wrong: smoothed, leaked, cut, shifted, holes missed.

`spoiled` bends an exact mask until its IoU is the one asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage
from skimage.graph import MCP_Geometric

SOFTNESS = 1.3
"""Sigma in px of the blur that rounds every proposed mask."""
LEAST_BLOB = 0.015
"""Pieces below this share of the mask are dropped."""
EDGE_COST = 24.0
"""How much harder a leak spreads across a full step of brightness than across flat ground."""
STEPS = 26


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Intersection over union of two masks (Jaccard index); 0 where both are empty."""
    either = (first | second).sum()
    return float((first & second).sum() / either) if either else 0.0


def spoiled(
    mask: np.ndarray, picture: np.ndarray, how: str, wanted: float, seed: int
) -> np.ndarray:
    """The mask bent the way ``how`` until its IoU with ``mask`` is ``wanted``, within 0.02.

    ``mask`` and ``picture`` have the shapes (height, width) and (height, width, 3). Raises KeyError
    for an unknown way, ValueError where it cannot be bent that far.
    """
    bend = WAYS[how](mask, picture, np.random.default_rng(seed))
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if overlap(_rounded(bend(middle)), mask) > wanted:
            low = middle
        else:
            high = middle
    found = min(
        (_rounded(bend(strength)) for strength in (low, high)),
        key=lambda bent: abs(overlap(bent, mask) - wanted),
    )
    reached = overlap(found, mask)
    if abs(reached - wanted) > 0.02:
        raise ValueError(f"{how} reaches an IoU of {reached:.2f}, not {wanted:.2f}")
    return found


def _rounded(mask: np.ndarray) -> np.ndarray:
    soft = ndimage.gaussian_filter(mask.astype(float), SOFTNESS) > 0.5
    labels, count = ndimage.label(soft)
    sizes = ndimage.sum_labels(soft, labels, range(1, count + 1))
    large = [n for n, size in enumerate(sizes, 1) if size >= LEAST_BLOB * soft.sum()]
    return np.isin(labels, large)


def _waves(shape, rng, sigma=14.0):
    """Smooth random field of mean 0 and spread 1."""
    field = ndimage.gaussian_filter(rng.normal(size=shape), sigma)
    return (field - field.mean()) / field.std()


def _reach(mask):
    """Half the diagonal of the mask's bounds in px."""
    rows, columns = np.nonzero(mask)
    return 0.5 * np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1)


def _cut(mask, picture, rng) -> Callable[[float], np.ndarray]:
    """A part is missing on one side, along a wavy line."""
    rows, columns = np.nonzero(mask)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    along = (x - columns.mean()) * np.cos(angle) + (y - rows.mean()) * np.sin(angle)
    along = along + 0.1 * _reach(mask) * _waves(mask.shape, rng)
    order = np.sort(along[mask])
    return lambda strength: mask & (along >= order[int(strength * (len(order) - 1))])


def _leak(mask, picture, rng):
    """The mask runs into what adjoins below or beside it, stopped by edges of the picture."""
    grey = ndimage.gaussian_filter(picture.mean(2) / 255, 1.0)
    steps = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1))
    steps[ndimage.binary_dilation(mask, iterations=3)] *= 0.1
    rows, columns = np.nonzero(mask & ~ndimage.binary_erosion(mask))
    side = rng.choice([-1, 1])
    seen = rows + 0.6 * side * columns
    start = seen >= np.quantile(seen, 0.7)
    costs, _ = MCP_Geometric(1 + EDGE_COST * steps).find_costs(
        list(zip(rows[start], columns[start], strict=True))
    )
    costs = costs * (1 + 0.15 * _waves(mask.shape, rng, 9.0))
    order = np.sort(costs[~mask])
    most = min(len(order) - 1, int(3.5 * mask.sum()))
    return lambda strength: mask | (costs <= order[int(strength * most)])


def _loose(mask, picture, rng):
    """The edge lies outside the object all round, unevenly."""
    distance = ndimage.distance_transform_edt(~mask)
    uneven = np.clip(1 + 0.35 * _waves(mask.shape, rng, 10.0), 0.2, 2)
    return lambda strength: mask | (distance <= strength * _reach(mask) * uneven)


def _tight(mask, picture, rng):
    """The edge lies inside the object all round, so that thin parts are lost first."""
    distance = ndimage.distance_transform_edt(mask)
    uneven = np.clip(1 + 0.35 * _waves(mask.shape, rng, 10.0), 0.2, 2)
    return lambda strength: mask & (distance >= strength * distance.max() * uneven)


def _shift(mask, picture, rng):
    """The mask lies beside the object."""
    angle = rng.uniform(0, 2 * np.pi)
    step = 2 * _reach(mask) * np.array([np.sin(angle), np.cos(angle)])

    def bend(strength):
        return ndimage.shift(mask.astype(np.uint8), step * strength, order=0) > 0

    return bend


def _smooth(mask, picture, rng):
    """Corners and thin parts are rounded away."""
    return lambda strength: (
        ndimage.gaussian_filter(mask.astype(float), 0.1 + strength * _reach(mask)) > 0.5
    )


def _fill(mask, picture, rng):
    """Holes are missed, and the edge is loose."""
    return _loose(ndimage.binary_fill_holes(mask), picture, rng)


WAYS = {
    "cut": _cut,
    "leak": _leak,
    "loose": _loose,
    "tight": _tight,
    "shift": _shift,
    "smooth": _smooth,
    "fill": _fill,
}
"""How a mask is bent -> the function that prepares it; strength 0 leaves the mask as it is."""
