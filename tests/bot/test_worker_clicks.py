"""Clicks on cards and notices, from the inbox to the card's next look."""

import pytest

from bot.slack.client import Refused, Unknown
from tests.bot.worker_tools import TENANT, Office, message


@pytest.fixture
def office(sqlite_store, let_time_pass):
    office = Office(sqlite_store)
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)
    office.person("reviewer")
    office.slack.calls.clear()
    return office


@pytest.fixture
def flag(office):
    return office.flags()[0]


def ref(flag, word=""):
    return f"{word}:{flag.id}:{flag.version}" if word else f"{flag.id}:{flag.version}"


def now(office, flag):
    return office.store.flags.get(flag.id, TENANT)


def said(office):
    return [args["text"] for args in office.slack.named("chat.postEphemeral")]


def test_confirm_then_undo_by_buttons(office, flag, let_time_pass):
    office.click("confirm", ref(flag))
    office.send(let_time_pass)
    assert now(office, flag).state == "confirmed"
    assert "Confirmed by Dana" in str(office.cards()[0]["blocks"])
    assert said(office) == []

    office.click("undo", ref(now(office, flag)))
    office.send(let_time_pass)
    assert now(office, flag).state == "open"
    assert "Confirm" in str(office.cards()[0]["blocks"])


def test_not_pii_with_the_reason_after_it(office, flag):
    office.click("not_pii", ref(flag))
    office.click("not_pii_reason", ref(now(office, flag), "test_data"))

    assert now(office, flag).state == "not_pii"
    standing = [one for one in office.store.reviews.of_flag(flag.id, TENANT) if not one.undone]
    assert [one.reason for one in standing] == ["test_data"]


@pytest.mark.parametrize("word", ["assign", "snooze", "test_data", "notify"])
def test_the_menu(office, flag, word, let_time_pass):
    office.click("more", ref(flag, word))
    after = now(office, flag)

    assert {
        "assign": after.assignee == "Dana",
        "snooze": after.snoozed_until is not None,
        "test_data": after.state == "not_pii",
        "notify": said(office) == ["I asked the author to edit or delete the message. Only they can."],
    }[word]  # fmt: skip


def test_a_stranger_is_told_whom_to_ask_and_the_try_is_audited(office, flag):
    office.person("admin", name="Ada", slack_user_id="UADA00001")
    office.click("confirm", ref(flag), user="USTRANGER1")

    assert now(office, flag).state == "open"
    assert said(office) == ["Only reviewers can decide. Ask <@UADA00001> (admin) for access."]
    assert office.store.audit.rows(TENANT)[0].action == "click.refused"


@pytest.mark.parametrize("value", ["", "x", "a:b:c:d", "ffff:1", "' OR 1=1 --:1"])
def test_a_forged_value_does_nothing(office, flag, value):
    office.click("confirm", value)

    assert now(office, flag).state == "open"
    assert len(said(office)) == 1
    assert office.store.inbox.depth().ready == 0


def test_the_second_of_two_reviewers_learns_who_was_first(office, flag):
    office.person("reviewer", name="Ben", slack_user_id="UBEN00001")
    office.click("confirm", ref(flag))
    office.click("not_pii", ref(flag), user="UBEN00001")

    assert now(office, flag).state == "confirmed"
    assert said(office)[0].startswith("Already confirmed by Dana")


def test_a_click_on_a_card_that_counted_a_repeat_meanwhile_still_counts(office, flag):
    office.put(message("card-1", "1700000005.000100"))
    office.work()
    assert now(office, flag).version > flag.version

    office.click("confirm", ref(flag))

    assert now(office, flag).state == "confirmed"


def test_a_click_that_is_done_again_after_a_crash_changes_nothing(office, flag):
    office.click("confirm", ref(flag), key="click:1")
    office.click("undo", ref(now(office, flag)))
    # the row of the first click was not marked done when the process died
    office.worker._handlers["click"](_again("confirm", ref(flag), "click:1"))

    assert now(office, flag).state == "open"


def test_the_author_answers_from_the_notice(office, flag):
    office.click("author_not_pii", ref(flag), user="UANA00001")
    office.click("author_removed", ref(flag), user="USOMEBODY")

    assert now(office, flag).author_answer == "not_pii"
    assert now(office, flag).state == "open"
    assert "A reviewer will look" in said(office)[0]


NOTICE = "https://hooks.slack.com/actions/T1/1/x"


def answer_notice(office, flag, action_id="author_not_pii", *, user="UANA00001"):
    action = {"action_id": action_id, "value": ref(flag), "action_ts": "1.1"}
    office.put(
        {"event_id": f"click:{user}", "user": {"id": user}, "channel": {"id": "C1"}, "actions": [action], "response_url": NOTICE},
        kind="click",
    )  # fmt: skip
    office.work()


def test_the_answered_notice_is_replaced_by_a_word_without_buttons(office, flag):
    answer_notice(office, flag)

    ((url, body),) = office.slack.responses
    assert (url, body["replace_original"]) == (NOTICE, True)
    assert "A reviewer will look" in str(body["blocks"])
    assert "actions" not in [block["type"] for block in body["blocks"]]
    assert "card-1" not in str(body)
    assert said(office) == []


@pytest.mark.parametrize("answer", [Refused("http_404"), Unknown("reset")])
def test_where_the_notice_cannot_be_replaced_the_author_hears_it_below(office, flag, answer):
    office.slack.script["response_url"] = [answer]

    answer_notice(office, flag)

    assert "A reviewer will look" in said(office)[0]


def test_a_strangers_answer_replaces_nothing(office, flag):
    answer_notice(office, flag, user="USTRANGER1")

    assert office.slack.responses == []
    assert said(office) == ["Only the author of a message can answer for it."]


def _again(action_id, value, key):
    from datetime import UTC, datetime

    from bot.records import Job

    payload = {
        "user": {"id": "UDANA0001"},
        "channel": {"id": "C1"},
        "actions": [{"action_id": action_id, "value": value}],
    }
    return Job("j", key, "click", TENANT, 2, "", datetime.now(UTC), payload)
