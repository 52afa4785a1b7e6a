"""Writing YOLO labels in the layout of Ultralytics: data.yaml, and ``labels/SPLIT/NAME.txt``.

Every picture gets a file, an empty one where it has no object. Classes are numbered from 0 in the
order of `Dataset.categories`. What leaves its picture is cut at the border, since trainers drop a
picture with numbers outside 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import yaml

from labelschool.errors import LabelSchoolError
from labelschool.formats import shapes, sizes
from labelschool.formats.contract import DEFAULT, Loss, Losses, Options
from labelschool.formats.dataset import Box, Category, Dataset, Item, Label, Mask, Polygon
from labelschool.formats.files import safe_name
from labelschool.formats.output import Folder

ROUNDING = 1e-6
"""A part of a picture's side that is lost by writing six decimals."""

Row = Callable[[Label, Item, Losses], str | None]


def writer(row: Row, kind: str) -> Callable[[Dataset, Path, Options], list[Loss]]:
    """The writer of a kind of YOLO by the numbers it writes after the class."""

    def write(dataset: Dataset, folder: Path, options: Options = DEFAULT) -> list[Loss]:
        losses = Losses()
        items = sizes.known(dataset.items, options.pictures)
        dataset = Dataset(dataset.categories, items, dataset.labels, dataset.about)
        pictures = list(shapes.pictures(dataset, losses))
        keypoints = max((len(each.keypoints) for each in dataset.categories), default=0)
        if kind == "pose" and not keypoints:
            raise LabelSchoolError("There is no class with keypoints to write: use --to yolo.")
        numbers = partial(row, count=keypoints) if kind == "pose" else row
        rows = _rows(dataset, pictures, numbers, options, losses)
        out = Folder(folder)
        for item in pictures:
            name = safe_name(item.name, "the source")
            stem = name.rpartition(".")[0] or name
            above = f"labels/{safe_name(item.split, 'the source')}/" if item.split else "labels/"
            out.put(f"{above}{stem}.txt", "".join(rows[item.id]))
            if item.attributes:
                losses.dropped("pictures' attributes")
        if kind == "pose":
            losses.dropped("skeletons", count=len({c.skeleton for c in dataset.categories} - {()}))
        elif count := sum(bool(each.keypoints) for each in dataset.categories):
            losses.dropped("classes' names of keypoints", count=count)
        out.put("data.yaml", _table(dataset.categories, pictures, kind, keypoints))
        losses.dropped("notes on the whole data set", count=len(dataset.about))
        losses.dropped("classes' groups", count=sum(bool(c.group) for c in dataset.categories))
        return losses.list()

    return write


def _table(categories: Iterable[Category], items: list[Item], kind: str, keypoints: int) -> str:
    splits = list(dict.fromkeys(item.split for item in items if item.split))
    folders = {split: f"images/{split}" for split in splits} or {"train": "images", "val": "images"}
    table: dict[str, object] = {"path": ".", **folders}
    if kind == "pose":
        table["kpt_shape"] = [keypoints, 3]
        table["kpt_names"] = {
            index: list(each.keypoints) for index, each in enumerate(categories) if each.keypoints
        }
    table["names"] = {index: each.name for index, each in enumerate(categories)}
    return yaml.safe_dump(table, allow_unicode=True, sort_keys=False)


def _rows(
    dataset: Dataset,
    pictures: list[Item],
    row: Row,
    options: Options,
    losses: Losses,
) -> dict[int | str, list[str]]:
    """The rows of each picture."""
    rows: dict[int | str, list[str]] = {item.id: [] for item in pictures}
    items = dataset.items
    indexes = {id(each): str(index) for index, each in enumerate(dataset.categories)}
    for label in shapes.objects(dataset, rows, options, losses):
        numbers = row(label, items[label.item], losses)
        if numbers is not None:
            rows[label.item].append(f"{indexes[id(label.category)]} {numbers}\n")
            if label.attributes:
                losses.dropped("labels' attributes")
    return rows


# The numbers after the class ---------------------------------------------------------------------


def detect(label: Label, item: Item, losses: Losses) -> str | None:
    """Centre and size of the box."""
    box = shapes.box_alone(label, losses)
    return None if box is None else _box(box, item, losses)


