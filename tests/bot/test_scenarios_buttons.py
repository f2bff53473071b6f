"""Every button, menu entry, modal, shortcut, command and Home tab, pressed by the people they are for and by others."""

import pytest

from bot.review import record_review
from bot.slack import texts
from tests.bot import scenario_tools
from tests.bot.scenario_tools import REVIEW, bare, buttons, fields, menu, shown

running_office, office = scenario_tools.running_office, scenario_tools.office
author, channel = scenario_tools.author, scenario_tools.channel


@pytest.fixture
def flagged(office, author, channel):
    """A flagged message with a card: (ts, flag, card). Its value is in ``office.values.given[-1]``."""
    ts = office.sim.post(author, channel, f"her ssn is {office.values.ssn()} in case you need it")
    flag = office.flag(channel, ts)
    return ts, flag, office.card(flag)


def opened(office, user, title):
    """The modal in front of this person, once it is the one with this title."""
    return office.until(
        lambda: (view := office.sim.modal(user)) and title in view.wire["title"]["text"] and view
    )


@pytest.fixture
def unproved(office, author, channel):
    """The same with a value that no check digit proves, so that its author is not told at once."""
    ts = office.sim.post(author, channel, f"log in with password: {office.values.password()}")
    flag = office.flag(channel, ts)
    return ts, flag, office.card(flag)


def initial(view):
    """What stands in the fields of a modal: block id -> text."""
    inputs = [block for block in view.wire["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value") for block in inputs}


# ------------------------------------------------------------------------------------------ decisions
def test_confirm_closes_the_flag_and_the_card_names_who_did_it(office, flagged):
    _, flag, card = flagged

    assert office.sim.click("dana", card["ts"], "confirm").ok

    decided = office.card(office.became(flag, "confirmed"))
    assert "Confirmed by Dana Whitfield" in shown(decided)
    assert buttons(decided) == {"undo", "delete_message"}
    assert decided["text"].endswith("Confirmed")
    [review] = office.store.reviews.of_flag(flag.id, office.tenant)
    assert (review.decision, review.surface, review.signed) == ("confirm", "slack", False)
    assert office.audited("review.confirm", object=flag.id, actor=review.by)


def test_not_pii_closes_the_flag_and_asks_for_the_reason_afterwards(office, flagged):
    _, flag, card = flagged

    office.sim.click("dana", card["ts"], "not_pii")
    decided = office.card(office.became(flag, "not_pii"))
    assert "Marked as not PII by Dana Whitfield" in shown(decided)
    assert buttons(decided) == {"undo", "not_pii_reason"}

    office.sim.click("dana", decided["ts"], "not_pii_reason", "Wrong: order, ticket or build number")  # fmt: skip
    office.until(lambda: office.fresh(flag).version > 2)
    explained = office.card(office.fresh(flag))
    assert "wrong: order, ticket or build number" in shown(explained)
    assert buttons(explained) == {"undo"}
    [standing] = [r for r in office.store.reviews.of_flag(flag.id, office.tenant) if not r.undone]
    assert (standing.reason, standing.spans) == ("object_id", ())


def test_a_value_that_was_dismissed_does_not_come_back(office, author, channel):
    birth = "born on 12/03/1984"
    first = office.sim.post(author, channel, f"{birth}, says the form")
    card = office.card(office.flag(channel, first))
    office.sim.click("lee", card["ts"], "not_pii")
    office.became(office.flags(channel, first)[0], "not_pii")

    again = office.sim.post(author, office.new_channel(author), f"{birth}, as I said")

    office.settle()
    place = next(c for c in office.sim.workspace.channels.values() if again in c.messages)
    assert office.flags(place, again) == []


