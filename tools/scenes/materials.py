# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedural materials.

Colours are linear RGB; a material is found again by its name, also after loading the library.
"""

from __future__ import annotations

import bpy

LIT_WINDOW_GROUPS = ("window_1", "window_4")
"""Window groups that glow at night; every window of a facade belongs to one of six groups."""


class NodeTree:
    """Short hand for adding and linking shader nodes of one material or world."""

    def __init__(self, owner):
        self.nodes, self.links = owner.node_tree.nodes, owner.node_tree.links

    def add(self, kind, **settings):
        node = self.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        return node

    def link(self, output, target):
        self.links.new(output, target)

    @property
    def surface(self):
        return self.nodes["Principled BSDF"]

    def noise(self, scale, detail=8, coordinates="Object"):
        """Noise texture in metres of the object; returns its factor output."""
        source = self.add("ShaderNodeTexCoord").outputs[coordinates]
        texture = self.add("ShaderNodeTexNoise")
        texture.inputs["Scale"].default_value, texture.inputs["Detail"].default_value = (
            scale,
            detail,
        )
        self.link(source, texture.inputs["Vector"])
        return texture.outputs[0]

    def remap(self, value, low, high, to_low, to_high):
        """Linear map of ``value`` from low..high to to_low..to_high."""
        node = self.add("ShaderNodeMapRange")
        for name, number in zip(
            ("From Min", "From Max", "To Min", "To Max"), (low, high, to_low, to_high), strict=True
        ):
            node.inputs[name].default_value = number
        self.link(value, node.inputs["Value"])
        return node.outputs[0]

    def mix(self, factor, first, second):
        """Blend two colours; each is an output socket or a linear RGB triple."""
        node = self.add("ShaderNodeMix", data_type="RGBA")
        self.link(factor, node.inputs[0])
        for value, socket in ((first, node.inputs[6]), (second, node.inputs[7])):
            if isinstance(value, tuple):
                socket.default_value = (*value, 1)
            else:
                self.link(value, socket)
        return node.outputs[2]


def plain(
    name,
    color=(0.8, 0.8, 0.8),
    roughness=0.5,
    metallic=0.0,
    coat=0.0,
    emission=None,
    emission_strength=0.0,
    bump=0.0,
    bump_scale=20.0,
    variation=0.0,
    variation_scale=3.0,
):
    """Principled material.

    ``variation`` is the relative brightness change, ``bump`` the strength of surface noise.
    """
    if found := bpy.data.materials.get(name):
        return found
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = NodeTree(material)
    surface = tree.surface
    surface.inputs["Base Color"].default_value = (*color, 1)
    surface.inputs["Roughness"].default_value = roughness
    surface.inputs["Metallic"].default_value = metallic
    surface.inputs["Coat Weight"].default_value = coat
    surface.inputs["Coat Roughness"].default_value = 0.05
    if emission:
        surface.inputs["Emission Color"].default_value = (*emission, 1)
        surface.inputs["Emission Strength"].default_value = emission_strength
    if variation:
        dark, light = (
            tuple(c * (1 - variation) for c in color),
            tuple(min(1, c * (1 + variation)) for c in color),
        )
        factor = tree.remap(tree.noise(variation_scale), 0.3, 0.7, 0, 1)
        tree.link(tree.mix(factor, dark, light), surface.inputs["Base Color"])
    if bump:
        node = tree.add("ShaderNodeBump")
        node.inputs["Strength"].default_value, node.inputs["Distance"].default_value = bump, 0.05
        tree.link(tree.noise(bump_scale, detail=6), node.inputs["Height"])
        tree.link(node.outputs[0], surface.inputs["Normal"])
    return material


def picture(name, path, roughness=0.4, emission=0.0):
    """Material that shows a picture file (packed into the .blend) through the UV map."""
    if found := bpy.data.materials.get(name):
        return found
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = NodeTree(material)
    image = bpy.data.images.load(str(path))
    image.pack()
    texture = tree.add("ShaderNodeTexImage", image=image)
    surface = tree.surface
    tree.link(texture.outputs["Color"], surface.inputs["Base Color"])
    tree.link(texture.outputs["Color"], surface.inputs["Emission Color"])
    surface.inputs["Emission Strength"].default_value = emission
    surface.inputs["Roughness"].default_value = roughness
    return material


def car_paint():
    """Clear-coated paint in the object's colour, flecked, with road dirt on the lowest 70 cm."""
    if found := bpy.data.materials.get("paint"):
        return found
    material = plain("paint", roughness=0.34, metallic=0.3, coat=1.0)
    tree = NodeTree(material)
    info = tree.add("ShaderNodeObjectInfo")
    split = tree.add("ShaderNodeSeparateXYZ")
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Object"], split.inputs[0])
    low = tree.remap(split.outputs[2], 0.25, 0.85, 0.75, 0.0)
    patches = tree.remap(tree.noise(2.6), 0.35, 0.7, 0.15, 1.0)
    amount = tree.add("ShaderNodeMath", operation="MULTIPLY")
    tree.link(low, amount.inputs[0])
    tree.link(patches, amount.inputs[1])
    personal = tree.add("ShaderNodeMath", operation="MULTIPLY")
    tree.link(amount.outputs[0], personal.inputs[0])
    tree.link(tree.remap(info.outputs["Random"], 0, 1, 0.2, 1.0), personal.inputs[1])
    tree.link(
        tree.mix(personal.outputs[0], info.outputs["Color"], (0.11, 0.095, 0.08)),
        tree.surface.inputs["Base Color"],
    )
    tree.link(tree.remap(personal.outputs[0], 0, 0.8, 1.0, 0.1), tree.surface.inputs["Coat Weight"])
    return material


