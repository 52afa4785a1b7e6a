"""Skills that an advertisement requires or welcomes: set-F1 over all advertisements.

The set holds a pair (skill, level) for every skill named by an advertisement; the learner's set
holds one for every skill marked in the list of a level.

    F1 = 2 TP / (2 TP + FP + FN), counted over the whole pool

So a skill at the wrong level costs twice, and a skill put into both lists is half right. The score
is rescaled by the best blind strategy, which marks the same pairs in every advertisement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelschool.model import TextTruth

from .detection_theory import rate_interval
from .questions import Given
from .score import (
    Finding,
    ItemScore,
    Score,
    bootstrap_weights,
    cost_scale,
    percentile_interval,
    rescale,
    worst_first,
)

LEVELS = {"required": 1, "welcome": 2}
"""The lists, by the name of their question, and the rule of guideline ``skills`` for each."""
NEITHER = 3
"""The rule for what stands in neither list."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Share:
    """How many of `n` advertisements require a skill and welcome it, by somebody's own tags.

    `interval` is the 95 % Wilson interval of the share that requires it.
    """

    skill: str
    required: int
    welcome: int
    n: int
    interval: tuple[float, float]


def shares(answers: Mapping[str, Given], skills: Sequence[str]) -> tuple[Share, ...]:
    """The share of each skill over the advertisements in `answers`, the most required first."""
    lists = [{level: set(given.get(level, ())) for level in LEVELS} for given in answers.values()]
    found = []
    for skill in skills:
        required = sum(skill in one["required"] for one in lists)
        welcome = sum(skill in one["welcome"] - one["required"] for one in lists)
        interval = rate_interval(required, len(lists))
        found.append(Share(skill, required, welcome, len(lists), interval))
    return tuple(sorted(found, key=lambda share: (-share.required, -share.welcome)))


def score_requirements(
    truth: Sequence[TextTruth], answers: Mapping[str, Given], *, skills: Sequence[str]
) -> Score:
    """Score the skills marked in each advertisement; a missing one counts as empty.

    Raises ValueError where no advertisement names a skill.
    """
    pool = sorted(truth, key=lambda item: item.item)
    wanted = [_wanted(item, skills) for item in pool]
    if not any(wanted):
        raise ValueError("no advertisement of the pool names a skill, so it cannot be scored")
    given = [_given(answers.get(item.item, {})) for item in pool]
    items = tuple(map(_item_score, pool, wanted, given))
    raw = _f1(*(sum(column) for column in zip(*map(_counts, items), strict=True)))
    blind = _best_blind(wanted)
    return Score(
        metric="set_f1",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=len(pool),
        interval=_interval(items, blind),
        items=items,
        findings=worst_first(list(_findings(pool, wanted, given, items, blind))),
    )


def _wanted(item: TextTruth, skills: Sequence[str]) -> set[Pair]:
    return {
        (skill, level)
        for skill in skills
        for level in item.choices.get(skill, ())
        if level in LEVELS
    }


def _given(given: Given) -> set[Pair]:
    return {(skill, level) for level in LEVELS for skill in given.get(level, ())}


def _item_score(item: TextTruth, wanted: set[Pair], given: set[Pair]) -> ItemScore:
    right, extra, missed = len(wanted & given), len(given - wanted), len(wanted - given)
    value = _f1(right, extra, missed) if wanted or given else 1.0
    return ItemScore(item.item, value, len(wanted), right, extra, missed)


def _counts(item: ItemScore) -> tuple[int, int, int]:
    return item.right, item.extra, item.missed


def _f1(right: float, extra: float, missed: float) -> float:
    return 2 * right / (2 * right + extra + missed)


def _best_blind(wanted: Sequence[set[Pair]]) -> float:
    """F1 of the best set of pairs marked everywhere: the k most frequent, for the best k."""
    counts = [count for _, count in Counter(p for pairs in wanted for p in pairs).most_common()]
    total, best, right = sum(counts), 0.0, 0
    for k, count in enumerate(counts, start=1):
        right += count
        best = max(best, 2 * right / (k * len(wanted) + total))
    return best


def _interval(items: Sequence[ItemScore], blind: float) -> tuple[float, float] | None:
    """Percentile bootstrap over advertisements."""
    if len(items) < 2:
        return None
    import numpy as np

    right, extra, missed = (bootstrap_weights(len(items)) @ [_counts(item) for item in items]).T
    size = 2 * right + extra + missed
    f1 = np.divide(2 * right, size, out=np.zeros(len(size)), where=size > 0)
    return percentile_interval(f1, blind)


def _findings(
    pool: Sequence[TextTruth],
    wanted: Sequence[set[Pair]],
    given: Sequence[set[Pair]],
    items: Sequence[ItemScore],
    blind: float,
) -> Iterator[Finding]:
    """One finding for each skill of an advertisement, with the F1 that mending it would bring."""
    right, extra, missed = (sum(column) for column in zip(*map(_counts, items), strict=True))
    raw = _f1(right, extra, missed)
    for item, want, have in zip(pool, wanted, given, strict=True):
        for skill in sorted({skill for skill, _ in want ^ have}):
            lost = sum(pair[0] == skill for pair in want - have)
            more = sum(pair[0] == skill for pair in have - want)
            mended = _f1(right + lost, extra - more, missed - lost)
            code, rule, details = _told(item, skill, want, have)
            cost = (mended - raw) * cost_scale(blind)
            yield Finding(code, item.item, cost, rule=rule, details=details)


def _told(
    item: TextTruth, skill: str, want: set[Pair], have: set[Pair]
) -> tuple[str, int, dict[str, Any]]:
    """Code, rule and details of what is wrong with one skill."""
    expected = next((level for level in LEVELS if (skill, level) in want), None)
    marked = tuple(level for level in LEVELS if (skill, level) in have)
    details = {
        "skill": skill,
        "expected": expected,
        "given": marked,
        "words": next((span.text for span in item.spans if span.label == skill), ""),
    }
    if expected is None:
        return "E2", NEITHER, details
    return ("E10" if marked else "E1"), LEVELS[expected], details
