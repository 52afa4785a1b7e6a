"""Street-like truth without pictures, perfect answers to it, and errors put into them on purpose.

`street` places road users on a road in perspective and paints them far to near, so that visible and
full extent, occlusion and truncation are consistent with each other as in the rendered sets.
`inject` spoils perfect answers with one kind of error per object and remembers what it did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import BBox, Box, Decoy, TruthBox, TruthItem, iou
from labelschool.scoring.boxes import attribute_right, band
from labelschool.scoring.matching import clipped, enclosing, intersections

WIDTH, HEIGHT = 640, 480
CLASSES = ("car", "van", "truck", "bus", "person", "cyclist")
ATTRIBUTES = ("occluded", "truncated", "crowd", "unsure")
CODES = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10")

_METRES = {  # width as seen and height
    "car": (3.6, 1.5),
    "van": (4.2, 2.1),
    "truck": (5.5, 3.0),
    "bus": (7.0, 3.1),
    "trailer": (2.6, 1.2),
    "person": (0.6, 1.75),
    "cyclist": (1.1, 1.8),
    "light": (0.3, 0.9),
    "sign": (0.6, 0.6),
}
_SHARE = (0.34, 0.10, 0.08, 0.05, 0.03, 0.22, 0.09, 0.04, 0.05)
_CONFUSED = {
    "car": ("van",),
    "van": ("car", "truck"),
    "truck": ("van", "bus"),
    "bus": ("truck", "van"),
    "person": ("cyclist",),
    "cyclist": ("person",),
    "trailer": ("truck", "van"),
}
_DECOYS = {"poster": 9, "statue": 9, "reflection": 10, "mirror": 10, "parked_bicycle": 11}


@dataclass(frozen=True)
class Injection:
    """One error put in: its code, and the objects and boxes it touches."""

    code: str
    item: str
    truth_ids: tuple[int, ...]
    box_ids: tuple[str, ...]


def street(
    rng: np.random.Generator, items: int, objects: tuple[int, int] = (8, 17)
) -> list[TruthItem]:
    """Truth of `items` pictures, each with up to `objects` placed road users."""
    return [_picture(rng, f"synthetic-{n:02d}", int(rng.integers(*objects))) for n in range(items)]


def perfect(truth: Sequence[TruthItem], classes: Sequence[str] = CLASSES) -> dict[str, list[Box]]:
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


def counts(obj: TruthBox, classes: Sequence[str] = CLASSES) -> bool:
    """Whether an object is graded."""
    return obj.level == "must" and obj.label in classes and not obj.crowd


def inject(
    truth: Sequence[TruthItem],
    rng: np.random.Generator,
    codes: Sequence[str],
    classes: Sequence[str] = CLASSES,
    per_item: int = 2,
) -> tuple[dict[str, list[Box]], list[Injection]]:
    """Answers right within half a pixel, but for the errors `codes` as far as they fit."""
    answers, done = {}, []
    todo = list(codes)
    for item in truth:
        spoiled = _Spoiled(item, rng, classes)
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
            left, top, right, bottom = share * np.array(obj.bbox[2:] * 2)
            bbox = _moved(obj.bbox, (-left, -top, right, bottom))
            if min(bbox[2:]) < 4:
                continue
            bbox = clipped(bbox, self.item.width, self.item.height)
            overlap = iou(bbox, obj.bbox)
            if overlap > 0.2 and band(obj.bbox).tightness(overlap) < 0.85:
                return self._change(obj, bbox=bbox)
        return None

    def _e8(self, obj):
        others = [label for label in _CONFUSED[obj.label] if label in self.classes]
        return self._change(obj, label=str(self.rng.choice(others)))

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
                wobble = self.rng.normal(0, 0.02, 4) * np.array(full[2:] * 2)
                return self._change(obj, bbox=_moved(full, wobble))
        if kind == "crowd" and obj is not None:
            return self._change(obj, crowd=True)
        return None

    def _change(self, obj, **update):
        box = self.boxes[f"b{obj.id}"]
        self.boxes[box.id] = box.model_copy(update=update)
        return (obj.id,), (box.id,)

    def _add(self, bbox, label):
        box = Box(id=f"new{len(self.boxes)}", label=label, bbox=bbox)
        self.boxes[box.id] = box
        return (), (box.id,)

    def _fits(self, bbox):
        objects = [o.bbox for o in self.item.objects] + [b.bbox for b in self.boxes.values()]
        return [iou(bbox, other) for other in objects]

    def _empty(self, bbox):
        others = [o.bbox for o in self.item.objects] + [o.amodal_bbox for o in self.item.objects]
        others += [d.bbox for d in self.item.decoys] + [b.bbox for b in self.boxes.values()]
        return intersections([bbox], others).sum() < 0.1 * _area(bbox)


def _picture(rng: np.random.Generator, name: str, objects: int) -> TruthItem:
    ids = np.zeros((HEIGHT, WIDTH), np.int32)
    placed = []
    for number in range(objects):
        label = str(rng.choice(list(_METRES), p=_SHARE))
        depth = float(np.exp(rng.uniform(np.log(5), np.log(45))))
        scale = 520 / depth
        width, height = np.array(_METRES[label]) * scale * rng.uniform(0.85, 1.15, 2)
        foot = 215 + 1.5 * scale
        x = rng.uniform(-0.3 * width, WIDTH - 0.7 * width)
        placed.append((depth, number + 1, label, (x, foot - height, width, height)))
    for _, number, label, bbox in sorted(placed, reverse=True):
        _paint(ids, bbox, number, round_=label in ("person", "cyclist", "car"))
    found = [truth for entry in placed if (truth := _truth_box(ids, *entry)) is not None]
    return TruthItem(
        item=name,
        image=f"images/{name}.jpg",
        width=WIDTH,
        height=HEIGHT,
        objects=tuple(found),
        decoys=tuple(_decoys(rng)),
    )


def _paint(ids: np.ndarray, bbox: BBox, number: int, *, round_: bool) -> None:
    """A rectangle, or a rounder shape that fills about 85 % of its box."""
    left, top, width, height = clipped(bbox, ids.shape[1], ids.shape[0])
    window = ids[int(top) : int(top + height) + 1, int(left) : int(left + width) + 1]
    ys, xs = np.mgrid[0 : window.shape[0], 0 : window.shape[1]]
    u = np.abs((xs + int(left) + 0.5 - bbox[0]) / bbox[2] - 0.5) * 2
    v = np.abs((ys + int(top) + 0.5 - bbox[1]) / bbox[3] - 0.5) * 2
    inside = u**4 + v**4 <= 1 if round_ else np.maximum(u, v) <= 1
    window[inside] = number


def _truth_box(ids, depth, number, label, bbox) -> TruthBox | None:
    alone = np.zeros_like(ids)
    _paint(alone, bbox, 1, round_=label in ("person", "cyclist", "car"))
    in_frame, visible = int(alone.sum()), ids == number
    if visible.sum() < 20:
        return None
    ys, xs = np.nonzero(visible)
    seen = tuple(float(v) for v in (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1))
    occlusion = 1 - visible.sum() / in_frame
    truncation = 1 - _area(clipped(bbox, WIDTH, HEIGHT)) / _area(bbox)
    must = occlusion <= 0.6 and min(seen[2:]) >= 12
    return TruthBox(
        id=number,
        label=label,
        bbox=seen,
        amodal_bbox=enclosing([seen, tuple(float(v) for v in bbox)]),
        area=float(visible.sum()),
        level="must" if must else "ignore",
        occlusion=float(occlusion),
        occluded=int(np.searchsorted([0.05, 0.25, 0.5], occlusion, side="right"))
        if occlusion > 0.05
        else 0,
        truncation=float(truncation),
        truncated=bool(truncation > 0.15),
        depth=depth,
    )


def _decoys(rng: np.random.Generator) -> list[Decoy]:
    found = []
    for kind in rng.choice(list(_DECOYS), size=int(rng.integers(0, 3)), replace=False):
        width = float(rng.uniform(14, 50))
        bbox = (
            float(rng.uniform(0, WIDTH - width)),
            float(rng.uniform(60, 380)),
            width,
            1.9 * width,
        )
        label = "cyclist" if kind == "parked_bicycle" else "person"
        found.append(Decoy(kind=str(kind), rule=_DECOYS[kind], bbox=bbox, label=label))
    return found


def _moved(bbox: Sequence[float], outward: Sequence[float]) -> BBox:
    """A box whose left, top, right and bottom move by these px."""
    left, top = bbox[0] + outward[0], bbox[1] + outward[1]
    right, bottom = bbox[0] + bbox[2] + outward[2], bbox[1] + bbox[3] + outward[3]
    return (float(left), float(top), float(max(right - left, 1)), float(max(bottom - top, 1)))


def _area(bbox: Sequence[float]) -> float:
    return bbox[2] * bbox[3]
