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


def _pictures(key: Mapping[str, Any]) -> Iterator[tuple[str, BBox | None, str]]:
    """Name, box of the target and number of the block, picture after picture."""
    ends = list(accumulate(block["pictures"] for block in key["blocks"]))
    for place, (name, box) in enumerate(key["targets"].items()):
        yield name, box, str(1 + sum(place >= end for end in ends))