def test_undo_brings_the_buttons_back(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    office.sim.click("dana", card["ts"], "undo")

    opened_again = office.card(office.became(flag, "open"))
    assert {"confirm", "not_pii", "correct", "more"} <= buttons(opened_again)
    assert [
        (r.decision, r.undone) for r in office.store.reviews.of_flag(flag.id, office.tenant)
    ] == [
        ("confirm", True),
        ("undo", False),
    ]
    assert office.audited("review.undo", object=flag.id)


def test_another_reviewer_cannot_undo_and_is_told_why(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    office.sim.click("lee", card["ts"], "undo")

    assert office.hint("lee", REVIEW, "Only who decided, or an administrator, can undo it.")
    office.settle()
    assert office.fresh(flag).state == "confirmed"


def test_an_administrator_can_undo_what_others_decided(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    office.sim.click("sam", card["ts"], "undo")

    assert "confirm" in buttons(office.card(office.became(flag, "open")))


def test_after_ten_minutes_a_decision_cannot_be_undone(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    office.pass_time(601)
    office.sim.click("dana", card["ts"], "undo")

    assert "Too late to undo" in shown(office.hint("dana", REVIEW, "Too late"))
    assert office.fresh(flag).state == "confirmed"


# ------------------------------------------------------------------------------------------ the correction modal
def correct(office, user, card):
    assert office.sim.click(user, card["ts"], "correct").ok
    return opened(office, user, "Correct flag")


def reveal(office, user, flag, reason="boundary"):
    """The correction modal with the exact texts in it."""
    office.revealed.add(office.values.given[-1])
    assert office.sim.click_in_view(office.sim.modal(user), "reveal").ok
    why = opened(office, user, "Reveal flag")
    assert office.sim.submit(why, {"reason": {"reason": reason}}).ok
    return opened(office, user, "Correct flag")


def test_the_correction_modal_shows_numbered_spans_without_their_values(office, flagged):
    _, flag, card = flagged

    view = correct(office, "dana", card)

    assert "her ssn is ••• (1 NATIONAL_ID) in case you need it" in shown(view.wire)
    assert fields(view) == ["span:0", "missed_text:0", "missed_label:0", "note", "signed"]
    assert view.wire["private_metadata"] == f"{flag.id}:{flag.version}"


def test_a_span_gets_another_label(office, flagged):
    _, flag, card = flagged

    answer = office.sim.submit(
        correct(office, "dana", card),
        {"span:0": {"span": "ACCOUNT_ID"}, "note": {"note": "a club number"}, "signed": {"signed": ["signed"]}},
    )  # fmt: skip

    assert answer.ok
    assert office.sim.modal("dana") is None
    decided = office.became(flag, "corrected")
    assert (decided.labels, decided.spans[0].label) == ({"ACCOUNT_ID": 1}, "ACCOUNT_ID")
    shown_now = shown(office.card(decided))
    assert "Corrected by Dana Whitfield" in shown_now
    assert "Note: a club number" in shown_now
    [review] = office.store.reviews.of_flag(flag.id, office.tenant)
    assert review.signed
    assert review.spans == decided.spans


def test_without_the_signature_the_correction_is_stored_and_not_signed(office, flagged):
    _, flag, card = flagged

    office.sim.submit(correct(office, "dana", card), {"span:0": {"span": "ACCOUNT_ID"}})

    office.became(flag, "corrected")
    assert not office.store.reviews.of_flag(flag.id, office.tenant)[0].signed


@pytest.mark.parametrize(
    ("choice", "state", "words"),
    [("keep", "confirmed", "Confirmed by"), ("remove", "not_pii", "Marked as not PII by")],
)
def test_what_was_changed_in_the_form_makes_the_decision(office, flagged, choice, state, words):
    _, flag, card = flagged

    office.sim.submit(correct(office, "lee", card), {"span:0": {"span": choice}})

    assert words in shown(office.card(office.became(flag, state)))


def test_what_was_missed_is_added_wherever_it_stands_and_is_hidden_from_then_on(
    office, author, channel
):
    word, number = office.unfound(), office.values.ssn()
    ts = office.sim.post(author, channel, f"{word} has ssn {number}; ask {word} again")
    flag = office.flag(channel, ts)

    office.sim.submit(
        correct(office, "dana", office.card(flag)),
        {"missed_text:0": {"missed_text": word}, "missed_label:0": {"missed_label": "PERSON"}},
    )

    decided = office.became(flag, "corrected")
    assert decided.labels == {"NATIONAL_ID": 1, "PERSON": 2}
    assert word not in shown(office.card(decided))


def test_another_row_can_be_added_and_what_was_typed_stays(office, author, channel):
    first, second, number = office.unfound(), office.unfound(), office.values.ssn()
    ts = office.sim.post(author, channel, f"{first} and {second} have ssn {number}")
    flag = office.flag(channel, ts)
    view = correct(office, "dana", office.card(flag))
    office.sim.fill(view, {"missed_text:0": {"missed_text": first}, "missed_label:0": {"missed_label": "PERSON"}})  # fmt: skip

    assert office.sim.click_in_view(view, "add_span").ok
    assert {"missed_text:0", "missed_text:1"} <= set(fields(view))
    answer = office.sim.submit(view, {"missed_text:1": {"missed_text": second}, "missed_label:1": {"missed_label": "USERNAME"}})  # fmt: skip

    assert answer.ok
    assert office.became(flag, "corrected").labels == {"NATIONAL_ID": 1, "PERSON": 1, "USERNAME": 1}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"missed_text:0": {"missed_text": "nobody wrote this"}, "missed_label:0": {"missed_label": "PERSON"}}, "missed_text:0", "does not occur in the message"),
        ({"missed_text:0": {"missed_text": "in case"}}, "missed_label:0", "Choose a label"),
        ({"missed_label:0": {"missed_label": "PERSON"}}, "missed_text:0", "Which text?"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_form_is_shown_under_its_field_and_nothing_is_stored(office, flagged, values, field, words):  # fmt: skip
    _, flag, card = flagged
    view = correct(office, "dana", card)

    answer = office.sim.submit(view, values)

    assert answer.body["response_action"] == "errors"
    assert words in view.errors[field]
    assert office.sim.modal("dana") is view
    assert office.fresh(flag).state == "open"
    assert office.store.reviews.of_flag(flag.id, office.tenant) == []


def test_a_text_that_is_marked_already_is_an_error_under_its_field(office, flagged):
    _, _flag, card = flagged
    view = correct(office, "dana", card)

    office.sim.submit(view, {"missed_text:0": {"missed_text": office.values.given[-1]}, "missed_label:0": {"missed_label": "PERSON"}})  # fmt: skip

    assert "marked already" in view.errors["missed_text:0"]


def test_a_boundary_moves_to_the_exact_text(office, author, channel):
    name = office.values.name()
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()} is of Ms {name} Junior")
    flag = office.flag(channel, ts)
    office.revealed |= {name, *office.values.given[-2:]}
    index = next(n for n, span in enumerate(flag.spans) if span.label == "PERSON")

    correct(office, "dana", office.card(flag))
    view = reveal(office, "dana", flag)
    assert initial(view)[f"exact:{index}"] == name
    answer = office.sim.submit(view, {f"exact:{index}": {"exact": f"{name} Junior"}})

    assert answer.ok
    assert office.sim.modal("dana") is None
    decided = office.became(flag, "corrected")
    text = next(part.text for part in decided.parts if part.name == "text")
    moved = next(span for span in decided.spans if span.label == "PERSON")
    assert text[moved.start : moved.end] == f"{name} Junior"
    assert name not in shown(office.card(decided))


def test_an_exact_text_that_is_not_there_or_twice_as_near_is_an_error_under_its_field(office, author, channel):  # fmt: skip
    number = office.values.ssn()
    ts = office.sim.post(author, channel, f"ab ssn {number} ab")
    flag = office.flag(channel, ts)
    correct(office, "dana", office.card(flag))
    view = reveal(office, "dana", flag)

    office.sim.submit(view, {"exact:0": {"exact": "nothing of the sort"}})
    assert "does not occur" in view.errors["exact:0"]
    office.sim.submit(view, {"exact:0": {"exact": ""}})
    assert "Which text?" in view.errors["exact:0"]

    assert office.fresh(flag).state == "open"


def test_an_exact_text_that_stands_twice_equally_near_is_an_error_under_its_field(office, author, channel):  # fmt: skip
    number = office.values.ssn()
    ts = office.sim.post(author, channel, f"ssn: one {number} one")
    flag = office.flag(channel, ts)
    correct(office, "dana", office.card(flag))
    view = reveal(office, "dana", flag)

    office.sim.submit(view, {"exact:0": {"exact": "one"}})

    assert "twice, equally near" in view.errors["exact:0"]


def test_a_form_that_became_old_overwrites_nothing(office, flagged):
    _, flag, card = flagged
    view = correct(office, "dana", card)
    office.sim.click("lee", card["ts"], "confirm")
    office.became(flag, "confirmed")

    answer = office.sim.submit(view, {"span:0": {"span": "remove"}})

    assert answer.body["response_action"] == "update"
    assert "Already confirmed by Lee Marchetti at <!date^" in shown(office.sim.modal("dana").wire)
    assert office.fresh(flag).state == "confirmed"


def test_a_form_whose_message_was_edited_meanwhile_overwrites_nothing(office, author, channel, flagged):  # fmt: skip
    ts, flag, card = flagged
    view = correct(office, "dana", card)
    office.sim.edit(author, channel, ts, "never mind")
    office.became(flag, "resolved")

    office.sim.submit(view, {"span:0": {"span": "remove"}})

    assert texts.ALREADY_SOLVED in shown(office.sim.modal("dana").wire)
    assert office.fresh(flag).state == "resolved"


# ------------------------------------------------------------------------------------------ revealing
def test_the_privacy_officer_sees_the_value_after_giving_a_reason_and_it_is_written_down(office, flagged):  # fmt: skip
    _, flag, card = flagged
    correct(office, "dana", card)

    view = reveal(office, "dana", flag, "incident")

    assert "exact:0" in fields(view)
    assert initial(view)["exact:0"] == office.values.given[-1]
    [row] = office.audited("flag.reveal", object=flag.id)
    assert row.details == {"reason": "incident"}


def test_another_row_does_not_hide_again_what_was_revealed(office, flagged):
    _, flag, card = flagged
    correct(office, "dana", card)
    view = reveal(office, "dana", flag)

    assert office.sim.click_in_view(view, "add_span").ok

    assert {"exact:0", "missed_text:1"} <= set(fields(view))


def test_a_reviewer_without_the_grant_has_no_button_to_reveal(office, flagged):
    _, _flag, card = flagged

    view = correct(office, "lee", card)

    assert "reveal" not in buttons(view.wire)
    assert "add_span" in buttons(view.wire)


def test_a_reviewer_with_the_grant_may_reveal(office, flagged):
    office.set_policy("people: {reviewers_may_reveal: true}")
    _, flag, card = flagged
    correct(office, "lee", card)

    assert "exact:0" in fields(reveal(office, "lee", flag, "decide"))


def test_a_grant_that_was_taken_away_reveals_nothing(office, flagged):
    office.set_policy("people: {reviewers_may_reveal: true}")
    _, flag, card = flagged
    view = correct(office, "lee", card)
    office.sim.click_in_view(view, "reveal")
    why = opened(office, "lee", "Reveal flag")
    office.set_policy("")

    office.sim.submit(why, {"reason": {"reason": "decide"}})

    assert texts.NOT_ALLOWED in shown(office.sim.modal("lee").wire)
    assert office.audited("flag.reveal", object=flag.id) == []
    assert office.audited("click.refused", object="reveal_reason")


# ------------------------------------------------------------------------------------------ the menu
def choose(office, user, card, word):
    return office.sim.click(user, card["ts"], "more", menu(card)[word])


def test_notify_asks_the_author_once_and_says_so(office, author, channel, unproved):
    _, _flag, card = unproved
    office.settle()
    assert office.hints(author) == []

    choose(office, "lee", card, "notify")

    assert texts.ASK_AUTHOR_DONE in shown(office.hint("lee", REVIEW, "asked the author"))
    hint = office.hint(author, channel)
    assert "seems to hold a password or code" in shown(hint)
    assert buttons(hint) == {"author_open", "author_removed", "author_not_pii", "author_needed"}

    choose(office, "lee", card, "notify")
    assert office.hint("lee", REVIEW, "has been told before")
    office.settle()
    assert len(office.hints(author)) == 1


def test_assign_names_the_reviewer_on_the_card(office, flagged):
    _, flag, card = flagged

    choose(office, "lee", card, "assign")

    office.until(lambda: office.fresh(flag).assignee)
    assert "*Assigned to* Lee Marchetti" in shown(office.card(office.fresh(flag)))


def test_snooze_hides_the_flag_for_a_day_and_then_it_is_back(office, flagged):
    _, flag, card = flagged

    choose(office, "lee", card, "snooze")

    office.until(lambda: office.fresh(flag).snoozed_until)
    snoozed = office.card(office.fresh(flag))
    assert "Snoozed until" in shown(snoozed)
    assert "confirm" in buttons(snoozed)
    assert flag.id not in [one.id for one in office.store.flags.pending(office.tenant, 200)]
    office.pass_time(86_401)
    assert flag.id in [one.id for one in office.store.flags.pending(office.tenant, 200)]


def test_test_data_is_not_pii_with_its_reason(office, flagged):
    _, flag, card = flagged

    choose(office, "lee", card, "test_data")

    decided = office.card(office.became(flag, "not_pii"))
    assert "harmless: test data" in shown(decided)
    assert buttons(decided) == {"undo"}
    [review] = office.store.reviews.of_flag(flag.id, office.tenant)
    assert (review.reason, review.spans) == ("test_data", flag.spans)


@pytest.mark.parametrize("user", ["dana", "lee", "sam"])
def test_why_says_what_found_it_and_shows_no_value(office, flagged, user):
    _, flag, card = flagged

    choose(office, user, card, "why")

    why = shown(opened(office, user, f"Why flag {flag.number}").wire)
    assert "NATIONAL_ID" in why
    assert "us ssn" in why
    assert "is critical" in why


# ------------------------------------------------------------------------------------------ the author
@pytest.fixture
def asked(office, author, channel):
    """A message whose author was asked at once, for its check digits hold: (ts, flag, hint)."""
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    flag = office.flag(channel, ts)
    office.card(flag)
    return ts, flag, office.hint(author, channel)


def test_the_author_is_told_at_once_in_private_where_check_digits_hold(office, author, channel, asked):  # fmt: skip
    _ts, flag, hint = asked

    assert "seems to hold a card number" in shown(hint)
    assert f"<#{flag.channel_id}>" in shown(hint)
    assert hint["is_ephemeral"]
    assert [one for one in office.sim.messages(channel) if one.get("bot_id")] == []


def test_other_authors_are_told_a_minute_after_the_confirm(office, author, channel, unproved):
    _, flag, card = unproved
    office.sim.click("dana", card["ts"], "confirm")
    office.became(flag, "confirmed")
    office.settle()
    assert office.hints(author) == []

    office.pass_time(61)

    assert "a password or code" in shown(office.hint(author, channel))


def test_an_undo_within_the_minute_spares_the_author(office, author, channel, unproved):
    _, flag, card = unproved
    office.sim.click("dana", card["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))
    office.sim.click("dana", card["ts"], "undo")
    office.became(flag, "open")

    office.pass_time(61)

    office.settle()
    assert office.hints(author) == []


def answered(office, author, channel, hint, words):
    """What stands where the notice was, once it has been answered; the notice itself is gone."""
    there = office.until(
        lambda: [one for one in office.hints(author, channel) if words in shown(one)]
    )
    assert hint["ts"] not in [one["ts"] for one in office.hints(author, channel)]
    assert buttons(there[-1]) == set()
    assert "tell us below" not in shown(there[-1])
    return there[-1]


def test_i_removed_it_is_thanked_for_once_it_is_true(office, author, channel, asked):
    ts, flag, hint = asked
    office.sim.edit(author, channel, ts, "the card is with Ruth")
    office.became(flag, "resolved")

    office.sim.click(author, hint["ts"], "author_removed")

    assert "a card number" in shown(answered(office, author, channel, hint, texts.AUTHOR_REMOVED))
    assert "Removed by its author" in shown(office.card(office.fresh(flag)))


def test_i_removed_it_is_no_proof_and_the_flag_waits_for_slacks_word(office, author, channel, asked):  # fmt: skip
    ts, flag, hint = asked

    office.sim.click(author, hint["ts"], "author_removed")

    answered(office, author, channel, hint, "Slack has not told us of the change yet")
    assert "The author says it is removed." in shown(office.card(office.fresh(flag)))
    assert office.fresh(flag).state == "open"
    office.sim.edit(author, channel, ts, "the card is with Ruth")
    office.became(flag, "resolved")


def test_it_is_not_pii_decides_nothing_and_is_shown_to_the_reviewers(office, author, channel, asked):  # fmt: skip
    _ts, flag, hint = asked

    office.sim.click(author, hint["ts"], "author_not_pii")

    answered(office, author, channel, hint, texts.AUTHOR_NOT_PII)
    assert office.fresh(flag).author_answer == "not_pii"
    card = office.card(office.fresh(flag))
    assert office.fresh(flag).state == "open"
    assert "The author says it is not PII." in shown(card)
    assert "confirm" in buttons(card)


def test_an_authors_doubt_about_a_confirmed_flag_asks_for_a_second_opinion(office, author, channel, asked):  # fmt: skip
    _ts, flag, hint = asked
    office.sim.click("dana", office.card(flag)["ts"], "confirm")
    office.card(office.became(flag, "confirmed"))

    office.sim.click(author, hint["ts"], "author_not_pii")

    card = office.card(office.became(flag, "second_opinion"))
    assert "A second opinion is asked for." in shown(card)
    assert "confirm" in buttons(card)


def test_needed_because_takes_a_reason_to_the_card(office, author, channel, asked):
    _ts, flag, hint = asked

    assert office.sim.click(author, hint["ts"], "author_needed").ok
    view = opened(office, author, "Needed, because")
    answer = office.sim.submit(view, {"reason": {"reason": "the bank asked for it"}})

    assert answer.ok
    assert f"Your reason is stored with flag {flag.number}" in shown(office.sim.modal(author).wire)
    card = office.card(office.fresh(flag))
    assert "The author says it is needed." in shown(card)
    assert "Note: the bank asked for it" in shown(card)
    assert office.fresh(flag).state == "open"
    answered(office, author, channel, hint, f"Your reason is stored with flag {flag.number}")


def test_open_message_leads_to_the_message_and_answers_nothing(office, author, channel, asked):
    ts, flag, hint = asked
    [link] = [one for block in hint["blocks"] for one in block.get("elements", ()) if one.get("action_id") == "author_open"]  # fmt: skip

    assert link["url"] == office.sim.permalink(flag.channel_id, ts)
    assert office.sim.click(author, hint["ts"], "author_open").ok  # Slack tells of it all the same

    office.settle()
    assert office.fresh(flag).author_answer == ""
    assert hint["ts"] in [one["ts"] for one in office.hints(author, channel)]


def test_only_the_author_can_answer_for_a_message(office, author, channel, asked):
    _ts, flag, hint = asked
    # the same buttons in front of somebody else
    copy = office.sim.workspace.show("kim", channel, {key: hint[key] for key in ("text", "blocks")})

    office.sim.click("kim", copy.ts, "author_not_pii")

    assert office.hint("kim", channel, "Only the author of a message can answer for it.")
    office.settle()
    assert office.fresh(flag).author_answer == ""
    assert office.audited("click.refused", actor=office.sim.workspace.user("kim").id)


def test_an_author_who_left_the_channel_gets_a_direct_message(office, author, channel):
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    office.sim.workspace.leave(author, channel)
    office.sim.courier.release()

    office.flag(channel, ts)
    direct = office.sim.workspace.direct(author, office.sim.app.bot_user_id)
    [words] = office.until(lambda: list(direct.messages.values()))
    assert "seems to hold a card number" in shown(words)
    assert "author_not_pii" in buttons(words)


def test_the_author_answers_in_the_direct_message_too(office, author, channel):
    office.sim.courier.hold()
    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")
    office.sim.workspace.leave(author, channel)
    office.sim.courier.release()
    flag = office.flag(channel, ts)
    direct = office.sim.workspace.direct(author, office.sim.app.bot_user_id)
    [words] = office.until(lambda: list(direct.messages.values()))

    assert office.sim.click(author, words["ts"], "author_not_pii").ok

    [words] = office.until(lambda: [one for one in direct.messages.values() if texts.AUTHOR_NOT_PII in shown(one)])  # fmt: skip
    assert buttons(words) == set()
    assert office.fresh(flag).author_answer == "not_pii"


def test_notices_are_switched_off_by_policy(office, author, channel):
    office.set_policy("notices: {checksum: never, critical: never}")

    ts = office.sim.post(author, channel, f"the card is {office.values.card()}")

    office.card(office.flag(channel, ts))
    office.settle()
    assert office.hints(author) == []


# ------------------------------------------------------------------------------------------ shortcuts
def test_anybody_can_report_missed_pii_and_a_reviewer_gets_the_card(office, author, channel):
    word = office.values.secret()
    ts = office.sim.post(author, channel, f"ask {word} about the boat")
    office.settle()

    assert office.sim.shortcut("kim", "report_missed_pii", ts).ok
    view = opened(office, "kim", "Report missed PII")
    answer = office.sim.submit(view, {"missed_text:0": {"missed_text": word}, "missed_label:0": {"missed_label": "PERSON"}, "note": {"note": "her nickname"}})  # fmt: skip

    assert answer.ok
    [flag] = office.flags(channel, ts)
    assert f"This is flag {flag.number}" in shown(office.sim.modal("kim").wire)
    assert (flag.labels, flag.model) == ({"PERSON": 1}, "person")
    card = office.card(flag)
    assert "ask ••• (1 PERSON) about the boat" in shown(card)
    assert "Note: her nickname" in shown(card)
    assert "confirm" in buttons(card)
    assert office.audited("flag.reported", object=flag.id, actor=office.sim.workspace.user("kim").id)  # fmt: skip
    choose(office, "dana", card, "why")
    assert "Reported by a person" in shown(opened(office, "dana", "Why flag").wire)


def test_a_report_is_added_to_the_flag_that_is_there(office, author, channel):
    word = office.unfound()
    ts = office.sim.post(author, channel, f"{word} has ssn {office.values.ssn()}")
    flag = office.flag(channel, ts)
    office.card(flag)

    office.sim.shortcut(author, "report_missed_pii", ts)
    office.sim.submit(opened(office, author, "Report missed"), {"missed_text:0": {"missed_text": word}, "missed_label:0": {"missed_label": "USERNAME"}})  # fmt: skip

    office.until(lambda: office.fresh(flag).labels == {"NATIONAL_ID": 1, "USERNAME": 1})
    assert len(office.flags(channel, ts)) == 1
    assert "(1 USERNAME)" in shown(office.card(office.fresh(flag)))


def test_a_report_about_a_reply_in_a_thread_finds_its_message(office, author, channel):
    word = office.values.secret()
    root = office.sim.post(author, channel, "who was it?")
    ts = office.sim.post(author, channel, f"it was {word}", thread_ts=root)

    office.sim.shortcut("kim", "report_missed_pii", ts)
    office.sim.submit(opened(office, "kim", "Report missed"), {"missed_text:0": {"missed_text": word}, "missed_label:0": {"missed_label": "PERSON"}})  # fmt: skip

    assert office.flag(channel, ts).thread_ts == root


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"missed_text:0": {"missed_text": "nobody wrote this"}, "missed_label:0": {"missed_label": "PERSON"}}, "missed_text:0", "does not occur in the message"),
    ],
)  # fmt: skip
def test_a_report_of_what_is_not_there_is_an_error_under_its_field(office, author, channel, values, field, words):  # fmt: skip
    ts = office.sim.post(author, channel, "ask about the boat")
    office.sim.shortcut("kim", "report_missed_pii", ts)
    view = opened(office, "kim", "Report missed")

    office.sim.submit(view, values)

    assert words in view.errors[field]
    assert office.flags(channel, ts) == []


