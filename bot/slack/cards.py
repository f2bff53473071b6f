"""Cards: what reviewers see of a flag in Slack. Values are masked, and every card is at most 10 kB."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.errors import StaleError
from bot.records import PENDING, Flag, FoundSpan
from bot.slack import texts
from bot.slack.limits import (
    FALLBACK_TEXT,
    MESSAGE_BYTES,
    SECTION_TEXT,
    Block,
    actions,
    button,
    context,
    cut,
    fields,
    header,
    length,
    option,
    section,
    select,
    size_bytes,
    wire,
)
from bot.slack.preview import masked_preview
from bot.slack.refs import posted_at, ref_of

METADATA_TYPE = "piiguard_card"
#: The "model" of a flag that a person reported.
REPORTED = "person"
_URL_TEXT = 500
#: How many lines a digest has, fewer where they are long.
_DIGEST_LINES = (20, 10, 5)
_MENU = (
    ("notify", "Notify author"),
    ("assign", "Assign to me"),
    ("snooze", "Snooze 1 day"),
    ("test_data", "Test data"),
    ("why", "Why flagged?"),
)
_SOURCES = {"person": "a moderator", "report": "a report"}
_AUTHOR_SAYS = {
    "removed": "The author says it is removed.",
    "not_pii": "The author says it is not PII.",
    "needed": "The author says it is needed.",
}


@dataclass(frozen=True, slots=True)
class Payload:
    """A message to send. ``text`` is what notifications show."""

    text: str
    blocks: list[Block] = field(repr=False)
    metadata: dict[str, Any] | None = None

    def arguments(self) -> dict[str, Any]:
        """As arguments of chat.postMessage and chat.update; Slack shall add no preview and no link of its own."""
        named = {"text": self.text, "blocks": self.blocks, "metadata": self.metadata}
        return named | {"unfurl_links": False, "unfurl_media": False, "link_names": False}

    def with_key(self, key: str) -> "Payload":
        """The same with a mark in its metadata, by which the Sender finds the post again."""
        return replace(self, metadata=_metadata(key))


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card shows beside the flag. Names that are not known are left out: Slack then shows its own.

    Attributes:
        permalink: of the message, "" for one that was deleted.
        channel_name: with or without #. ``author_name``: or a pseudonym, where policy hides authors.
        decided_by: a name or a Slack user id. ``reason``: of "not PII", one of texts.NOT_PII_REASONS.
        mention: `<!subteam^S1>`, `<!here>` or "", above a critical card.
        metadata_key: the keyed hash by which the Sender finds the post again.
        is_gone: the message was deleted, or says something else since.
        may_delete: there is an administrator's token. ``deletion``: what became of it, as bot.remediation says.
    """

    channel_name: str = ""
    is_private: bool = False
    author_name: str = ""
    when: datetime | None = None
    permalink: str = ""
    console_url: str = ""
    seen_before: int = 0
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = field(default="", repr=False)
    policy_shows_last4: bool = False
    reason: str = ""
    assignee_name: str = ""
    mention: str = ""
    may_undo: bool = True
    metadata_key: str = ""
    may_delete: bool = False
    deletion: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    """How long the variable texts of a card may be."""

    preview: int
    name: int
    note: int


#: The first that gives a card of at most 10 kB is taken; the others are for emoji and for many long names.
_ROOMS = (_Room(1_200, 80, 300), _Room(300, 40, 100), _Room(0, 20, 0))


def alert_card(flag: Flag, view: CardView) -> Payload:
    """The card of a flag in its present state."""
    where = channel_words(flag, view)
    text = texts.card_fallback(
        flag.severity, flag.number, where, flag.labels, n_times=flag.n_repeats
    )
    if flag.state not in PENDING:
        text = f"{text} · {texts.DECIDED[flag.state]}"
    for room in _ROOMS:
        payload = Payload(
            cut(text, FALLBACK_TEXT), _blocks(flag, view, room), _metadata(view.metadata_key)
        )
        if size_bytes(payload.arguments()) <= MESSAGE_BYTES:
            break
    return payload


def digest_card(
    flags: Sequence[Flag],
    *,
    n_total: int = 0,
    channel_names: Mapping[str, str] | None = None,
    console_url: str = "",
    metadata_key: str = "",
) -> Payload:
    """One card for many flags: the count, and a line for each of the first twenty.

    Args:
        n_total: how many there are, where ``flags`` holds the first only.
        channel_names: by channel id; Slack shows its own name where one is missing.
    """
    n_total = max(n_total, len(flags))
    title = f"{n_total} flags need review" if n_total != 1 else "1 flag needs review"
    lines = [_digest_line(flag, (channel_names or {}).get(flag.channel_id, "")) for flag in flags]
    for n_lines in _DIGEST_LINES:
        shown = lines[:n_lines]
        n_more = n_total - len(shown)
        small_print = context(
            f"and {n_more} more" if n_more > 0 else "",
            "Type `/piiguard next` to review them one by one.",
            link(console_url, "Open in console"),
        )
        blocks = [header(title), *(section(text) for text in paragraphs(shown)), small_print]
        payload = Payload(title, blocks, _metadata(metadata_key))
        if size_bytes(payload.arguments()) <= MESSAGE_BYTES:
            break
    return payload


