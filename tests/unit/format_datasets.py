"""Generated datasets for the tests of formats, and what it means that two are alike."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from labelschool import formats
from labelschool.formats import tracks
from labelschool.formats.dataset import (
    NONE,
    Box,
    Category,
    Dataset,
    Item,
    Keyframe,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
    Relation,
    Span,
    Track,
)

OBJECTS = frozenset(("boxes", "rotated boxes", "polygons", "holes", "masks", "keypoints"))
"""Kinds of objects that `datasets` makes. Further words: crowds, attributes, splits."""

WORDS = ("car", "Wagen rot", "имя файла", "人", "a.b.c", 'it\'s "50%" & <b>', "no", "0")
"""Names that formats have tripped over: spaces, dots, other scripts, marks, YAML's and numbers."""
FILES = ("plain", "имя 1", "a.b.c", "street images 7", "labels", "x%20y", "été", "deep/er")


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with two decimals, as the tools write them."""
    return st.integers(math.ceil(low * 100), math.floor(high * 100)).map(lambda n: n / 100)


@st.composite
def boxes(draw: Any, item: Item, *, turned: bool = False) -> Box:
    """A box of at least a pixel inside its picture; turned, it stays inside too."""
    width, height = item.width, item.height
    if not turned:
        x, y = draw(hundredths(0, width - 2)), draw(hundredths(0, height - 2))
        return Box(x, y, draw(hundredths(1, width - x)), draw(hundredths(1, height - y)))
    reach = min(width, height) / 2 - 1
    w, h = draw(hundredths(1, reach)), draw(hundredths(1, reach))
    half = math.hypot(w, h) / 2
    cx, cy = draw(hundredths(half, width - half)), draw(hundredths(half, height - half))
    angle = draw(hundredths(0.1, 1.4))
    return Box(round(cx - w / 2, 4), round(cy - h / 2, 4), w, h, angle)


def _ring(box: Box, share: float = 1) -> list[float]:
    """A six-cornered outline in a box, shrunk about its centre."""
    cx, cy = box.x + box.w / 2, box.y + box.h / 2
    a, b = box.w / 2 * share, box.h / 2 * share
    around = ((-a, 0), (-a / 2, -b), (a / 2, -b), (a, 0), (a / 2, b), (-a / 2, b))
    return [round(value, 2) for x, y in around for value in (cx + x, cy + y)]


def _overlaps(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) < max(a.w, b.w) + 1 and abs(a.y - b.y) < max(a.h, b.h) + 1


@st.composite
def polygons(draw: Any, item: Item, *, holes: bool = False) -> tuple[Box, Polygon]:
    """One or two parts that are apart, each with or without a hole, and the box around them."""
    wide = boxes(item).filter(lambda box: min(box.w, box.h) >= (8 if holes else 2))
    first = draw(wide)
    parts = [first]
    if draw(st.booleans()):
        second = draw(wide)
        if not _overlaps(first, second):
            parts.append(second)
    polygon = Polygon([_ring(part) for part in parts])
    if holes:
        polygon.holes = [_ring(part, 0.5) for part in parts]
    xs = [x for ring in polygon.parts for x in ring[0::2]]
    ys = [y for ring in polygon.parts for y in ring[1::2]]
    box = Box(min(xs), min(ys), round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2))
    return box, polygon


@st.composite
def masks(draw: Any, item: Item) -> tuple[Box, Mask]:
    """A few rectangles of pixels, and the box around them."""
    import numpy as np
    from pycocotools import mask as coco

    width, height = int(item.width), int(item.height)
    pixels = np.zeros((height, width), np.uint8, order="F")
    for _ in range(draw(st.integers(1, 3))):
        x, y = draw(st.integers(0, width - 2)), draw(st.integers(0, height - 2))
        w, h = draw(st.integers(1, width - x)), draw(st.integers(1, height - y))
        pixels[y : y + h, x : x + w] ^= 1
    if not pixels.any():
        pixels[0, 0] = 1
    encoded = coco.encode(pixels)
    box = Box(*(float(value) for value in coco.toBbox(encoded)))
    return box, Mask(height, width, encoded["counts"].decode())


@st.composite
def figures(draw: Any, item: Item, category: Category) -> Keypoints:
    """Points inside the picture; one that is not labelled is at 0, 0."""
    values: list[float] = []
    for _ in category.keypoints:
        seen = draw(st.sampled_from((0, 1, 2)))
        x, y = draw(hundredths(1, item.width - 1)), draw(hundredths(1, item.height - 1))
        values += (x, y, seen) if seen else (0, 0, 0)
    if not any(values):
        values[:3] = (1, 1, 2)
    return Keypoints(values)


@st.composite
def datasets(
    draw: Any, kinds: Iterable[str] = ("boxes",), least: int = 0, most: int = 6
) -> Dataset:
    """Pictures with so many objects of some of the kinds (see `OBJECTS`), some pictures with none.

    Every category has an object, so that formats which know classes by their objects keep them.
    """
    kinds = frozenset(kinds)
    categories = draw(_categories("keypoints" in kinds))
    items = draw(_items("splits" in kinds))
    labels = []
    used = []
    for number in range(draw(st.integers(least, most))):
        item = draw(st.sampled_from(items))
        category = categories[number % len(categories)]
        labels.append(draw(_label(number + 1, item, category, kinds)))
        used.append(category)
    return Dataset(
        [each for each in categories if each in used], {item.id: item for item in items}, labels
    )


@st.composite
def _categories(draw: Any, keypoints: bool) -> list[Category]:
    names = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
    points = ("nose", "left eye", "right eye") if keypoints else ()
    joints = ((0, 1), (0, 2)) if keypoints else ()
    ids = draw(st.lists(st.integers(1, 90), min_size=len(names), max_size=len(names), unique=True))
    pairs = zip(sorted(ids), names, strict=True)
    return [Category(id_, name, keypoints=points, skeleton=joints) for id_, name in pairs]


@st.composite
def _items(draw: Any, splits: bool) -> list[Item]:
    names = draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=4, unique=True))
    split = st.sampled_from(("train", "val") if splits else ("",))
    size = st.integers(24, 400)
    return [
        Item(number, f"{name}.png", draw(size), draw(size), draw(split))
        for number, name in enumerate(names, 1)
    ]


@st.composite
def _label(draw: Any, id_: int, item: Item, category: Category, kinds: frozenset[str]) -> Label:
    label = Label(id_, item.id, category)
    match draw(st.sampled_from(sorted(kinds & OBJECTS))):
        case "boxes":
            label.box = draw(boxes(item))
        case "rotated boxes":
            label.box = draw(boxes(item, turned=True))
        case "masks":
            label.box, label.region = draw(masks(item))
        case "keypoints":
            label.box, label.keypoints = draw(boxes(item)), draw(figures(item, category))
        case kind:
            label.box, label.region = draw(polygons(item, holes=kind == "holes"))
    if "crowds" in kinds and isinstance(label.region, Mask):
        label.crowd = draw(st.booleans())
    if "attributes" in kinds:
        values = st.sampled_from((True, False, 2, 0.5, "left", "имя"))
        names = st.sampled_from(("occluded", "side", "note 1"))
        label.attributes = draw(st.dictionaries(names, values, max_size=2)) or NONE
    return label


# What is alike ----------------------------------------------------------------------------------


def assert_boxes_alike(before: Dataset, after: Dataset, tolerance: float = 0.5) -> None:
    """Every picture has the same objects of the same classes, borders within so many pixels."""
    assert _by_item(before).keys() == _by_item(after).keys()
    for name, rows in _by_item(before).items():
        others = _by_item(after)[name]
        assert [row[0] for row in rows] == [row[0] for row in others], name
        for (_, ours), (_, theirs) in zip(rows, others, strict=True):
            sides = zip(borders(ours), borders(theirs), strict=True)
            assert all(abs(a - b) <= tolerance + 1e-6 for a, b in sides), (name, ours, theirs)


def borders(box: Box) -> tuple[float, float, float, float, float]:
    """Left, top, right, bottom and angle of a box."""
    return box.x, box.y, box.x + box.w, box.y + box.h, box.angle


def _by_item(dataset: Dataset) -> dict[tuple[str, str], list[tuple[str, Box]]]:
    found: dict[tuple[str, str], list[tuple[str, Box]]] = {
        (item.split, item.name): [] for item in dataset.items.values()
    }
    for label in dataset.labels:
        item = dataset.items[label.item]
        found[item.split, item.name].append((label.category.name, label.box))
    return found


def filled(label: Label, item: Item) -> Any:
    """The pixels of a label's region, as an array."""
    from labelschool.formats import rasters

    region = label.region
    if isinstance(region, Polygon):
        region = rasters.filled(region, int(item.width), int(item.height))
    size = region.height * region.width
    return rasters.filled_runs(region.counts, size).reshape(region.width, region.height).T


