"""codejudge10: answers are run, and their order follows from the tests they fail."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from .judgements import POOLS, every, pool

RUN = """
import json, sys
fields = json.load(sys.stdin)
space = {}
exec(fields["answer"], space)
exec(fields["tests"], space)
failing = []
names = [name for name in space if name.startswith("test_")]
for name in names:
    try:
        space[name]()
    except Exception:
        failing.append(name)
print(json.dumps([names, failing]))
"""


def run(answer, tests):
    """Names of the tests, and of those that fail, from a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN],
        input=json.dumps({"answer": answer, "tests": tests}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", POOLS["codejudge10"])
def test_answers_fail_exactly_the_tests_that_the_truth_names(part):
    for item, truth in pool("codejudge10", part):
        failing = {}
        for answer in "abc":
            names, failed = run(item.fields[answer], item.fields["tests"])
            assert len(names) >= 3
            failing[answer] = failed
        named = {answer: list(tests) for answer, tests in truth.failing.items()}
        assert {answer: tests for answer, tests in failing.items() if tests} == named, item.name
        ranks = [{len(failing[answer]) for answer in group} for group in truth.order]
        assert all(len(rank) == 1 for rank in ranks), item.name
        assert [rank for (rank,) in ranks] == sorted({len(tests) for tests in failing.values()})
        assert not failing[truth.order[0][0]], item.name


def test_the_best_answer_stands_in_every_place():
    best = Counter(
        answer for _, truth in pool("codejudge10", "counted") for answer in truth.order[0]
    )
    assert min(best[answer] for answer in "abc") >= 3


def test_code_answers_have_5_to_25_lines():
    for item, _ in every("codejudge10"):
        for answer in "abc":
            assert 5 <= len(item.fields[answer].splitlines()) <= 25, (item.name, answer)
