"""The OpenAPI document: it says what the doors do, and schemathesis finds no answer that it does not foresee."""

import json
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.api.doors import all_operations
from bot.api.limits import Limits
from bot.api.openapi import document, statuses

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
OPERATIONS = all_operations(Limits())
DOCUMENT = document(OPERATIONS)


@pytest.fixture
def store_urls(tmp_path, sqlite_template):
    """SQLite alone: what a document says has nothing to do with the database."""
    shutil.copyfile(sqlite_template, tmp_path / "piiguard.db")
    return f"sqlite:///{tmp_path / 'piiguard.db'}", f"sqlite:///{tmp_path / 'keys.db'}"


def test_the_document_is_served_as_it_is_written(api):
    answer = api().get("/api/v1/openapi.json")

    assert answer.json == json.loads(json.dumps(DOCUMENT))
    assert answer.json["openapi"].startswith("3.1")


def test_every_route_of_the_api_stands_in_the_document(app):
    written = {
        (method.upper(), path.replace("{number}", "1"))
        for path, item in DOCUMENT["paths"].items()
        for method in item
    } | {("GET", "/api/v1/openapi.json")}
    served = set()
    for rule in app.url_map.iter_rules():
        own = rule.endpoint.startswith("api.") and "nothing" not in rule.endpoint
        if own and not rule.endpoint.startswith("api.not "):
            path = rule.rule.split("<")[0] + ("1" + rule.rule.split(">")[1] if "<" in rule.rule else "")  # fmt: skip
            served |= {(method, path) for method in rule.methods - {"HEAD"}}

    assert served == written


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_an_operation_says_its_scope_and_its_refusals(operation):
    said = DOCUMENT["paths"][operation.path][operation.method.lower()]

    assert said["security"] == ([{"token": []}] if operation.scope else [])
    assert set(said["responses"]) == {str(operation.status), *map(str, statuses(operation))}
    assert bool(operation.scope) == ("401" in said["responses"])


def test_no_reference_leads_nowhere():
    text = json.dumps(DOCUMENT)
    schemas = DOCUMENT["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert named
    assert named <= set(schemas)
    assert "$defs" not in text


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
def test_schemathesis_finds_no_answer_that_the_document_does_not_foresee(
    app, parts, make_token, make_flag, mode
):
    make_flag()
    secret = make_token("analyze", "read", "review", "export")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.generation.update(modes=[mode])
    # what takes nothing can be asked for nothing wrong
    takes = {
        (one.path, one.method) for one in OPERATIONS if one.query or one.body or "{" in one.path
    }
    is_good = mode is GenerationMode.POSITIVE
    n = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if not is_good and (operation.path, operation.method.upper()) not in takes:
            continue

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case):
            parts.store.buckets.forget(f"api:{parts.store.api_tokens.list('T0TENANT1')[0].id}")
            case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {secret}"})

        check()
        n += 1

    assert n == (len(OPERATIONS) if is_good else len(takes))
