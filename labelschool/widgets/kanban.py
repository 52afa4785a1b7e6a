"""The board: cards in columns with limits, a clock in steps, and a log of every move."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from labelschool.answers import NotSaved
from labelschool.errors import LabelSchoolError
from labelschool.model import Record, first_error
from labelschool.widgets._base import refuse_unknown
from labelschool.widgets._written import Written

SETTINGS = ("title", "exercise", "columns", "cards", "step", "team", "folder")
FILES = {"board": "board.json", "flow": "flow.csv"}


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
        """The board with the columns of such a text. Raises pydantic's `ValidationError`."""
        parts = [[*map(str.strip, line.split("|", 2)), "", ""] for line in text.split("\n")]
        columns = [
            {"name": name, "limit": limit or None, "done": done}
            for name, limit, done, *_ in parts
            if name or limit or done
        ]
        return Board.model_validate({"columns": columns, "minute": self.minute})


class Move(NamedTuple):
    """A card came into a column at a minute, moved by someone; "" is nobody."""

    card: str
    column: str
    minute: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    who: str


_MOVES = TypeAdapter(tuple[Move, ...])

Team = Callable[[Board, Sequence[Move]], Iterable[Move]]


class KanbanBoard(Written):
    """A board that the learner works on, in ``answers/EXERCISE/{board.json,flow.csv}``.

    Args:
        title: what the header says.
        exercise: its id.
        columns: from left to right, for a start; the cards stand in the first.
        cards: what stands on each card, by its name.
        step: minutes by which the clock goes on.
        team: called at each step with the board and all moves so far; the moves it returns are
            made. It runs in the kernel's message thread and must not display.
    """

    def __init__(
        self,
        *,
        title: str,
        exercise: str,
        columns: Sequence[Column],
        cards: Mapping[str, str],
        step: float = 30,
        team: Team | None = None,
        folder: Path | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        try:
            board = Board(columns=tuple(columns))
        except ValidationError as error:
            raise LabelSchoolError(f"KanbanBoard: {first_error(error)}.") from error
        if not cards:
            raise LabelSchoolError("KanbanBoard needs at least one card.")
        self._cards, self._step, self._team = cards, step, team
        super().__init__(
            mode="kanban",
            spec={"title": title, "cards": dict(cards), "step": step},
            exercise=exercise,
            files=FILES,
            empty={
                "board": _told(board),
                "flow": {"moves": [(card, columns[0].name, 0, "") for card in cards]},
            },
            folder=folder,
        )

    def _value(self, name: str, text: str) -> dict[str, Any]:
        try:
            if name == "board":
                return _told(Board.model_validate(json.loads(text)))
            heads, *rows = csv.reader(io.StringIO(text, newline=""))
            moves = [(card, column, float(minute), who) for card, column, minute, who in rows]
            if heads != list(Move._fields) or not {move[0] for move in moves} >= {*self._cards}:
                raise ValueError(heads)
        except (ValueError, csv.Error) as error:
            raise LabelSchoolError(f"{FILES[name]} is damaged.") from error
        return {"moves": moves}

    def _text(self, name: str, value: Mapping[str, Any]) -> str:
        try:
            if name == "board":
                told = _board(value).model_dump()
                return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
            moves = _MOVES.validate_python(value["moves"])
        except ValidationError as error:
            raise NotSaved(
                f"This change cannot be saved ({first_error(error)}); undo it and go on."
            ) from error
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows([Move._fields, *moves])
        return file.getvalue()

    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {**super()._handlers(), "step": self._go_on, "columns": self._rearrange}

    def _go_on(self, message: dict[str, Any]) -> None:
        """The clock goes on by a step, and the team does its work."""
        board = _board(message["board"])
        board = board.model_copy(update={"minute": board.minute + self._step})
        moves = _MOVES.validate_python(message["flow"]["moves"])
        made = self._team(board, moves) if self._team else ()
        self._moved(message, board, moves=list(made))

    def _rearrange(self, message: dict[str, Any]) -> None:
        """The columns become those of a text; one that is renamed keeps its cards."""
        before = _board(message["board"])
        try:
            board = before.with_columns(message["text"])
        except ValidationError as error:
            sentence = f"The columns stay as they were ({first_error(error)})."
            self.send({"kind": "moved", "client": message["client"], "sentence": sentence})
            return
        names = {}
        if len(board.columns) == len(before.columns):
            pairs = zip(before.columns, board.columns, strict=True)
            names = {old.name: new.name for old, new in pairs}
        self._moved(message, board, names=names)

    def _moved(
        self,
        message: dict[str, Any],
        board: Board,
        names: Mapping[str, str] | None = None,
        moves: Sequence[Move] = (),
    ) -> None:
        """Tell the board as it is now, new names of columns, and the moves that were made."""
        reply = {"kind": "moved", "client": message["client"], "board": _told(board)}
        self.send({**reply, "names": names or {}, "moves": moves})


def _told(board: Board) -> dict[str, Any]:
    """What the browser knows of a board."""
    return {**board.model_dump(), "text": board.text}


def _board(told: Mapping[str, Any]) -> Board:
    return Board(columns=told["columns"], minute=told["minute"])
