"""Where a YOLO data set has its classes, its labels and its pictures.

Three layouts are in use: ``images/`` beside ``labels/``, each with a folder for each split or
without; a folder for each split with ``images/`` and ``labels/`` in it; and labels beside the
pictures. A label file and its picture have the same path but for "labels", "images" and the suffix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from labelschool.formats import sizes
from labelschool.formats.contract import Unreadable, printable
from labelschool.formats.dataset import Category
from labelschool.formats.files import shown, text, walk

MAX_CLASSES_FILE = 4 << 20
_TABLES = ("data.yaml", "dataset.yaml", "data.yml")
_LISTS = ("classes.txt", "obj.names", "labels/classes.txt", "data/obj.names", "labels.txt")
_NO_LABELS = {"classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt", "test.txt"}
_NO_SPLITS = {"path", "names", "nc", "kpt_shape", "kpt_names", "flip_idx", "download", "roboflow"}
_SPLITS = ("train", "val", "valid", "test")


@dataclass
class Layout:
    """A data set as it lies on disk: label files and pictures by their common key."""

    root: Path
    categories: list[Category]
    points: tuple[int, int] | None
    """Keypoints of an object and numbers of a keypoint, 2 or 3."""
    labels: dict[str, str]
    pictures: dict[str, Path] = field(default_factory=dict)
    splits: dict[str, str] = field(default_factory=dict)
    """The split by the start of a key."""

    def split(self, key: str) -> tuple[str, str]:
        """The split of a key, and the rest of it."""
        first, _, rest = key.partition("/")
        for start, name in self.splits.items():
            if rest and start == first:
                return name, rest
        if not self.splits and rest and first in _SPLITS:
            return first, rest
        return "", key


def layout(path: Path, pictures: Path | None) -> Layout:
    """The layout of a folder, or of the folder around a ``data.yaml``. Raises `Unreadable`."""
    root = path.parent if path.suffix in (".yaml", ".yml") else path
    table = _table(path if path != root else root)
    labels = {_key(name, "labels"): name for name in label_files(root)}
    if not labels:
        raise Unreadable(f"{shown(root)} holds no label file: name the folder above labels/.")
    found = Layout(root, _categories(root, table), _points(table, root), labels)
    found.splits = _splits(table)
    _name_keypoints(found, table)
    where = pictures or root
    for name in sizes.pictures(where):
        found.pictures.setdefault(_key(name, "images"), where / name)
    return found


def label_files(root: Path) -> list[str]:
    """The names of the label files: those in folders named labels where there are such."""
    names = [name for name in walk(root, ".txt") if name not in _LISTS]
    proper = [name for name in names if "labels" in name.split("/")[:-1]]
    return proper or [n for n in names if n.rpartition("/")[2].lower() not in _NO_LABELS]


def has_classes(root: Path) -> bool:
    """Whether a file with the names of the classes is there."""
    return any((root / name).is_file() for name in (*_TABLES, *_LISTS))


def _key(name: str, folder: str) -> str:
    """A name without its suffix and without the last folder that is called `folder`."""
    *above, last = name.split("/")
    if folder in above:
        place = len(above) - 1 - above[::-1].index(folder)
        del above[place]
    return "/".join([*above, last.rpartition(".")[0] or last])


def _table(path: Path) -> Mapping[str, Any]:
    """What data.yaml holds; empty where there is none."""
    if path.is_dir():
        path = next((path / name for name in _TABLES if (path / name).is_file()), path)
        if path.is_dir():
            return {}
    try:
        table = yaml.safe_load(text(path, MAX_CLASSES_FILE))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(f"{shown(path)} is not valid YAML: write it again.") from error
    if not isinstance(table, dict) or "names" not in table:
        raise Unreadable(f"{shown(path)} has no names: list the classes in their order.")
    return table


def _categories(root: Path, table: Mapping[str, Any]) -> list[Category]:
    if not table:
        return [Category(index, name) for index, name in enumerate(_listed(root))]
    names = table["names"]
    pairs = list(names.items() if isinstance(names, dict) else enumerate(names or ()))
    for index, name in pairs:
        if type(index) is not int or not isinstance(name, str):
            raise Unreadable(
                f"{shown(root)}: class {printable(index)} of data.yaml is {printable(name)!r}: "
                "give each class a number from 0 and a name in quotes."
            )
    count = table.get("nc", len(pairs))
    if count != len(pairs):
        raise Unreadable(
            f"{shown(root)}: data.yaml says nc: {printable(count)} and names {len(pairs)} classes: "
            "find out which is right, since the labels have numbers alone."
        )
    return [Category(index, name) for index, name in pairs]


def _listed(root: Path) -> list[str]:
    for name in _LISTS:
        if (root / name).is_file():
            lines = text(root / name, MAX_CLASSES_FILE).replace("\r\n", "\n").split("\n")
            while lines and not lines[-1].strip():
                lines.pop()
            return lines
    raise Unreadable(
        f"{shown(root)} does not say what its classes are called: put a data.yaml or a classes.txt "
        "with a name in each line beside the labels."
    )


def _points(table: Mapping[str, Any], root: Path) -> tuple[int, int] | None:
    shape = table.get("kpt_shape")
    if shape is None:
        return None
    match shape:
        case [int() as count, (2 | 3) as numbers] if 0 < count <= 1000:
            return count, numbers
    raise Unreadable(f"{shown(root)}: kpt_shape of data.yaml is no [count, 2 or 3]: mend it.")


def _name_keypoints(found: Layout, table: Mapping[str, Any]) -> None:
    """Names from ``kpt_names``, a list for each class, else numbers from 0."""
    if not found.points:
        return
    told = table.get("kpt_names")
    for category in found.categories:
        names = told.get(category.id) if isinstance(told, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            names = [str(number) for number in range(found.points[0])]
        category.keypoints = tuple(names)


def _splits(table: Mapping[str, Any]) -> dict[str, str]:
    """Split by folder, of the entries of data.yaml that are neither lists of files nor known."""
    found: dict[str, str] = {}
    for split, value in table.items():
        folders = value if isinstance(value, list) else [value]
        for folder in folders:
            if split in _NO_SPLITS or not isinstance(folder, str) or folder.endswith(".txt"):
                continue
            parts = [part for part in folder.split("/") if part not in ("", ".", "..", "images")]
            if parts:
                found.setdefault(parts[-1], str(split))
    return found
