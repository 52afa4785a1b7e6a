"""A panel of sliders whose numbers are kept together, as one small file of an exercise."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.text_answers import TextAnswers
from labelschool.widgets._base import unreadable
from labelschool.widgets.form import Field, Form


class NumberPanel(Form):
    """Sliders whose numbers are saved as ``answers/EXERCISE/NAME.json``, by the name of each field.

    Every number is saved when its slider or field is left, and the note of the field says so, or
    what to do where saving fails. What was saved is read on showing.
    """

    def __init__(
        self,
        *,
        title: str,
        exercise: str,
        name: str,
        fields: Sequence[Field],
        folder: Path | None = None,
    ) -> None:
        self._name = name
        self._ends = {field.name: (field.min, field.max) for field in fields}
        self._file = TextAnswers(exercise, {name: f"{name}.json"}, folder)
        self._writing = threading.Lock()
        self._saved, self._broken = self._read()
        super().__init__(
            title=title,
            fields=fields,
            values=dict(self._saved),
            changed=self._save,
            exercise=exercise,
        )
        if self._broken:
            self.notes = {fields[0].name: unreadable(self._file.paths[name])}

    def _read(self) -> tuple[dict[str, float], bool]:
        """The numbers that are kept, and whether the file is there and cannot be read."""
        try:
            held = json.loads(self._file.read()[0].get(self._name, b"{}"))
        except ValueError:
            return {}, True
        if not isinstance(held, dict):
            return {}, True
        numbers = {name: value for name, value in held.items() if _is_number(value)}
        return numbers, False

    def _save(self, values: Mapping[str, Any]) -> None:
        with self._writing:
            numbers = {name: value for name, value in values.items() if _is_number(value)}
            changed = {
                name
                for name in {*numbers, *self._saved}
                if numbers.get(name) != self._saved.get(name)
            }
            broken = (self._name,) if self._broken else ()
            text = json.dumps(numbers, indent=1) + "\n"
            try:
                self._file.save({self._name: text}, self._file.read()[1], broken)
            except LabelSchoolError as error:
                said = str(error)
            else:
                self._saved, self._broken, said = numbers, False, "Saved."
            self.notes = {
                name: f"{said} {self._outside(name)}".rstrip() for name in changed & {*self._ends}
            }

    def _outside(self, name: str) -> str:
        """What to say of a saved number that lies beyond the ends of its slider."""
        (low, high), value = self._ends[name], self._saved.get(name)
        if value is None or low <= value <= high:
            return ""
        return f"It has to lie between {low:g} and {high:g}."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
