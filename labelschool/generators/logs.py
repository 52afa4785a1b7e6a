"""Logs of a running project: audits whose error rate jumps, and cards that move over a board."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# Audits -----------------------------------------------------------------------------------------

CAUSES = ("annotator", "data", "guideline", "tool", "new_class")
"""Why an error rate rises:

* ``annotator``: one annotator errs far more, the others as before;
* ``data``: night pictures become five times as common; errors on each kind stay as likely;
* ``guideline``: with a new version everyone errs on vans;
* ``tool``: with a new version everyone draws loose boxes, whatever the class;
* ``new_class``: scooters appear, which nobody knows how to label.
"""
DAYS, AUDITS = 30, 60
BEFORE, AFTER = 0.04, 0.10
BASELINE_DAYS = 10
"""The error rate is `BEFORE` on these days in every stream, and some days longer."""
ALLOWED_DELAY = 2
CUSUM_REFERENCE, CUSUM_LIMIT = 0.066, 6.0
"""Reference rate between `BEFORE` and `AFTER` by the likelihood ratio; limit in errors."""

_ANNOTATORS = tuple(f"a{number}" for number in range(1, 7))
_CLASSES, _CLASS_SHARES = ("car", "van", "person", "sign"), (0.4, 0.2, 0.25, 0.15)
_NIGHT_BEFORE, _NIGHT_AFTER, _DAY_RATE, _NIGHT_RATE = 0.1, 0.5, 0.025, 0.175
_SCOOTERS, _SCOOTER_RATE = 0.08, 0.79


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened in one stream: from ``day`` (1 to 30) on the error rate is `AFTER`.

    ``detail`` names the annotator, picture source, version or class behind it.
    """

    stream: str
    day: int
    cause: str
    detail: str


