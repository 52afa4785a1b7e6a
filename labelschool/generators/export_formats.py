"""Exports of a small project in five formats, in the state in which a check finds nothing.

An export is a folder. ``export.json`` tells its format, the guideline, the ontology and, for every
picture, text or clip, its scene and split. Beside it lie:

* ``coco``: ``annotations.json``; category ids have gaps, run lengths are uncompressed;
* ``yolo``: ``classes.txt`` and ``labels/NAME.txt`` with rows of class, centre, width and height;
* ``voc``: ``annotations/NAME.xml``, pixels counted from 1, last pixel included;
* ``spans``: ``texts.jsonl``, spans in code points, end exclusive, with the words they cover;
* ``tracks``: ``tracks.jsonl``, a row for each box of a track, at the size that ``clip`` names;
* ``images/`` for the formats that have pictures.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ONTOLOGY = ("car", "van", "truck", "bus", "person")
CATEGORY_IDS = dict(zip(ONTOLOGY, (1, 3, 4, 7, 12), strict=True))
SPAN_LABELS = ("PER", "ORG", "LOC", "PRODUCT", "DATE")
GUIDELINES = {"spans": "G6.v1", "tracks": "G4.v1"}
FORMATS = ("coco", "yolo", "voc", "spans", "tracks")
SIZES = ((96, 72), (120, 90), (128, 96))
FRAMES = 12

_COLOURS = {
    "car": (196, 84, 70), "van": (86, 128, 184), "truck": (222, 170, 78), "bus": (96, 156, 110),
    "person": (128, 98, 160), "crowd": (160, 140, 150),
}  # fmt: skip
_SENTENCES = (
    ("{ORG} moved its office to {LOC} {DATE} 🚚.", {"ORG": "Varlo Freight", "LOC": "Östrand"}),
    ("👋 {PER} of {ORG} will call you {DATE}.", {"PER": "Noë Talbrik", "ORG": "Marrun Foods"}),
    (
        "My {PRODUCT} broke in {LOC}: 😡 help, {PER}!",
        {"PRODUCT": "Zuvva lamp", "PER": "Ilse Voddu"},
    ),
    ("No names here, only a plain line of text.", {}),
)
_FILL = {"DATE": ("on Monday", "last week", "on 3 May"), "LOC": ("Tarn", "Ebbik", "Old Sorra")}


@dataclass(slots=True)
class Picture:
    """A small picture: size in px, coloured polygons, and the EXIF orientation if it has one."""

    size: tuple[int, int]
    shapes: list[tuple[str, list[int]]] = field(default_factory=list)
    orientation: int | None = None


@dataclass(slots=True)
class Export:
    """One export before it is written: documents by path, each in the structure of its format."""

    format: str
    manifest: dict[str, Any]
    documents: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    """Files written as they are instead of the document of that path."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a scene; ``shape`` is box, corner, split or crowd."""

    label: str
    bbox: tuple[int, int, int, int]
    shape: str


def build(name: str, rng: random.Random) -> Export:
    """A valid export of a format, with what checks are often wrong about: an empty picture, a
    border touched or passed by less than half a pixel, parts, a crowd, close neighbours, emoji.
    """
    if name in ("spans", "tracks"):
        return _spans(rng) if name == "spans" else _tracks(rng)
    scenes = [_scene(rng, empty=number == 3) for number in range(4)]
    export = Export(name, _manifest(name, rng, [f"images/street-{n}.png" for n in range(1, 5)]))
    for path, (size, things) in zip(export.manifest["scenes"], scenes, strict=True):
        colours = ["crowd" if thing.shape == "crowd" else thing.label for thing in things]
        shapes = [
            (colour, outline)
            for colour, thing in zip(colours, things, strict=True)
            for outline in _outlines(thing)
        ]
        export.pictures[path] = Picture(size, shapes)
    writer = {"coco": _coco, "yolo": _yolo, "voc": _voc}[name]
    export.documents |= writer(export.pictures, [things for _, things in scenes])
    return export


