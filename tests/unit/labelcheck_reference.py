"""A right answer to exercise 3.H: the command `labelcheck` with all twenty rules."""

import argparse
import json
import re
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

FIX = {
    "R1": "Export this file again.",
    "R2": "Write every field in the type that the format names.",
    "R3": "Give each entry an id of its own.",
    "R4": "List the picture and the category, or remove the annotation.",
    "R5": "Cut the box at the border of its picture.",
    "R6": "Remove the box or draw it again.",
    "R7": "Compute the area from the mask.",
    "R8": "Compute the box from the polygon.",
    "R9": "Draw the outline again.",
    "R10": "Encode the mask again at the size of the picture.",
    "R11": "Use 0 for a polygon and 1 for run lengths.",
    "R12": "Remove one of the two.",
    "R13": "Write the name as the ontology does.",
    "R14": "Put the picture there, at its size, upright.",
    "R15": "Divide by the size of the picture; keep an empty file for an empty picture.",
    "R16": "Move all pictures of a scene into one split.",
    "R17": "Sort the rows of a track; keep one box a frame.",
    "R18": "Count code points, not bytes or UTF-16 units.",
    "R19": "Name the version of the guideline.",
    "R20": "Take names, addresses and paths out.",
}
WARNINGS = {"R16", "R19"}
PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|^/|^~|^[A-Za-z]:[\\/]")
COCO = {
    "id": int,
    "image_id": int,
    "category_id": int,
    "iscrowd": int,
    "area": (int, float),
    "bbox": list,
    "segmentation": (list, dict),
}
SPAN = {"id": str, "start": int, "end": int, "label": str, "text": str}
TRACK = {"id": int, "track": int, "frame": int, "label": str, "bbox": list}


class CannotRead(Exception):
    """The delivery cannot be read at all."""