def audits(seed: int) -> tuple[pd.DataFrame, tuple[Drift, ...]]:
    """Thirty days of audits in five streams, each with a drift of another cause, and the key.

    Columns: ``stream``, ``day`` (1 to 30), ``audit`` (1 to 60), ``annotator``, ``source``,
    ``class``, ``guideline``, ``tool``, ``error`` (0 or 1) and ``kind`` of the error. In every
    stream guideline and tool get a new version once; only where they are the cause does it
    matter. A stream is drawn again until p-chart and CUSUM speak at most two days after the drift
    and not before it, so that a learner who charts rightly finds the day.
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    tables, key = [], []
    for number, cause in enumerate(rng.permutation(CAUSES), start=1):
        draws = (_stream(f"S{number}", str(cause), rng) for _ in count())
        table, drift = next(draw for draw in draws if _detectable(draw[0], draw[1].day))
        tables.append(table)
        key.append(drift)
    return pd.concat(tables, ignore_index=True), tuple(key)


def _stream(name: str, cause: str, rng: np.random.Generator) -> tuple[pd.DataFrame, Drift]:
    import numpy as np
    import pandas as pd

    size = DAYS * AUDITS
    drift = int(rng.integers(BASELINE_DAYS + 2, DAYS - 8))
    elsewhere = [day for day in range(4, DAYS - 3) if abs(day - drift) > 4]
    releases = dict(
        zip(("guideline", "tool"), rng.choice(elsewhere, 2, replace=False), strict=True)
    )
    releases |= {cause: drift}
    day = np.repeat(np.arange(1, DAYS + 1), AUDITS)
    after = day >= drift
    night = rng.random(size) < np.where(after & (cause == "data"), _NIGHT_AFTER, _NIGHT_BEFORE)
    classes = rng.choice(_CLASSES, size, p=_CLASS_SHARES).astype(object)
    if cause == "new_class":
        classes[after & (rng.random(size) < _SCOOTERS)] = "scooter"
    people = rng.choice(_ANNOTATORS, size)
    culprit = str(rng.choice(_ANNOTATORS))
    affected, rate, detail = {
        "annotator": (after & (people == culprit), 0.40, culprit),
        "data": (night, _NIGHT_RATE, "night"),
        "guideline": (after & (classes == "van"), 0.34, "v2"),
        "tool": (after, AFTER, "draw-4.1"),
        "new_class": (classes == "scooter", _SCOOTER_RATE, "scooter"),
    }[cause]
    rates = np.where(affected, rate, _DAY_RATE if cause == "data" else BEFORE)
    error = rng.random(size) < rates
    loose = rng.random(size) < np.where(affected & (cause == "tool"), 0.8, 1 / 3)
    kind = np.where(loose, "loose", rng.choice(["class", "missed"], size))
    if cause in ("guideline", "new_class"):
        kind = np.where(affected, "class", kind)
    table = pd.DataFrame(
        {
            "stream": name,
            "day": day,
            "audit": np.tile(np.arange(1, AUDITS + 1), DAYS),
            "annotator": people,
            "source": np.where(night, "night", "day"),
            "class": classes,
            "guideline": np.where(day >= releases["guideline"], "v2", "v1"),
            "tool": np.where(day >= releases["tool"], "draw-4.1", "draw-4.0"),
            "error": error.astype(int),
            "kind": np.where(error, kind, ""),
        }
    )
    return table, Drift(name, drift, cause, detail)


def _detectable(table: pd.DataFrame, drift: int) -> bool:
    """Whether both charts speak in time with the known and with the measured baseline."""
    errors = table.groupby("day")["error"].sum().tolist()
    measured = sum(errors[:BASELINE_DAYS]) / (BASELINE_DAYS * AUDITS)
    alarms = (_p_chart(errors, BEFORE), _p_chart(errors, measured), _cusum(errors))
    return all(drift <= alarm <= drift + ALLOWED_DELAY for alarm in alarms)


def _p_chart(errors: Sequence[int], baseline: float) -> int:
    """First day above the three-sigma limit, 0 if there is none."""
    limit = baseline + 3 * (baseline * (1 - baseline) / AUDITS) ** 0.5
    return next((day for day, n in enumerate(errors, 1) if n / AUDITS > limit), 0)


def _cusum(errors: Sequence[int]) -> int:
    """First day on which the cumulated excess is above the limit, 0 if there is none."""
    total = 0.0
    for day, found in enumerate(errors, 1):
        total = max(0.0, total + found - AUDITS * CUSUM_REFERENCE)
        if total > CUSUM_LIMIT:
            return day
    return 0


# Boards -----------------------------------------------------------------------------------------

COLUMNS = ("To do", "Labelling", "Waiting for review", "In review", "Done")


@dataclass(frozen=True, slots=True)
class Flow:
    """A team on a board. Times are minutes of work, gamma distributed with shape 4.

    ``wip`` limits the cards that were started and are not yet through review.
    """

    tasks: int = 400
    annotators: int = 4
    reviewers: int = 1
    label_minutes: float = 30.0
    review_minutes: float = 9.0
    rework: float = 0.15
    wip: int | None = None


def board(seed: int, flow: Flow = Flow()) -> pd.DataFrame:
    """Every move of every card: columns ``card``, ``column``, ``minute`` and ``who``.

    ``minute`` counts the team's working time from its start. A rejected card goes back to the
    front of "To do". Who may pull a card first reviews, then labels.
    """
    import pandas as pd

    moves = sorted(_Board(seed, flow).run(), key=lambda move: move[2])
    return pd.DataFrame(moves, columns=["card", "column", "minute", "who"])


class _Board:
    """The discrete-event simulation of one board."""

    def __init__(self, seed: int, flow: Flow) -> None:
        import numpy as np

        self.flow, self.rng = flow, np.random.default_rng(seed)
        self.todo = deque(range(flow.tasks))
        self.waiting: deque[int] = deque()
        self.people: Mapping[str, list[str]] = {
            "annotator": [f"annotator-{n}" for n in range(flow.annotators, 0, -1)],
            "reviewer": [f"reviewer-{n}" for n in range(flow.reviewers, 0, -1)],
        }
        self.running: list[tuple[float, int, str, int, str]] = []
        self.order = count()
        self.moves: list[tuple[str, str, float, str]] = []
        self.started = 0

    def run(self) -> list[tuple[str, str, float, str]]:
        for card in self.todo:
            self._move(card, "To do", 0.0, "")
        self._pull(0.0)
        while self.running:
            minute, _, role, card, who = heapq.heappop(self.running)
            self.people[role].append(who)
            if role == "annotator":
                self.waiting.append(card)
                self._move(card, "Waiting for review", minute, who)
            else:
                self.started -= 1
                again = self.rng.random() < self.flow.rework
                self._move(card, "To do" if again else "Done", minute, who)
                if again:
                    self.todo.appendleft(card)
            self._pull(minute)
        return self.moves

    def _pull(self, minute: float) -> None:
        flow = self.flow
        while True:
            if self.people["reviewer"] and self.waiting:
                card, role, mean = self.waiting.popleft(), "reviewer", flow.review_minutes
            elif self._may_start():
                card, role, mean = self.todo.popleft(), "annotator", flow.label_minutes
                self.started += 1
            else:
                return
            who = self.people[role].pop()
            end = minute + self.rng.gamma(4, mean / 4)
            heapq.heappush(self.running, (end, next(self.order), role, card, who))
            self._move(card, "In review" if role == "reviewer" else "Labelling", minute, who)

    def _may_start(self) -> bool:
        free = self.flow.wip is None or self.started < self.flow.wip
        return bool(self.people["annotator"] and self.todo and free)

    def _move(self, card: int, column: str, minute: float, who: str) -> None:
        self.moves.append((f"card-{card + 1:03}", column, round(minute, 2), who))


def summary(table: pd.DataFrame) -> Mapping[str, float]:
    """A board in numbers: hours in all, mean hours from first start to acceptance, accepted cards
    an hour, cards reworked.
    """
    begun = table[table["column"] == "Labelling"].groupby("card")["minute"]
    done = table[table["column"] == "Done"].groupby("card")["minute"].max()
    hours = done.max() / 60
    return {
        "makespan_hours": round(hours, 2),
        "mean_cycle_hours": round((done - begun.min()).mean() / 60, 2),
        "throughput_per_hour": round(len(done) / hours, 2),
        "reworked_cards": int((begun.size() > 1).sum()),
    }
