"""Slack's event payloads -> SlackMessage, Deletion or nothing, for every row of the table of message kinds.

The shapes are those of https://docs.slack.dev/reference/events/message. Nothing here raises, whatever the JSON: a
signed payload of a shape we do not know is a message we do not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.records import Deletion, FileRef, Part, SlackMessage
from bot.slack.block_text import attachment_text, block_text, is_unfurl, says_the_same
from piiguard.slack_text import escape

TOPIC_SUBTYPES = frozenset({"channel_topic", "channel_purpose", "group_topic", "group_purpose"})
#: What holds somebody's words; joins, leaves, reminders and what is not known are not read.
READ_SUBTYPES = TOPIC_SUBTYPES | {
    "", "thread_broadcast", "me_message", "file_share", "bot_message", "assistant_app_thread",
}  # fmt: skip
_OTHER_EVENTS = frozenset(
    {
        "app_uninstalled", "tokens_revoked", "member_joined_channel", "team_access_granted", "team_access_revoked",
    }
)  # fmt: skip
_SLACKBOT = "USLACKBOT"
#: What a person says, in contrast to what Slack says about it.
_SAID = frozenset({"", "thread_broadcast", "me_message", "file_share"})


@dataclass(frozen=True, slots=True)
class OwnIds:
    """How to know our own posts. Any one of them is enough."""

    app_id: str = ""
    bot_id: str = ""
    bot_user_id: str = ""
    alert_channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody said in a thread of a review channel. ``text`` is wire text."""

    channel_id: str
    thread_ts: str
    user_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the policy wants read. ``file_previews``: the first lines of a snippet, for installs without files:read."""

    bots: bool = True
    unfurls: bool = False
    topics: bool = True
    file_names: bool = True
    file_previews: bool = False


def tenant_of(payload: Mapping[str, Any]) -> str:
    """The enterprise or team id that an event, an interaction or a command is for; "" when it names none."""
    granted = next(iter(_mappings(payload.get("authorizations"))), None)
    if granted is not None:
        team, enterprise = _string(granted.get("team_id")), _string(granted.get("enterprise_id"))
        return enterprise if _is_true(granted.get("is_enterprise_install")) else team or enterprise
    enterprise = _string(_mapping(payload.get("enterprise")).get("id")) or _string(
        payload.get("enterprise_id")
    )
    if enterprise and _is_true(payload.get("is_enterprise_install")):
        return enterprise
    team = _string(_mapping(payload.get("team")).get("id")) or _string(payload.get("team_id"))
    return team or enterprise


def event_key(payload: Mapping[str, Any]) -> str:
    """The name under which a delivery is stored once: the same for every retry of it."""
    event_id = _string(payload.get("event_id"))
    if event_id:
        return f"ev:{event_id}"
    event = _mapping(payload.get("event"))
    parts = (
        _string(payload.get("type")),
        tenant_of(payload),
        str(payload.get("minute_rate_limited") or ""),
        _string(event.get("type")),
        _string(event.get("channel")),
        _string(event.get("event_ts")) or _string(event.get("ts")),
    )
    return "ev:" + ":".join(part for part in parts if part)[:200]


def is_relevant(payload: Mapping[str, Any], own: OwnIds | None = None) -> bool:
    """True when the event is worth a row: a cheap look before anything is stored."""
    if payload.get("type") == "app_rate_limited":
        return True
    event = _mapping(payload.get("event"))
    kind = _string(event.get("type"))
    if kind == "app_home_opened":
        return event.get("tab") in ("home", None)
    if kind != "message":
        return kind in _OTHER_EVENTS
    if own is not None and _is_own(event, own):
        return False
    subtype = _string(event.get("subtype"))
    if subtype == "message_changed":
        inner = _mapping(event.get("message"))
        return _is_tombstone(inner) or _string(inner.get("subtype")) in READ_SUBTYPES
    return subtype == "message_deleted" or subtype in READ_SUBTYPES


def read_event(
    payload: Mapping[str, Any], own: OwnIds, options: ReadOptions = ReadOptions()
) -> SlackMessage | Deletion | None:
    """The version of a message that an event tells of, its deletion, or None for what is not read."""
    event = _mapping(payload.get("event"))
    channel_id, tenant = _string(event.get("channel")), tenant_of(payload)
    if event.get("type") != "message" or not channel_id or not tenant or _is_own(event, own):
        return None
    subtype = _string(event.get("subtype"))
    event_ts = _string(event.get("event_ts"))
    if subtype == "message_deleted":
        before = _mapping(event.get("previous_message"))
        ts = _string(event.get("deleted_ts")) or _string(before.get("ts"))
        return Deletion(tenant, channel_id, ts) if ts and not _is_own(before, own) else None
    if subtype != "message_changed":
        return _read(event, tenant, channel_id, event_ts, own, options, is_edit=False)
    message = _mapping(event.get("message"))
    if _is_tombstone(message):
        ts = _string(message.get("ts"))
        return Deletion(tenant, channel_id, ts) if ts else None
    return _read(message, tenant, channel_id, event_ts, own, options, is_edit=True)


def read_reply(payload: Mapping[str, Any], own: OwnIds) -> Reply | None:
    """A person's words in a thread of a review channel: under a card they are a note. None for everything else."""
    event = _mapping(payload.get("event"))
    channel_id, user_id = _string(event.get("channel")), _string(event.get("user"))
    thread_ts, text = _string(event.get("thread_ts")), _string(event.get("text"))
    is_said = event.get("type") == "message" and _string(event.get("subtype")) in _SAID
    is_bot = any(event.get(name) for name in ("bot_id", "app_id", "bot_profile"))
    is_reply = bool(thread_ts) and thread_ts != _string(event.get("ts"))
    if not is_said or is_bot or not is_reply or channel_id not in own.alert_channels:
        return None
    if not user_id or user_id in (own.bot_user_id, _SLACKBOT) or not text.strip():
        return None
    return Reply(channel_id, thread_ts, user_id, text)