class Check:
    """One delivery, and what was found in it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.findings = []
        try:
            self.manifest = json.loads((self.folder / "export.json").read_text("utf-8"))
            self.rules = getattr(self, self.manifest["format"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CannotRead(f"{folder}/export.json: {error}") from error

    def found(self, rule, file, id, message):
        severity = "warning" if rule in WARNINGS else "error"
        finding = {"rule": rule, "severity": severity, "file": file, "id": id}
        self.findings.append(finding | {"message": message, "fix": FIX[rule]})

    def run(self):
        self.provenance()
        self.rules()
        return self.findings

    def parsed(self, name, parse):
        """A file's content, or None and a finding."""
        try:
            return parse((self.folder / name).read_bytes())
        except (OSError, ValueError, ElementTree.ParseError) as error:
            self.found("R1", name, None, f"cannot be read: {error}")
            return None

    def provenance(self):
        if not self.manifest.get("guideline"):
            self.found("R19", "export.json", None, "no guideline is named")
        split_of = {}
        for name, entry in self.manifest.get("scenes", {}).items():
            first = split_of.setdefault(entry["scene"], entry["split"])
            if first != entry["split"]:
                said = f"its scene is in {first} and in {entry['split']}"
                self.found("R16", "export.json", name, said)
            if PRIVATE.search(name):
                self.found("R20", name, None, "the name tells who or where")

    def typed(self, row, types, file):
        wrong = [key for key, kind in types.items() if not isinstance(row.get(key), kind)]
        box = row.get("bbox", [0, 0, 0, 0])
        if not wrong and (len(box) != 4 or not all(isinstance(v, int | float) for v in box)):
            wrong = ["bbox"]
        if wrong:
            self.found("R2", file, row.get("id"), f"{wrong[0]} is missing or of another type")
        return not wrong

    def unique(self, row, seen, file):
        if row["id"] in seen:
            self.found("R3", file, row["id"], "the id is used twice")
        seen.add(row["id"])

    def inside(self, box, size, file, id):
        """R5 and R6; whether the box has an area."""
        x, y, w, h = box
        if w <= 0 or h <= 0:
            self.found("R6", file, id, f"the box is {w:g} x {h:g}")
            return False
        out = max(-x, -y, x + w - size[0], y + h - size[1])
        if out > 0.5:
            self.found("R5", file, id, f"the box leaves its picture by {out:g} px")
        return True

    def twice(self, boxes, file):
        for (_, group, a), (id, other, b) in combinations(boxes, 2):
            if group == other and iou(a, b) > 0.95:
                self.found("R12", file, id, "the same box stands there twice")

    def named(self, name, file, id):
        if name not in self.manifest["ontology"]:
            self.found("R13", file, id, f"{name!r} is not in the ontology")

    def pictures(self, sizes):
        for name, size in sizes.items():
            try:
                with Image.open(self.folder / name) as picture:
                    upright = picture.getexif().get(0x0112, 1) == 1
                    seen = picture.size
            except OSError:
                self.found("R14", name, None, "the picture is missing or damaged")
                continue
            if not upright:
                self.found("R14", name, None, "EXIF turns the picture")
            elif size and seen != tuple(size):
                self.found("R14", name, None, f"it is {seen}, the labels say {tuple(size)}")

    def coco(self):
        file = "annotations.json"
        data = self.parsed(file, json.loads)
        if data is None:
            return
        images = {image["id"]: image for image in data["images"]}
        names = {category["id"]: category["name"] for category in data["categories"]}
        self.pictures({i["file_name"]: (i["width"], i["height"]) for i in images.values()})
        for id, name in names.items():
            self.named(name, file, id)
        seen, boxes = set(), []
        for row in data["annotations"]:
            if not self.typed(row, COCO, file):
                continue
            self.unique(row, seen, file)
            attributes = row.get("attributes") or {}
            if any(PRIVATE.search(str(value)) for value in attributes.values()):
                self.found("R20", file, row["id"], "an attribute tells who or where")
            if row["image_id"] not in images or row["category_id"] not in names:
                self.found("R4", file, row["id"], "its picture or category is not listed")
                continue
            image = images[row["image_id"]]
            if self.inside(row["bbox"], (image["width"], image["height"]), file, row["id"]):
                self.shape(row, image, file)
                boxes.append((row["id"], (row["image_id"], row["category_id"]), row["bbox"]))
        self.twice(boxes, file)

    def shape(self, row, image, file):
        shape, id = row["segmentation"], row["id"]
        x, y, w, h = row["bbox"]
        if row["iscrowd"] not in (0, 1) or (row["iscrowd"] == 1) != isinstance(shape, dict):
            self.found("R11", file, id, f"iscrowd is {row['iscrowd']}")
            return
        area = w * h
        if isinstance(shape, dict):
            if sum(shape["counts"]) != image["width"] * image["height"]:
                self.found("R10", file, id, "the run lengths do not fill the picture")
                return
            area = sum(shape["counts"][1::2])
        elif shape:
            if not all(simple(points(polygon)) for polygon in shape):
                self.found("R9", file, id, "the outline has no area or crosses itself")
                return
            xs, ys = zip(*(point for polygon in shape for point in points(polygon)), strict=True)
            out = max(x - min(xs), y - min(ys), max(xs) - x - w, max(ys) - y - h)
            if out > 0.5:
                self.found("R8", file, id, f"the outline passes the box by {out:g} px")
            area = sum(abs(shoelace(points(polygon))) for polygon in shape)
        if abs(row["area"] - area) > max(1, 0.02 * area):
            self.found("R7", file, id, f"area is {row['area']:g}, the mask has {area:g}")

    def yolo(self):
        names = self.parsed("classes.txt", lambda content: content.decode().splitlines())
        for number, name in enumerate(names or []):
            self.named(name, "classes.txt", number)
        self.pictures(dict.fromkeys(self.manifest["scenes"]))
        for picture in self.manifest["scenes"]:
            file = f"labels/{Path(picture).stem}.txt"
            if not (self.folder / file).is_file():
                self.found("R15", file, None, "a picture without objects has an empty file")
                continue
            rows = self.parsed(file, lambda content: content.decode().splitlines())
            boxes = []
            for number, row in enumerate(rows or [], 1):
                try:
                    index, x, y, w, h = map(float, row.split())
                except ValueError:
                    self.found("R2", file, number, "it is no class and four numbers")
                    continue
                shares = all(0 <= value <= 1 for value in (x, y, w, h))
                if not shares or index not in range(len(names or [])):
                    self.found("R15", file, number, "a class or a share is out of range")
                elif w <= 0 or h <= 0:
                    self.found("R6", file, number, f"the box is {w:g} x {h:g}")
                else:
                    boxes.append((number, index, (x - w / 2, y - h / 2, w, h)))
            self.twice(boxes, file)

    def voc(self):
        sizes = {}
        for path in sorted((self.folder / "annotations").glob("*.xml")):
            file = f"annotations/{path.name}"
            root = self.parsed(file, ElementTree.fromstring)
            if root is None:
                continue
            size = tuple(int(root.findtext(f"size/{side}")) for side in ("width", "height"))
            sizes[root.findtext("filename")] = size
            boxes = []
            for number, thing in enumerate(root.iter("object"), 1):
                name, corners = thing.findtext("name"), thing.find("bndbox")
                self.named(name, file, number)
                left, top, right, bottom = (
                    float(corners.findtext(side)) for side in ("xmin", "ymin", "xmax", "ymax")
                )
                box = (left - 1, top - 1, right - left + 1, bottom - top + 1)
                if self.inside(box, size, file, number):
                    boxes.append((number, name.strip().lower(), box))
            self.twice(boxes, file)
        self.pictures(sizes)

    def rows(self, file):
        return self.parsed(
            file, lambda content: [json.loads(line) for line in content.decode().splitlines()]
        )

    def spans(self):
        file, seen = "texts.jsonl", set()
        for row in self.rows(file) or []:
            text = row["text"]
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                self.found("R18", file, row["id"], "the text holds half a character")
            for span in row["spans"]:
                if not self.typed(span, SPAN, file):
                    continue
                self.unique(span, seen, file)
                self.named(span["label"], file, span["id"])
                within = 0 <= span["start"] < span["end"] <= len(text)
                if not within or text[span["start"] : span["end"]] != span["text"]:
                    self.found("R18", file, span["id"], "the offsets do not hold its words")

    def tracks(self):
        file, seen, last = "tracks.jsonl", set(), {}
        size = self.manifest["clip"]["width"], self.manifest["clip"]["height"]
        for row in self.rows(file) or []:
            if not self.typed(row, TRACK, file):
                continue
            self.unique(row, seen, file)
            self.named(row["label"], file, row["id"])
            self.inside(row["bbox"], size, file, row["id"])
            if row["frame"] <= last.get(row["track"], -1):
                self.found("R17", file, row["id"], "its frame does not follow")
            last[row["track"]] = row["frame"]


