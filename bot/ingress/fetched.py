"""A message as Slack has it now, for the shortcuts: their submissions bring back a place, never a text."""

from typing import Any

from bot.records import SlackMessage
from bot.slack.client import Done, SlackClient
from bot.slack.events import OwnIds, ReadOptions, history_event, read_event


def fetch_message(
    client: SlackClient | None, tenant: str, channel_id: str, ts: str, own: OwnIds
) -> SlackMessage | None:
    """The message, also when it is an answer in a thread; None where it cannot be read, or is our own."""
    if client is None:
        return None
    found = client.call(
        "conversations.history", channel=channel_id, latest=ts, oldest=ts, inclusive=True, limit=1
    )
    message = _named(found, ts)
    if message is None:
        # an answer in a thread is not in the channel's history
        found = client.call(
            "conversations.replies", channel=channel_id, ts=ts, latest=ts, oldest=ts, inclusive=True, limit=5
        )  # fmt: skip
        message = _named(found, ts)
    return None if message is None else as_message(tenant, channel_id, message, own)


def as_message(
    tenant: str, channel_id: str, message: dict[str, Any], own: OwnIds
) -> SlackMessage | None:
    """A message object of Slack's, read like an event."""
    read = read_event(
        history_event(tenant, channel_id, message), own, ReadOptions(file_previews=True)
    )
    return read if isinstance(read, SlackMessage) else None


def _named(answer: object, ts: str) -> dict[str, Any] | None:
    if not isinstance(answer, Done):
        return None
    messages = answer.data.get("messages")
    listed = messages if isinstance(messages, list) else []
    return next((m for m in listed if isinstance(m, dict) and m.get("ts") == ts), None)
