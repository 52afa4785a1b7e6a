"""Queries only read, end in time, give what was asked, and complain in one sentence."""

from __future__ import annotations

import math
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import datasets, sql
from labelschool.errors import LabelSchoolError
from labelschool.exercises.suites.audits import QUERIES

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT sum(n) FROM r"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "ö small #1.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            CREATE TABLE parcels (id INTEGER PRIMARY KEY, town TEXT, weight REAL, seal BLOB);
            CREATE TABLE "odd ""name" (a);
            CREATE VIEW heavy AS SELECT id FROM parcels WHERE weight > 1;
            INSERT INTO parcels VALUES (1, 'Zürich 🙂', 1.5, x'00ff'), (2, NULL, 1, NULL);
            """
        )
    return path


@pytest.fixture
def labels() -> Path:
    return datasets.file("labels_db", "labels.db")


def refused(path: Path, query: str, **limits: float) -> str:
    with pytest.raises(sql.SqlError) as caught:
        sql.run(path, query, **limits)
    assert isinstance(caught.value, LabelSchoolError)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Reading ----------------------------------------------------------------------------------------


def test_values_come_as_they_are(store: Path) -> None:
    found = sql.run(store, "SELECT *, weight AS weight FROM parcels ORDER BY id;\n-- the end")
    assert found.columns == ("id", "town", "weight", "seal", "weight")
    assert found.rows == ((1, "Zürich 🙂", 1.5, b"\x00\xff", 1.5), (2, None, 1.0, None, 1.0))
    assert isinstance(found.rows[1][2], float)
    assert not found.cut


def test_names_and_texts_of_any_script(store: Path) -> None:
    found = sql.run(
        store, 'SELECT \'naïve 数据 🙂\' AS "größe 🙂" FROM "odd ""name" UNION SELECT \'é\''
    )
    assert found.columns == ("größe 🙂",)
    assert sql.run(store, "SELECT '🙂' || char(128578)").rows == (("🙂🙂",),)


def test_a_text_that_is_none_does_not_break_the_rest(store: Path) -> None:
    assert sql.run(store, "SELECT CAST(x'61ff62' AS TEXT), 1").rows == (("a\ufffdb", 1),)


@pytest.mark.parametrize(
    "query",
    [
        "VALUES (1), (2)",
        "WITH a AS (SELECT 1 AS n) SELECT n FROM a",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 5) SELECT n FROM r",
        "SELECT id, row_number() OVER (ORDER BY weight) FROM parcels",
        "SELECT id FROM heavy",
        "SELECT date('2026-03-02', '90 minutes'), strftime('%s', '2026-03-02')",
        "EXPLAIN QUERY PLAN SELECT * FROM parcels",
        "SELECT name FROM sqlite_master",
    ],
)
def test_every_way_of_reading_is_open(store: Path, query: str) -> None:
    assert sql.run(store, query).rows


@given(st.floats(allow_nan=False) | st.integers(-(2**63), 2**63 - 1))
def test_sqrt_is_there_in_every_build(store: Path, value: float) -> None:
    with closing(sql._connect(store)) as connection:
        [(root,)] = connection.execute("SELECT sqrt(?)", (value,))
    assert root == (math.sqrt(value) if value >= 0 else None)


def test_sqrt_of_no_number_is_null(store: Path) -> None:
    assert sql.run(store, "SELECT sqrt(NULL), sqrt('a'), sqrt(-1), sqrt(2)").rows == (
        (None, None, None, math.sqrt(2)),
    )


def test_the_tables_and_their_columns(store: Path) -> None:
    assert sql.tables(store) == (
        sql.Table("heavy", (("id", "INTEGER"),), 1),
        sql.Table('odd "name', (("a", ""),), 0),
        sql.Table(
            "parcels",
            (("id", "INTEGER"), ("town", "TEXT"), ("weight", "REAL"), ("seal", "BLOB")),
            2,
        ),
    )


def test_the_audits_of_the_course_run_as_they_do_without_a_guard(labels: Path) -> None:
    audits = sorted(QUERIES.glob("Q*.sql"))
    assert len(audits) == 12
    with closing(sqlite3.connect(labels)) as connection:
        connection.create_function("sqrt", 1, lambda x: None if x is None else math.sqrt(x))
        for path in audits:
            query = path.read_text(encoding="utf-8")
            found = sql.run(labels, query, seconds=60)
            assert list(found.rows) == connection.execute(query).fetchall()
            assert not found.cut


# Refusals ---------------------------------------------------------------------------------------

WRITES = [
    "INSERT INTO parcels VALUES (3, 'x', 1, NULL)",
    "INSERT INTO parcels VALUES (3)",
    "WITH a AS (SELECT 1) DELETE FROM parcels",
    "UPDATE parcels SET town = 'x'",
    "REPLACE INTO parcels (id) VALUES (1)",
    "DELETE FROM parcels RETURNING id",
    "DROP TABLE parcels",
    "CREATE TABLE t (a)",
    "CREATE TEMP TABLE t AS SELECT * FROM parcels",
    "CREATE VIRTUAL TABLE t USING fts5(a)",
    "CREATE TEMP TRIGGER t AFTER INSERT ON parcels BEGIN SELECT 1; END",
    "ALTER TABLE parcels RENAME TO gone",
    "ANALYZE",
    "VACUUM",
    "VACUUM INTO '{copy}'",
    "ATTACH DATABASE '{copy}' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH main",
    "PRAGMA writable_schema = 1",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA table_info(parcels)",
    "SELECT * FROM pragma_database_list",
    "BEGIN",
    "SAVEPOINT a",
    "COMMIT",
    "EXPLAIN DELETE FROM parcels",
]


@pytest.mark.parametrize("query", WRITES)
def test_nothing_but_reading_is_allowed(store: Path, tmp_path: Path, query: str) -> None:
    before = store.read_bytes()
    said = refused(store, query.format(copy=tmp_path / "copy.db"))
    assert said == "Here you can only read: begin with SELECT or WITH."
    assert store.read_bytes() == before
    assert [path.name for path in store.parent.iterdir()] == [store.name]
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_opened_for_reading_alone(store: Path) -> None:
    with closing(sql._connect(store)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM parcels")
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("ATTACH ':memory:' AS other")


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.db", "SELECT 1").startswith("none.db is missing")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 200, encoding="utf-8")
    assert refused(tmp_path / "text.db", "SELECT 1").startswith("text.db is missing or no database")


@pytest.mark.parametrize("query", ["", "  \n", "-- SELECT 1", "/* open", ";", "REINDEX"])
def test_no_query(store: Path, query: str) -> None:
    assert refused(store, query) == "There is no query here: begin with SELECT or WITH."


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT 1; SELECT 2", "Line 1, column 11"),
        ("SELECT ';';\n-- note\n  DROP TABLE parcels", "Line 3, column 3"),
        ("SELECT 1 /* ; */;;SELECT 2", "Line 1, column 18"),
    ],
)
def test_one_statement_at_a_time(store: Path, query: str, place: str) -> None:
    assert (
        refused(store, query)
        == f"{place}: A second statement begins here: run one query at a time."
    )


# Limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS,
        "SELECT count(*) FROM labels a, labels b, labels c",
        "SELECT a.id FROM labels a, labels b, labels c ORDER BY a.ms + b.ms + c.ms",
    ],
)
def test_what_does_not_end_is_stopped(labels: Path, query: str) -> None:
    assert refused(labels, query, seconds=0.3).startswith("The query was stopped after 0.3 s")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT zeroblob({n})",
        "SELECT instr(zeroblob({n}), x'01')",
        "SELECT trim(replace(hex(zeroblob({n} / 2)), '0', 'a'), 'b')",
        "SELECT 'a' || replace(hex(zeroblob({n} / 2 - 1)), '0', 'a') || 'a' LIKE '%b'",
        "WITH v(x) AS (VALUES (zeroblob({n} / 2)), (zeroblob({n} / 2))) "
        "SELECT group_concat(x, '') FROM v",
        "WITH RECURSIVE r(t) AS (SELECT 'x' UNION ALL SELECT t || 'x' FROM r LIMIT {n}) "
        "SELECT max(t) FROM r",
    ],
)
def test_no_call_gets_a_value_so_long_that_it_cannot_be_stopped(store: Path, query: str) -> None:
    assert sql.run(store, query.format(n=sql.MAX_VALUE // 2), seconds=60).rows
    said = refused(store, query.format(n=sql.MAX_VALUE * 2), seconds=60)
    assert said.startswith("A value of this query is longer than 20,000 characters")


def test_a_query_is_stopped_from_outside(labels: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    with pytest.raises(sql.SqlError, match=r"^The query was stopped\.$"):
        sql.run(labels, ENDLESS, seconds=60, stop=stop)
    timer.join()


def test_a_huge_result_is_cut(labels: Path) -> None:
    found = sql.run(labels, "SELECT id FROM labels ORDER BY id", max_rows=300)
    assert len(found.rows) == 300
    assert found.cut
    assert not sql.run(labels, "SELECT id FROM labels LIMIT 300", max_rows=300).cut
    assert sql.run(labels, "SELECT 1 FROM labels a, labels b LIMIT 60000").cut


def test_many_long_values_are_cut_before_they_fill_the_memory(labels: Path) -> None:
    found = sql.run(labels, "SELECT zeroblob(19000) FROM labels", seconds=60)
    assert found.cut
    assert sum(len(value) for (value,) in found.rows) <= sql.MAX_BYTES


def test_a_query_has_an_end(store: Path) -> None:
    assert "too large" in refused(store, "SELECT " + "1," * 100_000 + "1")
    assert refused(store, "SELECT " + "(" * 5000 + "1" + ")" * 5000)


def test_the_guard_of_one_query_does_not_touch_the_next(store: Path) -> None:
    refused(store, ENDLESS, seconds=0.1)
    refused(store, "DROP TABLE parcels")
    assert sql.run(store, "SELECT count(*) FROM parcels").rows == ((2,),)


# Complaints -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT id\nFORM parcels, x", "Line 2, column 6: parcels does not fit here"),
        ("SELECT 'FROM', id, FROM parcels", "Line 1, column 20: FROM does not fit here"),
        ("-- WHERE\nSELECT id WHERE WHERE", "Line 2, column 17: WHERE does not fit here"),
        ("SELECT (1 +", "Line 1, column 12: The query ends too early"),
        ("SELECT 1,\n 'abc", "Line 2, column 2: The quote that opens here is never closed."),
        ("SELECT 12ab", "Line 1, column 8: 12ab is neither a number nor a name."),
        (
            "SELECT 1 FROM parcel",
            "Line 1, column 15: There is no table parcel. Did you mean parcels",
        ),
        ("SELECT '🙂', wieght FROM parcels", "Line 1, column 13: There is no column wieght here."),
        ("SELECT wieght FROM heavy", "Line 1, column 8: There is no column wieght here. Did you"),
        ("SELECT q . id FROM heavy p", "Line 1, column 8: There is no column q.id here."),
        ("SELECT id FROM parcels, heavy", "Line 1, column 8: id is in more than one table"),
        ("SELECT foo(1)", "Line 1, column 8: SQLite has no function foo."),
        ("SELECT load_extension('a')", "Line 1, column 8: load_extension() cannot be used here."),
        ("SELECT printf('%.*c', 1e9, 'x')", "Line 1, column 8: printf() cannot be used here."),
        ("SELECT sqrt(1, 2)", "Line 1, column 8: sqrt() takes another number of arguments."),
        ("SELECT 1 FROM heavy WHERE count(*) > 1", "Line 1, column 27: count() sums up groups"),
        ("SELECT 1 WHERE rank() OVER () = 1", "Line 1, column 16: The window function rank needs"),
        ("SELECT 1 UNION SELECT 1, 2", "Line 1, column 10: The queries on both sides of UNION"),
        ("SELECT (SELECT 1, 2)", "A subquery gives 2 columns where 1 is expected."),
        ("SELECT *", "SELECT * needs FROM and a table."),
        ("SELECT :name", "A parameter such as ? or :name has no value here"),
        ("SELECT abs(-9223372036854775808)", "SQLite says: integer overflow."),
        ("SELECT '\ud800'", "The query holds a character that is no text"),
        ("SELECT \x00", "The query holds a character that is no text"),
    ],
)
def test_a_complaint_is_a_sentence_with_its_place(store: Path, query: str, said: str) -> None:
    assert refused(store, query).startswith(said)


PIECES = (
    *("SELECT", "FROM", "WHERE", "parcels", "id", ",", "(", ")", "*", "'a'", '"', "--", "\n", ";"),
    *("JOIN", "count(", "GROUP BY", "1", "=", "x'", "`", "[", "🙂"),
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_text_gives_rows_or_one_sentence_and_a_place_in_it(store: Path, query: str) -> None:
    caught = None
    try:
        sql.run(store, query, seconds=2, max_rows=10)
    except sql.SqlError as error:
        caught = error
    if caught and caught.line:
        lines = query.split("\n")
        assert 1 <= caught.line <= len(lines)
        assert 1 <= caught.column <= len(lines[caught.line - 1]) + 1
