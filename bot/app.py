"""create_app(): the web side of the bot. Slack's doors, the machine doors, and the headers of every answer."""

import ipaddress
import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.api import api_doors
from bot.build import Parts
from bot.config import SLACK_API
from bot.ingress.http import slack_doors
from bot.ingress.install import install_doors
from bot.ingress.pages import page
from bot.logs import event as log_event
from bot.metrics import CONTENT_TYPE
from bot.records import Person
from bot.slack.oauth import OAuthApp

if TYPE_CHECKING:
    from bot.console import Console

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: A write probe at most so often, however often somebody asks.
PROBE_S = 1.0
MAX_BODY_BYTES = 4_000_000


def create_app(
    parts: Parts,
    *,
    console: "Console | None" = None,
    blueprints: Sequence[Blueprint] = (),
    person_of: Callable[[], Person | None] = lambda: None,
    may_read_metrics: Callable[[], bool] = lambda: False,
) -> Flask:
    """The Flask application over ``parts``.

    Args:
        console: the review console, from ``bot.console.open_console``; it says who is signed in.
        blueprints: doors on top with a proof of their own. Cookies count for nothing there.
        person_of: who is signed in, for ``/slack/install`` without a console.
        may_read_metrics: whether the request carries a token for ``/metrics``; a loopback bind needs none.
    """
    if console is not None:
        person_of, may_read_metrics = console.person_of, console.may_read_metrics
    # no static folder: a route that nobody asked for
    app = Flask("bot", static_folder=None, static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    config = parts.config
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.register_blueprint(slack_doors(parts.door, config.signing_secrets, parts.metrics))
    if config.slack_client_id and config.slack_client_secret and config.base_url:
        base_url = config.slack_api_base_url
        oauth = OAuthApp(
            config.slack_client_id,
            config.slack_client_secret.get_secret_value(),
            f"{config.base_url}/slack/oauth_redirect",
            "" if base_url == SLACK_API else base_url,
        )
        app.register_blueprint(
            install_doors(
                oauth, parts.store, parts.workspaces, person_of, allowed=config.allowed_teams
            )
        )
    _add_machine_doors(app, parts, may_read_metrics)
    app.register_blueprint(api_doors(parts))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    if console is None:
        _add_error_pages(app)
    else:
        console.init_app(app)
    _add_headers(app, is_https=config.base_url.startswith("https://"))
    return app


def _add_machine_doors(app: Flask, parts: Parts, may_read_metrics: Callable[[], bool]) -> None:
    probed: dict[str, object] = {"at": float("-inf"), "is_ready": False}

    @app.get("/health")
    def health() -> tuple[Response, int]:
        """Whether the threads live; a process that says no should be started again."""
        dead = parts.dead_threads()
        return jsonify(ok=not dead, dead=dead), 503 if dead else 200

    @app.get("/ready")
    def ready() -> tuple[Response, int]:
        """Whether this process should be sent to: database writes, keys open, model loaded, not stopping."""
        reason = _not_ready()
        return jsonify(ready=not reason, reason=reason), 503 if reason else 200

    def _not_ready() -> str:
        if parts.stopping.is_set():
            return "stopping"
        if not parts.workspaces.is_connected:
            return "not connected to Slack"
        now = time.monotonic()
        if now - float(str(probed["at"])) >= PROBE_S:
            probed["at"], probed["is_ready"] = now, _takes_writes()
        return "" if probed["is_ready"] else "database"

    def _takes_writes() -> bool:
        try:
            parts.store.probe()
        except Exception as error:  # noqa: BLE001  whatever it is, this process is not ready
            log_event("bot.app", "probe_failed", level=logging.WARNING, error=error)
            return False
        return True

    @app.get("/metrics")
    def metrics() -> Response:
        """Prometheus' text form; open on a loopback bind, else with a token."""
        if not _is_loopback(parts.config.host) and not may_read_metrics():
            return Response(status=403)
        parts.measure()
        return Response(parts.metrics.render(), content_type=CONTENT_TYPE)


def _add_error_pages(app: Flask) -> None:
    """Nothing of the request comes back, and no traceback."""
    words = {
        400: ("Bad request", "That could not be read."),
        401: ("Sign in", "Please sign in."),
        403: ("Not allowed", "You are not allowed to do that."),
        404: ("Not found", "There is no such page."),
        405: ("Not possible", "That cannot be done here."),
        413: ("Too large", "That is too large."),
        429: ("Too often", "Please wait a little."),
        503: ("Not now", "Please try again in a moment."),
    }

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        code = error.code or 500
        title, sentence = words.get(code, ("Something went wrong", "It was logged."))
        response = page(title, sentence, code)
        if code == 405 and (allowed := getattr(error, "valid_methods", None)):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log_event("bot.app", "request_failed", level=logging.ERROR, error=error, status=500)
        return page("Something went wrong", "It was logged.", 500)


def _add_headers(app: Flask, *, is_https: bool) -> None:
    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in (
            ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            response.headers.setdefault(name, value)
        if is_https or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
