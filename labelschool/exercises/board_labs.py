"""The jobs that a learner's board is run on: who may be paid, what has to be done, what is best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.operations.boards import Board, Column
from labelschool.operations.flow import Flow, measure, simulate, staffed

STEP = 30
"""Minutes of a step of the live board."""
ANNOTATOR_PAY, REVIEWER_PAY = 20, 30
"""Dollars an hour; everybody is paid until the last card is done."""


@dataclass(frozen=True)
class Figures:
    """A board run over several seeds, as means: hours to the last card, lead and cycle time in
    hours, cost in dollars.
    """

    hours: float
    lead: float
    cycle: float
    cost: float


@dataclass(frozen=True)
class Lab:
    """A job with the board that it begins with, and the small board on which it is seen live.

    ``hourly`` is the most that may be paid in an hour, ``promised`` the hours after which all cards
    were promised, and ``seeds`` those of the hidden runs.
    """

    job: Flow
    columns: tuple[Column, ...]
    cards: Mapping[str, str]
    hourly: float
    promised: float
    seeds: Sequence[int]
    live_seed: int

    def run(self, board: Board, seeds: Sequence[int] | None = None) -> Figures:
        """The job on a board. Raises `LabelSchoolError` where the board cannot be run."""
        flow = staffed(board, self.job)
        runs = [measure(simulate(seed, flow)) for seed in seeds or self.seeds]
        found = np.array([(one.hours, one.lead, one.cycle) for one in runs])
        hours, lead, cycle = found.mean(axis=0).tolist()
        return Figures(hours, lead, cycle, hours * pay(flow))

    def hands(self, minutes: float, *, rework: bool = True) -> int:
        """People needed to do so many minutes of work on each card in the promised hours."""
        passes = 1 / (1 - self.job.rework) if rework else 1
        return math.ceil(self.job.tasks * passes * minutes / 60 / self.promised)


def pay(flow: Flow) -> float:
    """Dollars an hour for everybody on a board."""
    return ANNOTATOR_PAY * flow.annotators + REVIEWER_PAY * flow.reviewers


LAB = Lab(
    job=Flow(tasks=400, label_minutes=24, review_minutes=11, rework=0.25),
    columns=(
        Column(name="To do", done="somebody with free hands pulls it"),
        Column(name="Labelling", limit=7, done="every object has a box and flags"),
        Column(name="Waiting for review"),
        Column(name="In review", limit=2, done="accepted, or back to To do with a reason"),
        Column(name="Done"),
    ),
    cards={
        f"street-{number:02}": text
        for number, text in enumerate(
            (
                "crossing, day",
                "crossing, night",
                "tram stop",
                "car park",
                "bus lane, rain",
                "school gate",
                "bridge, fog",
                "market, crowd",
                "tunnel",
                "roundabout",
                "ferry ramp",
                "underpass",
            ),
            1,
        )
    },
    hourly=230,
    promised=38,
    seeds=range(7100, 7112),
    live_seed=7,
)
"""Exercise 3.J."""

RESCUE = Lab(
    job=Flow(tasks=600, label_minutes=20, review_minutes=8, rework=0.2),
    columns=(Column(name="To do"), Column(name="Labelling"), Column(name="Done")),
    cards={
        f"relabel-{number:02}": text
        for number, text in enumerate(
            (
                "batch 7, vans",
                "batch 7, night",
                "batch 9, vans",
                "batch 9, cyclists",
                "batch 12, vans",
                "batch 12, duplicates",
                "batch 14, leaked gold",
                "batch 15, night",
                "batch 15, vans",
                "batch 16, cyclists",
                "batch 17, vans",
                "batch 18, night",
            ),
            1,
        )
    },
    hourly=300,
    promised=36,
    seeds=range(8200, 8208),
    live_seed=11,
)
"""Assignment part A3.e: the labels of the failing project that have to be made again."""

LABS = {"board": LAB, "rescue_board": RESCUE}
"""By the suite of the task."""
