"""The words that no synthetic picture goes without, and PNG files that carry them."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

NOTICE = "synthetic phantom, not a patient"
INK, PAPER = 140, 20
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def font(size: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans of a size in px."""
    return ImageFont.truetype(str(FONT), size)


def burn_notice(pixels: np.ndarray, size: int = 10, words: str = NOTICE) -> np.ndarray:
    """A copy of 8-bit grey ``pixels`` with the notice in its lower left corner."""
    picture = Image.fromarray(pixels)
    draw, letters = ImageDraw.Draw(picture), font(size)
    left, top, right, bottom = draw.multiline_textbbox((0, 0), words, font=letters, spacing=1)
    place = (3 - left, picture.height - 3 - bottom)
    box = (0, place[1] + top - 3, place[0] + right + 2, picture.height)
    draw.rectangle(box, fill=PAPER)
    draw.multiline_text(place, words, fill=INK, font=letters, spacing=1)
    return np.asarray(picture)


def save_png(pixels: np.ndarray, path: Path, **chunks: str) -> None:
    """An 8-bit PNG whose text chunks hold the notice and ``chunks``."""
    info = PngInfo()
    for key, value in {"Description": NOTICE, **chunks}.items():
        info.add_text(key, value)
    Image.fromarray(pixels).save(path, optimize=True, pnginfo=info)
