"""Demos of module 1 on a drawn picture: `loop` and `window`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin

import ipywidgets as widgets

from labelschool.demos.frame import Frame, button, escape, note, row, svg, words
from labelschool.demos.numbers import percent
from labelschool.model import BBox


def boxed(bbox: BBox, text: str = "", *, colour: str = "#ffd23f", dashed: bool = False) -> str:
    """A box drawn on a picture, with its name on a dark plate above it."""
    x, y, width, height = bbox
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    drawn = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="none" '
        f'stroke="#1b1b1b" stroke-width="4.5"/><rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>'
    )
    return drawn + plate(x, y - 20, text) if text else drawn


def plate(x: float, y: float, text: str) -> str:
    """A few words on a dark plate, readable on any picture."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{len(text) * 6.6 + 10:.0f}" height="18" rx="2" '
        f'fill="#1b1b1b"/><text x="{x + 5:.1f}" y="{y + 13:.1f}" '
        f'style="fill:#fff;font-size:12px">{escape(text)}</text>'
    )


# The loop ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Station:
    """One station of a picture's way: what happens to it, and what is your part."""

    name: str
    happens: str
    yours: str


STATIONS = (
    Station(
        "request",
        "The planner brakes late for cyclists beside parked vans. The engineer asks for 1,200 "
        "pictures of this kind.",
        "You ask which decision the labels serve. The answer sets label type and precision.",
    ),
    Station(
        "guideline",
        "Rules 1, 2, 4 and 6 decide this picture: rider and bicycle in one box, its visible part "
        "only, and a flag for what the van hides.",
        "You look for the case the rules do not decide, before a thousand pictures meet it.",
    ),
    Station(
        "label",
        "An annotator boxes the van and the cyclist. The cyclist's box ends too early: it cuts "
        "off the front wheel.",
        "This is the part that fills most hours of the first months.",
    ),
    Station(
        "review",
        "A second person sends the box back with code E7 (cut) and rule 2. It now touches the "
        "outermost visible pixel.",
        "You repair one label, and you name the rule, so that the next hundred need no repair.",
    ),
    Station(
        "audit",
        "80 of the 1,200 pictures are drawn at random. One of them has an error, and the batch is "
        "accepted.",
        "You draw the sample, state the uncertainty, and defend the decision.",
    ),
    Station(
        "release",
        "The batch becomes version 7 of the data set. The version of the guideline and a hash "
        "travel with it.",
        "You check formats, splits and counts. It is a release like any other you have made.",
    ),
    Station(
        "model error",
        "The new model finds this cyclist. Two streets on it misses another, of whom only a wheel "
        "looks out from behind the van.",
        "You sort the misses: wrong label, missing kind of picture, or a limit of the model.",
    ),
    Station(
        "back",
        "8 % of that cyclist are visible, and rule 8 skips what is below 10 %. Is this what the "
        "planner needs? The question goes back to the start.",
        "You bring the fifty pictures, the rule, and a proposal.",
    ),
)

_VAN = (26.0, 74.0, 150.0, 96.0)
_CYCLIST = (176.0, 86.0, 70.0, 90.0)
_CUT = (176.0, 86.0, 47.0, 90.0)
_WHEEL = (176.0, 140.0, 13.0, 36.0)


