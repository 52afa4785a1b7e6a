"""What a learner drew on an item, as one picture without a browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from labelschool.feedback import views
from labelschool.feedback.drawing import Canvas, mosaic
from labelschool.feedback.palette import CLASSES, DECOY, Style
from labelschool.feedback.shapes import NAMED, draw, flags, in_camera, verdict
from labelschool.feedback.words import verdict_words
from labelschool.model import (
    Annotation,
    Box,
    Cuboid,
    Figure,
    Item,
    ItemAnswer,
    Mark,
    Mask,
    Polygon,
    Track,
    Verdict,
    Zone,
    decode_mask,
    state_at,
)

if TYPE_CHECKING:
    from PIL import Image

DRAWN: Mapping[str, tuple[type, ...]] = {
    "image": (Box, Mask, Polygon, Figure, Mark, Verdict),
    "frames": (Track,),
    "sweep": (Cuboid, Zone),
}
"""What can be drawn, by the field that an item has."""
NO_LABEL = "no-label zone"


def drawable(item: Item, annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations that can be drawn on an item.

    A mask that is damaged or of a picture of another size cannot.
    """
    kinds = tuple(kind for part, kinds in DRAWN.items() if getattr(item, part) for kind in kinds)
    return [made for made in annotations if isinstance(made, kinds) and _fits(made, item)]


def answer_picture(
    item: Item, answer: ItemAnswer, styles: Mapping[str, Style]
) -> Image.Image | None:
    """The picture, some frames of the clip or the sweep, with what was made on it.

    None where nothing was drawn. `styles` has a style for each class. Raises `Unreadable`.
    """
    shapes = drawable(item, answer.annotations)
    if not shapes:
        return None
    if item.image:
        return _on_picture(item, shapes, styles)
    return _on_clip(item, shapes, styles) if item.frames else _on_sweep(item, shapes, styles)


def numbered(shapes: Sequence[Annotation], styles: Mapping[str, Style]) -> dict[str, int] | None:
    """The number of each class where plates bear it; None where they bear its name.

    Where many shapes are of one class they bear neither, and there is no number.
    """
    if len(shapes) <= NAMED:
        return None
    numbers = {name: number for number, name in enumerate(styles, start=1)}
    used = {getattr(shape, "label", None) for shape in shapes}
    return numbers if len(used) > 1 else {}


def _on_picture(
    item: Item, shapes: Sequence[Annotation], styles: Mapping[str, Style]
) -> Image.Image:
    canvas = views.picture(item.image, (item.width, item.height))
    numbers = numbered(shapes, styles)
    figures = [made for made in shapes if isinstance(made, Figure)]
    for number, figure in enumerate(figures, start=1):
        style = CLASSES[(number - 1) % len(CLASSES)]
        draw(figure, canvas, style, f"{figure.label} {number}")
    for made in shapes:
        if not isinstance(made, (Figure, Verdict)):
            words = _words(made) if numbers is None else str(numbers.get(made.label, ""))
            draw(made, canvas, styles[made.label], words)
    for number, (proposal, given) in enumerate(reviewed(item, shapes), start=1):
        decision = given.decision if given else None
        words = f"{number} {verdict_words(given, short=True)}"
        verdict(canvas, proposal, decision, given.fix if given else None, words)
    return canvas.drawn()


def _words(made: Annotation) -> str:
    """What stands on the plate of a shape."""
    axis = getattr(made, "long_axis", None)
    told = flags(made) if isinstance(made, Box) else [f"{axis:.1f} mm"] if axis else []
    return " ".join([made.label, *told])


def reviewed(
    item: Item, annotations: Iterable[Annotation]
) -> list[tuple[Annotation | None, Verdict | None]]:
    """Each proposal of an item with its verdict or None, then None with each label added.

    Nothing without any verdict: proposals can also be what a learner starts from.
    """
    verdicts = [made for made in annotations if isinstance(made, Verdict)]
    if not verdicts:
        return []
    given = {made.target: made for made in verdicts}
    pairs = [(proposal, given.get(proposal.id)) for proposal in item.proposals]
    return pairs + [(None, made) for made in verdicts if made.target is None]


def _on_clip(item: Item, tracks: Sequence[Track], styles: Mapping[str, Style]) -> Image.Image:
    def paint(canvas: Canvas, frame: int) -> None:
        for number, track in enumerate(tracks, start=1):
            if state := state_at(track, frame):
                draw(state, canvas, styles[track.label], f"{number} {track.label}")

    return views.strip(item, paint)


def _on_sweep(
    item: Item, shapes: Sequence[Cuboid | Zone], styles: Mapping[str, Style]
) -> Image.Image:
    cuboids = [made for made in shapes if isinstance(made, Cuboid)]
    zones = [made for made in shapes if isinstance(made, Zone)]
    above = views.from_above(item, cuboids, [zone.outline for zone in zones])
    for zone in zones:
        draw(zone, above, DECOY, NO_LABEL)
    for cuboid in cuboids:
        draw(cuboid, above, styles[cuboid.label], cuboid.label)
    pictures = [above.drawn()]
    if item.camera and item.calibration:
        camera = views.picture(item.camera, (item.width, item.height))
        for cuboid in cuboids:
            in_camera(camera, cuboid, item.calibration, styles[cuboid.label], cuboid.label)
        pictures.append(camera.drawn())
    return mosaic(pictures, columns=1)


def _fits(made: Annotation, item: Item) -> bool:
    """Whether masks are whole and of pictures of the item's size."""
    for part in (made, getattr(made, "fix", None)):
        if isinstance(part, Mask):
            try:
                if part.rle.size != (item.height, item.width) or decode_mask(part.rle) is None:
                    return False
            except ValueError:
                return False
    return True
