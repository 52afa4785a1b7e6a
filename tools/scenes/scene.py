# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn one recipe row into a Blender scene and a list of what is in it."""

from __future__ import annotations

import dataclasses
import math
import random
from dataclasses import dataclass, field

import bpy
import kit
import library
import lighting
import materials
from layouts import LAYOUTS, Street
from mathutils import Vector
from street import build_surface, build_surroundings

LABEL_OF_KIND = {
    "sedan": "car",
    "hatchback": "car",
    "estate": "car",
    "suv": "car",
    "compact_van": "van",
    "panel_van": "van",
    "parcel_van": "van",
    "truck": "truck",
    "small_truck": "truck",
    "flatbed": "truck",
    "carrier": "truck",
    "bus": "bus",
    "trailer_box": "trailer",
    "trailer_open": "trailer",
    "walk": "person",
    "stand": "person",
    "phone": "person",
    "cyclist": "cyclist",
    "mount": "cyclist",
    "light": "light",
    "sign": "sign",
}
DECOYS = {
    "poster": (9, "person"),
    "statue": (9, "person"),
    "mannequin": (9, "person"),
    "bicycle": (11, "cyclist"),
}
"""Kind of recipe row -> (G1 rule that says no label, label a learner may give)."""
SURFACES = {
    "puddle": ("reflection", 10),
    "shop_glass": ("reflection", 10),
    "mirror_glass": ("mirror", 10),
}
VEHICLES = ("car", "van", "truck", "bus")
FACING = {"away": 0, "towards": math.pi, "left": math.pi / 2, "right": -math.pi / 2}
COLORS = {
    "white": (0.75, 0.75, 0.73),
    "silver": (0.5, 0.5, 0.52),
    "grey": (0.2, 0.21, 0.22),
    "black": (0.02, 0.02, 0.022),
    "red": (0.38, 0.02, 0.02),
    "dark_red": (0.16, 0.015, 0.02),
    "blue": (0.02, 0.07, 0.26),
    "light_blue": (0.12, 0.25, 0.38),
    "green": (0.04, 0.14, 0.07),
    "yellow": (0.62, 0.38, 0.03),
    "orange": (0.55, 0.16, 0.02),
    "beige": (0.42, 0.35, 0.25),
    "brown": (0.13, 0.08, 0.05),
}
GOLDEN = 0.618
"""Spreads people sideways so that nobody stands exactly behind the next."""
CROWD_LABELLED = 10
"""G1 rule 14: the ten nearest of a crowd get their own label."""


@dataclass
class Entry:
    """One thing with an id: a labelled object, a decoy or a reflecting surface."""

    kind: str
    objects: list
    label: str | None = None
    edge_cases: list[str] = field(default_factory=list)
    crowd: bool = False
    decoy: dict | None = None
    surface: str | None = None


