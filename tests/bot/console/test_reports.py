"""Reports: a month computed from the audit log, frozen with its hash; its evidence; the 72 h clocks."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import ForbiddenError, NotFoundError, ReviewError
from bot.insights.clocks import clocks, mark_aware, running, stop
from bot.insights.monthly import (
    Month,
    ReportError,
    body_of,
    compute,
    freeze,
    freeze_due,
    months_to_report,
)
from bot.review import record_review, reveal
from tests.bot.console.conftest import OTHER_TENANT, TENANT
from tests.bot.console.seeded_days import clock_at, seed

NOW = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)


@pytest.fixture
def dana(client_as):
    return client_as("compliance", "reviewer", name="Dana")


@pytest.fixture
def busy(parts, dana, make_person):
    """Some days of work up to the 4th of November."""
    people = [dana.person, make_person("Lee", "reviewer")]
    seed(parts, TENANT, people, now=NOW, days=9, per_day=5, has_scores=False)


@pytest.fixture
def october(parts, dana, make_flag):
    """Two flags of October: one that was decided and looked at, one that waits."""
    with clock_at(NOW - timedelta(days=8)) as clock:
        first, _ = make_flag(), make_flag()
        with parts.store.transaction() as tx:
            parts.store.audit.append(tx, TENANT, "piiguard", "flag.opened", first.id)
        clock.at += timedelta(hours=1)
        reveal(parts.store, first.id, dana.person, "decide")
        decide(parts, dana, first)


def decide(parts, client, flag):
    record_review(parts.store, TENANT, flag.id, "confirm", by=client.person, version=flag.version, surface="console")  # fmt: skip


@pytest.fixture
def case(parts, dana, make_flag):
    """A confirmed critical flag."""
    flag = make_flag()
    decide(parts, dana, flag)
    return flag


@pytest.mark.parametrize("typed", ["2026-10", "2000-01", "2026-12"])
def test_a_month_reads_as_it_is_written(typed):
    month = Month.parse(typed)

    assert str(month) == typed
    assert month.next.before == month
    assert Month.of(month.since) == Month.of(month.until - timedelta(seconds=1)) == month


@pytest.mark.parametrize("typed", ["", "2026", "2026-13", "2026-00", "26-10", "1999-12", "2026-1", "2026-10-01", "x"])  # fmt: skip
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ReportError):
        Month.parse(typed)


def test_the_report_counts_what_the_audit_log_and_the_flags_say(parts, busy):
    report = compute(parts.store, TENANT, OCTOBER)

    given = {"t": TENANT, "a": OCTOBER.since.timestamp(), "b": OCTOBER.until.timestamp()}
    log = "FROM audit WHERE tenant = :t AND at >= :a AND at < :b"
    queries = {
        "rows": f"SELECT COUNT(*) {log}",
        "reveals": f"SELECT COUNT(*) {log} AND action = 'flag.reveal'",
        "undone": f"SELECT COUNT(*) {log} AND action = 'review.undo'",
        "opened": "SELECT COUNT(*) FROM flags WHERE tenant = :t AND opened_at >= :a AND opened_at < :b",
        "resolved": """SELECT COUNT(*) FROM flags WHERE tenant = :t AND state = 'resolved'
                       AND resolved_at >= :a AND resolved_at < :b""",
        "open at the end": """SELECT COUNT(*) FROM flags WHERE tenant = :t AND opened_at < :b
                              AND (resolved_at IS NULL OR resolved_at >= :b)""",
        "decided": """SELECT COUNT(DISTINCT flag_id) FROM reviews WHERE tenant = :t AND at >= :a AND at < :b
                      AND NOT undone AND decision IN ('confirm','correct','not_pii','accept_risk','duplicate')""",
        "critical": """SELECT COUNT(*) FROM flags WHERE tenant = :t AND opened_at >= :a AND opened_at < :b
                       AND severity = 'critical'""",
    }  # fmt: skip
    with parts.store.reading() as tx:
        expected = {
            name: int(
                tx.execute(
                    text(query), {key: given[key] for key in given if f":{key}" in query}
                ).scalar_one()
            )
            for name, query in queries.items()
        }
    assert expected == {
        "rows": report["log"]["rows"],
        "reveals": report["access"]["reveals"],
        "undone": report["decisions"]["undone"],
        "opened": report["flags"]["opened"],
        "resolved": report["flags"]["closed_by_edit_or_deletion"],
        "open at the end": report["flags"]["open_at_end"],
        "decided": report["decisions"]["flags"],
        "critical": report["flags"]["opened_by_severity"]["critical"],
    }
    assert expected["opened"] > expected["decided"] > 0
    assert sum(report["decisions"]["by_decision"].values()) == report["decisions"]["flags"]


def test_a_report_holds_no_text_no_value_and_no_author(parts, busy):
    body = body_of(compute(parts.store, TENANT, OCTOBER)).decode()

    for secret in ("Jenkins", "4111", "078-05-1120", "U0ANA00001", "asthma"):
        assert secret not in body


def test_a_frozen_month_keeps_its_bytes_and_its_hash_stands_in_the_log(parts, dana, october):
    frozen = freeze(parts.store, TENANT, OCTOBER, by=dana.person, now=NOW)
    flag = parts.store.flags.by_number(1, TENANT)
    with parts.store.transaction() as tx:
        parts.store.flags.change(
            tx, flag.id, TENANT, expected_version=flag.version, severity="low", labels={}
        )

    again = freeze(parts.store, TENANT, OCTOBER, by=dana.person, now=NOW)

    assert again.body == frozen.body
    assert hashlib.sha256(frozen.body).hexdigest() == frozen.sha256
    assert body_of(compute(parts.store, TENANT, OCTOBER)) != frozen.body
    logged = [row for row in parts.store.audit.rows(TENANT, 500) if row.action == "report.frozen"]
    assert [(row.object, row.details) for row in logged] == [("2026-10", {"sha256": frozen.sha256})]
    assert parts.store.audit.verify() is None


def test_a_month_that_is_not_over_is_not_frozen(parts, dana, october):
    with pytest.raises(ReportError, match="not over"):
        freeze(
            parts.store, TENANT, OCTOBER, by=dana.person, now=OCTOBER.until - timedelta(seconds=1)
        )


@pytest.mark.parametrize("roles", [("reviewer",), ("auditor",), ("admin",), ("ml", "viewer")])
def test_only_a_privacy_officer_freezes(parts, october, make_person, roles):
    with pytest.raises(ForbiddenError):
        freeze(parts.store, TENANT, OCTOBER, by=make_person("Somebody", *roles), now=NOW)


def test_the_daily_job_freezes_the_month_that_ended_once(parts, october):
    first = freeze_due(parts.store, TENANT, NOW)

    assert (first.month, first.made_by) == ("2026-10", "piiguard")
    assert freeze_due(parts.store, TENANT, NOW) is None
    assert freeze_due(parts.store, OTHER_TENANT, NOW) is None


def test_months_go_back_to_the_first_row_of_the_log(parts, october):
    later = datetime(2027, 1, 5, tzinfo=UTC)

    assert [str(month) for month in months_to_report(parts.store, TENANT, later)] == [
        "2026-12",
        "2026-11",
        "2026-10",
    ]
    assert months_to_report(parts.store, OTHER_TENANT, later) == []


def test_the_evidence_pack_holds_the_frozen_bytes_the_log_and_sums_that_match(parts, dana, october):
    frozen = freeze(parts.store, TENANT, OCTOBER, by=dana.person, now=NOW)

    answer = dana.get("/reports/2026-10/evidence.zip")
    pack = zipfile.ZipFile(io.BytesIO(answer.data))
    files = {name.split("/")[1]: pack.read(name) for name in pack.namelist()}

    assert files["report.json"] == frozen.body
    for line in files.pop("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files.pop(name)).hexdigest() == digest
    assert files == {}
    rows = [json.loads(line) for line in pack.read("piiguard-2026-10/audit.jsonl").splitlines()]
    report = json.loads(frozen.body)
    assert len(rows) == report["log"]["rows"]
    assert rows[-1]["mac"] == report["log"]["last_mac"]
    html = pack.read("piiguard-2026-10/report.html").decode()
    assert "<h1>Report of October 2026</h1>" in html
    assert frozen.sha256 in html
    assert dana.get("/reports/2026-10/evidence.zip").data == answer.data
    assert [row.action for row in parts.store.audit.rows(TENANT, 2)] == ["report.evidence"] * 2


def test_there_is_no_evidence_of_a_month_that_is_not_frozen(dana, october):
    assert dana.get("/reports/2026-10/evidence.zip").status_code == 404
    assert dana.get("/reports/2026-10/report.json").status_code == 404
    assert dana.get("/reports/2026-10/report.csv").status_code == 200


def test_the_page_of_a_month_shows_freezing_then_the_hash(parts, dana, october):
    before = dana.get("/reports/2026-10").text
    answer = dana.send("/reports/2026-10/freeze", follow_redirects=True)
    frozen = parts.store.frozen_reports.get(TENANT, "2026-10")

    assert "Not frozen yet: these numbers can still change." in before
    assert frozen.sha256 in answer.text
    assert "checked now" in answer.text
    assert "/reports/2026-10/evidence.zip" in dana.get("/reports").text


def test_bytes_that_were_changed_behind_our_back_raise_an_alarm(parts, dana, october):
    freeze(parts.store, TENANT, OCTOBER, by=dana.person, now=NOW)
    with parts.store.transaction() as tx:
        body = parts.store.frozen_reports.get(TENANT, "2026-10").body.replace(b'"rows": ', b'"rows": 1')  # fmt: skip
        tx.execute(text("UPDATE frozen_reports SET body = :b"), {"b": body})

    page = dana.get("/reports/2026-10").text

    assert "no longer have the hash they were frozen with" in page
    assert "checked now" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("1999-01", 404), ("x", 404), ("2026-13", 404), ("2030-01", 404), ("2026-10", 404)],
)
def test_a_month_without_a_log_is_not_there(dana, path, status):
    assert dana.get(f"/reports/{path}").status_code == status


def test_the_csv_of_a_month_has_one_number_a_row_and_no_formula(parts, client_as, october):
    evil = client_as("compliance", name="=cmd()")
    flag = next(iter(parts.store.flags.pending(TENANT, 1)))
    with clock_at(NOW - timedelta(days=4)):
        decide(parts, evil, flag)

    rows = list(csv.reader(io.StringIO(evil.get("/reports/2026-10/report.csv").data.decode("utf-8-sig"))))  # fmt: skip

    assert rows[0] == ["section", "name", "value"]
    assert ["month", "", "2026-10"] in rows
    assert ["decisions", "by_person / =cmd()", "1"] in rows
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row)


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ml", "admin"])
def test_reports_are_for_privacy_officers_and_auditors(client_as, role):
    assert client_as(role).get("/reports").status_code == 403


def test_an_auditor_reads_and_changes_nothing(client_as, case):
    auditor = client_as("auditor")

    page = auditor.get("/reports")

    assert page.status_code == 200
    assert f"#{case.number}" in page.text
    assert "Mark aware" not in page.text
    assert auditor.send(f"/reports/cases/{case.number}/aware", {"at": "2026-01-01T10:00"}).status_code == 403  # fmt: skip
    assert auditor.send("/reports/2026-10/freeze").status_code == 403


def test_another_workspace_sees_no_month_and_no_case_of_ours(client_as, parts, october, case):
    other = client_as("compliance", name="Eve", tenant=OTHER_TENANT)

    assert "No month is over yet." in other.get("/reports").text
    assert f"#{case.number}<" not in other.get("/reports").text
    assert other.get("/reports/2026-10").status_code == 404
    aware = {"at": "2026-01-01T10:00"}
    assert other.send(f"/reports/cases/{case.number}/aware", aware).status_code == 404


def test_a_clock_runs_from_the_moment_somebody_was_aware(parts, dana, case):
    now = datetime.now(UTC)
    aware_at = now - timedelta(hours=70)

    mark_aware(parts.store, TENANT, case.id, by=dana.person, at=aware_at)
    (clock,) = running(parts.store, TENANT)

    assert clock.left_s(now) == pytest.approx(2 * 3600)
    assert clock.left_s(now + timedelta(hours=3)) == pytest.approx(-3600)
    stop(parts.store, TENANT, case.id, by=dana.person, outcome="notified")
    assert running(parts.store, TENANT) == []
    assert [one.outcome for one in clocks(parts.store, TENANT)] == ["notified"]
    actions = [row.action for row in parts.store.audit.rows(TENANT, 2)]
    assert actions == ["case.closed", "case.aware"]


@pytest.mark.parametrize("hours", [1, -24 * 91])
def test_nobody_was_aware_in_the_future_or_long_ago(parts, dana, case, hours):
    at = datetime.now(UTC) + timedelta(hours=hours)

    with pytest.raises(ReviewError) as error:
        mark_aware(parts.store, TENANT, case.id, by=dana.person, at=at)

    assert error.value.field == "at"
    assert clocks(parts.store, TENANT) == []


def test_a_clock_is_for_confirmed_critical_flags_of_ones_own(parts, dana, make_flag, make_person):
    now = datetime.now(UTC)
    pending, low = make_flag(), make_flag("ask Priya", [("Priya", "PERSON")])
    decide(parts, dana, low)
    for flag in (pending, low):
        with pytest.raises(ReviewError):
            mark_aware(parts.store, TENANT, flag.id, by=dana.person, at=now)
    with pytest.raises(NotFoundError):
        mark_aware(parts.store, TENANT, "nothing", by=dana.person, at=now)
    with pytest.raises(ForbiddenError):
        mark_aware(parts.store, TENANT, pending.id, by=make_person("Lee", "reviewer"), at=now)


def test_a_case_is_marked_and_closed_on_the_page(parts, dana, case):
    at = (datetime.now(UTC) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")

    wrong = dana.send(f"/reports/cases/{case.number}/aware", {"at": "gestern"})
    page = dana.send(f"/reports/cases/{case.number}/aware", {"at": at}, follow_redirects=True)
    closed = dana.send(f"/reports/cases/{case.number}/stop", {"outcome": "no_notice"}, follow_redirects=True)  # fmt: skip

    assert wrong.status_code == 400
    assert 'value="gestern"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert "2 d 18 h" in page.text.replace("\u00a0", " ")
    assert "No notice needed" in closed.text
    assert dana.send(f"/reports/cases/{case.number}/stop", {"outcome": "x"}).status_code == 400


def test_a_report_lists_the_clocks_of_its_month(parts, dana, case):
    mark_aware(parts.store, TENANT, case.id, by=dana.person, at=datetime.now(UTC))

    report = compute(parts.store, TENANT, Month.of(datetime.now(UTC)))

    assert [(one["flag"], one["action"], one["by"]) for one in report["cases"]] == [
        (case.number, "case.aware", "Dana")
    ]
