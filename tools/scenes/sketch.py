"""A rough picture of a recipe without the renderer: what hides what, and what leaves the frame.

Things are boxes, seen through the camera of the recipe and painted on a coarse grid three times as
wide and high as the frame, the nearest first. Good enough to place things; the truth comes from
the renderer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from layouts import Street
from PIL import Image, ImageDraw

GRID = (320, 240)
"""Cells of the frame."""
NEAR = 0.3
"""Metres; what reaches nearer to the camera is not painted."""

_CAR = ((-0.5, 0.5, 1.0, 0.02, 0.62), (-0.42, 0.2, 0.86, 0.62, 1.0))
_VAN = ((-0.5, 0.5, 1.0, 0.02, 0.55), (-0.5, 0.32, 0.95, 0.55, 1.0))
_BLOCK = ((-0.5, 0.5, 1.0, 0.0, 1.0),)
_BODY = ((-0.4, 0.4, 0.8, 0.0, 0.8), (-0.2, 0.2, 0.4, 0.8, 1.0))
SHAPES = {
    "sedan": ((4.6, 1.82, 1.45), _CAR),
    "hatchback": ((4.0, 1.76, 1.5), _CAR),
    "estate": ((4.75, 1.83, 1.48), _CAR),
    "suv": ((4.5, 1.88, 1.72), _CAR),
    "compact_van": ((4.5, 1.85, 1.85), _VAN),
    "panel_van": ((5.4, 2.0, 2.35), _VAN),
    "parcel_van": ((6.1, 2.1, 2.75), _VAN),
    "truck": ((7.2, 2.3, 3.3), ((-0.5, 0.5, 1.0, 0.04, 0.74), (-0.5, 0.24, 1.0, 0.74, 1.0))),
    "small_truck": ((5.9, 2.3, 2.85), ((-0.5, 0.5, 1.0, 0.04, 0.84), (-0.5, 0.2, 1.0, 0.84, 1.0))),
    "flatbed": ((6.2, 2.15, 2.25), ((-0.5, 0.5, 1.0, 0.04, 0.63), (0.2, 0.46, 1.0, 0.63, 1.0))),
    "carrier": ((8.2, 2.3, 2.3), ((-0.5, 0.5, 1.0, 0.04, 0.45), (0.25, 0.47, 1.0, 0.45, 1.0))),
    "bus": ((11.6, 2.5, 3.2), ((-0.5, 0.5, 1.0, 0.1, 1.0),)),
    "trailer_box": ((2.7, 1.7, 1.8), _BLOCK),
    "trailer_open": ((2.7, 1.7, 1.15), _BLOCK),
    "walk": ((0.62, 0.45, 1.71), _BODY),
    "stand": ((0.35, 0.48, 1.71), _BODY),
    "phone": ((0.35, 0.48, 1.71), _BODY),
    "cyclist": ((1.75, 0.55, 1.72), ((-0.5, 0.5, 0.5, 0.0, 0.5), (-0.3, 0.15, 0.9, 0.5, 1.0))),
    "mount": ((1.75, 0.6, 1.75), ((-0.5, 0.5, 0.5, 0.0, 0.5), (-0.2, 0.3, 0.9, 0.5, 1.0))),
    "bicycle": ((1.75, 0.5, 1.05), _BLOCK),
    "sign": ((0.1, 0.72, 2.96), ((-0.5, 0.5, 1.0, 0.757, 1.0),)),
    "light": ((0.3, 0.44, 3.75), ((-0.5, 0.5, 1.0, 0.707, 1.0),)),
    "poster": ((0.2, 1.3, 2.35), _BLOCK),
    "statue": ((1.3, 1.3, 2.8), _BODY),
    "mannequin": ((0.5, 0.6, 1.75), _BODY),
    "street_mirror": ((0.2, 1.1, 3.1), ((-0.5, 0.5, 1.0, 0.67, 1.0),)),
    "column": ((1.3, 1.3, 3.7), _BLOCK),
    "planter": ((1.5, 1.5, 0.65), _BLOCK),
    "bush": ((1.3, 1.3, 1.25), _BODY),
    "bench": ((0.6, 1.7, 0.8), _BLOCK),
    "bin": ((0.55, 0.55, 0.95), _BLOCK),
    "tree": ((0.35, 0.35, 3.0), _BLOCK),
}
"""Kind -> (length, width, height) in m and boxes in shares of them: from and to along the length
(the front is positive), width, from and to in height."""
CROWD_HEIGHT = 1.7
TURNS = {"away": 0, "towards": math.pi, "left": math.pi / 2, "right": -math.pi / 2}


def shape_of(row):
    """(length, width, height) and boxes of a row as in ``SHAPES``, or None for flat things."""
    if row["kind"] == "crowd":
        wide, deep = row["spread"]
        return (deep, wide, CROWD_HEIGHT), ((0.0, 1.0, 1.0, 0.0, 1.0),)
    return SHAPES.get(row["kind"])


@dataclass(frozen=True)
class Seen:
    """What the sketch shows of one row: hidden share in the frame, share outside, box in px."""

    hidden: float
    outside: float
    box: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        return self.box[3]


class View:
    """The camera of a recipe over its street."""

    def __init__(self, street: Street, camera: dict, size=(640, 480)):
        self.street, self.size = street, size
        origin, target = (
            np.array([*street.pose(*camera[key][:2])[:2], camera[key][2]]) for key in ("at", "look")
        )
        forward = (target - origin) / np.linalg.norm(target - origin)
        right = np.cross(forward, (0, 0, 1))
        right /= np.linalg.norm(right)
        self.origin, self.axes = origin, np.stack([right, -np.cross(right, forward), forward])
        self.focal = size[0] / 2 / math.tan(math.radians(camera["fov"]) / 2)

    def project(self, points):
        """Pixel coordinates and depth in metres of world points of shape (n, 3)."""
        local = (np.asarray(points) - self.origin) @ self.axes.T
        depth = np.maximum(local[:, 2], 1e-6)
        return (
            local[:, 0] / depth * self.focal + self.size[0] / 2,
            local[:, 1] / depth * self.focal + self.size[1] / 2,
            local[:, 2],
        )

    def corners(self, row):
        """World corners of the boxes of a row, one array of shape (8, 3) for each."""
        (length, width, height), boxes = shape_of(row)
        x, y, heading = self.street.pose(*row["at"])
        turn = heading + TURNS[row.get("facing", "away")] + math.radians(row.get("turn", 0))
        base = row.get("height", self.street.surface_height(row["at"][0]))
        along, across = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))
        scale = row.get("scale", 1.0)
        for rear, front, share, low, high in boxes:
            yield np.array(
                [
                    (
                        x + scale * (a * length * along[0] + b * width * share * across[0]),
                        y + scale * (a * length * along[1] + b * width * share * across[1]),
                        base + scale * c * height,
                    )
                    for a in (rear, front)
                    for b in (-0.5, 0.5)
                    for c in (low, high)
                ]
            )

    def behind_houses(self, row) -> bool:
        """Whether a house front beside a bend stands between the camera and a row."""
        street = self.street
        x, y, _ = street.pose(*row["at"])
        for step in range(1, 20):
            share = step / 20
            across = street.across_of(
                self.origin[0] + (x - self.origin[0]) * share,
                self.origin[1] + (y - self.origin[1]) * share,
            )
            kind = street.right if across > 0 else street.left
            setback = street.half + street.pavement + (5.5 if kind == "houses" else 0.5)
            if abs(across) > setback:
                return True
        return False


def paint(view: View, row: dict):
    """(nearest depth in m, mask on the wide grid, box in px) of one row.

    None for flat things and for what is behind the camera, too near or hidden by houses.
    """
    if not shape_of(row):
        return None
    scale = GRID[0] / view.size[0]
    canvas = Image.new("1", (3 * GRID[0], 3 * GRID[1]))
    draw, nearest, limits = ImageDraw.Draw(canvas), math.inf, []
    for corners in view.corners(row):
        u, v, depth = view.project(corners)
        nearest = min(nearest, depth.min())
        if nearest < NEAR:
            return None
        limits.append((u.min(), v.min(), u.max(), v.max()))
        points = np.stack([u * scale + GRID[0], v * scale + GRID[1]], -1)
        draw.polygon([tuple(point) for point in _hull(points)], fill=1)
    if view.behind_houses(row):
        return None
    low, high = np.min(limits, 0)[:2], np.max(limits, 0)[2:]
    return nearest, np.asarray(canvas), (*low.tolist(), *(high - low).tolist())


def resolve(painted: list) -> list[Seen | None]:
    """What shows of each painted row where the nearest hides the others."""
    seen: list[Seen | None] = [None] * len(painted)
    inner = slice(GRID[1], 2 * GRID[1]), slice(GRID[0], 2 * GRID[0])
    covered = np.zeros((GRID[1], GRID[0]), bool)
    present = [(entry[0], index) for index, entry in enumerate(painted) if entry]
    for _, index in sorted(present):
        _, mask, box = painted[index]
        inside = mask[inner]
        if area := int(inside.sum()):
            hidden = int((inside & covered).sum()) / area
            seen[index] = Seen(hidden, 1 - area / int(mask.sum()), box)
        covered |= inside
    return seen


def _hull(points):
    """Convex hull of 2-D points in order (Andrew's monotone chain)."""
    ordered = sorted(map(tuple, points.tolist()))
    hull = []
    for sequence in (ordered, ordered[::-1]):
        chain = []
        for point in sequence:
            while len(chain) > 1 and _cross(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        hull += chain[:-1]
    return hull


def _cross(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
