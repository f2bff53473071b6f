"""Decisions and notes by the API: one service, the same refusals, nothing done twice."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.api.reviews import NotPii
from bot.review import HARMLESS, WRONG, record_review
from tests.bot.api.conftest import SSN, TENANT, TEXT, audit_of


@pytest.fixture
def client(api):
    return api("review")


@pytest.fixture
def flag(make_flag):
    return make_flag()


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def decide(client, flag, decision, *, headers=None, **more):
    body = {"decision": decision, "version": flag.version} | more
    return client.post(f"/api/v1/flags/{flag.number}/decisions", json=body, headers=headers)


@pytest.mark.parametrize(
    ("decision", "more", "state"),
    [
        ("confirm", {}, "confirmed"),
        ("not_pii", {}, "not_pii"),
        ("not_pii", {"reason": "test_data"}, "not_pii"),
        ("accept_risk", {"reason": "a published number", "until": in_days(30)}, "accepted_risk"),
        ("second_opinion", {}, "second_opinion"),
        (
            "correct",
            {"spans": [{"part": "text", "start": 4, "end": 22, "label": "NATIONAL_ID"}]},
            "corrected",
        ),
    ],
)
def test_a_decision_is_taken_and_written_down_to_the_token(
    client, parts, flag, decision, more, state
):
    answer = decide(client, flag, decision, note="seen", signed=True, **more)

    assert answer.status_code == 201, answer.text
    assert answer.json["flag"]["state"] == state
    assert answer.json["review"]["by"] == "robot (API)"
    assert answer.json["review"]["surface"] == "api"
    assert (answer.json["review"]["signed"], answer.json["review"]["has_note"]) == (True, True)
    actors = {actor for actor, action in audit_of(parts) if action == f"review.{decision}"}
    token = parts.store.api_tokens.list(TENANT)[0]
    assert actors == {f"token:{token.id}"}


def test_a_duplicate_names_the_other_flag(client, flag, make_flag):
    other = make_flag(f"again: {TEXT}")

    good = decide(client, flag, "duplicate", duplicate_of=other.number)
    assert (good.status_code, good.json["review"]["reason"]) == (201, f"of flag {other.number}")


def test_a_correction_keeps_what_is_as_it_was_and_takes_away_what_is_not_named(
    client, parts, make_flag
):
    flag = make_flag(
        f"{TEXT} Priya Ben",
        [(*SSN, "NATIONAL_ID", 0.9), ("Priya", "PERSON", 0.7), ("Ben", "PERSON", 0.6)],
    )
    kept = flag.spans[0]
    spans = [
        {"part": "text", "start": kept.start, "end": kept.end, "label": kept.label},
        {"part": "text", "start": 23, "end": 32, "label": "PERSON"},
    ]
    answer = decide(client, flag, "correct", spans=spans)
    now = parts.store.flags.get(flag.id, TENANT)

    assert answer.json["review"]["reason"] == "boundary"
    assert now.spans[0] == kept
    assert [(one.start, one.end, one.source) for one in now.spans[1:]] == [(23, 32, "person")]
    assert "Priya" not in answer.text


@pytest.mark.parametrize(
    ("decision", "more"),
    [
        ("correct", {"spans": [{"part": "text", "start": 4, "end": 999, "label": "PERSON"}]}),
        ("correct", {"spans": [{"part": "text", "start": 4, "end": 4, "label": "PERSON"}]}),
        ("correct", {"spans": [{"part": "other", "start": 4, "end": 7, "label": "PERSON"}]}),
        ("correct", {"spans": [{"part": "text", "start": 4, "end": 7, "label": "canary-55"}]}),
        ("correct", {"spans": [{"part": "text", "start": -1, "end": 7, "label": "PERSON"}]}),
        ("correct", {"spans": [{"part": "text", "start": 0, "end": 7, "label": "PERSON"}, {"part": "text", "start": 6, "end": 9, "label": "PERSON"}]}),
        ("correct", {"spans": [{"part": "text", "start": 11, "end": 22, "label": "NATIONAL_ID"}]}),
        ("correct", {"spans": []}),
        ("correct", {}),
        ("not_pii", {"reason": "canary-55"}),
        ("accept_risk", {"reason": "canary-55"}),
        ("accept_risk", {"reason": "canary-55", "until": in_days(-1)}),
        ("accept_risk", {"reason": "canary-55", "until": in_days(3000)}),
        ("accept_risk", {"reason": "canary-55", "until": "2026-01-01"}),
        ("accept_risk", {"reason": "", "until": in_days(3)}),
        ("accept_risk", {"reason": "canary-55\u0000", "until": in_days(3)}),
        ("duplicate", {"duplicate_of": 999}),
        ("duplicate", {}),
        ("confirm", {"canary-55": 1}),
        ("confirm", {"version": "1"}),
        ("confirm", {"version": 1 << 40}),
        ("confirm", {"signed": "yes"}),
        ("confirm", {"note": "canary-55" * 1000}),
        ("confirm", {"spans": []}),
        ("undo", {}),
        ("canary-55", {}),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_400_and_changes_nothing(client, parts, flag, decision, more):
    answer = decide(client, flag, decision, **more)

    assert answer.status_code == 400, answer.text
    assert answer.json["error"]
    assert "canary-55" not in answer.text
    assert parts.store.flags.get(flag.id, TENANT) == flag
    assert parts.store.reviews.of_flag(flag.id, TENANT) == []


def test_a_flag_is_no_duplicate_of_itself(client, flag):
    assert decide(client, flag, "duplicate", duplicate_of=flag.number).status_code == 400


def test_who_is_late_gets_the_flag_as_it_stands(client, parts, flag, make_person):
    lee = make_person("Lee", "reviewer")
    record_review(
        parts.store, TENANT, flag.id, "confirm", by=lee, version=flag.version, surface="console"
    )
    answer = decide(client, flag, "not_pii")

    assert answer.status_code == 409
    assert answer.json["flag"]["state"] == "confirmed"
    assert answer.json["flag"]["resolved_by"] == "Lee"
    assert "078-05-1120" not in answer.text


@pytest.mark.parametrize(
    ("decision", "more"),
    [
        ("confirm", {}),
        ("correct", {"spans": [{"part": "text", "start": 4, "end": 22, "label": "NATIONAL_ID"}]}),
    ],
)
def test_a_request_sent_twice_with_a_key_is_carried_out_once(client, parts, flag, decision, more):
    headers = {"Idempotency-Key": "a-1"}
    first = decide(client, flag, decision, headers=headers, **more)
    second = decide(client, flag, decision, headers=headers, **more)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert len(parts.store.reviews.of_flag(flag.id, TENANT)) == 1


def test_a_key_of_another_flag_is_another_key(client, flag, make_flag):
    headers = {"Idempotency-Key": "a-1"}
    first = decide(client, flag, "confirm", headers=headers)
    second = decide(client, make_flag("again " + TEXT), "confirm", headers=headers)

    assert first.json["review"]["id"] != second.json["review"]["id"]


@pytest.mark.parametrize("key", ["canary 55", "é", "a" * 65])
def test_a_key_of_another_form_is_400(client, flag, key):
    answer = decide(client, flag, "confirm", headers={"Idempotency-Key": key})

    assert answer.status_code == 400


def test_a_token_takes_its_own_decision_back(client, flag):
    decide(client, flag, "confirm")
    answer = client.post(f"/api/v1/flags/{flag.number}/undo")

    assert (answer.status_code, answer.json["flag"]["state"]) == (201, "open")


def test_a_token_takes_nobody_elses_decision_back(client, parts, flag, make_person):
    lee = make_person("Lee", "reviewer")
    record_review(
        parts.store, TENANT, flag.id, "confirm", by=lee, version=flag.version, surface="console"
    )

    assert client.post(f"/api/v1/flags/{flag.number}/undo").status_code == 403


def test_there_may_be_nothing_to_take_back(client, flag):
    assert client.post(f"/api/v1/flags/{flag.number}/undo").status_code == 400


def test_a_note_is_kept_with_the_flag(client, parts, flag):
    headers = {"Idempotency-Key": "n-1"}
    path = f"/api/v1/flags/{flag.number}/notes"
    first = client.post(path, json={"note": "asked Ben"}, headers=headers)
    client.post(path, json={"note": "asked Ben"}, headers=headers)

    assert first.status_code == 201
    assert "asked Ben" not in first.text
    assert [one.note for one in parts.store.reviews.of_flag(flag.id, TENANT)] == ["asked Ben"]


@pytest.mark.parametrize("note", ["", "   ", "x" * 2001, None, 7])
def test_a_note_needs_a_text_of_some_length(client, flag, note):
    answer = client.post(f"/api/v1/flags/{flag.number}/notes", json={"note": note})

    assert answer.status_code == 400


def test_decisions_of_the_api_are_counted(client, parts, flag):
    decide(client, flag, "confirm")

    assert 'decision="confirm",surface="api"} 1.0' in parts.metrics.render().decode()


def test_the_reasons_are_those_of_the_decision_service():
    named = set(get_args(NotPii.model_fields["reason"].annotation))

    assert named == WRONG | HARMLESS | {""}
