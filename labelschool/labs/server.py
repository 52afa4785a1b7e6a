"""The annotation API over a socket of 127.0.0.1, and a client's way to send to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from labelschool.errors import LabelSchoolError
from labelschool.labs.api import respond
from labelschool.labs.messages import Dropped, Request, Response
from labelschool.labs.platform import Platform
from labelschool.labs.store import LabelStore

MOST_BYTES = 1_000_000
"""Longest body of a request."""
SECONDS = 30
"""How long a line may be silent."""


class AnnotationServer:
    """The API on a free port of 127.0.0.1, for the time of a ``with`` block.

    `start` and `stop` do the same where a block would be in the way. It serves a platform, or a
    label store alone.
    """

    def __init__(self, of: LabelStore | Platform | None = None) -> None:
        self.platform = of if isinstance(of, Platform) else Platform(of or LabelStore())
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
            self._http = _Http(self.platform)
            threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Close the port."""
        if self._http:
            self._http.shutdown()
            self._http.server_close()
            self._http = None

    def send(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request over the socket: ``{"method", "url", "headers", "body"}``.

        The url is a path or a whole address of this server. Returns ``{"status", "headers",
        "body"}``. Raises ConnectionError where the line closes without an answer.
        """
        asked = Request.of(request)
        place, to = urlsplit(self.url), urlsplit(asked.url)
        line = http.client.HTTPConnection(place.hostname, place.port, timeout=SECONDS)
        try:
            target = to._replace(scheme="", netloc="").geturl()
            body = None if asked.body is None else json.dumps(asked.body)
            line.request(asked.method, target, body, dict(asked.headers))
            answer = line.getresponse()
            content = json.loads(answer.read())
        except http.client.RemoteDisconnected as error:
            raise Dropped from error
        finally:
            line.close()
        return Response(answer.status, content, dict(answer.getheaders())).plain()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, platform: Platform) -> None:
        super().__init__(("127.0.0.1", 0), _Carrier)
        self.platform = platform
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Carrier(BaseHTTPRequestHandler):
    """Carries a request in and a response out, and writes nothing into the notebook."""

    server: _Http
    timeout = SECONDS

    def _carry(self) -> None:
        try:
            response = self._answer()
        except Dropped:
            self.close_connection = True
            return
        content = json.dumps(response.content).encode()
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(content)

    def _answer(self) -> Response:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdecimal() and int(length) <= MOST_BYTES):
            self.close_connection = True
            said = f"The body of a request has at most {MOST_BYTES:,} bytes, and says how many."
            return Response(413, {"error": said})
        try:
            sent = self.rfile.read(int(length))
            body = json.loads(sent) if sent else None
        except (ValueError, RecursionError):
            return Response(400, {"error": "The body of the request is not JSON."})
        url = f"{self.server.url}/{self.path.lstrip('/')}"
        headers = dict(self.headers.items())
        return respond(self.server.platform, Request(self.command, url, headers, body))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _carry  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass
