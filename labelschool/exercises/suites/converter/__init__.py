"""2.J: the learner's ``coco_to_yolo``, ``yolo_to_coco`` and ``coco_to_voc`` on generated data.

Every function gets what is to be converted and ``pictures``, which tells of each file the stored
width and height in px and its EXIF orientation (1 to 8). Boxes are in pixels of the picture as it
is shown. Whatever a case is made for, its category ids have gaps, its pictures stand in folders
and its boxes lie in no order, so that a basic slip shows in every group.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended
from labelschool.exercises.suites.converter.converted import (
    KEYS,
    Found,
    Sizes,
    Wrong,
    from_coco,
    from_voc,
    from_yolo,
)

SEED = 2
CASES = 3
"""Data sets in each group."""
TOLERANCE = 0.5 + 1e-6
"""Pixels by which each side of a box may differ."""
NAMES = ("car", "van", "truck", "bus", "person", "cyclist", "traffic light")
SIDES = (240, 375, 640, 1242, 1920, 3024)
TURNED = (5, 6, 7, 8)
"""EXIF orientations that lay a picture on its side."""

Json = dict[str, Any]
Boxes = Mapping[str, Sequence[Found]]


# Cases ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A data set in COCO's form, with what its files say of themselves."""

    coco: Json
    pictures: Json

    @property
    def boxes(self) -> dict[str, list[Found]]:
        """The boxes of each picture, those of crowds left out."""
        files = {image["id"]: image["file_name"] for image in self.coco["images"]}
        names = {entry["id"]: entry["name"] for entry in self.coco["categories"]}
        found: dict[str, list[Found]] = {name: [] for name in files.values()}
        for entry in self.coco["annotations"]:
            if not entry["iscrowd"]:
                box = Found(names[entry["category_id"]], *entry["bbox"])
                found[files[entry["image_id"]]].append(box)
        return found

    @property
    def is_ambiguous(self) -> bool:
        """Whether two entries of one list share an id."""
        return any(len({e["id"] for e in self.coco[key]}) < len(self.coco[key]) for key in KEYS)


def shown(picture: Mapping[str, int]) -> tuple[int, int]:
    """Width and height of a picture as it is shown."""
    sides = (picture["width"], picture["height"])
    return sides[::-1] if picture["orientation"] in TURNED else sides


def made(
    seed: str, *, empty: bool = False, turned: bool = False, crowds: int = 0, twice: str = ""
) -> Case:
    """A data set by seed: with a picture without objects, with pictures that lie on their side,
    with so many crowds, or with one id of `twice` used twice.
    """
    chance = random.Random(f"{SEED}/{seed}")
    categories = [
        {"id": number, "name": name}
        for number, name in zip(
            chance.sample(range(1, 91), 4), chance.sample(NAMES, 4), strict=True
        )
    ]
    coco: Json = {"images": [], "annotations": [], "categories": categories}
    pictures = {}
    for number, image_id in enumerate(chance.sample(range(1, 10_000), 4)):
        name = f"{('north', 'south')[number % 2]}/{number // 2:04}.v2.jpg"
        width, height = chance.sample(SIDES, 2)
        orientation = (chance.choice(TURNED) if number else 3) if turned else 1
        pictures[name] = {"width": width, "height": height, "orientation": orientation}
        image = {"id": image_id, "file_name": name, "width": width, "height": height}
        coco["images"].append(image)
        if not (empty and number == 2):
            size = shown(pictures[name])
            coco["annotations"] += [
                _object(chance, image_id, categories, size) for _ in range(chance.randint(1, 5))
            ]
    for entry in chance.sample(coco["annotations"], crowds):
        entry["iscrowd"] = 1
    chance.shuffle(coco["annotations"])
    for number, entry in enumerate(coco["annotations"]):
        entry["id"] = 100 + 7 * number
    if twice:
        coco[twice][-1]["id"] = coco[twice][0]["id"]
    return Case(coco, pictures)


