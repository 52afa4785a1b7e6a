# SPDX-License-Identifier: GPL-3.0-or-later
"""The mesh library: every reusable mesh is built once and kept in one .blend file, so that a scene
builds in seconds.
"""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import buildings
import buses
import carriers
import kit
import materials
import people
import props
import textures
import trailers
import trucks
import vehicles
from car_shapes import CAR_SHAPES
from PIL import Image

WALKERS, STANDERS, PHONES = range(1, 23), range(31, 41), range(51, 54)
RIDERS, BICYCLES, MOUNTERS = range(61, 67), range(71, 74), range(81, 85)
TREES, BUSHES = range(6), range(2)
POSTERS = ((5, "SUMMER"), (12, "RUN CLUB"))
"""(walker shown on it, title) of each poster."""
DOOR_KINDS = ("sedan", "suv", "compact_van")


def build(path: Path):
    """Build all meshes and write them to ``path``; about a minute."""
    work = path.parent
    textures.write_all(work / "textures")
    posters = [_poster_picture(work, number, *entry) for number, entry in enumerate(POSTERS)]
    kit.reset_scene(64, 64)
    meshes = [vehicles.car_mesh(kind) for kind in CAR_SHAPES]
    for kind in DOOR_KINDS:
        meshes += vehicles.open_door_meshes(kind)
    meshes += [
        trucks.truck_mesh(),
        trucks.flatbed_mesh(),
        trucks.parcel_van_mesh(),
        buses.bus_mesh(),
        carriers.carrier_mesh(),
        trailers.trailer_mesh(covered=True),
        trailers.trailer_mesh(covered=False),
    ]
    small = trucks.truck_mesh(
        length=5.9,
        cab_length=1.6,
        body_height=2.85,
        body_name="cargo_cream",
        body_color=(0.62, 0.55, 0.38),
    )
    small.name = "small_truck"
    meshes.append(small)
    walkers = {seed: people.person_mesh(seed, "walk") for seed in WALKERS}
    standers = {seed: people.person_mesh(seed, "stand") for seed in STANDERS}
    meshes += [
        *walkers.values(),
        *standers.values(),
        *(people.person_mesh(seed, "phone") for seed in PHONES),
    ]
    meshes += [people.cyclist_mesh(seed) for seed in RIDERS] + [
        people.bicycle_mesh(seed) for seed in BICYCLES
    ]
    meshes += [people.mounting_mesh(seed) for seed in MOUNTERS]
    meshes += [props.statue_of(standers[STANDERS[index]], bronze=index < 2) for index in range(4)]
    meshes += [props.tree_mesh(seed) for seed in TREES] + [props.bush_mesh(seed) for seed in BUSHES]
    meshes += [
        props.hedge_mesh(),
        props.lamp_mesh(),
        props.light_pole_mesh(),
        props.plinth_mesh(),
        props.puddle_mesh(),
    ]
    meshes += [
        *props.street_mirror_meshes(),
        *props.shop_glass_mesh(),
        *props.furniture_meshes(),
        *props.sign_meshes(work / "textures"),
    ]
    meshes += [props.traffic_light_mesh(state) for state in props.LIGHT_COLORS]
    meshes += [props.poster_mesh(picture, number) for number, picture in enumerate(posters)]
    meshes += [buildings.facade_mesh(*entry, work / "textures") for entry in buildings.FACADES]
    meshes += [buildings.house_mesh(seed) for seed in buildings.HOUSES]
    for mesh in meshes:
        mesh.use_fake_user = True
    bpy.data.libraries.write(str(path), set(meshes), fake_user=True)


def _poster_picture(work: Path, number: int, walker: int, title: str) -> Path:
    """Render one of our own walkers in front of a plain wall and set it into a poster."""
    scene = kit.reset_scene(380, 490)
    scene.cycles.samples = 24
    person = kit.place(people.person_mesh(walker, "walk"), "model", heading=-math.pi / 2 + 0.5)
    wall = materials.plain(
        "studio_wall", (0.55, 0.6, 0.7) if number % 2 else (0.75, 0.62, 0.45), 0.9
    )
    kit.box("wall", (0, 3, 0), (12, 0.1, 12), wall)
    for x, energy in ((-2, 250), (2.5, 120)):
        lamp = bpy.data.lights.new("lamp", "AREA")
        lamp.energy, lamp.size = energy, 2
        holder = kit.link(bpy.data.objects.new("lamp", lamp))
        holder.location, holder.rotation_euler = (
            (x, -3, 2.6),
            (math.radians(60), 0, math.copysign(0.6, x)),
        )
    camera = kit.link(bpy.data.objects.new("camera", bpy.data.cameras.new("camera")))
    camera.location, camera.rotation_euler, camera.data.angle = (
        (0, -3.6, 1.1),
        (math.pi / 2, 0, 0),
        math.radians(38),
    )
    scene.camera, scene.render.filepath = camera, str(work / f"portrait_{number}.png")
    bpy.ops.render.render(write_still=True)
    bpy.data.objects.remove(person)
    target = work / f"poster_{number}.png"
    textures.poster(Image.open(scene.render.filepath), title, number).save(target)
    return target


def load(path: Path) -> dict[str, bpy.types.Mesh]:
    """Append all library meshes to the open scene; returns them by name."""
    with bpy.data.libraries.load(str(path)) as (source, target):
        target.meshes = list(source.meshes)
    return {mesh.name: mesh for mesh in target.meshes}
