"""The sets about rules: access statements, and a vague rule that divides annotators."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from itertools import combinations

import pytest

from labelschool import datasets
from labelschool.generators import disagreement
from labelschool.operations.access import allowed

# Access -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def policies():
    def table(file, key):
        return json.loads(datasets.file("policies8", file).read_text(encoding="utf-8"))[key]

    shown = {entry["id"]: entry["statement"] for entry in table("statements.json", "statements")}
    return shown, table("calls.json", "calls"), datasets.key("policies8", "counted")


def test_repaired_statements_pass_and_refuse_exactly_what_they_must(policies):
    _, calls, key = policies
    repaired = list(key["repaired"].values())
    assert {call["id"]: allowed(repaired, call) for call in calls} == key["allowed"]
    assert sum(not value for value in key["allowed"].values()) == 14


def test_every_fault_lets_a_call_decide_wrongly_that_its_repair_decides_rightly(policies):
    shown, calls, key = policies
    assert len(shown) == 8
    for name, faulty in shown.items():
        others = [statement for other, statement in key["repaired"].items() if other != name]
        wrong = [
            call["id"]
            for call in calls
            if allowed([*others, faulty], call) != key["allowed"][call["id"]]
        ]
        assert wrong, name


# Disagreement -----------------------------------------------------------------------------------


def pair_disagreements(rows):
    by_item = defaultdict(list)
    for item, _, label in rows:
        by_item[item].append(label)
    return {
        item: sum(a != b for a, b in combinations(labels, 2)) for item, labels in by_item.items()
    }


def alpha(rows):
    """Krippendorff's nominal alpha of complete rows (Krippendorff 2011, eq. for two values)."""
    by_item, totals = defaultdict(list), defaultdict(int)
    for item, _, label in rows:
        by_item[item].append(label)
        totals[label] += 1
    n = sum(totals.values())
    observed = sum(
        2 * sum(a != b for a, b in combinations(labels, 2)) / (len(labels) - 1)
        for labels in by_item.values()
    )
    expected = sum(totals[a] * totals[b] for a in totals for b in totals if a != b) / (n - 1)
    return 1 - observed / expected


def accuracy(rows, truth):
    return sum(truth[item] == label for item, _, label in rows) / len(rows)


@pytest.fixture(scope="module")
def parcels():
    return disagreement.parcels(48)


def test_the_shipped_labels_are_those_of_the_first_card(parcels):
    with datasets.file("disagree48", "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == disagreement.annotate(parcels, disagreement.CARD_V1, 48)
    truth = {t.item: t.choices["class"][0] for t in datasets.truth("disagree48", "counted")}
    assert truth == disagreement.truth(parcels)
    assert set(truth.values()) == set(disagreement.CLASSES)


def test_one_vague_rule_explains_about_sixty_percent_of_the_disagreement(parcels):
    before = disagreement.annotate(parcels, disagreement.CARD_V1, 48)
    after = disagreement.annotate(parcels, disagreement.repaired(disagreement.CARD_V1), 48)
    total = sum(pair_disagreements(before).values())
    assert 0.5 <= 1 - sum(pair_disagreements(after).values()) / total <= 0.75


@pytest.mark.parametrize("seed", range(10))
def test_the_right_repair_raises_alpha_and_accuracy(parcels, seed):
    truth = disagreement.truth(parcels)
    before = disagreement.annotate(parcels, disagreement.CARD_V1, seed)
    after = disagreement.annotate(parcels, disagreement.repaired(disagreement.CARD_V1), seed)
    assert alpha(after) - alpha(before) >= 0.15
    assert accuracy(after, truth) > accuracy(before, truth)


def test_a_repair_that_misses_what_was_meant_costs_accuracy(parcels):
    truth = disagreement.truth(parcels)
    right = disagreement.annotate(parcels, disagreement.repaired(disagreement.CARD_V1), 48)
    strict = disagreement.annotate(parcels, disagreement.repaired(disagreement.CARD_V1, "> 0"), 48)
    assert alpha(strict) > alpha(disagreement.annotate(parcels, disagreement.CARD_V1, 48))
    assert accuracy(strict, truth) < accuracy(right, truth) - 0.1


def test_a_condition_that_is_none_is_refused(parcels):
    card = disagreement.repaired(disagreement.CARD_V1, "about 8")
    with pytest.raises(ValueError, match="no condition"):
        disagreement.annotate(parcels, card, 1)


def test_the_text_of_a_parcel_says_its_features(parcels):
    for item in parcels:
        assert ("damp" in item.text) is item.features["wet"]
        assert ("tear" in item.text) is item.features["torn"]
        assert ("smeared" in item.text) is not item.features["label_readable"]
        dent = item.features["dent_cm"]
        assert (f"dent of {dent:g} cm" in item.text) if dent else ("No dent" in item.text)
