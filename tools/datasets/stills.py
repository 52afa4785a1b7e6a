"""What parts16 and figures12 share: pictures of `render_shapes.py` whose truth comes from ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, picture_entry, write_pool
from paths import RAW
from photo import contact_sheet, write_photo
from renders import read_recipes, render_missing
from street_truth import read_raw
from streets import shares

Rows = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class PictureSet:
    """What a set has of its own.

    ``field`` is where its truth keeps the records, each with ``edge_cases``;
    ``records_of(recipe, entries, arrays)`` gives those of one picture, ``rows_of`` the rows of the
    datasheet that are counted from all records, and ``entry_of`` what a learner may know.
    """

    modality: str
    guideline: str
    field: str
    records_of: Callable[[Mapping, Sequence[Mapping], Mapping], list[dict[str, Any]]]
    rows_of: Callable[[Sequence[Mapping[str, Any]]], Rows]
    motivation: str
    making: str
    gaps: str
    entry_of: Callable[[Mapping[str, Any]], dict[str, Any]] = picture_entry

    def build(self, name: str) -> None:
        """Write ``datasets/NAME``; starts the renderer for pictures that are missing."""
        render_missing(name, script="render_shapes.py")
        pools = {}
        for recipe in read_recipes(name):
            item = self.truth_of(RAW / name / recipe["item"])
            pools.setdefault(recipe["pool"], []).append(item)
        folder = fresh_folder(name, "images")
        for pool, items in pools.items():
            for item in items:
                write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], "day")
            entries = [self.entry_of(item) for item in items]
            write_pool(folder, pool, self.modality, self.guideline, entries, items)
        every = [item for items in pools.values() for item in items]
        contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET)
        finish(folder, self.guideline, self._datasheet(pools))

    def truth_of(self, raw: Path) -> dict[str, Any]:
        """The truth of the picture whose raw files start with ``raw``."""
        recipe, entries, arrays = read_raw(raw)
        records = self.records_of(recipe, entries, arrays)
        height, width = arrays["ids"].shape
        return {
            "item": recipe["item"],
            "image": f"images/{recipe['item']}.jpg",
            "width": width,
            "height": height,
            "scene": recipe["scene"],
            "edge_cases": sorted({case for found in records for case in found["edge_cases"]}),
            self.field: records,
        }

    def _datasheet(self, pools: Mapping[str, Sequence[Mapping]]) -> Datasheet:
        items = [item for found in pools.values() for item in found]
        records = [found for item in items for found in item[self.field]]
        return Datasheet(
            motivation=self.motivation,
            composition=[
                ("pools", ", ".join(f"{pool} {len(found)}" for pool, found in pools.items())),
                ("sizes", shares(f"{item['width']} x {item['height']}" for item in items)),
                *self.rows_of(records),
            ],
            making=self.making,
            gaps=self.gaps,
            edge_cases=list(Counter(c for found in records for c in found["edge_cases"]).items()),
        )
