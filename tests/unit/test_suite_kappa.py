"""3.A: the reference is right, each usual mistake is named and fails, and no constant earns."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import pytest

from labelschool import code_answers, course
from labelschool.code_answers import Outcome
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import kappa
from labelschool.quality import cohen_kappa
from labelschool.scoring.score import BLIND_LIMIT

REFERENCE = (Path(__file__).parent.parent / "grading" / "kappa_answer.py").read_text(
    encoding="utf-8"
)
TASK = course.load().task("3.A")
FUNCTIONS = {group.function for group in kappa.SUITE}
EXPECTED = "expected = sum(rows[k] * columns[k] for k in rows.index.intersection(columns.index))"
POOLED = "both = pd.Series([*a, *b]).value_counts(normalize=True)"
UNITS = "[[one for one in item if one is not None] for item in zip(*ratings, strict=True)]"
PAIRED = "    units = [unit for unit in units if len(unit) > 1]\n"
WRONG = {
    "pe of pooled margins": (
        [(EXPECTED, f"{POOLED}; expected = float(both @ both)")],
        "you pooled both annotators' labels",
    ),
    "pe of one annotator": (
        [(EXPECTED, "expected = float(rows @ rows)")],
        "you squared the shares of one annotator",
    ),
    "pe of equal shares": (
        [(EXPECTED, "expected = 1 / len({*a, *b})")],
        "takes all classes for equally frequent",
    ),
    "alpha of complete items": (
        [(UNITS, "[item for item in zip(*ratings, strict=True) if None not in item]")],
        "you kept only the items that everybody labelled",
    ),
    "lone labels in the expected": (
        [
            (PAIRED, "    every = [label for unit in units for label in unit]\n" + PAIRED),
            ("for x in labels for y in labels)", "for x in every for y in every)"),
            (
                "expected / (n * (n - 1))",
                "expected / (len(every) * (len(every) - 1))",
            ),
        ],
        "a single label is in your expected disagreement",
    ),
    "alpha of names": (
        [("if level == \"nominal\" else (middle[x] - middle[y]) ** 2", "")],
        "you compared names, whatever the level",
    ),
    "labels paired with themselves": (
        [("/ (len(u) - 1)", "/ len(u)"), ("n * (n - 1))) if n", "n * n)) if n")],
        "you compared each label with itself too",
    ),
    "0 for 0/0": (
        [('else float("nan")\n\n\ndef cohen', "else 0.0\n\n\ndef cohen")],
        "0/0. Return nan",
    ),
}  # fmt: skip
SLIPPED = {
    "ordinal as interval": (
        [('if level == "ordinal":', "if False:")],
        "the number of labels from the middle of one level",
    ),
    "kappa for AC1": (
        [("(shares * (1 - shares)).sum() / (len(shares) - 1)", "(shares**2).sum()")],
        "this is Fleiss' kappa",
    ),
    "AC1 by the classes": (
        [("/ (len(shares) - 1)", "/ len(shares)")], "In the pe of AC1 it is one less",
    ),
    "AC1 without them": (
        [(" / (len(shares) - 1)", "")], "less than the number of classes is missing",
    ),
    "AC1 of the classes used": (
        [("(shares * (1 - shares)).sum() / (len(shares) - 1)",
          "(shares * (1 - shares)).sum() / ((shares > 0).sum() - 1)")],
        "A class that nobody used is a column too",
    ),
    "linear weights": (
        [("((a - b) ** 2).mean(), ((a[:, None] - b) ** 2).mean()",
          "abs(a - b).mean(), abs(a[:, None] - b).mean()")],
        "your weights are linear",
    ),
    "places of the levels that occur": (
        [("a, b = np.array(a, float), np.array(b, float)",
          "seen = np.unique([*a, *b]); a, b = np.searchsorted(seen, a), np.searchsorted(seen, b)")],
        "use the numbers themselves",
    ),
    "Fleiss with itself": (
        [("(table * (table - 1)).sum(axis=1) / (n * (n - 1))", "(table**2).sum(axis=1) / n**2")],
        "has n(n - 1) pairs, not n squared",
    ),
}  # fmt: skip


def changed(swaps):
    source = REFERENCE
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def outcome(function, call):
    """What a call gives, as `code_answers.call` tells it."""
    try:
        return Outcome(function(*call))
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {error}")


def said(source):
    """What is said to each group, nothing where it is right; run here, which is faster."""
    answer = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(source, answer)
        return {
            group.name: next(
                (
                    told
                    for call in group.calls
                    if (told := group.judge(call, outcome(answer[group.function], call)))
                ),
                "",
            )
            for group in kappa.SUITE
        }


def share(source):
    found = said(source).values()
    return sum(not one for one in found) / len(found)


def test_calls_are_json_and_every_coefficient_is_asked_for():
    assert len(FUNCTIONS) == 5
    for group in kappa.SUITE:
        assert json.loads(json.dumps(group.calls)) == [list(call) for call in group.calls]
    wanted = [group.judge.keywords["right"](*call) for group in kappa.SUITE for call in group.calls]
    assert sum(math.isnan(value) for value in wanted) == 5
    assert wanted.count(1.0) >= 5
    assert any(abs(value) < 1e-9 for value in wanted)
    assert min(wanted) < -0.3


def test_the_reference_earns_everything(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code_answers.save("3.A", REFERENCE)
    assert exercise("3.A").score().value == 1.0


@pytest.mark.parametrize("name", WRONG)
def test_a_named_mistake_is_told_and_does_not_pass(name):
    swaps, sentence = WRONG[name]
    found = said(changed(swaps))
    assert any(sentence in one for one in found.values()), found
    assert share(changed(swaps)) < TASK.pass_mark


@pytest.mark.parametrize("name", SLIPPED)
def test_a_slip_in_one_coefficient_is_told(name):
    swaps, sentence = SLIPPED[name]
    found = said(changed(swaps))
    assert any(sentence in one for one in found.values()), found


@pytest.mark.parametrize("value", ["0.0", "1.0", "float('nan')", "None", "0.8", "1 / 0"])
def test_a_constant_earns_nothing(value):
    source = "\n".join(f"def {name}(*given):\n    return {value}\n" for name in FUNCTIONS)
    assert share(source) < BLIND_LIMIT


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from sklearn.metrics import cohen_kappa_score", "sklearn"),
        ("import statsmodels.stats.inter_rater as ir", "statsmodels"),
        ("def f():\n    import krippendorff", "krippendorff"),
        ("ready = __import__('importlib').import_module('sklearn.metrics')", "sklearn"),
    ],
)
def test_who_imports_the_coefficient_is_told_so(tmp_path, line, name):
    file = code_answers.save("3.A", f"{line}\n{REFERENCE}", tmp_path)
    for group in kappa.SUITE:
        told = group.judged(file, 10)
        assert f"imports {name}, which has the coefficient ready" in told.said
        assert told.share == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Outcome(None), "a plain number"),
        (Outcome(True), "a plain number"),
        (Outcome("0.5"), "a plain number"),
        (Outcome(float("nan")), "Is only 0/0 nan?"),
        (Outcome(0.123), "not what the formula gives"),
        (Outcome(error="KeyError: 'van'"), "ended with KeyError"),
    ],
)
def test_what_is_no_answer_is_named(given, says):
    call = (["car", "van", "van"], ["car", "car", "van"])
    told = kappa.judge(call, given, function="cohen_kappa", right=cohen_kappa)
    assert says in told


def test_a_crash_on_one_class_says_what_it_is():
    one = (["car"], ["car"])
    crash = Outcome(error="ZeroDivisionError: division by zero")
    told = kappa.judge(one, crash, function="cohen_kappa", right=cohen_kappa)
    assert told.endswith("0/0. Return nan.")
