# SPDX-License-Identifier: GPL-3.0-or-later
"""Shop furniture: boards with price rails, back walls, hooks, cooler cabinets and the shop around.

Metres. The front edge of every board is y = 0, the shelf goes back along +y, the camera stands at
negative y.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import bpy
import kit
import materials
import panel
import product_parts

SPAN = 3.4
"""Width of boards and walls: wider than any picture shows."""
DEPTH = 0.46
DOOR_Y = -0.075
"""Plane of closed cooler doors."""


@dataclass(frozen=True)
class Style:
    """Looks of a piece of furniture; colours are linear RGB, ``rail_tilt`` is in degrees."""

    board: tuple[float, float, float]
    rail: tuple[float, float, float]
    wall: tuple[float, float, float]
    rail_height: float = 0.042
    rail_tilt: float = 0.0
    thickness: float = 0.022
    holes: bool = False
    wire: bool = False


STYLES = {
    "white": Style((0.66, 0.66, 0.64), (0.80, 0.80, 0.78), (0.62, 0.61, 0.58), holes=True),
    "grey": Style((0.30, 0.31, 0.32), (0.42, 0.43, 0.45), (0.22, 0.23, 0.24), rail_tilt=18),
    "cream": Style((0.62, 0.56, 0.44), (0.62, 0.05, 0.05), (0.58, 0.53, 0.43), holes=True),
    "black": Style((0.035, 0.035, 0.038), (0.03, 0.03, 0.032), (0.05, 0.05, 0.055), rail_tilt=12),
    "wood": Style((0.36, 0.22, 0.11), (0.26, 0.15, 0.07), (0.30, 0.19, 0.10), thickness=0.030),
    "wire": Style((0.55, 0.56, 0.57), (0.75, 0.76, 0.76), (0.70, 0.71, 0.72), wire=True),
}
LIGHTS = {
    "cool": (0.92, 0.97, 1.0),
    "neutral": (1.0, 0.97, 0.92),
    "warm": (1.0, 0.86, 0.68),
}


def _material(name, color, roughness, metallic=0.0, wear=0.16):
    return materials.plain(
        name,
        color,
        roughness,
        metallic,
        bump=0.03,
        bump_scale=60,
        variation=wear,
        variation_scale=2.2,
    )


def board(style: Style, z: float, depth: float = DEPTH):
    """One shelf board whose top is at ``z``, with its price rail."""
    surface = _material("board", style.board, 0.42, 0.1, wear=0.28)
    if style.wire:
        wires = [
            kit.box("wire", (x, depth / 2, z - 0.003), (0.004, depth, 0.004), surface)
            for x in [(index - 60) * 0.0275 for index in range(121)]
        ]
        wires += [
            kit.box("wire", (0, y, z - 0.009), (SPAN, 0.006, 0.006), surface)
            for y in (0.02, depth / 2, depth - 0.02)
        ]
        kit.place(kit.join(wires, "wire_shelf"), "wire_shelf")
    else:
        kit.box(
            "board",
            (0, depth / 2, z - style.thickness / 2),
            (SPAN, depth, style.thickness),
            surface,
            0.002,
        )
    rail = kit.box(
        "rail",
        (0, -0.008, rail_middle(style, z)),
        (SPAN, 0.010, style.rail_height),
        _material("rail", style.rail, 0.28, wear=0.2),
        0.0015,
    )
    rail.rotation_euler.x = math.radians(-style.rail_tilt)


def rail_middle(style: Style, z: float) -> float:
    """Height of the middle of the price rail of a board."""
    return z - style.rail_height / 2 + 0.003


def wall(style: Style, low: float, high: float, folder: Path, y: float = DEPTH):
    """Back wall and uprights; ``holes`` makes it perforated sheet."""
    if style.holes:
        path = folder / "holes.png"
        if not path.exists():
            _holes().save(path)
        material = materials.picture("perforated", path, 0.55)
        tree = materials.NodeTree(material)
        tree.surface.inputs["Emission Strength"].default_value = 0
        texture = next(node for node in tree.nodes if node.type == "TEX_IMAGE")
        dark = tuple(value * 0.3 for value in style.wall)
        tinted = tree.mix(texture.outputs["Color"], dark, style.wall)
        tree.links.remove(tree.surface.inputs["Base Color"].links[0])
        tree.link(tinted, tree.surface.inputs["Base Color"])
    else:
        material = _material("wall", style.wall, 0.6)
    sheet = kit.quad(
        "wall",
        [(-SPAN / 2, y, low), (SPAN / 2, y, low), (SPAN / 2, y, high), (-SPAN / 2, y, high)],
        material,
    )
    if style.holes:
        for corner in sheet.data.uv_layers[0].data:
            corner.uv = (corner.uv[0] * SPAN / 0.04, corner.uv[1] * (high - low) / 0.04)
    post = _material("post", tuple(value * 0.7 for value in style.wall), 0.4, 0.5)
    for x in (-1.32, -0.02, 1.28):
        kit.box("post", (x, y - 0.015, (low + high) / 2), (0.032, 0.03, high - low), post)


def _holes():
    sheet = panel.Panel(64, 64, panel.WHITE)
    sheet.rectangle(0.40, 0.25, 0.60, 0.75, panel.BLACK, radius=0.1)
    return sheet.image


def plinth(style: Style, z: float):
    """Kick plate under the lowest board."""
    kit.box(
        "plinth",
        (0, 0.03, z / 2 - 0.02),
        (SPAN, 0.02, z),
        _material("plinth", tuple(value * 0.5 for value in style.wall), 0.5, wear=0.35),
    )


def floor(seed: int):
    """Tiled floor, slightly shiny, with joints and stains."""
    chance = random.Random(seed)
    tone = chance.choice(((0.46, 0.43, 0.38), (0.40, 0.40, 0.40), (0.30, 0.23, 0.17)))
    material = materials.plain("floor", tone, 0.22, variation=0.22, variation_scale=1.1)
    kit.box("floor", (0, -3, -0.01), (12, 9, 0.02), material)
    joint = materials.plain("joint", tuple(value * 0.55 for value in tone), 0.6)
    shift = chance.uniform(0, 0.4)
    lines = [
        kit.box("joint", (x * 0.45 + shift, -3, 0.0004), (0.005, 9, 0.0008), joint)
        for x in range(-8, 9)
    ]
    lines += [
        kit.box("joint", (0, -y * 0.45 - shift, 0.0004), (9, 0.005, 0.0008), joint)
        for y in range(-1, 10)
    ]
    kit.place(kit.join(lines, "joints"), "joints")


def shop(tone: str, level: float, seed: int) -> list:
    """Ceiling, far aisle and rows of ceiling lamps; returns the lamp objects.

    ``level`` scales the light of the lamps.
    """
    chance = random.Random(seed)
    kit.box(
        "ceiling", (0, -3, 3.25), (14, 11, 0.02), materials.plain("ceiling", (0.5, 0.5, 0.5), 0.9)
    )
    kit.box(
        "far_wall", (0, -8.5, 1.6), (14, 0.02, 3.4), materials.plain("far", (0.42, 0.4, 0.37), 0.8)
    )
    blocks = [
        kit.box(
            "far_shelf",
            (chance.uniform(-3.5, 3.5), -3.9 - chance.uniform(0, 0.2), chance.uniform(0.2, 1.6)),
            (chance.uniform(0.3, 0.9), 0.3, chance.uniform(0.15, 0.3)),
            materials.plain(
                f"far_{index % 5}",
                [
                    (0.3, 0.05, 0.04),
                    (0.06, 0.12, 0.3),
                    (0.5, 0.42, 0.2),
                    (0.1, 0.22, 0.1),
                    (0.5, 0.5, 0.5),
                ][index % 5],
                0.5,
            ),
        )
        for index in range(34)
    ]
    kit.place(kit.join(blocks, "far_shelf"), "far_shelf")
    glow = materials.plain(
        "lamp", (1, 1, 1), 0.5, emission=LIGHTS[tone], emission_strength=26 * level
    )
    lamps = []
    for y in (-1.1, -3.1, -5.1, -7.1):
        for x in (-2.2, -0.1, 2.0):
            lamps.append(
                kit.box("lamp", (x + chance.uniform(-0.1, 0.1), y, 3.1), (1.5, 0.14, 0.03), glow)
            )
    world = bpy.context.scene.world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (*[value * 0.5 for value in LIGHTS[tone]], 1)
    background.inputs[1].default_value = 0.45 * level
    return lamps


def hook(x: float, z: float, length: float):
    """A wire hook from the wall; its tip is at y = 0."""
    steel = materials.plain("hook", (0.6, 0.6, 0.62), 0.25, metallic=1.0)
    kit.tube("hook", (x, length, z), (x, -0.004, z + 0.004), 0.0026, 0.0026, steel, 8)
    kit.tube("hook", (x, -0.004, z + 0.004), (x, -0.010, z + 0.016), 0.0026, 0.0022, steel, 8)


@dataclass(frozen=True)
class Door:
    """A cooler door: left edge and width in metres, ``opened`` in degrees, hinged at ``hinge``."""

    left: float
    width: float
    opened: float = 0.0
    hinge: str = "left"


def cooler(low: float, high: float, doors: list[Door], tone: str, reflectance: float) -> list:
    """Inside walls, lights and glass doors of a cooler; returns the panes."""
    inside = materials.plain("cooler_wall", (0.70, 0.71, 0.72), 0.35)
    middle, height = (low + high) / 2, high - low
    kit.box("cooler_back", (0, DEPTH + 0.01, middle), (SPAN, 0.02, height), inside)
    kit.box("cooler_top", (0, DEPTH / 2 - 0.02, high + 0.01), (SPAN, DEPTH + 0.1, 0.02), inside)
    black = materials.plain("door_frame", (0.025, 0.025, 0.027), 0.3, metallic=0.3)
    kit.box("header", (0, DOOR_Y + 0.02, high + 0.12), (SPAN, 0.06, 0.22), black)
    strip = materials.plain("cooler_light", (1, 1, 1), emission=LIGHTS[tone], emission_strength=9)
    glass = product_parts.thin_glass("door_glass", reflectance)
    edges = sorted(
        {round(edge, 3) for door in doors for edge in (door.left, door.left + door.width)}
    )
    for x in edges:
        kit.box("mullion", (x, -0.035, middle), (0.035, 0.035, height), black)
        for side in (-1, 1):
            kit.box(
                "strip", (x + side * 0.024, -0.030, middle), (0.006, 0.012, height * 0.96), strip
            )
    kit.box("strip", (0, -0.02, high - 0.012), (SPAN, 0.02, 0.012), strip)
    return [_door(door, low, high, black, glass) for door in doors]


def _door(door, low, high, black, glass):
    """Frame, handle and pane of one door, turned around its hinge; returns the pane."""
    width, height, bar = door.width - 0.012, high - low, 0.036
    sign = 1 if door.hinge == "left" else -1
    middle = sign * width / 2
    parts = [
        kit.box("frame", (middle, 0, low + bar / 2), (width, 0.03, bar), black, 0.003),
        kit.box("frame", (middle, 0, high - bar / 2), (width, 0.03, bar), black, 0.003),
        kit.box("frame", (sign * bar / 2, 0, (low + high) / 2), (bar, 0.03, height), black, 0.003),
        kit.box(
            "frame",
            (sign * (width - bar / 2), 0, (low + high) / 2),
            (bar, 0.03, height),
            black,
            0.003,
        ),
    ]
    x, centre = sign * (width - bar / 2), (low + high) / 2
    steel = materials.plain("handle", (0.5, 0.5, 0.52), 0.25, metallic=1.0)
    parts.append(
        kit.tube(
            "handle", (x, -0.05, centre - 0.25), (x, -0.05, centre + 0.25), 0.009, 0.009, steel, 14
        )
    )
    for z in (-0.22, 0.22):
        parts.append(
            kit.tube("handle", (x, 0, centre + z), (x, -0.05, centre + z), 0.006, 0.006, steel, 8)
        )
    inner, lift = width / 2 - bar, bar
    pane = kit.quad(
        "pane",
        [
            (middle - inner, 0.0, low + lift),
            (middle + inner, 0.0, low + lift),
            (middle + inner, 0.0, high - lift),
            (middle - inner, 0.0, high - lift),
        ],
        glass,
    )
    hinge = door.left + 0.006 if door.hinge == "left" else door.left + door.width - 0.006
    frame = kit.place(kit.join(parts, "door"), "door")
    for thing in (frame, pane):
        thing.location = (hinge, DOOR_Y, 0)
        thing.rotation_euler.z = math.radians(-sign * door.opened)
    return pane


def mirror_panel(x: float, low: float, high: float, lean: float):
    """A polished steel side wall at ``x``, leaning by ``lean`` degrees towards the viewer."""
    steel = materials.plain("mirror_steel", (0.78, 0.79, 0.80), 0.03, metallic=1.0)
    panel = kit.box("mirror", (x, 0.18, (low + high) / 2), (0.012, 0.50, high - low), steel)
    panel.rotation_euler.z = math.radians(lean)
    return panel


def pillar(x: float, height: float):
    """A clad pillar that begins behind the side wall at ``x`` and goes on outwards."""
    side = 1 if x > 0 else -1
    clad = materials.plain("pillar", (0.46, 0.45, 0.42), 0.55, variation=0.14, variation_scale=2.5)
    kit.box(
        "pillar", (x + side * (0.02 + 0.75), 0.20, height / 2), (1.5, 0.56, height), clad, 0.006
    )
