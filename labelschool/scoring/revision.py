"""How well finished boxes were brought from one version of a guideline to the next.

A learner starts from boxes of their own and changes what the difference of the two versions asks
for, and nothing else. Each change is one thing:

    F1 = 2 TP / (2 TP + FP + FN)

* TP: a change that was asked for and is right in the end.
* FN: one that was asked for and is not.
* FP: a box that was added, deleted or changed although nothing in the difference touches it.

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
and empties the crowd without looking hits some of what is asked by chance: the best of these is the
pool's floor, from which the score is rescaled.

There is no interval: a handful of changes in a few pictures tells nothing about others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from labelschool.model import Box, TruthBox, TruthItem, iou

from .boxes import ItemMatch, match_item
from .edits import Edit, edits
from .matching import area, enclosing, shared_area
from .score import (
    Finding,
    ItemScore,
    Score,
    cost_scale,
    rescale,
    worst_first,
)

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
    blind = _best_blind(tuple(before), tuple(after), tuple(classes))
    size, raw = sum(item.size for item in revised), _f1(revised)
    cost = cost_scale(blind) / size if size else 0.0
    found = [replace(finding, cost=cost) for item in revised for finding in item.findings]
    return Score(
        metric="revision",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=sum(item.right + item.undone for item in revised),
        interval=None,
        items=tuple(item.score() for item in revised),
        findings=worst_first(found),
    )


@dataclass
class _Revised:
    """The changes of one picture; the cost of a finding comes later."""

    item: str
    right: int = 0
    undone: int = 0
    needless: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def size(self) -> int:
        """2 TP + FP + FN."""
        return 2 * self.right + self.undone + self.needless

    def score(self) -> ItemScore:
        return ItemScore(
            item=self.item,
            value=2 * self.right / self.size if self.size else 1.0,
            n=self.right + self.undone,
            right=self.right,
            extra=self.needless,
            missed=self.undone,
        )


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
                self.result.right += 1
            return
        known = old is not None and old.label == was.label
        taken_up = new is not None and id(new) not in self.untouched
        if known or taken_up or not self.worked_on:
            told = {"label": obj.label, "was": was.label, "height": round(obj.bbox[3])}
            left = next(iter(rivals), new)
            told["given"] = left.label if left else None
            self._undone("E8" if left else "E1", 1, "revised_class", obj, [left], **told)

    def _appeared(self, obj: TruthBox) -> None:
        old, new = self.olds.get(obj.id), self.news.get(obj.id)
        self._settle(old, new)
        told = {"label": obj.label, "given": new.label if new else None}
        if new is None:
            self._undone("E10", 10, "mirror_missing", obj, [], **told)
        elif new.label != obj.label or new.crowd:
            self._undone("E8", 10, "mirror_class", obj, [new], **told)
        elif not new.mirror:
            self._undone("E9", 10, "mirror_flag", obj, [new], **told)
        else:
            self.result.right += 1

    def _joined_a_crowd(self, obj: TruthBox) -> None:
        old, own = self.olds.get(obj.id), self.own.get(obj.id)
        self._settle(old, own)
        if own is not None and not own.crowd:
            self._undone("E10", 14, "crowd_boxed", obj, [own], label=obj.label)
        elif not self._covered(obj, self._regions(new=True)):
            self._undone("E10", 14, "crowd_open", obj, [], label=obj.label)
        elif old is not None or not self._covered(obj, self._regions(new=False)):
            self.result.right += 1

    def _regions(self, *, new: bool) -> list[Box]:
        """The crowd regions of the start, or those of the answer that fit or were left as is."""
        if not new:
            return [edit.old for edit in self.edits if edit.old and edit.old.crowd]
        drawn = [edit.new for edit in self.edits if edit.new and edit.new.crowd]
        return [box for box in drawn if id(box) in self.untouched or self._fits(box)]

    def _fits(self, box: Box) -> bool:
        return any(iou(box.bbox, region.bbox) >= FITS for region in self.regions)

    def _covered(self, obj: TruthBox, regions: Sequence[Box]) -> bool:
        shares = (shared_area(obj.bbox, box.bbox) / area(obj.bbox) for box in regions)
        return any(share >= COVERED for share in shares)

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
            edit.new is None and self._inside_a_region(edit.old)
        )

    def _inside_a_region(self, box: Box) -> bool:
        shares = (shared_area(box.bbox, region.bbox) / area(box.bbox) for region in self.regions)
        return any(share >= COVERED for share in shares)

    def _needless(self, edit: Edit) -> None:
        self.result.needless += 1
        boxes = list(filter(None, (edit.old, edit.new)))
        decoy = next((d for d in self.after.decoys if iou(d.bbox, boxes[-1].bbox) >= 0.3), None)
        code = {"added": "E2", "deleted": "E1", "relabelled": "E8", "flagged": "E9"}.get(edit.what)
        told: dict[str, Any] = {"change": edit.what, "label": boxes[0].label}
        told |= {"given": boxes[-1].label, "height": round(boxes[-1].bbox[3])}
        rule = None
        if edit.what == "added" and decoy:
            code, rule, told["decoy"] = "E10", decoy.rule, decoy.kind
        elif edit.what == "relabelled" and {boxes[0].label, boxes[-1].label} == {"van", "truck"}:
            rule = 1
        elif edit.what == "deleted" and self._of_a_crowd(edit.old):
            rule, told["nearest"] = 14, True
        if code is None:
            grown = area(edit.new.bbox) >= area(edit.old.bbox)
            code = "E6" if grown else "E7"
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
        self.result.undone += 1
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


def _f1(revised: Sequence[_Revised]) -> float:
    size = sum(item.size for item in revised)
    return 2 * sum(item.right for item in revised) / size if size else 0.0


# Blind ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _best_blind(
    before: tuple[TruthItem, ...], after: tuple[TruthItem, ...], classes: tuple[str, ...]
) -> float:
    """Raw F1 of the best of some ways to follow the difference without looking, from a right start.

    Every van becomes a truck, all boxes in a crowd region go, both, or everything is deleted.
    """
    start = {item.item: _right_boxes(item, classes) for item in before}

    def trucks(boxes: list[Box]) -> list[Box]:
        return [
            box.model_copy(update={"label": "truck"}) if box.label == "van" else box
            for box in boxes
        ]

    def emptied(boxes: list[Box]) -> list[Box]:
        regions = [box.bbox for box in boxes if box.crowd]
        return [
            box
            for box in boxes
            if box.crowd
            or all(shared_area(box.bbox, region) < COVERED * area(box.bbox) for region in regions)
        ]

    ways = (trucks, emptied, lambda boxes: trucks(emptied(boxes)), lambda boxes: [])
    return max(
        _f1(_revised(before, after, start, {n: way(boxes) for n, boxes in start.items()}, classes))
        for way in ways
    )


def _right_boxes(item: TruthItem, classes: Sequence[str]) -> list[Box]:
    asked = [o for o in item.objects if o.crowd or _counts(o, classes)]
    return [Box(id=f"b{o.id}", label=o.label, bbox=o.bbox, crowd=o.crowd) for o in asked]
