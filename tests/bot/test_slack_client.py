"""SlackClient against a real server: what each answer means, and that nothing of a body is ever printed."""

import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from bot.slack.client import Done, Refused, SlackClient, Unknown, Wait, stops_tenant
from bot.slack.files import NotFetchedError

CANARY = "canary-4242424242424242"


class Server(ThreadingHTTPServer):
    """Answers every request with ``answer(handler)`` and keeps what came."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.answer = lambda handler: handler.reply(200, {"ok": True})

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that went away is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.requests.append((self.path, dict(self.headers), body))
        self.server.answer(self)

    do_GET = do_POST  # noqa: N815 (the name is http.server's)

    def reply(self, status, body=b"", **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        headers.setdefault("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def reset(self):
        """Accept, and go away without an answer."""
        self.connection.close()

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def client(server):
    return SlackClient("xoxb-secret", f"{server.base}/api/", timeout_s=1)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (lambda h: h.reply(200, {"ok": True, "ts": "1.2"}), Done({"ok": True, "ts": "1.2"})),
        (
            lambda h: h.reply(200, {"ok": True, "warning": "missing_charset,superfluous_charset"}),
            Done(
                {"ok": True, "warning": "missing_charset,superfluous_charset"},
                ("missing_charset", "superfluous_charset"),
            ),
        ),
        (lambda h: h.reply(429, {"ok": False, "error": "ratelimited"}, Retry_After="7"), Wait(7)),
        (lambda h: h.reply(429, b"", Retry_After="0"), Wait(1)),
        (lambda h: h.reply(429, b"slow down"), Wait(30)),
        (lambda h: h.reply(429, b"x", Retry_After="soon"), Wait(30)),
        (lambda h: h.reply(200, {"ok": False, "error": "ratelimited"}, Retry_After="3"), Wait(3)),
        (
            lambda h: h.reply(200, {"ok": False, "error": "channel_not_found"}),
            Refused("channel_not_found"),
        ),
        (lambda h: h.reply(200, {"ok": False, "error": "invalid_auth"}), Refused("invalid_auth")),
        (lambda h: h.reply(403, {"ok": False, "error": "missing_scope"}), Refused("missing_scope")),
        (
            lambda h: h.reply(200, {"ok": False, "error": "internal_error"}),
            Unknown("internal_error"),
        ),
        (lambda h: h.reply(200, {"ok": False, "error": "fatal_error"}), Unknown("fatal_error")),
        (
            lambda h: h.reply(503, {"ok": False, "error": "service_unavailable"}),
            Unknown("http_503"),
        ),
        (lambda h: h.reply(500, {"ok": False, "error": "channel_not_found"}), Unknown("http_500")),
        (lambda h: h.reply(502, b"<html>bad gateway</html>"), Unknown("http_502")),
        (lambda h: h.reply(200, b"<html>" + CANARY.encode()), Unknown("no_json")),
        (lambda h: h.reply(200, b""), Unknown("no_json")),
        (lambda h: h.reply(200, b"[1]"), Unknown("no_json")),
        (lambda h: h.reply(200, b"null"), Unknown("no_json")),
        (lambda h: h.reply(200, b'"text"'), Unknown("no_json")),
        (lambda h: h.reply(200, b"\xff\xfe"), Unknown("no_json")),
        (
            lambda h: h.reply(200, {}, Content_Type="text/html; charset=nonsense"),
            Unknown("no_json"),
        ),
        (lambda h: h.reply(200, {"ok": False}), Unknown("no_json")),
        (lambda h: h.reply(404, b"not here"), Unknown("no_json")),
        (Handler.reset, Unknown("reset")),
    ],
)
def test_an_answer_is_done_wait_refused_or_unknown(server, client, answer, meaning):
    server.answer = answer

    assert client.call("chat.postMessage", channel="C1", text="x") == meaning
    assert len(server.requests) == 1  # never sent twice


def test_a_silent_slack_is_unknown_after_the_time_limit(server, client):
    release = threading.Event()
    server.answer = lambda handler: release.wait(5)

    assert client.call("chat.postMessage", channel="C1") == Unknown("timeout")
    release.set()


def test_an_answer_that_breaks_off_is_unknown(server, client):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "500")
        handler.end_headers()
        handler.wfile.write(b'{"ok": tr')

    server.answer = half

    assert client.call("chat.postMessage") == Unknown("reset")


def test_a_slack_that_is_not_there_is_unknown():
    with serving() as gone:
        base = gone.base

    assert SlackClient("x", base, timeout_s=1).call("auth.test") == Unknown("not_reached")


def test_arguments_go_as_a_form_with_json_in_it(server, client):
    client.call(
        "chat.postMessage", channel="C1", blocks=[{"type": "divider"}], unfurl_links=False, thread_ts=None
    )  # fmt: skip

    path, headers, body = server.requests[0]
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"] == "Bearer xoxb-secret"
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(body) == {
        "channel": ["C1"],
        "blocks": ['[{"type": "divider"}]'],
        "unfurl_links": ["0"],
    }


def test_metadata_that_was_dropped_is_noticed(server, client):
    server.answer = lambda h: h.reply(
        200,
        {"ok": True, "response_metadata": {"warnings": ["metadata_must_have_event_type"]}},
    )

    assert client.call("chat.postMessage").dropped_metadata
    assert not Done({}, ("missing_charset",)).dropped_metadata


def test_only_an_administrators_token_deletes_for_others(server, client):
    assert client.call_as_admin("chat.delete", channel="C1", ts="1.2") == Refused("no_admin_token")
    assert not client.may_delete

    admin = SlackClient("xoxb-secret", server.base, admin_token="xoxp-admin")
    assert isinstance(admin.call_as_admin("chat.delete", channel="C1", ts="1.2"), Done)
    assert server.requests[-1][1]["Authorization"] == "Bearer xoxp-admin"


@pytest.mark.parametrize(
    ("code", "stops"),
    [
        ("token_revoked", True),
        ("account_inactive", True),
        ("invalid_auth", True),
        ("channel_not_found", False),
        ("missing_scope", False),
        ("ratelimited", False),
    ],
)
def test_some_refusals_end_all_calls_of_a_workspace(code, stops):
    assert stops_tenant(code) is stops
    assert SlackClient.stops_tenant(code) is stops


def test_no_body_and_no_token_is_ever_logged(server, client, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for answer in (
        lambda h: h.reply(200, {"ok": True, "text": CANARY}),
        lambda h: h.reply(200, b"<html>" + CANARY.encode()),
        lambda h: h.reply(200, {"ok": False, "error": CANARY + " said the server"}),
        Handler.reset,
    ):
        server.answer = answer
        found = client.call("chat.postMessage", channel="C1", text=CANARY)
        assert CANARY not in repr(found)

    out, err = capfd.readouterr()
    for sink in (caplog.text, out, err, repr(client)):
        assert CANARY not in sink
        assert "xoxb-secret" not in sink


def test_a_file_comes_with_the_token_from_the_host_of_the_api(server, client):
    server.answer = lambda h: h.reply(200, b"id,name", Content_Type="text/csv")

    assert client.fetch_file(f"{server.base}/files-pri/T1-F1/x.csv") == b"id,name"
    assert server.requests[0][1]["Authorization"] == "Bearer xoxb-secret"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/files-pri/x",
        "https://files.slack.com@evil.example/x",
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com:8443/x",
        "http://files.slack.com/x",
        "file:///etc/passwd",
        "ftp://files.slack.com/x",
        "//files.slack.com/x",
        "https://[bad",
        "",
    ],
)
def test_a_file_elsewhere_is_not_fetched(server, url):
    for client in (SlackClient("xoxb-secret"), SlackClient("xoxb-secret", server.base)):
        with pytest.raises(NotFetchedError, match="another host"):
            client.fetch_file(url)
    assert server.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_not_followed(server, client, status):
    with serving() as stranger:
        server.answer = lambda h: h.reply(status, Location=f"{stranger.base}/login")

        with pytest.raises(NotFetchedError, match="another host"):
            client.fetch_file(f"{server.base}/f")

        assert stranger.requests == []


def test_a_redirect_at_home_is_followed_twice_and_no_more(server, client):
    server.answer = lambda h: (
        h.reply(302, Location=f"{server.base}/b") if h.path == "/a" else h.reply(200, b"there")
    )
    assert client.fetch_file(f"{server.base}/a") == b"there"

    server.answer = lambda h: h.reply(302, Location=f"{server.base}/a")
    with pytest.raises(NotFetchedError, match="too often"):
        client.fetch_file(f"{server.base}/a")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda h: h.reply(200, b"x" * 1_000_001), "too large"),
        (lambda h: h.reply(403, b"no"), "Slack answered 403"),
        (Handler.reset, "not reachable"),
    ],
)
def test_a_file_that_does_not_come_says_why(server, client, answer, why):
    server.answer = answer

    with pytest.raises(NotFetchedError, match=why):
        client.fetch_file(f"{server.base}/f")


def test_a_file_that_drips_is_given_up(server, client, monkeypatch):
    monkeypatch.setattr("bot.slack.client.MAX_SECONDS", 0.3)
    stop = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b"x")

    server.answer = drip
    with pytest.raises(NotFetchedError, match="took too long"):
        client.fetch_file(f"{server.base}/f")
    stop.set()


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (lambda h: h.reply(200, b"ok"), Done({})),
        (lambda h: h.reply(404, b"expired_url"), Refused("http_404")),
        (lambda h: h.reply(500, b"oops"), Unknown("http_500")),
        (lambda h: h.reply(429, b"", Retry_After="7"), Unknown("http_429")),
        (lambda h: h.reset(), Unknown("reset")),
    ],
)
def test_an_answer_goes_to_the_response_address(server, client, answer, meaning):
    server.answer = answer

    assert client.respond(f"{server.base}/hooks/actions/R1", {"text": "done"}) == meaning

    ((path, headers, body),) = server.requests
    assert (path, json.loads(body)) == ("/hooks/actions/R1", {"text": "done"})
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "url",
    [
        "", "nonsense", "file:///etc/passwd", "http://hooks.slack.com/actions/T1/1/x", "https://hooks.slack.com.evil.example/x",
        "https://evil.example/hooks.slack.com", "https://hooks.slack.com:8443/actions", "http://127.0.0.1:9/hooks", "https://[::1",
    ],
)  # fmt: skip
def test_an_answer_goes_to_slacks_address_only(server, client, url):
    assert client.respond(url, {"text": CANARY}) == Refused("another_host")
    assert server.requests == []