def body_plastic():
    """Mirror caps and handles: the object's colour without dirt."""
    if found := bpy.data.materials.get("body_plastic"):
        return found
    material = plain("body_plastic", roughness=0.4, coat=0.6)
    tree = NodeTree(material)
    tree.link(tree.add("ShaderNodeObjectInfo").outputs["Color"], tree.surface.inputs["Base Color"])
    return material


def car_glass():
    return plain("car_glass", (0.012, 0.014, 0.016), 0.04, coat=0.5)


def dark_plastic():
    return plain("dark_plastic", (0.02, 0.02, 0.02), 0.6)


def rubber():
    return plain("rubber", (0.018, 0.018, 0.018), 0.75)


def alloy():
    return plain("alloy", (0.55, 0.56, 0.58), 0.3, metallic=0.9)


def head_lamp():
    return plain("head_lamp", (0.85, 0.87, 0.9), 0.08, coat=1, emission=(1, 0.96, 0.88))


def tail_lamp():
    return plain(
        "tail_lamp",
        (0.45, 0.01, 0.01),
        0.15,
        coat=1,
        emission=(1, 0.03, 0.02),
        emission_strength=0.1,
    )


def number_plate():
    return plain("number_plate", (0.85, 0.85, 0.8), 0.5)


def pole_metal():
    return plain("pole_metal", (0.18, 0.19, 0.2), 0.45, metallic=0.7)


def brick(name, color):
    """Brick wall for facades whose front lies in the local y-z plane."""
    if found := bpy.data.materials.get(name):
        return found
    material = plain(name, color, 0.85, bump=0.4, bump_scale=5)
    tree = NodeTree(material)
    split, combine = tree.add("ShaderNodeSeparateXYZ"), tree.add("ShaderNodeCombineXYZ")
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Object"], split.inputs[0])
    tree.link(split.outputs[1], combine.inputs[0])
    tree.link(split.outputs[2], combine.inputs[1])
    texture = tree.add("ShaderNodeTexBrick")
    tree.link(combine.outputs[0], texture.inputs[0])
    texture.inputs["Scale"].default_value, texture.inputs["Mortar Size"].default_value = 4, 0.015
    texture.inputs["Color1"].default_value = (*color, 1)
    texture.inputs["Color2"].default_value = (color[0] * 0.7, color[1] * 0.8, color[2], 1)
    texture.inputs["Mortar"].default_value = (0.35, 0.33, 0.3, 1)
    tree.link(texture.outputs[0], tree.surface.inputs["Base Color"])
    return material


def asphalt(wet: bool):
    """Road surface with worn patches; wet asphalt has puddles of low roughness."""
    name = "asphalt_wet" if wet else "asphalt"
    if found := bpy.data.materials.get(name):
        return found
    color = (0.022, 0.022, 0.024) if wet else (0.085, 0.083, 0.08)
    material = plain(
        name,
        color,
        0.9,
        bump=0.08 if wet else 0.3,
        bump_scale=30,
        variation=0.3,
        variation_scale=0.35,
    )
    tree = NodeTree(material)
    if wet:
        tree.link(
            tree.remap(tree.noise(0.35), 0.42, 0.6, 0.06, 0.5), tree.surface.inputs["Roughness"]
        )
        return material
    grain = tree.remap(tree.noise(9, detail=4), 0.3, 0.7, 0.0, 0.30)
    stains = tree.remap(tree.noise(0.9, detail=3), 0.5, 0.72, 0.0, 0.45)
    worn = tree.surface.inputs["Base Color"].links[0].from_socket
    stained = tree.mix(stains, tree.mix(grain, worn, (0.15, 0.147, 0.14)), (0.035, 0.034, 0.033))
    tree.link(stained, tree.surface.inputs["Base Color"])
    return material


def set_lamps(light: str, weather: str):
    """Switch vehicle lamps, windows and shop signs of the loaded library to the time of day."""
    dark = light != "day"
    strengths = {
        "head_lamp": 14.0
        if light == "night"
        else 6.0
        if dark
        else 1.5
        if weather == "rain"
        else 0.0,
        "tail_lamp": 3.0
        if light == "night"
        else 1.5
        if dark
        else 0.6
        if weather == "rain"
        else 0.1,
        "street_lamp_head": 20.0 if light == "night" else 8.0 if dark else 0.0,
    }
    strengths["shop_window_lit"] = 0.9 if light == "night" else 0.7 if dark else 0.0
    for group in LIT_WINDOW_GROUPS:
        strengths[group] = 0.75 if light == "night" else 0.6 if dark else 0.0
    for material in bpy.data.materials:
        if material.name.startswith("shop_sign"):
            strengths[material.name] = 1.2 if light == "night" else 0.5 if dark else 0.0
        if material.name.startswith("poster_") and material.name[7:].isdigit():
            strengths[material.name] = 0.7 if light == "night" else 0.3 if dark else 0.04
        if material.name in strengths:
            material.node_tree.nodes["Principled BSDF"].inputs[
                "Emission Strength"
            ].default_value = strengths[material.name]
