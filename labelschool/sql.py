"""Queries of a learner on a database that must stay as it is.

`run` is for SqlPad and for grading alike. A query reads: an authorizer refuses all else, the file
is opened read-only, and time, rows and bytes are bounded. Whatever goes wrong is one sentence.
"""

from __future__ import annotations

import difflib
import math
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from labelschool.errors import LabelSchoolError

SECONDS = 5.0
MAX_ROWS = 50_000
MAX_BYTES = 50_000_000

Value = None | int | float | str | bytes

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
# The clock is looked at between the steps of SQLite's machine, and one call of a function is one
# step, which nothing can interrupt. The work of trim, instr and LIKE grows with the product of the
# lengths of their arguments, so no value may be long: the slowest call takes about a second.
# Functions that can fill any width are closed.
MAX_VALUE = 20_000
_CLOSED = {"load_extension", "printf", "format"}
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock, well under a millisecond."""


class SqlError(LabelSchoolError):
    """A query that cannot be run, or was stopped.

    Where the place of the fault is known, `offset` is that of its first character, and `line` and
    `column` count from 1.
    """

    def __init__(self, sentence: str, query: str = "", offset: int | None = None) -> None:
        self.offset, self.line, self.column = offset, None, None
        if offset is not None:
            before = query[:offset]
            self.line, self.column = before.count("\n") + 1, offset - before.rfind("\n")
            sentence = f"Line {self.line}, column {self.column}: {sentence}"
        super().__init__(sentence)


@dataclass(frozen=True)
class Result:
    """The rows of a query; `cut` when there were more than the limits let through."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    cut: bool
    seconds: float


@dataclass(frozen=True)
class Table:
    """A table or view: its columns with their declared types, and how many rows it has."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int


def run(
    database: Path,
    query: str,
    *,
    seconds: float = SECONDS,
    max_rows: int = MAX_ROWS,
    stop: threading.Event | None = None,
) -> Result:
    """The rows of one SELECT. Raises `SqlError`; setting `stop` ends the query from outside."""
    with closing(_connect(database)) as connection:
        guard = _Guard(connection, seconds, stop or threading.Event())
        try:
            cursor = connection.execute(query)
            rows, cut = _fetch(cursor, max_rows)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise guard.explain(error, query) from error
        if cursor.description is None:
            raise SqlError("There is no query here: begin with SELECT or WITH.")
        columns = tuple(column[0] for column in cursor.description)
        return Result(columns, rows, cut, time.monotonic() - guard.started)


def tables(database: Path) -> tuple[Table, ...]:
    """What a database holds, by name. Raises `SqlError` when it is none."""
    with closing(_connect(database)) as connection:
        return tuple(_tables(connection))


def _connect(database: Path) -> sqlite3.Connection:
    connection = None
    try:
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        if connection:
            connection.close()
        raise SqlError(
            f"{database.name} is missing or no database: run `labelschool doctor` to see why."
        ) from error
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    connection.create_function("sqrt", 1, _sqrt, deterministic=True)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    return connection


def _sqrt(value: Value) -> float | None:
    """As SQLite's own, which not every build has: nothing for what has no square root."""
    try:
        return math.sqrt(value)
    except (TypeError, ValueError):
        return None


def _tables(connection: sqlite3.Connection) -> Iterator[Table]:
    for name in _names(connection):
        [(rows,)] = connection.execute(f"SELECT count(*) FROM {quoted(name)}")
        yield Table(name, tuple(_columns(connection, name)), rows)


def _names(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in found]


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str]]:
    for _, name, declared, *_ in connection.execute(f"PRAGMA table_info({quoted(table)})"):
        yield name, declared


def quoted(name: str) -> str:
    """A name as a query writes it when it is no plain word."""
    return '"' + name.replace('"', '""') + '"'


def _fetch(cursor: sqlite3.Cursor, max_rows: int) -> tuple[tuple[tuple[Value, ...], ...], bool]:
    """Rows up to the limits, and whether there were more."""
    rows, size = [], 0
    for row in cursor:
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if len(rows) == max_rows or size > MAX_BYTES:
            return tuple(rows), True
        rows.append(row)
    return tuple(rows), False


