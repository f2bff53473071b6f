"""Earlier messages: what was said just before a flagged one, asked from Slack when somebody wants to see it, masked.

Nothing of it is stored. The guard reads it again; everything it would call personal is covered, whatever its score.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.build import Parts
from bot.console.names import Names
from bot.console.spans_view import PartView, part_views
from bot.ingress.fetched import as_message
from bot.parts_text import found_in
from bot.records import Flag, Part
from bot.slack.client import Done
from bot.slack.refs import posted_at
from piiguard.messages import Message

N_EARLIER = 3
#: Of a thread Slack gives the first page only, so it is asked for a large one.
_THREAD_PAGE = 200
_MAX_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A message before the flagged one. ``parts`` is empty where there is nothing that could be shown."""

    author: str
    at: datetime | None
    parts: tuple[PartView, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said before; ``problem`` says why nothing is known."""

    messages: tuple[EarlierMessage, ...] = ()
    problem: str = ""


def earlier(parts: Parts, flag: Flag, names: Names, *, show_authors: bool = True) -> Earlier:
    """The messages before a flagged one in its thread, or in its channel."""
    client = parts.workspaces.quick(flag.tenant)
    if client is None:
        return Earlier(problem="Slack is not connected, so what was said before cannot be shown.")
    place = {"channel": flag.channel_id, "latest": flag.ts, "inclusive": False}
    if flag.thread_ts:
        answer = client.call(
            "conversations.replies", ts=flag.thread_ts, limit=_THREAD_PAGE, **place
        )
    else:
        answer = client.call("conversations.history", limit=N_EARLIER, **place)
    if not isinstance(answer, Done):
        return Earlier(problem="Slack did not give the messages before this one. Try again later.")
    listed = answer.data.get("messages")
    rows = [row for row in (listed if isinstance(listed, list) else []) if isinstance(row, dict)]
    before = sorted(
        (row for row in rows if str(row.get("ts") or "") < flag.ts), key=lambda row: str(row["ts"])
    )[-N_EARLIER:]
    return Earlier(_drawn(parts, flag, before, names, show_authors=show_authors))


def _drawn(
    parts: Parts, flag: Flag, rows: list[dict[str, Any]], names: Names, *, show_authors: bool
) -> tuple[EarlierMessage, ...]:
    own = parts.workspaces.own_ids(flag.tenant)
    read = [as_message(flag.tenant, flag.channel_id, row, own) for row in rows]
    texts = [
        [
            Part(part.name, part.text[:_MAX_CHARS], part.markup)
            for part in (message.parts if message else ())
        ]
        for message in read
    ]
    flat = [Message(part.text, (), part.markup) for listed in texts for part in listed]
    found = iter(parts.guard.detect_batch(flat) if flat else [])
    drawn = []
    for row, listed in zip(rows, texts, strict=True):
        spans = [found_in(part.name, span) for part in listed for span in next(found)]
        user_id = str(row.get("user") or "")
        drawn.append(
            EarlierMessage(
                author=names.author(flag.tenant, user_id) if show_authors and user_id else "",
                at=posted_at(str(row.get("ts") or "")),
                parts=tuple(part_views(listed, spans, revealed=False)),
            )
        )
    return tuple(drawn)
