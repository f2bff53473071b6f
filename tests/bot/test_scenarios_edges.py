"""Where things go wrong or meet: races, clicks that may not be, bursts, policies, deletions, and a Slack that refuses."""

import copy
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest

from bot.records import Install
from bot.review import assign, record_review
from bot.slack import texts
from tests.bot import scenario_tools
from tests.bot.scenario_tools import REVIEW, buttons, menu, shown

running_office, office = scenario_tools.running_office, scenario_tools.office
author, channel = scenario_tools.author, scenario_tools.channel


@pytest.fixture
def flagged(office, author, channel):
    """A flagged message with a card: (ts, flag, card)."""
    ts = office.sim.post(author, channel, f"her ssn is {office.values.ssn()}")
    flag = office.flag(channel, ts)
    return ts, flag, office.card(flag)


def say(office, user, words):
    return office.sim.command(user, REVIEW, f"/piiguard {words}").body.get("text", "")


def person(office, name):
    return office.store.people.by_slack(office.tenant, office.sim.workspace.user(name).id)


def confirm_in_console(office, flag):
    """A decision that needs no card to click on."""
    version = office.fresh(flag).version
    record_review(office.store, office.tenant, flag.id, "confirm", by=person(office, "dana"), version=version, surface="console")  # fmt: skip


