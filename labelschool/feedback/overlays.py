"""The truth of any item drawn over what an annotator sees, or written into its text."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterable, Sequence
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

from labelschool.model import (
    CUBOID_EDGES,
    BBox,
    ClipTruth,
    Item,
    KeypointTruth,
    MaskTruth,
    PreferenceTruth,
    RankingTruth,
    ReadingTruth,
    ReviewTruth,
    Rle,
    SweepTruth,
    TextTruth,
    Truth,
    TruthItem,
    TruthSpan,
    cuboid_corners,
    decode_mask,
    project,
)

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

MUST: Colour = (46, 224, 120)
IGNORE: Colour = (170, 178, 190)
DECOY: Colour = (255, 92, 92)
CASING: Colour = (16, 20, 24)
FRAMES_SHOWN = 9
"""Frames of a clip on its overlay, evenly spread."""
SWEEP_SIDE = 900
"""Side in px of a sweep seen from above; it spans all that is to be labelled."""
SWEEP_MARGIN = 5.0


@singledispatch
def overlay(truth: Truth, item: Item) -> Image.Image | str:
    """A picture of the item with its truth, or its text with the truth in brackets.

    Raises TypeError for a kind of truth that cannot be shown.
    """
    raise TypeError(f"no overlay for {type(truth).__name__}")


@overlay.register(TruthItem)
def _(truth: TruthItem, item: Item) -> Image.Image:
    picture, pen = _canvas(item.image)
    for decoy in truth.decoys:
        _box(pen, decoy.bbox, DECOY, f"{decoy.kind}, rule {decoy.rule}")
    must = [obj for obj in truth.objects if obj.level == "must"]
    for obj in truth.objects:
        if obj.level == "ignore":
            _box(pen, obj.bbox, IGNORE)
    for obj in must:
        marks = "".join(
            f" {mark}"
            for mark, told in (
                (f"o{obj.occluded}", obj.occluded),
                ("t", obj.truncated),
                ("crowd", obj.crowd),
            )
            if told
        )
        _box(pen, obj.bbox, MUST, f"{obj.label}{marks}")
    if not truth.objects:
        _words(pen, (4, 4), " or ".join(truth.labels) or "nothing to label", MUST)
    return picture


@overlay.register(MaskTruth)
def _(truth: MaskTruth, item: Item) -> Image.Image:
    picture, _ = _canvas(item.image)
    for obj in truth.objects:
        _fill(picture, obj.rle, _colour(obj.id))
    _, pen = _canvas(picture)
    if len(truth.objects) <= 20:
        for obj in truth.objects:
            _words(pen, obj.bbox[:2], f"{obj.label}, {obj.parts} parts, {obj.holes} holes", MUST)
    return picture


@overlay.register(KeypointTruth)
def _(truth: KeypointTruth, item: Item) -> Image.Image:
    picture, pen = _canvas(item.image)
    for figure in truth.figures:
        for point in figure.points:
            if not point.visibility:
                continue
            colour = DECOY if "left" in point.name else MUST if "right" in point.name else IGNORE
            edge = (point.x - 4, point.y - 4, point.x + 4, point.y + 4)
            pen.ellipse(edge, outline=CASING, fill=colour if point.visibility == 2 else None)
            pen.ellipse(edge, outline=colour, width=2)
            _words(pen, (point.x + 6, point.y - 6), point.name, colour)
    return picture


@overlay.register(ReviewTruth)
def _(truth: ReviewTruth, item: Item) -> Image.Image:
    from labelschool.model import Box, Mask

    picture, pen = _canvas(item.image)
    verdicts = {verdict.target: verdict for verdict in truth.verdicts}
    for proposal in item.proposals:
        verdict = verdicts[proposal.id]
        colour = MUST if verdict.decision == "accept" else DECOY
        if isinstance(proposal, Mask):
            _fill(picture, proposal.rle, colour)
            _words(pen, (4, 4), f"{verdict.decision}, IoU {verdict.iou:.2f}", colour)
        elif isinstance(proposal, Box):
            _box(pen, proposal.bbox, colour, f"{proposal.label} {verdict.code or ''}")
    for verdict in truth.verdicts:
        if verdict.target is None and isinstance(verdict.right, Box):
            _box(pen, verdict.right.bbox, IGNORE, f"{verdict.right.label} {verdict.code}")
    return picture


@overlay.register(ReadingTruth)
def _(truth: ReadingTruth, item: Item) -> Image.Image:
    picture, _ = _canvas(item.image)
    for lesion in truth.lesions:
        _fill(picture, lesion.rle, MUST)
    picture, pen = _canvas(picture.resize((2 * picture.width, 2 * picture.height)))
    for lesion in truth.lesions:
        x, y = lesion.center
        _words(pen, (2 * x + 12, 2 * y - 6), f"{lesion.label} {lesion.long_axis:.1f} mm", MUST)
    for number, marks in enumerate(truth.readers.values()):
        for mark in marks:
            x, y = 2 * mark.center[0], 2 * mark.center[1]
            r = 10 + 4 * number
            pen.ellipse((x - r, y - r, x + r, y + r), outline=_colour(number))
    return picture


@overlay.register(ClipTruth)
def _(truth: ClipTruth, item: Item) -> Image.Image:
    last = len(item.frames) - 1
    chosen = [round(n * last / (FRAMES_SHOWN - 1)) for n in range(FRAMES_SHOWN)]
    return _mosaic([_frame(truth, item, frame) for frame in chosen], columns=3)


def _frame(truth: ClipTruth, item: Item, frame: int) -> Image.Image:
    picture, pen = _canvas(item.frames[frame])
    for track in truth.tracks:
        for state in track.states:
            if state.frame == frame and state.bbox:
                changes = [label for start, label in track.label_changes if start <= frame]
                label = changes[-1] if changes else track.label
                _box(pen, state.bbox, _colour(track.id), f"{track.id} {label}")
    _words(pen, (4, 4), f"frame {frame}", MUST)
    return picture


@overlay.register(SweepTruth)
def _(truth: SweepTruth, item: Item) -> Image.Image:
    import numpy as np
    from PIL import Image, ImageDraw

    with np.load(item.sweep) as loaded:
        points = loaded["xyz"].astype(float) / 100
    reach = max((max(map(abs, cuboid.center[:2])) for cuboid in truth.cuboids), default=25.0)
    scale, half = SWEEP_SIDE / 2 / (reach + SWEEP_MARGIN), SWEEP_SIDE / 2
    above = Image.new("RGB", (SWEEP_SIDE, SWEEP_SIDE), CASING)
    pen = ImageDraw.Draw(above)

    def place(x: float, y: float) -> tuple[float, float]:
        return half - y * scale, half - x * scale

    for zone in item.zones:
        pen.polygon([place(*corner) for corner in zone], outline=IGNORE)
    pen.point([place(x, y) for x, y in points[:, :2]], fill=(150, 170, 210))
    for cuboid in truth.cuboids:
        colour = MUST if cuboid.level == "must" else IGNORE
        corners = [place(x, y) for x, y, _ in cuboid_corners(cuboid)[:4]]
        pen.polygon(corners, outline=colour)
        nose = [place(*cuboid.center[:2]), [(a + b) / 2 for a, b in zip(*corners[:2], strict=True)]]
        pen.line([tuple(point) for point in nose], fill=colour)
        _words(pen, corners[0], f"{cuboid.label} {cuboid.points}", colour)
    pictures = [above]
    if item.camera and item.calibration:
        camera, lines = _canvas(item.camera)
        for cuboid in truth.cuboids:
            seen = project(cuboid_corners(cuboid), item.calibration)
            if all(depth > 0.5 for _, _, depth in seen):
                for a, b in CUBOID_EDGES:
                    lines.line([seen[a][:2], seen[b][:2]], fill=MUST)
        pictures.append(camera)
    return _mosaic(pictures, columns=2)


# Texts ------------------------------------------------------------------------------------------


@overlay.register(TextTruth)
def _(truth: TextTruth, item: Item) -> str:
    lines = []
    for field, text in (item.fields or {None: item.text or ""}).items():
        spans = [span for span in truth.spans if span.field == field]
        lines.append((f"{field}: " if field else "") + bracketed(text, spans))
    lines += [f"  {question}: {' or '.join(values)}" for question, values in truth.choices.items()]
    return "\n".join([*lines, *([f"  {truth.note}"] if truth.note else [])])


@overlay.register(PreferenceTruth)
def _(truth: PreferenceTruth, item: Item) -> str:
    lines = [f"{field}: {text}" for field, text in (item.fields or {}).items()]
    lines += [f"  {judge.step:+d}  {judge.rationale}" for judge in truth.panel]
    return "\n".join(lines)


@overlay.register(RankingTruth)
def _(truth: RankingTruth, item: Item) -> str:
    lines = [f"{field}:\n{text}" for field, text in (item.fields or {}).items()]
    order = " > ".join(" = ".join(group) for group in truth.order)
    failing = [f"  {name} fails {', '.join(tests)}" for name, tests in truth.failing.items()]
    return "\n".join([*lines, f"  {order}", *failing])


def bracketed(text: str, spans: Iterable[TruthSpan]) -> str:
    """The text with ``[LABEL words]`` around each span, nested spans inside outer ones."""
    opening: dict[int, list[TruthSpan]] = {}
    closing: dict[int, int] = {}
    for span in spans:
        opening.setdefault(span.start, []).append(span)
        closing[span.end] = closing.get(span.end, 0) + 1
    parts = []
    for place in range(len(text) + 1):
        parts.append("]" * closing.get(place, 0))
        starting = sorted(opening.get(place, ()), key=lambda span: -span.end)
        parts += [f"[{span.label}{f'/{span.severity}' * bool(span.severity)} " for span in starting]
        parts.append(text[place : place + 1])
    return "".join(parts)


# Drawing ----------------------------------------------------------------------------------------


def _canvas(source: Path | Image.Image | None) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    from PIL import Image, ImageDraw

    if source is None:
        raise TypeError("the item has no picture")
    picture = Image.open(source) if isinstance(source, Path) else source
    picture = picture.convert("RGB") if picture.mode != "RGB" else picture
    return picture, ImageDraw.Draw(picture)


def _box(pen: ImageDraw.ImageDraw, bbox: BBox, colour: Colour, words: str = "") -> None:
    x, y, width, height = bbox
    pen.rectangle((x - 1, y - 1, x + width, y + height), outline=colour)
    _words(pen, (x, y - 11 if y > 11 else y + height), words, colour)


def _words(pen: ImageDraw.ImageDraw, place: Sequence[float], words: str, colour: Colour) -> None:
    pen.text(tuple(place), words, fill=colour, stroke_width=2, stroke_fill=CASING)


def _fill(picture: Image.Image, rle: Rle, colour: Colour) -> None:
    """Tint the pixels of a mask and draw their edge."""
    import numpy as np
    from PIL import Image
    from scipy import ndimage

    mask: np.ndarray = decode_mask(rle)
    edge = mask & ~ndimage.binary_erosion(mask)
    pixels = np.array(picture)
    pixels[mask] = (0.65 * pixels[mask] + 0.35 * np.array(colour)).astype(np.uint8)
    pixels[edge] = colour
    picture.paste(Image.fromarray(pixels))


def _colour(number: int) -> Colour:
    """Colours far apart for neighbouring numbers (steps of the golden angle)."""
    red, green, blue = colorsys.hsv_to_rgb(number * 0.381966 % 1, 0.65, 1.0)
    return round(255 * red), round(255 * green), round(255 * blue)


def _mosaic(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    from PIL import Image

    width = max(picture.width for picture in pictures)
    height = max(picture.height for picture in pictures)
    rows = math.ceil(len(pictures) / columns)
    whole = Image.new("RGB", (width * min(columns, len(pictures)), height * rows), CASING)
    for number, picture in enumerate(pictures):
        whole.paste(picture, (number % columns * width, number // columns * height))
    return whole
