"""The last steps of a picture: what a small camera adds, JPEG, and a sheet of many pictures."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from labelschool.datasets.writer import JPEG_QUALITY

NOISE = {"day": 1.6, "dusk": 2.2, "night": 2.8}
"""Standard deviation of the sensor noise in grey levels."""
VIGNETTE = 0.16
"""Share of light lost in the corners."""
SHEET_WIDTH, SHEET_BYTES = 1600, 250_000


def camera_effects(pixels, light, item):
    """Darker corners and slightly soft noise on 8-bit RGB.

    The noise depends on nothing but the item's name.
    """
    height, width, _ = pixels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    shade = 1 - VIGNETTE * ((x**2 + y**2) / 2) ** 1.5
    noise = np.random.default_rng(zlib.crc32(item.encode())).normal(
        0, NOISE[light], (height, width, 3)
    )
    grey = noise.mean(2, keepdims=True) * 1.2 + noise * 0.5
    return np.clip(pixels * shade[..., None] + grey, 0, 255).round().astype(np.uint8)


def write_photo(source: Path, target: Path, light: str):
    """Finish the developed PNG ``source`` and save it as JPEG or WebP, as ``target`` is named."""
    with Image.open(source) as picture:
        finished = camera_effects(np.asarray(picture.convert("RGB"), float), light, target.stem)
    Image.fromarray(finished).save(target, quality=JPEG_QUALITY, optimize=True)


def contact_sheet(pictures: Sequence[Path], target: Path, columns: int | None = None) -> None:
    """All pictures small on one sheet of at most ``SHEET_WIDTH`` px and ``SHEET_BYTES``."""
    columns = columns or max(4, round((len(pictures) * 1.2) ** 0.5))
    cell = min(300, SHEET_WIDTH // columns)
    rows = -(-len(pictures) // columns)
    height = round(cell * 0.75)
    sheet = Image.new("RGB", (columns * cell, rows * height), (245, 245, 245))
    for index, path in enumerate(pictures):
        with Image.open(path) as opened:
            opened.thumbnail((cell - 4, height - 4))
            left = index % columns * cell + (cell - opened.width) // 2
            top = index // columns * height + (height - opened.height) // 2
            sheet.paste(opened.convert("RGB"), (left, top))
    for quality in range(85, 20, -5):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= SHEET_BYTES:
            break
    target.write_bytes(buffer.getvalue())
