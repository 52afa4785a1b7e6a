"""Reading YOLO labels. Their numbers are parts of the picture's size, which the picture tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from labelschool.formats import shapes, sizes
from labelschool.formats.contract import (
    DEFAULT,
    Defect,
    OnDefect,
    Options,
    Unreadable,
    tell,
    tell_unreadable,
)
from labelschool.formats.dataset import Box, Category, Dataset, Item, Keypoints, Label, Polygon
from labelschool.formats.files import MAX_ENTRY, shown, text
from labelschool.formats.rows import LARGEST, Odd
from labelschool.formats.yolo.layout import Layout, has_classes, label_files, layout

_SAMPLE = 20
"""Label files that are looked at to tell the kinds of YOLO apart."""
_FIX = "Export the file again, or mend this row."

Parse = Callable[
    [list[float], Category, Item, Layout], tuple[Box | None, Polygon | Keypoints | None]
]


def reader(parse: Parse) -> Callable[[Path, OnDefect | None, Options], Dataset]:
    """The reader of a kind of YOLO by what it makes of the numbers after the class."""

    def read(path: Path, on_defect: OnDefect | None = None, options: Options = DEFAULT) -> Dataset:
        found = layout(path, options.pictures)
        items: dict[int | str, Item] = {}
        for key in sorted(found.labels.keys() | found.pictures.keys()):
            if item := _item(found, key, on_defect):
                items[key] = item
        return Dataset(found.categories, items, _Labels(found, items, parse, on_defect))

    return read


def _item(found: Layout, key: str, on_defect: OnDefect | None) -> Item | None:
    split, rest = found.split(key)
    try:
        if key not in found.pictures:
            raise Odd(
                "there is no picture of this name, and without its size the numbers say nothing",
                "R4",
            )
        path = found.pictures[key]
        width, height = sizes.of(path)
    except Odd as odd:
        fix = "Put the pictures into images/, or name their folder by --pictures."
        tell(on_defect, Defect(odd.rule, 0, _file(found, found.labels[key]), f"{odd}.", fix))
    except Unreadable as error:
        fix = "Save the picture again."
        tell(on_defect, Defect("R14", 0, shown(path), str(error), fix))
    else:
        return Item(key, rest + path.suffix, width, height, split)
    return None


def _file(found: Layout, name: str) -> str:
    return shown(found.root / name)


class _Labels:
    """The labels of all files, read when they are walked; defects are told on the first walk."""

    def __init__(
        self,
        found: Layout,
        items: dict[int | str, Item],
        parse: Parse,
        on_defect: OnDefect | None,
    ) -> None:
        self._found, self._items, self._parse = found, items, parse
        self._on_defect = on_defect
        self._classes = {category.id: category for category in found.categories}

    def __iter__(self) -> Iterator[Label]:
        on_defect, self._on_defect = self._on_defect, self._on_defect and (lambda defect: None)
        for key, name in self._found.labels.items():
            if item := self._items.get(key):
                yield from self._of_file(name, item, on_defect)

    def _of_file(self, name: str, item: Item, on_defect: OnDefect | None) -> Iterator[Label]:
        file = _file(self._found, name)
        try:
            rows = text(self._found.root / name, MAX_ENTRY).split("\n")
        except Unreadable as error:
            tell_unreadable(on_defect, file, error)
            return
        for number, row in enumerate(rows, 1):
            if not row or row.isspace():
                continue
            try:
                yield self._label(f"{name}:{number}", row, item)
            except Odd as odd:
                tell(on_defect, Defect(odd.rule, number, file, f"{odd}.", _FIX))

    def _label(self, id_: str, row: str, item: Item) -> Label:
        try:
            index, *values = map(float, row.split())
        except ValueError:
            raise Odd("the row has something that is no number") from None
        # Neither NaN nor infinity is below anything.
        if "_" in row or not sum(map(abs, values)) <= LARGEST:
            raise Odd("the row has something that is no number of a label")
        category = self._classes.get(index)
        if category is None:
            raise Odd(f"there is no class {index:g}", "R15")
        box, more = self._parse(values, category, item, self._found)
        if isinstance(more, Keypoints):
            return Label(id_, item.id, category, box, keypoints=more)
        return Label(id_, item.id, category, box, more)


# What the numbers after the class are ------------------------------------------------------------


def detect(values: list[float], category: Category, item: Item, found: Layout) -> tuple[Box, None]:
    """Centre and size of a box, and a score that is not kept."""
    if len(values) not in (4, 5):
        raise Odd(f"a row of boxes has 5 numbers, and this has {len(values) + 1}")
    return _box(values, item), None


def segment(
    values: list[float], category: Category, item: Item, found: Layout
) -> tuple[Box | None, Polygon | None]:
    """The points of one outline; four numbers are a box."""
    if len(values) == 4:
        return _box(values, item), None
    if len(values) % 2:
        raise Odd(f"a row of outlines has an odd number of numbers, and this has {len(values) + 1}")
    if len(values) < 6:
        raise Odd("an outline needs three points", "R9")
    points = _scaled(values, item)
    return shapes.around(points), Polygon([points])


def obb(values: list[float], category: Category, item: Item, found: Layout) -> tuple[Box, None]:
    """The four corners of a turned box."""
    if len(values) != 8:
        raise Odd(f"a row of turned boxes has 9 numbers, and this has {len(values) + 1}")
    return shapes.from_corners(_scaled(values, item)), None


def pose(
    values: list[float], category: Category, item: Item, found: Layout
) -> tuple[Box, Keypoints]:
    """Centre and size of a box, then its keypoints as ``kpt_shape`` of data.yaml tells them."""
    if not found.points:
        raise Unreadable(
            f"{shown(found.root)} has no kpt_shape in its data.yaml: add it, as [17, 3]."
        )
    count, numbers = found.points
    if len(values) != 4 + count * numbers:
        raise Odd(f"a row has {5 + count * numbers} numbers, and this has {len(values) + 1}")
    points: list[float] = []
    for start in range(4, len(values), numbers):
        x, y = values[start] * item.width, values[start + 1] * item.height
        seen = values[start + 2] if numbers == 3 else float(bool(x or y)) * 2
        points += (x, y, int(seen)) if seen == int(seen) else (x, y, seen)
    return _box(values, item), Keypoints(points[: 3 * len(category.keypoints)])


def _box(values: list[float], item: Item) -> Box:
    cx, cy, w, h = values[:4]
    w, h = w * item.width, h * item.height
    return Box(cx * item.width - w / 2, cy * item.height - h / 2, w, h)


def _scaled(values: list[float], item: Item) -> list[float]:
    sides = (item.width, item.height)
    return [value * sides[index % 2] for index, value in enumerate(values)]


# Recognising -------------------------------------------------------------------------------------


def widths(path: Path) -> tuple[set[int], bool, bool] | None:
    """How many numbers the rows of the first label files have, whether the classes are named, and
    whether keypoints are; None where it looks like no YOLO.
    """
    root = path.parent if path.suffix in (".yaml", ".yml") else path
    if not root.is_dir():
        return None
    named = has_classes(root)
    names = label_files(root)
    if not names or not (named or any("labels" in name.split("/")[:-1] for name in names)):
        return None
    found: set[int] = set()
    for name in names[:_SAMPLE]:
        try:
            rows = text(root / name, MAX_ENTRY).split("\n")[:_SAMPLE]
            found |= {len([float(value) for value in row.split()]) for row in rows if row.strip()}
        except (Unreadable, ValueError):
            continue
    if not found and not named:
        return None
    try:
        points = layout(path, None).points is not None
    except Unreadable:
        points = False
    return found, named, points
