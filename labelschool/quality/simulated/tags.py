"""Simulated annotators of classes: one choice for a whole item, or for one question about it.

The class is a neighbour's with probability `confusion` and any class with probability `slips`.
Doubt is a judgement: an item looks doubtful to the degree of its `DOUBT`, judged with a standard
error of `error` and a lean of `bias`, and is flagged unsure above 0. Loose: doubts too readily.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from labelschool.model import Choice, TextTruth, TruthItem

from .boxes import NEIGHBOURS
from .people import Person, Seed, active_ms, neighbour, next_class, unchanged, work_pool

# fmt: off
TAG_PROFILES: Mapping[str, Person] = {
    #                  error, bias, confusion, slips, seconds
    "expert":   Person(0.39,  0.00, .01, .003, 3.5),
    "trained":  Person(0.50,  0.00, .03, .010, 4.0),
    "loose":    Person(0.60,  0.55, .08, .030, 3.0),
    "hasty":    Person(0.90, -0.90, .16, .100, 1.2),
    "confuser": Person(0.50,  0.00, .45, .010, 4.0),
}
# fmt: on

DOUBT: Mapping[str, float] = {"clear": -1.0, "ambiguous": -0.5, "unusable": 0.75}
"""How doubtful an item looks that has one right class, several, or none."""


def annotate_tags(
    truth: Sequence[TruthItem] | Sequence[TextTruth],
    profile: str,
    seed: Seed,
    *,
    classes: Sequence[str],
    question: str | None = None,
) -> dict[str, tuple[Choice]]:
    """The class one simulated annotator chooses for each item of a pool.

    For texts `question` names what is asked. A class of the street is taken for one of its
    `NEIGHBOURS`, any other for the next of `classes`. ``spammer`` chooses at random; ``lazy`` never
    doubts and calls every vehicle a car, or for texts reads every second one and otherwise says the
    first of `classes`. Raises KeyError for a profile that does not exist.
    """
    neighbours = next_class(classes) | NEIGHBOURS
    head = {} if question is None else {"id": question, "question": question}

    def draw(item: TruthItem | TextTruth, person: Person, rng: np.random.Generator) -> list[Choice]:
        right, ms = _right(item, question), active_ms(person.seconds, rng)
        look = "unusable" if not right else "ambiguous" if len(right) > 1 else "clear"
        if DOUBT[look] + person.bias + person.error * rng.normal() > 0:
            return [Choice(unsure=True, ms=ms, **head)]
        if not right or rng.random() < person.slips:
            label = str(rng.choice(list(classes)))
        else:
            seen = str(rng.choice(list(right)))
            label = neighbour(seen, person.confusion, neighbours, classes, rng)
        return [Choice(labels=(label,), ms=ms, **head)]

    def spam(item: TruthItem | TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        yield Choice(labels=(str(rng.choice(list(classes))),), ms=active_ms(0.4, rng), **head)

    def lazy(item: TruthItem | TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        label = _obvious(item, question, classes, rng)
        yield Choice(labels=(label,), ms=active_ms(0.9, rng), **head)

    return work_pool(
        truth,
        profile,
        seed,
        people=TAG_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def _right(item: TruthItem | TextTruth, question: str | None) -> tuple[str, ...]:
    return item.labels if isinstance(item, TruthItem) else item.choices[question]


def _obvious(
    item: TruthItem | TextTruth,
    question: str | None,
    classes: Sequence[str],
    rng: np.random.Generator,
) -> str:
    from labelschool.scoring.boxes import PARENTS

    right = _right(item, question)
    if not right or (question is not None and rng.random() < 0.5):
        return classes[0]
    return "car" if right[0] in PARENTS and "car" in classes else right[0]
