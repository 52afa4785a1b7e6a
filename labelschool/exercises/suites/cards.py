"""What every exercise with a guideline reads from a learner's folder: its text and its rules."""

from __future__ import annotations

from pathlib import Path

from labelschool.errors import LabelSchoolError
from labelschool.model import Guideline, guidelines

FILE = "guideline.md"
LONGEST = 40
"""A card with more rules is not followed."""


def written(text: str) -> Guideline:
    """The guideline of a text. Raises `LabelSchoolError` for none, and for one that is too long."""
    found = guidelines.read(text)
    if len(found.rules) > LONGEST:
        raise LabelSchoolError(f"It has {len(found.rules)} rules; {LONGEST} is the most.")
    return found


def text(answer: Path) -> str:
    """The text of the guideline in an answer's folder. Raises `LabelSchoolError`."""
    file = answer / FILE
    if not file.is_file():
        raise LabelSchoolError(
            f"answers/{file.parent.name}/{FILE} is not there: run annotate() and change a rule."
        )
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise LabelSchoolError(f"{FILE} is not text in UTF-8.") from error
