# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the street of one clip recipe and move cars, walkers and riders through it.

Recipes place everything in street coordinates (x right of the centre line, y along the street, in
metres) and count time in frames.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import kit
import materials
import numpy as np
import people
from library import TREES
from mathutils import Euler, Matrix, Vector
from routes import Route, distances
from scene import COLORS, LABEL_OF_KIND, SceneBuilder
from walking import PHASES, Walker

FPS = 10.0
BESIDE = 0.45
"""Metres between a pushed bicycle and the person left of it."""
LABELS = LABEL_OF_KIND | {"walker": "person", "rider": "cyclist"}
STEP_OFF = 4
"""Frames a rider takes to step from over the bicycle to beside it."""


@dataclass
class Pose:
    """Where one thing is at one frame, and the mesh it shows."""

    mesh: bpy.types.Mesh
    place: tuple[float, float, float]
    heading: float

    def matrix(self) -> Matrix:
        return Matrix.LocRotScale(Vector(self.place), Euler((0, 0, self.heading)), None)


@dataclass
class Actor:
    """One moving thing; ``number`` is its id, 0 for what carries no label.

    ``label_changes`` lists [frame, label]: from that frame on the label is another one.
    """

    number: int
    label: str | None
    poses: list[Pose | None]
    thing: bpy.types.Object
    label_changes: list[list]
    edge_cases: list[str]

    def show(self, frame: int):
        """Move the object to ``frame``."""
        pose = self.poses[frame + 1]
        self.thing.hide_render = self.thing.hide_viewport = pose is None
        if pose:
            self.thing.data = pose.mesh
            self.thing.location, self.thing.rotation_euler.z = pose.place, pose.heading


class ClipScene:
    """A built clip: its actors and its shots.

    ``cache`` is the folder of the walkers' meshes.
    """

    def __init__(self, recipe: dict, meshes: dict, cache: Path):
        self.recipe, self.meshes, self.cache = recipe, meshes, cache
        self.frames = recipe["frames"]
        builder = SceneBuilder(_street_recipe(recipe), meshes)
        builder.build()
        for row in recipe.get("kiosks", []):
            kiosk(**row)
        for row in recipe.get("groves", []):
            grove(meshes, **row)
        self.graph = bpy.context.evaluated_depsgraph_get()
        plans = [self._plan(row) for row in recipe["movers"]]
        self.actors: list[Actor] = []
        for number, (row, parts) in enumerate(zip(recipe["movers"], plans, strict=True), 1):
            for index, poses in enumerate(parts):
                self._act(number if index == 0 else 0, row, poses)
        bpy.context.view_layer.update()

    def shots(self) -> list[tuple[int, int, dict]]:
        """(first frame, frame after the last, camera) of each shot."""
        cameras = self.recipe["cameras"]
        starts = [camera.get("start", 0) for camera in cameras]
        return list(zip(starts, [*starts[1:], self.frames], cameras, strict=True))

    def hide_all(self):
        """Leave the street empty."""
        for actor in self.actors:
            actor.thing.hide_render = actor.thing.hide_viewport = True
        bpy.context.view_layer.update()

    def show(self, frame: int):
        """Put every actor where it is at ``frame``."""
        bpy.context.scene.frame_set(frame)
        for actor in self.actors:
            actor.show(frame)
        bpy.context.view_layer.update()

    def _act(self, number: int, row: dict, poses: list[Pose | None]):
        color = COLORS[row["color"]] if "color" in row else None
        first = next(pose for pose in poses if pose)
        thing = kit.place(first.mesh, row["kind"], color=color)
        thing.pass_index = number
        label = LABELS[row["kind"]]
        changes = [[row["dismount"], "person"]] if "dismount" in row else []
        actor = Actor(number, label, poses, thing, changes, row.get("edge", []))
        if self.recipe.get("shutter"):
            self._keyframe(actor)
        self.actors.append(actor)

    def _keyframe(self, actor: Actor):
        """Let the renderer know the way between two frames, for motion blur."""
        bpy.context.preferences.edit.keyframe_new_interpolation_type = "LINEAR"
        for frame in range(-1, self.frames + 1):
            if actor.poses[frame + 1]:
                actor.show(frame)
                actor.thing.keyframe_insert("location", frame=frame)
                actor.thing.keyframe_insert("rotation_euler", frame=frame)

    def _plan(self, row: dict) -> list[list[Pose | None]]:
        """The poses of a mover at frames -1 to ``frames``; a rider brings a bicycle too."""
        route = Route(row["path"])
        if row["kind"] == "walker":
            return [self._walk(row, route)]
        along = distances(row["speed"], row.get("start", 0.0), self.frames, FPS)
        if row["kind"] == "rider":
            return self._ride(row, route, along)
        mesh = self.meshes[f"cyclist_{row['seed']}" if row["kind"] == "cyclist" else row["kind"]]
        return [[self._pose(mesh, *route.pose(distance)) for distance in along]]

    def _walk(self, row: dict, route: Route) -> list[Pose]:
        """A walker takes one phase of a step each frame of its ``walk`` intervals."""
        walker = Walker(row["seed"], self.cache)
        intervals = row.get("walk", [[-1, self.frames + 1]])
        return self._steps(walker, route, row.get("start", 0.0), intervals, row.get("phase", 0))

    def _steps(self, walker: Walker, route, start, intervals, phase, aside=0.0) -> list[Pose]:
        poses, taken = [], 0
        for frame in range(-1, self.frames + 1):
            walking = any(first <= frame < last for first, last in intervals)
            taken += int(walking and frame > 0)
            x, y, heading = route.pose(start + taken * walker.stride / PHASES)
            mesh = walker.steps[(phase + taken) % PHASES] if walking else walker.still
            poses.append(self._pose(mesh, x, y, heading, aside))
        return poses

    def _ride(self, row: dict, route: Route, along: np.ndarray) -> list[list[Pose | None]]:
        """A rider stops, stands astride, steps off and pushes the bicycle."""
        walker = Walker(row["seed"], self.cache)
        riding = self.meshes[f"cyclist_{row['seed']}"]
        astride = people.mounting_mesh(row["seed"])
        bicycle = people.bicycle_mesh(row["seed"])
        stopped, off, push = row["astride"], row["dismount"], row["push"]
        rest = along[stopped + 1]
        aside = self._steps(walker, route, rest, [[push, self.frames + 1]], 0, BESIDE)
        alone = self._steps(walker, route, rest, [[push, self.frames + 1]], 0)
        rider, machine = [], []
        for frame in range(-1, self.frames + 1):
            x, y, heading = route.pose(min(along[frame + 1], rest))
            if frame < off:
                rider.append(self._pose(riding if frame < stopped else astride, x, y, heading))
                machine.append(None)
                continue
            pose, wheels = aside[frame + 1], alone[frame + 1]
            share = min(1.0, (frame - off + 1) / STEP_OFF)
            shift = 0.55 + 0.45 * share
            place = [w + (p - w) * shift for p, w in zip(pose.place, wheels.place, strict=True)]
            rider.append(Pose(pose.mesh, tuple(place), pose.heading))
            machine.append(Pose(bicycle, wheels.place, wheels.heading))
        return [rider, machine]

    def _pose(self, mesh, x, y, heading, aside=0.0) -> Pose:
        """A pose on the ground, ``aside`` metres to the left of the route."""
        x, y = x - aside * math.sin(heading), y + aside * math.cos(heading)
        return Pose(mesh, (x, y, self._ground(x, y)), heading)

    def _ground(self, x: float, y: float) -> float:
        """Height of road or pavement, measured downwards from knee height."""
        hit, place, *_ = bpy.context.scene.ray_cast(
            self.graph, Vector((x, y, 0.3)), Vector((0, 0, -1)), distance=1.0
        )
        return place.z if hit else 0.0


