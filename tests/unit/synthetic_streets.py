"""Street-like truth without pictures.

`street` places road users on a road in perspective and paints them far to near, so that visible and
full extent, occlusion and truncation are consistent with each other as in the rendered sets.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelschool.model import BBox, Decoy, TruthBox, TruthItem
from labelschool.scoring.matching import clipped, enclosing

WIDTH, HEIGHT = 640, 480
CLASSES = ("car", "van", "truck", "bus", "person", "cyclist")
ATTRIBUTES = ("occluded", "truncated", "crowd", "unsure")

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
_DECOYS = {"poster": 9, "statue": 9, "reflection": 10, "mirror": 10, "parked_bicycle": 11}


def street(
    rng: np.random.Generator, items: int, objects: tuple[int, int] = (8, 17)
) -> list[TruthItem]:
    """Truth of `items` pictures, each with up to `objects` placed road users."""
    return [_picture(rng, f"synthetic-{n:02d}", int(rng.integers(*objects))) for n in range(items)]


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


def _area(bbox: Sequence[float]) -> float:
    return bbox[2] * bbox[3]
