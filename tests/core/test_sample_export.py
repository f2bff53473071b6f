"""The sample export under examples/: a real export's shape, and gold labels that match it to the character."""

import json
import re
from pathlib import Path

import pytest

from piiguard.examples import read_examples
from piiguard.labels import LABELS
from piiguard.policy import Policy

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPORT = EXAMPLES / "sample-export"


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def channels():
    return {entry["name"]: entry for entry in read_json(EXPORT / "channels.json")}


@pytest.fixture(scope="module")
def people():
    return {user["id"]: user for user in read_json(EXPORT / "users.json") if not user["is_bot"]}


@pytest.fixture(scope="module")
def messages(channels):
    """Message by its id in the gold file, "<channel>/<ts>", in the order of the files."""
    return {
        f"{name}/{message['ts']}": message
        for name in channels
        for path in sorted((EXPORT / name).iterdir())
        for message in read_json(path)
    }


@pytest.fixture(scope="module")
def gold():
    return list(read_examples(EXAMPLES / "sample-export.gold.jsonl"))


def test_it_is_a_busy_company_of_twelve(channels, people, messages):
    assert len(messages) >= 400
    assert len(channels) >= 8
    assert len(people) == 12


def test_every_folder_is_a_channel_and_every_file_a_day(channels):
    folders = {path.name for path in EXPORT.iterdir() if path.is_dir()}

    assert folders == set(channels)
    names = [path.name for name in folders for path in (EXPORT / name).iterdir()]
    assert all(re.fullmatch(r"2026-03-\d\d\.json", name) for name in names)


def test_every_message_has_an_author_who_exists(messages, people):
    for key, message in messages.items():
        assert message["type"] == "message"
        assert message.get("user") in people or message.get("bot_id"), key


def test_messages_stand_in_the_order_of_their_time(channels):
    for name in channels:
        for path in (EXPORT / name).iterdir():
            stamps = [float(message["ts"]) for message in read_json(path)]
            assert stamps == sorted(set(stamps))


def test_threads_are_whole(messages):
    for key, message in messages.items():
        channel = key.split("/")[0]
        for reply in message.get("replies", ()):
            answer = messages[f"{channel}/{reply['ts']}"]
            assert answer["thread_ts"] == message["ts"]
            assert answer["user"] == reply["user"]
        if message.get("parent_user_id"):
            root = messages[f"{channel}/{message['thread_ts']}"]
            assert {"user": message["user"], "ts": message["ts"]} in root["replies"]
            assert root["reply_count"] == len(root["replies"])


@pytest.mark.parametrize(
    "key", ["replies", "edited", "reactions", "blocks", "files", "attachments", "bot_id"]
)
def test_the_shapes_that_a_reader_must_know_occur(messages, key):
    assert any(message.get(key) for message in messages.values())


@pytest.mark.parametrize("subtype", ["bot_message", "channel_join", "thread_broadcast"])
def test_the_subtypes_that_a_reader_must_know_occur(messages, subtype):
    assert any(message.get("subtype") == subtype for message in messages.values())


@pytest.mark.parametrize(
    "mark", ["<@U", "<#C", "<!channel>", "<mailto:", "<tel:", "<https://", "&amp;", "&lt;"]
)
def test_the_marks_of_the_wire_format_occur(messages, mark):
    assert any(mark in message["text"] for message in messages.values())


def test_every_gold_text_is_that_of_its_message(gold, messages):
    for example in gold:
        assert messages[example.id]["text"] == example.text, example.id
        assert example.markup == "slack"


def test_every_message_with_a_text_has_gold(gold, messages):
    with_text = {key for key, message in messages.items() if message["text"]}

    assert {example.id for example in gold} == with_text
    assert len(gold) == len(with_text)


def test_gold_spans_lie_in_their_text_without_blanks_around_them_or_overlaps(gold):
    for example in gold:
        ends = [0, *(span.end for span in example.spans)]
        assert all(end <= span.start for end, span in zip(ends, example.spans, strict=False))
        for span in example.spans:
            value = example.text[span.start : span.end]
            assert value.strip() == value, example.id
            assert not re.search(r"<[@#!]|\||^['\"]|['\",;]$", value), example.id


def test_all_twenty_labels_occur(gold):
    assert {span.label for example in gold for span in example.spans} == set(LABELS)


def test_most_messages_hold_nothing_personal(gold):
    share = sum(bool(example.spans) for example in gold) / len(gold)

    assert 0.12 < share < 0.25


def test_the_default_policy_flags_a_part_of_them(gold):
    policy = Policy.default()

    n_flagged = sum(policy.decide(example.spans).flagged for example in gold)

    assert 40 < n_flagged < sum(bool(example.spans) for example in gold)


def test_the_context_of_a_gold_message_is_what_stands_before_it(gold, messages):
    texts = {key: message["text"] for key, message in messages.items()}
    for example in gold:
        channel = example.id.split("/")[0]
        earlier = {
            text
            for key, text in texts.items()
            if key.startswith(channel + "/")
            and float(key.split("/")[1]) < float(example.id.split("/")[1])
        }
        assert set(example.context) <= earlier, example.id


def test_phone_numbers_of_wire_links_say_the_same_as_their_text(messages):
    for message in messages.values():
        for digits, shown in re.findall(r"<tel:([^|>]+)\|([^>]+)>", message["text"]):
            assert digits == re.sub(r"[^\d+]", "", shown)


def test_no_value_is_at_a_domain_that_could_be_somebodys():
    text = "".join(
        path.read_text(encoding="utf-8") for path in EXPORT.rglob("*.json") if path.parent != EXPORT
    )
    domains = set(re.findall(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", text))
    reserved = r"(?:.*\.)?(?:example|example\.(?:com|org|net|co\.uk)|internal|localhost|test)"

    assert all(re.fullmatch(reserved, domain) for domain in domains), sorted(domains)
