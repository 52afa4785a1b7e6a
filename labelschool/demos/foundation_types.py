"""Demo of lesson 1.4: `types`, nine kinds of label on one drawn street.

The times are published figures; `content/facts.json` has their sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ipywidgets as widgets

from labelschool.demos.foundation import BOX_EXTREME, BOX_VERIFIED, MASK_ASSISTED, MASK_BY_HAND
from labelschool.demos.foundation_pictures import boxed, plate
from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.demos.numbers import plain

BOX_IN_VIDEO = 5.2  # Manen et al. 2017 (F10)
COMPARISON = 10.0  # minutes, Nakano et al. 2021 (F28)
WIDTH, HEIGHT, STREET = 720, 336, 288
YELLOW, DARK = "#ffd23f", "#1b1b1b"
NO_TIME = "None of our sources gives a time. Time thirty of your own."

Point = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A kind of label: the question it answers, what it is on this street, and how long it took."""

    name: str
    question: str
    here: str
    time: str = NO_TIME


KINDS = (
    Kind(
        "tag",
        "What is this picture, as a whole?",
        "Three words for the whole picture, and no place in it.",
    ),
    Kind(
        "box",
        "Where is it, and about how large?",
        "Four sides at the outermost visible pixels of the cyclist. Much of the box is street.",
        f"{plain(BOX_EXTREME)} s by extreme clicks (Papadopoulos et al. 2017); "
        f"{plain(BOX_VERIFIED)} s drawn and verified (Su et al. 2012).",
    ),
    Kind(
        "polygon",
        "What is its outline?",
        "Corners all round him, joined by straight lines. The street inside the wheels is in it.",
    ),
    Kind(
        "mask",
        "Which pixels belong to it?",
        "Every pixel of rider and bicycle. The street inside the wheels is left out.",
        f"{plain(MASK_BY_HAND)} s by hand (Lin et al. 2014); {plain(MASK_ASSISTED)} s assisted "
        "(Kirillov et al. 2023).",
    ),
    Kind(
        "keypoint",
        "Where is this joint, this corner?",
        "Eight named points of the rider. The hollow one is the far knee, hidden by the near leg.",
    ),
    Kind(
        "cuboid",
        "Where is it in metres, and which way does it face?",
        "The whole body of the van in space. The dashed edges were guessed, the arrow is its "
        "heading.",
    ),
    Kind(
        "track",
        "Is it the same one as before?",
        "The same cyclist in three frames of a video. All three boxes carry one number.",
        f"{plain(BOX_IN_VIDEO)} s a box in video (Manen et al. 2017).",
    ),
    Kind(
        "span",
        "Where in the text does it stand?",
        "Two stretches of the driver's note, from the first character to the last.",
    ),
    Kind(
        "ranking",
        "Which of the two is better?",
        "Two descriptions of this picture, the better one first.",
        f"About {plain(COMPARISON)} minutes a comparison in WebGPT (Nakano et al. 2021).",
    ),
)


# The street: coordinates of the cyclist are his own, see `_at` ----------------------------------

_SCALE, _LEFT, _TOP = 1.8, -118.0, -62.0
_CYCLIST = (162.0, 92.0, 164.0, 164.0)
_FRAMES_APART = 78
_OUTLINE: tuple[Point, ...] = (
    *((154, 158), (160, 144), (174, 138), (187, 126), (197, 97), (205, 85), (217, 85)),
    *((221, 97), (229, 115), (226, 126), (229, 138), (242, 144), (248, 158), (242, 172)),
    *((228, 178), (214, 172), (208, 165), (200, 165), (188, 172), (174, 178), (160, 172)),
)
_JOINTS: tuple[Point, ...] = (
    *((211, 95), (204, 102), (213, 109), (222, 118), (195, 125), (210, 138), (204, 158)),
)
_FAR_KNEE: Point = (202, 131)
_VAN = (430.0, 118.0, 210.0, 114.0)
_DEPTH: Point = (-34.0, -12.0)
_NOTE = (
    *(("A cyclist passes a van in ", ""), ("Lime Street", "PLACE"), (" at ", "")),
    ("08:14", "TIME"),
)
_CHARACTER = 8.2
"""Width of a character of the note in px, set by `textLength`."""


