"""The score of keypoints: an object keypoint similarity (OKS) as in the COCO keypoint evaluation.

    score = sum of q over the people of the pool / (people + figures that fit nobody)

* **Place.** A point at the distance d from its true place is worth exp(-d^2 / (2 s^2 k^2)), where s
  is the root of the person's visible area in px and k = 2 sigma, with sigma the spread of people at
  that joint (`labelschool.model.skeleton.SIGMAS`). So the tolerance grows with the person and
  differs by joint: at d = s k a point keeps 0.61, at 2 s k 0.14. For s = 145 px, the middle of
  figures12, s k is 8 px at the nose, 18 at a wrist, 23 at a shoulder, 26 at an ankle and 31 at a
  hip (https://cocodataset.org/#keypoints-eval).
* **Visibility.** Points that the truth does not label are left out, as in COCO. A point that is not
  labelled though it should be is worth nothing; seen and hidden exchanged costs a quarter of it.
* **Person.** OKS is the mean over the points. Where half of the OKS with left and right exchanged
  is more, it counts instead: the side is what a swap gets wrong, everything else was done.
* **Pool.** Figures are assigned to people by the largest total q; one below `LEAST_OKS` on either
  reading fits nobody. A person without a figure and a figure without a person each count 0.

Every point and every person adds what it is worth and takes nothing from another, so removing right
work never helps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from labelschool.model import (
    BBox,
    Figure,
    Keypoint,
    KeypointTruth,
    TruthFigure,
    sigma,
    twins,
)

from .matching import assign
from .score import (
    Finding,
    ItemScore,
    Score,
    cost_scale,
    ratio_interval,
    rescale,
    worst_first,
)

LEAST_OKS = 0.30
"""A figure below it is no attempt at this person."""
WRONG_VISIBILITY = 0.25
"""Share of a point that is lost by taking seen for hidden or hidden for seen."""
SWAP_CREDIT = 0.5
BLIND_ITEMS = 5
"""In fewer pictures one constant figure fits by chance, and nothing is rescaled."""
TOLD_LOSS = 0.25
"""A point that lost less of its worth by its place than this is not told."""

SIDE_RULE, SEEN_RULE, HIDDEN_RULE, PLACE_RULE, PEOPLE_RULE = 1, 2, 3, 5, 6
"""Rules of G13."""


def tolerance(name: str, area: float) -> float:
    """s k of a point in px: the distance at which it keeps 0.61 of its worth."""
    return 2 * sigma(name) * math.sqrt(area)


def similarity(px: float, name: str, area: float) -> float:
    """exp(-d^2 / (2 s^2 k^2)) for a point that is `px` from its place."""
    return math.exp(-((px / tolerance(name, area)) ** 2) / 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read as one person: the worth of each labelled point by name, and their mean."""

    points: Mapping[str, float]
    oks: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure and its person: as it is named, with left and right exchanged, and what counts."""

    figure: Figure
    truth: TruthFigure
    named: Reading
    exchanged: Reading

    @property
    def swapped(self) -> bool:
        """Whether the figure counts as one with left and right exchanged."""
        return SWAP_CREDIT * self.exchanged.oks > self.named.oks

    @property
    def likeness(self) -> float:
        """The OKS whichever way the sides are read."""
        return max(self.named.oks, self.exchanged.oks)

    @property
    def value(self) -> float:
        """q, 0 to 1."""
        return max(self.named.oks, SWAP_CREDIT * self.exchanged.oks)


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """The figures of one picture and its people."""

    truth: KeypointTruth
    pairs: tuple[Pair, ...]
    missed: tuple[TruthFigure, ...]
    extra: tuple[Figure, ...]

    @property
    def quality(self) -> float:
        return sum(pair.value for pair in self.pairs)

    @property
    def weight(self) -> int:
        """People, and figures that fit nobody."""
        return len(self.pairs) + len(self.missed) + len(self.extra)


def score_keypoints(
    truth: Sequence[KeypointTruth], answers: Mapping[str, Sequence[Figure]]
) -> Score:
    """Score the figures of a pool; `answers` maps an item to its figures.

    Raises ValueError when the pool shows nobody.
    """
    pool = tuple(sorted(truth, key=lambda item: item.item))
    n = sum(len(item.figures) for item in pool)
    if n == 0:
        raise ValueError("the pool shows nobody, so it cannot be scored")
    matches = [match_item(item, answers.get(item.item, ())) for item in pool]
    qualities, weights = [m.quality for m in matches], [m.weight for m in matches]
    blind = best_blind(pool)
    raw = sum(qualities) / sum(weights)
    found = sum(len(match.pairs) for match in matches)
    figures = found + sum(len(match.extra) for match in matches)
    share = cost_scale(blind) / sum(weights)
    return Score(
        metric="oks",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=n,
        interval=ratio_interval(qualities, weights, blind),
        items=tuple(_item_score(match) for match in matches),
        findings=worst_first([f for match in matches for f in _findings(match, share)]),
        recall=found / n,
        precision=found / figures if figures else None,
    )


def match_item(truth: KeypointTruth, figures: Sequence[Figure]) -> ItemMatch:
    """Assign the figures of one picture to its people."""
    import numpy as np

    people = sorted(truth.figures, key=lambda person: person.id)
    figures = sorted(figures, key=lambda figure: (repr(figure.points), figure.id))
    table = [[_pair(figure, person) for person in people] for figure in figures]
    shape = (len(figures), len(people))
    values = np.array([[pair.value for pair in row] for row in table]).reshape(shape)
    likeness = np.array([[pair.likeness for pair in row] for row in table]).reshape(shape)
    chosen = assign(values, likeness >= LEAST_OKS)
    rows, columns = {row for row, _ in chosen}, {column for _, column in chosen}
    return ItemMatch(
        truth,
        tuple(table[row][column] for row, column in chosen),
        tuple(person for number, person in enumerate(people) if number not in columns),
        tuple(figure for number, figure in enumerate(figures) if number not in rows),
    )


def exchanged(figure: Figure) -> Figure:
    """The figure with every left point called right and every right one left."""
    names = [point.name for point in figure.points]
    swapped = {
        names[twin]: point.model_copy(update={"name": names[twin]})
        for point, twin in zip(figure.points, twins(names), strict=True)
    }
    return figure.model_copy(update={"points": tuple(swapped[name] for name in names)})


def _pair(figure: Figure, person: TruthFigure) -> Pair:
    return Pair(figure, person, read(figure, person), read(exchanged(figure), person))


def read(figure: Figure, person: TruthFigure) -> Reading:
    """What each point of a figure is worth for a person, and their mean."""
    drawn = {point.name: point for point in figure.points}
    worth = {
        true.name: _worth(drawn.get(true.name), true, person.area)
        for true in person.points
        if true.visibility
    }
    return Reading(worth, sum(worth.values()) / len(worth) if worth else 0.0)


def _worth(drawn: Keypoint | None, true: Keypoint, area: float) -> float:
    if drawn is None or not drawn.visibility:
        return 0.0
    near = similarity(_px(drawn, true), true.name, area)
    return near * (1 if drawn.visibility == true.visibility else 1 - WRONG_VISIBILITY)


def _px(a: Keypoint, b: Keypoint) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)


def _item_score(match: ItemMatch) -> ItemScore:
    return ItemScore(
        item=match.truth.item,
        value=match.quality / match.weight if match.weight else 1.0,
        n=len(match.truth.figures),
        right=len(match.pairs),
        extra=len(match.extra),
        missed=len(match.missed),
    )


# Blind strategies -------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def best_blind(truth: tuple[KeypointTruth, ...]) -> float:
    """Raw score of the best of these: one constant figure in every picture, all points seen.

    Every person of the pool is tried, judged on the other pictures, and each of them moved to the
    middle of the picture. 0 for a pool of fewer than `BLIND_ITEMS`.
    """
    best = 0.0
    if len(truth) < BLIND_ITEMS:
        return best
    for number, item in enumerate(truth):
        others = truth[:number] + truth[number + 1 :]
        for person in item.figures:
            for points in (person.points, _in_the_middle(person, item)):
                seen = tuple(point.model_copy(update={"visibility": 2}) for point in points)
                figure = Figure(id="constant", points=seen)
                matches = [match_item(other, [figure]) for other in others]
                weight = sum(match.weight for match in matches)
                best = max(best, sum(match.quality for match in matches) / weight)
    return best


def _in_the_middle(person: TruthFigure, item: KeypointTruth) -> tuple[Keypoint, ...]:
    x, y, width, height = person.bbox
    dx, dy = item.width / 2 - x - width / 2, item.height / 2 - y - height / 2
    return tuple(
        point.model_copy(update={"x": point.x + dx, "y": point.y + dy}) for point in person.points
    )


# Findings ---------------------------------------------------------------------------------------


def _findings(match: ItemMatch, share: float) -> Iterator[Finding]:
    """What is wrong in one picture; `share` is what one person is worth of the pool."""
    item = match.truth.item
    for person in match.missed:
        yield Finding(
            "E1",
            item,
            share,
            person.id,
            region=person.bbox,
            rule=PEOPLE_RULE,
            details={"kind": "person_missed"},
        )
    for figure in match.extra:
        yield Finding(
            "E2",
            item,
            share * match.quality / match.weight if match.weight else 0.0,
            annotation_ids=(figure.id,),
            region=_around([point for point in figure.points if point.visibility]),
            details={"kind": "figure_invented"},
        )
    for pair in match.pairs:
        yield from _of_pair(pair, item, share)


def _of_pair(pair: Pair, item: str, share: float) -> Iterator[Finding]:
    """A swap of the whole figure, then its points as they are read."""

    def found(code: str, cost: float, rule: int, points: Sequence[Keypoint], **details: Any):
        region = _around(points) if points else pair.truth.bbox
        ids = (pair.figure.id,)
        return Finding(code, item, cost, pair.truth.id, ids, region, rule, details)

    figure, reading, credit = pair.figure, pair.named, share
    if pair.swapped:
        figure, reading, credit = exchanged(figure), pair.exchanged, share * SWAP_CREDIT
        yield found("E8", credit * reading.oks, SIDE_RULE, (), kind="swap")
    drawn = {point.name: point for point in figure.points}
    true = {point.name: point for point in pair.truth.points if point.visibility}
    each = credit / len(true) if true else 0.0
    crossed = _crossed(drawn, true, pair.truth.area)
    for left, right in crossed:
        lost = (2 - reading.points[left] - reading.points[right]) * each
        places = [true[left], true[right]]
        yield found("E8", lost, SIDE_RULE, places, kind="pair_swap", pair=(left, right))
    told = {name for names in crossed for name in names}
    for name, place in true.items():
        if name in told:
            continue
        made = drawn.get(name)
        lost = (1 - reading.points[name]) * each
        if made is None or not made.visibility:
            rule = HIDDEN_RULE if place.visibility == 1 else SEEN_RULE
            details = {"kind": "point_missed", "point": name, "hidden": place.visibility == 1}
            yield found("E1", lost, rule, [place], **details)
            continue
        px = _px(made, place)
        if 1 - similarity(px, name, pair.truth.area) >= TOLD_LOSS:
            details = {"px": px, "tolerance": tolerance(name, pair.truth.area)}
            moved = {"dx": place.x - made.x, "dy": place.y - made.y}
            details |= moved | {"kind": "point_off", "point": name}
            yield found("E12", lost, PLACE_RULE, [made, place], **details)
        elif made.visibility != place.visibility:
            rule = HIDDEN_RULE if place.visibility == 1 else SEEN_RULE
            details = {"kind": "visibility", "point": name, "hidden": place.visibility == 1}
            yield found("E9", lost, rule, [place], **details)


def _crossed(
    drawn: Mapping[str, Keypoint], true: Mapping[str, Keypoint], area: float
) -> list[tuple[str, str]]:
    """Pairs of points, left first, that fit each other's places and not their own."""
    found = []
    names = list(true)
    for name, twin in zip(names, twins(names), strict=True):
        other = names[twin]
        if not name.startswith("left_") or other == name:
            continue
        a, b = drawn.get(name), drawn.get(other)
        if a is None or b is None or not (a.visibility and b.visibility):
            continue
        own = [similarity(_px(p, true[p.name]), p.name, area) for p in (a, b)]
        across = [
            similarity(_px(a, true[other]), name, area),
            similarity(_px(b, true[name]), name, area),
        ]
        if max(own) < 0.5 and min(across) >= 0.5:
            found.append((name, other))
    return found


def _around(points: Sequence[Keypoint]) -> BBox:
    """The box around points."""
    xs, ys = [p.x for p in points], [p.y for p in points]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)) if points else (0, 0, 0, 0)
