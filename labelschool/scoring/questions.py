"""Several questions about one item, each with one answer: the share that is exactly right.

An answer is right where every class given is one that the truth accepts for that question; no
answer is wrong. Questions may weigh differently. The share is rescaled by the best blind strategy,
the most frequent answer to each question on every item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from labelschool.model import TextTruth

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

Given = Mapping[str, tuple[str, ...]]
"""Question -> the classes chosen."""


def score_questions(
    truth: Sequence[TextTruth], answers: Mapping[str, Given], *, questions: Mapping[str, float]
) -> Score:
    """Score the answers to `questions` about each item; a missing item counts as not answered.
    Each question has its weight, above 0.

    `Score.n` counts answers, so items times questions. Raises ValueError for a pool without items.
    """
    if not truth:
        raise ValueError("the pool holds no item, so it cannot be scored")
    pool = sorted(truth, key=lambda item: item.item)
    items = tuple(_item_score(item, answers.get(item.item, {}), questions) for item in pool)
    raw = sum(item.value for item in items) / len(pool)
    blind = _best_blind(pool, questions)
    scale = cost_scale(blind) / (len(pool) * sum(questions.values()))
    costs = {question: scale * weight for question, weight in questions.items()}
    return Score(
        metric="exact_match",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=len(pool) * len(questions),
        interval=_interval(items, blind),
        items=items,
        findings=worst_first(list(_findings(pool, answers, costs))),
    )


def _right(item: TextTruth, question: str, given: Given) -> bool:
    labels = given.get(question, ())
    return bool(labels) and set(labels) <= set(item.choices[question])


def _best_blind(pool: Sequence[TextTruth], questions: Mapping[str, float]) -> float:
    """The score of who answers each question alike on every item."""
    best = sum(
        weight * max(Counter(label for item in pool for label in item.choices[question]).values())
        for question, weight in questions.items()
    )
    return best / (len(pool) * sum(questions.values()))


def _item_score(item: TextTruth, given: Given, questions: Mapping[str, float]) -> ItemScore:
    right = [question for question in questions if _right(item, question, given)]
    missed = sum(not given.get(question) for question in questions)
    value = sum(questions[question] for question in right) / sum(questions.values())
    n = len(questions)
    return ItemScore(item.item, value, n, len(right), n - len(right) - missed, missed)


def _interval(items: Sequence[ItemScore], blind: float) -> tuple[float, float] | None:
    """Percentile bootstrap over items: the answers to one item hang together."""
    if len(items) < 2:
        return None
    shares = [item.value for item in items]
    return percentile_interval(bootstrap_weights(len(items)) @ shares / len(items), blind)


def _findings(
    pool: Sequence[TextTruth],
    answers: Mapping[str, Given],
    costs: Mapping[str, float],
) -> Iterator[Finding]:
    for item in pool:
        given = answers.get(item.item, {})
        for question, cost in costs.items():
            if _right(item, question, given):
                continue
            labels = given.get(question, ())
            details = {
                "question": question,
                "given": labels,
                "expected": item.choices[question],
                "same": any(_same(item, given, question, other) for other in costs),
                "cases": item.edge_cases,
                "note": item.note,
            }
            yield Finding(
                "E10" if labels else "E1",
                item.item,
                cost,
                annotation_ids=(question,) if labels else (),
                rule=item.rules.get(question),
                details=details,
            )


def _same(item: TextTruth, given: Given, question: str, other: str) -> bool:
    """Whether two questions that differ on this item got one and the same answer."""
    alike = given.get(question) and given.get(question) == given.get(other)
    return bool(alike) and item.choices[question] != item.choices[other]