def _object(
    chance: random.Random, image_id: int, categories: Sequence[Json], size: tuple[int, int]
) -> Json:
    x, y = (round(chance.uniform(0, side - 40), 2) for side in size)
    w, h = (round(chance.uniform(8, side - at), 2) for side, at in zip(size, (x, y), strict=True))
    category = chance.choice(categories)["id"]
    bbox, area = [x, y, w, h], round(w * h, 2)
    return {
        "image_id": image_id,
        "category_id": category,
        "bbox": bbox,
        "area": area,
        "iscrowd": 0,
    }


def as_yolo(case: Case) -> Json:
    """The case as a right ``coco_to_yolo`` returns it, its files in another order."""
    names = [entry["name"] for entry in case.coco["categories"]]
    files = {}
    for name, boxes in reversed(case.boxes.items()):
        width, height = shown(case.pictures[name])
        rows = [
            f"{names.index(box.name)} {(box.x + box.w / 2) / width:.7f} "
            f"{(box.y + box.h / 2) / height:.7f} {box.w / width:.7f} {box.h / height:.7f}\n"
            for box in boxes
        ]
        files[renamed(name, ".txt")] = "".join(rows)
    return {"names": names, "files": files, "lost": []}


def renamed(name: str, suffix: str) -> str:
    """The name of a picture's label file."""
    return str(PurePosixPath(name).with_suffix(suffix))


# Judges -----------------------------------------------------------------------------------------

REFUSE = (
    "two entries share an id, so no reader can know which is meant. Raise ValueError; do not "
    "choose one."
)


def _to_labels(
    read: Callable[[Json, Sizes], dict[str, list[Found]]], suffix: str
) -> Callable[[Sequence[Any], Outcome], str]:
    """The judge of a function from COCO to files of labels, which `read` understands."""

    def judge(arguments: Sequence[Any], outcome: Outcome) -> str:
        case, given = Case(*arguments), outcome.value
        refused = (outcome.error or "").startswith("ValueError")
        if case.is_ambiguous:
            return "" if refused else REFUSE
        crowds = {entry["id"] for entry in case.coco["annotations"] if entry["iscrowd"]}
        if crowds and refused:
            return ""
        if wrong := ended(outcome):
            return wrong
        if not isinstance(given, dict) or not isinstance(given.get("files"), dict):
            return 'it has to return a dict with "files", a dict from file name to text.'
        sizes = {renamed(name, suffix): shown(p) for name, p in case.pictures.items()}
        wanted = {renamed(name, suffix): boxes for name, boxes in case.boxes.items()}
        wrong = _files(given["files"], sizes) or _silent(given.get("lost"), crowds)
        try:
            return wrong or _compared(read(given, sizes), wanted, sizes, spare=len(crowds))
        except Wrong as error:
            return str(error)

    return judge


def _files(files: Json, sizes: Sizes) -> str:
    """What is wrong with the names of files; a picture without objects has one too."""
    if missing := sorted(set(sizes) - set(files)):
        return (
            f"there is no {missing[0]}. Every picture gets a file, an empty one too; the folder "
            "and all dots but the last belong to its name."
        )
    if extra := sorted(set(files) - set(sizes)):
        return f"{extra[0]} belongs to no picture."
    return ""


def _silent(lost: Any, crowds: set[int]) -> str:
    """What is wrong with the ids of what could not be held."""
    named = {entry for entry in lost if isinstance(entry, int)} if isinstance(lost, list) else set()
    if silent := sorted(crowds - named):
        return (
            f'annotation {silent[0]} is a crowd and "lost" does not name it. The target has no '
            "iscrowd, so a group goes on as one object or disappears: name its id, or raise "
            "ValueError."
        )
    if extra := sorted(named - crowds):
        return f'"lost" names annotation {extra[0]}, which the target can hold.'
    return ""


def _back(arguments: Sequence[Any], outcome: Outcome) -> str:
    """The judge of ``yolo_to_coco``."""
    yolo, pictures = arguments
    sizes = {name: shown(picture) for name, picture in pictures.items()}
    rows = from_yolo(yolo, {renamed(name, ".txt"): size for name, size in sizes.items()})
    wanted = {name: rows[renamed(name, ".txt")] for name in pictures}
    if wrong := ended(outcome):
        return wrong
    try:
        return _compared(from_coco(outcome.value, sizes), wanted, sizes)
    except Wrong as error:
        return str(error)


