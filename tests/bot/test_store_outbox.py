"""The outbox: one send in flight per lane, nothing twice, and the pace that Slack asks for."""

import threading
from dataclasses import replace

import pytest

from bot.store import NewSend, Store, method_lane


def put(store, *keys, lane="T1:C1", tenant="T1", method="card", **fields):
    with store.transaction() as tx:
        return [
            store.outbox.put(tx, NewSend(key, tenant, lane, method, fields.get("ref", key), args=fields.get("args", {})))
            for key in keys
        ]  # fmt: skip


def test_a_send_is_stored_once(store):
    assert put(store, "a", "a") == [True, False]
    assert put(store, "a") == [False]


def test_one_send_of_a_lane_is_in_flight_and_they_go_in_order(store, let_time_pass):
    put(store, "a", "b")
    first = store.outbox.claim()
    assert (first.ref, first.attempts, first.ambiguous) == ("a", 1, False)
    assert store.outbox.claim() is None

    assert store.outbox.done(first, "1.1")
    assert store.outbox.claim() is None  # about one post a second
    let_time_pass(store, 1.1)
    assert store.outbox.claim().ref == "b"


def test_lanes_do_not_wait_for_each_other(store):
    put(store, "a", lane="T1:C1")
    put(store, "b", lane="T1:C2")

    assert {store.outbox.claim().ref, store.outbox.claim().ref} == {"a", "b"}


def test_arguments_come_back_and_stay_out_of_the_repr(store):
    put(store, "a", args={"user": "U1"})

    send = store.outbox.claim()

    assert send.args == {"user": "U1"}
    assert "U1" not in repr(send)


def test_a_sender_that_died_leaves_its_send_ambiguous(store, let_time_pass):
    put(store, "a")
    dead = store.outbox.claim()
    let_time_pass(store, 31)

    again = store.outbox.claim()

    assert (again.id, again.attempts, again.ambiguous) == (dead.id, 2, True)
    assert not store.outbox.done(dead, "1.1")
    assert store.outbox.done(again, "1.1")


@pytest.mark.parametrize("ambiguous", [True, False])
def test_a_retry_comes_later_and_keeps_what_may_have_happened(store, let_time_pass, ambiguous):
    put(store, "a")
    store.outbox.retry(store.outbox.claim(), 15, ambiguous=ambiguous, error_code="timeout")
    assert store.outbox.claim() is None
    let_time_pass(store, 16)

    assert store.outbox.claim().ambiguous is ambiguous


def test_nothing_overtakes_an_earlier_send_about_the_same_thing(store, let_time_pass):
    put(store, "flag-1:post", ref="f1")
    put(store, "flag-1:update", ref="f1")
    put(store, "flag-2:post", ref="f2")
    store.outbox.retry(store.outbox.claim(), 60, ambiguous=False)

    assert store.outbox.claim().ref == "f2"
    assert store.outbox.claim() is None


def test_nothing_of_its_method_overtakes_a_send_that_slack_may_have(store):
    put(store, "a", "b")
    put(store, "hint", method="hint")
    store.outbox.retry(store.outbox.claim(), 60, ambiguous=True)

    assert store.outbox.claim().ref == "hint"
    assert store.outbox.claim() is None


@pytest.mark.parametrize(
    "blocked", ["T1:C1", method_lane("T1", "card")], ids=["the lane", "the method"]
)
def test_a_blocked_lane_waits_as_long_as_slack_said(store, let_time_pass, blocked):
    put(store, "a")
    put(store, "b", lane="T2:C1", tenant="T2")
    store.outbox.block(blocked, 30)
    store.outbox.block(blocked, 5)  # a shorter word does not undo a longer one

    assert store.outbox.claim().ref == "b"
    assert store.outbox.claim() is None
    let_time_pass(store, 31)
    assert store.outbox.claim().ref == "a"


def test_a_stopped_tenant_sends_nothing_until_it_starts_again(store):
    put(store, "a")
    store.outbox.stop_tenant("T1", "token_revoked")
    put(store, "b", lane="T1:C2")
    put(store, "other", lane="T2:C1", tenant="T2")

    assert store.outbox.claim().ref == "other"
    assert store.outbox.claim() is None
    assert store.outbox.stopped() == {"T1": "token_revoked"}
    store.outbox.start_tenant("T1")
    assert store.outbox.stopped() == {}
    assert store.outbox.claim().ref == "a"


def test_what_slack_refused_and_what_nobody_knows_is_counted_and_not_sent_again(store):
    put(store, "a", lane="T1:C1")
    put(store, "b", lane="T1:C2", method="hint")
    assert store.outbox.refuse(store.outbox.claim(), "channel_not_found")
    assert store.outbox.unknown(store.outbox.claim())

    assert store.outbox.claim() is None
    depth = store.outbox.depth()
    assert (depth["ready"], depth["dead"], depth["unknown"]) == (0, 1, 1)
    assert {row[2] for row in store.outbox.refused("T1")} == {"channel_not_found", "answer_lost"}


def test_waiting_counts_what_is_not_finished(store):
    put(store, "a", "b", "c")
    store.outbox.done(store.outbox.claim())

    assert store.outbox.waiting("T1:C1") == 2
    assert store.outbox.waiting("T1:C1", method="hint") == 0
    assert store.outbox.waiting("T1:C2") == 0


def test_done_joins_a_transaction_so_that_the_card_and_the_send_agree(store):
    put(store, "a")
    send = store.outbox.claim()

    def fails():
        with store.transaction() as tx:
            store.cards.save(tx, "T1", "C1", "1.0", "CREV", slack_ts="5.5")
            assert store.outbox.done(send, "5.5", tx=tx)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    with store.transaction() as tx:
        assert store.cards.get(tx, "T1", "C1", "1.0", "CREV") is None
    assert store.outbox.done(replace(send), "5.5")


def test_a_claim_inside_a_transaction_is_refused_because_it_would_not_be_on_disk(store):
    put(store, "a")

    with pytest.raises(RuntimeError), store.transaction():
        store.outbox.claim()


def test_concurrent_senders_keep_to_one_send_a_lane(store, store_urls, master_key):
    for n in range(4):
        put(store, *(f"{n}-{k}" for k in range(6)), lane=f"T1:C{n}")
    stores = [Store.open(*store_urls, master_key) for _ in range(3)]
    in_flight, most, sent, failed, guard = {}, [0], [], [], threading.Lock()

    def work(own):
        try:
            n_idle = 0
            while n_idle < 20:
                send = own.outbox.claim()
                if send is None:
                    n_idle += 1
                    continue
                n_idle = 0
                with guard:
                    in_flight[send.lane] = in_flight.get(send.lane, 0) + 1
                    most[0] = max(most[0], in_flight[send.lane])
                with guard:
                    in_flight[send.lane] -= 1
                    sent.append(send.ref)
                own.outbox.done(send, pace_s=0)
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
    assert most == [1]
    assert sorted(sent) == sorted(f"{n}-{k}" for n in range(4) for k in range(6))


def test_finished_sends_are_forgotten_after_their_time(store, let_time_pass):
    put(store, "a", "b")
    store.outbox.done(store.outbox.claim())
    let_time_pass(store, 100)

    assert store.outbox.forget(50) == 1
    assert store.outbox.waiting("T1:C1") == 1


def test_a_send_about_something_erased_is_dropped_unless_in_flight(store):
    put(store, "a", "b", ref="f1")
    store.outbox.claim()

    with store.transaction() as tx:
        assert store.outbox.drop(tx, "T1", "f1") == 1
