"""Text answers: files that a learner writes in a widget and a person can read.

``answers/3.G/Q1.sql`` is a query, ``answers/3.K/guideline.md`` a guideline. The revision of such
files is a fingerprint of what they hold, so that a text changed by another tab, kernel or editor
is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from labelschool.answers import FOLDER, Conflict, NotSaved, not_saved_sentence, replace, set_aside


class TextAnswers:
    """The text files of one exercise by a name each, in ``answers/EXERCISE/``.

    Reading never writes. `folder` is where the notebook stands; by default the working directory.
    """

    def __init__(self, exercise: str, files: Mapping[str, str], folder: Path | None = None) -> None:
        self.exercise = exercise
        self.folder = (folder or Path.cwd()) / FOLDER / exercise
        self.paths = {name: self.folder / file for name, file in files.items()}

    def read(self) -> tuple[dict[str, bytes], str]:
        """What the files that are there hold, and their revision: "" when there is none."""
        held = {}
        for name, path in self.paths.items():
            try:
                held[name] = path.read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                continue
        if not held:
            return held, ""
        sums = [name.encode() + hashlib.sha256(content).digest() for name, content in held.items()]
        return held, hashlib.sha256(b"".join(sums)).hexdigest()[:16]

    def save(self, texts: Mapping[str, str], base: str, broken: Collection[str] = ()) -> str:
        """Replace some texts and return the new revision; files of `broken` are set aside first.

        `base` is the revision the writer last saw. Raises `Conflict` when the files have another,
        `NotSaved` when one cannot be written.
        """
        _, revision = self.read()
        if revision != base:
            raise Conflict(revision)
        for name, text in texts.items():
            path = self.paths[name]
            try:
                if name in broken:
                    set_aside(path)
                # Half a surrogate pair is no text; a question mark stands in for it.
                replace(path, text.encode("utf-8", "replace"))
            except OSError as error:
                raise NotSaved(not_saved_sentence(path, error)) from error
        return self.read()[1]


class Page:
    """Values that are kept together: as NAME.json for the next run, as NAME.md for people."""

    def __init__(
        self,
        exercise: str,
        name: str,
        as_text: Callable[[Mapping[str, Any]], str],
        folder: Path | None = None,
    ) -> None:
        self.files = TextAnswers(exercise, {"values": f"{name}.json", "text": f"{name}.md"}, folder)
        self._as_text = as_text

    def read(self) -> dict[str, Any]:
        """What was kept; nothing where it cannot be read."""
        return self._held()[0]

    def keep(self, changed: Mapping[str, Any]) -> None:
        """Put changed values to those that are kept; a file that cannot be read is set aside first.

        Raises `Conflict` or `NotSaved`.
        """
        held, readable = self._held()
        values = {name: value for name, value in (held | dict(changed)).items() if value}
        texts = {
            "values": json.dumps(values, ensure_ascii=False, indent=1) + "\n",
            "text": self._as_text(values),
        }
        self.files.save(texts, self.files.read()[1], broken=() if readable else ("values",))

    def _held(self) -> tuple[dict[str, Any], bool]:
        try:
            held = json.loads(self.files.read()[0].get("values", b"{}"))
        except ValueError:
            return {}, False
        return (held, True) if isinstance(held, dict) else ({}, False)
