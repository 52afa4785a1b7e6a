"""Simulated annotators of cuboids in point clouds.

The centre errs by `error` m and the size by the same share, both more where few points lie on the
object: x (1 + 3 / sqrt(points)). The heading errs by `yaw` radians, by half a turn with probability
`confusion` (front and back changed) and by a quarter turn in a slip. `visible_l` is the probability
of drawing only the L that the returns of two sides form, so that the box is too short and its
centre too near to the sensor at (0, 0); `mirrors` of including side mirrors. `bias` widens all
sides by that share. An object is missed with logit -2.5 + miss + log2(6 / points). Loose: too large
and with mirrors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Cuboid, SweepTruth, TruthCuboid

from .boxes import NEIGHBOURS
from .people import Finder, Seed, active_ms, happens, heavy_tailed, neighbour, work_pool


@dataclass(frozen=True, slots=True)
class Modeller(Finder):
    """One kind of annotator of cuboids; `yaw` in radians, the last two are probabilities."""

    yaw: float
    visible_l: float
    mirrors: float


# fmt: off
CUBOID_PROFILES: Mapping[str, Modeller] = {
    #                    error, bias, confusion, slips, seconds, miss, invented,
    #                    yaw, visible L, mirrors
    "expert":   Modeller(.015, .002, .01, .000, 35.0, -3.5, .02,
                         .010, .01, .02),
    "trained":  Modeller(.030, .005, .04, .005, 40.0, -1.5, .05,
                         .022, .05, .08),
    "loose":    Modeller(.070, .120, .10, .010, 30.0, -0.8, .15,
                         .060, .15, .90),
    "hasty":    Modeller(.090, .010, .15, .040, 14.0,  0.8, .20,
                         .110, .60, .40),
    "confuser": Modeller(.030, .005, .60, .005, 40.0, -1.5, .05,
                         .022, .05, .08),
}
# fmt: on

VISIBLE_SHARE = 0.7
"""Share of length and width that the visible L covers."""

USUAL_SIZE = (4.4, 1.8, 1.5)
RANGE_M = 40.0


def annotate_cuboids(
    truth: Sequence[SweepTruth], profile: str, seed: Seed, *, classes: Sequence[str]
) -> dict[str, tuple[Cuboid, ...]]:
    """The cuboids one simulated annotator draws on a pool of sweeps, by item.

    ``spammer`` puts one to five car-sized boxes anywhere within 40 m, ``lazy`` boxes what has at
    least 100 points and leaves every heading at 0. Raises KeyError for a profile that does not
    exist.
    """

    def draw(item: SweepTruth, person: Modeller, rng: np.random.Generator) -> Iterator[Cuboid]:
        for obj in item.cuboids:
            few = np.log2(6 / max(obj.points, 1))
            if obj.label not in classes or happens(-2.5 + person.miss + few, rng):
                continue
            label = neighbour(obj.label, person.confusion / 2, NEIGHBOURS, classes, rng)
            center, size, yaw = _fitted(obj, person, rng)
            yield _cuboid(f"c{obj.id}", label, center, size, yaw, active_ms(person.seconds, rng))
        if rng.random() < person.invented:
            yield _anywhere("x0", classes, person.seconds, rng)

    def spam(item: SweepTruth, rng: np.random.Generator) -> Iterator[Cuboid]:
        for number in range(int(rng.integers(1, 6))):
            yield _anywhere(f"s{number}", classes, 2.0, rng)

    def lazy(item: SweepTruth, rng: np.random.Generator) -> Iterator[Cuboid]:
        for obj in item.cuboids:
            if obj.label in classes and obj.points >= 100:
                ms = active_ms(8.0, rng)
                yield _cuboid(f"c{obj.id}", obj.label, obj.center, obj.size, 0.0, ms)

    return work_pool(
        truth,
        profile,
        seed,
        people=CUBOID_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=_nudge,
    )


def _fitted(
    obj: TruthCuboid, person: Modeller, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float]:
    """Centre, size and heading as this person draws them."""
    doubt = 1 + 3 / np.sqrt(max(obj.points, 1))
    with_mirrors = obj.size_with_mirrors and rng.random() < person.mirrors
    size = np.array(obj.size_with_mirrors if with_mirrors else obj.size)
    center = np.array(obj.center)
    if rng.random() < person.visible_l:
        center, size = _visible_l(obj, center, size)
    size = size * (1 + person.bias + doubt * person.error * rng.normal(size=3))
    center = center + doubt * person.error * heavy_tailed(rng, 3)
    yaw = obj.yaw + doubt * person.yaw * rng.normal()
    yaw += np.pi * (rng.random() < person.confusion)
    yaw += np.pi / 2 * (rng.random() < person.slips)
    return center, np.maximum(size, 0.1), (yaw + np.pi) % (2 * np.pi) - np.pi


def _visible_l(
    obj: TruthCuboid, center: np.ndarray, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The box around the two sides that face the sensor: the nearest corner stays in place."""
    cos, sin = np.cos(obj.yaw), np.sin(obj.yaw)
    turn = np.array([[cos, -sin], [sin, cos]])
    nearer = np.sign(turn.T @ -center[:2])
    shorter = size * (VISIBLE_SHARE, VISIBLE_SHARE, 1)
    shift = turn @ (nearer * (size - shorter)[:2] / 2)
    return center + np.append(shift, 0), shorter


def _cuboid(
    cuboid_id: str,
    label: str,
    center: Sequence[float],
    size: Sequence[float],
    yaw: float,
    ms: float,
) -> Cuboid:
    return Cuboid(
        id=cuboid_id,
        label=label,
        center=tuple(float(v) for v in center),
        size=tuple(float(v) for v in size),
        yaw=float(yaw),
        ms=ms,
    )


def _anywhere(
    cuboid_id: str, classes: Sequence[str], seconds: float, rng: np.random.Generator
) -> Cuboid:
    center = (*rng.uniform(-RANGE_M, RANGE_M, 2), -1.0)
    label, yaw = str(rng.choice(list(classes))), rng.uniform(-np.pi, np.pi)
    return _cuboid(cuboid_id, label, center, USUAL_SIZE, yaw, active_ms(seconds, rng))


def _nudge(cuboid: Cuboid, rng: np.random.Generator) -> Cuboid:
    x, y, z = cuboid.center
    moved = (x + rng.normal(0, 0.02), y + rng.normal(0, 0.02), z)
    return cuboid.model_copy(update={"center": moved})
