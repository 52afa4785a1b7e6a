"""The flow of work over a board: the stated figures, rules that hold in every run, measures."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import datasets
from labelschool.errors import LabelSchoolError
from labelschool.operations import flow
from labelschool.operations.boards import Board, Column, Move, moves_csv, read_board, read_moves
from labelschool.operations.crew import crew
from labelschool.operations.flow import COLUMNS, Flow, measure, simulate, staffed

FOLLOWS = {
    "To do": {"Labelling"},
    "Labelling": {"Waiting for review"},
    "Waiting for review": {"In review"},
    "In review": {"Done", "To do"},
    "Done": set(),
}
FLOWS = st.builds(
    Flow,
    tasks=st.integers(1, 40),
    annotators=st.integers(1, 5),
    reviewers=st.integers(1, 3),
    wip=st.none() | st.integers(1, 6),
)


def a_board(labelling: int | None, waiting: int | None, review: int | None) -> Board:
    limits = (None, labelling, waiting, review, None)
    named = zip(COLUMNS, limits, strict=True)
    return Board(columns=tuple(Column(name=name, limit=limit) for name, limit in named))


@pytest.mark.parametrize(
    ("job", "makespan", "cycle", "throughput", "error"),
    [
        (Flow(), 71, 7.9, 5.64, 0.01),
        (Flow(wip=8), 71, 1.3, 5.62, 0.01),
        (Flow(wip=4), 88, 0.9, None, 0.01),
        (Flow(reviewers=2), 59.5, 0.8, 6.73, 0.03),
    ],
)
def test_a_board_flows_as_stated(job, makespan, cycle, throughput, error) -> None:
    """Twenty seeds of 400 tasks; the last column is how closely Little's law holds."""
    found = [measure(simulate(seed, job)) for seed in range(20)]
    mean = pd.DataFrame([vars(one) | {"little": one.little} for one in found]).mean()
    assert mean["hours"] == pytest.approx(makespan, abs=0.6)
    assert mean["cycle"] == pytest.approx(cycle, abs=0.05)
    if throughput:
        assert mean["throughput"] == pytest.approx(throughput, abs=0.005)
    assert mean["wip"] / mean["throughput"] == pytest.approx(mean["cycle"], rel=error)
    assert mean["rework"] == pytest.approx(0.15, abs=0.01)


def test_the_shipped_log_comes_from_this_simulator() -> None:
    key = datasets.key("board_log", "practice")
    text = datasets.file("board_log", "board.csv").read_text(encoding="utf-8")
    made = simulate(key["seed"], Flow(**key["flow"]))
    assert made.to_csv(index=False, lineterminator="\n") == text
    found = measure(made)
    assert (found.hours, found.cycle) == pytest.approx(
        (key["makespan_hours"], key["mean_cycle_hours"]), abs=0.01
    )
    assert round(found.reworked * found.done) == key["reworked_cards"]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), job=FLOWS)
def test_cards_take_the_columns_in_order_and_limits_hold(seed, job) -> None:
    table = simulate(seed, job)
    assert table["card"].nunique() == job.tasks
    for _, moves in table.groupby("card"):
        columns = moves["column"].tolist()
        assert (columns[0], columns[-1]) == ("To do", "Done")
        assert all(later in FOLLOWS[column] for column, later in pairwise(columns))
        assert moves["minute"].is_monotonic_increasing
    held = Counter()
    places: dict[str, str] = {}
    for card, column in zip(table["card"], table["column"], strict=True):
        held[places.get(card)] -= 1
        held[column] += 1
        places[card] = column
        assert held["Labelling"] <= job.annotators
        assert held["In review"] <= job.reviewers
        assert job.wip is None or sum(held[name] for name in flow.IN_PROGRESS) <= job.wip


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), job=FLOWS)
def test_measures_agree_with_a_count_by_hand(seed, job) -> None:
    table = simulate(seed, job)
    found = measure(table)
    area, last, open_cards = 0.0, 0.0, set()
    started, done = {}, {}
    for card, column, minute, _ in table.itertuples(index=False):
        if column == "Labelling":
            started.setdefault(card, minute)
        elif column == "Done":
            done[card] = minute
        area += len(open_cards) * (minute - last)
        last = minute
        (open_cards.add if column in flow.IN_PROGRESS else open_cards.discard)(card)
    assert found.wip == pytest.approx(area / last)
    hours = np.array([done[card] - started[card] for card in done]) / 60
    assert found.lead == pytest.approx(np.mean(list(done.values())) / 60)
    assert found.cycle == pytest.approx(hours.mean())
    assert found.cycle_p85 == pytest.approx(np.quantile(hours, 0.85))
    assert found.throughput * found.hours == pytest.approx(job.tasks)
    reviews, back = (table["column"] == "In review").sum(), (table["column"] == "To do").sum()
    assert found.rework == pytest.approx((back - job.tasks) / reviews)
    shuffled = measure(table.sample(frac=1, random_state=seed).sort_values("minute", kind="stable"))
    assert (shuffled.cycle, shuffled.lead) == pytest.approx((found.cycle, found.lead))
    bands = flow.contents(table)
    assert (bands.sum(axis=1) == job.tasks).all()
    assert bands["Done"].is_monotonic_increasing


