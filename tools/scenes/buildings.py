# SPDX-License-Identifier: GPL-3.0-or-later
"""Town facades and small houses.

Local frame: the front lies at x = 0 and looks to -x, y runs along the street. Metres.
"""

from __future__ import annotations

import random

import kit
import materials
from textures import SHOP_SIGN_COUNT

FACADE_DEPTH, STOREY = 8.0, 3.1
PLASTERS = (
    (0.62, 0.52, 0.36),
    (0.55, 0.55, 0.52),
    (0.6, 0.42, 0.32),
    (0.45, 0.5, 0.5),
    (0.68, 0.62, 0.5),
    (0.5, 0.36, 0.24),
    (0.40, 0.46, 0.38),
)
TRIMS = ((0.6, 0.58, 0.53), (0.75, 0.74, 0.71), (0.2, 0.2, 0.2), (0.35, 0.3, 0.26))
AWNINGS = ((0.5, 0.05, 0.05), (0.05, 0.2, 0.1), (0.08, 0.12, 0.3), (0.55, 0.42, 0.2))
FACADES = tuple(
    (seed, width, height)
    for seed, (width, height) in enumerate(
        (
            (9, 10.2),
            (11, 13.3),
            (12, 16.4),
            (14, 13.3),
            (10, 16.4),
            (13, 10.2),
            (15, 16.4),
            (9, 13.3),
            (12, 10.2),
            (16, 13.3),
            (11, 19.5),
            (14, 16.4),
        )
    )
)
"""(seed, width in m, height in m) of the facades in the library."""
HOUSES = tuple(range(5))


def _wall(seed, chance):
    style = chance.choice(("brick", "plaster", "plaster", "plaster", "stone"))
    if style == "brick":
        return materials.brick(
            f"brick_{seed}", chance.choice(((0.30, 0.10, 0.06), (0.24, 0.12, 0.08)))
        )
    color = (0.36, 0.34, 0.30) if style == "stone" else chance.choice(PLASTERS)
    return materials.plain(
        f"wall_{seed}",
        color,
        0.85,
        bump=0.5 if style == "stone" else 0.15,
        bump_scale=14 if style == "stone" else 5,
        variation=0.18,
        variation_scale=0.6,
    )


def _window_group(chance):
    """One of six glass materials, so that at night some of them can glow."""
    return materials.plain(
        f"window_{chance.randrange(6)}",
        (0.03, 0.04, 0.05),
        0.05,
        coat=0.3,
        emission=(1, 0.72, 0.38),
    )


def _window(y, z, trim, chance, height=1.85):
    """Double window with frame and sill, sometimes with an air conditioner below or a curtain."""
    glass = _window_group(chance)
    parts = [
        kit.box("frame", (-0.01, y, z), (0.10, 1.28, height), trim),
        kit.box("sill", (-0.1, y, z - height / 2 - 0.05), (0.25, 1.45, 0.09), trim),
    ]
    parts += [
        kit.box("pane", (-0.045, y + offset, z), (0.05, 0.52, height - 0.2), glass)
        for offset in (-0.29, 0.29)
    ]
    if chance.random() < 0.3:
        curtain = materials.plain("curtain", (0.6, 0.58, 0.52), 0.9)
        parts.append(
            kit.box(
                "curtain",
                (-0.074, y + chance.choice((-0.4, 0.4)), z),
                (0.004, 0.28, height - 0.22),
                curtain,
            )
        )
    if chance.random() < 0.07:
        parts.append(kit.box("cooler", (-0.25, y, z - height / 2 - 0.35), (0.35, 0.8, 0.5), trim))
    return parts


def _side_window(x, y, z, outward, trim, chance, height=1.6):
    """Single window in a side wall; ``outward`` is -1 at y = 0 and +1 at the far end."""
    return [
        kit.box("frame", (x, y + outward * 0.01, z), (1.0, 0.1, height), trim),
        kit.box(
            "pane", (x, y + outward * 0.045, z), (0.8, 0.05, height - 0.2), _window_group(chance)
        ),
    ]


