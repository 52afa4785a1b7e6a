"""Policies, signed links and retention: who gets at what, and until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labelschool.errors import LabelSchoolError
from labelschool.operations.access import (
    Decision,
    Retention,
    allowed,
    decide,
    fault,
    overdue,
    refusal,
    sign,
)

READ = {
    "Effect": "Allow",
    "Principal": "vendor",
    "Action": ["s3:GetObject"],
    "Resource": ["blurred/*"],
}
CALL = {"who": "vendor", "action": "s3:GetObject", "resource": "blurred/a.jpg"}
names = st.text("ab*?/.[]", min_size=1, max_size=5)
statements = st.builds(
    lambda effect, who, action, resource: {
        "Effect": effect,
        "Principal": who,
        "Action": [action],
        "Resource": [resource],
    },
    st.sampled_from(["Allow", "Deny"]),
    names,
    names,
    names,
)
calls = st.builds(lambda w, a, r: {"who": w, "action": a, "resource": r}, names, names, names)


class TestPolicy:
    def test_nothing_is_allowed_that_nobody_allows(self):
        assert decide([], CALL) == Decision(False)
        assert decide([READ], {**CALL, "who": "ml"}) == Decision(False)

    @given(st.lists(statements, max_size=4), calls)
    def test_a_deny_wins_and_order_does_not_matter(self, policy, call):
        said = allowed(policy, call)
        assert said == allowed(policy[::-1], call)
        everything = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
        assert not allowed([*policy, everything], call)
        allows = [each for each in policy if each["Effect"] == "Allow"]
        assert allowed(allows, call) or not said

    @given(calls)
    def test_a_name_stands_for_itself_but_for_its_stars(self, call):
        own = {
            "Effect": "Allow",
            "Principal": call["who"],
            "Action": call["action"],
            "Resource": call["resource"],
        }
        assert allowed([own], call)
        fields = ("who", "action", "resource")
        if not any(sign in call[field] for sign in "*?" for field in fields):
            for field in fields:
                assert not allowed([own], call | {field: call[field] + "x"})

    def test_stars_run_over_folders_and_brackets_are_no_pattern(self):
        tree = READ | {"Resource": "raw/*/cam-?.jpg"}
        assert allowed([tree], CALL | {"resource": "raw/2026/03/cam-4.jpg"})
        assert not allowed([tree], CALL | {"resource": "raw/2026/03/cam-12.jpg"})
        assert not allowed([READ | {"Resource": "[br]*"}], CALL)

    def test_who_decided_is_told(self):
        deny = READ | {"Effect": "Deny", "Resource": "blurred/a*"}
        assert decide([READ, READ], CALL) == Decision(True, (0, 1))
        assert decide([READ, deny], CALL) == Decision(False, (1,))

    @pytest.mark.parametrize(
        ("condition", "context", "holds"),
        [
            ({"NumericLessThanEquals": {"age": 60}}, {"age": 60}, True),
            ({"NumericLessThanEquals": {"age": 60}}, {"age": 60.5}, False),
            ({"NumericLessThanEquals": {"age": 60}}, {}, False),
            ({"NumericGreaterThan": {"age": 90}}, {"age": 90}, False),
            ({"NumericLessThanEquals": {"age": 60}}, {"age": True}, False),
            ({"NumericGreaterThan": {"age": 90}}, {"age": "91"}, False),
            ({"StringEquals": {"region": ["eu", "ch"]}}, {"region": "ch"}, True),
            ({"StringEquals": {"region": "eu"}}, {"region": "EU"}, False),
            ({"StringNotEquals": {"region": ["eu", "ch"]}}, {"region": "ch"}, False),
            ({"StringNotEquals": {"region": "eu"}}, {}, True),
            (
                {"NumericLessThan": {"age": 5}, "StringEquals": {"region": "eu"}},
                {"age": 4, "region": "us"},
                False,
            ),
        ],
    )
    def test_every_condition_has_to_hold(self, condition, context, holds):
        statement = READ | {"Condition": condition}
        assert fault(statement) == ""
        assert allowed([statement], CALL | {"context": context}) is holds

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"Efect": "Allow"}, "'Efect' is no field"),
            ({"Effect": "allow"}, "Allow or Deny"),
            ({"Action": []}, "Action is a text"),
            ({"Resource": [""]}, "Resource is a text"),
            ({"Condition": ["age"]}, "Condition is a dict"),
            ({"Condition": {"NumericBelow": {"age": 6}}}, "'NumericBelow' is no test"),
            ({"Condition": {"StringEquals": {}}}, "keys and bounds"),
            ({"Condition": {"NumericEquals": {"age": "60"}}}, "compares age with a number"),
            ({"Condition": {"StringEquals": {"region": 3}}}, "compares region with a text"),
        ],
    )
    def test_what_is_no_statement_is_refused_in_a_sentence(self, change, says):
        assert says in fault(READ | change)
        with pytest.raises(LabelSchoolError, match=r"^Statement 2: "):
            decide([READ, READ | change], CALL)

    def test_statements_that_are_none_at_all(self):
        assert fault("Allow") == "a statement is a dict."
        assert fault({}) == "Effect is Allow or Deny."


class TestSignedLink:
    @given(st.text(min_size=1, max_size=20), st.integers(0, 2**40), st.integers(0, 9))
    @example("/?#%", 0, 0)
    def test_it_opens_one_file_until_its_last_second(self, resource, until, early):
        link = sign("GET", resource, until, "s3cret")
        assert refusal("GET", link, until - early, "s3cret") == ""
        assert "ended 1 s ago" in refusal("GET", link, until + 1, "s3cret")

    def test_what_is_signed_cannot_be_changed(self):
        link = sign("GET", "raw/a 1.jpg", 1000, "s3cret")
        assert link.startswith("/raw/a%201.jpg?until=1000&signature=")
        for method, changed, secret in (
            ("PUT", link, "s3cret"),
            ("GET", link.replace("a%201", "a%202"), "s3cret"),
            ("GET", link.replace("until=1000", "until=9999"), "s3cret"),
            ("GET", link[:-1] + ("0" if link[-1] != "0" else "1"), "s3cret"),
            ("GET", link, "another"),
        ):
            assert refusal(method, changed, 10, secret).startswith("The signature is not")

    @pytest.mark.parametrize(
        ("link", "says"),
        [
            ("/a?until=5", "no signature"),
            ("", "no signature"),
            ("/a?signature=ab", "until when"),
            ("/a?until=-5&signature=ab", "until when"),
            (f"/a?until={'9' * 9999}&signature=ab", "until when"),
            ("/a?until=5&signature=é", "The signature is not"),
            ("/\ud800?until=5&signature=ab", "The signature is not"),
        ],
    )
    def test_what_is_no_signed_link_is_told(self, link, says):
        assert says in refusal("GET", link, 1, "s3cret")


class TestRetention:
    RULES = (Retention("raw/*", 90), Retention("audit/*", 730), Retention("raw/faces/*", 30))

    def test_the_shortest_time_counts_and_what_no_rule_knows_is_named(self):
        made = date(2026, 1, 1)
        files = dict.fromkeys(("raw/a", "raw/faces/b", "audit/c", "exports/d"), made)
        late, unruled = overdue(files, self.RULES, made + timedelta(60))
        assert late == {"raw/faces/b": date(2026, 1, 31)}
        assert unruled == ("exports/d",)

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
    def test_a_file_may_stay_through_its_last_day(self, made, days):
        rule = Retention("*", days)
        assert overdue({"a": made}, [rule], rule.last_day(made)) == ({}, ())
        late, _ = overdue({"a": made}, [rule], rule.last_day(made) + timedelta(1))
        assert late == {"a": rule.last_day(made)}
