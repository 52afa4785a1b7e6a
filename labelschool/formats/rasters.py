"""Masks as the tools keep them: row by row and cropped, as a PNG, or as polygons to be filled.

All of them meet in `Mask`, whose runs go column by column over the whole picture. Only the part of
a picture that a mask covers is ever laid out in memory.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from labelschool.formats.dataset import Mask, Polygon

if TYPE_CHECKING:
    import numpy as np

MOST_PIXELS = 1 << 26
"""Pixels of the largest picture whose masks are laid out: 64 million, as 8,192 x 8,192."""


def area(polygon: Sequence[float]) -> float:
    """The area in px² inside an outline ``[x0, y0, x1, y1, ...]``, by the shoelace formula."""
    xs, ys = polygon[0::2], polygon[1::2]
    pairs = zip(xs, ys, (*xs[1:], *xs[:1]), (*ys[1:], *ys[:1]), strict=True)
    return abs(sum(x * next_y - next_x * y for x, y, next_x, next_y in pairs)) / 2


def inside(x: float, y: float, outline: Sequence[float]) -> bool:
    """Whether a point lies in an outline, by the even-odd rule."""
    within = False
    ahead = (*outline[2:], *outline[:2])
    for x0, y0, x1, y1 in zip(outline[0::2], outline[1::2], ahead[0::2], ahead[1::2], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            within = not within
    return within


def rings(polygon: Polygon) -> list[tuple[list[float], list[list[float]]]]:
    """Each part of a polygon with the holes in it; a hole outside all parts goes to the first."""
    owned: list[tuple[list[float], list[list[float]]]] = [(part, []) for part in polygon.parts]
    for hole in polygon.holes:
        owner = next((holes for part, holes in owned if inside(*hole[:2], part)), owned[0][1])
        owner.append(hole)
    return owned


def filled(polygon: Polygon, width: int, height: int) -> Mask:
    """The pixels of a picture whose centres lie in a polygon and not in its holes.

    Raises ValueError for a picture of more than `MOST_PIXELS`.
    """
    import numpy as np
    from skimage.draw import polygon as pixels

    check_size(width, height)
    xs = [x for part in polygon.parts for x in part[0::2]]
    left = min(max(math.floor(min(xs)), 0), width)
    right = min(max(math.ceil(max(xs)), left), width)
    crop = np.zeros((height, right - left), bool)
    for part, holes in rings(polygon):
        layer = np.zeros_like(crop)
        for ring, value in ((part, True), *((hole, False) for hole in holes)):
            rows = np.asarray(ring[1::2]) - 0.5
            columns = np.asarray(ring[0::2]) - 0.5 - left
            layer[pixels(rows, columns, layer.shape)] = value
        crop |= layer
    return mask_of(crop, left, 0, width, height)


def mask_of(crop: np.ndarray, left: int, top: int, width: int, height: int) -> Mask:
    """The mask of a picture of which `crop`, with its corner at (left, top), is all that is set.

    What lies outside the picture is cut off. Raises ValueError for more than `MOST_PIXELS`.
    """
    import numpy as np

    check_size(width, height)
    crop = np.asarray(crop, bool)
    crop = crop[max(-top, 0) : max(height - top, 0), max(-left, 0) : max(width - left, 0)]
    left, top = max(left, 0), max(top, 0)
    columns = np.zeros((height, crop.shape[1]), bool)
    columns[top : top + crop.shape[0]] = crop
    runs = runs_of(columns.T.ravel())
    before, after = left * height, (width - left - crop.shape[1]) * height
    if not crop.size:
        return Mask(height, width, [width * height] if width * height else [])
    runs[0] += before
    if after and len(runs) % 2:
        runs[-1] += after
    elif after:
        runs.append(after)
    return Mask(height, width, runs)


def cropped(mask: Mask) -> tuple[np.ndarray, int, int]:
    """The smallest part of a mask that holds all its pixels, with its left and top.

    Raises ValueError for runs that do not fill the picture, and for more than `MOST_PIXELS`.
    """
    import numpy as np

    left, top, width, height = bounds(mask)
    if not width:
        return np.zeros((0, 0), bool), 0, 0
    flat = filled_runs(mask.counts, mask.height * mask.width)
    part = flat[left * mask.height : (left + width) * mask.height].reshape(width, mask.height).T
    return part[top : top + height], left, top


def bounds(mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, width and height of what a mask covers, all 0 where it is empty.

    Raises ValueError for runs that do not fill the picture, and for more than `MOST_PIXELS`.
    """
    import numpy as np

    check_size(mask.width, mask.height)
    counts = mask.counts
    if min(counts, default=0) < 0 or sum(counts) != mask.height * mask.width:
        raise ValueError("the runs of the mask do not fill its picture")
    ends = np.cumsum(counts)[1::2]
    starts = ends - counts[1::2]
    starts, ends = starts[ends > starts], ends[ends > starts]
    if not len(ends):
        return 0, 0, 0, 0
    left, right = int(starts[0]) // mask.height, (int(ends[-1]) - 1) // mask.height + 1
    over = (ends - 1) // mask.height > starts // mask.height
    top = 0 if over.any() else int((starts % mask.height).min())
    bottom = mask.height if over.any() else int(((ends - 1) % mask.height).max()) + 1
    return left, top, right - left, bottom - top


def laid_out(mask: Mask) -> np.ndarray:
    """A mask as booleans of the whole picture. Raises ValueError as `cropped`."""
    import numpy as np

    crop, left, top = cropped(mask)
    whole = np.zeros((mask.height, mask.width), bool)
    whole[top : top + crop.shape[0], left : left + crop.shape[1]] = crop
    return whole


def runs_of(flat: np.ndarray) -> list[int]:
    """Run lengths of a row of booleans, the first of False."""
    import numpy as np

    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    runs: list[int] = np.diff(np.concatenate(([0], edges, [len(flat)]))).tolist()
    return [0, *runs] if len(flat) and flat[0] else runs


def filled_runs(runs: Iterable[int], size: int) -> np.ndarray:
    """The row of `size` booleans that run lengths stand for; the rest is False."""
    import numpy as np

    counts = np.asarray(list(runs), np.int64)
    values = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    flat = np.zeros(size, bool)
    flat[: len(values)] = values
    return flat


def png_of(crop: np.ndarray, value: int = 255) -> bytes:
    """A mask as a grey PNG, of this value where it is set."""
    import numpy as np
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(crop.astype(np.uint8) * np.uint8(value)).save(stream, "PNG")
    return stream.getvalue()


def from_png(data: bytes) -> np.ndarray:
    """The mask in a PNG: its alpha where it has one, else what is not black.

    Raises ValueError for what is no PNG, and for more than `MOST_PIXELS`.
    """
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            check_size(*picture.size)
            if "A" in picture.getbands() or "transparency" in picture.info:
                return np.asarray(picture.convert("RGBA"))[..., 3] > 0
            return np.asarray(picture.convert("L")) > 0
    except Image.DecompressionBombError as error:
        raise ValueError("the picture of the mask is too large") from error
    except (OSError, SyntaxError) as error:
        raise ValueError("the picture of the mask is no PNG that can be read") from error


def check_size(width: int, height: int) -> None:
    """Raises ValueError for a picture of more than `MOST_PIXELS`."""
    if not (width >= 0 and height >= 0 and width * height <= MOST_PIXELS):
        raise ValueError(f"a mask of {width} x {height} pixels is too large")
