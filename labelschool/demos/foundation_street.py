"""Demo of lesson 1.8: `identifiers`, ten spots in a harmless street picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ipywidgets as widgets

from labelschool.demos.foundation_pictures import boxed
from labelschool.demos.frame import Frame, button, escape, note, row, svg, words
from labelschool.model import BBox

HEIGHT = 336
LEADS, DOES_NOT = "Leads to a person", "Does not"


@dataclass(frozen=True)
class Spot:
    """One place of the picture, and whether it leads to a person, alone or with the others."""

    name: str
    bbox: BBox
    leads: bool
    why: str


SPOTS = (
    Spot(
        "the shop sign",
        (330.0, 26.0, 142.0, 32.0),
        False,
        "It names a business that wants to be found. Nobody's home, nobody's face.",
    ),
    Spot(
        "the woman at the window",
        (40.0, 44.0, 84.0, 76.0),
        True,
        "A clear face is enough by itself. Here it also says at which window she lives.",
    ),
    Spot(
        "the number plate",
        (298.0, 256.0, 64.0, 18.0),
        True,
        "A plate leads to a keeper through a register, and to a house if the car stands in front "
        "of it.",
    ),
    Spot(
        "the face on the poster",
        (412.0, 98.0, 56.0, 78.0),
        False,
        "A drawn face is nobody. A printed photograph of a customer would be another matter.",
    ),
    Spot(
        "the parcel at the door",
        (140.0, 196.0, 78.0, 40.0),
        True,
        "Name and address, readable. No face is needed, and blurring faces would not touch it.",
    ),
    Spot(
        "the hydrant",
        (494.0, 196.0, 30.0, 44.0),
        False,
        "The number on it belongs to the water works.",
    ),
    Spot(
        "the speed limit",
        (548.0, 96.0, 36.0, 36.0),
        False,
        "The same sign stands in thousands of streets.",
    ),
    Spot(
        "the school bag",
        (238.0, 186.0, 34.0, 40.0),
        True,
        "No face, no name. Together with the door and the time it says where a child goes to "
        "school, and when it leaves home.",
    ),
    Spot(
        "the number of the bus",
        (612.0, 134.0, 40.0, 24.0),
        False,
        "A line number is on every timetable. It narrows the place down to a few streets, not "
        "to a person.",
    ),
    Spot(
        "what the file says",
        (8.0, 308.0, 262.0, 22.0),
        True,
        "Coordinates and a time. They locate everybody in the picture, and no blurred face "
        "removes them.",
    ),
)


def _picture() -> str:
    """A house and a bakery on a morning street, with the file's own data below."""
    dark = "fill:#1b1b1b;font-size"
    return (
        f'<rect width="720" height="{HEIGHT}" rx="4" fill="#c9d6df"/>'
        '<rect y="14" width="300" height="222" fill="#c2a98d"/>'
        '<rect x="300" y="14" width="230" height="222" fill="#9fae9d"/>'
        '<rect y="236" width="720" height="20" fill="#a9adad"/>'
        '<rect y="256" width="720" height="46" fill="#70757a"/>'
        '<rect x="40" y="44" width="84" height="76" fill="#33424c" stroke="#f3eee4" '
        'stroke-width="5"/><path d="M62 120v-14q0-14 20-14t20 14v14z" fill="#a14a5b"/>'
        '<path d="M66 92V70q0-16 16-16t16 16v22z" fill="#3a2418"/>'
        '<ellipse cx="82" cy="76" rx="12" ry="15" fill="#d8a27c"/>'
        '<circle cx="77" cy="73" r="1.8"/><circle cx="87" cy="73" r="1.8"/>'
        '<path d="M77 83q5 4 10 0" stroke="#7a3a2c" stroke-width="2" fill="none"/>'
        '<rect x="152" y="96" width="64" height="140" fill="#54402f"/>'
        '<circle cx="206" cy="168" r="3" fill="#e0c36a"/>'
        '<rect x="140" y="196" width="78" height="40" fill="#c99b62" stroke="#8a6436"/>'
        '<rect x="145" y="202" width="68" height="27" fill="#fff"/>'
        f'<text x="149" y="213" style="{dark}:10px">T. Okoro</text>'
        f'<text x="149" y="225" style="{dark}:10px">9 Lime Street</text>'
        '<path d="M240 236v-22h30v22z" fill="#2d3b55"/><path d="M236 216q0-36 19-36t19 36z" '
        'fill="#b0413e"/><circle cx="255" cy="170" r="12" fill="#3a2418"/>'
        '<rect x="238" y="186" width="34" height="40" rx="5" fill="#2c4a7c"/>'
        '<path d="M249 190h12v8q0 5-6 8q-6-3-6-8z" fill="#f2c230"/>'
        '<text x="255" y="215" text-anchor="middle" style="fill:#fff;font-size:7px">LIME</text>'
        '<text x="255" y="223" text-anchor="middle" style="fill:#fff;font-size:7px">SCHOOL</text>'
        '<rect x="330" y="26" width="142" height="32" fill="#37474f"/><text x="401" y="48" '
        'text-anchor="middle" style="fill:#fff;font-size:17px">BAKERY</text>'
        '<rect x="320" y="76" width="162" height="120" fill="#5b6f7a"/>'
        '<rect x="412" y="98" width="56" height="78" fill="#f7f1df"/>'
        '<circle cx="440" cy="136" r="17" fill="none" stroke="#1b1b1b" stroke-width="2"/>'
        '<path d="M424 122q16-22 32 0z" fill="none" stroke="#1b1b1b" stroke-width="2"/>'
        '<circle cx="434" cy="133" r="2"/><circle cx="446" cy="133" r="2"/>'
        '<path d="M432 142q8 7 16 0" stroke="#1b1b1b" stroke-width="2" fill="none"/>'
        '<path d="M284 240q2-34 16-42h60q14 8 16 42v40h-92z" fill="#3f6d8e"/>'
        '<path d="M298 228q3-20 10-22h44q7 2 10 22z" fill="#bcd0da"/>'
        '<path d="M286 240h18v10h-18zM356 240h18v10h-18z" fill="#d9603f"/>'
        '<rect x="298" y="256" width="64" height="18" fill="#fff" stroke="#1b1b1b"/>'
        f'<text x="330" y="270" text-anchor="middle" style="{dark}:13px">LS 4027</text>'
        '<path d="M500 240v-30q0-12 9-12t9 12v30z" fill="#9c4f2c"/>'
        '<path d="M494 216h30v8h-30z" fill="#9c4f2c"/>'
        '<text x="509" y="236" text-anchor="middle" style="fill:#fff;font-size:8px">H 12</text>'
        '<path d="M566 240V130" stroke="#5b5e60" stroke-width="5"/>'
        '<circle cx="566" cy="114" r="15" fill="#fff" stroke="#b3261e" stroke-width="5"/>'
        f'<text x="566" y="119" text-anchor="middle" style="{dark}:13px">30</text>'
        '<path d="M600 270V140q0-14 14-14h106v144z" fill="#d9b23c"/>'
        '<path d="M612 166h100v44h-100z" fill="#4c5f6e"/>'
        '<rect x="612" y="134" width="40" height="24" fill="#1b1b1b"/>'
        '<text x="632" y="151" text-anchor="middle" style="fill:#ffd23f;font-size:15px">42</text>'
        '<circle cx="640" cy="272" r="14" fill="#202224"/>'
        f'<rect y="302" width="720" height="{HEIGHT - 302}" fill="#22272b"/>'
        '<text x="14" y="324" style="fill:#fff;font-size:12px">'
        "IMG_2207.jpg, 07:42, coordinates to 5 m</text>"
    )


