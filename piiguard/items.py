"""Item: a message with its place, what sources yield and ``scan`` judges. Problem: what could not be read, and where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from piiguard.messages import Markup, Message
from piiguard.spans import Span

#: Longer texts are judged in slices. A value that begins in one slice is read with at least half of OVERLAP behind it.
SLICE = 32_768
OVERLAP = 8_192
_STEP = SLICE - OVERLAP

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: a line of a file, or a channel, time and author of an export.

    ``part`` names the piece of a post ("blocks", "attachment 1", "file F04") or the column of a table; "" is the text.
    """

    file: str
    line: int | None = None
    channel: str | None = None
    ts: str | None = None
    user: str | None = None
    part: str = ""

    @property
    def time(self) -> str | None:
        """``ts`` in UTC to the minute, where it is one of Slack's."""
        return read_time(self.ts)

    @property
    def group(self) -> str:
        """The channel, else the file: what tables of a report count by."""
        return self.channel or self.file

    def __str__(self) -> str:
        if self.channel:
            parts = [self.channel, self.time or self.ts, self.user]
        else:
            parts = [f"{self.file}:{self.line}" if self.line else self.file, self.user]
        return " ".join(part for part in (*parts, self.part) if part)


@dataclass(frozen=True, slots=True)
class Item:
    """A text to judge, and its place.

    Attributes:
        first: False when it goes on with the message of the item before: a part of a post, a slice of a line.
        offset: where the text begins in the whole that ``place`` names.
        own: the stretch ``[start, end)`` of the text whose spans count; what begins outside is the neighbour slice's.
    """

    message: Message
    place: Place
    first: bool = True
    offset: int = 0
    own: tuple[int, int] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read. ``place`` names file and line, ``reason`` holds no scanned text."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Source(Protocol):
    """Items of one input, read as they are asked for. The counts and problems grow with the reading.

    Attributes:
        fingerprint: changes when the input does; None where it can be read only once.
        size_bytes: of all that will be read, None when unknown; ``done_bytes`` counts up to it.
        n_skipped: messages without text, and joins and the like.
    """

    name: str
    fingerprint: str | None
    size_bytes: int | None
    done_bytes: int
    n_skipped: int
    problems: list[Problem]

    def __iter__(self) -> Iterator[Item]: ...


def slices(
    text: str,
    place: Place,
    *,
    context: tuple[str, ...] = (),
    markup: Markup = "plain",
    first: bool = True,
) -> Iterator[Item]:
    """The items of one text: one, unless it is longer than SLICE."""
    text = clean(text)
    if len(text) <= SLICE:
        yield Item(Message(text, context, markup), place, first)
        return
    offset = 0
    while True:
        last = offset + SLICE >= len(text)
        piece = text[offset : offset + SLICE]
        item = slice_item(piece, place, offset, last=last, context=context, markup=markup)
        yield replace(item, first=first and not offset)
        if last:
            return
        offset += _STEP


def slice_item(
    piece: str,
    place: Place,
    offset: int,
    *,
    last: bool,
    context: tuple[str, ...] = (),
    markup: Markup = "plain",
) -> Item:
    """One slice of a text that is read as it comes; the next begins SLICE - OVERLAP further on."""
    start = OVERLAP // 2 if offset else 0
    end = len(piece) if last else _STEP + OVERLAP // 2
    return Item(Message(piece, context, markup), place, offset == 0, offset, (start, end))


def own_spans(parts: Iterable[tuple[Item, Sequence[Span]]]) -> Iterator[tuple[Item, Span]]:
    """The spans of one message's items, each once: what begins in a slice's margin is the neighbour's."""
    end = 0
    for item, spans in parts:
        if not item.offset:
            end = 0
        for span in spans:
            if item.own and not item.own[0] <= span.start < item.own[1]:
                continue
            # two slices may put its beginning on different sides of their border
            if item.offset + span.start >= end:
                end = item.offset + span.end
                yield item, span


def clean(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, replaced one for one."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """A name or value fit for a terminal: no control characters, no changes of direction, no line breaks."""
    return _CONTROL.sub(" ", clean(text)).strip()


def read_time(ts: str | None) -> str | None:
    """Slack's "1727876400.000200" as "2024-10-02 13:40"; None for anything else."""
    if not ts or not re.fullmatch(r"\d{9,11}(\.\d{1,9})?", ts):
        return None
    return datetime.fromtimestamp(float(ts), UTC).strftime("%Y-%m-%d %H:%M")
