"""What shapes are drawn on: a picture, frames of a clip, a sweep from above and its camera."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from labelschool.feedback.drawing import Canvas, Unreadable, load, mosaic
from labelschool.feedback.palette import DARK, IGNORE, Style
from labelschool.feedback.shapes import draw
from labelschool.model import BBox, Cuboid, Item, Point, TruthCuboid, Zone, cuboid_corners

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

WIDEST = 800
"""Px of the longer side of a picture that is shown."""
FRAME_WIDTH = 400
FRAMES = 6
"""Frames of a clip that are shown, evenly spread."""

SIDE = 800
"""Px of the longer side of a sweep from above."""
AROUND, MARGIN, FARTHEST = 25.0, 5.0, 150.0
"""Metres around the sensor that a sweep always shows, room beside the shapes, and its end."""
GROUND = 0.25
"""Metres of height above the lowest points that are taken for the road."""
ROAD, ABOVE = (86, 92, 104), (190, 205, 235)
RING = Style((70, 78, 90))


def picture(path: Path, size: tuple[int, int], *, whole: bool = False) -> Canvas:
    """A picture of a size in px, in which shapes are given; `whole` never makes it smaller.

    Small pictures are shown several times as large.
    """
    longest = max(size)
    zoom = max(1, WIDEST // longest) if whole or longest <= WIDEST else WIDEST / longest
    return part(path, size, (0, 0, *size), zoom)


def part(path: Path, size: tuple[int, int], window: BBox, zoom: float) -> Canvas:
    """A window (x, y, width, height) of a picture, `zoom` px for each of its own."""
    from PIL import Image

    source = load(path)
    x, y, width, height = window
    across, down = source.width / size[0], source.height / size[1]
    shown = source.resize(
        (max(1, round(width * zoom)), max(1, round(height * zoom))),
        Image.Resampling.BICUBIC if zoom > 1 else Image.Resampling.BILINEAR,
        box=(x * across, y * down, (x + width) * across, (y + height) * down),
    )
    return Canvas(shown, lambda px, py: ((px - x) * zoom, (py - y) * zoom))


def strip(item: Item, paint: Callable[[Canvas, int], None], *, whole: bool = False) -> Image.Image:
    """Some frames of a clip, each after `paint(canvas, frame)`."""
    last, size = len(item.frames) - 1, (item.width, item.height)
    zoom = 1 if whole else FRAME_WIDTH / item.width
    painted = []
    for frame in sorted({round(n * last / (FRAMES - 1)) for n in range(FRAMES)}):
        canvas = part(item.frames[frame], size, (0, 0, *size), zoom)
        paint(canvas, frame)
        canvas.plate((0, item.height), f"frame {frame}", IGNORE)
        painted.append(canvas.drawn())
    return mosaic(painted, columns=2)


def from_above(
    item: Item, cuboids: Sequence[Cuboid | TruthCuboid], zones: Iterable[Sequence[Point]] = ()
) -> Canvas:
    """A sweep seen from above, in metres: what lies ahead is up, with rings 10 m apart.

    It holds the shapes, and the points around the sensor. Raises `Unreadable`.
    """
    import numpy as np
    from PIL import Image

    points = _points(item)
    held = [corner[:2] for cuboid in cuboids for corner in cuboid_corners(cuboid)[:4]]
    held += [place for zone in (*zones, *item.zones) for place in zone]
    near = points[np.hypot(points[:, 0], points[:, 1]) < AROUND, :2]
    shown = np.clip(np.vstack([near, [(0, 0), *held]]), -FARTHEST, FARTHEST)
    (bottom, right), (top, left) = shown.min(0) - MARGIN, shown.max(0) + MARGIN
    scale = SIDE / max(top - bottom, left - right)
    size = round((left - right) * scale), round((top - bottom) * scale)

    pixels = np.full((size[1], size[0], 3), DARK, np.uint8)
    columns = ((left - points[:, 1]) * scale).astype(int)
    rows = ((top - points[:, 0]) * scale).astype(int)
    inside = (columns >= 0) & (columns < size[0]) & (rows >= 0) & (rows < size[1])
    high = points[:, 2] > np.percentile(points[:, 2], 2) + GROUND
    for chosen, colour, wide in ((inside & ~high, ROAD, 1), (inside & high, ABOVE, 2)):
        for down, across in np.ndindex(wide, wide):
            pixels[rows[chosen] - down, columns[chosen] - across] = colour

    canvas = Canvas(Image.fromarray(pixels), lambda x, y: ((left - y) * scale, (top - x) * scale))
    circle = [(math.cos(n * math.tau / 90), math.sin(n * math.tau / 90)) for n in range(91)]
    for far in range(10, round(max(top, left, -right, -bottom)), 10):
        canvas.lines([[(far * x, far * y) for x, y in circle]], RING, 1)
        if (aside := -far * math.sqrt(0.5)) > right:
            canvas.plate((-aside, aside), f"{far} m", RING)
    for number, outline in enumerate(item.zones):
        draw(Zone(id=f"map {number}", outline=outline), canvas, IGNORE, "no-label zone of the map")
    return canvas


def _points(item: Item) -> np.ndarray:
    """The points of a sweep in metres, shape (n, 3)."""
    import numpy as np

    try:
        with np.load(item.sweep) as loaded:
            points = loaded["xyz"].astype(float) / 100
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise Unreadable(f"The point cloud {item.sweep.name}") from error
    return points.reshape(-1, 3) if len(points) else np.zeros((1, 3))