def _mark(n: int, spot: Spot, judged: bool) -> str:
    """A numbered mark at a spot: round, and square once it is known to lead to a person."""
    x, y = spot.bbox[0] + spot.bbox[2] + 8, spot.bbox[1] - 2
    square = judged and spot.leads
    shape = (
        f'<rect x="{x - 10:.0f}" y="{y - 10:.0f}" width="20" height="20" fill="#ff7f5c"'
        if square
        else f'<circle cx="{x:.0f}" cy="{y:.0f}" r="10" fill="{"#7fd1ff" if judged else "#fff"}"'
    )
    return (
        f'{shape} stroke="#1b1b1b" stroke-width="2"/><text x="{x:.0f}" y="{y + 4:.0f}" '
        f'text-anchor="middle" style="fill:#1b1b1b;font-size:12px;font-weight:600">{n}</text>'
    )


def street_figure(number: int, judged: Mapping[int, bool]) -> str:
    """The street with spot `number`, 1 to 10, in a box; `judged` are the choices so far."""
    marks = "".join(_mark(n, spot, n in judged) for n, spot in enumerate(SPOTS, 1))
    spot = SPOTS[number - 1]
    return svg(
        720,
        HEIGHT,
        f"A drawn morning street: a house with a door, a window and a parcel, a child, a parked "
        f"car, a bakery, a bus. Marked: {number}, {spot.name}",
        _picture() + boxed(spot.bbox) + marks,
    )


def tally(judged: Mapping[int, bool]) -> str:
    """What the choices so far amount to."""
    found = sum(said and SPOTS[n - 1].leads for n, said in judged.items())
    alarms = sum(said and not SPOTS[n - 1].leads for n, said in judged.items())
    there_are = sum(spot.leads for spot in SPOTS)
    if len(judged) < len(SPOTS):
        return f"{len(judged)} of {len(SPOTS)} judged."
    return (
        f"You found {found} of {there_are}, with {alarms} false alarm{'s' * (alarms != 1)}. Each "
        "square tells a little. Together they tell who lives behind this door, which school the "
        "child goes to, and when it leaves the house."
    )


def identifiers() -> Frame:
    """Ten spots in a street picture: which of them lead to a person?"""
    return Frame("demo identifiers", "A harmless street picture", _identifiers)


def _identifiers() -> list[widgets.Widget]:
    judged: dict[int, bool] = {}
    figure, said = words(), words(live=True)
    slider = widgets.IntSlider(
        value=1,
        min=1,
        max=len(SPOTS),
        description="Spot",
        layout=widgets.Layout(width="280px"),
    )

    def show(_: object = None) -> None:
        number = slider.value
        spot = SPOTS[number - 1]
        figure.value = street_figure(number, judged)
        if number not in judged:
            said.value = note(f"<b>Spot {number}, {spot.name}.</b> {tally(judged)}")
            return
        right = judged[number] == spot.leads
        said.value = note(
            f"<p><b>{'Right' if right else 'Not quite'}:</b> spot {number}, {spot.name}, leads to "
            f"{'a person' if spot.leads else 'nobody'}. {escape(spot.why)}</p>{tally(judged)}",
            "right" if right else "wrong",
        )

    def judge(leads: bool) -> None:
        judged.setdefault(slider.value, leads)
        show()

    def following() -> None:
        slider.value = slider.value % len(SPOTS) + 1

    slider.observe(show, names="value")
    show()
    return [
        figure,
        row(
            button(LEADS, lambda: judge(True), primary=True),
            button(DOES_NOT, lambda: judge(False), primary=True),
            button("Next", following),
            slider,
        ),
        said,
    ]
