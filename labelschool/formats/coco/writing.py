"""Writing COCO files, row by row."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from labelschool.formats import rasters, rle, shapes
from labelschool.formats.contract import DEFAULT, Loss, Losses, Options
from labelschool.formats.dataset import Box, Category, Dataset, Item, Label, Line, Mask, Polygon
from labelschool.formats.files import safe_name

_OUTSIDE = ("ignore", "score", "track_id")
"""Attributes that tools look for beside the box and not among the attributes."""

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def write(dataset: Dataset, folder: Path, options: Options = DEFAULT) -> list[Loss]:
    """``annotations.json``, or ``instances_SPLIT.json`` for each split."""
    losses = Losses()
    items = list(shapes.pictures(dataset, losses))
    numbered = not all(type(item.id) is int for item in items)
    ids = {item.id: number if numbered else item.id for number, item in enumerate(items, 1)}
    categories = _category_ids(dataset.categories)
    files: dict[str, _Out] = {}
    try:
        for item in items:
            if item.split not in files:
                split = safe_name(item.split, "the source").replace("/", "_") if item.split else ""
                name = f"instances_{split}.json" if split else "annotations.json"
                files[item.split] = _Out(folder / name, dataset, categories)
            files[item.split].row(_image_row(item, ids[item.id]))
        if not items:
            files[""] = _Out(folder / "annotations.json", dataset, categories)
        for out in files.values():
            out.next_list("annotations")
        writer = _Rows(dataset, ids, categories, losses)
        for split, row in writer.rows():
            files[split].row(row)
    finally:
        for out in files.values():
            out.close()
    return losses.list()


def _category_ids(categories: Iterable[Category]) -> dict[int, int]:
    """The id of each category by its identity: its own, or a number where ids are not unique."""
    found = list(categories)
    ids = [category.id for category in found]
    own = len(set(ids)) == len(ids) and all(type(id_) is int for id_ in ids)
    return {id(each): each.id if own else number for number, each in enumerate(found, 1)}


class _Out:
    """A file that is written entry by entry."""

    def __init__(self, path: Path, dataset: Dataset, ids: Mapping[int, int]) -> None:
        self._stream = path.open("x", encoding="utf-8", newline="\n")
        head: dict[str, Any] = {"info": dict(dataset.about)}
        with contextlib.suppress(KeyError, ValueError, TypeError):
            head["licenses"] = json.loads(dataset.about["licenses"])
            del head["info"]["licenses"]
        head["categories"] = [_category_row(each, ids[id(each)]) for each in dataset.categories]
        self._stream.write(_dumps(head)[:-1])
        self._between = ""
        self._stream.write(',\n"images":[')

    def next_list(self, key: str) -> None:
        self._stream.write(f'],\n"{key}":[')
        self._between = ""

    def row(self, row: Mapping[str, Any]) -> None:
        self._stream.write(f"{self._between}\n{_dumps(row)}")
        self._between = ","

    def close(self) -> None:
        with self._stream:
            self._stream.write("]}\n")


def _category_row(category: Category, id_: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": id_, "name": category.name}
    if category.group:
        row["supercategory"] = category.group
    if category.keypoints:
        row["keypoints"] = list(category.keypoints)
        row["skeleton"] = [[a + 1, b + 1] for a, b in category.skeleton]
    return row


def _image_row(item: Item, id_: int) -> dict[str, Any]:
    row = {"id": id_, "file_name": item.name, "width": item.width, "height": item.height}
    return {**item.attributes, **row} if item.attributes else row


class _Rows:
    """Makes the rows of annotations, and counts what they cannot hold."""

    def __init__(
        self,
        dataset: Dataset,
        ids: Mapping[int | str, int],
        categories: Mapping[int, int],
        losses: Losses,
    ) -> None:
        self._dataset, self._ids, self._categories = dataset, ids, categories
        self._losses = losses

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Rows with the splits they belong to. Ids that are numbers are kept; other labels come
        last and are numbered after them.
        """
        items = self._dataset.items
        waiting, last = [], 0
        for label in self._dataset.labels:
            if label.item not in self._ids or shapes.lost(label, self._losses):
                continue
            row = self._row(label)
            split = items[label.item].split
            if type(label.id) is int:
                last = max(last, label.id)
                yield split, row
            else:
                waiting.append((split, row))
        for number, (split, row) in enumerate(waiting, last + 1):
            row["id"] = number
            yield split, row

    def _row(self, label: Label) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": label.id,
            "image_id": self._ids[label.item],
            "category_id": self._categories[id(label.category)],
        }
        box, area = shapes.bounds(label), label.area
        segmentation = self._segmentation(label)
        if box is not None:
            row["bbox"] = [box.x, box.y, box.w, box.h]
        if area is None:
            area = _area(label, segmentation, box)
        row["area"] = area
        row["segmentation"] = segmentation
        row["iscrowd"] = int(label.crowd)
        if label.keypoints:
            row["keypoints"] = label.keypoints.values
            row["num_keypoints"] = sum(seen > 0 for seen in label.keypoints.values[2::3])
        if label.attributes:
            inner = dict(label.attributes)
            row |= {key: inner.pop(key) for key in _OUTSIDE if key in inner}
            if inner:
                row["attributes"] = inner
        return row

    def _segmentation(self, label: Label) -> Any:
        region, box = label.region, label.box
        if isinstance(region, Line):
            self._losses.changed("lines", "written as boxes")
        if isinstance(region, Polygon):
            if not region.holes:
                return region.parts
            item = self._dataset.items[label.item]
            try:
                if not (item.width and item.height):
                    raise ValueError("the size of the picture is not known")
                region = rasters.filled(region, int(item.width), int(item.height))
                self._losses.changed("polygons with holes", "written as masks")
            except ValueError:
                self._losses.changed("polygons with holes", "written without their holes")
                return region.parts
        if isinstance(region, Mask):
            # pycocotools takes lists of numbers for crowds, and text for anything.
            runs = region.runs
            plain = label.crowd or isinstance(runs, str)
            return {
                "size": [region.height, region.width],
                "counts": runs if plain else rle.pack(runs),
            }
        if box is not None and box.angle:
            self._losses.changed("rotated boxes", "written as polygons and enclosing boxes")
            return [shapes.corners(box)]
        return []


def _area(label: Label, segmentation: Any, box: Box | None) -> float:
    """The area in px² that the file did not tell."""
    if isinstance(segmentation, dict):
        counts = segmentation["counts"]
        return sum((rle.unpack(counts) if isinstance(counts, str) else counts)[1::2])
    if segmentation:
        return sum(map(rasters.area, segmentation))
    return box.w * box.h if box else 0
