"""The OpenAPI 3.1 document, written from the declarations that check requests and write answers."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

import piiguard
from bot.api.operations import File, Operation
from bot.api.shapes import MAX_NUMBER, Problem

_REF: Final = "#/components/schemas/{model}"
KEY_PATTERN: Final = "^[A-Za-z0-9_-]{1,64}$"
_WHY: Final[dict[int, str]] = {
    400: "The request does not fit its declaration, or cannot be carried out.",
    401: "No token, or none that is good any more.",
    403: "The token's scope or role does not reach so far.",
    404: "There is no such thing in the token's workspace.",
    409: "Somebody was quicker; the flag as it stands.",
    413: "The body is over one megabyte.",
    415: "The body is not application/json.",
    429: "Too often; Retry-After says how many seconds to wait.",
    503: "Not now; nothing was changed.",
}
_DESCRIPTION: Final = """\
Flags, decisions, exports and policies of the token's workspace, and Presidio's paths to look through a text.

Send a token of the console's people page as `Authorization: Bearer pg_...`. Cookies count for nothing here. Offsets are
half-open code points. Values are masked everywhere; no operation shows a message's text. A refusal says
`{"error": ...}` and never repeats what was sent."""


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document of these operations."""
    schemas, components = TypeAdapter.json_schemas(_wanted(operations), ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "piiguard",
            "version": piiguard.__version__,
            "description": _DESCRIPTION,
        },
        "paths": paths,
        "components": {
            "schemas": components.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def statuses(operation: Operation) -> list[int]:
    """The refusals that an operation can bring."""
    found = [503]
    if operation.scope:
        found += [401, 403, 429]
    if operation.query or operation.body or operation.has_key:
        found.append(400)
    if operation.method == "POST":
        found += [413]
    if operation.body:
        found += [415]
    if "{" in operation.path:
        found.append(404)
    return sorted({*found, *operation.more})


def _wanted(
    operations: Sequence[Operation],
) -> list[tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]]:
    wanted: list[tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]] = [
        (("", "problem"), "serialization", TypeAdapter(Problem))
    ]
    for one in operations:
        if one.body:
            wanted.append(((one.name, "body"), "validation", one.reads))
        if one.answer is not File:
            wanted.append(((one.name, "answer"), "serialization", one.writes))
        for status, shape in one.more.items():
            if shape is not None:
                wanted.append(((one.name, str(status)), "serialization", TypeAdapter(shape)))
    return wanted


def _operation(one: Operation, schemas: Any) -> dict[str, Any]:
    def schema(what: str, mode: JsonSchemaMode = "serialization") -> Any:
        return schemas[(one.name, what), mode]

    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "security": [{"token": []}] if one.scope else [],
    }
    scope = f"Scope: `{one.scope}`." if one.scope else "Takes no token."
    found["description"] = f"{one.description} {scope}".strip()
    if parameters := _parameters(one):
        found["parameters"] = parameters
    if one.body:
        found["requestBody"] = {"required": True, "content": _json(schema("body", "validation"))}
    responses: dict[str, Any] = {str(one.status): _answer(one, schema)}
    for status in statuses(one):
        has_own = one.more.get(status) is not None
        shape = schema(str(status)) if has_own else schemas[("", "problem"), "serialization"]
        responses[str(status)] = {"description": _WHY[status], "content": _json(shape)}
        if status == 429:
            responses["429"]["headers"] = {
                "Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}
            }
    found["responses"] = responses
    return found


def _answer(one: Operation, schema: Any) -> dict[str, Any]:
    if one.answer is File:
        return {
            "description": "The file.",
            "content": {"application/octet-stream": {"schema": {}}},
            "headers": {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in one.headers.items()
            },
        }
    return {"description": "Done.", "content": _json(schema("answer"))}


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{number}" in one.path:
        number = {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER}
        found.append({"name": "number", "in": "path", "required": True, "schema": number})
    if one.query:
        shape = one.query.model_json_schema()
        for name, schema in shape["properties"].items():
            parameter = {"name": name, "in": "query", "required": name in shape.get("required", ())}
            if text := schema.pop("description", ""):
                parameter["description"] = text
            found.append(parameter | {"schema": _asked(schema)})
    if one.has_key:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "A request sent twice with the same key is carried out once.",
                "schema": {"type": "string", "pattern": KEY_PATTERN},
            }
        )
    return found


def _asked(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema: what may be missing is left out, for a query knows no null."""
    schema = {name: value for name, value in schema.items() if name != "title"}
    if schema.get("default", "") is None:
        del schema["default"]
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
    return schema | kinds[0] if kinds else schema


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