def points(polygon):
    return list(zip(polygon[::2], polygon[1::2], strict=True))


def shoelace(corners):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*corners, corners[0]])) / 2


def simple(corners):
    """Whether an outline has three corners, an area, and no two edges that cross."""
    if len(corners) < 3 or abs(shoelace(corners)) < 1e-9:
        return False
    return not any(cross(*a, *b) for a, b in combinations(pairwise([*corners, corners[0]]), 2))


def cross(a, b, c, d):
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)


def place(finding):
    return finding["rule"], finding["file"]


def new(findings, baseline):
    """The findings of a rule in a file that has more of them than the baseline knows."""
    known, now = Counter(map(place, baseline)), Counter(map(place, findings))
    return [finding for finding in findings if now[place(finding)] > known[place(finding)]]


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="labelcheck")
    parser.add_argument("folder")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--report", type=Path)
    given = parser.parse_args(arguments)
    try:
        check = Check(given.folder)
        known = json.loads(given.baseline.read_text("utf-8")) if given.baseline else []
    except (CannotRead, OSError, ValueError) as error:
        print(f"labelcheck: {error}", file=sys.stderr)
        return 2
    findings = check.run()
    left = new(findings, known)
    if given.report:
        given.report.write_text(json.dumps(findings, indent=1), "utf-8")
    for finding in left:
        print("{rule} {severity} {file} {id}: {message}. {fix}".format(**finding))
    print(f"{given.folder}: {len(findings)} findings, {len(findings) - len(left)} of them known")
    if any(finding["rule"] == "R1" for finding in findings):
        return 2
    return 1 if left else 0


if __name__ == "__main__" and "__file__" in globals():
    sys.exit(main())
