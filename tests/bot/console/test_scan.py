"""Scan: a pasted text and an uploaded export are judged, shown to who asked, and kept nowhere."""

import io
import json
import zipfile

import pytest

from bot.scan_jobs import ScanJobs
from tests.bot.console.conftest import OTHER_TENANT, TENANT

SSN = "078-05-1120"


@pytest.fixture
def jobs(app):
    """The scans of the pages: the tests wait for them."""
    return JOBS[-1]


JOBS = []


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    init = ScanJobs.__init__

    def remember(self, guard):
        init(self, guard)
        JOBS.append(self)

    monkeypatch.setattr(ScanJobs, "__init__", remember)
    yield
    JOBS.clear()


def export_of(*texts, name="2026-10-02.json", n=1):
    """A Slack export as a zip."""
    messages = [
        {"type": "message", "user": "U1", "text": text, "ts": f"{1790000000 + number}.000100"}
        for number, text in enumerate(texts * n)
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "hr", "created": 1}]))
        archive.writestr(
            "users.json", json.dumps([{"id": "U1", "name": "ana", "profile": {"real_name": "Ana"}}])
        )
        archive.writestr(f"hr/{name}", json.dumps(messages))
    return out.getvalue()


def upload(client, body, name="acme.zip"):
    return client.send(
        "/scan/export", {"export": (io.BytesIO(body), name)}, content_type="multipart/form-data"
    )


def test_a_pasted_text_is_shown_with_what_was_found(client_as, parts):
    page = client_as("viewer").send("/scan", {"text": f"her ssn is {SSN}"})

    assert page.status_code == 200
    assert "It would be flagged" in page.text
    assert 'found-label">1 NATIONAL_ID' in page.text


def test_nothing_that_was_pasted_is_stored_or_logged(client_as, parts, caplog):
    client_as("viewer").send("/scan", {"text": f"her ssn is {SSN}"})

    assert SSN not in caplog.text
    assert parts.store.inbox.depth().ready == 0
    for file in parts.config.data_dir.rglob("*"):
        assert not file.is_file() or SSN.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lunch at noon?", "Nothing found"),
        ("write to jo@example.org", "not be flagged"),
    ],
)
def test_what_is_no_flag_is_said_so(client_as, text, said):
    assert said in client_as("viewer").send("/scan", {"text": text}).text


@pytest.mark.parametrize("text", ["", "   ", "x" * 40_001])
def test_an_empty_or_endless_text_is_refused_and_kept_in_the_field(client_as, text):
    page = client_as("viewer").send("/scan", {"text": text})

    assert page.status_code == 400
    assert "field-error" in page.text


def test_a_text_never_becomes_markup(client_as):
    page = client_as("viewer").send(
        "/scan", {"text": "<script>x</script> ssn 078-05-1120 </textarea><b>"}
    )

    assert "<script>x" not in page.text
    assert "</textarea><b>" not in page.text


def test_an_export_is_scanned_and_its_values_are_masked(client_as, jobs):
    client = client_as("reviewer")

    answer = upload(client, export_of(f"her ssn is {SSN}", "lunch?", "thanks"))
    jobs.wait()
    page = client.get(answer.headers["Location"])

    assert answer.status_code == 302
    assert "NATIONAL_ID" in page.text
    assert "#hr" in page.text
    assert "of 3" in page.text
    assert SSN not in page.text
    assert "/proc/" not in page.text


@pytest.mark.parametrize(("kind", "start"), [("csv", "severity,label,file"), ("jsonl", "{"), ("html", "<!doctype")])  # fmt: skip
def test_the_report_is_a_file_without_values(client_as, jobs, kind, start):
    client = client_as("reviewer")
    place = upload(client, export_of(f"her ssn is {SSN}")).headers["Location"]
    jobs.wait()

    answer = client.get(f"{place}/report.{kind}")

    assert answer.text.lower().startswith(start)
    assert "NATIONAL_ID" in answer.text
    assert SSN not in answer.text
    assert "/proc/" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("at", "said"), [("0", "0 fewer"), ("1", "1 fewer"), ("nonsense", "Move the slider"), ("7", "Move")])  # fmt: skip
def test_the_slider_says_how_many_messages_would_flip(client_as, jobs, at, said):
    client = client_as("reviewer")
    place = upload(client, export_of(f"her ssn is {SSN}")).headers["Location"]
    jobs.wait()

    assert said in client.get(f"{place}?at={at}").text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not a whole zip"),
        (b"hello", "not a whole zip"),
        (b"PK\x03\x04broken", "not a whole zip"),
        (export_of("x", name="notes.txt").replace(b"channels.json", b"chennels.json").replace(b"users.json", b"usurs.json"), "not a Slack export"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_the_reason(client_as, body, reason):
    page = upload(client_as("viewer"), body)

    assert page.status_code == 400
    assert reason in page.text
    assert "/proc/" not in page.text


def test_a_form_without_a_file_is_refused(client_as):
    assert client_as("viewer").send("/scan/export").status_code == 400


def test_a_scan_is_cancelled(client_as, jobs):
    client = client_as("reviewer")
    place = upload(client, export_of(f"her ssn is {SSN}", n=3000)).headers["Location"]

    client.send(f"{place}/cancel")
    jobs.wait()

    page = client.get(place)
    assert "Cancelled" in page.text
    assert client.get(f"{place}/report.csv").status_code == 200


def test_a_scan_belongs_to_who_started_it(client_as, jobs):
    place = upload(client_as("reviewer"), export_of(f"her ssn is {SSN}")).headers["Location"]
    jobs.wait()

    for client in (client_as("reviewer", name="Kim"), client_as("reviewer", tenant=OTHER_TENANT)):
        assert client.get(place).status_code == 404
        assert client.get(f"{place}/report.csv").status_code == 404
        assert client.send(f"{place}/cancel").status_code == 404


def test_a_result_is_forgotten_after_a_while(client_as, jobs, monkeypatch):
    client = client_as("reviewer")
    place = upload(client, export_of("lunch?")).headers["Location"]
    jobs.wait()
    assert client.get(place).status_code == 200

    monkeypatch.setattr("bot.scan_jobs.KEPT_S", -1.0)

    assert client.get(place).status_code == 404


def test_uploads_are_limited(client_as, jobs):
    client = client_as("reviewer")
    body = export_of("lunch?")

    answers = []
    for _ in range(5):
        answers.append(upload(client, body))
        jobs.wait()

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_somebody_without_a_role_scans_nothing(client_as):
    client = client_as(tenant=TENANT)

    assert client.get("/scan").status_code == 403
    assert client.send("/scan", {"text": "x"}).status_code == 403
