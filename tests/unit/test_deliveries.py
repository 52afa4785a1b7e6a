"""A3.c: the plan, the deliveries and the people, judged from outside."""

from __future__ import annotations

from functools import partial

import pytest

from labelschool import code_answers, course
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import deliveries as suite

from . import code_solutions
from .code_solutions import solution

TASK = "A3.c"
changed = partial(code_solutions.changed, TASK)
POOLED = "sum(wrong.values()) / sum(looked.values())"
WEIGHED = "sum(size / total * wrong[name] / looked[name] for name, size in sizes.items())"
WRONG = {
    "you pooled the classes": [(WEIGHED, POOLED)],
    "nothing is proved either way": [
        (
            '"accept" if high <= limit else "reject" if low > limit else "look again"',
            '"accept" if rate <= limit else "reject"',
        )
    ],
    "that can be chance": [("wilson(wrong[name], n)[0] > limit", "wrong[name] / n > limit")],
    "is proved worse than": [("wilson(wrong[name], n)[0] > limit", "wrong[name] > 35")],
    "so nothing is known about it": [
        ('"high": None, "decision": "look again"', '"decision": "accept"')
    ],
    "is too narrow": [("(size / total) ** 2 *", "(size / total) ** 2 / 9 *")],
    "is too wide": [("(size / total) ** 2 *", "4 * (size / total) ** 2 *")],
    "are allowed": [("> consumer", "> 2 * consumer")],
}


@pytest.fixture
def home(at_desk):
    return at_desk


def share(source):
    code_answers.save(TASK, source)
    return exercise(TASK).score().value


def test_the_solution_is_right(home):
    assert share(solution(TASK)) == 1.0
    assert score(TASK) == 10.0


@pytest.mark.parametrize("said", WRONG)
def test_a_usual_mistake_is_named(tmp_path, said):
    file = code_answers.save(TASK, changed(*WRONG[said]), tmp_path)
    told = [one.judged(file, 5) for one in suite.SUITE]
    assert any(said in one.said and not one.share for one in told)


def test_who_accuses_by_the_share_alone_does_not_pass(home):
    source = changed(*WRONG["nothing is proved either way"], *WRONG["that can be chance"])
    assert share(source) < course.load().task(TASK).pass_mark


@pytest.mark.parametrize(
    "value", ["None", "[]", "[80, 2]", '{"decision": "look again"}', '{"decision": "reject"}']
)
def test_constants_earn_next_to_nothing(home, value):
    names = ("plan", "judge", "people")
    assert share("\n".join(f"def {name}(*given): return {value}" for name in names)) < 0.15


class TestCases:
    def test_pooling_would_decide_otherwise(self):
        for cases, right in ((suite.GOOD, suite.ACCEPT), (suite.BAD, suite.REJECT)):
            for sizes, audits, limit in cases:
                assert suite.decision(suite.estimate(sizes, audits), limit) == right
        for _, audits, limit in suite.GOOD:
            assert sum(row["defect"] for row in audits) / len(audits) > limit

    def test_those_in_doubt_lie_well_within_it(self):
        """So that another sound interval decides alike."""
        for sizes, audits, limit in suite.DOUBT:
            low, high = suite.estimate(sizes, audits).interval
            assert low < limit - 0.008
            assert high > limit + 0.008
        for sizes, audits, limit in suite.GOOD + suite.BAD:
            low, high = suite.estimate(sizes, audits).interval
            assert high < limit - 0.008 or low > limit + 0.008

    def test_somebody_is_above_the_limit_by_chance(self):
        assert suite.proved(suite.ABOVE, suite.LIMIT) == (["Bea"], ["Ada", "Cem"])
        assert suite.proved(suite.FEW, suite.LIMIT) == (["Bea"], ["Ada", "Dan"])
        assert suite.proved([], suite.LIMIT) == ([], [])
