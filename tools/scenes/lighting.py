# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky, sun and lamps for day, dusk and night, dry or rain."""

from __future__ import annotations

import math

import bpy
import kit
from materials import NodeTree

MIST_START, MIST_DEPTH = 10.0, 400.0
"""Range of the mist pass in metres; ``develop.py`` turns it into haze."""


def set_world(light: str, weather: str, sun_elevation: float, sun_rotation: float):
    """Light the scene; sun angles are degrees, the rotation counts clockwise from the viewing
    direction.
    """
    world = bpy.context.scene.world
    world.use_nodes = True
    world.mist_settings.start, world.mist_settings.depth, world.mist_settings.falloff = (
        MIST_START,
        MIST_DEPTH,
        "LINEAR",
    )
    tree = NodeTree(world)
    tree.nodes.clear()
    output, background = tree.add("ShaderNodeOutputWorld"), tree.add("ShaderNodeBackground")
    tree.link(background.outputs[0], output.inputs[0])
    if light == "night":
        _gradient(tree, background, (0.06, 0.052, 0.062), (0.010, 0.012, 0.026), 1.0)
    elif weather == "rain":
        _gradient(
            tree,
            background,
            (0.60, 0.63, 0.66),
            (0.72, 0.76, 0.80),
            1.1 if light == "day" else 0.12,
        )
    else:
        _clear_sky(tree, background, sun_elevation, sun_rotation)


def _gradient(tree, background, horizon, zenith, strength):
    """Sky that only changes with height."""
    split = tree.add("ShaderNodeSeparateXYZ")
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Generated"], split.inputs[0])
    ramp = tree.add("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].color, ramp.color_ramp.elements[1].color = (
        (*horizon, 1),
        (*zenith, 1),
    )
    ramp.color_ramp.elements[1].position = 0.6
    tree.link(split.outputs[2], ramp.inputs[0])
    tree.link(ramp.outputs[0], background.inputs[0])
    background.inputs[1].default_value = strength


def _clear_sky(tree, background, elevation, rotation):
    """Physical sky with sun and thin clouds."""
    sky = tree.add("ShaderNodeTexSky")
    sky.sky_type = "MULTIPLE_SCATTERING"
    sky.sun_elevation, sky.sun_rotation, sky.sun_size = (
        math.radians(elevation),
        math.radians(rotation),
        math.radians(1.2),
    )
    mapping = tree.add("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = (1, 1, 3)
    tree.link(tree.add("ShaderNodeTexCoord").outputs["Generated"], mapping.inputs[0])
    noise = tree.add("ShaderNodeTexNoise")
    for name, value in (("Scale", 2.2), ("Detail", 9), ("Roughness", 0.58)):
        noise.inputs[name].default_value = value
    tree.link(mapping.outputs[0], noise.inputs["Vector"])
    cover = tree.remap(noise.outputs[0], 0.5, 0.72, 0, 0.75)
    brightness = 7.0 * min(1.0, max(0.03, elevation / 25))
    tree.link(
        tree.mix(cover, sky.outputs[0], (brightness, brightness * 1.02, brightness * 1.05)),
        background.inputs[0],
    )
    background.inputs[1].default_value = 0.10


def _spot(location, rotation, energy, angle, color, blend, parent=None):
    """Spot light of ``energy`` watts and opening ``angle`` radians."""
    lamp = bpy.data.lights.new("spot", "SPOT")
    lamp.energy, lamp.spot_size, lamp.spot_blend, lamp.color, lamp.shadow_soft_size = (
        energy,
        angle,
        blend,
        color,
        0.1,
    )
    holder = kit.link(bpy.data.objects.new("spot", lamp))
    holder.location, holder.rotation_euler, holder.parent = location, rotation, parent


def add_street_lamps(positions, light):
    """Warm light cones under the lamp heads at ``positions`` (x, y), 7.1 m high."""
    for x, y in positions:
        _spot((x, y, 7.1), (0, 0, 0), 4200 if light == "night" else 600, 2.3, (1, 0.72, 0.42), 0.6)


def add_head_lights(vehicle, front_x: float, half_width: float):
    """Two beams at the front of ``vehicle``, slightly dipped."""
    for side in (-1, 1):
        _spot(
            (front_x + 0.1, side * half_width, 0.68),
            (0, math.radians(-84), 0),
            240,
            1.0,
            (1, 0.93, 0.82),
            0.8,
            vehicle,
        )
