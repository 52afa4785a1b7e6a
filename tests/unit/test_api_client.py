"""2.K: the client of the annotation API earns what it can do when things go wrong."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

from labelschool import code_answers
from labelschool.code_answers import Outcome
from labelschool.exercises.suites import api_client, load
from labelschool.exercises.suites.api_client import webhooks
from tests.unit import api_client_reference

SOURCE = inspect.getsource(api_client_reference)
PASS = 0.85
RETRY = 'if status == 429:\n            sleep(int(answer["headers"]["Retry-After"]))'
KEY = 'headers["Idempotency-Key"] = hashlib.sha256(content.encode()).hexdigest()'


def changed(*pairs: tuple[str, str]) -> str:
    source = SOURCE
    for old, new in pairs:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


WRONG = {
    "a retry that doubles tasks": (
        changed(
            (KEY, "pass"),
            (
                "        try:\n",
                "        import uuid\n"
                "        headers['Idempotency-Key'] = str(uuid.uuid4())\n        try:\n",
            ),
        ),
        "Import, connection dropped after commit: Twice the tasks were created, and the connection "
        "closed before the answer. 200 tasks are there more than once. send raises "
        "ConnectionError: sleep a second. Send the same request again with the same "
        "Idempotency-Key: what was done is not done twice.",
    ),
    "no idempotency key": (
        changed((KEY, "pass")),
        "Import, killed and run again: The process was killed when three requests had been "
        "carried out, and was run again with the same tasks. 300 tasks are there more than once.",
    ),
    "ignores Retry-After": (
        changed((RETRY, "if status == 429:\n            sleep(2**attempt)")),
        "Import, 429 with Retry-After: The second request was answered with 429 and Retry-After: "
        "17. 4 of your requests came before that time was over.",
    ),
    "gives up at the first 500": (
        changed(
            ("elif status >= 500:\n            sleep(2**attempt)\n        ", ""),
        ),
        "Your function ended with: RuntimeError: 500: Something went wrong here.",
    ),
    "pages by number": (
        changed(("/labels?after=0", "/labels?page=1")),
        "5 of 425 labels are missing. Pages by number shift then. Begin with after=0",
    ),
    "trusts an unsigned webhook": (
        changed(("if not hmac.compare_digest(", "if False and not hmac.compare_digest(")),
        "You answered 200 to a call that is not to be believed: it has no signature.",
    ),
    "checks a signature where there is one": (
        changed(
            (
                "if not hmac.compare_digest(",
                'if given.get("x-webhook-signature") and not hmac.compare_digest(',
            )
        ),
        "Webhook, calls replayed: A genuine call was recorded and sent again, and the platform "
        "repeated one too. You answered 200 to a call that is not to be believed: it has no "
        "signature.",
    ),
    "signs JSON that it wrote again": (
        changed(("{timestamp}.{body}", "{timestamp}.{json.dumps(json.loads(body))}")),
        "You answered 401 to a genuine call. Compute the signature over the timestamp, a dot and "
        "the body as it came",
    ),
}


@pytest.fixture
def graded(tmp_path: Path):
    """The share of groups of a source, and what is said of each."""

    def grade(source: str, group: str = "") -> tuple[float, str]:
        file = code_answers.save("2.K", source, tmp_path)
        tried = [one for one in load("api_client") if group in one.name]
        said = {one.name: one.judged(file, 4).said for one in tried}
        lines = "\n".join(f"{name}: {wrong or 'right.'}" for name, wrong in said.items())
        return sum(not wrong for wrong in said.values()) / len(said), lines

    return grade


def test_the_reference_earns_everything(graded) -> None:
    share, lines = graded(SOURCE)
    assert share == 1.0, lines


def test_another_right_way_earns_everything_too(graded) -> None:
    source = changed(
        ("BATCH = 100", "BATCH = 40"),
        ('sleep(int(answer["headers"]["Retry-After"]))', "sleep(20)"),
        ("/labels?after=0", "/labels?limit=30&after=0"),
        ('"url": url,', '"url": url if "//" in url else "http://api.test" + url,'),
        ("(200, None) if event", "[204, None] if event"),
        ("else (200, event)", "else [202, event]"),
    )
    share, lines = graded(source.replace("return 401, None", "return 403, None"))
    assert share == 1.0, lines


@pytest.mark.parametrize("name", WRONG)
def test_a_usual_mistake_is_told_and_does_not_pass(graded, name: str) -> None:
    source, says = WRONG[name]
    share, lines = graded(source)
    assert says in lines
    assert 0.3 < share < PASS


@pytest.mark.parametrize(
    ("client", "hook"), [("pass", "return 200, None"), ("raise OSError", "return 401, None")]
)
def test_what_does_nothing_earns_nothing(graded, client: str, hook: str) -> None:
    bodies = {"import_tasks": client, "pull_labels": client, "receive": hook}
    source = "".join(f"def {name}(*given):\n    {body}\n" for name, body in bodies.items())
    share, lines = graded(source.replace("pass", "return []", 1))
    assert share == 0
    if client == "pass":
        assert "Import, a quiet day: import_tasks sent nothing to the platform." in lines


def test_an_empty_answer_says_which_function_is_missing(graded) -> None:
    for name, group in (("pull_labels", "Pull, several"), ("receive", "Webhook, genuine")):
        share, line = graded("", group)
        assert share == 0
        assert f"there is no function {name}: does your cell define it" in line


NEGLECTS = {
    "Import, 500 three times": changed(
        ("sleep(2**attempt)\n        elif", "pass\n        elif")
    ).replace("sleep(2**attempt)\n            continue", "continue"),
    "Import, two lists": changed((KEY, 'headers["Idempotency-Key"] = url + str(len(content))')),
    "A token that is refused": changed(("elif status >= 400:", "elif status == 404:")),
    "Webhook, genuine calls": changed(("name.lower(): value", "name: value")),
    "Webhook, calls replayed": changed((" or abs(now - int(timestamp)) > WINDOW", "")),
    "Webhook, forged calls": changed(
        ("compare_digest(wanted.encode()", "compare_digest(wanted"),
        ('"x-webhook-signature", "").encode()', '"x-webhook-signature", "")'),
    ),
}


@pytest.mark.parametrize("group", NEGLECTS)
def test_each_neglect_costs_its_group(graded, group: str) -> None:
    assert graded(SOURCE, group) == (1.0, f"{group}: right.")
    share, line = graded(NEGLECTS[group], group)
    assert share == 0
    assert line.startswith(group)


def test_requests_and_waiting_are_limited(graded) -> None:
    _, lines = graded(changed(("BATCH = 100", "BATCH = 1")), "Import, a quiet day")
    assert "more than 30 requests, where a handful would do" in lines
    _, lines = graded(changed((RETRY, "if status == 429:\n            sleep(3600)")), "Import, 429")
    assert "Your function ended with: more than 120 s of waiting." in lines


@pytest.mark.parametrize(
    "given",
    ["None", "[]", "{}", "{'method': 1, 'url': 2}", "{'method': 'GET', 'url': '//[::'}",
     "{'method': 'GET', 'url': '/projects/1/labels', 'headers': {'a': 1}}",
     "{'method': 'GET', 'url': '/projects/1/labels', 'headers': {'Authorization': '\\ud800'}}",
     "{'method': 'GET', 'url': '/', 'path': '/'}"],
)  # fmt: skip
def test_a_request_that_is_none_is_the_answers_own_error(tmp_path: Path, given: str) -> None:
    source = f"def pull_labels(send, sleep, token, project):\n    return send({given})\n"
    stage = api_client.Stage(code_answers.save("2.K", source, tmp_path), "pull_labels", 4)
    assert stage.run().error.startswith("ValueError: ")


@pytest.mark.parametrize(
    "seconds", ["-1", "float('nan')", "float('inf')", "10**400", "'1'", "None", "True"]
)
def test_only_a_time_can_be_slept(tmp_path: Path, seconds: str) -> None:
    source = f"def pull_labels(send, sleep, token, project):\n    sleep({seconds})\n"
    stage = api_client.Stage(code_answers.save("2.K", source, tmp_path), "pull_labels", 4)
    assert stage.run() == Outcome(error="ValueError: sleep takes a number of seconds, 0 or more")


def test_genuine_calls_do_not_survive_being_written_again() -> None:
    """Otherwise a client that signs what it parsed would pass unnoticed."""
    again = (json.dumps, lambda content: json.dumps(content, separators=(",", ":")))
    for write in again:
        for group in webhooks.WEBHOOKS:
            assert any(write(json.loads(body)) != body for _, body, *_ in group.calls)
