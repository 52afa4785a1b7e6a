"""3.G: the learner's twelve queries, on the given label store and on its hidden twin.

A query is right when it returns the rows of the right one on both, so that no constant of the first
database helps. Rows may stand in any order; columns count by their order, numbers with a fraction
to one part in a million. Of the twin only counts are told.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labelschool import sql
from labelschool.exercises import queries
from labelschool.exercises.suites import Judgement, judgement
from labelschool.exercises.suites.audits import twins
from labelschool.exercises.suites.audits.slips import SLIPS, TRAPS

EXERCISE = "3.G"
TOLERANCE = 1e-6
QUERIES = Path(__file__).with_name("queries")

Row = tuple[sql.Value, ...]


@dataclass(frozen=True)
class Difference:
    """Rows that an answer lacks, rows that it should not have, and how many are right."""

    missing: tuple[Row, ...]
    extra: tuple[Row, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


@dataclass(frozen=True)
class Audit:
    """One of the twelve, by the name of its query."""

    query: str
    happens: str = ""

    @property
    def asked(self) -> queries.Question:
        """What is asked for."""
        return queries.load(EXERCISE).queries[self.query]

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"{self.query} {self.asked.title}"

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What is wrong with a saved query first; the given database comes before the twin."""
        twin = twins.path()
        file = answer / f"{self.query}.sql"
        if not file.is_file() or not file.stat().st_size:
            return judgement("not written yet.")
        text = file.read_bytes().decode("utf-8", "replace")
        given = queries.load(EXERCISE).path
        try:
            found = sql.run(given, text, seconds=min(seconds, queries.SECONDS))
            if wrong := self._on_the_given(given, found):
                return judgement(wrong)
            left = seconds - min(found.seconds, seconds / 2)
            return judgement(self._on_the_twin(twin, sql.run(twin, text, seconds=left)))
        except sql.SqlError as error:
            return judgement(str(error))

    def _on_the_given(self, given: Path, found: sql.Result) -> str:
        columns = self.asked.columns
        if len(found.columns) != len(columns):
            return (
                f"it returns {_counted(len(found.columns), 'column')}, and {len(columns)} are "
                f"asked for: {', '.join(columns)}."
            )
        named = tuple(name.lower() for name in found.columns)
        if named != columns and sorted(named) == sorted(columns):
            return f"the columns are asked for in this order: {', '.join(columns)}."
        difference = compared(_expected(given, self.query), found.rows)
        if not difference:
            return ""
        return f"{_first(columns, difference)} {self._trap(given, found.rows)}".rstrip()

    def _on_the_twin(self, twin: Path, found: sql.Result) -> str:
        expected = _expected(twin, self.query)
        difference = compared(expected, found.rows)
        if not difference:
            return ""
        return (
            f"right on the given database. On the hidden one {len(difference.missing)} of "
            f"{_counted(len(expected), 'row')} are missing or differ, and the query returns "
            f"{len(found.rows)}. Look for a number, a name or a day of the given database in it. "
            f"{self._trap(twin, found.rows)}"
        ).rstrip()

    def _trap(self, database: Path, rows: Sequence[Row]) -> str:
        """The sentence of the first trap whose rows these are."""
        fallen = (
            slip.trap
            for slip in SLIPS
            if slip.query == self.query
            and not compared(_rows(database, slip.of(right(self.query))), rows)
        )
        return TRAPS.get(next(fallen, ""), "")


def compared(expected: Sequence[Row], rows: Sequence[Row]) -> Difference:
    """How rows in any order differ from those expected; numbers with a fraction may be near.

    Columns in which an expected row has a fraction are compared within `TOLERANCE`, relative or
    absolute; all others exactly, where 3 and 3.0 are the same.
    """
    near = sorted({at for row in expected for at, v in enumerate(row) if isinstance(v, float)})
    left: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        left[_key(row, near)].append(row)
    missing = []
    for row in expected:
        same = left.get(_key(row, near), [])
        found = next((other for other in same if _close(row, other, near)), None)
        if found is None:
            missing.append(row)
        else:
            same.remove(found)
    return Difference(tuple(missing), tuple(row for group in left.values() for row in group))


def _key(row: Row, near: Sequence[int]) -> Row:
    return tuple(value for at, value in enumerate(row) if at not in near)


def _close(row: Row, other: Row, near: Sequence[int]) -> bool:
    return len(row) == len(other) and all(_equal(row[at], other[at]) for at in near)


def _equal(one: sql.Value, other: sql.Value) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return one == other


def _first(columns: Sequence[str], difference: Difference) -> str:
    """The first difference on a database that the learner sees."""
    lacking, extra = difference.missing, difference.extra
    for row in lacking[:20]:
        if other := next((r for r in extra[:500] if _differs_in_one(row, r)), None):
            at = next(n for n in range(len(row)) if not _equal(row[n], other[n]))
            rest = [n for n in range(len(row)) if n != at]
            where = _told([columns[n] for n in rest], [row[n] for n in rest])
            return (
                f"for {where} it says {columns[at]} = {_value(other[at])}, which is "
                f"{_value(row[at])}."
            )
    if extra:
        return f"this row is too much: {_told(columns, extra[0])}." + _more(difference)
    return f"this row is missing: {_told(columns, lacking[0])}." + _more(difference)


def _differs_in_one(row: Row, other: Row) -> bool:
    same = sum(_equal(a, b) for a, b in zip(row, other, strict=True))
    return len(row) > 1 and same == len(row) - 1


def _more(difference: Difference) -> str:
    missing, extra = len(difference.missing), len(difference.extra)
    return f" In all {extra} are too much and {missing} are missing."


def _told(columns: Sequence[str], row: Sequence[sql.Value]) -> str:
    return ", ".join(f"{name} = {_value(v)}" for name, v in zip(columns, row, strict=True))


def _value(value: sql.Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value[:60]) if isinstance(value, str | bytes) else str(value)


def _counted(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"


@cache
def right(query: str) -> str:
    """The right query of a name."""
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")


@cache
def _expected(database: Path, query: str) -> tuple[Row, ...]:
    return _rows(database, right(query))


@cache
def _rows(database: Path, text: str) -> tuple[Row, ...]:
    return sql.run(database, text, seconds=60).rows


SUITE = tuple(Audit(query) for query in queries.load(EXERCISE).queries)
