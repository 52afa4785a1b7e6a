"""Four simulated readers who mark findings blind, each with a bias of their own.

Whether a reader sees a finding depends on its size and texture, on a random effect that all readers
share for that finding, and on the reader. Outlines err by the reader's bias, by an overall error
and by a low-order radial jitter. The long axis a reader measures on the own outline decides between
nodule and small nodule. Now and then a reader takes a vessel that is cut across for a nodule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from findings import ANGLES, Finding, long_axis
from shapes import Grid

from labelschool.model import Mark

PANEL = 10
"""Seed of the panel; with it the readers disagree as in the published blinded reads."""
NAMES = ("A", "B", "C", "D")
SHARED = 2.3
"""Standard deviation, in logits, of what all readers share for one finding."""
HARDNESS = {"solid": 0.0, "calcified": -0.6, "part_solid": 0.5, "ground_glass": 1.2}
BLUR = {"solid": 0.6, "calcified": 0.6, "part_solid": 1.0, "ground_glass": 1.5}
"""How much harder an edge is to follow."""
BASE = 0.45
VESSEL_BASE = -5.2
VESSEL_SHARED = 2.2
CORNERS = 24


@dataclass(frozen=True)
class Reader:
    """``bias`` is the share by which radii come out too large, ``miss`` shifts the logit of missing
    a finding, ``jitter`` scales the errors of the outline, ``strict`` is the probability of calling
    a scar or a plaque a non-nodule.
    """

    bias: float
    miss: float
    jitter: float
    strict: float


def panel(seed: int) -> dict[str, Reader]:
    """The four readers."""
    rng = np.random.default_rng([seed, 1])
    return {
        name: Reader(
            rng.normal(0.04, 0.07),
            rng.uniform(-0.5, 0.5),
            rng.uniform(0.7, 1.3),
            rng.uniform(0.55, 0.9),
        )
        for name in NAMES
    }


def read(
    readers: dict[str, Reader],
    findings: Sequence[Finding],
    vessels: Sequence[Finding],
    grid: Grid,
    seed: int,
) -> dict[str, tuple[Mark, ...]]:
    """What each reader marks on one slice.

    ``vessels`` are vessels cut across that could be taken for nodules.
    """
    rng = np.random.default_rng([seed, 2])
    shared = rng.normal(0, SHARED, len(findings))
    tempting = rng.normal(0, VESSEL_SHARED, len(vessels))
    marks = {}
    for name, reader in readers.items():
        made = []
        for finding, effect in zip(findings, shared, strict=True):
            size = 0.22 * np.clip(finding.long_axis - 7, -4, 6)
            doubt = HARDNESS[finding.texture] - size + effect + 1.1 * reader.miss - BASE
            if rng.random() > 1 / (1 + np.exp(doubt)):
                continue
            made.append(_mark(reader, finding, grid, doubt, rng))
        for vessel, effect in zip(vessels, tempting, strict=True):
            if rng.random() < 1 / (1 + np.exp(-VESSEL_BASE - effect)):
                made.append(_mark(reader, vessel, grid, 1.5, rng))
        marks[name] = tuple(
            mark.model_copy(update={"id": f"m{number}"}) for number, mark in enumerate(made, 1)
        )
    return marks


def _mark(reader: Reader, finding: Finding, grid: Grid, doubt: float, rng) -> Mark:
    """One mark; ``doubt`` is the logit of missing the finding."""
    outline = _drawn(reader, finding, grid, rng)
    center = outline.mean(axis=0)
    size = long_axis(outline) * grid.spacing
    confidence = int(np.clip(np.round(3.4 - 0.7 * doubt + rng.normal(0, 0.6)), 1, 5))
    label = "nodule" if size >= 3 else "small_nodule"
    if finding.label == "non_nodule" and rng.random() < reader.strict:
        label = "non_nodule"
    corners = outline[:: len(outline) // CORNERS] if label == "nodule" else ()
    return Mark(
        id="m",
        label=label,
        center=tuple(np.round(center, 1).tolist()),
        long_axis=round(size, 1) if label == "nodule" else None,
        outline=tuple(tuple(point) for point in np.round(corners, 1).tolist()),
        confidence=confidence,
    )


def _drawn(reader: Reader, finding: Finding, grid: Grid, rng) -> np.ndarray:
    """The outline (n, 2) in px that a reader draws around a finding."""
    center = grid.to_pixels(np.array([finding.center[:2]]))[0] + rng.normal(0, 0.3, 2)
    radii = finding.radii / grid.spacing
    blur = BLUR[finding.texture]
    middle = np.sqrt(np.mean(radii**2))
    drawn = radii * (1 + reader.bias * blur + rng.normal(0, 0.035 * blur))
    drawn = drawn + rng.normal(0.15, 0.25)
    for order in range(2, 7):
        size = reader.jitter * blur * (0.068 * middle + 0.2) / order**0.8
        drawn = drawn + size * rng.normal() * np.cos(order * ANGLES + rng.uniform(0, 2 * np.pi))
    drawn = np.maximum(drawn, 0.4 * middle)
    ring = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
    return center + drawn[:, None] * ring
