"""3.J: the learner's board, run with 400 cards over hidden seeds.

The limit of "Labelling" is the number of annotators, that of "In review" the number of reviewers;
with a limit on "Waiting for review" the three limit the cards in progress, as
`labelschool.operations.flow.staffed` says. Lead time, cycle time and cost are each compared with
the best that a board within the budget and the promise reaches; the farthest of the three counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labelschool.demos.numbers import percent
from labelschool.errors import LabelSchoolError
from labelschool.exercises.board_labs import LAB, Figures, pay
from labelschool.exercises.suites import Judgement
from labelschool.operations.boards import Board
from labelschool.operations.flow import WAITING, Flow, staffed
from labelschool.operations.tracked import read_board_file

BEST = Figures(hours=LAB.promised, lead=16.7, cycle=0.90, cost=7660)
"""The lowest lead time, cycle time and cost of the boards that pay at most `LAB.hourly` dollars an
hour and are done after `LAB.promised` hours: six or seven annotators, three reviewers.
"""
FULL, NOTHING = 1.1, 1.5
"""Times the best: a board earns everything up to the first, and nothing from the second on."""

ROOM = 2
"""Cards that may wait for each reviewer before it is called a heap."""

_FIGURES = {
    "lead": ("the mean lead time", "h", 1),
    "cycle": ("the mean cycle time", "h", 2),
    "cost": ("the cost", "dollars", 0),
}


def farthest(found: Figures) -> tuple[str, float]:
    """The figure that is farthest from its best, and how many times the best it is."""
    ratios = {name: getattr(found, name) / getattr(BEST, name) for name in _FIGURES}
    return max(ratios.items(), key=lambda one: one[1])


def share(found: Figures) -> float:
    """What the figures of a board earn, from 0 to 1."""
    ratio = farthest(found)[1]
    return min(1.0, max(0.0, (NOTHING - ratio) / (NOTHING - FULL)))


@dataclass(frozen=True)
class Run:
    """The one case: all cards on the learner's board."""

    name: str = "400 cards on your board"
    happens: str = "the simulated team works off all cards, with times and rework drawn anew"

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """The share by the farthest figure, with the mistake behind it."""
        try:
            board = read_board_file(answer)
            flow = staffed(board, LAB.job)
        except LabelSchoolError as error:
            return Judgement(0.0, str(error))
        if pay(flow) > LAB.hourly:
            return Judgement(
                0.0,
                f"{flow.annotators} annotators and {flow.reviewers} reviewers cost {pay(flow)} "
                f"dollars an hour, and the project has {LAB.hourly}: somebody has to go.",
            )
        found = LAB.run(board)
        earned = share(found)
        if earned >= 1:
            return Judgement(1.0)
        name, _ = farthest(found)
        what, unit, places = _FIGURES[name]
        value, best = (round(getattr(one, name), places or None) for one in (found, BEST))
        told = f"{what} is {value:,} {unit}, and {best:,} {unit} can be reached."
        return Judgement(earned, f"{told[0].upper()}{told[1:]} {_why(board, flow, found)}".strip())


def _why(board: Board, flow: Flow, found: Figures) -> str:
    """The usual mistakes that are behind the figures."""
    said = []
    limit = board.column(WAITING).limit
    if found.cycle > NOTHING * BEST.cycle and (limit is None or limit > ROOM * flow.reviewers):
        said.append(
            f"{WAITING!r} {'has no limit' if limit is None else f'may hold {limit}'}, so finished "
            "cards pile up there. More cards in progress make no reviewer faster: limit that "
            "column."
        )
    work = ((flow.annotators, flow.label_minutes), (flow.reviewers, flow.review_minutes))
    forgot = any(
        LAB.hands(minutes, rework=False) <= people < LAB.hands(minutes) for people, minutes in work
    )
    if found.hours > LAB.promised and forgot:
        said.append(
            f"The last card comes after {found.hours:.0f} h, promised were {LAB.promised} h. These "
            f"people would do if every card came once: {percent(flow.rework)} of the reviews send "
            f"one back, so {flow.tasks / (1 - flow.rework):.0f} cards are labelled and reviewed."
        )
    elif found.cost > FULL * BEST.cost:
        said.append("Somebody is paid for waiting: bring annotators and reviewers into balance.")
    return " ".join(said)


SUITE = (Run(),)
