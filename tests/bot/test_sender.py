"""The sender: Slack's answers by the table of the design, nothing lost and nothing twice."""

import pytest

from bot.outgoing import queue_words
from bot.review import record_review, undo
from bot.slack import texts
from bot.slack.client import Done, Refused, Unknown, Wait
from bot.worker.finish import CHANGED_CARD_S
from tests.bot.worker_tools import REVIEW, TENANT, Office, deletion, edit, message


@pytest.fixture
def office(sqlite_store):
    return Office(sqlite_store)


@pytest.fixture
def flagged(office):
    """An office with one flag whose card is queued."""
    office.put(message("card-1"))
    office.work()
    return office


def test_a_post_is_saved_with_its_place_in_slack(flagged):
    assert flagged.sender.run_once() == 1

    (flag,) = flagged.flags()
    (card,) = flagged.store.cards.by_flag(flag)
    assert card.slack_ts == flagged.cards()[0]["ts"]
    assert card.slack_channel == REVIEW


def test_a_limited_call_waits_as_long_as_slack_says_and_posts_once(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [Wait(30)]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 20)
    assert flagged.sender.run_once() == 0
    let_time_pass(flagged.store, 11)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 1
    assert "conversations.history" not in [name for name, _ in flagged.slack.calls]


@pytest.mark.parametrize(
    "code", ["channel_not_found", "is_archived", "invalid_blocks", "missing_scope"]
)
def test_a_refused_send_is_dead_and_shown(flagged, code):
    flagged.slack.script["chat.postMessage"] = [Refused(code)]
    flagged.sender.run_once()

    assert flagged.sender.run_once() == 0
    assert flagged.store.outbox.refused(TENANT)[0][2] == code


def test_a_dead_token_stops_the_tenant_and_loses_nothing(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [Refused("token_revoked")]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 600)
    assert flagged.sender.run_once() == 0
    assert flagged.store.outbox.stopped() == {TENANT: "token_revoked"}

    flagged.store.outbox.start_tenant(TENANT)
    flagged.send(let_time_pass)
    assert len(flagged.cards()) == 1


def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [flagged.slack.post_and_lose]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 400)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 1
    (flag,) = flagged.flags()
    assert flagged.store.cards.by_flag(flag)[0].slack_ts == flagged.cards()[0]["ts"]
    assert flagged.slack.named("conversations.history")[0]["include_all_metadata"] == "true"


def test_a_post_that_never_arrived_is_sent_after_two_looks(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [Unknown("reset")]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 400)
    flagged.sender.run_once()
    assert flagged.cards() == []

    flagged.clock.time += 15
    let_time_pass(flagged.store, 16)
    flagged.sender.run_once()

    assert len(flagged.cards()) == 1
    assert len(flagged.slack.named("conversations.history")) == 2


def test_a_sender_killed_between_slacks_yes_and_our_commit_posts_once(flagged, let_time_pass):
    flagged.store.outbox.claim()  # marked on disk
    flagged.slack.post(
        flagged.renderer(_first(flagged)).args
    )  # Slack took it; then the process died
    flagged.restart()
    let_time_pass(flagged.store, 31)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 1


def test_where_history_cannot_be_read_it_is_posted_at_least_once(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [flagged.slack.post_and_lose]
    flagged.slack.script["conversations.history"] = [Refused("missing_scope")]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 400)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 2


def test_all_pages_are_read_before_a_post_counts_as_missing(flagged, let_time_pass):
    flagged.slack.script["chat.postMessage"] = [flagged.slack.post_and_lose]
    flagged.sender.run_once()
    mine = flagged.cards()[0]
    flagged.slack.script["conversations.history"] = [
        Done({"messages": [{"ts": "1.1"}], "response_metadata": {"next_cursor": "c2"}}),
        Done({"messages": [mine]}),
    ]
    let_time_pass(flagged.store, 400)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 1
    assert flagged.slack.named("conversations.history")[1]["cursor"] == "c2"


def test_an_update_whose_answer_was_lost_is_sent_again(flagged, let_time_pass):
    flagged.send(let_time_pass)
    dana = flagged.person("reviewer")
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )
    flagged.slack.script["chat.update"] = [Unknown("timeout")]
    flagged.sender.run_once()
    let_time_pass(flagged.store, 400)
    flagged.send(let_time_pass)

    assert len(flagged.cards()) == 1
    assert "Confirmed by Dana" in str(flagged.cards()[0]["blocks"])


def test_a_call_is_not_begun_with_too_little_of_the_lease_left(flagged):
    slow = flagged.renderer

    def render(send):
        flagged.clock.time += 16
        return slow(send)

    flagged.sender._render = render
    flagged.sender.run_once(at_most=1)

    assert flagged.cards() == []
    assert flagged.store.outbox.depth()["ready"] == 1


def test_a_settled_flag_that_was_never_shown_is_not_posted(flagged, let_time_pass):
    dana = flagged.person("reviewer")
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, "not_pii", by=dana, version=flag.version, surface="console"
    )
    flagged.send(let_time_pass)

    assert flagged.cards() == []


