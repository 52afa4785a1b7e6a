"""The annotation API of the labs: what a labelling platform offers over HTTP, on this machine.

`respond` is the whole API, a function from a platform and a `Request` to a `Response`.
`AnnotationServer` carries both over a socket; a grader carries them over a pipe. What each route
takes and gives stands at the route, and at ``/openapi.json``, which is built from them.

Every refusal has a body ``{"error": sentence}``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel

from labelschool.labs import records
from labelschool.labs.messages import Dropped, Refused, Request, Response
from labelschool.labs.openapi import document
from labelschool.labs.platform import EXPORT_SECONDS, Hook, Platform, Seen
from labelschool.labs.routes import LAST_ID, Call, Parameter, Route, Routes
from labelschool.labs.store import LabelStore, NoBatch

PAGE = 100
"""The most results a page may have."""

_api = Routes()
_LIMIT = Parameter("limit", "results on a page", 1, PAGE, PAGE)
_AFTER = Parameter("after", "results with an id above this one, in the order of ids", 0, LAST_ID)
_PAGE = Parameter("page", "number of the page, where `after` is not given", 1, 10**6, 1)
_BATCH = Parameter("batch", "name of a batch", required=True, example="/annotations?batch=batch-15")


def respond(platform: Platform, request: Request) -> Response:
    """The answer of the API to a request. Raises `Dropped` where none is to leave."""
    with platform.lock:
        at, fault = platform.now(), None
        try:
            route, ids = _api.find(request)
            _authorised(platform, route, request)
            fault = platform.faults.meet(request, at)
            if fault == "error":
                raise Refused(500, "Something went wrong here.")
            response = _once(platform, route, request, ids)
        except Refused as refused:
            response = refused.response
        except NoBatch as error:
            response = Response(404, {"error": str(error)})
        dropped = fault == "drop after commit"
        if fault == "error after commit":
            response = Response(500, {"error": "Something went wrong here."})
        platform.journal.append(Seen(at, request, response.status, dropped))
        if dropped:
            raise Dropped
        return response


def _authorised(platform: Platform, route: Route, request: Request) -> None:
    given = request.header("Authorization") or ""
    wanted = f"Bearer {platform.token}"
    if not route.open and not hmac.compare_digest(given.encode(), wanted.encode()):
        said = "Send your token in the header Authorization: Bearer TOKEN."
        raise Refused(401, said, {"WWW-Authenticate": "Bearer"})


def _once(platform: Platform, route: Route, request: Request, ids: dict[str, int]) -> Response:
    """The answer, or the first answer again where the key of the request was used before."""
    key = request.header("Idempotency-Key") if route.writes else None
    if key is None:
        return route.answer(platform, route.call(request, ids))
    if not 0 < len(key) <= 200:
        raise Refused(400, "An Idempotency-Key has 1 to 200 characters.")
    place = (request.method, urlsplit(request.url).path, key)
    content = json.dumps(request.body, sort_keys=True)
    body = hashlib.sha256(content.encode()).hexdigest()
    if place not in platform.answered:
        made = route.answer(platform, route.call(request, ids))
        platform.answered[place] = (body, made)
        return made
    first_body, first = platform.answered[place]
    if first_body != body:
        raise Refused(422, "This Idempotency-Key came with another body before.")
    return Response(first.status, first.content, {**first.headers, "Idempotency-Replayed": "true"})


# What may be asked ------------------------------------------------------------------------------


@_api.route(
    "GET",
    "/annotations",
    "The labels of a batch of the label store",
    gives=records.BatchLabels,
    query=(_BATCH, _LIMIT, _AFTER),
    refuses=(404,),
    open=True,
)
def _annotations(platform: Platform, call: Call) -> dict[str, Any]:
    store = platform.store or LabelStore()
    batch, limit, after = call.query["batch"], call.query["limit"], call.query["after"] or 0
    rows = store.annotations(batch, after, limit + 1)
    following = {"after": rows[limit - 1]["id"]} if len(rows) > limit else None
    return _paged(call, store.count(batch), rows[:limit], following)


@_api.route("GET", "/openapi.json", "This interface as an OpenAPI document", gives=None, open=True)
def _openapi(platform: Platform, call: Call) -> dict[str, Any]:
    return document(_api.all)


@_api.route("GET", "/projects/{project}", "A project", gives=records.Project)
def _project(platform: Platform, call: Call) -> BaseModel:
    return platform.project(call.ids["project"]).record()


@_api.route(
    "POST",
    "/projects",
    "Create a project",
    takes=records.NewProject,
    gives=records.Project,
    status=201,
)
def _new_project(platform: Platform, call: Call) -> BaseModel:
    return platform.create_project(call.body.name, call.body.labels).record()


@_api.route(
    "POST",
    "/projects/{project}/tasks",
    "Import tasks; a task that is sent twice is there twice",
    takes=records.NewTasks,
    gives=records.Imported,
    status=201,
)
def _import_tasks(platform: Platform, call: Call) -> BaseModel:
    ids = platform.import_tasks(call.ids["project"], call.body.tasks)
    return records.Imported(ids=ids)


@_api.route(
    "GET",
    "/projects/{project}/tasks",
    "The tasks of a project",
    gives=records.Tasks,
    query=(_LIMIT, _PAGE, _AFTER),
)
def _tasks(platform: Platform, call: Call) -> dict[str, Any]:
    return _page_of(call, platform.project(call.ids["project"]).tasks)


@_api.route(
    "GET",
    "/projects/{project}/labels",
    "The labels of a project",
    gives=records.Labels,
    query=(_LIMIT, _PAGE, _AFTER),
)
def _labels(platform: Platform, call: Call) -> dict[str, Any]:
    return _page_of(call, platform.project(call.ids["project"]).annotations)


@_api.route(
    "POST",
    "/projects/{project}/exports",
    "Begin an export",
    takes=records.NewExport,
    gives=records.Export,
    status=202,
)
def _new_export(platform: Platform, call: Call) -> BaseModel:
    held, id_ = platform.project(call.ids["project"]), platform.new_id()
    platform.exports[id_] = (held.id, platform.now() + EXPORT_SECONDS)
    return records.Export(id=id_, status="pending", file=None)


@_api.route("GET", "/exports/{export}", "How far an export is", gives=records.Export)
def _export(platform: Platform, call: Call) -> BaseModel:
    id_ = call.ids["export"]
    _, ready = _export_of(platform, call)
    done = platform.now() >= ready
    file = _address(call, f"/exports/{id_}/file") if done else None
    return records.Export(id=id_, status="done" if done else "pending", file=file)


@_api.route(
    "GET", "/exports/{export}/file", "The content of an export", gives=records.Coco, refuses=(409,)
)
def _export_file(platform: Platform, call: Call) -> dict[str, Any]:
    project, ready = _export_of(platform, call)
    if platform.now() < ready:
        raise Refused(409, "The export is not done yet: ask for its status first.")
    return platform.coco(project)


@_api.route(
    "POST",
    "/projects/{project}/webhooks",
    "Have an address called on events of a project",
    takes=records.NewWebhook,
    gives=records.WebhookSecret,
    status=201,
)
def _new_webhook(platform: Platform, call: Call) -> BaseModel:
    held, given = platform.project(call.ids["project"]), call.body
    made = Hook(platform.new_id(), held.id, given.url, given.events, secrets.token_hex(16))
    platform.hooks[made.id] = made
    shown = given.model_dump()
    return records.WebhookSecret(id=made.id, secret=made.secret, **shown)


@_api.route(
    "GET", "/webhooks/{webhook}/deliveries", "The calls of a webhook", gives=records.Deliveries
)
def _deliveries(platform: Platform, call: Call) -> dict[str, Any]:
    hook = platform.hooks.get(call.ids["webhook"])
    if hook is None:
        raise Refused(404, f"There is no webhook {call.ids['webhook']}.")
    return {"results": [{"headers": headers, "body": body} for headers, body in hook.calls]}


# Pages ------------------------------------------------------------------------------------------


def _page_of(call: Call, held: dict[int, Any]) -> dict[str, Any]:
    """A page of what a project holds, by `after` where it is asked for, else by number."""
    limit, page, after = call.query["limit"], call.query["page"], call.query["after"]
    rows = [row for id_, row in sorted(held.items()) if after is None or id_ > after]
    begin = (page - 1) * limit if after is None else 0
    shown = [row.model_dump() for row in rows[begin : begin + limit]]
    following = None
    if len(rows) > begin + limit:
        following = {"page": page + 1} if after is None else {"after": shown[-1]["id"]}
    return _paged(call, len(held), shown, following)


def _paged(
    call: Call, count: int, rows: list[Any], following: dict[str, int] | None
) -> dict[str, Any]:
    """A page, with the address of the next one: this one's, where only `following` differs."""
    url = urlsplit(call.request.url)
    query = urlencode({**dict(parse_qsl(url.query)), **(following or {})})
    address = url._replace(query=query).geturl() if following else None
    return {"count": count, "next": address, "results": rows}


def _export_of(platform: Platform, call: Call) -> tuple[int, float]:
    id_ = call.ids["export"]
    if id_ not in platform.exports:
        raise Refused(404, f"There is no export {id_}.")
    return platform.exports[id_]


def _address(call: Call, path: str) -> str:
    return urlsplit(call.request.url)._replace(path=path, query="").geturl()
