"""Files of the real tools: read into one model, written from it, and what is lost told by name.

dataset = formats.read(Path("instances_val2017.json"))
losses = formats.write(dataset, Path("out"), "yolo")
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

from labelschool.errors import LabelSchoolError
from labelschool.formats import archives, output
from labelschool.formats.contract import (
    DEFAULT,
    Defect,
    Format,
    Loss,
    Losses,
    OnDefect,
    Options,
    Unreadable,
)
from labelschool.formats.dataset import Dataset
from labelschool.formats.files import chunks, shown
from labelschool.formats.files import opened as regular

__all__ = [
    "DEFAULT",
    "Dataset",
    "Defect",
    "Format",
    "Loss",
    "Losses",
    "OnDefect",
    "Options",
    "Unreadable",
    "by_name",
    "known",
    "opened",
    "read",
    "recognise",
    "write",
]

_MODULES = (
    *("coco", "yolo", "voc", "cvat", "label_studio", "labelbox", "supervisely"),
    *("kitti", "conll", "jsonl"),
)
"""The modules of formats; each has `FORMATS`, a tuple of `Format`."""


@cache
def known() -> dict[str, Format]:
    """All formats by name."""
    modules = (import_module(f"labelschool.formats.{name}") for name in _MODULES)
    return {each.name: each for module in modules for each in module.FORMATS}


def by_name(name: str) -> Format:
    """A format by the name that the command takes. Raises `LabelSchoolError`."""
    if name not in known():
        raise LabelSchoolError(f"There is no format {name!r}; there is {', '.join(known())}.")
    return known()[name]


def recognise(path: Path) -> Format:
    """The format of a file or folder. Raises `Unreadable` when it looks like none or like two."""
    if not path.is_dir():
        with regular(path):
            pass
    readable = [each for each in known().values() if each.read]
    scores = {each: each.recognise(path) for each in readable}
    best = max(scores.values(), default=0)
    found = [each for each, score in scores.items() if score == best]
    if not best:
        if not path.is_dir():
            next(chunks(path), None)
        names = ", ".join(each.name for each in readable)
        raise Unreadable(
            f"{shown(path)} looks like none of the formats {names}: say which one it is by --from."
        )
    if len(found) > 1:
        names = " or ".join(each.name for each in found)
        raise Unreadable(f"{shown(path)} may be {names}: say which one it is by --from.")
    return found[0]


def read(
    path: Path,
    format: str | None = None,
    on_defect: OnDefect | None = None,
    options: Options = DEFAULT,
) -> Dataset:
    """The items and labels of a file, a folder or a zip, whose format is recognised if not named.

    With a callback, what cannot be understood is told to it and left out. Raises `Unreadable`.
    """
    with ExitStack() as place:
        path = place.enter_context(opened(path))
        chosen = by_name(format) if format else recognise(path)
        if not chosen.read:
            raise Unreadable(f"{chosen.title} is written and never read: name another format.")
        dataset = chosen.read(path, on_defect, options)
        weakref.finalize(dataset, place.pop_all().close)
    return dataset


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The path of a file or folder; of a zip, the place where it is unpacked for the time being."""
    if not archives.is_zip(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="labelschool-") as place:
        archives.unpack(path, Path(place))
        yield _single(Path(place))


def _single(folder: Path) -> Path:
    """What a zip is about: a lone file or folder in it, or all of it."""
    found = [path for path in folder.iterdir() if path.name != "__MACOSX"]
    if len(found) != 1:
        return folder
    return _single(found[0]) if found[0].is_dir() else found[0]


def write(
    dataset: Dataset,
    out: Path,
    format: str,
    options: Options = DEFAULT,
    *,
    strict: bool = False,
    overwrite: bool = False,
) -> list[Loss]:
    """Writes a dataset into a new folder; what the format could not hold.

    Raises `LabelSchoolError` and leaves nothing behind when something goes wrong, and when `strict`
    and anything is lost.
    """
    chosen = by_name(format)
    if not chosen.write:
        raise LabelSchoolError(f"{chosen.title} is read and never written: name another format.")
    with output.new_folder(out, overwrite=overwrite) as folder:
        losses = chosen.write(dataset, folder, options)
        if strict and losses:
            told = "; ".join(map(str, losses))
            raise LabelSchoolError(
                f"Nothing was written, as {chosen.title} cannot hold all: {told}."
            )
    return losses
