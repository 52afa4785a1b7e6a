"""Preferences between two answers against a panel of judges, and a person's own biases.

    agreement = sum of weights of the pairs on which you take the majority's side / sum of weights

A side is the sign of a step: the first answer, the second, or a tie. The weight of a pair is the
panel's margin: the majority's share of the judgements less that of all others. A swapped control
shows an earlier pair of the pool the other way round and counts fully: its weight is 1, and it is
right where the same answer is preferred again or the steps differ by one at most, and where a panel
of one mind prefers it too. Two ties say nothing about the order and are right only where the panel
was split.

A pass also needs five of six controls. The score is rescaled by the best blind strategy: always the
first, always the second or always a tie.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labelschool.model import Item, Preference, PreferenceTruth

from .detection_theory import rate_interval
from .score import (
    Finding,
    ItemScore,
    Part,
    Score,
    bootstrap_weights,
    cost_scale,
    percentile_interval,
    rescale,
    worst_first,
)

CONSISTENT_TO_PASS = 5 / 6
FIRST, SECOND = "a", "b"
"""The answers among the texts of a card, in the order they stand on the page."""
CITED = 3
"""Words in a row that a reason has to share with an answer to name evidence, where it has no
quotation marks.
"""

ORDER, LENGTH, CLAIMS, TIES, EVIDENCE, _ = range(1, 7)
"""The rules of guideline G8."""
QUOTED = re.compile('[“"]([^“”"]+)[”"]')

Given = Mapping[str, Preference]
Steps = Mapping[str, int | None]
"""Pair -> the step said, None while there is none."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a person does something, `count` of `n`, and the panel's majority on those.

    `interval` is the 95 % Wilson interval of count / n.
    """

    name: str
    count: int
    n: int
    panel: int | None = None

    @property
    def interval(self) -> tuple[float, float]:
        return rate_interval(self.count, self.n)


def side(step: int | None) -> int | None:
    """-1 for the first answer, 1 for the second, 0 for a tie; None for no step."""
    return None if step is None else (step > 0) - (step < 0)


def majority(truth: PreferenceTruth) -> int:
    """The side that most of the panel take."""
    return _votes(truth).most_common(1)[0][0]


def score_preferences(
    truth: Sequence[PreferenceTruth], answers: Given, *, items: Mapping[str, Item]
) -> Score:
    """Score the sides taken in a pool of pairs; a missing one counts as no side.

    `Score.n` counts pairs. Raises ValueError for a pool without pairs.
    """
    if not truth:
        raise ValueError("the pool holds no pair, so it cannot be scored")
    pool = _whole_pairs(truth)
    steps = {name: made.step for name, made in answers.items()}
    earned = [_earned(item, steps) for item in pool]
    weights = [_weight(item) for item in pool]
    blind = max(_always(step, pool) for step in (-1, 0, 1)) / sum(weights)
    raw = sum(earned) / sum(weights)
    controls = [item for item in pool if item.control_of]
    same = sum(_consistent(item, steps) for item in controls)
    parts = (
        [Part("controls judged alike", same / len(controls), CONSISTENT_TO_PASS)]
        if controls
        else []
    )
    scale = cost_scale(blind) / sum(weights)
    return Score(
        metric="preference",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=len(pool),
        interval=_interval(earned, weights, blind),
        items=tuple(_item_score(item, steps) for item in pool),
        findings=worst_first(list(_findings(pool, steps, items, scale))),
        parts=tuple(parts),
    )


def habits(
    truth: Sequence[PreferenceTruth], answers: Given, *, items: Mapping[str, Item]
) -> tuple[Habit, ...]:
    """A person's own biases over a pool: the first shown, the longer, swapped pairs, evidence.

    Ties are no decision for a side and do not count for the first two.
    """
    steps = {name: made.step for name, made in answers.items()}
    taken = {name: side(step) for name, step in steps.items()}
    said = [item for item in truth if taken.get(item.item) is not None]
    decided = [item for item in said if taken[item.item]]
    longer = {item.item: _longer(items[item.item]) for item in decided}
    unequal = [item for item in decided if longer[item.item]]
    controls = [item for item in said if taken.get(item.control_of) is not None]
    made = [answers[item.item] for item in said]
    evident = [_evident(one, items[item.item]) for one, item in zip(made, said, strict=True)]
    return (
        Habit(
            "first",
            sum(taken[item.item] < 0 for item in decided),
            len(decided),
            sum(majority(item) < 0 for item in decided),
        ),
        Habit(
            "longer",
            sum(taken[item.item] == longer[item.item] for item in unequal),
            len(unequal),
            sum(majority(item) == longer[item.item] for item in unequal),
        ),
        Habit("consistent", sum(_consistent(item, steps) for item in controls), len(controls)),
        Habit("evidence", sum(evident), len(evident)),
    )


# Sides ------------------------------------------------------------------------------------------


def _whole_pairs(truth: Sequence[PreferenceTruth]) -> list[PreferenceTruth]:
    """The pool in order; a control without its pair is a pair like any other."""
    names = {item.item for item in truth}
    pool = sorted(truth, key=lambda item: item.item)
    return [
        item if item.control_of in names else item.model_copy(update={"control_of": None})
        for item in pool
    ]


def _votes(truth: PreferenceTruth) -> Counter[int]:
    return Counter(side(judgement.step) for judgement in truth.panel)


def _earned(truth: PreferenceTruth, steps: Steps) -> float:
    agrees = side(steps.get(truth.item)) == majority(truth)
    if truth.control_of:
        split = len(_votes(truth)) > 1
        return float(_consistent(truth, steps) and (agrees or split))
    return _weight(truth) * agrees


def _weight(truth: PreferenceTruth) -> float:
    """The margin of the panel, 0 to 1; 1 for a control."""
    share = _votes(truth)[majority(truth)] / len(truth.panel)
    return 1.0 if truth.control_of else 2 * share - 1


def _always(step: int, pool: Sequence[PreferenceTruth]) -> float:
    """What one step on every pair earns."""
    return sum(_earned(item, dict.fromkeys([item.item, item.control_of], step)) for item in pool)


def _consistent(control: PreferenceTruth, steps: Steps) -> bool:
    """Whether a control was judged like its pair: the same answer preferred, or one step apart."""
    now, before = steps.get(control.item), steps.get(control.control_of)
    if now is None or before is None:
        return False
    if now == before == 0:
        return len(_votes(control)) > 1
    return side(now) == -side(before) or abs(now + before) <= 1


def _longer(item: Item) -> int:
    """The side of the longer answer, in words; 0 where both are equally long."""
    first, second = (len(item.fields[name].split()) for name in (FIRST, SECOND))
    return (second > first) - (second < first)


def _evident(made: Preference, item: Item) -> bool:
    """Whether words are marked as evidence, or the reason cites words of an answer."""
    words = _words(made.rationale)
    rows = [words[n : n + CITED] for n in range(len(words) - CITED + 1)]
    rows += [quoted for text in QUOTED.findall(made.rationale) if (quoted := _words(text))]
    texts = [f" {' '.join(_words(item.fields[name]))} " for name in (FIRST, SECOND)]
    cited = (f" {' '.join(row)} " in text for row in rows for text in texts)
    return bool(made.evidence) or any(cited)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# What is told -----------------------------------------------------------------------------------


def _item_score(item: PreferenceTruth, steps: Steps) -> ItemScore:
    right = _earned(item, steps) > 0
    missed = steps.get(item.item) is None
    return ItemScore(item.item, float(right), 1, int(right), not right and not missed, missed)


def _interval(
    earned: Sequence[float], weights: Sequence[float], blind: float
) -> tuple[float, float] | None:
    """Percentile bootstrap over pairs."""
    if len(earned) < 2:
        return None
    drawn = bootstrap_weights(len(earned))
    return percentile_interval(drawn @ earned / (drawn @ weights), blind)


def _findings(
    pool: Sequence[PreferenceTruth], steps: Steps, items: Mapping[str, Item], scale: float
) -> Iterator[Finding]:
    for item in pool:
        given, right = side(steps.get(item.item)), majority(item)
        cost = (_weight(item) - _earned(item, steps)) * scale
        told = {
            "expected": right,
            "given": given,
            "votes": _votes(item)[right],
            "judges": len(item.panel),
            "reason": next(j.rationale for j in item.panel if side(j.step) == right),
            "note": item.note,
        }
        if given is None:
            yield Finding("E1", item.item, cost, details={"kind": "no_side", **told})
        elif item.control_of in steps and not _consistent(item, steps):
            details = {"kind": "swapped", "before": side(steps[item.control_of]), **told}
            yield Finding("E10", item.item, cost, rule=ORDER, details=details)
        elif given != right and cost:
            kind, rule = _fell_for(item, given, items[item.item])
            yield Finding("E8", item.item, cost, rule=rule, details={"kind": kind, **told})


def _fell_for(item: PreferenceTruth, given: int, shown: Item) -> tuple[str, int]:
    """What led to another side than the panel's, and the rule that decides."""
    cases = item.edge_cases
    if given == 0:
        return "needless_tie", TIES
    if "length_trap" in cases and given == _longer(shown):
        return "longer", LENGTH
    if "confident_wrong" in cases:
        return "sure_and_wrong", CLAIMS
    if "tie" in cases:
        return "tie", TIES
    if "unsafe" in cases:
        return "unsafe", ORDER
    return "other_side", ORDER
