"""3.J and A3.e: what boards earn, what is said of the usual mistakes, and the live board."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from labelschool import course, portfolio
from labelschool.exercises import written
from labelschool.exercises.board_labs import LAB, RESCUE, pay
from labelschool.exercises.suites import board, rescue_board
from labelschool.operations import trackers
from labelschool.operations.boards import Board, Column, Move, moves_csv
from labelschool.operations.crew import crew
from labelschool.operations.flow import COLUMNS, DONE, LABELLING, REVIEW, staffed
from labelschool.operations.tracked import read_saved
from labelschool.portfolio import board as portfolio_board
from labelschool.portfolio.proofs import proven_by

SECONDS = 5
FEW = range(7100, 7103)
PASS = {task: course.load().task(task).pass_mark for task in ("3.J", "A3.e")}


def limited(labelling: int | None, waiting: int | None, review: int | None) -> Board:
    limits = (None, labelling, waiting, review, None)
    named = zip(COLUMNS, limits, strict=True)
    return Board(columns=tuple(Column(name=name, limit=limit) for name, limit in named))


def judged(folder: Path, made: Board):
    (folder / "board.json").write_text(made.as_json, encoding="utf-8")
    (run,) = board.SUITE
    return run.judged(folder, SECONDS)


# 3.J --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [(7, 1, 3), (7, 2, 3), (6, 8, 3), (6, None, 3)])
def test_balanced_boards_within_the_budget_earn_everything(tmp_path, limits) -> None:
    assert judged(tmp_path, limited(*limits)) == (1.0, "")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((7, None, 2), "pile up"),
        ((7, 40, 3), "make no reviewer faster"),
        ((7, None, 3), "has no limit"),
        ((5, 3, 2), "533 cards are labelled"),
        ((5, 3, 3), "533 cards are labelled"),
        ((9, 3, 1), "paid for waiting"),
        ((8, 3, 3), "somebody has to go"),
        ((1, 1, 1), "lead time"),
        ((99, 99, 99), "somebody has to go"),
        ((None, 3, 3), "number of annotators"),
    ],
)
def test_usual_mistakes_do_not_pass_and_are_told(tmp_path, limits, said) -> None:
    found = judged(tmp_path, limited(*limits))
    assert found.share < PASS["3.J"]
    assert said in found.said


def test_the_board_as_it_is_given_and_all_alike_limits_earn_nothing(tmp_path) -> None:
    assert judged(tmp_path, Board(columns=LAB.columns)).share == 0
    for n in (1, 2, 3, 4, 5, 10, 50):
        assert judged(tmp_path, limited(n, n, n)).share < 0.15


def test_a_limit_that_is_a_little_too_high_earns_a_part(tmp_path) -> None:
    found = judged(tmp_path, limited(7, 6, 3))
    assert 0.3 < found.share < 1
    assert "mean cycle time is 1.1" in found.said


def test_the_best_figures_are_those_of_all_boards_within_budget_and_promise() -> None:
    runs = []
    for labelling, review in itertools.product(range(1, 11), range(1, 7)):
        people = staffed(limited(labelling, None, review), LAB.job)
        if pay(people) > LAB.hourly or labelling < LAB.hands(24) or review < LAB.hands(11):
            continue
        for waiting in (1, 3, 8, None):
            found = LAB.run(limited(labelling, waiting, review), FEW)
            runs += [found] if found.hours <= LAB.promised else []
    for figure in ("lead", "cycle", "cost"):
        best = min(getattr(one, figure) for one in runs)
        assert best == pytest.approx(getattr(board.BEST, figure), rel=0.03)


def test_without_a_saved_board_it_is_said_what_to_do(tmp_path) -> None:
    (run,) = board.SUITE
    found = run.judged(tmp_path, SECONDS)
    assert found.share == 0
    assert "change a limit" in found.said
    (tmp_path / "board.json").write_text("{}", encoding="utf-8")
    assert "not a board" in run.judged(tmp_path, SECONDS).said


def test_the_widget_begins_with_the_board_of_the_job_and_saves_what_is_judged(tmp_path) -> None:
    widget = written.WIDGETS["board"](course.load().task("3.J"), tmp_path)
    sent: list[dict] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._handle_custom_msg({"kind": "hello", "client": "tab"}, [])
    held = widget.spec["empty"]
    widget._handle_custom_msg({"kind": "step", "client": "tab", **held}, [])
    moved = sent[-1]
    assert {move.column for move in moved["moves"]} >= {LABELLING}
    edits = [
        {**held["board"], **moved["board"]},
        {**held["flow"], "moves": [*held["flow"]["moves"], *moved["moves"]]},
    ]
    widget._handle_custom_msg(
        {"kind": "save", "client": "tab", "seq": 1, "base": sent[0]["revision"], "edits": edits}, []
    )
    saved = read_saved(tmp_path / "answers" / "3.J")
    assert saved.board.columns == LAB.columns
    assert len(saved.places()) == 12


# A3.e -------------------------------------------------------------------------------------------

RULES = {
    "To do": "a free annotator pulls the topmost card",
    "Labelling": "all objects are labelled and checked once by the annotator",
    "Escalated": "the lead answers within 4 hours, with a rule number",
    "Waiting for review": "a reviewer has free hands and pulls it",
    "In review": "another person than the labeller accepts it, or it goes back to To do",
}
LIMITS = {"Labelling": 9, "Escalated": 3, "Waiting for review": 3, "In review": 4}


def rescue(limits: dict = LIMITS, rules: dict = RULES, names: tuple[str, ...] = (*RULES, DONE)):
    columns = (Column(name=n, limit=limits.get(n), done=rules.get(n, "")) for n in names)
    return Board(columns=tuple(columns))


def handed_in(folder: Path, made: Board, *, hours: float = 12, export: bool = True) -> Path:
    folder.mkdir(exist_ok=True)
    moves = [Move(card, "To do", 0, "") for card in RESCUE.cards]
    team, now = crew(RESCUE.job, RESCUE.live_seed, 30), made
    while now.minute < hours * 60:
        now = now.model_copy(update={"minute": now.minute + 30})
        moves += team(now, moves)
    (folder / "board.json").write_text(now.as_json, encoding="utf-8")
    (folder / "flow.csv").write_text(moves_csv(moves), encoding="utf-8")
    if export:
        saved = read_saved(folder)
        for name, write in (("trello.csv", trackers.trello_csv), ("jira.csv", trackers.jira_csv)):
            (folder / name).write_bytes(write(saved).text.encode())
    return folder


def wrong(folder: Path) -> dict[str, str]:
    found = {rule.name: rule.judged(folder, SECONDS) for rule in rescue_board.SUITE}
    return {name: one.said for name, one in found.items() if one.share < 1}


def test_a_complete_workflow_has_every_rule(tmp_path) -> None:
    assert wrong(handed_in(tmp_path, rescue())) == {}


REPLAY = "budget, promise and cycle time"
PERSON = "review by another person"


@pytest.mark.parametrize(
    ("limits", "rules", "lacking"),
    [
        ({"Escalated": None}, {}, {"columns and limits", "escalation"}),
        ({}, {"Escalated": "we talk about it some time"}, {"escalation"}),
        ({}, {"In review": "checked, or it goes back to To do"}, {PERSON}),
        ({}, {"In review": "another person than the labeller agrees"}, {"rework"}),
        ({}, {"Labelling": "done"}, {"definitions of done"}),
        ({}, {"To do": RULES["Labelling"]}, {"definitions of done"}),
        ({"Labelling": 12}, {}, {REPLAY}),
        ({"Labelling": 6, "In review": 3}, {}, {REPLAY}),
        ({"In review": 3, "Waiting for review": 40}, {}, {REPLAY}),
    ],
)
def test_each_lack_costs_its_rule_alone(tmp_path, limits, rules, lacking) -> None:
    made = rescue(limits=LIMITS | limits, rules=RULES | rules)
    assert set(wrong(handed_in(tmp_path, made))) == lacking


def test_columns_that_are_missing_or_in_another_order_are_told(tmp_path) -> None:
    without = rescue(names=tuple(name for name in (*RULES, DONE) if name != "Escalated"))
    assert set(wrong(handed_in(tmp_path, without))) == {"escalation"}
    turned = rescue(names=(DONE, *RULES))
    assert set(wrong(handed_in(tmp_path, turned))) == {"columns and limits"}


def test_exports_and_the_live_board_have_to_be_those_of_the_board(tmp_path) -> None:
    folder = handed_in(tmp_path, rescue(), hours=0.5)
    assert set(wrong(folder)) == {"live board"}
    other = rescue(limits=LIMITS | {"Labelling": 8})
    (folder / "board.json").write_text(other.as_json, encoding="utf-8")
    assert "exports" in wrong(folder)
    assert "exports" in wrong(handed_in(tmp_path / "none", rescue(), export=False))


def test_who_reviews_own_work_by_hand_is_told(tmp_path) -> None:
    folder = handed_in(tmp_path, rescue())
    moves = list(read_saved(folder).moves)
    moves += [Move("relabel-01", LABELLING, 900, "you"), Move("relabel-01", REVIEW, 930, "you")]
    (folder / "flow.csv").write_text(moves_csv(moves), encoding="utf-8")
    assert "you reviewed relabel-01" in wrong(folder)["review by another person"]


def test_a_board_that_was_only_opened_earns_nothing_and_blind_ones_next_to_nothing(
    tmp_path,
) -> None:
    everything = len(rescue_board.SUITE)
    assert (
        len(wrong(handed_in(tmp_path, Board(columns=RESCUE.columns), export=False))) == everything
    )
    blind = limited(1, 1, 1)
    assert 1 - len(wrong(handed_in(tmp_path, blind, hours=0.5, export=False))) / everything < 0.15
    assert len(wrong(tmp_path / "nothing")) == everything


def test_the_board_goes_into_the_portfolio_with_the_figures_of_its_replay(tmp_path) -> None:
    assert portfolio_board.piece(tmp_path).files == {}
    assert "A3.e" in portfolio_board.piece(tmp_path).missing[0]
    folder = tmp_path / "03-quality" / "answers" / "A3.e"
    folder.parent.mkdir(parents=True)
    handed_in(folder, rescue(), export=False)
    made = portfolio_board.piece(tmp_path)
    assert set(made.files) == {"README.md", "evidence.json", "board.csv", "jira.csv"}
    found = trackers.read_trello_csv(made.files["board.csv"].decode())
    assert found.board.columns == rescue().columns
    evidence = json.loads(made.files["evidence.json"])
    assert (evidence["kind"], evidence["replay"]["n"]) == ("simulated", 600)
    assert evidence["replay"]["cycle_hours"] < 1
    assert portfolio_board.piece(tmp_path) == made
    # Hours are no score, so nothing is claimed by them.
    assert proven_by(evidence) == []
    assert "03-board/board.csv" in portfolio.build(tmp_path).files
