"""Exact truth of one street picture from its raw passes: objects, decoys and the id map."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from renders import LAYOUTS
from scipy import ndimage

from labelschool.datasets.measure import (
    LEAST_PIXELS,
    OCCLUSION_RANGES,
    bounding_box,
    inside_frame,
    measure,
)
from labelschool.model import encode_mask

LEAST_DECOY, LEAST_REFLECTION = 30, 60
"""Decoys and reflections of fewer pixels are not listed."""
MOST_STRAY_PIXELS = 5
"""Visible pixels outside the full extent: two independent methods may differ by rounding."""
CRUMB_DISTANCE = 8
"""A fragment of at least 6 px within this many pixels of the rest belongs to the object."""

EVEN_SIGNS = ("yield", "no_entry")
"""Signs that their mirror image equals."""


class RecipeError(ValueError):
    """A picture does not show what its recipe says."""


def without_crumbs(mask):
    """Drop fragments nobody can see, for example between leaves: pieces below 6 px or below 1.5 %
    of the object that lie apart from the rest. A side mirror on a stalk too thin for a pixel lies
    near and stays.
    """
    pieces, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = ndimage.sum_labels(mask, pieces, range(1, count + 1))
    large = [index for index, size in enumerate(sizes, 1) if size >= max(6, 0.015 * mask.sum())]
    kept = np.isin(pieces, large)
    near = ndimage.distance_transform_edt(~kept) <= CRUMB_DISTANCE
    close = [index for index in set(np.unique(pieces[near])) - {0} if sizes[index - 1] >= 6]
    return kept | np.isin(pieces, close)


def full_extent(arrays, number):
    """(mask, (x, y)) of a whole object in the smallest window, which may leave the picture."""
    x0, y0, width, height = (int(value) for value in arrays[f"window_{number}"])
    mask = np.unpackbits(arrays[f"full_{number}"])[: width * height].reshape(height, width) > 0
    x, y, width, height = bounding_box(mask)
    return mask[y : y + height, x : x + width], (x0 + x, y0 + y)


def derive_object(entry, arrays, visible):
    """Truth of one labelled object whose visible mask is ``visible``."""
    full, offset = full_extent(arrays, entry["id"])
    if (visible & ~inside_frame(full, offset, visible.shape)).sum() > MOST_STRAY_PIXELS:
        raise ValueError(f"object {entry['id']}: ids and full extent disagree; render it again")
    return {
        "id": entry["id"],
        "label": entry["label"],
        **measure(visible, full, offset, entry["edge_cases"], entry["crowd"]),
        "depth": round(float(np.median(arrays["depth"][visible])), 2),
        "full": {"offset": offset, "rle": encode_mask(full)},
    }


def check_edge_cases(item, entry, found):
    """Raise if an object does not show the edge case it was placed for."""
    shares = set(OCCLUSION_RANGES)
    missing = set(entry["edge_cases"]) - set(found["edge_cases"])
    if shares & set(found["edge_cases"]):
        missing -= shares
    if missing or (entry["edge_cases"] and found["level"] != "must" and not found["crowd"]):
        raise RecipeError(
            f"{item} object {found['id']} ({found['label']}) was placed as "
            f"{entry['edge_cases']}, but occlusion is {found['occlusion']}, truncation "
            f"{found['truncation']}, box {found['bbox']}; move it in the recipe"
        )


def derive_decoys(entries, arrays):
    """What the guideline says not to label: posters, statues and parked bicycles, and what mirrors
    and puddles show.
    """
    by_id, decoys = {entry["id"]: entry for entry in entries}, []
    for entry in entries:
        mask = arrays["ids"] == entry["id"]
        if entry["decoy"] and mask.sum() >= LEAST_DECOY:
            decoys.append(entry["decoy"] | {"bbox": bounding_box(mask)})
        elif entry["surface"]:
            for seen in np.unique(arrays["reflected"][mask]):
                reflection = mask & (arrays["reflected"] == seen)
                label = by_id[seen]["label"] if seen in by_id else None
                if label and reflection.sum() >= LEAST_REFLECTION:
                    decoys.append(
                        {
                            "kind": entry["surface"],
                            "rule": 10,
                            "label": label,
                            "bbox": bounding_box(without_crumbs(reflection)),
                        }
                    )
    return decoys


def is_mirrorable(recipe) -> bool:
    """Whether nothing in a picture bears words or a figure that faces one way: no shop fronts, no
    posters, no signs but those whose two halves are alike. Number plates and the boards of buses
    are blank, and which side people drive on is no matter of the guideline.
    """
    street = replace(LAYOUTS[recipe["layout"]], **recipe.get("street", {}))
    return "town" not in (street.left, street.right, street.end) and not any(
        row["kind"] == "poster" or (row["kind"] == "sign" and row.get("variant") not in EVEN_SIGNS)
        for row in recipe.get("objects", [])
    )


def read_raw(raw: Path):
    """(recipe, entries, arrays) of the picture whose raw files start with ``raw``."""
    note = json.loads(raw.with_suffix(".json").read_text(encoding="utf-8"))
    with np.load(raw.with_suffix(".npz")) as loaded:
        return note["recipe"], note["entries"], {key: loaded[key] for key in loaded.files}


def derive_item(raw: Path, strict: bool = True):
    """(truth item, id map) of the picture whose raw files start with ``raw``.

    ``strict`` raises `RecipeError` where a placed edge case does not show.
    """
    recipe, entries, arrays = read_raw(raw)
    id_map, objects = np.zeros(arrays["ids"].shape, np.uint8), []
    for entry in entries:
        if not entry["label"]:
            continue
        visible = without_crumbs(arrays["ids"] == entry["id"])
        if visible.sum() < LEAST_PIXELS:
            if strict and entry["edge_cases"]:
                raise RecipeError(
                    f"{recipe['item']} object {entry['id']} ({entry['kind']}) was placed as "
                    f"{entry['edge_cases']} but cannot be seen"
                )
            continue
        found = derive_object(entry, arrays, visible)
        if strict:
            check_edge_cases(recipe["item"], entry, found)
        id_map[visible] = entry["id"]
        objects.append(found)
    decoys = derive_decoys(entries, arrays)
    named = set(recipe.get("edge", ())) | {decoy["kind"] for decoy in decoys}
    for found in objects:
        if found["level"] == "must" or found["crowd"]:
            named |= set(found["edge_cases"])
    if not objects:
        named.add("empty")
    height, width = id_map.shape
    item = {
        "item": recipe["item"],
        "image": f"images/{recipe['item']}.{'webp' if 'size' in recipe else 'jpg'}",
        "ids": f"ids/{recipe['item']}.png",
        "width": width,
        "height": height,
        "light": recipe.get("light", "day"),
        "weather": recipe.get("weather", "dry"),
        "scene": recipe["scene"],
        "mirrorable": is_mirrorable(recipe),
        "edge_cases": sorted(named),
        "objects": objects,
        "decoys": decoys,
    }
    return item, id_map
