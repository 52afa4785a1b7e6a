"""How well finished boxes were brought from one version of a guideline to the next.

A learner starts from boxes of their own and changes what the difference of the two versions asks
for, and nothing else. The score is the mean of an F1 for each rule that changed, so that a rule
weighs the same however many objects it touches. Each change is one thing:

    F1 = 2 TP / (2 TP + FP + FN)

* TP: a change that was asked for and is right in the end.
* FN: one that was asked for and is not.
* FP: a box that was added, deleted or changed although nothing in the difference touches it. It
  counts against the rule that was overdone; where there is none, all rules share it.

**What is asked** is read from the truth of both versions: an object whose class changed has to bear
the new one; an object that is new has to be boxed, with class and mirror flag; an object that went
into a crowd region has to lose its own box and to lie in a region that fits the crowd.

**Errors of the start are not counted again.** What is right already is not asked. An object whose
class changed, and that the start had missed or called otherwise, is asked only where the learner
took it up, or where the picture had not been worked on at all.

**A change** is a box of which a side moved by more than 1 px (the tolerance of rule 3), or whose
class or flags differ. A box that was deleted and drawn again is compared with its new self. Changes
to the boxes of what is asked, and within a crowd region, cost nothing beyond the FN.

**Blind.** Doing nothing earns 0, and deleting everything next to it. Who makes a truck of every van
and empties the crowd without looking hits some of what is asked by chance: the F1 of each rule is
rescaled from what that earns, so that the mean of them needs no floor of its own.

There is no interval: a handful of changes in a few pictures tells nothing about others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import fmean
from typing import Any

from labelschool.model import Box, TruthBox, TruthItem, iou

from .boxes import ItemMatch, match_item
from .edits import Edit, edits
from .matching import area, enclosing, shared_area
from .score import Finding, ItemScore, Score, cost_scale, rescale, worst_first

LOW_VANS, MIRRORS, CROWDS = 1, 10, 14
"""The rules of G1 that differ between the versions."""
COVERED = 0.5
"""Share of a person that has to lie in a crowd region."""
FITS = 0.4
"""IoU of a drawn crowd region with the true one from which it counts as that region."""

Boxes = Mapping[str, Sequence[Box]]


def score_revision(
    before: Sequence[TruthItem],
    after: Sequence[TruthItem],
    start: Boxes,
    answers: Boxes,
    *,
    classes: Sequence[str],
) -> Score:
    """Score what was changed from `start` to `answers`, both by item.

    `before` and `after` are the truth of a pool under the two versions. Raises ValueError when the
    versions ask for no change of it.
    """
    if not any(b.objects != a.objects for b, a in zip(before, after, strict=True)):
        raise ValueError("the versions ask for no change in these pictures")
    revised = _revised(before, after, start, answers, classes)
    blind = _blind(tuple(before), tuple(after), tuple(classes))
    rules = _by_rule(revised)

    def cost(finding: Finding) -> float:
        hit = [finding.rule] if finding.rule in rules else list(rules)
        lost = (cost_scale(blind[rule]) / rules[rule].size for rule in hit)
        return sum(lost) / len(hit) / len(rules) if rules else 0.0

    found = [finding for item in revised for finding in item.findings]
    return Score(
        metric="revision",
        value=fmean([rescale(tally.f1, blind[rule]) for rule, tally in rules.items()] or [0.0]),
        raw=fmean([tally.f1 for tally in rules.values()] or [0.0]),
        blind=0.0,
        n=sum(tally.right + tally.undone for tally in rules.values()),
        interval=None,
        items=tuple(item.score() for item in revised),
        findings=worst_first([replace(finding, cost=cost(finding)) for finding in found]),
    )


@dataclass(frozen=True)
class _Tally:
    """TP, FN and FP of a picture, or of a rule with its share of the FP that belong to none."""

    right: int
    undone: int
    needless: float

    @property
    def size(self) -> float:
        """2 TP + FP + FN."""
        return 2 * self.right + self.undone + self.needless

    @property
    def f1(self) -> float:
        return 2 * self.right / self.size if self.size else 1.0


@dataclass
class _Revised:
    """The changes of one picture, by rule; the cost of a finding comes later."""

    item: str
    right: Counter[int] = field(default_factory=Counter)
    undone: Counter[int] = field(default_factory=Counter)
    needless: Counter[int | None] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @property
    def tally(self) -> _Tally:
        return _Tally(self.right.total(), self.undone.total(), self.needless.total())

    def score(self) -> ItemScore:
        tally = self.tally
        return ItemScore(
            item=self.item,
            value=tally.f1,
            n=tally.right + tally.undone,
            right=tally.right,
            extra=self.needless.total(),
            missed=tally.undone,
        )


def _by_rule(revised: Sequence[_Revised]) -> dict[int, _Tally]:
    """What became of each rule that asks for something."""
    right, undone, needless = (
        sum((getattr(item, what) for item in revised), Counter())
        for what in ("right", "undone", "needless")
    )
    asked = right + undone
    shared = sum(n for rule, n in needless.items() if rule not in asked)
    return {
        rule: _Tally(right[rule], undone[rule], needless[rule] + shared / len(asked))
        for rule in sorted(asked)
    }


def _revised(
    before: Sequence[TruthItem],
    after: Sequence[TruthItem],
    start: Boxes,
    answers: Boxes,
    classes: Sequence[str],
) -> list[_Revised]:
    pairs = zip(
        sorted(before, key=lambda item: item.item),
        sorted(after, key=lambda item: item.item),
        strict=True,
    )
    return [
        _Comparison(b, a, start.get(b.item, ()), answers.get(b.item, ()), classes).run()
        for b, a in pairs
    ]


class _Comparison:
    """One picture under both versions, with the boxes before and after."""

    def __init__(
        self,
        before: TruthItem,
        after: TruthItem,
        start: Sequence[Box],
        answer: Sequence[Box],
        classes: Sequence[str],
    ) -> None:
        self.after = after
        self.edits = edits(start, answer)
        shown = _matched(after, answer, classes)
        self.olds = _by_object(_matched(before, start, classes))
        self.news = _by_object(shown)
        self.own = _by_object(_matched(before, answer, classes))
        self.rivals = {
            shown.must[m].id: [shown.boxes[b] for b in boxes] for m, boxes in shown.rivals.items()
        }
        self.worked_on = bool(self.olds)
        self.was = {obj.id: obj for obj in before.objects if _counts(obj, classes)}
        self.now = {obj.id: obj for obj in after.objects if _counts(obj, classes)}
        self.regions = [obj for obj in after.objects if obj.crowd]
        self.untouched = {id(edit.new) for edit in self.edits if edit.new and not edit.what}
        self.settled: set[int] = set()
        self.result = _Revised(before.item)

    def run(self) -> _Revised:
        for number, obj in self.now.items():
            if number not in self.was:
                self._appeared(obj)
            elif obj.label != self.was[number].label:
                self._relabelled(obj, self.was[number])
        for number, obj in self.was.items():
            if number not in self.now:
                self._joined_a_crowd(obj)
        for edit in self.edits:
            if edit.what and not self._belongs_to_the_change(edit):
                self._needless(edit)
        return self.result

    # What is asked ------------------------------------------------------------------------------

    def _relabelled(self, obj: TruthBox, was: TruthBox) -> None:
        old, new = self.olds.get(obj.id), self.news.get(obj.id)
        self._settle(old, new)
        rivals = [box for box in self.rivals.get(obj.id, ()) if not _is(box, obj)]
        if new and _is(new, obj) and not rivals:
            if old is None or not _is(old, obj):
                self.result.right[LOW_VANS] += 1
            return
        known = old is not None and old.label == was.label
        taken_up = new is not None and id(new) not in self.untouched
        if known or taken_up or not self.worked_on:
            told = {"label": obj.label, "was": was.label, "height": round(obj.bbox[3])}
            left = next(iter(rivals), new)
            told["given"] = left.label if left else None
            self._undone("E8" if left else "E1", LOW_VANS, "revised_class", obj, [left], **told)

    def _appeared(self, obj: TruthBox) -> None:
        old, new = self.olds.get(obj.id), self.news.get(obj.id)
        self._settle(old, new)
        told = {"label": obj.label, "given": new.label if new else None}
        if new is None:
            self._undone("E10", MIRRORS, "mirror_missing", obj, [], **told)
        elif new.label != obj.label or new.crowd:
            self._undone("E8", MIRRORS, "mirror_class", obj, [new], **told)
        elif not new.mirror:
            self._undone("E9", MIRRORS, "mirror_flag", obj, [new], **told)
        else:
            self.result.right[MIRRORS] += 1

    def _joined_a_crowd(self, obj: TruthBox) -> None:
        old, own = self.olds.get(obj.id), self.own.get(obj.id)
        self._settle(old, own)
        if own is not None and not own.crowd:
            self._undone("E10", CROWDS, "crowd_boxed", obj, [own], label=obj.label)
        elif not _covered(obj, self._regions(new=True)):
            self._undone("E10", CROWDS, "crowd_open", obj, [], label=obj.label)
        elif old is not None or not _covered(obj, self._regions(new=False)):
            self.result.right[CROWDS] += 1

    def _regions(self, *, new: bool) -> list[Box]:
        """The crowd regions of the start, or those of the answer that fit or were left as is."""
        if not new:
            return [edit.old for edit in self.edits if edit.old and edit.old.crowd]
        drawn = [edit.new for edit in self.edits if edit.new and edit.new.crowd]
        return [box for box in drawn if id(box) in self.untouched or self._fits(box)]

    def _fits(self, box: Box) -> bool:
        return any(iou(box.bbox, region.bbox) >= FITS for region in self.regions)

    def _settle(self, *boxes: Box | None) -> None:
        self.settled.update(map(id, filter(None, boxes)))

    # What is not --------------------------------------------------------------------------------

    def _belongs_to_the_change(self, edit: Edit) -> bool:
        """Whether an edit is of something asked, or moves within a crowd region.

        In a crowd, learners box other people of the back rows than the truth does; a box that
        belongs to nobody who keeps one may go.
        """
        boxes = list(filter(None, (edit.old, edit.new)))
        if any(id(box) in self.settled for box in boxes):
            return True
        kept = {id(box) for box in (*self.olds.values(), *self.news.values())}
        if any(id(box) in kept for box in boxes):
            return False
        return any(box.crowd and self._fits(box) for box in boxes) or (
            edit.new is None and _covered(edit.old, self.regions)
        )

    def _needless(self, edit: Edit) -> None:
        boxes = list(filter(None, (edit.old, edit.new)))
        decoy = next((d for d in self.after.decoys if iou(d.bbox, boxes[-1].bbox) >= 0.3), None)
        code = {"added": "E2", "deleted": "E1", "relabelled": "E8", "flagged": "E9"}.get(edit.what)
        told: dict[str, Any] = {"change": edit.what, "label": boxes[0].label}
        told |= {"given": boxes[-1].label, "height": round(boxes[-1].bbox[3])}
        rule = None
        if edit.what == "added" and decoy:
            code, rule, told["decoy"] = "E10", decoy.rule, decoy.kind
        elif edit.what == "relabelled" and {boxes[0].label, boxes[-1].label} == {"van", "truck"}:
            rule = LOW_VANS
        elif edit.what == "deleted" and self._of_a_crowd(edit.old):
            rule, told["nearest"] = CROWDS, True
        if code is None:
            grown = area(edit.new.bbox) >= area(edit.old.bbox)
            code = "E6" if grown else "E7"
        self.result.needless[rule] += 1
        self._find(code, rule, "needless", None, boxes, [edit.new], told)

    def _of_a_crowd(self, box: Box) -> bool:
        number = next((n for n, old in self.olds.items() if old is box), None)
        return number in self.now and "crowd" in self.now[number].edge_cases

    def _undone(
        self,
        code: str,
        rule: int,
        kind: str,
        obj: TruthBox,
        boxes: Sequence[Box | None],
        **told: Any,
    ) -> None:
        self.result.undone[rule] += 1
        self._find(code, rule, kind, obj, boxes, boxes, told)

    def _find(
        self,
        code: str,
        rule: int | None,
        kind: str,
        obj: TruthBox | None,
        boxes: Sequence[Box | None],
        shown: Sequence[Box | None],
        told: Mapping[str, Any],
    ) -> None:
        places = [box.bbox for box in boxes if box] + ([obj.bbox] if obj else [])
        finding = Finding(
            code=code,
            item=self.after.item,
            cost=0.0,
            truth_id=obj.id if obj else None,
            annotation_ids=tuple(box.id for box in shown if box),
            region=enclosing(places),
            rule=rule,
            details={"kind": kind, **told},
        )
        self.result.findings.append(finding)


def _matched(truth: TruthItem, boxes: Sequence[Box], classes: Sequence[str]) -> ItemMatch:
    """The boxes of single objects, matched with what they show."""
    single = [box for box in boxes if not box.crowd]
    return match_item(truth, single, classes=classes, attributes=())


def _by_object(match: ItemMatch) -> dict[int, Box]:
    """The box that shows each object, by the object's id."""
    return {match.must[m].id: match.boxes[b] for b, m in match.pairs.items()}