def _compared(found: Boxes, wanted: Boxes, sizes: Sizes, spare: int = 0) -> str:
    """The first difference between boxes; so many of those found may be crowds that were kept."""
    for name, boxes in wanted.items():
        left = list(found[name])
        for box in boxes:
            match = next((other for other in left if other.near(box, TOLERANCE)), None)
            if match is None:
                return f"{name}: {_slip(box, left, *sizes[name])}"
            left.remove(match)
        spare -= len(left)
    return "" if spare >= 0 else "there are more boxes than the data set has."


def _slip(box: Found, given: Sequence[Found], width: int, height: int) -> str:
    """What to say where no box of `given` is this one."""

    def there(tolerance: float = TOLERANCE, **sides: float) -> bool:
        made = replace(box, **sides)
        return any(one.near(made, tolerance) for one in given)

    x, y, w, h, turn = box.x, box.y, box.w, box.h, width / height
    if there(x=x - w / 2, y=y - h / 2):
        return "this is the corner where the centre belongs."
    if there(x=x + w / 2, y=y + h / 2):
        return "this is the centre where the corner belongs."
    if there(x=x * turn, y=y / turn, w=w * turn, h=h / turn):
        return "you divided by the wrong side, or by the size before the picture is turned."
    if there(x=x / turn, y=y * turn, w=w / turn, h=h * turn):
        return "you multiplied by the wrong side, or by the size before the picture is turned."
    if there(x=x - 1, y=y - 1):
        return "VOC counts pixels from 1. Add 1 to all four numbers that you would count from 0."
    if there(x=x - 1, y=y - 1, w=w + 1, h=h + 1):
        return "VOC counts pixels from 1: add 1 to xmin and ymin. xmax and ymax are right."
    if there(w=w + 1, h=h + 1):
        return "the last pixel lies inside the box: xmax and ymax are one too large."
    if there(tolerance=4):
        return "a box is off by more than half a pixel. Do not round before the end."
    if any(replace(one, name=box.name).near(box, TOLERANCE) for one in given):
        return f"a {box.name} came out under another name. Look at the ids of the categories."
    return f"a {box.name} is missing, or lies elsewhere."


# The groups -------------------------------------------------------------------------------------

_PLAIN = tuple({} for _ in range(CASES))
_TRAITS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "boxes and classes": _PLAIN,
    "pictures without objects": ({"empty": True},) * CASES,
    "pictures on their side": ({"turned": True},) * CASES,
    "crowds": ({"crowds": 1}, {"crowds": 2}, {}),
    "an id used twice": (*({"twice": part} for part in KEYS), {}),
}
"""Groups by name. Whoever refuses everything is right in none: each has a case to convert."""


def _cases(name: str, traits: Sequence[Mapping[str, Any]]) -> tuple[Case, ...]:
    return tuple(made(f"{name}/{number}", **each) for number, each in enumerate(traits))


def _from_coco(target: str, function: str, judge: Callable[..., str]) -> list[Group]:
    """The groups of a function from COCO to files of labels."""
    return [
        Group(
            f"{target}: {name}",
            function,
            tuple((case.coco, case.pictures) for case in _cases(f"{target}/{name}", traits)),
            judge,
        )
        for name, traits in _TRAITS.items()
    ]


def _to_coco(name: str, *, turned: bool = False) -> Group:
    cases = _cases(f"back/{name}", ({"empty": True, "turned": turned},) * CASES)
    calls = tuple((as_yolo(case), case.pictures) for case in cases)
    return Group(f"Back to COCO: {name}", "yolo_to_coco", calls, _back)


SUITE = (
    *_from_coco("YOLO", "coco_to_yolo", _to_labels(from_yolo, ".txt")),
    _to_coco("boxes, ids, empty pictures"),
    _to_coco("pictures on their side", turned=True),
    *_from_coco("VOC", "coco_to_voc", _to_labels(from_voc, ".xml")),
)
