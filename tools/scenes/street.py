# SPDX-License-Identifier: GPL-3.0-or-later
"""Streets: the road's surface and what stands along it. Positions as in ``layouts``."""

from __future__ import annotations

import math
import random

import kit
import materials
from buildings import FACADES, HOUSES
from layouts import LAYOUTS, PAVEMENT_HEIGHT, Street
from library import TREES

__all__ = ["LAYOUTS", "PAVEMENT_HEIGHT", "Street", "build_surface", "build_surroundings"]


def _band(street, name, first, last, start, stop, bottom, top, material, step=2.5):
    """Solid band between two across positions, swept along the street."""
    rows = max(1, math.ceil((stop - start) / step))
    vertices, faces = [], []
    for row in range(rows + 1):
        along = start + (stop - start) * row / rows
        left, right = street.pose(first, along)[:2], street.pose(last, along)[:2]
        vertices += [(*left, bottom), (*left, top), (*right, top), (*right, bottom)]
    for row in range(rows):
        here, after = 4 * row, 4 * row + 4
        faces += [(here + i, here + i + 1, after + i + 1, after + i) for i in range(3)]
    faces += [(0, 3, 2, 1), (4 * rows, 4 * rows + 1, 4 * rows + 2, 4 * rows + 3)]
    created = kit.mesh_object(name, vertices, faces, [material])
    kit.recalculate_normals(created.data)
    return created


def build_surface(street: Street, chance: random.Random, wet: bool):
    """Road, patches, pavements, kerbs, markings and the ground beyond."""
    half, edge = street.half, street.half + street.pavement
    paving = materials.plain(
        "paving_wet" if wet else "paving",
        (0.13, 0.125, 0.12) if wet else (0.27, 0.26, 0.245),
        0.35 if wet else 0.85,
        bump=0.2,
        bump_scale=12,
        variation=0.15,
        variation_scale=0.8,
    )
    kerb = materials.plain("kerb", (0.33, 0.32, 0.3), 0.8, variation=0.1)
    paint = materials.plain("road_paint", (0.58, 0.58, 0.56), 0.7, variation=0.3, variation_scale=2)
    grass = materials.plain(
        "grass",
        (0.055, 0.085, 0.022),
        0.95,
        bump=0.6,
        bump_scale=14,
        variation=0.3,
        variation_scale=0.5,
    )
    green = "town" not in (street.left, street.right)
    kit.box("ground", (0, 150, -0.12), (700, 700, 0.1), grass if green else paving)
    gap = (street.crossing - 5, street.crossing + 5.5) if street.crossing else None
    _band(street, "road", -half, half, -15, street.length + 20, -0.1, 0, materials.asphalt(wet))
    if gap:
        kit.box(
            "side_street",
            (0, (gap[0] + gap[1]) / 2, -0.052),
            (90, gap[1] - gap[0], 0.1),
            materials.asphalt(wet),
        )
    patch = materials.plain(
        "asphalt_patch",
        (0.02, 0.02, 0.021) if wet else (0.055, 0.054, 0.052),
        0.3 if wet else 0.85,
        bump=0.2,
        bump_scale=30,
    )
    for index in range(5):
        along, across = chance.uniform(4, 60), chance.uniform(-half + 1.2, half - 1.2)
        if gap and gap[0] - 10 < along < gap[1]:
            continue
        reach = chance.uniform(0.4, 1.1)
        _band(
            street,
            "patch",
            across - reach,
            across + reach,
            along,
            along + chance.uniform(1.2, 5),
            0,
            0.002 + 0.0006 * index,
            patch,
        )
    for _ in range(3):
        x, y, _heading = street.pose(chance.uniform(-half + 1.5, half - 1.5), chance.uniform(6, 40))
        kit.lathe(
            "manhole",
            [(1e-3, 0.005), (0.33, 0.005), (0.34, 0)],
            [
                materials.plain(
                    "manhole", (0.05, 0.05, 0.05), 0.5, metallic=0.5, bump=0.8, bump_scale=25
                )
            ],
            location=(x, y, 0),
        )
    stretches = (
        [(-15, gap[0]), (gap[1], street.length + 20)] if gap else [(-15, street.length + 20)]
    )
    for side in (-1, 1):
        for start, stop in stretches:
            inner, outer = sorted((side * half, side * edge))
            _band(street, "pavement", inner, outer, start, stop, -0.1, PAVEMENT_HEIGHT, paving)
            inner, outer = sorted((side * (half - 0.02), side * (half + 0.16)))
            _band(street, "kerb", inner, outer, start, stop, -0.1, PAVEMENT_HEIGHT + 0.006, kerb)
            if (street.left, street.right)[side > 0] != "town":
                inner, outer = sorted((side * edge, side * (edge + 60)))
                _band(street, "lawn", inner, outer, start, stop, -0.05, 0.10, grass)
    _markings(street, gap, paint)


def _markings(street, gap, paint):
    """Dashed centre line, parking bay lines and zebra crossing."""
    along = -8.0
    while street.centre_line and along < street.length:
        if not gap or not gap[0] - 6.5 < along < gap[1] + 1:
            _band(street, "dash", -0.065, 0.065, along, along + 2.2, 0, 0.006, paint)
        along += 5
    if street.parking_lines:
        for side in (-1, 1):
            inner, outer = sorted((side * (street.half - 2.15), side * (street.half - 2.05)))
            for start in range(-6, 90, 3):
                if not gap or not gap[0] - 5 < start < gap[1] + 1:
                    _band(street, "bay", inner, outer, start, start + 1.5, 0, 0.006, paint)
    if gap:
        for index in range(int(street.width / 0.95)):
            across = -street.half + 0.5 + index * 0.95
            _band(
                street, "zebra", across, across + 0.5, gap[0] - 4.2, gap[0] - 1.2, 0, 0.006, paint
            )
        _band(
            street, "stop_line", 0.15, street.half - 0.2, gap[0] - 6, gap[0] - 5.6, 0, 0.006, paint
        )


