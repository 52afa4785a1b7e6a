"""Safe reading of foreign files: names, folders and text. JSON, XML and zip have modules beside.

Whatever is wrong with a file is told as `Unreadable`, and no file takes more memory than the limit
it is read with.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from labelschool.formats.contract import Unreadable, printable

CHUNK = 1 << 20
MAX_ENTRY = 32 << 20
"""Bytes or characters of one entry of a file: a line, an element of a list."""
MAX_FILE = 256 << 20
"""Bytes of a file that is read as a whole."""

_DRIVE = re.compile("[A-Za-z]:")
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def shown(path: Path) -> str:
    """A path as messages name it: whole, and without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in path.as_posix())


# Names ------------------------------------------------------------------------------------------


def safe_name(name: str, file: str) -> str:
    """A file name out of a foreign `file`, once it is known to stay below any folder.

    Raises `Unreadable` for a name that is absolute, goes up by "..", or holds a backslash, a drive
    or a NUL.
    """
    if (
        not name
        or not name.isprintable()
        or "\\" in name
        or name[0] == "/"
        or _DRIVE.match(name)
        or (".." in name and ".." in name.split("/"))
    ):
        raise Unreadable(
            f"{file}: the file name {printable(name)!r} is not used, as it may leave its folder: "
            'name files relative to the pictures\' folder, with "/" and letters alone.'
        )
    return name


def inside(folder: Path, name: str, file: str) -> Path:
    """The path of a file of a folder by its name. Raises `Unreadable` when it is elsewhere."""
    path = folder / safe_name(name, file)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _leaves(path)
    return path


def _leaves(path: Path) -> Unreadable:
    return Unreadable(
        f"{shown(path)} is a link that leaves its folder: put the file itself in its place."
    )


# Folders ----------------------------------------------------------------------------------------


def walk(folder: Path, *suffixes: str) -> Iterator[str]:
    """The names of all files below a folder, in order and with "/" between folders, of those with
    one of the `suffixes`; hidden files and folders are not among them.

    Raises `Unreadable` for a folder that cannot be read, and for links that leave it or lead to
    folders.
    """
    root = folder.resolve()
    yield from _walk(folder, "", root, tuple(suffix.lower() for suffix in suffixes))


def _walk(folder: Path, below: str, root: Path, suffixes: tuple[str, ...]) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except NotADirectoryError as error:
        raise Unreadable(f"{shown(folder)} is no folder: name the folder of the files.") from error
    except OSError as error:
        raise cannot_read(folder, error) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            raise _leaves(Path(entry.path))
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{below}{entry.name}/", root, suffixes)
        elif entry.is_dir():
            raise Unreadable(
                f"{shown(Path(entry.path))} is a link to a folder: put the folder in its place."
            )
        elif not suffixes or entry.name.lower().endswith(suffixes):
            yield below + entry.name


# Content ----------------------------------------------------------------------------------------


def cannot_read(path: Path, error: OSError) -> Unreadable:
    """What went wrong with a file or folder, as a sentence."""
    if isinstance(error, FileNotFoundError):
        return Unreadable(f"{shown(path)} does not exist: check the name.")
    if isinstance(error, PermissionError):
        return Unreadable(f"{shown(path)} may not be read: ask for the permission to read it.")
    if isinstance(error, IsADirectoryError):
        return Unreadable(f"{shown(path)} is a folder where a file should be.")
    return Unreadable(f"{shown(path)} cannot be read ({error.strerror or error}).")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file for reading. Raises `Unreadable`, also for an error while it is read."""
    try:
        # Without `O_NONBLOCK` a pipe would keep the reader waiting for ever.
        with open(path, "rb", opener=_open) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unreadable(f"{shown(path)} is no file: name a file.")
            yield stream
    except ValueError as error:
        if "null byte" not in str(error):
            raise
        raise Unreadable(f"{shown(path)} is no name of a file.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def content(path: Path, limit: int = MAX_FILE) -> bytes:
    """A whole file of at most `limit` bytes. Raises `Unreadable`."""
    with opened(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(
            f"{shown(path)} is larger than {limit >> 20} MB: split it into smaller files."
        )
    return data


def text(path: Path, limit: int = MAX_FILE) -> str:
    """A whole file as text, without a byte order mark. Raises `Unreadable`."""
    data = content(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error) from error


def chunks(path: Path) -> Iterator[str]:
    """A file of any size as pieces of text, without a byte order mark. Raises `Unreadable`."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with opened(path) as stream:
        first = None
        while data := stream.read(CHUNK):
            first = data if first is None else first
            try:
                piece = decoder.decode(data)
            except UnicodeDecodeError as error:
                raise _not_utf8(path, first, error) from error
            if piece:
                yield piece
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise _not_utf8(path, first or b"", error) from error


def _not_utf8(path: Path, start: bytes, error: UnicodeDecodeError) -> Unreadable:
    kind = "UTF-16" if start.startswith(_OTHER_MARKS) else "no UTF-8"
    return Unreadable(f"{shown(path)} is {kind}: save it as UTF-8 text.")


def lines(path: Path, limit: int = MAX_ENTRY) -> Iterator[tuple[int, str]]:
    r"""The lines of a file of any size with their numbers from 1, without "\n" and "\r\n".

    Raises `Unreadable`, also for a line of more than `limit` characters.
    """
    number, parts, size = 1, [], 0
    for piece in chunks(path):
        *full, rest = piece.split("\n")
        for line in full:
            yield number, ("".join([*parts, line]) if parts else line).removesuffix("\r")
            number, parts, size = number + 1, [], 0
        parts.append(rest)
        size += len(rest)
        if size > limit:
            raise Unreadable(
                f"{shown(path)}: line {number} is longer than {limit >> 20} MB, which no label "
                "is: export the file again."
            )
    if last := "".join(parts):
        yield number, last.removesuffix("\r")
