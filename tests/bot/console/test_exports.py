"""Exports: ordered, previewed without a real value, sealed on the disk, taken by who may, and gone after their time."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.console.exports import ExportRunner
from bot.review import record_review
from tests.bot.console.conftest import OTHER_TENANT, TENANT

SSN = "078-05-1120"


@pytest.fixture
def runner(parts, app):
    """The runner of the pages: the tests wait for it."""
    made = [one for one in RUNNERS if one._store is parts.store]
    return made[-1]


RUNNERS = []


@pytest.fixture(autouse=True)
def _undo_is_over(monkeypatch):
    """Decisions count at once, and each runner is known."""
    init = ExportRunner.__init__

    def remember(self, store, folder, **options):
        init(self, store, folder, undo_s=0)
        RUNNERS.append(self)

    monkeypatch.setattr(ExportRunner, "__init__", remember)
    yield
    RUNNERS.clear()


@pytest.fixture
def decided(parts, make_flag, make_person):
    """Three signed decisions: two confirmed, one not PII."""
    lee = make_person("Lee", "reviewer")
    flags = [make_flag(f"ssn of case {n}: {SSN}") for n in range(3)]
    for number, flag in enumerate(flags):
        more = {"reason": "object_id"} if number == 2 else {}
        decision = "not_pii" if number == 2 else "confirm"
        record_review(
            parts.store, TENANT, flag.id, decision, by=lee, version=flag.version, signed=True,
            surface="console", **more,
        )  # fmt: skip
    return flags


def order(client, runner, **form):
    """Order an export, wait for it, and give the newest job's address of its file."""
    answer = client.send("/exports", form, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    runner.wait()
    page = client.get("/exports")
    found = re.search(r'href="(/exports/[^"]+/file)"', page.text)
    return found[1] if found else ""


def test_signed_decisions_become_a_file_with_surrogates(client_as, parts, runner, decided):
    client = client_as("ml")

    answer = client.get(order(client, runner))

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert len(lines) == 3
    assert SSN not in "".join(line["text"] for line in lines if line["spans"])
    assert "attachment" in answer.headers["Content-Disposition"]
    actions = [row.action for row in parts.store.audit.rows(TENANT)][:2]
    assert actions == ["export.taken", "corrections.exported"]


def test_the_file_on_the_disk_is_sealed(client_as, parts, runner, decided):
    order(client_as("compliance"), runner, mode="real_values", reason="legal request")

    files = list((parts.config.data_dir / "exports").iterdir())

    assert len(files) == 1
    assert SSN.encode() not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o077 == 0


def test_real_values_are_for_the_privacy_officer_with_a_reason(client_as, runner, decided):
    client = client_as("compliance")
    assert client.send("/exports", {"mode": "real_values"}).status_code == 400

    answer = client.get(order(client, runner, mode="real_values", reason="legal request"))

    assert SSN in answer.text


def test_real_values_take_a_fresh_sign_in_to_order_and_to_take(
    client_as, runner, decided, let_time_pass, parts
):
    client = client_as("compliance")
    file = order(client, runner, mode="real_values", reason="legal request")
    let_time_pass(parts.store, 400)

    again = client.send("/exports", {"mode": "real_values", "reason": "more"})
    taken = client.get(file)

    assert "/login/again" in again.headers["Location"]
    assert "/login/again" in taken.headers["Location"]
    assert len(parts.store.export_jobs.list(TENANT)) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"mode": "real_values", "reason": "curious"}, 403),
        ({"mode": "everything"}, 400),
        ({"fmt": "exe"}, 400),
        ({"mode": "offsets_only", "fmt": "conll"}, 400),
        ({"since": "yesterday"}, 400),
        ({"since": "2026-02-02", "until": "2026-02-01"}, 400),
        ({"decisions": "everything"}, 400),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_what_was_typed_stays(
    client_as, parts, form, status
):
    answer = client_as("ml").send("/exports", {"since": "2026-01-01"} | form)

    assert answer.status_code == status
    assert parts.store.export_jobs.list(TENANT) == []
    if status == 400 and "since" not in form:
        assert 'value="2026-01-01"' in answer.text


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 3),
        ("decisions=confirm", 2),
        ("decisions=not_pii", 1),
        ("decisions=correct", 0),
        ("since=2999-01-01", 0),
        ("until=1999-01-01", 0),
    ],
)
def test_the_preview_counts_and_shows_no_real_value(client_as, runner, decided, query, n):
    page = client_as("ml").get(f"/exports/new?{query}")

    assert f"<strong>{n} message" in page.text
    if "not_pii" not in query and n:
        assert "found-label" in page.text
    assert SSN not in re.sub(r'class="sample" dir="auto">[^<]*</p>', "", page.text)


def test_the_range_takes_in_its_last_day(client_as, runner, decided):
    today = datetime.now(UTC).date().isoformat()

    page = client_as("ml").get(f"/exports/new?since={today}&until={today}")

    assert "<strong>3 messages" in page.text


def test_a_decision_without_signature_is_counted_as_left_out(
    client_as, parts, make_flag, make_person
):
    flag = make_flag()
    record_review(
        parts.store, TENANT, flag.id, "confirm", by=make_person("Lee", "reviewer"),
        version=flag.version, surface="console",
    )  # fmt: skip

    page = client_as("ml").get("/exports/new")

    assert "1 not signed" in page.text
    assert "Nothing to export" in page.text


def test_a_file_past_its_time_is_deleted(client_as, parts, runner, decided):
    client = client_as("ml")
    file = order(client, runner)
    job = parts.store.export_jobs.list(TENANT)[0]
    assert job.expires_at - job.made_at > timedelta(days=6)
    with parts.store.transaction() as tx:
        from sqlalchemy import text

        tx.execute(text("UPDATE export_jobs SET expires_at = 1"))

    assert client.get(file).status_code == 404
    assert list((parts.config.data_dir / "exports").iterdir()) == []
    assert "deleted" in client.get("/exports").text


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("viewer", 403), ("reviewer", 403), ("admin", 403)])  # fmt: skip
def test_who_may_look_may_not_take(client_as, runner, decided, role, status):
    file = order(client_as("ml"), runner)
    client = client_as(role)

    page = client.get("/exports")

    assert page.status_code == status
    assert "Download" not in page.text
    assert client.get(file).status_code == 403
    assert client.send("/exports").status_code == 403


def test_an_ml_engineer_does_not_take_real_values_that_another_ordered(client_as, runner, decided):
    file = order(client_as("compliance"), runner, mode="real_values", reason="legal request")

    assert client_as("ml").get(file).status_code == 403
    assert "Download" not in client_as("ml").get("/exports").text


def test_an_export_of_another_workspace_is_not_found(client_as, runner, decided):
    file = order(client_as("ml"), runner)
    stranger = client_as("ml", "compliance", tenant=OTHER_TENANT)

    assert stranger.get(file).status_code == 404
    assert "Download" not in stranger.get("/exports").text


def test_an_export_that_fails_says_so(client_as, parts, runner, decided, monkeypatch):
    def fail(*args, **options):
        raise OSError("disk full: 078-05-1120")

    monkeypatch.setattr("bot.export_runner.export_corrections", fail)
    client = client_as("ml")

    file = order(client, runner)

    assert file == ""
    page = client.get("/exports")
    assert "failed" in page.text
    assert "OSError" in page.text
    assert SSN not in page.text