def _row_of_fronts(street, side, kind, meshes, chance):
    """Facades or houses along the whole street on one side (+1 right, -1 left)."""
    gap = (street.crossing - 6.5, street.crossing + 7) if street.crossing else (1e9, 1e9)
    names = (
        [(f"facade_{seed}", width) for seed, width, _ in FACADES]
        if kind == "town"
        else [(f"house_{seed}", 10.0) for seed in HOUSES]
    )
    setback = street.half + street.pavement + (0 if kind == "town" else 5.5)
    along, previous = -14.0, None
    while along < street.length:
        name, width = chance.choice([entry for entry in names if entry[0] != previous])
        if along < gap[1] and along + width > gap[0]:
            along = gap[1]
            continue
        first, last = (along, along + width) if side > 0 else (along + width, along)
        x0, y0, _ = street.pose(side * setback, first)
        x1, y1, _ = street.pose(side * setback, last)
        kit.place(meshes[name], name, (x0, y0, 0), math.atan2(y1 - y0, x1 - x0) - math.pi / 2)
        previous, along = name, along + width + (0 if kind == "town" else chance.uniform(4, 7))


def _green_side(street, side, meshes, chance):
    """Park edge: a hedge with groups of trees behind it."""
    edge = street.half + street.pavement
    along = -8.0
    while along < street.length:
        if not street.crossing or abs(along - street.crossing) > 9:
            x, y, heading = street.pose(side * (edge + 0.6), along)
            kit.place(meshes["hedge"], "hedge", (x, y, 0.1), heading - math.pi / 2)
        along += 4
    for _ in range(34):
        x, y, _heading = street.pose(
            side * (edge + chance.uniform(3, 26)), chance.uniform(6, street.length)
        )
        kit.place(
            meshes[f"tree_{chance.choice(TREES)}"],
            "park_tree",
            (x, y, 0.05),
            chance.uniform(0, 6),
            scale=chance.uniform(0.9, 1.5),
        )


def _far_end(street, meshes, chance):
    """Close the view: house fronts across the street or a belt of trees with a roofline behind."""
    x, y, heading = street.pose(0, street.length)
    if street.end == "town":
        offset = 36.0
        while offset > -36:
            seed, width, _ = chance.choice(FACADES)
            right = (math.sin(heading) * offset, -math.cos(heading) * offset)
            kit.place(
                meshes[f"facade_{seed}"],
                "end_facade",
                (x + right[0], y + right[1] + 14, 0),
                heading,
            )
            offset -= width
    for _ in range(16 if street.end == "town" else 46):
        offset, depth = (
            chance.uniform(-30, 30),
            chance.uniform(2, 9) if street.end == "town" else chance.uniform(0, 30),
        )
        if street.end == "town" and abs(offset) < 9:
            continue
        right = (math.sin(heading) * offset, -math.cos(heading) * offset)
        kit.place(
            meshes[f"tree_{chance.choice(TREES)}"],
            "end_tree",
            (x + right[0], y + right[1] + depth, 0),
            chance.uniform(0, 6),
            scale=chance.uniform(1.0, 1.6),
        )


def _kerb_side(street, meshes, chance, free):
    """Trees and lamps along the kerb, bins here and there; returns the lamps' (x, y, heading).

    ``free`` tests a place.
    """
    lamps = []
    for side, name in ((-1, "left"), (1, "right")):
        along, turn = chance.uniform(9, 13), chance.randrange(2)
        while along < street.length - 10:
            turn += 1
            clear = not street.crossing or not street.crossing - 9 < along < street.crossing + 9
            x, y, heading = street.pose(side * (street.half + 0.8), along)
            if clear and turn % 2 and name in street.lamps:
                kit.place(
                    meshes["lamp"],
                    "lamp",
                    (x, y, 0.1),
                    heading - math.pi / 2 + (math.pi if side < 0 else 0),
                )
                lamps.append(
                    (x - side * 1.75 * math.sin(heading), y + side * 1.75 * math.cos(heading))
                )
            elif clear and name in street.trees and free(side * (street.half + 0.8), along):
                kit.place(
                    meshes[f"tree_{chance.choice(TREES)}"],
                    "tree",
                    (x, y, 0.1),
                    chance.uniform(0, 6),
                    scale=chance.uniform(0.85, 1.15),
                )
            elif clear and chance.random() < 0.5 and free(side * (street.half + 0.8), along):
                kit.place(
                    meshes[chance.choice(("bin", "bollard", "bollard"))],
                    "furniture",
                    (x, y, PAVEMENT_HEIGHT),
                )
            along += chance.uniform(8, 12)
    return lamps


def build_surroundings(street, meshes, chance, free):
    """Buildings, greenery, far end and kerb furniture; returns the lamp head positions (x, y)."""
    for side, kind in ((-1, street.left), (1, street.right)):
        if kind == "park":
            _green_side(street, side, meshes, chance)
        else:
            _row_of_fronts(street, side, kind, meshes, chance)
    if street.crossing:
        for side in (-1, 1):
            kit.place(
                meshes["facade_3"],
                "side_end",
                (side * 44, street.crossing - side * 7, 0),
                0 if side > 0 else math.pi,
            )
            for _ in range(5):
                kit.place(
                    meshes[f"tree_{chance.choice(TREES)}"],
                    "side_tree",
                    (side * chance.uniform(30, 40), street.crossing + chance.uniform(-8, 9), 0),
                    chance.uniform(0, 6),
                )
    _far_end(street, meshes, chance)
    return _kerb_side(street, meshes, chance, free)
