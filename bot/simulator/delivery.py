"""What Slack sends to an app: signed events with retries, and signed interactions and commands.

https://docs.slack.dev/apis/events-api: 2xx within 3 seconds, else up to 3 retries (at once, after 1 minute, after 5),
each with x-slack-retry-num and x-slack-retry-reason; an answer with x-slack-no-retry: 1 ends them. No order is promised
and the same event may come twice: ``hold``, ``release`` and ``repeat`` make both happen on demand.
https://docs.slack.dev/authentication/verifying-requests-from-slack: the signature.
"""

import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from bot.simulator.app import App
from bot.simulator.records import Delivery, Wire

TIMEOUT_S = 3.0
RETRY_AFTER_S = (0.0, 60.0, 300.0)
MAX_ANSWER = 1 << 20


@dataclass(order=True)
class _Due:
    at: float
    number: int
    body: bytes = field(compare=False, repr=False)
    what: str = field(compare=False)
    key: str = field(compare=False)
    attempt: int = field(compare=False, default=0)
    reason: str = field(compare=False, default="")


class Courier:
    """Carries requests to the app over real HTTP and keeps a record of each."""

    def __init__(
        self,
        app: App,
        *,
        retry_after_s: tuple[float, ...] = RETRY_AFTER_S,
        timeout_s: float = TIMEOUT_S,
        clock: Callable[[], float] = time.time,
        on_done: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._clock = clock
        self._on_done = on_done
        self.retry_after_s = retry_after_s
        self.timeout_s = timeout_s
        #: Added to the signed timestamp, to see what a skewed clock does.
        self.skew_s = 0.0
        self.deliveries: list[Delivery] = []
        self.bodies: list[tuple[str, bytes]] = []
        self._queue: list[_Due] = []
        self._numbers = itertools.count()
        self._held: list[_Due] | None = None
        self._wake = threading.Condition()
        self._n_flying = 0
        self._stopping = False
        self._dice: random.Random | None = None
        self._double_rate = 0.0
        self._late_s = 0.0
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="slack-courier")
        self._thread = threading.Thread(target=self._run, name="slack-events", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------------------------------------ events
    def send_event(self, envelope: Wire) -> None:
        """Send an event envelope as soon as possible, and again until it is taken or the retries are spent."""
        body = json.dumps(envelope, ensure_ascii=False).encode()
        what = str(envelope.get("event", {}).get("type", envelope.get("type")))
        with self._wake:
            self.bodies.append((envelope.get("event_id", ""), body))
            n_copies, delay_s = 1, 0.0
            if self._dice:
                n_copies += self._dice.random() < self._double_rate
                delay_s = self._dice.random() * self._late_s
            for _ in range(n_copies):
                due = _Due(
                    time.monotonic() + delay_s,
                    next(self._numbers),
                    body,
                    what,
                    envelope.get("event_id", ""),
                )
                if self._held is None:
                    heapq.heappush(self._queue, due)
                else:
                    self._held.append(due)
            self._wake.notify_all()

    def hold(self) -> None:
        """Keep events back until ``release``."""
        with self._wake:
            self._held = [] if self._held is None else self._held

    def release(self, order: str = "as_is", seed: int = 0) -> int:
        """Send what was held: as_is, reversed or shuffled. One after the other, so that the order shows."""
        with self._wake:
            held, self._held = self._held or [], None
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(held)
        for due in held:
            self._attempt(replace(due, at=time.monotonic()))
        return len(held)

    def repeat(self, n: int = 1) -> None:
        """Send the last ``n`` different events once more, byte for byte, freshly signed."""
        with self._wake:
            for event_id, body in self.bodies[-n:]:
                heapq.heappush(
                    self._queue,
                    _Due(time.monotonic(), next(self._numbers), body, "repeat", event_id),
                )
            self._wake.notify_all()

    def disorder(self, seed: int, *, double_rate: float = 0.2, late_s: float = 0.0) -> None:
        """From now on some events come twice, and each up to ``late_s`` late, so that they overtake each other."""
        with self._wake:
            self._dice, self._double_rate, self._late_s = random.Random(seed), double_rate, late_s

    def wait_idle(self, timeout_s: float = 10.0) -> bool:
        """True when nothing waits and nothing is on its way; retries count as waiting."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._queue and not self._n_flying, timeout_s)

    def stop(self) -> None:
        """Send nothing more."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._thread.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._stopping and (
                    not self._queue or self._queue[0].at > time.monotonic()
                ):
                    left = self._queue[0].at - time.monotonic() if self._queue else None
                    self._wake.wait(left)
                if self._stopping:
                    return
                due = heapq.heappop(self._queue)
                self._n_flying += 1
            self._pool.submit(self._fly, due)

    def _fly(self, due: _Due) -> None:
        try:
            self._attempt(due)
        finally:
            with self._wake:
                self._n_flying -= 1
                self._wake.notify_all()

    def _attempt(self, due: _Due) -> None:
        if not self._app.events_url:
            return
        headers = {"Content-Type": "application/json"}
        if due.attempt:
            headers |= {"X-Slack-Retry-Num": str(due.attempt), "X-Slack-Retry-Reason": due.reason}
        done, answer_headers = self._send(self._app.events_url, "event", due, headers)
        if (
            done.ok
            or answer_headers.get("x-slack-no-retry") == "1"
            or due.attempt >= len(self.retry_after_s)
        ):
            return
        at = time.monotonic() + self.retry_after_s[due.attempt]
        again = replace(
            due,
            at=at,
            number=next(self._numbers),
            attempt=due.attempt + 1,
            reason=done.error or "http_error",
        )
        with self._wake:
            heapq.heappush(self._queue, again)
            self._wake.notify_all()

    # ------------------------------------------------------------------------------------------ interactions
    def send_interaction(self, payload: Wire, key: str) -> Delivery:
        """https://docs.slack.dev/interactivity/handling-user-interaction: a form with one field. Never sent twice."""
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
        return self._send_form(
            self._app.interactions_url, "interaction", str(payload["type"]), key, body
        )

    def send_command(self, form: dict[str, str]) -> Delivery:
        """https://docs.slack.dev/interactivity/implementing-slash-commands"""
        return self._send_form(
            self._app.commands_url, "command", form["command"], "", urlencode(form).encode()
        )

    def _send_form(self, url: str, kind: str, what: str, key: str, body: bytes) -> Delivery:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        due = _Due(0.0, 0, body, what, key)
        return self._send(url, kind, due, headers)[0]

    # ------------------------------------------------------------------------------------------ the wire
    def _send(
        self, url: str, kind: str, due: _Due, headers: dict[str, str]
    ) -> tuple[Delivery, dict[str, str]]:
        headers = headers | sign(self._app.signing_secret, due.body, self._clock() + self.skew_s)
        started = time.monotonic()
        status, error, answer = 0, "", b""
        got: dict[str, str] = {}
        try:
            status, answer, got = _post(url, due.body, headers, self.timeout_s)
        except TimeoutError:
            error = "http_timeout"
        except (OSError, http.client.HTTPException):
            error = "connection_failed"
        ms = (time.monotonic() - started) * 1000
        done = Delivery(
            self._clock(),
            kind,
            due.what,
            due.key,
            due.attempt,
            status,
            ms,
            error,
            due.body,
            headers,
            answer,
        )
        self.deliveries.append(done)
        self._on_done()
        return done, got


def sign(secret: str, body: bytes, now: float) -> dict[str, str]:
    """The two headers by which an app knows that a request is Slack's."""
    timestamp = str(int(now))
    mac = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=" + mac.hexdigest()}


def _post(
    url: str, body: bytes, headers: dict[str, str], timeout_s: float
) -> tuple[int, bytes, dict[str, str]]:
    parts = urlsplit(url)
    if not parts.hostname:
        raise OSError("the app has no address")
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname, parts.port, timeout=timeout_s)
    try:
        agent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "*/*"}
        connection.request("POST", parts.path or "/", body, headers | agent)
        response = connection.getresponse()
        answer = response.read(MAX_ANSWER)
        return (
            response.status,
            answer,
            {name.lower(): value for name, value in response.getheaders()},
        )
    finally:
        connection.close()
