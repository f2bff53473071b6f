"""SocketDoor: the second way in, for installs without a public address.

The listener puts the event on disk, then acknowledges the envelope. If that acknowledgement is lost, nothing is undone:
Slack sends again and the key folds it. https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import OverloadedError
from bot.ingress.door import Door
from bot.logs import event as log_event
from bot.metrics import Metrics

#: An idle session may look alive and deliver nothing; a call a minute helped others
#: (https://github.com/slackapi/bolt-python/issues/1529), and a connection this long without a pong is replaced.
LOOK_S = 60.0
SILENT_S = 300.0
#: The SDK's queue has no end: above this we hang up, and Slack sends what was not acknowledged again.
MAX_WAITING = 1000

# At DEBUG the SDK prints bodies, and at ERROR it prints what a listener raised.
_QUIET = logging.getLogger("bot.ingress.socket.sdk")
_QUIET.setLevel(logging.CRITICAL + 1)
_QUIET.propagate = False


class SocketDoor:
    """A Socket Mode connection that is watched. ``on_gap(since)``: nothing came from then (seconds since 1970) to now."""

    def __init__(
        self,
        door: Door,
        app_token: str,
        metrics: Metrics,
        *,
        base_url: str = "",
        on_gap: Callable[[float], None] = lambda since: None,
        look_s: float = LOOK_S,
        silent_s: float = SILENT_S,
        max_waiting: int = MAX_WAITING,
    ):
        self._door = door
        self._metrics = metrics
        self._on_gap = on_gap
        self._look_s, self._silent_s, self._max_waiting = look_s, silent_s, max_waiting
        web = WebClient(timeout=10, retry_handlers=[], logger=_QUIET)
        if base_url:
            web.base_url = base_url.rstrip("/") + "/"
        self._web = web
        self._client = SocketModeClient(
            app_token,
            logger=_QUIET,
            web_client=web,
            on_message_listeners=[self._hang_up_when_flooded],
            on_close_listeners=[self._closed],
        )
        self._client.socket_mode_request_listeners.append(self._listen)
        self._stopping = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="socket-watchdog", daemon=True)
        self._last_seen = time.time()
        self._last_well = self._last_seen
        self._session = ""

    @property
    def is_alive(self) -> bool:
        """True while the watchdog runs; the connection itself comes and goes."""
        return self._watchdog.is_alive()

    def start(self) -> None:
        """Connect; a Slack that is away is tried again by the watchdog."""
        self._reconnect("start")
        self._note_gap()
        self._watchdog.start()

    def stop(self) -> None:
        """Hang up; what was not acknowledged, Slack sends again."""
        self._stopping.set()
        try:
            self._client.close()
        except Exception as error:  # noqa: BLE001  the SDK's own, and we are leaving
            log_event("bot.socket", "close_failed", level=logging.WARNING, error=error)

    def _listen(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """Store, then acknowledge. Never raises: the SDK would swallow it and log the traceback."""
        self._last_seen = time.time()
        started = time.monotonic()
        status = 200
        try:
            if request.retry_attempt:
                self._metrics.slack_retries.labels(str(min(request.retry_attempt, 9))).inc()
            body = self._pass_on(request)
            client.send_socket_mode_response(_acknowledgement(request, body))
        except OverloadedError:
            status = 503
        except Exception as error:  # noqa: BLE001  without an acknowledgement Slack sends it again
            status = 500
            log_event("bot.socket", "failed", level=logging.ERROR, error=error)
        self._metrics.acks.labels(str(status)).inc()
        self._metrics.ack_seconds.observe(time.monotonic() - started)

    def _pass_on(self, request: SocketModeRequest) -> dict[str, Any] | None:
        payload = request.payload
        if request.type == "events_api":
            self._door.event(payload)
        elif request.type == "interactive":
            return self._door.interaction(payload)
        elif request.type == "slash_commands":
            return self._door.command({name: str(value) for name, value in payload.items()})
        return None

    def _watch(self) -> None:
        while not self._stopping.wait(self._look_s):
            self._metrics.socket_age_seconds.set(time.time() - self._last_sign())
            if self._n_waiting() > self._max_waiting:
                continue
            if not self._client.is_connected():
                self._reconnect("not connected")
            elif time.time() - self._last_sign() > self._silent_s:
                self._reconnect("no pong")
            self._say_hello()
            self._note_gap()

    def _note_gap(self) -> None:
        """A new session, whoever opened it, means that something may be missing since the old one was last well."""
        session = self._client.session_id() or ""
        if session != self._session and self._session:
            try:
                self._on_gap(self._last_well)
            except Exception as error:  # noqa: BLE001  the database is away; the next look asks again
                log_event("bot.socket", "gap_not_kept", level=logging.WARNING, error=error)
                return
        self._session = session
        if self._client.is_connected():
            self._last_well = self._last_sign()

    def _n_waiting(self) -> int:
        # subtle: the SDK hands everything on to its workers at once, so what waits, waits in their queue
        return self._client.message_queue.qsize() + self._client.message_workers._work_queue.qsize()

    def _hang_up_when_flooded(self, _: str) -> None:
        if self._n_waiting() > self._max_waiting and self._client.is_connected():
            log_event("bot.socket", "hung_up", level=logging.WARNING, reason="queue_full")
            # not here: this is the thread that reads from the socket which is to be closed
            threading.Thread(target=self._client.disconnect, daemon=True).start()

    def _last_sign(self) -> float:
        """When the server last answered a ping, or sent anything."""
        session = self._client.current_session
        pong = session.last_ping_pong_time if session is not None else None
        return max(pong or 0.0, self._last_seen)

    def _reconnect(self, why: str) -> None:
        log_event("bot.socket", "connecting", reason=why.replace(" ", "_"))
        try:
            self._client.connect_to_new_endpoint(force=True)
        except Exception as error:  # noqa: BLE001  network, TLS, Slack's refusal: tried again at the next look
            log_event("bot.socket", "connect_failed", level=logging.WARNING, error=error)

    def _say_hello(self) -> None:
        try:
            self._web.api_call("auth.test", params={"token": self._client.app_token})
        except Exception as error:  # noqa: BLE001  it only keeps the way open
            log_event("bot.socket", "auth_test_failed", level=logging.WARNING, error=error)

    def _closed(self, code: int, reason: str | None = None) -> None:
        log_event("bot.socket", "closed", status=code)


def _acknowledgement(request: SocketModeRequest, body: dict[str, Any] | None) -> dict[str, Any]:
    acknowledgement: dict[str, Any] = {"envelope_id": request.envelope_id}
    if body and request.accepts_response_payload:
        acknowledgement["payload"] = body
    return acknowledgement
