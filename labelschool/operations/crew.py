"""A simulated team for a live board: it goes on from what the log says as the clock steps."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from labelschool.errors import LabelSchoolError
from labelschool.operations.boards import Board, Move
from labelschool.operations.flow import (
    IN_PROGRESS,
    LABELLING,
    REVIEW,
    SHAPE,
    TO_DO,
    WAITING,
    Flow,
    Work,
    staffed,
)

Team = Callable[[Board, Sequence[Move]], list[Move]]


def crew(job: Flow, seed: int, step: float) -> Team:
    """A team for `labelschool.widgets.KanbanBoard`: what it does in a step of so many minutes.

    Times and rework are those of the job, limits and people those of the board at that moment, as
    `labelschool.operations.flow.staffed` reads them. Cards may be moved by hand meanwhile. The same
    log gives the same moves. A board that cannot be run stands still.
    """

    def team(board: Board, moves: Sequence[Move]) -> list[Move]:
        try:
            flow = staffed(board, job)
        except LabelSchoolError:
            return []
        room = board.column(WAITING).limit
        work = _resumed(flow, _Fixed(seed, job, moves), room, moves, board.minute - step)
        work.pull(board.minute - step)
        work.run(board.minute)
        return work.moves

    return team


class _Fixed:
    """Chance that hangs on the card and on how often it was begun: asked again, it repeats.

    Minutes have two decimal places, as they have in the log.
    """

    def __init__(self, seed: int, job: Flow, moves: Iterable[Move]) -> None:
        self._seed, self._job = seed, job
        self._begun = Counter((move.card, move.column) for move in moves)

    def minutes(self, card: str, column: str) -> float:
        self._begun[card, column] += 1
        return self.again(card, column)

    def again(self, card: str, column: str) -> float:
        """The minutes of what was begun last."""
        mean = self._job.mean_minutes[column]
        return round(self._rng(card, column).gamma(SHAPE, mean / SHAPE), 2)

    def rejects(self, card: str) -> bool:
        return self._rng(card, "verdict").random() < self._job.rework

    def _rng(self, card: str, what: str):
        import numpy as np

        times = [self._begun[card, column] for column in (LABELLING, REVIEW)]
        key = hashlib.sha256(f"{self._seed}/{card}/{what}/{times}".encode()).digest()
        return np.random.default_rng(list(key))


def _resumed(
    flow: Flow, chance: _Fixed, room: int | None, moves: Sequence[Move], now: float
) -> Work:
    """The work as the log leaves it at a minute."""
    work = Work(flow, chance, room)
    last: dict[str, Move] = {}
    for move in moves:
        came_back = move.card in last
        last.pop(move.card, None)
        last[move.card] = move
        if move.card in work.todo:
            work.todo.remove(move.card)
        if move.column == TO_DO:
            (work.todo.appendleft if came_back else work.todo.append)(move.card)
    for card, move in last.items():
        work.started += move.column in IN_PROGRESS
        if move.column == WAITING:
            work.waiting.append(card)
            work.shown.add(card)
    under_way = [move for move in last.values() if move.column in (LABELLING, REVIEW)]
    ends = {move: move.minute + chance.again(move.card, move.column) for move in under_way}
    for move, end in sorted(ends.items(), key=lambda one: one[1]):
        free = work.free[move.column]
        if end <= now and move.column == LABELLING:
            work.waiting.append(move.card)
            work.finished_by[move.card] = move.who
            continue
        who = move.who if move.who in free else free[-1] if free else ""
        if who:
            free.remove(who)
        work.begin(move.card, move.column, who, max(end, now))
    return work
