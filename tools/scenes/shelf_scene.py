# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn one recipe row into a shelf and a list of what is in it; `shelf_blocks` has its words."""

from __future__ import annotations

import math
import random
from pathlib import Path

import bpy
import kit
import materials
import shelf_fixtures as fixtures
import shelf_occluders as occluders
import shelf_props as props
from mathutils import Vector
from products import ProductShop
from shelf_blocks import Entry, read_block

SPACE = 0.0035
"""Least distance between two units."""
FRONT = 0.018
"""Distance of the fronts from the edge of the board."""
HOOK_PITCH = 0.030
APERTURE = 9.0
"""F-number of the camera."""
READABLE = 0.30
"""Least cosine between the way a front looks and the way to the camera at which art is readable."""


class ShelfBuilder:
    """Builds the shelf of one recipe; afterwards ``entries`` lists what carries an id."""

    def __init__(self, recipe: dict, folder: Path):
        self.recipe, self.folder = recipe, folder
        self.shop = ProductShop(folder / "textures")
        self.entries: list[Entry] = []
        self.ghosts: list[bpy.types.Object] = []
        self.panes: list[bpy.types.Object] = []
        self.glass: list[bpy.types.Object] = []
        self.occluders: dict[str, list[bpy.types.Object]] = {}
        self.chance = random.Random(recipe["seed"])
        self.style = fixtures.STYLES[recipe["style"]]

    def build(self):
        recipe = self.recipe
        tone = recipe.get("light", "neutral")
        for lamp in fixtures.shop(tone, recipe.get("level", 1.0), recipe["seed"]):
            self.entries.append(Entry("lamp", lamp))
        fixtures.floor(recipe["seed"])
        self._camera()
        z = self._shelves(recipe.get("base", 0.14))
        self._housing(recipe.get("base", 0.14), z, tone)
        for row in recipe.get("extras", []):
            getattr(self, f"_{row['kind']}")(row)
        for number, entry in enumerate(self.entries, 1):
            entry.thing.pass_index = number
        numbers = len(self.entries)
        for kind, things in self.occluders.items():
            numbers += 1
            self.entries.append(Entry(kind, things[0]))
            for thing in things:
                thing.pass_index = numbers

    # Furniture ----------------------------------------------------------------------------------

    def _shelves(self, z: float) -> float:
        """Fill all shelves from the bottom; returns the height of the top."""
        for number, shelf in enumerate(self.recipe["shelves"]):
            hung = shelf.get("hung", False)
            if not hung:
                fixtures.board(self.style, z)
            self._line(number, [read_block(text) for text in shelf["line"]], z, shelf)
            z += shelf["clear"] + (0 if hung else self.style.thickness)
        if not self.recipe["shelves"][-1].get("hung"):
            fixtures.board(self.style, z)
        return z

    def _housing(self, base, top, tone):
        recipe = self.recipe
        doors = [fixtures.Door(**row) for row in recipe.get("doors", [])]
        if not doors:
            fixtures.wall(self.style, 0, max(top + 0.5, 2.0), self.folder / "textures")
            fixtures.plinth(self.style, base)
            return
        panes = fixtures.cooler(base - 0.02, top, doors, tone, recipe.get("reflectance", 0.08))
        fixtures.plinth(self.style, base)
        self.panes += panes
        self.glass += panes

    # Products -----------------------------------------------------------------------------------

    def _line(self, number, blocks, z, shelf):
        """One shelf, its blocks side by side around the middle of the shelf."""
        hung = shelf.get("hung", False)
        spaces = [self.chance.uniform(0.006, 0.026) for _ in blocks]
        slots = [self._slots(block) for block in blocks]
        total = sum(sum(width for _, width in row) for row in slots) + sum(spaces)
        x = -total / 2
        if side := self.recipe.get("ends_at"):
            x = side - total if side > 0 else side
        for block, row, space in zip(blocks, slots, spaces, strict=True):
            start, opening = x, None
            for place, width in row:
                middle = x + width / 2
                if place in block.gap:
                    opening = (opening[0] if opening else x, x + width)
                    if place + 1 not in block.gap or place == block.count:
                        self._gap(number, block, *opening, z, shelf)
                        opening = None
                    if hung:
                        fixtures.hook(middle, z, fixtures.DEPTH)
                else:
                    self._column(number, block, place, middle, z, hung)
                x += width
            if "tray" in block.flags:
                depth = self.shop.skus[block.sku].size[1] * block.deep + 0.012
                props.tray(x - start + 0.004, depth, (start + x) / 2, z, number)
            self._tag(number, block, start, x, z, shelf)
            x += space

    def _slots(self, block):
        """(position, width) of every facing of a block; lying units take their height."""
        size = self.shop.skus[block.sku].size
        return [
            (
                place,
                size[2 if place in block.fallen else 0] + SPACE + self.chance.uniform(0, 0.002),
            )
            for place in range(1, block.count + 1)
        ]

    def _column(self, number, block, place, x, z, hung):
        """All units of one facing: stacked, and behind each other."""
        sku = self.shop.skus[block.sku]
        _, depth, height = sku.size
        if hung:
            self._hung(number, block, x, z)
            return
        if place in block.fallen:
            self._unit(number, block, x, FRONT + depth / 2 + 0.02, z, 0, "fallen")
            return
        setback = abs(self.chance.gauss(0, 0.007))
        turned = place in block.turned
        for behind in range(block.deep):
            for level in range(block.stack):
                jitter = self.chance.gauss(0, 0.0016)
                y = FRONT + setback + depth / 2 + behind * (depth + 0.003)
                y += self.chance.uniform(0, 0.004)
                pose = "turned" if turned and behind == 0 else "upright"
                self._unit(number, block, x + jitter, y, z + level * height, behind, pose, level)

    def _unit(self, number, block, x, y, z, behind, pose, level=0):
        sku = self.shop.skus[block.sku]
        thing = kit.place(self.shop.mesh(block.sku), block.sku, (x, y, z))
        wide = sku.kind in ("box", "multipack", "carton", "pouch")
        spin = self.chance.gauss(0, 2.0 if wide else 9.0)
        cases = []
        if pose == "fallen":
            side = self.chance.choice((-1, 1))
            thing.rotation_mode = "YXZ"
            thing.rotation_euler = (0, side * math.pi / 2, math.radians(self.chance.gauss(0, 5)))
            thing.location = (x - side * sku.size[2] / 2, y, z + sku.size[0] / 2)
            cases.append("fallen")
        elif pose == "turned":
            thing.rotation_euler.z = math.pi + math.radians(spin)
            cases.append("turned")
        else:
            thing.rotation_euler.z = math.radians(spin)
            if sku.kind == "pouch":
                thing.rotation_euler.x = math.radians(-self.chance.uniform(1, 7))
                thing.location.y += 0.006
        if level:
            cases.append("stack")
        if sku.twin and behind == 0:
            cases.append("near_identical")
        self._add_unit(thing, sku, number, behind, cases)

    def _hung(self, number, block, x, z):
        """A hook with several units; ``z`` is the height of the hook."""
        sku = self.shop.skus[block.sku]
        height = sku.size[2]
        pitch = HOOK_PITCH if sku.kind == "blister" else sku.size[1] * 0.8
        first = self.chance.choice((0, 0, 0, 1))
        fixtures.hook(x, z, fixtures.DEPTH)
        for behind in range(block.deep):
            y = (
                0.014
                + sku.size[1] / 2
                + (behind + first * 0.6) * pitch
                + self.chance.gauss(0, 0.002)
            )
            thing = kit.place(self.shop.mesh(block.sku), block.sku, (x, y, z - height * 0.945))
            thing.rotation_euler = (
                math.radians(self.chance.gauss(0, 1.6)),
                math.radians(self.chance.gauss(0, 1.4)),
                math.radians(self.chance.gauss(0, 4)),
            )
            self._add_unit(thing, sku, number, behind, [])

    def _add_unit(self, thing, sku, number, behind, cases):
        bpy.context.view_layer.update()
        camera = bpy.context.scene.camera.location
        front = thing.matrix_world.to_3x3() @ Vector((0, -1, 0))
        middle = thing.matrix_world @ Vector((0, 0, sku.size[2] / 2))
        readable = front.normalized().dot((camera - middle).normalized()) > READABLE
        self.entries.append(Entry("unit", thing, sku.id, number, behind, readable, cases))

    def _gap(self, number, block, left, right, z, shelf):
        """An unseen sheet where the fronts of the missing units would be."""
        sku = self.shop.skus[block.sku]
        height = sku.size[2] * block.stack
        low = z - height * 0.945 if shelf.get("hung") else z + 0.001
        sheet = kit.quad(
            "gap",
            [
                (left + 0.002, FRONT, low),
                (right - 0.002, FRONT, low),
                (right - 0.002, FRONT, low + height),
                (left + 0.002, FRONT, low + height),
            ],
            materials.plain("ghost", (1, 0, 1)),
        )
        sheet.hide_render = True
        self.ghosts.append(sheet)
        self.entries.append(Entry("gap", sheet, "gap", number))

    def _tag(self, number, block, start, stop, z, shelf):
        sku = self.shop.skus[block.sku]
        style = "offer" if "offer" in block.flags else self.recipe.get("tags", "plain")
        if shelf.get("hung"):
            width = (stop - start) / block.count
            x, height = start + width * (block.count // 2 + 0.5), z + 0.012
            card = props.tag(self.shop, sku, style, x, height, 4, self.chance, 0.8)
            self.entries.append(Entry("tag", card, "tag", number))
            return
        x = start + 0.045 if self.recipe.get("tag_side", "left") == "left" else (start + stop) / 2
        x += self.chance.uniform(-0.008, 0.012)
        height = fixtures.rail_middle(self.style, z)
        card = props.tag(self.shop, sku, style, x, height, self.style.rail_tilt, self.chance)
        self.entries.append(Entry("tag", card, "tag", number))

    # Extras -------------------------------------------------------------------------------------

    def _hand(self, row):
        things = occluders.hand(row["at"], row["towards"], row.get("roll", 0), row.get("seed", 1))
        self.occluders.setdefault("hand", []).extend(things)

    def _cart(self, row):
        things = occluders.cart(*row["at"], row.get("heading", 0), row.get("seed", 1))
        self.occluders.setdefault("cart", []).extend(things)

    def _cartons(self, row):
        things = occluders.cartons(*row["at"], row.get("seed", 1))
        self.occluders.setdefault("cart", []).extend(things)

    def _poster(self, row):
        sku = self.shop.skus[row["sku"]]
        portrait = self.folder / "skus" / f"{sku.id}.png"
        sheet = props.poster(
            self.shop, sku, portrait, *row["at"], row["height"], row.get("turn", 0)
        )
        decoy = {"kind": "poster", "rule": 6, "label": sku.id}
        self.entries.append(Entry("poster", sheet, decoy=decoy))

    def _wobbler(self, row):
        x, z = row["at"]
        props.wobbler(
            self.shop,
            row["words"],
            tuple(row.get("tone", (214, 30, 36))),
            x,
            z,
            row.get("reach", 0.07),
        )

    def _mirror(self, row):
        panel = fixtures.mirror_panel(row["x"], row["low"], row["high"], row.get("lean", 0))
        fixtures.pillar(row["x"], row["high"] + 0.4)
        self.entries.append(Entry("mirror", panel))
        self.panes.append(panel)

    def _display(self, row):
        """Lit products on a stand behind the camera, for panes to mirror."""
        x, y = row["at"]
        material = materials.plain("stand", (0.5, 0.5, 0.5), 0.6)
        top = row.get("low", 0.9)
        for level in range(row.get("levels", 2)):
            block = read_block(row["line"][level % len(row["line"])])
            sku = self.shop.skus[block.sku]
            kit.box("stand", (x, y - 0.15, top - 0.02), (1.8, 0.3, 0.03), material)
            for place in range(block.count):
                across = (place - (block.count - 1) / 2) * (sku.size[0] + 0.01)
                thing = kit.place(
                    self.shop.mesh(sku.id), sku.id, (x + across, y - 0.06, top), math.pi
                )
                self.entries.append(
                    Entry(
                        "mirrored",
                        thing,
                        readable=True,
                        decoy={"kind": "reflection", "rule": 6, "label": sku.id},
                    )
                )
            top += sku.size[2] + 0.06
        lamp = bpy.data.lights.new("display", "AREA")
        lamp.energy, lamp.size = row.get("power", 60), 0.9
        holder = kit.link(bpy.data.objects.new("display", lamp))
        holder.location = (x, y + 0.7, top + 0.9)
        holder.rotation_euler = (math.radians(-35), 0, 0)

    def _window(self, row):
        """A bright shop window behind the camera, for panes to mirror."""
        (x, y, z), (width, height) = row["at"], row["size"]
        glow = materials.plain(
            "window_glow",
            (1, 1, 1),
            emission=(0.86, 0.94, 1.0),
            emission_strength=row.get("strength", 7),
        )
        for side in (-1, 1):
            sheet = kit.box(
                "window", (x + side * width / 4, y, z), (width / 2 - 0.04, 0.01, height), glow
            )
            self.entries.append(Entry("lamp", sheet))

    # Camera -------------------------------------------------------------------------------------

    def _camera(self):
        """A phone camera; ``fov`` is the horizontal angle in degrees, ``roll`` in degrees."""
        setting = self.recipe["camera"]
        data = bpy.data.cameras.new("camera")
        data.angle, data.clip_start, data.clip_end = math.radians(setting["fov"]), 0.02, 60
        camera = kit.link(bpy.data.objects.new("camera", data))
        position, target = Vector(setting["at"]), Vector(setting["look"])
        camera.location = position
        camera.rotation_euler = (target - position).to_track_quat("-Z", "Y").to_euler()
        camera.rotation_euler.rotate_axis(
            "Z", math.radians(setting.get("roll", self.chance.gauss(0, 0.8)))
        )
        data.dof.use_dof, data.dof.aperture_fstop = True, APERTURE
        data.dof.focus_distance = (target - position).length
        bpy.context.scene.camera = camera
        bpy.context.view_layer.update()
