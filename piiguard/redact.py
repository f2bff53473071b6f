"""redact(): a text with its spans replaced by labels, masks or surrogates.

Replacement goes by spans, never by searching for values. In Slack's wire text the address behind a link's shown
text (`<mailto:a@b.co|a@b.co>`) repeats the value; it goes with it.
"""

import hashlib
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, get_args

from piiguard.errors import SpanError
from piiguard.spans import Span, merge_spans
from piiguard.surrogates import surrogate

Style = Literal["label", "mask", "surrogate"]
STYLES: tuple[Style, ...] = get_args(Style)

#: Separators that a mask leaves in place; what else a value holds could be part of a secret.
_SHOWN_IN_MASKS = frozenset(" \n\t-./:,()@+")
_MASK = "•"
_SECRET_MASK = _MASK * 8

_LINK = re.compile(r"<(?P<address>(?P<scheme>mailto:|tel:|https?://)[^<>|\s]*)\|(?P<shown>[^<>]*)>")
_WORD = re.compile(r"[^\W_]+")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def redact(text: str, spans: Iterable[Span], style: Style = "label", *, seed: int = 0) -> str:
    """The text with each span replaced.

    "label": "[NATIONAL_ID]". "mask": a bullet for each letter and digit, separators kept, and eight bullets for a
    password or key, whatever its length. "surrogate": another value of the same shape, the same one for every
    spelling of a value in this text.

    Args:
        spans: of this very text, in its own offsets; overlapping ones are merged first.
        seed: another seed gives other surrogates.

    Raises: SpanError when a span reaches beyond the text.
    """
    return Redaction(style, seed=seed).apply(text, spans)[0]


class Redaction:
    """Redacts several texts alike: with "surrogate", a value has one surrogate in all of a conversation.

    With a secret ``key``, of at most 64 bytes, a surrogate follows from key, label and value, and no longer from the
    values that came before: the same value has it again when the conversation has grown.
    """

    def __init__(self, style: Style = "label", *, seed: int = 0, key: bytes = b""):
        if style not in STYLES:
            raise ValueError(f"unknown style; expected one of: {', '.join(STYLES)}")
        self._style = style
        self._rng = random.Random(seed)
        self._key = key
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def apply(self, text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
        """The redacted text, and where each span's replacement stands in it."""
        ordered = merge_spans(spans)
        if ordered and ordered[-1].end > len(text):
            raise SpanError(
                f"expected spans within {len(text)} characters, found one that ends at {ordered[-1].end}"
            )
        links = list(_LINK.finditer(text))
        opened: re.Match[str] | None = None  # the link that we are in, its address already replaced
        pieces, placed, at, length = [], [], 0, 0
        for span in ordered:
            link = next((link for link in links if _shows(link, span)), None)
            if link and link is not opened and at <= link.start():
                opened = link
                kept = self._address(link, [s for s in ordered if _shows(link, s)], text)
                pieces.append(text[at : link.start()] + kept)
                length += len(pieces[-1])
                at = link.start("shown")
            before, after = (
                text[at : span.start],
                self._replacement(text[span.start : span.end], span),
            )
            pieces += [before, after]
            start = length + len(before)
            placed.append(replace(span, start=start, end=start + len(after)))
            length = start + len(after)
            at = span.end
            if (
                link
                and link is opened
                and not any(_shows(link, s) for s in ordered if s.start >= at)
            ):
                is_open = self._style == "surrogate"
                rest = text[at : link.end() if is_open else link.end("shown")]
                pieces.append(rest)
                length += len(rest)
                at = link.end()
        return "".join(pieces) + text[at:], placed

    def _address(self, link: re.Match[str], spans: list[Span], text: str) -> str:
        """What stands before a link's shown text; labels and masks leave no link."""
        if self._style != "surrogate":
            return ""
        address, scheme = link["address"], link["scheme"]
        value = text[spans[0].start : spans[0].end]
        fresh = self._replacement(value, spans[0])
        if scheme == "mailto:":
            address = scheme + (fresh if "@" in fresh else "user@example.com")
        elif scheme == "tel:":
            address = scheme + re.sub(r"[^\d+]", "", fresh)
        elif value in address:
            address = address.replace(value, fresh)
        else:
            address = (
                scheme + "example.com"
            )  # a profile's address may name the person in other words
        return f"<{address}|"

    def _replacement(self, value: str, span: Span) -> str:
        if self._style == "label":
            return f"[{span.label}]"
        if self._style == "mask":
            return mask(value, span.label)
        if _ENTITY.search(value):
            bare = _ENTITY.sub(lambda match: _ENTITIES[match[1]], value)
            fresh = self._surrogate(bare, span.label)
            return fresh.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self._surrogate(value, span.label)

    def _surrogate(self, value: str, label: str) -> str:
        key = (label, "".join(c for c in value.casefold() if c.isalnum()) or value)
        if key in self._known:
            return _respell(*self._known[key], value)
        taken = {fresh for _, fresh in self._known.values()}
        rng = self._rng_of(*key)
        for _ in range(20):
            fresh = surrogate(label, value, rng)
            if fresh not in taken:
                break
        self._known[key] = (value, fresh)
        return fresh

    def _rng_of(self, label: str, value: str) -> random.Random:
        if not self._key:
            return self._rng
        named = f"{label}\x1f{value}".encode("utf-8", "surrogatepass")
        return random.Random(hashlib.blake2b(named, key=self._key, digest_size=32).digest())


def mask(value: str, label: str) -> str:
    """The value as bullets; nothing but the separators of its form is left of it."""
    if label in ("PASSWORD", "API_KEY"):
        return _SECRET_MASK
    return "".join(c if c in _SHOWN_IN_MASKS else _MASK for c in value)


def _shows(link: re.Match[str], span: Span) -> bool:
    return link.start("shown") <= span.start and span.end <= link.end("shown")


def _respell(first: str, fresh: str, value: str) -> str:
    """The surrogate of ``first`` in the spelling of ``value``, which has the same letters and digits."""
    if value == first:
        return fresh
    words, wanted = _WORD.findall(fresh), _WORD.findall(value)
    if len(words) == len(wanted) and words:
        source = iter(words)
        poured = _WORD.sub(lambda _: next(source), value)
    elif sum(map(len, words)) == sum(map(len, wanted)):
        source = iter("".join(words))
        poured = _WORD.sub(lambda match: "".join(next(source) for _ in match[0]), value)
    else:
        poured = fresh
    if value.islower():
        return poured.lower()
    if value.isupper():
        return poured.upper()
    return poured if first.istitle() == value.istitle() else poured.title()
