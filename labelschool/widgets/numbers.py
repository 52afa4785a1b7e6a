"""A form whose lines are the items of an exercise, saved in the answer file."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from labelschool.answers import AnswerFile, BrokenAnswer, not_saved_sentence
from labelschool.errors import LabelSchoolError
from labelschool.model import Item, ItemAnswer, Number
from labelschool.widgets._base import unreadable
from labelschool.widgets.form import Field, Form


class NumberForm(Form):
    """One number field for each item, a card with ``project``, ``line`` and ``unit``.

    Every number is saved when its field is left, and the note of the field says so, or what to do
    where saving fails; a line with a number is done. `answer_file` is read on showing.
    """

    def __init__(self, *, title: str, items: Sequence[Item], answer_file: AnswerFile) -> None:
        self._file = answer_file
        self._names = [item.name for item in items]
        self._writing = threading.Lock()
        try:
            self._saved, notice = _numbers(answer_file), ""
        except BrokenAnswer:
            self._saved, notice = {}, unreadable(answer_file.path)
        super().__init__(
            title=title,
            fields=_fields(items),
            values={name: self._saved[name] for name in self._names if name in self._saved},
            changed=self._save,
            exercise=answer_file.exercise,
        )
        if notice:
            self.notes = {self._names[0]: notice}

    def _save(self, values: Mapping[str, Any]) -> None:
        with self._writing:
            changed = {n: values.get(n) for n in self._names if values.get(n) != self._saved.get(n)}
            edits = {name: _line(name, value) for name, value in changed.items()}
            try:
                self._file.save(edits, self._revision())
            except LabelSchoolError as error:
                failed = str(error)
            except OSError as error:
                failed = not_saved_sentence(self._file.path, error)
            else:
                self._saved |= changed
                failed = ""
            self.notes = dict.fromkeys(changed, failed or "Saved.")

    def _revision(self) -> int:
        try:
            return self._file.read().revision
        except BrokenAnswer:
            return 0


def _fields(items: Sequence[Item]) -> list[Field]:
    """A field for each line; the text of a project stands above its first line."""
    fields, last = [], ""
    for item in items:
        card = item.fields or {}
        head, last = ("" if card["project"] == last else card["task"]), card["project"]
        fields.append(
            Field(
                name=item.name,
                kind="number",
                label=f"{card['project']}: {card['line']}",
                help=head,
                unit=card["unit"],
            )
        )
    return fields


def _line(name: str, value: float | None) -> ItemAnswer:
    made = () if value is None else (Number(value=value, mode="list"),)
    return ItemAnswer(item=name, annotations=made, done=value is not None)


def _numbers(file: AnswerFile) -> dict[str, float]:
    """The saved numbers by line."""
    return {
        item.item: made.value
        for item in file.read().items
        for made in item.annotations
        if isinstance(made, Number)
    }
