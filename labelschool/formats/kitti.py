"""KITTI object labels: a text file for each picture in ``label_2/``, a line for each object.

A line has type, truncated (0 to 1), occluded (0 to 3), alpha, the box as left, top, right, bottom
in px from 0, height, width, length in metres, the x, y, z of the middle of the lower face in the
camera's coordinates (x right, y down, z forward), rotation_y, and for results a score. What is not
known is -1, -10 or -1000. DontCare is a region in which nobody labelled. As in the readme of the
object development kit, https://www.cvlibs.net/datasets/kitti/eval_object.php.

The model has axes as sensors have them (x forward, y left, z up), here with the origin of the
camera: (x, y, z) = (z, -x, -y + height / 2) and yaw = -rotation_y - pi / 2.
"""

from __future__ import annotations

import math
from pathlib import Path

from labelschool.formats.contract import Format, Loss, Losses, OnDefect, Options, Unreadable
from labelschool.formats.dataset import Box, Cuboid, Dataset, Item, Label, Value
from labelschool.formats.files import inside, lines, safe_name, shown, walk
from labelschool.formats.output import Folder
from labelschool.formats.pieces import by_item, count_unused
from labelschool.formats.rows import Classes, Odd, number, row
from labelschool.formats.shapes import bounds, lost

DONT_CARE = "DontCare"
LABELS = "label_2"
PICTURE = ".png"
"""The suffix of KITTI's pictures, which its label files do not tell."""

FIELDS = 15
UNKNOWN = {"truncated": -1.0, "occluded": -1, "alpha": -10.0}
"""The attributes that each line has, with the value of what is not known."""

_NO_PLACE = "-1 -1 -1 -1000 -1000 -1000 -10"


def recognise(path: Path) -> float:
    """1 for a folder label_2, 0.9 for a text whose first line has KITTI's fields."""
    if path.is_dir():
        found = path.name == LABELS or any((path / LABELS).glob("**/*.txt"))
        return float(found and bool(_sources(path)))
    return 0.9 if path.suffix.lower() == ".txt" and _has_fields(path) else 0.0


def _has_fields(path: Path) -> bool:
    try:
        for _, line in lines(path):
            fields = line.split()
            if fields:
                return len(fields) in (FIELDS, FIELDS + 1) and _is_number(fields[4])
    except Unreadable:
        pass
    return False


def _is_number(text: str) -> bool:
    try:
        number(text, "a field")
    except Odd:
        return False
    return True


def _sources(path: Path) -> list[str]:
    """The label files of a folder, by their names within it."""
    names = list(walk(path, ".txt"))
    labels = [name for name in names if LABELS in name.split("/")[:-1]]
    return labels if labels else (names if path.name == LABELS else [])


