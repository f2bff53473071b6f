"""Decisions: who may, what follows, what is refused; the same from Slack and console."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.records import FoundSpan, Part, SlackMessage
from bot.remediation import ask_author, request_deletion, standing
from bot.review import (
    add_note,
    assign,
    author_answer,
    corrected_spans,
    give_reason,
    record_review,
    report_missed,
    reveal,
    snooze,
    undo,
)
from bot.slack.client import Refused
from tests.bot.worker_tools import REVIEW, TENANT, Office, deletion, message


@pytest.fixture
def office(sqlite_store):
    office = Office(sqlite_store)
    office.put(message("card-1 of name-ann"))
    office.work()
    return office


@pytest.fixture
def flag(office):
    return office.flags()[0]


@pytest.fixture
def dana(office):
    return office.person("reviewer")


def decide(office, flag, decision, by, **more):
    more = {"version": flag.version, "surface": "console"} | more
    return record_review(office.store, TENANT, flag.id, decision, by=by, **more)


def state(office, flag):
    return office.store.flags.get(flag.id, TENANT).state


@pytest.mark.parametrize(
    ("decision", "expected", "more"),
    [
        ("confirm", "confirmed", {}),
        ("not_pii", "not_pii", {"reason": "object_id"}),
        ("accept_risk", "accepted_risk", {"reason": "agreed with legal"}),
        ("duplicate", "duplicate", {}),
        ("second_opinion", "second_opinion", {}),
        ("correct", "corrected", {"spans": [FoundSpan("text", 0, 4, "API_KEY")]}),
    ],
)
def test_a_decision_moves_the_flag_and_is_in_the_audit(
    office, flag, dana, decision, expected, more
):
    review = decide(office, flag, decision, dana, **more)

    assert state(office, flag) == expected
    assert review.by == dana.id
    assert office.store.audit.rows(TENANT)[0].action == f"review.{decision}"
    assert office.store.audit.verify() is None


@pytest.mark.parametrize("roles", [(), ("viewer",), ("admin",), ("auditor",), ("ml",)])
def test_who_is_no_reviewer_decides_nothing(office, flag, roles):
    person = office.person(*roles, name="Eve")

    with pytest.raises(ForbiddenError):
        decide(office, flag, "confirm", person)
    assert state(office, flag) == "open"


def test_a_person_of_another_tenant_learns_nothing(office, flag):
    other = office.store.people.add("T2", "Mallory", ["reviewer", "compliance"])

    with pytest.raises(NotFoundError):
        decide(office, flag, "confirm", other)
    with pytest.raises(NotFoundError):
        reveal(office.store, flag.id, other, "decide")


def test_the_same_decision_twice_is_one(office, flag, dana):
    first = decide(office, flag, "confirm", dana)

    assert decide(office, flag, "confirm", dana).id == first.id
    assert len(office.store.reviews.of_flag(flag.id, TENANT)) == 1


def test_who_comes_second_gets_the_other_decision(office, flag, dana):
    ben = office.person("reviewer", name="Ben", slack_user_id="UBEN00001")
    decide(office, flag, "confirm", dana)

    with pytest.raises(StaleError) as stale:
        decide(office, flag, "not_pii", ben)
    assert stale.value.current.resolved_by == "Dana"


def test_a_stale_form_overwrites_nothing(office, flag, dana):
    assign(office.store, TENANT, flag.id, by=dana, to="Dana")

    with pytest.raises(StaleError):
        decide(office, flag, "confirm", dana)
    assert state(office, flag) == "open"


def test_undo_brings_the_former_state_and_spans_back(office, flag, dana):
    decide(office, flag, "correct", dana, spans=[FoundSpan("text", 0, 4, "API_KEY")])
    assert office.store.flags.get(flag.id, TENANT).labels == {"API_KEY": 1}

    undo(office.store, TENANT, flag.id, by=dana, surface="console")

    now = office.store.flags.get(flag.id, TENANT)
    assert now.state == "open"
    assert now.spans == flag.spans
    assert now.labels == flag.labels


def test_undo_of_a_deleted_message_leaves_it_resolved(office, flag, dana):
    decide(office, flag, "confirm", dana)
    office.put(deletion())
    office.work()
    assert state(office, flag) == "confirmed"

    undo(office.store, TENANT, flag.id, by=dana, surface="console")

    assert state(office, flag) == "resolved"


def test_undo_is_for_ten_minutes_and_for_who_decided_or_an_admin(office, flag, dana, let_time_pass):
    ben = office.person("reviewer", name="Ben", slack_user_id="UBEN00001")
    decide(office, flag, "confirm", dana)
    with pytest.raises(ForbiddenError):
        undo(office.store, TENANT, flag.id, by=ben, surface="slack")
    let_time_pass(office.store, 601)
    with pytest.raises(ReviewError, match="ten minutes"):
        undo(office.store, TENANT, flag.id, by=dana, surface="slack")

    assert state(office, flag) == "confirmed"


def test_a_second_opinion_is_settled_by_somebody_else(office, flag, dana):
    decide(office, flag, "second_opinion", dana)
    now = office.store.flags.get(flag.id, TENANT)
    with pytest.raises(ReviewError, match="another reviewer"):
        decide(office, now, "confirm", dana)
    ben = office.person("reviewer", name="Ben", slack_user_id="UBEN00001")
    decide(office, now, "not_pii", ben)

    undo(office.store, TENANT, flag.id, by=ben, surface="slack")
    assert state(office, flag) == "second_opinion"


@pytest.mark.parametrize(
    "spans",
    [
        [FoundSpan("text", 0, 999, "PERSON")],
        [FoundSpan("nowhere", 0, 3, "PERSON")],
        [FoundSpan("text", 3, 3, "PERSON")],
        [FoundSpan("text", 0, 5, "NOBODY")],
        [FoundSpan("text", 0, 5, "PERSON"), FoundSpan("text", 4, 8, "PERSON")],
        None,
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(office, flag, dana, spans):
    with pytest.raises(ReviewError):
        decide(office, flag, "correct", dana, spans=spans)
    assert state(office, flag) == "open"
    assert office.store.reviews.of_flag(flag.id, TENANT) == []


def test_a_reason_may_follow_and_a_harmless_one_keeps_the_spans(office, flag, dana):
    decide(office, flag, "not_pii", dana, signed=True)
    give_reason(office.store, TENANT, flag.id, by=dana, surface="slack", reason="public_contact")

    (review,) = [one for one in office.store.reviews.of_flag(flag.id, TENANT) if not one.undone]
    assert review.reason == "public_contact"
    assert review.spans == flag.spans
    assert review.signed


def test_a_dismissed_value_does_not_open_a_flag_again_but_a_critical_one_does(sqlite_store):
    office = Office(sqlite_store, test_values_count=False)
    dana = office.person("reviewer")
    office.put(message("dob-1 name-x", "1700000001.000100"))
    office.put(message("card-1", "1700000002.000100"))
    office.work()
    for flag in office.flags():
        decide(office, flag, "not_pii", dana)
    office.put(message("again dob-1", "1700000003.000100", channel="C2"))
    office.put(message("again card-1", "1700000004.000100", channel="C2"))
    office.work()

    assert [flag.labels for flag in office.flags()] == [{"CREDIT_CARD": 1}]


@dataclass
class Edit:
    index: int
    action: str
    label: str = ""
    exact_text: str = ""


def test_a_form_moves_a_boundary_relabels_removes_and_adds():
    from bot.records import Flag

    text = "call <tel:+4479|+44 79> for Ann Lee, ref 12, and Ann Lee &amp; Co"
    flag = Flag(
        "f", 1, "T1", "C1", "1.1", "", "open", 1, "high", {}, (), "m", 0.9, None, "",  # type: ignore[arg-type]
        parts=(Part("text", text),),
        spans=(FoundSpan("text", 28, 31, "PERSON"), FoundSpan("text", 41, 43, "ACCOUNT_ID")),
    )  # fmt: skip
    changes = [Edit(0, "keep", "", "Ann Lee"), Edit(1, "remove")]

    spans = corrected_spans(flag, changes, [("Lee & Co", "PERSON")])

    assert [text[span.start : span.end] for span in spans] == ["Ann Lee", "Lee &amp; Co"]
    relabelled = corrected_spans(flag, [Edit(1, "relabel", "MEDICAL_RECORD")], [])
    assert relabelled[1].label == "MEDICAL_RECORD"
    for changes, added, field in (
        ([Edit(0, "keep", "", "Bob")], [], "exact:0"),
        ([], [("Bob", "PERSON")], "missed_text:0"),
        ([], [("ref", "NOBODY")], "missed_label:0"),
        ([], [("Ann", "PERSON")], ""),
    ):
        if field:
            with pytest.raises(ReviewError) as error:
                corrected_spans(flag, changes, added)
            assert error.value.field == field


def test_a_reported_miss_becomes_a_flag_of_a_person(office, let_time_pass):
    missed = SlackMessage(
        TENANT, "C9", "1700000077.000100", (Part("text", "badge is ZX-1 ZX-1"),), "0/1", "UBOB"
    )
    flag = report_missed(
        office.store, missed, [("ZX-1", "ACCOUNT_ID")], by="UEVE", review_channel=REVIEW
    )

    assert flag.model == "person"
    assert flag.labels == {"ACCOUNT_ID": 2}
    assert flag.state == "open"
    office.send(let_time_pass)
    assert len(office.cards()) == 2
    with pytest.raises(ReviewError) as error:
        report_missed(office.store, missed, [("nope", "ACCOUNT_ID")], by="UEVE")
    assert error.value.field == "missed_text:0"


def test_a_report_about_a_flagged_message_joins_its_flag(office, flag):
    same = SlackMessage(
        TENANT, "C1", flag.ts, flag.parts, "000000000000.000000/001700000000.000100", "UANA00001"
    )
    joined = report_missed(office.store, same, [("of", "PASSWORD")], by="UEVE", note="look")

    assert joined.id == flag.id
    assert joined.labels["PASSWORD"] == 1
    assert len(office.flags()) == 1


def test_only_the_author_answers_and_an_answer_decides_nothing(office, flag, dana):
    with pytest.raises(ForbiddenError):
        author_answer(office.store, TENANT, flag.id, "UDANA0001", "not_pii")
    with pytest.raises(ReviewError):
        author_answer(office.store, TENANT, flag.id, "UANA00001", "needed")

    now = author_answer(office.store, TENANT, flag.id, "UANA00001", "needed", "for the audit")

    assert (now.state, now.author_answer) == ("open", "needed")
    (note,) = office.store.reviews.of_flag(flag.id, TENANT)
    assert (note.decision, note.note) == ("note", "for the audit")


def test_an_authors_doubt_about_a_confirmed_flag_brings_a_second_look(office, flag, dana):
    decide(office, flag, "confirm", dana)
    now = author_answer(office.store, TENANT, flag.id, "UANA00001", "not_pii")
    assert now.state == "second_opinion"

    ben = office.person("reviewer", name="Ben", slack_user_id="UBEN00001")
    decide(office, now, "not_pii", ben)
    assert state(office, flag) == "not_pii"


@pytest.mark.parametrize(
    ("roles", "reason", "grant", "allowed"),
    [
        (("compliance",), "decide", False, True),
        (("reviewer",), "decide", True, True),
        (("reviewer",), "decide", False, False),
        (("admin",), "decide", True, False),
        (("compliance",), "curiosity", False, False),
        (("compliance",), "", False, False),
    ],
)
def test_a_reveal_needs_a_role_and_a_reason_and_is_audited(
    office, flag, roles, reason, grant, allowed
):
    person = office.person(*roles, name="Rae", slack_user_id="URAE00001")
    n = len(office.store.audit.rows(TENANT))
    if allowed:
        shown = reveal(office.store, flag.id, person, reason, reviewers_may=grant)
        assert shown.parts[0].text.startswith("card-1")
        assert office.store.audit.rows(TENANT)[0].action == "flag.reveal"
    else:
        with pytest.raises((ForbiddenError, ReviewError)):
            reveal(office.store, flag.id, person, reason, reviewers_may=grant)
        assert len(office.store.audit.rows(TENANT)) == n


def test_notes_assignment_and_snooze_stay_with_the_flag(office, flag, dana):
    with office.store.reading() as tx:
        tomorrow = office.store.now(tx) + timedelta(days=1)
    add_note(office.store, TENANT, flag.id, by=dana, text="ask Ann", surface="slack")
    assign(office.store, TENANT, flag.id, by=dana, to="Dana")
    snooze(office.store, TENANT, flag.id, by=dana, until=tomorrow)

    assert office.flags() == []
    now = office.store.flags.get(flag.id, TENANT)
    assert now.assignee == "Dana"
    decide(office, now, "confirm", dana)
    assert office.store.flags.get(flag.id, TENANT).snoozed_until is None


def test_an_error_says_nothing_of_the_text(office, flag, dana):
    with pytest.raises(ReviewError) as error:
        decide(office, flag, "correct", dana, spans=[FoundSpan("text", 0, 999, "PERSON")])

    assert "card-1" not in str(error.value)
    assert "card-1" not in repr(flag)


def test_the_author_can_be_asked_once_and_deletion_says_what_slack_said(
    office, flag, dana, let_time_pass
):
    assert ask_author(office.store, TENANT, flag.id, by=dana)
    office.send(let_time_pass)
    assert not ask_author(office.store, TENANT, flag.id, by=dana)
    assert len(office.slack.named("chat.postEphemeral")) == 1

    with pytest.raises(ForbiddenError):
        request_deletion(office.store, TENANT, flag.id, by=dana)
    admin = office.person("admin", name="Ada", slack_user_id="UADA00001")
    office.slack.script["chat.delete"] = [Refused("cant_delete_message")]
    assert request_deletion(office.store, TENANT, flag.id, by=admin)
    assert standing(office.store, flag).deletion == "asked"
    office.send(let_time_pass)

    assert standing(office.store, flag).deletion == "refused:cant_delete_message"
    assert standing(office.store, flag).is_told
    assert not standing(office.store, flag).is_gone
