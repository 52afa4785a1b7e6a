"""The kernel's half of SqlPad, and of all widgets that keep texts."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from labelschool import text_answers
from labelschool.errors import LabelSchoolError
from labelschool.widgets import SqlPad


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE parcels (id INTEGER, town TEXT)")
        connection.executemany("INSERT INTO parcels VALUES (?, ?)", [(n, "A") for n in range(300)])
    return path


class Kernel:
    """A pad whose messages to the browser are kept."""

    def __init__(self, store: Path, client: str = "tab", **settings: Any) -> None:
        self.client = client
        self.sent: list[dict[str, Any]] = []
        self.heard = threading.Event()
        questions = {"Q1": "How many?", "Q2": "Where?"}
        settings = {"questions": questions, "folder": store.parent, **settings}
        self.pad = SqlPad(title="SQL", exercise="3.G", database=store, **settings)
        self.pad.send = self._send
        self.revision = self.state()["revision"]

    def _send(self, content: dict[str, Any], buffers: Any = None) -> None:
        self.sent.append(content)
        self.heard.set()

    def receive(self, kind: str, **message: Any) -> dict[str, Any]:
        self.heard.clear()
        self.pad._handle_custom_msg({"kind": kind, "client": self.client, **message}, [])
        assert self.heard.wait(20)
        return self.sent[-1]

    def state(self) -> dict[str, Any]:
        return self.receive("hello")

    def save(self, seq: int = 1, *, replace: bool = False, **texts: str) -> dict[str, Any]:
        edits = [{"name": name, "text": text} for name, text in texts.items()]
        reply = self.receive("save", seq=seq, base=self.revision, edits=edits, replace=replace)
        self.revision = reply.get("revision", self.revision)
        return reply

    def run(self, text: str) -> dict[str, Any]:
        return self.receive("run", run=7, text=text)


def test_making_a_pad_writes_nothing_and_tells_nothing_of_the_machine(store: Path) -> None:
    kernel = Kernel(store)
    assert [path.name for path in store.parent.iterdir()] == ["store.db"]
    assert repr(kernel.pad) == "SqlPad 3.G: run this cell"
    assert str(store.parent) not in str(kernel.pad.spec)


def test_a_query_may_begin_with_a_text_until_the_learner_writes(store: Path) -> None:
    kernel = Kernel(store, starts={"Q1": "SELECT id"})
    assert kernel.pad.spec["empty"]["Q1"]["text"] == "SELECT id"
    assert kernel.pad.spec["empty"]["Q2"]["text"] == ""
    assert [path.name for path in store.parent.iterdir()] == ["store.db"]


def test_the_tables_are_told_as_markup_that_holds_no_foreign_markup(tmp_path: Path) -> None:
    path = tmp_path / "<i>.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE "<b>&""" (plain TEXT, "two <u>" INTEGER)')
    assert Kernel(path).pad.spec["tables"] == (
        "<h3>Tables of &lt;i&gt;.db</h3>"
        "<details><summary><strong>&lt;b&gt;&amp;&quot;</strong>"
        '<span class="ls-hint">0 rows</span></summary><ul>'
        '<li><button type="button" data-insert="plain" class="ls-button">plain</button>'
        '<span class="ls-hint">TEXT</span></li>'
        '<li><button type="button" data-insert="&quot;two &lt;u&gt;&quot;" class="ls-button">'
        'two &lt;u&gt;</button><span class="ls-hint">INTEGER</span></li>'
        "</ul></details>"
    )


def test_half_a_character_does_not_stop_a_save(store: Path) -> None:
    kernel = Kernel(store)
    assert kernel.save(Q1="SELECT '\ud83d'")["kind"] == "saved"
    assert Kernel(store).state()["answers"]["Q1"]["text"] == "SELECT '?'"


@pytest.mark.parametrize("text", ["SELECT 1", "SELECT 'é🙂'\n\n  -- end\n", "", "\n\tx"])
def test_a_query_is_saved_as_it_was_typed_and_loaded_again(store: Path, text: str) -> None:
    kernel = Kernel(store)
    assert kernel.save(Q2=text)["kind"] == "saved"
    path = store.parent / "answers" / "3.G" / "Q2.sql"
    assert path.read_bytes() == text.encode()
    assert [found.name for found in path.parent.iterdir()] == ["Q2.sql"]
    assert Kernel(store).state()["answers"] == {"Q2": {"name": "Q2", "text": text}}


def test_a_file_changed_elsewhere_is_a_conflict_until_the_learner_decides(store: Path) -> None:
    kernel, other = Kernel(store), Kernel(store, "other")
    kernel.save(Q1="mine")
    conflict = other.save(Q1="theirs")
    assert (conflict["kind"], conflict["current"]) == ("conflict", kernel.revision)
    path = store.parent / "answers" / "3.G" / "Q1.sql"
    assert path.read_text(encoding="utf-8") == "mine"
    other.revision = conflict["current"]
    assert other.save(2, replace=True, Q1="theirs")["kind"] == "saved"
    [kept] = (path.parent / ".events").iterdir()
    assert kept.name.startswith("Q1.replaced-")
    assert kept.suffix == ".sql"
    assert kept.read_text(encoding="utf-8") == "mine"


