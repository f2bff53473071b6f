"""Slack's HTTP doors: verify, put on disk, 200. Nothing slow, and never a word of what came in."""

import logging
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot.errors import OverloadedError
from bot.ingress.door import Door
from bot.ingress.requests import (
    MAX_BODY_BYTES,
    RefusedError,
    check_signature,
    read_form,
    read_json,
)
from bot.logs import event as log_event
from bot.metrics import Metrics

MAX_CHALLENGE_CHARS = 256
RETRY_AFTER_S = 5


def slack_doors(door: Door, secrets: tuple[bytes, ...], metrics: Metrics) -> Blueprint:
    """The blueprint of ``/slack/events``, ``/slack/interactions`` and ``/slack/commands``."""
    doors = Blueprint("slack", __name__, url_prefix="/slack")

    def signed_body() -> bytes:
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise RefusedError(415, "encoded_body")
        # one byte more: a body without a length is cut here in silence, and must still be seen to be too large
        request.max_content_length = MAX_BODY_BYTES + 1
        try:
            # read once and raw: request.form would empty the stream
            body = request.get_data(cache=False, parse_form_data=False)
        except RequestEntityTooLarge:
            raise RefusedError(413, "body_too_large") from None
        if len(body) > MAX_BODY_BYTES:
            raise RefusedError(413, "body_too_large")
        check_signature(
            secrets,
            request.headers.get("X-Slack-Request-Timestamp", ""),
            request.headers.get("X-Slack-Signature", ""),
            body,
        )
        return body

    @doors.post("/events")
    def events() -> Response:
        body = signed_body()
        payload = read_json(body)
        if not isinstance(payload.get("type"), str):
            raise RefusedError(400, "no_type", no_retry=True)
        if payload["type"] == "url_verification":
            challenge = str(payload.get("challenge", ""))[:MAX_CHALLENGE_CHARS]
            return Response(challenge, mimetype="text/plain")
        # a retry may be the first copy that arrived: the headers are counted, nothing else
        if retry := request.headers.get("X-Slack-Retry-Num", ""):
            metrics.slack_retries.labels(retry if retry in ("1", "2", "3") else "other").inc()
        door.event(payload, size_bytes=len(body))
        return Response(status=200)

    @doors.post("/interactions")
    def interactions() -> Response:
        form = read_form(signed_body())
        if form.get("ssl_check") == "1":
            return Response(status=200)
        return _answer(door.interaction(read_json(form.get("payload", "").encode())))

    @doors.post("/commands")
    def commands() -> Response:
        form = read_form(signed_body())
        if form.get("ssl_check") == "1":
            return Response(status=200)
        if not form.get("command"):
            raise RefusedError(400, "no_command", no_retry=True)
        return _answer(door.command(form))

    @doors.before_request
    def start_clock() -> None:
        request.environ["piiguard.started"] = time.monotonic()

    @doors.after_request
    def count(response: Response) -> Response:
        seconds = time.monotonic() - request.environ.get("piiguard.started", time.monotonic())
        metrics.acks.labels(str(response.status_code)).inc()
        metrics.ack_seconds.observe(seconds)
        return response

    @doors.errorhandler(RefusedError)
    def refuse(error: RefusedError) -> Response:
        log_event("bot.ingress", "refused", status=error.status, reason=error.reason)
        response = Response(status=error.status)
        if error.no_retry:
            response.headers["X-Slack-No-Retry"] = "1"
        return response

    @doors.errorhandler(OverloadedError)
    def overloaded(_: OverloadedError) -> Response:
        log_event("bot.ingress", "refused", status=503, reason="overloaded")
        return _come_again()

    @doors.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return Response(status=error.code)
        # the database is away, or we have a fault: whichever, Slack has the event and sends it again
        log_event("bot.ingress", "failed", level=logging.ERROR, status=503, error=error)
        return _come_again()

    return doors


def _answer(body: dict[str, Any] | None) -> Response:
    return jsonify(body) if body else Response(status=200)


def _come_again() -> Response:
    return Response(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
