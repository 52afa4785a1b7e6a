"""How well proposals were sorted: the points of decisions of unequal cost.

    score = (right - 2 accepted wrongly - 0.5 needless work) / proposals,    at least 0

A decision is accept, fix or reject, and the guideline says which by the proposal's IoU. A wrong
accept ships an error that nobody looks at again, so it costs more than a right decision earns. Any
other wrong decision costs time: a right mask was touched, one that could be mended was drawn anew,
or a hopeless one was mended corner by corner. A proposal without a verdict earns nothing.

How a mask was fixed and the code given are not graded. Rejecting everything is the best blind
strategy where most proposals are bad; the score is rescaled by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labelschool.model import ReviewTruth, TruthVerdict, Verdict

from .score import Finding, ItemScore, Score, cost_scale, ratio_interval, rescale, worst_first

RIGHT, ACCEPTED_WRONGLY, NEEDLESS, UNJUDGED = 1.0, -2.0, -0.5, 0.0
"""Points of a decision."""
DECISIONS = ("accept", "fix", "reject")
BY_IOU, WRONG_OBJECT_RULE = 8, 9
"""The rules of guideline G14 that decide."""
WRONG_OBJECT = "wrong_object"
"""The edge case of a perfect mask of another object than the one asked for."""


class _Decided(NamedTuple):
    item: str
    truth: TruthVerdict
    given: str | None
    points: float


def score_triage(truth: Sequence[ReviewTruth], answers: Mapping[str, Sequence[Verdict]]) -> Score:
    """Score the decisions on the proposals of a pool; a missing item has none.

    Raises ValueError for a pool without proposals.
    """
    items = sorted(truth, key=lambda item: item.item)
    decided = [
        _decide(item.item, row, answers.get(item.item, ()))
        for item in items
        for row in item.verdicts
    ]
    if not decided:
        raise ValueError("the pool holds no proposal, so a triage of it cannot be scored")
    n = len(decided)
    blind = max(_raw([worth(one.truth.decision, same) for one in decided]) for same in DECISIONS)
    raw, scale = _raw([one.points for one in decided]), cost_scale(blind) / n
    by_item = [[one for one in decided if one.item == item.item] for item in items]
    return Score(
        metric="triage",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=n,
        interval=ratio_interval(
            [sum(one.points for one in each) for each in by_item],
            [len(each) for each in by_item],
            blind,
        ),
        items=tuple(_item(item.item, each) for item, each in zip(items, by_item, strict=True)),
        findings=worst_first(
            [_finding(one, (RIGHT - one.points) * scale) for one in decided if one.points < RIGHT]
        ),
    )


def _decide(item: str, row: TruthVerdict, verdicts: Sequence[Verdict]) -> _Decided:
    """The decision on one proposal; of several that differ, the dearest counts."""
    given = {verdict.decision for verdict in verdicts if verdict.target == row.target}
    if not given:
        return _Decided(item, row, None, UNJUDGED)
    worst = min(sorted(given), key=lambda decision: worth(row.decision, decision))
    return _Decided(item, row, worst, worth(row.decision, worst))


def worth(right: str, given: str) -> float:
    """The points of a decision where another, or the same, is right."""
    if given == right:
        return RIGHT
    return ACCEPTED_WRONGLY if given == "accept" else NEEDLESS


def _raw(points: Sequence[float]) -> float:
    return max(sum(points) / len(points), 0.0)


def _item(name: str, decided: Sequence[_Decided]) -> ItemScore:
    right = sum(one.points == RIGHT for one in decided)
    missed = sum(one.given is None for one in decided)
    n = len(decided)
    return ItemScore(name, right / n if n else 1.0, n, right, n - right - missed, missed)


def _finding(one: _Decided, cost: float) -> Finding:
    """A wrong accept bears the code of what it let through, other wrong decisions the rule's."""
    row = one.truth
    wrong_object = WRONG_OBJECT in row.edge_cases
    if one.given is None:
        code, kind = "E1", "proposal_unjudged"
    elif one.given == "accept":
        code, kind = row.code, "proposal_object" if wrong_object else "proposal_accepted"
    else:
        code, kind = "E10", "proposal_needless"
    return Finding(
        code=code,
        item=one.item,
        cost=cost,
        annotation_ids=(row.target,),
        rule=WRONG_OBJECT_RULE if wrong_object else BY_IOU,
        details={
            "kind": kind,
            "label": row.right.label,
            "given": one.given,
            "expected": row.decision,
            "iou": row.iou,
            "wrong_object": wrong_object,
        },
    )