def test_a_report_about_a_decided_message_says_who_decided(office, flagged):
    ts, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.became(flag, "confirmed")

    office.sim.shortcut("kim", "report_missed_pii", ts)
    office.sim.submit(opened(office, "kim", "Report missed"), {"missed_text:0": {"missed_text": "in case"}, "missed_label:0": {"missed_label": "PERSON"}})  # fmt: skip

    assert "Already confirmed by Dana Whitfield" in shown(office.sim.modal("kim").wire)


def test_a_report_from_a_channel_without_the_bot_says_how_to_invite_it(office, author):
    place = office.sim.workspace.add_channel("attic", [author, "kim"])
    ts = office.sim.post(author, place, "ask about the boat")

    office.sim.shortcut("kim", "report_missed_pii", ts)
    view = opened(office, "kim", "Report missed")
    office.sim.submit(view, {"missed_text:0": {"missed_text": "boat"}, "missed_label:0": {"missed_label": "PERSON"}})  # fmt: skip

    assert "I am not a member of this channel" in view.errors["missed_text:0"]


def test_check_this_message_shows_labels_and_stores_nothing(office, author, channel):
    place = office.sim.workspace.add_channel("cellar", [author, "kim"])
    ts = office.sim.post(author, place, f"the card is {office.values.card()}")

    office.sim.shortcut("kim", "check_this_message", ts)

    words = shown(opened(office, "kim", "Check this message").wire)
    assert "This would be flagged (critical)" in words
    assert "CREDIT_CARD" in words
    office.settle()
    assert office.flags(place, ts) == []


