"""From tissue to a CT picture: projections, photon noise, filtered back-projection.

A picture holds ``HU = SLOPE * value + INTERCEPT`` in 8 bits.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from shapes import Grid
from skimage.transform import iradon, radon

SLOPE, INTERCEPT = 8, -1024
WATER = 0.0195
"""Attenuation of water per mm, at about 70 keV."""
DARK = 12.0
"""Standard deviation of the detector's own noise, in photons."""
TOO_MUCH = 5.5


@dataclass(frozen=True)
class Scanner:
    """Number of ``views`` over half a turn and of ``photons`` a ray would have in air.

    ``hardening`` is what a ray loses per square unit of attenuation above `TOO_MUCH`, as the
    correction for tissue fails behind metal.
    """

    views: int = 480
    photons: float = 9e4
    hardening: float = 0.0

    def project(self, image: np.ndarray, spacing: float) -> np.ndarray:
        """Line integrals (detector, views) of an image in Hounsfield units around its middle."""
        attenuation = np.clip(1 + image / 1000, 0, None) * WATER * spacing
        return _radon(attenuation.astype(np.float32), self._angles)

    @property
    def _angles(self) -> np.ndarray:
        return np.linspace(0, 180, self.views, endpoint=False)

    def measure(self, lines: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """What the detector reads: Poisson counts with its own noise, as line integrals again."""
        lines = lines - self.hardening * np.maximum(lines - TOO_MUCH, 0) ** 2
        counts = rng.poisson(self.photons * np.exp(-lines)) + rng.normal(0, DARK, lines.shape)
        return -np.log(np.maximum(counts, 1) / self.photons)

    def reconstruct(self, lines: np.ndarray, pitch: float, grid: Grid) -> np.ndarray:
        """Hounsfield units on any square ``grid`` from lines read every ``pitch`` mm.

        Each view is resampled to the spacing of the grid around its middle, filtered in full
        length and projected back.
        """
        size, spacing = grid.size[0], grid.spacing
        detector = (np.arange(len(lines)) - len(lines) // 2) * pitch
        half = int(detector[-1] / spacing + np.hypot(*grid.center) / spacing) + size // 8
        places = np.arange(-half, half + 1) * spacing
        turn = np.deg2rad(self._angles)
        # skimage turns around the centre of pixel n // 2, a grid around its own middle.
        x, y = (middle + (spacing - pitch) / 2 for middle in grid.center)
        shifts = x * np.cos(turn) - y * np.sin(turn)
        resampled = np.stack(
            [
                np.interp(places + shift, detector, line)
                for shift, line in zip(shifts, lines.T, strict=True)
            ],
            axis=1,
        )
        attenuation = iradon(
            resampled, self._angles, output_size=size, filter_name="hann", circle=False
        )
        image = (attenuation / spacing / WATER - 1) * 1000
        image[np.hypot(grid.x, grid.y) > detector[-1]] = INTERCEPT
        return image


def _radon(image: np.ndarray, angles: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Radon transform: image must be zero")
        return radon(image, angles, circle=True, preserve_range=True)


def encode(hounsfield: np.ndarray) -> np.ndarray:
    """Hounsfield units as 8-bit values; what lies outside -1024 to 1016 is clipped."""
    return np.clip(np.round((hounsfield - INTERCEPT) / SLOPE), 0, 255).astype(np.uint8)


def decode(values: np.ndarray) -> np.ndarray:
    """8-bit values as Hounsfield units."""
    return values.astype(float) * SLOPE + INTERCEPT


def window(values: np.ndarray, level: float, width: float) -> np.ndarray:
    """8-bit values as a display shows them with a window around ``level``, in HU."""
    share = (decode(values) - (level - width / 2)) / width
    return (np.clip(share, 0, 1) * 255).round().astype(np.uint8)