def _street(*, hidden: bool = False) -> str:
    """A parked van and, from behind it, a cyclist; `hidden` leaves a sliver of the front wheel."""
    shift = -57 if hidden else 0
    return (
        '<rect width="300" height="220" rx="4" fill="#c9d6df"/>'
        '<rect y="40" width="300" height="100" fill="#a9927c"/>'
        '<path d="M20 52h40v40h-40zM90 52h40v40h-40zM160 52h40v40h-40zM230 52h40v40h-40z" '
        'fill="#6d7f8c"/><rect y="140" width="300" height="80" fill="#70757a"/>'
        '<rect y="140" width="300" height="12" fill="#9a9f9f"/>'
        f'<g transform="translate({shift})" stroke-linecap="round" fill="none">'
        '<circle cx="174" cy="158" r="17" stroke="#1d1f21" stroke-width="3"/>'
        '<circle cx="228" cy="158" r="17" stroke="#1d1f21" stroke-width="3"/>'
        '<path d="M174 158l22-30h24l8 30M196 128l10 30 14-30" stroke="#9c2f2f" stroke-width="4"/>'
        '<path d="M194 124l10-24 18 18" stroke="#23527c" stroke-width="12"/>'
        '<path d="M196 126l14 12-6 20" stroke="#2b2b33" stroke-width="9"/>'
        '<circle cx="211" cy="95" r="9" fill="#d8a27c"/></g>'
        '<path d="M26 92q0-18 18-18h108l24 40v50h-150z" fill="#e7e3da"/>'
        '<path d="M128 82h24l16 30h-40z" fill="#4c5f6e"/>'
        '<circle cx="56" cy="160" r="12" fill="#202224"/>'
        '<circle cx="148" cy="160" r="12" fill="#202224"/>'
        '<path d="M26 120h150" stroke="#b9b3a6" stroke-width="2"/>'
    )


def _picture(step: int) -> str:
    """The picture as it looks at a station."""
    van = boxed(_VAN, "van", colour="#7fd1ff")
    cyclist = boxed(_CYCLIST, "cyclist 1")
    return {
        0: _street() + plate(176, 64, "seen too late"),
        1: _street() + plate(188, 64, "rules 1 and 2") + plate(96, 178, "rules 4 and 6"),
        2: _street() + van + boxed(_CUT, "cyclist 1"),
        3: _street() + van + boxed(_CUT, colour="#ff7f5c", dashed=True) + cyclist,
        4: _street() + van + cyclist + plate(8, 196, "drawn as number 37 of 80: no error"),
        5: _street() + van + cyclist + plate(8, 196, "version 7, G1.v1, 3f9a1c"),
        6: _street(hidden=True) + van + boxed(_WHEEL, "missed", colour="#ff7f5c", dashed=True),
        7: _street(hidden=True) + boxed(_WHEEL, "rule 8?", colour="#ff7f5c", dashed=True),
    }[step]


def _ring(step: int) -> str:
    """The eight stations in a ring, the present one filled."""
    parts = [
        '<circle cx="196" cy="128" r="88" fill="none" stroke="var(--lsd-line)" stroke-width="2"/>'
    ]
    for n, station in enumerate(STATIONS):
        angle = 2 * pi * n / len(STATIONS) - pi / 2
        x, y = 196 + 88 * cos(angle), 128 + 88 * sin(angle)
        here = n == step
        anchor = "middle" if abs(cos(angle)) < 0.1 else "start" if cos(angle) > 0 else "end"
        label_x = x + (0 if anchor == "middle" else 22 if anchor == "start" else -22)
        label_y = y + (-20 if n == 0 else 32 if n == 4 else 5)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="14" stroke="var(--lsd-accent)" stroke-width="2" '
            f'fill="{"var(--lsd-accent)" if here else "var(--lsd-ground)"}"/>'
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" '
            f'style="{"fill:var(--lsd-ground);" if here else ""}font-weight:600">{n + 1}</text>'
            f'<text x="{label_x:.1f}" y="{label_y:.1f}" text-anchor="{anchor}" '
            f'style="{"font-weight:700" if here else ""}">{station.name}</text>'
        )
    return "".join(parts)


def loop_figure(step: int) -> str:
    """The ring and the picture at a station, 0 to 7."""
    body = f'{_ring(step)}<g transform="translate(410 18)">{_picture(step)}</g>'
    return svg(720, 256, f"Station {step + 1} of 8: {STATIONS[step].name}", body)


def loop() -> Frame:
    """One picture's way from the request to the model error and back."""
    return Frame("demo loop", "One picture's way", _loop)


