"""The system page: what runs, what was left out, trying again and looking back."""

import time

import pytest

from bot.slack.client import Done, Refused
from bot.store import NewEvent
from tests.bot.console.conftest import OTHER_TENANT, TENANT


@pytest.fixture
def channels(slack):
    """Slack shows one channel with a few messages."""
    found = [{"id": "C0SALES001", "name": "sales", "is_private": False}]
    pages = [{"ts": f"{time.time() - n * 60:.6f}", "text": "hello", "user": "U1"} for n in range(5)]

    def answer(method, **args):
        if method == "users.conversations":
            return Done({"ok": True, "channels": found})
        if method == "conversations.history":
            return Done({"ok": True, "messages": pages})
        return Done({"ok": True})

    slack.call = answer
    return found


def set_aside(parts, key="e1", tenant=TENANT):
    """A message that was tried too often; gives its id."""
    store = parts.store
    with store.transaction() as tx:
        store.inbox.put(tx, NewEvent(key, "event", tenant, {"text": "her ssn is 078-05-1120"}))
    for _ in range(5):
        jobs = store.inbox.claim(1, lease_s=60)
        store.inbox.fail(jobs, "ModelError", 0)
    store.inbox.reap()
    return store.inbox.dead(tenant)[0].id


@pytest.mark.parametrize("role", ["admin", "auditor", "compliance", "ml"])
def test_the_page_shows_what_runs(client_as, role):
    page = client_as(role).get("/system")

    assert page.status_code == 200
    assert "rules" in page.text
    assert "up to date" in page.text
    assert "Nothing was set aside" in page.text


def test_what_was_set_aside_is_listed_without_its_text_and_tried_again(client_as, parts):
    job = set_aside(parts)
    client = client_as("admin")
    page = client.get("/system")
    assert "ModelError" in page.text
    assert "1 message was set aside" in page.text
    assert "078-05-1120" not in page.text

    answer = client.send("/system/retry", {"job": job}, follow_redirects=True)

    assert "1 set-aside message is tried again" in answer.text
    assert parts.store.inbox.dead(TENANT) == []
    assert parts.store.inbox.depth().ready == 1
    assert parts.store.audit.rows(TENANT)[0].action == "job.retried"


def test_all_are_tried_again_at_once_but_none_of_another_workspace(client_as, parts):
    set_aside(parts, "e1")
    set_aside(parts, "e2")
    theirs = set_aside(parts, "e3", OTHER_TENANT)

    client_as("admin").send("/system/retry")

    assert parts.store.inbox.dead(TENANT) == []
    assert [job.id for job in parts.store.inbox.dead(OTHER_TENANT)] == [theirs]


def test_a_message_of_another_workspace_cannot_be_tried_again(client_as, parts):
    theirs = set_aside(parts, "e3", OTHER_TENANT)

    answer = client_as("admin").send("/system/retry", {"job": theirs}, follow_redirects=True)

    assert "could not be" in answer.text
    assert len(parts.store.inbox.dead(OTHER_TENANT)) == 1


def test_a_look_back_is_estimated_before_it_starts(client_as, parts, channels):
    client = client_as("admin")

    asked = client.get("/system/backfill?channel=C0SALES001&days=7")

    assert "5 messages" in asked.text
    assert "Start" in asked.text
    assert parts.store.inbox.depth().ready == 0

    started = client.send(
        "/system/backfill", {"channel": "C0SALES001", "days": "7"}, follow_redirects=True
    )

    assert "#sales is read again" in started.text
    assert parts.store.inbox.depth().ready == 1


@pytest.mark.parametrize(
    "form", [{"channel": "", "days": "7"}, {"channel": "#nowhere", "days": "7"}, {"channel": "C0SALES001", "days": "0"},
             {"channel": "C0SALES001", "days": "400"}, {"channel": "C0SALES001", "days": "x"}],
)  # fmt: skip
def test_a_look_back_that_cannot_be_is_refused_with_the_reason(client_as, parts, channels, form):
    answer = client_as("admin").send("/system/backfill", form)

    assert answer.status_code == 400
    assert "Choose a channel" in answer.text or "Expected 1 to 365 days" in answer.text
    assert parts.store.inbox.depth().ready == 0


def test_a_channel_that_slack_does_not_show_cannot_be_started(client_as, slack, channels):
    known = slack.call
    slack.call = lambda method, **args: (
        Refused("not_in_channel") if method == "conversations.history" else known(method, **args)
    )

    page = client_as("admin").get("/system/backfill?channel=C0SALES001&days=7")

    assert "not_in_channel" in page.text
    assert 'name="days" value="7"><button class="btn btn-primary' not in page.text


def test_gaps_say_whether_they_were_read(client_as, parts):
    since = int(time.time()) - 3600
    with parts.store.transaction() as tx:
        event = NewEvent(f"gap:{TENANT}:{since}:{since + 600}", "backfill", TENANT, {"oldest": 1})
        parts.store.inbox.put(tx, event)

    page = client_as("auditor").get("/system")

    assert "not read yet" in page.text


def test_an_old_waiting_message_is_an_alarm(client_as, parts, let_time_pass):
    with parts.store.transaction() as tx:
        parts.store.inbox.put(tx, NewEvent("e9", "event", TENANT, {"text": "hello"}))
    client = client_as("admin")
    let_time_pass(parts.store, 300)
    parts.store.sessions  # noqa: B018  the session aged with the rest, but by less than it may

    assert "has waited 5 min" in client.get("/system").text


@pytest.mark.parametrize("role", ["viewer", "reviewer"])
def test_other_roles_do_not_see_it(client_as, role):
    assert client_as(role).get("/system").status_code == 403


@pytest.mark.parametrize("role", ["auditor", "compliance", "ml"])
def test_who_may_look_may_not_act(client_as, role):
    client = client_as(role)

    assert client.send("/system/retry").status_code == 403
    assert (
        client.send("/system/backfill", {"channel": "C0SALES001", "days": "1"}).status_code == 403
    )
    assert client.get("/system/backfill?channel=C0SALES001&days=1").status_code == 403
    assert "Try again" not in client.get("/system").text
