"""Simulated annotators of keypoints.

A point errs by `error` times what people differ by at that joint, in proportion to the root of the
figure's visible area, with heavy tails: 1 is the spread of the COCO keypoint evaluation, sigma,
measured there on figures that several people labelled, so that two people whose `error` is 1 / sqrt
2 differ by it. Points that cannot be seen err twice as much. `bias` pushes points away from the
middle of the body as a share of the figure's size. A confuser takes the viewer's left for the
subject's, for a whole figure; a slip puts one point on its neighbour in the list. `invented` is the
probability of calling a hidden point seen, and `skips` of not labelling a hidden one. Loose: points
set too far out, on the clothing instead of the joint. A figure is missed with logit -1.5 + miss +
log2(60 / size).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Figure, Keypoint, KeypointTruth, TruthFigure, sigma, twins

from .people import Finder, Seed, active_ms, happens, heavy_tailed, work_pool


@dataclass(frozen=True, slots=True)
class Marker(Finder):
    """One kind of annotator of keypoints; `skips` is a probability."""

    skips: float


# fmt: off
KEYPOINT_PROFILES: Mapping[str, Marker] = {
    #                  error, bias, confusion, slips, seconds, miss, invented, skips
    "expert":   Marker(0.30, .000, .01, .002, 45.0, -4.0, .02, .02),
    "trained":  Marker(0.70, .004, .03, .010, 55.0, -2.5, .06, .06),
    "loose":    Marker(1.10, .080, .10, .020, 40.0, -2.0, .35, .10),
    "hasty":    Marker(1.50, .010, .15, .080, 18.0, -0.5, .30, .35),
    "confuser": Marker(0.70, .004, .75, .010, 55.0, -2.5, .06, .06),
}
# fmt: on


def annotate_keypoints(
    truth: Sequence[KeypointTruth], profile: str, seed: Seed
) -> dict[str, tuple[Figure, ...]]:
    """The figures one simulated annotator marks on a pool, by item.

    ``spammer`` scatters the points over the picture, ``lazy`` spreads them along the middle of the
    body, all as seen. Raises KeyError for a profile that does not exist.
    """
    return work_pool(
        truth,
        profile,
        seed,
        people=KEYPOINT_PROFILES,
        draw=_draw,
        spam=_spam,
        lazy=_lazy,
        nudge=_nudge,
    )


def _draw(item: KeypointTruth, person: Marker, rng: np.random.Generator) -> Iterator[Figure]:
    for figure in item.figures:
        size = np.sqrt(max(figure.area, 1))
        if happens(-1.5 + person.miss + np.log2(60 / size), rng):
            continue
        seen = np.array([point.visibility for point in figure.points])
        places = np.array([(point.x, point.y) for point in figure.points])
        spread = np.array([sigma(point.name) for point in figure.points]) / np.sqrt(2)
        spread *= person.error * size * np.where(seen == 1, 2.0, 1.0)
        errors = heavy_tailed(rng, places.shape) / np.sqrt(2) * spread[:, None]
        outward = places - places[seen > 0].mean(axis=0) if (seen > 0).any() else 0 * places
        reach = np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1.0)
        drawn = places + errors + person.bias * size * outward / reach
        if rng.random() < person.slips:
            here = rng.integers(len(drawn) - 1)
            drawn[here] = drawn[here + 1]
        hidden = np.where(rng.random(len(seen)) < person.skips, 0, 1)
        hidden = np.where(rng.random(len(seen)) < person.invented, 2, hidden)
        said = np.where(seen == 1, hidden, seen)
        if rng.random() < person.confusion:
            order = twins([point.name for point in figure.points])
            drawn, said = drawn[order], said[order]
        yield _figure(item, figure, drawn, said, active_ms(person.seconds, rng))


def _figure(
    item: KeypointTruth, figure: TruthFigure, places: np.ndarray, said: np.ndarray, ms: float
) -> Figure:
    """A figure with its points inside the picture; what is not labelled lies at 0, 0."""
    inside = np.clip(places, 0, (item.width, item.height)) * (said > 0)[:, None]
    points = tuple(
        Keypoint(name=point.name, x=float(x), y=float(y), visibility=int(level))
        for point, (x, y), level in zip(figure.points, inside, said, strict=True)
    )
    return Figure(id=f"f{figure.id}", points=points, ms=ms)


def _spam(item: KeypointTruth, rng: np.random.Generator) -> Iterator[Figure]:
    for figure in item.figures:
        places = rng.uniform(0, (item.width, item.height), (len(figure.points), 2))
        yield _figure(item, figure, places, np.full(len(places), 2), active_ms(4.0, rng))


def _lazy(item: KeypointTruth, rng: np.random.Generator) -> Iterator[Figure]:
    for figure in item.figures:
        x, y, width, height = figure.bbox
        down = np.linspace(0.1, 0.9, len(figure.points))
        places = np.column_stack([np.full(len(down), x + width / 2), y + down * height])
        yield _figure(item, figure, places, np.full(len(places), 2), active_ms(10.0, rng))


def _nudge(figure: Figure, rng: np.random.Generator) -> Figure:
    moved = tuple(
        point.model_copy(
            update={"x": point.x + rng.normal(0, 0.3), "y": point.y + rng.normal(0, 0.3)}
        )
        if point.visibility
        else point
        for point in figure.points
    )
    return figure.model_copy(update={"points": moved})
