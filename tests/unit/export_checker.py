"""A plain check of rules R1 to R20, written without the generators: what is wrong in an export?"""

from __future__ import annotations

import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from pycocotools import mask as coco_mask

PRIVATE = re.compile(r"[\w.]+@[\w.]+\.\w+|^/|^[A-Za-z]:\\")
COCO_TYPES = {
    "id": int,
    "image_id": int,
    "category_id": int,
    "iscrowd": int,
    "area": (int, float),
    "segmentation": (list, dict),
    "attributes": dict,
}
SPAN_TYPES = {"id": str, "start": int, "end": int, "label": str, "text": str}
TRACK_TYPES = {"id": int, "track": int, "frame": int, "label": str}


def check(folder: Path) -> set[tuple]:
    """Every defect of an export as (rule, file, id)."""
    manifest = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    try:
        found = list(FORMATS[manifest["format"]](folder, manifest))
    except Unreadable as error:
        found = [("R1", error.args[0], None)]
    return set(found) | set(_common(folder, manifest))


class Unreadable(Exception):
    """The file named in the first argument cannot be parsed."""


def _common(folder, manifest):
    if not manifest.get("guideline"):
        yield "R19", "export.json", None
    split_of = {}
    for name, entry in manifest["scenes"].items():
        if split_of.setdefault(entry["scene"], entry["split"]) != entry["split"]:
            yield "R16", "export.json", name
        if PRIVATE.search(name):
            yield "R20", name, None


def _pictures(folder, names, sizes=None):
    for name in names:
        path = folder / name
        if not path.is_file():
            yield "R14", name, None
            continue
        with Image.open(path) as picture:
            turned = picture.getexif().get(0x0112, 1) != 1
            if turned or (sizes and picture.size != tuple(sizes[name])):
                yield "R14", name, None


def _coco(folder, manifest):
    path = "annotations.json"
    try:
        data = json.loads((folder / path).read_text(encoding="utf-8"))
    except ValueError:
        raise Unreadable(path) from None
    images = {image["id"]: image for image in data["images"]}
    names = {category["id"]: category["name"] for category in data["categories"]}
    sizes = {image["file_name"]: (image["width"], image["height"]) for image in data["images"]}
    yield from _pictures(folder, sizes, sizes)
    yield from (("R13", path, n) for n, name in names.items() if name not in manifest["ontology"])
    seen, rows = set(), []
    for row in data["annotations"]:
        box = row.get("bbox")
        right = all(isinstance(row.get(key), kind) for key, kind in COCO_TYPES.items())
        if not right or len(box) != 4 or not all(isinstance(value, int | float) for value in box):
            yield "R2", path, row["id"]
            continue
        if row["id"] in seen:
            yield "R3", path, row["id"]
        seen.add(row["id"])
        if row["image_id"] not in images or row["category_id"] not in names:
            yield "R4", path, row["id"]
            continue
        rows.append(row)
        image = images[row["image_id"]]
        for rule in _coco_row(row, image["width"], image["height"]):
            yield rule, path, row["id"]
        if any(PRIVATE.search(value) for value in row["attributes"].values() if value):
            yield "R20", path, row["id"]
    boxes = [(row["id"], (row["image_id"], row["category_id"]), row["bbox"]) for row in rows]
    yield from (("R12", path, wrong) for wrong in _twice(boxes))


def _coco_row(row, width, height):
    x, y, w, h = row["bbox"]
    shape = row["segmentation"]
    if w <= 0 or h <= 0:
        yield "R6"
    elif x < -0.5 or y < -0.5 or x + w > width + 0.5 or y + h > height + 0.5:
        yield "R5"
    if row["iscrowd"] not in (0, 1) or (row["iscrowd"] == 1 and isinstance(shape, list)):
        yield "R11"
    if isinstance(shape, dict):
        if sum(shape["counts"]) != width * height:
            yield "R10"
        elif abs(sum(shape["counts"][1::2]) - row["area"]) > max(1, 0.02 * row["area"]):
            yield "R7"
        return
    if not all(_simple(polygon) for polygon in shape):
        yield "R9"
        return
    if shape:
        xs = [value for polygon in shape for value in polygon[::2]]
        ys = [value for polygon in shape for value in polygon[1::2]]
        outside = min(xs) < x - 0.5 or max(xs) > x + w + 0.5
        if outside or min(ys) < y - 0.5 or max(ys) > y + h + 0.5:
            yield "R8"
        union = coco_mask.merge(coco_mask.frPyObjects(shape, height, width))
        area = int(coco_mask.area(union))
    else:
        area = w * h
    if abs(area - row["area"]) > max(1, 0.02 * area):
        yield "R7"


