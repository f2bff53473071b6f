"""Refusals of the API: each error as JSON with a status, and with nothing of the request in it."""

import logging
import math
from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from bot.api.flag_shapes import flag_shape
from bot.api.limits import WaitError
from bot.api.reviews import Conflict
from bot.api.shapes import Detail, Problem, RequestError
from bot.api.tokens import NoTokenError, ScopeError
from bot.build import Parts
from bot.errors import ForbiddenError, NotFoundError, OverloadedError, ReviewError, StaleError
from bot.logs import event as log_event
from bot.records import Flag
from bot.snapshots import ExportError

WORDS: Final[dict[int, str]] = {
    400: "the request cannot be read",
    404: "there is no such path",
    413: "the body is over one megabyte",
    415: "send the body as application/json, without Content-Encoding",
}


class UnreadableError(Exception):
    """A body that is not even looked at, for an answer of this status."""

    def __init__(self, status: int) -> None:
        super().__init__(WORDS[status])
        self.status = status


def add_errors(blueprint: Blueprint, parts: Parts) -> None:
    """Each refusal as JSON, with nothing of the request in it."""

    @blueprint.errorhandler(NoTokenError)
    def no_token(error: NoTokenError) -> Response:
        response = problem(401, str(error))
        response.headers["WWW-Authenticate"] = 'Bearer realm="piiguard"'
        return response

    @blueprint.errorhandler(ScopeError)
    @blueprint.errorhandler(ForbiddenError)
    def forbidden(error: Exception) -> Response:
        return problem(403, str(error))

    @blueprint.errorhandler(NotFoundError)
    def not_found(error: NotFoundError) -> Response:
        return problem(404, str(error))

    @blueprint.errorhandler(RequestError)
    def unfit(error: RequestError) -> Response:
        return answer(error.problem.model_dump_json(), 400)

    @blueprint.errorhandler(ReviewError)
    def wrong(error: ReviewError) -> Response:
        detail = (Detail(where=error.field, reason=str(error)),) if error.field else ()
        return answer(Problem(error=str(error), problems=detail).model_dump_json(), 400)

    @blueprint.errorhandler(ExportError)
    def not_exported(error: ExportError) -> Response:
        return problem(400, str(error))

    @blueprint.errorhandler(StaleError)
    def stale(error: StaleError) -> Response:
        flag = error.current
        shape = flag_shape(flag, parts.policies.current()) if isinstance(flag, Flag) else None
        return answer(Conflict(error=str(error), flag=shape).model_dump_json(), 409)

    @blueprint.errorhandler(WaitError)
    def too_often(error: WaitError) -> Response:
        response = problem(429, "too often; wait as long as Retry-After says")
        response.headers["Retry-After"] = str(max(1, math.ceil(error.seconds)))
        return response

    @blueprint.errorhandler(UnreadableError)
    def unreadable(error: UnreadableError) -> Response:
        return problem(error.status, str(error))

    @blueprint.errorhandler(OverloadedError)  # also a database that does not answer
    def not_now(error: OverloadedError) -> Response:
        response = problem(503, "not now; nothing was changed")
        response.headers["Retry-After"] = "5"
        return response

    @blueprint.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        status = error.code or 500
        return problem(status, WORDS.get(status, "this cannot be done"))

    @blueprint.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log_event("bot.api", "request_failed", level=logging.ERROR, error=error, status=500)
        return problem(500, "something went wrong; it was logged, without what you sent")


def problem(status: int, sentence: str) -> Response:
    """A refusal in a sentence."""
    return answer(Problem(error=sentence).model_dump_json(), status)


def answer(body: str | bytes, status: int = 200) -> Response:
    """An answer that is JSON already."""
    return Response(body, status=status, content_type="application/json")
