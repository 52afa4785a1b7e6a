"""What went wrong in a pool of boxes: each wrong thing once, by its most specific code.

A wrong box or a missed object is explained by what fits it best, in this order: pieces of one
object (E5), a box over several objects (E4) or a misused crowd flag (E10), something the guideline
forbids (E10), a box of an object that it only just misses (E6 loose, E7 cut, E10 guessed extent), a
second box of a found object (E3); only what is left is invented (E2) or missed (E1). Matched pairs
are then checked for their sides, class (E8) and flags (E9).

The score forgives sides that are a little off. Where they are off by more than a careful hand is,
the same codes (E6, E7, E10 guessed extent) come as notes, which are no errors: full tightness must
not hide that somebody boxed what a tree covers.

Costs are losses of the sum 1 - DetScore = (FP/2 + FN/2 + sum of 1 - q) / weight, so the costs of a
pool add up to what it lost, save for slack too small to be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import median
from typing import Any

from labelschool.model import BBox, TruthBox, iou

from .boxes import (
    GRADED_ATTRIBUTES,
    PARENTS,
    ItemMatch,
    attribute_right,
    band,
    class_rule,
    label_credit,
)
from .matching import (
    apart,
    area,
    areas,
    around,
    assign,
    clipped,
    enclosing,
    intersections,
    iou_matrix,
    outward,
    shared_area,
    slack,
)
from .score import Finding, cost_scale

TIGHT_ENOUGH = 0.90
"""Tightness from which the sides of a box are not complained about."""

NOTED_PX = 3.0
NOTED_SHARE = 0.02
"""A side of a tight enough box is noted when it is off by more than both: px, and the share of the
object's width or height."""

MIN_OVERLAP = 0.15
"""IoU from which a wrong box is taken for an attempt at a missed object."""

DUPLICATE_OVERLAP = 0.30
DECOY_OVERLAP = 0.30
COVERED = 0.80
"""Share of an object that a box must cover to have been drawn around it."""

MERGED_OVERLAP = 0.60
PIECE_INSIDE = 0.70
CLEARLY = 0.05
"""By how much the IoU of a special explanation must beat the plain one."""

TOO_FAST = 0.1
TIMED_BOXES = 5
"""Boxes with a time that are needed before a median means anything."""


def diagnose(matches: Sequence[ItemMatch], blind: float) -> list[Finding]:
    """All findings of a pool; `blind` is the pool's blind score, which scales the costs."""
    weight = sum(match.weight for match in matches)
    scale = cost_scale(blind) / weight if weight else 0.0
    findings = []
    for match in matches:
        for finding in _Diagnosis(match).run():
            findings.append(replace(finding, cost=finding.cost * scale))
    return findings + list(_too_fast(matches, findings))


