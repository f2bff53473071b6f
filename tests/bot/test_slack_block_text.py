"""Block Kit and attachments as wire text: nothing that a reader sees is left out."""

import pytest

from bot.slack.block_text import attachment_text, block_text, says_the_same
from piiguard.slack_text import read_wire


def rich(*elements, kind="rich_text_section"):
    return [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]


def said(text, kind="mrkdwn"):
    return {"type": kind, "text": text}


@pytest.mark.parametrize(
    ("blocks", "shown"),
    [
        (rich(said("a < b", "text")), "a < b"),
        (rich(said("bold", "text") | {"style": {"bold": True}}, said(" x", "text")), "bold x"),
        (
            rich({"type": "link", "url": "mailto:jane@acme.example", "text": "HR"}),
            "jane@acme.example HR",
        ),
        (rich({"type": "link", "url": "tel:+15551234567", "text": "call"}), "+15551234567 call"),
        (rich({"type": "user", "user_id": "U0ANA0001"}, said(" hi", "text")), "@user hi"),
        (rich(said("quoted", "text"), kind="rich_text_quote"), "quoted"),
        (rich(said("code", "text"), kind="rich_text_preformatted"), "code"),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_list",
                            "elements": [
                                {"type": "rich_text_section", "elements": [said("one", "text")]},
                                {"type": "rich_text_section", "elements": [said("two", "text")]},
                            ],
                        }
                    ],
                }
            ],
            "one\ntwo",
        ),
        ([{"type": "section", "text": said("*hi* <@U0ANA0001>")}], "hi @user"),
        ([{"type": "section", "fields": [said("SSN"), said("078-05-1120")]}], "SSN\n078-05-1120"),
        (
            [
                {
                    "type": "section",
                    "text": said("pick"),
                    "accessory": {"type": "button", "text": said("Dana", "plain_text")},
                }
            ],
            "pick\nDana",
        ),
        ([{"type": "header", "text": said("a & b", "plain_text")}], "a & b"),
        ([{"type": "context", "elements": [said("one"), said("two", "plain_text")]}], "one\ntwo"),
        ([{"type": "markdown", "text": "# hi Dana"}], "# hi Dana"),
        (
            [
                {
                    "type": "table",
                    "rows": [
                        [said("name", "raw_text"), said("iban", "raw_text")],
                        rich(said("x", "text")),
                    ],
                }
            ],
            "name | iban\nx",
        ),
        ([{"type": "image", "alt_text": "Dana's badge", "image_url": "https://x"}], "Dana's badge"),
        ([{"type": "brand_new", "body": {"text": {"text": "still read"}}}], "still read"),
        ([{"type": "divider"}], ""),
        ("no blocks", ""),
        (None, ""),
        ([None, 3, "x", {"type": 7, "text": 8}], ""),
    ],
)
def test_every_text_of_a_block_is_read(blocks, shown):
    assert read_wire(block_text(blocks)).text == shown


def test_blocks_nested_without_end_are_read_to_a_depth():
    block = {"type": "context", "elements": []}
    for _ in range(5_000):
        block = {"type": "x", "elements": [block]}

    assert block_text([block]) == ""


@pytest.mark.parametrize(
    ("attachment", "text"),
    [
        (
            {"pretext": "p", "title": "t", "text": "x", "footer": "f", "fallback": "all"},
            "p\nt\nx\nf",
        ),
        ({"fields": [{"title": "SSN", "value": "078-05-1120"}]}, "SSN: 078-05-1120"),
        ({"fields": [{"title": "", "value": "v"}, None]}, "v"),
        ({"fallback": "only"}, "only"),
        ({"blocks": [{"type": "section", "text": said("in a block")}]}, "in a block"),
        (
            {"message_blocks": [{"message": {"blocks": [{"type": "section", "text": said("m")}]}}]},
            "m",
        ),
        ({"text": "same", "title": "same"}, "same"),
        ({"text": 7, "fields": "x", "message_blocks": [None]}, ""),
    ],
)
def test_every_text_of_an_attachment_is_read(attachment, text):
    assert attachment_text(attachment) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("• one\n• two", "one\ntwo", True),
        ("*hi* :tada:", "hi  :tada:", True),
        ("call 555-0142", "call 555 0142", True),
        ("hunter2", "Hunter2", False),
        ("one", "two", False),
        ("", "x", False),
    ],
)
def test_two_copies_of_a_text_are_told_from_two_texts(one, other, same):
    assert says_the_same(one, other) is same
