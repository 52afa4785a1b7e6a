"""Boards as files of Trello and Jira: what is written is read back, and nothing runs in a cell."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool.errors import LabelSchoolError
from labelschool.operations import trackers
from labelschool.operations.boards import Board, Column, Move
from labelschool.operations.flow import COLUMNS, Flow, simulate
from labelschool.operations.trackers import Tracked

CSVS = [
    (trackers.trello_csv, trackers.read_trello_csv),
    (trackers.jira_csv, trackers.read_jira_csv),
]
each_csv = pytest.mark.parametrize(("write", "read"), CSVS, ids=["trello", "jira"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "=1+1",
        "+49",
        "-1",
        "@SUM(A1)",
        "'=x",
        "'tis",
        "''-",
        "\t=x",
        "a,b",
        'say "no"',
        "two\r\nlines",
        "policy",
    ]
)
NAME = TEXT.filter(bool)


@st.composite
def boards(draw: st.DrawFn) -> Tracked:
    names = draw(st.lists(NAME, min_size=2, max_size=5, unique=True))
    columns = tuple(
        Column(name=name, limit=draw(st.none() | st.integers(1, 99)), done=draw(TEXT))
        for name in names
    )
    cards = draw(st.dictionaries(NAME, TEXT, max_size=5))
    moves = [Move(card, draw(st.sampled_from(names)), 0, draw(TEXT)) for card in cards]
    for minute in draw(st.lists(st.integers(0, 10**7), max_size=8).map(sorted)) if cards else []:
        card = draw(st.sampled_from(list(cards)))
        moves.append(Move(card, draw(st.sampled_from(names)), minute / 100, draw(TEXT)))
    return Tracked(Board(columns=columns), tuple(moves), cards, draw(TEXT))


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@each_csv
@settings(max_examples=150, deadline=None)
@given(board=boards())
def test_a_csv_holds_the_board_and_where_each_card_is(write, read, board) -> None:
    export = write(board)
    found = read(export.text)
    assert found.board.columns == board.board.columns
    assert found.cards == board.cards
    kept = {move.card: (move.column, move.who) for move in found.moves}
    assert kept == {card: (move.column, move.who) for card, move in board.places().items()}
    gone = len(board.moves) - len(board.places())
    assert export.left_out["moves before the last of each card"] == gone
    assert (
        write(found).text == write(Tracked(board.board, found.moves, board.cards, found.name)).text
    )


@each_csv
@settings(deadline=None)
@given(board=boards())
def test_no_cell_begins_like_a_formula(write, read, board) -> None:
    table = cells(write(board).text)
    assert not [cell for row in table for cell in row if cell[:1] in tuple("=+-@\t\r\n")]
    assert {len(row) for row in table} == {len(table[0])}


@settings(max_examples=150, deadline=None)
@given(board=boards())
def test_json_of_trello_holds_every_move(board) -> None:
    export = trackers.trello_json(board)
    assert trackers.read_trello_json(export.text) == board
    assert str(export) == "Nothing is left out."


def test_a_whole_simulated_log_goes_to_trello_and_back() -> None:
    moves = tuple(Move(*row) for row in simulate(1, Flow(tasks=60)).itertuples(index=False))
    board = Tracked(Board(columns=tuple(Column(name=name) for name in COLUMNS)), moves)
    found = trackers.read_trello_json(trackers.trello_json(board).text)
    assert found.moves == moves
    said = str(trackers.trello_csv(board))
    assert f"moves before the last of each card ({len(moves) - 60:,})" in said


def test_actions_of_trello_may_stand_in_any_order() -> None:
    moves = tuple(Move("a", name, 5 * n, "ann") for n, name in enumerate(COLUMNS))
    board = Tracked(Board(columns=tuple(Column(name=name) for name in COLUMNS)), moves)
    data = json.loads(trackers.trello_json(board).text)
    for order in (data["actions"][::-1], data["actions"][2:] + data["actions"][:2]):
        assert trackers.read_trello_json(json.dumps(data | {"actions": order})).moves == moves


def test_columns_are_those_that_are_documented() -> None:
    board = Tracked(Board(columns=(Column(name="To do"), Column(name="Done"))), ())
    jira = cells(trackers.jira_csv(board).text)[0]
    assert jira[0] == "Summary"
    assert all(head.replace(" ", "").isalpha() for head in jira)
    assert cells(trackers.trello_csv(board).text)[0] == list(trackers.TRELLO_COLUMNS)
    data = json.loads(trackers.trello_json(board).text)
    assert {"id", "name", "closed", "pos", "softLimit", "idBoard"} == set(data["lists"][0])
    ids = [one["id"] for one in (*data["lists"], *data["cards"])]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 24 and int(one, 16) >= 0 for one in ids)


def test_a_real_export_has_other_columns_archived_cards_and_no_policies() -> None:
    text = (
        "\ufeffCard ID,Card Name,Labels,Members,List Name,Board Name,Archived,Vote Count\r\n"
        'c1,batch 7,"Vans (green), Night (red)",ann,Doing,Harbour,false,0\r\n'
        "c2,batch 7,,,Review,Harbour,FALSE,0\r\n"
        "c3,old,,,Review,Harbour,true,0\r\n"
        "c4,older,,,Review,Harbour,TRUE,0\r\n"
    )
    found = trackers.read_trello_csv(text)
    assert [column.name for column in found.board.columns] == ["Doing", "Review"]
    assert [move[:2] for move in found.moves] == [("batch 7", "Doing"), ("batch 7 #2", "Review")]
    assert found.name == "Harbour"


def test_json_without_history_archived_lists_and_soft_limits() -> None:
    data = {
        "name": "Harbour",
        "lists": [
            {"id": "b", "name": "Review", "pos": 2, "softLimit": "3"},
            {"id": "a", "name": "Doing", "pos": 1},
            {"id": "x", "name": "Old", "pos": 0, "closed": True},
        ],
        "cards": [
            {"id": "1", "name": "batch 7", "idList": "b"},
            {"id": "2", "name": "o", "idList": "x"},
        ],
    }
    found = trackers.read_trello_json(json.dumps(data))
    assert found.board.columns == (Column(name="Doing"), Column(name="Review", limit=3))
    assert found.moves == (Move("batch 7", "Review", 0, ""),)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (trackers.read_trello_csv, "", "read as a table"),
        (trackers.read_trello_csv, "Card Name\nx\n", "'List Name'"),
        (trackers.read_trello_csv, "Card Name,List Name\nx,Doing\n", "two columns"),
        (trackers.read_jira_csv, "Summary,Status\nx\n", "Row 2"),
        (trackers.read_jira_csv, "Status\nx\n", "'Summary'"),
        (trackers.read_jira_csv, "Summary,Status\nx,Doing\ny,\n", "'y' stands in no column"),
        (trackers.read_trello_csv, "Card Name,List Name\nx,\n", "'x' stands in no column"),
        (trackers.read_trello_json, "{", "no JSON export"),
        (trackers.read_trello_json, "[]", "no JSON export"),
        (trackers.read_trello_json, '{"lists": [], "cards": []}', "two columns"),
        (trackers.read_trello_json, '{"lists": 1, "cards": []}', "no JSON export"),
    ],
)
def test_what_is_no_such_file_is_told(read, text, said) -> None:
    with pytest.raises(LabelSchoolError, match=said):
        read(text)