def history_event(tenant: str, channel_id: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message of conversations.history in the shape of an event, so that backfill and live share one path."""
    return {
        "type": "event_callback",
        "authorizations": [
            {"enterprise_id": tenant, "is_enterprise_install": True}
            if tenant.startswith("E")
            else {"team_id": tenant, "is_enterprise_install": False}
        ],
        "event": {**message, "type": "message", "channel": channel_id},
    }


def version_of(message: Mapping[str, Any], event_ts: str = "") -> str:
    """A string that orders the versions of a message: (edited.ts or 0, event_ts), of fixed width.

    ``edited.ts`` has whole seconds, so two edits in one second differ by the event's time alone.
    """
    edited = _string(_mapping(message.get("edited")).get("ts"))
    return f"{_sortable(edited)}/{_sortable(event_ts or _string(message.get('ts')))}"


def wire_text(message: SlackMessage) -> str:
    """All that a message shows, as wire text: what later messages of its thread have as context."""
    return "\n".join(
        part.text if part.markup == "slack" else escape(part.text)
        for part in message.parts
        if part.text
    )


def _read(
    message: Mapping[str, Any],
    tenant: str,
    channel_id: str,
    event_ts: str,
    own: OwnIds,
    options: ReadOptions,
    *,
    is_edit: bool,
) -> SlackMessage | None:
    subtype, ts = _string(message.get("subtype")), _string(message.get("ts"))
    bot_id = _string(message.get("bot_id"))
    is_bot = subtype == "bot_message" or bool(bot_id)
    if (
        not ts
        or subtype not in READ_SUBTYPES
        or _is_own(message, own)
        or (is_bot and not options.bots)
        or (subtype in TOPIC_SUBTYPES and not options.topics)
        or _string(message.get("user")) == _SLACKBOT
    ):
        return None
    thread_ts = _string(message.get("thread_ts"))
    return SlackMessage(
        tenant=tenant,
        channel_id=channel_id,
        ts=ts,
        parts=_folded(_parts(message, options)),
        version=version_of(message, event_ts),
        user_id=_string(message.get("user")),
        # the first message of a thread names itself: it stands in the channel
        thread_ts=thread_ts if thread_ts != ts else "",
        client_msg_id=_string(message.get("client_msg_id")),
        bot_id=bot_id,
        app_id=_app_id(message),
        files=tuple(_files(message)),
        is_edit=is_edit or bool(_mapping(message.get("edited"))),
        subtype=subtype,
    )


def _parts(message: Mapping[str, Any], options: ReadOptions) -> Iterator[Part]:
    subtype = _string(message.get("subtype"))
    if subtype in TOPIC_SUBTYPES:
        # Slack's sentence around it names who changed it; only the new words are somebody's
        name = subtype.partition("_")[2]
        yield Part(name, _string(message.get(name)) or _string(message.get("text")))
        return
    yield Part("text", _string(message.get("text")))
    yield Part("blocks", block_text(message.get("blocks")))
    for number, attachment in enumerate(_mappings(message.get("attachments"))):
        if options.unfurls or not is_unfurl(attachment):
            yield Part(f"attachments[{number}]", attachment_text(attachment))
    if options.topics:
        title = _string(_mapping(message.get("assistant_app_thread")).get("title"))
        yield Part("title", title, "plain")
    for file in _mappings(message.get("files")):
        file_id = _string(file.get("id"))
        if options.file_names:
            names = dict.fromkeys((_string(file.get("title")), _string(file.get("name"))))
            yield Part(f"file_name:{file_id}", "\n".join(name for name in names if name), "plain")
        if options.file_previews:
            shown = _string(file.get("plain_text")) or _string(file.get("preview"))
            yield Part(f"file_preview:{file_id}", shown, "plain")


def _folded(parts: Iterator[Part]) -> tuple[Part, ...]:
    """The parts that hold something, each text once."""
    kept: list[Part] = []
    for part in parts:
        if part.text.strip() and not any(
            part.markup == other.markup and says_the_same(part.text, other.text) for other in kept
        ):
            kept.append(part)
    return tuple(kept)


def _files(message: Mapping[str, Any]) -> Iterator[FileRef]:
    for file in _mappings(message.get("files")):
        size = file.get("size")
        file_id = _string(file.get("id"))
        if file_id and _string(file.get("mode")) not in ("tombstone", "hidden_by_limit"):
            yield FileRef(
                id=file_id,
                name=_string(file.get("name")),
                filetype=_string(file.get("filetype")),
                mimetype=_string(file.get("mimetype")),
                size_bytes=size if isinstance(size, int) and not isinstance(size, bool) else 0,
                url=_string(file.get("url_private")),
                must_ask=file.get("file_access") == "check_file_info",
            )


def _is_own(message: Mapping[str, Any], own: OwnIds) -> bool:
    """Our own posts, and all posts in a channel of reviewers."""
    if _string(message.get("channel")) in own.alert_channels:
        return True
    named = (
        (own.app_id, _app_id(message)),
        (own.bot_id, _string(message.get("bot_id"))),
        (own.bot_user_id, _string(message.get("user"))),
    )
    return any(ours and ours == theirs for ours, theirs in named)


def _app_id(message: Mapping[str, Any]) -> str:
    return _string(message.get("app_id")) or _string(
        _mapping(message.get("bot_profile")).get("app_id")
    )


def _is_tombstone(message: Mapping[str, Any]) -> bool:
    """What Slack leaves of a deleted message that has replies."""
    return message.get("subtype") == "tombstone"


def _sortable(ts: str) -> str:
    seconds, _, fraction = ts.partition(".")
    return f"{seconds[:12]:0>12}.{fraction[:6]:0<6}"


def _is_true(value: object) -> bool:
    """Commands are forms: there it is the word."""
    return value is True or value == "true"


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return (
        [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    )
