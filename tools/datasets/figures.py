"""People with nine keypoints: figures12."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from stills import PictureSet, Rows

from labelschool.datasets.measure import bounding_box

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


def figures_of(recipe: Mapping, entries: Sequence[Mapping], arrays: Mapping) -> list[dict]:
    """The people of a picture."""
    return [figure_of(entry, arrays) for entry in entries]


def rows_of(figures: Sequence[Mapping[str, Any]]) -> Rows:
    """Rows of the datasheet, counted from all people."""
    heights = [figure["bbox"][3] for figure in figures]
    points = [point for figure in figures for point in figure["points"]]
    hidden = Counter(point["name"] for point in points if point["visibility"] == 1)
    by_name = ", ".join(f"{name} {count}" for name, count in hidden.most_common())
    yield "people", len(figures)
    yield "height of a person", f"{min(heights):.0f} to {max(heights):.0f} px"
    yield "points", len(points)
    yield "hidden points", f"{hidden.total()}: {by_name}"


build = PictureSet(
    modality="keypoints",
    guideline="G13.v1",
    field="figures",
    records_of=figures_of,
    rows_of=rows_of,
    motivation=MOTIVATION,
    making=MAKING,
    gaps=GAPS,
).build
