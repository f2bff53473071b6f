"""Sessions, login links, API tokens and rate limits, on both engines."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotFoundError, ReviewError
from tests.bot.console_rows import PAST, SOON, TODAY, stored


def test_a_session_is_found_by_its_secret_which_is_stored_as_hash_only(store):
    secret = store.sessions.open("p1", "T1", data={"theme": "dark"})

    row = store.sessions.get(secret)

    assert (row.person_id, row.tenant, row.data) == ("p1", "T1", {"theme": "dark"})
    assert len(secret) >= 43
    assert secret not in stored(store)
    assert secret not in repr(row)
    assert store.sessions.get(row.id) is None
    assert store.sessions.get("") is None


@pytest.mark.parametrize(
    ("steps_s", "stands"),
    [
        ((14 * 60,), True),
        ((16 * 60,), False),
        ((14 * 60,) * 5, True),
        ((14 * 60,) * 40, False),  # in use all the time, and past eight hours
    ],
)
def test_a_session_ends_when_idle_and_after_eight_hours(store, let_time_pass, steps_s, stands):
    secret = store.sessions.open("p1", "T1")
    row = store.sessions.get(secret)
    for seconds in steps_s:
        let_time_pass(store, seconds)
        row = store.sessions.get(secret)

    assert (row is not None) is stands


def test_a_session_is_written_at_most_once_a_minute(store, let_time_pass):
    secret = store.sessions.open("p1", "T1")
    first = store.sessions.get(secret).seen_at
    let_time_pass(store, 30)
    store.sessions.get(secret)
    untouched = store.sessions.get(secret).seen_at
    let_time_pass(store, 60)
    store.sessions.get(secret)

    assert (first - untouched).total_seconds() == pytest.approx(30, abs=1)
    assert (datetime.now(UTC) - store.sessions.get(secret).seen_at).total_seconds() < 5


def test_what_a_page_asks_by_itself_keeps_no_session_alive(store, let_time_pass):
    secret = store.sessions.open("p1", "T1")
    for _ in range(2):
        let_time_pass(store, 8 * 60)
        found = store.sessions.get(secret, touch=False)
    assert found is None


def test_the_data_of_a_session_is_changed_piece_by_piece(store):
    secret = store.sessions.open("p1", "T1", data={"a": 1, "b": 2})

    row = store.sessions.change(secret, b=None, c="x")

    assert row.data == {"a": 1, "c": "x"} == store.sessions.get(secret).data
    with pytest.raises(NotFoundError):
        store.sessions.change("unknown", a=1)


def test_a_rotated_session_has_a_new_secret_and_keeps_its_end(store, let_time_pass):
    old = store.sessions.open("p1", "T1", data={"a": 1})
    let_time_pass(store, 100)
    before = store.sessions.get(old)

    new = store.sessions.rotate(old)
    again = store.sessions.rotate(new, signed_in_again=True)

    assert store.sessions.get(old) is store.sessions.get(new) is None
    after = store.sessions.get(again)
    assert (after.id, after.data, after.expires_at) == (before.id, {"a": 1}, before.expires_at)
    assert (after.signed_in_at - before.signed_in_at).total_seconds() > 90
    with pytest.raises(NotFoundError):
        store.sessions.rotate(old)


def test_people_end_their_own_sessions_one_or_all(store):
    one, two = store.sessions.open("p1", "T1"), store.sessions.open("p1", "T1")
    other = store.sessions.open("p2", "T1")
    link = store.sessions.one_time("p1")
    ids = [row.id for row in store.sessions.of_person("p1")]

    assert len(ids) == 2
    assert not store.sessions.close_one(ids[0], "p2")
    assert store.sessions.close_one(store.sessions.get(one).id, "p1")
    assert store.sessions.get(one) is None
    assert store.sessions.get(two)
    store.sessions.close_all("p1")
    assert store.sessions.get(two) is None
    assert store.sessions.take(link) is None
    assert store.sessions.get(other)
    store.sessions.close(other)
    assert store.sessions.get(other) is None


def test_a_login_link_works_once_while_it_is_young_and_is_no_session(store, let_time_pass):
    code, old = store.sessions.one_time("p1", 60), store.sessions.one_time("p2", 60)
    secret = store.sessions.open("p3", "T1")

    assert store.sessions.get(code) is None
    assert store.sessions.take(secret) is None
    assert store.sessions.take(code) == "p1"
    assert store.sessions.take(code) is None
    let_time_pass(store, 61)
    assert store.sessions.take(old) is None


def test_of_many_who_take_a_link_at_once_one_gets_it(store):
    code = store.sessions.one_time("p1")
    barrier, got = threading.Barrier(6), []

    def take():
        barrier.wait(20)
        got.append(store.sessions.take(code))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(got, key=str) == [None] * 5 + ["p1"]


def test_a_token_is_shown_once_and_found_by_its_secret(store):
    secret = store.api_tokens.make("T1", " ci ", ["read", "analyze"], SOON, "p1")

    token = store.api_tokens.find(secret)

    assert secret.startswith("pg_")
    assert secret not in stored(store)
    assert (token.name, token.tenant, token.made_by) == ("ci", "T1", "p1")
    assert (token.may("read"), token.may("export")) == (True, False)
    assert token.last_day == TODAY.isoformat() == store.api_tokens.list("T1")[0].last_day
    assert store.api_tokens.list("T2") == []


def test_a_token_that_is_over_is_not_found(store, let_time_pass):
    over = store.api_tokens.make("T1", "a", ["read"], datetime.now(UTC) + timedelta(60), "p1")
    revoked = store.api_tokens.make("T1", "b", ["read"], datetime.now(UTC) + timedelta(365), "p1")
    (token,) = (token for token in store.api_tokens.list("T1") if token.name == "b")
    with pytest.raises(NotFoundError):
        store.api_tokens.revoke(token.id, "T2")
    store.api_tokens.revoke(token.id, "T1")
    store.api_tokens.revoke(token.id, "T1")
    let_time_pass(store, 61 * 86_400)

    for secret in (over, revoked, "pg_", "pg_" + "x" * 43, revoked[3:], ""):
        assert store.api_tokens.find(secret) is None
    assert len(store.api_tokens.list("T1")) == 2


@pytest.mark.parametrize(
    ("name", "scopes", "ends", "field"),
    [
        ("a", [], SOON, "scopes"),
        ("a", ["root"], SOON, "scopes"),
        ("", ["read"], SOON, "name"),
        ("a" * 81, ["read"], SOON, "name"),
        ("a", ["read"], PAST, "expires_at"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(sqlite_store, name, scopes, ends, field):
    with pytest.raises(ReviewError) as caught:
        sqlite_store.api_tokens.make("T1", name, scopes, ends, "p1")

    assert caught.value.field == field
    assert sqlite_store.api_tokens.list("T1") == []


def test_a_bucket_empties_and_fills_again(store, let_time_pass):
    take = lambda key="login:dana": store.buckets.take(key, capacity=3, per_s=0.01)  # noqa: E731

    assert [take() for _ in range(3)] == [0.0] * 3
    assert take() == pytest.approx(100, abs=20)
    assert take() == pytest.approx(100, abs=20)  # a refusal takes nothing
    assert take("login:lee") == 0.0
    let_time_pass(store, 110)
    assert take() == 0.0
    assert take() > 50
    let_time_pass(store, 10_000)
    assert [take() for _ in range(4)][3] > 0
    store.buckets.forget("login:dana")
    assert take() == 0.0
    assert "dana" not in stored(store)


def test_a_bucket_holds_for_many_at_once(store):
    barrier, got = threading.Barrier(8), []

    def take():
        barrier.wait(20)
        got.append(store.buckets.take("k", capacity=3, per_s=0.001))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(got) == 8
    assert got.count(0.0) == 3
