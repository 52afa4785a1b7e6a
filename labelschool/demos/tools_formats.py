"""Demos of lesson 2.8: `reading`, one box in six readings, and `runs`, the order of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets as widgets

from labelschool.demos.frame import Frame, note, svg, words
from labelschool.formats.rle import pack

_PX = 34
_GRID, _FULL, _BOX, _WRONG = "#b8bfc6", "#0072B2", "#1b1b1b", "#D55E00"
WIDTH, HEIGHT = 16, 9

Sides = tuple[float, float, float, float]


# reading ----------------------------------------------------------------------------------------

CAR: Sides = (8, 4, 13, 7)
"""Left, top, right and bottom edge of the object in px from 0: it covers 5 x 3 pixels."""


@dataclass(frozen=True)
class Reading:
    """Numbers of a file, and where a reader that takes them in some way puts the box."""

    name: str
    numbers: str
    sides: Sides
    why: str


READINGS = (
    Reading("COCO, as meant", "bbox [8, 4, 5, 3]", CAR, "Corner, then width and height, from 0."),
    Reading(
        "YOLO: centre as corner",
        "0 0.65625 0.61111 0.3125 0.33333",
        (10.5, 5.5, 15.5, 8.5),
        "The row tells the centre, 10.5 and 5.5. The reader takes it for the top left corner.",
    ),
    Reading(
        "YOLO: sides swapped",
        "0 0.65625 0.61111 0.3125 0.33333",
        (0.65625 * 9 - 0.3125 * 4.5, 0.61111 * 16 - 8 / 3, 0.65625 * 9 + 0.3125 * 4.5, 9),
        "x was multiplied by the height and y by the width. It leaves the picture at the bottom, "
        "where it is drawn cut.",
    ),
    Reading(
        "VOC, read from 0",
        "xmin 9, ymin 5, xmax 13, ymax 7",
        (9, 5, 13, 7),
        "VOC counts pixels from 1. Read as edges from 0, the first column and row are lost.",
    ),
    Reading(
        "VOC, 1 taken from all",
        "xmin 9, ymin 5, xmax 13, ymax 7",
        (8, 4, 12, 6),
        "xmax is the last pixel, and that belongs to the object. Taking 1 from all four loses it.",
    ),
    Reading(
        "VOC, as meant",
        "xmin 9, ymin 5, xmax 13, ymax 7",
        CAR,
        "Left and top minus 1; right and bottom are edges already, since the last pixel is inside.",
    ),
)


def iou(one: Sides, other: Sides) -> float:
    """Intersection over union of two boxes by their edges."""
    w = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    h = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = ((s[2] - s[0]) * (s[3] - s[1]) for s in (one, other))
    return w * h / (sum(areas) - w * h)


def reading_figure(reading: Reading) -> str:
    """A picture of 16 x 9 pixels with the object, and the box where the reader puts it."""
    cells = "".join(
        _cell(x, y, CAR[0] <= x < CAR[2] and CAR[1] <= y < CAR[3])
        for y in range(HEIGHT)
        for x in range(WIDTH)
    )
    left, top, right, bottom = reading.sides
    dash = "" if reading.sides == CAR else 'stroke-dasharray="7 4"'
    colour = _BOX if reading.sides == CAR else _WRONG
    box = (
        f'<rect x="{left * _PX}" y="{top * _PX}" width="{(right - left) * _PX}" '
        f'height="{(bottom - top) * _PX}" fill="none" stroke="{colour}" stroke-width="4" {dash}/>'
    )
    description = (
        f"A grid of {WIDTH} x {HEIGHT} pixels with an object of 5 x 3 and a box, IoU "
        f"{iou(CAR, reading.sides):.2f}"
    )
    return svg(WIDTH * _PX, HEIGHT * _PX, description, cells + box)


def _cell(x: int, y: int, full: bool) -> str:
    fill, opacity = (_FULL, 0.55) if full else ("#ffffff", 1)
    return (
        f'<rect x="{x * _PX}" y="{y * _PX}" width="{_PX}" height="{_PX}" fill="{fill}" '
        f'fill-opacity="{opacity}" stroke="{_GRID}"/>'
    )


def reading() -> Frame:
    """One box in a picture of 16 x 9 pixels, read in six ways."""
    return Frame("demo reading", "One box, read in six ways", _reading)


def _reading() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=[(each.name, n) for n, each in enumerate(READINGS)],
        description="Read as",
        style={"button_width": "auto"},
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        chosen = READINGS[choice.value]
        figure.value = reading_figure(chosen)
        said.value = note(
            f"The file says <code>{chosen.numbers}</code>. {chosen.why} "
            f"IoU {iou(CAR, chosen.sides):.2f}."
        )

    choice.observe(show, "value")
    show()
    return [choice, said, figure]


# runs -------------------------------------------------------------------------------------------

MASK = ("..........", "...##.....", "..####....", "..#..###..", "..####....", "..........")
"""An object with a hole, row by row."""
COLUMNS, ROWS = "column by column", "row by row"


def counts(cells: list[bool]) -> list[int]:
    """Lengths of runs; the first one is background, and may be 0."""
    found, value = [0], False
    for cell in cells:
        if cell != value:
            found.append(0)
            value = cell
        found[-1] += 1
    return found


def _decoded(runs: list[int], order: str) -> list[tuple[int, int]]:
    """The set pixels (x, y) of runs in a picture of the mask's size."""
    width, height = len(MASK[0]), len(MASK)
    cells = [place % 2 == 1 for place, run in enumerate(runs) for _ in range(run)]
    return [
        (n // height, n % height) if order == COLUMNS else (n % width, n // width)
        for n, full in enumerate(cells)
        if full
    ]


def column_runs() -> list[int]:
    """The runs of the mask as COCO has them."""
    return counts([row[x] == "#" for x in range(len(MASK[0])) for row in MASK])


def runs_figure(order: str) -> str:
    """The mask as its COCO runs give it when they are read in an order."""
    full = set(_decoded(column_runs(), order))
    width, height = len(MASK[0]), len(MASK)
    cells = "".join(_cell(x, y, (x, y) in full) for y in range(height) for x in range(width))
    return svg(
        WIDTH * _PX,
        height * _PX,
        f"A mask of {width} x {height} pixels, read {order}: {len(full)} pixels are set",
        cells,
    )


def runs() -> Frame:
    """A mask with a hole as run lengths, read in two orders."""
    return Frame("demo runs", "Run lengths in two orders", _runs)


def _runs() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=[COLUMNS, ROWS], description="Read", style={"button_width": "auto"}
    )
    figure, said = words(), words(live=True)
    own = column_runs()

    def show(_: object = None) -> None:
        figure.value = runs_figure(choice.value)
        right = (
            "This is how COCO counts."
            if choice.value == COLUMNS
            else "The same numbers, the same sum, the same number of set pixels, another object."
        )
        said.value = note(
            f"<code>{own}</code>, sum {sum(own)}, set {sum(own[1::2])}. {right} As COCO's text: "
            f"<code>{pack(own)}</code>."
        )

    choice.observe(show, "value")
    show()
    return [choice, said, figure]