def shop_window_glass():
    """Shop window that shows shelves of goods and glows at night."""
    name = "shop_window_lit"
    material = materials.plain(name, (0.04, 0.045, 0.05), 0.06, coat=0.4, emission=(1, 0.75, 0.45))
    tree = materials.NodeTree(material)
    if len(tree.nodes) <= 2:
        split, combine = tree.add("ShaderNodeSeparateXYZ"), tree.add("ShaderNodeCombineXYZ")
        tree.link(tree.add("ShaderNodeTexCoord").outputs["Object"], split.inputs[0])
        tree.link(split.outputs[1], combine.inputs[0])
        tree.link(split.outputs[2], combine.inputs[1])
        goods = tree.add("ShaderNodeTexBrick")
        tree.link(combine.outputs[0], goods.inputs[0])
        goods.inputs["Scale"].default_value, goods.inputs["Mortar Size"].default_value = 0.9, 0.03
        goods.offset, goods.squash_frequency = 0.31, 3
        for socket, color in (
            ("Color1", (0.75, 0.52, 0.28)),
            ("Color2", (0.05, 0.04, 0.04)),
            ("Mortar", (0.55, 0.42, 0.26)),
        ):
            goods.inputs[socket].default_value = (*color, 1)
        depth = tree.remap(tree.noise(1.3, detail=5), 0.38, 0.62, 0, 1)
        tree.link(
            tree.mix(depth, goods.outputs[0], (0.50, 0.36, 0.20)),
            tree.surface.inputs["Emission Color"],
        )
    return material


def _shop(first, last, trim, texture_folder, chance):
    """Shop between y = first and y = last: window, door, name board and sometimes an awning."""
    middle, width = (first + last) / 2, last - first
    glass = shop_window_glass() if chance.random() < 0.7 else _window_group(chance)
    parts = [
        kit.box("window", (-0.02, middle, 1.55), (0.08, width, 2.5), glass),
        kit.box("base", (-0.05, middle, 0.25), (0.12, width, 0.5), trim),
    ]
    parts += [
        kit.box("door", (-0.06, first + 0.6, 1.2), (0.08, 1.0, 2.3), trim),
        kit.box("door_pane", (-0.09, first + 0.6, 1.3), (0.06, 0.75, 1.8), glass),
    ]
    parts += [
        kit.box("mullion", (-0.07, first + share * width, 1.55), (0.06, 0.07, 2.5), trim)
        for share in (0.35, 0.68, 0.99)
    ]
    number, board = chance.randrange(SHOP_SIGN_COUNT), min(width, 3.8) / 2
    face = materials.picture(f"shop_sign_{number}", texture_folder / f"shop_sign_{number}.png", 0.4)
    parts.append(kit.box("board", (-0.05, middle, 3.15), (0.1, 2 * board, 0.62), trim))
    parts.append(
        kit.quad(
            "name",
            [
                (-0.105, middle + board, 2.85),
                (-0.105, middle - board, 2.85),
                (-0.105, middle - board, 3.45),
                (-0.105, middle + board, 3.45),
            ],
            face,
        )
    )
    if chance.random() < 0.35:
        color = chance.choice(AWNINGS)
        corners = [(0, first, 2.9), (0, last, 2.9), (-1.2, last, 2.35), (-1.2, first, 2.35)]
        parts.append(
            kit.mesh_object(
                "awning",
                corners,
                [(0, 1, 2, 3)],
                [materials.plain(f"awning_{color[0]}", color, 0.8)],
            )
        )
    return parts


