"""The platform of the labs: what its interface promises, and what goes wrong on the way to it."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from labelschool.labs import AnnotationServer, Clock, Fault, Faults, Platform, RateLimit
from labelschool.labs.api import respond
from labelschool.labs.messages import Dropped, Request, Response

HOST = "http://api.test"
TASK = {"external_id": "a", "image": "a.jpg", "width": 8, "height": 6}


class Lab:
    """A platform with a clock that stands still, one project, and short ways to ask it."""

    def __init__(self, *script: Fault, limit: RateLimit | None = None) -> None:
        self.clock = Clock()
        self.platform = Platform(now=self.clock.now, faults=Faults(script, limit))
        self.project = self.platform.create_project("harbour", ["car"]).id
        self.place = f"/projects/{self.project}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        address = path if path.startswith("http") else HOST + path
        sent = {"authorization": f"Bearer {self.platform.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return respond(self.platform, Request(method, address, sent, body))

    def send(self, n: int = 1, **headers: str) -> Response:
        return self.ask("POST", f"{self.place}/tasks", {"tasks": [TASK] * n}, **headers)

    def tasks(self) -> int:
        return self.ask("GET", self.place).content["tasks"]

    def label(self, n: int) -> list[int]:
        boxes = [{"task": 1, "category": "car", "bbox": [k, 0, 5, 5]} for k in range(n)]
        return self.platform.add_labels(self.project, boxes, "Ada")


@pytest.fixture
def lab() -> Lab:
    return Lab()


# The document -----------------------------------------------------------------------------------


def test_every_answer_is_as_the_document_says(lab: Lab) -> None:
    document = lab.ask("GET", "/openapi.json", authorization="none").content
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    references = json.dumps(document).split('"$ref": "#/components/schemas/')[1:]
    assert {text.split('"')[0] for text in references} == set(schemas)

    lab.send(3)
    lab.label(3)
    hook = {"url": "http://here.test/hook", "events": ["task.completed"]}
    export = lab.ask("POST", f"{lab.place}/exports", {"format": "coco"}).content["id"]
    webhook = lab.ask("POST", f"{lab.place}/webhooks", hook).content["id"]
    lab.label(2)
    lab.clock.sleep(5)
    ids = {"{project}": lab.project, "{export}": export, "{webhook}": webhook}
    bodies = {
        "/projects": {"name": "b", "labels": ["van"]},
        "/projects/{project}/tasks": {"tasks": [TASK]},
        "/projects/{project}/exports": {"format": "coco"},
        "/projects/{project}/webhooks": hook,
    }
    tried = 0
    for path, methods in document["paths"].items():
        for method, says in methods.items():
            address = path + ("?batch=batch-15" if path == "/annotations" else "")
            for name, id_ in ids.items():
                address = address.replace(name, str(id_))
            body = bodies[path] if method == "post" else None
            fitting = lab.ask(method.upper(), address, body)
            refused = lab.ask(method.upper(), address, body, authorization="Bearer x")
            missing = lab.ask(method.upper(), address.replace(str(ids["{project}"]), "9999"), body)
            unfit = lab.ask(method.upper(), address, {"strange": 1})
            for answer in (fitting, refused, missing, unfit):
                described = says["responses"][str(answer.status)]
                if "content" in described:
                    reference = described["content"]["application/json"]["schema"]["$ref"]
                    schema = {"$ref": reference, "components": document["components"]}
                    Draft202012Validator(schema).validate(answer.content)
            assert str(fitting.status) == next(iter(says["responses"])), path
            assert ("401" in says["responses"]) == (refused.status == 401)
            assert ("requestBody" in says) == (unfit.status == 400)
            tried += 1
    assert tried == 12


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("tasks", None, "The body does not fit"),
        ("tasks", {"tasks": []}, "at least 1"),
        ("tasks", {"tasks": [TASK] * 101}, "at most 100"),
        ("tasks", {"tasks": [TASK | {"width": "8"}]}, "tasks.0.width"),
        ("tasks", {"tasks": [TASK | {"colour": 1}]}, "tasks.0.colour"),
        ("exports", {"format": "voc"}, "coco"),
        ("webhooks", {"url": "x", "events": ["task.begun"]}, "task.completed"),
    ],
)
def test_a_body_that_does_not_fit_says_where(lab: Lab, path: str, body: Any, said: str) -> None:
    answer = lab.ask("POST", f"{lab.place}/{path}", body)
    assert answer.status == 400
    assert said in answer.content["error"]
    assert lab.tasks() == 0


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer other", "Token lab-token", "lab-token"])
def test_another_token_is_refused_before_anything_is_done(given: str) -> None:
    lab = Lab(Fault("POST", 1, "error"))
    answer = lab.send(authorization=given)
    assert (answer.status, answer.headers) == (401, {"WWW-Authenticate": "Bearer"})
    assert lab.send().status == 500, "the script counts requests that were let in"


# Keys and faults --------------------------------------------------------------------------------


def test_a_task_that_is_sent_twice_is_there_twice(lab: Lab) -> None:
    assert lab.send(2).content["ids"] != lab.send(2).content["ids"]
    assert lab.tasks() == 4


def test_the_same_key_gets_the_first_answer_again(lab: Lab) -> None:
    first, again = lab.send(2, idempotency_key="k"), lab.send(2, idempotency_key="k")
    assert (again.status, again.content) == (201, first.content)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert lab.tasks() == 2
    other = lab.send(3, idempotency_key="k")
    assert other.status == 422
    assert "another body" in other.content["error"]
    assert lab.send(2, idempotency_key="").status == 400
    assert lab.send(2, idempotency_key="k" * 201).status == 400
    elsewhere = lab.ask("POST", "/projects", {"name": "b", "labels": ["c"]}, idempotency_key="k")
    assert elsewhere.status == 201
    assert lab.tasks() == 2


def test_a_refusal_uses_up_no_key(lab: Lab) -> None:
    assert lab.ask("POST", f"{lab.place}/tasks", {}, idempotency_key="k").status == 400
    assert lab.send(1, idempotency_key="k").status == 201


@pytest.mark.parametrize(
    ("kind", "there"), [("error", 0), ("error after commit", 1), ("drop after commit", 1)]
)
def test_what_a_fault_leaves_behind_and_how_a_key_mends_it(kind: Any, there: int) -> None:
    lab = Lab(Fault("POST", 2, kind))
    lab.ask("POST", "/projects", {"name": "b", "labels": ["c"]})
    try:
        assert lab.send(idempotency_key="k").status == 500
    except Dropped:
        assert kind == "drop after commit"
    assert lab.platform.journal[-1].dropped == (kind == "drop after commit")
    assert lab.tasks() == there
    assert lab.send(idempotency_key="k").status == 201
    assert lab.tasks() == 1


def test_busy_lasts_as_long_as_it_says() -> None:
    lab = Lab(Fault("POST", 1, "busy", seconds=9))
    first = lab.send()
    assert (first.status, first.headers) == (429, {"Retry-After": "9"})
    lab.clock.sleep(4.5)
    assert lab.send().headers == {"Retry-After": "5"}
    assert lab.platform.faults.early == 1
    lab.clock.sleep(5)
    assert lab.send().status == 201
    assert lab.tasks() == 1


def test_the_rate_limit_counts_in_a_sliding_window() -> None:
    lab = Lab(limit=RateLimit(2, 10))
    assert lab.send().status == 201
    lab.clock.sleep(6)
    assert lab.send().status == 201
    refused = lab.send()
    assert (refused.status, refused.headers) == (429, {"Retry-After": "4"})
    lab.clock.sleep(4)
    assert [lab.send().status, lab.send().status] == [201, 429]


# Pages, exports, webhooks -----------------------------------------------------------------------


def pull(lab: Lab, begin: str, between) -> list[int]:
    url, ids = f"{lab.place}/labels?limit=10{begin}", []
    while url:
        page = lab.ask("GET", url).content
        ids += [row["id"] for row in page["results"]]
        url = page["next"]
        between()
    return ids


def test_pages_by_number_drift_and_pages_behind_an_id_do_not() -> None:
    for begin, drifts in (("", True), ("&page=1", True), ("&after=0", False)):
        lab = Lab()
        ids = lab.label(35)
        gone = iter([ids[:3], [], ids[4:5], [], []])
        got = pull(
            lab, begin, lambda lab=lab, gone=gone: lab.platform.remove(lab.project, next(gone))
        )
        missing = set(ids[5:]) - set(got)
        assert bool(missing) == drifts
        assert len(got) == len(set(got))


def test_pages_without_changes_are_whole(lab: Lab) -> None:
    ids = lab.label(30)
    for begin in ("", "&after=0"):
        assert pull(lab, begin, lambda: None) == ids
    assert lab.ask("GET", f"{lab.place}/labels?page=9").content["results"] == []


def test_an_export_is_ready_after_a_while(lab: Lab) -> None:
    lab.send(2)
    lab.platform.add_labels(
        lab.project, [{"task": 2, "category": "car", "bbox": [1, 2, 3, 4]}], "Ada"
    )
    begun = lab.ask("POST", f"{lab.place}/exports", {"format": "coco"})
    place = f"/exports/{begun.content['id']}"
    assert (begun.status, begun.content["status"]) == (202, "pending")
    assert lab.ask("GET", f"{place}/file").status == 409
    lab.clock.sleep(2)
    done = lab.ask("GET", place).content
    assert (done["status"], done["file"]) == ("done", f"{HOST}{place}/file")
    table = lab.ask("GET", done["file"]).content
    assert [image["id"] for image in table["images"]] == [2, 3]
    (box,) = table["annotations"]
    assert (box["image_id"], box["bbox"], box["area"]) == (2, [1, 2, 3, 4], 12)


def test_a_webhook_is_called_with_a_signature_over_time_and_body(lab: Lab) -> None:
    asked = {"url": "http://here.test", "events": ["task.completed"]}
    hook = lab.ask("POST", f"{lab.place}/webhooks", asked).content
    (label, *_) = lab.label(2)
    lab.platform.remove(lab.project, [label])
    calls = lab.ask("GET", f"/webhooks/{hook['id']}/deliveries").content["results"]
    (call,) = calls
    content = json.loads(call["body"])
    assert (content["event"], content["data"]["labels"]) == ("task.completed", 2)
    headers = call["headers"]
    signed = f"{headers['X-Webhook-Timestamp']}.{call['body']}".encode()
    wanted = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Webhook-Signature"] == f"sha256={wanted}"
    assert headers["X-Webhook-Timestamp"] == str(int(lab.clock.now()))
    assert hook["secret"] not in json.dumps(calls)


# Over a socket ----------------------------------------------------------------------------------


def test_the_socket_carries_headers_bodies_and_a_lost_line() -> None:
    lab = Lab(Fault("POST", 2, "drop after commit"))
    auth = {"Authorization": f"Bearer {lab.platform.token}"}
    with AnnotationServer(lab.platform) as server:

        def send(key: str) -> dict[str, Any]:
            request = {"method": "POST", "url": f"{lab.place}/tasks", "body": {"tasks": [TASK]}}
            return server.send(request | {"headers": auth | {"Idempotency-Key": key}})

        assert send("a")["status"] == 201
        with pytest.raises(ConnectionError, match="closed before an answer"):
            send("b")
        again = send("b")
        assert (again["status"], again["headers"]["Idempotency-Replayed"]) == (201, "true")
        listed = server.send(
            {"method": "GET", "url": f"{lab.place}/tasks?limit=1", "headers": auth}
        )
        assert listed["body"]["next"].startswith(server.url)
        following = {"method": "get", "url": listed["body"]["next"], "headers": auth}
        assert len(server.send(following)["body"]["results"]) == 1
        with pytest.raises(ValueError, match="method and a url"):
            server.send({"method": "GET"})
    assert lab.tasks() == 2


@pytest.mark.parametrize(
    ("length", "body", "status"),
    [("3", b"{,}", 400), ("2", b"\xff\xff", 400), ("9999999", b"", 413), ("-1", b"", 413)],
)
def test_a_body_that_is_none_is_refused(lab: Lab, length: str, body: bytes, status: int) -> None:
    with AnnotationServer(lab.platform) as server:
        place = urlsplit(server.url)
        with socket.create_connection((place.hostname, place.port), 20) as line:
            head = f"POST {lab.place}/tasks HTTP/1.0\r\nContent-Length: {length}\r\n\r\n"
            line.sendall(head.encode() + body)
            answer = line.makefile("rb").readline()
    assert f" {status} ".encode() in answer


def test_threads_with_one_key_create_once(lab: Lab) -> None:
    with AnnotationServer(lab.platform), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: lab.send(5, idempotency_key="k").status, range(40)))
    assert set(answers) == {201}
    assert lab.tasks() == 5
