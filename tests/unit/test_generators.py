"""Crowds, logs and hunting pictures: the published numbers hold, and the keys fit the files."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from labelschool import datasets
from labelschool.generators import crowds, logs, needle
from labelschool.quality.consensus import dawid_skene, majority_vote

# Crowds -----------------------------------------------------------------------------------------


def accuracy(consensus, truth):
    return float(np.mean([consensus[item] == label for item, label in truth.items()]))


@pytest.fixture(scope="module")
def forty():
    """(majority, Dawid-Skene) accuracy on the pool of five, seeds 0 to 39."""
    pools = [crowds.pool(seed) for seed in range(40)]
    return np.array(
        [
            (
                accuracy(majority_vote(pool.labels, seed), pool.truth),
                accuracy(dawid_skene(pool.labels).consensus, pool.truth),
            )
            for seed, pool in enumerate(pools)
        ]
    )


def test_dawid_skene_beats_the_majority_as_often_as_stated(forty):
    majority, model = forty.T
    assert majority.mean() == pytest.approx(0.878, abs=0.003)
    assert model.mean() == pytest.approx(0.977, abs=0.001)
    assert (model > majority).all()
    assert model.min() == pytest.approx(0.942, abs=0.0005)
    assert (model >= 0.95).sum() == 39


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 60),
    workers=st.lists(st.sampled_from(crowds.ROLES), min_size=1, max_size=8),
)
def test_everyone_labels_every_item_once(seed, size, workers):
    pool = crowds.pool(seed, size, workers)
    assert Counter(pool.roles.values()) == Counter(workers)
    assert not pool.labels.duplicated(["item", "annotator"]).any()
    assert set(pool.labels["item"]) == set(pool.truth)
    assert len(pool.labels) == size * len(workers)
    assert set(pool.labels["label"]) <= set(crowds.CLASSES)
    assert crowds.pool(seed, size, workers).labels.equals(pool.labels)


@pytest.mark.parametrize("role", crowds.ROLES)
@pytest.mark.parametrize("progress", [0.0, 0.4, 1.0])
def test_a_role_says_something_for_every_class(role, progress):
    matrix = crowds.confusion(role, progress)
    assert matrix.shape == (4, 4)
    assert matrix.min() >= 0
    assert matrix.sum(axis=1) == pytest.approx(np.ones(4))


def test_roles_show_in_their_labels():
    pool = crowds.pool(5, 2000, crowds.TEN)
    table = pool.labels.assign(true=pool.labels["item"].map(pool.truth))
    table["role"] = table["annotator"].map(pool.roles)
    right = (table["label"] == table["true"]).groupby([table["role"], table["true"]]).mean()
    assert right["expert"].min() > right["hasty"].max()
    assert right["confuser"][["van", "truck"]].max() < 0.15 < 0.8 < right["confuser"]["bus"]
    assert set(table.loc[table["role"] == "spammer", "label"]) == {"car"}
    assert right["lazy"][["truck", "bus"]].max() < 0.3 < 0.8 < right["lazy"][["car", "van"]].min()
    drifting = table[table["role"] == "drifting"]
    good = (drifting["label"] == drifting["true"]).to_numpy()
    assert good[:500].mean() > good[-500:].mean() + 0.2
    one, two = (
        table[table["annotator"] == name].set_index("item")["label"]
        for name, role in pool.roles.items()
        if role == "collusive"
    )
    assert (one == two).mean() > 0.9


def test_names_do_not_tell_roles():
    orders = {tuple(crowds.pool(seed, 1).roles.values()) for seed in range(30)}
    assert len(orders) > 15


def test_an_unknown_role_is_named():
    with pytest.raises(ValueError, match="unknown roles \\['genius'\\]"):
        crowds.pool(0, 5, ["genius"])


@pytest.mark.parametrize("pool", ["practice", "counted", "exam"])
def test_shipped_crowds_fit_their_keys(pool):
    key = datasets.key("crowd120", pool)
    labels = pd.read_csv(datasets.file("crowd120", f"{pool}.csv"))
    assert set(labels["item"]) == set(key["truth"])
    assert len(key["truth"]) == 120
    assert set(labels["annotator"]) == set(key["roles"])
    roles = list(key["roles"].values())
    assert Counter(roles) == Counter(crowds.TEN if pool == "exam" else crowds.FIVE)
    if pool != "exam":
        model = dawid_skene(labels)
        assert accuracy(model.consensus, key["truth"]) >= 0.96
        spammer = next(name for name, role in key["roles"].items() if role == "spammer")
        assert model.accuracy.idxmin() == spammer
        assert model.confusion.loc[spammer]["car"].min() > 0.95


def test_every_role_is_shipped():
    pools = [datasets.key("crowd120", pool) for pool in ("practice", "counted", "exam")]
    assert {role for key in pools for role in key["roles"].values()} == set(crowds.ROLES)


# Audits -----------------------------------------------------------------------------------------


def first_alarm(statistic, limit):
    above = np.flatnonzero(np.asarray(statistic) > limit)
    return int(above[0]) + 1 if len(above) else None


def charts(errors):
    """(p-chart, CUSUM) alarm days as in the numbers for regression tests."""
    total, sums = 0.0, []
    for found in errors:
        total = max(0.0, total + found - 60 * 0.066)
        sums.append(total)
    limit = 0.04 + 3 * math.sqrt(0.04 * 0.96 / 60)
    return first_alarm(np.asarray(errors) / 60, limit), first_alarm(sums, 6)


def causes(stream, day):
    """How far errors after a day leave what each cause would explain, judged from the rows."""
    before, after = stream[stream["day"] < day], stream[stream["day"] >= day]

    def jump(column):
        rates = [part.groupby(column)["error"].mean() for part in (before, after)]
        return (rates[1] - rates[0]).dropna().sort_values()

    if set(after["class"]) - set(before["class"]):
        return "new_class"
    mix = [(part["source"] == "night").mean() for part in (before, after)]
    if mix[1] > 2 * mix[0]:
        return "data"
    by_class, by_person = jump("class"), jump("annotator")
    loose = after.loc[after["error"] == 1, "kind"].eq("loose").mean()
    if by_person.iloc[-1] > 0.2:
        return "annotator"
    if by_class.iloc[-1] > 0.15 and by_class.iloc[-2] < by_class.iloc[-1] / 2:
        return "guideline"
    return "tool" if loose > 0.5 else None


def assert_audits(table, drifts):
    assert table.groupby(["stream", "day"]).size().eq(60).all()
    assert table["day"].nunique() == 30
    assert sorted(drift.cause for drift in drifts) == sorted(logs.CAUSES)
    for drift in drifts:
        stream = table[table["stream"] == drift.stream]
        for alarm in charts(stream.groupby("day")["error"].sum()):
            assert alarm is not None
            assert drift.day <= alarm <= drift.day + 2
        assert causes(stream, drift.day) == drift.cause
        if drift.cause in ("guideline", "tool"):
            changed = stream.loc[stream["day"] >= drift.day, drift.cause]
            assert set(changed) == {drift.detail}
            assert drift.detail not in set(stream.loc[stream["day"] < drift.day, drift.cause])


@pytest.mark.parametrize("pool", ["practice", "counted"])
def test_shipped_audits_fit_their_keys(pool):
    table = pd.read_csv(datasets.file("audit_log", f"{pool}.csv"))
    drifts = [logs.Drift(**entry) for entry in datasets.key("audit_log", pool)["drifts"]]
    assert_audits(table, drifts)


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_every_drift_can_be_dated_and_explained(seed):
    assert_audits(*logs.audits(seed))


def test_rates_are_four_and_ten_per_cent():
    before, after = [], []
    for seed in range(12):
        table, drifts = logs.audits(seed)
        for drift in drifts:
            stream = table[table["stream"] == drift.stream]
            before.append(stream.loc[stream["day"] < drift.day, "error"].mean())
            after.append(stream.loc[stream["day"] >= drift.day, "error"].mean())
    assert np.mean(before) == pytest.approx(0.04, abs=0.005)
    assert np.mean(after) == pytest.approx(0.10, abs=0.012)


# Hunting ----------------------------------------------------------------------------------------


def test_prevalence_is_exact_in_every_block():
    held = needle.targets(3)
    assert [sum(held[:40]), sum(held[40:140]), sum(held[140:])] == [20, 5, 5]
    assert needle.targets(4) != held


def test_the_shipped_hunt_fits_its_seed():
    key = datasets.key("needle", "counted")
    boxes = key["targets"]
    assert list(boxes) == [f"needle-{number:03}" for number in range(1, 241)]
    held = needle.targets(key["seed"])
    assert [box is not None for box in boxes.values()] == list(held)
    for index, box in enumerate(boxes.values()):
        if box:
            assert tuple(box) == needle.target(key["seed"], index).bbox


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), index=st.integers(0, 239))
def test_only_the_target_differs(seed, index):
    with_target = needle.picture(seed, index, tilted=True)
    without = needle.picture(seed, index, tilted=False)
    assert with_target.size == needle.SIZE
    left, top, right, bottom = ImageChops.difference(with_target, without).getbbox()
    x, y, w, h = needle.target(seed, index).bbox
    assert x - 6 <= left < right <= x + w + 6
    assert y - 6 <= top < bottom <= y + h + 6
    assert needle.picture(seed, index, tilted=True).tobytes() == with_target.tobytes()


def test_targets_are_anywhere_and_lean_both_ways():
    found = [needle.target(9, index) for index in range(240)]
    assert len({target.bbox for target in found}) > 35
    assert Counter(target.angle for target in found).keys() == {-needle.TILT, needle.TILT}