def together(*calls):
    """Do all of them at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call):
        gate.wait(5)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


# ------------------------------------------------------------------------------------------ who clicks
@pytest.mark.parametrize("choices", [("confirm", "not_pii"), ("confirm", "confirm")])
def test_two_moderators_who_race_get_one_outcome_and_both_see_it(office, flagged, choices):
    _, flag, card = flagged
    n_hints = {name: len(office.hints(name)) for name in ("dana", "lee")}

    together(
        lambda: office.sim.click("dana", card["ts"], choices[0]),
        lambda: office.sim.click("lee", card["ts"], choices[1]),
    )

    office.until(lambda: office.fresh(flag).state != "open")
    office.settle()
    decided = office.fresh(flag)
    reviews = office.store.reviews.of_flag(flag.id, office.tenant)
    assert len(reviews) == 1
    assert decided.resolved_by in shown(office.card(decided))
    loser = "lee" if decided.resolved_by == "Dana Whitfield" else "dana"
    told = {name: office.hints(name)[n:] for name, n in n_hints.items()}
    assert [len(told["dana"]), len(told["lee"])] == [loser == "dana", loser == "lee"]
    assert f"by {decided.resolved_by} at <!date^" in shown(told[loser][0])


def test_a_double_click_is_one_decision_without_a_word(office, flagged):
    _, flag, card = flagged
    n_hints = len(office.hints("dana"))

    together(*[lambda: office.sim.click("dana", card["ts"], "confirm")] * 3)

    office.became(flag, "confirmed")
    office.settle()
    assert len(office.store.reviews.of_flag(flag.id, office.tenant)) == 1
    assert len(office.hints("dana")) == n_hints


@pytest.mark.parametrize("action_id", ["confirm", "not_pii", "correct", "assign", "notify", "why"])
@pytest.mark.parametrize("user", ["kim", "sam"])
def test_a_click_without_the_role_does_nothing_and_says_whom_to_ask(office, author, flagged, user, action_id):  # fmt: skip
    if (user, action_id) == ("sam", "why"):
        return  # administrators may look
    _, flag, card = flagged
    office.settle()
    n_hints, n_told = len(office.hints(user)), len(office.hints(author))

    if action_id in menu(card):
        office.sim.click(user, card["ts"], "more", menu(card)[action_id])
    else:
        office.sim.click(user, card["ts"], action_id)

    office.until(lambda: len(office.hints(user)) > n_hints)
    words = shown(office.hints(user)[-1])
    assert f"<@{office.sim.workspace.user('sam').id}>" in words or "not allowed" in words
    office.settle()
    assert office.fresh(flag) == flag
    assert office.sim.modal(user) is None
    assert len(office.hints(author)) == n_told
    assert office.audited("click.refused")[0].tenant == office.tenant


def test_the_card_of_a_reviewer_who_lost_the_role_is_only_a_card(office, flagged):
    _, flag, card = flagged
    guest = office.new_author()
    office.review.members.append(guest.id)
    person = office.store.people.add(office.tenant, f"G {guest.id}", frozenset({"reviewer"}), slack_user_id=guest.id)  # fmt: skip
    office.store.people.set_roles(person.id, frozenset({"viewer"}))

    office.sim.click(guest, card["ts"], "confirm")

    assert "Only reviewers can decide" in shown(office.hint(guest, REVIEW))
    assert office.fresh(flag).state == "open"


def forged(office, card, user, *, tenant="", value=None, action_id="confirm"):
    """Send a signed click that no simulated person could make: of another workspace, or with another value."""
    who = office.sim.workspace.user(user)
    payload = office.sim.interactions._base("block_actions", who)
    block, element = next(
        (block, one) for block in card["blocks"] for one in block.get("elements", ()) if one.get("action_id") == action_id
    )  # fmt: skip
    action = {"action_id": action_id, "block_id": block["block_id"], "type": element["type"]}
    action |= {
        "value": element["value"] if value is None else value,
        "action_ts": office.sim.workspace.new_ts(),
    }
    payload |= {"actions": [action], "channel": {"id": office.review.id, "name": "privategroup"}}
    payload |= {"container": {"type": "message", "message_ts": card["ts"], "channel_id": office.review.id}}  # fmt: skip
    if tenant:
        payload["team"] = {"id": tenant, "domain": "elsewhere"}
        payload["user"]["team_id"] = tenant
    return office.sim.courier.send_interaction(payload, "forged")


def test_a_click_from_a_workspace_that_never_installed_us_is_nothing(office, flagged):
    _, flag, card = flagged

    answer = forged(office, card, "dana", tenant="T0ELSEWHERE")

    assert (answer.status, answer.answer) == (200, b"")
    office.settle()
    assert office.fresh(flag) == flag


def test_a_reviewer_of_another_tenant_cannot_decide_here_and_learns_nothing(office, flagged):
    _, flag, card = flagged
    other = f"T0OTHER{flag.number:04}"
    with office.store.transaction() as tx:
        office.store.installs.save(tx, Install(other, "Brightwell", "U0OTHERBOT", "B0OTHER", "A0OTHER", "xoxb-0-none"))  # fmt: skip
    office.parts.workspaces.forget(other)
    stranger = office.new_author()
    office.store.people.add(other, f"S {flag.number}", frozenset({"reviewer", "admin"}), slack_user_id=stranger.id)  # fmt: skip

    answers = [forged(office, card, stranger.id, tenant=other, action_id=one) for one in ("confirm", "correct")]  # fmt: skip

    assert {answer.status for answer in answers} == {200}
    office.settle()
    assert office.fresh(flag) == flag
    assert office.sim.modal(stranger) is None
    rows = [row for row in office.store.audit.rows(other) if row.action == "click.refused"]
    assert {row.actor for row in rows} == {stranger.id}


@pytest.mark.parametrize(
    "value", ["", "nonsense", "0" * 32 + ":1", "a:b:c:d", "'; DROP TABLE flags; --:1", "é" * 300, "x" * 64 + ":999999999"]
)  # fmt: skip
@pytest.mark.parametrize("action_id", ["confirm", "correct"])
def test_a_forged_value_decides_nothing_and_is_answered_politely(office, flagged, value, action_id):
    _, flag, card = flagged
    n_hints, n_refused = len(office.hints("dana")), len(office.audited("click.refused"))

    assert forged(office, card, "dana", value=value, action_id=action_id).status == 200

    office.until(lambda: len(office.hints("dana")) > n_hints)
    assert texts.NO_LONGER_OPEN in shown(office.hints("dana")[-1])
    office.settle()
    assert office.fresh(flag) == flag
    assert len(office.audited("click.refused")) == n_refused + 1
    assert office.store.inbox.depth().dead == 0


def test_forged_private_metadata_changes_nothing(office, author, channel, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "correct")
    view = office.until(lambda: office.sim.modal("dana"))
    view.wire["private_metadata"] = "0" * 32 + ":1"

    assert office.sim.submit(view, {"span:0": {"span": "remove"}}).ok

    assert texts.NO_LONGER_OPEN in shown(office.sim.modal("dana").wire)
    assert office.fresh(flag) == flag


def test_the_buttons_of_an_old_card_say_what_was_decided_since(office, flagged):
    _, flag, card = flagged
    old = copy.deepcopy(card)
    office.sim.click("lee", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    forged(office, old, "dana", action_id="not_pii")
    assert office.hint("dana", REVIEW, "Already confirmed by Lee Marchetti")
    forged(office, old, "dana", action_id="correct")

    office.until(lambda: sum("Already confirmed by Lee" in shown(one) for one in office.hints("dana")) >= 2)  # fmt: skip
    assert office.fresh(flag).state == "confirmed"


def test_a_click_on_the_card_of_an_edited_message_says_that_nothing_is_left(office, author, channel, flagged):  # fmt: skip
    ts, flag, card = flagged
    old = copy.deepcopy(card)
    office.sim.edit(author, channel, ts, "never mind")
    office.became(flag, "resolved")

    forged(office, old, "dana", action_id="correct")

    assert office.hint("dana", REVIEW, texts.ALREADY_SOLVED)


def test_a_replayed_click_has_one_effect(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))
    confirm = [one for one in office.sim.deliveries if one.kind == "interaction"][-1]
    office.sim.click("dana", card["ts"], "undo")
    office.card(office.became(flag, "open"))

    # the same bytes, signed afresh
    again = office.sim.courier.send_interaction(json.loads(unquoted(confirm.body)), "replay")

    assert again.status == 200
    office.settle()
    assert office.fresh(flag).state == "open"


def unquoted(body):
    return parse_qs(body.decode())["payload"][0]


# ------------------------------------------------------------------------------------------ many at once
def test_the_same_value_again_in_a_thread_is_counted_on_the_card(office, author, channel):
    number = office.values.ssn()
    root = office.sim.post(author, channel, "who has it?")
    first = office.sim.post(author, channel, f"ssn {number}", thread_ts=root)
    flag = office.flag(channel, first)
    office.card(flag)
    n_cards = len(office.cards())

    for n in range(3):
        ts = office.sim.post(author, channel, f"again: ssn {number} ({n})", thread_ts=root)
        office.flag(channel, ts)
    office.pass_time(11)

    office.until(lambda: office.fresh(flag).n_repeats == 4)
    card = office.card(office.fresh(flag))
    assert "*Repeated* 4 times" in shown(card)
    assert len(office.cards()) == n_cards


def test_a_confirm_counts_although_a_repeat_came_in_between(office, author, channel, flagged):
    _, flag, card = flagged
    number = office.values.given[-1]
    office.flag(channel, office.sim.post(author, channel, f"ssn {number} once more"))
    office.until(lambda: office.fresh(flag).n_repeats == 2)

    office.sim.click("dana", card["ts"], "confirm")

    decided = office.became(flag, "confirmed")
    # and the card says so now, not when the repeats are counted next
    office.until(lambda: "Confirmed by" in shown(office.sim.message(card["ts"])), 3)
    assert decided.n_repeats == 2


def test_another_value_in_the_same_thread_has_a_card_of_its_own(office, author, channel):
    for _ in range(2):
        ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
        assert "confirm" in buttons(office.card(office.flag(channel, ts)))


def test_a_burst_becomes_a_digest_and_no_flag_is_lost(office, author, channel):
    n_cards = len(office.cards())
    made = [office.sim.post(author, channel, f"ssn {office.values.ssn()}") for _ in range(26)]
    flags = [office.flag(channel, ts) for ts in made]
    office.settle()
    alone = [flag for flag in flags if office.has_card(channel, flag.ts)]
    assert 5 <= len(alone) <= 20

    office.pass_time(61)

    digest = office.until(lambda: next((one for one in office.cards()[n_cards:] if "need review" in one["text"]), None))  # fmt: skip
    left = [flag for flag in flags if flag not in alone]
    assert f"{len(left)} flags need review" in shown(digest)
    assert all(f"*{flag.number}*" in shown(digest) for flag in left[:5])
    assert "/piiguard next" in shown(digest)


def test_what_is_medium_waits_for_the_hourly_digest(office, author, channel):
    office.set_policy("flag_at: medium")
    ts = office.sim.post(author, channel, f"write to {office.values.email()}")
    flag = office.flag(channel, ts)
    office.settle()
    assert flag.severity == "medium"
    assert not office.has_card(channel, ts)

    office.pass_time(3_601)

    digest = office.until(lambda: next((one for one in office.cards() if f"*{flag.number}*" in shown(one)), None))  # fmt: skip
    assert "Medium · EMAIL_ADDRESS" in shown(digest)


def test_what_is_low_is_in_the_console_only(office, author, channel):
    office.set_policy("flag_at: low")
    ts = office.sim.post(author, channel, "the till is at 83.21.4.9 now")
    flag = office.flag(channel, ts)

    office.pass_time(3_601)

    office.settle()
    assert flag.severity == "low"
    assert not any(f"*{flag.number}*" in shown(one) or f"Flag {flag.number} " in shown(one) for one in office.cards())  # fmt: skip


# ------------------------------------------------------------------------------------------ policy
def test_a_changed_policy_file_is_taken_up_without_a_restart(office, author, channel):
    where = office.sim.workspace.channel(channel).id
    office.policy_file.write_text(f"channels: {{{where}: {{ignore: true}}}}")
    office.until(lambda: office.parts.policies.current().ignores(where), 5)

    ignored = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    office.settle()
    assert office.flags(channel, ignored) == []

    office.policy_file.write_text("")
    office.until(lambda: not office.parts.policies.current().ignores(where), 5)
    assert office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}"))


def test_a_policy_file_with_a_mistake_keeps_the_one_before_it_and_is_reported(office, author, channel):  # fmt: skip
    office.policy_file.write_text("flag_at: sometimes\n")
    office.until(lambda: office.parts.policies.current() and office.parts.policies.problem, 5)

    assert "The policy file has mistakes" in say(office, "lee", "status")
    assert office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}"))
    office.set_policy("")
    assert "mistakes" not in say(office, "lee", "status")


def test_roles_of_the_policy_file_count_at_once(office, flagged):
    _, flag, card = flagged
    kim = office.sim.workspace.user("kim").id
    office.set_policy(f"people: {{reviewers: [{kim}]}}")

    office.sim.click("kim", card["ts"], "confirm")

    assert office.became(flag, "confirmed")


def test_an_author_may_be_hidden_until_the_confirm(office, author, channel):
    office.set_policy("notices: {hide_author: true}")
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    flag = office.flag(channel, ts)
    card = office.card(flag)
    assert author.id not in shown(card)
    assert "*Who* Author " in shown(card)

    office.sim.click("dana", card["ts"], "confirm")

    assert f"<@{author.id}>" in shown(office.card(office.became(flag, "confirmed")))


def test_the_last_four_digits_of_a_card_are_shown_where_policy_says_so(office, author, channel):
    office.set_policy("notices: {card_last4: true}")
    number = office.values.card()
    ts = office.sim.post(author, channel, f"the card is {number}")

    card = shown(office.card(office.flag(channel, ts)))

    assert f"•••• {number[-4:]}" in card
    assert number[-9:] not in card
    assert f"•••• {number[-4:]}" in shown(office.hint(author, channel))


# ------------------------------------------------------------------------------------------ what does not count
@pytest.mark.parametrize(
    "text",
    [
        "card 4242 4242 4242 4242", "ssn 078-05-1120", "iban DE89 3704 0044 0532 0130 00",
        "key AKIAIOSFODNN7EXAMPLE",
    ],
)  # fmt: skip
def test_published_test_values_are_no_news(office, author, channel, text):
    ts = office.sim.post(author, channel, text)

    office.settle()
    assert office.flags(channel, ts) == []


def test_test_values_count_where_policy_says_so(office, author, channel):
    office.set_policy("allow: {test_values: false}")

    ts = office.sim.post(author, channel, "card 4242 4242 4242 4242")

    assert office.flag(channel, ts)


def test_test_numbers_of_ones_own_are_no_news(office, author, channel):
    number = office.values.card()
    office.set_policy(f"allow: {{test_numbers: ['{number.replace(' ', '')}']}}")

    ts = office.sim.post(author, channel, f"card {number}")

    office.settle()
    assert office.flags(channel, ts) == []


def test_our_own_domain_and_colleagues_are_no_news_and_strangers_are(office, author, channel):
    office.set_policy("flag_at: medium\nallow: {domains: [fernhill.coffee]}")
    ours = office.sim.post(author, channel, f"ask {office.values.email('mail.fernhill.coffee')}")
    colleague = office.sim.post(author, channel, "ask Dana Whitfield, or call Dana W")
    stranger = office.sim.post(author, channel, f"ask {office.values.email()}")

    office.flag(channel, stranger)
    office.settle()
    assert office.flags(channel, ours) == []
    assert office.flags(channel, colleague) == []


def test_a_colleagues_name_beside_a_number_leaves_the_number(office, author, channel):
    ts = office.sim.post(author, channel, f"Dana Whitfield has ssn {office.values.ssn()}")

    assert office.flag(channel, ts).labels == {"NATIONAL_ID": 1}


def test_a_stranger_with_the_same_first_name_is_none_of_us(office, author, channel):
    ts = office.sim.post(author, channel, f"Dana Oxmoor has ssn {office.values.ssn()}")

    assert office.flag(channel, ts).labels == {"NATIONAL_ID": 1, "PERSON": 1}


# ------------------------------------------------------------------------------------------ deleting
def delete(office, user, card):
    return office.sim.click(user, card["ts"], "delete_message")


def test_an_administrator_deletes_and_the_card_says_who_did_it(office, author, channel, flagged):
    ts, flag, card = flagged

    delete(office, "sam", card)

    assert office.hint("sam", REVIEW, texts.DELETE_ASKED)
    resolved = office.became(flag, "resolved")
    office.settle()
    assert ts not in office.sim.workspace.channel(channel).messages
    last = office.card(office.fresh(resolved))
    assert "Deleted with an administrator's token" in shown(last)
    assert "Removed by its author" not in shown(last)
    assert office.audited("message.delete_asked", object=flag.id)
    assert office.audited("message.deleted", object=flag.id)


@pytest.mark.parametrize("code", ["cant_delete_message", "compliance_exports_prevent_deletion"])
def test_a_deletion_that_slack_refuses_is_told_as_it_is(office, author, channel, flagged, code):
    ts, flag, card = flagged
    office.sim.faults.add("error", "chat.delete", code=code)

    delete(office, "dana", card)

    office.until(lambda: code in shown(office.card(office.fresh(flag))))
    refused = office.card(office.fresh(flag))
    assert f"Slack refused to delete the message: {code}" in shown(refused)
    assert "Deleted" not in shown(refused)
    assert {"confirm", "delete_message"} <= buttons(refused)
    assert office.fresh(flag).state == "open"
    assert ts in office.sim.workspace.channel(channel).messages
    assert office.audited("message.delete_refused", object=flag.id)


def test_a_confirmed_flag_may_still_be_deleted(office, author, channel, flagged):
    ts, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    confirmed = office.card(office.became(flag, "confirmed"))

    delete(office, "dana", confirmed)

    office.until(lambda: ts not in office.sim.workspace.channel(channel).messages)
    office.settle()
    assert "Slack deleted the message." in shown(office.card(office.fresh(flag)))
    assert "Confirmed by Dana" in shown(office.card(office.fresh(flag)))


def test_a_reviewer_alone_may_not_delete(office, author, channel, flagged):
    ts, flag, card = flagged

    delete(office, "lee", card)

    assert office.hint("lee", REVIEW, "Only administrators and privacy officers can do that.")
    office.settle()
    assert ts in office.sim.workspace.channel(channel).messages
    assert office.fresh(flag) == flag


def test_without_an_administrators_token_there_is_no_button_and_no_claim(office, author, channel):
    install = office.store.installs.get(office.tenant)
    with office.store.transaction() as tx:
        office.store.installs.save(tx, replace_install(install, ""))
    try:
        ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
        card = office.card(office.flag(channel, ts))
        forged(office, with_delete(card), "sam", action_id="delete_message")
        words = office.hint("sam", REVIEW, "no administrator's token")
    finally:
        with office.store.transaction() as tx:
            office.store.installs.save(tx, install)
    assert "delete_message" not in buttons(card)
    assert "ask the author instead" in shown(words)
    assert ts in office.sim.workspace.channel(channel).messages


def replace_install(install, admin_token):
    return Install(install.tenant, install.team_name, install.bot_user_id, install.bot_id, install.app_id, install.token, admin_token)  # fmt: skip


def with_delete(card):
    """The card with a button that it does not have."""
    altered = copy.deepcopy(card)
    row = next(block for block in altered["blocks"] if block["type"] == "actions")
    row["elements"].append({**row["elements"][0], "action_id": "delete_message"})
    return altered


# ------------------------------------------------------------------------------------------ a Slack that says no
def test_a_429_makes_the_card_wait_as_long_as_slack_says(office, author, channel):
    n_calls = len(office.sim.calls_of("chat.postMessage"))
    office.sim.faults.add("rate_limited", "chat.postMessage", seconds=1)

    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    office.card(office.flag(channel, ts))

    first, second = office.sim.calls_of("chat.postMessage")[n_calls:]
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 1.0


def test_a_card_that_was_deleted_by_hand_is_posted_again_once(office, flagged):
    _, flag, card = flagged
    n_cards = len(office.cards())
    office.sim.workspace.remove(REVIEW, card["ts"])

    assign(office.store, office.tenant, flag.id, by=person(office, "lee"), to="Lee Marchetti")
    again = office.until(lambda: (one := office.card(office.fresh(flag))) and one["ts"] != card["ts"] and one)  # fmt: skip
    assert "Lee Marchetti" in shown(again)
    assert len(office.cards()) == n_cards
    office.settle()

    office.sim.workspace.remove(REVIEW, again["ts"])
    assign(office.store, office.tenant, flag.id, by=person(office, "lee"), to="")
    office.settle()
    assert len(office.cards()) == n_cards - 1
    assert office.log.getvalue().count("card_gone") >= 2
    assert flag.id not in [ref for _, ref, _ in office.store.outbox.refused(office.tenant, 500)]


def test_the_deleted_card_of_a_decided_flag_stays_away(office, flagged):
    _, flag, card = flagged
    n_cards = len(office.cards())
    office.sim.workspace.remove(REVIEW, card["ts"])

    confirm_in_console(office, flag)

    office.settle()
    assert len(office.cards()) == n_cards - 1
    assert flag.id not in [ref for _, ref, _ in office.store.outbox.refused(office.tenant, 500)]


def test_the_decided_card_of_a_deleted_message_links_to_it_no_more(office, author, channel, flagged):  # fmt: skip
    ts, flag, card = flagged
    assert "View message" in shown(card)
    confirm_in_console(office, flag)
    assert "View message" in shown(office.card(office.became(flag, "confirmed")))

    office.sim.delete(author, channel, ts)
    office.settle()
    office.pass_time(6)

    gone = office.until(lambda: texts.GONE_SINCE in shown(one := office.card(office.fresh(flag))) and one)  # fmt: skip
    assert "View message" not in shown(gone)
    assert "Open in console" in shown(gone)


@pytest.mark.parametrize("done", [False, True])
def test_a_500_is_one_card_in_the_end_whether_slack_did_it_or_not(office, author, channel, done):
    n_cards = len(office.cards())
    office.sim.faults.add("status", "chat.postMessage", status=500, done=done)
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    flag = office.flag(channel, ts)
    office.until(lambda: office.sim.faults.taken and office.sim.faults.taken[-1][0] == "chat.postMessage")  # fmt: skip

    for _ in range(3):  # two looks into the channel, fifteen seconds apart
        office.pass_time(20)

    assert "confirm" in buttons(office.card(flag))
    office.settle()
    assert len(office.cards()) == n_cards + 1


def test_a_500_on_an_update_is_sent_again(office, flagged):
    _, flag, card = flagged
    office.sim.faults.add("status", "chat.update", status=503)

    office.sim.click("dana", card["ts"], "confirm")
    office.became(flag, "confirmed")
    office.until(lambda: not office.sim.faults._planned)
    office.pass_time(301)

    assert "Confirmed by Dana" in shown(office.card(office.fresh(flag)))


def test_a_hint_whose_answer_was_lost_is_not_sent_twice(office, author, channel):
    office.sim.faults.add("reset", "chat.postEphemeral", done=True)

    ts = office.sim.post(author, channel, f"card {office.values.card()}")

    office.flag(channel, ts)
    office.hint(author, channel)
    office.pass_time(301)
    office.settle()
    assert len(office.hints(author)) == 1
    assert ("hint", office.flags(channel, ts)[0].id, "answer_lost") in office.store.outbox.refused(office.tenant)  # fmt: skip


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived", "msg_blocks_too_long", "invalid_blocks"])  # fmt: skip
def test_a_card_that_slack_refuses_is_seen_in_status_and_home_and_holds_up_nothing(office, author, channel, code):  # fmt: skip
    office.sim.faults.add("error", "chat.postMessage", code=code)
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    flag = office.flag(channel, ts)
    office.until(lambda: ("card", flag.id, code) in office.store.outbox.refused(office.tenant))

    assert code in say(office, "lee", "status")
    admin = office.new_author()
    office.store.people.add(office.tenant, f"A {admin.id}", frozenset({"admin"}), slack_user_id=admin.id)  # fmt: skip
    office.sim.open_home(admin)
    assert "✗ no: Slack took all that was sent" in shown(office.until(lambda: office.sim.home(admin)))  # fmt: skip
    following = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    assert "confirm" in buttons(office.card(office.flag(channel, following)))
    assert office.fresh(flag).state == "open"


def test_a_very_long_message_full_of_values_still_fits_a_card(office, author, channel):
    words = " & <b> ".join(
        f"ssn {office.values.ssn()} café \U0001f468‍\U0001f469‍\U0001f467" for _ in range(150)
    )

    ts = office.sim.post(author, channel, words)

    flag = office.flag(channel, ts)
    card = office.card(flag)
    assert flag.labels["NATIONAL_ID"] == 150
    assert len(json.dumps(card["blocks"], ensure_ascii=False).encode()) < 10_000
    assert "and 145 more" in shown(card)
    office.sim.click("dana", card["ts"], "correct")
    view = office.until(lambda: office.sim.modal("dana"))
    assert "too many for Slack" in shown(view.wire)


@pytest.mark.parametrize("text", ["ssn {}\x00", "ssn {} \u202e\u2066 abc", "*ssn* `{}` <!channel> <@U0NOBODY01>", "> ssn {}\n```{}```"])  # fmt: skip
def test_odd_characters_change_nothing(office, author, channel, text):
    number = office.values.ssn()

    ts = office.sim.post(author, channel, wire=text.replace("{}", number))

    flag = office.flag(channel, ts)
    card = office.card(flag)
    assert number not in shown(card)
    assert "<!channel>" not in shown(card)


def test_markup_in_a_message_stays_text_on_the_card(office, author, channel):
    ts = office.sim.post(author, channel, f"<!here> *bold* <https://evil.example|ssn> {office.values.ssn()}")  # fmt: skip

    card = shown(office.card(office.flag(channel, ts)))

    assert "<!here>" not in card
    assert "<https://evil.example" not in card


# ------------------------------------------------------------------------------------------ the end of a token
@pytest.fixture(params=scenario_tools.ENGINES)
def own_office(request, tmp_path_factory):
    """An office that may be broken."""
    yield from scenario_tools.start_office(request, tmp_path_factory)


def test_a_revoked_token_stops_everything_that_goes_out_and_loses_nothing(own_office):
    office = own_office
    author = office.new_author()
    channel = office.new_channel(author)
    office.sim.faults.add("error", "chat.postMessage", code="token_revoked", times=5)
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    flag = office.flag(channel, ts)
    office.until(lambda: office.store.outbox.stopped().get(office.tenant) == "token_revoked")
    n_calls = len(office.sim.calls)

    second = office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}"))
    office.sim.courier.wait_idle()
    assert [call.method for call in office.sim.calls[n_calls:] if call.method.startswith("chat.post")] == []  # fmt: skip
    assert "Slack no longer takes my token (token_revoked)" in say(office, "lee", "status")

    office.sim.faults.clear()
    assert office.parts.workspaces.connect()  # installed again, or started with a new token
    assert "confirm" in buttons(office.card(flag))
    assert "confirm" in buttons(office.card(second))
    office.check_nothing_leaked()


def test_an_uninstalled_app_reads_and_writes_nothing_more(own_office):
    office = own_office
    author = office.new_author()
    channel = office.new_channel(author)
    before = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    office.card(office.flag(channel, before))

    office.sim.uninstall()
    office.until(lambda: not office.parts.workspaces.is_active(office.tenant))
    n_calls = len(office.sim.calls)
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")

    assert office.sim.courier.wait_idle()
    assert office.flags(channel, ts) == []
    assert len(office.sim.calls) == n_calls
    assert office.audited("workspace.uninstalled")
    office.check_nothing_leaked()