# Clips and texts ----------------------------------------------------------------------------------


@st.composite
def clips(draw: Any) -> Dataset:
    """One or two clips with tracks, which leave and come back, hide and change an attribute."""
    categories = draw(_categories(False))
    items, labels = {}, []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        items[number] = Item(number, f"clip {number}.mp4", 200, 100, frames=40, fps=10)
        for _ in range(draw(st.integers(1, 3))):
            frames = draw(st.lists(st.integers(0, 39), min_size=1, max_size=5, unique=True))
            keyframes: list[Keyframe] = []
            for place, frame in enumerate(sorted(frames)):
                key = Keyframe(frame, draw(boxes(items[number])), draw(st.booleans()))
                # What has just left cannot leave again, nor can a track begin so.
                seen = place > 0 and not keyframes[-1].outside
                if seen and draw(st.booleans()):
                    key = Keyframe(frame, keyframes[-1].box, outside=True)
                keyframes.append(key)
            label = Label(len(labels) + 1, number, draw(st.sampled_from(categories)))
            label.shape = Track(keyframes)
            labels.append(label)
    used = [each for each in categories if any(label.category is each for label in labels)]
    return Dataset(used, items, labels)


@st.composite
def texts(draw: Any) -> Dataset:
    """Texts with spans, nested ones too, relations between them and tags of the whole."""
    people, places, joins, tag = (
        Category(1, "PER"),
        Category(2, "LOC"),
        Category(3, "lives in"),
        Category(4, "news", "topic"),
    )
    words = st.sampled_from(("Åsa", "lives", "in", "Łódź", "😀", "東京", "don't", "Bob", "-", "x."))
    items, labels, used = {}, [], []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        parts = draw(st.lists(words, min_size=2, max_size=12))
        breaks = [draw(st.sampled_from((" ", " ", "\n"))) for _ in parts[1:]]
        text = "".join(a + b for a, b in zip(parts, [*breaks, ""], strict=True))
        items[number] = Item(number, f"text {number}.txt", text=text)
        spans = []
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(text) - 1))
            span = Span(start, draw(st.integers(start + 1, len(text))))
            spans.append(Label(f"s{len(labels)}", number, draw(st.sampled_from((people, places)))))
            spans[-1].shape = span
            labels.append(spans[-1])
        if len(spans) > 1:
            labels.append(Label(f"r{len(labels)}", number, joins))
            labels[-1].shape = Relation(spans[0].id, spans[1].id)
        if draw(st.booleans()):
            labels.append(Label(f"t{len(labels)}", number, tag))
    used = [c for c in (people, places, joins, tag) if any(label.category is c for label in labels)]
    return Dataset(used, items, labels)


