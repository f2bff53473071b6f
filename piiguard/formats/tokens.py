"""Tokens for formats that label words: words and signs, cut where a span begins or ends, each with its BIO tag.

This is a view for other tools. What the model reads is cut by its own tokenizer (piiguard/encoding.py).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from piiguard.errors import ExampleError
from piiguard.labels import TAGS
from piiguard.spans import Span

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text and its tag: "O", "B-PERSON", "I-PERSON"."""

    start: int
    text: str = field(repr=False)
    tag: str = "O"


def tagged(text: str, spans: Sequence[Span], *, with_white_edges: bool = True) -> list[Token]:
    """The tokens of a text. White space is a token only where a span begins or ends with it, and may be left out."""
    tokens: list[Token] = []
    at = 0
    for span in spans:
        tokens += _outside(text, at, span.start)
        tokens += _inside(text, span, with_white_edges)
        at = span.end
    return tokens + _outside(text, at, len(text))


def _outside(text: str, start: int, end: int) -> list[Token]:
    found = _TOKEN.finditer(text, start, end)
    return [Token(match.start(), match[0]) for match in found if not match[0].isspace()]


def _inside(text: str, span: Span, with_white_edges: bool) -> list[Token]:
    found = [
        match
        for match in _TOKEN.finditer(text, span.start, span.end)
        if not match[0].isspace()
        or (with_white_edges and (match.start() == span.start or match.end() == span.end))
    ]
    return [
        Token(match.start(), match[0], f"{'I' if n else 'B'}-{span.label}")
        for n, match in enumerate(found)
    ]


def placed(text: str, words: Iterable[Any]) -> list[tuple[int, int]]:
    """Where each word stands in the text, one after the other. Raises ExampleError where one does not."""
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        if not isinstance(word, str):
            raise ExampleError("a token must be a string")
        start = text.find(word, at)
        if start < 0 or (word.strip() and text[at:start].strip()):
            raise ExampleError("a token does not stand in the text where it should")
        at = start + len(word)
        places.append((start, at))
    return places


def spans_of(places: Sequence[tuple[int, int]], tags: Sequence[Any]) -> list[dict[str, Any]]:
    """The spans of tagged words; a stray I- opens one. Raises ExampleError for an unknown tag."""
    if len(places) != len(tags):
        raise ExampleError("expected as many tags as tokens")
    spans: list[dict[str, Any]] = []
    label = ""
    for (start, end), tag in zip(places, tags, strict=True):
        if tag not in TAGS:
            raise ExampleError("unknown tag; expected O, or B- or I- and one of our labels")
        if tag == "O":
            label = ""
        elif tag[0] == "I" and tag[2:] == label:
            spans[-1]["end"] = end
        else:
            label = tag[2:]
            spans.append({"start": start, "end": end, "label": label})
    return spans
