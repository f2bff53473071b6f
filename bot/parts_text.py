"""What parts of a message say: the text under a span, and when two messages or two values are the same."""

import unicodedata
from collections.abc import Iterable, Sequence

from bot.records import FoundSpan, Part, SlackMessage
from piiguard.slack_text import PlainText, read_wire
from piiguard.spans import Span

#: Labels whose values differ in a single capital letter or mark.
_EXACT = frozenset({"PASSWORD", "API_KEY", "CRYPTO"})


def part_named(parts: Iterable[Part], name: str) -> Part | None:
    """The part of that name."""
    return next((part for part in parts if part.name == name), None)


def plain_of(part: Part) -> PlainText:
    """The part as a reader sees it, with the map to its own offsets."""
    return read_wire(part.text) if part.markup == "slack" else PlainText.identity(part.text)


def covered_text(parts: Iterable[Part], span: FoundSpan) -> str:
    """What a reader sees under a span; "" where the part is gone or shorter than the span."""
    part = part_named(parts, span.part)
    if part is None or span.end > len(part.text):
        return ""
    plain = plain_of(part)
    inside = plain.to_plain(as_span(span))
    return plain.text[inside.start : inside.end] if inside else ""


def context_text(message: SlackMessage) -> str:
    """The words of a message that later ones may refer to: its text, or what stands for it."""
    for name in ("text", "blocks"):
        part = part_named(message.parts, name)
        if part is not None and part.text:
            return part.text
    return next((part.text for part in message.parts if part.text), "")


def content_key(message: SlackMessage) -> str:
    """Equal for two versions that say the same: formatting, spacing and the order of files do not count.

    Made from the event alone, never from what a file holds, so that it is the same at every attempt.
    """
    texts = [_normal(plain_of(part).text) for part in message.parts]
    files = sorted(file.id for file in message.files)
    return "\x1f".join([*(text for text in texts if text), "", *files])


def value_key(label: str, value: str) -> str:
    """Equal for two spellings of one value: `4242-4242` and `4242 4242`."""
    if label in _EXACT:
        return value.strip()
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(char for char in folded if char.isalnum()) or value.strip()


def value_keys(parts: Sequence[Part], spans: Iterable[FoundSpan]) -> tuple[tuple[str, str], ...]:
    """(label, value_key) of each different value, ordered; they are the values themselves: never store them bare."""
    pairs = ((span.label, value_key(span.label, covered_text(parts, span))) for span in spans)
    return tuple(sorted({(label, key) for label, key in pairs if key}))


def as_span(span: FoundSpan) -> Span:
    """The core's span; which part it is in is left behind."""
    return Span(span.start, span.end, span.label, span.score, span.source)


def found_in(part: str, span: Span) -> FoundSpan:
    """The core's span as one of a part."""
    return FoundSpan(part, span.start, span.end, span.label, span.score, span.source)


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
