"""Reveal: who, why, how fresh, how long, how often; and a row in the audit log for every flag that was shown."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.console import reveal as reveal_module
from bot.policies import parse_bot_policy
from bot.store.console_tables import sessions
from tests.bot.console.conftest import TENANT

VALUE = "078-05-1120"


@pytest.fixture
def flag(make_flag):
    return make_flag()


@pytest.fixture
def granted(parts, monkeypatch):
    """The policy lets reviewers reveal."""
    policy = parse_bot_policy("people:\n  reviewers_may_reveal: true\n")
    monkeypatch.setattr(type(parts.policies), "current", lambda self: policy)


@pytest.fixture
def rows(parts):
    """The audit rows of reveals, oldest first."""
    return lambda: [r for r in parts.store.audit.rows(TENANT) if r.action == "flag.reveal"][::-1]


def at(flag, path=""):
    return f"/flags/{flag.number}{path}"


def age_sign_in(parts, client, **ago):
    """As if this person had signed in earlier."""
    moment = datetime.now(UTC) - timedelta(**ago)
    mine = sessions.c.person_id == client.person.id
    with parts.store.transaction() as tx:
        tx.execute(update(sessions).where(mine).values(signed_in_at=moment.timestamp()))


def test_a_privacy_officer_with_a_reason_sees_the_values_for_a_while(client_as, flag, rows, parts):
    officer = client_as("compliance")
    officer.send(at(flag, "/reveal"), {"reason": "incident"})
    shown = officer.get(at(flag)).text
    session = officer.secret
    kept = parts.store.sessions.get(session).data["reveals"]
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    parts.store.sessions.change(session, reveals=dict.fromkeys(kept, past))
    covered = officer.get(at(flag)).text

    assert VALUE in shown
    assert VALUE not in covered
    assert [(row.object, row.details["reason"]) for row in rows()] == [(flag.id, "incident")]


def test_a_reveal_is_this_sessions_alone(client_as, sign_in, flag):
    officer = client_as("compliance")
    officer.send(at(flag, "/reveal"), {"reason": "decide"})

    assert VALUE not in sign_in(officer.person).get(at(flag)).text


def test_looking_again_while_it_is_shown_is_one_reveal(client_as, flag, rows):
    officer = client_as("compliance")
    officer.send(at(flag, "/reveal"), {"reason": "decide"})
    officer.get(at(flag))
    officer.get(at(flag))

    assert len(rows()) == 1


@pytest.mark.parametrize("role", ["viewer", "ml", "admin", "auditor", "reviewer"])
def test_who_may_not_reveal_is_refused(client_as, flag, role, rows):
    client = client_as(role)

    assert client.send(at(flag, "/reveal"), {"reason": "decide"}).status_code == 403
    assert VALUE not in client.get(at(flag)).text
    assert rows() == []


@pytest.mark.usefixtures("granted")
@pytest.mark.parametrize(("roles", "status"), [(("reviewer",), 302), (("admin",), 403)])
def test_the_policy_may_let_reviewers_reveal_and_never_an_administrator_alone(client_as, flag, roles, status):  # fmt: skip
    assert client_as(*roles).send(at(flag, "/reveal"), {"reason": "decide"}).status_code == status


@pytest.mark.parametrize("reason", ["", "curious", "DECIDE"])
def test_a_reveal_without_a_listed_reason_is_refused(client_as, flag, rows, reason):
    officer = client_as("compliance")

    assert officer.send(at(flag, "/reveal"), {"reason": reason}).status_code == 400
    assert VALUE not in officer.get(at(flag)).text
    assert rows() == []


def test_an_old_sign_in_is_asked_to_sign_in_again(client_as, flag, parts, rows):
    officer = client_as("compliance")
    age_sign_in(parts, officer, minutes=61)

    posted = officer.send(at(flag, "/reveal"), {"reason": "decide"})

    assert posted.location.startswith("/login/again?next=/flags/")
    assert officer.get(at(flag, "/reveal")).location.startswith("/login/again")
    assert "Sign in again" in officer.get(at(flag)).text
    assert rows() == []


def test_an_hour_of_review_needs_one_reason_and_writes_a_row_for_each_flag(client_as, make_flag, rows):  # fmt: skip
    officer = client_as("compliance")
    flags = [make_flag() for _ in range(3)]
    officer.send(at(flags[0], "/reveal"), {"reason": "decide", "session": "1"})

    pages = [officer.get(at(flag)).text for flag in flags]

    assert all(VALUE in page for page in pages)
    assert [row.object for row in rows()] == [flag.id for flag in flags]
    assert {row.details["reason"] for row in rows()} == {"decide"}


def test_a_review_session_ends_by_itself_and_on_demand(client_as, make_flag, parts, rows):
    officer = client_as("compliance")
    first, second, third = make_flag(), make_flag(), make_flag()
    officer.send(at(first, "/reveal"), {"reason": "decide", "session": "1"})
    past = datetime.now(UTC) - timedelta(seconds=1)
    parts.store.sessions.change(officer.secret, review_session_until=past.isoformat())
    ended = officer.get(at(second)).text
    officer.send(at(first, "/reveal"), {"reason": "decide", "session": "1"})
    officer.send("/review-session/end", {"flag": str(first.number)})
    covered = [officer.get(at(flag)).text for flag in (first, third)]

    assert VALUE not in ended
    assert all(VALUE not in page for page in covered)
    assert len(rows()) == 2


def test_reveals_are_limited_and_the_page_stays_usable(client_as, make_flag, monkeypatch, rows):
    monkeypatch.setattr(reveal_module, "CAPACITY", 2.0)
    officer = client_as("compliance")
    flags = [make_flag() for _ in range(3)]
    officer.send(at(flags[0], "/reveal"), {"reason": "decide", "session": "1"})

    pages = [officer.get(at(flag)) for flag in flags]
    refused = officer.send(at(flags[2], "/reveal"), {"reason": "decide"})

    assert [VALUE in page.text for page in pages] == [True, True, False]
    assert "stays covered for a moment" in pages[2].text
    assert refused.status_code == 429
    assert len(rows()) == 2


def test_without_a_script_the_reason_has_a_page_of_its_own(client_as, flag):
    page = client_as("compliance").get(at(flag, "/reveal")).text

    assert 'value="incident"' in page
    assert VALUE not in page


def test_a_flag_whose_text_is_gone_has_nothing_to_reveal(client_as, flag, parts, rows):
    with parts.store.transaction() as tx:
        parts.store.flags.erase(tx, TENANT, [flag.id])

    answer = client_as("compliance").send(at(flag, "/reveal"), {"reason": "decide"})

    assert answer.status_code == 403
    assert rows() == []


def test_the_signature_is_remembered_within_a_review_session_only(client_as, make_flag, parts):
    officer = client_as("compliance", "reviewer")
    flags = [make_flag() for _ in range(3)]
    decide = {"decision": "confirm", "signed": "1"}
    officer.send(at(flags[0], "/decide"), decide | {"version": flags[0].version})
    before = officer.get(at(flags[1])).text
    officer.send(at(flags[1], "/reveal"), {"reason": "decide", "session": "1"})
    officer.send(at(flags[1], "/decide"), decide | {"version": flags[1].version})
    after = officer.get(at(flags[2])).text

    def is_signed(page):
        box = page.split('name="signed"')[1].split(">")[0]
        return "checked" in box

    assert (is_signed(before), is_signed(after)) == (False, True)
