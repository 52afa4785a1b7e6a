"""How work flows over a labelling board: a simulator, and measures of any log of moves.

A log is a table with the columns ``card``, ``column``, ``minute`` and ``who``, as the boards of
this course save it: at that minute the card came into that column. Minutes are working time.

Terms, as used throughout. *Lead time* runs from a card's first move, onto the board, to its last
move into "Done"; *cycle time* from its first start to that same move. *Work in progress* (WIP) are
the cards that were started and are not yet through review. Little's law says that in a steady flow
WIP = throughput x cycle time (J. D. C. Little 1961, "A Proof for the Queuing Formula L = lambda W",
Operations Research 9).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Protocol

from labelschool.errors import LabelSchoolError
from labelschool.operations.boards import Board, Move

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("To do", "Labelling", "Waiting for review", "In review", "Done")
TO_DO, LABELLING, WAITING, REVIEW, DONE = COLUMNS
IN_PROGRESS = (LABELLING, WAITING, REVIEW)
SHAPE = 4
"""Of the gamma distribution of all task times; their standard deviation is half their mean."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A team on a board. Times are minutes of work, gamma distributed with shape 4.

    ``rework`` is the share of reviews that send a card back. ``wip`` limits the cards that were
    started and are not yet through review; None is no limit.
    """

    tasks: int = 400
    annotators: int = 4
    reviewers: int = 1
    label_minutes: float = 30.0
    review_minutes: float = 9.0
    rework: float = 0.15
    wip: int | None = None

    @property
    def mean_minutes(self) -> dict[str, float]:
        """Mean minutes of work on a card, by the column in which it is done."""
        return {LABELLING: self.label_minutes, REVIEW: self.review_minutes}


# Simulation -------------------------------------------------------------------------------------


class Chance(Protocol):
    """What is left to chance: minutes of work on a card in a column, whether a review rejects."""

    def minutes(self, card: str, column: str) -> float:
        """How long the work takes that begins now."""

    def rejects(self, card: str) -> bool:
        """Whether the review that ends now sends the card back."""


class _Drawn:
    """Chance in the order in which things happen."""

    def __init__(self, seed: int, flow: Flow) -> None:
        import numpy as np

        self._rng, self._rework = np.random.default_rng(seed), flow.rework
        self._mean = flow.mean_minutes

    def minutes(self, card: str, column: str) -> float:
        return self._rng.gamma(SHAPE, self._mean[column] / SHAPE)

    def rejects(self, card: str) -> bool:
        return self._rng.random() < self._rework


class Work:
    """The state of a board between two events; `moves` collects what happens.

    Who is free pulls a card: first reviewers, then annotators where the limit of cards in progress
    has room. A rejected card goes back to the front of "To do". Only ``room`` of the finished cards
    are shown as waiting for review; the others stay in "Labelling" until a place is free, as on a
    board where that column has a limit.
    """

    def __init__(self, flow: Flow, chance: Chance, room: int | None = None) -> None:
        self.flow, self.chance, self.room = flow, chance, room
        self.todo: deque[str] = deque()
        self.waiting: deque[str] = deque()
        self.shown: set[str] = set()
        # More people than cards would never be called.
        annotators, reviewers = (min(n, flow.tasks) for n in (flow.annotators, flow.reviewers))
        self.staff = {
            LABELLING: [f"annotator-{n}" for n in range(annotators, 0, -1)],
            REVIEW: [f"reviewer-{n}" for n in range(reviewers, 0, -1)],
        }
        self.free = {column: list(people) for column, people in self.staff.items()}
        self.finished_by: dict[str, str] = {}
        self.moves: list[Move] = []
        self.started = 0
        self._running: list[tuple[float, int, str, str, str]] = []
        self._order = count()

    def begin(self, card: str, column: str, who: str, end: float) -> None:
        """Someone works on a card in a column until a minute."""
        heapq.heappush(self._running, (end, next(self._order), column, card, who))

    def run(self, until: float = float("inf")) -> None:
        """Let everything happen that ends by a minute."""
        while self._running and self._running[0][0] <= until:
            minute, _, column, card, who = heapq.heappop(self._running)
            if who in self.staff[column]:
                self.free[column].append(who)
            if column == LABELLING:
                self.waiting.append(card)
                self.finished_by[card] = who
            else:
                self._reviewed(card, minute, who)
            self.pull(minute)

    def pull(self, minute: float) -> None:
        """Whoever is free takes the next card."""
        self._show(minute)
        while True:
            if self.free[REVIEW] and self.waiting:
                card, column = self.waiting.popleft(), REVIEW
                self.shown.discard(card)
            elif self._may_start():
                card, column = self.todo.popleft(), LABELLING
                self.started += 1
            else:
                return
            who = self.free[column].pop()
            self.begin(card, column, who, minute + self.chance.minutes(card, column))
            self.move(card, column, minute, who)
            self._show(minute)

    def move(self, card: str, column: str, minute: float, who: str) -> None:
        """Note that a card came into a column, to the hundredth of a minute."""
        self.moves.append(Move(card, column, round(minute, 2), who))

    def _reviewed(self, card: str, minute: float, who: str) -> None:
        self.started -= 1
        again = self.chance.rejects(card)
        self.move(card, TO_DO if again else DONE, minute, who)
        if again:
            self.todo.appendleft(card)

    def _may_start(self) -> bool:
        free = self.flow.wip is None or self.started < self.flow.wip
        return bool(self.free[LABELLING] and self.todo and free)

    def _show(self, minute: float) -> None:
        """Finished cards come into the column in which they wait, where it has room."""
        for card in list(self.waiting)[: self.room]:
            if card not in self.shown:
                self.shown.add(card)
                self.move(card, WAITING, minute, self.finished_by[card])


def simulate(seed: int, flow: Flow = Flow()) -> pd.DataFrame:
    """Every move of every card: columns ``card``, ``column``, ``minute`` and ``who``."""
    import pandas as pd

    work = Work(flow, _Drawn(seed, flow))
    for number in range(1, flow.tasks + 1):
        card = f"card-{number:03}"
        work.todo.append(card)
        work.move(card, TO_DO, 0.0, "")
    work.pull(0.0)
    work.run()
    return pd.DataFrame(sorted(work.moves, key=lambda move: move.minute), columns=Move._fields)


def staffed(board: Board, job: Flow) -> Flow:
    """A job as this board runs it: its limits say how many people work and how much is begun.

    The limit of "Labelling" is the number of annotators, that of "In review" the number of
    reviewers. With a limit on "Waiting for review" as well, no more cards are in progress than the
    three hold together: a finished card that finds no room there keeps its place in "Labelling", so
    nobody starts another one on it. Other columns are not simulated.

    Raises `LabelSchoolError` where one of the three is missing, or has no limit that it needs.
    """
    limits = {}
    for name in IN_PROGRESS:
        if (column := board.column(name)) is None:
            raise LabelSchoolError(f"The board has no column {name!r}, so it cannot be run.")
        limits[name] = column.limit
    for name, who in ((LABELLING, "annotators"), (REVIEW, "reviewers")):
        if limits[name] is None:
            raise LabelSchoolError(f"Give {name!r} a limit: it is the number of {who}.")
    wip = sum(limits.values()) if limits[WAITING] else None
    return replace(job, annotators=limits[LABELLING], reviewers=limits[REVIEW], wip=wip)


# Measures ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measures:
    """A log in numbers; times in hours, throughput in finished cards an hour.

    ``hours`` is the span of the log, ``wip`` the mean over it, ``rework`` the share of reviews that
    sent the card back and ``reworked`` the share of finished cards that were started more than
    once. Where nothing is finished, or nothing was reviewed, the means and shares of it are nan.
    """

    cards: int
    done: int
    hours: float
    throughput: float
    lead: float
    cycle: float
    cycle_p85: float
    wip: float
    rework: float
    reworked: float

    @property
    def little(self) -> float:
        """The mean cycle time in hours that Little's law expects: WIP / throughput."""
        return self.wip / self.throughput if self.throughput else float("nan")