def test_check_of_a_harmless_message_does_not_promise_too_much(office, author, channel):
    ts = office.sim.post(author, channel, "ask about the boat")

    office.sim.shortcut("kim", "check_this_message", ts)

    assert texts.NOTHING_FOUND in shown(opened(office, "kim", "Check this message").wire)


def test_check_of_our_own_post_says_that_it_is_not_read(office, flagged):
    _, _, card = flagged

    office.sim.shortcut("dana", "check_this_message", card["ts"])

    assert "I do not read messages of this kind." in shown(opened(office, "dana", "Check this").wire)  # fmt: skip


def empty_queue(office):
    """Decide whatever earlier tests left open."""
    dana = office.store.people.by_slack(office.tenant, office.sim.workspace.user("dana").id)
    for flag in office.store.flags.pending(office.tenant, 200):
        record_review(office.store, office.tenant, flag.id, "duplicate", by=dana, version=flag.version, surface="api")  # fmt: skip
    office.settle()


def test_the_review_queue_goes_from_flag_to_flag_and_ends(office, author, channel):
    empty_queue(office)
    made = [office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}")) for _ in range(2)]  # fmt: skip

    assert office.sim.shortcut("lee", "review_queue").ok
    first = opened(office, "lee", "Correct flag")
    assert first.wire["submit"]["text"] == "Save and next"
    first_title = first.wire["title"]["text"]
    office.sim.submit(first, {"signed": {"signed": ["signed"]}})
    second = office.sim.modal("lee")
    assert "Correct flag" in second.wire["title"]["text"] != first_title
    # the box is remembered within the session
    assert second.wire["state"]["values"]["signed"]["signed"]["selected_options"]
    office.sim.submit(second, {"span:0": {"span": "remove"}})

    assert "That was the last one." in shown(office.sim.modal("lee").wire)
    assert sorted(office.fresh(flag).state for flag in made) == ["confirmed", "not_pii"]