def _street_recipe(recipe: dict) -> dict:
    """What stands still, as the recipe of a street picture."""
    still = {key: recipe[key] for key in ("seed", "layout", "sun") if key in recipe}
    still["street"] = copy.deepcopy(recipe.get("street", {}))
    still["keep_clear"] = recipe.get("keep_clear", [])
    still["objects"] = copy.deepcopy(recipe.get("objects", []))
    return still


def set_camera(setting: dict):
    """A fixed camera ``at`` (x, y, height) that looks at a point; ``fov`` in degrees."""
    data = bpy.data.cameras.new("fixed")
    data.angle, data.clip_end = math.radians(setting["fov"]), 600
    camera = kit.link(bpy.data.objects.new("fixed", data))
    place, target = Vector(setting["at"]), Vector(setting["look"])
    camera.location = place
    camera.rotation_euler = (target - place).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.camera = camera
    bpy.context.view_layer.update()


def kiosk(at: Sequence[float], size: Sequence[float]):
    """A closed newspaper kiosk; ``size`` is width along y, depth and height in metres."""
    width, depth, height = size
    wall = materials.plain("kiosk_wall", (0.05, 0.13, 0.11), 0.5, variation=0.15)
    roof = materials.plain("kiosk_roof", (0.32, 0.31, 0.29), 0.6)
    shutter = materials.plain("kiosk_shutter", (0.42, 0.41, 0.38), 0.45, metallic=0.4, bump=0.2)
    parts = [
        kit.box("base", (0, 0, height / 2), (depth, width, height), wall, 0.04),
        kit.box("roof", (0, 0, height + 0.06), (depth + 0.5, width + 0.4, 0.14), roof, 0.03),
        kit.box("counter", (-depth / 2 - 0.1, 0, 1.05), (0.25, width * 0.8, 0.06), roof),
        kit.box("shutter", (-depth / 2, 0, 1.6), (0.06, width * 0.8, 0.95), shutter),
        kit.box("back", (depth / 2, 0, 1.5), (0.05, width * 0.55, 1.5), shutter),
    ]
    mesh = kit.join(parts, "kiosk")
    kit.place(mesh, "kiosk", (*at, 0.12))


def grove(meshes: dict, start: Sequence[float], stop: Sequence[float], count: int):
    """A row of ``count`` large trees between two places, so that a park does not end in a void."""
    for index, share in enumerate(np.linspace(0, 1, count)):
        x, y = np.array(start) + (np.array(stop) - np.array(start)) * share
        place = (x + 1.5 * math.sin(2.4 * index), y, 0.05)
        tree = meshes[f"tree_{index % len(TREES)}"]
        kit.place(tree, "grove", place, 1.3 * index, scale=1.5 + 0.12 * (index % 4))