def test_an_unfinished_log_says_nothing_about_what_is_not_done() -> None:
    rows = [("a", "To do", 0, ""), ("b", "To do", 0, ""), ("a", "Labelling", 30, "ann")]
    moves = pd.DataFrame(rows, columns=Move._fields)
    found = measure(moves)
    assert (found.cards, found.done, found.throughput) == (2, 0, 0)
    assert np.isnan([found.lead, found.cycle, found.rework, found.little]).all()
    assert found.wip == 0
    assert np.isnan(measure(moves[:2]).wip)
    with pytest.raises(LabelSchoolError, match="nothing to measure"):
        measure(moves[:0])


def test_a_card_that_was_taken_back_is_not_done() -> None:
    rows = [("a", "Labelling", 0, ""), ("a", "Done", 10, ""), ("a", "To do", 20, "")]
    table = flow.times(pd.DataFrame(rows, columns=Move._fields))
    assert np.isnan(table.loc["a", "done"])


def test_the_limits_of_a_board_are_people_and_cards_in_progress() -> None:
    assert staffed(a_board(4, 3, 1), Flow()) == Flow(wip=8)
    assert staffed(a_board(5, None, 2), Flow()) == Flow(annotators=5, reviewers=2)
    with pytest.raises(LabelSchoolError, match="number of reviewers"):
        staffed(a_board(4, 3, None), Flow())
    with pytest.raises(LabelSchoolError, match="no column 'In review'"):
        staffed(Board(columns=a_board(4, 3, 1).columns[:3]), Flow())


# A live board -----------------------------------------------------------------------------------


def lived(board: Board, cards: int, step: float, hours: float, seed: int = 3) -> list[Move]:
    moves = [Move(f"c{number:02}", "To do", 0, "") for number in range(cards)]
    team = crew(Flow(tasks=cards), seed, step)
    while board.minute < 60 * hours:
        board = board.model_copy(update={"minute": board.minute + step})
        made = team(board, moves)
        assert all(move.minute <= board.minute for move in made)
        moves += made
    return moves


@settings(max_examples=15, deadline=None)
@given(
    limits=st.tuples(st.integers(1, 4), st.none() | st.integers(1, 3), st.integers(1, 2)),
    step=st.sampled_from([10, 30, 45]),
    seed=st.integers(0, 99),
)
def test_a_live_team_keeps_every_limit_of_its_board(limits, step, seed) -> None:
    board = a_board(*limits)
    moves = lived(board, cards=8, step=step, hours=20, seed=seed)
    held = flow.contents(pd.DataFrame(moves))
    for column in board.columns:
        assert column.limit is None or held[column.name].max() <= column.limit
    assert held["Done"].iloc[-1] == 8


def test_a_live_team_works_alike_in_short_and_long_steps() -> None:
    short, long = (
        measure(pd.DataFrame(lived(a_board(4, 2, 1), 12, step, 12))) for step in (15, 60)
    )
    assert astuple(short) == pytest.approx(astuple(long))


def test_a_card_moved_by_hand_is_taken_on_and_a_board_without_people_stands_still() -> None:
    team = crew(Flow(), 1, 30)
    moves = [Move("a", "To do", 0, ""), Move("a", "In review", 30, "you")]
    board = a_board(1, 1, 1).model_copy(update={"minute": 120})
    assert [move.column for move in team(board, moves)][:1] in (["Done"], ["To do"])
    assert team(a_board(None, 1, 1).model_copy(update={"minute": 60}), moves) == []


# Files ------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.builds(
            Move,
            st.text(st.characters(exclude_categories=["Cs", "Cc"])),
            st.text(st.characters(exclude_categories=["Cs", "Cc"])),
            st.floats(0, 1e6),
            st.just("you"),
        )
    )
)
def test_a_saved_log_and_board_are_read_back(moves) -> None:
    assert read_moves(moves_csv(moves)) == tuple(moves)
    board = a_board(4, None, 1)
    assert read_board(board.as_json) == board


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"columns": [{"name": "a"}]}'])
def test_what_is_no_board_is_told(text) -> None:
    with pytest.raises(LabelSchoolError, match="not a board"):
        read_board(text)
