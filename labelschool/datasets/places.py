"""Where the files of a set lie, and whether they are the ones that were shipped.

In this order: an instructor's own files in ``$LABELSCHOOL_PRIVATE/datasets/NAME``; the checkout's
`datasets/NAME`; what was fetched on this machine, in the user's data folder
(``$LABELSCHOOL_DATA`` names another). A file called ``wheel:PACKAGE/PATH`` lies inside an installed
package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from labelschool import course
from labelschool.errors import LabelSchoolError

CHECKSUMS = "SHA256SUMS"
WHEEL = "wheel:"
FETCHABLE = ("coco-val2017",)
"""Sets that can be fetched."""


class DataError(LabelSchoolError):
    """A file of a data set is missing or is not what was shipped."""


def shipped(name: str) -> Path:
    """The folder of a set in the checkout."""
    return course.root() / "datasets" / name


def private(name: str) -> Path | None:
    """The folder of an instructor's own files for a set; None where there is no private folder.

    Raises `DataError` when ``LABELSCHOOL_PRIVATE`` names no folder, so that a mistyped name never
    falls back to the published truth.
    """
    given = _named_folder("LABELSCHOOL_PRIVATE")
    return given / "datasets" / name if given else None


def fetched(name: str) -> Path:
    """The folder of a set that was fetched on this machine."""
    if given := os.environ.get("LABELSCHOOL_DATA"):
        return Path(given).absolute() / name
    import platformdirs

    return platformdirs.user_data_path("labelschool", appauthor=False) / "datasets" / name


def _named_folder(variable: str) -> Path | None:
    given = os.environ.get(variable)
    if not given:
        return None
    if not Path(given).is_absolute() or not Path(given).is_dir():
        raise DataError(f"{variable} is {given!r}, which is no folder: give its whole path.")
    return Path(given)


def folders(name: str, *, own: bool = True) -> tuple[Path, ...]:
    """The folders that hold files of a set, first come first served; ``own`` takes in those of the
    instructor. Raises `DataError` when there is none.
    """
    places = (private(name) if own else None, shipped(name), fetched(name))
    if found := tuple(place for place in places if place and place.is_dir()):
        return found
    if name in FETCHABLE:
        raise DataError(f"{name} is not on this machine: run `labelschool data fetch {name}`.")
    raise DataError(f"There is no data set {name!r}; there are {', '.join(names())}.")


def names() -> tuple[str, ...]:
    """All sets of the checkout, and those fetched on this machine."""
    roots = (course.root() / "datasets", fetched("any").parent)
    found = {path for root in roots if root.is_dir() for path in root.iterdir() if path.is_dir()}
    return tuple(sorted(path.name for path in found if (path / "truth").is_dir()))


def find(name: str, file: str, *, own: bool = True) -> Path:
    """The path of a file of a set, whether or not it exists."""
    if file.startswith(WHEEL):
        package, _, inside = file.removeprefix(WHEEL).partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise DataError(f"The package {package} is missing: run `make setup`.")
        return Path(spec.submodule_search_locations[0]) / inside
    places = folders(name, own=own)
    return next((place / file for place in places if (place / file).is_file()), places[-1] / file)


def read(name: str, file: str, *, own: bool = True) -> bytes:
    """The content of a file, compared with its checksum. Raises `DataError`."""
    if file.startswith(WHEEL):
        listing = next((p for p in folders(name, own=own) if file in checksums(p)), shipped(name))
        return _checked(find(name, file), listing, name, file)
    path = find(name, file, own=own)
    place = next(place for place in folders(name, own=own) if path.is_relative_to(place))
    return read_from(place, name, file)


def read_from(place: Path, name: str, file: str) -> bytes:
    """The content of a file in one of the `folders` of a set. Raises `DataError`."""
    return _checked(place / file, place, name, file)


def _checked(path: Path, listing: Path, name: str, file: str) -> bytes:
    """The content of a path, compared with the checksums that lie in the folder ``listing``."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{name}/{file} is missing; {_restore(name, file)}") from error
    expected = checksums(listing).get(file)
    if expected and hashlib.sha256(content).hexdigest() != expected:
        raise DataError(f"{name}/{file} is not the file that was shipped; {_restore(name, file)}")
    return content


def checksums(folder: Path) -> Mapping[str, str]:
    """Relative path -> SHA-256; empty where a folder brings none. Raises `DataError`."""
    path = folder / CHECKSUMS
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    return _checksums(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=128)
def _checksums(path: Path, _changed: int, _size: int) -> Mapping[str, str]:
    """The parsed list; the time of its last change and its size make another list of it."""
    pairs = [line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if any(len(pair) != 2 for pair in pairs):
        raise DataError(f"{path.parent.name}/{CHECKSUMS} is damaged.")
    return {file: digest for digest, file in pairs}


def verify(name: str) -> list[str]:
    """Every file of a set that is missing or changed, as sentences; empty when all is well."""
    if shipped(name).is_dir() and not (shipped(name) / CHECKSUMS).is_file():
        return [f"{name}/{CHECKSUMS} is missing; {_restore(name, CHECKSUMS)}"]
    complaints = []
    for file in sorted({file for place in folders(name) for file in checksums(place)}):
        try:
            read(name, file)
        except DataError as error:
            complaints.append(str(error))
    return complaints


def _restore(name: str, file: str) -> str:
    if (own := private(name)) and (own / file).is_file():
        return "draw or copy the instructor's files again."
    if file.startswith(WHEEL):
        return "run `make setup`, which installs the versions this course was made with."
    if shipped(name).is_dir():
        return f"restore it with `git checkout -- datasets/{name}/{file}`."
    return f"run `labelschool data fetch {name}` again."
