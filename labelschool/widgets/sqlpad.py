"""The pad for SQL queries on a database that is only read."""

from __future__ import annotations

import contextvars
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labelschool import sql
from labelschool.errors import LabelSchoolError
from labelschool.widgets._base import refuse_unknown
from labelschool.widgets._html import Html, join, tag
from labelschool.widgets._written import Written

SETTINGS = ("title", "exercise", "database", "questions", "starts", "seconds", "folder")
SHOWN_ROWS = 200
SHOWN_CHARACTERS = 300


class SqlPad(Written):
    """Questions to a database, each answered by one query in ``answers/EXERCISE/NAME.sql``.

    `questions` maps the name of a query to what it is to tell, `starts` to the text it begins with;
    a query is stopped after `seconds`.
    """

    def __init__(
        self,
        *,
        title: str,
        exercise: str,
        database: Path,
        questions: Mapping[str, str],
        starts: Mapping[str, str] | None = None,
        seconds: float = sql.SECONDS,
        folder: Path | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        if not questions:
            raise LabelSchoolError("SqlPad needs at least one question.")
        for name in questions:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
                raise LabelSchoolError(
                    f"{name!r} cannot name a query: use letters, digits, - and _ alone."
                )
        self._database = database
        self._seconds = seconds
        self._stops: dict[str, threading.Event] = {}
        spec = {
            "title": title,
            "questions": dict(questions),
            "tables": _tables(database),
            "seconds": seconds,
        }
        super().__init__(
            mode="sql",
            spec=spec,
            exercise=exercise,
            files={name: f"{name}.sql" for name in questions},
            empty={name: {"text": (starts or {}).get(name, "")} for name in questions},
            folder=folder,
        )

    def _value(self, _name: str, text: str) -> dict[str, Any]:
        return {"text": text}

    def _text(self, _name: str, value: Mapping[str, Any]) -> str:
        return str(value["text"])

    def _handlers(self) -> dict[str, Any]:
        return {**super()._handlers(), "run": self._run, "stop": self._stop}

    def _run(self, message: dict[str, Any]) -> None:
        """Run a query in a thread of its own, so that saving and stopping go on meanwhile."""
        client = message["client"]
        self._stop(message)
        stop = self._stops[client] = threading.Event()

        def work() -> None:
            reply = {"kind": "ran", "client": client, "run": message["run"]}
            self.send({**reply, **self._answer(message["text"], stop)})

        threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()

    def _stop(self, message: dict[str, Any]) -> None:
        if stop := self._stops.pop(message["client"], None):
            stop.set()

    def _answer(self, query: str, stop: threading.Event) -> dict[str, Any]:
        try:
            found = sql.run(self._database, query, seconds=self._seconds, stop=stop)
        except sql.SqlError as error:
            return {"sentence": str(error), "line": error.line, "place": _place(query, error)}
        return {"sentence": _counted(found), "grid": _grid(found)}


def _place(query: str, error: sql.SqlError) -> tuple[int, int] | None:
    """What to select in the browser, which counts UTF-16 units: the word at fault."""
    if error.offset is None:
        return None
    word = re.match(r"\w*", query[error.offset :])
    return _units(query[: error.offset]), _units(query[: error.offset + word.end()])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _counted(found: sql.Result) -> str:
    """How many rows there are, in words."""
    n = len(found.rows)
    rows = f"{'More than ' if found.cut else ''}{n:,} row{'' if n == 1 else 's'}"
    part = f", the first {SHOWN_ROWS} are shown" if n > SHOWN_ROWS else ""
    return f"{rows} in {found.seconds:.2f} s{part}."


def _grid(found: sql.Result) -> Html:
    """The rows as a table; a column is of the kind of its first value."""
    rows = [[_shown(value) for value in row] for row in found.rows[:SHOWN_ROWS]]
    kinds = [
        next((row[at][0] for row in rows if row[at][0] != "null"), "text")
        for at in range(len(found.columns))
    ]
    heads = (
        tag("th", name, scope="col", data_kind=kind)
        for name, kind in zip(found.columns, kinds, strict=True)
    )
    body = (tag("tr", *(tag("td", text, data_kind=kind) for kind, text in row)) for row in rows)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body))


def _shown(value: sql.Value) -> tuple[str, str]:
    """A value as kind and text: numbers as SQLite writes them, long texts and bytes shortened."""
    if value is None:
        return "null", "NULL"
    if isinstance(value, bytes):
        return "blob", f"{len(value)} bytes: {_short(value[:SHOWN_CHARACTERS].hex(' '))}"
    if isinstance(value, str):
        return "text", _short(value)
    return "number", repr(value)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _tables(database: Path) -> Html:
    """The tables with their columns; a click on a column writes its name into the query."""

    def column(name: str, kind: str) -> Html:
        written = name if re.fullmatch(r"[A-Za-z_]\w*", name) else sql.quoted(name)
        insert = tag("button.button", name, type="button", data_insert=written)
        return tag("li", insert, tag("span.hint", kind))

    def table(one: sql.Table) -> Html:
        head = tag("summary", tag("strong", one.name), tag("span.hint", f"{one.rows:,} rows"))
        return tag("details", head, tag("ul", *(column(*each) for each in one.columns)))

    return join([tag("h3", f"Tables of {database.name}"), *map(table, sql.tables(database))])