def times(moves: pd.DataFrame) -> pd.DataFrame:
    """A row for each card: minutes ``entered``, ``started`` and ``done``, how often it was started
    (``starts``), and its ``lead`` and ``cycle`` time in minutes, nan until it is done.
    """
    import pandas as pd

    by_card = moves.groupby("card", sort=False)["minute"]
    starts = moves[moves["column"] == LABELLING].groupby("card")["minute"]
    # A card that was done and taken back is not done.
    last = moves.sort_values("minute", kind="stable").groupby("card").last()
    table = pd.DataFrame({"entered": by_card.min(), "started": starts.min()})
    table["done"] = last.loc[last["column"] == DONE, "minute"]
    table["lead"] = table["done"] - table["entered"]
    table["cycle"] = table["done"] - table["started"]
    table["starts"] = starts.size().reindex(table.index, fill_value=0)
    return table


def contents(moves: pd.DataFrame, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """How many cards each column holds after each minute of the log: the cumulative flow.

    The index are the minutes at which something moved, in order; the bands of a cumulative flow
    diagram are these counts, stacked from the last column up.
    """
    import pandas as pd

    ordered = moves.sort_values("minute", kind="stable")
    came = pd.get_dummies(ordered["column"], dtype=int)
    left = came.groupby(ordered["card"]).shift(fill_value=0)
    change = (came - left).groupby(ordered["minute"]).sum()
    return change.cumsum().reindex(columns=list(columns), fill_value=0)


def wip(moves: pd.DataFrame, columns: Sequence[str] = IN_PROGRESS) -> pd.Series:
    """Cards in progress after each minute at which something moved."""
    return contents(moves, columns).sum(axis=1).rename("wip")


def mean_wip(moves: pd.DataFrame, columns: Sequence[str] = IN_PROGRESS) -> float:
    """The mean of `wip` over time, from the first move to the last; nan for a log of one moment."""
    import numpy as np

    level = wip(moves, columns)
    minutes = np.diff(level.index)
    return float(np.average(level.iloc[:-1], weights=minutes)) if minutes.sum() else float("nan")


def measure(moves: pd.DataFrame) -> Measures:
    """A log of moves in numbers. Raises `LabelSchoolError` for an empty one."""
    if moves.empty:
        raise LabelSchoolError("The log holds no move, so there is nothing to measure.")
    table = times(moves)
    hours = (moves["minute"].max() - moves["minute"].min()) / 60
    done = table[table["done"].notna()]
    ordered = moves.sort_values("minute", kind="stable")
    after = ordered.groupby("card")["column"].shift(-1)[ordered["column"] == REVIEW].dropna()
    return Measures(
        cards=len(table),
        done=len(done),
        hours=float(hours),
        throughput=float(len(done) / hours) if hours else float("nan"),
        lead=float(done["lead"].mean() / 60),
        cycle=float(done["cycle"].mean() / 60),
        cycle_p85=float(done["cycle"].quantile(0.85) / 60),
        wip=mean_wip(moves),
        rework=float((after != DONE).mean()),
        reworked=float((done["starts"] > 1).mean()),
    )
