"""3.G: twelve queries on the given label store and on its twin, judged by the rows they return."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import answers, course, datasets
from labelschool.exercises import queries
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import audits
from labelschool.exercises.suites.audits import Audit, compared, right, twins
from labelschool.exercises.suites.audits.slips import SLIPS, TRAPS

TASK = course.load().task("3.G")
ASKED = queries.load("3.G").queries
SECONDS = 60
NAMED = ("null_in_not_in", "integer_division", "utc_day", "fan_out")
"""The mistakes that the syllabus names."""


@pytest.fixture(autouse=True)
def module(at_desk, monkeypatch):
    (at_desk / "03-quality").mkdir()
    monkeypatch.chdir(at_desk / "03-quality")
    return at_desk / "03-quality"


def save(module, texts) -> None:
    folder = module / answers.FOLDER / "3.G"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")


def said(tmp_path, name: str, text: str) -> str:
    (tmp_path / f"{name}.sql").write_text(text, encoding="utf-8")
    return Audit(name).judged(tmp_path, SECONDS).said


def wrong(trap: str) -> dict[str, str]:
    """All twelve by somebody who falls into one trap wherever it lies."""
    texts = {name: right(name) for name in ASKED}
    for slip in SLIPS:
        if slip.trap == trap and slip.query in texts:
            texts[slip.query] = slip.of(texts[slip.query])
    return texts


def test_the_right_queries_earn_all_points(module, capsys):
    save(module, {name: right(name) for name in ASKED})
    assert exercise("3.G").score().value == 1.0
    assert score("3.G") == 10.0
    capsys.readouterr()


@pytest.mark.parametrize("name", ASKED)
def test_the_columns_are_those_that_are_asked_for(name):
    with closing(sqlite3.connect(twins.path())) as store:
        store.create_function("sqrt", 1, lambda x: x and x**0.5)
        found = store.execute(right(name)).description
    assert tuple(column[0] for column in found) == ASKED[name].columns


@pytest.mark.parametrize("trap", NAMED)
def test_a_mistake_of_the_syllabus_is_told_and_does_not_pass(module, trap):
    save(module, wrong(trap))
    assert TRAPS[trap] in repr(exercise("3.G").check())
    assert exercise("3.G").score().value < TASK.pass_mark


@pytest.mark.parametrize(
    "slip",
    [slip for slip in SLIPS if slip.query in ASKED],
    ids=lambda slip: f"{slip.query} {slip.trap}",
)
def test_each_trap_has_its_sentence(tmp_path, slip):
    told = said(tmp_path, slip.query, slip.of(right(slip.query)))
    first = next(s for s in SLIPS if s.query == slip.query and s.trap == slip.trap)
    assert told.endswith(TRAPS[first.trap])


def test_constants_of_the_given_database_are_right_there_and_nowhere_else(tmp_path):
    (one,) = audits._rows(datasets.file("labels_db", "labels.db"), right("Q12"))
    told = said(tmp_path, "Q12", f"SELECT {', '.join(map(repr, one))}")
    assert told.startswith("right on the given database.")
    hidden = audits._rows(twins.path(), right("Q12"))[0]
    assert not any(str(value) in told for value in hidden[:1])
    culprits = [
        row[0] for row in audits._rows(datasets.file("labels_db", "labels.db"), right("Q8"))
    ]
    constant = " UNION ".join(f"SELECT {who}" for who in culprits)
    assert "2 of 2 rows are missing" in said(tmp_path, "Q8", constant)


def test_what_is_no_answer_gets_a_sentence(tmp_path):
    assert Audit("Q1").judged(tmp_path, SECONDS) == (0.0, "not written yet.")
    assert "not written yet" in said(tmp_path, "Q1", "")
    assert "There is no query here" in said(tmp_path, "Q1", "-- later")
    assert "There is no column" in said(tmp_path, "Q4", "SELECT label FROM labels")
    assert "1 column, and 3 are asked for: annotator_id, day, labels" in said(
        tmp_path, "Q1", "SELECT 1"
    )
    assert "in this order: label_id, reason" in said(
        tmp_path, "Q3", "SELECT 'orphan' AS reason, 1 AS label_id"
    )
    assert "only read" in said(tmp_path, "Q4", "DELETE FROM labels")
    assert "stopped after 1.8 s" in said(
        tmp_path, "Q4", "SELECT count(*) FROM labels a, labels b, labels c"
    )


def test_the_first_difference_is_told_on_the_given_database(tmp_path):
    some = said(tmp_path, "Q11", right("Q11").replace("ORDER BY 1", "ORDER BY 1 LIMIT 44"))
    assert some.startswith("this row is missing: item_id = ")
    assert some.endswith("In all 0 are too much and 1 are missing.")
    many = said(tmp_path, "Q11", right("Q11").replace("> 1", "> 0"))
    assert many.startswith("this row is too much: item_id = ")
    off = said(tmp_path, "Q7", right("Q7").replace("1.959964", "2"))
    assert off.startswith("for annotator_id = 1, n = 191, correct = 185") or "row is" in off


def test_order_of_rows_and_names_of_columns_do_not_matter(tmp_path):
    text = right("Q7").replace("ORDER BY 1;", "ORDER BY random()").replace(" AS low", " AS lower")
    assert said(tmp_path, "Q7", text) == ""


def test_blind_queries_earn_nothing(module):
    for text in ("SELECT 1", "SELECT NULL WHERE 0", "SELECT * FROM labels"):
        save(module, dict.fromkeys(ASKED, text))
        assert exercise("3.G").score().value == 0


def test_nothing_written_is_no_points_and_a_sentence(module, capsys):
    assert score("3.G") == 0
    assert "Nothing is written yet" in capsys.readouterr().out


def test_the_pad_shows_what_the_suite_judges(module):
    pad = exercise("3.G").annotate()
    assert pad._texts.folder == module / "answers" / "3.G"
    assert set(pad._texts.paths) == set(ASKED) == {audit.query for audit in audits.SUITE}


def test_an_instructors_seed_makes_another_twin(monkeypatch):
    monkeypatch.setattr(twins, "seed", lambda: 7)
    assert twins.path().name == "labels-7.db"
    assert twins.key()["seed"] == 7


# Comparing --------------------------------------------------------------------------------------

VALUES = st.none() | st.integers(-3, 3) | st.sampled_from(["a", "b", 0.1, 0.25, -1.5])
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=12)


@given(rows=ROWS, rng=st.randoms())
def test_rows_in_any_order_are_the_same(rows, rng):
    mixed = rng.sample(rows, len(rows))
    near = [tuple(v + 1e-9 if isinstance(v, float) else v for v in row) for row in mixed]
    assert not compared(rows, mixed)
    assert not compared(rows, near)


@settings(max_examples=60)
@given(rows=ROWS.filter(bool), other=ROWS, at=st.integers(0, 11))
def test_every_row_too_few_or_too_many_is_found(rows, other, at):
    less = [row for number, row in enumerate(rows) if number != at % len(rows)]
    assert len(compared(rows, less).missing) == 1
    assert len(compared(less, rows).extra) == 1
    found = compared(rows, other)
    assert len(rows) - len(found.missing) == len(other) - len(found.extra)


def test_a_copy_too_many_is_a_difference():
    assert compared([(1, 0.5)], [(1, 0.5), (1, 0.5)]).extra == ((1, 0.5),)
    assert not compared([(3, 0.5)], [(3.0, 0.5000001)])
    assert compared([(3, 0.5)], [(3, 0.51)])
    assert compared([(3, None), (4, 0.5)], [(3, 0), (4, 0.5)])
