# SPDX-License-Identifier: GPL-3.0-or-later
"""Places for pictures of people: street, park, shop front and sports hall. The camera looks along
+y, people stand around the origin on z = 0; metres.
"""

from __future__ import annotations

import random

import kit
import lighting
import materials
import part_places
import part_scene
from part_shapes import leaves, wood

FACADE_WIDTHS = {0: 9, 1: 11, 2: 12, 3: 14, 4: 10, 5: 13, 7: 9, 8: 12}
"""Facade of the library -> its width in metres."""


def build(recipe: dict, meshes: dict) -> None:
    """Set up ``recipe["place"]`` from the library ``meshes``.

    Raises KeyError for a place that is not known.
    """
    makers = {"street": _street, "park": _park, "shop": _shop, "hall": _hall}
    makers[recipe["place"]](recipe, meshes, random.Random(recipe["seed"]))
    if recipe["place"] == "hall":
        part_places.room_light(recipe.get("side", "left"), 0.3, "floor")
    else:
        lighting.set_world("day", "dry", *recipe.get("sun", (42, 150)))


def _facades(meshes, numbers, y, left):
    """A row of fronts that look towards the camera, from ``left`` to the right."""
    for number in numbers:
        left += FACADE_WIDTHS[number]
        kit.place(meshes[f"facade_{number}"], "facade", (left, y, 0), 1.5708)


def _slabs(low, high, chance):
    """Paving from y = ``low`` to ``high``."""
    bed = materials.plain("joint", (0.09, 0.085, 0.08), 1.0)
    kit.box("bed", (0, (low + high) / 2, -0.06), (30, high - low, 0.1), bed)
    for row in range(int((high - low) / 0.603)):
        for column in range(18):
            grey = chance.choice((0.2, 0.22, 0.235, 0.25))
            slab = materials.plain(
                f"slab_{grey}",
                (grey, grey * 0.98, grey * 0.94),
                0.9,
                bump=0.2,
                bump_scale=60,
                variation=0.15,
                variation_scale=6,
            )
            at = (-5.4 + 0.603 * column, low + 0.3 + 0.603 * row, -0.03)
            kit.box("slab", at, (0.6, 0.6, 0.06), slab, 0.004)


def _street(recipe, meshes, chance):
    _slabs(-4.5, 1.6, chance)
    stone = materials.plain("kerb", (0.3, 0.29, 0.28), 0.85, variation=0.1)
    kit.box("kerb", (0, 1.62, -0.06), (30, 0.14, 0.12), stone, 0.01)
    kit.box("road", (0, 5.4, -0.2), (60, 7.6, 0.16), materials.asphalt(False))
    kit.box("far_walk", (0, 11, -0.06), (60, 3.6, 0.12), stone)
    _facades(meshes, recipe.get("facades", (2, 5, 8)), 12.6, -18)
    for kind, x, color in recipe.get("cars", ()):
        kit.place(meshes[kind], "car", (x, 3.0, -0.12), 0.0 if x < 0 else 3.1416, tuple(color))
    kit.place(meshes["lamp"], "lamp", (recipe.get("lamp", 3.2), 1.3, 0), 1.5708)


def _park(recipe, meshes, chance):
    lawn = materials.plain(
        "lawn",
        (0.085, 0.15, 0.035),
        0.95,
        bump=1.0,
        bump_scale=40,
        variation=0.45,
        variation_scale=2,
    )
    kit.box("lawn", (0, 10, -0.1), (70, 50, 0.2), lawn)
    path = materials.plain(
        "path",
        (0.36, 0.31, 0.24),
        0.95,
        bump=0.8,
        bump_scale=50,
        variation=0.25,
        variation_scale=30,
    )
    kit.box("path", (0, -0.4, -0.085), (40, 3.4, 0.18), path)
    blades = []
    for _ in range(2600):
        foot = (chance.uniform(-5, 5), 1.3 + chance.expovariate(0.7), 0)
        lean = (chance.uniform(-0.6, 0.6), chance.uniform(-0.6, 0.6), 1)
        blades.append((foot, lean, chance.uniform(0.05, 0.13)))
    green = materials.plain("blade", (0.09, 0.2, 0.04), 0.8, variation=0.4, variation_scale=3)
    leaves("grass", blades, green, 0.08, 0.3)
    for index in range(9):
        x, y = -16 + 4 * index + chance.uniform(-1, 1), chance.uniform(9, 20)
        kit.place(meshes[f"tree_{chance.randrange(6)}"], "tree", (x, y, 0), chance.uniform(0, 6))
    for index in range(14):
        x = -16 + 2.4 * index
        kit.place(
            meshes[f"bush_{index % 2}"],
            "bush",
            (x, 21 + chance.uniform(-1, 1), 0),
            chance.uniform(0, 6),
            scale=1.7,
        )


def _shop(recipe, meshes, chance):
    _slabs(-4.5, 1.7, chance)
    numbers = recipe.get("facades", (1, 3))
    _facades(meshes, numbers, 1.75, -FACADE_WIDTHS[numbers[0]] + recipe.get("shift", 3.0))


