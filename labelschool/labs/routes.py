"""Routes of the annotation API: each says once what it takes and gives; all else is derived.

The checks of a request, the 404 and 405, and the OpenAPI document come from the same `Route`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ValidationError

from labelschool.labs.messages import Refused, Request, Response
from labelschool.model import first_error

LAST_ID = 2**63 - 1
"""The largest id that SQLite can hold."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: a whole number within its range, or a text where it has none."""

    name: str
    says: str
    low: int | None = None
    high: int | None = None
    default: int | None = None
    required: bool = False
    example: str = ""

    def read(self, asked: Mapping[str, str]) -> Any:
        """Its value in a query. Raises `Refused`."""
        text = asked.get(self.name)
        if text is None:
            if self.required:
                raise Refused(400, f"Say which {self.name}: {self.example}.")
            return self.default
        if self.high is None:
            return text
        good = text.isascii() and text.isdecimal() and len(text) < 20
        if not (good and self.low <= int(text) <= self.high):
            span = f"a whole number from {self.low} to {self.high}"
            raise Refused(400, f"{self.name} is {span}, not {text[:40]!r}.")
        return int(text)

    def schema(self) -> dict[str, Any]:
        """The parameter as OpenAPI describes it."""
        values = {"minimum": self.low, "maximum": self.high, "default": self.default}
        kind = {"type": "string" if self.high is None else "integer"}
        return {
            "name": self.name,
            "in": "query",
            "description": self.says,
            "required": self.required,
            "schema": kind | {key: value for key, value in values.items() if value is not None},
        }


@dataclass(frozen=True)
class Call:
    """A request that has been checked: its numbers in the path, its parameters, its body."""

    request: Request
    ids: Mapping[str, int]
    query: Mapping[str, Any]
    body: Any


Handler = Callable[[Any, Call], BaseModel | Mapping[str, Any]]


@dataclass(frozen=True)
class Route:
    """One method on one path, with the records it takes and gives and the statuses it may refuse.

    `open` routes take no token. `writes` says that an Idempotency-Key is kept.
    """

    method: str
    path: str
    says: str
    handler: Handler
    gives: type[BaseModel] | None
    status: int = 200
    takes: type[BaseModel] | None = None
    query: tuple[Parameter, ...] = ()
    refuses: tuple[int, ...] = ()
    open: bool = False

    @property
    def writes(self) -> bool:
        """Whether it creates something."""
        return self.takes is not None

    def ids(self) -> list[str]:
        """The names of the numbers in its path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def match(self, path: str) -> dict[str, int] | None:
        """The numbers in a path, or None where it is another one."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[0-9]{1,18})", self.path)
        found = re.fullmatch(pattern, path)
        return {name: int(text) for name, text in found.groupdict().items()} if found else None

    def call(self, request: Request, ids: Mapping[str, int]) -> Call:
        """The checked request. Raises `Refused` where a parameter or the body is wrong."""
        asked = dict(parse_qsl(urlsplit(request.url).query))
        query = {one.name: one.read(asked) for one in self.query}
        body = None
        if self.takes:
            try:
                body = self.takes.model_validate(request.body)
            except ValidationError as error:
                raise Refused(400, f"The body does not fit: {first_error(error)}.") from error
        return Call(request, ids, query, body)

    def answer(self, platform: Any, call: Call) -> Response:
        """What the handler gives, as it is sent."""
        given = self.handler(platform, call)
        plain = given.model_dump() if isinstance(given, BaseModel) else given
        return Response(self.status, plain)


class Routes:
    """The routes of an API in the order of their entry."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def route(
        self, method: str, path: str, says: str, **about: Any
    ) -> Callable[[Handler], Handler]:
        """Enters a function as the answer to a method on a path."""

        def enter(handler: Handler) -> Handler:
            self.all.append(Route(method, path, says, handler, **about))
            return handler

        return enter

    def find(self, request: Request) -> tuple[Route, dict[str, int]]:
        """The route of a request and the numbers in its path. Raises `Refused`."""
        path = urlsplit(request.url).path
        fitting = [(route, ids) for route in self.all if (ids := route.match(path)) is not None]
        if not fitting:
            there = ", ".join(dict.fromkeys(route.path for route in self.all))
            raise Refused(404, f"There is nothing at {path}; there is {there}.")
        for route, ids in fitting:
            if route.method == request.method:
                return route, ids
        allowed = ", ".join(route.method for route, _ in fitting)
        raise Refused(405, f"{path} takes {allowed} alone.", {"Allow": allowed})
