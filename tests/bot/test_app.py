"""The application: machine doors, headers, error pages, and how a process begins and ends."""

import threading
import time
import urllib.error
import urllib.request

import pytest
from flask import Blueprint
from sqlalchemy import update

from bot.app import create_app
from bot.config import ConfigError
from bot.new_flags import flag_of
from bot.records import FoundSpan
from bot.store import NewEvent
from bot.store.tables import inbox
from bot.web_server import WebServer
from tests.bot.ingress_tools import TENANT, make_parts, message_event, post

CANARY = "canary-5b1d"


@pytest.fixture
def parts(tmp_path, guard):
    parts = make_parts(tmp_path, guard)
    yield parts
    parts.stop()


@pytest.fixture
def client(parts):
    return create_app(parts).test_client()


def rooms():
    """A room that fails in every way, with what came in on its lips."""
    blueprint = Blueprint("rooms", __name__)

    @blueprint.get("/fails/<text>")
    def fails(text):
        raise RuntimeError(text)

    return blueprint


def test_health_is_about_the_threads(client, parts):
    parts.start()
    well = client.get("/health")
    parts.writer.stop()
    ill = client.get("/health")

    assert (well.status_code, well.json) == (200, {"ok": True, "dead": []})
    assert (ill.status_code, ill.json) == (503, {"ok": False, "dead": ["writer"]})


def test_ready_is_about_the_database_and_ends_with_the_process(client, parts, monkeypatch):
    ready = client.get("/ready").status_code
    parts.stopping.set()

    assert (ready, client.get("/ready").status_code) == (200, 503)
    assert client.get("/ready").json == {"ready": False, "reason": "stopping"}


def test_a_database_that_takes_no_write_is_not_ready(client, parts, monkeypatch):
    def fail():
        raise RuntimeError(CANARY)

    monkeypatch.setattr(parts.store, "probe", fail)

    answer = client.get("/ready")

    assert (answer.status_code, answer.json) == (503, {"ready": False, "reason": "database"})


def numbers_of(client):
    """The metrics by name and labels, as they are read."""
    lines = client.get("/metrics").text.splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"
    }


def test_metrics_say_how_late_events_come_and_how_wrong_the_clock_is(client, parts, monkeypatch):
    parts.start(work=False)
    at = time.time() - 40
    post(client, "/slack/events", message_event("late", ts=f"{at:.6f}", event_ts=f"{at:.6f}"))
    monkeypatch.setattr("bot.build.wall_clock", lambda: time.time() + 25)

    numbers = numbers_of(client)

    assert numbers["piiguard_slack_event_lag_seconds_count"] == 1
    assert 40 <= numbers["piiguard_slack_event_lag_seconds_sum"] < 50
    assert 24 < numbers["piiguard_clock_skew_seconds"] < 27


@pytest.mark.parametrize("event_ts", ["", "nonsense", "-1", "1" * 40, "9" * 10 + ".5"])
def test_an_event_without_a_sensible_time_is_taken_and_has_no_lag(client, parts, event_ts):
    parts.start(work=False)

    assert post(client, "/slack/events", message_event("hm", event_ts=event_ts)).status_code == 200

    assert numbers_of(client)["piiguard_slack_event_lag_seconds_sum"] == 0


def test_metrics_count_what_was_set_aside_however_it_came_to_that(client, parts, let_time_pass):
    parts.store.inbox.put_many([NewEvent(f"ev:{n}", "event", TENANT, {"v": 1}) for n in range(2)])
    (first,) = parts.store.inbox.claim(1)
    for _ in range(5):
        parts.store.inbox.fail([first], "RuntimeError", 0)
        taken = [job for job in parts.store.inbox.claim(9) if job.id == first.id]
        first = taken[0] if taken else first
    parts.store.inbox.fail([first], "RuntimeError", 0)
    let_time_pass(parts.store, 100)
    with parts.store.transaction() as tx:
        tx.execute(update(inbox).where(inbox.c.id != first.id).values(payload_ct=b"broken"))
    parts.worker.run_once()  # one of them cannot be opened
    parts.worker.jobs.tick()  # the other was tried too often

    numbers = numbers_of(client)
    assert numbers["piiguard_set_aside_total"] == 2
    assert numbers['piiguard_inbox_depth{state="dead"}'] == 2


def test_metrics_say_how_many_flags_wait_and_how_long(client, parts, make_message, let_time_pass):
    words = make_message("a b", tenant=TENANT)
    spans = (FoundSpan("text", 0, 1, "PERSON"),)
    with parts.store.transaction() as tx:
        parts.store.flags.record(tx, flag_of(parts.store, words, "fp", spans, model="m"))
    let_time_pass(parts.store, 90)

    numbers = numbers_of(client)

    assert numbers["piiguard_queue_open"] == 1
    assert 90 <= numbers["piiguard_queue_oldest_seconds"] < 120


