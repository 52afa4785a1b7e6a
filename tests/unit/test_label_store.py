"""The label store: its size, its twelve traps, its culprits; for the shipped seed and the twin."""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import datasets
from labelschool.exercises.suites.audits import compared, right
from labelschool.exercises.suites.audits.slips import SLIPS, TRAPS
from labelschool.generators import label_store

from .audits_in_pandas import Store

AUDITS = [f"Q{number}" for number in range(1, 13)]
NAMED = {
    "fan_out", "null_in_not_in", "utc_day", "integer_division", "deleted_rows", "open_end", "ties",
    "distinct", "n_zero", "self_review", "case_and_space", "reopened",
}  # fmt: skip
"""The twelve traps that the store was built with."""


@pytest.fixture(scope="module", params=["practice", "counted"])
def store(request, tmp_path_factory):
    """(connection, key) of the shipped database, and of the twin written by its seed."""
    if request.param == "practice":
        path, key = datasets.file("labels_db", "labels.db"), datasets.key("labels_db", "practice")
    else:
        seed = datasets.key("labels_db", "counted")["seed"]
        path = tmp_path_factory.mktemp("twin") / "labels.db"
        label_store.write(path, seed)
        key = json.loads(json.dumps(label_store.key(seed)))
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.create_function("sqrt", 1, lambda x: None if x is None else math.sqrt(x))
        yield connection, key


@pytest.fixture(scope="module")
def frames(store):
    return Store(store[0])


def rows(connection, name):
    return connection.execute(right(name)).fetchall()


def test_the_store_has_its_size(store):
    count = {
        table: store[0].execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("labels", "items", "annotators", "calendar")
    }
    assert count == {"labels": 20_000, "items": 6_000, "annotators": 14, "calendar": 35}
    assert datasets.file("labels_db", "labels.db").stat().st_size < 3_500_000


def test_the_shipped_database_is_that_of_its_seed(tmp_path):
    label_store.write(tmp_path / "again.db", label_store.SHIPPED_SEED)
    with (
        closing(sqlite3.connect(tmp_path / "again.db")) as again,
        closing(sqlite3.connect(datasets.file("labels_db", "labels.db"))) as shipped,
    ):
        assert list(again.iterdump()) == list(shipped.iterdump())
    key = json.loads(json.dumps(label_store.key(label_store.SHIPPED_SEED)))
    assert key == datasets.key("labels_db", "practice")


@pytest.mark.parametrize("name", AUDITS)
def test_an_audit_agrees_with_pandas(store, frames, name):
    found, expected = rows(store[0], name), getattr(frames, name.lower())()
    assert found
    assert len(found) == len(expected)
    for row, other in zip(found, expected, strict=True):
        assert list(row) == [
            pytest.approx(v, abs=1e-9) if isinstance(v, float) else v for v in other
        ]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.query} {slip.trap}")
def test_a_trap_bites(store, slip):
    naive = store[0].execute(slip.of(right(slip.query))).fetchall()
    assert compared(rows(store[0], slip.query), naive)


def test_every_trap_of_the_store_is_told_and_fallen_into():
    assert set(TRAPS) == {slip.trap for slip in SLIPS} > NAMED


def test_the_culprits_of_one_database_are_not_those_of_the_other():
    keys = [label_store.key(seed) for seed in (label_store.SHIPPED_SEED, label_store.TWIN_SEED)]
    for field in ("drift", "leaked_gold", "rubber_stamp", "spammer", "confuser", "speeders"):
        assert keys[0][field] != keys[1][field], field


def test_ontology_names_on_the_last_second_belong_to_the_next_version(store):
    boundary = (
        "SELECT count(*) FROM labels JOIN ontology_versions AS next ON created_at = valid_from "
        "WHERE class NOT IN (SELECT class FROM ontology_classes WHERE ontology_id = next.id)"
    )
    assert store[0].execute(boundary).fetchone()[0] > 0


# Culprits ---------------------------------------------------------------------------------------


def test_the_audits_find_the_reviewer_and_the_speeders(store):
    connection, key = store
    assert [row[0] for row in rows(connection, "Q10")] == [key["rubber_stamp"]]
    assert [row[0] for row in rows(connection, "Q8")] == key["speeders"]
    (own,) = (slip for slip in SLIPS if slip.trap == "self_review")
    naive = [row[0] for row in connection.execute(own.of(right("Q10")))]
    assert naive == sorted((key["rubber_stamp"], key["self_reviewer"]))


def test_quick_and_right_is_as_quick_as_a_speeder(store, frames):
    pace = frames.kept.groupby("annotator_id")["ms"].median()
    quick, speeders = store[1]["quick_and_right"], store[1]["speeders"]
    assert pace[quick] < 2 * pace[speeders].max()
    assert pace[quick] < pace.drop([quick, *speeders]).min() / 3
    assert frames.gold.loc[frames.gold["annotator_id"] == quick, "right"].mean() > 0.93


