"""Simulated annotators of masks.

The outline errs by a smooth random field of hypot(`error` x size, `click_px`) px, where the size of
an object is the root of its area, and reaches out by `bias` x size: the drawn mask is where the
signed distance to the true outline plus field plus reach is above 0. An object is missed with logit
-3 + miss + log2(30 / size). `fills` is the probability of filling the holes of an object that has
some, `splits` of drawing the pieces of one object as several. A slip leaves out a quarter at one
side. Loose: outlines too large, holes filled.

Two trained annotators overlap by an IoU of .92 to .98 on objects of at least 64^2 px, more than
readers of scans (.7 to .8): the edge of a thing in daylight can be followed to a pixel or two when
zoomed in, as the boundary score at 2 px asks, while that of a faint lesion is a matter of opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Mask, MaskTruth, TruthMask, decode_mask, encode_mask

from .people import (
    Finder,
    Seed,
    active_ms,
    happens,
    heavy_tailed,
    neighbour,
    next_class,
    unchanged,
    work_pool,
)


@dataclass(frozen=True, slots=True)
class Outliner(Finder):
    """One kind of annotator of masks: `error` and `bias` are shares of the root of the area."""

    click_px: float
    fills: float
    splits: float


# fmt: off
MASK_PROFILES: Mapping[str, Outliner] = {
    #                    error, bias, confusion, slips, seconds, miss, invented,
    #                    click, fills, splits
    "expert":   Outliner(.004, .001, .01, .002, 70.0, -4.0, .005,
                         0.5, .02, .02),
    "trained":  Outliner(.010, .003, .03, .010, 80.0, -2.0, .010,
                         0.8, .08, .06),
    "loose":    Outliner(.025, .090, .05, .020, 60.0, -1.5, .030,
                         1.5, .60, .20),
    "hasty":    Outliner(.050, .020, .08, .120, 25.0,  0.0, .050,
                         3.0, .60, .40),
    "confuser": Outliner(.010, .003, .50, .010, 80.0, -2.0, .010,
                         0.8, .08, .06),
}
# fmt: on


def annotate_masks(
    truth: Sequence[MaskTruth], profile: str, seed: Seed, *, classes: Sequence[str]
) -> dict[str, tuple[Mask, ...]]:
    """The masks one simulated annotator draws on a pool, by item.

    A class is taken for the next of `classes`. ``spammer`` draws one to three random ellipses,
    ``lazy`` fills the bounding box of the largest object. Raises KeyError for a profile that does
    not exist.
    """
    following = next_class(classes)

    def draw(item: MaskTruth, person: Outliner, rng: np.random.Generator) -> Iterator[Mask]:
        for obj in item.objects:
            if obj.label not in classes or happens(_missed(obj, person), rng):
                continue
            label = neighbour(obj.label, person.confusion, following, classes, rng)
            drawn = _by_hand(obj, person, rng)
            split = obj.parts > 1 and rng.random() < person.splits
            pieces = _pieces(drawn, obj) if split else [drawn]
            for number, piece in enumerate(pieces):
                suffix = f"-{number + 1}" if number else ""
                ms = active_ms(person.seconds / len(pieces), rng)
                yield Mask(id=f"m{obj.id}{suffix}", label=label, rle=encode_mask(piece), ms=ms)
        if rng.random() < person.invented:
            yield _ellipse("m0", item, classes, person.seconds, rng)

    def spam(item: MaskTruth, rng: np.random.Generator) -> Iterator[Mask]:
        for number in range(int(rng.integers(1, 4))):
            yield _ellipse(f"s{number}", item, classes, 3.0, rng)

    def lazy(item: MaskTruth, rng: np.random.Generator) -> Iterator[Mask]:
        for obj in sorted(item.objects, key=lambda o: -o.area)[:1]:
            x, y, width, height = (round(v) for v in obj.bbox)
            mask = np.zeros((item.height, item.width), bool)
            mask[y : y + height, x : x + width] = True
            yield Mask(
                id=f"m{obj.id}", label=obj.label, rle=encode_mask(mask), ms=active_ms(6.0, rng)
            )

    return work_pool(
        truth,
        profile,
        seed,
        people=MASK_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def _missed(obj: TruthMask, person: Outliner) -> float:
    return -3 + person.miss + np.log2(30 / np.sqrt(max(obj.area, 1)))


def _by_hand(obj: TruthMask, person: Outliner, rng: np.random.Generator) -> np.ndarray:
    """The mask as this person draws it, never empty."""
    from scipy import ndimage

    mask = decode_mask(obj.rle)
    size = np.sqrt(obj.area)
    spread = np.hypot(person.error * size, person.click_px)
    reach = person.bias * size
    rows, columns = _window(obj, mask.shape, margin=int(reach + 5 * spread) + 2)
    true = mask[rows, columns]
    if obj.holes and rng.random() < person.fills:
        true = ndimage.binary_fill_holes(true)
    rim = true & ~ndimage.binary_erosion(true, border_value=1)
    distance = ndimage.distance_transform_edt(~rim)
    inward = np.where(true, distance + 0.5, 0.5 - distance)
    drawn = inward + reach + spread * _field(true.shape, max(size / 6, 4), rng) > 0
    if rng.random() < person.slips:
        cut = max(true.shape[1] // 4, 1)
        drawn[:, slice(cut) if rng.random() < 0.5 else slice(-cut, None)] = False
    if not drawn.any():
        drawn = true
    whole = np.zeros_like(mask)
    whole[rows, columns] = drawn
    return whole


def _window(obj: TruthMask, shape: tuple[int, ...], margin: int) -> tuple[slice, slice]:
    """Rows and columns around an object, inside the picture."""
    x, y, width, height = obj.bbox
    top, left = max(int(y) - margin, 0), max(int(x) - margin, 0)
    bottom = min(int(np.ceil(y + height)) + margin, shape[0])
    right = min(int(np.ceil(x + width)) + margin, shape[1])
    return slice(top, bottom), slice(left, right)


def _field(shape: tuple[int, int], grain: float, rng: np.random.Generator) -> np.ndarray:
    """A smooth heavy-tailed random field of about unit spread, with bumps `grain` px apart."""
    hats = [_hats(side, grain) for side in shape]
    knots = heavy_tailed(rng, (hats[0].shape[1], hats[1].shape[1])) / np.sqrt(2)
    return np.einsum("yj,xj->yx", np.einsum("yi,ij->yj", hats[0], knots), hats[1])


def _hats(side: int, grain: float) -> np.ndarray:
    """Weights (side, knots) of linear interpolation between knots `grain` px apart."""
    place = np.arange(side)[:, None] / grain
    return np.clip(1 - np.abs(place - np.arange(side // grain + 2)), 0, None)


def _pieces(drawn: np.ndarray, obj: TruthMask) -> list[np.ndarray]:
    """What was drawn, cut into the pieces of the object: each pixel belongs to the nearest."""
    from scipy import ndimage

    labels, count = ndimage.label(decode_mask(obj.rle))
    nearest = ndimage.distance_transform_edt(
        labels == 0, return_distances=False, return_indices=True
    )
    pieces = [drawn & (labels[tuple(nearest)] == n) for n in range(1, count + 1)]
    return [piece for piece in pieces if piece.any()]


def _ellipse(
    mask_id: str, item: MaskTruth, classes: Sequence[str], seconds: float, rng: np.random.Generator
) -> Mask:
    """A random ellipse anywhere in the picture."""
    radii = rng.uniform(0.03, 0.15, 2) * (item.height, item.width)
    centre = rng.uniform(0, (item.height, item.width))
    y, x = np.ogrid[: item.height, : item.width]
    mask = ((y - centre[0]) / radii[0]) ** 2 + ((x - centre[1]) / radii[1]) ** 2 <= 1
    label = str(rng.choice(list(classes)))
    return Mask(id=mask_id, label=label, rle=encode_mask(mask), ms=active_ms(seconds, rng))
