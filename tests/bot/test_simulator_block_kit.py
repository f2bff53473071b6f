"""The simulator's judge of Block Kit, held against Slack's own models where both know a rule."""

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.simulator.block_kit import check_message, check_view, is_too_long
from tests.bot.simulator_tools import (
    actions,
    button,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    text_input,
)


def select(*options, **more):
    return {"type": "static_select", "action_id": "s", "options": list(options), **more}


def with_accessory(element):
    return section(accessory=element)


def numbered(n, size=1):
    return [option(f"{i}".zfill(size)) for i in range(n)]


#: what, a block at the limit, the same beyond it
LIMITS = [
    ("section text", section("x" * 3000), section("x" * 3001)),
    ("section without text", section(), {"type": "section"}),
    ("fields", {"type": "section", "fields": [mrkdwn("x")] * 10}, {"type": "section", "fields": [mrkdwn("x")] * 11}),
    ("header", {"type": "header", "text": plain("x" * 150)}, {"type": "header", "text": plain("x" * 151)}),
    ("context", {"type": "context", "elements": [mrkdwn("x")] * 10}, {"type": "context", "elements": [mrkdwn("x")] * 11}),
    ("actions", actions(*(button(f"a{i}") for i in range(25))), actions(*(button(f"a{i}") for i in range(26)))),
    ("button text", actions(button(text="x" * 75)), actions(button(text="x" * 76))),
    ("button value", actions(button(value="x" * 2000)), actions(button(value="x" * 2001))),
    ("button style", actions(button(style="danger")), actions(button(style="red"))),
    ("action id", actions(button("x" * 255)), actions(button("x" * 256))),
    ("block id", section(block_id="x" * 255), section(block_id="x" * 256)),
    ("options", with_accessory(select(*numbered(100))), with_accessory(select(*numbered(101)))),
    ("option text", with_accessory(select(option("v", "x" * 75))), with_accessory(select(option("v", "x" * 76)))),
    ("overflow", actions({"type": "overflow", "action_id": "o", "options": numbered(5)}), actions({"type": "overflow", "action_id": "o", "options": numbered(6)})),
    ("label", text_input(label=plain("x" * 2000)), text_input(label=plain("x" * 2001))),
    ("placeholder", with_accessory(select(option("v"), placeholder=plain("x" * 150))), with_accessory(select(option("v"), placeholder=plain("x" * 151)))),
]  # fmt: skip


def sdk_takes(block):
    try:
        Block.parse(block).to_dict()
    except (SlackObjectFormationError, AttributeError, TypeError):
        return False
    return True


@pytest.mark.parametrize(("what", "legal", "illegal"), LIMITS, ids=[row[0] for row in LIMITS])
def test_the_limit_is_legal_and_one_beyond_is_not(what, legal, illegal):
    assert check_message([legal]) == []
    assert check_message([illegal]) != []


@pytest.mark.parametrize(("what", "legal", "illegal"), LIMITS, ids=[row[0] for row in LIMITS])
def test_slacks_own_models_take_what_we_take(what, legal, illegal):
    assert sdk_takes(legal)
    if not sdk_takes(illegal):
        assert check_message([illegal]) != []


@pytest.mark.parametrize(
    "block",
    [
        {"type": "nothing"},
        "text",
        {"type": "header", "text": mrkdwn("no")},
        actions(text_input()["element"]),
        actions(button(), button()),
        with_accessory(select(option("a"), initial_option=option("b"))),
        with_accessory({"type": "static_select", "action_id": "s"}),
        with_accessory(select(option("a"), option("a", "twice"))),
        section(text={"type": "mrkdwn", "text": ""}),
        section(text={"type": "mrkdwn", "text": "x", "emoji": True}),
        actions(button(confirm={"title": plain("x")})),
        {"type": "image", "image_url": "https://x.example/i.png"},
    ],
)
def test_what_slack_refuses_is_refused(block):
    assert check_message([block]) != []


def test_an_id_names_one_block():
    assert check_message([section(block_id="a"), section(block_id="b")]) == []
    assert check_message([section(block_id="a"), section(block_id="a")]) != []


@pytest.mark.parametrize(("n", "legal"), [(50, True), (51, False)])
def test_a_message_has_fifty_blocks(n, legal):
    assert (check_message([section("x")] * n) == []) is legal


def test_many_legal_blocks_can_be_too_much():
    assert not is_too_long([section("x" * 2900)] * 4)
    assert is_too_long([section("x" * 2900)] * 5)


VIEWS = [
    ("title", modal(title=plain("x" * 24)), modal(title=plain("x" * 25))),
    ("submit", modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25))),
    ("close", modal(close=plain("x" * 24)), modal(close=plain("x" * 25))),
    ("metadata", modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001)),
    ("blocks", modal(*[section()] * 100), modal(*[section()] * 101)),
    ("home", {"type": "home", "blocks": [section()]}, {"type": "home", "blocks": [section()], "submit": plain("no")}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "legal", "illegal"), VIEWS, ids=[row[0] for row in VIEWS])
def test_a_view_at_its_limit_is_legal_and_beyond_is_not(what, legal, illegal):
    assert check_view(legal) == []
    assert check_view(illegal) != []
    View(**legal).to_dict()
    with pytest.raises(SlackObjectFormationError):
        View(**illegal).to_dict()


@pytest.mark.parametrize(
    "view",
    [
        None,
        {"type": "page"},
        modal(text_input(), submit=None),
        modal(title=None),
        {**modal(), "blocks": []},
        modal({"type": "table", "rows": [[]]}),
    ],
)
def test_a_view_that_slack_refuses_is_refused(view):
    assert check_view(view) != []


def test_a_problem_names_the_place_and_no_text():
    problems = check_message([section("canary" * 600)])

    assert problems == ["blocks/0/text: 1 to 3000 characters"]
