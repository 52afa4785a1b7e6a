"""Output that appears whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelschool.errors import LabelSchoolError
from labelschool.formats.contract import printable


@contextmanager
def new_folder(out: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A folder beside `out`, which takes its place when the block ends well, and else goes.

    A folder that is there and not empty is refused; with `overwrite` it is kept beside as
    ``NAME.old-1`` (or the next number). Raises `LabelSchoolError`, also for an `OSError` of the
    block.
    """
    out = out.absolute()
    if not overwrite and _taken(out):
        raise LabelSchoolError(
            f"{out} is there already: name a new folder, or add --overwrite to keep the old one "
            "beside."
        )
    made: list[Path] = []
    folder = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        made = _make_parents(out)
        folder.mkdir()
        yield folder
        _take_place(folder, out)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise LabelSchoolError(
                f"{printable(out)} cannot be written ({error.strerror or error}): check disk space "
                "and permissions."
            ) from error
        if isinstance(error, UnicodeEncodeError):
            raise LabelSchoolError(
                f"{printable(error.object)!r} holds half a character, which no file can: mend it "
                "in the source."
            ) from error
        raise


def _taken(out: Path) -> bool:
    try:
        return os.path.lexists(out) and not (out.is_dir() and not any(out.iterdir()))
    except OSError:
        return True


def _make_parents(out: Path) -> list[Path]:
    """Makes the folders above; those made, the deepest first."""
    missing = list(itertools.takewhile(lambda parent: not parent.exists(), out.parents))
    out.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _take_place(folder: Path, out: Path) -> None:
    if _taken(out):
        names = (out.with_name(f"{out.name}.old-{number}") for number in itertools.count(1))
        out.rename(next(name for name in names if not os.path.lexists(name)))
    elif out.is_dir():
        out.rmdir()
    folder.rename(out)


class Folder:
    """Writes files into a new folder, those below it included, and none twice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = f"{path}{os.sep}"
        self._known = {""}

    def put(self, name: str, content: str) -> None:
        """Writes a file by its name, which is safe (see `files.safe_name`).

        Raises `LabelSchoolError` when there is one of that name.
        """
        above = name.rpartition("/")[0]
        if above not in self._known:
            (self.path / above).mkdir(parents=True, exist_ok=True)
            self._known.add(above)
        try:
            handle = os.open(self._base + name, _NEW, 0o666)
        except FileExistsError as error:
            raise LabelSchoolError(
                f"Two pictures would share the file {printable(name)}: give them different names."
            ) from error
        try:
            data = memoryview(content.encode())
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
