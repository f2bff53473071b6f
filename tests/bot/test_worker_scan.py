"""The worker: from an event in the inbox to a flag, whatever the order, the copies and the failures."""

import itertools
import logging
import threading

import pytest

from bot.outgoing import NO_CARD
from bot.review import assign
from bot.worker.lease import LeaseKeeper
from tests.bot.worker_tools import REVIEW, TENANT, Office, deletion, edit, message


@pytest.fixture
def office(store):
    return Office(store)


@pytest.fixture
def fast_office(sqlite_store):
    return Office(sqlite_store)


def test_a_message_with_a_card_number_becomes_a_flag_and_a_card(office, let_time_pass):
    office.put(message("here is card-1111 for you"))

    office.work()
    office.send(let_time_pass)

    (flag,) = office.flags()
    assert flag.labels == {"CREDIT_CARD": 1}
    assert [(span.part, span.start, span.end) for span in flag.spans] == [("text", 8, 17)]
    assert flag.model == "fake-1"
    (card,) = office.cards()
    assert card["metadata"]["event_type"] == "piiguard_card"
    assert "card-1111" not in str(card)


@pytest.mark.parametrize(
    "event",
    [
        message("nothing to see"),
        message("mail-a only"),  # medium alone does not flag
        message("card-1", bot_id="BOURS"),
        message("card-1", channel=REVIEW),
        message("card-1", subtype="channel_join"),
        {"type": "event_callback", "event_id": "E1", "event": {"type": "reaction_added"}},
    ],
)
def test_what_is_clean_or_ours_or_no_message_leaves_no_flag(fast_office, event):
    fast_office.put(event)

    fast_office.work()

    assert fast_office.flags() == []
    assert fast_office.store.inbox.depth().ready == 0


def test_an_event_that_comes_four_times_is_flagged_and_told_once(office, let_time_pass):
    event = message("card-1")
    for _ in range(4):
        office.put(event)
        office.work()
    office.put(message("card-1"))  # the same message under another event id
    office.work()
    office.send(let_time_pass)

    assert len(office.flags()) == 1
    assert len(office.cards()) == 1


STORY = {
    "post": message("card-1 here", event_id="Ep"),
    "edit": edit("card-2 here", at="1700000100.000100", event_id="Ee1"),
    "same second": edit("ssn-3 here", at="1700000100.000200", event_id="Ee2"),
    "edit back": edit("card-1 here", at="1700000200.000100", event_id="Eb"),
    "delete": deletion(event_id="Ed"),
}


def end_state(office):
    with office.store.reading() as tx:
        flags = office.store.flags.of_message(tx, TENANT, "C1", "1700000000.000100")
    return {(tuple(flag.labels), flag.content_fp): flag.state for flag in flags}


def play(store_of, names, *, one_by_one):
    office = Office(store_of())
    for name in names:
        office.put(STORY[name])
        if one_by_one:
            office.work()
    office.work()
    # fingerprints differ between stores: the labels and the state are what counts
    return sorted((labels, state) for (labels, _), state in end_state(office).items())


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize("parts", [("post", "edit", "same second", "edit back"), tuple(STORY)])
def test_edits_and_deletes_in_any_order_end_the_same(
    parts, one_by_one, tmp_path, master_key, let_time_pass
):
    from bot.store import Store

    n = itertools.count()
    opened = []

    def fresh():
        folder = tmp_path / str(next(n))
        folder.mkdir()
        store = Store.open(f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/k.db", master_key)
        store.upgrade()
        opened.append(store)
        return store

    orders = list(itertools.permutations(parts))[::7]
    ends = set()
    for order in orders:
        doubled = [*order, order[0]]  # a duplicate of the first
        ends.add(tuple(play(fresh, doubled, one_by_one=one_by_one)))
        opened.pop().close()

    expected_state = "resolved" if "delete" in parts else "open"
    assert len(ends) == 1
    states = [state for labels, state in next(iter(ends))]
    assert expected_state in states
    assert ("open" in states) == ("delete" not in parts)


def test_an_edit_that_removes_the_value_resolves_the_flag_and_updates_its_card(
    office, let_time_pass
):
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)
    office.put(edit("all gone", at="1700000100.000100"))
    office.work()
    office.send(let_time_pass)

    assert office.flags() == []
    (card,) = office.cards()
    assert "Removed by its author" in str(card["blocks"])