def _share(gold, person, days):
    return gold.loc[(gold["annotator_id"] == person) & days, "right"].mean()


def test_one_annotator_is_worse_from_the_drift_day_on(store, frames):
    drift, gold = store[1]["drift"], frames.gold
    after = gold["day"] >= drift["day"]
    fall = {
        person: _share(gold, person, ~after) - _share(gold, person, after)
        for person in gold["annotator_id"].unique()
    }
    assert max(fall, key=fall.get) == drift["annotator"]
    assert fall[drift["annotator"]] > 0.15
    assert sorted(fall.values())[-2] < fall[drift["annotator"]] / 2


def test_the_drift_day_can_be_dated_without_gold(store, frames):
    """The best split of the days by likelihood of disagreeing with the others' majority."""
    drift, live = store[1]["drift"], frames.live
    others = live[live["annotator_id"] != drift["annotator"]].groupby("item_id")["plain"]
    majority = others.agg(lambda said: said.mode()[0])
    mine = live[live["annotator_id"] == drift["annotator"]]
    wrong = mine["plain"] != mine["item_id"].map(majority)
    days = wrong.groupby(mine["day"]).agg(["sum", "count"])

    def likelihood(part):
        bad, n = part["sum"].sum(), part["count"].sum()
        return bad * math.log(bad / n) + (n - bad) * math.log(1 - bad / n)

    splits = {
        day: likelihood(days[days.index < day]) + likelihood(days[days.index >= day])
        for day in days.index[3:-3]
    }
    found = days.index.get_loc(max(splits, key=splits.get))
    assert abs(found - days.index.get_loc(drift["day"])) <= 1


def test_leaked_gold_is_perfect_on_gold_and_nowhere_else(store, frames):
    leak, gold, truth = store[1]["leaked_gold"], frames.gold, label_store.truth(store[1]["seed"])
    mine = gold[gold["annotator_id"] == leak["annotator"]]
    after = mine["day"] >= leak["day"]
    assert mine.loc[after, "right"].mean() > 0.98
    assert after.sum() >= 40
    assert mine.loc[~after, "right"].mean() < 0.92
    others = frames.live[
        (frames.live["annotator_id"] == leak["annotator"])
        & (frames.live["day"] >= leak["day"])
        & ~frames.live["item_id"].isin(gold["item_id"])
    ]
    assert (others["plain"] == others["item_id"].map(truth)).mean() < 0.9


def test_spammer_and_confuser_stand_out(store, frames):
    _, key = store
    gold = frames.gold.assign(true=frames.gold["item_id"].map(label_store.truth(key["seed"])))
    cars = (frames.kept["plain"] == "car").groupby(frames.kept["annotator_id"]).mean()
    assert cars.idxmax() == key["spammer"]
    assert cars.max() > 0.8
    first, second = key["confuser"]["classes"]
    swapped = ((gold["true"] == first) & (gold["plain"] == second)) | (
        (gold["true"] == second) & (gold["plain"] == first)
    )
    among = swapped[gold["true"].isin((first, second))].groupby(gold["annotator_id"]).mean()
    assert among.idxmax() == key["confuser"]["annotator"]
    assert among.max() > 0.6


def test_nobody_is_called_bad_whose_interval_includes_the_bar(store):
    connection, key = store
    intervals = {row[0]: row[4:] for row in rows(connection, "Q7") if row[1]}
    assert key["below_bar"] == [p for p, (_, high) in intervals.items() if high < key["bar"]]
    assert key["bar_inside"] == [
        p for p, (low, high) in intervals.items() if low <= key["bar"] <= high
    ]
    observed = {row[0]: row[3] for row in rows(connection, "Q7")}
    assert any(observed[person] < key["bar"] for person in key["bar_inside"])
    assert {key["spammer"], *key["speeders"]} <= set(key["below_bar"])
    assert observed[key["newcomer"]] is None
    assert {str(p): [row[2], row[1]] for row in rows(connection, "Q7") for p in row[:1]} == key[
        "gold"
    ]


@settings(max_examples=6)
@given(seed=st.integers(0, 10**9))
def test_any_seed_makes_a_whole_store(seed):
    """The counts that the audits rest on hold whatever seed an instructor takes."""
    key = label_store.key(seed)
    history = label_store._history(seed)
    assert len(history.labels) == 20_000
    assert len(key["below_bar"]) >= 3
    shares = {person: right / n for person, (right, n) in key["gold"].items() if n}
    assert any(shares[str(person)] < key["bar"] for person in key["bar_inside"])
    assert key["gold"][str(key["newcomer"])] == [0, 0]
    end = pd.Timestamp(history.start) + pd.Timedelta(weeks=5)
    last = max(label.created + 60 * label.person.offset for label in history.labels)
    first = min(label.created + 60 * label.person.offset for label in history.labels)
    assert pd.Timestamp(history.start) <= pd.Timestamp(first, unit="s")
    assert pd.Timestamp(last, unit="s") < end
    assert all(entry.created > entry.label.created for entry in history.reviews)
