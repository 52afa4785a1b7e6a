"""A board: columns with limits, and the log of every move of its cards."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from labelschool.errors import LabelSchoolError
from labelschool.model import Record


class Column(Record):
    """A column: how many cards it may hold (None: any number), and when a card in it is done."""

    name: str = Field(min_length=1)
    limit: int | None = Field(default=None, ge=1)
    done: str = ""


class Board(Record):
    """The columns from left to right, and the minute the clock shows."""

    columns: tuple[Column, ...] = Field(min_length=2)
    minute: float = Field(default=0, ge=0)

    @field_validator("columns")
    @classmethod
    def _have_own_names(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        if len({column.name for column in columns}) < len(columns):
            raise ValueError("two columns have the same name")
        return columns

    @property
    def text(self) -> str:
        """The columns, one a line: name | limit | when a card in it is done."""
        lines = (f"{c.name} | {c.limit or ''} | {c.done}" for c in self.columns)
        return "\n".join(line.rstrip(" |") for line in lines)

    def with_columns(self, text: str) -> Board:
        """The board with the columns of such a text. Raises `LabelSchoolError`."""
        parts = [[*map(str.strip, line.split("|", 2)), "", ""] for line in text.split("\n")]
        rows = [row[:3] for row in parts if any(row)]
        for name, limit, _ in rows:
            if not name:
                raise LabelSchoolError("a column has no name.")
            if limit and not (limit.isdecimal() and int(limit)):
                raise LabelSchoolError(
                    f"the limit of {name} is {limit!r}; write a whole number from 1 on, or nothing."
                )
        columns = [Column(name=name, limit=limit or None, done=done) for name, limit, done in rows]
        try:
            return Board(columns=tuple(columns), minute=self.minute)
        except ValidationError as error:
            raise LabelSchoolError(
                "a board needs two columns or more, each with a name of its own."
            ) from error

    @property
    def as_json(self) -> str:
        """The text of ``board.json``."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=1) + "\n"

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


class Move(NamedTuple):
    """A card came into a column at a minute, moved by someone; "" is nobody."""

    card: str
    column: str
    minute: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    who: str


MOVES = TypeAdapter(tuple[Move, ...])


def read_board(text: str) -> Board:
    """The board of ``board.json``. Raises `LabelSchoolError` where it is none."""
    try:
        return Board.model_validate_json(text)
    except ValidationError as error:
        raise LabelSchoolError(
            "This is not a board: it has no columns that can be read."
        ) from error


def moves_csv(moves: Iterable[Move]) -> str:
    """The text of ``flow.csv``: columns card, column, minute, who."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([Move._fields, *moves])
    return file.getvalue()


def read_moves(text: str) -> tuple[Move, ...]:
    """The moves of ``flow.csv``. Raises `LabelSchoolError` where it is none."""
    try:
        heads, *rows = csv.reader(io.StringIO(text, newline=""))
        moves = MOVES.validate_python([(card, to, float(at), who) for card, to, at, who in rows])
    except (ValueError, csv.Error) as error:
        raise LabelSchoolError("This is not a log of moves: card,column,minute,who.") from error
    if heads != list(Move._fields):
        raise LabelSchoolError("A log of moves begins with the line card,column,minute,who.")
    return moves