def test_the_same_save_again_is_no_conflict_with_itself(store: Path) -> None:
    kernel = Kernel(store)
    base = kernel.revision
    first = kernel.save(Q1="a")
    kernel.revision = base
    assert kernel.save(Q1="a") == first


def test_touching_a_file_changes_no_revision(store: Path) -> None:
    kernel = Kernel(store)
    kernel.save(Q1="a")
    os.utime(store.parent / "answers" / "3.G" / "Q1.sql", (1, 1))
    assert Kernel(store).revision == kernel.revision


def test_a_text_that_cannot_be_read_is_kept_beside(store: Path) -> None:
    path = store.parent / "answers" / "3.G" / "Q1.sql"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"SELECT '\xff'")
    kernel = Kernel(store)
    state = kernel.state()
    assert state["answers"] == {}
    assert state["notice"].startswith("3.G/Q1.sql cannot be read")
    assert path.read_bytes() == b"SELECT '\xff'"
    assert kernel.save(Q1="SELECT 2")["kind"] == "saved"
    assert path.with_name("Q1.sql.broken-1").read_bytes() == b"SELECT '\xff'"
    assert path.read_text(encoding="utf-8") == "SELECT 2"


def test_a_full_disk_is_told(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(text_answers, "replace", refuse)
    reply = Kernel(store).save(Q1="a")
    assert reply["kind"] == "failed"
    assert reply["sentence"].startswith("The disk is full")


def cells(reply: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """Kind and text of the cells of a grid, by row."""
    rows = ElementTree.fromstring(reply["grid"]).findall("tbody/tr")
    return [[(cell.get("data-kind"), cell.text or "") for cell in row] for row in rows]


def test_rows_come_as_a_table_with_their_kinds_and_number(store: Path) -> None:
    reply = Kernel(store).run("SELECT id, NULL, 0.5, x'00ff', '<b>&' AS t FROM parcels ORDER BY id")
    found = cells(reply)
    assert len(found) == 200
    assert found[1] == [
        ("number", "1"),
        ("null", "NULL"),
        ("number", "0.5"),
        ("blob", "2 bytes: 00 ff"),
        ("text", "<b>&"),
    ]
    heads = ElementTree.fromstring(reply["grid"]).findall("thead/tr/th")
    assert [(head.text, head.get("data-kind")) for head in heads][::4] == [
        ("id", "number"),
        ("t", "text"),
    ]
    assert reply["sentence"].startswith("300 rows in 0.")
    assert reply["sentence"].endswith("s, the first 200 are shown.")
    assert (reply["kind"], reply["client"], reply["run"]) == ("ran", "tab", 7)


def test_a_column_is_of_the_kind_of_its_first_value(store: Path) -> None:
    reply = Kernel(store).run("SELECT NULL AS a UNION ALL SELECT 1 UNION ALL SELECT 'x'")
    [head] = ElementTree.fromstring(reply["grid"]).findall("thead/tr/th")
    assert head.get("data-kind") == "number"
    assert "</thead><tbody></tbody>" in Kernel(store).run("SELECT 1 WHERE 0")["grid"]


def test_numbers_come_whole(store: Path) -> None:
    [row] = cells(Kernel(store).run("SELECT 9223372036854775807, 9e999, 1.0"))
    assert [text for _, text in row] == ["9223372036854775807", "inf", "1.0"]


def test_a_long_text_is_shortened_for_the_grid(store: Path) -> None:
    [[(_, text)]] = cells(Kernel(store).run("SELECT replace(hex(zeroblob(5000)), '0', 'ab')"))
    assert text == "ab" * 150 + "…"


def test_a_complaint_has_its_place_in_the_units_of_the_browser(store: Path) -> None:
    query = "SELECT '🙂'\nFORM parcels x y"
    reply = Kernel(store).run(query)
    assert (reply["kind"], reply["line"]) == ("ran", 2)
    start, end = (2 * offset for offset in reply["place"])
    assert query.encode("utf-16-le")[start:end].decode("utf-16-le") == "parcels"
    assert Kernel(store).run("")["place"] is None


def test_a_running_query_can_be_stopped_and_does_not_hold_up_saving(store: Path) -> None:
    kernel = Kernel(store, seconds=60)
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT sum(n) FROM r"
    kernel.pad._handle_custom_msg({"kind": "run", "client": "tab", "run": 1, "text": endless}, [])
    assert kernel.save(Q1="a")["kind"] == "saved"
    assert kernel.receive("stop")["sentence"] == "The query was stopped."


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"questions": {}}, "at least one question"),
        ({"questions": {"../x": "?"}}, "cannot name a query"),
        ({"question": {}}, "did you mean 'questions'"),
    ],
)
def test_wrong_settings_are_told(store: Path, settings: dict, said: str) -> None:
    with pytest.raises(LabelSchoolError, match=said):
        Kernel(store, **settings)


def test_a_missing_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabelSchoolError, match=r"none\.db is missing"):
        SqlPad(title="SQL", exercise="3.G", database=tmp_path / "none.db", questions={"Q1": "?"})
