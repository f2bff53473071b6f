"""What is past its time goes, and what a person wrote goes when they ask."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from bot.policy_sections import RetentionSection
from bot.retention import erase, purge
from bot.review import add_note, record_review
from bot.store import KeyGoneError
from bot.store.tables import flags
from tests.bot.worker_tools import TENANT, Office, message

CANARY = "card-canary77"


@pytest.fixture
def office(store):
    return Office(store)


def test_erase_leaves_nothing_of_a_person_and_says_so_on_the_card(office, let_time_pass):
    office.put(message(f"{CANARY} mail-1", "1700000001.000100", user="UANA00001"))
    office.put(message("ssn-ben", "1700000002.000100", user="UBEN00001"))
    office.work()
    office.send(let_time_pass)
    dana = office.person("reviewer")
    mine = next(flag for flag in office.flags() if flag.user_id == "UANA00001")
    add_note(office.store, TENANT, mine.id, by=dana, text="canarynote", surface="console")
    office.put(message("ssn-late", "1700000003.000100", user="UANA00001"))

    found = erase(office.store, TENANT, "UANA00001")
    office.work()
    office.send(let_time_pass)

    assert (found.n_flags, found.n_events, found.n_decisions) == (1, 1, 1)
    gone = office.store.flags.get(mine.id, TENANT)
    assert (gone.parts, gone.spans, gone.user_id, gone.text_gone) == ((), (), "", True)
    assert all(not one.note for one in office.store.reviews.of_flag(mine.id, TENANT))
    assert [flag.user_id for flag in office.flags()] == ["UBEN00001"]
    assert any("Erased on request" in str(card["blocks"]) for card in office.cards())
    assert len(office.cards()) == 2
    assert office.store.audit.verify() is None

    assert erase(office.store, TENANT, "UANA00001").n_flags == 0  # again, after a crash


def sealed_text(store, flag):
    with store.reading() as tx:
        return tx.execute(select(flags.c.text_ct).where(flags.c.id == flag.id)).scalar_one()


def opened(store, flag, cell):
    store.keys.forget_cached()
    place = {"table": "flags", "column": "text_ct", "row_id": flag.id, "tenant": TENANT}
    return store.keys.open(cell, **place)


def test_erase_destroys_the_key_of_a_day_of_which_nothing_else_is_left(office):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3)):
        office.put(message(CANARY, user="UANA00001"))
        office.work()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        office.put(message("ssn-shared", "1700000002.000100", user="UANA00001"))
        office.put(message("ssn-ben", "1700000003.000100", user="UBEN00001"))
        office.work()
    alone, shared = (flag for flag in office.flags() if flag.user_id == "UANA00001")
    backup = {flag.id: sealed_text(office.store, flag) for flag in (alone, shared)}
    assert CANARY in opened(office.store, alone, backup[alone.id])

    erase(office.store, TENANT, "UANA00001")

    # a copy of the database from before the erasure opens no more
    with pytest.raises(KeyGoneError):
        opened(office.store, alone, backup[alone.id])
    # but another person's text has the other day's key too: it goes with the last of them
    assert [flag.parts[0].text for flag in office.flags()] == ["ssn-ben"]
    assert opened(office.store, shared, backup[shared.id])
    erase(office.store, TENANT, "UBEN00001")
    with pytest.raises(KeyGoneError):
        opened(office.store, shared, backup[shared.id])


def test_erase_leaves_the_key_of_a_note_and_of_what_waits(office):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3)):
        office.put(message(CANARY, user="UANA00001"))
        office.work()
        dana = office.person("reviewer")
        office.put(message("ssn-ben", "1700000003.000100", user="UBEN00001"))
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        office.work()
        ben = next(flag for flag in office.flags() if flag.user_id == "UBEN00001")
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1, hours=12)):
        add_note(office.store, TENANT, ben.id, by=dana, text="a note of that day", surface="console")  # fmt: skip

    erase(office.store, TENANT, "UANA00001")
    office.store.keys.forget_cached()

    (note,) = office.store.reviews.of_flag(ben.id, TENANT)
    assert note.note == "a note of that day"
    assert office.flags()[0].parts[0].text == "ssn-ben"


def test_the_daily_purge_destroys_the_keys_that_an_erasure_of_that_day_left(office, let_time_pass):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3)):
        office.put(message(CANARY, user="UANA00001"))
        office.work()
        (flag,) = office.flags()
        backup = sealed_text(office.store, flag)
        erase(office.store, TENANT, "UANA00001")
        office.send(let_time_pass)  # the word on the card
        # never today's: somebody may be sealing with it
        assert CANARY in opened(office.store, flag, backup)

    purge(office.store, TENANT, RetentionSection(text_days=30))

    with pytest.raises(KeyGoneError):
        opened(office.store, flag, backup)


def test_purge_lets_text_go_and_keeps_the_flag(office):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=40)):
        office.put(message(CANARY))
        office.work()
    (flag,) = office.flags()
    found = purge(office.store, TENANT, RetentionSection(text_days=30))

    assert found.n_texts == 1
    assert found.n_keys >= 1
    kept = office.store.flags.get(flag.id, TENANT)
    assert kept.text_gone
    assert kept.labels == flag.labels
    assert purge(office.store, TENANT, RetentionSection(text_days=30)).n_texts == 0


def test_purge_keeps_what_is_young_enough(office):
    office.put(message(CANARY))
    office.work()
    purge(office.store, TENANT, RetentionSection(text_days=1))

    assert not office.flags()[0].text_gone


def test_a_flag_whose_text_is_gone_can_still_be_decided_but_not_corrected(office):
    from bot.errors import ReviewError
    from bot.records import FoundSpan

    with time_machine.travel(datetime.now(UTC) - timedelta(days=40)):
        office.put(message(CANARY))
        office.work()
    purge(office.store, TENANT, RetentionSection(text_days=30))
    dana = office.person("reviewer")
    (flag,) = office.flags()
    with pytest.raises(ReviewError):
        record_review(
            office.store, TENANT, flag.id, "correct", by=dana, version=flag.version,
            surface="console", spans=[FoundSpan("text", 0, 3, "PERSON")],
        )  # fmt: skip
    record_review(
        office.store, TENANT, flag.id, "confirm", by=dana, version=flag.version, surface="console"
    )

    assert office.store.flags.get(flag.id, TENANT).state == "confirmed"


def test_policy_can_drop_the_text_when_the_message_is_deleted(sqlite_store, let_time_pass):
    from tests.bot.worker_tools import deletion

    office = Office(sqlite_store, "retention: {purge_on_delete: true}")
    office.put(message(CANARY))
    office.work()
    (flag,) = office.flags()
    office.put(deletion())
    office.work()

    assert office.store.flags.get(flag.id, TENANT).text_gone


def test_cron_slots_are_put_once_and_done(store):
    office = Office(store, test_values_count=False)
    jobs = office.worker.jobs
    assert jobs.put_due() == len(jobs.EVERY_S)
    assert jobs.put_due() == 0
    office.restart()  # another replica
    assert office.worker.jobs.put_due() == 0
    office.slack.users = [{"id": "UDANA0001", "real_name": "Dana Whitfield"}]
    office.work()

    depth = office.store.inbox.depth()
    assert (depth.ready, depth.dead) == (0, 0)
    assert office.store.directory.names(TENANT) == ["Dana Whitfield"]
    assert office.store.audit.anchors()


def test_an_erasure_asked_for_as_a_row_is_done(office):
    office.put(message(CANARY))
    office.work()
    office.put({"event_id": "erase:1", "v": 1, "user_id": "UANA00001", "by": "p1"}, kind="erase")
    office.work()

    assert office.flags() == []
