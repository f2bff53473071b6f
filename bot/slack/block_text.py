"""Blocks and attachments -> wire text, and whether two texts of a message say the same.

Reading Block Kit is the core's work (`scan` reads the same blocks in exports); what is here is the bot's share:
whose words an attachment holds, and what is scanned once.
"""

import re
from collections.abc import Mapping
from typing import Any

from piiguard.slack_text import read_wire
from piiguard.sources.slack_message import blocks_text

__all__ = ["attachment_text", "block_text", "is_unfurl", "says_the_same"]

_ATTACHMENT_LINES = ("pretext", "author_name", "author_subname", "title", "text", "footer")
#: A text is told by its letters and digits; Slack writes bullets, marks and spaces differently in its two copies.
_BARE = re.compile(r"[\W_]+")


def block_text(blocks: object) -> str:
    """All text of a message's blocks as wire text, a line a block.

    rich_text, section, context, header, markdown, table, and every text of blocks that are not known here.
    Anything that is no list of blocks gives "".
    """
    return blocks_text(blocks)


def attachment_text(attachment: Mapping[str, Any]) -> str:
    """The text of one attachment as wire text; its fallback only where it shows nothing else."""
    lines = [_string(attachment.get(key)) for key in _ATTACHMENT_LINES]
    fields = attachment.get("fields")
    for field in fields if isinstance(fields, list) else []:
        if isinstance(field, Mapping):
            # on one line: the title is the question, the value its answer
            pair = (_string(field.get("title")), _string(field.get("value")))
            lines.append(": ".join(text for text in pair if text.strip()))
    lines.append(blocks_text(attachment.get("blocks")))
    inner = attachment.get("message_blocks")
    for entry in inner if isinstance(inner, list) else []:
        message = entry.get("message") if isinstance(entry, Mapping) else None
        if isinstance(message, Mapping):
            lines.append(blocks_text(message.get("blocks")))
    kept = list(dict.fromkeys(line for line in lines if line.strip()))
    return "\n".join(kept) if kept else _string(attachment.get("fallback"))


def is_unfurl(attachment: Mapping[str, Any]) -> bool:
    """True when Slack made the attachment from a link: not the author's words."""
    return bool(attachment.get("is_msg_unfurl") or attachment.get("from_url"))


def says_the_same(text: str, other: str) -> bool:
    """True when both hold the same letters and digits in the same order: Slack sends most messages twice."""
    return text == other or _bare(text) == _bare(other)


def _bare(text: str) -> str:
    return _BARE.sub("", read_wire(text).text)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
