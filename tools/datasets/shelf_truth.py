"""Exact truth of one shelf picture from its raw passes, by guideline G2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import renders  # noqa: F401  (adds tools/scenes to the path)
from sku_book import twins as read_twins
from street_truth import MOST_STRAY_PIXELS, full_extent, read_raw

from labelschool.datasets.measure import LEAST_PIXELS, bounding_box, inside_frame, measure
from labelschool.model import encode_mask

OTHER = "brand-other"
"""Label of a unit whose label art is covered."""
ART_SEEN, TWIN_ART_SEEN = 0.35, 0.50
"""Least share of the label art that tells the article, and that tells it from a near-identical
one.
"""
MOST_TRUNCATED = 0.50
GLARE_SHARE, COVERED_SHARE = 0.15, 0.05
"""Share of an object's visible pixels that a lamp lights up in the glass, and of its whole extent
that a hand or a cart hides, from which on it is that edge case.
"""
MIRRORED_SHARE = 0.50
"""An object that is seen through a pane is ignored where the pane mirrors products over it."""
LEAST_DECOY = 60


def derive_shelf(raw: Path) -> tuple[dict, np.ndarray]:
    """(truth item, id map) of the picture whose raw files start with ``raw``."""
    return shelf_truth(*read_raw(raw))


def shelf_truth(recipe: dict, entries: list[dict], arrays: dict) -> tuple[dict, np.ndarray]:
    """(truth item, id map) of a picture or a part of one, from its passes.

    Ids are numbered anew from 1. Raises ValueError where ids and full extents disagree.
    """
    twins = read_twins()
    objects, masks = [], []
    for entry in entries:
        if not entry["label"] or f"full_{entry['id']}" not in arrays:
            continue
        full, offset = full_extent(arrays, entry["id"])
        seen = arrays["ids"] == entry["id"]
        visible = seen & inside_frame(full, offset, seen.shape)
        if (seen & ~visible).sum() > MOST_STRAY_PIXELS:
            raise ValueError(
                f"{recipe['item']} object {entry['id']}: ids and full extent disagree; render it "
                "again"
            )
        if visible.sum() >= LEAST_PIXELS:
            objects.append(_object(entry, entries, arrays, visible, (full, offset), twins))
            masks.append(visible)
    id_map = np.zeros(arrays["ids"].shape, np.uint8 if len(objects) < 256 else np.uint16)
    for number, (found, visible) in enumerate(zip(objects, masks, strict=True), 1):
        found["id"] = number
        id_map[visible] = number
    _mark_twins(objects, twins)
    decoys = list(_decoys(entries, arrays))
    height, width = id_map.shape
    item = {
        "item": recipe["item"],
        "image": f"images/{recipe['item']}.jpg",
        "ids": f"ids/{recipe['item']}.png",
        "width": width,
        "height": height,
        "light": "day",
        "weather": "dry",
        "scene": recipe["scene"],
        "objects": objects,
        "decoys": decoys,
    }
    return item | {"edge_cases": shown_cases(item)}, id_map


def _object(entry, entries, arrays, visible, extent, twins):
    """Truth of one facing, tag or gap whose visible mask is ``visible``; ``extent`` is its whole
    mask and the place of that.
    """
    full, offset = extent
    inside = inside_frame(full, offset, visible.shape)
    found = measure(visible, full, offset)
    unit = entry["kind"] == "unit"
    cases = set(found["edge_cases"]) | (set(entry["edge_cases"]) - {"near_identical"})
    kind_of = {each["id"]: each["kind"] for each in entries}
    for number, kind in kind_of.items():
        if kind in ("hand", "cart"):
            hidden = inside & ~visible & (arrays["ids"] == number)
            if hidden.sum() >= COVERED_SHARE * inside.sum():
                cases.add(kind)
    mirrored = arrays["mirrored"][visible]
    lamps = [number for number, kind in kind_of.items() if kind == "lamp"]
    units = [number for number, kind in kind_of.items() if kind == "unit"]
    if np.isin(mirrored, lamps).mean() >= GLARE_SHARE:
        cases.add("glare")
    ignored = (
        (unit and entry["depth_row"] > 0)
        or found["truncation"] > MOST_TRUNCATED
        or np.isin(mirrored, units).mean() >= MIRRORED_SHARE
    )
    label = entry["label"]
    if unit and not _is_readable(entry, arrays, visible, label in twins):
        label = OTHER
        cases.add("art_covered")
    if entry["kind"] == "gap":
        cases.add("gap")
    return found | {
        "id": entry["id"],
        "label": label,
        "level": "ignore" if ignored else found["level"],
        "depth": round(float(np.median(arrays["depth"][visible].astype(float))), 2),
        "row": entry["row"] + 1,
        "full": {"offset": offset, "rle": encode_mask(full)},
        "edge_cases": sorted(cases),
    }


def _is_readable(entry, arrays, visible, has_twin):
    """Whether enough label art is in sight to name the article."""
    x, y, width, height = (int(value) for value in arrays[f"window_{entry['id']}"])
    art = np.unpackbits(arrays[f"art_{entry['id']}"])[: width * height].reshape(height, width) > 0
    seen = inside_frame(art, (x, y), visible.shape) & visible
    share = seen.sum() / max(1, art.sum())
    return entry["readable"] and share >= (TWIN_ART_SEEN if has_twin else ART_SEEN)


def _mark_twins(objects, twins):
    """Facings whose near-identical article stands in the same picture."""
    present = {found["label"] for found in objects if found["level"] == "must"}
    for found in objects:
        if found["level"] == "must" and twins.get(found["label"]) in present:
            found["edge_cases"] = sorted({*found["edge_cases"], "near_identical"})


def _decoys(entries, arrays) -> Iterator[dict]:
    """Posters, and front units that panes and polished walls mirror (rule 6)."""
    for entry in entries:
        if entry["kind"] == "poster":
            mask = arrays["ids"] == entry["id"]
        elif entry["kind"] == "mirrored" or (entry["kind"] == "unit" and entry["depth_row"] == 0):
            mask = arrays["mirrored"] == entry["id"]
        else:
            continue
        if mask.sum() >= LEAST_DECOY:
            decoy = entry["decoy"] or {"kind": "reflection", "rule": 6, "label": entry["label"]}
            yield decoy | {"bbox": bounding_box(mask)}


def shown_cases(item: dict) -> list[str]:
    """All edge cases of the objects that count and of the decoys."""
    counted = [found for found in item["objects"] if found["level"] == "must"]
    named = {name for found in counted for name in found["edge_cases"]}
    return sorted(named | {decoy["kind"] for decoy in item["decoys"]})
