"""The OpenAPI 3.1 document of the REST interface, made of the operations themselves."""

from __future__ import annotations

import inspect
import typing
from functools import cache
from typing import Any

from practicum.rest.operations import OPERATIONS, Operation
from practicum.rest.shapes import describe

PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["type", "title", "status", "detail"],
}
PAGE = (("limit", 1, 200), ("offset", 0, None))


@cache
def document() -> dict[str, Any]:
    """The whole document; the server is the path that it lies under."""
    named: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practicum",
            "version": "1",
            "description": inspect.cleandoc(_ABOUT),
        },
        "servers": [{"url": "."}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
    }


_ABOUT = """
    Hours of practice at host libraries. Commands take an Idempotency-Key: a request sent again with
    the same key takes effect once and gets the first answer. Refusals are problem details
    (RFC 9457) with the names of the errors.
"""


def _describe(operation: Operation, named: dict[str, Any]) -> dict[str, Any]:
    parameters = [_parameter(operation, name, "path", named) for name in sorted(operation.in_path)]
    rest = [name for name in operation.shapes if name not in operation.in_path]
    body = {}
    if operation.method == "GET":
        parameters += [_parameter(operation, name, "query", named) for name in rest]
        parameters += [_of_page(*one) for one in PAGE if _is_list(operation)]
    else:
        body = {"requestBody": {"required": True, "content": _json(_body(operation, rest, named))}}
        if operation.takes_key:
            parameters.append(
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "schema": {"type": "string", "maxLength": 64},
                }
            )
    refused = {"description": "Refused.", "content": _problem()}
    about = inspect.getdoc(operation.function) or ""
    return {
        "operationId": f"{operation.method.lower()}_{operation.name}",
        "summary": about.partition("\n")[0],
        "description": about,
        "parameters": parameters,
        **body,
        "responses": {
            "200": {"description": "Done.", "content": _json(_answer(operation, named))},
            **dict.fromkeys(("401", "403", "404", "409", "422", "429"), refused),
        },
    }


def _parameter(
    operation: Operation, name: str, where: str, named: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path" or name in operation.required,
        "schema": describe(operation.shapes[name], named),
    }


def _of_page(name: str, least: int, most: int | None) -> dict[str, Any]:
    limits = {"minimum": least, **({"maximum": most} if most is not None else {})}
    return {"name": name, "in": "query", "schema": {"type": "integer", **limits}}


def _body(operation: Operation, rest: list[str], named: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: describe(operation.shapes[name], named) for name in rest},
        "required": [name for name in rest if name in operation.required],
        "additionalProperties": False,
    }


def _is_list(operation: Operation) -> bool:
    return typing.get_origin(operation.result) is list


def _answer(operation: Operation, named: dict[str, Any]) -> dict[str, Any]:
    found = describe(operation.result, named)
    if not _is_list(operation):
        return found
    properties = {"items": found, "next": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
    return {"type": "object", "properties": properties, "required": ["items", "next"]}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _problem() -> dict[str, Any]:
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
