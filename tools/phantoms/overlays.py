"""Pictures whose burned-in text names an invented patient: CT captures and ultrasound sectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from marking import NOTICE, font
from PIL import Image, ImageDraw
from scipy import ndimage
from studies import SIZE, Study
from tomography import window

MARGIN = 8
BRIGHT, FAINT = 235, 118


@dataclass(frozen=True)
class Line:
    """One line of burned-in text: where its box touches, how large, how bright.

    ``corner`` is two letters, t or b for top or bottom and l or r for left or right; lines of a
    corner stand one below the other. ``personal`` tells whether it has to go.
    """

    words: str
    corner: str
    personal: bool
    size: int = 12
    ink: int = BRIGHT


@dataclass(frozen=True)
class Capture:
    """A picture to make: ``kind`` is ct or ultrasound, ``seed`` its phantom, ``patient`` a key of
    `headers.PATIENTS`.
    """

    patient: str
    kind: str
    seed: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Burned:
    """A line as it stands in the picture: box (x, y, width, height) and ink in px."""

    line: Line
    bbox: tuple[int, int, int, int]
    area: int


def _lines(*rows: tuple) -> tuple[Line, ...]:
    return tuple(Line(*row) for row in rows)


CAPTURES = {
    "practice": (
        Capture("weir", "ct", 4301, _lines(
            ("TOLVAJ, HENRIKA", "tl", True), ("QM-118204  F", "tl", True),
            ("W 1500  L -500", "br", False), ("L", "tr", False),
        )),
        Capture("kiln", "ultrasound", 4302, _lines(
            ("OSTERGREN PAVO  02.11.1971", "tl", True), ("Saltmarsh Infirmary", "tr", True, 11),
            ("Gain 62 %", "br", False), ("Abdomen", "br", False),
        )),
    ),
    "counted": (
        Capture("lock", "ct", 4303, _lines(
            ("VARGANYI^ILONKA", "tl", True), ("HB-204417", "tl", True), ("09.03.1961", "tl", True),
            ("Harrowbeck Hospital", "tr", True, 11), ("W 1500  L -500", "br", False),
        )),
        Capture("lock", "ultrasound", 4304, _lines(
            ("Varganyi I.  HB-204417", "tl", True, 11), ("18.06.2024  10:42", "tr", True, 11),
            ("5 MHz  12 cm", "br", False, 11), ("Liver", "br", False, 11),
        )),
        Capture("quay", "ct", 4305, _lines(
            ("Dunmarrow, T.  *26.08.1933", "br", True, 11, FAINT), ("L", "tr", False),
            ("2.5 mm  B60", "tl", False, 11),
        )),
        Capture("mill", "ultrasound", 4306, _lines(
            ("LEANDRA OKWUOSA", "tl", True), ("Op: O. Rastelli", "tr", True, 11),
            ("MI 0.8  TI 0.4", "br", False, 11), ("7734-K-02", "br", True, 10, FAINT),
        )),
        Capture("dyke", "ct", 4307, _lines(
            ("R", "tl", False), ("22.04.2024 14:07", "tr", True, 10),
            ("Hjelmdal / 7740-K-19", "tr", True, 10), ("W 400  L 40", "br", False),
        )),
        Capture("ford", "ultrasound", 4308, _lines(
            ("North Brack Diagnostics", "tl", True, 11), ("SERRABONE, M  34Y F", "tl", True, 11),
            ("Kidney right", "tr", False, 11), ("Tel 0555 0163", "br", True, 11),
        )),
    ),
}  # fmt: skip
"""Pool -> its pictures in order."""


def cleaned(capture: Capture) -> dict[str, str]:
    """The header of a picture: in order, whatever its pixels say."""
    modality = "CT" if capture.kind == "ct" else "US"
    return {
        "PatientName": f"CASE^{capture.seed}",
        "PatientID": str(capture.seed),
        "Modality": modality,
    }


def picture(capture: Capture) -> tuple[np.ndarray, list[Burned]]:
    """8-bit grey values of shape (384, 384) and the lines burned in."""
    if capture.kind == "ct":
        level = (40, 400) if any("L 40" in line.words for line in capture.lines) else (-500, 1500)
        pixels = window(Study(capture.seed, "chest").slice(), *level)
    else:
        pixels = _ultrasound(capture.seed)
    return _burn(pixels, capture.lines)


def _burn(pixels: np.ndarray, lines: tuple[Line, ...]) -> tuple[np.ndarray, list[Burned]]:
    """The lines in their corners, the notice below on the left."""
    canvas, burned = pixels.copy(), []
    used = dict.fromkeys(("tl", "tr", "br", "bl"), MARGIN)
    for line in (*lines, Line(NOTICE, "bl", False, 10, 150)):
        ink = _ink(line, used[line.corner])
        used[line.corner] += line.size + 5
        canvas = np.where(ink > 0, np.maximum(canvas, ink // 255 * line.ink), canvas)
        rows, columns = np.nonzero(ink)
        x, y = int(columns.min()), int(rows.min())
        box = (x, y, int(columns.max()) + 1 - x, int(rows.max()) + 1 - y)
        burned.append(Burned(line, box, int(np.count_nonzero(ink))))
    return canvas.astype(np.uint8), burned


def _ink(line: Line, offset: int) -> np.ndarray:
    """Where a line has ink, 0 or 255, shape (384, 384); no grey edges, as on old consoles."""
    layer = Image.new("1", (SIZE, SIZE))
    draw, letters = ImageDraw.Draw(layer), font(line.size)
    draw.fontmode = "1"
    left, top, right, bottom = draw.textbbox((0, 0), line.words, font=letters)
    x = MARGIN - left if line.corner[1] == "l" else SIZE - MARGIN - right
    y = offset - top if line.corner[0] == "t" else SIZE - offset - bottom
    draw.text((x, y), line.words, fill=1, font=letters)
    return np.asarray(layer).astype(np.uint8) * 255


def _ultrasound(seed: int) -> np.ndarray:
    """A sector of speckle: layers, an organ, vessels and a shadow, 8-bit grey (384, 384)."""
    rng = np.random.default_rng(seed)
    depth, turn = 260, 220
    radius, angle = np.mgrid[0 : 1 : depth * 1j, -0.62 : 0.62 : turn * 1j]
    echo = 0.42 + 0.1 * np.sin(radius * 40 + 3 * angle) * np.exp(-radius * 9)
    organ = np.hypot((radius - 0.55) / 0.34, (angle - rng.uniform(-0.1, 0.1)) / 0.5) < 1
    echo = np.where(organ, 0.2, echo)
    edge = organ ^ ndimage.binary_erosion(organ, iterations=2)
    echo = np.where(edge, 0.85, echo)
    for _ in range(5):
        place = (radius - rng.uniform(0.35, 0.75)) / 0.035, (angle - rng.uniform(-0.3, 0.3)) / 0.05
        echo = np.where(np.hypot(*place) < rng.uniform(0.6, 1.3), 0.04, echo)
    stone, column = rng.uniform(0.5, 0.7), rng.uniform(-0.3, 0.3)
    behind = np.abs(angle - column) < 0.04
    echo = np.where(behind & (radius > stone), echo * 0.25, echo)
    echo = np.where(behind & (np.abs(radius - stone) < 0.012), 1.2, echo)
    waves = rng.standard_normal((2, depth, turn))
    blurred = ndimage.gaussian_filter(waves, (0, 1.0, 1.6))
    speckle = np.hypot(*blurred)
    echo = ndimage.gaussian_filter(echo, 1) * speckle / speckle.mean() * (1.15 - 0.55 * radius)
    grey = np.clip(95 * np.log10(1 + 14 * echo), 0, 255)
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    y, x = y - 24, x - SIZE / 2
    away, side = np.hypot(x, y + 60) - 60, np.arctan2(x, y + 60)
    places = [away / 285 * (depth - 1), (side / 1.24 + 0.5) * (turn - 1)]
    sector = ndimage.map_coordinates(grey, places, order=1, cval=0)
    inside = (away > 0) & (away < 285) & (np.abs(side) < 0.62)
    return np.where(inside, sector, 4).astype(np.uint8)
