"""The small data sets that are compared, and their labels as rows."""

from __future__ import annotations

import math
from typing import Any

from labelschool.formats import rasters
from labelschool.formats.dataset import (
    Box,
    Category,
    Dataset,
    Item,
    Keyframe,
    Label,
    Line,
    Mask,
    Polygon,
    Relation,
    Span,
    Track,
)

WIDTH, HEIGHT = 320, 200
CROWD = "crowd"
"""The class of the crowds, so that a row shows that it is one."""

Row = list[Any]
"""A label as (name of the item without suffix, class, kind, numbers)."""


def boxes() -> Dataset:
    """Boxes on whole px in four pictures and none in a fifth; class ids have gaps."""
    classes = [Category(2, "car"), Category(5, "собака"), Category(9, "traffic light")]
    names = ("plain", "имя 1", "a.b.c", "d", "empty")
    items = {n: Item(n, f"{name}.png", WIDTH, HEIGHT) for n, name in enumerate(names, 1)}
    labels = []
    for n in range(40):
        box = Box(7 * n % 200, 11 * n % 90, 10 + 13 * n % 100, 5 + 17 * n % 100)
        labels.append(Label(n + 1, n % 4 + 1, classes[n % 3], box))
    return Dataset(classes, items, labels)


def crowds() -> Dataset:
    """A box in each of six pictures, and a crowd in three of them."""
    car, crowd = Category(1, "car"), Category(4, CROWD)
    items = {n: Item(n, f"crowds {n}.png", WIDTH, HEIGHT) for n in range(1, 7)}
    labels = [Label(n, n, car, Box(10 * n, 20, 30, 40)) for n in items]
    for n in (1, 3, 5):
        corner = [100, 20, 160 + n, 20, 160 + n, 80, 100, 80]
        mask = rasters.filled(Polygon([corner]), WIDTH, HEIGHT)
        box = Box(100, 20, 60 + n, 60)
        labels.append(Label(10 + n, n, crowd, box, mask, crowd=True))
    return Dataset([car, crowd], items, labels)


def shapes() -> Dataset:
    """One picture with a label of every other kind."""
    car, lake, lane, dot, day = (
        Category(n, name) for n, name in enumerate(("car", "lake", "lane", "dot", "day"), 1)
    )
    hole = Polygon(
        [[50.5, 50.5, 150.5, 50.5, 150.5, 120.5, 50.5, 120.5]],
        [[70.5, 70.5, 90.5, 70.5, 90.5, 90.5]],
    )
    mask = rasters.filled(Polygon([[200, 20, 260, 20, 230, 90]]), WIDTH, HEIGHT)
    ring = rasters.filled(hole, WIDTH, HEIGHT)
    labels = [
        Label(1, 1, car, Box(40, 30, 60, 40, math.radians(30)), attributes={"parked": True}),
        Label(2, 1, lake, region=Polygon([[10.5, 10.5, 90.5, 15.5, 40.5, 80.5]])),
        Label(3, 1, lake, region=mask),
        Label(4, 1, lake, region=ring),
        Label(5, 1, lane, region=Line([5.5, 5.5, 40.5, 60.5, 99.5, 70.5])),
        Label(6, 1, dot, region=Line([12.5, 33.5])),
        Label(7, 1, day),
    ]
    return Dataset([car, lake, lane, dot, day], {1: Item(1, "shapes.png", WIDTH, HEIGHT)}, labels)


def clips() -> Dataset:
    """A clip with a track that leaves and comes back."""
    car = Category(1, "car")
    keys = [
        Keyframe(2, Box(10, 10, 40, 40)),
        Keyframe(6, Box(18, 10, 40, 40), occluded=True),
        Keyframe(8, Box(18, 10, 40, 40), outside=True),
        Keyframe(12, Box(60, 10, 40, 40)),
    ]
    items: dict[int | str, Item] = {1: Item(1, "clip.mp4", WIDTH, HEIGHT, frames=20, fps=10)}
    return Dataset([car], items, [Label(1, 1, car, shape=Track(keys))])


def rest() -> Dataset:
    """The clip, and a text with spans and a relation."""
    found = clips()
    person, likes = Category(2, "PER"), Category(3, "likes")
    labels = [
        *found.labels,
        Label(2, 2, person, shape=Span(0, 3)),
        Label(3, 2, person, shape=Span(10, 13)),
        Label(4, 2, likes, shape=Relation(2, 3)),
    ]
    items = {**found.items, 2: Item(2, "t.txt", text="Åsa likes Bob.")}
    return Dataset([*found.categories, person, likes], items, labels)


def rows_of(dataset: Dataset) -> list[Row]:
    """The labels of a data set as rows."""
    rows = []
    for label in dataset.labels:
        item = dataset.items[label.item]
        name = item.name.split("__", 1)[-1].rpartition("/")[2].removesuffix(".png")
        kind, numbers = numbers_of(label)
        rows.append([name, label.category.name, kind, numbers])
    return rows


def numbers_of(label: Label) -> tuple[str, list[float]]:
    if isinstance(label.region, Mask):
        crop, left, top = rasters.cropped(label.region)
        return "mask", [left, top, crop.shape[1], crop.shape[0], int(crop.sum())]
    if isinstance(label.region, Polygon):
        return "polygon", label.region.parts[0]
    if isinstance(label.region, Line):
        return "line", label.region.points
    if label.keypoints:
        return "keypoints", label.keypoints.values
    if label.box:
        box = label.box
        turn = [math.degrees(box.angle)] if box.angle else []
        return "box", [box.x, box.y, box.w, box.h, *turn]
    if isinstance(label.shape, Span):
        return "span", [label.shape.start, label.shape.end]
    return "tag", []
