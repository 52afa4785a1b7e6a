"""Files that the course makes and a learner may change: a changed one is kept aside first."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

from labelschool import answers
from labelschool.errors import LabelSchoolError
from labelschool.home import workspace


def put(folder: Path, files: Mapping[str, bytes], known: Mapping[str, str]) -> dict[str, str]:
    """Write files by their names in a folder; the names of the copies kept, by file.

    `known` holds the SHA-256 of each file as it was last made. What stands there with another one
    is a learner's own and is kept as ``NAME.mine-1.md`` (or the next number). Raises
    `LabelSchoolError` where a file cannot be written.
    """
    kept = {}
    for name, content in files.items():
        target = folder / name
        try:
            there = target.read_bytes() if target.exists() else content
            if there != content and sha256(there) != known.get(name):
                copy = workspace.keep_copy(there, _mine_names(target))
                kept[name] = copy.relative_to(folder).as_posix()
            if there != content or not target.exists():
                answers.replace(target, content)
        except OSError as error:
            raise LabelSchoolError(
                f"{name} cannot be written in {folder.name}/ ({error.strerror or error}): check "
                "disk space and permissions, then do this again."
            ) from error
    return kept


def told(kept: Mapping[str, str]) -> list[str]:
    """A sentence about each copy that was kept."""
    return [f"You had changed {name}: yours is kept as {copy}." for name, copy in kept.items()]


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file."""
    return {name: sha256(content) for name, content in files.items()}


def sha256(content: bytes) -> str:
    """The hash of a file's content."""
    return hashlib.sha256(content).hexdigest()


def _mine_names(target: Path) -> Iterator[Path]:
    for number in itertools.count(1):
        yield target.with_name(f"{target.stem}.mine-{number}{target.suffix}")
