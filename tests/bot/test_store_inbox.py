"""The inbox: once on disk, on loan to one, given up after five attempts."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import NotFoundError
from bot.store import NewEvent, Store


def events(*keys, **fields):
    return [NewEvent(key, "event", "T1", {"key": key}, **fields) for key in keys]


def test_an_event_is_stored_once_whoever_sends_it_and_how_often(store):
    assert store.inbox.put_many(events("b", "a", "b")) == [True, True, False]
    assert store.inbox.put_many(events("c", "a")) == [True, False]
    with store.transaction() as tx:
        assert not store.inbox.put(tx, events("a")[0])
        assert store.inbox.put(tx, events("d")[0])

    assert sorted(job.event_key for job in store.inbox.claim(10)) == ["a", "b", "c", "d"]


def test_nothing_to_put_is_nothing_put(store):
    assert store.inbox.put_many([]) == []


def test_a_transaction_that_fails_leaves_nothing(store):
    def fails():
        with store.transaction() as tx:
            store.inbox.put(tx, events("a")[0])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert store.inbox.claim(10) == []


def test_a_payload_comes_back_as_it_was(store):
    payload = {"text": "a\ud800\x00b 👩‍👩‍👧 \u202e", "n": [1, None, {"x": True}]}
    store.inbox.put_many([NewEvent("a", "click", "T1", payload)])

    (job,) = store.inbox.claim(1)

    assert (job.payload, job.kind, job.attempts) == (payload, "click", 1)
    assert "text" not in repr(job)


def test_clicks_come_before_events_before_backfill_and_delayed_rows_wait(store):
    store.inbox.put_many(events("backfill", prio=2))
    store.inbox.put_many(events("event", prio=1))
    store.inbox.put_many(events("click", prio=0))
    store.inbox.put_many(events("later", prio=0, delay_s=60))

    assert [job.event_key for job in store.inbox.claim(10)] == ["click", "event", "backfill"]


def test_concurrent_claims_never_give_a_row_twice(store, store_urls, master_key):
    store.inbox.put_many(events(*(f"e{n:03}" for n in range(120))))
    stores = [Store.open(*store_urls, master_key) for _ in range(3)]
    taken, failed = [], []

    def work(own):
        try:
            while jobs := own.inbox.claim(7):
                with own.transaction() as tx:
                    done = own.inbox.done(tx, jobs)
                taken.extend(job.event_key for job in jobs if job.id in done)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(own,)) for own in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for own in stores:
        own.close()

    assert failed == []
    assert sorted(taken) == [f"e{n:03}" for n in range(120)]


def test_a_claim_does_not_wait_for_rows_that_another_one_is_taking(
    postgres_url, tmp_path, master_key
):
    store = Store.open(postgres_url, f"sqlite:///{tmp_path / 'keys.db'}", master_key)
    store.upgrade()
    store.inbox.put_many(events("a", "b"))
    claimed = []

    with store.transaction() as tx:
        tx.execute(text("SELECT 1 FROM inbox WHERE event_key = 'a' FOR UPDATE"))
        thread = threading.Thread(target=lambda: claimed.extend(store.inbox.claim(10)))
        thread.start()
        thread.join(10)
        assert [job.event_key for job in claimed] == ["b"]
    store.close()


def test_who_lost_the_lease_cannot_finish(store, let_time_pass):
    store.inbox.put_many(events("a", "b"))
    slow = store.inbox.claim(2)
    let_time_pass(store, 31)
    quick = store.inbox.claim(1)

    with store.transaction() as tx:
        assert store.inbox.done(tx, slow) == {job.id for job in slow} - {quick[0].id}
        assert store.inbox.done(tx, quick) == {quick[0].id}
        assert store.inbox.done(tx, quick) == set()


def test_a_forged_lease_token_finishes_nothing(store):
    store.inbox.put_many(events("a"))
    (job,) = store.inbox.claim(1)

    with store.transaction() as tx:
        assert store.inbox.done(tx, [replace(job, lease_token="")]) == set()


def test_an_extended_lease_holds(store, let_time_pass):
    store.inbox.put_many(events("a"))
    (job,) = store.inbox.claim(1)
    let_time_pass(store, 20)

    assert store.inbox.extend(job.lease_token, 30) == 1
    let_time_pass(store, 20)

    assert store.inbox.claim(1) == []
    assert store.inbox.extend("another", 30) == 0


def test_a_failed_row_comes_back_after_its_while_and_keeps_its_code_short(store, let_time_pass):
    store.inbox.put_many(events("a"))
    store.inbox.fail(store.inbox.claim(1), "ValueError: my ssn is 078-05-1120\n" * 9, 10)

    assert store.inbox.claim(1) == []
    let_time_pass(store, 11)
    (job,) = store.inbox.claim(1)

    assert job.attempts == 2


def test_an_attempt_given_back_does_not_count(store):
    store.inbox.put_many(events("a"))
    store.inbox.give_back(store.inbox.claim(1))

    (job,) = store.inbox.claim(1)

    assert job.attempts == 1


def test_from_its_third_attempt_on_a_row_comes_alone(store):
    store.inbox.put_many(events("suspect"))
    for _ in range(2):
        store.inbox.fail(store.inbox.claim(1), "crash", 0)
    store.inbox.put_many(events("x", "y", prio=0))
    store.inbox.put_many(events("z"))

    batches = [[job.event_key for job in store.inbox.claim(10)] for _ in range(4)]

    assert batches == [["x", "y"], ["suspect"], ["z"], []]


def test_after_five_attempts_a_row_is_set_aside_and_can_be_tried_again(store, let_time_pass):
    store.inbox.put_many(events("poison", "fine"))
    jobs = store.inbox.claim(2)
    with store.transaction() as tx:
        store.inbox.done(tx, [job for job in jobs if job.event_key == "fine"])
    store.inbox.fail(jobs, "boom", 0)
    for _ in range(3):
        store.inbox.fail(store.inbox.claim(1), "boom", 0)
    assert store.inbox.claim(1)[0].attempts == 5

    assert store.inbox.reap() == 0  # it is on loan, the fifth attempt may still succeed
    let_time_pass(store, 31)
    assert store.inbox.claim(1) == []
    assert store.inbox.reap() == 1

    (dead,) = store.inbox.dead("T1", 10)
    assert (dead.event_key, dead.attempts, dead.last_error) == ("poison", 5, "boom")
    assert store.inbox.dead("T2", 10) == []
    assert store.inbox.depth().dead == 1
    with pytest.raises(NotFoundError):
        store.inbox.retry_dead(dead.id, "T2")
    store.inbox.retry_dead(dead.id, "T1")
    (again,) = store.inbox.claim(1)
    assert (again.attempts, again.payload) == (1, {"key": "poison"})


def test_a_row_whose_key_is_gone_is_set_aside_and_stops_nobody(store):
    store.inbox.put_many(events("old"))
    store.keys.shred("T1", (datetime.now(UTC) + timedelta(days=1)).date())
    store.inbox.put_many(events("new"))

    assert [job.event_key for job in store.inbox.claim(10)] == ["new"]
    assert [dead.last_error for dead in store.inbox.dead("T1", 10)] == ["unreadable"]


def test_the_depth_counts_and_ages(store, let_time_pass):
    store.inbox.put_many(events("a", "b", "c"))
    (job,) = store.inbox.claim(1)
    let_time_pass(store, 5)

    depth = store.inbox.depth()

    assert (depth.ready, depth.leased, depth.dead) == (2, 1, 0)
    assert 5 <= depth.oldest_age_s < 15
    assert job.received_at.tzinfo is not None


def test_done_rows_fold_duplicates_until_they_are_forgotten(store, let_time_pass):
    store.inbox.put_many(events("a"))
    jobs = store.inbox.claim(1)
    with store.transaction() as tx:
        store.inbox.done(tx, jobs)
    assert store.inbox.put_many(events("a")) == [False]

    let_time_pass(store, 100)
    assert store.inbox.forget(200) == 0
    assert store.inbox.forget(50) == 1
    assert store.inbox.put_many(events("a")) == [True]


def test_erasing_drops_the_payloads_of_one_person_only(store):
    store.inbox.put_many([NewEvent(f"e{n}", "event", "T1", {"user": f"U{n}"}) for n in (1, 2)])

    assert store.inbox.erase("T1", lambda payload: payload["user"] == "U1") == 1
    assert [job.payload["user"] for job in store.inbox.claim(10)] == ["U2"]


def test_waiting_ends_when_something_arrives(store):
    store.inbox.put_many(events("a"))

    assert store.inbox.wait(1)
    assert not store.inbox.wait(0.01)
