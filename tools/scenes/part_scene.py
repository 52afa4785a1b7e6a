# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe of parts16 or proposals40 made into a scene: a place, objects with ids, a camera."""

from __future__ import annotations

import math

import bpy
import kit
import part_places
from mathutils import Vector
from part_decor import DECOR
from part_furniture import FURNITURE
from part_objects import OBJECTS
from part_outdoors import OUTDOORS

KINDS = OBJECTS | DECOR | FURNITURE | OUTDOORS
FRAME = (640, 480)
"""Size of a picture in px."""


def build(recipe: dict) -> list[dict]:
    """Build the scene of a recipe; returns what the ids mean, ids running from 1.

    Raises KeyError for a kind that is not known.
    """
    kit.reset_scene(*FRAME)
    part_places.build(
        recipe["place"], tuple(recipe["tone"]), recipe.get("light", {}), recipe["seed"]
    )
    entries = []
    for number, row in enumerate(recipe["objects"], 1):
        _place(row, number)
        entries.append(
            {
                "id": number,
                "label": row["kind"],
                "target": row.get("target", False),
                "edge_cases": row.get("edge", []),
            }
        )
    aim_camera(recipe["camera"])
    return entries


def _place(row: dict, number: int) -> None:
    mesh = KINDS[row["kind"]](tuple(row["color"]))
    across, along, *height = row["at"]
    thing = kit.place(
        mesh, row["kind"], (across, along, *(height or (0.0,))), scale=row.get("scale", 1)
    )
    tilt = row.get("tilt", (0, 0))
    thing.rotation_mode = "XYZ"
    thing.rotation_euler = (
        *(math.radians(angle) for angle in tilt),
        math.radians(row.get("turn", 0)),
    )
    thing.pass_index = number


def aim_camera(camera: dict) -> None:
    """Set the camera of the scene: ``at`` and ``look`` in metres, ``fov`` in degrees."""
    data = bpy.data.cameras.new("camera")
    data.angle = math.radians(camera["fov"])
    data.clip_start = 0.02
    holder = kit.link(bpy.data.objects.new("camera", data))
    holder.location = camera["at"]
    towards = Vector(camera["look"]) - Vector(camera["at"])
    holder.rotation_euler = towards.to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.camera = holder
