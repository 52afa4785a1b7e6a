"""Unpacking a foreign zip without harm."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path

from labelschool.formats.contract import Unreadable, printable
from labelschool.formats.files import cannot_read, opened, safe_name, shown

MAX_TOTAL = 8 << 30
"""Bytes of all files of a zip together."""
MAX_RATIO = 200
"""How many times its size a zip may unpack to, once that is more than `FREE` bytes: the labels of
a real export shrink to a tenth."""
FREE = 100 << 20
MAX_FILES = 1_000_000


def is_zip(path: Path) -> bool:
    """Whether a path is a zip file by its first bytes."""
    try:
        with opened(path) as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except Unreadable:
        return False


def unpack(path: Path, folder: Path) -> None:
    """Unpacks a zip into a folder. Raises `Unreadable` for a zip that is damaged, too large, or
    holds links, passwords or names that leave the folder.
    """
    name = shown(path)
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            _check(name, path.stat().st_size, files)
            for info in files:
                target = folder / safe_name(info.filename, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("xb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
    except FileExistsError as error:
        raise Unreadable(f"{name} holds a file twice: make the zip again.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Unreadable(f"{name} is a damaged zip: download it again.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def _check(name: str, size: int, files: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in files)
    packed = sum(info.compress_size for info in files)
    ratio = total / max(size, 1)
    if total > MAX_TOTAL or packed > size or len(files) > MAX_FILES:
        raise Unreadable(f"{name} would unpack to {total / 1e9:,.1f} GB: unpack it yourself first.")
    if total > FREE and ratio > MAX_RATIO:
        raise Unreadable(
            f"{name} would unpack to {ratio:,.0f} times its size, as a zip bomb does: ask where it "
            "comes from."
        )
    for info in files:
        if info.flag_bits & 1:
            raise Unreadable(f"{name} has a password: unpack it yourself first.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable(
                f"{name} holds the link {printable(info.filename)!r}: make the zip with the file "
                "itself."
            )
