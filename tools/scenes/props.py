# SPDX-License-Identifier: GPL-3.0-or-later
"""Street furniture, greenery and the things a guideline says not to label.

Metres; faces look to -y, towards the camera.
"""

from __future__ import annotations

import math
import random

import kit
import materials
import numpy as np
from textures import SIGN_KINDS, sign_outline

LIGHT_COLORS = {"red": (1, 0.03, 0.02), "amber": (1, 0.4, 0.02), "green": (0.03, 1, 0.3)}


def _leaf_cloud(centre, radius, count, chance, flatten=0.8):
    """Random small leaves inside an ellipsoid; returns vertices of ``count`` quads."""
    vertices = []
    for _ in range(count):
        direction = np.array([chance.gauss(0, 1) for _ in range(3)])
        direction /= np.linalg.norm(direction) + 1e-9
        middle = np.array(centre) + direction * radius * chance.random() ** 0.35 * np.array(
            [1, 1, flatten]
        )
        along = np.array([chance.gauss(0, 1) for _ in range(3)])
        along /= np.linalg.norm(along)
        across = np.cross(along, [chance.gauss(0, 1) for _ in range(3)])
        across /= np.linalg.norm(across) + 1e-9
        size = chance.uniform(0.06, 0.12)
        vertices += [
            middle - along * size,
            middle - across * size * 0.5,
            middle + along * size,
            middle + across * size * 0.5,
        ]
    return vertices


def _leaves(vertices, shade):
    faces = [(index, index + 1, index + 2, index + 3) for index in range(0, len(vertices), 4)]
    green = materials.plain(
        f"leaf_{shade}",
        ((0.055, 0.12, 0.025), (0.075, 0.12, 0.02), (0.04, 0.09, 0.028))[shade],
        0.6,
        variation=0.35,
        variation_scale=1.5,
    )
    return kit.mesh_object("leaves", vertices, faces, [green])


def tree_mesh(seed: int):
    """Street tree of about 6 m with a real trunk and single leaves."""
    chance = random.Random(seed)
    bark = materials.plain("bark", (0.12, 0.09, 0.06), 0.9, bump=0.8, bump_scale=6)
    trunk_height = chance.uniform(2.3, 3.0)
    parts, vertices = [kit.tube("trunk", (0, 0, 0), (0, 0, trunk_height), 0.17, 0.11, bark)], []
    branches = chance.randint(8, 11)
    for index in range(branches):
        angle, reach = (
            2 * math.pi * index / branches + chance.uniform(-0.3, 0.3),
            chance.uniform(0.6, 1.7),
        )
        tip = (
            reach * math.cos(angle),
            reach * math.sin(angle),
            trunk_height + chance.uniform(0.4, 2.8),
        )
        parts.append(
            kit.tube(
                "branch",
                (0, 0, trunk_height * chance.uniform(0.8, 1)),
                tip,
                0.06,
                0.015,
                bark,
                sides=6,
            )
        )
        vertices += _leaf_cloud(tip, chance.uniform(0.8, 1.2), 430, chance)
    vertices += _leaf_cloud((0, 0, trunk_height + 2), 1.4, 500, chance)
    parts.append(_leaves(vertices, seed % 3))
    return kit.join(parts, f"tree_{seed}")


def bush_mesh(seed: int):
    """Dense bush, 1.6 m wide and 1.4 m high."""
    chance = random.Random(seed)
    vertices = []
    for _ in range(5):
        vertices += _leaf_cloud(
            (chance.uniform(-0.4, 0.4), chance.uniform(-0.3, 0.3), chance.uniform(0.4, 0.9)),
            0.55,
            420,
            chance,
            0.9,
        )
    core = kit.lathe(
        "core",
        [(1e-3, 0), (0.5, 0.1), (0.6, 0.6), (0.35, 1.1), (1e-3, 1.25)],
        [materials.plain("bush_core", (0.02, 0.04, 0.012), 0.9)],
        segments=12,
    )
    return kit.join([_leaves(vertices, seed % 3), core], f"bush_{seed}")


