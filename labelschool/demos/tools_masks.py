"""Demos of lesson 2.3 about masks: `density`, `holes` and `proposal`.

The things are those of the practice pictures of parts16, and every number is measured on their
exact masks.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import ipywidgets as widgets

from labelschool import datasets
from labelschool.demos.frame import Frame, button, note, row, svg, words
from labelschool.model import Part, Polygon, decode_mask
from labelschool.scoring.pixels import around, boundary_f, filled, mask_iou, outlines
from labelschool.scoring.taxonomy import TAXONOMY

if TYPE_CHECKING:
    from labelschool.scoring.pixels import Pixels

DATASET, POOL = "parts16", "practice"
PEAR, MUG, CUSHION, LAMP = (f"parts16-{number:03}" for number in range(1, 5))
WIDTH, MARGIN = 720, 24
SHOWN = 300
"""Height of a figure in px."""
LINE, DASHED, DARK = "#ff8c1a", "#2ee078", "#101418"
"""Colours of what was outlined, of the reference, and around them, as in the reports."""


class Thing(NamedTuple):
    """One object of a practice picture: its name and mask, and the picture around it as JPEG.

    `window` is left, top, width and height of what is shown, in px of the picture.
    """

    label: str
    mask: Pixels
    picture: str
    window: tuple[int, int, int, int]


@lru_cache(maxsize=4)
def thing(name: str) -> Thing:
    """The object of one practice picture."""
    from PIL import Image

    item = next(i for i in datasets.items(DATASET, POOL, own=False) if i.name == name)
    truth = next(t for t in datasets.truth(DATASET, POOL, own=False) if t.item == name)
    obj = truth.objects[0]
    mask = decode_mask(obj.rle)
    rows, columns = around(mask, MARGIN)
    stream = io.BytesIO()
    with Image.open(item.image) as picture:
        part = picture.convert("RGB").crop((columns.start, rows.start, columns.stop, rows.stop))
        part.save(stream, "JPEG", quality=80)
    return Thing(
        obj.label,
        mask,
        base64.b64encode(stream.getvalue()).decode("ascii"),
        (columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start),
    )


def figure(shown: Thing, description: str, body: str) -> str:
    """The picture of a thing with `body` over it, in px of the whole picture."""
    x, y, width, height = shown.window
    scale = min(SHOWN / height, WIDTH / width)
    left = (WIDTH - width * scale) / 2
    clip = f"lsd-{shown.label.replace(' ', '-')}"
    return svg(
        WIDTH,
        round(height * scale),
        description,
        f'<clipPath id="{clip}"><rect x="{x}" y="{y}" width="{width}" '
        f'height="{height}"/></clipPath>'
        f'<g transform="translate({left:.1f} 0) scale({scale:.4f}) translate({-x} {-y})" '
        f'clip-path="url(#{clip})">'
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{shown.picture}"/>{body}</g>',
    )


def _path(rings: list[list[tuple[float, float]]]) -> str:
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)


def _drawn(rings: list[list[tuple[float, float]]], *, corners: bool = False) -> str:
    """Rings as an orange line outside of which it is dark, and their corners as dots."""
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="#fff" stroke="{DARK}"/>'
        for ring in rings
        for x, y in ring
    )
    around_it = "M-9-9H9999V9999H-9Z"
    return (
        f'<path d="{around_it}{_path(rings)}" fill="{DARK}" fill-opacity="0.5" '
        f'fill-rule="evenodd"/><path d="{_path(rings)}" fill="none" stroke="{DARK}" '
        f'stroke-width="4.5"/><path d="{_path(rings)}" fill="none" stroke="{LINE}" '
        f'stroke-width="2.5"/>{dots if corners else ""}'
    )


def _reference(mask: Pixels) -> str:
    return (
        f'<path d="{_path(outlines(mask))}" fill="none" stroke="{DARK}" stroke-width="3.5"/>'
        f'<path d="{_path(outlines(mask))}" fill="none" stroke="{DASHED}" stroke-width="2" '
        'stroke-dasharray="6 4"/>'
    )


def measured(made: Pixels, true: Pixels) -> tuple[float, float]:
    """Mask IoU and boundary F."""
    return mask_iou(made, true), boundary_f(made, true)


# Density ----------------------------------------------------------------------------------------

TOLERANCES = (40.0, 20.0, 10.0, 5.0, 2.5, 1.2, 0.6)
"""How far in px the outline may leave the edge before a corner is set."""


class Outline(NamedTuple):
    """An outline of the mug: its rings, how many corners they have, and how good they are."""

    rings: list[list[tuple[float, float]]]
    corners: int
    iou: float
    f: float


@lru_cache(maxsize=8)
def outline(tolerance: float) -> Outline:
    """The mug with corners as a tolerance asks for them."""
    mug = thing(MUG)
    rings = sorted(outlines(mug.mask, tolerance), key=len, reverse=True)
    part = Part(outline=tuple(rings[0]), holes=tuple(map(tuple, rings[1:])))
    height, width = mug.mask.shape
    drawn = filled(Polygon(id="mug", label="mug", parts=(part,)), width, height)
    return Outline(rings, sum(map(len, rings)), *measured(drawn, mug.mask))


def density() -> Frame:
    """One mug, outlined with more and more corners."""
    return Frame("demo density", "How many corners does a mug need?", _density)


def _density() -> list[widgets.Widget]:
    shown, said = words(), words(live=True)
    slider = widgets.SelectionSlider(
        options=[(f"{px:g} px", px) for px in TOLERANCES],
        value=TOLERANCES[1],
        description="off the edge by",
        style={"description_width": "initial"},
        layout=widgets.Layout(width="420px"),
    )

    def show(_: object = None) -> None:
        made = outline(slider.value)
        told = f"{made.corners} corners: mask IoU {made.iou:.3f}, boundary F {made.f:.2f}"
        shown.value = figure(thing(MUG), f"A mug. {told}", _drawn(made.rings, corners=True))
        said.value = note(
            f"A corner wherever the outline would leave the edge by more than {slider.value:g} px. "
            f"<b>{told}.</b>"
        )

    slider.observe(show, names="value")
    show()
    return [slider, shown, said]


# Holes and parts --------------------------------------------------------------------------------


class Way(NamedTuple):
    """A way of outlining a thing, the error code of it, and what is to be said."""

    name: str
    item: str
    code: str
    text: str


WAYS = (
    Way("Mug, hole out", MUG, "", "The table shows through the handle, and stays out (rule 3)."),
    Way("Mug, hole filled", MUG, "E4", "What is seen through the handle is table (rule 3)."),
    Way("Cushion, two parts", CUSHION, "", "One mask, two parts, one id (rule 4)."),
    Way("Cushion and post", CUSHION, "E4", "The post is in front, it is not cushion (rule 2)."),
    Way("Cushion, one part", CUSHION, "E7", "The piece behind the post belongs to it (rule 4)."),
)


@lru_cache(maxsize=8)
def made_in(way: str) -> Pixels:
    """The mask of one of the `WAYS`."""
    import numpy as np
    from scipy import ndimage

    chosen = next(each for each in WAYS if each.name == way)
    mask = thing(chosen.item).mask
    if way.endswith("filled"):
        return ndimage.binary_fill_holes(mask)
    if way.endswith("and post"):
        return (
            np.logical_or.accumulate(mask, 1) & np.logical_or.accumulate(mask[:, ::-1], 1)[:, ::-1]
        )
    if way.endswith("one part"):
        pieces, count = ndimage.label(mask, np.ones((3, 3)))
        return pieces == 1 + np.argmax(ndimage.sum_labels(mask, pieces, range(1, count + 1)))
    return mask


def holes() -> Frame:
    """A hole and a post: five ways to outline two things."""
    return Frame("demo holes", "A hole, and a post in front", _holes)


def _holes() -> list[widgets.Widget]:
    shown, said = words(), words(live=True)
    chosen = widgets.ToggleButtons(
        options=[way.name for way in WAYS], value=WAYS[1].name, style={"button_width": "180px"}
    )

    def show(_: object = None) -> None:
        way = next(each for each in WAYS if each.name == chosen.value)
        true, mask = thing(way.item), made_in(way.name)
        iou, f = measured(mask, true.mask)
        told = f"Mask IoU {iou:.2f}, boundary F {f:.2f}"
        body = _drawn(outlines(mask)) + _reference(true.mask)
        shown.value = figure(true, f"{way.name}: {told}", body)
        code = f"<b>{way.code} {TAXONOMY[way.code].name}.</b> " if way.code else "<b>Right.</b> "
        said.value = note(f"{code}{way.text} {told}.", "wrong" if way.code else "right")

    chosen.observe(show, names="value")
    show()
    return [chosen, shown, said]


# Proposals --------------------------------------------------------------------------------------

ACCEPT_IOU, FIX_IOU = 0.85, 0.5
"""Rule 8 of guideline G14."""
DECISIONS = {"accept": "Accept", "fix": "Fix", "reject": "Reject, draw anew"}


class Proposal(NamedTuple):
    """A bent mask: too large or too small by `grow` px, and shifted by `dx`, `dy` px."""

    item: str
    grow: int = 0
    dx: int = 0
    dy: int = 0
    fill: bool = False


PROPOSALS = (
    Proposal(PEAR, dx=5, dy=-3),
    Proposal(PEAR, grow=20),
    Proposal(LAMP, grow=-3),
    Proposal(MUG, fill=True),
    Proposal(CUSHION, dx=70, dy=40),
    Proposal(LAMP, dx=14, dy=0),
)


@lru_cache(maxsize=8)
def proposed(number: int) -> tuple[Pixels, float]:
    """The mask of proposal `number`, from 1, and its IoU with the thing."""
    import numpy as np
    from scipy import ndimage

    bent = PROPOSALS[number - 1]
    true = thing(bent.item).mask
    mask = ndimage.binary_fill_holes(true) if bent.fill else true
    if bent.grow > 0:
        mask = ndimage.distance_transform_edt(~mask) <= bent.grow
    elif bent.grow < 0:
        mask = ndimage.distance_transform_edt(mask) > -bent.grow
    mask = np.roll(mask, (bent.dy, bent.dx), (0, 1))
    return mask, measured(mask, true)[0]


def right_decision(iou: float) -> str:
    """What rule 8 says of an overlap."""
    return "accept" if iou >= ACCEPT_IOU else "fix" if iou >= FIX_IOU else "reject"


def points(given: Mapping[int, str]) -> float:
    """The points of decisions on proposals, as exercise 2.C counts them."""
    from labelschool.scoring.triage import worth

    return sum(worth(right_decision(proposed(n)[1]), said) for n, said in given.items())


def proposal() -> Frame:
    """Six proposed masks, to accept, fix or reject by rule 8."""
    return Frame("demo proposal", "Six masks that somebody else proposed", _proposal)


def _proposal() -> list[widgets.Widget]:
    given: dict[int, str] = {}
    shown, said = words(), words(live=True)
    slider = widgets.IntSlider(
        value=1, min=1, max=len(PROPOSALS), description="Proposal",
        layout=widgets.Layout(width="280px"),
    )  # fmt: skip

    def show(_: object = None) -> None:
        number = slider.value
        mask, iou = proposed(number)
        object_ = thing(PROPOSALS[number - 1].item)
        body = _drawn(outlines(mask))
        if number not in given:
            shown.value = figure(object_, f"Proposal {number}: a mask for a {object_.label}", body)
            said.value = note(f"Proposal {number}, asked for: <b>{object_.label}</b>.")
            return
        body += _reference(object_.mask)
        shown.value = figure(
            object_, f"Proposal {number} beside the exact mask, IoU {iou:.2f}", body
        )
        right = right_decision(iou)
        verdict = "Right" if given[number] == right else "Not quite"
        said.value = note(
            f"<b>{verdict}:</b> the IoU is {iou:.2f}, so {right}. You have {points(given):g} "
            f"points from {len(given)} of {len(PROPOSALS)}: 1 for a right decision, -2 for a wrong "
            "accept, -0.5 for work that was not needed.",
            "right" if given[number] == right else "wrong",
        )

    def decide(decision: str) -> None:
        given.setdefault(slider.value, decision)
        show()

    def following() -> None:
        slider.value = slider.value % len(PROPOSALS) + 1

    slider.observe(show, names="value")
    show()
    return [
        shown,
        row(
            *(button(text, lambda name=name: decide(name), primary=True)
              for name, text in DECISIONS.items()),
            button("Next", following),
            slider,
        ),
        said,
    ]  # fmt: skip
