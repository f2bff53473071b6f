"""Error pages: what happened, whose turn it is, and nothing of what came in."""

import logging
from typing import TYPE_CHECKING, Final, NoReturn

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from bot.console import here
from bot.console.roles import ALL_ROLES, Access, words
from bot.console.words import sentence
from bot.errors import ForbiddenError, NotFoundError, OverloadedError, ReviewError, StaleError
from bot.ingress.pages import page
from bot.logs import event as log_event
from bot.records import Person
from bot.store import Store

if TYPE_CHECKING:
    from bot.console import Console

#: status -> (title, sentence)
WORDS: Final[dict[int, tuple[str, str]]] = {
    400: ("That could not be read", "Something in the request is missing or wrong. Go back and try again."),
    401: ("Sign in", "Please sign in."),
    403: ("Not allowed", "You are not allowed to do that."),
    404: ("Not found", "There is no such page in this workspace, or what was here is gone."),
    405: ("Not possible", "That cannot be done at this address."),
    409: ("Somebody was quicker", "This has changed since you opened it. Open it again."),
    413: ("Too large", "That is too large to take."),
    429: ("Too often", "That was tried too often. Wait a little, then try again."),
    503: ("Not now", "The database does not answer. Nothing was changed; try again in a moment."),
}  # fmt: skip
_UNKNOWN: Final = ("Something went wrong", "It was logged. Nothing of what you sent is in the log.")
#: Statuses whose reason our own code gives with ``abort(status, "why")``.
_WITH_REASON: Final = frozenset({400, 403, 404, 409, 422, 429})


def refuse(store: Store, person: Person, access: Access) -> NoReturn:
    """The person is of the wrong role: say so, and keep a row of it. Raises: ForbiddenError."""
    with store.transaction() as tx:
        store.audit.append(
            tx, person.tenant, person.id, "access.refused", request.endpoint or "",
            method=request.method,
        )  # fmt: skip
    has = f"You are {words(person.roles)}." if person.roles else "You have no role yet."
    needed = words(access.roles or frozenset(ALL_ROLES)).replace(", ", " or ")
    raise ForbiddenError(f"This takes the role {needed}. {has}")


def add_error_pages(app: Flask, console: "Console") -> None:
    """Pages of the console's own look; other doors keep theirs."""

    def show(status: int, reason: str = "") -> Response:
        title, sentence = WORDS.get(status, _UNKNOWN)
        if not console.is_ours():
            return page(title, sentence, status)
        if here.wants_fragment():
            answer: Response = jsonify(error=reason or sentence)
            answer.status_code = status
            return answer
        return draw(status, title, reason or sentence)

    def draw(status: int, title: str, sentence: str) -> Response:
        try:
            console.prepare()
            html = render_template("error.html", status=status, title=title, sentence=sentence)
        except Exception as error:  # noqa: BLE001  the database is down, say: a plain page needs none
            log_event("bot.console", "error_page_failed", level=logging.WARNING, error=error)
            return page(title, sentence, status)
        return make_response(html, status)

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        status = error.code or 500
        is_own_word = status in _WITH_REASON and error.description != type(error).description
        response = show(status, str(error.description) if is_own_word else "")
        if status == 405 and (allowed := getattr(error, "valid_methods", None)):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        if seconds := getattr(error, "retry_after", None):
            response.headers["Retry-After"] = str(int(seconds))
        return response

    @app.errorhandler(ForbiddenError)
    def forbidden(error: ForbiddenError) -> Response:
        return show(403, sentence(str(error)))

    @app.errorhandler(NotFoundError)
    def not_found(error: NotFoundError) -> Response:
        return show(404)

    @app.errorhandler(ReviewError)
    def wrong(error: ReviewError) -> Response:
        return show(400, sentence(str(error)))

    @app.errorhandler(StaleError)
    def stale(error: StaleError) -> Response:
        return show(409)

    @app.errorhandler(OverloadedError)
    def overloaded(error: OverloadedError) -> Response:
        response = show(503)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log_event("bot.console", "request_failed", level=logging.ERROR, error=error, status=500)
        return show(500)