def erased_card(number: int, metadata_key: str = "") -> Payload:
    """What is left of a card when a person was erased."""
    title = f"Flag {number}: erased"
    return Payload(title, [header(title), context(texts.ERASED)], _metadata(metadata_key))


def who_was_first(error: StaleError) -> str:
    """What to say to whoever came second: who was first, and when."""
    flag = error.current
    if not isinstance(flag, Flag):
        return texts.NO_LONGER_OPEN
    if flag.state in PENDING:
        return texts.CHANGED_MEANWHILE
    if flag.state in ("resolved", "superseded"):
        return texts.ALREADY_SOLVED
    return texts.already_decided(flag.state, flag.resolved_by, flag.resolved_at)


def channel_words(flag: Flag, view: CardView) -> str:
    """`#sales`, or Slack's own mention of the channel."""
    return _channel(flag.channel_id, view.channel_name)


def link(url: str, text: str) -> str:
    """A link in mrkdwn; "" for what is no web address, or one too long for a card."""
    if not url.startswith(("https://", "http://")) or re.search(r"[<>|\s]", url):
        return ""
    if len(url) > _URL_TEXT:
        return ""
    return f"<{url}|{wire(text, 80)}>"


def span_line(number: int, span: FoundSpan, limit: int = 80) -> str:
    """How a span was found: `2: model, 64 %`."""
    return f"{number}: {source_words(span.source, limit)}, {span.score:.0%}".replace("%", " %")


def source_words(source: str, limit: int = 80) -> str:
    """`model+rule:us_ssn+rule:us_ssn_near` in words: `model and rules us ssn, us ssn near`."""
    words, rules = [], []
    for name in filter(None, source.split("+")):
        kind, _, rest = name.partition(":")
        if kind == "rule" and rest:
            rules.append(rest.replace("_", " "))
        else:
            words.append(_SOURCES.get(name, name))
    if rules:
        words.append(("rule " if len(rules) == 1 else "rules ") + ", ".join(rules))
    return wire(" and ".join(words), limit) or "no source"


def _blocks(flag: Flag, view: CardView, room: _Room) -> list[Block]:
    blocks = [header(f"{texts.SEVERITY_WORDS[flag.severity]} · {texts.labels_line(flag.labels)}")]
    if view.mention and flag.severity == "critical" and flag.state in PENDING:
        blocks.append(section(view.mention))
    blocks.append(fields(_facts(flag, view, room)))
    blocks += _message(flag, view, room)
    blocks.append(context(_small_print(flag, view, room)))
    if flag.state in PENDING:
        blocks += _open_end(flag, view, room)
    else:
        blocks += _decided_end(flag, view, room)
    return blocks


def _facts(flag: Flag, view: CardView, room: _Room) -> list[tuple[str, str]]:
    when = view.when or posted_at(flag.ts)
    author = texts.person(view.author_name, room.name) if view.author_name else _mention(flag)
    seen = view.seen_before or flag.seen_before
    where = _channel(flag.channel_id, view.channel_name, room.name)
    where += " (private)" if view.is_private else ""
    facts = [("Where", where), ("Who", author)]
    facts += [("When", texts.day_and_clock(when))] if when else []
    facts.append(("Score", f"{flag.score:.0%}".replace("%", " %")))
    facts += [("Seen before", "once" if seen == 1 else f"{seen} times")] if seen else []
    facts += [("Repeated", f"{flag.n_repeats} times")] if flag.n_repeats > 1 else []
    facts += (
        [("Assigned to", texts.person(view.assignee_name, room.name))] if view.assignee_name else []
    )
    return facts


def _message(flag: Flag, view: CardView, room: _Room) -> list[Block]:
    if flag.text_gone:
        return [context(texts.TEXT_GONE)]
    # what its author removed from Slack does not stay there on a card
    if view.is_gone or flag.state in ("resolved", "superseded") or not room.preview:
        return []
    preview = masked_preview(flag.parts, flag.spans, last4=view.policy_shows_last4)
    return [section(f"> {wire(preview, room.preview)}")] if preview else []