def test_an_empty_review_queue_says_so(office):
    empty_queue(office)

    office.sim.shortcut("lee", "review_queue")

    assert "Nothing needs review." in shown(opened(office, "lee", "Review PII queue").wire)


def test_the_review_queue_is_for_reviewers(office):
    office.sim.shortcut("kim", "review_queue")

    words = shown(opened(office, "kim", "Review PII queue").wire)
    sam = office.sim.workspace.user("sam").id
    assert "Only reviewers can decide." in words
    assert f"<@{sam}>" in words


# ------------------------------------------------------------------------------------------ commands
def say(office, user, words, where=REVIEW):
    """What the command answers, to this person alone."""
    answer = office.sim.command(user, where, f"/piiguard {words}".strip())
    assert answer.ok
    if answer.body:
        assert answer.body["response_type"] == "ephemeral"
    return answer.body.get("text", "")


@pytest.mark.parametrize("words", ["", "help", "HELP"])
def test_help_tells_everybody_what_there_is(office, words):
    assert say(office, "kim", words) == texts.HELP


@pytest.mark.parametrize(
    ("typed", "nearest"), [("chekc my text", "check"), ("stats", "status"), ("???", "help"), ("qeue", "queue")]
)  # fmt: skip
def test_an_unknown_word_gets_the_nearest_one(office, typed, nearest):
    answer = say(office, "kim", typed)

    assert f"Did you mean `/piiguard {nearest}`?" in answer
    assert typed not in answer


