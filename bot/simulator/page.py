"""The page: Slack as a person sees it, for one person at a time, in a browser on this machine.

The server gives state and takes actions; the browser draws. Message text reaches the page as JSON and becomes text
nodes there, never markup. There is no login: the page is for one visitor on a loopback address, so it answers only to
that host name, and takes actions only from its own script.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from markupsafe import escape

from bot.simulator.records import SlackError, User, Wire
from bot.simulator.snapshot import snapshot

if TYPE_CHECKING:
    from bot.simulator.interactions import Answer
    from bot.simulator.simulator import Simulator

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
_BEAT_S = 15.0


def page(sim: "Simulator") -> Blueprint:
    """The blueprint of the page and of what it asks for."""
    routes = Blueprint("page", __name__)

    @routes.before_app_request
    def own_host_only() -> None:
        """A page on another host that resolves to 127.0.0.1 gets nothing."""
        host = urlsplit(f"//{request.host}").hostname
        if host not in ("127.0.0.1", "localhost", "::1"):
            abort(403)

    @routes.after_app_request
    def headers(response: Response) -> Response:
        response.headers |= {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return response

    @routes.get("/")
    def index() -> Response:
        return send_from_directory(STATIC, "page.html")

    @routes.get("/static/<name>")
    def static(name: str) -> Response:
        return send_from_directory(STATIC, name)

    @routes.get("/favicon.ico")
    def icon() -> Response:
        return send_from_directory(STATIC, "icon.svg")

    @routes.get("/archives/<channel_id>/p<digits>")
    def archive(channel_id: str, digits: str) -> Any:
        """A permalink opens the page at that message."""
        where = {"c": channel_id, "m": f"{digits[:-6]}.{digits[-6:]}"}
        if thread_ts := request.args.get("thread_ts"):
            where["t"] = thread_ts
        return redirect("/?" + urlencode(where))

    @routes.get("/page/state")
    def state() -> Wire:
        who = _user(sim, request.args.get("as", ""))
        return snapshot(
            sim,
            who,
            request.args.get("c", ""),
            request.args.get("t", ""),
            seen=request.args.get("seen") == "1",
        )

    @routes.get("/page/events")
    def events() -> Response:
        """A number whenever something changed; the page then asks for the state. Server-sent events."""
        response = Response(_changes(sim), content_type="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"
        return response

    @routes.post("/page/act")
    def act() -> tuple[Wire, int]:
        if request.headers.get("X-Simulator") != "page" or request.mimetype != "application/json":
            abort(403)
        body = request.get_json()
        if not isinstance(body, dict):
            abort(400)
        try:
            return _act(sim, _user(sim, str(body.get("as", ""))), body), 200
        except SlackError as error:
            return {"ok": False, "error": error.code} | error.more, 200
        except (KeyError, TypeError, ValueError):
            return {"ok": False, "error": "invalid_arguments"}, 400

    @routes.get("/oauth/v2/authorize")
    def authorize() -> Any:
        """https://docs.slack.dev/authentication/installing-with-oauth: ask, then send the browser back with a code.

        A link and not a form: form-action of a strict policy would also forbid the redirect after it.
        """
        if request.args.get("client_id") != sim.app.client_id:
            return Response("invalid client_id", 400, content_type="text/plain")
        back = request.args.get("redirect_uri", "")
        if urlsplit(back).scheme not in ("http", "https"):
            return Response("bad redirect_uri", 400, content_type="text/plain")
        scopes = frozenset(filter(None, request.args.get("scope", "").replace(" ", ",").split(",")))
        admin = next((user for user in sim.workspace.users.values() if user.is_admin), None)
        if request.args.get("allow"):
            code = sim.workspace.new_id("code.")
            sim.codes[code] = (back, admin.id if admin else "", scopes)
            return redirect(
                f"{back}?{urlencode({'code': code, 'state': request.args.get('state', '')})}"
            )
        cancel = f"{back}?{urlencode({'error': 'access_denied', 'state': request.args.get('state', '')})}"
        allow = f"{request.path}?{urlencode({**request.args, 'allow': '1'})}"
        return Response(
            _consent(sim, sorted(scopes), allow, cancel), content_type="text/html; charset=utf-8"
        )

    @routes.get("/signin")
    def signin() -> Response:
        """Where a private address sends who has no token."""
        return Response(
            "<!doctype html><title>Sign in</title><p>Sign in to see this file.",
            content_type="text/html; charset=utf-8",
        )

    return routes


def _user(sim: "Simulator", ref: str) -> User:
    if ref:
        return sim.workspace.user(ref)
    return next(user for user in sim.workspace.users.values() if not user.is_bot)


def _changes(sim: "Simulator") -> Iterator[str]:
    seen = -1
    while not sim.stopping.is_set():
        with sim.workspace.changed:
            if sim.workspace.n_changes == seen:
                sim.workspace.changed.wait(_BEAT_S)
            seen = sim.workspace.n_changes
        yield f"data: {seen}\n\n"
        # many changes in a row are one picture
        time.sleep(0.05)


def _consent(sim: "Simulator", scopes: list[str], allow: str, cancel: str) -> str:
    items = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in scopes)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<link rel=stylesheet href=/static/page.css><title>Install an app</title><main class=consent>"
        f"<h1>{escape(sim.app.name)} asks to join {escape(sim.workspace.name)}</h1><ul>{items}</ul>"
        f"<p><a class='btn primary' href='{escape(allow)}'>Allow</a> <a class=btn href='{escape(cancel)}'>Cancel</a></main>"
    )


def _act(sim: "Simulator", who: User, body: Wire) -> Wire:
    """One thing a person does. Raises SlackError where Slack would not let them."""
    todo = body["do"]
    if todo == "post":
        return _post(sim, who, body)
    if todo == "edit":
        sim.edit(who, body["channel"], body["ts"], str(body["text"]))
    elif todo == "delete":
        sim.delete(who, body["channel"], body["ts"])
    elif todo == "upload":
        sim.upload(who, body["channel"], str(body["name"])[:100] or "snippet.txt", str(body["content"]), str(body.get("text", "")), thread_ts=body.get("thread_ts", ""))  # fmt: skip
    elif todo == "join":
        sim.workspace.join(who, body["channel"])
    elif todo == "dismiss":
        _dismiss(sim, who, body["ts"])
    elif todo == "click":
        return _told(
            sim.click(
                who,
                body["ts"],
                body["action_id"],
                body.get("value"),
                block_id=body.get("block_id", ""),
            )
        )
    elif todo == "shortcut":
        return _told(sim.shortcut(who, body["callback_id"], body.get("ts", "")))
    elif todo == "home":
        sim.open_home(who, body.get("tab", "home"))
    else:
        return _in_view(sim, who, body)
    return {"ok": True}


def _post(sim: "Simulator", who: User, body: Wire) -> Wire:
    channel, text = sim.workspace.channel(body["channel"]), str(body["text"])
    if text.startswith("/") and not body.get("thread_ts"):
        return _told(sim.command(who, channel, text))
    ts = sim.post(
        who,
        channel,
        text,
        thread_ts=body.get("thread_ts", ""),
        broadcast=bool(body.get("broadcast")),
    )
    return {"ok": True, "ts": ts}


def _in_view(sim: "Simulator", who: User, body: Wire) -> Wire:
    view = sim.views.find(body["view"])
    if view.user_id != who.id:
        raise SlackError("not_found")
    todo = body["do"]
    if todo == "close_view":
        sim.close_view(view, everything=bool(body.get("everything")))
        return {"ok": True}
    sim.fill(view, body.get("values") or {})
    if todo == "submit":
        return _told(sim.submit(view))
    if todo == "click_view":
        return _told(
            sim.click_in_view(
                view, body["action_id"], body.get("value"), block_id=body.get("block_id", "")
            )
        )
    raise SlackError("invalid_arguments")


def _dismiss(sim: "Simulator", who: User, ts: str) -> None:
    with sim.workspace.lock:
        keep = [
            shown for shown in sim.workspace.ephemerals if (shown.ts, shown.user_id) != (ts, who.id)
        ]
        sim.workspace.ephemerals = keep
        sim.workspace.touch()


def _told(answer: "Answer") -> Wire:
    """What the person learns of the app's answer: whether it came."""
    return (
        {"ok": answer.ok}
        if answer.ok
        else {"ok": False, "error": "app_" + answer.error, "status": answer.status}
    )