def test_an_edit_with_another_value_takes_the_card_over(office, let_time_pass):
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)
    office.put(edit("ssn-1", at="1700000100.000100"))
    office.work()
    office.send(let_time_pass)

    (flag,) = office.flags()
    assert flag.labels == {"NATIONAL_ID": 1}
    (card,) = office.cards()
    assert "NATIONAL_ID" in str(card["blocks"])


def test_an_edit_that_changes_no_words_is_not_scanned_again(fast_office):
    fast_office.put(message("card-1 *now*"))
    fast_office.work()
    n = len(fast_office.guard.messages)
    fast_office.put(edit("card-1  now", at="1700000100.000100", edited=False))
    fast_office.work()

    assert len(fast_office.guard.messages) == n
    assert len(fast_office.flags()) == 1


def test_a_deletion_that_comes_first_keeps_the_late_original_from_alerting(office, let_time_pass):
    office.put(deletion())
    office.work()
    office.put(message("card-1"))
    office.work()
    office.send(let_time_pass)

    assert office.flags() == []
    assert office.cards() == []


def test_a_poisoned_message_is_set_aside_and_the_other_63_are_flagged(office, let_time_pass):
    office.put(
        *(
            message("poison" if n == 40 else f"ssn-{n}", f"17000{n:05d}.000100", channel=f"C{n}")
            for n in range(64)
        )
    )
    office.work()
    assert len(office.flags()) == 63  # at once: halving finds the one to blame
    for _ in range(5):
        let_time_pass(office.store, 61)
        office.work()
    office.store.inbox.reap()

    assert len(office.flags()) == 63
    (dead,) = office.store.inbox.dead(TENANT)
    assert dead.attempts == 5
    assert dead.last_error == "RuntimeError"


def test_who_lost_the_lease_writes_nothing(office):
    office.put(message("card-1"))
    judged = office.worker._judge(office.store.inbox.claim(10))
    office.store.inbox.void_leases()
    taken_over = office.store.inbox.claim(10)

    assert office.worker._finish(judged) == set()
    assert office.flags() == []
    office.worker._scan(taken_over)
    assert len(office.flags()) == 1


def test_a_finish_that_fails_half_way_leaves_nothing_behind(fast_office, monkeypatch):
    fast_office.put(message("card-1"))
    with monkeypatch.context() as patch:
        patch.setattr(
            fast_office.store.audit, "append", lambda *a, **k: (_ for _ in ()).throw(ValueError)
        )
        fast_office.work()

    assert fast_office.flags() == []
    assert fast_office.store.outbox.depth()["ready"] == 0


def test_the_context_of_a_reply_is_its_thread_only(fast_office):
    fast_office.put(
        message("your ssn?", "1700000001.000100"),
        message("unrelated", "1700000002.000100"),
        message("sure", "1700000003.000100", thread_ts="1700000001.000100"),
        message("it is ssn-1", "1700000004.000100", thread_ts="1700000001.000100"),
    )
    fast_office.work()

    contexts = {one.text: one.context for one in fast_office.guard.messages}
    assert contexts["it is ssn-1"] == ("your ssn?", "sure")
    assert contexts["unrelated"] == ("your ssn?",)
    assert contexts["your ssn?"] == ()


def test_text_and_file_are_scanned_and_a_span_names_its_part(fast_office):
    fast_office.slack.files["https://files.slack.com/F1"] = b"the card-7 list"
    file = {
        "id": "F1", "name": "notes.txt", "filetype": "text", "mimetype": "text/plain", "size": 15,
        "url_private": "https://files.slack.com/F1",
    }  # fmt: skip
    fast_office.put(message("see file", subtype="file_share", files=[file]))
    fast_office.work()

    (flag,) = fast_office.flags()
    assert [(span.part, span.start) for span in flag.spans] == [("file:F1", 4)]


def test_the_same_value_in_a_thread_is_counted_on_one_card(office, let_time_pass):
    for n in range(4):
        office.put(message("card-1", f"17000000{n:02d}.000100", thread_ts="1699999999.000100"))
        office.work()
    office.put(message("card-2", "1700000050.000100", thread_ts="1699999999.000100"))
    office.put(message("card-1", "1700000051.000100", thread_ts="1699990000.000100"))
    office.work()
    let_time_pass(office.store, 11)
    office.send(let_time_pass)

    assert len(office.flags()) == 6
    assert len(office.cards()) == 3  # the thread's, another value, another thread
    assert any("4 times" in str(card["blocks"]) for card in office.cards())


