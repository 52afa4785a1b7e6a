"""Simulated annotators of preferences between two answers.

The steps of the panel have a mean. A person's own opinion of the pair differs from it by `error`
steps, the same when the pair is shown swapped; a third of that again is mood, new each time. What
is said is `firmness` x opinion plus `bias`, a lean towards the answer shown first, rounded to a
step. On items made for a trap (length, confidence and the like: those with an edge case other than
a tie) a confuser falls for it and prefers the other side. A slip is any step. Loose: sees merit in
both, so that most steps shrink to ties.

Two trained annotators prefer the same side on 63 to 77 % of pairs of usual difficulty, as people do
in published comparisons (Ouyang et al. 2022: 72.6 %; Nakano et al. 2021: 73 %; Bai et al. 2022:
63 %).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Preference, PreferenceTruth

from .people import Person, Seed, active_ms, unchanged, work_pool


@dataclass(frozen=True, slots=True)
class Judge(Person):
    """One kind of judge: `error` and `bias` in steps, `firmness` the factor on the opinion."""

    firmness: float


# fmt: off
PREFERENCE_PROFILES: Mapping[str, Judge] = {
    #                 error, bias, confusion, slips, seconds, firmness
    "expert":   Judge(0.33, 0.00, .01, .00,  90.0, 1.0),
    "trained":  Judge(0.80, 0.05, .05, .01, 100.0, 1.0),
    "loose":    Judge(1.30, 0.10, .20, .03,  70.0, .35),
    "hasty":    Judge(2.00, 0.80, .30, .08,  20.0, 1.0),
    "confuser": Judge(0.80, 0.05, .55, .01, 100.0, 1.0),
}
# fmt: on

MOOD = 1 / 3
HONEST_CASES = frozenset({"tie", "swapped_control"})
"""Edge cases that set no trap."""


def annotate_preferences(
    truth: Sequence[PreferenceTruth], profile: str, seed: Seed
) -> dict[str, tuple[Preference]]:
    """The preference one simulated annotator states for each pair of a pool.

    ``spammer`` chooses any step, ``lazy`` always the first answer, slightly. Raises KeyError for a
    profile that does not exist.
    """
    controls = [frozenset((i.item, i.control_of)) for i in truth if i.control_of]
    pairs = {item: pair for pair in controls for item in pair}
    opinions: dict[frozenset[str], float] = {}

    def draw(item: PreferenceTruth, judge: Judge, rng: np.random.Generator) -> Iterator[Preference]:
        pair = pairs.get(item.item, frozenset((item.item,)))
        side = 1 if item.item == min(pair) else -1
        own = side * opinions.setdefault(pair, rng.normal())
        fooled = set(item.edge_cases) - HONEST_CASES and rng.random() < judge.confusion
        slipped = rng.random() < judge.slips

        def step(values: Sequence[int]) -> int:
            if slipped:
                return int(rng.integers(-3, 4))
            opinion = (-1 if fooled else 1) * np.mean(values) + judge.error * own
            said = judge.firmness * opinion - judge.bias + MOOD * judge.error * rng.normal()
            return _step(said)

        criteria = {name for judgement in item.panel for name in judgement.criteria}
        yield Preference(
            step=step([judgement.step for judgement in item.panel]),
            criteria={
                name: step([judgement.criteria.get(name, 0) for judgement in item.panel])
                for name in sorted(criteria)
            },
            ms=active_ms(judge.seconds, rng),
        )

    return work_pool(
        truth,
        profile,
        seed,
        people=PREFERENCE_PROFILES,
        draw=draw,
        spam=lambda item, rng: [_said(rng.integers(-3, 4), 2.0, rng)],
        lazy=lambda item, rng: [_said(-1, 5.0, rng)],
        nudge=unchanged,
    )


def _step(value: float) -> int:
    return int(np.clip(round(float(value)), -3, 3))


def _said(step: int, seconds: float, rng: np.random.Generator) -> Preference:
    return Preference(step=int(step), ms=active_ms(seconds, rng))