def test_check_of_a_text_hides_its_values_and_keeps_nothing(office):
    number = office.values.card()

    answer = say(office, "kim", f"check the card is {number}")

    assert "> the card is ••• (1 CREDIT_CARD)" in answer
    assert "This would be flagged." in answer
    assert texts.NOT_STORED in answer
    assert bare(number) not in bare(answer)


def test_check_of_a_harmless_text_and_of_none(office):
    assert texts.NOTHING_FOUND in say(office, "kim", "check hello there")
    assert texts.TEXT_MISSING in say(office, "kim", "check")


def test_queue_lists_what_waits_for_reviewers_only(office, flagged):
    _, _flag, _ = flagged

    answer = say(office, "lee", "queue")

    assert "Needs review:" in answer
    assert "critical" in answer
    assert "NATIONAL_ID" in answer
    assert "Only reviewers" in say(office, "kim", "queue")


def test_next_opens_the_flag_that_needs_review_most(office, flagged):
    assert say(office, "lee", "next") == ""

    assert opened(office, "lee", "Correct flag").wire["submit"]["text"] == "Save and next"
    assert "Only reviewers" in say(office, "kim", "next")


def test_next_says_when_nothing_is_left(office):
    empty_queue(office)

    assert say(office, "lee", "next") == "Nothing needs review."


def test_report_counts_the_decisions(office, flagged):
    _, flag, card = flagged
    office.sim.click("dana", card["ts"], "confirm")
    office.became(flag, "confirmed")

    assert "*Last 7 days*" in say(office, "lee", "report")
    assert "*Last 30 days*" in say(office, "sam", "report 30d")
    assert "confirmed" in say(office, "lee", "report 7d")
    assert "Which time?" in say(office, "lee", "report ever")
    assert "Only reviewers" in say(office, "kim", "report 7d")


