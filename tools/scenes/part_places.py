# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in which objects stand: what is below and behind them, and the light. z = 0 is what they
stand on, y points away from the camera; metres.
"""

from __future__ import annotations

import math
import random

import bpy
import kit
import lighting
import materials
from part_shapes import leaves, wood

INDOORS = ("table", "desk", "bench", "floor", "door")
OUTDOORS = ("pavement", "yard")


def build(place: str, tone: tuple, light: dict, seed: int) -> None:
    """Set up ``place`` with walls in linear RGB ``tone``.

    ``light`` holds ``side`` (left or right) and ``warm`` (0 to 1) indoors, ``sun`` (elevation and
    rotation in degrees) outdoors. Raises KeyError for a place that is not known.
    """
    makers = {
        "table": _table,
        "desk": _desk,
        "bench": _bench,
        "floor": _floor,
        "door": _door,
        "pavement": _pavement,
        "yard": _yard,
    }
    makers[place](tone, seed)
    if place in INDOORS:
        room_light(light.get("side", "left"), light.get("warm", 0.4), place)
    else:
        lighting.set_world("day", "dry", *light.get("sun", (42, 140)))


def _plaster(tone):
    name = "plaster_" + "_".join(f"{value:.2f}" for value in tone)
    return materials.plain(
        name, tone, 0.9, bump=0.12, bump_scale=40, variation=0.06, variation_scale=1.2
    )


def _wall(y, tone):
    kit.box("wall", (0, y + 0.05, 0.9), (7, 0.1, 4.6), _plaster(tone))


def _table(tone, seed):
    kit.box("top", (0, 0.1, -0.02), (2.2, 1.25, 0.04), wood("table_oak", (0.36, 0.2, 0.1)), 0.006)
    _wall(1.5, tone)
    _frame((0.55, 1.47, 0.62), seed)


def _desk(tone, seed):
    board = materials.plain("desk_board", (0.58, 0.57, 0.54), 0.35, variation=0.03)
    kit.box("top", (0, 0.05, -0.015), (2.2, 1.1, 0.03), board, 0.004)
    _wall(0.62, tone)
    chance = random.Random(seed)
    for index in range(9):
        height, x = chance.uniform(0.19, 0.27), 0.62 + 0.045 * index
        tint = tuple(chance.uniform(0.03, 0.4) for _ in range(3))
        cover = materials.plain(f"spine_{seed}_{index}", tint, 0.7)
        kit.box("book", (x, 0.48, height / 2), (0.036, 0.17, height), cover, 0.002)


def _bench(tone, seed):
    for index in range(7):
        kit.box(
            "plank",
            (0, -0.5 + 0.181 * index, -0.03),
            (2.4, 0.178, 0.06),
            wood(f"bench_{index % 3}", (0.2 + 0.03 * (index % 3), 0.12, 0.06), roughness=0.7),
            0.004,
        )
    _wall(0.85, tone)
    steel = materials.plain("peg", (0.4, 0.4, 0.42), 0.35, metallic=0.9)
    for index in range(5):
        x = -0.8 + 0.36 * index
        kit.tube("hook", (x, 0.85, 0.42), (x, 0.8, 0.43), 0.006, 0.006, steel)
        grip = wood(f"tool_{seed}_{index}", (0.4 - 0.05 * index, 0.2, 0.08), along="z")
        kit.tube("handle", (x, 0.82, 0.42), (x, 0.82, 0.3), 0.014, 0.017, grip)
        kit.tube("shank", (x, 0.82, 0.3), (x, 0.82, 0.16), 0.005, 0.004, steel)


def _floor(tone, seed):
    chance = random.Random(seed)
    for row in range(34):
        for column in range(4):
            shade = chance.randrange(4)
            oak = wood(f"floor_{shade}", (0.3 + 0.03 * shade, 0.165 + 0.015 * shade, 0.08), grain=9)
            x = -3 + column * 1.8 + (row % 3) * 0.6
            kit.box("board", (x, -2.6 + row * 0.121, -0.01), (1.797, 0.119, 0.02), oak, 0.001)
    _wall(0.75, tone)
    white = materials.plain("skirting", (0.7, 0.69, 0.66), 0.5)
    kit.box("skirting", (0, 0.74, 0.05), (7, 0.02, 0.1), white, 0.004)
    _frame((0.75, 0.72, 1.35), seed)


def _frame(middle, seed):
    """A framed drawing of coloured fields on the wall."""
    chance = random.Random(seed + 5)
    x, y, z = middle
    kit.box("frame", (x, y, z), (0.42, 0.02, 0.32), wood("frame", (0.1, 0.06, 0.04)), 0.004)
    mount = materials.plain("mount", (0.75, 0.73, 0.68), 0.8)
    kit.box("mount", (x, y - 0.011, z), (0.37, 0.004, 0.27), mount)
    for index in range(5):
        tint = tuple(chance.uniform(0.05, 0.6) for _ in range(3))
        field = materials.plain(f"field_{seed}_{index}", tint, 0.8)
        at = (
            x + chance.uniform(-0.1, 0.1),
            y - 0.014 - 0.001 * index,
            z + chance.uniform(-0.06, 0.06),
        )
        kit.box("field", at, (chance.uniform(0.04, 0.14), 0.001, chance.uniform(0.04, 0.12)), field)


def _door(tone, seed):
    paint = materials.plain(f"door_{seed}", tone, 0.35, coat=0.2, variation=0.05)
    kit.box("door", (0, 0.05, 1.0), (0.95, 0.05, 2.1), paint, 0.004)
    for x in (-0.22, 0.22):
        for z, height in ((0.5, 0.7), (1.5, 0.8)):
            kit.box("panel", (x, 0.022, z), (0.3, 0.014, height), paint, 0.007)
    brass = materials.plain("door_brass", (0.6, 0.42, 0.15), 0.25, metallic=1.0)
    kit.tube("knob", (0.4, 0.03, 1.0), (0.4, -0.03, 1.0), 0.012, 0.025, brass, 24)
    trim = materials.plain("trim", (0.6, 0.59, 0.56), 0.5)
    for x in (-0.54, 0.54):
        kit.box("jamb", (x, 0.04, 1.0), (0.1, 0.1, 2.3), trim, 0.006)
    wall = materials.brick(f"door_brick_{seed % 2}", (0.32, 0.15, 0.1))
    for x in (-1.6, 1.6):
        side = kit.box("brick", (0, 0, 0), (0.1, 2.02, 3.0), wall)
        side.location, side.rotation_euler.z = (x, 0.1, 1.0), math.pi / 2


def _pavement(tone, seed):
    chance = random.Random(seed)
    for row in range(12):
        for column in range(14):
            grey = chance.choice((0.2, 0.22, 0.235, 0.25))
            slab = materials.plain(
                f"slab_{grey}",
                (grey, grey * 0.98, grey * 0.94),
                0.9,
                bump=0.25,
                bump_scale=60,
                variation=0.15,
                variation_scale=8,
            )
            at = (-2.8 + 0.403 * column, -3.4 + 0.403 * row, -0.03)
            kit.box("slab", at, (0.4, 0.4, 0.06), slab, 0.004)
    joint = materials.plain("joint", (0.09, 0.085, 0.08), 1.0)
    kit.box("bed", (0, -1, -0.04), (9, 9, 0.05), joint)
    wall = materials.brick(f"wall_brick_{tone[0]:.2f}", tone)
    bricks = kit.box("bricks", (0, 0, 0), (0.2, 9, 5), wall)
    bricks.location, bricks.rotation_euler.z = (0, 0.95, 2.0), math.pi / 2
    plinth = materials.plain("plinth", (0.3, 0.29, 0.27), 0.9, variation=0.1)
    kit.box("plinth", (0, 0.83, 0.12), (9, 0.05, 0.24), plinth, 0.01)


def _yard(tone, seed):
    gravel = materials.plain(
        "gravel",
        (0.3, 0.27, 0.22),
        0.95,
        bump=1.0,
        bump_scale=55,
        variation=0.5,
        variation_scale=45,
    )
    kit.box("ground", (0, -1, -0.05), (10, 8, 0.1), gravel)
    chance = random.Random(seed)
    for index in range(48):
        shade = chance.randrange(3)
        board = wood(
            f"fence_{tone[0]:.2f}_{shade}",
            tuple(v * (0.85 + 0.12 * shade) for v in tone),
            along="z",
            roughness=0.85,
        )
        kit.box(
            "board",
            (-3.6 + 0.153 * index, 1.0, 0.8),
            (0.148, 0.02, 1.6 + chance.uniform(0, 0.02)),
            board,
            0.003,
        )
    green = materials.plain("grass", (0.1, 0.2, 0.04), 0.7, variation=0.4, variation_scale=8)
    blades = []
    for _ in range(900):
        foot = (chance.uniform(-3, 3), 0.97 - abs(chance.gauss(0, 0.07)), 0)
        lean = (chance.uniform(-0.5, 0.5), chance.uniform(-0.9, 0.2), 1)
        blades.append((foot, lean, chance.uniform(0.05, 0.2)))
    leaves("grass", blades, green, 0.07, 0.3)


def room_light(side, warm, place):
    """A large window on one side, a weak fill from the other, and a grey room around."""
    world = bpy.context.scene.world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (0.75 + 0.1 * warm, 0.76, 0.8 - 0.2 * warm, 1)
    background.inputs[1].default_value = 0.28
    sign = -1 if side == "left" else 1
    reach = 1.5 if place in ("table", "desk", "bench") else 2.6
    for x, y, z, size, energy, color in (
        (sign, -0.55, 0.95, 0.75, 26, (1, 0.97 - 0.1 * warm, 0.92 - 0.25 * warm)),
        (-1.1 * sign, -0.9, 0.7, 1.2, 3.5, (0.85, 0.92, 1)),
    ):
        lamp = bpy.data.lights.new("window", "AREA")
        lamp.energy, lamp.size, lamp.color = energy * reach**2, size * reach, color
        holder = kit.link(bpy.data.objects.new("window", lamp))
        holder.location = (x * reach, y * reach, z * reach)
        aim = -holder.location
        aim.z += 0.1 * reach
        holder.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
