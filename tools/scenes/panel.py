# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawing label art with Pillow: a panel measured in shares of its size, and the fonts, which come
from the wheels of matplotlib (DejaVu, STIX) and bpy (Inter).
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WHITE, BLACK, CREAM, INK = (250, 250, 248), (14, 14, 16), (247, 240, 222), (40, 38, 36)
Color = tuple[int, int, int]


@cache
def _font_path(name: str) -> Path:
    package, *inside = {
        "inter": ("bpy", "5.0/datafiles/fonts/Inter.woff2"),
        "sans": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
        "oblique": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-BoldOblique.ttf"),
        "serif": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSerif-Bold.ttf"),
        "script": ("matplotlib", "mpl-data/fonts/ttf/STIXGeneralBolIta.ttf"),
        "roman": ("matplotlib", "mpl-data/fonts/ttf/STIXGeneralBol.ttf"),
    }[name]
    return Path(importlib.util.find_spec(package).submodule_search_locations[0], *inside)


def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    """A font of ``size`` px; ``inter`` comes in its heaviest weight."""
    loaded = ImageFont.truetype(str(_font_path(name)), max(6, round(size)))
    if name == "inter":
        loaded.set_variation_by_axes([32, 900])
    return loaded


class Panel:
    """A picture that is drawn on in shares of its width and height, 0 to 1 from the top left."""

    def __init__(self, width: int, height: int, top: Color, bottom: Color | None = None):
        self.width, self.height = width, height
        ramp = Image.linear_gradient("L").resize((width, height))
        self.image = Image.composite(
            Image.new("RGB", (width, height), bottom or top),
            Image.new("RGB", (width, height), top),
            ramp,
        )
        self.draw = ImageDraw.Draw(self.image)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        return x * self.width, y * self.height

    def rectangle(self, x0, y0, x1, y1, fill, radius=0.0, outline=None, line=0.01):
        """Rectangle; ``radius`` and ``line`` are shares of the height."""
        self.draw.rounded_rectangle(
            (*self.spot(x0, y0), *self.spot(x1, y1)),
            radius * self.height,
            fill=fill,
            outline=outline,
            width=max(1, round(line * self.height)) if outline else 1,
        )

    def disc(self, x, y, radius, fill, squash=1.0):
        """Ellipse; ``radius`` is a share of the height, ``squash`` its height over its width."""
        (cx, cy), r = self.spot(x, y), radius * self.height
        self.draw.ellipse((cx - r, cy - r * squash, cx + r, cy + r * squash), fill=fill)

    def polygon(self, points, fill):
        self.draw.polygon([self.spot(*point) for point in points], fill=fill)

    def text(self, words, x, y, width, height, face, fill, turn=0, outline=None):
        """Words as large as fit into ``width`` x ``height``, their middle at (x, y); ``turn`` is in
        degrees counter-clockwise, the room then counts along the words.
        """
        room_x, room_y = width * self.width, height * self.height
        if turn in (90, 270):
            room_x, room_y = width * self.height, height * self.width
        probe = font(face, 100)
        left, top, right, bottom = probe.getbbox(words)
        size = 100 * min(room_x / (right - left), room_y / (bottom - top))
        shown = font(face, size)
        edge = max(1, round(size / 14)) if outline else 0
        left, top, right, bottom = shown.getbbox(words, stroke_width=edge)
        layer = Image.new("RGBA", (right - left + 4, bottom - top + 4), (*fill, 0))
        ImageDraw.Draw(layer).text(
            (2 - left, 2 - top),
            words,
            font=shown,
            fill=fill,
            stroke_width=edge,
            stroke_fill=outline,
        )
        layer = layer.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
        cx, cy = self.spot(x, y)
        self.image.paste(layer, (round(cx - layer.width / 2), round(cy - layer.height / 2)), layer)

    def ball(self, x, y, radius, color):
        """A shaded fruit or bubble."""
        for step in range(14):
            part = step / 14
            tone = tuple(round(c * (0.45 + 0.55 * part) + 90 * part**4) for c in color)
            shift = radius * 0.3 * part
            self.disc(
                x - shift * self.height / self.width,
                y - shift,
                radius * (1 - 0.86 * part),
                tuple(min(255, value) for value in tone),
            )

    def small_print(self, x0, y0, x1, y1, fill, chance):
        """Lines of text too small to read."""
        step = 0.028
        row = y0
        while row < y1:
            end = x0 + (x1 - x0) * chance.uniform(0.55, 1.0)
            place = x0
            while place < end:
                word = chance.uniform(0.02, 0.07) * (x1 - x0) * 2
                self.rectangle(place, row, min(place + word, end), row + step * 0.45, fill)
                place += word + 0.012
            row += step

    def barcode(self, x0, y0, x1, y1, chance):
        self.rectangle(x0, y0, x1, y1, WHITE)
        (left, top), (right, bottom) = self.spot(x0, y0 + 0.015), self.spot(x1, y1 - 0.02)
        left, right = round(left) + 3, round(right) - 4
        while left < right:
            bar = chance.choice((1, 1, 2, 3))
            self.draw.rectangle((left, top, left + bar - 1, bottom), fill=BLACK)
            left += bar + chance.choice((1, 2, 3))