def save(export: Export, folder: Path) -> None:
    """Write an export as files."""
    files = {"export.json": _json(export.manifest)}
    files |= {path: serialised(path, data) for path, data in export.documents.items()}
    files |= {path: _drawn(path, picture) for path, picture in export.pictures.items()}
    for path, content in (files | export.raw).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _manifest(name: str, rng: random.Random, members: list[str]) -> dict[str, Any]:
    splits = ["train", "train", "val", "test"]
    return {
        "format": name,
        "guideline": GUIDELINES.get(name, "G1.v1"),
        "ontology": list(SPAN_LABELS if name == "spans" else ONTOLOGY),
        "scenes": {
            member: {"scene": f"{rng.getrandbits(32):08x}", "split": split}
            for member, split in zip(members, splits, strict=False)
        },
    }


def _scene(rng: random.Random, *, empty: bool) -> tuple[tuple[int, int], list[Thing]]:
    """A size and four objects in the quarters of the picture, the first close to a second one."""
    width, height = rng.choice(SIZES)
    if empty:
        return (width, height), []
    w, h = width // 2 - 8, height // 2 - 8
    shapes = ["box", "corner", "split", "crowd"]
    places = [(width - w, 0), (4, 4), (4, height // 2), (width // 2 + 4, height // 2 + 2)]
    things = []
    for shape, (x, y) in zip(shapes, places, strict=True):
        label = "person" if shape == "crowd" else rng.choice(ONTOLOGY[:4])
        things.append(Thing(label, (x, y, w, h), shape))
    first = things[0]
    things.append(Thing(first.label, (width - w - 6, 2, w, h), "box"))
    return (width, height), things


def _outlines(thing: Thing) -> list[list[int]]:
    """The polygons of a thing, corners at whole pixels."""
    x, y, w, h = thing.bbox
    right, bottom, third = x + w, y + h, w // 3
    if thing.shape == "corner":
        middle = y + h // 2
        corners = [x, y, right, y, right, middle, x + third, middle, x + third, bottom, x, bottom]
        return [corners]
    if thing.shape != "split":
        return [[x, y, right, y, right, bottom, x, bottom]]
    return [
        [x, y, x + third, y, x + third, bottom, x, bottom],
        [right - third, y, right, y, right, bottom, right - third, bottom],
    ]


def _coco(pictures: Mapping[str, Picture], scenes: list[list[Thing]]) -> dict[str, Any]:
    images, rows = [], []
    for number, ((path, picture), things) in enumerate(
        zip(pictures.items(), scenes, strict=True), 1
    ):
        width, height = picture.size
        images.append({"id": number * 10, "file_name": path, "width": width, "height": height})
        for thing in things:
            x, y, w, h = thing.bbox
            row = {
                "id": len(rows) + 101,
                "image_id": number * 10,
                "category_id": CATEGORY_IDS[thing.label],
                "iscrowd": int(thing.shape == "crowd"),
                "attributes": {"occluded": 0},
            }
            if thing.shape == "box":
                w += 0.4 if x + w == width else 0
                row |= {"bbox": [x, y, w, h], "area": w * h, "segmentation": []}
            elif thing.shape == "crowd":
                runs = [x * height + y, h, *[height - h, h] * (w - 1)]
                runs.append(width * height - sum(runs))
                rle = {"size": [height, width], "counts": runs}
                row |= {"bbox": [x, y, w, h], "area": w * h, "segmentation": rle}
            else:
                third, half = w // 3, h // 2
                area = w * half + third * (h - half) if thing.shape == "corner" else 2 * third * h
                row |= {"bbox": [x, y, w, h], "area": area, "segmentation": _outlines(thing)}
            rows.append(row)
    categories = [{"id": number, "name": name} for name, number in CATEGORY_IDS.items()]
    return {"annotations.json": {"images": images, "annotations": rows, "categories": categories}}


def _yolo(pictures: Mapping[str, Picture], scenes: list[list[Thing]]) -> dict[str, Any]:
    files: dict[str, Any] = {"classes.txt": list(ONTOLOGY)}
    for (path, picture), things in zip(pictures.items(), scenes, strict=True):
        width, height = picture.size
        files[f"labels/{Path(path).stem}.txt"] = [
            [
                ONTOLOGY.index(t.label),
                (x + w / 2) / width,
                (y + h / 2) / height,
                w / width,
                h / height,
            ]
            for t in things
            for x, y, w, h in [t.bbox]
        ]
    return files


def _voc(pictures: Mapping[str, Picture], scenes: list[list[Thing]]) -> dict[str, Any]:
    files = {}
    for (path, picture), things in zip(pictures.items(), scenes, strict=True):
        files[f"annotations/{Path(path).stem}.xml"] = {
            "filename": path,
            "size": picture.size,
            "objects": [
                {"name": t.label, "box": [x + 1, y + 1, x + w, y + h]}
                for t in things
                for x, y, w, h in [t.bbox]
            ],
        }
    return files


def _spans(rng: random.Random) -> Export:
    rows = []
    for pattern, words in rng.sample(_SENTENCES, len(_SENTENCES)):
        filled = {label: rng.choice(options) for label, options in _FILL.items()} | words
        text, spans, rest = "", [], pattern
        while "{" in rest:
            before, rest = rest.split("{", 1)
            label, rest = rest.split("}", 1)
            start = len(text) + len(before)
            text += before + filled[label]
            number = f"s{sum(len(row['spans']) for row in rows) + len(spans) + 1}"
            span = {"id": number, "start": start, "end": len(text), "label": label}
            spans.append(span | {"text": filled[label]})
        rows.append({"id": f"text-{len(rows) + 1}", "text": text + rest, "spans": spans})
    manifest = _manifest("spans", rng, [row["id"] for row in rows])
    return Export("spans", manifest, {"texts.jsonl": rows})


def _tracks(rng: random.Random) -> Export:
    manifest = _manifest("tracks", rng, ["clip-1"])
    width, height = rng.choice(SIZES)
    manifest["clip"] = {"width": width, "height": height, "frames": FRAMES}
    rows = []
    for track in range(1, 4):
        label, y = rng.choice(ONTOLOGY), height * (track - 1) // 4
        for frame in range(rng.randrange(3), FRAMES - rng.randrange(3)):
            if track == 2 and frame in (5, 6):
                continue
            box = [frame * width // 24, y, width // 4, height // 4]
            row = {"id": len(rows) + 1, "track": track, "frame": frame, "label": label, "bbox": box}
            rows.append(row)
    return Export("tracks", manifest, {"tracks.jsonl": rows})


def serialised(path: str, data: Any) -> bytes:
    """A document as the bytes of its file."""
    if path.endswith(".jsonl"):
        return b"".join(json.dumps(row).encode() + b"\n" for row in data)
    if path.endswith(".json"):
        return _json(data)
    if path.endswith(".xml"):
        return _xml(data)
    rows = (
        row if isinstance(row, str) else " ".join(f"{value:.6g}" for value in row) for row in data
    )
    return "".join(f"{row}\n" for row in rows).encode()


def _json(data: Any) -> bytes:
    rows = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in data.items())
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def _xml(data: Mapping[str, Any]) -> bytes:
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = data["filename"]
    size = ElementTree.SubElement(root, "size")
    for name, value in zip(("width", "height", "depth"), (*data["size"], 3), strict=True):
        ElementTree.SubElement(size, name).text = str(value)
    for thing in data["objects"]:
        element = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(element, "name").text = thing["name"]
        box = ElementTree.SubElement(element, "bndbox")
        for name, value in zip(("xmin", "ymin", "xmax", "ymax"), thing["box"], strict=True):
            ElementTree.SubElement(box, name).text = str(value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8") + b"\n"


def _drawn(path: str, picture: Picture) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", picture.size, (198, 202, 206))
    draw = ImageDraw.Draw(image)
    for colour, outline in picture.shapes:
        draw.polygon(outline, _COLOURS[colour])
    content = io.BytesIO()
    if path.endswith(".png"):
        image.save(content, "PNG", optimize=True)
    else:
        exif = Image.Exif()
        exif[0x0112] = picture.orientation or 1
        image.save(content, "JPEG", quality=85, exif=exif)
    return content.getvalue()
