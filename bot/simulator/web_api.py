"""The Web API over HTTP: who calls, what they may, what goes wrong, and a record of each call.

https://docs.slack.dev/apis/web-api: GET or POST, form or JSON; the token in the Authorization header or, in a form, as
``token``; errors are 200 with ok false, except 429.
"""

import json
import time
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from bot.simulator.faults import Fault
from bot.simulator.methods import METHODS, Method, Request, chat, conversations, people, views
from bot.simulator.records import Call, SlackError, Token, Wire
from bot.simulator.server import cut_connection

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

FAMILIES = (chat, conversations, people, views)
#: What is not kept of a call.
_SECRETS = {"token", "client_secret"}
#: Methods that an app calls before it has a token.
_WITHOUT_TOKEN = {"api.test", "oauth.v2.access"}


class CutResponse(Response):
    """No answer: the connection is reset, at once or after a silence."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        cut_connection(environ)
        raise ConnectionResetError


def web_api(sim: "Simulator") -> Blueprint:
    """The blueprint of ``/api/<method>``, file downloads and response addresses."""
    routes = Blueprint("web_api", __name__)

    @routes.route("/api/<name>", methods=["GET", "POST"])
    def call(name: str) -> Response:
        started, at = time.monotonic(), time.time()
        body = request.get_data(cache=True)
        args = _arguments()
        fault = sim.faults.take(name)
        token: Token | None = None
        answer: Wire = {}
        status = 200
        if fault is None or fault.done:
            token, answer, status = _answer(sim, name, args)
        response = _respond(answer, status, token, name) if fault is None else _spoil(sim, fault)
        cut = isinstance(response, CutResponse)
        shown = answer if fault is None else _fault_answer(fault)
        kept = {key: value for key, value in args.items() if key not in _SECRETS}
        ms = (time.monotonic() - started) * 1000
        user = token.user_id if token else ""
        sim.record(Call(at, name, kept, body, 0 if cut else response.status_code, shown, ms, user))
        return response

    @routes.get("/files-pri/<place>/<name>")
    @routes.get("/files-pri/download/<place>/<name>")
    def file(place: str, name: str) -> Response:
        """https://docs.slack.dev/reference/objects/file-object: without a token that may, a redirect to the login page."""
        token = sim.tokens.get(_bearer())
        found = sim.workspace.files.get(place.split("-")[-1])
        channel = sim.workspace.channels.get(found.channel_id) if found else None
        allowed = (
            token and channel and token.user_id in channel.members and "files:read" in token.scopes
        )
        status = 200 if allowed else 302
        ok: Wire = {"ok": True} if allowed else {"ok": False, "error": "login"}
        sim.record(
            Call(
                time.time(),
                "files-pri",
                {"file": place},
                b"",
                status,
                ok,
                0.0,
                token.user_id if token else "",
            )
        )
        if not allowed or found is None:
            return Response(status=302, headers={"Location": f"{sim.url}/signin"})
        return Response(found.content, content_type=found.wire["mimetype"])

    @routes.post("/hooks/actions/<key>")
    def response_url(key: str) -> Response:
        """https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: 5 times in 30 minutes."""
        payload = request.get_json(silent=True)
        problem = (
            "invalid_payload"
            if not isinstance(payload, dict)
            else sim.interactions.respond(key, payload)
        )
        answer: Wire = {"ok": False, "error": problem} if problem else {"ok": True}
        sim.record(
            Call(
                time.time(),
                "response_url",
                payload or {},
                request.get_data(),
                404 if problem else 200,
                answer,
                0.0,
            )
        )
        return Response(problem or "ok", status=404 if problem else 200, content_type="text/plain")

    return routes


def _arguments() -> Wire:
    args: Wire = dict(request.args) | dict(request.form)
    if request.mimetype == "application/json":
        body = request.get_json(silent=True)
        args |= body if isinstance(body, dict) else {}
    given = request.authorization
    if given and given.type == "basic":
        # oauth.v2.access recommends it for the app's id and secret
        args |= {"client_id": given.username, "client_secret": given.password}
    return args


def _bearer() -> str:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def _answer(sim: "Simulator", name: str, args: Wire) -> tuple[Token | None, Wire, int]:
    token: Token | None = None
    try:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        token = _token(sim, method, str(args.get("token") or _bearer()))
        wait_s = sim.limits.wait_s(name, method.tier, str(args.get("channel", "")))
        if wait_s:
            return token, {"ok": False, "error": "ratelimited", "retry_after": wait_s}, 429
        with sim.workspace.lock:
            found = Request(sim, token, args)
            if method.scopes:
                found.need(*method.scopes)
            return token, {"ok": True} | method.call(found), 200
    except SlackError as error:
        return token, {"ok": False, "error": error.code} | error.more, 200


def _token(sim: "Simulator", method: Method, value: str) -> Token:
    if method.name in _WITHOUT_TOKEN:
        return Token("", "", frozenset())
    if not value:
        raise SlackError("not_authed")
    if value in sim.revoked:
        raise SlackError("token_revoked" if sim.app.is_installed else "account_inactive")
    token = sim.tokens.get(value)
    if token is None:
        raise SlackError("invalid_auth")
    return token


def _respond(answer: Wire, status: int, token: Token | None, name: str) -> Response:
    retry_after = answer.pop("retry_after", None) if status == 429 else None
    response = Response(
        json.dumps(answer, ensure_ascii=False),
        status,
        content_type="application/json; charset=utf-8",
    )
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if token:
        response.headers["X-OAuth-Scopes"] = ",".join(sorted(token.scopes))
        method = METHODS.get(name)
        response.headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes) if method else ""
    return response


def _fault_answer(fault: Fault) -> Wire:
    if fault.kind == "rate_limited":
        return {"ok": False, "error": "ratelimited"}
    return {"ok": False, "error": fault.code if fault.kind == "error" else fault.kind}


def _spoil(sim: "Simulator", fault: Fault) -> Response:
    """The answer that ``fault`` gives in place of the true one."""
    if fault.kind == "rate_limited":
        return _respond(
            {**_fault_answer(fault), "retry_after": max(1, int(fault.seconds))}, 429, None, ""
        )
    if fault.kind == "error":
        return _respond(_fault_answer(fault), 200, None, "")
    if fault.kind == "status":
        return Response("upstream connect error", fault.status, content_type="text/plain")
    if fault.kind == "garbage":
        return Response(
            "<html><body>Something went wrong</body></html>", 200, content_type="text/html"
        )
    if fault.kind == "hang":
        sim.stopping.wait(fault.seconds)
    return CutResponse()
