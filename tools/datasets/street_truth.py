"""Exact truth of one picture from its raw passes: boxes, areas, hidden and cut-off shares, levels
and decoys.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy import ndimage

MUST_VISIBLE, MUST_SIDE = 0.40, 12
"""An object must be found if at least this share is visible and its shorter side has this many
pixels.
"""
EDGE_VISIBLE, EDGE_HEIGHT = 0.10, 6
"""The same for objects placed as a named edge case (G1 rule 8)."""
OCCLUSION_STEPS = (0.05, 0.25, 0.50)
"""G1 rule 6: more than 5 % hidden is level 1, from 25 % level 2, from 50 % level 3."""
TRUNCATED_ABOVE = 0.15
"""G1 rule 7."""
SMALL_HEIGHT = 16
LEAST_PIXELS = 12
"""Objects with fewer visible pixels are left out."""
LEAST_REFLECTION = 60
"""Reflections of fewer pixels are not listed as decoys."""
MOST_STRAY_PIXELS = 5
"""Visible pixels outside the full extent: two independent methods may differ by rounding."""
CRUMB_DISTANCE = 8
"""A fragment of at least 6 px within this many pixels of the rest belongs to the object."""
EDGE_RANGES = {
    "occluded_20": (0.08, 0.35),
    "occluded_50": (0.35, 0.65),
    "occluded_80": (0.65, 0.90),
}


class RecipeError(ValueError):
    """A picture does not show what its recipe says."""


def bounding_box(mask):
    """[x, y, width, height] of the true pixels."""
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    return [
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    ]


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


def occlusion_level(hidden):
    """Level 0 to 3 by G1 rule 6."""
    if hidden <= OCCLUSION_STEPS[0]:
        return 0
    return 1 + sum(hidden >= step for step in OCCLUSION_STEPS[1:])


def is_must(hidden, box, named, crowd):
    """The level rule of the data contract."""
    if crowd:
        return False
    visible, (_, _, width, height) = round(1 - hidden, 4), box
    return (visible >= MUST_VISIBLE and min(width, height) >= MUST_SIDE) or (
        bool(named) and visible >= EDGE_VISIBLE and height >= EDGE_HEIGHT
    )


def full_mask(arrays, number, shape):
    """(mask inside the frame, pixels outside the frame, full box) from the wider sensor."""
    x0, y0, width, height = (int(value) for value in arrays[f"window_{number}"])
    mask = (
        np.unpackbits(arrays[f"full_{number}"])[: width * height]
        .reshape(height, width)
        .astype(bool)
    )
    inside = np.zeros(shape, bool)
    top, left, bottom, right = (
        max(0, y0),
        max(0, x0),
        min(shape[0], y0 + height),
        min(shape[1], x0 + width),
    )
    if bottom > top and right > left:
        inside[top:bottom, left:right] = mask[top - y0 : bottom - y0, left - x0 : right - x0]
    box = bounding_box(mask)
    return inside, int(mask.sum() - inside.sum()), [box[0] + x0, box[1] + y0, box[2], box[3]]


def united(first, second):
    """Smallest box around two boxes."""
    left, top = min(first[0], second[0]), min(first[1], second[1])
    return [
        left,
        top,
        max(first[0] + first[2], second[0] + second[2]) - left,
        max(first[1] + first[3], second[1] + second[3]) - top,
    ]


def derive_object(entry, arrays, visible):
    """Truth of one labelled object whose visible mask is ``visible``."""
    inside, outside, full_box = full_mask(arrays, entry["id"], visible.shape)
    if (visible & ~inside).sum() > MOST_STRAY_PIXELS:
        raise ValueError(f"object {entry['id']}: ids and full extent disagree; render it again")
    inside |= visible
    hidden = 1 - visible.sum() / inside.sum()
    truncation = outside / (outside + inside.sum())
    box, named = bounding_box(visible), set(entry["edge_cases"])
    must = is_must(hidden, box, named, entry["crowd"])
    if must:
        named |= {"occluded"} if hidden > OCCLUSION_STEPS[0] else set()
        named |= {"truncated"} if truncation > TRUNCATED_ABOVE else set()
        named |= {"small"} if box[3] < SMALL_HEIGHT else set()
    return {
        "id": entry["id"],
        "label": entry["label"],
        "bbox": box,
        "amodal_bbox": united(full_box, box),
        "area": int(visible.sum()),
        "level": "must" if must else "ignore",
        "occlusion": round(float(hidden), 4),
        "occluded": occlusion_level(round(float(hidden), 4)),
        "truncation": round(float(truncation), 4),
        "truncated": bool(truncation > TRUNCATED_ABOVE),
        "crowd": entry["crowd"],
        "depth": round(float(np.median(arrays["depth"][visible])), 2),
        "edge_cases": sorted(named),
    }


def check_edge_cases(item, found):
    """Raise if an object does not show the edge case it was placed for."""
    for name in found["edge_cases"]:
        low, high = EDGE_RANGES.get(name, (-1, 2))
        wrong = not low <= found["occlusion"] <= high or (
            name in ("occluded", "tree_hidden") and found["occluded"] == 0
        )
        wrong |= (name == "truncated" and not found["truncated"]) or (
            name == "small" and found["bbox"][3] >= SMALL_HEIGHT
        )
        if wrong or (found["level"] != "must" and not found["crowd"]):
            raise RecipeError(
                f"{item} object {found['id']} ({found['label']}) was placed as {name}, but "
                f"occlusion is {found['occlusion']}, truncation {found['truncation']}, "
                f"box {found['bbox']}; move it in the recipe"
            )


def derive_decoys(entries, arrays):
    """What the guideline says not to label: posters, statues and parked bicycles, and what mirrors
    and puddles show.
    """
    by_id, decoys = {entry["id"]: entry for entry in entries}, []
    for entry in entries:
        mask = arrays["ids"] == entry["id"]
        if entry["decoy"] and mask.sum() >= 30:
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


def derive_item(raw: Path, strict: bool = True):
    """(truth item, id map) of the picture whose raw files start with ``raw``.

    ``strict`` checks the placed edge cases.
    """
    note = json.loads(raw.with_suffix(".json").read_text(encoding="utf-8"))
    recipe, entries = note["recipe"], note["entries"]
    with np.load(raw.with_suffix(".npz")) as loaded:
        arrays = {key: loaded[key] for key in loaded.files}
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
            check_edge_cases(recipe["item"], found)
        id_map[visible] = entry["id"]
        objects.append(found)
    decoys = derive_decoys(entries, arrays)
    height, width = id_map.shape
    named = {
        name
        for found in objects
        if found["level"] == "must" or found["crowd"]
        for name in found["edge_cases"]
    } | {decoy["kind"] for decoy in decoys}
    item = {
        "item": recipe["item"],
        "image": f"images/{recipe['item']}.jpg",
        "ids": f"ids/{recipe['item']}.png",
        "width": width,
        "height": height,
        "light": recipe.get("light", "day"),
        "weather": recipe.get("weather", "dry"),
        "scene": recipe["scene"],
        "edge_cases": sorted(named) if objects or decoys else ["empty"],
        "objects": objects,
        "decoys": decoys,
    }
    if not objects and decoys:
        item["edge_cases"] = sorted(named | {"empty"})
    return item, id_map
