"""Speed against accuracy: parts by pace, the fitted curve, and what a demo says of people."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from labelschool import course
from labelschool.answers import AnswerFile
from labelschool.demos import quality_people, quality_sql
from labelschool.home import results
from labelschool.model import ItemAnswer
from labelschool.quality import pace


def work(curve: pace.Curve, n: int = 20_000, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    seconds = 8 * rng.lognormal(0, 0.6, n)
    right = rng.random(n) < curve.at(seconds / np.median(seconds))
    return pd.DataFrame({"task": "x", "seconds": seconds, "right": right})


def test_the_curve_that_made_the_work_is_found():
    found = pace.fit(work(pace.Curve(0.9, 0.4)))
    assert (found.top, found.rise) == pytest.approx((0.9, 0.4), abs=0.02)


def test_parts_hold_every_piece_once_in_the_order_of_their_pace():
    table = pace.by_pace(work(pace.Curve(0.9, 0.4), n=100), parts=3)
    assert table["n"].tolist() == [34, 33, 33]
    assert table["pace"].is_monotonic_increasing
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()


def test_slow_exercises_do_not_look_slow_beside_quick_ones():
    one = pd.DataFrame({"task": "box", "seconds": [10.0, 20.0, 30.0], "right": True})
    other = one.assign(task="text", seconds=one["seconds"] * 9)
    both = pace.paces(pd.concat([one, other], ignore_index=True)).to_numpy()
    assert both[:3] == pytest.approx(both[3:])


def test_too_little_work_and_work_without_a_difference_have_no_curve():
    made = work(pace.Curve(0.9, 0.4), n=pace.LEAST - 1)
    assert math.isnan(pace.fit(made).top)
    assert math.isnan(pace.fit(work(pace.Curve(0.9, 0.4), 100).assign(right=True)).rise)
    assert len(pace.by_pace(made.head(2))) == 2


def test_own_pieces_are_finished_items_of_the_work_that_was_scored(at_desk):
    module = course.load().module_of("1.B")
    (at_desk / module.folder).mkdir(exist_ok=True)
    task = course.load().task("1.B")
    file = AnswerFile("1.B", "practice", task.guideline, at_desk / module.folder)
    made = {
        name: ItemAnswer(item=name, done=done, active_ms=4000)
        for name, done in (("a", True), ("b", True), ("c", False))
    }
    file.save(made, file.read().revision)
    evidence = results.Evidence(
        score=0.5, passed=False, metric="m", n=3, items={"b": {"E1": 1}},
        hashes={"answer": file.read().sha256()},
    )  # fmt: skip
    results.record("exercise/1.B/practice", evidence, at_desk)
    own = quality_people.own_pieces(at_desk)
    assert own.values.tolist() == [["1.B", 4.0, True], ["1.B", 4.0, False]]
    changed = evidence.model_copy(update={"hashes": {"answer": "another"}})
    results.record("exercise/1.B/practice", changed, at_desk)
    assert quality_people.own_pieces(at_desk).empty
    assert quality_people.own_pieces(None).empty


def test_a_piece_rate_pays_the_hasty_best_and_the_hour_pays_none_of_them():
    """The figures that lesson 3.15 states."""
    people = {one.id: one for one in quality_people.workers()}

    def order(scheme: str, reviewed: float) -> list[int]:
        pays = {n: quality_people.hourly(one, scheme, 5, reviewed) for n, one in people.items()}
        return sorted(pays, key=lambda n: -pays[n])

    assert order(quality_people.LABEL, 0)[:2] == [13, 12]
    assert order(quality_people.LABEL, 0)[-2:] == [9, 8]
    assert order(quality_people.LABEL, 1)[-1] == 6
    careless = quality_people.hourly(people[12], quality_people.LABEL, 5, 1)
    careful = quality_people.hourly(people[8], quality_people.LABEL, 5, 1)
    assert 10 < careless / careful < 13
    by_hour = {
        n: quality_people.hourly(one, quality_people.HOUR, 5, 0) for n, one in people.items()
    }
    assert {n for n, paid in by_hour.items() if not paid} == {2, 5, 6, 12, 13}
    assert len(set(by_hour.values())) == 2


@pytest.mark.parametrize(
    ("scheme", "unpaid"), [(quality_people.LABEL, 0), (quality_people.HOUR, 5)]
)
@pytest.mark.parametrize("cents", [1, 12])
def test_the_figure_names_everybody_once_with_what_an_hour_brings(scheme, unpaid, cents):
    pays = {one: quality_people.hourly(one, scheme, cents, 0) for one in quality_people.workers()}
    figure = quality_people.piece_figure(pays)
    named = [int(found) for found in re.findall(r'<text x="0" y="\d+">(\d+)<', figure)]
    assert sorted(named) == [one.id for one in pays]
    assert figure.count("not paid") == unpaid
    assert figure.count(", below the bar") == 5
    assert max(pays.values()) <= quality_people.MOST


def test_one_reviewer_accepts_what_everybody_contradicts():
    """The figures that lesson 3.11 states; a narrow slice judges nobody."""
    found = {one.reviewer: one for one in quality_sql.shares(1, own=False)}
    assert found[1].alone == (166, 166)
    assert max(a / n for a, n in (found[r].alone for r in (3, 8, 9))) < 0.3
    assert found[7].alone == (11, 11)
    said = quality_sql.verdict(quality_sql.shares(1, own=False))
    assert "Reviewer 1 accepted 166 of 166" in said
    assert "Too few to judge: reviewer 7" in said
    assert "nothing can be said" in quality_sql.verdict(quality_sql.shares(3, own=False))
