"""Sizes of pictures from the headers of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from labelschool.formats.contract import Unreadable
from labelschool.formats.dataset import Item
from labelschool.formats.files import inside, opened, shown, walk

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif")
_ORIENTATION, _SIDEWAYS = 0x0112, (5, 6, 7, 8)


def of(path: Path) -> tuple[int, int]:
    """Width and height in px of a picture as it is shown, which its EXIF orientation may turn.

    Raises `Unreadable`.
    """
    from PIL import Image

    try:
        with opened(path) as stream, Image.open(stream) as picture:
            width, height = picture.size
            sideways = picture.getexif().get(_ORIENTATION) in _SIDEWAYS
    except Unreadable:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged header leads them to.
        raise Unreadable(f"{shown(path)} is no picture that can be read: save it again.") from error
    return (height, width) if sideways else (width, height)


def pictures(folder: Path) -> Iterator[str]:
    """The names of the pictures below a folder."""
    return walk(folder, *SUFFIXES)


def known(items: Mapping[int | str, Item], folder: Path | None) -> Mapping[int | str, Item]:
    """The items with their sizes, where need be from the files in the folder of the pictures.

    Raises `Unreadable` for a picture whose size nobody tells.
    """
    if all(item.width and item.height for item in items.values()):
        return items
    found = {}
    for id_, item in items.items():
        if not (item.width and item.height) and item.text is None:
            if folder is None:
                raise Unreadable(
                    f"The size of {item.name} is not told: name the folder of the pictures by "
                    "--pictures."
                )
            width, height = of(inside(folder, item.name, shown(folder)))
            item = replace(item, width=width, height=height)
        found[id_] = item
    return found
