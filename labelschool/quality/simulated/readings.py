"""Simulated readers of scans: marks of lesions as `labelschool.model.Mark`.

**Detection.** A lesion is overlooked with logit miss + faintness + 2.3 x subtlety - log2(long axis
/ 8 mm). `subtlety` is a standard normal number of the lesion, the same for everybody who reads it,
so that readers miss the same lesions more often than chance would have it. Of the nodules of at
least 3 mm that any of the four `READERS` marks, all four mark about a third (Armato et al. 2007: 24
of 71 in a blinded reading).

**Vessels.** A vessel cut across may be taken for a nodule, as seldom as a nodule of its size is
seen that is `TEMPTATION` fainter.

**Label.** The long axis is measured `bias` too long, with an error of `axis` mm and 3 %, more for
faint textures, and guideline G3 decides by it at 3 mm; what is smaller, or no nodule, is a point
without measure. A slip measures half as much again. A confuser takes nodules for non-nodules and
the reverse. Loose: all is measured and drawn too large.

**Outline.** The radius in each direction errs by six low harmonics of relative size `error`, more
for small lesions and faint textures; the outline is as long as the long axis that was measured. Two
readers of the panel overlap by an IoU of .7 to .8.

Places are given in tenths of a px, long axes in tenths of a mm.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import Lesion, Mark, Point, ReadingTruth, decode_mask

from .people import Finder, Seed, active_ms, work_pool

NODULE, SMALL_NODULE, NON_NODULE = "nodule", "small_nodule", "non_nodule"
"""At least 3 mm, outlined; under 3 mm, a point; another finding of at least 3 mm, a point."""

LIMIT_MM = 3.0
FAINTNESS: Mapping[str, float] = {
    "calcified": -0.6,
    "solid": 0.0,
    "part_solid": 0.6,
    "ground_glass": 1.3,
}
"""How much harder a texture is to see, on the logit; 0 for any other."""
SUBTLETY = 2.3
"""Standard deviation on the logit of what all who read a lesion share."""
TEMPTATION = 6.0
"""How much less a vessel cut across is marked than a solid nodule of its size, on the logit."""
SHAKY_PX = 1.5
"""An outline errs as that of a lesion whose radius is larger by so much."""
CORNERS = 24
"""How many corners an outline has."""
DIRECTIONS = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
HARMONICS = np.arange(1, 7)
OBVIOUS_MM = 8.0
"""What even a lazy reader marks."""


@dataclass(frozen=True, slots=True)
class Reader(Finder):
    """One kind of reader: `error` and `bias` are shares of the radius, `axis` is in mm."""

    axis: float


# fmt: off
READING_PROFILES: Mapping[str, Reader] = {
    #                  error, bias, confusion, slips, seconds, miss, invented, axis
    "expert":   Reader(.035, .010, .010, .00, 40.0, -5.2, .02, .08),
    "trained":  Reader(.060, .030, .040, .01, 45.0, -3.6, .06, .15),
    "loose":    Reader(.110, .400, .080, .03, 35.0, -2.6, .35, .60),
    "hasty":    Reader(.200, .080, .120, .10, 15.0, -0.6, .30, .70),
    "confuser": Reader(.060, .030, .450, .01, 45.0, -3.6, .06, .15),
}

READERS: Mapping[str, Reader] = {
    "A":        Reader(.045, -.01, .020, .00, 40.0, -1.7, .00, .15),
    "B":        Reader(.065, .050, .040, .01, 35.0, -0.8, .00, .20),
    "C":        Reader(.050, .020, .020, .00, 45.0, -1.5, .00, .15),
    "D":        Reader(.075, .040, .040, .01, 30.0, -0.3, .00, .25),
}
# fmt: on
"""The four readers of a panel that reads blind: two see much, two see less."""


def annotate_readings(
    truth: Sequence[ReadingTruth], profile: str, seed: Seed
) -> dict[str, tuple[Mark, ...]]:
    """The marks one simulated reader sets on a pool of slices, by item.

    ``spammer`` marks one to three places at random, ``lazy`` only what is at least 8 mm, as a
    circle. Raises KeyError for a profile that does not exist.
    """

    def draw(item: ReadingTruth, reader: Reader, rng: np.random.Generator) -> Iterator[Mark]:
        key = zlib.crc32(item.item.encode())
        yield from _read(item.lesions, reader, rng, item.spacing, key=key)
        if rng.random() < reader.invented:
            yield _circle("m0", _somewhere(item, rng), rng.uniform(4, 8), item.spacing, 15.0, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=READING_PROFILES,
        draw=draw,
        spam=_spam,
        lazy=_lazy,
        nudge=_nudge,
    )


def read_by_four(
    lesions: Sequence[Lesion], seed: int, *, spacing: float, vessels: Sequence[Lesion] = ()
) -> dict[str, tuple[Mark, ...]]:
    """What the four `READERS` mark on one slice, each blind to the others, by reader.

    `spacing` is in mm per px. `vessels` are cut across and look like nodules; they are described as
    lesions, with ids that no lesion has. The seed stands for the slice: it decides how subtle each
    lesion is as well as what each reader does. The marks of a reader are m1, m2 and so on.
    """
    panel = {}
    for number, (name, reader) in enumerate(READERS.items()):
        rng = np.random.default_rng([seed, number])
        marks = [*_read(lesions, reader, rng, spacing, key=seed)]
        marks += _read(vessels, reader, rng, spacing, key=seed, doubt=TEMPTATION)
        panel[name] = tuple(
            mark.model_copy(update={"id": f"m{count}"}) for count, mark in enumerate(marks, 1)
        )
    return panel


def _read(
    lesions: Sequence[Lesion],
    reader: Reader,
    rng: np.random.Generator,
    spacing: float,
    *,
    key: int,
    doubt: float = 0.0,
) -> Iterator[Mark]:
    for lesion in lesions:
        missed = 1 / (1 + np.exp(-reader.miss - doubt - _difficulty(lesion, key)))
        if rng.random() >= missed:
            yield _mark(lesion, reader, rng, spacing, missed)


def _difficulty(lesion: Lesion, key: int) -> float:
    """What makes a lesion hard to see for everybody, on the logit of missing it."""
    subtlety = np.random.default_rng([key, lesion.id]).normal()
    size = np.log2(lesion.long_axis / OBVIOUS_MM)
    return SUBTLETY * subtlety + FAINTNESS.get(lesion.texture, 0.0) - size


def _mark(
    lesion: Lesion, reader: Reader, rng: np.random.Generator, spacing: float, missed: float
) -> Mark:
    blur = 1 + 0.6 * max(FAINTNESS.get(lesion.texture, 0.0), 0.0)
    spread = blur * np.hypot(reader.axis, 0.03 * lesion.long_axis)
    measured = lesion.long_axis * (1 + reader.bias) + spread * rng.normal()
    if rng.random() < reader.slips:
        measured *= 1.5
    measured = round(max(float(measured), 0.5), 1)
    label = SMALL_NODULE if measured < LIMIT_MM else NODULE
    if (lesion.label == NON_NODULE) != (rng.random() < reader.confusion):
        label = NON_NODULE
    radii = _radii(lesion)
    phases = rng.uniform(0, 2 * np.pi, len(HARMONICS))
    weights = rng.normal(size=len(HARMONICS)) / HARMONICS**0.8
    waves = weights @ np.cos(np.outer(HARMONICS, DIRECTIONS) + phases[:, None])
    drawn = radii + blur * reader.error * (radii.mean() + SHAKY_PX) * waves
    drawn = np.maximum(drawn, 0.4 * radii)
    drawn *= measured / spacing / _extent(drawn)
    centre = np.add(lesion.center, rng.normal(0, 0.35, 2))
    sure = 5 - 4 * missed + 0.6 * rng.normal()
    return Mark(
        id=f"m{lesion.id}",
        label=label,
        center=_place(*centre),
        long_axis=measured if label == NODULE else None,
        outline=_outline(centre, drawn) if label == NODULE else (),
        confidence=int(np.clip(round(sure), 1, 5)),
        ms=active_ms(reader.seconds, rng),
    )


def _radii(lesion: Lesion) -> np.ndarray:
    """How far the lesion reaches from its centre in each of the `DIRECTIONS`, in px.

    The mask is smoothed first, for a hand does not follow the steps of the pixels.
    """
    from scipy import ndimage

    soft = ndimage.gaussian_filter(decode_mask(lesion.rle).astype(float), 0.8)
    step = 0.1
    reach = np.arange(0, max(soft.shape), step)[:, None]
    x = lesion.center[0] - 0.5 + reach * np.cos(DIRECTIONS)
    y = lesion.center[1] - 0.5 + reach * np.sin(DIRECTIONS)
    inside = ndimage.map_coordinates(soft, (y, x), order=1) > 0.5
    last = len(inside) - inside[::-1].argmax(axis=0)
    return np.where(inside.any(axis=0), last * step, 0.5)


def _extent(radii: np.ndarray) -> float:
    """The longest distance between two corners of an outline."""
    corners = radii * np.exp(1j * DIRECTIONS)
    return float(np.abs(corners[:, None] - corners).max())


def _outline(centre: Sequence[float], radii: np.ndarray) -> tuple[Point, ...]:
    x = centre[0] + radii * np.cos(DIRECTIONS)
    y = centre[1] + radii * np.sin(DIRECTIONS)
    return tuple(map(_place, x, y))


def _place(x: float, y: float) -> Point:
    return round(float(x), 1), round(float(y), 1)


def _somewhere(item: ReadingTruth, rng: np.random.Generator) -> Point:
    return _place(item.width * rng.uniform(0.2, 0.8), item.height * rng.uniform(0.25, 0.75))


def _spam(item: ReadingTruth, rng: np.random.Generator) -> Iterator[Mark]:
    for number in range(int(rng.integers(1, 4))):
        yield _circle(
            f"s{number}", _somewhere(item, rng), rng.uniform(3, 12), item.spacing, 1.5, rng
        )


def _lazy(item: ReadingTruth, rng: np.random.Generator) -> Iterator[Mark]:
    for lesion in item.lesions:
        if lesion.long_axis >= OBVIOUS_MM:
            radius = lesion.long_axis / item.spacing / 2
            yield _circle(f"m{lesion.id}", lesion.center, radius, item.spacing, 8.0, rng)


def _circle(
    mark_id: str,
    centre: Point,
    radius: float,
    spacing: float,
    seconds: float,
    rng: np.random.Generator,
) -> Mark:
    """A nodule drawn as a circle; the radius is in px, the spacing in mm per px."""
    return Mark(
        id=mark_id,
        label=NODULE,
        center=centre,
        long_axis=round(2 * radius * spacing, 1),
        outline=_outline(centre, np.full(len(DIRECTIONS), radius)),
        ms=active_ms(seconds, rng),
    )


def _nudge(mark: Mark, rng: np.random.Generator) -> Mark:
    dx, dy = rng.normal(0, 0.3, 2)
    moved = tuple(_place(x + dx, y + dy) for x, y in mark.outline)
    centre = _place(mark.center[0] + dx, mark.center[1] + dy)
    return mark.model_copy(update={"center": centre, "outline": moved})
