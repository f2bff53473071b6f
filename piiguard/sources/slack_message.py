"""One message object of an export -> the texts in it: text, blocks, attachments, files, earlier versions.

The shapes are those of https://docs.slack.dev/reference/events/message and https://docs.slack.dev/reference/block-kit.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from piiguard.messages import Markup
from piiguard.slack_text import escape, read_wire

#: Written by Slack about the channel, without a word of anybody's.
# fmt: off
SERVICE_SUBTYPES = frozenset({
    "channel_join", "channel_leave", "channel_archive", "channel_unarchive", "channel_convert_to_private",
    "channel_posting_permissions", "group_join", "group_leave", "group_archive", "group_unarchive", "mpim_join",
    "mpim_leave", "bot_add", "bot_remove", "bot_enable", "bot_disable", "pinned_item", "unpinned_item",
    "huddle_thread", "ekm_access_denied", "tombstone", "sh_room_created", "sh_room_shared",
    "app_conversation_join", "app_conversation_leave",
})
# fmt: on
_MAX_DEPTH = 12
_BARE = re.compile(r":[a-z0-9_+-]+:|[^\w]+|_")


class Part(NamedTuple):
    """A text of a message: "" is its own text, else what ``Place.part`` says."""

    name: str
    text: str
    markup: Markup = "slack"


def message_parts(message: Mapping[str, Any]) -> list[Part]:
    """The texts of one message, its own first; none for what Slack itself wrote about the channel."""
    subtype = message.get("subtype")
    if subtype in SERVICE_SUBTYPES:
        return []
    parts = list(_own_parts(message))
    # an edit or deletion in a compliance export carries the message as it was
    for key in ("message", "original", "previous", "previous_message", "old_message"):
        inner = message.get(key)
        if isinstance(inner, Mapping) and inner.get("subtype") not in SERVICE_SUBTYPES:
            parts += [
                part._replace(name=f"{key} {part.name}".strip()) for part in _own_parts(inner)
            ]
    seen: set[str] = set()
    unique = []
    for part in parts:
        if part.text not in seen:
            seen.add(part.text)
            unique.append(part)
    return unique


def _own_parts(message: Mapping[str, Any]) -> Iterator[Part]:
    text = _string(message.get("text"))
    if text.strip():
        yield Part("", text)
    blocks = blocks_text(message.get("blocks"))
    if blocks.strip() and not _says_the_same(text, blocks):
        yield Part("blocks", blocks)
    for number, attachment in enumerate(_mappings(message.get("attachments")), 1):
        shown = _attachment_text(attachment)
        if shown.strip() and not _says_the_same(text, shown):
            yield Part(f"attachment {number}", shown)
    files = _mappings(message.get("files")) or _mappings([message.get("file")])
    for number, file in enumerate(files, 1):
        shown = _file_text(file)
        if shown.strip():
            yield Part(f"file {number}", shown, "plain")


def blocks_text(blocks: object) -> str:
    """The text of Block Kit blocks as wire text, a line a block."""
    lines = [_block_text(block, 0) for block in _mappings(blocks)]
    return "\n".join(line for line in lines if line.strip())


def _block_text(node: Mapping[str, Any], depth: int) -> str:
    if depth > _MAX_DEPTH:
        return ""
    kind = _string(node.get("type"))
    if kind.startswith("rich_text"):
        joiner = "" if kind in _INLINE else "\n"
        elements = _mappings(node.get("elements"))
        return joiner.join(_rich_text(element, depth + 1) for element in elements)
    if kind == "table":
        rows = node.get("rows")
        return "\n".join(
            " | ".join(_block_text(cell, depth + 1) for cell in _mappings(row))
            for row in (rows if isinstance(rows, list) else [])
        )
    if kind == "raw_text":
        return escape(_string(node.get("text")))
    return "\n".join(_texts_under(node, depth))


_INLINE = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")


def _rich_text(element: Mapping[str, Any], depth: int) -> str:
    match element.get("type"):
        case "text":
            return escape(_string(element.get("text")))
        case "link":
            url, text = _string(element.get("url")), escape(_string(element.get("text")))
            # what would end the construct early is written as addresses write it
            url = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace("\n", "")
            return f"<{url}|{text}>" if text and text != url else f"<{url}>"
        case "user":
            return f"<@{_string(element.get('user_id'))}>"
        case "channel":
            return f"<#{_string(element.get('channel_id'))}>"
        case "usergroup":
            return f"<!subteam^{_string(element.get('usergroup_id'))}>"
        case "broadcast":
            return f"<!{_string(element.get('range'))}>"
        case "emoji":
            return f":{_string(element.get('name'))}:"
        case "date":
            return escape(_string(element.get("fallback")))
        case "color":
            return escape(_string(element.get("value")))
        case _:
            return _block_text(element, depth)


def _texts_under(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Every text of sections, headers, contexts, fields, buttons, and of blocks that are not invented yet."""
    if depth > _MAX_DEPTH:
        return
    for key, value in node.items():
        if key in ("text", "alt_text", "title", "description") and isinstance(value, str):
            yield escape(value) if node.get("type") == "plain_text" else value
        elif isinstance(value, Mapping):
            yield from _descend(value, depth)
        elif isinstance(value, list):
            for child in _mappings(value):
                yield from _descend(child, depth)


def _descend(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    if _string(node.get("type")).startswith("rich_text"):
        yield _block_text(node, depth + 1)
    else:
        yield from _texts_under(node, depth + 1)


def _attachment_text(attachment: Mapping[str, Any]) -> str:
    keys = ("pretext", "author_name", "author_subname", "title", "text", "footer")
    lines = [_string(attachment.get(key)) for key in keys]
    for field in _mappings(attachment.get("fields")):
        # on one line: the title is the question, the value its answer
        lines.append(f"{_string(field.get('title'))}: {_string(field.get('value'))}".strip(": "))
    lines.append(blocks_text(attachment.get("blocks")))
    for inner in _mappings(attachment.get("message_blocks")):
        message = inner.get("message")
        if isinstance(message, Mapping):
            lines.append(blocks_text(message.get("blocks")))
    kept = list(dict.fromkeys(line for line in lines if line.strip()))
    return "\n".join(kept) if kept else _string(attachment.get("fallback"))


def _file_text(file: Mapping[str, Any]) -> str:
    title, name = _string(file.get("title")), _string(file.get("name"))
    comment = file.get("initial_comment")
    lines = [title, name if name != title else ""]
    if isinstance(comment, Mapping):
        lines.append(_string(comment.get("comment")))
    lines.append(_string(file.get("plain_text")) or _string(file.get("preview_plain_text")))
    if not lines[-1]:
        lines.append(_string(file.get("preview")))
    return "\n".join(line for line in lines if line.strip())


def _says_the_same(text: str, other: str) -> bool:
    """Slack sends most messages twice, as text and as blocks; what differs is judged twice and reported once."""
    return bool(text) and _bare(other) == _bare(text)


def _bare(text: str) -> str:
    return _BARE.sub("", read_wire(text).text).casefold()


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return (
        [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    )
