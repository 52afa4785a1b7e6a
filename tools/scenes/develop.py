# SPDX-License-Identifier: GPL-3.0-or-later
"""From linear light to a picture: haze, rain streaks, glow around lamps, automatic exposure and
the AgX tone curve.
"""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from lighting import MIST_DEPTH
from PIL import Image, ImageDraw, ImageFilter

KEY = {"day": 0.175, "dusk": 0.085, "night": 0.058}
"""Mean log luminance the exposure aims at."""
HAZE_RANGE = {"dry": 420.0, "rain": 230.0}
"""Distance in metres at which about two thirds of the light is haze."""
RAIN_STREAKS = 340
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def add_haze(rgb, mist, weather):
    """Blend far things towards the colour of the sky just above the horizon."""
    height = rgb.shape[0]
    band = rgb[int(height * 0.2) : int(height * 0.5)]
    is_sky = mist[int(height * 0.2) : int(height * 0.5)] > 0.98
    haze = (
        np.median(band[is_sky], axis=0)
        if is_sky.sum() > 50
        else np.percentile(band.reshape(-1, 3), 60, axis=0)
    )
    thickness = 1 - np.exp(-mist * MIST_DEPTH / HAZE_RANGE[weather])
    share = np.where(mist > 0.98, 0, thickness)[..., None] * 0.6
    return rgb * (1 - share) + haze * share


def _blur(rgb, sigma):
    """Gaussian blur of a float picture, ``sigma`` in pixels."""
    reach = int(sigma * 3)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padding = [(reach, reach) if index == axis else (0, 0) for index in range(3)]
        padded, size = np.pad(rgb, padding, mode="edge"), rgb.shape[axis]
        rgb = np.zeros_like(rgb)
        for offset, weight in enumerate(kernel):
            window = slice(offset, offset + size)
            rgb += weight * (padded[window] if axis == 0 else padded[:, window])
    return rgb


def add_glow(rgb, exposure, light):
    """Soft light around everything far brighter than white, as a lens does."""
    strength = {"day": 0.02, "dusk": 0.08, "night": 0.14}[light]
    bright = np.clip(rgb * 2**exposure - 1.2, 0, 12) / 2**exposure
    return rgb + strength * (_blur(bright, 4) + _blur(bright, 14))


def automatic_exposure(rgb, light):
    """Exposure in stops from the mean log luminance of the lower four fifths."""
    luminance = rgb[rgb.shape[0] // 5 :] @ LUMINANCE
    level = float(np.exp(np.mean(np.log(np.maximum(luminance, 1e-4)))))
    return float(np.clip(np.log2(KEY[light] / level), -8, 8))


def add_rain(rgb, exposure, seed):
    """Thin, faint, slanted streaks that brighten what lies behind them."""
    chance = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    layer = Image.new("L", (width * 2, height * 2), 0)
    draw = ImageDraw.Draw(layer)
    slant = chance.uniform(-0.12, 0.12)
    for _ in range(RAIN_STREAKS):
        x, y, length = (
            chance.uniform(0, 2 * width),
            chance.uniform(-60, 2 * height),
            chance.gamma(3.0, 9.0),
        )
        draw.line(
            [(x, y), (x + slant * length, y + length)],
            fill=int(chance.uniform(25, 95)),
            width=1 + int(length > 55),
        )
    alpha = (
        np.asarray(
            layer.filter(ImageFilter.GaussianBlur(0.8)).resize(
                (width, height), Image.Resampling.BOX
            ),
            float,
        )[..., None]
        / 255
    )
    ambient = np.percentile(rgb @ LUMINANCE, 80)
    return rgb * (1 - alpha * 0.5) + alpha * np.array([0.9, 0.95, 1.0]) * min(
        ambient, 1.5 / 2**exposure
    )


def develop(rgb, mist, light, weather, seed, target: Path):
    """Write the finished 8-bit PNG to ``target``."""
    rgb = add_haze(rgb.astype(np.float64), mist, weather)
    exposure = automatic_exposure(rgb, light)
    if weather == "rain":
        rgb = add_rain(rgb, exposure, seed)
    rgb = add_glow(rgb, exposure, light)
    linear_path = target.with_suffix(".linear.exr")
    with OpenEXR.File(
        {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage},
        {"RGB": rgb.astype(np.float32)},
    ) as file:
        file.write(str(linear_path))
    scene = bpy.context.scene
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = exposure
    settings = scene.render.image_settings
    settings.media_type, settings.file_format = "IMAGE", "PNG"
    settings.color_mode, settings.color_depth = "RGB", "8"
    image = bpy.data.images.load(str(linear_path))
    image.save_render(str(target), scene=scene)
    bpy.data.images.remove(image)
    linear_path.unlink()
