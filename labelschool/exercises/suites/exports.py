"""A2.b: the learner's ``export(project)``, one project as COCO and as YOLO.

A project has ``classes``, names in order, and ``pictures``: ``name``, ``width`` and ``height`` in
px, and ``boxes`` of ``label`` and ``bbox`` [x, y, width, height]. The function returns a delivery:
a dict from path to text with ``annotations.json``, ``classes.txt`` and ``labels/NAME.txt``.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended

FUNCTION = "export"
COCO, CLASSES, LABELS = "annotations.json", "classes.txt", "labels/"
SLACK = 0.5
"""Pixels by which a side may move between the two files."""

PLAIN = ("quay-01.jpg", "quay-02.jpg", "mill-01.jpg", "mill-02.jpg", "shop-01.jpg", "shop-02.jpg")
ODD = ("a.b.c.jpg", "mill road 7.jpg", "größe.png", "north/quay-01.jpg", "south/quay-01.jpg", "x.y")
UNSAFE = ("../quay-01.jpg", "/data/quay-01.jpg", "north/../../quay-01.jpg")

Project = Mapping[str, Any]
Files = Mapping[str, Any]
Row = tuple[str, list[float]]
"""The class and the box of one label, in px."""


def project(seed: int, names: Sequence[str] = PLAIN, *, over: float = 0) -> dict[str, Any]:
    """A generated project, the last picture without a box and the last class unused.

    Some boxes touch the border, and pass it by `over` px.
    """
    rng = random.Random(seed)
    classes = rng.sample(["tram", "car", "person", "bus", "van"], 4)
    pictures = []
    for number, name in enumerate(names):
        width, height = rng.choice([(640, 480), (360, 360), (480, 800), (1919, 1081)])
        boxes = []
        for _ in range(0 if number == len(names) - 1 else rng.randint(1, 5)):
            w, h = rng.uniform(6, width / 2), rng.uniform(6, height / 2)
            x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
            boxes.append({"label": rng.choice(classes[:3]), "bbox": [x, y, w, h]})
        if boxes:
            w, h = width / 3, height / 4
            boxes.append({"label": classes[0], "bbox": [-over, height - h + over, w, h]})
            boxes.append({"label": classes[1], "bbox": [width - w + over, -over, w, h]})
        pictures.append({"name": name, "width": width, "height": height, "boxes": boxes})
    return {"classes": classes, "pictures": pictures}


def unsafe(seed: int, name: str) -> dict[str, Any]:
    """A project with one name that leads out of the delivery."""
    return project(seed, (*PLAIN[:2], name, PLAIN[2]))


# What each group looks at -----------------------------------------------------------------------


class _Wrong(Exception):
    """What is wrong with a delivery, in a sentence."""


def _table(files: Files, given: Project) -> Mapping[str, Any]:
    """The COCO table, once its pictures, categories and ids are those of the project."""
    try:
        coco = json.loads(files[COCO])
        images, rows, categories = coco["images"], coco["annotations"], coco["categories"]
        listed = {image["file_name"]: (image["width"], image["height"]) for image in images}
        names = [category["name"] for category in categories]
    except KeyError as error:
        raise _Wrong(f"{COCO} is missing or lacks {error}.") from error
    except (TypeError, ValueError) as error:
        raise _Wrong(f"{COCO} cannot be read as a COCO table: {error}.") from error
    wanted = {p["name"]: (p["width"], p["height"]) for p in given["pictures"]}
    if lost := wanted.keys() - listed.keys():
        raise _Wrong(f"{COCO} does not list {min(lost)}. Pictures without boxes are listed too.")
    if listed != wanted:
        raise _Wrong(f"{COCO} names pictures or sizes that are not in the project.")
    if names != list(given["classes"]):
        raise _Wrong(
            f"The categories of {COCO} are not the classes of the project in their order. A class "
            "without boxes has its place too."
        )
    for kind, found in (("images", images), ("annotations", rows), ("categories", categories)):
        ids = [row.get("id") for row in found]
        if len(set(ids)) != len(ids) or not all(type(number) is int for number in ids):
            raise _Wrong(f"The ids of {kind} have to be whole numbers, each used once.")
    return coco


def _coco_rows(files: Files, given: Project) -> dict[str, list[Row]]:
    """The boxes of the COCO table by picture."""
    coco = _table(files, given)
    names = {row["id"]: row["name"] for row in coco["categories"]}
    pictures = {row["id"]: row["file_name"] for row in coco["images"]}
    found: dict[str, list[Row]] = {name: [] for name in pictures.values()}
    try:
        for row in coco["annotations"]:
            x, y, w, h = (float(side) for side in row["bbox"])
            if not math.isclose(row["area"], w * h, rel_tol=1e-6, abs_tol=0.01):
                raise _Wrong(f"Annotation {row['id']} has an area that is not its width x height.")
            if row["iscrowd"] != 0:
                raise _Wrong(f"Annotation {row['id']} bears iscrowd {row['iscrowd']}; none is one.")
            found[pictures[row["image_id"]]].append((names[row["category_id"]], [x, y, w, h]))
    except (KeyError, TypeError, ValueError) as error:
        what = "An annotation lacks something, or names an id that is not there"
        raise _Wrong(f"{what}: {error}.") from error
    return found


def _yolo_rows(files: Files, given: Project) -> dict[str, list[Row]]:
    """The boxes of the YOLO files by picture, in px."""
    names = str(files.get(CLASSES, "")).split("\n")
    if [name for name in names if name] != list(given["classes"]):
        raise _Wrong(f"{CLASSES} has to hold the classes in their order, one a line.")
    found: dict[str, list[Row]] = {}
    for picture in given["pictures"]:
        path = f"{LABELS}{picture['name'].rpartition('.')[0]}.txt"
        if not isinstance(files.get(path), str):
            raise _Wrong(f"{path} is missing. A picture without boxes has an empty file.")
        found[picture["name"]] = list(_lines(path, files[path], given["classes"], picture))
    if sum(path.startswith(LABELS) for path in files) != len(found):
        raise _Wrong(f"{LABELS} holds files that belong to no picture.")
    return found


def _lines(path: str, text: str, classes: Sequence[str], picture: Project) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            index, *values = line.split()
            x, y, w, h = map(float, values)
            label = classes[int(index)] if index.isdecimal() else classes[len(classes)]
        except (ValueError, IndexError) as error:
            said = f"{path}:{number}: {line!r} is no class from 0 and four numbers."
            raise _Wrong(said) from error
        if not all(0 <= share <= 1 for share in (x, y, w, h)):
            raise _Wrong(f"{path}:{number}: a number is not within 0 to 1: {line}.")
        width, height = picture["width"], picture["height"]
        yield label, [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height]


def _same(found: Mapping[str, list[Row]], right: Mapping[str, list[Row]], what: str) -> None:
    """Raises where a picture has other boxes, or one is more than `SLACK` px off."""
    for name, rows in right.items():
        left = list(found[name])
        if len(left) != len(rows):
            raise _Wrong(f"{what} has {len(left)} boxes on {name}; there are {len(rows)}.")
        for label, box in rows:
            nearest = min(left, key=lambda row: _off(row[1], box))
            left.remove(nearest)
            if (off := _off(nearest[1], box)) > SLACK:
                raise _Wrong(f"{what} has a side on {name} that is {off:.1f} px off.")
            if nearest[0] != label:
                raise _Wrong(f"{what} calls a {label} on {name} a {nearest[0]}.")


def _off(a: Sequence[float], b: Sequence[float]) -> float:
    """The farthest that two sides of boxes lie apart."""
    return max(abs(p - q) for p, q in zip(_sides(a), _sides(b), strict=True))


def _sides(box: Sequence[float]) -> tuple[float, ...]:
    x, y, w, h = box
    return x, y, x + w, y + h


def _right(given: Project) -> dict[str, list[Row]]:
    return {
        p["name"]: [(box["label"], _clipped(box["bbox"], p)) for box in p["boxes"]]
        for p in given["pictures"]
    }


def _clipped(box: Sequence[float], picture: Project) -> list[float]:
    left, top, right, bottom = _sides(box)
    left, top = max(left, 0), max(top, 0)
    return [left, top, min(right, picture["width"]) - left, min(bottom, picture["height"]) - top]


def _coco(files: Files, given: Project) -> None:
    _same(_coco_rows(files, given), _right(given), COCO)


def _yolo(files: Files, given: Project) -> None:
    _same(_yolo_rows(files, given), _right(given), "YOLO")


def _equal(files: Files, given: Project) -> None:
    _same(_yolo_rows(files, given), _coco_rows(files, given), "YOLO, compared with COCO,")


def _inside(files: Files, given: Project) -> None:
    sizes = {p["name"]: p for p in given["pictures"]}
    for name, rows in _coco_rows(files, given).items():
        for _, box in rows:
            far = max(abs(a - b) for a, b in zip(box, _clipped(box, sizes[name]), strict=True))
            if far > 1e-6:
                raise _Wrong(f"A COCO box on {name} leaves it by {far:.2f} px: cut it there.")
    _equal(files, given)


def judge(
    arguments: Sequence[Any], outcome: Outcome, *, looks: Callable[[Files, Project], None]
) -> str:
    """What one look finds wrong in a delivery; nothing where it is right."""
    (given,) = arguments
    if any(picture["name"] in UNSAFE for picture in given["pictures"]):
        if (outcome.error or "").startswith("ValueError"):
            return ""
        return "a picture's name leads out of the delivery: raise ValueError before you write."
    if wrong := ended(outcome):
        return wrong
    if not isinstance(outcome.value, dict):
        return "it has to return a dict from path to text."
    try:
        looks(outcome.value, given)
    except _Wrong as wrong:
        return str(wrong)
    return ""


def _group(name: str, looks: Callable[[Files, Project], None], *projects: Project) -> Group:
    return Group(name, FUNCTION, tuple((one,) for one in projects), partial(judge, looks=looks))


SUITE = (
    _group("A COCO table", _coco, project(51), project(52)),
    _group("YOLO files", _yolo, project(53), project(54)),
    _group("The same boxes in both", _equal, project(55), project(56)),
    _group("Boxes at the border", _inside, project(57, over=0.9), project(58, over=0.9)),
    _group(
        "Names of pictures",
        _equal,
        project(59, ODD),
        *(unsafe(60 + number, name) for number, name in enumerate(UNSAFE)),
    ),
)
