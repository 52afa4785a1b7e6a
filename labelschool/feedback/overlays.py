"""The truth of any item drawn over what an annotator sees, or written into its text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import TYPE_CHECKING

from labelschool.feedback import views
from labelschool.feedback.brackets import bracketed
from labelschool.feedback.drawing import Canvas, mosaic
from labelschool.feedback.palette import CLASSES, DECOY, IGNORE, MUST, Style
from labelschool.feedback.shapes import NAMED, draw, flags, in_camera, verdict
from labelschool.feedback.words import verdict_words
from labelschool.model import (
    ClipTruth,
    Item,
    KeypointTruth,
    MaskTruth,
    NumberTruth,
    PreferenceTruth,
    RankingTruth,
    ReadingTruth,
    ReviewTruth,
    SweepTruth,
    TextTruth,
    Truth,
    TruthItem,
    TruthTrack,
)

if TYPE_CHECKING:
    from PIL import Image

LEVELS: Mapping[str, Style] = {"must": MUST, "ignore": IGNORE}


@singledispatch
def overlay(truth: Truth, item: Item) -> Image.Image | str:
    """A picture of the item with its truth, or its text with the truth in brackets.

    Raises TypeError for a kind of truth that cannot be shown, and `Unreadable`.
    """
    raise TypeError(f"no overlay for {type(truth).__name__}")


@overlay.register(TruthItem)
def _(truth: TruthItem, item: Item) -> Image.Image:
    canvas = _picture(item)
    for decoy in truth.decoys:
        draw(decoy, canvas, DECOY, f"{decoy.kind}, rule {decoy.rule}")
    for obj in sorted(truth.objects, key=lambda obj: obj.level):
        words = [obj.label, *flags(obj)] if obj.level == "must" else []
        draw(obj, canvas, LEVELS[obj.level], " ".join(words))
    if not truth.objects:
        canvas.plate((0, 0), " or ".join(truth.labels) or "nothing to label", MUST)
    return canvas.drawn()


@overlay.register(MaskTruth)
def _(truth: MaskTruth, item: Item) -> Image.Image:
    canvas = _picture(item)
    for obj in truth.objects:
        words = f"{obj.label}, {obj.parts} parts, {obj.holes} holes"
        draw(obj, canvas, _apart(obj.id), words if len(truth.objects) <= NAMED else "")
    return canvas.drawn()


@overlay.register(KeypointTruth)
def _(truth: KeypointTruth, item: Item) -> Image.Image:
    canvas = _picture(item)
    for figure in truth.figures:
        draw(figure, canvas, _apart(figure.id))
    return canvas.drawn()


@overlay.register(ReviewTruth)
def _(truth: ReviewTruth, item: Item) -> Image.Image:
    canvas = _picture(item)
    proposals = {proposal.id: proposal for proposal in item.proposals}
    for given in truth.verdicts:
        fix = given.right if given.decision == "fix" else None
        words = verdict_words(given) + (f", IoU {given.iou:.2f}" if given.iou else "")
        verdict(canvas, proposals.get(given.target), given.decision, fix, words)
    return canvas.drawn()


@overlay.register(ReadingTruth)
def _(truth: ReadingTruth, item: Item) -> Image.Image:
    canvas = _picture(item)
    for lesion in truth.lesions:
        draw(lesion, canvas, MUST, f"{lesion.label} {lesion.long_axis:.1f} mm")
    for number, marks in enumerate(truth.readers.values()):
        for mark in marks:
            canvas.dot(mark.center, _apart(number), 10 + 4 * number, hollow=True)
    return canvas.drawn()


@overlay.register(ClipTruth)
def _(truth: ClipTruth, item: Item) -> Image.Image:
    def paint(canvas: Canvas, frame: int) -> None:
        for track in truth.tracks:
            for state in track.states:
                if state.frame == frame:
                    words = f"{track.id} {_label_at(track, frame)}"
                    draw(state, canvas, _apart(track.id), words)

    return views.strip(item, paint, whole=True)


def _label_at(track: TruthTrack, frame: int) -> str:
    changes = [label for start, label in track.label_changes if start <= frame]
    return changes[-1] if changes else track.label


@overlay.register(SweepTruth)
def _(truth: SweepTruth, item: Item) -> Image.Image:
    above = views.from_above(item, truth.cuboids)
    for cuboid in truth.cuboids:
        draw(cuboid, above, LEVELS[cuboid.level], f"{cuboid.label} {cuboid.points}")
    pictures = [above.drawn()]
    if item.camera and item.calibration:
        camera = views.picture(item.camera, (item.width, item.height), whole=True)
        for cuboid in truth.cuboids:
            in_camera(camera, cuboid, item.calibration, LEVELS[cuboid.level])
        pictures.append(camera.drawn())
    return mosaic(pictures, columns=2)


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


@overlay.register(NumberTruth)
def _(truth: NumberTruth, item: Item) -> str:
    lines = [f"{field}: {text}" for field, text in (item.fields or {}).items()]
    return "\n".join([*lines, f"  {truth.value:,.6g} {truth.unit}: {truth.way}"])


def _picture(item: Item) -> Canvas:
    if item.image is None:
        raise TypeError("the item has no picture")
    return views.picture(item.image, (item.width, item.height), whole=True)


def _apart(number: int) -> Style:
    """Neighbouring numbers look different."""
    return CLASSES[number % len(CLASSES)]
