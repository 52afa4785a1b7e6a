"""Who may do what with the files of a labelling project: policies, signed links, retention.

A policy is a list of statements in the style of S3's, cut down to what a review of labels needs::

    {"Sid": "vendor-pictures", "Effect": "Allow", "Principal": "vendor",
     "Action": ["s3:GetObject"], "Resource": ["blurred/*"],
     "Condition": {"StringEquals": {"request:region": "eu-central"}}}

``Sid`` and ``Condition`` may be missing. ``*`` stands for any run of characters and ``?`` for one,
in principals, actions and resources. A call is ``{"who", "action", "resource", "context"}``, of
which ``context`` may be missing. Real engines know more: variables, groups, several policies at
once, keys for encryption.
"""

from __future__ import annotations

import hashlib
import hmac
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from labelschool.errors import LabelSchoolError

Statement = Mapping[str, Any]
Call = Mapping[str, Any]

NUMERIC: Mapping[str, Callable[[float, float], bool]] = {
    "NumericEquals": operator.eq,
    "NumericLessThan": operator.lt,
    "NumericLessThanEquals": operator.le,
    "NumericGreaterThan": operator.gt,
    "NumericGreaterThanEquals": operator.ge,
}
TEXTUAL = ("StringEquals", "StringNotEquals")
EFFECTS = ("Allow", "Deny")
_FIELDS = ("Sid", "Effect", "Principal", "Action", "Resource", "Condition")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a call may pass, and the places of the statements that decided, from 0.

    A call that is refused because nothing allows it has no deciding statements.
    """

    allowed: bool
    by: tuple[int, ...] = ()


def decide(statements: Sequence[Statement], call: Call) -> Decision:
    """What a policy says to a call: a Deny that matches wins, then an Allow, else it is refused.

    Raises `LabelSchoolError` for a statement that is none (`fault` says why).
    """
    for place, statement in enumerate(statements, 1):
        if wrong := fault(statement):
            raise LabelSchoolError(f"Statement {place}: {wrong}")
    found = [n for n, statement in enumerate(statements) if matches(statement, call)]
    denied = tuple(n for n in found if statements[n]["Effect"] == "Deny")
    return Decision(bool(found) and not denied, denied or tuple(found))


def allowed(statements: Sequence[Statement], call: Call) -> bool:
    """Whether a policy lets a call pass, as `decide`."""
    return decide(statements, call).allowed


def matches(statement: Statement, call: Call) -> bool:
    """Whether a statement speaks of a call, whatever its effect.

    All its conditions have to hold. One whose key the call does not bring fails, except that
    ``StringNotEquals`` holds: what is not there is not equal.
    """
    return (
        _any(statement["Principal"], call["who"])
        and _any(statement["Action"], call["action"])
        and _any(statement["Resource"], call["resource"])
        and all(
            _holds(test, call.get("context", {}).get(key), bound)
            for test, bounds in statement.get("Condition", {}).items()
            for key, bound in bounds.items()
        )
    )


def fault(statement: Any) -> str:
    """What keeps a statement from being one, in a sentence; nothing where it is well formed."""
    if not isinstance(statement, Mapping):
        return "a statement is a dict."
    if unknown := [str(key) for key in statement if key not in _FIELDS]:
        return f"{unknown[0]!r} is no field of a statement; there are {', '.join(_FIELDS)}."
    if statement.get("Effect") not in EFFECTS:
        return f"Effect is {' or '.join(EFFECTS)}."
    for field in ("Principal", "Action", "Resource"):
        found = _listed(statement.get(field))
        if not found or not all(isinstance(each, str) and each for each in found):
            return f"{field} is a text, or a list of texts."
    conditions = statement.get("Condition", {})
    if not isinstance(conditions, Mapping):
        return 'Condition is a dict such as {"StringEquals": {"request:region": "eu-central"}}.'
    for test, bounds in conditions.items():
        if test not in NUMERIC and test not in TEXTUAL:
            known = ", ".join((*NUMERIC, *TEXTUAL))
            return f"{test!r} is no test of a condition; there are {known}."
        if not isinstance(bounds, Mapping) or not bounds:
            return f"{test} holds a dict of keys and bounds."
        for key, bound in bounds.items():
            if not all(_fits(test, each) for each in _listed(bound)) or not _listed(bound):
                kind = "a number" if test in NUMERIC else "a text"
                return f"{test} compares {key} with {kind}."
    return ""


def _holds(test: str, value: Any, bound: Any) -> bool:
    bounds = _listed(bound)
    if test == "StringNotEquals":
        return value not in bounds
    if value is None or not _fits(test, value):
        return False
    compare = NUMERIC.get(test, operator.eq)
    return any(compare(value, each) for each in bounds)


def _fits(test: str, value: Any) -> bool:
    if test in NUMERIC:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _any(patterns: Any, value: str) -> bool:
    """Whether one of the patterns fits; a bracket, which `fnmatch` knows, stands for itself."""
    return any(fnmatchcase(value, each.replace("[", "[[]")) for each in _listed(patterns))


def _listed(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    return () if value is None else (value,)


# Signed links -----------------------------------------------------------------------------------


def sign(method: str, resource: str, until: int, secret: str) -> str:
    """A link ``/RESOURCE?until=SECONDS&signature=HEX`` that works up to a time in seconds of 1970.

    The signature is HMAC-SHA256 (RFC 2104) over method, resource and time, a line each. It is a
    scheme of this course and not that of any provider: it names no key, no region and no headers.
    """
    signature = _signature(method, resource, until, secret)
    return f"/{quote(resource)}?until={until}&signature={signature}"


def refusal(method: str, link: str, now: float, secret: str) -> str:
    """Why a signed link does not work now, in a sentence; nothing where it works.

    The signature is compared first, and in constant time, so that the answer to a forged link
    tells nothing of how much of it was right. A link works up to and at its last second.
    """
    path, _, query = link.partition("?")
    resource, asked = unquote(path.removeprefix("/")), parse_qs(query, keep_blank_values=True)
    given, until = (asked.get(name, [""])[-1] for name in ("signature", "until"))
    if not given:
        return "The link has no signature."
    if not re.fullmatch("[0-9]{1,15}", until):
        return "The link does not say until when it works."
    right = _signature(method, resource, int(until), secret)
    if not hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass")):
        return "The signature is not that of this method, this file and this time."
    if now > int(until):
        return f"The link ended {now - int(until):g} s ago."
    return ""


def _signature(method: str, resource: str, until: int, secret: str) -> str:
    signed = f"{method.upper()}\n{resource}\n{until}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


# Retention --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Retention:
    """Files whose name matches `resource` may be kept for so many days after their first."""

    resource: str
    days: int

    def last_day(self, made: date) -> date:
        """The last day on which a file may be there."""
        return made + timedelta(days=self.days)


def overdue(
    files: Mapping[str, date], rules: Iterable[Retention], day: date
) -> tuple[dict[str, date], tuple[str, ...]]:
    """What must be gone by a day: the names with their last day, and the names no rule speaks of.

    `files` holds the day each was made. Where several rules match, the shortest time counts. A
    file without a rule is kept for ever, which is what a review should ask about.
    """
    rules = tuple(rules)
    late, unruled = {}, []
    for name, made in files.items():
        ends = [rule.last_day(made) for rule in rules if _any(rule.resource, name)]
        if not ends:
            unruled.append(name)
        elif min(ends) < day:
            late[name] = min(ends)
    return late, tuple(unruled)
