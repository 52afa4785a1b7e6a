"""Colours and dashes: the eight classes as in the annotators, and what stands for truth and answer.

No two of them differ in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Colour = tuple[int, int, int]


class Style(NamedTuple):
    """How a line is drawn: lengths of dash and gap in px by turns, none for a solid line."""

    colour: Colour
    dash: tuple[int, ...] = ()


CLASSES = (
    Style((0x24, 0xD9, 0xFF)),
    Style((0xD9, 0x88, 0x00), (9, 4)),
    Style((0x3A, 0xBC, 0x73), (3, 3)),
    Style((0xFF, 0xE8, 0x3B), (12, 3, 3, 3)),
    Style((0xC5, 0x4A, 0x0A), (6, 2)),
    Style((0xED, 0xA8, 0xC0), (14, 5)),
    Style((0xFF, 0xFF, 0xFF), (9, 3, 2, 3, 2, 3)),
    Style((0x0B, 0x89, 0xDA), (2, 5)),
)
"""The styles of ``widgets/js/ui/palette.js``."""

MUST = Style((46, 224, 120))
IGNORE = Style((170, 178, 190), (4, 3))
DECOY = Style((255, 92, 92), (9, 4))
REFERENCE = Style((46, 224, 120), (12, 8))
ANSWER = Style((255, 140, 26))

DARK: Colour = (16, 20, 24)
LIGHT: Colour = (255, 255, 255)


def class_styles(names: Iterable[str]) -> dict[str, Style]:
    """The style of each class, in order; after eight the colours come again with other dashes."""
    styles = {}
    for number, name in enumerate(dict.fromkeys(names)):
        turn, place = divmod(number, len(CLASSES))
        dash = CLASSES[(place + 3 * turn) % len(CLASSES)].dash
        styles[name] = Style(CLASSES[place].colour, dash)
    return styles


def ink_on(colour: Colour) -> Colour:
    """Dark or light, whichever reads better on a colour (WCAG 2.2 relative luminance)."""
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (channel / 255 for channel in colour)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return DARK if (luminance + 0.05) ** 2 > 0.0525 else LIGHT