class SceneBuilder:
    """Places the rows of one recipe in a street."""

    def __init__(self, recipe: dict, meshes: dict):
        self.recipe, self.meshes, self.entries = recipe, meshes, []
        self.chance = random.Random(recipe["seed"])
        self.light, self.weather = recipe.get("light", "day"), recipe.get("weather", "dry")
        overrides = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in recipe.get("street", {}).items()
        }
        self.street: Street = dataclasses.replace(LAYOUTS[recipe["layout"]], **overrides)

    def build(self):
        """Build everything; afterwards ``entries`` lists what carries an id."""
        rows = self.recipe.get("objects", [])
        build_surface(self.street, self.chance, self.weather == "rain")

        def free(across, along):
            reserved = self.recipe.get("keep_clear", [])
            if any(start < along < stop for start, stop in reserved):
                return False
            return all(
                abs(row["at"][0] - across) > 1.3 or abs(row["at"][1] - along) > 2.0 for row in rows
            )

        lamps = build_surroundings(self.street, self.meshes, self.chance, free)
        lighting.set_world(
            self.light,
            self.weather,
            self.recipe.get("sun", [35, 60])[0],
            self.recipe.get("sun", [35, 60])[1],
        )
        if self.light != "day":
            lighting.add_street_lamps(lamps[:14], self.light)
        self._camera()
        for row in rows:
            self._row(dict(row))
        materials.set_lamps(self.light, self.weather)
        for number, entry in enumerate(self.entries, 1):
            for thing in entry.objects:
                thing.pass_index = number

    def _row(self, row):
        kind = row["kind"]
        if kind == "crowd":
            self._crowd(row)
        elif kind in ("sign", "light"):
            self._pole_mounted(row)
        elif kind in DECOYS:
            self._decoy(row)
        elif kind in SURFACES or kind == "street_mirror":
            self._surface(row)
        elif kind in LABEL_OF_KIND:
            self._labelled(row)
        else:
            name = {
                "tree": f"tree_{row.get('variant', 0)}",
                "bush": f"bush_{row.get('variant', 0)}",
            }.get(kind, kind)
            self._put(name, row)

    def _put(self, mesh_name, row, lift=0.0):
        """Place a library mesh at the street position of ``row``."""
        across, along = row["at"]
        x, y, heading = self.street.pose(across, along)
        turn = FACING[row.get("facing", "away")] + math.radians(row.get("turn", 0))
        height = row.get("height", self.street.surface_height(across)) + lift
        color = (
            COLORS[row["color"]] if "color" in row else self.chance.choice(list(COLORS.values()))
        )
        return kit.place(
            self.meshes[mesh_name],
            mesh_name,
            (x, y, height),
            heading + turn,
            color,
            row.get("scale", 1.0),
        )

    def _labelled(self, row):
        kind = row["kind"]
        pick = {
            "walk": library.WALKERS,
            "stand": library.STANDERS,
            "phone": library.PHONES,
            "cyclist": library.RIDERS,
            "mount": library.MOUNTERS,
        }.get(kind)
        name = (
            f"{kind}_{pick[row.get('variant', self.chance.randrange(99)) % len(pick)]}"
            if pick
            else kind
        )
        main = self._put(name, row)
        entry = Entry(kind, [main], LABEL_OF_KIND[kind], list(row.get("edge", [])))
        if row.get("door_open"):
            opening = self._put(f"{kind}_opening", row)
            door = self._put(f"{kind}_door", row)
            opening.color = door.color = main.color
            entry.objects.append(opening)
            entry.edge_cases.append("open_door")
        self.entries.append(entry)
        if LABEL_OF_KIND[kind] in VEHICLES and self.light != "day":
            if row.get("parked", abs(row["at"][0]) > self.street.half - 2.3):
                self._lamps_off(main)
            elif row["at"][1] < 60:
                reach = max(corner[0] for corner in main.bound_box)
                lighting.add_head_lights(main, reach, 0.65)

    @staticmethod
    def _lamps_off(vehicle):
        """Parked vehicles keep their lamps dark."""
        for slot in vehicle.material_slots:
            name = slot.material.name
            if name in ("head_lamp", "tail_lamp"):
                color = (0.7, 0.72, 0.75) if name == "head_lamp" else (0.25, 0.01, 0.01)
                slot.link = "OBJECT"
                slot.material = materials.plain(f"parked_{name}", color, 0.1, coat=1)

    def _pole_mounted(self, row):
        kind, variant = row["kind"], row["variant"]
        for mesh_name in (f"{kind}_pole", f"{kind}_{variant}"):
            thing = self._put(mesh_name, row)
            thing.rotation_euler.z -= math.pi / 2
        self.entries.append(Entry(kind, [thing], LABEL_OF_KIND[kind], list(row.get("edge", []))))

    def _decoy(self, row):
        kind = row["kind"]
        rule, label = DECOYS[kind]
        shown = {
            "poster": "poster",
            "statue": "statue",
            "mannequin": "mannequin",
            "bicycle": "parked_bicycle",
        }[kind]
        if kind == "poster":
            thing = self._put(f"poster_{row.get('variant', 0)}", row)
            thing.rotation_euler.z -= math.pi / 2
        elif kind == "bicycle":
            thing = self._put(f"bicycle_{library.BICYCLES[row.get('variant', 0)]}", row)
            thing.rotation_euler.x = row.get("lean", 0.12)
        elif kind == "statue":
            self._put("plinth", row)
            thing = self._put(
                f"statue_stand_{library.STANDERS[row.get('variant', 0)]}",
                row,
                lift=1.0 * row.get("scale", 1),
            )
        else:
            thing = self._put(
                f"mannequin_stand_{library.STANDERS[row.get('variant', 2)]}", row, lift=0.06
            )
            x, y, z = thing.location
            kit.lathe(
                "stand",
                [(1e-3, 0), (0.3, 0), (0.3, 0.05), (1e-3, 0.06)],
                [materials.alloy()],
                location=(x, y, z - 0.06),
            )
        self.entries.append(
            Entry(kind, [thing], decoy={"kind": shown, "rule": rule, "label": label})
        )

    def _surface(self, row):
        """A reflecting surface.

        What is seen in it becomes decoys, found by a second ray per pixel.
        """
        kind = row["kind"]
        if kind == "street_mirror":
            frame, glass = self._put("mirror_frame", row), self._put("mirror_glass", row)
            for part in (frame, glass):
                part.rotation_euler.z -= math.pi / 2
            self.entries.append(Entry("mirror_glass", [glass], surface="mirror"))
            return
        if kind == "shop_glass":
            self._put("shop_glass_frame", row).rotation_euler.z -= math.pi / 2
        thing = self._put(kind, row)
        thing.rotation_euler.z -= math.pi / 2
        self.entries.append(Entry(kind, [thing], surface=SURFACES[kind][0]))

    def _crowd(self, row):
        """Dense group of ``count`` people.

        The nearest ten get ids of their own, the rest share one.
        """
        camera = bpy.context.scene.camera.location
        depth, members = row["spread"][1], []
        for index in range(row["count"]):
            share = (index * GOLDEN) % 1 - 0.5 + self.chance.uniform(-0.06, 0.06)
            across = row["at"][0] + share * row["spread"][0]
            along = row["at"][1] + depth * (index + self.chance.random()) / row["count"]
            facing = self.chance.choice(("away", "towards", "left", "right"))
            kind = self.chance.choice(("walk", "stand", "stand", "phone"))
            pick = {"walk": library.WALKERS, "stand": library.STANDERS, "phone": library.PHONES}[
                kind
            ]
            name = f"{kind}_{self.chance.choice(pick)}"
            members.append(
                self._put(
                    name,
                    {"at": [across, along], "facing": facing, "turn": self.chance.uniform(-40, 40)},
                )
            )
        members.sort(key=lambda person: (Vector(person.location) - camera).length)
        self.entries += [
            Entry("stand", [person], "person", ["crowd"]) for person in members[:CROWD_LABELLED]
        ]
        self.entries.append(
            Entry("crowd", members[CROWD_LABELLED:], "person", ["crowd"], crowd=True)
        )

    def _camera(self):
        """Camera at (across, along, height) looking at a street position.

        ``fov`` is the horizontal angle in degrees.
        """
        setting = {"at": [1.6, -2.0, 1.45], "look": [0.2, 30.0, 1.4], "fov": 62} | self.recipe.get(
            "camera", {}
        )
        data = bpy.data.cameras.new("camera")
        data.angle, data.clip_end = math.radians(setting["fov"]), 600
        camera = kit.link(bpy.data.objects.new("camera", data))
        position, target = (
            Vector((*self.street.pose(*setting[key][:2])[:2], setting[key][2]))
            for key in ("at", "look")
        )
        camera.location = position
        camera.rotation_euler = (target - position).to_track_quat("-Z", "Y").to_euler()
        camera.rotation_euler.rotate_axis("Z", self.chance.gauss(0, 0.005))
        bpy.context.scene.camera = camera
        bpy.context.view_layer.update()
