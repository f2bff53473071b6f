"""The recall audit's samples and second reviews: who gets them, what is counted, what goes when."""

import pytest
from sqlalchemy import text

from bot.errors import ForbiddenError, NotFoundError, StaleError
from bot.policy_sections import RetentionSection
from bot.records import FoundSpan, Part, Review
from bot.retention import erase, purge
from bot.store import new_id
from tests.bot.console_rows import PAST, SOON, SPAN, TOMORROW, allow, flag, rows, sample, stored


def judge(store, sample_id, by="p1", missed=(), kept=(), tenant="T1"):
    with store.transaction() as tx:
        store.samples.judge(tx, sample_id, tenant, by, list(missed), list(kept))


def test_a_sample_is_sealed_and_comes_back(store):
    sample_id = sample(store)

    assert sample(store) is None  # the message is in it already
    found = store.samples.get(sample_id, "T1")
    assert found.parts == (Part("text", "Jane canary"),)
    assert (found.user_id, found.spans, found.weight) == ("U1", (SPAN,), 20.0)
    assert "canary" not in stored(store)
    assert "canary" not in repr(found)
    with pytest.raises(NotFoundError):
        store.samples.get(sample_id, "T2")


def test_two_people_do_not_get_the_same_sample(store, let_time_pass):
    first, second = sample(store, 1), sample(store, 2)

    assert store.samples.next("T1", "p1").id == first
    assert store.samples.next("T1", "p1").id == first  # still open on their desk
    assert store.samples.next("T1", "p2").id == second
    assert store.samples.next("T1", "p3") is None
    assert store.samples.next("T2", "p3") is None
    let_time_pass(store, 1801)
    assert store.samples.next("T1", "p3").id == first


def test_a_verdict_is_counted_by_label_once(store):
    sample_id, other = sample(store, 1), sample(store, 2, stratum="other", weight=90.0)
    missed = [FoundSpan("text", 5, 11, "USERNAME"), FoundSpan("text", 0, 1, "USERNAME")]

    judge(store, sample_id, missed=missed, kept=[SPAN])
    judge(store, other)

    rows = list(store.samples.judged("T1", PAST))
    assert [(r.n_found, r.n_missed, r.stratum, r.weight) for r in rows] == [
        ({"PERSON": 1}, {"USERNAME": 2}, "digits", 20.0),
        ({}, {}, "other", 90.0),
    ]
    assert len(store.samples.get(sample_id, "T1").spans) == 3
    assert list(store.samples.judged("T2", PAST)) == []
    assert list(store.samples.judged("T1", SOON)) == []
    with pytest.raises(StaleError):
        judge(store, sample_id)
    with pytest.raises(NotFoundError):
        judge(store, other, tenant="T2")
    assert store.samples.next("T1", "p9") is None


def test_the_audit_counts_what_waits_what_is_judged_and_what_came_today(store):
    ids = [sample(store, n, stratum="digits" if n < 2 else "other") for n in range(4)]
    judge(store, ids[0])
    with store.transaction() as tx:
        store.samples.skip(tx, ids[3], "T1")

    counts = store.samples.counts("T1")

    assert (counts.n_waiting, counts.n_judged, counts.n_today) == (2, 1, 4)
    assert counts.by_stratum == {"digits": (1, 1), "other": (1, 0)}
    assert store.samples.counts("T2").n_waiting == 0


def test_the_text_of_a_sample_goes_with_its_day_and_its_counts_stay(store):
    judged, waiting = sample(store, 1), sample(store, 2)
    judge(store, judged, kept=[SPAN])

    gone = store.purge(TOMORROW)

    assert gone.n_samples == 2
    assert store.samples.get(judged, "T1").text_gone
    assert store.samples.get(judged, "T1").user_id == ""
    assert [row.n_found for row in store.samples.judged("T1", PAST)] == [{"PERSON": 1}]
    with pytest.raises(NotFoundError):
        store.samples.get(waiting, "T1")
    assert store.samples.forget(TOMORROW) == 1
    assert list(store.samples.judged("T1", PAST)) == []


