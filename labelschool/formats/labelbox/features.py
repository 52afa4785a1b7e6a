"""What Labelbox's export and import have in common: shapes, answers, and the lines of a file."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from labelschool.formats.contract import Losses, Unreadable
from labelschool.formats.dataset import (
    Box,
    Item,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
    Span,
    Track,
    Value,
)
from labelschool.formats.files import lines, shown, walk
from labelschool.formats.pieces import CROWD, Holds, Piece
from labelschool.formats.rasters import from_png, laid_out, mask_of, png_of
from labelschool.formats.rows import (
    Odd,
    coordinates,
    joined,
    listing,
    mapping,
    number,
    parsed_line,
    string,
    whole,
)

HOLDS = Holds(rotation=False)
UNGROUPED = "tags"
"""The question whose answers are tags of no group."""

_DATA = "data:image/png;base64,"
Content = dict[str, Any]


def files(path: Path, suffixes: tuple[str, ...] = (".ndjson", ".jsonl", ".json")) -> list[Path]:
    """The files that a path stands for. Raises `Unreadable` where a folder has none."""
    found = [path] if path.is_file() else [path / name for name in walk(path, *suffixes)]
    if not found:
        raise Unreadable(f"{shown(path)} holds no NDJSON: name the file.")
    return found


def rows(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold something, with their numbers."""
    return ((number, line) for number, line in lines(file) if line.strip())


def content_of(line: str, name: str) -> Content:
    """The object on a line."""
    return mapping(parsed_line(line, name), "the line")


# Shapes -------------------------------------------------------------------------------------------


def box_of(value: Any) -> Box:
    """A box of top, left, height, width."""
    sides = mapping(value, "the box")
    left, top, width, height = (
        number(sides.get(name), name) for name in ("left", "top", "width", "height")
    )
    return Box(left, top, width, height)


def told_box(box: Box) -> Content:
    """Top, left, height and width of a box."""
    return {"top": box.y, "left": box.x, "height": box.h, "width": box.w}


def place(label: Label, content: Mapping[str, Any]) -> None:
    """Sets where a label is, by the key that its shape has."""
    if "bounding_box" in content or "bbox" in content:
        label.box = box_of(content.get("bounding_box", content.get("bbox")))
    elif "polygon" in content:
        points = _points(content["polygon"], 3)
        if len(points) > 6 and points[:2] == points[-2:]:
            del points[-2:]
        label.region = Polygon([points])
    elif "line" in content:
        label.region = Line(_points(content["line"], 1))
    elif "point" in content:
        label.region = Line(_points([content["point"]], 1))
    elif "mask" in content:
        label.region = _mask(mapping(content["mask"], "the mask"))
    elif "location" in content:
        where = mapping(content["location"], "the location")
        start, last = (whole(where.get(name), name) for name in ("start", "end"))
        label.shape = Span(start, last + 1)
    else:
        kind = content.get("annotation_kind", "of this kind")
        raise Odd(f"an object {kind} is not read")


def _points(value: Any, least: int) -> list[float]:
    points = [mapping(point, "a point") for point in listing(value, "the list of points")]
    return coordinates([[p.get("x"), p.get("y")] for p in points], "the list of points", least)


def _mask(content: Content) -> Mask:
    data = content.get("png")
    url = content.get("url", content.get("instanceURI"))
    if data is None and isinstance(url, str) and url.startswith(_DATA):
        data = url.removeprefix(_DATA)
    if data is None:
        raise Odd("the mask stands behind a URL that is not fetched; export with polygons")
    try:
        mask = from_png(base64.b64decode(string(data, "the mask")))
        return mask_of(mask, 0, 0, mask.shape[1], mask.shape[0])
    except ValueError as error:
        raise Odd(f"the mask cannot be read ({error})", "R10") from error


def shapes(piece: Piece, kind: str, losses: Losses) -> Iterator[tuple[str, Content]]:
    """A piece in the keys of an "export" or an "import", with the kind of its annotation."""
    if isinstance(piece, Box):
        key = "bounding_box" if kind == "export" else "bbox"
        yield "ImageBoundingBox", {key: told_box(piece)}
    elif isinstance(piece, Mask) and kind == "export":
        url = _DATA + base64.b64encode(png_of(laid_out(piece))).decode()
        yield "ImageSegmentationMask", {"mask": {"url": url}}
    elif isinstance(piece, Mask):
        png = base64.b64encode(png_of(laid_out(piece), 1)).decode()
        yield "ImageSegmentationMask", {"mask": {"png": png}}
    elif isinstance(piece, Keypoints):
        losses.changed("keypoints of a skeleton", "written as single points")
        for x, y, seen in zip(*(piece.values[n::3] for n in range(3)), strict=False):
            if seen:
                yield "ImagePoint", {"point": {"x": x, "y": y}}
    elif isinstance(piece, Polygon):
        points = _pairs(piece.parts[0])
        yield "ImagePolygon", {"polygon": [*points, points[0]]}
    elif len(piece.points) == 2:
        yield "ImagePoint", {"point": _pairs(piece.points)[0]}
    else:
        yield "ImagePolyline", {"line": _pairs(piece.points)}


def _pairs(points: list[float]) -> list[Content]:
    return [{"x": x, "y": y} for x, y in zip(points[0::2], points[1::2], strict=True)]


def kind_of(item: Item, labels: list[Label]) -> str:
    """Whether an item is an "image", a "video" or a "text"."""
    if item.text is not None:
        return "text"
    tracks = any(isinstance(label.shape, Track) for label in labels)
    return "video" if item.frames or tracks else "image"


# Attributes ---------------------------------------------------------------------------------------


def flag(text: str) -> Value:
    """The answer of a radio: a flag where it is true or false."""
    return text == "true" if text in ("true", "false") else text


def answered(attributes: Mapping[str, Value], crowd: bool, losses: Losses) -> dict[str, Value]:
    """Attributes as text or flags, which is all that classifications can be."""
    found: dict[str, Value] = {CROWD: True} if crowd else {}
    for name, value in attributes.items():
        found[name] = value if isinstance(value, bool | str) else str(value)
        if found[name] is not value:
            losses.changed("numbers of attributes", "written as text")
    return found


def set_attributes(label: Label, attributes: dict[str, Value]) -> None:
    """Gives a label its attributes; that of a crowd is its own."""
    label.crowd = attributes.pop(CROWD, False) is True
    label.attributes = joined(attributes)
