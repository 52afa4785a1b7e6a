"""Renaming, merging and leaving out classes on the way from one format to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from labelschool.formats.contract import Loss, Unreadable, printable
from labelschool.formats.dataset import Category, Dataset, Label
from labelschool.formats.files import shown, text

MAX_BYTES = 4 << 20


def read(path: Path) -> dict[str, str | None]:
    """New name by old name, None for a class to leave out, from YAML or JSON. Raises `Unreadable`.

    ``Car: car`` renames, two old names with one new name merge, ``sign: null`` leaves out.
    """
    try:
        found = yaml.safe_load(text(path, MAX_BYTES))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(f"{shown(path)} is not valid YAML: write it again.") from error
    if not isinstance(found, dict) or not all(
        isinstance(old, str) and (new is None or (isinstance(new, str) and new))
        for old, new in found.items()
    ):
        raise Unreadable(
            f"{shown(path)} is no class map: write a line `old name: new name` for each class, in "
            "quotes where a name is a number or yes or no, and null to leave a class out."
        )
    return found


class Mapped:
    """A dataset with other classes. Those of the map come first, in its order; the rest keep their
    names and come after. A class keeps its id where no two are merged into it.
    """

    def __init__(self, dataset: Dataset, names: Mapping[str, str | None], file: str) -> None:
        known = {category.name for category in dataset.categories}
        if unknown := [name for name in names if name not in known]:
            raise Unreadable(
                f"{file} maps {printable(unknown[0])!r}, which is no class of the source: it has "
                f"{printable(', '.join(sorted(known)))}."
            )
        self._labels = dataset.labels
        self._categories: dict[int, Category | None] = {}
        self._made: dict[str, Category] = {}
        order = list(names)
        place = {name: number for number, name in enumerate(order)}
        for category in sorted(
            dataset.categories, key=lambda each: place.get(each.name, len(order))
        ):
            new = names.get(category.name, category.name)
            self._categories[id(category)] = (
                new if new is None else self._made.setdefault(new, replace(category, name=new))
            )
        self._left_out: dict[str, int] = {}
        self.dataset = Dataset(list(self._made.values()), dataset.items, self, dataset.about)

    def __iter__(self) -> Iterator[Label]:
        self._left_out.clear()
        for label in self._labels:
            category = self._categories[id(label.category)]
            if category is None:
                name = label.category.name
                self._left_out[name] = self._left_out.get(name, 0) + 1
            else:
                yield replace(label, category=category)

    def left_out(self) -> list[Loss]:
        """The labels left out on the last walk, by class."""
        return [
            Loss(f"labels of {printable(name)!r}", "left out by the class map", count, "dropped")
            for name, count in self._left_out.items()
        ]
