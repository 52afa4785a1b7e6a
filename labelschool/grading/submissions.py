"""Collect the zips that learners hand in through an LMS.

`labelschool submit` makes `labelschool-MODULE-STUDENT.zip` with `exercises.ipynb`,
`assignment.ipynb` and `answers/`. `nbgrader zip_collect MODULE` unpacks every archive and asks this
plugin whose each file is and where it goes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path, PurePath

from nbgrader.plugins import FileNameCollectorPlugin

from labelschool.answers import FOLDER
from labelschool.portable import NOTEBOOKS, clean_student

ANSWER_SUFFIXES = {".json", ".py", ".sql"}
# What browsers and LMSs add to a second file of the same name.
_COPY = re.compile(r"(\s*\(\d+\)|\s+-\s+(Copy|Kopie))$")


class SubmissionCollector(FileNameCollectorPlugin):
    """Student, file and time of each unpacked file; None for what does not belong to the course."""

    def collect(self, submitted_file: str) -> dict | None:
        """The record nbgrader asks for, or None to skip the file."""
        module = self.parent.coursedir.assignment_id
        parts = PurePath(submitted_file).parts
        for position, part in enumerate(parts[:-1]):
            if student := student_of(part, module):
                file = _file_of(parts[position + 1 :])
                if file is None:
                    return None
                top = Path(*parts[: position + 1])
                return {"student_id": student, "file_id": file, "timestamp": _saved_at(top)}
        return None


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
    if parts[-1] in NOTEBOOKS and "__MACOSX" not in parts:
        return parts[-1]
    return None


def _saved_at(folder: Path) -> datetime:
    """When the newest answer was saved, else when the archive was unpacked, in UTC, no zone.

    Of two archives of one student the one with the newer work counts.
    """
    saved = []
    for path in folder.glob(f"**/{FOLDER}/*.json"):
        try:
            moment = datetime.fromisoformat(
                json.loads(path.read_text(encoding="utf-8"))["saved_at"]
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        saved.append(moment.astimezone(UTC))
    newest = max(saved, default=datetime.fromtimestamp(folder.stat().st_mtime, UTC))
    return newest.replace(tzinfo=None, microsecond=0)