def _loop() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    slider = widgets.IntSlider(
        value=1,
        min=1,
        max=len(STATIONS),
        description="Station",
        layout=widgets.Layout(width="320px"),
    )

    def show(_: object = None) -> None:
        station = STATIONS[slider.value - 1]
        figure.value = loop_figure(slider.value - 1)
        said.value = note(
            f"<p><b>{slider.value} {station.name}.</b> {escape(station.happens)}</p>"
            f"<b>Your part.</b> {escape(station.yours)}"
        )

    def go(step: int) -> None:
        slider.value = (slider.value - 1 + step) % len(STATIONS) + 1

    slider.observe(show, names="value")
    show()
    return [
        figure,
        row(button("Back", lambda: go(-1)), button("Next", lambda: go(1), primary=True), slider),
        said,
    ]


# The shop window ---------------------------------------------------------------------------------

VOC, WAYMO, G1 = "PASCAL VOC", "Waymo", "G1 version 1"
_MIRRORED_CAR: BBox = (590.0, 92.0, 42.0, 20.0)
_BUS_WIDTH, _BUS_TOP, _BUS_HEIGHT = 170.0, 78.0, 120.0


def bus(position: int) -> BBox:
    """The reflection of a passing bus in the glass; `position` runs from 0 to 100."""
    return (60 + position * 2.8, _BUS_TOP, _BUS_WIDTH, _BUS_HEIGHT)


def assistant_pixels() -> Iterator[tuple[int, int]]:
    """The pixels of the shop assistant, 2 px apart: head, body and the arm that holds a box."""
    for x in range(230, 330, 2):
        for y in range(80, 242, 2):
            head = ((x - 280) / 17) ** 2 + ((y - 104) / 21) ** 2 <= 1
            body = 252 <= x <= 308 and 128 <= y <= 240
            arm = 232 <= x <= 252 and 140 <= y <= 158
            if head or body or arm:
                yield x, y


@dataclass(frozen=True)
class Seen:
    """The share of the assistant under the reflection, her whole box and the box of the rest."""

    hidden: float
    whole: BBox
    rest: BBox | None


def seen(position: int) -> Seen:
    """What the reflection leaves of the assistant."""
    x, y, width, height = bus(position)
    pixels = list(assistant_pixels())
    free = [p for p in pixels if not (x <= p[0] < x + width and y <= p[1] < y + height)]
    return Seen(1 - len(free) / len(pixels), _bounds(pixels), _bounds(free) if free else None)


def _bounds(pixels: list[tuple[int, int]]) -> BBox:
    xs, ys = [p[0] for p in pixels], [p[1] for p in pixels]
    return (float(min(xs)), float(min(ys)), max(xs) - min(xs) + 2.0, max(ys) - min(ys) + 2.0)


@dataclass(frozen=True)
class Reading:
    """What a guideline makes of the window: its boxes, and a sentence for each of three parts."""

    boxes: tuple[tuple[BBox, str], ...]
    mirror: str
    reflection: str
    assistant: str


def reading(guideline: str, position: int) -> Reading:
    """The boxes one guideline wants, as far as the rules we cite decide."""
    found = seen(position)
    share = percent(found.hidden)
    if guideline == VOC:
        occluded = found.hidden > 0.05
        name = "person, occluded" if occluded else "person"
        car = (_MIRRORED_CAR, "car")
        return Reading(
            ((found.rest, name), car) if found.rest else (car,),
            "One box. Objects seen in mirrors are labelled.",
            "It counts as occlusion: it hides what is behind it.",
            f"{share} hidden, so "
            + (
                "the Occluded flag, and a box round the visible area."
                if occluded
                else "no flag: it starts above 5 %."
            ),
        )
    if guideline == WAYMO:
        return Reading(
            ((found.whole, "person"),),
            "No box. Reflections are not labelled.",
            "No box. Reflections are not labelled.",
            "A box. The rule we cite does not say whether a reflection hides her.",
        )
    open_case = found.hidden > 0.05
    return Reading(
        ((found.whole, "person, escalated" if open_case else "person"),),
        "No box (rule 10).",
        "No box (rule 10).",
        f"A box (rule 2). Does a reflection hide the {share}? Rule 6 does not say: escalate with "
        "rule 6 (rule 16)."
        if open_case
        else "A box (rule 2). Nothing to flag: at most 5 % of her is covered.",
    )


