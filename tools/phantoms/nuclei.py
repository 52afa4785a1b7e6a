"""Fluorescence pictures of touching nuclei, and the mask of each nucleus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.draw import polygon

SIZE = 512
COUNT = 80
SMALLEST = 60
"""Nuclei of fewer visible pixels are not asked for."""
POOLS = {"practice": range(11, 15), "counted": range(21, 25), "exam": range(31, 35)}
"""Pool -> seeds of its pictures."""
NOTICE_SIZE = (180, 24)
"""Width and height of the corner that stays free for the notice."""
PHOTONS = 130
READ_NOISE = 2.0
CLUSTERED = 0.9
"""Probability that a nucleus is put beside one that is there."""
DIM = 0.42


@dataclass(frozen=True)
class Nucleus:
    """The visible pixels of one nucleus, shape (SIZE, SIZE), and its edge cases."""

    mask: np.ndarray
    cases: tuple[str, ...]


def picture(seed: int) -> tuple[np.ndarray, list[Nucleus]]:
    """8-bit grey values of shape (SIZE, SIZE), and the nuclei in them."""
    rng = np.random.default_rng(seed)
    labels, light = _scatter(rng)
    return _camera(light.sum(axis=0), rng), _nuclei(labels, light)


def _scatter(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which nucleus each pixel shows (0 none), and the light of each, (COUNT, SIZE, SIZE)."""
    labels = np.zeros((SIZE, SIZE), int)
    light = np.zeros((COUNT, SIZE, SIZE), np.float32)
    texture = ndimage.gaussian_filter(rng.standard_normal((SIZE, SIZE)), 2.2)
    texture /= texture.std()
    scale, centers = rng.uniform(0.9, 1.12), []
    while len(centers) < COUNT:
        center = _place(centers, scale, rng)
        mask = _shape(center, scale, rng)
        covered = np.count_nonzero(mask & (labels > 0))
        under_notice = mask[-NOTICE_SIZE[1] :, : NOTICE_SIZE[0]].any()
        if under_notice or mask.sum() < SMALLEST // 2 or covered > 0.12 * mask.sum():
            continue
        visible = mask & (labels == 0)
        if ndimage.label(visible)[1] > 1:
            continue
        centers.append(center)
        labels[visible] = len(centers)
        light[len(centers) - 1] = _glow(mask, texture, rng)
    return labels, light


def _place(centers: list[np.ndarray], scale: float, rng: np.random.Generator) -> np.ndarray:
    if centers and rng.random() < CLUSTERED:
        angle, away = rng.uniform(0, 2 * np.pi), rng.normal(24, 2.5) * scale
        return centers[rng.integers(len(centers))] + away * np.array([np.cos(angle), np.sin(angle)])
    return rng.uniform(-4, SIZE + 4, 2)


def _shape(center: np.ndarray, scale: float, rng: np.random.Generator) -> np.ndarray:
    """An irregular ellipse."""
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radii = rng.uniform(11.5, 16.5) * scale * np.ones(90)
    for order in range(2, 6):
        bump = np.cos(order * angles + rng.uniform(0, 2 * np.pi))
        radii = radii * (1 + 0.07 / order * rng.normal() * bump)
    narrow, turn = rng.uniform(0.68, 1.0), rng.uniform(0, np.pi)
    u, v = radii * np.cos(angles) * narrow, radii * np.sin(angles)
    x = center[0] + u * np.cos(turn) - v * np.sin(turn)
    y = center[1] + u * np.sin(turn) + v * np.cos(turn)
    mask = np.zeros((SIZE, SIZE), bool)
    mask[polygon(y, x, mask.shape)] = True
    return mask


def _glow(mask: np.ndarray, texture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light of one nucleus: dome, chromatin, darker nucleoli."""
    dome = 1 - np.exp(-ndimage.distance_transform_edt(mask) / 4)
    glow = mask * dome * rng.uniform(0.3, 1.0) * (1 + 0.16 * texture)
    rows, columns = np.nonzero(mask)
    y, x = np.mgrid[:SIZE, :SIZE]
    for pick in rng.integers(len(rows), size=rng.integers(1, 4)):
        spot = np.exp(-((y - rows[pick]) ** 2 + (x - columns[pick]) ** 2) / 9)
        glow *= 1 - 0.45 * spot
    return np.clip(glow, 0, None)


def _camera(light: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lens, haze of what lies out of focus, uneven background, photon and read noise."""
    background = ndimage.gaussian_filter(rng.standard_normal(light.shape), 60)
    background = 0.07 + 0.03 * background / background.std()
    haze = rng.uniform(0.18, 0.34)
    focus = rng.uniform(0.95, 1.35)
    seen = ndimage.gaussian_filter(light, focus) + haze * ndimage.gaussian_filter(light, 9)
    expected = np.clip(seen + np.clip(background, 0.01, None), 0, None) * PHOTONS
    counts = rng.poisson(expected) + rng.normal(0, READ_NOISE, light.shape)
    return np.clip(counts / (1.15 * PHOTONS) * 255, 0, 255).astype(np.uint8)


def _nuclei(labels: np.ndarray, light: np.ndarray) -> list[Nucleus]:
    inner = np.zeros(labels.shape, bool)
    inner[1:-1, 1:-1] = True
    found = []
    for number in range(1, labels.max() + 1):
        mask = labels == number
        around = ndimage.binary_dilation(mask, np.ones((3, 3))) & ~mask
        cases = {
            "touching": bool((labels[around] > 0).any()),
            "border": bool((mask & ~inner).any()),
            "dim": light[number - 1][mask].mean() < DIM * 0.5,
        }
        found.append(Nucleus(mask, tuple(case for case, holds in cases.items() if holds)))
    return found