@dataclass
class _Diagnosis:
    """The diagnosis of one picture. Costs are in units of the weight until `diagnose` scales them.

    `boxes_done` and `must_done` hold what is explained already, by position.
    """

    match: ItemMatch
    boxes_done: set[int] = field(default_factory=set)
    must_done: set[int] = field(default_factory=set)

    def run(self) -> list[Finding]:
        """The findings of the picture."""
        match = self.match
        self.bboxes = [box.bbox for box in match.boxes]
        self.visible = [obj.bbox for obj in match.must]
        size = (match.truth.width, match.truth.height)
        self.full = [clipped(obj.amodal_bbox, *size) for obj in match.must]
        self.full_ious = iou_matrix(self.bboxes, self.full)
        self.shared = intersections(self.bboxes, self.visible)
        self.box_of = {m: b for b, m in match.pairs.items()}
        return [
            *self._split(),
            *self._merged(),
            *self._forbidden(),
            *self._near_misses(),
            *self._pairs(),
            *self._left_over(),
        ]

    # Explanations, the most specific first -------------------------------------------------------

    def _split(self) -> Iterator[Finding]:
        """E5: at least two boxes inside one object that overlap each other little."""
        inside = self.shared / areas(self.bboxes)[:, None] if self.bboxes else self.shared
        for m in range(len(self.visible)):
            pieces = [
                b
                for b in self._open_boxes()
                if inside[b, m] >= PIECE_INSIDE
                and self.match.pairs.get(b, m) == m
                and self._best_must(b) == m
                and not self._fits_other(b, self.match.ious[b, m])
            ]
            pieces = apart(pieces, self.bboxes)
            if len(pieces) < 2:
                continue
            whole = iou(enclosing([self.bboxes[b] for b in pieces]), self.visible[m])
            single = max(self.match.ious[b, m] for b in pieces)
            if whole < 0.5 or whole < single + CLEARLY:
                continue
            yield self._finding(
                "E5",
                self._cost(pieces, [m]),
                must=[m],
                boxes=pieces,
                rule=2,
                label=self.match.must[m].label,
                pieces=len(pieces),
            )
            self._explained(pieces, [m])

    def _merged(self) -> Iterator[Finding]:
        """E4: a box that fits several objects together better than any of them alone."""
        for b in self._open_boxes():
            own = self.match.pairs.get(b)
            if own is not None and self.match.credits[b].tightness >= TIGHT_ENOUGH:
                continue
            group = self._group(b, own)
            if not group:
                continue
            must = [m for m in group if isinstance(m, int)]
            missed = [m for m in must if m in self.match.missed]
            labels = [obj.label for obj in self._objects(group)]
            crowd = self.match.boxes[b].crowd
            yield self._finding(
                "E10" if crowd else "E4",
                self._cost([b], [*missed, *([own] if own is not None else [])]),
                must=must,
                boxes=[b],
                rule=14 if crowd else 12 if "trailer" in labels else 2,
                regions=[obj.bbox for obj in self._objects(group)],
                labels=tuple(labels),
                truth_ids=tuple(obj.id for obj in self._objects(group)),
                **({"kind": "crowd"} if crowd else {}),
            )
            self._explained([b], [*missed, *([own] if own is not None else [])])

    def _forbidden(self) -> Iterator[Finding]:
        """E10: a box on something the guideline says not to label."""
        for b in self._open_boxes(matched=False):
            if b in self.match.neutral:
                continue
            fits = [
                (max(iou(self.bboxes[b], d.bbox), around(self.bboxes[b], d.bbox)), i)
                for i, d in enumerate(self.match.truth.decoys)
            ]
            fit, i = max(fits, default=(0.0, 0))
            if fit < DECOY_OVERLAP or fit <= self._plain_fit(b):
                continue
            decoy = self.match.truth.decoys[i]
            yield self._finding(
                "E10",
                self._cost([b], []),
                boxes=[b],
                rule=decoy.rule,
                regions=[decoy.bbox],
                kind=decoy.kind,
                label=decoy.label,
                given=self.match.boxes[b].label,
            )
            self._explained([b], [])

    def _near_misses(self) -> Iterator[Finding]:
        """E6, E7, E10: boxes that were meant for a missed object but overlap it too little."""
        import numpy as np

        boxes = self._open_boxes(matched=False)
        missed = [m for m in self.match.missed if m not in self.must_done]
        fits = np.maximum(self.match.ious, self.full_ious)[np.ix_(boxes, missed)]
        best = np.array([self._plain_fit(b, but=missed) for b in boxes]).reshape(-1, 1)
        for row, column in assign(fits, (fits >= MIN_OVERLAP) & (fits >= best)):
            b, m = boxes[row], missed[column]
            yield from self._pair(b, m, self._cost([b], [m]))
            self._explained([b], [m])

    def _pairs(self) -> Iterator[Finding]:
        """What is wrong with the boxes that were matched."""
        for b, m in self.match.pairs.items():
            if b not in self.boxes_done:
                yield from self._pair(b, m, None)

    def _left_over(self) -> Iterator[Finding]:
        """E3, crowd flags without a crowd (E10), E2 and E1."""
        for b in self._open_boxes(matched=False):
            if b in self.match.neutral:
                continue
            box = self.match.boxes[b]
            twin = self._twin(b)
            if twin is not None:
                m = self.match.pairs[twin]
                found = self.match.must[m]
                lost = self._lost_by_hedging(m) if b in self.match.rivals.get(m, ())[:1] else 0.0
                yield self._finding(
                    "E3",
                    self._cost([b], []) + lost,
                    must=[m],
                    boxes=[twin, b],
                    label=found.label,
                    given=box.label,
                )
            elif box.crowd:
                yield self._finding("E10", self._cost([b], []), boxes=[b], rule=14, kind="crowd")
            else:
                yield self._finding("E2", self._cost([b], []), boxes=[b], given=box.label)
        for m in self.match.missed:
            if m in self.must_done:
                continue
            obj = self.match.must[m]
            yield self._finding(
                "E1",
                self._cost([], [m]),
                must=[m],
                rule=8,
                label=obj.label,
                width=obj.bbox[2],
                height=obj.bbox[3],
                occlusion=obj.occlusion,
                truncated=obj.truncated,
            )

    # One box and one object ----------------------------------------------------------------------

    def _pair(self, b: int, m: int, whole: float | None) -> Iterator[Finding]:
        """Sides, class and flags of one box against its object.

        `whole` is the cost of a pair that was not matched at all; its sides carry it.
        """
        box, obj, credit = self.match.boxes[b], self.match.must[m], self.match.credits.get(b)
        asked = credit.attributes if credit else {}
        tightness = credit.tightness if credit else 0.0
        if tightness < TIGHT_ENOUGH:
            lost = (0.60 if asked else 0.70) * (1 - tightness) if whole is None else whole
            yield self._sides(b, m, lost)
        elif off := _noted(self.bboxes[b], self.visible[m]):
            yield self._noted_sides(b, m, off, (0.60 if asked else 0.70) * (1 - tightness))
        if box.crowd:
            lost = (0.40 if asked else 0.30) if whole is None else 0.0
            yield self._finding(
                "E10", lost, must=[m], boxes=[b], rule=14, kind="crowd", label=obj.label
            )
            return
        right = label_credit(obj, box)
        if right < 1:
            share = 0.25 if asked else 0.30
            yield self._finding(
                "E8",
                share * (1 - right) if whole is None else 0.0,
                must=[m],
                boxes=[b],
                rule=_class_rule(obj, box.label),
                given=box.label,
                expected=(obj.label,),
                unsure=box.unsure,
                credit=right,
            )
        for name in GRADED_ATTRIBUTES:
            if name in asked and not attribute_right(obj, box, name):
                yield self._finding(
                    "E9",
                    0.15 / len(asked),
                    must=[m],
                    boxes=[b],
                    rule={"occluded": 6, "truncated": 7}[name],
                    label=obj.label,
                    attribute=name,
                    given=getattr(box, name),
                    expected=getattr(obj, name),
                    share={"occluded": obj.occlusion, "truncated": obj.truncation}[name],
                )

    def _sides(self, b: int, m: int, cost: float) -> Finding:
        """E6, E7, or E10 where the box follows the full extent instead of the visible part."""
        obj, box, truth = self.match.must[m], self.bboxes[b], self.visible[m]
        loose, cut = slack(box, truth)
        details: dict[str, Any] = {
            "label": obj.label,
            "iou": float(self.match.ious[b, m]),
            "loose": loose,
            "cut": cut,
        }
        full, full_iou = self.full[m], self.full_ious[b, m]
        size = band(full)
        beyond, _ = slack(full, truth)
        guessed = (
            all(beyond.get(side, 0) >= px / 2 for side, px in loose.items())
            and full_iou >= size.low + size.span / 2
            and full_iou > self.match.ious[b, m] + CLEARLY
            and iou(full, truth) < size.low + size.span
        )
        if guessed:
            return self._finding("E10", cost, must=[m], boxes=[b], rule=4, kind="extent", **details)
        shared = self.shared[b, m]
        outside, left_out = box[2] * box[3] - shared, truth[2] * truth[3] - shared
        code = "E6" if outside >= left_out else "E7"
        rule = _side_rule(code, obj)
        return self._finding(code, cost, must=[m], boxes=[b], rule=rule, **details)

    def _noted_sides(self, b: int, m: int, off: Mapping[str, float], cost: float) -> Finding:
        """The note on sides that are `off` by that many px, outward positive."""
        obj = self.match.must[m]
        loose = {side: px for side, px in off.items() if px > 0}
        cut = {side: -px for side, px in off.items() if px < 0}
        hidden = _noted(self.full[m], self.visible[m])
        if loose and not cut and all(_within(px, hidden.get(side)) for side, px in loose.items()):
            code, rule, kind = "E10", 4, {"kind": "extent"}
        else:
            code = "E6" if sum(loose.values()) >= sum(cut.values()) else "E7"
            rule, kind = _side_rule(code, obj), {}
        found = self._finding(
            code,
            cost,
            must=[m],
            boxes=[b],
            rule=rule,
            label=obj.label,
            iou=float(self.match.ious[b, m]),
            loose=loose,
            cut=cut,
            **kind,
        )
        return replace(found, note=True)

    # Helpers -------------------------------------------------------------------------------------

    def _open_boxes(self, *, matched: bool = True) -> list[int]:
        return [
            b
            for b in range(len(self.bboxes))
            if b not in self.boxes_done and (matched or b not in self.match.pairs)
        ]

    def _explained(self, boxes: Sequence[int], must: Sequence[int]) -> None:
        self.boxes_done.update(boxes)
        self.must_done.update(must)

    def _cost(self, boxes: Sequence[int], must: Sequence[int]) -> float:
        """What these boxes and objects lost: FP/2, FN/2, and 1 - q of the matches among them."""
        cost = sum(0.5 for b in boxes if b in self.match.extra)
        cost += sum(0.5 for m in must if m in self.match.missed)
        return cost + sum(1 - self.match.credits[b].quality for b in boxes if b in self.match.pairs)

    def _best_must(self, b: int) -> int | None:
        row = self.match.ious[b]
        return int(row.argmax()) if row.size and row.max() > 0 else None

    def _fits_other(self, b: int, fit: float) -> bool:
        """Whether an ignored object or a decoy explains the box better than an IoU of `fit`."""
        others = [o.bbox for o in self.match.other] + [d.bbox for d in self.match.truth.decoys]
        return any(iou(self.bboxes[b], other) > max(fit, DECOY_OVERLAP) for other in others)

    def _plain_fit(self, b: int, but: Sequence[int] = ()) -> float:
        """How well one object alone explains the box, the objects `but` left out."""
        must = [
            max(self.match.ious[b, m], self.full_ious[b, m])
            for m in range(len(self.visible))
            if m not in but
        ]
        others = [iou(self.bboxes[b], o.bbox) for o in self.match.other]
        return max([*must, *others], default=0.0)

    def _objects(self, group: Sequence[int | TruthBox]) -> list[TruthBox]:
        return [self.match.must[m] if isinstance(m, int) else m for m in group]

    def _group(self, b: int, own: int | None) -> tuple[int | TruthBox, ...]:
        """The objects that box `b` was drawn around together, empty if one explains it as well.

        Members are positions of `must` objects, and trailers that are ignored here: who boxes a car
        with its trailer breaks rule 12 wherever trailers are not asked for.
        """
        box = self.bboxes[b]
        members: list[int | TruthBox] = [
            m for m, place in enumerate(self.visible) if self.shared[b, m] >= COVERED * area(place)
        ]
        members += [
            o
            for o in self.match.other
            if o.label == "trailer"
            and not o.crowd
            and shared_area(box, o.bbox) >= COVERED * area(o.bbox)
        ]
        taken = {m for m, other in self.box_of.items() if other != b}
        if any(isinstance(m, int) and m not in taken for m in members):
            members = [m for m in members if m not in taken]
        best, group = 0.0, ()
        for candidate in [*combinations(members, 2), tuple(members)]:
            if len(candidate) < 2 or not any(isinstance(m, int) for m in candidate):
                continue
            if own is not None and own not in candidate:
                continue
            fit = iou(box, enclosing([obj.bbox for obj in self._objects(candidate)]))
            if fit > best:
                best, group = fit, candidate
        return group if best >= MERGED_OVERLAP and best > self._plain_fit(b) + CLEARLY else ()

    def _twin(self, b: int) -> int | None:
        """The matched box whose object this box shows once more."""
        candidates = [
            (max(self.match.ious[b, m], self.full_ious[b, m]), twin)
            for twin, m in self.match.pairs.items()
        ]
        candidates += [(iou(self.bboxes[b], self.bboxes[t]) - 0.2, t) for t in self.match.pairs]
        fit, twin = max(candidates, default=(0.0, -1))
        return twin if fit >= DUPLICATE_OVERLAP else None

    def _lost_by_hedging(self, m: int) -> float:
        """Class and flags that the matched box had right, lost to its rivals."""
        obj, b = self.match.must[m], self.box_of[m]
        box, credit = self.match.boxes[b], self.match.credits[b]
        asked = credit.attributes
        alone = (0.25 if asked else 0.30) * (label_credit(obj, box) - credit.label)
        for name in asked:
            right = not box.crowd and attribute_right(obj, box, name)
            alone += 0.15 / len(asked) * (right - asked[name])
        return alone

    def _finding(
        self,
        code: str,
        cost: float,
        *,
        must: Sequence[int] = (),
        boxes: Sequence[int] = (),
        rule: int | None = None,
        regions: Sequence[BBox] = (),
        **details: Any,
    ) -> Finding:
        shown = [self.visible[m] for m in must] + [self.bboxes[b] for b in boxes] + list(regions)
        return Finding(
            code=code,
            item=self.match.truth.item,
            cost=float(cost),
            truth_id=self.match.must[must[0]].id if must else None,
            annotation_ids=tuple(self.match.boxes[b].id for b in boxes),
            region=tuple(float(value) for value in enclosing(shown)),
            rule=rule,
            details=details,
        )


