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
from functools import cache
from pathlib import Path

from labelschool import course
from labelschool.errors import LabelSchoolError

CHECKSUMS = "SHA256SUMS"
WHEEL = "wheel:"


class DataError(LabelSchoolError):
    """A file of a data set is missing or is not what was shipped."""


def shipped(name: str) -> Path:
    """The folder of a set in the checkout."""
    return course.root() / "datasets" / name


def private(name: str) -> Path:
    """The folder of an instructor's own files for a set."""
    return Path(os.environ.get("LABELSCHOOL_PRIVATE") or os.devnull) / "datasets" / name


def fetched(name: str) -> Path:
    """The folder of a set that was fetched on this machine."""
    if given := os.environ.get("LABELSCHOOL_DATA"):
        return Path(given) / name
    import platformdirs

    return platformdirs.user_data_path("labelschool", appauthor=False) / "datasets" / name


def folders(name: str) -> tuple[Path, ...]:
    """The folders that hold files of a set, first come first served.

    Raises `DataError` when there is none.
    """
    from labelschool.datasets.fetch import SOURCES

    found = tuple(place(name) for place in (private, shipped, fetched) if place(name).is_dir())
    if found:
        return found
    if name in SOURCES:
        raise DataError(f"{name} is not on this machine: run `labelschool data fetch {name}`.")
    raise DataError(f"There is no data set {name!r}; there are {', '.join(names())}.")


def names() -> tuple[str, ...]:
    """All sets of the checkout, and those fetched on this machine."""
    roots = (course.root() / "datasets", fetched("any").parent)
    return tuple(
        sorted({path.parent.name for root in roots for path in root.glob(f"*/{CHECKSUMS}")})
    )


def find(name: str, file: str) -> Path:
    """The path of a file of a set, whether or not it exists."""
    if file.startswith(WHEEL):
        package, _, inside = file.removeprefix(WHEEL).partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise DataError(f"The package {package} is missing: run `make setup`.")
        return Path(spec.submodule_search_locations[0]) / inside
    places = folders(name)
    return next((place / file for place in places if (place / file).is_file()), places[-1] / file)


def read(name: str, file: str) -> bytes:
    """The content of a file, compared with its checksum. Raises `DataError`."""
    path = find(name, file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{name}/{file} is missing; {_restore(name, file)}") from error
    expected = next(
        (
            checksums(place).get(file)
            for place in folders(name)
            if path.is_relative_to(place) or file.startswith(WHEEL)
        ),
        None,
    )
    if expected and hashlib.sha256(content).hexdigest() != expected:
        raise DataError(f"{name}/{file} is not the file that was shipped; {_restore(name, file)}")
    return content


@cache
def checksums(folder: Path) -> dict[str, str]:
    """Relative path -> SHA-256; empty where a folder brings none."""
    try:
        text = (folder / CHECKSUMS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    lines = (line.split("  ", 1) for line in text.splitlines() if line)
    return {file: digest for digest, file in lines}


def verify(name: str) -> list[str]:
    """Every file of a set that is missing or changed, as sentences; empty when all is well."""
    complaints = []
    for file in sorted({file for place in folders(name) for file in checksums(place)}):
        try:
            read(name, file)
        except DataError as error:
            complaints.append(str(error))
    return complaints


def _restore(name: str, file: str) -> str:
    if file.startswith(WHEEL):
        return "run `make setup`, which installs the versions this course was made with."
    if shipped(name).is_dir():
        return f"restore it with `git checkout -- datasets/{name}/{file}`."
    return f"run `labelschool data fetch {name}` again."
