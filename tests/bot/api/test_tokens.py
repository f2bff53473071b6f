"""Who may call what: token, scope, workspace, rate, and that no cookie counts."""

import pytest

from bot.api.doors import all_operations
from bot.api.limits import Limits
from tests.bot.api.conftest import TENANT
from tests.bot.console.conftest import COOKIE, OTHER_TENANT

OPERATIONS = all_operations(Limits())
SCOPED = [one for one in OPERATIONS if one.scope]
CANARY = "canary-77f0"


def call(client, operation, **options):
    path = operation.path.replace("{number}", "1")
    if operation.body:
        options.setdefault("json", {})
    return client.open(path, method=operation.method, **options)


@pytest.mark.parametrize("operation", SCOPED, ids=lambda one: one.name)
def test_an_operation_takes_a_token_with_its_scope_and_no_other(api, operation, make_token):
    others = {"analyze", "read", "review", "export", "metrics"} - {operation.scope}

    without = call(api(), operation)
    wrong = call(api(*others), operation)
    right = call(api(operation.scope), operation)

    assert without.status_code == 401
    assert without.headers["WWW-Authenticate"].startswith("Bearer")
    assert (wrong.status_code, set(wrong.json)) == (403, {"error", "problems"})
    assert right.status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic cGc6cGc=", "Bearer pg_unknown", f"Bearer {CANARY}", "pg_x"],
)
def test_what_is_no_token_is_refused_without_an_echo(api, header, caplog):
    answer = api().get("/api/v1/flags", headers={"Authorization": header})

    assert answer.status_code == 401
    assert CANARY not in answer.text + caplog.text


def test_a_cookie_counts_for_nothing(app, client_as):
    client = client_as("admin", "compliance", "reviewer")

    assert client.get("/api/v1/flags").status_code == 401
    assert client.get_cookie(COOKIE) is not None


def test_a_revoked_token_is_refused(api, parts):
    client = api("read")
    before = client.get("/api/v1/flags").status_code
    parts.store.api_tokens.revoke(parts.store.api_tokens.list(TENANT)[0].id, TENANT)

    assert (before, client.get("/api/v1/flags").status_code) == (200, 401)


def test_an_expired_token_is_refused(api, parts, let_time_pass):
    client = api("read", days=1)
    let_time_pass(parts.store, 86_400 + 1)

    assert client.get("/api/v1/flags").status_code == 401


def test_a_token_ends_with_the_account_of_its_maker(api, parts, make_person):
    client = api("read")
    sam = make_person(f"Sam of {TENANT}", "admin")
    parts.store.people.set_roles(sam.id, sam.roles, is_active=False)

    assert client.get("/api/v1/flags").status_code == 401


def test_a_token_knows_only_its_workspace(api, make_flag):
    flag = make_flag()
    stranger = api("read", "review", tenant=OTHER_TENANT)

    assert stranger.get("/api/v1/flags").json["flags"] == []
    assert stranger.get(f"/api/v1/flags/{flag.number}").status_code == 404
    answer = stranger.post(
        f"/api/v1/flags/{flag.number}/decisions", json={"decision": "confirm", "version": 0}
    )
    assert answer.status_code == 404


def test_a_token_that_asks_too_often_is_told_when_to_come_back(api):
    client = api("read")
    answers = [client.get("/api/v1/models") for _ in range(8)]

    late = answers[-1]
    assert answers[0].status_code == 200
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) >= 1
    assert api("read", name="other").get("/api/v1/flags").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/health"])
def test_the_document_and_the_health_take_no_token(api, path):
    assert api().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v2/flags", "/api/v1/flags/x", "/api/v1/flags/9999999999", "/api/v1/flags/" + "9" * 5000, "/api/v1/flags/0", "/api/v1/flags/-1", "/api/v1/flags/%D9%A3"])  # fmt: skip
def test_an_unknown_path_is_404_in_json(api, path):
    answer = api("read").get(path)

    assert (answer.status_code, answer.is_json) == (404, True)
    assert answer.json["error"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/flags", "GET, HEAD"),
        ("POST", "/api/v1/openapi.json", "GET, HEAD"),
        ("GET", "/analyze", "POST"),
        ("PUT", "/api/v1/flags/1/notes", "POST"),
        ("OPTIONS", "/recognizers", "GET, HEAD"),
    ],
)
def test_an_unknown_method_is_405_in_json(api, method, path, allowed):
    answer = api("read").open(path, method=method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json["error"]


def test_a_database_that_does_not_answer_is_503(api, parts, monkeypatch):
    from bot.store import StoreDownError

    def fail(*args, **kwargs):
        raise StoreDownError(CANARY)

    client = api("read")
    monkeypatch.setattr(parts.store.queue, "page", fail)
    answer = client.get("/api/v1/flags")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert CANARY not in answer.text


def test_an_error_of_ours_shows_nothing_of_the_request(api, parts, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError(CANARY)

    client = api("analyze")
    monkeypatch.setattr(parts.guard, "detect_batch", fail)
    answer = client.post("/analyze", json={"text": CANARY})

    assert (answer.status_code, answer.is_json) == (500, True)
    assert CANARY not in answer.text
    # pytest's own handler formats the record plainly; the log's formatter writes class and place only
    assert all(CANARY not in record.getMessage() for record in caplog.records)
