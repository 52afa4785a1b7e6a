"""A board with its cards as any tracker holds it, and what is common to the files of trackers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from labelschool.errors import LabelSchoolError
from labelschool.operations.boards import Board, Column, Move, read_board, read_moves

POLICY = "policy"
"""The label of the card that holds the limit and the rule of the column it stands in."""
RULES = re.compile(r"Limit: (\d+|none)\nDone when: (.*)", re.DOTALL)
"""The text of such a card."""


@dataclass(frozen=True)
class Tracked:
    """A board with the cards on it: what stands on each card, and how it moved, the oldest first.

    Every card of `moves` may have a text in `cards`; those that have no move are not on the board.
    """

    board: Board
    moves: tuple[Move, ...]
    cards: Mapping[str, str] = field(default_factory=dict)
    name: str = "Board"

    def places(self) -> dict[str, Move]:
        """The last move of each card, in the order in which cards first appeared."""
        return {move.card: move for move in self.moves}


@dataclass(frozen=True)
class Export:
    """The text of a file, and by name how many things of each kind it cannot hold."""

    text: str
    left_out: Mapping[str, int]

    def __str__(self) -> str:
        parts = [f"{what} ({number:,})" for what, number in self.left_out.items() if number]
        return f"Left out: {', '.join(parts)}." if parts else "Nothing is left out."


def read_board_file(folder: Path) -> Board:
    """The board that a widget saved in a folder. Raises `LabelSchoolError` when there is none."""
    return read_board(_saved(folder, "board.json"))


def read_saved(folder: Path, name: str = "Board") -> Tracked:
    """Board and moves that a widget saved in a folder. Raises `LabelSchoolError` as above."""
    return Tracked(read_board_file(folder), read_moves(_saved(folder, "flow.csv")), name=name)


def _saved(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelSchoolError(
            f"There is no {name} in answers/{folder.name}/ that can be read: run annotate(), "
            "change a limit on the board and let its clock step, so that it is saved."
        ) from error


def rules_text(column: Column) -> str:
    """The text of the card that holds a column's policy; `RULES` reads it."""
    return f"Limit: {column.limit or 'none'}\nDone when: {column.done}"


def column_of(name: str, limit: str | int | None, done: str) -> Column:
    """A column from what a file says of it; a limit of 0, "none" or nothing is none.

    Raises ValueError for a limit that is no number, and for a column without a name.
    """
    whole = int(limit) if limit not in (None, "", "none") else None
    return Column(name=name, limit=whole or None, done=done)


def board_of(columns: Iterable[Column]) -> Board:
    """The board of these columns. Raises `LabelSchoolError` where they are fewer than two."""
    try:
        return Board(columns=tuple(columns))
    except ValidationError as error:
        raise LabelSchoolError("A board needs at least two columns, and this has fewer.") from error


def is_policy(labels: str) -> bool:
    """Whether a list of labels, as either tool writes it, names the one of policies."""
    return POLICY in (label.split(" (")[0].strip() for label in labels.split(","))


def unused(name: str, taken: Mapping[str, str]) -> str:
    """The name of a card, with a number where another card has it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} #{number}"
    return free


def tracker_id(kind: str, name: str) -> str:
    """An id of 24 hexadecimal digits, as Trello has them, that is the same for the same thing."""
    return hashlib.sha256(f"{kind}/{name}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
