"""A region of Label Studio's JSON as a shape of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labelschool.formats.dataset import (
    Box,
    Item,
    Keyframe,
    Label,
    Line,
    Polygon,
    Span,
    Track,
    Value,
)
from labelschool.formats.label_studio import brush
from labelschool.formats.pieces import ellipse
from labelschool.formats.rasters import mask_of
from labelschool.formats.rows import Odd, coordinates, listing, mapping, number, whole
from labelschool.formats.tracks import LATER, from_stretches


@dataclass
class Region:
    """One region: what it is, its class names, and what was answered about it."""

    value: Mapping[str, Any] = field(default_factory=dict)
    type: str = ""
    size: tuple[float, float] = (0, 0)
    turned: bool = False
    labels: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    answers: dict[str, Value] = field(default_factory=dict)


def place(label: Label, region: Region, item: Item) -> None:
    """Sets where the label is."""
    value = region.value
    if "rle" in value or "sequence" in value or "points" in value or "x" in value:
        width, height = region.size if all(region.size) else (item.width, item.height)
        if not (width and height):
            raise Odd("the region does not tell the original_width of its picture", "R14")
        _in_picture(label, region, width, height, item)
    elif "start" in value or "globalOffsets" in value:
        label.shape = _span(value, item)
    else:
        raise Odd(f"a region of the type {region.type} is not read")


def _in_picture(label: Label, region: Region, width: float, height: float, item: Item) -> None:
    value = region.value
    if "rle" in value:
        runs = listing(value["rle"], "the runs")
        try:
            mask = brush.decode(bytes(runs), int(width), int(height))
            label.region = mask_of(mask, 0, 0, int(width), int(height))
        except (TypeError, ValueError) as error:
            raise Odd(f"the brush cannot be read ({error})", "R10") from error
    elif "sequence" in value:
        label.shape = _track(value, width, height, item)
    elif "points" in value:
        least = 1 if value.get("closed") is False else 3
        flat = coordinates(value["points"], "the list of points", least)
        sides = (width, height)
        points = [length * sides[n % 2] / 100 for n, length in enumerate(flat)]
        label.region = Line(points) if value.get("closed") is False else Polygon([points])
    else:
        x, y = number(value["x"], "x") * width / 100, number(value.get("y"), "y") * height / 100
        turn = math.radians(number(value.get("rotation") or 0, "the rotation"))
        if "radiusX" in value:
            rx = number(value["radiusX"], "radiusX") * width / 100
            ry = number(value.get("radiusY"), "radiusY") * height / 100
            label.region = Polygon([ellipse(x, y, rx, ry, turn)])
            label.attributes = {"shape": "ellipse"}
        elif region.type.startswith("keypoint"):
            label.region = Line([x, y])
        else:
            label.box = _box(value, width, height)


def _box(value: Mapping[str, Any], width: float, height: float) -> Box:
    """A rectangle, which turns about its top left corner, as a box that turns about its centre."""
    x, w = (number(value.get(name), name) * width / 100 for name in ("x", "width"))
    y, h = (number(value.get(name), name) * height / 100 for name in ("y", "height"))
    turn = math.radians(number(value.get("rotation") or 0, "the rotation"))
    cos, sin = math.cos(turn), math.sin(turn)
    cx, cy = x + (w * cos - h * sin) / 2, y + (w * sin + h * cos) / 2
    return Box(cx - w / 2, cy - h / 2, w, h, turn) if turn else Box(x, y, w, h)


def _track(value: Mapping[str, Any], width: float, height: float, item: Item) -> Track:
    frames = whole(value.get("framesCount") or 0, "framesCount")
    duration = number(value.get("duration") or 0, "the duration")
    item.frames = item.frames or frames
    if frames and duration > 0:
        item.fps = item.fps or frames / duration
    seen: list[list[Keyframe]] = [[]]
    for each in listing(value["sequence"], "the sequence"):
        key = mapping(each, "a keyframe")
        frame = whole(key.get("frame"), "the frame") - 1
        seen[-1].append(Keyframe(frame, _box(key, width, height)))
        if key.get("enabled") is False:
            seen.append([])
    ended = not seen[-1]
    seen = [stretch for stretch in seen if stretch]
    if not seen:
        raise Odd("the track has no keyframes", "R17")
    return from_stretches(seen, (frames or LATER) if ended else 0)


def _span(value: Mapping[str, Any], item: Item) -> Span:
    """A span in code points. What counts in UTF-16 is known by the text that the region repeats,
    where there are characters of two units.
    """
    where = value.get("globalOffsets", value)
    start, end = (whole(mapping(where, "globalOffsets").get(n), n) for n in ("start", "end"))
    text, quoted = item.text, value.get("text")
    if text is not None and isinstance(quoted, str) and start >= 0 and text[start:end] != quoted:
        units = text.encode("utf-16-le", "surrogatepass")
        if units[2 * start : 2 * end] == quoted.encode("utf-16-le", "surrogatepass"):
            start = len(units[: 2 * start].decode("utf-16-le", "surrogatepass"))
            end = start + len(quoted)
    return Span(start, end)
