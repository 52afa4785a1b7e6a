"""3.L: a policy is tried out on calls, shipped and hidden; each usual mistake has its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import code_answers, course, datasets
from labelschool.code_answers import Outcome
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import access
from labelschool.operations.access import allowed
from labelschool.scoring.score import BLIND_LIMIT

from . import access_policies
from .access_policies import exactly

SHOWN, REPAIRED = access_policies.shown(), access_policies.repaired()
CALLS = access_policies.calls()
ALLOWED = datasets.key("policies8", "counted")["allowed"]
EVERYTHING = {"Effect": "Allow", "Principal": "*", "Action": ["s3:*"], "Resource": ["*"]}


def judged(policy) -> dict[str, str]:
    """What is said to each group."""
    return {group.name: group.judge((), Outcome(policy)) for group in access.SUITE}


def share(policy) -> float:
    said = judged(policy).values()
    return sum(not each for each in said) / len(said)


def mistaken(name: str, **change) -> list[dict]:
    """The repaired policy with one statement changed."""
    return [*({**REPAIRED, name: REPAIRED[name] | change}).values()]


def lines() -> dict[str, bool]:
    return {
        line: may
        for group in access.SUITE
        for may, name in ((True, "may"), (False, "must_not"))
        for line in group.judge.keywords[name].splitlines()
    }


def test_groups_are_the_statements_and_hold_the_shipped_calls_and_more():
    assert [group.name for group in access.SUITE] == list(SHOWN)
    asked = [(access.call(line), may) for line, may in lines().items()]
    for call in CALLS:
        made = {"context": {}} | {key: call[key] for key in call if key != "id"}
        assert (made, ALLOWED[call["id"]]) in asked
    for group in access.SUITE:
        for name in ("may", "must_not"):
            own = [access.call(line) for line in group.judge.keywords[name].splitlines()]
            shipped = [{k: v for k, v in c.items() if k not in ("id", "context")} for c in CALLS]
            bare = [{k: v for k, v in each.items() if k != "context"} for each in own]
            assert any(each not in shipped for each in bare) or len(own) > 1


def test_the_repaired_policy_is_right_whatever_the_order_and_as_denials():
    assert share([*REPAIRED.values()]) == 1.0
    assert share([*reversed(REPAIRED.values())]) == 1.0
    late = {"Effect": "Deny", "Principal": "link", "Action": "s3:*", "Resource": "*"}
    denied = [
        *(SHOWN[name] if name == "link-expiry" else each for name, each in REPAIRED.items()),
        late | {"Condition": {"NumericGreaterThan": {"link:age_minutes": 60}}},
    ]
    assert [name for name, said in judged(denied).items() if said] == ["link-expiry"]
    both = [
        *mistaken("link-expiry", Condition={"NumericLessThan": {"link:age_minutes": 60.5}}),
        late | {"Condition": {"NumericGreaterThan": {"link:age_minutes": 60}}},
    ]
    assert share(both) == 1.0


@pytest.mark.parametrize("name", SHOWN)
def test_one_fault_costs_its_own_group_and_the_pass(name):
    policy = [*(REPAIRED | {name: SHOWN[name]}).values()]
    assert [group for group, said in judged(policy).items() if said] == [name]
    assert share(policy) < course.load().task("3.L").pass_mark


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("annotator-tasks", {"Action": ["s3:*"]}, "wildcard action: annotator may s3:DeleteObject"),
        (
            "annotator-tasks",
            {"Action": ["s3:Get*"]},
            "annotator may s3:GetObjectAcl",
        ),
        ("annotator-tasks", {"Resource": ["*"]}, "its task does not need"),
        ("vendor-delivery", {"Resource": ["deliveries/vendor*"]}, "vendor-two/week-07.json, which"),
        ("vendor-pictures", {"Resource": ["*"]}, "the vendor can read raw pictures"),
        ("link-expiry", {"Condition": {}}, "no expiry, or a wrong one"),
        (
            "link-expiry",
            {"Condition": {"NumericLessThanEquals": {"link:age_minutes": 1440}}},
            "with link:age_minutes 61",
        ),
        (
            "link-expiry",
            {"Condition": {"NumericLessThan": {"link:age_minutes": 60}}},
            "link may not s3:GetObject blurred/2026/03/cam-4.jpg with link:age_minutes 60",
        ),
        ("training-reads", {"Condition": {}}, "only from eu-central"),
        ("auditor-log", {"Principal": "*"}, "because the principal is everybody"),
        ("retention", {"Condition": {}}, "older than 90 days may go"),
        ("retention", {"Effect": "Deny"}, "A Deny wins over every Allow"),
        ("reviewer-labels", {"Action": ["s3:GetObject"]}, "What no statement allows is refused"),
    ],
)
def test_each_mistake_has_its_sentence(name, change, says):
    assert says in judged(mistaken(name, **change))[name]


BLIND = {
    "as shipped": [*SHOWN.values()],
    "all deny": [EVERYTHING | {"Effect": "Deny"}],
    "nobody may anything": [exactly({**CALLS[0], "who": "nobody"}, "Allow")],
    "all allow": [EVERYTHING],
    "everybody reads": [EVERYTHING | {"Action": ["s3:GetObject"]}],
    "shipped calls listed": [
        *SHOWN.values(),
        *(exactly(call, "Allow" if ALLOWED[call["id"]] else "Deny") for call in CALLS),
    ],
    "all but the shipped calls": [
        EVERYTHING,
        *(exactly(call, "Deny") for call in CALLS if not ALLOWED[call["id"]]),
    ],
    "shipped calls allowed": [exactly(call, "Allow") for call in CALLS if ALLOWED[call["id"]]],
    "no expiry for anybody": [each | {"Condition": {}} for each in SHOWN.values()],
}


@pytest.mark.parametrize("name", BLIND)
def test_no_blind_policy_earns_anything(name):
    assert share(BLIND[name]) < BLIND_LIMIT


def test_a_list_of_the_shipped_calls_decides_them_all_and_is_no_repair():
    assert all(allowed(BLIND["shipped calls listed"], c) is ALLOWED[c["id"]] for c in CALLS)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "return a list of statements"),
        ([], "return a list of statements"),
        ({"Statement": []}, "return a list of statements"),
        (["Allow"], "statement 1: a statement is a dict."),
        ([{"id": "a", "statement": {}}], "'id' is no field of a statement"),
        ([EVERYTHING] * 41, "nobody reviews"),
    ],
)
def test_what_is_no_policy_is_told(value, says):
    assert all(says in said for said in judged(value).values())


words = st.sampled_from(["*", "s3:*", "vendor", "raw/*", "NumericEquals", "link:age_minutes", ""])
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
fields = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]


@given(
    st.lists(
        anything | st.fixed_dictionaries(dict.fromkeys(fields[1:5], anything | words)),
        max_size=3,
    ),
    st.dictionaries(st.sampled_from(fields), anything, max_size=3),
)
def test_whatever_is_returned_gets_a_sentence_or_a_point(policy, change):
    mixed = [*policy, REPAIRED["retention"] | change]
    assert all(isinstance(said, str) for said in judged(mixed).values())


def test_a_saved_answer_is_called_from_outside(tmp_path):
    folder = tmp_path / "03-quality"
    folder.mkdir()
    task = course.load().task("3.L")
    (group, *_) = access.SUITE
    right = access_policies.answer([*REPAIRED.values()])
    assert group.judged(code_answers.save("3.L", right, folder), 5).share == 1.0
    broken = code_answers.save("3.L", "def repaired():\n    return list(1)\n", folder)
    assert "your function ended with TypeError" in group.judged(broken, 5).said
    assert exercise(task.id).task.suite == "access"
