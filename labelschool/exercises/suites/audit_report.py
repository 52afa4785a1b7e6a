"""A3.a: the learner's ``audit(path)``, the numbers of an audit report, on the hidden twin.

The function gets the path of a label store and returns a dict; its contract stands in the
assignment. It is called once, and every group looks at one part of what it returned. Shares and
alphas count to one part in a million; the day of the drift may be off by a weekend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from labelschool import code_answers
from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Judgement, failed, is_number, judgement
from labelschool.exercises.suites.audits import right, twins
from labelschool.exercises.suites.audits.slips import SLIPS, TRAPS
from labelschool.exercises.suites.audits.truth import (
    COUNTS,
    SHARES,
    Expected,
    duplicates,
    expected,
    gold_counts,
    opinions,
)
from labelschool.generators.label_store import BAR
from labelschool.quality.agreement import alpha_of_labels

FUNCTION = "audit"
TOLERANCE = 1e-6
DAYS_OFF = 3
"""A working day to either side, with the weekend that may lie between."""
SHARE_OF_TIME = 0.6
"""Of all the time that the groups have together, what the one call may take."""

Told = Mapping[str, Any]


def _trap(query: str, fits: Callable[[str], bool]) -> str:
    """The sentence of the trap whose wrong query gives what was told; nothing where none does."""
    slips = (slip for slip in SLIPS if slip.query == query)
    return next((TRAPS[slip.trap] for slip in slips if fits(slip.of(right(query)))), "")


# What each group looks at -----------------------------------------------------------------------


def _counts(told: Told, true: Expected, database: Path) -> str:
    wrong = _first_wrong(told, true, COUNTS)
    if not wrong:
        return ""
    return f"{wrong} {_trap('Q7', lambda query: _fits_counts(told, database, query))}".rstrip()


def _shares(told: Told, true: Expected, database: Path) -> str:
    return _first_wrong(told, true, SHARES)


def _fits_counts(told: Told, database: Path, query: str) -> bool:
    given = _part(told, "annotators")
    return all(
        isinstance(given.get(who), dict) and given[who].get(name) == row[name]
        for who, row in gold_counts(database, query).items()
        for name in COUNTS
    )


def _first_wrong(told: Told, true: Expected, names: tuple[str, ...]) -> str:
    """The first annotator of whom one of these numbers is not right, without the right one."""
    given = _part(told, "annotators")
    for who, row in true.gold.items():
        if not isinstance(given.get(who), dict):
            return f'"annotators" has no dict for annotator {who}: all of the table are asked for.'
        for name in names:
            if not _equal(given[who].get(name), row[name]):
                none = " With no label on gold it is None." if row[name] is None else ""
                return f'"{name}" of annotator {who} is {_shown(given[who].get(name))}.{none}'
    return ""


def _below(told: Told, true: Expected, database: Path) -> str:
    given = {who for who in true.gold if _said(told, who) == "below"}
    wanted = {who for who, verdict in true.verdicts.items() if verdict == "below"}
    if missing := len(wanted - given):
        return f'{missing} whose whole interval lies below {BAR:.2f} are not called "below".'
    if given != wanted:
        return (
            f'{len(given - wanted)} are called "below" whose interval does not lie below {BAR:.2f}.'
        )
    return ""


def _doubt(told: Told, true: Expected, database: Path) -> str:
    for who, verdict in true.verdicts.items():
        given = _said(told, who)
        if verdict != "open" or given == "open":
            continue
        if true.gold[who]["n"] == 0:
            return (
                f"annotator {who} has no label on gold and is called {given!r}. Nothing is known."
            )
        if given == "below":
            return (
                f"annotator {who} is called bad, and the interval contains {BAR:.2f}. The numbers "
                "do not say so: write 'open', and draw more."
            )
        return f"the verdict on annotator {who} is {_shown(given)}, and nothing is decided yet."
    return ""


def _said(told: Told, who: str) -> Any:
    row = _part(told, "annotators").get(who)
    return row.get("verdict") if isinstance(row, dict) else None


def _groups(told: Told, true: Expected, database: Path) -> str:
    for at, name in enumerate(("groups", "surplus")):
        given = _part(told, "duplicates").get(name)
        if not _equal(given, true.duplicates[at]):
            trap = _trap("Q2", lambda q, at=at, n=given: _equal(n, duplicates(database, q)[at]))
            return f'"{name}" of "duplicates" is {_shown(given)}. {trap}'.rstrip()
    return ""


def _whose(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "duplicates").get("labels")
    if not isinstance(given, dict):
        return '"labels" of "duplicates" has to be a dict from annotators to numbers.'
    for who, labels in true.duplicated.items():
        if not _equal(given.get(who), labels):
            none = " Nobody is left out: without any it is 0." if not labels else ""
            return f'"labels" says {_shown(given.get(who))} of annotator {who}.{none}'
    return ""


def _alpha(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "alpha").get("all")
    if _equal(given, true.alpha):
        return ""
    trap = _trap("opinions", lambda q: _equal(given, alpha_of_labels(opinions(database, q))))
    return f'"all" of "alpha" is {_shown(given)}. {trap}'.rstrip()


def _per_class(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "alpha").get("classes")
    if not isinstance(given, dict):
        return '"classes" of "alpha" has to be a dict from the name of a class to its alpha.'
    if more := [name for name in given if name not in true.alphas]:
        return f"{more[0][:40]!r} is none of the plain classes. {TRAPS['case_and_space']}"
    for name, value in true.alphas.items():
        if not _equal(given.get(name), None if math.isnan(value) else value):
            return (
                f"the alpha of {name} is {_shown(given.get(name))}. It is {name} against all else."
            )
    return ""


def _drift_who(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "drift").get("annotator")
    if given == true.drift["annotator"]:
        return ""
    return (
        f"annotator {_shown(given)} did not drift. Drift is a change: compare each person before a "
        "day with the same person from that day on."
    )


def _drift_day(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "drift")
    if given.get("annotator") != true.drift["annotator"]:
        return "a day counts only with the right annotator."
    try:
        off = (date.fromisoformat(given.get("day")) - date.fromisoformat(true.drift["day"])).days
    except (TypeError, ValueError):
        return f'"day" of "drift" is {_shown(given.get("day"))}; a day is written as 2026-03-02.'
    if abs(off) <= DAYS_OFF:
        return ""
    return f"{given['day']} is too {'late' if off > 0 else 'early'}."


def _leaked_who(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "leaked").get("annotator")
    if given == true.leaked["annotator"]:
        return ""
    return (
        f"annotator {_shown(given)} did not know the gold. Being good on gold is no sign of it; "
        "being better there than elsewhere is."
    )


def _leaked_figures(told: Told, true: Expected, database: Path) -> str:
    given = _part(told, "leaked")
    if given.get("annotator") != true.leaked["annotator"]:
        return "the figures count only with the right annotator."
    wrong = [
        name for name in ("gold", "elsewhere") if not _equal(given.get(name), true.leaked[name])
    ]
    return f'"{wrong[0]}" of "leaked" is {_shown(given.get(wrong[0]))}.' if wrong else ""


def _part(told: Told, name: str) -> Told:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _equal(given: object, true: float | None) -> bool:
    if true is None or given is None:
        return given is true
    return is_number(given) and math.isclose(given, true, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "missing" if value is None else repr(value)[:60]


# The suite --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One part of what the function returned for the twin."""

    name: str
    looks: Callable[[Told, Expected, Path], str]
    happens: str = ""

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What this part says that is not right. All parts share one call."""
        database = twins.path()
        source = answer.read_bytes() if answer.is_file() else b""
        outcome = _outcome(answer, source, database, seconds * len(SUITE) * SHARE_OF_TIME)
        if wrong := failed(outcome, FUNCTION):
            return judgement(wrong)
        if not isinstance(outcome.value, dict):
            return judgement("it has to return a dict.")
        return judgement(self.looks(outcome.value, expected(database), database))


@lru_cache(maxsize=1)
def _outcome(answer: Path, _source: bytes, database: Path, seconds: float) -> Outcome:
    """What the answer returns for the twin; another source is another answer."""
    (outcome,) = code_answers.call(answer, FUNCTION, [[str(database)]], seconds=seconds)
    return outcome


SUITE = (
    Look("Gold: how many, and how many right", _counts),
    Look("Gold: shares and intervals", _shares),
    Look("Who is below the bar", _below),
    Look("Who is in doubt", _doubt),
    Look("Duplicates: how many", _groups),
    Look("Duplicates: whose", _whose),
    Look("Alpha of all classes", _alpha),
    Look("Alpha of each class", _per_class),
    Look("Drift: who", _drift_who),
    Look("Drift: from which day", _drift_day),
    Look("Leaked gold: who", _leaked_who),
    Look("Leaked gold: on gold and elsewhere", _leaked_figures),
)