def _box(box: Box, item: Item, losses: Losses) -> str | None:
    x, y, w, h = box.x, box.y, box.w, box.h
    width, height = item.width, item.height
    right, bottom = x + w, y + h
    if x < 0 or y < 0 or right > width or bottom > height:
        spare_x, spare_y = width * ROUNDING, height * ROUNDING
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(right, width), min(bottom, height)
        if left >= right or top >= bottom:
            losses.dropped("boxes outside their picture")
            return None
        if x < -spare_x or y < -spare_y or x + w > width + spare_x or y + h > height + spare_y:
            losses.changed("boxes that leave their picture", "cut at its border")
        x, y, w, h = left, top, right - left, bottom - top
    return f"{(x + w / 2) / width:.6f} {(y + h / 2) / height:.6f} {w / width:.6f} {h / height:.6f}"


def segment(label: Label, item: Item, losses: Losses) -> str | None:
    """The points of one outline, to which parts and holes are joined."""
    region = label.region
    if label.keypoints is not None:
        losses.dropped("figures of keypoints")
    if isinstance(region, Mask):
        try:
            region = shapes.outlines(region)
            losses.changed("masks", "written as outlines")
        except ValueError:
            losses.changed("broken or huge masks", "written as outlines of their boxes")
    if not isinstance(region, Polygon) or not region.parts:
        box = label.box or shapes.bounds(label)
        if box is None:
            losses.dropped("objects without an extent")
            return None
        if region is None:
            losses.changed("boxes", "written as outlines")
        return _points(shapes.corners(box), item, losses)
    if len(region.parts) + len(region.holes) > 1:
        losses.changed("polygons of several rings", "written as one ring")
        return _points(_one_ring(region), item, losses)
    return _points(region.parts[0], item, losses)


def _one_ring(polygon: Polygon) -> list[float]:
    """All rings joined by lines there and back at their closest corners; holes run backwards."""
    from scipy.spatial import cKDTree

    rings = [_turned(part, clockwise=True) for part in polygon.parts]
    rings += [_turned(hole, clockwise=False) for hole in polygon.holes]
    joined = rings[0]
    for ring in rings[1:]:
        distances, nearest = cKDTree(joined).query(ring)
        other = int(distances.argmin())
        at = int(nearest[other])
        joined = [*joined[: at + 1], *ring[other:], *ring[: other + 1], *joined[at:]]
    return [value for point in joined for value in point]


def _turned(ring: list[float], *, clockwise: bool) -> list[tuple[float, float]]:
    points = list(zip(ring[0::2], ring[1::2], strict=True))
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    if (sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) > 0) != clockwise:
        points.reverse()
    return points


def obb(label: Label, item: Item, losses: Losses) -> str | None:
    """The corners of the turned box."""
    box = label.box
    if box is None:
        box = shapes.enclosing(label, losses)
    elif label.region is not None:
        losses.changed(shapes.region_kind(label), "written as boxes")
    if label.keypoints is not None:
        losses.changed("figures of keypoints", "written as boxes")
    return None if box is None else _points(shapes.corners(box), item, losses)


def pose(label: Label, item: Item, losses: Losses, count: int = 0) -> str | None:
    """Centre and size of the box, then x, y and visibility of `count` keypoints."""
    points = label.keypoints
    if points is None:
        losses.dropped("objects without keypoints")
        return None
    box = label.box
    if box is None or box.angle:
        box = shapes.enclosing(label, losses)
    elif label.region is not None:
        losses.changed(shapes.region_kind(label), "written as boxes")
    numbers = None if box is None else _box(box, item, losses)
    if numbers is None:
        return None
    values = points.values
    parts = [numbers]
    for x, y, seen in zip(values[0::3], values[1::3], values[2::3], strict=True):
        u, v = (x / item.width, y / item.height) if seen > 0 else (0.0, 0.0)
        if not (0 <= u <= 1 and 0 <= v <= 1):
            losses.changed("keypoints outside their picture", "moved to its border")
            u, v = min(max(u, 0), 1), min(max(v, 0), 1)
        parts.append(f"{u:.6f} {v:.6f} {seen:g}")
    return " ".join([*parts, *["0 0 0"] * (count - len(values) // 3)])


def _points(values: list[float], item: Item, losses: Losses) -> str:
    """Points as parts of the picture's size, moved to the border where they leave it."""
    sides = (item.width, item.height)
    shares = [value / sides[index % 2] for index, value in enumerate(values)]
    if min(shares) < 0 or max(shares) > 1:
        if min(shares) < -ROUNDING or max(shares) > 1 + ROUNDING:
            losses.changed("outlines that leave their picture", "cut at its border")
        shares = [min(max(share, 0), 1) for share in shares]
    return " ".join(f"{share:.6f}" for share in shares)
