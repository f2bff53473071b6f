"""Versions of messages and what becomes of their flags, in every order of arrival."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotFoundError, ReviewError, StaleError
from bot.records import FoundSpan, Part
from bot.store import NewFlag

NAMES = ("T1", "C1", "1700000000.000100")
TODAY = datetime.now(UTC).date()
TOMORROW = TODAY + timedelta(days=1)


def new_flag(content_fp="x", **fields):
    values = {
        "tenant": "T1",
        "channel_id": "C1",
        "ts": NAMES[2],
        "content_fp": content_fp,
        "severity": "critical",
        "labels": {"NATIONAL_ID": 1},
        "reasons": ("critical label",),
        "model": "piiguard-en-1",
        "score": 0.98,
        "parts": (
            Part("text", "ssn is 078-05-1120 👩‍👩‍👧"),
            Part("file:F1", "", "plain", "too large"),
        ),
        "spans": (FoundSpan("text", 7, 18, "NATIONAL_ID", 0.98, "model"),),
        "value_fps": (("NATIONAL_ID", "fp1"),),
        "user_id": "U1",
    }
    return NewFlag(**(values | fields))


def record(store, new=None, **fields):
    with store.transaction() as tx:
        return store.flags.record(tx, new or new_flag(**fields))


def see(store, version, content_fp, *, deleted=False, flagged=True, names=NAMES):
    """What the worker does with one version of a message."""
    with store.transaction() as tx:
        store.messages.upsert(tx, *names, version=version, content_fp=content_fp, deleted=deleted)
        if flagged and not deleted:
            store.flags.record(tx, new_flag(content_fp, ts=names[2]))
        return [f.state for f in store.flags.recompute(tx, *names)]


def states(store, names=NAMES):
    with store.transaction() as tx:
        return {f.content_fp: f.state for f in store.flags.of_message(tx, *names)}


def test_a_flag_comes_back_as_it_was_recorded(store):
    flag, created = record(store)

    assert created
    assert (flag.number, flag.version, flag.state) == (1, 1, "open")
    assert flag.parts == new_flag().parts
    assert flag.spans == flag.predicted == new_flag().spans
    assert (flag.user_id, flag.labels, flag.text_gone) == ("U1", {"NATIONAL_ID": 1}, False)
    assert store.flags.get(flag.id, "T1") == flag == store.flags.by_number(1, "T1")
    assert "078" not in repr(flag)


def test_the_same_version_is_flagged_once_and_numbers_have_no_gaps(store):
    first, _ = record(store)
    again, created = record(store, score=0.5)
    other, _ = record(store, ts="2.0")
    elsewhere, _ = record(store, tenant="T2")

    assert (again, created) == (first, False)
    assert [first.number, other.number, elsewhere.number] == [1, 2, 1]


@pytest.mark.parametrize("tenant", ["T2", "", "T1|"])
def test_a_flag_is_not_found_by_another_tenant(store, tenant):
    flag, _ = record(store)

    with pytest.raises(NotFoundError):
        store.flags.get(flag.id, tenant)
    with pytest.raises(NotFoundError):
        store.flags.by_number(1, tenant)


EVENTS = {
    "post": ("0.0", "clean", False, False),
    "edit": ("5.1", "one", False, True),
    "edit in the same second": ("5.2", "two", False, True),
    "edit back": ("9.1", "one", False, True),
    "delete": ("", "", True, False),
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("post", "edit", "edit in the same second", "edit back"), {"one": "open", "two": "superseded"}),
        (("post", "edit", "edit in the same second", "delete"), {"one": "resolved", "two": "resolved"}),
        (("post", "edit", "edit in the same second"), {"one": "superseded", "two": "open"}),
    ],
)  # fmt: skip
def test_the_end_state_follows_from_the_set_of_events_not_from_their_order(store, names, expected):
    ends = set()
    for n, order in enumerate(itertools.permutations(names)):
        message = ("T1", "C1", f"{n}.5")
        for name in (*order, order[0]):  # the first one twice
            version, content_fp, deleted, flagged = EVENTS[name]
            see(store, version, content_fp, deleted=deleted, flagged=flagged, names=message)
        ends.add(tuple(sorted(states(store, message).items())))

    assert ends == {tuple(sorted(expected.items()))}


def test_all_orders_of_all_five_events_end_resolved(sqlite_store):
    ends = set()
    for n, order in enumerate(itertools.permutations(EVENTS)):
        message = ("T1", "C1", f"{n}.5")
        with sqlite_store.transaction():  # one wait for the disk for each order
            for name in order:
                version, content_fp, deleted, flagged = EVENTS[name]
                see(
                    sqlite_store,
                    version,
                    content_fp,
                    deleted=deleted,
                    flagged=flagged,
                    names=message,
                )
        ends.add(tuple(sorted(states(sqlite_store, message).items())))

    assert ends == {(("one", "resolved"), ("two", "resolved"))}


def test_a_newer_version_without_findings_resolves_the_flag_and_says_so(store):
    assert see(store, "1", "x") == []

    assert see(store, "2", "clean", flagged=False) == ["resolved"]
    assert see(store, "2", "clean", flagged=False) == []


def test_what_a_person_decided_stays(store):
    see(store, "1", "x")
    flag = store.flags.by_number(1, "T1")
    with store.transaction() as tx:
        store.flags.change(tx, flag.id, "T1", expected_version=1, state="confirmed")

    assert see(store, "", "", deleted=True) == []
    assert states(store) == {"x": "confirmed"}


def test_a_second_look_goes_on_until_the_message_is_gone(store):
    see(store, "1", "x")
    flag = store.flags.by_number(1, "T1")
    with store.transaction() as tx:
        store.flags.change(tx, flag.id, "T1", expected_version=1, state="second_opinion")

    assert see(store, "1", "x") == []
    assert see(store, "", "", deleted=True) == ["resolved"]


def test_a_deletion_before_the_original_keeps_it_from_alerting(store):
    see(store, "", "", deleted=True)
    see(store, "9", "x")

    assert states(store) == {"x": "resolved"}


def test_an_upsert_says_whether_it_was_news_and_keeps_what_a_deletion_does_not_know(store):
    with store.transaction() as tx:
        known = {"thread_ts": "1.0", "user_id": "U1", "client_msg_id": "m"}
        assert store.messages.upsert(tx, *NAMES, version="2", content_fp="b", **known)
        assert not store.messages.upsert(tx, *NAMES, version="1", content_fp="z", **known)
        assert not store.messages.upsert(tx, *NAMES, version="2", content_fp="b", **known)
        assert store.messages.upsert(tx, *NAMES, version="", content_fp="", deleted=True)
        assert not store.messages.upsert(tx, *NAMES, version="3", content_fp="c")
        row = store.messages.latest(tx, *NAMES)
        assert row is not None
        assert (row.deleted, row.thread_ts, row.content_fp) == (True, "1.0", "")
        assert row.user_fp == store.messages.user_fp("T1", "U1")
        assert store.messages.latest(tx, "T2", *NAMES[1:]) is None


def test_versions_are_ordered_by_their_bytes_on_both_engines(store):
    # under a locale's collation "1700000000.000010-b" would stand before "1700000000.000010.a"
    with store.transaction() as tx:
        assert store.messages.upsert(tx, *NAMES, version="1a", content_fp="b")
        assert not store.messages.upsert(tx, *NAMES, version="1B", content_fp="c")


def test_twins_of_one_gesture_find_each_other(store):
    with store.transaction() as tx:
        for ts, twin in (("2.0", "m"), ("1.0", "m"), ("3.0", ""), ("4.0", "")):
            store.messages.upsert(
                tx, "T1", "C1", ts, version="0", content_fp="", client_msg_id=twin
            )
        assert store.messages.twin(tx, "T1", "C1", "2.0", "m") == "1.0"
        assert store.messages.twin(tx, "T1", "C1", "3.0", "") is None


def test_a_stale_change_changes_nothing_and_brings_the_flag_as_it_stands(store):
    flag, _ = record(store)
    with store.transaction() as tx:
        now = store.flags.change(tx, flag.id, "T1", expected_version=1, assignee="p1", n_repeats=3)
    assert (now.version, now.assignee, now.n_repeats) == (2, "p1", 3)

    with pytest.raises(StaleError) as caught, store.transaction() as tx:
        store.flags.change(tx, flag.id, "T1", expected_version=1, state="not_pii")

    assert caught.value.current == now
    with pytest.raises(NotFoundError), store.transaction() as tx:
        store.flags.change(tx, flag.id, "T2", expected_version=2, state="not_pii")
    with pytest.raises(TypeError), store.transaction() as tx:
        store.flags.change(tx, flag.id, "T1", expected_version=2, tenant="T2")


def test_other_spans_do_not_touch_what_the_model_said(store):
    flag, _ = record(store)
    spans = (FoundSpan("text", 0, 3, "USERNAME"),)
    until = datetime.now(UTC) + timedelta(hours=1)

    with store.transaction() as tx:
        now = store.flags.change(
            tx,
            flag.id,
            "T1",
            expected_version=1,
            spans=spans,
            state="corrected",
            snoozed_until=until,
        )

    assert (now.spans, now.predicted, now.parts) == (spans, flag.predicted, flag.parts)
    assert now.snoozed_until is not None
    assert abs(now.snoozed_until - until) < timedelta(milliseconds=1)


def test_the_queue_is_ordered_by_risk_and_leaves_out_what_sleeps_and_what_is_decided(store):
    later = datetime.now(UTC) + timedelta(hours=1)
    for ts, severity, score in (("1", "low", 0.9), ("2", "critical", 0.6), ("3", "critical", 0.9), ("4", "high", 1.0), ("5", "high", 0.1)):  # fmt: skip
        record(store, ts=ts, severity=severity, score=score)
    with store.transaction() as tx:
        asleep, decided = store.flags.by_number(4, "T1"), store.flags.by_number(5, "T1")
        store.flags.change(tx, asleep.id, "T1", expected_version=1, snoozed_until=later)
        store.flags.change(tx, decided.id, "T1", expected_version=1, state="confirmed")

    def numbers(**options):
        return [flag.number for flag in store.flags.pending("T1", **options)]

    assert numbers() == [3, 2, 1]
    assert numbers(order="uncertain") == [2, 1, 3]
    assert numbers(limit=1) == [3]
    assert store.flags.pending("T2") == []
    counts = store.flags.counts("T1")
    assert (counts["open"], counts["confirmed"], counts["snoozed"]) == (4, 1, 1)
    assert [counts[name] for name in ("critical", "high", "medium", "low")] == [2, 1, 0, 1]


def test_a_value_seen_before_is_counted_and_a_repeat_of_the_same_thread_is_found(
    store, let_time_pass
):
    record(store, ts="1", thread_ts="9")
    again, _ = record(store, ts="2", thread_ts="9")
    other, _ = record(store, ts="3", value_fps=(("NATIONAL_ID", "fp2"),))
    assert (again.seen_before, other.seen_before) == (1, 0)

    def repeat(fps, **place):
        with store.transaction() as tx:
            found = store.flags.recent_same_value(tx, "T1", fps, channel_id="C1", **place)
            return found and found.number

    one, two = ("NATIONAL_ID", "fp1"), ("NATIONAL_ID", "fp2")
    assert repeat([one], thread_ts="9") == 2
    assert repeat([one], thread_ts="8") is None
    assert repeat([one]) is None
    assert repeat([two]) == 3
    assert repeat([one, two], thread_ts="9") is None  # a new value must not hide behind an old one
    assert repeat([]) is None
    let_time_pass(store, 601)
    assert repeat([one], thread_ts="9") is None


def test_dismissed_values_are_those_of_not_pii_and_of_no_upheld_flag(store):
    first, _ = record(store, ts="1", value_fps=(("ACCOUNT_ID", "a"), ("ACCOUNT_ID", "b")))
    second, _ = record(store, ts="2", value_fps=(("ACCOUNT_ID", "b"),))
    with store.transaction() as tx:
        store.flags.change(tx, first.id, "T1", expected_version=1, state="not_pii")
        store.flags.change(tx, second.id, "T1", expected_version=1, state="confirmed")

    assert store.flags.dismissed("T1") == {("ACCOUNT_ID", "a")}
    assert store.flags.values_of(first.id, "T1") == [("ACCOUNT_ID", "a"), ("ACCOUNT_ID", "b")]
    assert store.flags.values_of(first.id, "T2") == []


def test_the_flags_of_an_author_are_found_and_erased(store):
    mine, _ = record(store, ts="1")
    record(store, ts="2", user_id="U2")
    assert [flag.number for flag in store.flags.of_author("T1", "U1")] == [1]

    with store.transaction() as tx:
        (erased,) = store.flags.erase_author(tx, "T1", "U1")

    assert (erased.id, erased.text_gone, erased.user_id, erased.parts, erased.spans) == (
        mine.id,
        True,
        "",
        (),
        (),
    )
    assert store.flags.of_author("T1", "U1") == []
    assert store.flags.values_of(mine.id, "T1") == []
    assert store.flags.get(store.flags.by_number(2, "T1").id, "T1").text_gone is False


def test_a_purge_takes_the_text_and_leaves_the_flag_and_what_is_on_hold(store):
    record(store, ts="1")
    held, _ = record(store, ts="2")
    with store.transaction() as tx:
        held = store.flags.change(tx, held.id, "T1", expected_version=1, hold=True)
    assert store.purge(TODAY).n_flags == 0

    purged = store.purge(TOMORROW)

    assert (purged.n_flags, purged.n_keys) == (1, 1)
    gone = store.flags.by_number(1, "T1")
    assert (gone.text_gone, gone.labels, gone.user_id) == (True, {"NATIONAL_ID": 1}, "")
    assert store.flags.by_number(2, "T1") == held
    with pytest.raises(ReviewError), store.transaction() as tx:
        store.flags.change(tx, gone.id, "T1", expected_version=1, spans=())
    assert store.purge(TOMORROW).n_flags == 0
    assert store.flags.forget(TOMORROW) == 1
    with pytest.raises(NotFoundError):
        store.flags.by_number(1, "T1")


def test_a_shredded_key_alone_makes_the_text_gone(store):
    flag, _ = record(store)

    store.keys.shred("T1", TOMORROW)

    assert store.flags.get(flag.id, "T1") == replace(
        flag, parts=(), spans=(), predicted=(), user_id="", text_gone=True
    )


def test_message_rows_go_after_their_time_unless_flagged(store, let_time_pass):
    see(store, "1", "x")
    see(store, "1", "clean", flagged=False, names=("T1", "C1", "7.0"))
    let_time_pass(store, 100)

    assert store.messages.forget(50) == 1
    with store.transaction() as tx:
        assert store.messages.latest(tx, *NAMES) is not None
