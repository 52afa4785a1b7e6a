"""Drawing on pictures: lines on a dark casing, tinted regions, dots, and words on plates."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from labelschool.errors import LabelSchoolError
from labelschool.feedback.palette import DARK, Style, ink_on
from labelschool.model import Point

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

SHARP = 2
"""Everything is drawn this much larger and then reduced, which smooths slanting lines."""
FAR = 20_000
"""Px beyond which a point of a damaged answer is not followed."""
FONT_SIZE, PLATE_HEIGHT = 11, 15
PLATE_WORDS = 40
"""Characters on a plate at most."""
ROWS = (0, 1, -1, -2, 2, -3, 3, -4)
"""Where a plate is tried, in its heights above (-) and below its own place."""
TINT = 90
"""How much of 255 a tinted pixel takes of the colour."""
QUALITY = 82
GAP = 4
"""Px between the pictures of a mosaic."""


class Unreadable(LabelSchoolError):
    """A picture, clip or point cloud is missing or damaged."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is missing or damaged; run `labelschool doctor` to see why.")


class Canvas:
    """A picture to draw on, in units of the caller: px of a source picture, metres on the ground.

    Args:
        picture: what is drawn on; it is copied.
        place: takes a point of the caller to px of `picture`.
    """

    def __init__(self, picture: Image.Image, place: Callable[[float, float], Point]) -> None:
        from PIL import Image, ImageDraw

        self.size = (picture.width * SHARP, picture.height * SHARP)
        """Width and height of what is drawn on in its own, smaller px."""
        self._place = place
        self._picture = picture.resize(self.size, Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._picture)
        self._plates: list[tuple[Point, str, Style]] = []

    def at(self, point: Sequence[float]) -> Point:
        """A point of the caller in px of `size`."""
        x, y = self._place(point[0], point[1])
        return tuple(min(max(SHARP * value, -FAR), FAR) for value in (x, y))

    def lines(
        self, paths: Iterable[Sequence[Sequence[float]]], style: Style, width: float = 2
    ) -> None:
        """Lines through the points of each path; one that ends where it begins is closed."""
        pattern = [SHARP * length for length in style.dash]
        strokes = []
        for path in paths:
            ends = [self.at(point) for point in path]
            if pattern:
                strokes += _dashes(ends, pattern)
            else:
                strokes.append(ends + ends[1:2] if ends[0] == ends[-1] else ends)
        for colour, wide in ((DARK, width + 2), (style.colour, width)):
            for stroke in strokes:
                self._pen.line(stroke, fill=colour, width=round(SHARP * wide), joint="curve")

    def fill(self, region: np.ndarray, style: Style) -> None:
        """Tint a region, a boolean array (height, width) of `size`, with a strong edge in it."""
        import numpy as np
        from PIL import Image
        from scipy import ndimage

        if not region.any():
            return
        rows, columns = (np.flatnonzero(region.any(axis)) for axis in (1, 0))
        left, top = int(columns[0]), int(rows[0])
        region = region[top : rows[-1] + 1, left : columns[-1] + 1]
        edge = region & ~ndimage.binary_erosion(region, iterations=SHARP)
        alpha = Image.fromarray(np.where(edge, 255, TINT * region).astype(np.uint8))
        box = (left, top, left + alpha.width, top + alpha.height)
        self._picture.paste(style.colour, box, alpha)

    def dot(
        self, point: Sequence[float], style: Style, radius: float = 4, *, hollow: bool = False
    ) -> None:
        """A dot of a radius in px of the picture."""
        x, y = self.at(point)
        for colour, size, line in ((DARK, radius + 1, 4), (style.colour, radius, 2)):
            edge = (x - SHARP * size, y - SHARP * size, x + SHARP * size, y + SHARP * size)
            fill = None if hollow else colour
            self._pen.ellipse(edge, fill=fill, outline=colour, width=SHARP * line)

    def plate(self, point: Sequence[float], words: str, style: Style) -> None:
        """Words on a plate that stands on a point, or near it where other plates stand already."""
        line = " ".join(words.split())
        if line:
            line = line if len(line) <= PLATE_WORDS else f"{line[: PLATE_WORDS - 1]}…"
            self._plates.append((self.at(point), line, style))

    def drawn(self) -> Image.Image:
        """The picture with all that was drawn, plates on top."""
        taken: list[tuple[float, ...]] = []
        for point, line, style in self._plates:
            taken.append(self._free(point, math.ceil(_font().getlength(line)) + 4 * SHARP, taken))
            left, top, _, bottom = taken[-1]
            if not top - SHARP * PLATE_HEIGHT < point[1] < bottom + SHARP * PLATE_HEIGHT:
                self._pen.line([point, (left, bottom)], fill=style.colour, width=SHARP)
        for (_, line, style), (left, top, right, bottom) in zip(self._plates, taken, strict=True):
            self._pen.rectangle((left, top, right - 1, bottom - 1), fill=style.colour)
            middle = (left + 2 * SHARP, (top + bottom) / 2)
            self._pen.text(middle, line, fill=ink_on(style.colour), font=_font(), anchor="lm")
        return self._picture.reduce(SHARP)

    def _free(
        self, point: Point, width: float, taken: Sequence[tuple[float, ...]]
    ) -> tuple[float, ...]:
        """Left, top, right and bottom of a plate in the picture: the first of `ROWS` that no other
        plate takes, or its own place where all are full.
        """
        height = SHARP * PLATE_HEIGHT
        left = max(min(point[0], self.size[0] - width), 0)
        places = []
        for row in ROWS:
            top = max(min(point[1] - height + row * height, self.size[1] - height), 0)
            places.append((left, top, left + width, top + height))
        free = (place for place in places if not any(_overlap(place, other) for other in taken))
        return next(free, places[0])


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def ring(points: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """The closed path around points."""
    return [*points, points[0]]


def _dashes(points: Sequence[Point], pattern: Sequence[float]) -> Iterator[list[Point]]:
    """The dashes of a line: pieces as long as dash and gap by turns, which bend where it bends."""
    lengths = itertools.cycle(pattern)
    left, drawing, dash = next(lengths), True, [points[0]]
    for start, end in itertools.pairwise(points):
        length, done = math.dist(start, end), 0.0
        while length - done > left:
            done += left
            share = done / length
            turn = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
            if drawing:
                yield [*dash, turn]
            left, drawing, dash = next(lengths), not drawing, [turn]
        left -= length - done
        dash.append(end)
    if drawing and len(dash) > 1:
        yield dash


@lru_cache(maxsize=1)
def _font() -> object:
    from PIL import ImageFont

    return ImageFont.load_default(SHARP * FONT_SIZE)


@lru_cache(maxsize=8)
def load(path: Path) -> Image.Image:
    """A picture as an annotator sees it: upright by its EXIF orientation, 8 bits of RGB.

    Several findings of one item open it once. Raises `Unreadable`.
    """
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as file:
            picture = ImageOps.exif_transpose(file)
            if picture.mode.startswith("I;16"):
                picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable(f"The picture {path.name}") from error


def mosaic(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Pictures side by side in rows."""
    from PIL import Image

    width = max(picture.width for picture in pictures)
    rows = [pictures[n : n + columns] for n in range(0, len(pictures), columns)]
    heights = [max(picture.height for picture in row) for row in rows]
    columns = min(columns, len(pictures))
    size = (columns * (width + GAP) - GAP, sum(heights) + GAP * (len(rows) - 1))
    whole = Image.new("RGB", size, DARK)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, picture in enumerate(row):
            whole.paste(picture, (column * (width + GAP), top))
        top += height + GAP
    return whole


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
