"""3.E: sampling plans in code, judged from outside; and the lots that they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelschool import code_answers, course
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import lots as suite
from labelschool.generators import lots

RIGHT = Path(__file__).with_name("lots_reference.py").read_text(encoding="utf-8")
FIRST = "return [row['id'] for row in rows[:n]]"
POOLED = "return sum(s['defects'] for s in strata) / sum(s['n'] for s in strata)"
WRONG = {
    "you took the first": [("    chance = random.Random(seed)\n", f"    {FIRST}\n")],
    "in the first hours a lead looked on": [
        ("chance.sample(ids, drawn[name])", "ids[: drawn[name]]")
    ],
    "the strata are ignored": [
        (
            "    strata = {}\n",
            "    return chance.sample([r['id'] for r in rows], n)\n    strata = {}\n",
        )
    ],
    "you pooled the strata": [("    size = sum(one", f"    {POOLED}\n    size = sum(one")],
    "the same weight": [('one["size"] / size *', "1 / len(strata) *")],
    "drawn twice": [("chance.sample(ids, drawn[name])", "chance.choices(ids, k=drawn[name])")],
    "nobody could repeat": [("random.Random(seed)", "random.Random()")],
    "would soon know which": [("random.Random(seed)", "random.Random(1)")],
    "the two are swapped": [
        ("[1 - accepted(n, c, good), ", "["),
        ("accepted(n, c, bad)]", "accepted(n, c, bad), 1 - accepted(n, c, good)]"),
    ],
    "c defects are still accepted": [("range(c + 1))", "range(c))")],
    "you took the worst case": [("* rate * (1 - rate) / margin", "* 0.25 / margin")],
    "the n of an endless one": [("n = n / (1 + (n - 1) / lot)", "pass")],
    "round up": [("math.ceil(n)", "round(n)")],
    "so does the smaller n": [("n, c = 1, 0", "n, c = 120, 0")],
}
"""What is said about a mistake, and how the reference is changed into it."""


def changed(*swaps):
    source = RIGHT
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


@pytest.fixture
def home(at_desk):
    return at_desk


def share(source):
    code_answers.save("3.E", source)
    return exercise("3.E").score().value


class TestLots:
    def test_a_lot_is_in_order_of_time_and_has_its_share_of_defects(self):
        rows = lots.lot(11, 0.08, 1000)
        assert sum(row["defect"] for row in rows) == 80
        assert [row["hour"] for row in rows] == sorted(row["hour"] for row in rows)
        assert rows == lots.lot(11, 0.08, 1000)

    def test_the_first_hours_are_clean_and_a_class_and_a_person_are_worse(self):
        rows = lots.lot(12, 0.08, 20_000)

        def rate(keep):
            kept = [row["defect"] for row in rows if keep(row)]
            return sum(kept) / len(kept)

        assert rate(lambda row: row["hour"] < lots.WATCHED) < 0.02
        assert rate(lambda row: row["class"] == lots.HARD) > 0.15
        assert rate(lambda row: row["annotator"] == lots.WORST) > 0.11

    def test_the_first_rows_of_a_bad_lot_would_be_accepted(self):
        n, c = suite.plan_for(suite.GOOD, suite.BAD).n, suite.plan_for(suite.GOOD, suite.BAD).c
        six = lots.six()
        assert all(sum(row["defect"] for row in rows[:n]) <= c for rows in six.values())
        assert sum(rate > suite.BAD for rate in lots.SIX.values()) == 3


class TestSuite:
    def test_the_reference_is_right(self, home):
        assert share(RIGHT) == 1.0
        assert score("3.E") == 10.0

    @pytest.mark.parametrize("said", WRONG)
    def test_a_usual_mistake_is_named_and_does_not_pass(self, tmp_path, said):
        file = code_answers.save("3.E", changed(*WRONG[said]), tmp_path)
        told = (one.judged(file, 5) for one in suite.SUITE)
        assert any(said in one.said and not one.share for one in told)
        assert course.load().task("3.E").pass_mark == 1

    def test_a_lucky_decision_by_the_first_rows_counts_for_nothing(self, home):
        source = changed(("    chance = random.Random(seed)\n", f"    {FIRST}\n"))
        code_answers.save("3.E", source)
        lines = {line.item: line.value for line in exercise("3.E").score().items}
        assert lines["The six lots"] == lines["Lots that nobody has seen"] == 0

    @pytest.mark.parametrize("value", ["None", "0", "[]", "[80, 2]", '"accept"', "True"])
    def test_constants_earn_nothing(self, home, value):
        names = ("sample_size", "risks", "plan", "draw", "estimate", "decide")
        source = "\n".join(f"def {name}(*given): return {value}" for name in names)
        assert share(source) == 0