def _hall(recipe, meshes, chance):
    for row in range(56):
        for column in range(4):
            shade = chance.randrange(4)
            beech = wood("hall_floor", (0.46 + 0.02 * shade, 0.29 + 0.012 * shade, 0.15), grain=6)
            x = -4.5 + column * 2.4 + (row % 3) * 0.8
            kit.box("board", (x, -3.2 + row * 0.121, -0.01), (2.397, 0.119, 0.02), beech, 0.001)
    for at, size, color in (
        ((0, 0.9, 0.0005), (14, 0.06, 0.001), (0.5, 0.05, 0.04)),
        ((-1.4, -1.0, 0.0006), (0.06, 8, 0.001), (0.05, 0.12, 0.4)),
    ):
        kit.box("line", at, size, materials.plain(f"line_{color[0]}", color, 0.4))
    kit.box(
        "wall",
        (0, 2.9, 1.9),
        (16, 0.1, 4.4),
        materials.plain(
            "hall_wall", tuple(recipe.get("tone", (0.5, 0.52, 0.5))), 0.9, bump=0.08, bump_scale=50
        ),
    )
    kit.box(
        "pads",
        (0, 2.83, 0.75),
        (16, 0.06, 1.5),
        materials.plain("pads", (0.06, 0.16, 0.2), 0.7, bump=0.03, bump_scale=200),
    )
    pine = wood("wall_bars", (0.5, 0.33, 0.17))
    for field in range(2):
        left = -2.3 + 2.6 * field
        for x in (left, left + 0.95):
            kit.box("post", (x, 2.72, 1.3), (0.05, 0.1, 2.6), pine, 0.008)
        for step in range(14):
            z = 0.15 + 0.18 * step
            kit.tube("bar", (left, 2.7, z), (left + 0.95, 2.7, z), 0.019, 0.019, pine)


def bench(color):
    """A bench of 1.6 m along x with its back at +y, its seat 43 cm high."""
    planks, iron = (
        wood("bench_planks", color),
        materials.plain("bench_iron", (0.03, 0.03, 0.032), 0.5),
    )
    parts = []
    for y, z in ((-0.17, 0.415), (-0.03, 0.415), (0.11, 0.415), (0.25, 0.62), (0.28, 0.77)):
        upright = z > 0.5
        size = (1.6, 0.03, 0.12) if upright else (1.6, 0.125, 0.03)
        parts.append(kit.box("plank", (0, y, z), size, planks, 0.006))
    for x in (-0.62, 0.62):
        parts.append(kit.box("leg", (x, -0.16, 0.2), (0.05, 0.05, 0.4), iron, 0.006))
        parts.append(kit.tube("post", (x, 0.2, 0), (x, 0.3, 0.83), 0.025, 0.02, iron))
        parts.append(kit.box("beam", (x, 0.02, 0.38), (0.05, 0.42, 0.04), iron, 0.006))
    return kit.join(parts, "bench")


def crate(color):
    """A closed carton, 46 x 30 x 30 cm."""
    board = materials.plain("crate_board", color, 0.85, bump=0.1, bump_scale=60, variation=0.1)
    tape = materials.plain("crate_tape", (0.5, 0.38, 0.2), 0.3)
    parts = [kit.box("carton", (0, 0, 0.15), (0.46, 0.3, 0.3), board, 0.004)]
    parts.append(kit.box("tape", (0, 0, 0.15), (0.462, 0.05, 0.302), tape))
    return kit.join(parts, "crate")


def gym_box(color):
    """A low box to sit on, 43 cm high, with a padded top."""
    pine = wood("gym_box_wood", (0.5, 0.33, 0.17))
    pad = materials.plain("gym_box_pad", color, 0.6, bump=0.03, bump_scale=200)
    parts = [kit.box("box", (0, 0, 0.18), (0.56, 0.4, 0.36), pine, 0.01)]
    parts.append(kit.box("pad", (0, 0, 0.395), (0.6, 0.44, 0.07), pad, 0.025))
    return kit.join(parts, "gym_box")


def shopping_bag(color):
    """A paper bag of 42 cm with two cord handles."""
    paper = materials.plain("bag_paper", color, 0.8, variation=0.06)
    parts = [kit.box("bag", (0, 0, 0.19), (0.32, 0.14, 0.38), paper, 0.006)]
    for y in (-0.05, 0.05):
        parts.append(kit.tube("cord", (-0.07, y, 0.37), (-0.02, 0, 0.5), 0.004, 0.004, paper))
        parts.append(kit.tube("cord", (0.07, y, 0.37), (0.02, 0, 0.5), 0.004, 0.004, paper))
    return kit.join(parts, "shopping_bag")


PROPS = part_scene.KINDS | {
    "park_bench": bench,
    "crate": crate,
    "gym_box": gym_box,
    "shopping_bag": shopping_bag,
}
"""Kind -> the function that builds it from its colour."""