def test_an_ignored_channel_is_not_read_until_it_is_watched_again(office, author, channel):
    assert "I no longer read" in say(office, "sam", f"ignore #{channel}")
    ignored = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
    office.settle()
    assert office.flags(channel, ignored) == []
    where = office.sim.workspace.channel(channel).id
    assert f"Ignored: <#{where}>" in say(office, "sam", "status")

    assert "I watch" in say(office, "sam", f"watch #{channel}")
    ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")

    assert office.flag(channel, ts)
    sam = office.store.people.by_slack(office.tenant, office.sim.workspace.user("sam").id)
    assert office.audited("channel.ignored", object=where, actor=sam.id)
    assert office.audited("channel.watched", object=where, actor=sam.id)


def test_watch_joins_a_public_channel_and_says_how_to_be_invited_to_a_private_one(office, author):
    public = office.sim.workspace.add_channel("lawn", [author, "sam"])
    private = office.sim.workspace.add_channel("vault", [author, "sam"], is_private=True)

    assert say(office, "sam", "watch #lawn") == f"I watch <#{public.id}>."
    assert office.sim.app.bot_user_id in public.members
    assert "/invite @piiguard" in say(office, "sam", "watch #vault")
    assert office.sim.app.bot_user_id not in private.members


@pytest.mark.parametrize("words", ["watch #general", "ignore #general", "mute 1h"])
@pytest.mark.parametrize("user", ["kim", "lee"])
def test_what_administrators_do_others_cannot(office, words, user):
    answer = say(office, user, words)

    assert "Only" in answer
    assert f"<@{office.sim.workspace.user('sam').id}>" in answer


@pytest.mark.parametrize("words", ["watch", "ignore nowhere", "mute", "mute 40d"])
def test_a_command_that_lacks_something_says_what(office, words):
    assert "`/piiguard " in say(office, "sam", words)


def test_status_and_model_say_how_the_bot_is(office):
    assert "Set aside, not scanned: 0" in say(office, "lee", "status")
    assert say(office, "kim", "model") == "Rules only, no model."
    assert "Only reviewers" in say(office, "kim", "status")


@pytest.fixture
def unmuted(office):
    """Nobody else's test waits for a mute."""
    yield
    say(office, "sam", "mute off")


def test_a_mute_holds_back_new_cards_and_lets_critical_ones_and_updates_through(office, author, channel, flagged, unmuted):  # fmt: skip
    _, before, card = flagged
    assert "Critical ones come at once" in say(office, "sam", "mute 1h")

    quiet = office.sim.post(author, channel, "she was born on 03/07/1971, says the form")
    held = office.flag(channel, quiet)
    loud = office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}"))
    office.sim.click("dana", card["ts"], "confirm")

    assert held.severity == "high"
    assert "confirm" in buttons(office.card(loud))
    assert "Confirmed by Dana" in shown(office.card(office.became(before, "confirmed")))
    office.settle()
    assert not office.has_card(channel, quiet)
    assert "Muted: new cards wait until" in say(office, "lee", "status")
    assert office.audited("cards.muted")

    assert "come again" in say(office, "sam", "mute off")
    office.pass_time(61)
    assert "confirm" in buttons(office.card(held))
    assert "wait until" not in say(office, "lee", "status")


def test_a_mute_ends_by_itself(office, author, channel, unmuted):
    say(office, "sam", "mute 1h")
    ts = office.sim.post(author, channel, "she was born on 04/07/1971, says the form")
    office.flag(channel, ts)
    office.settle()
    assert not office.has_card(channel, ts)

    end_mute(office)
    office.pass_time(61)

    office.card(office.flag(channel, ts))


def end_mute(office):
    """As if the hour had gone by."""
    with office.store.transaction() as tx:
        office.store.settings.set(tx, office.tenant, "muted_until", "1")


def test_a_mute_holds_back_notices_that_are_not_critical_and_no_others(office, author, channel, unmuted):  # fmt: skip
    office.set_policy("notices: {high: at_once}")
    say(office, "sam", "mute 1h")

    office.flag(channel, office.sim.post(author, channel, "she was born on 05/07/1971 she says"))
    office.flag(channel, office.sim.post(author, channel, f"the card is {office.values.card()}"))

    assert "a card number" in shown(office.hint(author, channel))
    office.settle()
    assert len(office.hints(author, channel)) == 1
    end_mute(office)
    office.pass_time(61)
    assert office.hint(author, channel, "a date of birth")


def test_many_cards_that_wait_for_a_mute_hold_up_no_critical_one(office, author, channel, unmuted):
    say(office, "sam", "mute 1h")
    made = [office.sim.post(author, channel, f"she was born on {day:02}/08/1971, says the form") for day in range(1, 8)]  # fmt: skip
    held = [office.flag(channel, ts) for ts in made]
    office.settle()
    n_cards = len(office.cards())

    loud = office.flag(channel, office.sim.post(author, channel, f"ssn {office.values.ssn()}"))

    assert "confirm" in buttons(office.card(loud))
    assert len(office.cards()) == n_cards + 1
    end_mute(office)
    office.pass_time(3_601)
    # five of them one by one, the others in a digest
    for flag in held:
        office.until(lambda flag=flag: any(f"Flag {flag.number} " in shown(one) or f"*{flag.number}*" in shown(one) for one in office.cards()))  # fmt: skip


# ------------------------------------------------------------------------------------------ the thread of a card
def notes_on(office, flag):
    reviews = office.store.reviews.of_flag(flag.id, office.tenant)
    return [(review.by, review.note) for review in reviews if review.decision == "note"]


