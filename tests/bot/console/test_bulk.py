"""Bulk: what becomes of each flag, what must be said first, and the way back."""

import csv
import io
import re

import pytest

from bot.casework import assign
from bot.console import bulk as bulk_module
from bot.console import bulk_pages
from bot.console.bulk import Outcome, last_batch, read_picks
from bot.console.bulk_pages import safe_cell
from bot.errors import ReviewError
from bot.review import UNDO_S, record_review
from tests.bot.console.conftest import OTHER_TENANT, TENANT

SSN = "078-05-1120"


@pytest.fixture
def lee(client_as):
    return client_as("reviewer", name="Lee")


@pytest.fixture
def dana(client_as):
    return client_as("compliance", name="Dana")


def pick(flag):
    return f"{flag.id}:{flag.version}"


def state(parts, flag):
    return parts.store.flags.get(flag.id, TENANT).state


def said(answer, client):
    """The message that follows a post."""
    assert answer.status_code == 302
    return re.search(r'class="flash flash-.*?<span>(.*?)</span>', client.get(answer.location).text, re.S)[1]  # fmt: skip


def other_value(make_flag, value="536-22-1234"):
    return make_flag(f"ssn {value}", [(value, "NATIONAL_ID")])


def test_flags_of_one_value_are_confirmed_together_and_never_signed(lee, parts, make_flag):
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(3)]

    answer = lee.send("/flags/bulk", {"action": "confirm", "pick": [pick(one) for one in flags]})

    assert said(answer, lee) == "Confirm: 3 done."
    assert {state(parts, one) for one in flags} == {"confirmed"}
    reviews = [review for one in flags for review in parts.store.reviews.of_flag(one.id, TENANT)]
    assert [review.signed for review in reviews] == [False] * 3


def test_flags_of_different_values_are_not_confirmed_unseen(lee, parts, make_flag):
    flags = [make_flag(), other_value(make_flag)]

    answer = lee.send("/flags/bulk", {"action": "confirm", "pick": [pick(one) for one in flags]})

    assert "the same single value" in said(answer, lee)
    assert {state(parts, one) for one in flags} == {"open"}


def test_a_flag_that_holds_more_than_the_shared_value_is_left_for_a_person(lee, parts, make_flag):
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(2)]
    more = make_flag(f"{SSN} Marta", [(SSN, "NATIONAL_ID"), ("Marta", "PERSON")])

    answer = lee.send(
        "/flags/bulk", {"action": "confirm", "pick": [pick(one) for one in (*flags, more)]}
    )

    assert said(answer, lee) == "Confirm: 2 done, 1 refused: they hold other values too."
    assert state(parts, more) == "open"


def test_one_flag_alone_is_confirmed_whatever_it_holds(lee, parts, make_flag):
    flag = make_flag(f"{SSN} Marta", [(SSN, "NATIONAL_ID"), ("Marta", "PERSON")])

    lee.send("/flags/bulk", {"action": "confirm", "pick": pick(flag)})

    assert state(parts, flag) == "confirmed"


def test_what_somebody_else_decided_stays_and_is_counted(lee, dana, parts, make_flag):
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(3)]
    record_review(
        parts.store, TENANT, flags[0].id, "confirm", by=dana.person, version=flags[0].version, surface="slack",
    )  # fmt: skip

    answer = lee.send(
        "/flags/bulk",
        {"action": "not_pii", "reason": "test_data", "pick": [pick(one) for one in flags]},
    )

    assert said(answer, lee) == "Not PII: 2 done, 1 already decided by Dana."
    assert [state(parts, one) for one in flags] == ["confirmed", "not_pii", "not_pii"]


def test_not_pii_without_a_reason_asks_for_one_and_loses_nothing(lee, parts, make_flag):
    flag = make_flag()
    form = {"action": "not_pii", "pick": pick(flag)}

    asked = lee.send("/flags/bulk", form)

    assert asked.status_code == 200
    assert "Why not PII?" in asked.text
    assert f'name="pick" value="{pick(flag)}"' in asked.text
    assert state(parts, flag) == "open"
    lee.send("/flags/bulk", form | {"asked": "1", "reason": "object_id"})
    assert state(parts, flag) == "not_pii"
    assert parts.store.reviews.of_flag(flag.id, TENANT)[0].reason == "object_id"


def test_all_that_match_are_taken_with_the_filter_of_the_page(lee, parts, make_flag):
    wanted = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID", 0.5)]) for n in range(2)]
    other = make_flag(f"x {SSN}", [(SSN, "NATIONAL_ID", 0.9)])

    lee.send(
        "/flags/bulk",
        {"action": "not_pii", "reason": "test_data", "all": "1", "q": "score:<0.6"},
    )

    assert [state(parts, one) for one in (*wanted, other)] == ["not_pii", "not_pii", "open"]