def test_a_persons_samples_are_erased_with_them(store):
    judged, waiting = sample(store, 1), sample(store, 2)
    others = sample(store, 3, user="U2")
    judge(store, judged, kept=[SPAN])

    erase(store, "T1", "U1")

    assert store.samples.get(judged, "T1").text_gone
    with pytest.raises(NotFoundError):
        store.samples.get(waiting, "T1")
    assert not store.samples.get(others, "T1").text_gone
    assert store.keys.fingerprint("T1", "user", "U1") not in repr(rows(store, "samples"))


def test_the_daily_purge_lets_samples_groups_and_entries_go(store, let_time_pass):
    flag(store)
    store.value_groups.group("T1", "PERSON", "a")
    sample(store)
    allow(store)
    with store.transaction() as tx:
        tx.execute(text("UPDATE flags SET bucket = '2020-01-01'"))
        tx.execute(text("UPDATE samples SET bucket = '2020-01-01'"))
    let_time_pass(store, 8 * 86_400)

    purge(store, "T1", RetentionSection())

    for table in ("flags", "flag_values", "value_groups", "samples", "allow_entries"):
        assert rows(store, table) == [], table


def review(store, of, by="p1", decision="confirm", spans=(SPAN,)):
    with store.transaction() as tx:
        made = Review(new_id(), of.id, of.tenant, decision, by, store.now(tx), "console", spans=spans)  # fmt: skip
        store.reviews.add(tx, made)
    return made


def pick(store, of):
    with store.transaction() as tx:
        return store.second_reviews.pick(tx, of)


def second(store, second_id, by="p2", decision="not_pii", spans=(), tenant="T1"):
    with store.transaction() as tx:
        return store.second_reviews.add(
            tx, second_id, tenant, by=by, decision=decision, spans=spans, reason="other_thing"
        )


def test_a_second_verdict_stands_beside_the_first(store):
    of = flag(store)
    assert pick(store, of) is None  # nothing to stand beside
    first = review(store, of)
    second_id = pick(store, of)
    assert pick(store, of) is None

    assert store.second_reviews.waiting("T1", "p1") == []
    assert store.second_reviews.n_waiting("T1", "p1") == 0
    assert [one.flag_id for one in store.second_reviews.waiting("T1", "p2")] == [of.id]
    assert store.second_reviews.waiting("T2", "p2") == []
    with pytest.raises(ForbiddenError):
        second(store, second_id, by="p1")
    with pytest.raises(NotFoundError):
        second(store, second_id, tenant="T2")
    second(store, second_id, spans=(SPAN,))
    with pytest.raises(StaleError):
        second(store, second_id, by="p3")

    (pair,) = store.second_reviews.pairs("T1", PAST)
    assert pair.first == first
    assert (pair.second.by, pair.second.decision, pair.second.spans) == ("p2", "not_pii", (SPAN,))
    assert list(store.second_reviews.pairs("T1", SOON)) == []
    assert store.second_reviews.n_waiting("T1") == 0


@pytest.mark.parametrize("decision", ["note", "second_opinion", "duplicate"])
def test_what_is_no_verdict_asks_for_no_second_one(sqlite_store, decision):
    of = flag(sqlite_store)
    review(sqlite_store, of, decision=decision)

    assert pick(sqlite_store, of) is None


def test_a_conflict_is_settled_once(store):
    of = flag(store)
    review(store, of)
    second_id = pick(store, of)
    settle = lambda: store.second_reviews.settle(tx, second_id, "T1", by="p3", outcome="second")  # noqa: E731
    with store.transaction() as tx, pytest.raises(StaleError):
        settle()
    second(store, second_id)
    with store.transaction() as tx:
        settle()
    with store.transaction() as tx, pytest.raises(StaleError):
        settle()

    found = store.second_reviews.get(second_id, "T1")
    assert (found.outcome, found.settled_by) == ("second", "p3")


def test_the_spans_of_second_verdicts_go_with_their_day_and_their_author(store):
    one, two = flag(store, 1, user="U1"), flag(store, 2, user="U2")
    for of in (one, two):
        review(store, of)
        second(store, pick(store, of), spans=(SPAN,))

    erase(store, "T1", "U1")
    spans = {pair.flag_id: pair.second.spans for pair in store.second_reviews.pairs("T1", PAST)}
    assert spans == {one.id: (), two.id: (SPAN,)}

    store.purge(TOMORROW)
    assert [pair.second.spans for pair in store.second_reviews.pairs("T1", PAST)] == [(), ()]
