# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe of figures12 made into a scene: a place, people with ids, things that hide them."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import figure_bodies
import figure_places
import kit
import library
import materials
import numpy as np
import passes
from part_scene import aim_camera
from part_shapes import wire

FRAME = (640, 480)
"""Size of a picture in px."""
LIBRARY = Path(__file__).resolve().parents[2] / "build" / "scenes" / "library.blend"
POINTS = (
    "nose",
    *(
        f"{side}_{joint}"
        for joint in ("shoulder", "wrist", "hip", "ankle")
        for side in ("left", "right")
    ),
)
"""The nine keypoints, named as in COCO."""


def build(recipe: dict) -> list[dict]:
    """Build the scene of a recipe; returns for each person, ids from 1, where its joints are.

    ``joints`` holds pixel x, pixel y and depth in metres; ``away`` is the cosine of the angle
    between where the person faces and where the camera looks, 1 for one seen from behind.
    """
    kit.reset_scene(*FRAME)
    if not LIBRARY.exists():
        library.build(LIBRARY)
        kit.reset_scene(*FRAME)
    meshes = library.load(LIBRARY)
    figure_places.build(recipe, meshes)
    people = [_stand(row, number) for number, row in enumerate(recipe["people"], 1)]
    for row in recipe.get("props", ()):
        mesh = meshes.get(row["kind"]) or figure_places.PROPS[row["kind"]](tuple(row["color"]))
        across, along, *height = row["at"]
        thing = kit.place(
            mesh,
            row["kind"],
            (across, along, *(height or (0.0,))),
            math.radians(row.get("turn", 0)),
        )
        thing.rotation_euler.x = math.radians(row.get("lean", 0))
    aim_camera(recipe["camera"])
    bpy.context.view_layer.update()
    return [_described(number, *person) for number, person in enumerate(people, 1)]


def _stand(row, number):
    """Place a person; its bag gets no id."""
    mesh, joints = figure_bodies.person(row, f"person_{number}")
    across, along, *height = row["at"]
    place = ((across, along, *(height or (0.0,))), math.radians(row["facing"] - 90))
    body = kit.place(mesh, f"person_{number}", *place)
    body.pass_index = number
    if "bag" in row:
        kit.place(_backpack(joints, tuple(row["bag"]), number), "bag", *place)
    return body, joints


def _backpack(joints, color, number):
    """A backpack on the shoulders."""
    cloth = materials.plain(f"bag_{number}", color, 0.75, bump=0.06, bump_scale=200)
    chest, spine = joints["chest"], joints["neck"] - joints["waist"]
    pack = kit.box("pack", (0, 0, 0), (0.17, 0.3, 0.44), cloth, 0.06)
    pocket = kit.box("pocket", (-0.09, 0, -0.08), (0.07, 0.22, 0.2), cloth, 0.03)
    lean = math.atan2(spine.x, spine.z)
    for part in (pack, pocket):
        part.location = (
            chest.x - 0.205 + part.location.x,
            chest.y,
            chest.z - 0.04 + part.location.z,
        )
        part.rotation_euler.y = lean
    straps = []
    for side, name in ((1, "left"), (-1, "right")):
        shoulder = joints[f"{name}_shoulder"]
        path = [
            (chest.x - 0.14, side * 0.09, shoulder.z - 0.02),
            (chest.x - 0.03, side * 0.105, shoulder.z + 0.07),
            (chest.x + 0.09, side * 0.11, shoulder.z - 0.02),
            (chest.x + 0.125, side * 0.12, chest.z - 0.03),
            (chest.x + 0.06, side * 0.165, chest.z - 0.17),
            (chest.x - 0.1, side * 0.15, chest.z - 0.22),
        ]
        straps.append(wire("strap", path, 0.017, cloth))
    return kit.join([pack, pocket, *straps], "backpack")


def _described(number, body, joints):
    sensor = passes.Sensor()
    world = np.array(body.matrix_world)
    places = np.array([joints[name] for name in POINTS]) @ world[:3, :3].T + world[:3, 3]
    forwards = world[:3, :3] @ np.array([1.0, 0, 0])
    view = -sensor.matrix[:3, 2]
    return {
        "id": number,
        "joints": {
            name: [round(float(value), 3) for value in spot]
            for name, spot in zip(POINTS, sensor.project(places), strict=True)
        },
        "away": round(float(forwards @ view), 3),
    }