def facade_mesh(seed, width, height, texture_folder):
    """Town house of ``width`` metres of street front with shops on the ground floor."""
    chance = random.Random(seed)
    wall = _wall(seed, chance)
    trim = materials.plain(f"trim_{seed % 4}", TRIMS[seed % 4], 0.7)
    parts = [
        kit.box(
            "body", (FACADE_DEPTH / 2, width / 2, height / 2), (FACADE_DEPTH, width, height), wall
        )
    ]
    columns = max(2, int(width / 2.3))
    for storey in range(int((height - 4) / STOREY)):
        for column in range(columns):
            parts += _window(width * (column + 0.5) / columns, 5.45 + storey * STOREY, trim, chance)
        for y, outward in ((0, -1), (width, 1)):
            for x in (1.6, 4.6):
                parts += _side_window(x, y, 5.45 + storey * STOREY, outward, trim, chance)
    parts += [
        kit.box("cornice", (-0.15, width / 2, height - 0.2), (0.5, width, 0.35), trim),
        kit.box("ledge", (-0.08, width / 2, 3.7), (0.3, width, 0.2), trim),
    ]
    slate = materials.plain("slate", (0.07, 0.07, 0.075), 0.7, variation=0.2)
    parts.append(
        kit.box(
            "roof",
            (FACADE_DEPTH / 2 + 0.6, width / 2, height + 0.35),
            (FACADE_DEPTH - 1.2, width - 0.4, 0.9),
            slate,
            0.3,
        )
    )
    shops = max(1, int(width / 5))
    for index in range(shops):
        parts += _shop(
            width * index / shops + 0.3,
            width * (index + 1) / shops - 0.3,
            trim,
            texture_folder,
            chance,
        )
    return kit.join(parts, f"facade_{seed}")


def house_mesh(seed):
    """Detached house, 10 m of street front, with a pitched roof, door and windows."""
    chance = random.Random(100 + seed)
    wall, trim = (
        materials.plain(
            f"house_wall_{seed}",
            PLASTERS[(seed * 3) % len(PLASTERS)],
            0.85,
            bump=0.15,
            variation=0.12,
            variation_scale=0.6,
        ),
        materials.plain(f"trim_{seed % 4}", TRIMS[seed % 4], 0.7),
    )
    tiles = materials.plain(
        f"tiles_{seed % 3}",
        ((0.22, 0.07, 0.04), (0.09, 0.085, 0.08), (0.16, 0.08, 0.05))[seed % 3],
        0.8,
        bump=0.6,
        bump_scale=9,
        variation=0.25,
    )
    eaves, ridge, depth, width = 4.6 + 0.6 * (seed % 2), 7.6 + 0.5 * (seed % 3), 8.0, 10.0
    body = kit.extrude_profile(
        "body",
        [(0, 0), (depth, 0), (depth, eaves), (depth / 2, ridge - 0.2), (0, eaves)],
        width,
        wall,
    )
    body.location = (0, width / 2, 0)
    slopes = [
        (-0.6, eaves - 0.45),
        (depth / 2, ridge),
        (depth + 0.6, eaves - 0.45),
        (depth + 0.6, eaves - 0.25),
        (depth / 2, ridge + 0.22),
        (-0.6, eaves - 0.25),
    ]
    roof = kit.extrude_profile("roof", slopes, width + 0.9, tiles)
    roof.location = (0, width / 2, 0)
    parts = [
        body,
        roof,
        kit.box(
            "chimney",
            (depth * 0.6, width * 0.7, ridge),
            (0.6, 0.7, 1.6),
            materials.brick("chimney", (0.28, 0.1, 0.07)),
        ),
    ]
    door_y = chance.choice((2.2, 5.0, 7.8))
    parts += [
        kit.box(
            "door",
            (-0.05, door_y, 1.1),
            (0.12, 1.05, 2.2),
            materials.plain(f"door_{seed}", chance.choice(AWNINGS), 0.5),
        ),
        kit.box("step", (-0.5, door_y, 0.1), (1, 1.4, 0.2), trim),
    ]
    for y in (2.2, 5.0, 7.8):
        parts += _window(y, 3.7 + 0.2 * (seed % 2), trim, chance, 1.3)
        if y != door_y:
            parts += _window(y, 1.5, trim, chance, 1.4)
    for y, outward in ((0, -1), (width, 1)):
        for x, z in ((2.2, 1.6), (5.8, 1.6), (2.2, 3.7), (5.8, 3.7)):
            parts += _side_window(x, y, z, outward, trim, chance, 1.3)
    return kit.join(parts, f"house_{seed}")
