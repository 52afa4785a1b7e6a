"""The label store behind the labs: the SQLite database of the data set `labels_db`.

A label that was deleted stays in the store with the time of its deletion; it is in no export and in
no answer of the API.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from labelschool import datasets
from labelschool.errors import LabelSchoolError

_LIVE = """
FROM labels JOIN items ON items.id = labels.item_id JOIN batches ON batches.id = items.batch_id
WHERE batches.name = :batch AND labels.deleted_at IS NULL
"""


class NoBatch(LabelSchoolError):
    """A batch that the store does not have."""


Box = tuple[int, int, str, Sequence[float]]
"""Id of a label, id of its picture, name of its class, and left, top, width and height."""


def coco_table(
    description: str, images: Sequence[Mapping[str, Any]], boxes: Sequence[Box]
) -> dict[str, Any]:
    """A COCO table of pictures and boxes; the classes are those of the boxes, by name."""
    names = sorted({name for _, _, name, _ in boxes})
    ids = {name: number for number, name in enumerate(names, 1)}
    return {
        "info": {"description": description},
        "images": list(images),
        "categories": [{"id": number, "name": name} for name, number in ids.items()],
        "annotations": [
            {
                "id": id_,
                "image_id": image,
                "category_id": ids[name],
                "bbox": list(bbox),
                "area": bbox[2] * bbox[3],
                "iscrowd": 0,
                "segmentation": [],
            }
            for id_, image, name, bbox in boxes
        ],
    }


class LabelStore:
    """The batches of a label store, read only. Lengths are pixels, times UTC.

    By default it is the store that is shipped, also where an instructor has another for grading:
    lessons and their questions speak of this one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or datasets.file("labels_db", "labels.db", own=False)

    def count(self, batch: str) -> int:
        """How many labels a batch has. Raises `NoBatch`."""
        with self._reading(batch) as store:
            return store.execute(f"SELECT count(*) {_LIVE}", {"batch": batch}).fetchone()[0]

    def annotations(self, batch: str, after: int = 0, limit: int = -1) -> list[dict[str, Any]]:
        """The labels of a batch with an id above `after`, in the order of ids, `limit` at most.

        Each brings its picture. Raises `NoBatch`.
        """
        query = f"""
            SELECT labels.id, annotator_id, class, x, y, w, h, created_at,
                   item_id, file, width, height
            {_LIVE} AND labels.id > :after ORDER BY labels.id LIMIT :limit
        """
        values = {"batch": batch, "after": after, "limit": limit}
        with self._reading(batch) as store:
            return [
                {
                    "id": row["id"],
                    "image": {
                        "id": row["item_id"],
                        "file_name": row["file"],
                        "width": row["width"],
                        "height": row["height"],
                    },
                    "category": row["class"],
                    "bbox": [row["x"], row["y"], row["w"], row["h"]],
                    "annotator": row["annotator_id"],
                    "created_at": row["created_at"],
                }
                for row in store.execute(query, values)
            ]

    def coco(self, batch: str) -> dict[str, Any]:
        """A batch as a COCO table, with the class names as they stand in the store.

        Pictures without labels are in it. Raises `NoBatch`.
        """
        query = """
            SELECT items.id, file AS file_name, width, height
            FROM items JOIN batches ON batches.id = batch_id WHERE name = ? ORDER BY items.id
        """
        with self._reading(batch) as store:
            images = [dict(row) for row in store.execute(query, (batch,))]
        boxes = [
            (row["id"], row["image"]["id"], row["category"], row["bbox"])
            for row in self.annotations(batch)
        ]
        return coco_table(f"Label School, labels_db, {batch}", images, boxes)

    def tasks(self, batch: str) -> list[dict[str, Any]]:
        """The pictures of a batch as tasks to import into a project. Raises `NoBatch`."""
        query = """
            SELECT items.id, file, width, height
            FROM items JOIN batches ON batches.id = batch_id WHERE name = ? ORDER BY items.id
        """
        with self._reading(batch) as store:
            return [
                {
                    "external_id": f"item-{row['id']}",
                    "image": row["file"],
                    "width": row["width"],
                    "height": row["height"],
                }
                for row in store.execute(query, (batch,))
            ]

    @contextmanager
    def _reading(self, batch: str) -> Iterator[sqlite3.Connection]:
        """A connection of the calling thread, once it is clear that the batch exists."""
        with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as store:
            store.row_factory = sqlite3.Row
            names = [name for (name,) in store.execute("SELECT name FROM batches ORDER BY id")]
            if batch not in names:
                raise NoBatch(
                    f"There is no batch {batch!r}: the store has {names[0]} to {names[-1]}."
                )
            yield store
