"""Exports, models and policies by the API."""

import hashlib
import json

import pytest

from bot.review import record_review
from tests.bot.api.conftest import TENANT, audit_of

VALUE = "078-05-1120"


@pytest.fixture
def decided(parts, make_flag, make_person, let_time_pass):
    """A signed decision that nobody can undo any more."""
    flag, lee = make_flag(), make_person("Lee", "reviewer")
    record_review(
        parts.store, TENANT, flag.id, "confirm", by=lee, version=flag.version, surface="console",
        signed=True,
    )  # fmt: skip
    let_time_pass(parts.store, 3600)
    return flag


def test_an_export_has_surrogates_in_place_of_values(api, parts, decided):
    answer = api("export").post("/api/v1/exports", json={})
    lines = [json.loads(line) for line in answer.data.splitlines()]

    assert answer.status_code == 200, answer.text
    assert [one["decision"] for one in lines] == ["confirm"]
    assert VALUE not in answer.text
    assert answer.headers["X-Piiguard-Count"] == "1"
    assert answer.headers["X-Piiguard-Sha256"] == hashlib.sha256(answer.data).hexdigest()
    token = parts.store.api_tokens.list(TENANT)[0]
    assert (f"token:{token.id}", "corrections.exported") in audit_of(parts)


@pytest.mark.parametrize(
    "order",
    [
        {"mode": "offsets_only"},
        {"format": "doccano"},
        {"decisions": ["confirm"]},
        {"since": "2020-01-01T00:00:00Z", "until": "2999-01-01T00:00:00Z"},
    ],
)
def test_an_export_follows_its_order(api, decided, order):
    answer = api("export").post("/api/v1/exports", json=order)

    assert (answer.status_code, answer.headers["X-Piiguard-Count"]) == (200, "1")
    assert VALUE not in answer.text


@pytest.mark.parametrize(
    "order", [{"decisions": ["not_pii"]}, {"until": "2020-01-01T00:00:00Z"}]
)  # fmt: skip
def test_an_export_of_nothing_is_an_empty_file(api, decided, order):
    answer = api("export").post("/api/v1/exports", json=order)

    assert (answer.status_code, answer.headers["X-Piiguard-Count"]) == (200, "0")


@pytest.mark.parametrize(
    "order",
    [
        {"mode": "real_values"},
        {"mode": "real_values", "reason": "please"},
        {"mode": "offsets_only", "format": "conll"},
        {"format": "canary-66"},
        {"decisions": ["undo"]},
        {"decisions": "confirm"},
        {"since": "yesterday"},
        {"until": 5e300},
        {"tenant": "T1"},
    ],
)
def test_an_export_that_cannot_be_is_400(api, decided, order):
    answer = api("export").post("/api/v1/exports", json=order)

    assert answer.status_code == 400
    assert answer.json["error"]
    assert "canary-66" not in answer.text


def test_the_models_say_which_one_is_in_use(api, parts):
    answer = api("read").get("/api/v1/models")

    assert answer.status_code == 200
    assert answer.json["current"] == parts.guard.name == "rules"
    assert all(set(one) >= {"name", "sha256", "measures"} for one in answer.json["models"])


def test_a_proposal_is_tried_and_nothing_is_saved(api, parts, make_flag):
    make_flag()
    before = parts.policies.current()
    answer = api("read").post("/api/v1/policy/simulate", json={"policy": "", "days": 7})

    assert answer.status_code == 200
    assert answer.json["added"] == answer.json["removed"] == 0
    assert answer.json["flagged_now"] == answer.json["flagged_then"]
    assert parts.policies.current() == before


@pytest.mark.parametrize(
    ("policy", "where"), [("notices:\n  critical: maybe\n", "line 2"), ("a: [", "line"), ("7", "")]
)
def test_a_text_that_is_no_policy_is_400_with_its_lines(api, policy, where):
    answer = api("read").post("/api/v1/policy/simulate", json={"policy": policy})

    assert answer.status_code == 400
    assert answer.json["problems"][0]["where"].startswith(where)
    assert answer.json["problems"][0]["reason"]


@pytest.mark.parametrize("body", [{}, {"policy": None}, {"policy": "", "days": 0}, {"policy": "", "days": 31}, {"policy": "", "days": "7"}])  # fmt: skip
def test_a_proposal_of_another_form_is_400(api, body):
    assert api("read").post("/api/v1/policy/simulate", json=body).status_code == 400


def test_health_is_503_once_a_thread_has_died(api, parts, monkeypatch):
    well = api().get("/api/v1/health")
    monkeypatch.setattr(type(parts), "dead_threads", lambda self: ["writer"])
    ill = api().get("/api/v1/health")

    assert (well.status_code, well.json) == (200, {"ok": True})
    assert (ill.status_code, "writer" in ill.text) == (503, False)