def _counts(obj: TruthBox, classes: Sequence[str]) -> bool:
    return obj.level == "must" and obj.label in classes and not obj.crowd


def _is(box: Box, obj: TruthBox) -> bool:
    """Whether a box bears an object's class; the flags of a box are not asked here."""
    return box.label == obj.label and not box.crowd


def _covered(one: Box | TruthBox, regions: Sequence[Box | TruthBox]) -> bool:
    """Whether enough of a box lies in one of the crowd regions."""
    shares = (shared_area(one.bbox, region.bbox) / area(one.bbox) for region in regions)
    return any(share >= COVERED for share in shares)


# Blind ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _blind(
    before: tuple[TruthItem, ...], after: tuple[TruthItem, ...], classes: tuple[str, ...]
) -> dict[int, float]:
    """The F1 of each rule when the difference is followed without looking, from a right start.

    Every van becomes a truck, and all boxes in a crowd region go.
    """

    def followed(boxes: list[Box]) -> list[Box]:
        regions = [box for box in boxes if box.crowd]
        return [
            box.model_copy(update={"label": "truck"}) if box.label == "van" else box
            for box in boxes
            if box.crowd or not _covered(box, regions)
        ]

    start = {item.item: _right_boxes(item, classes) for item in before}
    answer = {item: followed(boxes) for item, boxes in start.items()}
    rules = _by_rule(_revised(before, after, start, answer, classes))
    return {rule: tally.f1 for rule, tally in rules.items()}


def _right_boxes(item: TruthItem, classes: Sequence[str]) -> list[Box]:
    asked = [o for o in item.objects if o.crowd or _counts(o, classes)]
    return [Box(id=f"b{o.id}", label=o.label, bbox=o.bbox, crowd=o.crowd) for o in asked]
