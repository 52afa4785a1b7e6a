"""Pools whose pictures are drawn when they are shown: the hunt for a tilted icon.

All that is stored is the key of the pool: its seed, its blocks, and for each picture the box of its
target in px or none. The image of such an item is a name and no file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from labelschool.generators import needle
from labelschool.model import BBox, Item, TruthItem

CLASSES = ("upright", "tilted")
RING: Mapping[str, Any] = {"outline": "#1b1b1b", "width": 3}
"""Dark within white: it is seen on every background of the pictures, and without colours."""


def items(key: Mapping[str, Any]) -> tuple[Item, ...]:
    """The pictures of all blocks in order; the batch of an item is the number of its block."""
    width, height = needle.SIZE
    return tuple(
        Item(name=name, image=Path(f"{name}.png"), width=width, height=height, batch=block)
        for name, _, block in _pictures(key)
    )


def truth(key: Mapping[str, Any]) -> tuple[TruthItem, ...]:
    """Which picture is ``tilted`` and which ``upright``."""
    width, height = needle.SIZE
    return tuple(
        TruthItem(
            item=name,
            image=f"{name}.png",
            width=width,
            height=height,
            labels=(CLASSES[box is not None],),
        )
        for name, box, _ in _pictures(key)
    )


def picture(key: Mapping[str, Any], name: str) -> bytes:
    """One picture as PNG. Raises KeyError for a name that is not in the pool."""
    tilted = key["targets"][name] is not None
    drawn = needle.picture(key["seed"], list(key["targets"]).index(name), tilted=tilted)
    content = io.BytesIO()
    drawn.save(content, "PNG")
    return content.getvalue()


def ringed(key: Mapping[str, Any], name: str) -> bytes:
    """One picture as JPEG with a ring round its target, if it has one. KeyError as `picture`."""
    from PIL import Image, ImageDraw

    box = key["targets"][name]
    image = Image.open(io.BytesIO(picture(key, name)))
    if box is not None:
        left, top, width, height = box
        around = (left, top, left + width - 1, top + height - 1)
        pen = ImageDraw.Draw(image)
        pen.ellipse(around, outline="#ffffff", width=7)
        pen.ellipse([side + n for side, n in zip(around, (2, 2, -2, -2), strict=True)], **RING)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=90)
    return content.getvalue()


def cell(key: Mapping[str, Any], name: str) -> tuple[int, int] | None:
    """Row and column of the target, both from 1; None for a picture without one."""
    box = key["targets"][name]
    if box is None:
        return None
    column, row = ((side - needle.MARGIN) // needle.CELL + 1 for side in box[:2])
    return row, column


def _pictures(key: Mapping[str, Any]) -> Iterator[tuple[str, BBox | None, str]]:
    """Name, box of the target and number of the block, picture after picture."""
    ends = list(accumulate(block["pictures"] for block in key["blocks"]))
    for place, (name, box) in enumerate(key["targets"].items()):
        yield name, box, str(1 + sum(place >= end for end in ends))
