"""`results.json`: the best stays the best, and a broken file is kept."""

from __future__ import annotations

import pytest

from labelschool.home import results
from labelschool.home.results import Evidence


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "start-here.ipynb").touch()
    module = tmp_path / "01-foundation"
    module.mkdir()
    monkeypatch.chdir(module)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def evidence(score):
    return Evidence(score=score, passed=score > 0.7, metric="DetScore", n=40)


def test_the_home_is_found_from_a_module(home):
    assert results.home() == home


def test_without_a_home_nothing_is_recorded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    results.record("exercise/1.A/counted", evidence(0.5))
    assert list(tmp_path.iterdir()) == []


def test_a_pass_is_better_than_a_higher_score_that_does_not_pass(home):
    """Boxes with too many objects missed do not pass, whatever their score."""
    measured = {"metric": "detection", "n": 10}
    for score, passed in ((0.71, True), (0.74, False)):
        results.record("exercise/1.A/counted", Evidence(score=score, passed=passed, **measured))
    assert results.read().entries["exercise/1.A/counted"].best.score == 0.71


def test_the_best_stays_and_the_last_moves(home):
    for score in (0.5, 0.9, 0.6):
        results.record("exercise/1.A/counted", evidence(score))
    entry = results.read().entries["exercise/1.A/counted"]
    assert (entry.best.score, entry.last.score, entry.tries) == (0.9, 0.6, 3)


def test_entries_do_not_touch_each_other(home):
    results.record("quiz/1", evidence(0.8))
    results.record("exercise/1.A/practice", evidence(0.4))
    assert set(results.read().entries) == {"quiz/1", "exercise/1.A/practice"}


def test_a_broken_file_is_kept_beside(home):
    (home / "results.json").write_text("{", encoding="utf-8")
    assert results.read().entries == {}
    results.record("quiz/1", evidence(0.8))
    assert (home / "results.json.broken-1").read_text(encoding="utf-8") == "{"
    assert results.read().entries["quiz/1"].best.score == 0.8


def test_the_time_factor_is_kept_beside_the_measurements(home):
    results.record("exercise/1.A/counted", evidence(0.5))
    assert results.read().time_factor == 1
    results.set_time_factor(home, None)
    assert results.read().time_factor is None
    results.record("exercise/1.B/counted", evidence(0.5))
    held = results.read()
    assert (held.time_factor, len(held.entries)) == (None, 2)
