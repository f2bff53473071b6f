"""Slack's HTTP doors: what each request gets, and what it leaves on disk."""

import json
import threading
import time
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import create_app
from bot.errors import OverloadedError
from tests.bot.ingress_tools import (
    SECRET,
    TENANT,
    headers_of,
    make_parts,
    message_event,
    payloads,
    post,
    post_form,
)

CANARY = "canary-7f3a9c 4242 4242 4242 4242"


@pytest.fixture
def parts(tmp_path, guard):
    parts = make_parts(tmp_path, guard)
    parts.writer.start()
    yield parts
    parts.stop()


@pytest.fixture
def client(parts):
    return create_app(parts).test_client()


def depth(parts):
    return parts.store.inbox.depth().ready


def test_a_signed_message_is_on_disk_when_it_is_acknowledged(client, parts):
    answer = post(client, "/slack/events", message_event("my IBAN is DE89 3704 0044 0532 0130 00"))

    assert (answer.status_code, answer.data) == (200, b"")
    [payload] = payloads(parts)
    assert payload["event"]["text"] == "my IBAN is DE89 3704 0044 0532 0130 00"
    assert "token" not in payload


def test_slacks_retries_are_folded_but_the_first_copy_may_be_a_retry(client, parts):
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    first = post(client, "/slack/events", message_event(), headers=retry)
    again = post(
        client, "/slack/events", message_event(), headers=retry | {"X-Slack-Retry-Num": "2"}
    )

    assert [first.status_code, again.status_code] == [200, 200]
    assert depth(parts) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: {},
        lambda headers: {"X-Slack-Signature": headers["X-Slack-Signature"]},
        lambda headers: headers | {"X-Slack-Signature": "v0=" + "0" * 64},
        lambda headers: headers | {"X-Slack-Signature": ""},
        lambda headers: headers | {"X-Slack-Signature": "v0=ü²"},
        lambda headers: headers | {"X-Slack-Request-Timestamp": "abc"},
        lambda headers: headers | {"X-Slack-Request-Timestamp": "1.5"},
        lambda headers: headers | {"X-Slack-Request-Timestamp": "1" * 5000},
        lambda headers: headers | {"X-Slack-Request-Timestamp": "²"},
    ],
)
@pytest.mark.parametrize("path", ["/slack/events", "/slack/interactions", "/slack/commands"])
def test_what_slack_did_not_sign_is_401_without_a_word(client, parts, path, spoil):
    body = json.dumps(message_event(CANARY)).encode()

    answer = client.post(path, data=body, headers=spoil(headers_of(body)))

    assert (answer.status_code, answer.data) == (401, b"")
    assert depth(parts) == 0


@pytest.mark.parametrize(
    ("age_s", "status"), [(0, 200), (299, 200), (302, 401), (-299, 200), (-302, 401)]
)
def test_a_request_is_good_for_five_minutes(client, age_s, status):
    assert (
        post(client, "/slack/events", message_event(), at=time.time() - age_s).status_code == status
    )


def test_a_replayed_request_has_one_effect(client, parts):
    body = json.dumps(message_event()).encode()
    headers = headers_of(body)

    answers = [
        client.post("/slack/events", data=body, headers=headers).status_code for _ in range(3)
    ]

    assert answers == [200, 200, 200]
    assert depth(parts) == 1


def test_during_a_rotation_both_secrets_are_good(tmp_path, guard):
    parts = make_parts(tmp_path, guard, SLACK_SIGNING_SECRET=f"{SECRET}, newer-secret")
    parts.writer.start()
    client = create_app(parts).test_client()

    statuses = [
        post(
            client, "/slack/events", message_event(event_id=f"Ev{secret}"), secret=secret
        ).status_code
        for secret in (SECRET, "newer-secret", "another")
    ]
    parts.stop()

    assert statuses == [200, 200, 401]


def test_the_challenge_is_echoed_as_text_and_only_when_signed(client, parts):
    body = {"type": "url_verification", "token": "x", "challenge": "<b>3eZbrw1a</b>"}

    answer = post(client, "/slack/events", body)
    unsigned = client.post("/slack/events", json=body)

    assert answer.data == b"<b>3eZbrw1a</b>"
    assert answer.mimetype == "text/plain"
    assert unsigned.status_code == 401
    assert depth(parts) == 0


def test_no_more_than_256_characters_of_a_challenge_come_back(client):
    answer = post(client, "/slack/events", {"type": "url_verification", "challenge": "x" * 5000})

    assert len(answer.data) == 256


