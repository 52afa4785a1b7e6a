"""Collect the zips that learners hand in through an LMS.

`labelschool submit` makes `labelschool-MODULE-STUDENT.zip` with `exercises.ipynb`,
`assignment.ipynb`, `answers/` and `submission.json`. `nbgrader zip_collect MODULE` unpacks every
archive and asks this plugin whose each file is and where it goes. Of several archives of one
student the newest counts, whole.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePath

from nbgrader.plugins import FileNameCollectorPlugin

from labelschool.answers import FOLDER, TEXTS
from labelschool.home.portable import NOTEBOOKS, SUBMITTED, clean_student

ANSWER_SUFFIXES = TEXTS | {".py"}
AHEAD = timedelta(days=1)
"""How far a time may lie ahead of now: a zip tells its times without a zone."""
OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day of a zip's calendar, which stands for no time at all."""
# What browsers and LMSs add to a second file of the same name.
_COPY = re.compile(r"(\s*\(\d+\)|\s+-\s+(Copy|Kopie))$")


class SubmissionCollector(FileNameCollectorPlugin):
    """Student, file and time of each unpacked file; None for what does not belong to the course and
    for older archives.
    """

    def collect(self, submitted_file: str) -> dict | None:
        """The record nbgrader asks for, or None to skip the file."""
        path = Path(submitted_file)
        folder = archive_folder(path, self._module)
        if folder is None:
            return None
        student = student_of(folder.name, self._module)
        counts, time = self._newest[student]
        file = _file_of(path.relative_to(folder).parts)
        if file is None or folder != counts:
            return None
        zoneless = time.replace(tzinfo=None, microsecond=0)
        return {"student_id": student, "file_id": file, "timestamp": zoneless}

    @property
    def _module(self) -> str:
        return self.parent.coursedir.assignment_id

    @cached_property
    def _newest(self) -> dict[str, tuple[Path, datetime]]:
        """Student -> the folder of the archive that counts, and when it was submitted."""
        app = self.parent
        unpacked = Path(app._format_collect_path(app.extracted_directory))
        archives = Path(app._format_collect_path(app.archive_directory))
        files = (path for path in unpacked.rglob("*") if path.is_file())
        folders = {archive_folder(path, self._module) for path in files} - {None}
        claims: dict[str, list[tuple[datetime, Path]]] = {}
        for folder in sorted(folders):
            beside = archives / folder.relative_to(unpacked)
            time = self._submitted_at(folder, [zip_beside(beside), zip_beside(folder)])
            claims.setdefault(student_of(folder.name, self._module), []).append((time, folder))
        for student, found in claims.items():
            if len(found) > 1:
                self._tell_apart(student, sorted(found), unpacked)
        newest = {student: max(found) for student, found in claims.items()}
        return {student: (folder, time) for student, (time, folder) in newest.items()}

    def _submitted_at(self, folder: Path, zips: Iterable[Path]) -> datetime:
        """When an archive was submitted, as it says itself; else its newest answer or file."""
        latest = datetime.now(UTC) + AHEAD
        for times in (_told(folder.rglob(SUBMITTED), "submitted_at"), _of_work(folder, zips)):
            times = list(times)
            if any(time > latest for time in times):
                self.log.warning(
                    "%s has a date in the future, which is ignored: %s",
                    folder.name,
                    f"{max(times):%Y-%m-%d %H:%M} UTC",
                )
            if past := [time for time in times if OLDEST < time <= latest]:
                return max(past)
        return OLDEST

    def _tell_apart(self, student: str, found: list[tuple[datetime, Path]], unpacked: Path) -> None:
        lines = [
            f"{folder.relative_to(unpacked)} ({time:%Y-%m-%d %H:%M:%S} UTC)"
            for time, folder in found
        ]
        self.log.warning(
            "%d archives claim to be of %s: %s. The last one counts, whole; are all of them of "
            "this student?",
            len(found),
            student,
            ", ".join(lines),
        )


def archive_folder(path: Path, module: str) -> Path | None:
    """The folder of the unpacked archive that a file lies in: the first with a student's name."""
    above = reversed(path.parents)
    return next((folder for folder in above if student_of(folder.name, module)), None)


def zip_beside(folder: Path) -> Path:
    """The archive that was unpacked into a folder beside it."""
    return folder.with_name(f"{folder.name}.zip")


def student_of(name: str, module: str) -> str | None:
    """The student in the name of an archive of that module, whatever an LMS put before it."""
    _, found, student = unicodedata.normalize("NFC", name).partition(f"labelschool-{module}-")
    return clean_student(_COPY.sub("", student)) or None if found else None


def _file_of(parts: tuple[str, ...]) -> str | None:
    """The path within the submission, if it is one of ours."""
    if FOLDER in parts:
        inside = parts[parts.index(FOLDER) :]
        hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        ours = PurePath(inside[-1]).suffix in ANSWER_SUFFIXES and len(inside) > 1
        return "/".join(inside) if ours and not hidden else None
    if parts[-1] in (*NOTEBOOKS, SUBMITTED) and "__MACOSX" not in parts:
        return parts[-1]
    return None


def _of_work(folder: Path, zips: Iterable[Path]) -> Iterator[datetime]:
    """When the answers of an archive were saved and its files changed."""
    yield from _told(folder.glob(f"**/{FOLDER}/*.json"), "saved_at")
    for path in zips:
        try:
            with zipfile.ZipFile(path) as archive:
                for info in archive.infolist():
                    yield datetime(*info.date_time).astimezone(UTC)
        except (OSError, ValueError, zipfile.BadZipFile):
            continue


def _told(paths: Iterable[Path], field: str) -> Iterator[datetime]:
    """The times that JSON files tell in a field; those that tell none are left out."""
    for path in paths:
        try:
            moment = json.loads(path.read_text(encoding="utf-8"))[field]
            yield datetime.fromisoformat(moment).astimezone(UTC)
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            continue