def seen_at(track: Track, frame: int) -> tuple[Box, bool] | None:
    """The box and the occlusion of a track at a frame; None where it is not seen."""
    before = [key for key in track.keyframes if key.frame <= frame]
    if not before or before[-1].outside:
        return None
    key = before[-1]
    if key.frame == frame or len(before) == len(track.keyframes):
        return key.box, key.occluded
    return tracks.between(key, track.keyframes[len(before)], frame), key.occluded


# What tools with one shape to an object keep ------------------------------------------------------

Shown = tuple[str, str, list[float], bool, dict[str, str]]


def shown(dataset: Dataset) -> dict[tuple[str, str], list[Shown]]:
    """The objects of each picture as single shapes: class, kind, numbers, crowd and attributes as
    text; a polygon by its parts, a box only where there is no outline.
    """
    found: dict[tuple[str, str], list[Shown]] = {
        (item.split, item.name): [] for item in dataset.items.values()
    }
    for label in dataset.labels:
        item = dataset.items[label.item]
        told = {name: str(value).lower() for name, value in label.attributes.items()}
        told = {name: value for name, value in told.items() if (name, value) != NOT_HIDDEN}
        told.pop("group_id", None)
        for kind, numbers in _single(label):
            row = (label.category.name, kind, numbers, label.crowd, told)
            found[item.split, item.name].append(row)
    return found


NOT_HIDDEN = ("occluded", "false")
"""What a format with a flag of its own says of each object."""


def _single(label: Label) -> Iterable[tuple[str, list[float]]]:
    if isinstance(label.region, Polygon):
        yield from (("polygon", part) for part in label.region.parts)
    elif isinstance(label.region, Mask):
        yield "mask", [label.region.height, label.region.width, *label.region.counts]
    elif isinstance(label.region, Line):
        yield "line", label.region.points
    if label.keypoints:
        yield "keypoints", label.keypoints.values
    if label.box and not label.region:
        yield "box", list(borders(label.box))


def assert_shown_alike(before: Dataset, after: Dataset, tolerance: float) -> None:
    """All objects are there, in order and with their attributes, and within so many pixels."""
    ours, theirs = shown(before), shown(after)
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        others = theirs[name]
        assert [(r[0], r[1], r[3], r[4]) for r in rows] == [
            (r[0], r[1], r[3], r[4]) for r in others
        ]
        for row, other in zip(rows, others, strict=True):
            assert len(row[2]) == len(other[2])
            assert all(abs(a - b) <= tolerance for a, b in zip(row[2], other[2], strict=True)), (
                row,
                other,
            )


@contextmanager
def written(dataset: Dataset, format: str, **options: Any) -> Iterator[tuple[Path, list[str]]]:
    """A folder with the dataset in a format, and what was lost."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        losses = formats.write(dataset, out, format, formats.Options(**options))
        yield out, [loss.what for loss in losses]
