"""api_doors(): the operations as routes. Token, limit, scope, body, query: each is checked here, before anything runs."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Blueprint, Response, request
from pydantic import ValidationError

from bot.api import exports, flags, models, policy, presidio_paths, reviews
from bot.api.errors import WORDS, UnreadableError, add_errors, answer, problem
from bot.api.limits import Limits, WaitError
from bot.api.openapi import KEY_PATTERN, document
from bot.api.operations import Call, Caller, File, Operation
from bot.api.shapes import MAX_NUMBER, Problem, RequestError, Shape, refusal
from bot.api.tokens import ScopeError, caller_of
from bot.build import Parts
from bot.errors import NotFoundError, OverloadedError

MAX_BODY_BYTES: Final = 1_000_000
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_KEY: Final = re.compile(KEY_PATTERN)


class Health(Shape):
    """Whether the process does its work."""

    ok: bool


def _health(call: Call) -> Health:
    if call.parts.dead_threads():
        raise OverloadedError("a thread has died")
    return Health(ok=True)


def api_doors(parts: Parts, limits: Limits = Limits()) -> Blueprint:  # noqa: B008  frozen
    """``/api/v1`` and Presidio's paths over ``parts``. Cookies count for nothing here, only tokens."""
    blueprint = Blueprint("api", __name__)
    operations = all_operations(limits)
    written = json.dumps(document(operations), indent=1)
    by_path: dict[str, list[Operation]] = {}
    for one in operations:
        by_path.setdefault(one.path, []).append(one)
        _add(blueprint, one.path, [one.method], one.name, _view(parts, one, limits))
    _add(blueprint, "/api/v1/openapi.json", ["GET"], "openapi", lambda: answer(written))
    for path in (*by_path, "/api/v1/openapi.json"):
        allowed = [one.method for one in by_path.get(path, ())] or ["GET"]
        _refuse_others(blueprint, path, allowed)
    for rule, name in (("/api/", "nothing"), ("/api/<path:rest>", "nothing_else")):
        _add(blueprint, rule, _METHODS, name, lambda rest="": problem(404, WORDS[404]))
    add_errors(blueprint, parts)
    return blueprint


def all_operations(limits: Limits) -> tuple[Operation, ...]:
    """Every operation, in the order of the document."""
    health = Operation(
        "health", "GET", "/api/v1/health", "Whether the process does its work",
        None, _health, Health,
    )  # fmt: skip
    rooms = (flags, reviews, exports, models, policy)
    return (
        *(one for room in rooms for one in room.OPERATIONS),
        health,
        *presidio_paths.operations(limits),
    )


def _add(
    blueprint: Blueprint, path: str, methods: Sequence[str], name: str, view: Callable[..., Any]
) -> None:
    # as text: a number out of range would leave the routes, and one of many digits fail there
    rule = path.replace("{number}", "<string(maxlength=10):number>")
    blueprint.add_url_rule(rule, name, view, methods=list(methods), provide_automatic_options=False)


def _refuse_others(blueprint: Blueprint, path: str, allowed: Sequence[str]) -> None:
    """405 in our own words: below a path for all that is left, Flask would know no other method."""
    known = {*allowed, "HEAD"} if "GET" in allowed else set(allowed)

    def refuse(**path: str) -> Response:
        response = problem(405, "this path takes " + " and ".join(sorted(known)))
        response.headers["Allow"] = ", ".join(sorted(known))
        return response

    others = [method for method in _METHODS if method not in known]
    _add(blueprint, path, others, "not " + path.replace(".", " "), refuse)


def _view(parts: Parts, operation: Operation, limits: Limits) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        caller = _admit(parts, operation, limits)
        call = Call(
            parts,
            caller,
            {name: _number(text) for name, text in path.items()},
            query=_query(operation),
            body=_body(operation),
            key=_idempotency_key(operation),
        )
        found = operation.run(call)
        if isinstance(found, File):
            response = Response(found.body, content_type="application/octet-stream")
            response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
            response.headers.update(found.headers)
            return response
        return answer(operation.writes.dump_json(found), operation.status)

    return view


def _admit(parts: Parts, operation: Operation, limits: Limits) -> Caller | None:
    if operation.scope is None:
        return None
    caller = caller_of(parts.store, request.headers.get("Authorization", ""))
    if wait_s := limits.take_requests(parts.store, caller.token.id, operation.cost):
        raise WaitError(wait_s)
    if not caller.token.may(operation.scope):
        raise ScopeError(operation.scope)
    return caller


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= MAX_NUMBER:
        raise NotFoundError(WORDS[404])
    return number


def _query(operation: Operation) -> Any:
    shape = operation.query
    if shape is None:
        return None
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        field = shape.model_fields.get(name)
        if field is not None and isinstance(field.default, tuple):
            given[name] = values
        elif len(values) > 1:
            where = name if field is not None else "an unknown parameter"
            raise RequestError(Problem(error=f"{where} is given several times"))
        else:
            given[name] = values[0]
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise refusal(error) from None


def _body(operation: Operation) -> Any:
    request.max_content_length = MAX_BODY_BYTES
    data = request.get_data()
    if operation.body is None:
        return None
    if not request.is_json or request.headers.get("Content-Encoding"):
        raise UnreadableError(415)
    try:
        return operation.reads.validate_json(data, strict=True)
    except ValidationError as error:
        raise refusal(error) from None


def _idempotency_key(operation: Operation) -> str:
    key = request.headers.get("Idempotency-Key", "") if operation.has_key else ""
    if key and not _KEY.fullmatch(key):
        raise RequestError(
            Problem(error="Idempotency-Key takes 1 to 64 letters, digits, hyphens or underscores")
        )
    return key