def _at(point: Point) -> Point:
    """A point of the cyclist in px of the picture."""
    return _LEFT + _SCALE * point[0], _TOP + _SCALE * point[1]


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _cyclist(flat: str = "", *, shift: float = 0, opacity: float = 1) -> str:
    """Rider and bicycle, in one `flat` colour or in their own."""
    tyre, frame, coat, legs, skin = [flat] * 5 if flat else _COLOURS
    return (
        f'<g transform="translate({_LEFT + shift} {_TOP}) scale({_SCALE})" stroke-linecap="round" '
        f'fill="none" opacity="{opacity}">'
        f'<circle cx="174" cy="158" r="17" stroke="{tyre}" stroke-width="3"/>'
        f'<circle cx="228" cy="158" r="17" stroke="{tyre}" stroke-width="3"/>'
        f'<path d="M174 158l22-30h24l8 30M196 128l10 30 14-30" stroke="{frame}" stroke-width="4"/>'
        f'<path d="M194 124l10-24 18 18" stroke="{coat}" stroke-width="12"/>'
        f'<path d="M196 126l14 12-6 20" stroke="{legs}" stroke-width="9"/>'
        f'<circle cx="211" cy="95" r="9" fill="{skin}"/></g>'
    )


_COLOURS = ("#1d1f21", "#9c2f2f", "#23527c", "#2b2b33", "#d8a27c")


def _van_corners() -> tuple[list[Point], list[Point]]:
    """The near side of the van clockwise from its upper left corner, and the far side."""
    x, y, width, height = _VAN
    near = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return near, [(px + _DEPTH[0], py + _DEPTH[1]) for px, py in near]


def _street() -> str:
    """A house, a road, a parked van seen from behind and from its side, and a strip for text."""
    near, far = _van_corners()
    rear = [near[0], near[3], far[3], far[0]]
    roof = [near[0], near[1], far[1], far[0]]
    windows = "".join(f"M{x} 40h52v58h-52z" for x in (40, 140, 240, 340, 470, 580))
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="4" fill="#c9d6df"/>'
        f'<rect y="16" width="{WIDTH}" height="170" fill="#b59f88"/>'
        f'<path d="{windows}" fill="#6d7f8c"/>'
        f'<rect y="186" width="{WIDTH}" height="18" fill="#a9adad"/>'
        f'<rect y="204" width="{WIDTH}" height="{STREET - 204}" fill="#70757a"/>'
        f'<polygon points="{_points(roof)}" fill="#f6f3ec"/>'
        f'<polygon points="{_points(rear)}" fill="#c5c0b4"/>'
        f'<polygon points="{_points(near)}" fill="#e7e3da"/>'
        '<path d="M560 130h64v38h-64z" fill="#56697a"/><path d="M401 126l24 8v38l-24-8z" '
        'fill="#56697a"/><circle cx="478" cy="232" r="18" fill="#202224"/>'
        '<circle cx="594" cy="232" r="18" fill="#202224"/>'
        f'<rect y="{STREET}" width="{WIDTH}" height="{HEIGHT - STREET}" fill="#22272b"/>'
    )


# The labels -------------------------------------------------------------------------------------


def _written(x: float, text: str, *, y: float = STREET + 30, colour: str = "#fff") -> str:
    """Text whose width is known."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" textLength="{len(text) * _CHARACTER:.1f}" '
        f'xml:space="preserve" style="fill:{colour};font-family:monospace">{escape(text)}</text>'
    )


def _note(*, marked: bool) -> str:
    """The driver's note on the strip, and on demand its two spans."""
    parts, x = [], 16.0
    for text, name in _NOTE:
        width = len(text) * _CHARACTER
        if marked and name:
            parts.append(
                f'<rect x="{x - 3:.1f}" y="{STREET + 14}" width="{width + 6:.1f}" height="22" '
                f'fill="{YELLOW}"/>' + plate(x - 3, STREET - 6, name)
            )
        parts.append(_written(x, text, colour=DARK if marked and name else "#fff"))
        x += width
    return "".join(parts)


def _ranked() -> str:
    """Two descriptions with their places."""
    rows = ((1, "A cyclist passes a parked van."), (2, "A street with some things in it."))
    return "".join(
        f'<circle cx="22" cy="{STREET + 14 + 22 * n}" r="9" fill="{YELLOW}"/>'
        f'<text x="22" y="{STREET + 18 + 22 * n}" text-anchor="middle" '
        f'style="fill:{DARK};font-size:12px;font-weight:600">{place}</text>'
        + _written(40, text, y=STREET + 18 + 22 * n)
        for n, (place, text) in enumerate(rows)
    )


