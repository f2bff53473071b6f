"""Presidio's REST paths, as its clients call them."""

import pytest

from piiguard.labels import LABELS
from tests.bot.api.conftest import SSN, TEXT

CANARY = "canary-12ab"


@pytest.fixture
def client(api):
    return api("analyze")


def places(found):
    return [(one["entity_type"], one["start"], one["end"]) for one in found]


def test_one_text_brings_one_list(client):
    answer = client.post("/analyze", json={"text": TEXT, "language": "en"})

    assert answer.status_code == 200
    assert places(answer.json) == [("NATIONAL_ID", *SSN)]
    assert set(answer.json[0]) == {"entity_type", "start", "end", "score"}
    assert 0 < answer.json[0]["score"] <= 1


def test_a_list_of_texts_brings_a_list_of_lists(client):
    answer = client.post("/analyze", json={"text": [TEXT, "hello", ""]})

    assert [places(one) for one in answer.json] == [[("NATIONAL_ID", *SSN)], [], []]


def test_no_texts_bring_no_lists(client):
    assert client.post("/analyze", json={"text": []}).json == []


@pytest.mark.parametrize("before", ["", "👩🏽‍🚀 ", "é́ ", "שלום ", "𝔘𝔫𝔦 "])
def test_offsets_are_code_points(client, before):
    text = f"{before}mail jane@acme.org"
    found = client.post("/analyze", json={"text": text}).json

    assert [text[one["start"] : one["end"]] for one in found] == ["jane@acme.org"]


def test_text_is_plain_and_not_slacks_wire_format(client):
    text = "mail &amp; jane@acme.org"
    found = client.post("/analyze", json={"text": text}).json

    assert [text[one["start"] : one["end"]] for one in found] == ["jane@acme.org"]


@pytest.mark.parametrize(
    ("entities", "found"),
    [
        (["NATIONAL_ID"], ["NATIONAL_ID"]),
        (["US_SSN"], ["NATIONAL_ID"]),
        (["EMAIL_ADDRESS"], ["EMAIL_ADDRESS"]),
        (["PHONE_NUMBER"], []),
        ([], ["NATIONAL_ID", "EMAIL_ADDRESS"]),
        (None, ["NATIONAL_ID", "EMAIL_ADDRESS"]),
    ],
)
def test_only_the_entities_that_are_asked_for_come_back(client, entities, found):
    answer = client.post("/analyze", json={"text": f"{TEXT}, jane@acme.org", "entities": entities})

    assert [one["entity_type"] for one in answer.json] == found


@pytest.mark.parametrize(("least", "n"), [(None, 1), (0, 1), (0.5, 1), (1.0, 0)])
def test_a_threshold_leaves_out_what_is_less_sure(client, least, n):
    text = "her ssn is 078-05-1120"
    found = client.post("/analyze", json={"text": text, "score_threshold": least}).json

    assert len([one for one in found if one["score"] < 1.0]) == n


def test_fields_of_presidios_that_we_do_not_use_are_ignored(client):
    more = {
        "correlation_id": "1",
        "return_decision_process": True,
        "ad_hoc_recognizers": [],
        "context": ["ssn"],
        "allow_list": [],
    }
    assert client.post("/analyze", json={"text": TEXT} | more).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"text": "\\ud800"}',
        b'{"language": "en"}',
        b'{"text": 7}',
        b'{"text": null}',
        b'{"text": ["a", 7]}',
        b'{"text": {"a": 1}}',
        b'{"text": "canary-12ab", "language": "canary-12ab"}',
        b'{"text": "canary-12ab", "entities": ["canary-12ab"]}',
        b'{"text": "canary-12ab", "entities": "NATIONAL_ID"}',
        b'{"text": "canary-12ab", "score_threshold": 2}',
        b'{"text": "canary-12ab", "score_threshold": "0.5"}',
        b'{"text": "canary-12ab", "score_threshold": NaN}',
        b"[" * 5000,
        '{"text": "é"}'.encode("latin-1"),
    ],
)
def test_bad_input_is_400_with_an_error_and_no_echo(client, body):
    answer = client.post("/analyze", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json["error"]
    assert CANARY not in answer.text


def test_over_a_hundred_texts_are_400(client):
    assert client.post("/analyze", json={"text": ["a"] * 101}).status_code == 400
    assert client.post("/analyze", json={"text": ["a"] * 100}).status_code == 200


def test_over_a_megabyte_is_413(client):
    answer = client.post("/analyze", json={"text": ["x" * 90_000] * 12})

    assert (answer.status_code, answer.is_json) == (413, True)


@pytest.mark.parametrize("options", [{"content_type": "text/plain"}, {"content_type": "application/json", "headers": {"Content-Encoding": "gzip"}}])  # fmt: skip
def test_another_encoding_is_415(client, options):
    assert client.post("/analyze", data=b'{"text": "a"}', **options).status_code == 415


def test_nobody_has_all_the_machine_to_look_through_texts(client):
    texts = ["x" * 9_000] * 100  # five pieces each
    answers = [client.post("/analyze", json={"text": texts}).status_code for _ in range(3)]

    assert answers[0] == 200
    assert answers[-1] == 429


def test_nothing_of_a_text_is_stored_or_logged(client, parts, caplog):
    client.post("/analyze", json={"text": f"mail {CANARY}@acme.org"})

    assert CANARY not in caplog.text
    assert parts.store.flags.pending("T0TENANT1") == []


def test_the_supported_entities_are_our_labels(client):
    assert client.get("/supportedentities?language=en").json == list(LABELS)
    assert client.get("/supportedentities").json == list(LABELS)


def test_the_recognizers_are_the_rules(client):
    found = client.get("/recognizers?language=en").json

    assert "rule:us_ssn" in found or any("ssn" in name for name in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", ["/supportedentities", "/recognizers"])
def test_another_language_is_400(client, path):
    assert client.get(f"{path}?language=xx").status_code == 400