def _too_fast(matches: Sequence[ItemMatch], findings: Sequence[Finding]) -> Iterator[Finding]:
    """E16: wrong boxes made in under a tenth of the learner's own median time per box.

    It explains a loss that other findings count, so it costs nothing itself.
    """
    times = {(m.truth.item, box.id): box for m in matches for box in m.boxes if box.ms > 0}
    if len(times) < TIMED_BOXES:
        return
    usual = median(box.ms for box in times.values())
    errors = [f for f in findings if not f.note]
    wrong = {(f.item, annotation) for f in errors for annotation in f.annotation_ids[-1:]}
    for item, annotation in sorted(wrong & times.keys()):
        box = times[item, annotation]
        if box.ms < TOO_FAST * usual:
            yield Finding(
                code="E16",
                item=item,
                cost=0.0,
                annotation_ids=(annotation,),
                region=box.bbox,
                details={"ms": box.ms, "median_ms": usual},
            )


def _noted(box: BBox, truth: BBox) -> dict[str, float]:
    """The sides worth a note and how many px they lie outside the truth's, the worst first."""
    width, height = max(NOTED_PX, NOTED_SHARE * truth[2]), max(NOTED_PX, NOTED_SHARE * truth[3])
    limits = {"left": width, "right": width, "top": height, "bottom": height}
    off = {s: float(px) for s, px in outward(box, truth).items() if abs(px) > limits[s]}
    return dict(sorted(off.items(), key=lambda side: -abs(side[1])))


def _within(px: float, hidden: float | None) -> bool:
    """Whether a side that is `px` too far out still lies in the object's hidden part."""
    return hidden is not None and px <= hidden + NOTED_PX


def _side_rule(code: str, obj: TruthBox) -> int:
    """The rule about sides: doors where one stands open, else the tolerance."""
    return 13 if code == "E6" and any("door" in case for case in obj.edge_cases) else 3


def _class_rule(obj: TruthBox, given: str) -> int | None:
    """The rule that decides between two classes; None where no rule has to."""
    if given == PARENTS.get(obj.label):
        return 15
    if "trailer" in (obj.label, given):
        return 12
    return class_rule((obj.label, given))