class _Guard:
    """What stands between a query and the database, and tells why it stopped one."""

    def __init__(
        self, connection: sqlite3.Connection, seconds: float, stop: threading.Event
    ) -> None:
        self.connection, self.seconds, self.stop = connection, seconds, stop
        self.started = time.monotonic()
        self.refused = False
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._is_over, _STEPS)

    def _authorize(self, action: int, _first: str | None, second: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_FUNCTION and second in _CLOSED:
            return sqlite3.SQLITE_DENY
        if action in _READING:
            return sqlite3.SQLITE_OK
        self.refused = True
        return sqlite3.SQLITE_DENY

    def _is_over(self) -> bool:
        return self.stop.is_set() or time.monotonic() - self.started > self.seconds

    def explain(self, error: Exception, query: str) -> SqlError:
        """The sentence for what SQLite, or Python's part of it, complained about."""
        said = str(error)
        if said == "interrupted":
            if self.stop.is_set():
                return SqlError("The query was stopped.")
            return SqlError(
                f"The query was stopped after {self.seconds:g} s: look for a join without its "
                "condition or a recursion without an end."
            )
        if self.refused:
            return SqlError("Here you can only read: begin with SELECT or WITH.")
        if "one statement at a time" in said:
            return SqlError(
                "A second statement begins here: run one query at a time.",
                query,
                _second_statement(query),
            )
        if isinstance(error, ValueError) or "null character" in said:
            return SqlError("The query holds a character that is no text: type it again.")
        for pattern, sentence in _COMPLAINTS:
            if found := re.fullmatch(pattern, said, re.DOTALL):
                token = found.groupdict().get("token")
                offset = self._where(query, said, token)
                hint = self._hint(said, token)
                return SqlError(sentence.format(*found.groups()) + hint, query, offset)
        return SqlError(f"SQLite says: {said}.")

    def _where(self, query: str, said: str, token: str | None) -> int | None:
        """Offset of the token that a complaint names.

        Python does not tell SQLite's own offset. For a syntax error it is the first such token at
        which the query, cut off behind it, has the same error; nothing is run to find out.
        """
        if said == "incomplete input":
            return len(query.rstrip())
        if token is None:
            return None
        if said.startswith("unrecognized"):
            return query.rindex(token)
        wanted = [part.lower() for _, part in _tokens(token)]
        found = list(_tokens(query))
        places = [
            found[i][0]
            for i in range(len(found))
            if [part.lower() for _, part in found[i : i + len(wanted)]] == wanted
        ]
        if not said.startswith("near"):
            return places[0] if places else None
        return next(
            (at for at in places if self._complaint(query[: at + len(token)]) == said), None
        )

    def _complaint(self, query: str) -> str | None:
        """What SQLite says when it reads a query without running it."""
        try:
            self.connection.execute(f"EXPLAIN {query}")
        except sqlite3.Error as error:
            return str(error)
        return None

    def _hint(self, said: str, token: str | None) -> str:
        """The name that was probably meant."""
        kind = re.match("no such (table|column)", said)
        if not kind or token is None:
            return ""
        self.connection.set_authorizer(None)
        self.connection.set_progress_handler(None, 0)
        names = set(_names(self.connection))
        if kind[1] == "column":
            names = {column for name in names for column, _ in _columns(self.connection, name)}
        meant = token.split(".")[-1].lower()
        close = difflib.get_close_matches(meant, sorted(names), n=1)
        return f" Did you mean {close[0]}?" if close and meant not in names else ""


_COMPLAINTS = (
    (
        r'near "(?P<token>.+)": syntax error',
        "{0} does not fit here; look at it and at what stands before it.",
    ),
    (
        r"incomplete input",
        "The query ends too early: a clause, a bracket or a CASE is not finished.",
    ),
    (
        r"unrecognized token: \"(?P<token>['\"`\[].*)\"",
        "The quote that opens here is never closed.",
    ),
    (r'unrecognized token: "(?P<token>.+)"', "{0} is neither a number nor a name."),
    (r"no such table: (?P<token>.+)", "There is no table {0}."),
    (r"no such column: (?P<token>.+)", "There is no column {0} here."),
    (
        r"ambiguous column name: (?:main\.)?(?P<token>.+)",
        "{0} is in more than one table: write table.column.",
    ),
    (r"not authorized to use function: (?P<token>.+)", "{0}() cannot be used here."),
    (r"no such function: (?P<token>.+)", "SQLite has no function {0}."),
    (
        r"wrong number of arguments to function (?P<token>.+)\(\)",
        "{0}() takes another number of arguments.",
    ),
    (
        r"misuse of aggregate(?: function|:) (?P<token>.+)\(\)",
        "{0}() sums up groups, so it cannot stand in WHERE or inside another such function: use "
        "HAVING or a subquery.",
    ),
    (
        r"misuse of (?:aliased )?window function (?P<token>.+?)(?:\(\))?",
        "The window function {0} needs OVER, and stands in SELECT or ORDER BY only: filter it in a "
        "query around this one.",
    ),
    (
        r"sub-select returns (\d+) columns - expected (\d+)",
        "A subquery gives {0} columns where {1} is expected.",
    ),
    (
        r"SELECTs to the left and right of (?P<token>\w+).*",
        "The queries on both sides of {0} need the same number of columns.",
    ),
    (r"no tables specified", "SELECT * needs FROM and a table."),
    (
        r"string or blob too big",
        f"A value of this query is longer than {MAX_VALUE:,} characters: shorten it with substr().",
    ),
    (
        r"Incorrect number of bindings.*",
        "A parameter such as ? or :name has no value here: write the value itself.",
    ),
)

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|\Z)|\s+"""
    r"""|(?P<token>'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\w+|\W)""",
    re.DOTALL,
)


def _tokens(query: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each token, comments and white space left out."""
    for match in _TOKEN.finditer(query):
        if match["token"]:
            yield match.start(), match["token"]


def _second_statement(query: str) -> int | None:
    """Offset of the first token behind the first semicolon."""
    tokens = _tokens(query)
    for _, token in tokens:
        if token == ";":
            break
    return next((at for at, _ in tokens), None)
