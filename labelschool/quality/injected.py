"""Errors put into right labels on purpose, one kind at a time, for review desks and tests.

`inject` takes exact answers, spoils one object per error and remembers what it did. An error is
large enough for the score to see it: a loose box costs tightness, a wrong flag costs its share.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelschool.model import BBox, Box, TruthBox, TruthItem, iou
from labelschool.quality.simulated.boxes import NEIGHBOURS
from labelschool.scoring.boxes import attribute_right, band
from labelschool.scoring.matching import clipped, enclosing, intersections

if TYPE_CHECKING:
    import numpy as np

CODES = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10")


@dataclass(frozen=True)
class Injection:
    """One error put in: its code, and the objects and boxes it touches."""

    code: str
    item: str
    truth_ids: tuple[int, ...]
    box_ids: tuple[str, ...]


def perfect(truth: Sequence[TruthItem], classes: Sequence[str]) -> dict[str, list[Box]]:
    """The exact answer to every object that counts."""
    return {
        item.item: [
            Box(
                id=f"b{o.id}",
                label=o.label,
                bbox=o.bbox,
                occluded=o.occluded,
                truncated=o.truncated,
            )
            for o in item.objects
            if counts(o, classes)
        ]
        for item in truth
    }


def counts(obj: TruthBox, classes: Sequence[str]) -> bool:
    """Whether an object is graded."""
    return obj.level == "must" and obj.label in classes and not obj.crowd


def inject(
    truth: Sequence[TruthItem],
    rng: np.random.Generator,
    codes: Sequence[str],
    classes: Sequence[str],
    per_item: int = 2,
    spared: Collection[tuple[str, int]] = (),
) -> tuple[dict[str, list[Box]], list[Injection]]:
    """Answers right within half a pixel, but for the errors `codes` as far as they fit.

    ``spared`` names objects, as (item, id), that keep their right label.
    """
    answers, done = {}, []
    todo = list(codes)
    for item in truth:
        spoiled = _Spoiled(item, rng, classes)
        for name, number in spared:
            if name == item.item:
                spoiled.free.pop(number)
        for code in todo[:per_item]:
            if (injection := spoiled.inject(code)) is not None:
                done.append(injection)
                todo.remove(code)
        answers[item.item] = list(spoiled.boxes.values())
    return answers, done


class _Spoiled:
    """The answer to one picture while errors are put into it."""

    def __init__(self, item: TruthItem, rng: np.random.Generator, classes: Sequence[str]) -> None:
        self.item = item
        self.rng = rng
        self.classes = classes
        self.free = {o.id: o for o in item.objects if counts(o, classes)}
        self.boxes = {}
        for box in perfect([item], classes)[item.item]:
            wobble = rng.uniform(-0.5, 0.5, 4)
            self.boxes[box.id] = box.model_copy(update={"bbox": _moved(box.bbox, wobble)})
        self.added: list[BBox] = []
        self.news = 0

    def inject(self, code: str) -> Injection | None:
        """Put one error in; None when the picture offers no object for it."""
        do: Callable[[TruthBox], tuple[tuple[int, ...], tuple[str, ...]] | None] = getattr(
            self, f"_{code.lower()}"
        )
        for number in self.rng.permutation(len(self.free) or 1):
            obj = list(self.free.values())[number] if self.free else None
            if obj is None and code not in ("E2", "E10"):
                return None
            touched = do(obj)
            if touched is not None:
                for truth_id in touched[0]:
                    self.free.pop(truth_id)
                return Injection(code, self.item.item, *touched)
        return None

    def _e1(self, obj):
        del self.boxes[f"b{obj.id}"]
        return (obj.id,), ()

    def _e2(self, _):
        for _ in range(50):
            width, height = self.rng.uniform(14, 90, 2)
            x = self.rng.uniform(0, self.item.width - width)
            y = self.rng.uniform(0, self.item.height - height)
            bbox = (float(x), float(y), float(width), float(height))
            if self._empty(bbox):
                return self._add(bbox, str(self.rng.choice(self.classes)))
        return None

    def _e3(self, obj):
        wobble = self.rng.normal(0, max(0.6, 0.02 * min(obj.bbox[2:])), 4)
        bbox = _moved(obj.bbox, wobble)
        copy = self.boxes[f"b{obj.id}"].model_copy(update={"id": f"dup{obj.id}", "bbox": bbox})
        self.boxes[copy.id] = copy
        return (obj.id,), (f"b{obj.id}", copy.id)

    def _e4(self, obj):
        for other in self.free.values():
            both = enclosing([obj.bbox, other.bbox])
            if other.id == obj.id or max(iou(both, obj.bbox), iou(both, other.bbox)) > 0.75:
                continue
            gap = max(both[2] - obj.bbox[2] - other.bbox[2], both[3] - obj.bbox[3] - other.bbox[3])
            fill = (_area(obj.bbox) + _area(other.bbox)) / _area(both)
            if gap > 30 or fill < 0.4:
                continue
            box = self.boxes.pop(f"b{other.id}")
            self.boxes[f"b{obj.id}"] = self.boxes[f"b{obj.id}"].model_copy(update={"bbox": both})
            return (obj.id, other.id), (f"b{obj.id}", box.id)
        return None

    def _e5(self, obj):
        x, y, width, height = obj.bbox
        wide = width >= height
        side = max(width, height)
        if side < 24:
            return None
        cut, gap = self.rng.uniform(0.35, 0.65) * side, self.rng.uniform(-0.05, 0.05) * side
        first, second = cut - gap / 2, cut + gap / 2
        if wide:
            halves = (x, y, first, height), (x + second, y, width - second, height)
        else:
            halves = (x, y, width, first), (x, y + second, width, height - second)
        box = self.boxes[f"b{obj.id}"]
        self.boxes[box.id] = box.model_copy(update={"bbox": halves[0]})
        self.boxes[f"half{obj.id}"] = box.model_copy(
            update={"id": f"half{obj.id}", "bbox": halves[1]}
        )
        return (obj.id,), (box.id, f"half{obj.id}")

    def _e6(self, obj):
        return self._resized(obj, 1)

    def _e7(self, obj):
        return self._resized(obj, -1)

    def _resized(self, obj, sign):
        for _ in range(20):
            sides = self.rng.random(4) < 0.5
            share = self.rng.uniform(0.05, 0.35, 4) * sides * sign
            left, top, right, bottom = share * _array(obj.bbox[2:] * 2)
            bbox = _moved(obj.bbox, (-left, -top, right, bottom))
            if min(bbox[2:]) < 4:
                continue
            bbox = clipped(bbox, self.item.width, self.item.height)
            overlap = iou(bbox, obj.bbox)
            if overlap > 0.2 and band(obj.bbox).tightness(overlap) < 0.85:
                return self._change(obj, bbox=bbox)
        return None

    def _e8(self, obj):
        others = [label for label in NEIGHBOURS.get(obj.label, ()) if label in self.classes]
        return self._change(obj, label=str(self.rng.choice(others))) if others else None

    def _e9(self, obj):
        box = self.boxes[f"b{obj.id}"]
        changes = [{"truncated": not obj.truncated}] + [
            {"occluded": level} for level in range(4) if level != obj.occluded
        ]
        for number in self.rng.permutation(len(changes)):
            (name, value), *_ = changes[number].items()
            if not attribute_right(obj, box.model_copy(update={name: value}), name):
                return self._change(obj, **{name: value})
        return None

    def _e10(self, obj):
        kind = self.rng.choice(["decoy", "extent", "crowd"])
        if kind == "decoy":
            for decoy in self.item.decoys:
                if decoy.bbox in self.added or max(self._fits(decoy.bbox), default=0) > 0.2:
                    continue
                self.added.append(decoy.bbox)
                wobble = self.rng.normal(0, max(0.8, 0.04 * min(decoy.bbox[2:])), 4)
                return self._add(_moved(decoy.bbox, wobble), decoy.label)
        if kind == "extent" and obj is not None:
            full = clipped(obj.amodal_bbox, self.item.width, self.item.height)
            if band(obj.bbox).tightness(iou(full, obj.bbox)) < 0.8:
                wobble = self.rng.normal(0, 0.02, 4) * _array(full[2:] * 2)
                return self._change(obj, bbox=_moved(full, wobble))
        if kind == "crowd" and obj is not None:
            return self._change(obj, crowd=True)
        return None

    def _change(self, obj, **update):
        box = self.boxes[f"b{obj.id}"]
        self.boxes[box.id] = box.model_copy(update=update)
        return (obj.id,), (box.id,)

    def _add(self, bbox, label):
        self.news += 1
        box = Box(id=f"new{self.news}", label=label, bbox=bbox)
        self.boxes[box.id] = box
        return (), (box.id,)

    def _fits(self, bbox):
        objects = [o.bbox for o in self.item.objects] + [b.bbox for b in self.boxes.values()]
        return [iou(bbox, other) for other in objects]

    def _empty(self, bbox):
        others = [o.bbox for o in self.item.objects] + [o.amodal_bbox for o in self.item.objects]
        others += [d.bbox for d in self.item.decoys] + [b.bbox for b in self.boxes.values()]
        return intersections([bbox], others).sum() < 0.1 * _area(bbox)


def _array(values: Sequence[float]) -> np.ndarray:
    import numpy as np

    return np.array(values)


def _moved(bbox: Sequence[float], outward: Sequence[float]) -> BBox:
    """A box whose left, top, right and bottom move by these px."""
    left, top = bbox[0] + outward[0], bbox[1] + outward[1]
    right, bottom = bbox[0] + bbox[2] + outward[2], bbox[1] + bbox[3] + outward[3]
    return (float(left), float(top), float(max(right - left, 1)), float(max(bottom - top, 1)))


def _area(bbox: Sequence[float]) -> float:
    return bbox[2] * bbox[3]
