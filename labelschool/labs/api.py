"""The annotation API of the labs: what a labelling platform offers over HTTP, on this machine.

`respond` is the whole API, a function from a `Request` to a `Response`. `AnnotationServer` carries
both over a socket; a grader may carry them over a pipe. A route is one function (`route`).

    GET /annotations?batch=NAME&limit=100&after=0
        {"count": all labels of the batch, "next": address of the next page or null,
         "results": [{"id", "image", "category", "bbox", "annotator", "created_at"}, ...]}

A page begins after the last id of the page before, so that rows that come or go meanwhile neither
repeat nor skip others. Every refusal has a body ``{"error": sentence}``.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from labelschool.errors import LabelSchoolError
from labelschool.labs.store import LabelStore, NoBatch

PAGE = 100
"""The most results a page may have."""
LAST_ID = 2**63 - 1
"""The largest id that SQLite can hold."""


@dataclass(frozen=True)
class Request:
    """What a client asks: a method and a whole address."""

    method: str
    url: str


@dataclass(frozen=True)
class Response:
    """What the API answers: a status, what is sent as JSON, and headers besides its type."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[LabelStore, Request], Response]
_ROUTES: dict[str, dict[str, Handler]] = {}


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Enters a function as the answer to a method on a path."""

    def enter(handler: Handler) -> Handler:
        _ROUTES.setdefault(path, {})[method] = handler
        return handler

    return enter


class _Refused(Exception):
    """A request that cannot be met, with the status that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def respond(store: LabelStore, request: Request) -> Response:
    """The answer of the API to a request on a store."""
    path = urlsplit(request.url).path
    handlers = _ROUTES.get(path)
    if handlers is None:
        return _refusal(404, f"There is nothing at {path}; there is {', '.join(_ROUTES)}.")
    if request.method not in handlers:
        allowed = ", ".join(handlers)
        return _refusal(405, f"{path} takes {allowed} alone.", {"Allow": allowed})
    try:
        return handlers[request.method](store, request)
    except _Refused as refused:
        return _refusal(refused.status, str(refused))
    except NoBatch as error:
        return _refusal(404, str(error))


def _refusal(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, {"error": sentence}, headers or {})


@route("GET", "/annotations")
def _annotations(store: LabelStore, request: Request) -> Response:
    asked = dict(parse_qsl(urlsplit(request.url).query))
    if "batch" not in asked:
        raise _Refused(400, "Say which batch: /annotations?batch=batch-01.")
    limit = _whole(asked, "limit", 1, PAGE, default=PAGE)
    after = _whole(asked, "after", 0, LAST_ID, default=0)
    rows = store.annotations(asked["batch"], after, limit + 1)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        query = urlencode({"batch": asked["batch"], "limit": limit, "after": rows[-1]["id"]})
        following = urlsplit(request.url)._replace(query=query).geturl()
    count = store.count(asked["batch"])
    return Response(200, {"count": count, "next": following, "results": rows})


def _whole(asked: Mapping[str, str], name: str, low: int, high: int, default: int) -> int:
    """A parameter as a whole number within its range."""
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and low <= int(text) <= high):
        raise _Refused(400, f"{name} is a whole number from {low} to {high}, not {text[:40]!r}.")
    return int(text)


# Over a socket ----------------------------------------------------------------------------------


class AnnotationServer:
    """The API of a store on a free port of 127.0.0.1, for the time of a ``with`` block.

    `start` and `stop` do the same where a block would be in the way.
    """

    def __init__(self, store: LabelStore | None = None) -> None:
        self.store = store or LabelStore()
        self._http: _Http | None = None

    def __repr__(self) -> str:
        return f"Annotation API, {'running' if self._http else 'not running'}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address that paths are appended to. Raises `LabelSchoolError` where none is open."""
        if self._http is None:
            raise LabelSchoolError("The API is not running: call it inside `with`, or start() it.")
        return self._http.url

    def start(self) -> Self:
        """Answer from now on; a server that runs already goes on."""
        if self._http is None:
            self._http = _Http(self.store)
            threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Close the port."""
        if self._http:
            self._http.shutdown()
            self._http.server_close()
            self._http = None


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store: LabelStore) -> None:
        super().__init__(("127.0.0.1", 0), _Carrier)
        self.store = store
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Carrier(BaseHTTPRequestHandler):
    """Carries a request in and a response out, and writes nothing into the notebook."""

    server: _Http

    def _carry(self) -> None:
        url = f"{self.server.url}/{self.path.lstrip('/')}"
        response = respond(self.server.store, Request(self.command, url))
        content = json.dumps(response.content).encode()
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _carry  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass
