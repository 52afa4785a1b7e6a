"""The JSON export of a Trello board; `labelschool.operations.trackers` says what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.operations.boards import Move
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

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""The moment of minute 0, a Monday; working minutes are written as if unbroken."""


def trello_json(tracked: Tracked) -> Export:
    """A file with the fields of Trello's JSON export: lists, cards, and every move as an action."""
    lists = {column.name: tracker_id("list", column.name) for column in tracked.board.columns}
    people = sorted({move.who for move in tracked.moves if move.who})
    policy = {"id": tracker_id("label", POLICY), "name": POLICY, "color": "sky"}
    moves = [move for move in tracked.moves if move.column in lists]
    known, actions = {}, []
    for number, move in enumerate(moves):
        actions.append(_action(number, move, known.get(move.card), lists))
        known[move.card] = move.column
    cards = [
        _card(column.name, lists[column.name], rules_text(column), [policy], "policy")
        for column in tracked.board.columns
    ] + [
        _card(card, lists[column], tracked.cards.get(card, ""), [], "card")
        for card, column in known.items()
    ]
    data = {
        "id": tracker_id("board", tracked.name),
        "name": tracked.name,
        "closed": False,
        "lists": [
            {
                "id": lists[column.name],
                "name": column.name,
                "closed": False,
                "pos": 16384 * place,
                "softLimit": column.limit,
                "idBoard": tracker_id("board", tracked.name),
            }
            for place, column in enumerate(tracked.board.columns, 1)
        ],
        "labels": [policy],
        "members": [
            {"id": tracker_id("member", who), "fullName": who, "username": who} for who in people
        ],
        "cards": [{**card, "pos": 16384 * place} for place, card in enumerate(cards, 1)],
        # The newest first, as the service sends them.
        "actions": actions[::-1],
    }
    left_out = {"moves to a column that the board does not have": len(tracked.moves) - len(moves)}
    return Export(json.dumps(data, ensure_ascii=False, indent=1) + "\n", left_out)


def read_trello_json(text: str) -> Tracked:
    """The board of a JSON export of Trello; a card without actions has one move at minute 0.

    Archived lists and cards are not read. Minutes count from the first action. Raises
    `LabelSchoolError` where it is no such file.
    """
    try:
        data = json.loads(text)
        return _from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelSchoolError(
            "This is no JSON export of a Trello board: it needs lists, cards and actions."
        ) from error


def _from_json(data: Mapping[str, Any]) -> Tracked:
    open_ = [one for one in data["lists"] if not one.get("closed")]
    lists = {one["id"]: one["name"] for one in sorted(open_, key=lambda one: one.get("pos", 0))}
    limits = {one["name"]: one.get("softLimit") for one in open_}
    columns = {name: column_of(name, limits[name], "") for name in lists.values()}
    names: dict[str, str] = {}
    cards: dict[str, str] = {}
    for card in data["cards"]:
        place = lists.get(card["idList"])
        if card.get("closed") or place is None:
            continue
        rules = RULES.fullmatch(card.get("desc", ""))
        if rules and any(is_policy(label["name"]) for label in card.get("labels", ())):
            columns[place] = column_of(place, rules[1], rules[2])
            continue
        names[card["id"]] = unused(card["name"], cards)
        cards[names[card["id"]]] = card.get("desc", "")
    moves = _moves(data.get("actions", ()), lists, names)
    moved = {move.card for move in moves}
    still = [
        Move(names[card["id"]], lists[card["idList"]], 0, "")
        for card in data["cards"]
        if card["id"] in names and names[card["id"]] not in moved
    ]
    return Tracked(board_of(columns.values()), (*still, *moves), cards, str(data.get("name", "")))


def _moves(
    actions: Sequence[Mapping[str, Any]], lists: Mapping[str, str], names: Mapping[str, str]
) -> list[Move]:
    """The moves that actions tell, the oldest first."""
    told = []
    for action in reversed(actions):
        data = action["data"]
        to = data.get("list" if action["type"] == "createCard" else "listAfter") or {}
        card = data.get("card", {}).get("id")
        is_move = action["type"] in ("createCard", "updateCard") and to.get("id") in lists
        if is_move and card in names:
            who = action.get("memberCreator", {}).get("fullName", "")
            told.append((datetime.fromisoformat(action["date"]), card, to["id"], who))
    told.sort(key=lambda one: one[0])
    return [
        Move(names[card], lists[to], round((at - told[0][0]).total_seconds() / 60, 4), who)
        for at, card, to, who in told
    ]


def _action(
    number: int, move: Move, before: str | None, lists: Mapping[str, str]
) -> dict[str, Any]:
    to = {"id": lists[move.column], "name": move.column}
    card = {"id": tracker_id("card", move.card), "name": move.card}
    moved = before is not None
    data: dict[str, Any] = {"card": card, "list": to}
    if moved:
        data = {
            "card": {**card, "idList": to["id"]},
            "old": {"idList": lists[before]},
            "listBefore": {"id": lists[before], "name": before},
            "listAfter": to,
        }
    at = START + timedelta(minutes=move.minute)
    return {
        "id": tracker_id("action", f"{number}"),
        "type": "updateCard" if moved else "createCard",
        "date": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "idMemberCreator": tracker_id("member", move.who),
        "memberCreator": {"id": tracker_id("member", move.who), "fullName": move.who},
        "data": data,
    }


def _card(name: str, place: str, text: str, labels: list, kind: str) -> dict[str, Any]:
    return {
        "id": tracker_id(kind, name),
        "name": name,
        "desc": text,
        "idList": place,
        "closed": False,
        "labels": labels,
        "idMembers": [],
        "due": None,
    }