# Reading ------------------------------------------------------------------------------------------


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The boxes and cuboids of one label file or of all of a folder."""
    names = [path.name] if path.is_file() else _sources(path)
    folder = path.parent if path.is_file() else path
    if not names:
        raise Unreadable(f"{shown(path)} holds no {LABELS}: name the folder that has it.")
    classes, items, labels = Classes(), {}, []
    for name in names:
        steps = name.split("/")
        at = steps.index(LABELS) if LABELS in steps[:-1] else -1
        split = steps[at - 1] if at > 0 else ""
        stem = "/".join(steps[at + 1 :]).removesuffix(".txt")
        item = Item(len(items) + 1, safe_name(stem + PICTURE, shown(path)), split=split)
        items[item.id] = item
        file = inside(folder, name, shown(path))
        for place, line in lines(file):
            if line.strip():
                with row(on_defect, shown(file), f"line {place}"):
                    labels.append(_label(line.split(), len(labels) + 1, item, classes))
    return Dataset(classes.all(), items, labels)


def _label(fields: list[str], id: int, item: Item, classes: Classes) -> Label:
    if len(fields) not in (FIELDS, FIELDS + 1):
        raise Odd(f"the line has {len(fields)} fields and not {FIELDS}")
    values = [number(field, "a field") for field in fields[1:]]
    left, top, right, bottom = values[3:7]
    attributes: dict[str, Value] = {
        name: value
        for (name, none), value in zip(UNKNOWN.items(), values, strict=False)
        if value != none
    }
    if len(values) == FIELDS:
        attributes["score"] = values[-1]
    label = Label(id, item.id, classes.get(fields[0]), crowd=fields[0] == DONT_CARE)
    label.attributes = attributes
    if right > left or bottom > top or values[7] <= 0:
        label.box = Box(left, top, right - left, bottom - top)
    height, width, length, x, y, z, turn = values[7:14]
    if min(height, width, length) > 0:
        yaw = math.remainder(-turn - math.pi / 2, math.tau)
        label.shape = Cuboid((z, -x, height / 2 - y), (length, width, height), yaw)
    return label


# Writing ------------------------------------------------------------------------------------------


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``label_2/NAME.txt`` for each picture, in a folder of its split where it has one."""
    losses = Losses()
    labels = by_item(dataset, losses)
    count_unused(dataset, losses)
    out = Folder(folder)
    (folder / LABELS).mkdir()
    for item in dataset.items.values():
        if item.text is not None or item.frames:
            losses.dropped("texts" if item.text is not None else "clips")
            losses.dropped("labels of texts and clips", count=len(labels[item.id]))
            continue
        losses.dropped("attributes of items", count=len(item.attributes))
        if item.width or item.height:
            losses.dropped("sizes of pictures")
        stem, dot, suffix = item.name.rpartition(".")
        if dot + suffix != PICTURE:
            losses.dropped("suffixes of file names", f"read as {PICTURE}")
        rows = [line for label in labels[item.id] if (line := _line(label, losses))]
        split = f"{item.split.replace('/', '_')}/" if item.split else ""
        out.put(f"{split}{LABELS}/{stem if dot else item.name}.txt", "".join(rows))
    return losses.list()


def _line(label: Label, losses: Losses) -> str:
    cuboid = label.shape if isinstance(label.shape, Cuboid) else None
    if cuboid is None and lost(label, losses):
        return ""
    if label.box is not None and label.box.angle:
        losses.changed("rotated boxes", "written as enclosing boxes")
    if label.region is not None or label.keypoints is not None:
        losses.changed("outlines and keypoints", "written as enclosing boxes")
    box = bounds(label) or Box(0, 0, 0, 0)
    known = {**UNKNOWN, **label.attributes}
    flags = [known.pop(name) for name in UNKNOWN]
    score = known.pop("score", None)
    named = zip(flags, UNKNOWN.values(), strict=True)
    kept = [flag if _is_measure(flag) else none for flag, none in named]
    odd = [value for value in (*flags, score) if value is not None and not _is_measure(value)]
    losses.dropped("attributes", count=len(known) + len(odd))
    edges = (box.x, box.y, box.x + box.w, box.y + box.h)
    fields = [_kind(label, losses), *map(_shown, (*kept, *edges))]
    fields.append(_place(cuboid) if cuboid else _NO_PLACE)
    if score is not None and _is_measure(score):
        fields.append(_shown(score))
    return " ".join(fields) + "\n"


def _is_measure(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(label: Label, losses: Losses) -> str:
    if label.crowd:
        if label.category.name != DONT_CARE:
            losses.changed("crowds", f"written as {DONT_CARE}, without their class")
        return DONT_CARE
    name = "_".join(label.category.name.split()) or "_"
    if name != label.category.name:
        losses.changed("labels whose class has spaces", 'written with "_"')
    return name


def _place(cuboid: Cuboid) -> str:
    (x, y, z), (length, width, height) = cuboid.center, cuboid.size
    turn = math.remainder(-cuboid.yaw - math.pi / 2, math.tau)
    return " ".join(map(_shown, (height, width, length, -y, height / 2 - z, x, turn)))


def _shown(value: Value) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


FORMATS = (
    Format(
        "kitti", "KITTI labels", recognise, read, write, frozenset(("boxes", "cuboids", "crowds"))
    ),
)