def test_more_cards_than_five_become_one_digest_with_all_of_them(office, let_time_pass):
    office.put(*(message(f"ssn-{n}", f"17000000{n:02d}.000100") for n in range(12)))
    office.work()
    office.send(let_time_pass)
    let_time_pass(office.store, 3600)
    office.send(let_time_pass)

    assert len(office.flags()) == 12
    digest = office.cards()[0]
    assert "7 flags need review" in str(digest["blocks"])
    assert len(office.cards()) == 5 + 1
    let_time_pass(office.store, 3600)
    office.send(let_time_pass)
    assert len(office.cards()) == 6  # told once


def test_a_medium_flag_waits_for_the_hourly_digest_and_a_low_one_is_never_posted(
    sqlite_store, let_time_pass
):
    office = Office(sqlite_store, "flag_at: low")
    office.put(message("mail-1", "1700000001.000100"), message("name-1", "1700000002.000100"))
    office.work()
    office.send(let_time_pass)
    assert office.cards() == []

    let_time_pass(office.store, 3600)
    office.send(let_time_pass)

    (digest,) = office.cards()
    assert "1 flag needs review" in str(digest["blocks"])
    assert len(office.flags()) == 2


def test_a_flag_says_nothing_of_text_in_logs(fast_office, caplog):
    caplog.set_level(logging.DEBUG)
    fast_office.put(message("card-secretvalue of name-canary"), message("poison canary", "2.2"))
    fast_office.work()

    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "flagged" in logged
    assert "canary" not in logged
    assert "secretvalue" not in logged


def test_candidates_are_kept_without_text_for_simulation(fast_office):
    fast_office.put(message("mail-1"))
    fast_office.work()
    with fast_office.store.reading() as tx:
        since = fast_office.store.now(tx).replace(year=2020)

    (decision,) = fast_office.store.decisions.since(TENANT, since)
    assert [span.label for span in decision.spans] == ["EMAIL_ADDRESS"]
    assert not decision.flagged


def test_a_hung_batch_ends_the_process_and_a_slow_one_keeps_its_lease(fast_office):
    fast_office.put(message("card-1"))
    (job,) = fast_office.store.inbox.claim(1)
    extended, hung = [], threading.Event()
    fast_office.store.inbox.extend = lambda token, lease_s: extended.append(token)
    with LeaseKeeper(
        fast_office.store, job.lease_token, every_s=0.01, hung_after_s=0.2, on_hung=hung.set
    ):
        assert hung.wait(5)

    assert extended
    assert set(extended) == {job.lease_token}


def test_a_row_whose_kind_is_unknown_is_tried_again_and_stops_nobody(fast_office, let_time_pass):
    event = message("card-1")
    fast_office.store.inbox.put_many([])
    fast_office.put({"event_id": "cron:nope:1", "v": 1, "job": "nope"}, kind="cron")
    fast_office.put(event)
    fast_office.work()

    assert len(fast_office.flags()) == 1
    assert fast_office.store.inbox.depth().ready == 1


def test_no_card_is_a_row_that_never_rises_by_itself():
    assert NO_CARD < 0


def test_twenty_cards_an_hour_are_counted_across_processes(office, let_time_pass):
    for n in range(22):
        office.put(message(f"card-{n}", f"17000000{n:02}.000100"))
        office.work()
        office.send(let_time_pass)
        office.restart()  # or another replica

    assert len(office.cards()) == 20
    assert office.store.outbox.waiting(f"{TENANT}:{REVIEW}", method="digest") == 1


def test_updates_of_cards_are_none_of_the_twenty(office, let_time_pass):
    office.put(message("card-1"))
    office.work()
    (flag,) = office.flags()
    for _ in range(25):
        assign(office.store, TENANT, flag.id, by=_dana(office), to="Dana" * (not flag.assignee))
        (flag,) = office.flags()
    office.send(let_time_pass)
    office.put(message("card-2", "1700000002.000100"))
    office.work()
    office.send(let_time_pass)

    assert len(office.cards()) == 2


def _dana(office):
    return office.store.people.by_slack(TENANT, "UDANA0001") or office.person("reviewer")
