"""What the widgets without items share: their work is a few text files of an exercise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.text_answers import TextAnswers
from labelschool.widgets._base import Saving, keep_replaced, unreadable


class Written(Saving):
    """A widget whose work is text files, each under a name; a subclass says what they hold.

    The browser and the kernel exchange a value for each name: ``{"name", ...}`` in plain JSON.
    `files` holds the file of each name, `empty` the value before anything is written.
    """

    def __init__(
        self,
        *,
        mode: str,
        spec: dict[str, Any],
        exercise: str,
        files: Mapping[str, str],
        empty: Mapping[str, dict[str, Any]],
        folder: Path | None = None,
    ) -> None:
        self.exercise = exercise
        self._texts = TextAnswers(exercise, files, folder)
        self._broken: set[str] = set()
        spec["empty"] = {name: {"name": name, **value} for name, value in empty.items()}
        super().__init__(mode=mode, spec=spec, path=self._texts.folder)

    def _value(self, name: str, text: str) -> dict[str, Any]:
        """The value that a text holds. Raises `LabelSchoolError` when it holds none."""
        raise NotImplementedError

    def _text(self, name: str, value: Mapping[str, Any]) -> str:
        """The text of a value. Raises `LabelSchoolError` when it cannot be one."""
        raise NotImplementedError

    def _held(self) -> tuple[str, dict[str, Any], str | None]:
        contents, revision = self._texts.read()
        held, self._broken = {}, set()
        for name, content in contents.items():
            try:
                text = content.decode("utf-8").replace("\r\n", "\n")
                held[name] = {"name": name, **self._value(name, text)}
            except (UnicodeDecodeError, LabelSchoolError):
                self._broken.add(name)
        notice = " ".join(unreadable(self._texts.paths[name]) for name in sorted(self._broken))
        return revision, held, notice or None

    def _write(self, edits: list[dict[str, Any]], base: Any, replace: bool) -> str:
        texts = {edit["name"]: self._text(edit["name"], edit) for edit in edits}
        if replace:
            for name in texts:
                keep_replaced(self._texts.paths[name])
        revision = self._texts.save(texts, str(base), self._broken)
        self._broken -= set(texts)
        return revision