@pytest.mark.parametrize("user", ["dana", "lee", "sam"])
def test_a_reply_under_a_card_is_a_note_on_its_flag_and_is_never_scanned(office, flagged, user):
    _, flag, card = flagged
    number = office.values.ssn()

    ts = office.sim.post(user, REVIEW, f"R&D again, it was {number}", thread_ts=card["ts"])
    office.sim.courier.repeat()

    office.until(lambda: notes_on(office, flag))
    office.settle()
    person = office.store.people.by_slack(office.tenant, office.sim.workspace.user(user).id)
    assert notes_on(office, flag) == [(person.id, f"R&D again, it was {number}")]
    assert office.flags(REVIEW, ts) == []
    assert office.audited("flag.note", object=flag.id, actor=person.id)
    # it stands in the thread; the card does not repeat it
    office.sim.click("dana", card["ts"], "confirm")
    assert "R&amp;D" not in shown(office.card(office.became(flag, "confirmed")))


def test_a_reply_is_a_note_also_where_the_channel_is_ignored_and_shown_in_the_channel(office, flagged):  # fmt: skip
    _, flag, card = flagged
    office.set_policy(f"channels: {{{office.review.id}: {{ignore: true}}}}")

    office.sim.post("lee", REVIEW, "asked HR", thread_ts=card["ts"], broadcast=True)

    office.until(lambda: notes_on(office, flag))


def test_what_else_is_said_in_the_review_channel_is_no_note(office, flagged):
    _, flag, card = flagged
    other = office.sim.post("lee", REVIEW, "lunch?")

    office.sim.post("kim", REVIEW, "I have no role", thread_ts=card["ts"])
    office.sim.post("lee", REVIEW, "yes", thread_ts=other)
    office.sim.post("lee", REVIEW, f"flag {flag.number} is odd")
    office.sim.workspace.post(office.sim.workspace.user("lee").id, REVIEW, "beep", thread_ts=card["ts"], bot_id="B0OTHERAPP1", app_id="A0OTHERAPP1")  # fmt: skip
    said = office.sim.post("lee", REVIEW, "mine", thread_ts=card["ts"])
    office.until(lambda: notes_on(office, flag))
    office.sim.edit("lee", REVIEW, said, "mine, I think")
    office.sim.delete("lee", REVIEW, said)

    office.settle()
    assert [note for _, note in notes_on(office, flag)] == ["mine"]
    assert office.store.inbox.depth().dead == 0


def test_a_note_longer_than_a_note_may_be_is_cut(office, flagged):
    _, flag, card = flagged

    office.sim.post("lee", REVIEW, "long " * 600, thread_ts=card["ts"])

    [(_, note)] = office.until(lambda: notes_on(office, flag))
    assert len(note) == 2000


# ------------------------------------------------------------------------------------------ App Home
def home_of(office, user):
    office.sim.open_home(user)
    return office.until(lambda: office.sim.home(user))


def test_home_tells_everybody_what_happens_and_shows_their_own_flags(office, author, channel, flagged):  # fmt: skip
    _, flag, _ = flagged

    home = home_of(office, author)

    words = shown(home)
    assert "Report missed PII" in words
    assert "What I watch" in words
    assert f"<#{flag.channel_id}>" in words
    assert "after 30 days" in words
    assert f"*{flag.number}* · NATIONAL_ID" in words
    assert "Needs review" not in words
    assert "Administration" not in words


def test_this_was_wrong_at_home_is_the_authors_claim(office, author, channel, flagged):
    _, flag, _ = flagged
    home = home_of(office, author)

    office.sim.click_in_view(home["id"], "author_not_pii", block_id=f"own:{flag.number}")

    office.until(lambda: office.fresh(flag).author_answer == "not_pii")
    assert "The author says it is not PII." in shown(office.card(office.fresh(flag)))
    again = office.until(lambda: "Noted" in shown(office.sim.home(author)) and office.sim.home(author))  # fmt: skip
    assert "author_not_pii" not in buttons(again)


def test_home_of_a_reviewer_counts_and_opens_the_next_flag(office, flagged):
    reviewer = office.new_author()
    office.store.people.add(office.tenant, f"R {reviewer.id}", frozenset({"reviewer"}), slack_user_id=reviewer.id)  # fmt: skip

    home = home_of(office, reviewer)

    assert "Needs review" in shown(home)
    assert "*Critical*" in shown(home)
    assert "Administration" not in shown(home)
    assert office.sim.click_in_view(home["id"], "review_queue").ok
    assert opened(office, reviewer, "Correct flag")


def test_home_of_an_administrator_shows_health_and_set_up(office):
    admin = office.new_author()
    office.store.people.add(office.tenant, f"A {admin.id}", frozenset({"admin"}), slack_user_id=admin.id)  # fmt: skip

    words = shown(home_of(office, admin))

    assert "Administration" in words
    assert "Health" in words
    assert "no message was set aside" in words
    assert "✓ done: name the review channel" in words
    assert "Needs review" not in words


def test_the_messages_tab_publishes_nothing(office, author):
    office.sim.open_home(author, tab="messages")

    office.settle()
    assert office.sim.home(author) is None


def test_home_counts_as_mine_what_is_assigned_to_me_and_does_not_sleep(office, author, channel):
    empty_queue(office)
    reviewer = office.new_author()
    office.review.members.append(reviewer.id)
    office.store.people.add(office.tenant, f"Q {reviewer.id}", frozenset({"reviewer"}), slack_user_id=reviewer.id)  # fmt: skip
    for _ in range(3):
        ts = office.sim.post(author, channel, f"ssn {office.values.ssn()}")
        flag = office.flag(channel, ts)
        choose(office, reviewer, office.card(flag), "assign")
        office.until(lambda flag=flag: office.fresh(flag).assignee)
    choose(office, reviewer, office.card(office.fresh(flag)), "snooze")
    office.until(lambda: office.fresh(flag).snoozed_until)

    assert "*Mine* 2" in shown(home_of(office, reviewer))


def test_home_says_how_much_is_found_by_type_as_check_promises(office, author):
    words = shown(home_of(office, author))

    assert "App Home" in texts.NOTHING_FOUND
    assert "How much I find" in words
    assert "Not measured" in words  # rules only here; with a model: tests/bot/test_slack_home.py