def hedge_mesh():
    """Clipped hedge, 4 m along y, 0.8 m deep, 1.3 m high."""
    chance, vertices = random.Random(7), []
    for index in range(14):
        vertices += _leaf_cloud((0, -1.85 + index * 0.285, 0.75), 0.5, 330, chance, 1.25)
    core = kit.box(
        "core",
        (0, 0, 0.6),
        (0.6, 3.9, 1.2),
        materials.plain("bush_core", (0.02, 0.04, 0.012), 0.9),
        0.1,
    )
    return kit.join([_leaves(vertices, 2), core], "hedge")


def lamp_mesh():
    """Street lamp, 7 m high; its arm reaches 1.6 m to -x."""
    pole = materials.pole_metal()
    head = materials.plain("street_lamp_head", (0.9, 0.85, 0.7), 0.4, emission=(1, 0.8, 0.5))
    parts = [
        kit.tube("pole", (0, 0, 0), (0, 0, 7), 0.085, 0.055, pole),
        kit.tube("arm", (0, 0, 7), (-1.6, 0, 7.25), 0.04, 0.035, pole),
    ]
    parts += [
        kit.box("housing", (-1.75, 0, 7.27), (0.7, 0.24, 0.1), pole, 0.03),
        kit.box("glass", (-1.75, 0, 7.2), (0.6, 0.2, 0.06), head),
    ]
    return kit.join(parts, "lamp")


def sign_meshes(texture_folder):
    """Sign poles and faces: the face is its own mesh because the guideline boxes only the face."""
    meshes = [
        kit.join(
            [kit.tube("pole", (0, 0, 0), (0, 0, 2.95), 0.035, 0.035, materials.pole_metal())],
            "sign_pole",
        )
    ]
    for kind in SIGN_KINDS:
        outline = [(x / 256, 1 - y / 256) for x, y in sign_outline(kind)]
        face = materials.picture(f"sign_{kind}", texture_folder / f"sign_{kind}.png", 0.35)
        corners = [((u - 0.5) * 0.72, -0.05, 2.6 + (v - 0.5) * 0.72) for u, v in outline]
        meshes.append(
            kit.join(
                [
                    kit.mesh_object(
                        "face", corners, [tuple(range(len(corners)))], [face], uvs=outline
                    )
                ],
                f"sign_{kind}",
            )
        )
    return meshes


def traffic_light_mesh(state: str):
    """Signal head of 0.32 x 0.95 m around z = 3.2 m with one lamp lit."""
    housing = materials.plain("signal_housing", (0.015, 0.015, 0.015), 0.5)
    parts = [
        kit.box("housing", (0, 0, 3.2), (0.32, 0.26, 0.95), housing, 0.03),
        kit.box("board", (0, 0.1, 3.2), (0.44, 0.02, 1.1), housing, 0.01),
    ]
    for index, (name, color) in enumerate(LIGHT_COLORS.items()):
        lit, z = name == state, 3.5 - 0.3 * index
        glass = materials.plain(
            f"signal_{name}_{'on' if lit else 'off'}",
            tuple(value * (0.9 if lit else 0.06) for value in color),
            0.3,
            emission=color,
            emission_strength=9 if lit else 0,
        )
        lamp = kit.lathe("lamp", [(1e-3, 0.02), (0.10, 0)], [glass], segments=20)
        lamp.rotation_euler, lamp.location = (math.pi / 2, 0, 0), (0, -0.135, z)
        parts += [
            lamp,
            kit.tube(
                "visor", (0, -0.13, z + 0.11), (0, -0.3, z + 0.08), 0.03, 0.08, housing, sides=8
            ),
        ]
    return kit.join(parts, f"light_{state}")


