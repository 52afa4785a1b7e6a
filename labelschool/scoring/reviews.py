"""How well finished labels were reviewed: F1 over (label, code).

    F1 = 2 sum of credit / (objections + errors + unjudged)

An *error* is a wrong label, or an object that nobody labelled (E1). An *objection* is a label that
was fixed or rejected, or an object that was added. An objection to a wrong label earns 1 with its
code and 0.5 with another one: the defect was found, and whoever mends it is sent the wrong way. An
error without an objection is missed. An objection to a right label is a false alarm and costs what
a miss costs, whether the label was fixed or rejected. How a label was fixed is not graded. An
*unjudged* label is a right one without any verdict. It costs what a false alarm costs: nobody knows
whether it was looked at.

* An added object is matched with a missed one by IoU >= 0.5.
* Of a duplicate either box may be called E3.
* Who mends a merged or split label by adding boxes for its objects adds nothing wrong: such boxes
  cost nothing.
* Two verdicts on one label that differ are an objection without a code.

**Blind.** Who objects to every label with one code finds all defects; the best such code is the
pool's floor, from which the score is rescaled. Accepting everything earns 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from labelschool.model import BBox, Box, ReviewTruth, TruthVerdict, Verdict, iou

from .matching import area, assign, enclosing, iou_matrix, shared_area
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
from .taxonomy import TAXONOMY

FOUND = 0.5
"""Credit for a wrong label that is called by another code."""
SAME_PLACE = 0.5
"""IoU from which an added box shows a missed object, and two boxes are a pair of duplicates."""
INSIDE = 0.7
"""Share of an added box inside a merged label from which it is one of its objects."""
MISSED, DUPLICATE, MERGED = "E1", "E3", "E4"
RULES = {"E1": 8, "E4": 2, "E5": 2, "E6": 3, "E7": 3, "E8": 1}
"""The rule of G1 that each error breaks; of E9 and E10 it depends on the label."""


def score_reviews(
    truth: Sequence[ReviewTruth],
    answers: Mapping[str, Sequence[Verdict]],
    proposals: Mapping[str, Sequence[Box]],
) -> Score:
    """Score the verdicts on the `proposals` of a pool, all by item.

    An item without verdicts has none. Raises ValueError for a pool without an error to find.
    """
    if not any(row.code for item in truth for row in item.verdicts):
        raise ValueError("the pool holds no error, so a review of it cannot be scored")
    items = sorted(truth, key=lambda item: item.item)
    reviewed = [
        _Desk(item, answers.get(item.item, ()), proposals.get(item.item, ())).run()
        for item in items
    ]
    blind = _best_blind(tuple(items), tuple((n, tuple(p)) for n, p in sorted(proposals.items())))
    size, raw = sum(item.size for item in reviewed), _f1(reviewed)
    cost = cost_scale(blind) / size
    errors, found = sum(item.errors for item in reviewed), sum(item.found for item in reviewed)
    objections = sum(item.objections for item in reviewed)
    return Score(
        metric="review",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=errors,
        interval=_interval(reviewed, blind),
        items=tuple(item.score() for item in reviewed),
        findings=worst_first(
            [replace(finding, cost=cost) for item in reviewed for finding in item.findings]
        ),
        recall=found / errors,
        precision=found / objections if objections else None,
    )


@lru_cache(maxsize=8)
def _best_blind(
    truth: tuple[ReviewTruth, ...], proposals: tuple[tuple[str, tuple[Box, ...]], ...]
) -> float:
    """Raw F1 of rejecting every label with one and the same code, the best of all codes."""
    labels = dict(proposals)

    def rejected(item: ReviewTruth, code: str) -> list[Verdict]:
        targets = [row.target for row in item.verdicts if row.target is not None]
        return [Verdict(id=name, target=name, decision="reject", code=code) for name in targets]

    def raw(code: str) -> float:
        desks = [_Desk(i, rejected(i, code), labels.get(i.item, ())) for i in truth]
        return _f1([desk.run() for desk in desks])

    return max(map(raw, {row.code for item in truth for row in item.verdicts if row.code}))


@dataclass(frozen=True)
class _Reviewed:
    """One item. `credit` is what its objections earn, `found` how many errors they meet, and
    `unjudged` counts the right labels without a verdict.
    """

    item: str
    errors: int
    objections: int
    found: int
    credit: float
    unjudged: int
    findings: tuple[Finding, ...]

    @property
    def size(self) -> int:
        return self.objections + self.errors + self.unjudged

    def score(self) -> ItemScore:
        return ItemScore(
            item=self.item,
            value=2 * self.credit / self.size if self.size else 1.0,
            n=self.errors,
            right=self.found,
            extra=self.objections - self.found,
            missed=self.errors - self.found + self.unjudged,
        )


class _Desk:
    """The labels of one item and the verdicts on them."""

    def __init__(
        self, truth: ReviewTruth, verdicts: Sequence[Verdict], proposals: Sequence[Box]
    ) -> None:
        self.truth = truth
        self.labels = {box.id: box for box in proposals}
        self.numbers = {box.id: number for number, box in enumerate(proposals, 1)}
        self.labelled = [row for row in truth.verdicts if row.target is not None]
        self.missed = [row for row in truth.verdicts if row.target is None]
        self.given = self._other_of_a_pair(_one_each(verdicts))
        self.added = [verdict for verdict in verdicts if verdict.target is None]

    def run(self) -> _Reviewed:
        findings: list[Finding] = []
        objections = found = unjudged = 0
        credit = 0.0
        for row in self.labelled:
            verdict = self.given.get(row.target)
            if verdict is None or verdict.decision == "accept":
                if row.code:
                    findings.append(self._overlooked(row, verdict))
                elif verdict is None:
                    unjudged += 1
                    findings.append(self._finding(MISSED, "unjudged", row))
                continue
            objections += 1
            if row.code is None:
                findings.append(self._alarm(row, verdict))
                continue
            found += 1
            credit += 1 if verdict.code == row.code else FOUND
            if verdict.code != row.code:
                findings.append(self._miscoded(row, verdict))
        met = self._met()
        for n, verdict in enumerate(self.added):
            if n in met or not self._mends(verdict):
                objections += 1
                found += n in met
                credit += n in met
                if n not in met:
                    findings.append(self._needless(verdict))
        for n, row in enumerate(self.missed):
            if n not in met.values():
                findings.append(self._overlooked(row, None))
        errors = sum(row.code is not None for row in self.truth.verdicts)
        return _Reviewed(
            self.truth.item, errors, objections, found, credit, unjudged, tuple(findings)
        )

    def _other_of_a_pair(self, given: dict[str, Verdict]) -> dict[str, Verdict]:
        """The verdicts, where E3 was said of the other box of a pair, moved to the duplicate."""
        for row in self.labelled:
            if row.code != DUPLICATE or _objects(given.get(row.target)):
                continue
            twin = self._twin(row.target)
            verdict = given.get(twin)
            if _objects(verdict) and verdict.code == DUPLICATE:
                given[row.target], own = verdict, given.pop(row.target, None)
                given.pop(twin)
                if own is not None:
                    given[twin] = own
        return given

    def _twin(self, target: str) -> str | None:
        right = [row.target for row in self.labelled if row.code is None]
        pairs = [(self._overlap(target, other), other) for other in right]
        overlap, twin = max(pairs, default=(0.0, None))
        return twin if overlap >= SAME_PLACE else None

    def _overlap(self, one: str, other: str) -> float:
        both = one in self.labels and other in self.labels
        return iou(self.labels[one].bbox, self.labels[other].bbox) if both else 0.0

    def _met(self) -> dict[int, int]:
        """Added boxes and the missed objects they show, by position."""
        drawn = [n for n, verdict in enumerate(self.added) if isinstance(verdict.fix, Box)]
        overlaps = iou_matrix(
            [self.added[n].fix.bbox for n in drawn], [row.right.bbox for row in self.missed]
        )
        return {drawn[a]: b for a, b in assign(overlaps, overlaps >= SAME_PLACE)}

    def _mends(self, verdict: Verdict) -> bool:
        """Whether an added box is an object of a label that is wrong itself."""
        if not isinstance(verdict.fix, Box):
            return False
        bbox = verdict.fix.bbox
        for row in self.labelled:
            if row.code and row.right and iou(bbox, row.right.bbox) >= SAME_PLACE:
                return True
            if row.code == MERGED and row.target in self.labels:
                whole = self.labels[row.target].bbox
                if shared_area(bbox, whole) >= INSIDE * area(bbox):
                    return True
        return False

    # Findings -----------------------------------------------------------------------------------

    def _overlooked(self, row: TruthVerdict, verdict: Verdict | None) -> Finding:
        seen = "accepted" if verdict else "unseen"
        return self._finding(row.code, "overlooked", row, seen=seen)

    def _miscoded(self, row: TruthVerdict, verdict: Verdict) -> Finding:
        return self._finding(row.code, "miscoded", row, given=verdict.code)

    def _alarm(self, row: TruthVerdict, verdict: Verdict) -> Finding:
        code = verdict.code if verdict.code in TAXONOMY else "E2"
        return self._finding(code, "alarm", row, given=verdict.code, decision=verdict.decision)

    def _needless(self, verdict: Verdict) -> Finding:
        bboxes = [verdict.fix.bbox] if isinstance(verdict.fix, Box) else []
        label = getattr(verdict.fix, "label", "object")
        return self._made(MISSED, "needless_box", (verdict.id,), None, bboxes, [], label=label)

    def _finding(self, code: str, kind: str, row: TruthVerdict, **told: Any) -> Finding:
        label = self.labels.get(row.target)
        right = [row.right.bbox] if isinstance(row.right, Box) else []
        told["label"] = (label or row.right).label
        told["number"] = self.numbers.get(row.target)
        told["expected"] = row.code
        told["right"] = row.right.label if right else None
        told["edge_cases"] = row.edge_cases
        return self._made(
            code,
            kind,
            (row.target,) if row.target else (),
            self._rule(row, label) if row.code else None,
            [label.bbox] if label else [],
            right,
            **told,
        )

    def _rule(self, row: TruthVerdict, label: Box | None) -> int | None:
        if row.code == "E9" and isinstance(row.right, Box) and label:
            return 6 if row.right.occluded != label.occluded else 7
        if row.code == "E10" and label and row.right:
            return 14 if label.crowd else 4
        return RULES.get(row.code)

    def _made(
        self,
        code: str,
        kind: str,
        ids: tuple[str, ...],
        rule: int | None,
        answer: Sequence[BBox],
        reference: Sequence[BBox],
        **told: Any,
    ) -> Finding:
        """A finding; what is to be drawn stands in its details, and its cost comes later."""
        places = [*answer, *reference]
        return Finding(
            code=code,
            item=self.truth.item,
            cost=0.0,
            annotation_ids=ids,
            region=enclosing(places) if places else None,
            rule=rule,
            details={"kind": kind, "answer": answer, "reference": reference, **told},
        )


def _one_each(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """The verdict on each label; two that differ are an objection without a code."""
    given: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.target is None:
            continue
        first = given.setdefault(verdict.target, verdict)
        if (first.decision, first.code) != (verdict.decision, verdict.code):
            given[verdict.target] = first.model_copy(update={"decision": "reject", "code": None})
    return given


def _objects(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.decision != "accept"


def _f1(reviewed: Sequence[_Reviewed]) -> float:
    size = sum(item.size for item in reviewed)
    return 2 * sum(item.credit for item in reviewed) / size if size else 0.0


def _interval(reviewed: Sequence[_Reviewed], blind: float) -> tuple[float, float] | None:
    """Percentile bootstrap over items; draws without an error or an objection are left out."""
    import numpy as np

    if len(reviewed) < 2:
        return None
    drawn = bootstrap_weights(len(reviewed))
    size = drawn @ np.array([item.size for item in reviewed])
    credit = drawn @ np.array([2 * item.credit for item in reviewed])
    kept = size > 0
    return percentile_interval(credit[kept] / size[kept], blind)
