# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the street of one sweep recipe around the scanner, and describe what stands in it.

Recipes place everything relative to the scanner: ``at = [across, along]`` with ``along`` counted
from the scanner, which stands at ``across = scanner`` in the middle of a street.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field

import bpy
import kit
import materials
import numpy as np
from bodies import split_mirrors
from mathutils import Vector
from scene import VEHICLES, Entry, SceneBuilder
from sweep import BODY, DOOR, MIRROR

START = 45.0
"""Street position of the scanner, so that the street goes on behind it."""
HEIGHT = 1.85
"""Metres of the scanner above the road."""
LOT_HEIGHT = 0.12
BAY = 2.6
"""Width of a parking space in metres."""
CLEARED = ("hedge", "park_tree", "facade_", "house_", "tree", "furniture")


@dataclass
class Instance:
    """A labelled object: its id, label, heading, and the objects it is made of."""

    number: int
    label: str
    kind: str
    body: bpy.types.Object
    edge_cases: list[str]
    mirrors: bpy.types.Object | None = None
    door: bpy.types.Object | None = None


@dataclass
class SweepScene:
    """A built scene: where the scanner stands, its instances and the objects that mirror pulses."""

    origin: Vector
    heading: float
    instances: list[Instance] = field(default_factory=list)
    glass: list[str] = field(default_factory=list)
    zones: list[list[tuple[float, float]]] = field(default_factory=list)

    def owners(self) -> dict[str, tuple[int, int]]:
        """Object name -> (id, part)."""
        owners = {}
        for instance in self.instances:
            for thing, part in (
                (instance.body, BODY),
                (instance.mirrors, MIRROR),
                (instance.door, DOOR),
            ):
                if thing:
                    owners[thing.name] = (instance.number, part)
        return owners

    def to_sensor(self, points) -> np.ndarray:
        """World points (n, 3) in sensor coordinates."""
        return (np.asarray(points) - np.array(self.origin)) @ rotation(self.heading)


def rotation(heading: float) -> np.ndarray:
    """3 x 3 turn by ``heading`` around z, from sensor to world axes."""
    cosine, sine = math.cos(heading), math.sin(heading)
    return np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])


def build(recipe: dict, meshes: dict) -> SweepScene:
    """Build the street of ``recipe`` and return what the scanner needs to know of it."""
    builder = SceneBuilder(_shifted(recipe), meshes)
    builder.build()
    x, y, heading = builder.street.pose(recipe["scanner"], START)
    scene = SweepScene(Vector((x, y, HEIGHT)), heading)
    split = {}
    for number, entry in enumerate(builder.entries, 1):
        if entry.surface == "reflection" and entry.kind == "shop_glass":
            scene.glass += [thing.name for thing in entry.objects]
        elif entry.label:
            scene.instances.append(_instance(number, entry, split))
    if "lot" in recipe:
        scene.zones.append(_parking_lot(recipe["lot"], builder.street, scene))
    bpy.context.view_layer.update()
    return scene


def _shifted(recipe: dict) -> dict:
    """The recipe as a street picture: every place moved along by `START`."""
    shifted = copy.deepcopy(recipe)
    for row in shifted["objects"]:
        row["at"][1] += START
    shifted["keep_clear"] = [
        [first + START, last + START] for first, last in recipe.get("keep_clear", [])
    ]
    if "crossing" in shifted.get("street", {}):
        shifted["street"]["crossing"] += START
    look = recipe.get("look", [recipe["scanner"] - 0.4, 30.0])
    shifted["camera"] = {
        "at": [recipe["scanner"], START + 0.25, 1.5],
        "look": [look[0], look[1] + START, 1.2],
        "fov": 66,
    }
    return shifted


def _instance(number: int, entry: Entry, split: dict) -> Instance:
    """The objects of one entry, the mirrors of vehicles made an object of their own."""
    body = entry.objects[0]
    instance = Instance(number, entry.label, entry.kind, body, list(entry.edge_cases))
    if entry.label in VEHICLES:
        mesh = body.data
        if mesh.name not in split:
            split[mesh.name] = split_mirrors(mesh)
        body.data, mirrors = split[mesh.name]
        instance.mirrors = _beside(body, mirrors, "mirrors", number) if mirrors else None
    if "open_door" in entry.edge_cases:
        instance.door = next(
            thing
            for thing in bpy.data.objects
            if thing.name.startswith(f"{entry.kind}_door")
            and (thing.location - body.location).length < 0.01
        )
    return instance


def _beside(body, mesh, name, number) -> bpy.types.Object:
    """An object with the pose, colour and id of ``body``."""
    created = kit.place(
        mesh, name, body.location, body.rotation_euler.z, tuple(body.color)[:3], body.scale[0]
    )
    created.pass_index = number
    return created


def _parking_lot(lot: dict, street, scene: SweepScene) -> list[tuple[float, float]]:
    """Replace the greenery of a stretch by a car park; returns its outline in sensor metres.

    ``lot`` has ``side`` (-1 left, 1 right), ``start`` and ``stop`` along the street from the
    scanner, and ``depth``, all in metres.
    """
    edge = street.half + street.pavement + 0.2
    start, stop = lot["start"] + START, lot["stop"] + START
    inner, outer = sorted((lot["side"] * edge, lot["side"] * (edge + lot["depth"])))
    margin = 3.0
    labelled = {instance.body.name for instance in scene.instances}
    for thing in list(bpy.data.objects):
        x, y = thing.location.x, thing.location.y
        inside = inner - margin < x < outer + margin and start - margin < y < stop + margin
        if inside and thing.name.startswith(CLEARED) and thing.name not in labelled:
            bpy.data.objects.remove(thing)
    middle = ((inner + outer) / 2, (start + stop) / 2, LOT_HEIGHT - 0.15)
    kit.box("lot", middle, (outer - inner, stop - start, 0.3), materials.asphalt(False))
    paint = bpy.data.materials["road_paint"]
    for index in range(int((stop - start) / BAY) + 1):
        for across in (inner + 2.6, outer - 2.6):
            place = (across, start + 0.05 + index * BAY, LOT_HEIGHT)
            kit.box("bay", place, (5.0, 0.1, 0.012), paint)
    corners = [(inner, start), (outer, start), (outer, stop), (inner, stop)]
    outline = scene.to_sensor([(*corner, 0.0) for corner in corners])
    return [(round(float(x), 2), round(float(y), 2)) for x, y, _ in outline]
