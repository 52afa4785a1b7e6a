# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shelf holds: entries with an id, and the words in which recipes list them.

A line of a shelf is a list of blocks, each a string ``SKU COUNT`` with any of these words after it:
``gap 3-4`` (facings that are missing), ``fallen 2``, ``turned 5`` (back to the front), ``stack 2``
(units on top of each other), ``deep 1`` (units behind each other), ``tray``, ``offer`` (yellow
tag).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import bpy

DEEP = 3
"""Units behind each other where a block does not say."""


@dataclass
class Entry:
    """One thing with an id: a product, tag, gap, lamp or decoy.

    ``row`` is the shelf from the bottom (0 first), ``depth_row`` 0 in front; ``readable`` tells
    whether the front looks at the camera.
    """

    kind: str
    thing: bpy.types.Object
    label: str | None = None
    row: int | None = None
    depth_row: int = 0
    readable: bool = True
    edge_cases: list[str] = field(default_factory=list)
    decoy: dict | None = None


@dataclass(frozen=True)
class Block:
    """Facings of one article side by side; the sets hold positions from 1."""

    sku: str
    count: int
    gap: frozenset[int] = frozenset()
    fallen: frozenset[int] = frozenset()
    turned: frozenset[int] = frozenset()
    stack: int = 1
    deep: int = DEEP
    flags: frozenset[str] = frozenset()


def read_block(text: str) -> Block:
    """Read ``SKU COUNT words``. Raises ValueError for a word that is not known."""
    sku, count, *words = text.split()
    given, flags = {}, set()
    while words:
        word = words.pop(0)
        if word in ("gap", "fallen", "turned"):
            places = set()
            for part in words.pop(0).split(","):
                first, _, last = part.partition("-")
                places |= set(range(int(first), int(last or first) + 1))
            given[word] = frozenset(places)
        elif word in ("stack", "deep"):
            given[word] = int(words.pop(0))
        elif word in ("tray", "offer"):
            flags.add(word)
        else:
            raise ValueError(f"{text!r}: {word!r} is not a word of a block")
    return Block(sku, int(count), flags=frozenset(flags), **given)
