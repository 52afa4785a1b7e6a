"""Boards as files of Trello and Jira, written and read.

Nothing here was tried on the live services. What the files look like rests on these pages, as they
were read in November 2026:

* Trello JSON: "Object definitions" and the lists of the REST API on developer.atlassian.com/cloud/
  trello name the fields of board, list, card, label, member and action that are used here; a list
  has ``softLimit``, and a move is an action ``updateCard`` with ``listBefore`` and ``listAfter``.
  An export holds at most the last 1,000 actions.
* Trello CSV: developer.atlassian.com, "Automating exports", says that Premium and Enterprise
  workspaces have this export, not what its columns are called. The names in `TRELLO_COLUMNS` are
  those of one public test fixture, in a project that reads such files.
* Jira CSV: "Prepare and structure your CSV file" and "Map data from a CSV file" on
  support.atlassian.com and "Importing data from CSV" on confluence.atlassian.com ask for a header
  row with a Summary column and without punctuation, and for all commas in every row; columns are
  mapped to fields by name in the import, and people are best given by their e-mail address.

A column's limit and its rule for when a card is done have no place in a CSV. Each column is
therefore headed by a card labelled `POLICY`, as teams pin one there, and an empty column is not
lost. What a file cannot hold is counted in `Export.left_out`.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. Such cells
get an apostrophe in front (OWASP, "CSV injection"), which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from labelschool.errors import LabelSchoolError
from labelschool.operations.boards import Column, Move
from labelschool.operations.tracked import (
    POLICY,
    RULES,
    Export,
    Tracked,
    board_of,
    column_of,
    is_policy,
    rules_text,
    tracker_id,
    unused,
)
from labelschool.operations.trello_json import read_trello_json, trello_json

__all__ = [
    "Export",
    "Tracked",
    "jira_csv",
    "read_jira_csv",
    "read_trello_csv",
    "read_trello_json",
    "trello_csv",
    "trello_json",
]

TRELLO_COLUMNS = (
    "Card ID",
    "Card Name",
    "Card URL",
    "Card Description",
    "Labels",
    "Members",
    "Due Date",
    "List ID",
    "List Name",
    "Board Name",
    "Archived",
)
JIRA_COLUMNS = ("Summary", "Issue Type", "Status", "Assignee", "Labels", "Description")

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def trello_csv(tracked: Tracked) -> Export:
    """A file as Trello exports a board: a row for each card, in the order of the lists."""
    rows = [
        (
            tracker_id("card", name),
            name,
            "",
            text,
            label,
            who,
            "",
            tracker_id("list", column),
            column,
            tracked.name,
            "false",
        )
        for column, name, text, label, who in _rows(tracked)
    ]
    return Export(_csv([TRELLO_COLUMNS, *rows]), _left_out(tracked))


def jira_csv(tracked: Tracked) -> Export:
    """A file for Jira's import: a row for each issue; the column of a card is its status.

    Jira makes issue keys itself, so a card is known by its summary.
    """
    rows = [
        (name, "Task", column, who, label, text)
        for column, name, text, label, who in _rows(tracked)
    ]
    return Export(_csv([JIRA_COLUMNS, *rows]), {**_left_out(tracked), "name of the board": 1})


def read_trello_csv(text: str) -> Tracked:
    """The board of such a file; each card has one move, to where it is, at minute 0.

    Archived cards are not read. Raises `LabelSchoolError` where it is no such file.
    """
    rows = _table(text, "Trello", ("Card Name", "List Name"))
    kept = [row for row in rows if row.get("Archived", "").lower() != "true"]
    read = [
        (
            row["List Name"],
            row["Card Name"],
            row.get("Card Description", ""),
            row.get("Labels", ""),
            row.get("Members", ""),
        )
        for row in kept
    ]
    return _from_rows(read, next((row.get("Board Name", "") for row in rows), ""))


def read_jira_csv(text: str) -> Tracked:
    """The board of such a file, or of an export of issues; a column for each status.

    Raises `LabelSchoolError` where it is no such file.
    """
    rows = _table(text, "Jira", ("Summary", "Status"))
    read = [
        (
            row["Status"],
            row["Summary"],
            row.get("Description", ""),
            row.get("Labels", ""),
            row.get("Assignee", ""),
        )
        for row in rows
    ]
    return _from_rows(read, "")


def _rows(tracked: Tracked) -> Iterable[tuple[str, str, str, str, str]]:
    """Column, name, text, label and person of every card, policies first in each column."""
    places = tracked.places()
    for column in tracked.board.columns:
        yield column.name, column.name, rules_text(column), POLICY, ""
        for card, move in places.items():
            if move.column == column.name:
                yield column.name, card, tracked.cards.get(card, ""), "", move.who


def _left_out(tracked: Tracked) -> dict[str, int]:
    """What a table of cards cannot hold."""
    names = {column.name for column in tracked.board.columns}
    places = tracked.places()
    on_board = sum(move.column in names for move in places.values())
    return {
        "moves before the last of each card": len(tracked.moves) - len(places),
        "minutes of moves": on_board,
        "cards in a column that the board does not have": len(places) - on_board,
    }


def _from_rows(rows: Sequence[tuple[str, str, str, str, str]], name: str) -> Tracked:
    columns: dict[str, Column] = {}
    moves, cards = [], {}
    for place, card, text, labels, who in rows:
        if not place:
            raise LabelSchoolError(
                f"The card {card!r} stands in no column: name one in its row, or delete the row."
            )
        columns.setdefault(place, column_of(place, None, ""))
        if is_policy(labels) and (rules := RULES.fullmatch(text)):
            columns[place] = column_of(place, rules[1], rules[2])
            continue
        card = unused(card, cards)
        cards[card] = text
        moves.append(Move(card, place, 0, who))
    return Tracked(board_of(columns.values()), tuple(moves), cards, name)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """What `_safe` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _table(text: str, tool: str, needed: Sequence[str]) -> list[dict[str, str]]:
    try:
        heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    except (ValueError, csv.Error) as error:
        raise LabelSchoolError(
            f"This is no CSV of {tool}: it cannot be read as a table."
        ) from error
    if missing := [name for name in needed if name not in heads]:
        raise LabelSchoolError(
            f"This is no CSV of {tool}: it has no column {missing[0]!r}; its first row has to name "
            f"{' and '.join(needed)}."
        )
    if wrong := [number for number, row in enumerate(rows, 2) if row and len(row) != len(heads)]:
        raise LabelSchoolError(
            f"Row {wrong[0]} of the {tool} CSV has another number of cells than the header: "
            "commas may not be left out."
        )
    return [dict(zip(heads, map(_plain, row), strict=True)) for row in rows if row]
