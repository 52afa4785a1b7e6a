"""Classes and levels asked about one item: macro-F1 of the classes, kappa of the levels.

    macro-F1 = mean over classes of 2 TP / (2 TP + FP + FN), and the mean over the questions
    QWK = 1 - sum of (given - right)^2 / the same sum expected by chance        (Cohen 1968)

The score is the mean of the macro-F1, counted from blind guessing, and of the quadratic-weighted
kappa, which counts from chance by itself. A pass needs both. An answer is right where the truth
accepts it. No answer is wrong, and of a scale it is the level farthest from the right one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelschool.model import TextTruth

from .questions import Given
from .score import (
    Finding,
    ItemScore,
    Part,
    Score,
    bootstrap_weights,
    percentile_interval,
    worst_first,
)

F1_TO_PASS, KAPPA_TO_PASS = 0.80, 0.70


RULES = {"intent": 1, "sentiment": 2, "priority": 4}
MIXED = 3
"""The rules of guideline G7 for each question, and for a mixed sentiment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its answers in order, and whether they are a scale."""

    name: str
    labels: tuple[str, ...]
    scale: bool


def score_tickets(
    truth: Sequence[TextTruth],
    answers: Mapping[str, Given],
    *,
    classes: Mapping[str, Sequence[str]],
    scales: Mapping[str, bool],
) -> Score:
    """Score the answers about each item of a pool; a missing item counts as not answered.

    `classes` are the answers to each question, in order, and `scales` says of which the order
    counts. `Score.n` counts answers. Raises ValueError for a pool without items.
    """
    if not truth:
        raise ValueError("the pool holds no item, so it cannot be scored")
    asked = [Asked(name, tuple(labels), scales[name]) for name, labels in classes.items()]
    pool = sorted(truth, key=lambda item: item.item)
    tables = [answer_table(pool, answers, question) for question in asked]
    once = np.ones((1, len(pool)))
    blind = float(np.mean([blind_f1(t) for t, q in zip(tables, asked, strict=True) if not q.scale]))
    f1, kappa = (float(part[0]) for part in _parts(tables, asked, once))
    value = _value(f1, kappa, blind)
    drawn = _parts(tables, asked, bootstrap_weights(len(pool)))
    found = list(_findings(pool, answers, asked, tables, blind, float(value)))
    return Score(
        metric="tickets",
        value=float(value),
        raw=float(value),
        blind=0.0,
        n=len(pool) * len(asked),
        interval=percentile_interval(_value(*drawn, blind)) if len(pool) > 1 else None,
        items=tuple(_item_score(item, answers, asked) for item in pool),
        findings=worst_first(found),
        parts=(
            Part("macro-F1", f1, F1_TO_PASS),
            Part("weighted kappa", kappa, KAPPA_TO_PASS),
        ),
    )


def _value(f1: NDArray | float, kappa: NDArray | float, blind: float) -> NDArray | float:
    return (np.clip((f1 - blind) / (1 - blind), 0, 1) + np.clip(kappa, 0, 1)) / 2


# Answers as numbers -----------------------------------------------------------------------------


def answer_table(
    pool: Sequence[TextTruth], answers: Mapping[str, Given], question: Asked
) -> NDArray[np.int_]:
    """The places of the right and the given label of each item, -1 where none is given.

    Where the truth accepts several, the right one is the one given.
    """
    return np.array(
        [_row(item, answers.get(item.item, {}), question) for item in pool], dtype=int
    ).reshape(-1, 2)


def _row(item: TextTruth, given: Given, question: Asked) -> tuple[int, int]:
    right = item.choices[question.name]
    labels = given.get(question.name, ())
    said = labels[0] if len(labels) == 1 else None
    place = question.labels.index(said) if said in question.labels else -1
    best = question.labels.index(said if said in right else right[0])
    if place < 0 and question.scale:
        place = 0 if 2 * best > len(question.labels) - 1 else len(question.labels) - 1
    return best, place


def _parts(
    tables: Sequence[NDArray], asked: Sequence[Asked], weights: NDArray
) -> tuple[NDArray, NDArray]:
    """Mean macro-F1 and mean kappa for each row of `weights`, one weight for each item."""
    named = list(zip(tables, asked, strict=True))
    f1 = [macro_f1(table, len(q.labels), weights) for table, q in named if not q.scale]
    kappa = [weighted_kappa(table, len(q.labels), weights) for table, q in named if q.scale]
    return np.mean(f1, axis=0), np.mean(kappa, axis=0)


def macro_f1(table: NDArray, classes: int, weights: NDArray) -> NDArray:
    """For each row of `weights`, over the classes that the truth has in what is drawn."""
    right = table[:, :1] == np.arange(classes)
    given = table[:, 1:] == np.arange(classes)
    both, there, said = (weights @ part.astype(float) for part in (right & given, right, given))
    f1 = np.divide(2 * both, there + said, out=np.zeros_like(both), where=there > 0)
    return f1.sum(axis=1) / (there > 0).sum(axis=1)


def weighted_kappa(table: NDArray, levels: int, weights: NDArray) -> NDArray:
    """Quadratic-weighted kappa for each row of `weights`; 0 where chance alone agrees wholly."""
    places = np.arange(levels)
    right, given = (
        weights @ (table[:, [side]] == places) / weights.sum(axis=1, keepdims=True)
        for side in (0, 1)
    )
    apart = (places[:, None] - places) ** 2
    expected = np.einsum("ni,ij,nj->n", right, apart, given)
    seen = weights @ (table[:, 0] - table[:, 1]) ** 2 / weights.sum(axis=1)
    ratio = np.divide(seen, expected, out=np.ones_like(seen), where=expected > 0)
    return np.where((expected == 0) & (seen == 0), 1.0, 1 - ratio)


def blind_f1(table: NDArray) -> float:
    """The macro-F1 of the better of two guesses: one class for all, or each as often, at random."""
    shares = np.array([*Counter(table[:, 0].tolist()).values()]) / len(table)
    constant = 2 * shares.max() / (1 + shares.max()) / len(shares)
    random = np.mean(2 * shares / (shares * len(shares) + 1))
    return float(min(max(constant, random), 0.99))


# What is told -----------------------------------------------------------------------------------


def _right(item: TextTruth, given: Given, question: Asked) -> bool:
    best, place = _row(item, given, question)
    return best == place


def _item_score(item: TextTruth, answers: Mapping[str, Given], asked: Sequence[Asked]) -> ItemScore:
    given = answers.get(item.item, {})
    right = sum(_right(item, given, question) for question in asked)
    missed = sum(not given.get(question.name) for question in asked)
    n = len(asked)
    return ItemScore(item.item, right / n, n, right, n - right - missed, missed)


def _findings(
    pool: Sequence[TextTruth],
    answers: Mapping[str, Given],
    asked: Sequence[Asked],
    tables: Sequence[NDArray],
    blind: float,
    value: float,
) -> Iterator[Finding]:
    """What is wrong, each with the score that putting it right would bring."""
    once = np.ones((1, len(pool)))
    for number, question in enumerate(asked):
        for row, item in enumerate(pool):
            given = answers.get(item.item, {})
            if _right(item, given, question):
                continue
            mended = [table.copy() for table in tables]
            mended[number][row, 1] = mended[number][row, 0]
            f1, kappa = (float(part[0]) for part in _parts(mended, asked, once))
            labels = given.get(question.name, ())
            details = {
                "kind": "ticket",
                "question": question.name,
                "given": labels,
                "expected": item.choices[question.name],
                "cases": item.edge_cases,
                "note": item.note,
            }
            yield Finding(
                "E8" if labels else "E1",
                item.item,
                max(float(_value(f1, kappa, blind)) - value, 0.0),
                annotation_ids=(question.name,) if labels else (),
                rule=_rule(item, question),
                details=details,
            )


def _rule(item: TextTruth, question: Asked) -> int | None:
    mixed = question.name == "sentiment" and "mixed_sentiment" in item.edge_cases
    return MIXED if mixed else RULES.get(question.name)
