"""The OpenAPI 3.1 document of the annotation API, built from its routes.

Form: OpenAPI Specification 3.1.0; the schemas are JSON Schema 2020-12, as pydantic writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from labelschool.labs.records import Problem
from labelschool.labs.routes import Route

VERSION = "1.0"
_REF = "#/components/schemas/{model}"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "A text of yours, at most 200 characters. The same key with the same body gets the first "
        "answer again and does nothing; with another body it is refused with 422."
    ),
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
}
_WAIT = {
    "description": "Whole seconds to wait before the next request",
    "schema": {"type": "integer"},
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The document of an API with these routes."""
    records = {one for route in routes for one in (route.takes, route.gives) if one} | {Problem}
    ordered = sorted(records, key=lambda record: record.__name__)
    _, schemas = models_json_schema(
        [(record, "validation") for record in ordered], ref_template=_REF
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Annotation API of Label School",
            "version": VERSION,
            "description": (
                "A page by `page` counts rows from the start, so rows that come or go between two "
                "pages shift it. A page by `after` begins behind an id and does not shift."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.handler.__name__.strip("_"),
        "summary": route.says,
        "security": [] if route.open else [{"token": []}],
        "responses": _responses(route),
    }
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
        for name in route.ids()
    ]
    keyed = [_KEY] if route.writes else []
    if parameters := [*in_path, *(one.schema() for one in route.query), *keyed]:
        made["parameters"] = parameters
    if route.takes:
        made["requestBody"] = {"required": True, "content": _json(route.takes)}
    return made


def _responses(route: Route) -> dict[str, Any]:
    refused = {400: bool(route.query or route.takes), 401: not route.open, 404: bool(route.ids())}
    refused |= {422: route.writes, 429: True, 500: True} | dict.fromkeys(route.refuses, True)
    made = {str(route.status): _response(route.status, route.gives)}
    for status in sorted(status for status, may in refused.items() if may):
        made[str(status)] = _response(status, Problem)
    made["429"]["headers"] = {"Retry-After": _WAIT}
    return made


def _response(status: int, record: type[BaseModel] | None) -> dict[str, Any]:
    content = {"content": _json(record)} if record else {}
    return {"description": HTTPStatus(status).phrase, **content}


def _json(record: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=record.__name__)}}}
