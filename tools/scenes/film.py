# SPDX-License-Identifier: GPL-3.0-or-later
"""From linear light to the pictures of a clip: haze, exposure and tone curve fixed for a shot."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from develop import HAZE_RANGE, automatic_exposure
from lighting import MIST_DEPTH, MIST_START

MOST_HAZE = 0.6


class Film:
    """Develops the frames of one shot alike.

    The empty street ``rgb`` (height, width, 3) and the ``distance`` in metres to its surfaces
    decide exposure and colour of the haze.
    """

    def __init__(self, rgb: np.ndarray, distance: np.ndarray):
        height = len(rgb)
        band = slice(int(height * 0.1), int(height * 0.5))
        far = distance[band] > 90
        pixels = rgb[band][far] if far.sum() > 50 else rgb[band].reshape(-1, 3)
        self.haze = np.percentile(pixels, 60, axis=0)
        self.exposure = automatic_exposure(self._hazed(rgb, distance), "day")

    def _hazed(self, rgb, distance):
        """Blend far things towards the haze; the sky stays as it is."""
        depth = np.clip(distance - MIST_START, 0, MIST_DEPTH)
        share = MOST_HAZE * (1 - np.exp(-depth / HAZE_RANGE["dry"]))
        share = np.where(distance > MIST_DEPTH, 0, share)[..., None]
        return rgb * (1 - share) + self.haze * share

    def develop(self, rgb: np.ndarray, distance: np.ndarray, target: Path):
        """Write one frame as an 8-bit PNG."""
        linear = target.with_suffix(".linear.exr")
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        channels = {"RGB": self._hazed(rgb, distance).astype(np.float32)}
        with OpenEXR.File(header, channels) as file:
            file.write(str(linear))
        scene = bpy.context.scene
        scene.view_settings.view_transform = "AgX"
        scene.view_settings.look = "AgX - Medium High Contrast"
        scene.view_settings.exposure = self.exposure
        settings = scene.render.image_settings
        settings.media_type = "IMAGE"
        settings.file_format, settings.color_mode, settings.color_depth = "PNG", "RGB", "8"
        image = bpy.data.images.load(str(linear))
        image.save_render(str(target), scene=scene)
        bpy.data.images.remove(image)
        linear.unlink()
