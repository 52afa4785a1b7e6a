# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes on the ground: a smooth line through given points, and how far along it a mover is.

Metres and radians; time is counted in frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

STEP = 0.05
"""Distance between the samples of a route in metres."""


class Route:
    """A Catmull-Rom line through at least two ``points``, continued straight beyond both ends."""

    def __init__(self, points: Sequence[Sequence[float]]):
        self._line = _smooth(np.array(points, float))
        lengths = np.hypot(*np.diff(self._line, axis=0).T)
        self._along = np.concatenate([[0.0], np.cumsum(lengths)])

    def pose(self, distance: float) -> tuple[float, float, float]:
        """x, y and heading after ``distance`` metres."""
        index = int(np.clip(np.searchsorted(self._along, distance) - 1, 0, len(self._line) - 2))
        start, end = self._line[index], self._line[index + 1]
        length = self._along[index + 1] - self._along[index]
        x, y = start + (end - start) * (distance - self._along[index]) / length
        before, after = (
            self._line[max(0, index - 4)],
            self._line[min(len(self._line) - 1, index + 5)],
        )
        return float(x), float(y), math.atan2(*(after - before)[::-1])


def _smooth(knots: np.ndarray) -> np.ndarray:
    """Points about `STEP` apart on the Catmull-Rom line through ``knots``, shape (n, 2)."""
    padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    pieces = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(2, round(float(np.hypot(*(end - start))) / STEP))
        t = (np.arange(count) / count)[:, None]
        pieces.append(
            0.5
            * (
                2 * start
                + (end - before) * t
                + (2 * before - 5 * start + 4 * end - after) * t**2
                + (3 * start - before - 3 * end + after) * t**3
            )
        )
    return np.vstack([*pieces, knots[-1]])


def distances(
    profile: Sequence[Sequence[float]], start: float, frames: int, fps: float
) -> np.ndarray:
    """Distance along a route at each frame from -1 to ``frames``, shape (frames + 2,).

    ``profile`` lists [frame, metres per second]; between them the speed changes evenly, before the
    first and after the last it stays. The mover is at ``start`` metres at frame 0.
    """
    ticks = np.arange(-1, frames + 1)
    speeds = np.interp(ticks, *np.array(profile, float).T)
    moved = np.concatenate([[0.0], np.cumsum((speeds[1:] + speeds[:-1]) / 2)]) / fps
    return start + moved - moved[1]
