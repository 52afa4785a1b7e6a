"""A3.e: a workflow for the rescue project, as a board that is run, read and exported.

The folder holds what the board saved (``board.json``, ``flow.csv``) and the two exports that the
learner wrote (``trello.csv``, ``jira.csv``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labelschool.demos.numbers import percent
from labelschool.errors import LabelSchoolError
from labelschool.exercises.board_labs import RESCUE, pay
from labelschool.exercises.suites import Judgement, judgement
from labelschool.operations import trackers
from labelschool.operations.boards import Board, Column
from labelschool.operations.flow import (
    COLUMNS,
    DONE,
    LABELLING,
    REVIEW,
    TO_DO,
    WAITING,
    staffed,
)
from labelschool.operations.tracked import Tracked, read_board_file, read_saved

CYCLE = 1.0
"""The most hours that a card may take on average from its first start until it is done."""
WORDS = 4
"""Fewest words of a rule for when a card is done."""
FINISHED = 6
"""Fewest cards that are done on the live board."""

_OTHER = r"\b(other|another|different|second|someone else|somebody else|not|never|nobody|no one)\b"
_PERSON = r"\b(labell?ed|labell?ers?|annotators?|annotated|person|people|own|self|author|who)\b"
_BACK = r"\b(back|returns?|returned|reject|rejected|rework|again)\b"
_ANSWER = r"\b\d+ ?(h|hours?|min|minutes?|days?)\b|\b(lead|owner|manager|guideline|rule|ticket)\b"


def _between(board: Board) -> list[Column]:
    """The columns in which something is done."""
    return [column for column in board.columns if column.name not in (TO_DO, DONE)]


def _columns(folder: Path) -> str:
    names = [column.name for column in read_board_file(folder).columns]
    if missing := [name for name in COLUMNS if name not in names]:
        return f"The board has no column {missing[0]!r}."
    if [name for name in names if name in COLUMNS] != list(COLUMNS):
        return f"The columns stand in another order than {', '.join(COLUMNS)}."
    if names[-1] != DONE:
        return f"The last column is {names[-1]!r}, not {DONE!r}."
    free = [c.name for c in _between(read_board_file(folder)) if c.limit is None]
    return f"{free[0]!r} has no limit." if free else ""


def _done_rules(folder: Path) -> str:
    board = read_board_file(folder)
    rules = {column.name: column.done for column in board.columns if column.name != DONE}
    short = [name for name, rule in rules.items() if len(rule.split()) < WORDS]
    if short or len(rules) < len(COLUMNS) - 1:
        name = short[0] if short else WAITING
        return f"{name!r} does not say when a card in it is done, in at least {WORDS} words."
    if len({rule.casefold() for rule in rules.values()}) < len(rules):
        return "Two columns have the same rule: a card would leave both at once."
    return ""


def _escalation(folder: Path) -> str:
    board = read_board_file(folder)
    asked = [c for c in _between(board) if re.search("escalat|question", c.name, re.IGNORECASE)]
    if not asked:
        return "No column holds what an annotator cannot decide: add one for escalated cards."
    rule = asked[0].done
    if asked[0].limit is None or not re.search(_ANSWER, rule, re.IGNORECASE):
        return f"{asked[0].name!r} needs a limit and a rule that says who answers, or in what time."
    return ""


def _other_person(folder: Path) -> str:
    saved = read_saved(folder)
    rules = " ".join(c.done for c in saved.board.columns if c.name in (WAITING, REVIEW))
    if not (re.search(_OTHER, rules, re.I) and re.search(_PERSON, rules, re.I)):
        return f"The rules of {WAITING!r} and {REVIEW!r} let people review their own labels."
    labelled: dict[str, str] = {}
    for card, column, _, who in saved.moves:
        if column == LABELLING:
            labelled[card] = who
        elif column == REVIEW and who and labelled.get(card) == who:
            return f"On the live board {who} reviewed {card}, which {who} had labelled."
    return ""


def _rework(folder: Path) -> str:
    column = read_board_file(folder).column(REVIEW)
    if column is None:
        return f"The board has no column {REVIEW!r}."
    if not (re.search(_BACK, column.done, re.I) and TO_DO.casefold() in column.done.casefold()):
        return f"The rule of {REVIEW!r} does not say that a rejected card goes back to {TO_DO!r}."
    return ""


def _lived(folder: Path) -> str:
    places = read_saved(folder).places().values()
    done = sum(move.column == DONE for move in places)
    if done < FINISHED:
        return f"On the live board {done} cards are done: let its clock step on."
    return ""


def _replayed(folder: Path) -> str:
    board = read_board_file(folder)
    flow = staffed(board, RESCUE.job)
    if pay(flow) > RESCUE.hourly:
        return f"These people cost {pay(flow)} dollars an hour; the budget is {RESCUE.hourly}."
    found = RESCUE.run(board)
    if found.hours > RESCUE.promised:
        return (
            f"The last of {flow.tasks} cards is done after {found.hours:.1f} h, promised were "
            f"{RESCUE.promised} h. Count with {percent(flow.rework)} rework."
        )
    if found.cycle > CYCLE:
        return f"A card takes {found.cycle:.2f} h from start to done; the target is {CYCLE:.0f} h."
    return ""


def _exported(folder: Path) -> str:
    board = read_board_file(folder)
    readers = {"trello.csv": trackers.read_trello_csv, "jira.csv": trackers.read_jira_csv}
    for name, read in readers.items():
        try:
            found: Tracked = read((folder / name).read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError):
            return f"{name} is not there: run the cell that exports the board."
        if found.board.columns != board.columns:
            return f"{name} says another board than you have now: export it again."
    return ""


@dataclass(frozen=True)
class Rule:
    """One thing that the board has to say or do; `wrong` says what it does not."""

    name: str
    happens: str
    wrong: Callable[[Path], str]

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """All or nothing."""
        try:
            return judgement(self.wrong(answer))
        except LabelSchoolError as error:
            return Judgement(0.0, str(error))


SUITE = (
    Rule("columns and limits", "the five columns in order, and all between them limited", _columns),
    Rule("definitions of done", "every column says when a card in it is done", _done_rules),
    Rule("escalation", "a column for what cannot be decided, and who answers when", _escalation),
    Rule("review by another person", "in the rules and in the live log", _other_person),
    Rule("rework", "a rejected card goes back to To do", _rework),
    Rule("live board", "six of the twelve cards are done", _lived),
    Rule("budget, promise and cycle time", "600 cards over hidden seeds", _replayed),
    Rule("exports", "the CSV for Trello and the one for Jira say the same board", _exported),
)
