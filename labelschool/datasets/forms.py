"""Pools composed of windows of masters: so many pictures, no more objects than there is time for,
and every edge case often enough.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from labelschool.datasets import masters
from labelschool.datasets.places import DataError
from labelschool.model import BBox, Decoy, TruthBox, TruthItem
from labelschool.scoring.matching import enclosing, iou_matrix

WINDOWS = 16
"""Windows drawn from every master, of which those that are fit for a pool are kept."""
LEAST_MUST, SLIVER, FRAMED = 2, 0.75, (0.3, 0.75)
"""A fit window shows at least so many objects that count, none of them cut off by more than this
share, and has the middle of all objects between these shares of its height.
"""
EXCHANGES = 200
"""How often each picture of a pool is up for exchange."""
CASE, TIME, TWICE, PRESSURE = 10_000, 40_000, 20_000, 40_000
"""What it costs a pool to lack an edge case, to hold no objects, to hold a view twice, and at last
to hold an object too many, which at first costs nothing, so that a crowd finds room. Whole numbers,
so that a seed gives the same pool on every machine.
"""
FIGURES = frozenset({"poster", "statue", "mannequin"})
"""Decoys that the syllabus counts together, as ``figure``."""


@dataclass(frozen=True)
class Form:
    """What a pool must hold: ``must`` objects at most in all and in the ``fullest`` picture, and of
    every edge case, light and weather at ``least`` so many, counted as `shown` counts them.
    """

    pictures: int
    must: int
    fullest: int
    least: Mapping[str, int]


EXAM = {
    "street_lite": Form(
        pictures=25,
        must=100,
        fullest=14,
        least={
            "occluded_20": 4,
            "occluded_50": 4,
            "occluded_80": 4,
            "truncated": 4,
            "small": 7,
            "reflection": 2,
            "mirror": 1,
            "figure": 2,
            "parked_bicycle": 2,
            "mounting": 1,
            "trailer": 2,
            "open_door": 1,
            "crowd": 1,
            "on_carrier": 1,
            "van_truck": 2,
            "empty": 1,
            "dusk": 3,
            "night": 3,
            "rain": 2,
        },
    )
}
"""The boxes of the exam (part P1). Of every edge case a form holds its share, 25 pictures of 159,
of what the whole set must have by the syllabus, rounded up; of light and weather a third of what
the masters must have.
"""


@dataclass(frozen=True)
class View:
    """What a window of a master shows."""

    master: TruthItem
    window: masters.Window
    objects: tuple[TruthBox, ...]
    decoys: tuple[Decoy, ...]

    @property
    def must(self) -> int:
        """How many objects count."""
        return sum(obj.level == "must" for obj in self.objects)

    @cached_property
    def shown(self) -> Counter[str]:
        """How often each edge case, light and weather is there."""
        return shown(self.objects, self.decoys, self.master)

    @property
    def is_fit(self) -> bool:
        """Whether a pool may take it: something counts in it, as far as it does in the master,
        nothing that counts is a sliver, little of what counted before does no longer, and a crowd's
        region comes with all who count before it.
        """
        old, new = (
            [obj for obj in objects if obj.level == "must"]
            for objects in (self.master.objects, self.objects)
        )
        truncation, seen = {obj.id: obj.truncation for obj in old}, {obj.id for obj in self.objects}
        people, all_people = (sum("crowd" in obj.edge_cases for obj in objs) for objs in (new, old))
        return (
            len(new) >= min(LEAST_MUST, len(old))
            and all(obj.truncation <= max(SLIVER, truncation[obj.id]) for obj in new)
            and len(seen & truncation.keys()) - len(new) <= 1 + len(new) // 4
            and (people == all_people or not any(obj.crowd for obj in self.objects))
        )


def shown(objects: Iterable[TruthBox], decoys: Iterable[Decoy], sky: TruthItem) -> Counter[str]:
    """How often each edge case is there, by objects that count and decoys, with the light and
    weather of ``sky``. A crowd counts once; posters, statues and mannequins also as ``figure``.
    """
    objects, decoys = tuple(objects), tuple(decoys)
    counted = Counter(
        name for obj in objects if obj.level == "must" for name in obj.edge_cases if name != "crowd"
    )
    counted.update(decoy.kind for decoy in decoys)
    counted["figure"] += sum(decoy.kind in FIGURES for decoy in decoys)
    counted["crowd"] += sum(obj.crowd for obj in objects)
    counted["empty"] += not objects
    counted.update(word for word in (sky.light, sky.weather) if word)
    return +counted


def lacking(form: Form, views: Iterable[View]) -> Counter[str]:
    """What a pool has too little of, and how much is missing."""
    return Counter(form.least) - sum((view.shown for view in views), Counter())


def like(items: Sequence[TruthItem]) -> Form:
    """The form of shipped items: as many pictures and edge cases and no more objects."""
    counts = [sum(obj.level == "must" for obj in item.objects) for item in items]
    least = sum((shown(item.objects, item.decoys, item) for item in items), Counter())
    return Form(len(items), sum(counts), max(counts), least)


def views_of(
    master: TruthItem, ids: np.ndarray, fullest: int, rng: np.random.Generator
) -> list[View]:
    """Some views of a master that are fit for a pool, most of them aimed at an edge case and not
    much wider than ``fullest`` objects.
    """
    must = sum(obj.level == "must" for obj in master.objects)
    widest = min(math.sqrt(fullest / max(1, must)), masters.WIDEST)
    targets, views = [None, *_targets(master)], []
    for _ in range(WINDOWS):
        target = targets[rng.integers(len(targets))]
        window = masters.draw_window(master, rng, target, widest)
        if _is_framed(window, master):
            objects = masters.objects_in(window, master, ids)
            views.append(View(master, window, objects, masters.decoys_in(window, master)))
    return [view for view in views if view.is_fit]


def _is_framed(window: masters.Window, master: TruthItem) -> bool:
    """Whether what is there, or the master's middle where nothing is, lies about the middle of the
    frame's height.
    """
    boxes = [window.box(thing.bbox) for thing in (*master.objects, *master.decoys)]
    middles = [y + height / 2 for _, y, width, height in boxes if width and height]
    middles = middles or [(master.height / 2 - window.top) / window.step]
    return FRAMED[0] <= sum(middles) / len(middles) / window.size[1] <= FRAMED[1]


def _targets(master: TruthItem) -> Iterator[BBox]:
    """The boxes of everything in a master that is an edge case; a crowd is one."""
    if crowd := [obj.bbox for obj in master.objects if "crowd" in obj.edge_cases]:
        yield enclosing(crowd)
    for obj in master.objects:
        if obj.level == "must" and set(obj.edge_cases) - {"crowd"}:
            yield obj.bbox
    yield from (decoy.bbox for decoy in master.decoys)


def compose(
    forms: Sequence[Form], views: Sequence[View], rng: np.random.Generator
) -> list[list[View]]:
    """Views for the pools of ``forms``, no master more often than is needed.

    A pool starts with any views; one after the other is exchanged by chance and the exchange kept
    if it does no harm. Something may stay `lacking`. Raises `DataError` where the views do not
    make pools of so few objects.
    """
    cases = sorted({case for form in forms for case in form.least})
    least = np.array([[form.least.get(case, 0) for case in cases] for form in forms])
    counts = np.array([[view.shown[case] for case in cases] for view in views])
    must = np.array([view.must for view in views])
    _, source = np.unique([view.master.item for view in views], return_inverse=True)
    form_of = np.repeat(np.arange(len(forms)), [form.pictures for form in forms])
    most = math.ceil(len(form_of) / (source.max() + 1))
    frames = [view.window.frame for view in views]
    shared = TWICE * iou_matrix(frames, frames) * (source[:, None] == source)
    shared = shared.round().astype(int)

    def judge(chosen: np.ndarray) -> tuple[int, int]:
        """What is wanting, and the number of objects too many."""
        wanting = shared[np.ix_(chosen, chosen)].sum() if most > 1 else 0
        excess = 0
        for number, form in enumerate(forms):
            mine = chosen[form_of == number]
            missing = np.maximum(0, least[number] - counts[mine].sum(0))
            wanting += (CASE * missing // np.maximum(1, least[number])).sum()
            wanting += TIME * abs(form.must - must[mine].sum()) // max(1, form.must)
            excess += max(0, must[mine].sum() - form.must)
            excess += np.maximum(0, must[mine] - form.fullest).sum()
        return wanting, excess

    def any_of(master: int) -> int:
        return rng.choice(np.flatnonzero(source == master))

    order = np.concatenate([rng.permutation(source.max() + 1) for _ in range(most)])
    chosen = np.array([any_of(master) for master in order[: len(form_of)]])
    proposed = [np.flatnonzero(column) for column in counts.T if column.any()]
    proposed.append(np.arange(len(views)))
    steps, now = EXCHANGES * len(form_of), judge(chosen)
    for step in range(steps):
        showing = proposed[rng.integers(len(proposed))]
        place, view = rng.integers(len(form_of)), showing[rng.integers(len(showing))]
        trial, taken = chosen.copy(), np.flatnonzero(source[chosen] == source[view])
        if source[chosen[place]] != source[view] and len(taken) == most:
            trial[rng.choice(taken)] = any_of(source[chosen[place]])
        trial[place] = view
        then = judge(trial)
        if then[0] - now[0] <= (now[1] - then[1]) * PRESSURE * (step / steps) ** 2:
            chosen, now = trial, then
    if now[1]:
        raise DataError("The masters show too many objects at once for a pool of this size.")
    return [[views[index] for index in chosen[form_of == n]] for n in range(len(forms))]