def test_the_author_is_told_a_minute_after_a_confirm_once(flagged, let_time_pass):
    dana = flagged.person("reviewer")
    flagged.send(let_time_pass)
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )
    flagged.send(let_time_pass)
    assert flagged.slack.named("chat.postEphemeral") == []

    let_time_pass(flagged.store, 61)
    flagged.send(let_time_pass)
    undo(flagged.store, TENANT, flag.id, by=dana, surface="console")
    flag = flagged.store.flags.get(flag.id, TENANT)
    record_review(
        flagged.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )
    let_time_pass(flagged.store, 61)
    flagged.send(let_time_pass)

    (hint,) = flagged.slack.named("chat.postEphemeral")
    assert hint["user"] == "UANA00001"
    assert hint["channel"] == "C1"
    assert "card-1" not in str(hint)


def test_an_undo_within_the_minute_keeps_the_author_untold(flagged, let_time_pass):
    dana = flagged.person("reviewer")
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )
    undo(flagged.store, TENANT, flag.id, by=dana, surface="console")
    let_time_pass(flagged.store, 61)
    flagged.send(let_time_pass)

    assert flagged.slack.named("chat.postEphemeral") == []


def test_a_proved_critical_value_tells_its_author_at_once(sqlite_store, let_time_pass, monkeypatch):
    monkeypatch.setattr("bot.remediation.check_value", lambda label, value: True)
    office = Office(sqlite_store)
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)

    assert len(office.slack.named("chat.postEphemeral")) == 1


def test_an_author_who_left_the_channel_gets_a_direct_message(sqlite_store, let_time_pass):
    office = Office(sqlite_store, "notices: {critical: at_once}")
    office.slack.script["chat.postEphemeral"] = [Refused("user_not_in_channel")]
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)

    assert len(office.slack.posts["DUANA00001"]) == 1


def test_a_notice_whose_answer_was_lost_is_never_sent_again(sqlite_store, let_time_pass):
    office = Office(sqlite_store, "notices: {critical: at_once}")
    office.slack.script["chat.postEphemeral"] = [Unknown("reset")]
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)
    let_time_pass(sqlite_store, 4000)
    office.send(let_time_pass)

    assert len(office.slack.named("chat.postEphemeral")) == 1
    assert office.store.outbox.depth()["unknown"] == 1


def test_quiet_hours_hold_a_notice_back_but_not_a_critical_one(sqlite_store, let_time_pass):
    office = Office(
        sqlite_store, "notices: {critical: at_once, high: at_once, quiet_hours: '00:00-23:59'}"
    )
    office.put(message("dob-1", "1700000001.000100"), message("ssn-1", "1700000002.000100"))
    office.work()
    office.send(let_time_pass)

    (hint,) = office.slack.named("chat.postEphemeral")
    assert "national" in hint["text"]
    assert len(office.cards()) == 1


def test_a_direct_message_goes_out_once(store, let_time_pass):
    office = Office(store)
    with store.transaction() as tx:
        assert queue_words(store, tx, TENANT, "U7", "hello there", key="welcome:U7")
        assert not queue_words(store, tx, TENANT, "U7", "hello there", key="welcome:U7")
    office.slack.script["chat.postMessage"] = [office.slack.post_and_lose]
    office.sender.run_once()
    let_time_pass(store, 400)
    office.send(let_time_pass)

    assert len(office.slack.posts["DU7"]) == 1


def _first(office):
    """The queued card as a claimed row would name it."""
    from bot.records import Send

    (flag,) = office.flags()
    return Send("x", TENANT, "", "card", flag.id, 1, 1, False, "", args={"channel": REVIEW})


@pytest.mark.parametrize("decision", ["confirm", "not_pii"])
@pytest.mark.parametrize(
    ("event", "says_so"),
    [
        (deletion(), True),
        (edit("nothing here", at="1700000900.000000"), True),
        (edit("card-1", at="1700000900.000000"), False),
    ],
)
def test_a_decided_card_says_when_its_message_is_not_there_any_more(
    flagged, let_time_pass, decision, event, says_so
):
    dana = flagged.person("reviewer")
    flagged.send(let_time_pass)
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, decision, by=dana, version=flag.version, surface="console"
    )
    flagged.send(let_time_pass)
    assert texts.GONE_SINCE not in str(flagged.cards())
    assert "•••" in str(flagged.cards())

    flagged.put(event)
    flagged.work()
    let_time_pass(flagged.store, CHANGED_CARD_S)
    flagged.send(let_time_pass)

    (card,) = flagged.cards()
    assert (texts.GONE_SINCE in str(card["blocks"])) is says_so
    assert ("•••" in str(card["blocks"])) is not says_so
    assert "Dana" in str(card["blocks"])
    assert flagged.flags() == []


def test_another_find_in_an_edited_message_takes_over_the_decided_card(flagged, let_time_pass):
    dana = flagged.person("reviewer")
    flagged.send(let_time_pass)
    (flag,) = flagged.flags()
    record_review(
        flagged.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )
    flagged.put(edit("ssn-2", at="1700000900.000000"))
    flagged.work()
    let_time_pass(flagged.store, CHANGED_CARD_S)
    flagged.send(let_time_pass)

    (card,) = flagged.cards()
    assert "NATIONAL_ID" in str(card["blocks"])
    assert texts.GONE_SINCE not in str(card["blocks"])
