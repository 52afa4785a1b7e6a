"""The board: cards in columns with limits, a clock in steps, and a log of every move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from labelschool.answers import NotSaved
from labelschool.errors import LabelSchoolError
from labelschool.model import first_error
from labelschool.operations.boards import (
    MOVES,
    Board,
    Column,
    Move,
    moves_csv,
    read_board,
    read_moves,
)
from labelschool.widgets._base import refuse_unknown
from labelschool.widgets._written import Written

SETTINGS = ("title", "exercise", "columns", "cards", "step", "team", "folder")
FILES = {"board": "board.json", "flow": "flow.csv"}


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
                return _told(read_board(text))
            moves = read_moves(text)
            if not {move.card for move in moves} >= {*self._cards}:
                raise LabelSchoolError("Some cards are missing.")
        except LabelSchoolError as error:
            raise LabelSchoolError(f"{FILES[name]} is damaged.") from error
        return {"moves": list(moves)}

    def _text(self, name: str, value: Mapping[str, Any]) -> str:
        try:
            if name == "board":
                return _board(value).as_json
            moves = MOVES.validate_python(value["moves"])
        except ValidationError as error:
            raise NotSaved(
                f"This change cannot be saved ({first_error(error)}); undo it and go on."
            ) from error
        return moves_csv(moves)

    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {**super()._handlers(), "step": self._go_on, "columns": self._rearrange}

    def _go_on(self, message: dict[str, Any]) -> None:
        """The clock goes on by a step, and the team does its work."""
        board = _board(message["board"])
        board = board.model_copy(update={"minute": board.minute + self._step})
        moves = MOVES.validate_python(message["flow"]["moves"])
        made = self._team(board, moves) if self._team else ()
        self._moved(message, board, moves=list(made))

    def _rearrange(self, message: dict[str, Any]) -> None:
        """The columns become those of a text; one that is renamed keeps its cards."""
        before = _board(message["board"])
        try:
            board = before.with_columns(message["text"])
        except LabelSchoolError as error:
            sentence = f"The columns stay as they were: {error}"
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
