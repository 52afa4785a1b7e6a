"""The gate of lesson 3.12: what is merged, by rules, step and baseline."""

from __future__ import annotations

import itertools

import pytest

from labelschool.demos import demo
from labelschool.demos import quality_label_ci as gate


def test_the_rules_find_what_they_are_for_and_nothing_else() -> None:
    for name, rule in gate.breaks().items():
        assert gate.findings()[name] == ({rule} if rule else set())


@pytest.mark.parametrize("rules", range(21))
def test_each_rule_adds_one_export(rules) -> None:
    done = gate.outcome(rules, gate.PLAIN, gate.NONE)
    assert len(done.found) == rules
    assert done.code == (0 if rules == 0 else 2 if rules == 20 else 1)
    assert done.merged is (rules == 0)


def test_or_true_merges_everything() -> None:
    for rules, baseline in itertools.product(range(21), (gate.NONE, gate.OLD, gate.NOW)):
        assert gate.outcome(rules, gate.SWALLOWED, baseline).merged


def test_a_baseline_that_is_written_in_the_run_knows_everything_but_what_cannot_be_read() -> None:
    assert gate.outcome(19, gate.PLAIN, gate.NOW).merged
    assert not gate.outcome(20, gate.PLAIN, gate.NOW).merged


def test_last_months_debts_pass_and_new_ones_do_not() -> None:
    done = gate.outcome(20, gate.PLAIN, gate.OLD)
    assert (len(done.found), len(done.known), done.merged) == (20, 6, False)
    assert "14 are new" in gate.said(done, 20, gate.OLD)


def test_where_all_that_is_seen_was_known_it_is_merged_and_said_so() -> None:
    done = gate.outcome(1, gate.PLAIN, gate.OLD)
    assert (done.merged, done.found - done.known) == (True, frozenset())
    assert "was known last month, so it passes" in gate.said(done, 1, gate.OLD)


def test_what_is_shown_changes_with_the_handles() -> None:
    box = demo("gate").widget()
    _, rules, line, known, picture, told = box.children
    assert "20 broken exports are merged" in picture.value
    rules.value = 20
    assert "exit code 2, the step is red" in told.value
    assert picture.value.count(">found<") == 20
    line.value = gate.SWALLOWED
    assert "nobody reads a green log" in told.value
    line.value, known.value = gate.PLAIN, gate.OLD
    assert picture.value.count(">known<") == 6
    assert 'aria-label="exit code 2' in picture.value