def nested(levels):
    return b'{"type":"event_callback","event":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'"text"', 400), (b"{}", 400), (b'{"type":1}', 400),
        (b"\xff\xfe\xfd", 400), (b'{"type":"a"}\x00', 400), (b'{"type":' + b"9" * 5000 + b"}", 400),
        (nested(62), 200), (nested(64), 400), (nested(5000), 400), (b"[" * 100_000, 400),
        (b'{"type":"event_callback"}', 200), (b'{"type":"something_new"}', 200),
        (b'{"type":"event_callback","event":null}', 200), (b'{"type":"event_callback","event":{"type":7}}', 200),
    ],
)  # fmt: skip
def test_a_signed_body_that_cannot_be_read_is_400_and_not_to_come_again(
    client, parts, body, status
):
    answer = post(client, "/slack/events", body)

    assert (answer.status_code, answer.data) == (status, b"")
    assert answer.headers.get("X-Slack-No-Retry") == ("1" if status == 400 else None)
    assert depth(parts) == 0


def test_too_much_is_413_and_an_encoded_body_415(client, parts):
    large = json.dumps(message_event("x" * 1_000_001)).encode()

    assert post(client, "/slack/events", large).status_code == 413
    assert (
        post(client, "/slack/events", b"{}", headers={"Content-Encoding": "gzip"}).status_code
        == 415
    )
    assert depth(parts) == 0


def test_a_body_in_chunks_counts_as_well(client):
    body = b" " * 1_000_001
    environ = {
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
    }

    answer = client.post(
        "/slack/events", data=body, headers=headers_of(body), environ_overrides=environ
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "channel_join"},
        {"subtype": "something_new"},
        {"bot_id": "B0BOT00001"},
        {"app_id": "A0APP00001"},
        {"user": "U0BOT00001"},
        {"type": "reaction_added"},
        {"channel": "C0REVIEW01"},
    ],
)
def test_events_that_cannot_matter_are_acknowledged_and_not_stored(tmp_path, guard, event):
    parts = make_parts(tmp_path, guard, PIIGUARD_ALERT_CHANNEL="C0REVIEW01")
    parts.writer.start()

    answer = post(create_app(parts).test_client(), "/slack/events", message_event(**event))

    assert answer.status_code == 200
    assert depth(parts) == 0
    parts.stop()


def test_an_unknown_or_dead_workspace_is_acknowledged_and_not_stored(client, parts):
    unknown = post(client, "/slack/events", message_event(tenant="T0STRANGER"))
    gone = {"type": "app_uninstalled"}
    post(client, "/slack/events", message_event() | {"event": gone})
    dead = post(client, "/slack/events", message_event())

    assert [unknown.status_code, dead.status_code] == [200, 200]
    assert depth(parts) == 0
    assert parts.store.installs.get(TENANT).is_active is False


@pytest.mark.parametrize("order", [0, 1])
def test_uninstall_and_revocation_may_come_in_any_order_and_again(client, parts, order):
    events = [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT00001"]}},
    ]

    for event in (events[order], events[1 - order], events[order]):
        assert post(client, "/slack/events", message_event() | {"event": event}).status_code == 200

    install = parts.store.installs.get(TENANT)
    assert (install.is_active, install.token) == (False, "")
    actions = [row.action for row in parts.store.audit.rows(TENANT, 10)]
    assert actions == ["workspace.uninstalled"]


def test_a_revoked_user_token_does_not_end_the_bot(client, parts):
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA00001"]}}

    assert post(client, "/slack/events", message_event() | {"event": event}).status_code == 200
    assert parts.store.installs.get(TENANT).is_active


def test_a_dropped_minute_is_looked_back_at(client, parts, let_time_pass):
    body = {"type": "app_rate_limited", "team_id": TENANT, "minute_rate_limited": 1_700_000_000}

    assert post(client, "/slack/events", body).status_code == 200
    assert post(client, "/slack/events", body).status_code == 200

    let_time_pass(parts.store, 300)
    [window] = payloads(parts)
    assert (window["oldest"], window["latest"]) == (1_699_999_940, 1_700_000_120)


def test_visits_of_app_home_publish_once_a_minute(client, parts):
    def visit(minute, tab="home"):
        body = message_event() | {"event_time": minute * 60, "event_id": f"Ev{minute}{tab}"}
        body["event"] = {"type": "app_home_opened", "user": "U0ANA00001", "tab": tab}
        return post(client, "/slack/events", body).status_code

    assert [visit(1), visit(1), visit(2), visit(3, "messages")] == [200] * 4
    sends = [parts.store.outbox.claim(), parts.store.outbox.claim()]
    assert [send.method for send in sends if send] == ["home"]
    assert parts.store.outbox.depth()["ready"] == 1


def test_a_channel_that_an_admin_ignored_is_never_stored(client, parts):
    parts.door._ignored.change(TENANT, "C0GENERAL1", ignore=True, by="dana")
    post(client, "/slack/events", message_event())
    parts.door._ignored.change(TENANT, "C0GENERAL1", ignore=False, by="dana")
    post(client, "/slack/events", message_event(event_id="Ev2"))

    assert depth(parts) == 1


def test_a_process_that_stops_says_come_again(client, parts):
    parts.stopping.set()

    answer = post(client, "/slack/events", message_event())

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "X-Slack-No-Retry" not in answer.headers


