"""Simulated readers of scans: marks of lesions as `labelschool.model.Mark`.

**Detection.** A lesion is overlooked with logit miss + faintness + 2.3 x subtlety - log2(long axis
/ 8 mm). `subtlety` is a standard normal number of the lesion, the same for everybody who reads it,
so that readers miss the same lesions more often than chance would have it. Of the nodules of at
least 3 mm that any of the four `READERS` marks, all four mark about a third (Armato et al. 2007: 24
of 71 in a blinded reading).

**Outline.** The radius in each direction errs by six low harmonics of relative size `error`, grows
by `bias` and 0.25 px, all of it more for faint textures. Two readers of the panel overlap by an IoU
of .7 to .8.

**Label.** The long axis is measured with an error of `axis` mm and 3 %, and guideline G3 decides by
it at 3 mm; what is smaller, or no nodule, is a point without measure. A slip measures half as much
again. A confuser takes nodules for non-nodules and the reverse. Loose: outlines too large and long
axes measured too long.
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
DIRECTIONS = np.linspace(0, 2 * np.pi, 32, endpoint=False)
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
    "A":        Reader(.050, -.02, .030, .00, 40.0, -1.6, .00, .15),
    "B":        Reader(.075, .100, .050, .01, 35.0, -0.7, .00, .25),
    "C":        Reader(.060, .030, .030, .00, 45.0, -1.4, .00, .15),
    "D":        Reader(.090, .060, .060, .01, 30.0, -0.2, .00, .30),
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
        yield from _read(item.lesions, reader, rng, key=zlib.crc32(item.item.encode()))
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


def read_by_four(lesions: Sequence[Lesion], seed: int) -> dict[str, tuple[Mark, ...]]:
    """What the four `READERS` mark on one slice, each blind to the others, by reader.

    The seed stands for the slice: it decides how subtle each lesion is as well as what each reader
    does.
    """
    return {
        name: tuple(_read(lesions, reader, np.random.default_rng([seed, number]), key=seed))
        for number, (name, reader) in enumerate(READERS.items())
    }


def _read(
    lesions: Sequence[Lesion], reader: Reader, rng: np.random.Generator, *, key: int
) -> Iterator[Mark]:
    for lesion in lesions:
        missed = 1 / (1 + np.exp(-reader.miss - _difficulty(lesion, key)))
        if rng.random() >= missed:
            yield _mark(lesion, reader, rng, missed)


def _difficulty(lesion: Lesion, key: int) -> float:
    """What makes a lesion hard to see for everybody, on the logit of missing it."""
    subtlety = np.random.default_rng([key, lesion.id]).normal()
    size = np.log2(lesion.long_axis / OBVIOUS_MM)
    return SUBTLETY * subtlety + FAINTNESS.get(lesion.texture, 0.0) - size


def _mark(lesion: Lesion, reader: Reader, rng: np.random.Generator, missed: float) -> Mark:
    blur = 1 + 0.6 * max(FAINTNESS.get(lesion.texture, 0.0), 0.0)
    spread = np.hypot(reader.axis, 0.03 * lesion.long_axis)
    measured = lesion.long_axis * (1 + reader.bias / 2) + spread * rng.normal()
    measured = max(float(measured), 0.5)
    if rng.random() < reader.slips:
        measured *= 1.5
    label = SMALL_NODULE if measured < LIMIT_MM else NODULE
    if (lesion.label == NON_NODULE) != (rng.random() < reader.confusion):
        label = NON_NODULE
    radii = _radii(lesion)
    size = radii.mean()
    phases = rng.uniform(0, 2 * np.pi, len(HARMONICS))
    weights = rng.normal(size=len(HARMONICS)) / HARMONICS**0.8
    waves = weights @ np.cos(np.outer(HARMONICS, DIRECTIONS) + phases[:, None])
    lean = reader.bias * blur * size + 0.25 + 0.2 * rng.normal()
    radii = np.maximum(radii + lean + blur * reader.error * (size + 4) * waves, 0.7)
    centre = tuple(float(v) for v in np.add(lesion.center, rng.normal(0, 0.35, 2)))
    sure = 5 - 4 * missed + 0.6 * rng.normal()
    return Mark(
        id=f"m{lesion.id}",
        label=label,
        center=centre,
        long_axis=measured if label == NODULE else None,
        outline=_outline(centre, radii) if label == NODULE else (),
        confidence=int(np.clip(round(sure), 1, 5)),
        ms=active_ms(reader.seconds, rng),
    )


def _radii(lesion: Lesion) -> np.ndarray:
    """How far the lesion reaches from its centre in each of the `DIRECTIONS`, in px."""
    mask = decode_mask(lesion.rle)
    step = 0.25
    reach = np.arange(0, max(mask.shape), step)[:, None]
    x = (lesion.center[0] + reach * np.cos(DIRECTIONS)).astype(int)
    y = (lesion.center[1] + reach * np.sin(DIRECTIONS)).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
    hit = np.zeros(x.shape, bool)
    hit[inside] = mask[y[inside], x[inside]]
    last = hit.shape[0] - hit[::-1].argmax(axis=0)
    return np.where(hit.any(axis=0), last * step, 0.5)


def _outline(centre: Point, radii: np.ndarray) -> tuple[Point, ...]:
    x = centre[0] + radii * np.cos(DIRECTIONS)
    y = centre[1] + radii * np.sin(DIRECTIONS)
    return tuple((float(a), float(b)) for a, b in zip(x, y, strict=True))


def _somewhere(item: ReadingTruth, rng: np.random.Generator) -> Point:
    return (float(item.width * rng.uniform(0.2, 0.8)), float(item.height * rng.uniform(0.25, 0.75)))


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
        long_axis=2 * radius * spacing,
        outline=_outline(centre, np.full(len(DIRECTIONS), radius)),
        ms=active_ms(seconds, rng),
    )


def _nudge(mark: Mark, rng: np.random.Generator) -> Mark:
    dx, dy = rng.normal(0, 0.3, 2)
    moved = tuple((x + dx, y + dy) for x, y in mark.outline)
    centre = (mark.center[0] + dx, mark.center[1] + dy)
    return mark.model_copy(update={"center": centre, "outline": moved})