def _cuboid() -> str:
    near, far = _van_corners()
    seen = [near[0], near[1], near[2], near[3], near[0], far[0], far[3], near[3]]
    roof = [far[0], far[1], near[1]]
    guessed = ([far[3], far[2], far[1]], [far[2], near[2]])
    x, y = near[2][0], near[2][1] - 20
    lines = "".join(
        f'<polyline points="{_points(line)}" fill="none" stroke="{colour}" stroke-width="{width}"'
        f"{dash}/>"
        for colour, width in ((DARK, 5), (YELLOW, 2.5))
        for line, dash in (
            (seen, ""),
            (roof, ""),
            *((line, ' stroke-dasharray="6 4"') for line in guessed),
        )
    )
    return lines + (
        f'<path d="M{x} {y}h42m-12-8l12 8l-12 8" fill="none" stroke="{DARK}" stroke-width="6"/>'
        f'<path d="M{x} {y}h42m-12-8l12 8l-12 8" fill="none" stroke="{YELLOW}" stroke-width="3"/>'
    )


def _dot(point: Point, radius: float, fill: str = YELLOW) -> str:
    x, y = _at(point)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{DARK}" '
        'stroke-width="2"/>'
    )


def _polygon() -> str:
    outline = _points(map(_at, _OUTLINE))
    lines = "".join(
        f'<polygon points="{outline}" fill="{fill}" fill-opacity="0.25" stroke="{colour}" '
        f'stroke-width="{width}"/>'
        for fill, colour, width in (("none", DARK, 4.5), (YELLOW, YELLOW, 2.5))
    )
    return lines + "".join(_dot(point, 3.5) for point in _OUTLINE)


def _keypoints() -> str:
    x, y = _at(_FAR_KNEE)
    hidden = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{DARK}" stroke-width="5"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{YELLOW}" stroke-width="2"/>'
    )
    return "".join(_dot(point, 6) for point in _JOINTS) + hidden


def _tags() -> str:
    names = ((14, "street"), (76, "day"), (118, "dry"))
    plates = "".join(plate(x, 14, name) for x, name in names)
    return boxed((4, 4, WIDTH - 8, STREET - 8)) + plates


def _track() -> str:
    parts = []
    for frame in (1, 2, 3):
        shift = (frame - 3) * _FRAMES_APART
        x, y, width, height = _CYCLIST
        if frame < 3:
            parts.append(_cyclist(shift=shift, opacity=0.35))
        parts.append(boxed((x + shift, y, width, height), dashed=frame < 3))
        parts.append(plate(x + shift, y - 20, f"7, frame {frame}"))
    return "".join(parts)


def labelled(name: str) -> str:
    """What a kind of label puts on the street."""
    marks = {
        "tag": _tags,
        "box": lambda: boxed(_CYCLIST, "cyclist"),
        "polygon": _polygon,
        "mask": lambda: _cyclist(YELLOW),
        "keypoint": _keypoints,
        "cuboid": _cuboid,
        "track": _track,
        "span": str,
        "ranking": str,
    }[name]()
    strip = _ranked() if name == "ranking" else _note(marked=name == "span")
    return marks + strip


def types_figure(name: str) -> str:
    """The street with one kind of label."""
    kind = next(kind for kind in KINDS if kind.name == name)
    description = (
        "A drawn street with a cyclist, a parked van and a driver's note below. "
        f"Label shown, {name}: {kind.here}"
    )
    return svg(WIDTH, HEIGHT, description, _street() + _cyclist() + labelled(name))


def types() -> Frame:
    """Nine kinds of label on one street, one at a time."""
    return Frame("demo types", "One street, nine kinds of label", _types)


def _types() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=[kind.name for kind in KINDS], style={"button_width": "auto"}
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        kind = KINDS[choice.index]
        figure.value = types_figure(kind.name)
        said.value = note(
            f"<p><b>{kind.name}.</b> {escape(kind.question)} {escape(kind.here)}</p>"
            f"<b>Time for one.</b> {escape(kind.time)}"
        )

    choice.observe(show, names="value")
    show()
    return [choice, figure, said]