@pytest.mark.parametrize(
    "error", [OverloadedError("full"), RuntimeError(CANARY), OSError("disk full")]
)
def test_whatever_goes_wrong_is_a_503_in_time_without_a_word(
    client, parts, monkeypatch, caplog, error
):
    def fail(*args, **kw):
        raise error

    monkeypatch.setattr(parts.store.inbox, "put_many", fail)
    started = time.monotonic()

    answer = post(client, "/slack/events", message_event(CANARY))

    assert (answer.status_code, answer.data) == (503, b"")
    assert time.monotonic() - started < 2.5
    assert "canary" not in caplog.text


def test_a_database_that_hangs_is_a_503_within_two_and_a_half_seconds(client, parts, monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(parts.store.inbox, "put_many", lambda events: let_go.wait() and [True])
    started = time.monotonic()

    answer = post(client, "/slack/events", message_event())

    assert answer.status_code == 503
    assert time.monotonic() - started < 2.5
    let_go.set()


def test_until_the_tenant_of_the_token_is_known_events_are_to_come_again(tmp_path, guard):
    # Slack was away at the start: to drop the event would be to lose it
    parts = make_parts(tmp_path, guard, install=None, SLACK_BOT_TOKEN="xoxb-1-a")
    parts.writer.start()
    assert parts.workspaces.connect() is False
    client = create_app(parts).test_client()

    assert post(client, "/slack/events", message_event()).status_code == 503
    assert client.get("/ready").status_code == 503
    parts.stop()


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/slack/interactions", {}, 400), ("/slack/interactions", {"payload": "{"}, 400),
        ("/slack/interactions", {"payload": "[]"}, 400), ("/slack/interactions", {"payload": "{}"}, 200),
        ("/slack/interactions", {"payload": '{"type":"new","team":{"id":"T0TENANT1"}}'}, 200),
        ("/slack/interactions", {"payload": '{"type":"block_actions","team":{"id":"T0TENANT1"}}'}, 200),
        ("/slack/interactions", {"payload": '{"type":"block_actions","team":{"id":"T0TENANT1"},"actions":[7]}'}, 200),
        ("/slack/interactions", {"payload": '{"type":"block_actions","team":{"id":"T0STRANGER"}}'}, 200),
        ("/slack/interactions", {"payload": '{"type":"view_submission","team":{"id":"T0TENANT1"},"view":[]}'}, 200),
        ("/slack/interactions", {"payload": '{"type":"message_action","team":{"id":"T0TENANT1"}}'}, 200),
        ("/slack/interactions", {"ssl_check": "1"}, 200), ("/slack/commands", {"ssl_check": "1"}, 200),
        ("/slack/commands", {}, 400), ("/slack/commands", {"command": "/piiguard", "team_id": "T0STRANGER"}, 200),
    ],
)  # fmt: skip
def test_forms_that_are_not_ours_do_nothing(client, parts, path, form, status):
    answer = post_form(client, path, form)

    assert answer.status_code == status
    assert depth(parts) == 0


def test_a_form_that_is_none_is_400(client):
    for body in (b"\xff\xfe", b"&".join(b"a%d=1" % n for n in range(2000)), b"payload=%ED%A0%80"):
        answer = post(
            client, "/slack/interactions", body, content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status_code, answer.data) == (400, b"")


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "event", "team_id", "authorizations", "user", "actions", "view", "channel", "message", "team",
                 "id", "subtype", "container", "trigger_id", "value", "callback_id", "action_id", "ts"]
            ),
            inner,
            max_size=5,
        ),
        max_leaves=12,
    ),
    st.sampled_from(["event_callback", "block_actions", "view_submission", "message_action", "shortcut", "app_rate_limited"]),
)  # fmt: skip
def test_no_signed_json_makes_a_server_error(client, payload, kind):
    """Slack may add what it likes; a 5xx would make it send the same again and again."""
    payload = payload if isinstance(payload, dict) else {"event": payload}
    payload |= {"type": kind, "team": {"id": TENANT}, "team_id": TENANT}

    event = post(client, "/slack/events", payload)
    click = post_form(client, "/slack/interactions", {"payload": json.dumps(payload)})

    assert (event.status_code, click.status_code) == (200, 200)


def test_answers_are_counted_by_status_and_hold_no_ids(client, parts):
    post(client, "/slack/events", message_event(CANARY))
    client.post("/slack/events", data=b"{}")

    text = parts.metrics.render().decode()

    assert 'piiguard_acks_total{status="200"} 1.0' in text
    assert 'piiguard_acks_total{status="401"} 1.0' in text
    assert 'piiguard_events_total{result="stored"} 1.0' in text
    assert not any(word in text for word in ("canary", TENANT, "C0GENERAL1", "U0ANA00001"))


def test_get_is_not_for_slacks_doors(client):
    for path in ("/slack/events", "/slack/interactions", "/slack/commands"):
        assert client.get(path).status_code == 405


def test_a_query_string_is_no_form(client):
    query = urlencode({"payload": json.dumps({"type": "block_actions", "team": {"id": TENANT}})})

    assert post(client, f"/slack/interactions?{query}", b"").status_code == 400
