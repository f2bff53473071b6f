"""Shapes for the tests of bot/slack: a flag made from a text, an event made from a message, Block Kit's own limits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.records import Flag, FoundSpan, Part

AT = datetime(2026, 11, 20, 12, 41, tzinfo=UTC)
TENANT, CHANNEL, TS = "T0TENANT1", "C0SALES01", "1763642280.000100"


def span_of(text: str, value: str, label: str, *, part: str = "text", **more: Any) -> FoundSpan:
    start = text.index(value)
    return FoundSpan(part, start, start + len(value), label, **more)


def flag_of(text: str = "", *values: tuple[str, str], **columns: Any) -> Flag:
    """An open flag over a text; ``values`` are (value, label) pairs that occur in it."""
    spans = tuple(
        span_of(text, value, label, score=0.99, source="model+rule:card") for value, label in values
    )
    labels: dict[str, int] = {}
    for _, label in values:
        labels[label] = labels.get(label, 0) + 1
    fields: dict[str, Any] = {
        "id": "f1e2d3c4b5a697887766554433221100",
        "number": 1042,
        "tenant": TENANT,
        "channel_id": CHANNEL,
        "ts": TS,
        "thread_ts": "",
        "state": "open",
        "version": 3,
        "severity": "critical",
        "labels": labels,
        "reasons": ("critical:CREDIT_CARD",),
        "model": "piiguard-en-3",
        "score": 0.99,
        "opened_at": AT,
        "content_fp": "00",
        "user_id": "U0ANA0001",
        "parts": (Part("text", text),),
        "spans": spans,
    }
    return Flag(**fields | columns)


def event_of(message: dict[str, Any], **outer: Any) -> dict[str, Any]:
    """An Events API delivery around an inner event."""
    inner = {"type": "message", "channel": CHANNEL, "ts": TS, "event_ts": TS, "user": "U0ANA0001"}
    return {
        "type": "event_callback",
        "event_id": "Ev0001",
        "team_id": TENANT,
        "authorizations": [
            {"enterprise_id": None, "team_id": TENANT, "is_enterprise_install": False}
        ],
        "event": inner | message,
    } | outer


def edited(message: dict[str, Any], *, event_ts: str = "1763642300.000200") -> dict[str, Any]:
    """The delivery of an edit: the new version inside."""
    inner = {"type": "message", "user": "U0ANA0001", "ts": TS} | message
    return event_of({"subtype": "message_changed", "message": inner, "event_ts": event_ts})


def accept_message(text: str, blocks: list[dict[str, Any]]) -> None:
    """Slack's own models take the message."""
    assert text
    assert 1 <= len(blocks) <= 50
    for block in blocks:
        _accept(block)


def accept_view(view: dict[str, Any]) -> None:
    """Slack's own models take the view."""
    View(**view).to_dict()
    for block in view["blocks"]:
        _accept(block)
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))


def _accept(block: dict[str, Any]) -> None:
    parsed = Block.parse(block)
    assert parsed is not None
    # what the models do not know they drop: then it would have been dropped in silence
    assert set(parsed.to_dict()) == set(block)
    for node in nodes(block):
        if node.get("type") in ("mrkdwn", "plain_text"):
            assert node["text"].strip()
            assert len(node["text"]) <= 3_000
        for key, limit in (("action_id", 255), ("block_id", 255), ("accessibility_label", 75)):
            assert len(str(node.get(key, ""))) <= limit
        if "options" in node:
            assert 1 <= len(node["options"]) <= (5 if node.get("type") == "overflow" else 100)
            for option in node["options"]:
                assert len(option["text"]["text"]) <= 75
                assert len(option["value"]) <= 150
        for field in node.get("fields", ()):
            assert len(field["text"]) <= 2_000
        if node.get("type") == "plain_text_input":
            assert len(node.get("initial_value", "")) <= node["max_length"] <= 3_000
        if node.get("type") == "button":
            assert len(node["text"]["text"]) <= 75


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def element(blocks: list[dict[str, Any]], action_id: str) -> dict[str, Any]:
    """The one element of that action id."""
    found = [node for node in nodes(blocks) if node.get("action_id") == action_id]
    assert len(found) == 1, [node.get("action_id") for node in nodes(blocks)]
    return found[0]


def action_ids(blocks: list[dict[str, Any]]) -> list[str]:
    return [node["action_id"] for node in nodes(blocks) if "action_id" in node]