def test_metrics_are_open_on_a_loopback_bind_only(tmp_path, guard, client):
    public = make_parts(tmp_path / "public", guard, PIIGUARD_BIND="0.0.0.0:8787")

    here = client.get("/metrics")
    refused = create_app(public).test_client().get("/metrics")
    with_token = create_app(public, may_read_metrics=lambda: True).test_client().get("/metrics")

    assert here.status_code == 200
    assert b"piiguard_inbox_depth" in here.data
    assert (refused.status_code, with_token.status_code) == (403, 200)
    public.stop()


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/metrics", "/nothing-here", "/slack/events"]
)
def test_every_answer_has_the_headers_that_browsers_need(client, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


def test_https_is_kept_to_where_the_bot_has_it(tmp_path, guard, client):
    secure = make_parts(tmp_path / "s", guard, PIIGUARD_BASE_URL="https://pii.example.com")

    answer = create_app(secure).test_client().get("/health")

    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/health").headers
    secure.stop()


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/{CANARY}", 404), (f"/fails/{CANARY}", 500), (f"/static/{CANARY}", 404), (f"/slack/{CANARY}", 404)],
)  # fmt: skip
def test_an_error_page_says_nothing_of_what_came_in(parts, caplog, path, status):
    client = create_app(parts, blueprints=[rooms()]).test_client()

    answer = client.get(path)

    assert answer.status_code == status
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    assert CANARY not in caplog.text


def test_a_proxy_is_trusted_only_when_it_is_counted(tmp_path, guard):
    headers = {"X-Forwarded-Proto": "https"}
    plain, behind = (
        make_parts(tmp_path / hops, guard, PIIGUARD_PROXY_HOPS=hops) for hops in ("0", "1")
    )

    answers = [
        create_app(parts).test_client().get("/health", headers=headers) for parts in (plain, behind)
    ]

    assert ["Strict-Transport-Security" in answer.headers for answer in answers] == [False, True]
    plain.stop()
    behind.stop()


def test_a_process_stops_in_time_twice_and_loses_nothing(parts):
    client = create_app(parts).test_client()
    parts.start(work=False)
    for number in range(20):
        post(client, "/slack/events", message_event(event_id=f"Ev{number}"))
    started = time.monotonic()

    parts.stop()
    parts.stop()

    assert time.monotonic() - started < 10
    assert post(client, "/slack/events", message_event(event_id="EvLate")).status_code == 503


def test_what_was_acknowledged_is_there_after_the_next_start(tmp_path, guard):
    from bot.build import build
    from bot.crypto import MasterKey
    from tests.bot.ingress_tools import INSTALL, config_of

    key = MasterKey.throw_away()
    first = build(config_of(tmp_path), guard=guard, master_key=key)
    with first.store.transaction() as tx:
        first.store.installs.save(tx, INSTALL)
    first.start(work=False)
    post(create_app(first).test_client(), "/slack/events", message_event("hello again"))
    first.stop()

    second = build(config_of(tmp_path), guard=guard, master_key=key)
    [job] = second.store.inbox.claim(5)
    second.stop()

    assert job.payload["event"]["text"] == "hello again"
    assert job.tenant == TENANT


def test_a_second_process_on_the_same_sqlite_database_is_refused(tmp_path, guard, parts):
    with pytest.raises(ConfigError):
        make_parts(tmp_path, guard)


def test_the_web_server_answers_on_a_free_port_and_closes_it(parts):
    parts.start(work=False)
    web = WebServer(create_app(parts), "127.0.0.1", 0, n_threads=4)
    web.start()

    with urllib.request.urlopen(web.url + "/health") as answer:
        status, server = answer.status, answer.headers.get("Server", "")
    web.stop()

    assert status == 200
    assert "waitress" not in server.lower()
    assert not web.is_alive
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(web.url + "/health", timeout=1)


def test_requests_at_once_are_all_stored_over_real_http(parts):
    parts.start(work=False)
    web = WebServer(create_app(parts), "127.0.0.1", 0, n_threads=8)
    web.start()
    statuses = []

    def send(number):
        import json

        from tests.bot.ingress_tools import headers_of

        body = json.dumps(message_event(event_id=f"Ev{number % 10}")).encode()
        request = urllib.request.Request(web.url + "/slack/events", body, headers_of(body))
        with urllib.request.urlopen(request, timeout=5) as answer:
            statuses.append(answer.status)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    web.stop()

    assert statuses == [200] * 20
    assert parts.store.inbox.depth().ready == 10
