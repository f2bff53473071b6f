"""Socket Mode: stored, then acknowledged; a connection that is silent or gone is replaced, and the gap looked back at."""

import logging
import threading
import time

import pytest

from bot.ingress.socket import SocketDoor
from tests.bot.ingress_tools import TENANT, make_parts, message_event
from tests.bot.socket_server import SocketServer, envelope


@pytest.fixture
def server():
    server = SocketServer()
    yield server
    server.close()


@pytest.fixture
def parts(tmp_path, guard):
    parts = make_parts(tmp_path, guard)
    parts.start(work=False)
    yield parts
    parts.stop()


@pytest.fixture
def listen(server, parts):
    doors = []

    def start(**options):
        door = SocketDoor(
            parts.door, "xapp-1-canary", parts.metrics, base_url=server.api_url,
            on_gap=parts.door.look_back, **({"look_s": 0.2} | options),
        )  # fmt: skip
        door.start()
        doors.append(door)
        server.wait_for(lambda: server.connections)
        return door

    yield start
    for door in doors:
        door.stop()


def depth(parts):
    return parts.store.inbox.depth().ready


def test_an_envelope_is_acknowledged_when_its_event_is_on_disk(listen, server, parts):
    listen()

    server.send(envelope(1, message_event("hello by socket")))
    server.wait_for(lambda: server.acks)

    assert server.acks == [{"envelope_id": "E1"}]
    [job] = parts.store.inbox.claim(5)
    assert job.payload["event"]["text"] == "hello by socket"


def test_an_envelope_that_comes_again_is_acknowledged_and_folded(listen, server, parts):
    listen()

    server.send(envelope(1, message_event()))
    server.send(envelope(2, message_event(), retry_attempt=1, retry_reason="timeout"))
    server.wait_for(lambda: len(server.acks) == 2)

    assert depth(parts) == 1


def test_what_cannot_be_stored_is_not_acknowledged(listen, server, parts, caplog):
    listen()
    parts.stopping.set()
    server.send(envelope(1, message_event()))
    time.sleep(0.5)
    parts.stopping.clear()
    server.send(envelope(2, message_event(event_id="Ev2")))
    server.wait_for(lambda: server.acks)

    assert server.acks == [{"envelope_id": "E2"}]


def test_a_fault_of_ours_is_neither_raised_nor_acknowledged_nor_logged_with_its_text(
    listen, server, parts, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    listen()

    def fail(payload, **kw):
        raise RuntimeError("canary-text")

    monkeypatch.setattr(parts.door, "event", fail)
    server.send(envelope(1, message_event("canary-text")))
    time.sleep(0.5)

    assert server.acks == []
    assert "canary-text" not in caplog.text
    assert "xapp-1-canary" not in caplog.text


def test_a_command_is_answered_in_its_acknowledgement(listen, server):
    listen()
    form = {"command": "/piiguard", "text": "help", "team_id": TENANT, "user_id": "U1"}

    server.send(envelope(1, form, kind="slash_commands", accepts_response_payload=True))
    server.wait_for(lambda: server.acks)

    assert "What I do" in server.acks[0]["payload"]["text"]


def test_an_interaction_goes_the_same_way(listen, server, parts):
    listen()
    click = {
        "type": "block_actions", "team": {"id": TENANT}, "user": {"id": "U1"}, "container": {"message_ts": "1.1"},
        "actions": [{"action_id": "confirm", "value": "f1:1", "action_ts": "2.2"}],
    }  # fmt: skip

    server.send(envelope(1, click, kind="interactive", accepts_response_payload=True))
    server.wait_for(lambda: server.acks)

    [job] = parts.store.inbox.claim(5)
    assert (job.kind, server.acks) == ("click", [{"envelope_id": "E1"}])


def test_a_lost_connection_is_opened_again_and_the_gap_is_looked_back_at(listen, server, parts):
    listen(silent_s=7.0)  # the SDK pings every 5 s
    time.sleep(0.5)

    server.drop()
    server.wait_for(lambda: len(server.connections) >= 2, 20)
    deadline = time.monotonic() + 5
    while not depth(parts) and time.monotonic() < deadline:
        time.sleep(0.05)

    [job] = [job for job in parts.store.inbox.claim(5) if job.kind == "backfill"]
    assert float(job.payload["oldest"]) < time.time() - 50
    assert abs(float(job.payload["latest"]) - time.time()) < 20
    server.send(envelope(7, message_event(event_id="EvAfter")))
    server.wait_for(lambda: server.acks)


def test_a_connection_without_a_pong_is_replaced(listen, server):
    server.answers_pings = False

    listen(silent_s=1.0)

    server.wait_for(lambda: len(server.connections) >= 2)


def test_slack_that_is_away_at_the_start_is_tried_again(server, parts):
    server.is_away = True
    door = SocketDoor(parts.door, "xapp-1-a", parts.metrics, base_url=server.api_url, look_s=0.2)
    door.start()
    time.sleep(0.3)
    server.is_away = False

    server.wait_for(lambda: server.connections)
    door.stop()


def test_a_flood_is_hung_up_on(listen, server, parts, monkeypatch):
    # what is not acknowledged Slack sends again; what waits in our memory has no end
    let_go = threading.Event()
    monkeypatch.setattr(parts.door, "event", lambda payload, **kw: let_go.wait(10))
    door = listen(max_waiting=20, look_s=60)

    with pytest.raises(OSError):  # noqa: PT012
        for number in range(5000):
            server.send(envelope(number, {}))
            time.sleep(0.001)

    assert door._n_waiting() < 2000
    let_go.set()
