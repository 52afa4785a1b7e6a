"""People with nine keypoints: figures12."""

from __future__ import annotations

from collections import Counter

import cutouts
import numpy as np
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import contact_sheet, write_photo
from renders import read_recipes

from labelschool.datasets.measure import bounding_box

GUIDELINE = "G13.v1"
REACH = {"nose": 0.05, "shoulder": 0.14, "wrist": 0.09, "hip": 0.17, "ankle": 0.1}
"""Joint -> metres: a joint is seen where the visible surface of its person lies at most so far in
front of it, which is the thickness of the body there. More would let a nose shine through a head.
"""
AWAY, CROSSED_PX = 0.35, 4
"""A person is seen from behind if the cosine between facing and viewing exceeds the first number;
wrists are crossed if they lie the other way round than the shoulders, so many px apart."""
MOTIVATION = """One or two people in a street, a park, before a shop or in a sports hall, for
exercise 2.D: nine points, the subject's own left and right, hidden joints."""
MAKING = """Rendered, not photographs: bodies, clothes and places are made by our own code (Blender
bpy 5.0.1 by `tools/scenes`, truth by `tools/datasets`). Recipes stand in
`tools/scenes/recipes/figures12.toml`, poses in `tools/scenes/figure_poses.py`. The nine points are
a subset of the seventeen of COCO: nose, and left and right shoulder, wrist, hip and ankle. They are
the joints of the skeleton in the picture. Guideline G13: 2 is seen, 1 is hidden but clear. A joint
is seen where the pixel at it shows its person and the surface there is not farther in front of it
than the body is thick: """ + ", ".join(f"{joint} {metres} m" for joint, metres in REACH.items())
MAKING += """. `bbox` and `area` are those of the visible person without bags and bicycles. Edge
cases of a figure: `from_behind`, `crossed` (wrists the other way round than shoulders), `hidden` (a
point of visibility 1), `overlap` (another person in front of or behind it)."""
GAPS = """Bodies are simplified: faces without expression, cloth without seams, mitten-like grips.
Nobody is cut by the border and no point is of visibility 0. Nobody is seen in a mirror. Hip and
shoulder are the middle of the joint, which annotators place on the surface by eye. Cycles may give
slightly different pixels on another processor, so the committed files, not a new render, are the
reference."""


def visible(x: float, y: float, depth: float, name: str, number: int, arrays: dict) -> bool:
    """Whether the joint ``name`` of person ``number`` at pixel x, y and ``depth`` m can be seen."""
    height, width = arrays["ids"].shape
    row, column = int(y), int(x)
    if not (0 <= row < height and 0 <= column < width) or arrays["ids"][row, column] != number:
        return False
    return depth - arrays["depth"][row, column] <= REACH[name.split("_")[-1]]


def figure_of(entry: dict, arrays: dict) -> dict:
    """A `TruthFigure`, as a mapping, of the person that ``entry`` describes."""
    mask = arrays["ids"] == entry["id"]
    height, width = mask.shape
    points, places = [], {}
    for name, (x, y, depth) in entry["joints"].items():
        if not (0 <= x < width and 0 <= y < height):
            raise SystemExit(f"the {name} of person {entry['id']} lies outside the picture")
        seen = visible(x, y, depth, name, entry["id"], arrays)
        places[name] = x
        points.append(
            {"name": name, "x": round(x, 1), "y": round(y, 1), "visibility": 2 if seen else 1}
        )
    sides = [places[f"left_{joint}"] - places[f"right_{joint}"] for joint in ("shoulder", "wrist")]
    cases = {
        "from_behind": entry["away"] > AWAY,
        "crossed": sides[0] * sides[1] < 0 and abs(sides[1]) >= CROSSED_PX,
        "hidden": any(point["visibility"] == 1 for point in points),
        "overlap": _touch(mask, (arrays["ids"] > 0) & ~mask),
    }
    return {
        "id": entry["id"],
        "bbox": bounding_box(mask),
        "area": int(mask.sum()),
        "points": points,
        "edge_cases": [name for name, shown in cases.items() if shown],
    }


def _touch(mask: np.ndarray, other: np.ndarray) -> bool:
    beside = np.zeros_like(other)
    beside[1:] |= other[:-1]
    beside[:, 1:] |= other[:, :-1]
    return bool((mask & beside).any())


def truth_of(name: str, recipe: dict) -> dict:
    """The truth of one picture."""
    _, entries, arrays = cutouts.read_raw(RAW / name / recipe["item"])
    figures = [figure_of(entry, arrays) for entry in entries]
    height, width = arrays["ids"].shape
    return {
        "item": recipe["item"],
        "image": f"images/{recipe['item']}.jpg",
        "width": width,
        "height": height,
        "scene": recipe["scene"],
        "edge_cases": sorted({case for figure in figures for case in figure["edge_cases"]}),
        "figures": figures,
    }


def build(name: str) -> None:
    """Write ``datasets/figures12``; starts the renderer for pictures that are missing."""
    cutouts.render_missing(name)
    pools = {}
    for recipe in read_recipes(name):
        pools.setdefault(recipe["pool"], []).append(truth_of(name, recipe))
    folder = fresh_folder(name, "images")
    for pool, items in pools.items():
        for item in items:
            write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], "day")
        entries = [
            {key: item[key] for key in ("item", "image", "width", "height")} for item in items
        ]
        write_pool(folder, pool, "keypoints", GUIDELINE, entries, items)
    every = [item for items in pools.values() for item in items]
    contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET, 5)
    finish(folder, GUIDELINE, describe(pools))


def describe(pools: dict) -> Datasheet:
    """The datasheet, counted from the items."""
    figures = [figure for items in pools.values() for item in items for figure in item["figures"]]
    heights = [figure["bbox"][3] for figure in figures]
    hidden = Counter(
        point["name"]
        for figure in figures
        for point in figure["points"]
        if point["visibility"] == 1
    )
    return Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("pools", ", ".join(f"{pool} {len(items)}" for pool, items in pools.items())),
            ("size", "640 x 480"),
            ("people", len(figures)),
            ("height of a person", f"{min(heights):.0f} to {max(heights):.0f} px"),
            ("points", 9 * len(figures)),
            ("hidden points", ", ".join(f"{name} {count}" for name, count in hidden.most_common())),
        ],
        making=MAKING,
        gaps=GAPS,
        edge_cases=[
            *Counter(case for figure in figures for case in figure["edge_cases"]).items(),
            ("hidden points", hidden.total()),
        ],
    )
