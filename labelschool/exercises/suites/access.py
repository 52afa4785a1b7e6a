"""3.L: the learner's ``repaired()`` returns a policy, which decides calls for and against it.

A group for each of the eight statements: what it is meant to allow, and what it must not. A group
counts when all its calls are decided rightly by the whole policy, so neither a policy that refuses
everything nor one that allows everything has any. The calls of the data set are among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended
from labelschool.operations.access import Call, Statement, decide, fault

FUNCTION = "repaired"
MOST = 40
"""Statements in a policy: nobody reviews more."""


def call(line: str) -> Call:
    """A call from ``WHO ACTION RESOURCE``, and ``KEY=VALUE`` where it brings something."""
    who, action, resource, *context = line.split()
    pairs = (part.split("=") for part in context)
    brought = {key: int(value) if value.isdecimal() else value for key, value in pairs}
    return {"who": who, "action": f"s3:{action}", "resource": resource, "context": brought}


def judge(_: Sequence[Any], outcome: Outcome, *, may: str, must_not: str) -> str:
    """What is wrong first with a policy; nothing where it decides all calls rightly."""
    if wrong := ended(outcome):
        return wrong
    policy = outcome.value
    if not isinstance(policy, list) or not policy:
        return "it has to return a list of statements."
    if len(policy) > MOST:
        return f"it returns {len(policy)} statements. More than {MOST} is a policy nobody reviews."
    for place, statement in enumerate(policy, 1):
        if wrong := fault(statement):
            return f"statement {place}: {wrong}"
    for line in must_not.splitlines():
        decision = decide(policy, call(line))
        if decision.allowed:
            return _too_much(call(line), policy[decision.by[0]])
    for line in may.splitlines():
        decision = decide(policy, call(line))
        if not decision.allowed:
            return _too_little(call(line), denied=bool(decision.by))
    return ""


def _too_much(asked: Call, statement: Statement) -> str:
    """Why a call passes that must not, by the usual mistakes."""
    who, action, resource = asked["who"], asked["action"], asked["resource"]
    passed = f"{who} may {action} {_with(asked)}"
    named, roles = (_texts(statement[field]) for field in ("Action", "Principal"))
    if who == "vendor" and resource.startswith("raw/"):
        return f"the vendor can read raw pictures, with faces and number plates: {passed}."
    if who not in roles and "*" in roles:
        return f"{passed}, because the principal is everybody. Name the role."
    if action not in named and any("*" in each for each in named):
        return f"wildcard action: {passed}, which the star brings along. Name each action."
    if "link:age_minutes" in asked["context"] or who == "link":
        return f"no expiry, or a wrong one: {passed}. The condition ends a link after 60 minutes."
    if "request:region" in asked["context"] or who == "ml":
        return f"{passed}. Only released sets are for training, and only from eu-central."
    if "object:age_days" in asked["context"] or who == "janitor":
        return f"{passed}. Raw pictures older than 90 days may go, and nothing else."
    return f"{passed}, which its task does not need. Narrow the resource and the actions."


def _texts(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _too_little(asked: Call, *, denied: bool) -> str:
    refused = f"{asked['who']} may not {asked['action']} {_with(asked)}"
    if denied:
        return f"{refused}. A Deny wins over every Allow: narrow it, or do without."
    return f"{refused}, and needs it. What no statement allows is refused."


def _with(asked: Call) -> str:
    brought = ", ".join(f"{key} {value}" for key, value in asked["context"].items())
    return asked["resource"] + (f" with {brought}" if brought else "")


def _group(name: str, happens: str, may: str, must_not: str) -> Group:
    lines = {"may": _lines(may), "must_not": _lines(must_not)}
    return Group(name, FUNCTION, ((),), partial(judge, **lines), happens)


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


SUITE = (
    _group(
        "annotator-tasks",
        "Annotators read the pictures of their tasks, and nothing else.",
        """annotator GetObject tasks/0412/street.jpg
        annotator GetObject tasks/0977/night/harbour.png""",
        """annotator DeleteObject tasks/0412/street.jpg
        annotator PutObjectAcl tasks/0412/street.jpg
        annotator PutObject tasks/0977/night/harbour.png
        annotator DeleteObjectVersion tasks/0412/street.jpg
        annotator GetObjectAcl tasks/0412/street.jpg
        annotator GetObject raw/2026/03/cam-4.jpg
        annotator GetObject labels/gold/street.json""",
    ),
    _group(
        "vendor-delivery",
        "The vendor uploads finished labels into its own delivery folder.",
        """vendor PutObject deliveries/vendor/week-07.json
        vendor PutObject deliveries/vendor/2026/week-31.json""",
        """vendor PutObject labels/gold/street.json
        vendor PutObject deliveries/second-vendor/week-07.json
        vendor PutObject deliveries/vendor-two/week-07.json
        vendor PutObject blurred/2026/03/cam-4.jpg
        vendor PutObject audit/2026-04.log
        vendor DeleteObject deliveries/vendor/week-07.json""",
    ),
    _group(
        "vendor-pictures",
        "The vendor reads blurred pictures; raw ones stay inside.",
        """vendor GetObject blurred/2026/03/cam-4.jpg
        vendor GetObject blurred/2025/11/cam-2.jpg""",
        """vendor GetObject raw/2026/03/cam-4.jpg
        vendor GetObject raw/2025/11/cam-2.jpg
        vendor GetObject labels/gold/street.json
        vendor GetObject deliveries/second-vendor/week-07.json
        vendor DeleteObject blurred/2026/03/cam-4.jpg""",
    ),
    _group(
        "link-expiry",
        "A signed link to a picture works for sixty minutes.",
        """link GetObject blurred/2026/03/cam-4.jpg link:age_minutes=12
        link GetObject blurred/2026/03/cam-4.jpg link:age_minutes=60
        link GetObject blurred/2025/11/cam-2.jpg link:age_minutes=0""",
        """link GetObject blurred/2026/03/cam-4.jpg link:age_minutes=1500
        link GetObject blurred/2026/03/cam-4.jpg link:age_minutes=61
        link GetObject blurred/2025/11/cam-2.jpg
        link GetObject raw/2026/03/cam-4.jpg link:age_minutes=5
        link PutObject blurred/2026/03/cam-4.jpg link:age_minutes=5""",
    ),
    _group(
        "reviewer-labels",
        "Reviewers read and correct labels, and nobody deletes them.",
        """reviewer GetObject labels/street/0412.json
        reviewer PutObject labels/street/0412.json
        reviewer PutObject labels/harbour/night/0977.json""",
        """reviewer DeleteObject labels/street/0412.json
        reviewer DeleteObjectVersion labels/street/0412.json
        reviewer PutObjectAcl labels/street/0412.json
        reviewer GetObject raw/2026/03/cam-4.jpg
        annotator DeleteObject labels/street/0412.json
        ml DeleteObject labels/street/0412.json request:region=eu-central""",
    ),
    _group(
        "training-reads",
        "The ML team reads released data sets, from eu-central only.",
        """ml GetObject releases/v7/train.json request:region=eu-central
        ml GetObject releases/v8/night/val.json request:region=eu-central""",
        """ml GetObject releases/v7/train.json request:region=us-west
        ml GetObject releases/v8/night/val.json request:region=eu-west
        ml GetObject releases/v7/train.json
        ml GetObject raw/2026/03/cam-4.jpg request:region=eu-central
        ml PutObject releases/v7/train.json request:region=eu-central""",
    ),
    _group(
        "auditor-log",
        "The auditor reads the audit log, and nobody else does.",
        """auditor GetObject audit/2026-03.log
        auditor GetObject audit/2026/04.log""",
        """vendor GetObject audit/2026-03.log
        link GetObject audit/2026-03.log link:age_minutes=5
        reviewer GetObject audit/2026/04.log
        annotator GetObject audit/2026/04.log
        ml GetObject audit/2026-03.log request:region=eu-central
        auditor PutObject audit/2026-03.log
        auditor DeleteObject audit/2026-03.log""",
    ),
    _group(
        "retention",
        "The janitor deletes raw pictures older than ninety days, and not before.",
        """janitor DeleteObject raw/2025/11/cam-2.jpg object:age_days=120
        janitor DeleteObject raw/2025/12/cam-7.jpg object:age_days=91""",
        """janitor DeleteObject raw/2026/03/cam-4.jpg object:age_days=10
        janitor DeleteObject raw/2026/01/cam-7.jpg object:age_days=90
        janitor DeleteObject raw/2026/03/cam-4.jpg
        janitor DeleteObject labels/street/0412.json object:age_days=400
        janitor DeleteObject audit/2026-03.log object:age_days=400
        janitor GetObject raw/2025/11/cam-2.jpg object:age_days=120""",
    ),
)
