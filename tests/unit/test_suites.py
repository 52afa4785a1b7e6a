"""Hidden cases take whatever an answer returns: any value is judged, and none ends the score."""

from __future__ import annotations

import inspect
import math
import re
from functools import cache
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import course
from labelschool.code_answers import Outcome
from labelschool.exercises import suites
from labelschool.exercises.suites import Group, lots

NAMES = sorted(
    {task.suite for module in course.load().modules for task in module.tasks if task.suite}
)
CALLED = [name for name in NAMES if any(isinstance(one, Group) for one in suites.load(name))]
ODD = (None, True, 0, -1, 0.5, math.nan, math.inf, 10**400, "", "a", [], {}, [[]])


@cache
def words(name: str) -> list[str]:
    """What stands in quotes in a suite: the keys that its judges look for."""
    source = inspect.getsource(import_module(f"{suites.__name__}.{name}"))
    return sorted(set(re.findall(r'"([\w./-]{1,20})"', source)))


def values(name: str) -> st.SearchStrategy:
    """Values of any shape, and dicts with all the keys."""
    leaves = st.sampled_from((*ODD, *words(name)))
    inner = st.recursive(leaves, lambda one: st.lists(one, max_size=3), max_leaves=6)
    some = st.dictionaries(st.sampled_from(words(name)), inner, max_size=5)
    return (
        inner
        | some
        | st.lists(some, max_size=3)
        | st.fixed_dictionaries(dict.fromkeys(words(name), inner | some))
    )


@pytest.mark.parametrize("name", CALLED)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_any_value_is_judged_in_a_sentence(name, data):
    value = data.draw(values(name))
    for case in suites.load(name):
        if isinstance(case, Group):
            for arguments in case.calls[:2]:
                assert isinstance(case.judge(arguments, Outcome(value)), str)


@pytest.mark.parametrize("plan", [[math.inf, 0], [math.nan, 1], [80.5, 2], [10**400, 1], [True, 0]])
def test_a_plan_that_is_no_whole_numbers_is_told(plan):
    assert "two whole numbers" in lots.smallest_plan(plan, 0.01, 0.06)


def test_a_call_that_ended_is_told_by_what_it_needs():
    assert suites.failed(Outcome(3), "f") == ""
    assert "ended with ValueError: x" in suites.failed(Outcome(error="ValueError: x"), "f")
    assert "same cell" in suites.failed(Outcome(error="NameError: name 'np'"), "f")
