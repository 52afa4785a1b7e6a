"""Windows of masters: what becomes a new picture, and the truth of its pixels.

A master is a picture of twice the frame size with its id map and the full extent of every object.
A window of it, scaled to the frame and exposed anew, becomes a new picture; its truth is measured
on the same pixels, by the rules that measured the master.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from labelschool.datasets.measure import LEAST_PIXELS, MEASURED, is_must, measure
from labelschool.model import BBox, Decoy, FullExtent, TruthBox, TruthItem, decode_mask, encode_mask

WIDEST, NARROWER = 0.9, 0.8
"""The share of the master's width that a window spans at most, and how much narrower than that it
may always be.
"""
EXPOSURE = 0.35
"""Most stops by which a picture becomes darker or lighter."""
MOST_OUTSIDE = 0.9
"""An object of which more lies outside the picture need not be labelled (G1 rule 8)."""
MOST_OUTSIDE_ON_SHELF = 0.5
"""The same for what stands on a shelf, where fronts are cut off all around."""
DECOY_LEFT = 0.5
"""A decoy of which less than this share lies in the window is not listed."""


@dataclass(frozen=True)
class Window:
    """Pixel centres of a frame in its master: ``left``, ``top`` and ``step`` in master px.

    ``size`` is the (width, height) of the frame in px of its own.
    """

    left: float
    top: float
    step: float
    size: tuple[int, int]
    mirrored: bool

    @property
    def frame(self) -> BBox:
        """The window as a box in px of the master."""
        return (self.left, self.top, self.size[0] * self.step, self.size[1] * self.step)

    def columns(self) -> np.ndarray:
        """The master's column of every column of the frame."""
        across = (self.left + (np.arange(self.size[0]) + 0.5) * self.step).astype(int)
        return across[::-1] if self.mirrored else across

    def rows(self) -> np.ndarray:
        """The master's row of every row of the frame."""
        return (self.top + (np.arange(self.size[1]) + 0.5) * self.step).astype(int)

    def of(self, ids: np.ndarray) -> np.ndarray:
        """The frame's part of a map of the master's size."""
        return ids[self.rows()][:, self.columns()]

    def box(self, bbox: BBox) -> BBox:
        """A box of the master in px of the frame, clipped to it."""
        left, right = ((x - self.left) / self.step for x in (bbox[0], bbox[0] + bbox[2]))
        top, bottom = ((y - self.top) / self.step for y in (bbox[1], bbox[1] + bbox[3]))
        if self.mirrored:
            left, right = self.size[0] - right, self.size[0] - left
        left, right = max(left, 0.0), min(right, float(self.size[0]))
        top, bottom = max(top, 0.0), min(bottom, float(self.size[1]))
        return left, top, max(right - left, 0.0), max(bottom - top, 0.0)


def draw_window(
    master: TruthItem,
    rng: np.random.Generator,
    target: BBox | None = None,
    widest: float = WIDEST,
) -> Window:
    """A window at any place, or where the box ``target`` lies inside if it is not too large.

    It spans up to the share ``widest`` of the master's width. The frame has half the master's width
    and height, or less, so that nothing is enlarged; it is mirrored half the time where the master
    may be.
    """
    share = rng.uniform(min(0.5, NARROWER * widest), widest)
    size = tuple(int(min(0.5, share) * side) for side in (master.width, master.height))
    corner = []
    for axis, whole in enumerate((master.width, master.height)):
        low, high = 0.0, whole * (1 - share)
        if target and target[axis + 2] <= whole * share:
            low = max(low, target[axis] + target[axis + 2] - whole * share)
            high = min(high, target[axis])
        corner.append(float(rng.uniform(min(low, high), high)))
    step = max(1.0, float(share / 0.5))
    return Window(*corner, step, size, bool(master.mirrorable and rng.random() < 0.5))


def objects_in(window: Window, master: TruthItem, ids: np.ndarray) -> tuple[TruthBox, ...]:
    """The objects seen in a window, measured on its pixels.

    What is ``ignore`` stays so, and what the window nearly cuts off becomes it. Only what counts in
    the master for its edge case alone may count for it here.
    """
    seen = window.of(ids)
    found = []
    for obj in master.objects:
        visible = seen == obj.id
        if visible.sum() < LEAST_PIXELS or obj.full is None:
            continue
        full, offset = _seen_full(obj, window)
        by_size = is_must(obj.occlusion, obj.bbox, False, obj.crowd)
        placed = set(obj.edge_cases) - set(MEASURED if by_size else ())
        measured = measure(visible, full, offset, placed, obj.crowd)
        still = is_must(measured["occlusion"], measured["bbox"], False, obj.crowd)
        most_outside = MOST_OUTSIDE_ON_SHELF if obj.row else MOST_OUTSIDE
        cut_off = measured["truncation"] > max(most_outside, obj.truncation)
        if obj.level == "ignore" or cut_off or (by_size and not still):
            measured["level"] = "ignore"
        extent = FullExtent(offset=offset, rle=encode_mask(np.ascontiguousarray(full)))
        found.append(TruthBox.model_validate(dict(obj) | measured | {"full": extent}))
    return tuple(found)


def _seen_full(obj: TruthBox, window: Window) -> tuple[np.ndarray, tuple[int, int]]:
    """The full extent of an object on the window's pixel grid, continued beyond its frame."""
    whole = decode_mask(obj.full.rle)
    (x, y), (height, width) = obj.full.offset, whole.shape
    first = int(np.floor((x - window.left) / window.step)) - 1
    last = int(np.ceil((x + width - window.left) / window.step)) + 1
    upper = int(np.floor((y - window.top) / window.step)) - 1
    lower = int(np.ceil((y + height - window.top) / window.step)) + 1
    columns = np.floor(window.left + (np.arange(first, last) + 0.5) * window.step).astype(int) - x
    rows = np.floor(window.top + (np.arange(upper, lower) + 0.5) * window.step).astype(int) - y
    mask = np.zeros((len(rows), len(columns)), bool)
    good_rows, good_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    mask[np.ix_(good_rows, good_columns)] = whole[np.ix_(rows[good_rows], columns[good_columns])]
    if window.mirrored:
        return mask[:, ::-1], (window.size[0] - last, upper)
    return mask, (first, upper)


def decoys_in(window: Window, master: TruthItem) -> tuple[Decoy, ...]:
    """The decoys of which at least half lies in a window."""
    kept = []
    for decoy in master.decoys:
        bbox = window.box(decoy.bbox)
        whole = decoy.bbox[2] * decoy.bbox[3] / window.step**2
        if bbox[2] * bbox[3] >= DECOY_LEFT * whole:
            kept.append(decoy.model_copy(update={"bbox": tuple(round(v, 1) for v in bbox)}))
    return tuple(kept)


def picture(path: Path, window: Window, rng: np.random.Generator) -> Image.Image:
    """The window of a master's picture, scaled to the frame and exposed anew in linear light."""
    left, top, width, height = window.frame
    box = (left, top, left + width, top + height)
    with Image.open(path) as opened:
        seen = opened.convert("RGB").resize(window.size, Image.Resampling.BOX, box=box)
    if window.mirrored:
        seen = ImageOps.mirror(seen)
    gain = 2 ** rng.uniform(-EXPOSURE, EXPOSURE)
    tones = 255 * np.clip(gain * (np.arange(256) / 255) ** 2.2, 0, 1) ** (1 / 2.2)
    return seen.point([round(tone) for tone in tones] * 3)
