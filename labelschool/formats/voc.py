"""Pascal VOC (http://host.robots.ox.ac.uk/pascal/VOC/): an XML file for each picture.

Boxes are ``xmin, ymin, xmax, ymax`` of whole pixels, which count from 1 and are all inside: a box
of one pixel in the corner is 1, 1, 1, 1. Many tools write coordinates from 0 instead, where xmax is
the right border; `Options.voc_origin` says which. ``ImageSets/Main/SPLIT.txt`` lists the pictures
of a split.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from labelschool.formats import rows, shapes, sizes, xml_files
from labelschool.formats.contract import (
    DEFAULT,
    Defect,
    Format,
    Loss,
    Losses,
    OnDefect,
    Options,
    Unreadable,
    tell,
    tell_unreadable,
)
from labelschool.formats.dataset import NONE, Box, Dataset, Item, Label, Value
from labelschool.formats.files import safe_name, shown, text, walk
from labelschool.formats.output import Folder
from labelschool.formats.rows import Odd

_FLAGS = ("truncated", "difficult", "occluded")
_FIX = "Export the file again, or mend this object."
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# Reading ----------------------------------------------------------------------------------------


def read(path: Path, on_defect: OnDefect | None = None, options: Options = DEFAULT) -> Dataset:
    """A folder with an XML file for each picture, or one such file."""
    root, names = (path, _names(path)) if path.is_dir() else (path.parent, [path.name])
    if not names:
        raise Unreadable(f"{shown(path)} holds no XML file of a picture: name their folder.")
    splits = _splits(root) if path.is_dir() else {}
    classes = rows.Classes()
    items: dict[int | str, Item] = {}
    labels: list[Label] = []
    for name in names:
        file = shown(root / name)
        try:
            tree = xml_files.tree(root / name)
        except Unreadable as error:
            tell_unreadable(on_defect if len(names) > 1 else None, file, error)
            continue
        if tree.tag != "annotation":
            tell(on_defect, Defect("R2", 0, file, "it is no VOC annotation.", "Take it out."))
            continue
        key = _key(name)
        with rows.row(on_defect, file, 0):
            items[key] = _item(tree, key, splits.get(key, ""))
        for number, found in enumerate(tree.iter("object"), 1):
            try:
                if key in items:
                    labels.append(_label(found, f"{name}:{number}", key, classes, options))
            except Odd as odd:
                tell(on_defect, Defect(odd.rule, number, file, f"{odd}.", _FIX))
    return Dataset(classes.all(), items, labels)


def _names(folder: Path) -> list[str]:
    names = list(walk(folder, ".xml"))
    proper = [name for name in names if "Annotations" in name.split("/")[:-1]]
    return proper or names


def _key(name: str) -> str:
    """The name of an XML file below its folder Annotations, without the suffix."""
    parts = name.split("/")
    if "Annotations" in parts[:-1]:
        parts = parts[parts.index("Annotations") + 1 :]
    return "/".join(parts)[: -len(".xml")]


def _splits(root: Path) -> dict[str, str]:
    """The split of each picture without suffix; lists of single classes are left out."""
    found: dict[str, str] = {}
    for name in walk(root, ".txt"):
        above, _, last = name.rpartition("/")
        split = last[: -len(".txt")]
        if above.endswith("ImageSets/Main") and split != "trainval":
            for line in text(root / name).split("\n"):
                if stem := line.rstrip("\r"):
                    found.setdefault(stem, split)
    return found


def _item(tree: Element, key: str, split: str) -> Item:
    name = tree.findtext("filename") or f"{key}.jpg"
    size = tree.find("size")
    if size is None:
        return Item(key, name, split=split)
    width = rows.number(size.findtext("width"), "the width")
    height = rows.number(size.findtext("height"), "the height")
    return Item(key, name, width, height, split)


def _label(found: Element, id_: str, item: str, classes: rows.Classes, options: Options) -> Label:
    name = found.findtext("name")
    if not name:
        raise Odd("the object has no name")
    corner = found.find("bndbox")
    if corner is None:
        raise Odd("the object has no bndbox")
    x0, y0, x1, y1 = (
        rows.number(corner.findtext(side), side) for side in ("xmin", "ymin", "xmax", "ymax")
    )
    one = options.voc_origin
    box = Box(x0 - one, y0 - one, x1 - x0 + one, y1 - y0 + one)
    attributes: dict[str, Value] = {
        flag: True for flag in _FLAGS if (found.findtext(flag) or "0").strip() not in ("0", "")
    }
    if (pose := found.findtext("pose")) and pose != "Unspecified":
        attributes["pose"] = pose
    return Label(id_, item, classes.get(name), box, attributes=attributes or NONE)


def recognise(path: Path) -> float:
    """By the root of the first XML files."""
    if not path.is_dir():
        return 0.9 if path.suffix.lower() == ".xml" and _is_voc(path) else 0
    names = _names(path)
    return 0.9 if names and any(_is_voc(path / name) for name in names[:5]) else 0


def _is_voc(path: Path) -> bool:
    return xml_files.root_tag(path) == "annotation"


# Writing ----------------------------------------------------------------------------------------


def write(dataset: Dataset, folder: Path, options: Options = DEFAULT) -> list[Loss]:
    """``Annotations/NAME.xml`` for every picture, and a list of the pictures of each split."""
    losses = Losses()
    items = sizes.known(dataset.items, options.pictures)
    dataset = Dataset(dataset.categories, items, dataset.labels, dataset.about)
    pictures = list(shapes.pictures(dataset, losses))
    objects: dict[int | str, list[str]] = {item.id: [] for item in pictures}
    names = {id(each): _text(each.name, losses) for each in dataset.categories}
    used: set[int] = set()
    corners = _from_one if options.voc_origin else _from_zero
    for label in shapes.objects(dataset, objects, options, losses):
        box = shapes.box_alone(label, losses)
        if box is None:
            continue
        x0, y0, x1, y1 = corners(box, losses)
        used.add(id(label.category))
        objects[label.item].append(
            f"\t<object>\n\t\t<name>{names[id(label.category)]}</name>\n"
            f"{_flags(label, losses) if label.attributes else _NO_FLAGS}"
            f"\t\t<bndbox>\n\t\t\t<xmin>{x0}</xmin>\n\t\t\t<ymin>{y0}</ymin>\n"
            f"\t\t\t<xmax>{x1}</xmax>\n\t\t\t<ymax>{y1}</ymax>\n\t\t</bndbox>\n\t</object>\n"
        )
    out = Folder(folder)
    splits: dict[str, list[str]] = {}
    for item in pictures:
        name = safe_name(item.name, "the source")
        stem = name.rpartition(".")[0] or name
        out.put(f"Annotations/{stem}.xml", _document(name, item, objects[item.id]))
        if item.split:
            splits.setdefault(safe_name(item.split, "the source"), []).append(f"{stem}\n")
        if item.attributes:
            losses.dropped("pictures' attributes")
    for split, stems in splits.items():
        out.put(f"ImageSets/Main/{split}.txt", "".join(stems))
    _count_lost(dataset, used, losses)
    return losses.list()


def _count_lost(dataset: Dataset, used: set[int], losses: Losses) -> None:
    unused = sum(id(each) not in used for each in dataset.categories)
    losses.dropped("classes without an object", count=unused)
    losses.dropped("notes on the whole data set", count=len(dataset.about))
    losses.dropped("classes' groups", count=sum(bool(each.group) for each in dataset.categories))


def _document(name: str, item: Item, objects: list[str]) -> str:
    return (
        f"<annotation>\n\t<filename>{escape(name)}</filename>\n"
        f"\t<size>\n\t\t<width>{item.width}</width>\n\t\t<height>{item.height}</height>\n"
        "\t\t<depth>3</depth>\n\t</size>\n\t<segmented>0</segmented>\n"
        f"{''.join(objects)}</annotation>\n"
    )


def _from_one(box: Box, losses: Losses) -> tuple[int, int, int, int]:
    """Whole pixels from 1, the last one inside."""
    x, y, w, h = box.x, box.y, box.w, box.h
    x0, y0 = math.floor(x + 0.5), math.floor(y + 0.5)
    x1, y1 = math.floor(x + w + 0.5), math.floor(y + h + 0.5)
    if x0 != x or y0 != y or x1 != x + w or y1 != y + h:
        losses.changed("boxes", "rounded to whole pixels")
    if (x1 == x0 and w > 0) or (y1 == y0 and h > 0):
        losses.changed("boxes thinner than a pixel", "widened to one")
        x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    return x0 + 1, y0 + 1, x1, y1


def _from_zero(box: Box, losses: Losses) -> tuple[float, float, float, float]:
    """Borders from 0, without the noise in the last digits of a sum."""
    return box.x, box.y, round(box.x + box.w, 4), round(box.y + box.h, 4)


_NO_FLAGS = (
    "\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n"
)


def _flags(label: Label, losses: Losses) -> str:
    """The attributes that VOC has; others are lost."""
    told = dict(label.attributes)
    pose = _text(str(told.pop("pose", "Unspecified")), losses)
    flags = {flag: int(bool(told.pop(flag, False))) for flag in _FLAGS}
    if not flags["occluded"]:
        del flags["occluded"]
    losses.dropped("labels' attributes", count=len(told))
    rest = "".join(f"\t\t<{flag}>{value}</{flag}>\n" for flag, value in flags.items())
    return f"\t\t<pose>{pose}</pose>\n{rest}"


def _text(value: str, losses: Losses) -> str:
    """A text as XML has it."""
    value, count = _NOT_XML.subn("?", value)
    losses.changed("characters that XML cannot hold", 'written as "?"', count)
    return escape(value, {"\r": "&#13;"})


FORMATS = (Format("voc", "Pascal VOC", recognise, read, write, frozenset(("boxes", "attributes"))),)
