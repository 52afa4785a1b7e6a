"""Rules that look at the pictures: R14 and R27."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labelschool.formats import sizes
from labelschool.formats.contract import Unreadable, printable
from labelschool.formats.dataset import Item
from labelschool.lint.export import Export, Place
from labelschool.lint.rules import Problem, rule

_ORIENTATION = 0x0112


@rule(
    "R14",
    "Pictures exist, have the size that the labels tell, and are not turned by EXIF",
    needs="pictures",
    pitfalls=(
        "Label Studio: a picture turned by EXIF has its labels beside the objects",
        "Ultralytics: width and height are swapped",
    ),
)
def pictures_as_told(export: Export) -> Iterator[Problem]:
    """Each picture that is named lies in the folder of the pictures."""
    for name, item in export.names.items():
        if not name.lower().endswith(sizes.SUFFIXES) or "://" in name:
            continue
        place = Place(name, kind="picture")
        path = find(export, name, item)
        if path is None:
            yield place, "there is no such picture.", "Add the file, or take its entry out."
        elif said := _odd(path, item):
            yield place, *said


def find(export: Export, name: str, item: Item | None) -> Path | None:
    """The file of a picture, None where there is none."""
    folder, split = export.pictures, item.split if item else ""
    if folder is None:
        return None
    tried = (
        name,
        f"images/{name}",
        f"{split}/{name}",
        f"images/{split}/{name}",
        f"{split}/images/{name}",
    )
    found = (folder / each for each in tried if not each.startswith("/"))
    return next(filter(is_there, found), None)


def is_there(path: Path) -> bool:
    """Whether a file is there, by a name that may be no name for this system."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _odd(path: Path, item: Item | None) -> tuple[str, str] | None:
    """What is wrong with a picture, and what to do."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            size, orientation = picture.size, picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # Pillow's readers raise whatever a damaged header leads them to.
        return "the picture cannot be read.", "Save it again."
    if orientation not in (0, 1):
        return (
            f"EXIF turns the picture (orientation {orientation}): some tools show it turned, "
            "others do not.",
            "Turn the pixels, delete the tag, and draw the boxes again if they lie beside.",
        )
    if item and item.width and item.height and size != (item.width, item.height):
        swapped = size == (item.height, item.width)
        return (
            f"the picture is {size[0]} x {size[1]}, and the labels say "
            f"{item.width:g} x {item.height:g}{': swapped' if swapped else ''}.",
            "Swap width and height in the file of the labels."
            if swapped
            else "Find the picture that was labelled; scale the labels if it was resized.",
        )
    return None


@rule(
    "R27",
    "A picture without labels is in the file too",
    "warning",
    needs="pictures",
    pitfalls=("Label Studio: pictures without objects are missing from some exports",),
)
def empty_pictures_kept(export: Export) -> Iterator[Problem]:
    """Each picture of the folder is named by the labels."""
    if not export.all_pictures or export.pictures is None:
        return
    named = {path for name, item in export.names.items() if (path := find(export, name, item))}
    try:
        left = [n for n in sizes.pictures(export.pictures) if export.pictures / n not in named]
    except Unreadable:
        return
    if left:
        yield (
            Place(left[0], kind="picture"),
            f"the labels do not name {_count(left)}.",
            "Export pictures without objects too: that nothing is there is a label as well.",
        )


def _count(left: list[str]) -> str:
    first = printable(left[0])
    if len(left) == 1:
        return f"the picture {first}"
    return f"{len(left):,} pictures, the first of which is {first}"
