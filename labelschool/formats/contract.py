"""What the module of a format offers, and what readers and writers tell of.

A reader is called as ``read(path, on_defect, options)``. A row that it cannot understand it tells
by `tell`; with a callback it goes on without the row. A label that is understood and odd (a box
outside its picture, a width of 0, a wrong area) goes through as it is: `labelschool.lint` judges
it. The labels of a large file are read, and their defects told, while `Dataset.labels` is walked
for the first time.

A writer is called as ``write(dataset, folder, options)`` with a new empty folder. It returns what
the format could not hold, every kind with its count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from labelschool.errors import LabelSchoolError
from labelschool.formats.dataset import Dataset


class Unreadable(LabelSchoolError):
    """A file that cannot be read as labels, in one sentence: what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A part of a file that cannot be understood, under the number of its rule (R1 to R20). The id
    is 0 where the whole file is meant.
    """

    rule: str
    id: int | str
    file: str
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}: {printable(self.id)}" if self.id else self.file
        return f"{place}: {self.message} {self.fix}"


OnDefect = Callable[[Defect], None]


def tell(on_defect: OnDefect | None, defect: Defect) -> None:
    """Hands a defect to the callback. Raises `Unreadable` when there is none."""
    if on_defect is None:
        raise Unreadable(str(defect))
    on_defect(defect)


def tell_unreadable(on_defect: OnDefect | None, file: str, error: Unreadable) -> None:
    """Hands a file of many to the callback that cannot be read. Raises it when there is none."""
    if on_defect is None:
        raise error
    message = str(error).removeprefix(f"{file} ")
    on_defect(Defect("R1", 0, file, message, "Export this file again, or take it out."))


def printable(value: object) -> str:
    """A value out of a foreign file, short and without what would steer a terminal."""
    text = str(value)
    text = text if len(text) <= 80 else f"{text[:79]}…"
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@dataclass(frozen=True)
class Options:
    """What a reader or writer cannot know and has to be told.

    `voc_origin` is the number of the first pixel in Pascal VOC, 1 or 0. `crowd` says what becomes
    of a crowd where a format has none. `pictures` is the folder of the pictures, for formats that
    do not tell their sizes.
    """

    voc_origin: Literal[0, 1] = 1
    crowd: Literal["drop", "keep"] = "drop"
    pictures: Path | None = None


DEFAULT = Options()


Action = Literal["dropped", "changed"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a format could not hold, in the plural ("rotated boxes"), and what became of it
    ("written as enclosing boxes"), so many times.
    """

    what: str
    became: str
    count: int
    action: Action = "changed"

    def __str__(self) -> str:
        return f"{self.count:,} {self.what} {self.became}"


class Losses:
    """Counts losses by kind while a writer meets them."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, Action], int] = {}

    def dropped(self, what: str, became: str = "dropped", count: int = 1) -> None:
        """Something that is not in the output."""
        self._add((what, became, "dropped"), count)

    def changed(self, what: str, became: str, count: int = 1) -> None:
        """Something that the output has in another form."""
        self._add((what, became, "changed"), count)

    def _add(self, kind: tuple[str, str, Action], count: int) -> None:
        if count:
            self._counts[kind] = self._counts.get(kind, 0) + count

    def list(self) -> list[Loss]:
        """All losses, in the order in which their kinds were met."""
        return [
            Loss(what, became, count, action)
            for (what, became, action), count in self._counts.items()
        ]


@dataclass(frozen=True)
class Format:
    """One format: its `name` as the command takes it, its `title` for people, and what it `holds`.

    `recognise` gives 0 for what is certainly not of the format up to 1 for what certainly is, from
    a look at the start of a file or at the names in a folder. `read` or `write` is None where the
    format goes one way alone.
    """

    name: str
    title: str
    recognise: Callable[[Path], float]
    read: Callable[[Path, OnDefect | None, Options], Dataset] | None
    write: Callable[[Dataset, Path, Options], list[Loss]] | None
    holds: frozenset[str] = frozenset()


def as_json(losses: list[Loss]) -> list[Mapping[str, Any]]:
    """Losses as a JSON list, an object each."""
    return [
        {"what": loss.what, "became": loss.became, "count": loss.count, "action": loss.action}
        for loss in losses
    ]
