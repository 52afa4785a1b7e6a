"""Simulated annotators of ordered levels: priority of a ticket, relevance of a product.

The level is judged as its place plus `bias` plus a normal error of `error` levels, and rounded.
A slip is any level. A confuser follows the wrong rule on items made for a trap (those with an edge
case) and is two levels off there. Loose: too generous by most of a level.

Two trained annotators agree to a quadratic-weighted kappa of about 0.7, as raters of helpfulness
did once their guideline was sharpened (Wang et al. 2024, HelpSteer2: 0.465 before, 0.706 after).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from labelschool.model import Choice, TextTruth

from .people import Person, Seed, active_ms, unchanged, work_pool

# fmt: off
ORDINAL_PROFILES: Mapping[str, Person] = {
    #                  error, bias, confusion, slips, seconds
    "expert":   Person(0.26, 0.00, .02, .005, 7.0),
    "trained":  Person(0.55, 0.00, .05, .02,  8.0),
    "loose":    Person(0.80, 0.90, .15, .05,  6.0),
    "hasty":    Person(1.10, 0.20, .25, .15,  2.5),
    "confuser": Person(0.55, 0.00, .80, .02,  8.0),
}
# fmt: on

TRAP_LEVELS = 2


def annotate_ordinals(
    truth: Sequence[TextTruth],
    profile: str,
    seed: Seed,
    *,
    levels: Sequence[str],
    question: str,
) -> dict[str, tuple[Choice]]:
    """The level one simulated annotator gives each text or card of a pool.

    `levels` stand in their order and `question` names what is asked. ``spammer`` chooses at random,
    ``lazy`` always says the middle level. Raises KeyError for a profile that does not exist,
    ValueError for a truth that is none of the levels.
    """
    levels = tuple(levels)

    def choice(place: float, seconds: float, rng: np.random.Generator) -> Choice:
        label = levels[int(np.clip(round(place), 0, len(levels) - 1))]
        ms = active_ms(seconds, rng)
        return Choice(id=question, question=question, labels=(label,), ms=ms)

    def draw(item: TextTruth, person: Person, rng: np.random.Generator) -> Iterator[Choice]:
        place = float(levels.index(item.choices[question][0]))
        if item.edge_cases and rng.random() < person.confusion:
            upward = place + TRAP_LEVELS < len(levels)
            place += TRAP_LEVELS if upward else -TRAP_LEVELS
        place += person.bias + person.error * rng.normal()
        if rng.random() < person.slips:
            place = rng.integers(len(levels))
        yield choice(place, person.seconds, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=ORDINAL_PROFILES,
        draw=draw,
        spam=lambda item, rng: [choice(rng.integers(len(levels)), 0.5, rng)],
        lazy=lambda item, rng: [choice(len(levels) // 2, 1.0, rng)],
        nudge=unchanged,
    )
