"""The truth of a picture set in the form of COCO (https://cocodataset.org/#format-data)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from labelschool.datasets import places, registry
from labelschool.datasets.places import DataError
from labelschool.model import KeypointTruth, MaskTruth, Rle, Truth, TruthItem, encode_mask


def to_coco(name: str, pool: str) -> dict[str, Any]:
    """One pool as a COCO table that pycocotools loads.

    Boxes bring the run lengths of their visible pixels where the set has id maps. An object that
    does not count has ``ignore`` 1; pycocotools' evaluation knows crowds alone, so leave such
    objects out before you evaluate with it. Raises `DataError` for a set without pictures of
    objects.
    """
    truth = registry.truth(name, pool)
    described = isinstance(truth[0], TruthItem | MaskTruth | KeypointTruth) if truth else False
    if not described or any(getattr(entry, "labels", ()) for entry in truth):
        raise DataError(f"{name} holds no objects in pictures, which is what COCO describes.")
    images, annotations, labels = [], [], {}
    for number, entry in enumerate(truth, 1):
        images.append(
            {
                "id": number,
                "file_name": entry.image.removeprefix(places.WHEEL),
                "width": entry.width,
                "height": entry.height,
                "license": 1,
            }
        )
        for row in _rows(entry, name):
            labels.setdefault(row["label"], row)
            annotations.append({"id": len(annotations) + 1, "image_id": number, **row})
    ids = {label: index for index, label in enumerate(sorted(labels), 1)}
    categories = [{"id": index, "name": label} for label, index in ids.items()]
    for category in categories:
        if "keypoints" in labels[category["name"]]:
            category |= {"keypoints": list(truth[0].names), "skeleton": []}
    for row in annotations:
        row["category_id"] = ids[row.pop("label")]
    licence = {
        "id": 1,
        "name": "CC0 1.0",
        "url": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    return {
        "info": {"description": f"Label School, {name}, {pool} pool"},
        "licenses": [licence],
        "categories": categories,
        "images": images,
        "annotations": annotations,
    }


@singledispatch
def _rows(truth: Truth, name: str) -> Iterable[dict[str, Any]]:
    raise TypeError(type(truth).__name__)


@_rows.register(TruthItem)
def _(truth: TruthItem, name: str) -> Iterable[dict[str, Any]]:
    ids = _id_map(name, truth.ids) if truth.ids else None
    for obj in truth.objects:
        segmentation = [] if ids is None else _run_lengths(encode_mask(ids == obj.id))
        yield {
            "label": obj.label,
            "bbox": list(obj.bbox),
            "area": obj.area,
            "iscrowd": int(obj.crowd),
            "ignore": int(obj.level == "ignore"),
            "segmentation": segmentation,
            "attributes": {"occluded": obj.occluded, "truncated": obj.truncated},
        }


@_rows.register(MaskTruth)
def _(truth: MaskTruth, name: str) -> Iterable[dict[str, Any]]:
    for obj in truth.objects:
        yield {
            "label": obj.label,
            "bbox": list(obj.bbox),
            "area": obj.area,
            "iscrowd": 0,
            "ignore": int(obj.level == "ignore"),
            "segmentation": _run_lengths(obj.rle),
        }


@_rows.register(KeypointTruth)
def _(truth: KeypointTruth, name: str) -> Iterable[dict[str, Any]]:
    for figure in truth.figures:
        flat = [value for point in figure.points for value in (point.x, point.y, point.visibility)]
        yield {
            "label": "person",
            "bbox": list(figure.bbox),
            "area": figure.area,
            "iscrowd": 0,
            "segmentation": [],
            "keypoints": flat,
            "num_keypoints": sum(point.visibility > 0 for point in figure.points),
        }


def _run_lengths(rle: Rle) -> Mapping[str, Any]:
    return {"size": list(rle.size), "counts": rle.counts}


def _id_map(name: str, file: str) -> Any:
    import numpy as np
    from PIL import Image

    with Image.open(registry.file(name, file)) as picture:
        return np.asarray(picture)
