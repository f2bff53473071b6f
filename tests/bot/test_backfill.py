"""Looking back: polite, resumable, nothing twice."""

import itertools

import pytest

from bot.slack.client import Done, Refused, Unknown, Wait
from tests.bot.worker_tools import TENANT, Office, message


class History:
    """A channel's history in pages of two."""

    def __init__(self, texts):
        self.messages = [
            {"type": "message", "user": "UANA00001", "text": text, "ts": f"17000{n:05d}.000100"}
            for n, text in reversed(list(enumerate(texts)))
        ]
        self.replies = {}

    def __call__(self, method, args):
        if method == "conversations.replies":
            return Done({"messages": self.replies[args["ts"]]})
        start = int(args["cursor"] or 0)
        more = {"next_cursor": str(start + 2)} if start + 2 < len(self.messages) else {}
        return Done({"messages": self.messages[start : start + 2], "response_metadata": more})


@pytest.fixture
def office(store):
    return Office(store)


def serve(office, history):
    plain = office.slack._answer

    def answer(method, args):
        if method in ("conversations.history", "conversations.replies"):
            return history(method, args)
        return plain(method, args)

    office.slack._answer = answer


def run_to_the_end(office, let_time_pass):
    for _ in range(12):
        office.work()
        let_time_pass(office.store, 65)


def test_all_pages_are_read_and_flagged(office, let_time_pass):
    serve(office, History([f"ssn-{n}" for n in range(5)]))
    assert office.worker.backfill.start(TENANT, "C1", 7)
    run_to_the_end(office, let_time_pass)

    assert len(office.flags()) == 5
    assert office.store.settings.get(TENANT, "backfill:C1") == "done 5"
    assert office.slack.named("chat.postEphemeral") == []


def test_what_was_read_live_is_not_flagged_twice(office, let_time_pass):
    office.put(message("ssn-0", "1700000000.000100"))
    office.work()
    serve(office, History(["ssn-0"]))
    office.worker.backfill.start(TENANT, "C1", 7)
    office.worker.backfill.start(TENANT, "C1", 8)
    run_to_the_end(office, let_time_pass)

    assert len(office.flags()) == 1


def test_threads_are_read_with_their_messages(office, let_time_pass):
    history = History(["any questions?"])
    history.messages[0]["reply_count"] = 1
    ts = history.messages[0]["ts"]
    reply = {
        "type": "message", "user": "UBOB", "text": "yes card-1", "ts": "1700000009.000100",
        "thread_ts": ts,
    }  # fmt: skip
    history.replies[ts] = [history.messages[0], reply]
    serve(office, history)
    office.worker.backfill.start(TENANT, "C1", 7)
    run_to_the_end(office, let_time_pass)

    (flag,) = office.flags()
    assert flag.thread_ts == ts


def test_a_wait_is_obeyed_and_costs_no_attempt(office, let_time_pass):
    serve(office, History(["ssn-0"]))
    office.slack.script["conversations.history"] = [Wait(30)] * 6
    office.worker.backfill.start(TENANT, "C1", 7)
    run_to_the_end(office, let_time_pass)

    assert len(office.flags()) == 1
    assert office.store.inbox.dead(TENANT) == []


def test_a_lost_page_is_asked_for_again(office, let_time_pass):
    serve(office, History(["ssn-0", "ssn-1", "ssn-2"]))
    office.slack.script["conversations.history"] = [Unknown("timeout")]
    office.worker.backfill.start(TENANT, "C1", 7)
    run_to_the_end(office, let_time_pass)

    assert len(office.flags()) == 3


def test_a_channel_that_slack_does_not_show_is_said_so(office, let_time_pass):
    office.slack.script["conversations.history"] = [Refused("not_in_channel")] * 2
    assert "not_in_channel" in str(office.worker.backfill.estimate(TENANT, "C1", 7))
    office.worker.backfill.start(TENANT, "C1", 7)
    run_to_the_end(office, let_time_pass)

    assert office.store.settings.get(TENANT, "backfill:C1") == "refused:not_in_channel 0"


def test_a_gap_without_a_channel_looks_at_every_channel_we_are_in(office, let_time_pass):
    serve(office, History(["ssn-0"]))
    office.slack.script["users.conversations"] = [Done({"channels": [{"id": "C1"}, {"id": "C2"}]})]
    gap = {"event_id": "gap:1", "v": 1, "oldest": 1700000000, "latest": 1700000180}
    office.put(gap, kind="backfill")
    run_to_the_end(office, let_time_pass)

    assert {flag.channel_id for flag in office.flags()} == {"C1", "C2"}


@pytest.mark.parametrize(("n", "exact"), [(3, True), (40, False)])
def test_an_estimate_comes_before_the_start(office, n, exact):
    serve(office, History([f"ssn-{i}" for i in range(n)]))
    office.worker.backfill._now = itertools.repeat(1700000000.0 + n).__next__

    estimate = office.worker.backfill.estimate(TENANT, "C1", 1)

    assert estimate.is_exact == exact
    assert estimate.n_messages >= n
    assert office.flags() == []
