"""COCO's run lengths of a mask, as a list of numbers and as its text.

The text has six bits a character from "0" on, of which the sixth says that the number goes on, and
from the fourth number on it holds the difference to the one two before (maskApi.c of
https://github.com/cocodataset/cocoapi).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TEXT = re.compile("(?:[P-o]*[0-O])*")
"""What the text of run lengths matches in full."""


def unpack(text: str) -> list[int]:
    """The run lengths in a text that matches `TEXT`."""
    runs: list[int] = []
    number = shift = 0
    for character in text:
        bits = ord(character) - 48
        number |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            number -= (bits & 0x10) and 1 << shift
            runs.append(number + (runs[-2] if len(runs) > 2 else 0))
            number = shift = 0
    return runs


def pack(runs: Iterable[int]) -> str:
    """The text of run lengths."""
    counts, characters = list(runs), []
    for index, count in enumerate(counts):
        number = count - (counts[index - 2] if index > 2 else 0)
        more = True
        while more:
            bits = number & 0x1F
            number >>= 5
            more = number != (-1 if bits & 0x10 else 0)
            characters.append(chr(bits + (0x20 if more else 0) + 48))
    return "".join(characters)
