"""The audit page: found by what was typed, verified, taken as a file."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from tests.bot.console.conftest import OTHER_TENANT, TENANT


@pytest.fixture
def log(parts, make_person):
    """Some rows of the log: who did what, in two workspaces."""
    ana, lee = make_person("Ana", "reviewer"), make_person("Lee", "reviewer")
    with parts.store.transaction() as tx:
        add = parts.store.audit.append
        add(tx, TENANT, ana.id, "review.confirm", "f-one", surface="console")
        add(tx, TENANT, lee.id, "review.not_pii", "f-two", reason="test_data")
        add(tx, TENANT, lee.id, "flag.reveal", "f-two", reason="check_boundary")
        add(tx, TENANT, "piiguard", "flag.opened", "f-one", model="=cmd()")
        add(tx, OTHER_TENANT, "stranger", "review.confirm", "f-elsewhere")
    return {"ana": ana, "lee": lee}


def rows_of(page):
    """The numbers of the rows on a page, as written."""
    body = page.text.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page.text else ""
    return body.count("<tr>")


def test_the_newest_rows_of_this_workspace_are_shown_in_words(client_as, log):
    page = client_as("auditor").get("/audit")

    assert page.status_code == 200
    assert rows_of(page) == 4
    assert "confirmed a flag" in page.text
    assert "Lee" in page.text
    assert "f-elsewhere" not in page.text


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("action=review.confirm", 1),
        ("action=review.", 2),
        ("action=revie", 0),
        ("action=%25", 0),
        ("object=f-two", 2),
        ("object=f-", 0),
        ("actor=piiguard", 1),
        ("actor=stranger", 0),
        ("since=2999-01-01", 0),
        ("until=1999-01-01", 0),
        ("since=2020-01-01&until=2999-01-01", 4),
    ],
)
def test_a_search_finds_what_matches_whole(client_as, log, query, n):
    assert rows_of(client_as("auditor").get(f"/audit?{query}")) == n


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("since=yesterday", "Expected a day"),
        ("until=2026-13-01", "Expected a day"),
        ("since=2026-02-02&until=2026-02-01", "before the first"),
        ("object=%23999999", "There is no flag #999999"),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(client_as, log, query, reason):
    page = client_as("auditor").get(f"/audit?{query}")

    assert page.status_code == 400
    assert reason in page.text
    assert rows_of(page) == 0


def test_a_flag_is_found_by_its_number_and_linked(client_as, parts, make_flag):
    flag = make_flag()
    with parts.store.transaction() as tx:
        parts.store.audit.append(tx, TENANT, "piiguard", "flag.opened", flag.id)

    page = client_as("auditor").get(f"/audit?object=%23{flag.number}")

    assert rows_of(page) == 1
    assert f'href="/flags/{flag.number}"' in page.text


def test_pages_go_on_where_the_one_before_ended(client_as, parts):
    with parts.store.transaction() as tx:
        for number in range(130):
            parts.store.audit.append(tx, TENANT, "piiguard", "flag.opened", f"f{number}")
    client = client_as("auditor")
    first = client.get("/audit")
    after = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    second = client.get(after)

    assert rows_of(first) == 100
    assert rows_of(second) == 30
    assert "130 rows" in second.text


def test_the_chain_is_verified_and_says_to_which_row(client_as, log):
    client = client_as("auditor", name="Kim")

    answer = client.send("/audit/verify", follow_redirects=True)

    assert "Chain verified to row 5" in answer.text
    assert "by Kim" in answer.text


def test_a_row_that_was_changed_is_named(client_as, parts, log):
    with parts.store.transaction() as tx:
        is_sqlite = parts.store.engine_name == "sqlite"
        tx.execute(
            text(
                "DROP TRIGGER audit_no_update"
                if is_sqlite
                else "ALTER TABLE audit DISABLE TRIGGER ALL"
            )
        )
        tx.execute(text("UPDATE audit SET actor = 'nobody' WHERE seq = 3"))

    page = client_as("auditor").send("/audit/verify", follow_redirects=True)

    assert "Row 3 is not as it was written" in page.text
    assert parts.store.audit.anchors() == []


def test_the_files_hold_each_row_with_its_codes(client_as, log):
    client = client_as("compliance")

    lines = [json.loads(line) for line in client.get("/audit.jsonl").text.splitlines()]

    # taking the log is a row of it
    assert next(line["action"] for line in lines) == "audit.exported"
    assert [line["seq"] for line in lines] == sorted((line["seq"] for line in lines), reverse=True)
    assert all(len(line["mac"]) == 64 for line in lines)
    assert {line["name"] for line in lines} >= {"Ana", "Lee"}


def test_a_file_is_of_the_search_and_no_cell_is_a_formula(client_as, log):
    answer = client_as("compliance").get("/audit.csv?object=f-one")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["flag.opened", "review.confirm"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path", ["/audit.csv?since=x", "/audit.exe", "/audit.jsonl?object=%2399999"]
)
def test_a_file_of_a_bad_search_is_refused(client_as, log, path):
    assert client_as("auditor").get(path).status_code in (400, 404)


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ml", "admin"])
def test_other_roles_do_not_read_the_log(client_as, role):
    client = client_as(role)

    assert client.get("/audit").status_code == 403
    assert client.get("/audit.csv").status_code == 403
    assert client.send("/audit/verify").status_code == 403
