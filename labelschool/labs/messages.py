"""What goes over the line between a client and the annotation API: requests and responses.

Both turn into plain JSON and back, so that a socket, a pipe or a test may carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What a client asks: a method, an address with its query, headers, and a JSON body."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), None)

    @classmethod
    def of(cls, given: Any) -> Self:
        """The request that a client gives as a dict. Raises ValueError that says what is wrong."""
        if not isinstance(given, Mapping):
            raise ValueError(f"a request is a dict, not {type(given).__name__}")
        if strange := set(given) - {"method", "url", "headers", "body"}:
            raise ValueError(f"a request has method, url, headers and body, no {min(strange)!r}")
        method, url, headers = given.get("method"), given.get("url"), given.get("headers") or {}
        if not isinstance(method, str) or not isinstance(url, str):
            raise ValueError("a request needs a method and a url, both texts")
        pairs = headers.items() if isinstance(headers, Mapping) else [(None, None)]
        if not all(isinstance(name, str) and isinstance(value, str) for name, value in pairs):
            raise ValueError("the headers of a request are a dict of texts")
        return cls(method.upper(), url, dict(headers), given.get("body"))


@dataclass(frozen=True)
class Response:
    """What the API answers: a status, what is sent as JSON, and headers besides its type."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The response as a client's ``send`` returns it."""
        return {"status": self.status, "headers": dict(self.headers), "body": self.content}


class Refused(Exception):
    """A request that cannot be met, with the status that says why."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.response = Response(status, {"error": sentence}, headers or {})


class Dropped(ConnectionError):
    """The connection is closed before an answer: the client cannot know what was done."""

    def __init__(self) -> None:
        super().__init__("the connection was closed before an answer came")