def _small_print(flag: Flag, view: CardView, room: _Room) -> str:
    unread = [part.unread for part in flag.parts if part.unread]
    pieces = [
        f"Flag {flag.number}",
        *(span_line(n, span, room.name) for n, span in enumerate(flag.spans[:5], 1)),
        wire(flag.model, room.name) if flag.model != REPORTED else "",
        f"Not read: {wire(', '.join(dict.fromkeys(unread)), 2 * room.name)}" if unread else "",
        link(view.permalink, "View message") if flag.state != "resolved" else "",
        link(view.console_url, "Open in console"),
    ]
    return " · ".join(piece for piece in pieces if piece)


def _open_end(flag: Flag, view: CardView, room: _Room) -> list[Block]:
    ref = ref_of(flag)
    notes = [
        "A second opinion is asked for." if flag.state == "second_opinion" else "",
        _AUTHOR_SAYS.get(flag.author_answer, ""),
        f"Snoozed until {texts.day_and_clock(flag.snoozed_until)}" if flag.snoozed_until else "",
        f"Note: {wire(view.note, room.note)}" if view.note and room.note else "",
        texts.deletion_line(view.deletion),
    ]
    said = [context(*(note for note in notes if note))] if any(notes) else []
    number = flag.number
    return [
        *said,
        actions(
            [
                button("Confirm", "confirm", ref, style="primary", label=f"Confirm flag {number}"),
                button("Not PII", "not_pii", ref, label=f"Flag {number} is not PII"),
                button("Correct…", "correct", ref, label=f"Correct flag {number}"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option(text, ref_of(flag, word)) for word, text in _MENU],
                },
                *_delete_button(flag, view),
            ]
        ),
    ]


def _decided_end(flag: Flag, view: CardView, room: _Room) -> list[Block]:
    by, at = view.decided_by or flag.resolved_by, view.decided_at or flag.resolved_at
    line = texts.decision_line(flag.state, by, at, view.reason)
    if flag.state == "resolved" and view.deletion == "done":
        line = texts.deleted_by_admin(at)
    blocks = [section(line)]
    if view.is_gone and view.deletion != "done":
        blocks.append(context(texts.GONE_SINCE))
    elif flag.state != "resolved" and view.deletion:
        blocks.append(context(texts.deletion_line(view.deletion)))
    if view.note and room.note:
        blocks.append(context(f"Note: {wire(view.note, room.note)}"))
    elements = []
    if view.may_undo and flag.state not in ("resolved", "superseded"):
        elements.append(button("Undo", "undo", ref_of(flag), label=f"Undo: flag {flag.number}"))
    if flag.state == "not_pii" and not view.reason:
        reasons = [option(text, ref_of(flag, word)) for word, text in texts.NOT_PII_REASONS.items()]
        elements.append(select("not_pii_reason", reasons, placeholder="Why?"))
    if flag.state in ("confirmed", "corrected") and not view.is_gone:
        elements += _delete_button(flag, view)
    return [*blocks, actions(elements)] if elements else blocks


def _delete_button(flag: Flag, view: CardView) -> list[Block]:
    """Only where there is a token to delete with, and nothing was asked of Slack that it may still do."""
    if not view.may_delete or view.deletion in ("asked", "done"):
        return []
    label = f"Delete the message of flag {flag.number}"
    asks = (texts.DELETE_QUESTION, "Delete")
    ref = ref_of(flag)
    return [
        button("Delete message…", "delete_message", ref, style="danger", label=label, asks=asks)
    ]


def _channel(channel_id: str, name: str, limit: int = 80) -> str:
    if name:
        return "#" + wire(name.removeprefix("#"), limit)
    return f"<#{channel_id}>"


def _mention(flag: Flag) -> str:
    return f"<@{flag.user_id}>" if flag.user_id.isalnum() else "–"


def _metadata(key: str) -> dict[str, Any] | None:
    return {"event_type": METADATA_TYPE, "event_payload": {"key": key}} if key else None


def _digest_line(flag: Flag, channel_name: str) -> str:
    severity, labels = (
        texts.SEVERITY_WORDS[flag.severity],
        wire(texts.labels_line(flag.labels), 200),
    )
    times = f" · {flag.n_repeats} times" if flag.n_repeats > 1 else ""
    where = _channel(flag.channel_id, channel_name)
    return f"*{flag.number}* · {severity} · {labels} · {where}{times}"


def paragraphs(lines: Sequence[str]) -> list[str]:
    """The lines joined into texts that each fit a section."""
    joined: list[str] = []
    for line in lines:
        if joined and length(joined[-1]) + 1 + length(line) <= SECTION_TEXT:
            joined[-1] += "\n" + line
        else:
            joined.append(line)
    return joined
