"""The timer for blocks of work with a break after each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.home import results
from labelschool.widgets._base import refuse_unknown
from labelschool.widgets._written import Written

SETTINGS = ("title", "exercise", "minutes", "rest", "folder")
HEADS = ["started", "seconds", "focus"]


class FocusTimer(Written):
    """Blocks of `minutes`, each rated by the learner from 1 to 5, and `rest` minutes after each.

    They are kept in ``answers/EXERCISE/focus.csv``; a block that runs has no seconds yet. The
    learner's time factor stretches the blocks; without a time limit they last until stopped.
    """

    def __init__(
        self,
        *,
        exercise: str,
        title: str = "Focus",
        minutes: float = 25,
        rest: float = 5,
        folder: Path | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        if minutes <= 0 or rest <= 0:
            raise LabelSchoolError("A block and its break last more than 0 minutes.")
        factor = results.read().time_factor
        super().__init__(
            mode="focus",
            spec={"title": title, "minutes": factor and minutes * factor, "rest": rest},
            exercise=exercise,
            files={"focus": "focus.csv"},
            empty={"focus": {"blocks": []}},
            folder=folder,
        )

    def _value(self, _name: str, text: str) -> dict[str, Any]:
        try:
            heads, *rows = csv.reader(io.StringIO(text, newline=""))
            blocks = [
                [
                    round(datetime.fromisoformat(at).timestamp() * 1000),
                    _number(spent),
                    _number(focus),
                ]
                for at, spent, focus in rows
            ]
        except (ValueError, csv.Error) as error:
            raise LabelSchoolError("focus.csv is damaged.") from error
        if heads != HEADS:
            raise LabelSchoolError("focus.csv has other columns.")
        return {"blocks": blocks}

    def _text(self, _name: str, value: Mapping[str, Any]) -> str:
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADS)
        for at, spent, focus in value["blocks"]:
            writer.writerow([datetime.fromtimestamp(at / 1000, UTC).isoformat(), spent, focus])
        return file.getvalue()


def _number(text: str) -> int | None:
    return int(text) if text else None
