"""Simulated reviewers of labels that somebody else made.

A proposed label looks bad to the degree of 1 if it is and -1 if it is not, and half of that where
it is borderline (an edge case, such as an ugly label that is right). It is judged with a standard
error of `error` and a lean of `-bias`, so that a positive bias is lenient, and is accepted below 0.
What is not accepted gets the right decision and error code but for `confusion`, which names a
neighbouring code; a slip is any decision. An object nobody labelled is overlooked with logit
-2 + miss. Loose: lenient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Box, Mask, Polygon, ReviewTruth, TruthVerdict, Verdict

from .people import Person, Seed, active_ms, happens, heavy_tailed, neighbour, unchanged, work_pool


@dataclass(frozen=True, slots=True)
class Reviewer(Person):
    """One kind of reviewer; `miss` shifts the logit of overlooking what nobody labelled."""

    miss: float


# fmt: off
REVIEW_PROFILES: Mapping[str, Reviewer] = {
    #                    error, bias, confusion, slips, seconds, miss
    "expert":   Reviewer(0.28, 0.00, .02, .002, 4.0, -2.0),
    "trained":  Reviewer(0.48, 0.05, .06, .010, 5.0, -0.5),
    "loose":    Reviewer(0.60, 0.80, .12, .030, 4.0,  0.5),
    "hasty":    Reviewer(1.10, 0.35, .20, .080, 1.8,  1.5),
    "confuser": Reviewer(0.48, 0.05, .70, .010, 5.0, -0.5),
}
# fmt: on

DECISIONS = ("accept", "fix", "reject")
BORDERLINE = 0.5
CODE_NEIGHBOURS: Mapping[str, Mapping[str, float]] = {
    "E1": {"E5": 1.0},
    "E2": {"E10": 1.0},
    "E3": {"E2": 0.5, "E5": 0.5},
    "E4": {"E6": 1.0},
    "E5": {"E3": 0.5, "E7": 0.5},
    "E6": {"E4": 0.5, "E12": 0.5},
    "E7": {"E5": 0.5, "E12": 0.5},
    "E8": {"E9": 1.0},
    "E9": {"E8": 1.0},
    "E10": {"E2": 1.0},
    "E11": {"E12": 1.0},
    "E12": {"E6": 0.5, "E7": 0.5},
    "E13": {"E8": 1.0},
}
"""Error code -> what it is mistaken for, with weights."""

FIX_PX = 1.5
"""Spread of each edge of a corrected box, for a person whose error is 1."""


def annotate_reviews(
    truth: Sequence[ReviewTruth], profile: str, seed: Seed
) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts one simulated reviewer gives on a pool, by item.

    ``spammer`` decides at random, ``lazy`` accepts everything. Raises KeyError for a profile that
    does not exist.
    """

    def lazy(item: ReviewTruth, rng: np.random.Generator) -> Iterator[Verdict]:
        for number, target in _proposals(item):
            yield _verdict(number, target, "accept", active_ms(0.8, rng))

    return work_pool(
        truth,
        profile,
        seed,
        people=REVIEW_PROFILES,
        draw=_draw,
        spam=_spam,
        lazy=lazy,
        nudge=unchanged,
    )


def _draw(item: ReviewTruth, person: Reviewer, rng: np.random.Generator) -> Iterator[Verdict]:
    for number, true in enumerate(item.verdicts):
        if true.target is None and happens(-2 + person.miss, rng):
            continue
        decision, ms = _decision(true, person, rng), active_ms(person.seconds, rng)
        if decision == "accept":
            yield _verdict(number, true.target, decision, ms)
        else:
            yield _objection(number, true, decision, person, rng, ms)


def _decision(true: TruthVerdict, person: Reviewer, rng: np.random.Generator) -> str:
    if true.target is None:
        return true.decision
    if rng.random() < person.slips:
        return str(rng.choice(DECISIONS))
    look = -1.0 if true.decision == "accept" else 1.0
    if true.edge_cases:
        look *= BORDERLINE
    if look - person.bias + person.error * rng.normal() <= 0:
        return "accept"
    right = "fix" if true.decision == "accept" else true.decision
    other = {"fix": "reject", "reject": "fix"}[right]
    return other if rng.random() < person.confusion / 2 else right


def _objection(
    number: int,
    true: TruthVerdict,
    decision: str,
    person: Reviewer,
    rng: np.random.Generator,
    ms: float,
) -> Verdict:
    """A verdict that finds fault; a fault that is none is called loose."""
    code = neighbour(
        true.code or "E6", person.confusion, CODE_NEIGHBOURS, list(CODE_NEIGHBOURS), rng
    )
    fix = true.right if isinstance(true.right, Box | Mask | Polygon) else None
    if decision != "fix":
        fix = None
    elif isinstance(fix, Box):
        x, y, width, height = np.array(fix.bbox) + FIX_PX * person.error * heavy_tailed(rng, 4)
        bbox = (float(x), float(y), float(max(width, 1)), float(max(height, 1)))
        fix = fix.model_copy(update={"bbox": bbox})
    return _verdict(number, true.target, decision, ms).model_copy(update={"code": code, "fix": fix})


def _spam(item: ReviewTruth, rng: np.random.Generator) -> Iterator[Verdict]:
    for number, target in _proposals(item):
        decision, ms = str(rng.choice(DECISIONS)), active_ms(0.5, rng)
        code = None if decision == "accept" else str(rng.choice(list(CODE_NEIGHBOURS)))
        yield _verdict(number, target, decision, ms).model_copy(update={"code": code})


def _proposals(item: ReviewTruth) -> Iterator[tuple[int, str]]:
    for number, verdict in enumerate(item.verdicts):
        if verdict.target is not None:
            yield number, verdict.target


def _verdict(number: int, target: str | None, decision: str, ms: float) -> Verdict:
    return Verdict(id=f"v{number}", target=target, decision=decision, ms=ms)