@pytest.mark.parametrize(("typed", "is_done"), [("", False), ("2", False), ("3", True)])
def test_over_a_hundred_the_number_must_be_typed(
    lee, parts, make_flag, monkeypatch, typed, is_done
):
    monkeypatch.setattr(bulk_pages, "TYPE_OVER", 2)
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(3)]
    form = {"action": "confirm", "all": "1", "asked": "1", "typed": typed}

    answer = lee.send("/flags/bulk", form)

    assert answer.status_code == (302 if is_done else 200)
    assert ("Type 3 to go on" in answer.text) == (not is_done)
    assert {state(parts, one) for one in flags} == {"confirmed" if is_done else "open"}


def test_more_than_can_be_done_at_once_is_refused_whole(lee, parts, make_flag, monkeypatch):
    monkeypatch.setattr(bulk_pages, "MAX_AT_ONCE", 2)
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(3)]

    answer = lee.send("/flags/bulk", {"action": "confirm", "all": "1"})

    assert answer.status_code == 400
    assert "narrow the filter" in answer.text
    assert {state(parts, one) for one in flags} == {"open"}


def test_flags_are_assigned_and_snoozed_together(lee, dana, parts, make_flag):
    flags = [make_flag(), other_value(make_flag)]

    lee.send(
        "/flags/bulk", {"action": "assign", "to": "Dana", "pick": [pick(one) for one in flags]}
    )
    flags = [parts.store.flags.get(one.id, TENANT) for one in flags]
    lee.send("/flags/bulk", {"action": "snooze", "hours": "1d", "pick": pick(flags[0])})

    assert [one.assignee for one in flags] == ["Dana", "Dana"]
    assert parts.store.flags.get(flags[0].id, TENANT).snoozed_until is not None
    assert parts.store.flags.get(flags[1].id, TENANT).snoozed_until is None


def test_authors_are_told_once(lee, parts, make_flag):
    flag = make_flag()
    form = {"action": "notify", "pick": pick(flag)}

    assert said(lee.send("/flags/bulk", form), lee) == "Notify author: done."
    again = said(lee.send("/flags/bulk", form), lee)

    assert again == "Notify author: 0 done, 1 refused: their authors were told before."


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        ({"action": "confirm"}, "Nothing is selected"),
        ({"action": "delete", "pick": "x:1"}, "There is no such action"),
        ({"action": "assign", "to": "Stranger", "pick": "x:1"}, "Nobody of that name"),
        ({"action": "confirm", "pick": "no-such-flag:1"}, "1 no longer there"),
        ({"action": "confirm", "all": "1", "q": "score:high"}, "a share between 0 and 1"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_words(lee, form, reply):
    answer = lee.send("/flags/bulk", form, follow_redirects=True)

    assert reply in answer.text


@pytest.mark.parametrize("value", ["", "x", "x:", ":1", "x:-1", "x:one", "x:²", "x:9999999999"])
def test_a_forged_tick_is_refused(value):
    with pytest.raises(ReviewError):
        read_picks([value])


def test_a_double_click_decides_once(lee, parts, make_flag):
    flag = make_flag()
    form = {"action": "confirm", "pick": pick(flag)}

    lee.send("/flags/bulk", form)
    lee.send("/flags/bulk", form)

    assert len(parts.store.reviews.of_flag(flag.id, TENANT)) == 1


@pytest.mark.parametrize(
    "order",
    [
        {"action": "confirm"},
        {"action": "not_pii", "reason": "test_data"},
        {"action": "assign", "to": "me"},
        {"action": "snooze", "hours": "3d"},
    ],
)
def test_undo_brings_each_flag_back_to_what_it_was(lee, dana, parts, make_flag, order):
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(3)]
    assign(parts.store, TENANT, flags[0].id, by=lee.person, to="Dana")
    flags = [parts.store.flags.get(one.id, TENANT) for one in flags]
    lee.send("/flags/bulk", order | {"pick": [pick(one) for one in flags]})
    batch = last_batch(parts.store, lee.person)

    answer = lee.send("/flags/bulk/undo", {"batch": batch.id})

    assert "3 done" in said(answer, lee)
    after = [parts.store.flags.get(one.id, TENANT) for one in flags]
    assert [(one.state, one.assignee, one.snoozed_until) for one in after] == [
        (one.state, one.assignee, one.snoozed_until) for one in flags
    ]
    assert last_batch(parts.store, lee.person) is None


