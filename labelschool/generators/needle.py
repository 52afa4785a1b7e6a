"""Small flat pictures of forty icons, one of which may be tilted: hunting for a rare target.

Every icon stands upright, jittered a little in place and size; in a picture with a target one of
them is turned by `TILT` degrees to either side. Nothing else tells the two kinds of picture apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZE = (496, 318)
COLUMNS, ROWS = 8, 5
CELL, MARGIN = 60, 8
ICON = 38
TILT = 8.0
"""Degrees. The top of an icon 38 px high moves by 5 px against its foot."""
BLOCKS = ((40, 0.50), (100, 0.05), (100, 0.05))
"""Pictures and share of targets of each block of the hunt."""

_SCALE = 2
_PALETTES = (
    ("#f4efe6", ("#c8553d", "#588b8b", "#f28f3b", "#2f4858", "#8a9a5b")),
    ("#e8eef2", ("#3d5a80", "#ee6c4d", "#5b8e7d", "#bc4b51", "#8d6a9f")),
    ("#f2f0ea", ("#6d597a", "#b56576", "#457b9d", "#e0a458", "#4a6b54")),
)


@dataclass(frozen=True, slots=True)
class Target:
    """The tilted icon of a picture: its box in px and its angle in degrees, left turns positive."""

    bbox: tuple[int, int, int, int]
    angle: float


def targets(seed: int) -> tuple[bool, ...]:
    """For every picture, block after block, whether it holds a target; exact in each block."""
    rng = random.Random(f"{seed}/targets")
    held = []
    for pictures, share in BLOCKS:
        chosen = set(rng.sample(range(pictures), round(pictures * share)))
        held += [index in chosen for index in range(pictures)]
    return tuple(held)


def target(seed: int, index: int) -> Target:
    """Where the target of picture ``index`` (from 0 through all blocks) is, if it has one."""
    rng = random.Random(f"{seed}/{index}/target")
    cell, angle = rng.randrange(COLUMNS * ROWS), rng.choice((-TILT, TILT))
    column, row = cell % COLUMNS, cell // COLUMNS
    return Target((MARGIN + column * CELL, MARGIN + row * CELL, CELL, CELL), angle)


def picture(seed: int, index: int, *, tilted: bool) -> Image:
    """Picture ``index`` of a seed, RGB of `SIZE`, with or without its target."""
    from PIL import Image

    rng = random.Random(f"{seed}/{index}")
    background, colours = rng.choice(_PALETTES)
    image = Image.new("RGB", SIZE, background)
    wanted = target(seed, index)
    for cell in range(COLUMNS * ROWS):
        left, top = MARGIN + cell % COLUMNS * CELL, MARGIN + cell // COLUMNS * CELL
        angle = wanted.angle if tilted and wanted.bbox[:2] == (left, top) else 0.0
        size = round(ICON * rng.uniform(0.92, 1.08))
        icon = _icon(rng.choice(_ICONS), rng.sample(colours, 2), size, angle)
        free = CELL - icon.width
        place = (left + free // 2 + rng.randint(-4, 4), top + free // 2 + rng.randint(-4, 4))
        image.paste(icon, place, icon)
    return image


def _icon(
    draw: Callable[[ImageDraw, str, str], None], colours: list[str], size: int, angle: float
) -> Image:
    """One icon with a transparent border wide enough for any tilt."""
    from PIL import Image, ImageDraw

    side = 100 * _SCALE
    large = Image.new("RGBA", (side, side), (*_rgb(colours[0]), 0))
    pen = ImageDraw.Draw(large)
    draw(pen, colours[0], colours[1])
    if angle:
        large = large.rotate(angle, Image.Resampling.BICUBIC)
    return large.resize((round(size * 1.3), round(size * 1.3)), Image.Resampling.LANCZOS)


def _rgb(colour: str) -> tuple[int, int, int]:
    return tuple(bytes.fromhex(colour[1:]))


def _points(*values: float) -> list[float]:
    """Coordinates on a field of 100 x 100 as pixels of the large icon."""
    return [value * _SCALE for value in values]


def _house(pen: ImageDraw, body: str, roof: str) -> None:
    pen.rectangle(_points(24, 44, 76, 86), body)
    pen.polygon(_points(16, 46, 50, 14, 84, 46), roof)
    pen.rectangle(_points(44, 62, 57, 86), roof)
    pen.rectangle(_points(30, 53, 39, 62), "#ffffff")


def _tree(pen: ImageDraw, leaves: str, trunk: str) -> None:
    pen.rectangle(_points(45, 66, 55, 88), trunk)
    pen.polygon(_points(22, 70, 50, 34, 78, 70), leaves)
    pen.polygon(_points(28, 48, 50, 13, 72, 48), leaves)


def _mug(pen: ImageDraw, body: str, band: str) -> None:
    pen.arc(_points(58, 34, 86, 68), -100, 100, body, 7 * _SCALE)
    pen.rounded_rectangle(_points(24, 22, 70, 82), 7 * _SCALE, body)
    pen.rectangle(_points(24, 44, 70, 56), band)


def _bottle(pen: ImageDraw, glass: str, label: str) -> None:
    pen.rounded_rectangle(_points(36, 36, 64, 88), 7 * _SCALE, glass)
    pen.rectangle(_points(44, 16, 56, 42), glass)
    pen.rectangle(_points(42, 12, 58, 20), label)
    pen.rectangle(_points(36, 54, 64, 72), label)


def _lamp(pen: ImageDraw, shade: str, foot: str) -> None:
    pen.rectangle(_points(47, 44, 53, 82), foot)
    pen.rounded_rectangle(_points(32, 80, 68, 88), 3 * _SCALE, foot)
    pen.polygon(_points(36, 14, 64, 14, 78, 48, 22, 48), shade)


def _boat(pen: ImageDraw, hull: str, sail: str) -> None:
    pen.polygon(_points(18, 68, 82, 68, 70, 86, 30, 86), hull)
    pen.rectangle(_points(48, 14, 52, 68), hull)
    pen.polygon(_points(55, 18, 55, 62, 80, 62), sail)
    pen.polygon(_points(45, 26, 45, 62, 24, 62), sail)


_ICONS = (_house, _tree, _mug, _bottle, _lamp, _boat)
