"""Two of everything at once, on both engines: one outcome each."""

import threading

import pytest

from bot.errors import StaleError
from bot.review import record_review, undo
from bot.slack.client import Unknown
from tests.bot.worker_tools import TENANT, Office, message


def at_once(*works):
    """Run all of them in threads that start together; what they raised."""
    barrier, raised = threading.Barrier(len(works)), []

    def run(work):
        barrier.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_two_workers_flag_each_message_once(store):
    office = Office(store)
    for n in range(30):
        # each message under two event ids: two workers will meet at it
        office.put(
            message(f"ssn-{n}", f"17000000{n:02d}.000100", channel=f"C{n % 7}", event_id=f"Ea{n}"),
            message(f"ssn-{n}", f"17000000{n:02d}.000100", channel=f"C{n % 7}", event_id=f"Eb{n}"),
        )
    other = Office(store)

    def work(one):
        def run():
            while jobs := one.store.inbox.claim(5):
                one.worker._scan(jobs)

        return run

    assert at_once(work(office), work(other)) == []

    flags = office.flags()
    assert sorted(flag.ts for flag in flags) == [f"17000000{n:02d}.000100" for n in range(30)]
    assert sorted(flag.number for flag in flags) == sorted({flag.number for flag in flags})
    assert store.inbox.depth().ready == store.inbox.depth().leased == 0
    assert store.audit.verify() is None


@pytest.mark.parametrize("round_", range(3))
def test_two_reviewers_who_race_get_one_outcome(store, round_):
    office = Office(store)
    office.put(message("card-1"))
    office.work()
    (flag,) = office.flags()
    dana = office.person("reviewer")
    ben = office.person("reviewer", name="Ben", slack_user_id="UBEN00001")

    def decide(decision, by):
        return lambda: record_review(
            store, TENANT, flag.id, decision, by=by, version=flag.version, surface="slack"
        )

    raised = at_once(decide("confirm", dana), decide("not_pii", ben))

    assert [type(error) for error in raised] == [StaleError]
    (review,) = store.reviews.of_flag(flag.id, TENANT)
    state = {"confirm": "confirmed", "not_pii": "not_pii"}[review.decision]
    assert store.flags.get(flag.id, TENANT).state == state


def test_two_undos_at_once_are_one(store):
    office = Office(store)
    office.put(message("card-1"))
    office.work()
    (flag,) = office.flags()
    dana = office.person("reviewer")
    record_review(store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="slack")

    raised = at_once(*[lambda: undo(store, TENANT, flag.id, by=dana, surface="slack")] * 2)

    assert len(raised) == 1
    assert store.flags.get(flag.id, TENANT).state == "open"
    assert [one.decision for one in store.reviews.of_flag(flag.id, TENANT)].count("undo") == 1


def test_two_senders_post_each_card_once(store, let_time_pass):
    office = Office(store)
    office.put(*(message(f"ssn-{n}", f"17000000{n:02d}.000100") for n in range(5)))
    office.work()
    office.slack.script["chat.postMessage"] = [office.slack.post_and_lose, Unknown("reset")]
    other = Office(store)
    other.slack = office.slack
    for _ in range(25):
        assert at_once(office.sender.run_once, other.sender.run_once) == []
        office.clock.time += 16
        other.clock.time += 16
        let_time_pass(store, 31)

    assert len(office.cards()) == 5
    assert store.outbox.depth()["ready"] == 0


def test_decisions_and_undo_hold_on_both_engines(store, let_time_pass):
    office = Office(store)
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)
    office.person("reviewer")
    (flag,) = office.flags()
    office.click("confirm", f"{flag.id}:{flag.version}")
    office.send(let_time_pass)
    assert "Confirmed by Dana" in str(office.cards()[0]["blocks"])

    now = store.flags.get(flag.id, TENANT)
    office.click("undo", f"{now.id}:{now.version}")
    office.send(let_time_pass)

    assert store.flags.get(flag.id, TENANT).state == "open"
    assert len(office.cards()) == 1
    assert store.audit.verify() is None
