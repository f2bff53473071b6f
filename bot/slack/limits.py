"""Block Kit's limits, and the builders that keep them: every text we send to Slack is cut, cleaned and escaped here.

The numbers are those of https://docs.slack.dev/reference/block-kit. Lengths count UTF-16 units, as Slack's own
editors do: never less than code points, so a text that fits here fits whichever way it is counted.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from piiguard.slack_text import escape

Block = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
#: Slack refuses messages near 13 kB although each block in it is legal.
MESSAGE_BYTES = 10_000
SECTION_TEXT = 3_000
FIELD_TEXT = 2_000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
OPTION_VALUE = 150
LABEL_TEXT = 2_000
INPUT_TEXT = 3_000
PLACEHOLDER_TEXT = 150
TITLE_TEXT = 24
FALLBACK_TEXT = 300

_ZWJ = "\u200d"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """The text on one line, without control characters, direction marks and lone surrogates."""
    kept = "".join(" " if _is_space(char) else char for char in text if not _is_unshown(char))
    return " ".join(piece for piece in kept.split(" ") if piece)


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for single characters: a letter with its accents, a joined emoji, a flag.

    A little greedier than UAX 29: whatever follows a zero-width joiner stays with it.
    """
    start, n_flags = 0, 0
    for at in range(1, len(text)):
        before, char = text[at - 1], text[at]
        n_flags = n_flags + 1 if _is_flag_half(before) else 0
        joined = (
            _extends(char)
            or before == _ZWJ
            or (before == "\r" and char == "\n")
            or (_is_flag_half(char) and n_flags % 2 == 1)
            or _joins_hangul(before, char)
        )
        if not joined:
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def length(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: str, limit: int) -> str:
    """The text within ``limit``, cut between graphemes, with an ellipsis where something is missing."""
    return text if length(text) <= limit else _take(graphemes(text), limit)


def cut_end(text: str, limit: int) -> str:
    """The end of the text within ``limit``, with an ellipsis before it where something is missing."""
    if length(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - 1
    for piece in reversed(list(graphemes(text[-4 * limit :]))):
        room -= length(piece)
        if room < 0:
            break
        kept.append(piece)
    return "…" + "".join(reversed(kept))


def wire(text: str, limit: int = SECTION_TEXT) -> str:
    """Cleaned text from outside as mrkdwn: escaped, within ``limit``, never cut inside an escape."""
    cleaned = clean(text)
    whole = escape(cleaned)
    if length(whole) <= limit:
        return whole
    return _take((escape(piece) for piece in graphemes(cleaned)), limit)


def size_bytes(*parts: object) -> int:
    """How many bytes slack_sdk makes of it: JSON with every character beyond ASCII escaped."""
    return sum(len(json.dumps(part)) for part in parts)


def plain(text: str, limit: int) -> dict[str, Any]:
    """A plain_text object; nothing in it is formatted."""
    return {"type": "plain_text", "text": cut(clean(text), limit) or "–", "emoji": False}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object of text that is escaped already. ``verbatim``: Slack links no names or addresses in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def section(text: str, *, accessory: dict[str, Any] | None = None, block_id: str = "") -> Block:
    """A section of escaped mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _named(block, block_id)


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """A section of named facts; the values are escaped mrkdwn."""
    return {
        "type": "section",
        "fields": [mrkdwn(f"*{name}*\n{value}") for name, value in pairs][:10],
    }


def context(*texts: str) -> Block:
    """A line of small print, escaped mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10]}


def actions(elements: Sequence[dict[str, Any]], *, block_id: str = "") -> Block:
    return _named({"type": "actions", "elements": list(elements)[:25]}, block_id)


def button(
    text: str,
    action_id: str,
    value: str = "",
    *,
    url: str = "",
    style: str = "",
    label: str = "",
    asks: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """A button; ``label`` is what a screen reader says, ``asks`` (question, yes) what it asks before it acts."""
    element: dict[str, Any] = {
        "type": "button",
        "action_id": action_id,
        "text": plain(text, BUTTON_TEXT),
    }
    for key, entry in (("value", value), ("url", url), ("style", style)):
        if entry:
            element[key] = entry
    if label:
        element["accessibility_label"] = cut(clean(label), BUTTON_TEXT)
    if asks[0]:
        element["confirm"] = {
            "title": plain("Are you sure?", 100),
            "text": plain(asks[0], 300),
            "confirm": plain(asks[1], 30),
            "deny": plain("Cancel", 30),
        }
    return element


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text, OPTION_TEXT), "value": value}


def select(
    action_id: str,
    options: Sequence[dict[str, Any]],
    *,
    placeholder: str,
    initial: str = "",
) -> dict[str, Any]:
    """A menu of at most 100 options; ``initial`` is the value of the one chosen at first."""
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER_TEXT),
        "options": list(options)[:100],
    }
    chosen = [entry for entry in element["options"] if entry["value"] == initial]
    if chosen:
        element["initial_option"] = chosen[0]
    return element


def text_input(
    action_id: str,
    *,
    initial: str = "",
    multiline: bool = False,
    max_length: int = INPUT_TEXT,
    placeholder: str = "",
) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        element["initial_value"] = initial
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER_TEXT)
    return element


def form_field(
    block_id: str,
    label: str,
    element: dict[str, Any],
    *,
    optional: bool = True,
    hint: str = "",
) -> Block:
    """An input block of a modal."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_TEXT),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, LABEL_TEXT)
    return block


def _named(block: Block, block_id: str) -> Block:
    if block_id:
        block["block_id"] = block_id
    return block


def _take(pieces: Iterable[str], limit: int) -> str:
    kept: list[str] = []
    room = limit - 1
    for piece in pieces:
        if length(piece) > room:
            break
        kept.append(piece)
        room -= length(piece)
    return "".join(kept) + "…"


def _is_space(char: str) -> bool:
    return char in "\t\n\r\v\f\u0085\u2028\u2029" or char == " "


def _is_unshown(char: str) -> bool:
    if char in _BIDI or "\ud800" <= char <= "\udfff":
        return True
    return unicodedata.category(char) == "Cc" and not _is_space(char)


def _extends(char: str) -> bool:
    return (
        unicodedata.combining(char) != 0
        or char in (_ZWJ, "\u200c")
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags of regional flags
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _joins_hangul(before: str, char: str) -> bool:
    """Conjoining jamo: leading, vowel, trailing."""
    if "\u1100" <= before <= "\u115f":
        return "\u1100" <= char <= "\u11a7" or "\uac00" <= char <= "\ud7a3"
    if "\u1160" <= before <= "\u11a7" or "\uac00" <= before <= "\ud7a3":
        return "\u1160" <= char <= "\u11ff"
    return "\u11a8" <= before <= "\u11ff" and "\u11a8" <= char <= "\u11ff"
