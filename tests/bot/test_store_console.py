"""What the console keeps as proof, and the filters people save: reports, exports, policy versions, views."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import NotFoundError, ReviewError
from bot.store import FrozenError
from tests.bot.console_rows import SOON


def test_a_view_is_a_persons_own(store):
    view = store.views.save("T1", "p1", "  Cards  in sales ", "label=CREDIT_CARD", "oldest")
    store.views.save("T1", "p1", "Cards in sales", "label=PASSPORT", "risk")
    store.views.save("T1", "p2", "Cards in sales", "label=API_KEY")

    (mine,) = store.views.list("T1", "p1")
    assert (mine.id, mine.name, mine.query, mine.sort) == (
        view.id,
        "Cards in sales",
        "label=PASSPORT",
        "risk",
    )
    assert store.views.list("T2", "p1") == []
    for tenant, person in (("T1", "p2"), ("T2", "p1")):
        with pytest.raises(NotFoundError):
            store.views.delete(tenant, person, mine.id)
    store.views.delete("T1", "p1", mine.id)
    assert store.views.list("T1", "p1") == []
    assert len(store.views.list("T1", "p2")) == 1


@pytest.mark.parametrize(
    ("name", "query"), [("", "a=1"), (" ", "a=1"), ("x" * 61, ""), ("x", "y" * 1001)]
)
def test_a_view_without_a_name_or_too_long_is_refused(sqlite_store, name, query):
    with pytest.raises(ReviewError):
        sqlite_store.views.save("T1", "p1", name, query)


def test_views_have_a_limit(sqlite_store):
    for n in range(50):
        sqlite_store.views.save("T1", "p1", f"view {n}", "")

    sqlite_store.views.save("T1", "p1", "view 7", "x=1")
    with pytest.raises(ReviewError):
        sqlite_store.views.save("T1", "p1", "one more", "")


def test_a_month_is_frozen_once(store):
    body = b"<h1>October</h1>"
    sha256 = hashlib.sha256(body).hexdigest()

    report = store.frozen_reports.save("T1", "2026-10", sha256, body, "p1")
    store.frozen_reports.save("T1", "2026-09", hashlib.sha256(b"x").hexdigest(), b"x", "p1")

    assert store.frozen_reports.save("T1", "2026-10", sha256, body, "p2") == report
    assert store.frozen_reports.get("T1", "2026-10").is_intact()
    assert [one.month for one in store.frozen_reports.list("T1")] == ["2026-10", "2026-09"]
    with pytest.raises(FrozenError):
        store.frozen_reports.save("T1", "2026-10", hashlib.sha256(b"y").hexdigest(), b"y", "p1")
    with pytest.raises(FrozenError):
        store.frozen_reports.save("T1", "2026-08", sha256, b"other", "p1")
    with pytest.raises(NotFoundError):
        store.frozen_reports.get("T2", "2026-10")


def test_a_report_that_was_changed_shows(store):
    body = b"one"
    store.frozen_reports.save("T1", "2026-10", hashlib.sha256(body).hexdigest(), body, "p1")
    with store.transaction() as tx:
        tx.execute(text("UPDATE frozen_reports SET body = :b"), {"b": b"two"})

    assert not store.frozen_reports.get("T1", "2026-10").is_intact()


def test_an_export_is_kept_with_its_hash_until_it_expires(store, let_time_pass):
    with store.transaction() as tx:
        job_id = store.export_jobs.add(
            tx, "T1", "p1", format="jsonl", mode="surrogates", expires_at=SOON, params={"days": 7}
        )
        other = store.export_jobs.add(
            tx, "T1", "p1", format="csv", mode="surrogates", expires_at=SOON + timedelta(30)
        )
    with store.transaction() as tx:
        job = store.export_jobs.finish(tx, job_id, "T1", n=12, sha256="ab", file="e1.jsonl")
        store.export_jobs.finish(tx, other, "T1", error="disk_full")
        with pytest.raises(NotFoundError):
            store.export_jobs.finish(tx, job_id, "T2")

    assert (job.state, job.n, job.params, job.file) == ("done", 12, {"days": 7}, "e1.jsonl")
    assert [one.state for one in store.export_jobs.list("T1")] == ["failed", "done"]
    assert store.export_jobs.list("T2") == []
    let_time_pass(store, 8 * 86_400)
    assert store.export_jobs.expire() == ["e1.jsonl"]
    assert store.export_jobs.expire() == []
    assert store.export_jobs.get("T1", job_id).state == "expired"


def test_policy_versions_are_numbered_and_the_same_text_is_one(store):
    def add(body, tenant="T1"):
        with store.transaction() as tx:
            return store.policy_versions.add(tx, tenant, body, by="p1", note="why")

    assert [add(body).number for body in ("a: 1", "a: 2", "a: 2", "a: 1")] == [1, 2, 2, 3]
    assert add("b: 1", "T2").number == 1

    assert store.policy_versions.newest("T1").body == "a: 1"
    assert [(one.number, one.body) for one in store.policy_versions.list("T1")] == [
        (3, ""), (2, ""), (1, "")
    ]  # fmt: skip
    assert store.policy_versions.get("T1", 2).body == "a: 2"
    assert store.policy_versions.newest("T3") is None
    with pytest.raises(NotFoundError):
        store.policy_versions.get("T2", 2)
