"""Macro-F1 for classes chosen for whole items, with credit for honest doubt.

    F1 of a class = 2 TP / (2 TP + FP + FN);  macro-F1 = mean over the classes present in the truth

Macro, not accuracy: a rare class weighs as much as a frequent one. Every item has the weight 1:

* **Clear item** (one class): the right class is a TP; a wrong one is an FN of the truth's class and
  an FP of the one given. No answer is an FN.
* **Ambiguous item** (several acceptable classes): any of them is a TP of the class given; otherwise
  the FN is shared equally among them.
* **Unsure** counts u = 0.5 on an ambiguous item and 0.25 on a clear one: as TP of weight
  w = u / (2 - u) and as FN of weight 1 - w of the item's classes, so that a pool answered all
  unsure scores exactly u = 2w / (1 + w), and doubt never costs more than a wrong class. The flag
  wins over a class given with it. Escalating counts as unsure.
* **Unusable item** (no acceptable class): unsure or escalated is right and costs nothing; a class
  is an FP of that class.

A class that meets no item and no answer of the pool is left out of the mean. The score is rescaled
by the best blind strategy: always unsure, or always one class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from labelschool.model import Choice, Escalation, TruthItem

from .boxes import class_rule
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

UNSURE_AMBIGUOUS = 0.5
UNSURE_CLEAR = 0.25
TOO_FAST = 0.1
TIMED_ITEMS = 5

Counts = dict[str, list[float]]
"""Class -> [TP, FP, FN] of one item."""

Given = Choice | Escalation | None


def score_tags(
    truth: Sequence[TruthItem], answers: Mapping[str, Given], *, classes: Sequence[str]
) -> Score:
    """Score the classes chosen for a pool of items.

    `answers` maps an item to its choice, to the escalation that stands for it, or to None; a
    missing item counts as not answered. Items without any of the asked `classes` are left out
    unless they are unusable. Raises ValueError when no item has a class.
    """
    pool = [item for item in sorted(truth, key=lambda item: item.item) if _graded(item, classes)]
    present = sorted({label for item in pool for label in item.labels})
    if not present:
        raise ValueError("the pool holds no item of the asked classes, so it cannot be scored")
    counts = [_counts(item, answers.get(item.item)) for item in pool]
    blind = max(
        _macro_f1(map(_counts, pool, [given] * len(pool)), present) for given in _blind(present)
    )
    raw = _macro_f1(counts, present)
    return Score(
        metric="classification",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=len(pool),
        interval=_interval(counts, present, blind),
        items=tuple(_item_score(item, c) for item, c in zip(pool, counts, strict=True)),
        findings=worst_first(list(_findings(pool, answers, counts, present, blind))),
    )


def _graded(item: TruthItem, classes: Sequence[str]) -> bool:
    return not item.labels or any(label in classes for label in item.labels)


def _blind(present: Sequence[str]) -> list[Choice]:
    """Always unsure, always one class."""
    return [Choice(unsure=True), *(Choice(labels=(label,)) for label in present)]


def _unsure(given: Given) -> bool:
    return isinstance(given, Escalation) or (isinstance(given, Choice) and given.unsure)


def _counts(item: TruthItem, given: Given) -> Counts:
    """The TP, FP and FN of one item, by class."""
    counts: Counts = defaultdict(lambda: [0.0, 0.0, 0.0])
    share = 1 / len(item.labels) if item.labels else 0.0
    if _unsure(given):
        credit = UNSURE_AMBIGUOUS if len(item.labels) > 1 else UNSURE_CLEAR
        weight = credit / (2 - credit)
        for label in item.labels:
            counts[label] = [weight * share, 0.0, (1 - weight) * share]
        return counts
    labels = given.labels if given else ()
    if labels and set(labels) <= set(item.labels):
        for label in labels:
            counts[label][0] += 1 / len(labels)
        return counts
    for label in item.labels:
        counts[label][2] += share
    for label in labels:
        if label not in item.labels:
            counts[label][1] += 1.0
    return counts


def _macro_f1(counts: Iterable[Counts], present: Sequence[str]) -> float:
    total: Counts = defaultdict(lambda: [0.0, 0.0, 0.0])
    for item in counts:
        for label, values in item.items():
            total[label] = [a + b for a, b in zip(total[label], values, strict=True)]
    scores = [_f1(*total[label]) for label in present if any(total[label])]
    return sum(scores) / len(scores) if scores else 0.0


def _f1(tp: float, fp: float, fn: float) -> float:
    return 2 * tp / (2 * tp + fp + fn)


def _interval(
    counts: Sequence[Counts], present: Sequence[str], blind: float
) -> tuple[float, float] | None:
    """Percentile bootstrap of macro-F1 over items."""
    if len(counts) < 2:
        return None
    import numpy as np

    table = np.array([[c.get(label, (0.0, 0.0, 0.0)) for label in present] for c in counts])
    drawn = bootstrap_weights(len(counts)) @ table.reshape(len(counts), -1)
    tp, fp, fn = np.moveaxis(drawn.reshape(-1, len(present), 3), 2, 0)
    size = 2 * tp + fp + fn
    f1 = np.divide(2 * tp, size, out=np.full_like(tp, np.nan), where=size > 0)
    f1 = f1[~np.isnan(f1).all(axis=1)]
    return percentile_interval(np.nanmean(f1, axis=1), blind)


def _item_score(item: TruthItem, counts: Counts) -> ItemScore:
    """1 for a right item, 0 for a wrong one, u for an unsure one."""
    right, extra, missing = (sum(v[n] for v in counts.values()) for n in range(3))
    value = _f1(right, extra, missing) if item.labels else float(not extra)
    return ItemScore(
        item=item.item,
        value=min(value, 1.0),
        n=1,
        right=int(value == 1),
        extra=int(extra == 1),
        missed=int(not right and not extra and bool(item.labels)),
    )


def _findings(
    pool: Sequence[TruthItem],
    answers: Mapping[str, Given],
    counts: Sequence[Counts],
    present: Sequence[str],
    blind: float,
) -> Iterable[Finding]:
    """What is wrong, each with the macro-F1 that putting it right would bring."""
    raw = _macro_f1(counts, present)
    timed = [g.ms for i in pool if isinstance(g := answers.get(i.item), Choice) and g.ms > 0]
    usual = median(timed) if len(timed) >= TIMED_ITEMS else 0.0
    for number, item in enumerate(pool):
        given = answers.get(item.item)
        told = _told(item, given)
        if told is None:
            continue
        code, rule, details = told
        best = Choice(labels=item.labels[:1], unsure=not item.labels)
        mended = [*counts[:number], _counts(item, best), *counts[number + 1 :]]
        ids = (given.id,) if isinstance(given, Choice) else ()
        cost = max(_macro_f1(mended, present) - raw, 0.0) * cost_scale(blind)
        yield Finding(code, item.item, cost, annotation_ids=ids, rule=rule, details=details)
        if code == "E8" and isinstance(given, Choice) and 0 < given.ms < TOO_FAST * usual:
            details = {"ms": given.ms, "median_ms": usual}
            yield Finding("E16", item.item, 0.0, annotation_ids=ids, details=details)


def _told(item: TruthItem, given: Given) -> tuple[str, int | None, dict[str, Any]] | None:
    """Code, rule and details of what is wrong with one answer; None if it is right."""
    expected = item.labels
    if _unsure(given):
        if not expected:
            return None
        kind = "unsure_ambiguous" if len(expected) > 1 else "unsure_clear"
        return "E10", 15, {"kind": kind, "expected": expected}
    labels = given.labels if given else ()
    if not expected:
        return ("E10", 16, {"kind": "unusable", "given": labels}) if labels else None
    if not labels:
        return "E1", None, {"kind": "unanswered", "expected": expected}
    if set(labels) <= set(expected):
        return None
    return "E8", class_rule((*labels, *expected)), {"given": labels, "expected": expected}