def test_undo_leaves_alone_what_changed_since(lee, dana, parts, make_flag):
    flags = [make_flag(), other_value(make_flag)]
    lee.send("/flags/bulk", {"action": "assign", "to": "me", "pick": [pick(one) for one in flags]})
    assign(parts.store, TENANT, flags[0].id, by=dana.person, to="Dana")
    batch = last_batch(parts.store, lee.person)

    answer = lee.send("/flags/bulk/undo", {"batch": batch.id})

    assert said(answer, lee) == "Undo of Assign: 1 done, 1 changed meanwhile and left alone."
    assert parts.store.flags.get(flags[0].id, TENANT).assignee == "Dana"


def test_undo_ends_after_ten_minutes(lee, parts, make_flag, let_time_pass):
    flag = make_flag()
    lee.send("/flags/bulk", {"action": "confirm", "pick": pick(flag)})
    batch = last_batch(parts.store, lee.person)

    late = bulk_module.Batch(batch.id, batch.action, batch.at, 1, batch.items)

    assert 0 < late.seconds_left(batch.at) <= UNDO_S
    assert late.seconds_left(batch.at.replace(year=batch.at.year + 1)) == 0


def test_nobody_takes_back_another_persons_batch(lee, dana, parts, make_flag):
    flag = make_flag()
    lee.send("/flags/bulk", {"action": "confirm", "pick": pick(flag)})
    batch = last_batch(parts.store, lee.person)

    dana.send("/flags/bulk/undo", {"batch": batch.id})

    assert state(parts, flag) == "confirmed"


def test_each_flag_and_the_batch_stand_in_the_audit_log(lee, parts, make_flag):
    flags = [make_flag(f"{n}: {SSN}", [(SSN, "NATIONAL_ID")]) for n in range(2)]
    lee.send("/flags/bulk", {"action": "confirm", "pick": [pick(one) for one in flags]})
    batch = last_batch(parts.store, lee.person)
    lee.send("/flags/bulk/undo", {"batch": batch.id})

    actions = [row.action for row in parts.store.audit.rows(TENANT)]

    assert actions == [
        "bulk.undo", "review.undo", "review.undo", "bulk.confirm", "review.confirm", "review.confirm",
    ]  # fmt: skip
    assert parts.store.audit.verify() is None


@pytest.mark.parametrize("path", ["/flags/bulk", "/flags/bulk/undo"])
@pytest.mark.parametrize("role", ["viewer", "ml", "admin", "auditor"])
def test_who_is_no_reviewer_decides_nothing_in_bulk(client_as, parts, make_flag, path, role):
    flag = make_flag()

    answer = client_as(role).send(path, {"action": "confirm", "pick": pick(flag)})

    assert answer.status_code == 403
    assert state(parts, flag) == "open"


def test_a_form_without_a_token_is_refused(lee, parts, make_flag):
    flag = make_flag()

    assert (
        lee.post("/flags/bulk", data={"action": "confirm", "pick": pick(flag)}).status_code == 400
    )
    assert state(parts, flag) == "open"


def test_flags_of_another_workspace_cannot_be_named(lee, parts, make_flag):
    theirs = make_flag(tenant=OTHER_TENANT)

    answer = lee.send("/flags/bulk", {"action": "confirm", "pick": pick(theirs)})

    assert "1 no longer there" in said(answer, lee)
    assert parts.store.flags.get(theirs.id, OTHER_TENANT).state == "open"


def test_the_way_back_is_never_another_site(lee, make_flag):
    form = {"action": "assign", "pick": pick(make_flag()), "from_value": "//evil.example", "q": "x:y"}  # fmt: skip

    assert lee.send("/flags/bulk", form).location.startswith("/flags")


def test_the_export_is_masked_and_no_formula(dana, parts, make_flag):
    flag = make_flag(f"=1+1 {SSN}", [(SSN, "NATIONAL_ID")])

    answer = dana.send("/flags/export", {"pick": pick(flag)})
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert SSN not in answer.text
    assert rows[0]["flag"] == str(flag.number)
    assert rows[0]["preview"] == "'=1+1 [NATIONAL_ID]"
    assert parts.store.audit.rows(TENANT)[0].action == "flags.exported"


@pytest.mark.parametrize("role", ["viewer", "reviewer", "admin", "auditor"])
def test_the_export_is_not_for_everybody(client_as, make_flag, role):
    assert client_as(role).send("/flags/export", {"pick": pick(make_flag())}).status_code == 403


@pytest.mark.parametrize(
    ("value", "written"),
    [("=SUM(A1)", "'=SUM(A1)"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"),
     ("  =1", "'  =1"), ("#sales", "#sales"), ("a=b", "a=b"), ("", ""), (12, "12")],
)  # fmt: skip
def test_a_cell_is_no_formula(value, written):
    assert safe_cell(value) == written


def test_a_result_says_what_became_of_each_flag():
    outcome = Outcome(n_done=338, n_gone=1)
    outcome.decided_by.update({"Lee": 2})

    assert outcome.sentence() == "338 done, 2 already decided by Lee, 1 no longer there."
