"""The file of a work passport: one zip, written and read.

A zip from outside is untrusted. It is read whole and checked in memory (names, sizes, hashes)
before anything of it reaches a disk, and nothing is unpacked unbounded.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

import labelschool
from labelschool import answers
from labelschool.errors import LabelSchoolError
from labelschool.home import results

SCHEMA = "labelschool/passport/1"
MANIFEST = "manifest.json"
MODULE_FOLDER = r"\d\d-[a-z0-9-]+"
AT_HOME = (results.FILE, "planner.json", "roadmap.")
"""What the names of the learner's own files in a home begin with."""
PORTFOLIO = "portfolio"
MAX_ZIP_BYTES = 100_000_000
MAX_TOTAL_BYTES = 200_000_000
MAX_FILES = 5_000
_SAFE_PART = re.compile(r"[^\x00-\x1f\x7f<>:\"/\\|?*]{1,200}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class PassportError(LabelSchoolError):
    """The zip is not a passport of this course, or is damaged."""


def write(files: dict[str, bytes]) -> bytes:
    """A passport of these files, by name."""
    manifest = {
        "schema": SCHEMA,
        "labelschool": labelschool.__version__,
        "python": platform.python_version(),
        "made_at": answers.now(),
        "files": {
            name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return zip_bytes({MANIFEST: text.encode(), **files})


def read(zipped: bytes | Path) -> tuple[dict[str, bytes], str]:
    """The files of a passport by name, and when it was made. Raises `PassportError`."""
    try:
        if isinstance(zipped, Path):
            if zipped.stat().st_size > MAX_ZIP_BYTES:
                raise PassportError("This file is too large for a passport.")
            zipped = zipped.read_bytes()
    except OSError as error:
        raise PassportError(f"{zipped.name} cannot be read: {error.strerror}.") from error
    if len(zipped) > MAX_ZIP_BYTES:
        raise PassportError("This file is too large for a passport.")
    try:
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            manifest = _manifest(archive)
            return _checked_members(archive, manifest), str(manifest.get("made_at", "unknown date"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise PassportError(
            "This file is damaged or no zip: take another copy of your passport."
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise PassportError(
            "This zip is encrypted or packed in an unknown way: take the passport as it was made."
        ) from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    names = archive.namelist()
    if MANIFEST not in names:
        raise PassportError("This zip is no Label School passport: it has no manifest.json.")
    if len(names) > MAX_FILES:
        raise PassportError("This zip holds too many files for a passport.")
    if len({unicodedata.normalize("NFC", name).casefold() for name in names}) < len(names):
        raise PassportError("This zip holds a file twice, so it was not made by Label School.")
    if archive.getinfo(MANIFEST).file_size > 10_000_000:
        raise PassportError("The manifest of this zip is too large for a passport.")
    manifest = json.loads(archive.read(MANIFEST))
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if not isinstance(schema, str) or not schema.startswith("labelschool/passport/"):
        raise PassportError("This zip is no Label School passport.")
    if schema != SCHEMA or not isinstance(manifest.get("files"), dict):
        raise PassportError(
            f"This passport has the form {schema}, which this edition of the course does not "
            "know: update the course first."
        )
    return manifest


def _checked_members(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> dict[str, bytes]:
    """All members after names, sizes and hashes were compared; nothing is unpacked unbounded."""
    listed = manifest["files"]
    members = [info for info in archive.infolist() if info.filename != MANIFEST]
    if {info.filename for info in members} != set(listed):
        raise PassportError("The files in this zip are not those its manifest lists.")
    if sum(info.file_size for info in members) > MAX_TOTAL_BYTES:
        raise PassportError("This zip unpacks to more than a passport can hold.")
    files = {}
    for info in members:
        if not is_work(info.filename):
            raise PassportError(
                f"This zip holds {info.filename!r}, which is no work of this course; nothing was "
                "restored."
            )
        with archive.open(info) as member:
            content = member.read(info.file_size + 1)
        entry = listed[info.filename]
        expected = entry.get("sha256") if isinstance(entry, dict) else None
        if hashlib.sha256(content).hexdigest() != expected:
            raise PassportError(
                f"{info.filename} in this passport is damaged: take another copy; nothing was "
                "restored."
            )
        files[info.filename] = content
    return files


def is_work(name: str) -> bool:
    """Whether a relative path is one a passport may hold, on every operating system."""
    parts = PurePosixPath(name).parts
    if len(name) > 240 or "/".join(parts) != name or not parts:
        return False
    for part in parts:
        if not _SAFE_PART.fullmatch(part) or _RESERVED.fullmatch(part) or part[-1] in ". ":
            return False
    if any(part.startswith((".saving-", ".ipynb_checkpoints")) for part in parts):
        return False
    if len(parts) == 1:
        return name.endswith(".ipynb") or name.startswith(AT_HOME)
    if parts[0] == PORTFOLIO:
        return not any(part.startswith(".") for part in parts)
    if not re.fullmatch(MODULE_FOLDER, parts[0]):
        return False
    return parts[1] == answers.FOLDER if len(parts) > 2 else name.endswith(".ipynb")


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """A zip with these members; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