def _simple(polygon):
    """Whether a polygon has three corners, an area, and no two edges that cross."""
    points = list(zip(polygon[::2], polygon[1::2], strict=True))
    if len(points) < 3 or _shoelace(points) == 0:
        return False
    edges = list(pairwise([*points, points[0]]))
    return not any(_cross(*a, *b) for a, b in combinations(edges, 2))


def _shoelace(points):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]])) / 2


def _cross(a, b, c, d):
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _twice(boxes):
    for (_, group, a), (wrong, other, b) in combinations(boxes, 2):
        if group == other and _iou(a, b) > 0.95:
            yield wrong


def _iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)


def _yolo(folder, manifest):
    names = (folder / "classes.txt").read_text(encoding="utf-8").splitlines()
    yield from (
        ("R13", "classes.txt", n)
        for n, name in enumerate(names)
        if name not in manifest["ontology"]
    )
    yield from _pictures(folder, manifest["scenes"])
    for picture in manifest["scenes"]:
        path = f"labels/{Path(picture).stem}.txt"
        if not (folder / path).is_file():
            yield "R15", path, None
            continue
        rows = [line.split() for line in (folder / path).read_text(encoding="utf-8").splitlines()]
        boxes = []
        for number, (cls, *values) in enumerate(rows, 1):
            cx, cy, w, h = map(float, values)
            if int(cls) >= len(names) or not all(0 <= value <= 1 for value in (cx, cy, w, h)):
                yield "R15", path, number
            elif w <= 0 or h <= 0:
                yield "R6", path, number
            boxes.append((number, cls, (cx - w / 2, cy - h / 2, w, h)))
        yield from (("R12", path, wrong) for wrong in _twice(boxes))


def _voc(folder, manifest):
    sizes = {}
    for file in sorted((folder / "annotations").glob("*.xml")):
        path = f"annotations/{file.name}"
        try:
            root = ElementTree.fromstring(file.read_bytes())
        except ElementTree.ParseError:
            raise Unreadable(path) from None
        width, height = (int(root.findtext(f"size/{side}")) for side in ("width", "height"))
        sizes[root.findtext("filename")] = (width, height)
        boxes = []
        for number, thing in enumerate(root.iter("object"), 1):
            x1, y1, x2, y2 = (int(value.text) for value in thing.find("bndbox"))
            if x2 < x1 or y2 < y1:
                yield "R6", path, number
            elif x1 < 1 or y1 < 1 or x2 > width or y2 > height:
                yield "R5", path, number
            if thing.findtext("name") not in manifest["ontology"]:
                yield "R13", path, number
            name = thing.findtext("name").strip().lower()
            boxes.append((number, name, (x1, y1, x2 - x1 + 1, y2 - y1 + 1)))
        yield from (("R12", path, wrong) for wrong in _twice(boxes))
    yield from _pictures(folder, sizes, sizes)


def _lines(folder, path):
    try:
        return [json.loads(line) for line in (folder / path).read_bytes().decode().splitlines()]
    except ValueError:
        raise Unreadable(path) from None


def _spans(folder, manifest):
    path, seen = "texts.jsonl", set()
    for row in _lines(folder, path):
        text = row["text"]
        if any(0xD800 <= ord(letter) < 0xE000 for letter in text):
            yield "R18", path, row["id"]
        for span in row["spans"]:
            if not all(isinstance(span.get(key), kind) for key, kind in SPAN_TYPES.items()):
                yield "R2", path, span["id"]
                continue
            if span["id"] in seen:
                yield "R3", path, span["id"]
            seen.add(span["id"])
            inside = 0 <= span["start"] < span["end"] <= len(text)
            if not inside or text[span["start"] : span["end"]] != span["text"]:
                yield "R18", path, span["id"]
            if span["label"] not in manifest["ontology"]:
                yield "R13", path, span["id"]


def _tracks(folder, manifest):
    path, seen, last = "tracks.jsonl", set(), {}
    width, height = manifest["clip"]["width"], manifest["clip"]["height"]
    for row in _lines(folder, path):
        right = all(isinstance(row.get(key), kind) for key, kind in TRACK_TYPES.items())
        if not right or len(row["bbox"]) != 4:
            yield "R2", path, row["id"]
            continue
        if row["id"] in seen:
            yield "R3", path, row["id"]
        seen.add(row["id"])
        if row["frame"] <= last.get(row["track"], -1):
            yield "R17", path, row["id"]
        last[row["track"]] = row["frame"]
        x, y, w, h = row["bbox"]
        if x < 0 or y < 0 or x + w > width or y + h > height:
            yield "R5", path, row["id"]


FORMATS = {"coco": _coco, "yolo": _yolo, "voc": _voc, "spans": _spans, "tracks": _tracks}
