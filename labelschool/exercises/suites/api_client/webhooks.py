"""The part of 2.K on webhooks: calls that are genuine, forged or replayed, and what to answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group
from labelschool.labs.platform import signature

FUNCTION = "receive"
SECRET = "8f1c-of-2-K"
NOW = 1_780_000_000
WINDOW = 300
"""Seconds by which the timestamp of a call may differ from the clock of its receiver."""

_TIME, _SIGNATURE = "X-Webhook-Timestamp", "X-Webhook-Signature"
Call = tuple[Mapping[str, str], str, str, int, Sequence[str]]
"""The arguments of `receive`: headers, body, secret, now, ids that were handled before."""


def call(
    body: str,
    *,
    at: int | str = NOW - 2,
    secret: str = SECRET,
    seen: Sequence[str] = (),
    **headers: str | None,
) -> Call:
    """A call that was signed at a time; `headers` replaces some, or takes one away by None."""
    made = {
        "Content-Type": "application/json",
        _TIME: str(at),
        _SIGNATURE: signature(secret, str(at), body),
    }
    made |= {{"time": _TIME, "signature": _SIGNATURE}[name]: v for name, v in headers.items()}
    return {name: v for name, v in made.items() if v is not None}, body, SECRET, NOW, list(seen)


def event(number: int, task: int = 41) -> dict[str, Any]:
    """The content of a call."""
    data = {"task": task, "external_id": f"a-{task:03}", "labels": 3}
    return {"id": f"evt-{number}", "event": "task.completed", "project": 1, "data": data}


def _lower(given: Call) -> Call:
    headers, *rest = given
    return {name.lower(): value for name, value in headers.items()}, *rest


PLAIN = json.dumps(event(1), separators=(",", ":"))
ORDERED = '{"project": 1,  "event":"task.completed","data":{"labels":3.0,"task":42},"id":"evt-2"}\n'
ESCAPED = (
    '{"id":"evt-3","event":"task.completed","project":1,"data":{"external_id":"caf\\u00e9\\/1"}}'
)
UNICODE = json.dumps(event(4) | {"data": {"external_id": "Zürich/7"}}, ensure_ascii=False)
CHANGED = PLAIN.replace('"labels":3', '"labels":0')


def judge(arguments: Call, outcome: Outcome, *, what: str, advice: str) -> str:
    """What is wrong with the answer to a call; `what` names the calls that are to be refused."""
    headers, body, _, _, seen = arguments
    refuse = _to_refuse(headers, body)
    if outcome.error:
        return f"{what} Your function ended with: {outcome.error}. {advice}"
    match outcome.value:
        case [int(status), given] if not isinstance(status, bool):
            pass
        case _:
            return "it has to return two things, a status and the event or None."
    if refuse:
        right = status in (400, 401, 403) and given is None
        told = f"You answered {status} to a call that is not to be believed: {refuse}."
    elif json.loads(body)["id"] in seen:
        right = 200 <= status < 300 and given is None
        told = (
            f"You answered {status} and {'an' if given else 'no'} event to a genuine call that was "
            "handled before."
        )
    else:
        right = 200 <= status < 300 and given == json.loads(body)
        told = f"You answered {status} to a genuine call."
        if 200 <= status < 300:
            told = "You accepted a genuine call, and did not return what its body says."
    return "" if right else f"{what} {told} {advice}"


def _to_refuse(headers: Mapping[str, str], body: str) -> str:
    """Why a call is to be refused; nothing where it is genuine."""
    plain = {name.lower(): value for name, value in headers.items()}
    timestamp, given = plain.get(_TIME.lower()), plain.get(_SIGNATURE.lower())
    if not given:
        return "it has no signature"
    if timestamp is None:
        return "it has no timestamp"
    if given != signature(SECRET, timestamp, body):
        return "the signature is not that of this timestamp and this body"
    if not timestamp.isdecimal():
        return "the timestamp is no number"
    if abs(NOW - int(timestamp)) > WINDOW:
        return f"it is {abs(NOW - int(timestamp))} s away from now"
    return ""


def _group(name: str, what: str, advice: str, *calls: Call) -> Group:
    return Group(name, FUNCTION, calls, partial(judge, what=what, advice=advice), what)


WEBHOOKS = (
    _group(
        "Webhook, genuine calls",
        "Calls of the platform came in, written as JSON may be: with spaces, in another order, "
        "with \\u escapes, with header names in small letters.",
        "Compute the signature over the timestamp, a dot and the body as it came, before you parse "
        "it; look a header up whatever its case.",
        call(PLAIN),
        call(ORDERED),
        call(ESCAPED),
        call(UNICODE),
        _lower(call(PLAIN, at=NOW - 250)),
    ),
    _group(
        "Webhook, forged calls",
        "Somebody who does not know the secret called too.",
        "Compute the signature yourself, compare it in constant time (hmac.compare_digest, on "
        "bytes), and answer 401 where it is missing or another.",
        call(ORDERED),
        call(PLAIN, signature=None),
        call(PLAIN, signature=""),
        call(PLAIN, secret="a guess"),
        call(CHANGED, signature=signature(SECRET, str(NOW - 2), PLAIN)),
        call(PLAIN, time=str(NOW), at=NOW - 4000),
        call(PLAIN, time=None),
        call(PLAIN, signature="sha256=é"),
    ),
    _group(
        "Webhook, calls replayed",
        "A genuine call was recorded and sent again, and the platform repeated one too.",
        f"Refuse a timestamp that is no number or more than {WINDOW} s from now. Answer 200 to an "
        "id in `seen` and return no event, so that it is not handled twice.",
        call(ORDERED, at=NOW - 290),
        call(PLAIN, at=NOW - 3600),
        call(PLAIN, at=NOW + 3600),
        call(PLAIN, at=NOW - 3600, time=str(NOW)),
        call(PLAIN, at=NOW - 3600, time=str(NOW), signature=None),
        call(PLAIN, at="soon"),
        call(ORDERED, seen=["evt-2"]),
        call(ORDERED, seen=["evt-1", "evt-20"]),
    ),
)