def window_figure(guideline: str, position: int) -> str:
    """The shop window with the boxes of one guideline."""
    x, y, width, height = bus(position)
    panes = "".join(
        f'<rect x="{x + 12 + n * 38:.0f}" y="{y + 18}" width="30" height="34" rx="3"/>'
        for n in range(4)
    )
    picture = (
        '<rect width="720" height="280" rx="4" fill="#b59f88"/>'
        '<rect y="252" width="720" height="28" fill="#8c8f91"/>'
        '<rect x="40" y="24" width="480" height="26" fill="#3f5a4b"/>'
        '<text x="280" y="43" text-anchor="middle" style="fill:#fff;font-size:15px">'
        "PARCELS AND PAPER</text>"
        '<rect x="48" y="58" width="464" height="188" fill="#3b4a54"/>'
        '<path d="M60 120h110M60 180h110M390 120h110M390 180h110" stroke="#6c7b84" '
        'stroke-width="5"/><path d="M70 92h22v26h-22zM104 100h30v18h-30zM74 152h34v26h-34z'
        'M400 96h26v22h-26zM440 88h20v30h-20zM410 156h40v22h-40z" fill="#92795d"/>'
        '<ellipse cx="281" cy="105" rx="17" ry="21" fill="#d8a27c"/>'
        '<path d="M252 138q0-10 12-10h34q12 0 12 10v104h-58z" fill="#6f4a86"/>'
        '<rect x="232" y="140" width="22" height="19" rx="4" fill="#6f4a86"/>'
        f'<g opacity="0.55"><rect x="{x:.0f}" y="{y}" width="{width}" height="{height}" rx="8" '
        f'fill="#dfe8ec"/><g fill="#a8bcc6">{panes}</g>'
        f'<rect x="{x:.0f}" y="{y + 66}" width="{width}" height="14" fill="#c98d6b"/></g>'
        '<rect x="48" y="58" width="464" height="188" fill="none" stroke="#24303a" '
        'stroke-width="5"/>'
        '<path d="M611 252V150" stroke="#5b5e60" stroke-width="7"/>'
        '<circle cx="611" cy="104" r="50" fill="#c65a2e"/>'
        '<circle cx="611" cy="104" r="43" fill="#9fb6c3"/>'
        '<path d="M570 118q41-12 82 0l-6 14q-35 24-70 0z" fill="#7d8488"/>'
        '<path d="M590 105l8-10q2-3 6-3h14q4 0 6 3l5 6q3 1 3 5v6h-42z" fill="#a3312d"/>'
        '<circle cx="599" cy="111" r="4" fill="#222"/><circle cx="623" cy="111" r="4" fill="#222"/>'
    )
    boxes = "".join(boxed(bbox, name) for bbox, name in reading(guideline, position).boxes)
    return svg(720, 280, f"A shop window under {guideline}", picture + boxes)


def window() -> Frame:
    """One shop window under two published guidelines and under ours."""
    return Frame("demo window", "One shop window, three guidelines", _window)


def _window() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(options=[VOC, WAYMO, G1], style={"button_width": "auto"})
    slider = widgets.IntSlider(
        value=14,
        min=0,
        max=100,
        readout=False,
        description="The bus drives past",
        layout=widgets.Layout(width="min(460px, 98%)"),
        style={"description_width": "150px"},
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        found = reading(choice.value, slider.value)
        figure.value = window_figure(choice.value, slider.value)
        said.value = (
            f"<table><tr><th>Car in the round mirror</th><td>{escape(found.mirror)}</td></tr>"
            f"<tr><th>Bus reflected in the glass</th><td>{escape(found.reflection)}</td></tr>"
            f"<tr><th>Assistant behind the glass</th><td>{escape(found.assistant)}</td></tr>"
            "</table>"
        )

    for control in (choice, slider):
        control.observe(show, names="value")
    show()
    return [choice, figure, slider, said]