def light_pole_mesh():
    return kit.join(
        [kit.tube("pole", (0, 0.12, 0), (0, 0.12, 3.7), 0.065, 0.055, materials.pole_metal())],
        "light_pole",
    )


def poster_mesh(path, number: int):
    """Free-standing city-light poster, 1.25 m wide and 2.4 m high.

    ``path`` is the poster picture.
    """
    frame, paper = (
        materials.plain("poster_frame", (0.12, 0.13, 0.14), 0.4, metallic=0.6),
        materials.picture(f"poster_{number}", path, 0.25, emission=0.04),
    )
    parts = [
        kit.box("frame", (0, 0, 1.35), (1.3, 0.18, 2.0), frame, 0.03),
        kit.box("foot", (0, 0, 0.18), (0.9, 0.16, 0.36), frame, 0.02),
    ]
    parts.append(
        kit.quad(
            "paper",
            [
                (-0.58, -0.095, 0.48),
                (0.58, -0.095, 0.48),
                (0.58, -0.095, 2.22),
                (-0.58, -0.095, 2.22),
            ],
            paper,
        )
    )
    return kit.join(parts, f"poster_{number}")


def plinth_mesh():
    """Stone base of a monument, 1.0 m high."""
    stone = materials.plain(
        "plinth_stone", (0.36, 0.34, 0.3), 0.85, bump=0.3, bump_scale=8, variation=0.15
    )
    return kit.join(
        [
            kit.box("base", (0, 0, 0.15), (1.3, 1.3, 0.3), stone, 0.03),
            kit.box("block", (0, 0, 0.6), (0.9, 0.9, 0.8), stone, 0.03),
        ],
        "plinth",
    )


def statue_of(person, bronze: bool):
    """Copy of a person mesh in one material: bronze statue or white shop mannequin."""
    copied = person.copy()
    copied.name = ("statue_" if bronze else "mannequin_") + person.name
    metal = materials.plain(
        "bronze", (0.10, 0.13, 0.09), 0.45, metallic=0.7, variation=0.3, variation_scale=4
    )
    plastic = materials.plain("mannequin_white", (0.8, 0.78, 0.74), 0.25, coat=0.5)
    for index, used in enumerate(copied.materials):
        if bronze:
            copied.materials[index] = metal
        elif used.name.endswith(("_skin", "_hair", "_shoes")):
            copied.materials[index] = plastic
    return copied


def street_mirror_meshes():
    """(frame with pole, convex glass) of a traffic mirror.

    The glass is 0.9 m wide around z = 2.6 m, has a radius of 4 m and leans down by 7 degrees.
    """
    red = materials.plain("mirror_frame", (0.5, 0.06, 0.02), 0.4)
    pole = kit.tube("pole", (0, 0.1, 0), (0, 0.1, 3.0), 0.05, 0.05, materials.pole_metal())
    rim = kit.lathe(
        "rim", [(0.45, 0), (0.53, 0.0), (0.53, 0.06), (0.1, 0.16), (1e-3, 0.16)], [red], segments=40
    )
    radius, rows, tilt = 4.0, 10, 0.12
    profile = [(1e-4 + 0.46 * row / rows, 0) for row in range(rows + 1)]
    profile = [
        (r, math.sqrt(radius**2 - r**2) - math.sqrt(radius**2 - 0.46**2)) for r, _ in profile
    ]
    glass = kit.lathe(
        "glass",
        profile,
        [materials.plain("mirror_glass", (0.92, 0.93, 0.93), 0.0, metallic=1)],
        segments=48,
    )
    rim.rotation_euler.x, glass.rotation_euler.x = tilt - math.pi / 2, tilt + math.pi / 2
    rim.location, glass.location = (0, 0, 2.6), (0, -0.01, 2.6)
    return kit.join([pole, rim], "mirror_frame"), kit.join([glass], "mirror_glass")


