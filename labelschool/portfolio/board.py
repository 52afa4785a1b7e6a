"""The portfolio piece of assignment part A3.e: the board as files for two trackers, and its replay.

The replay is computed anew from the saved board, over the seeds that are named. Its hours are no
score of the learner, so nothing is claimed.
"""

from __future__ import annotations

from pathlib import Path

from labelschool import course
from labelschool.answers import FOLDER
from labelschool.errors import LabelSchoolError
from labelschool.exercises.board_labs import RESCUE, Figures
from labelschool.home import made_files
from labelschool.operations import trackers
from labelschool.operations.flow import Flow, staffed
from labelschool.operations.tracked import read_saved
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text

NAME = "03-board"
TITLE = "A board for a labelling project"
TASK = "A3.e"
BOARD, JIRA = "board.csv", "jira.csv"
KIND = "simulated"
REPRODUCE = f"labelschool check {TASK}"
SEEDS = range(20)
NOT_LIVE = "The files were not tried on the live services."


def piece(home: Path) -> Piece:
    """The piece of a home; without a board that can be run it says what is missing."""
    folder = home / course.load().module_of(TASK).folder / FOLDER / TASK
    try:
        tracked = read_saved(folder, "Rescue")
        flow = staffed(tracked.board, RESCUE.job)
        found = RESCUE.run(tracked.board, SEEDS)
    except LabelSchoolError:
        return Piece(NAME, missing=(f"{TITLE}: part {TASK} of assignment 3.",))
    made = {
        BOARD: trackers.trello_csv(tracked).text.encode(),
        JIRA: trackers.jira_csv(tracked).text.encode(),
    }
    measured = (
        f"mean cycle time {found.cycle:.2f} h, done after {found.hours:.1f} h, "
        f"n = {flow.tasks} cards in each of {len(SEEDS)} runs"
    )
    return Piece(
        NAME,
        (Row(TITLE, measured, KIND, BOARD),),
        {
            README: _readme(flow, measured).encode(),
            EVIDENCE: text(_evidence(flow, found, made)),
            **made,
        },
    )


def _evidence(flow: Flow, found: Figures, made: dict[str, bytes]) -> dict[str, object]:
    return {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "kind": KIND,
        "claim": None,
        "replay": {
            "task": TASK,
            "n": flow.tasks,
            "unit": "cards",
            "seeds": [SEEDS.start, SEEDS.stop - 1],
            "hours": round(found.hours, 2),
            "lead_hours": round(found.lead, 2),
            "cycle_hours": round(found.cycle, 2),
            "cost_dollars": round(found.cost),
            "reproduce": REPRODUCE,
        },
        "files": made_files.hashes(made),
    }


def _readme(flow: Flow, measured: str) -> str:
    parts = [
        f"# {TITLE}",
        f"[{BOARD}]({BOARD}) is the board as a CSV of Trello, [{JIRA}]({JIRA}) as one for the "
        "import of Jira. In each column a card labelled `policy` holds the limit and the "
        f"definition of done. {NOT_LIVE}",
        f"Replayed with {flow.annotators} annotators, {flow.reviewers} reviewers and "
        f"{flow.rework * 100:.0f} % rework: {measured}. Kind of data: {KIND}, seeds {SEEDS.start} "
        f"to {SEEDS.stop - 1}.",
    ]
    return "\n\n".join(parts) + "\n"
