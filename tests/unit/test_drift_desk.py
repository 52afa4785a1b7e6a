"""3.I: charts and causes of a learner, on hidden streams."""

from __future__ import annotations

import inspect
import json

import pytest

from labelschool import code_answers, course, datasets
from labelschool.code_answers import Outcome
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import drift as suite
from labelschool.generators import logs
from labelschool.home import results
from tests.unit import drift_reference

SOURCE = inspect.getsource(drift_reference)
TASK = course.load().task("3.I")
CENTRE = "sum(errors[:days]) / sum(audits[:days])"


def changed(*swaps: tuple[str, str]) -> str:
    source = SOURCE
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def always(cause: str) -> str:
    return changed(("cause_of(rows, total)}", f"{cause!r}}}"))


MEAN = changed((CENTRE, "sum(errors) / sum(audits)"))
WRONG = {
    "overall mean as baseline": (MEAN, [f'"centre": {suite.MEAN}', suite.HIDDEN]),
    "one limit for all days": (
        changed(("/ n) ** 0.5 for n", "/ (sum(audits) / len(audits))) ** 0.5 for n")),
        ["a day with fewer audits has a wider limit"],
    ),
    "sum below zero": (changed(("max(0, total + ", "(total + ")), ["it fell below 0"]),
    "always the annotator": (always("annotator"), [suite.SEEN["tool"], suite.SEEN["data"]]),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / results.START_PAGE).touch()
    (tmp_path / "03-quality").mkdir()
    monkeypatch.chdir(tmp_path / "03-quality")
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)


def share(source: str) -> float:
    code_answers.save("3.I", source)
    return exercise("3.I").score().value


def judged(source: str) -> dict[str, str]:
    """What is said of each case, called in this process; nothing of those that are right."""
    space: dict = {}
    exec(source, space)
    told = {}
    for group in suite.SUITE:
        wrong = (group.judge(call, outcome(space[group.function], call)) for call in group.calls)
        told[group.name] = next(filter(None, wrong), "")
    return told


def outcome(function, call) -> Outcome:
    try:
        return Outcome(json.loads(json.dumps(function(*call))))
    except TypeError as error:
        return Outcome(error=str(error))


def passes(source: str) -> bool:
    told = judged(source)
    return sum(not said for said in told.values()) / len(told) >= TASK.pass_mark


def test_the_reference_is_right(folder):
    assert not any(judged(SOURCE).values())
    assert share(SOURCE) == 1.0


@pytest.mark.parametrize("name", WRONG)
def test_a_usual_slip_is_named(name):
    source, says = WRONG[name]
    told = " ".join(judged(source).values())
    assert all(words in told for words in says), told


def test_the_mean_with_the_drift_in_it_and_one_cause_for_all_do_not_pass():
    assert sum(not said for said in judged(MEAN).values()) == 1
    assert not any(passes(always(cause)) for cause in logs.CAUSES)


def test_one_cause_of_five_may_be_wrong():
    careless = changed(('return "data"', 'return "tool"'))
    assert sum(bool(said) for said in judged(careless).values()) == 1
    assert passes(careless)


@pytest.mark.parametrize("day", range(11, 24))
def test_no_constant_answer_reaches_two_streams_in_five(day):
    for cause in logs.CAUSES:
        said = Outcome({"p_chart": day, "cusum": day, "cause": cause})
        right = [not group.judge(call, said) for group in STREAMS for call in group.calls]
        assert sum(right) <= 2


def test_a_constant_answer_and_an_empty_one_earn_nothing(folder):
    blind = "\n".join(
        (
            "def p_chart(*a): return {'centre': 0.04, 'upper': [0.1159] * len(a[0]), 'alarm': 13}",
            "def cusum(*a): return {'sums': [0.0] * len(a[0]), 'alarm': 13}",
            "def investigate(table): return {'p_chart': 16, 'cusum': 16, 'cause': 'tool'}",
        )
    )
    assert share(blind) < 0.15
    assert share("def p_chart(errors, audits, days):\n    ...\n") == 0


STREAMS = [group for group in suite.SUITE if group.function == "investigate"]


def test_hidden_streams_are_json_and_none_that_was_shipped():
    for group in suite.SUITE:
        assert json.loads(json.dumps(group.calls)) == [list(call) for call in group.calls]
    assert [len(group.calls) for group in STREAMS] == [suite.TABLES] * len(logs.CAUSES)
    shipped = {datasets.key(suite.SET, pool)["seed"] for pool in ("practice", "counted")}
    assert shipped.isdisjoint(range(suite.SEED, suite.SEED + 20))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, 'return a dict, {"p_chart": ..., "cusum": ..., "cause": ...}'),
        ({"p_chart": 3, "cusum": 3}, "return a dict"),
        ({"p_chart": None, "cusum": 3, "cause": "tool"}, '"p_chart": No alarm, and the errors'),
        ({"p_chart": True, "cusum": 3, "cause": "tool"}, '"p_chart": Day True'),
        ({"p_chart": "13", "cusum": 3, "cause": "tool"}, '"p_chart": Day 13'),
    ],
)
def test_what_is_no_answer_about_a_stream_is_named(value, says):
    (call, _) = STREAMS[0].calls
    assert says in STREAMS[0].judge(call, Outcome(value))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"centre": 0.1, "upper": [0.2], "alarm": 1}, "a list of 2 numbers"),
        ({"centre": "x", "upper": [0.2, 0.2], "alarm": 1}, '"centre" has to be a number'),
        ({"centre": 0.1, "upper": [0.2, None], "alarm": 1}, "a list of 2 numbers"),
        ({"centre": float("nan"), "upper": [1, 1], "alarm": 1}, '"centre" is not the error rate'),
    ],
)
def test_what_is_no_p_chart_is_named(value, says):
    assert says in suite.judge_p_chart(([1, 4], [20, 30], 1), Outcome(value))


def test_a_private_pool_has_hidden_streams_of_its_own(tmp_path, monkeypatch):
    truth = tmp_path / "datasets" / suite.SET / "truth"
    truth.mkdir(parents=True)
    text = datasets.file(suite.SET, f"truth/{suite.POOL}.json").read_text(encoding="utf-8")
    assert '"seed":30' in text.replace(" ", "")
    told = json.loads(text) | {"seed": 4711}
    (truth / f"{suite.POOL}.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path))
    tables = [table for table, _ in suite._streams()]
    assert len(tables) == 10
    open_ones = [call[0]["error"] for group in STREAMS for call in group.calls]
    assert not any(table["error"] in open_ones for table in tables)