def puddle_mesh():
    """Irregular flat puddle of about 5 x 3 m, 6 mm above the ground."""
    chance = random.Random(3)
    water = materials.plain("puddle_water", (0.012, 0.013, 0.014), 0.015, coat=1)
    angles = [2 * math.pi * step / 28 for step in range(28)]
    vertices = [
        (
            (2.5 + chance.uniform(-0.35, 0.35)) * math.cos(a),
            (1.5 + chance.uniform(-0.25, 0.25)) * math.sin(a),
            0.006,
        )
        for a in angles
    ]
    return kit.join([kit.mesh_object("puddle", vertices, [tuple(range(28))], [water])], "puddle")


def shop_glass_mesh():
    """Polished shop front, 6 m along y and 2.6 m high, looking to -x, that mirrors the street."""
    tinted = materials.plain(
        "shop_mirror_glass", (0.30, 0.33, 0.34), 0.012, metallic=0.85, coat=0.6
    )
    frame = materials.plain("shop_glass_frame", (0.05, 0.05, 0.055), 0.4, metallic=0.5)
    glass = kit.join([kit.box("glass", (0, 0, 1.6), (0.04, 6, 2.5), tinted)], "shop_glass")
    bars = [kit.box("bar", (-0.02, y, 1.6), (0.08, 0.08, 2.6), frame) for y in (-3, -1, 1, 3)] + [
        kit.box("bar", (-0.02, 0, z), (0.08, 6.1, 0.1), frame) for z in (0.32, 2.9)
    ]
    return glass, kit.join(bars, "shop_glass_frame")


def furniture_meshes():
    """Bins, benches, bollards, planters and an advertising column."""
    green, wood = (
        materials.plain("bin_green", (0.05, 0.09, 0.06), 0.5),
        materials.plain("planks", (0.25, 0.15, 0.07), 0.8, variation=0.25, variation_scale=2),
    )
    stone, dark = (
        materials.plain("planter_stone", (0.33, 0.31, 0.28), 0.85, bump=0.2),
        materials.plain("bollard", (0.05, 0.055, 0.06), 0.5),
    )
    bin_mesh = kit.join(
        [
            kit.lathe(
                "bin", [(1e-3, 0), (0.25, 0), (0.28, 0.85), (0.26, 0.9), (1e-3, 0.95)], [green]
            )
        ],
        "bin",
    )
    bench = [
        kit.box("plank", (x, 0, z), (0.12, 1.7, 0.04), wood)
        for x, z in ((-0.15, 0.45), (0, 0.45), (0.15, 0.45), (0.24, 0.62), (0.28, 0.78))
    ]
    bench += [kit.box("leg", (0.03, y, 0.24), (0.4, 0.05, 0.46), dark) for y in (-0.65, 0.65)]
    bollard = kit.join(
        [
            kit.lathe(
                "bollard",
                [(1e-3, 0), (0.08, 0), (0.07, 0.8), (0.09, 0.82), (0.09, 0.92), (1e-3, 0.97)],
                [dark],
                segments=16,
            )
        ],
        "bollard",
    )
    planter = kit.join(
        [
            kit.box("planter", (0, 0, 0.32), (1.5, 1.5, 0.64), stone, 0.05),
            kit.box("soil", (0, 0, 0.62), (1.35, 1.35, 0.06), wood),
        ],
        "planter",
    )
    column = kit.join(
        [
            kit.lathe(
                "column",
                [
                    (1e-3, 0),
                    (0.75, 0),
                    (0.75, 0.3),
                    (0.62, 0.32),
                    (0.62, 2.9),
                    (0.78, 2.95),
                    (0.78, 3.1),
                    (0.1, 3.6),
                    (1e-3, 3.7),
                ],
                [materials.plain("column_paint", (0.09, 0.14, 0.10), 0.6, variation=0.2)],
            )
        ],
        "column",
    )
    return [bin_mesh, kit.join(bench, "bench"), bollard, planter, column]
