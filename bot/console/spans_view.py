"""A message as the flag page draws it: words with their places in the stored text, marks over spans, dots over values.

Revealed, each word carries where it starts and ends in the text as Slack delivered it; a script sends these numbers
back. Masked, there are no numbers and no values, nor what repeats them: a drawn page holds nothing to be found in its
source.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from bot.console.span_form import PERSON, span_id
from bot.console.word_edges import words_of
from bot.parts_text import as_span, covered_text, plain_of
from bot.records import FoundSpan, Part
from bot.slack.cards import source_words
from bot.slack.preview import DOTS, masked_value
from piiguard.labels import LABELS, Severity
from piiguard.slack_text import PlainText

#: A value of one or two characters is no sign of itself where it stands again.
_SHORT = 2
_PART_WORDS = {
    "attachments": "Attachment",
    "file": "File",
    "file_name": "File name",
    "file_preview": "File preview",
    "title": "Title",
    "topic": "Channel topic",
    "purpose": "Channel purpose",
}


@dataclass(frozen=True, slots=True)
class SpanView:
    """A span in a list and over the text. ``value`` is "" unless revealed; ``dots`` never tells its length."""

    number: int
    id: str
    part: str
    label: str
    severity: Severity
    score: float
    source: str
    is_persons: bool
    dots: str
    value: str = field(default="", repr=False)
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a part. A mark has pieces of its own when revealed, dots otherwise.

    ``starts`` and ``ends``, for a word whose characters do not follow each other in the stored text (`R&amp;D`): the
    places of each. ``joined``: the word began in the piece before, where a mark's edge cut it.
    """

    kind: Literal["gap", "word", "mark", "dots"]
    text: str = field(default="", repr=False)
    start: int = 0
    end: int = 0
    starts: str = ""
    ends: str = ""
    joined: bool = False
    mark: SpanView | None = None
    inner: tuple["Piece", ...] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a message. ``title`` is "" for the message's own words."""

    name: str
    title: str
    pieces: tuple[Piece, ...] = field(repr=False)
    unread: str = ""


def span_views(
    parts: Sequence[Part], spans: Sequence[FoundSpan], *, revealed: bool, last4: bool = False
) -> list[SpanView]:
    """The spans in reading order, numbered from 1."""
    rank = {part.name: index for index, part in enumerate(parts)}
    ordered = sorted(spans, key=lambda span: (rank.get(span.part, len(rank)), span.start))
    return [
        SpanView(
            number=number,
            id=span_id(span),
            part=span.part,
            label=span.label,
            severity=LABELS[span.label].severity if span.label in LABELS else "low",
            score=span.score,
            source="you or a colleague" if span.source == PERSON else source_words(span.source),
            is_persons=span.source == PERSON,
            dots=masked_value(parts, span, last4=last4),
            value=covered_text(parts, span) if revealed else "",
            start=span.start if revealed else 0,
            end=span.end if revealed else 0,
        )
        for number, span in enumerate(ordered, 1)
    ]


def part_views(
    parts: Sequence[Part],
    spans: Sequence[FoundSpan],
    *,
    revealed: bool,
    hidden: Sequence[FoundSpan] = (),
    last4: bool = False,
) -> list[PartView]:
    """The parts of a message with their marks.

    Args:
        revealed: with values and places.
        hidden: what is covered with dots besides the spans, unless revealed: what was predicted, another's version.
        last4: a card number shows its last four digits.
    """
    parts = tuple(parts)
    views = span_views(parts, spans, revealed=revealed, last4=last4)
    place = {(view.part, view.id): view for view in views}
    values = () if revealed else _values(parts, [*spans, *hidden])
    drawn = []
    for part in parts:
        plain = plain_of(part)
        marks = _places(plain, part, spans)
        if revealed:
            pieces = _revealed(
                plain, [(s, e, place[part.name, span_id(one)]) for s, e, one in marks]
            )
        else:
            covered = [(s, e) for s, e, _ in _places(plain, part, hidden)]
            covered += _repeats(plain.text, values)
            pieces = _masked(
                plain, [(s, e, place[part.name, span_id(one)]) for s, e, one in marks], covered
            )
        if pieces or part.unread:
            drawn.append(PartView(part.name, _title(part), pieces, part.unread))
    return drawn


def _title(part: Part) -> str:
    kind = part.name.partition(":")[0].partition("[")[0]
    return _PART_WORDS.get(kind, "")


def _places(
    plain: PlainText, part: Part, spans: Iterable[FoundSpan]
) -> list[tuple[int, int, FoundSpan]]:
    """Where the spans of a part are drawn, in order and disjoint."""
    found = []
    for span in spans:
        if span.part == part.name and span.start < span.end:
            inside = plain.to_plain(as_span(span))
            if inside is not None:
                found.append((inside.start, inside.end, span))
    disjoint: list[tuple[int, int, FoundSpan]] = []
    end = 0
    for start, stop, span in sorted(found, key=lambda place: place[:2]):
        if max(start, end) < stop:
            disjoint.append((max(start, end), stop, span))
            end = stop
    return disjoint


def _revealed(plain: PlainText, marks: Sequence[tuple[int, int, SpanView]]) -> tuple[Piece, ...]:
    cuts = {edge for start, end, _ in marks for edge in (start, end)}
    words = _cut_words(plain.text, cuts)
    pieces: list[Piece] = []
    at = 0
    for start, end, view in marks:
        pieces += _pieces(plain, words, at, start)
        inner = tuple(_pieces(plain, words, start, end))
        pieces.append(Piece("mark", mark=view, inner=inner))
        at = end
    return (*pieces, *_pieces(plain, words, at, len(plain.text)))


def _masked(
    plain: PlainText,
    marks: Sequence[tuple[int, int, SpanView]],
    covered: Iterable[tuple[int, int]],
) -> tuple[Piece, ...]:
    """Marks as dots; where something else is covered, dots without a number."""
    runs: list[tuple[int, int, SpanView | None]] = list(marks)
    for start, end in sorted(covered):
        # what a mark hides already needs no dots of its own; what reaches beyond it does
        for stop, begin in _outside(start, end, runs):
            runs.append((stop, begin, None))
    words = _cut_words(plain.text, {edge for start, end, _ in runs for edge in (start, end)})
    pieces: list[Piece] = []
    at = 0
    for start, end, view in sorted(runs, key=lambda run: run[:2]):
        pieces += _pieces(plain, words, at, start, numbered=False)
        pieces.append(Piece("mark", mark=view) if view else Piece("dots", DOTS))
        at = end
    return (*pieces, *_pieces(plain, words, at, len(plain.text), numbered=False))


def _outside(
    start: int, end: int, runs: Sequence[tuple[int, int, SpanView | None]]
) -> list[tuple[int, int]]:
    """What of ``[start, end)`` none of the runs covers."""
    free = [(start, end)]
    for low, high, _ in runs:
        free = [
            (a, b)
            for begin, stop in free
            for a, b in ((begin, min(stop, low)), (max(begin, high), stop))
            if a < b
        ]
    return free


def _cut_words(text: str, cuts: set[int]) -> list[tuple[int, int, bool]]:
    """The words as ``(start, end, joined)``, cut at the edges of marks."""
    found = []
    for start, end in words_of(text):
        edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        for number, (a, b) in enumerate(pairwise(edges)):
            found.append((a, b, number > 0))
    return found


def _pieces(
    plain: PlainText,
    words: Sequence[tuple[int, int, bool]],
    start: int,
    end: int,
    *,
    numbered: bool = True,
) -> list[Piece]:
    """The words and gaps of a stretch."""
    pieces: list[Piece] = []
    at = start
    for a, b, joined in words[bisect_left(words, (start, 0, False)) :]:
        if b > end:
            break
        if at < a:
            pieces.append(Piece("gap", plain.text[at:a]))
        pieces.append(_word(plain, a, b, joined=joined, numbered=numbered))
        at = b
    if at < end:
        pieces.append(Piece("gap", plain.text[at:end]))
    return pieces


def _word(plain: PlainText, a: int, b: int, *, joined: bool, numbered: bool) -> Piece:
    text = plain.text[a:b]
    if not numbered:
        return Piece("word", text, joined=joined)
    starts, ends = plain.starts[a:b], plain.ends[a:b]
    if ends[-1] - starts[0] == b - a:
        return Piece("word", text, starts[0], ends[-1], joined=joined)
    return Piece(
        "word",
        text,
        starts[0],
        ends[-1],
        ",".join(map(str, starts)),
        ",".join(map(str, ends)),
        joined,
    )


def _values(parts: Sequence[Part], spans: Iterable[FoundSpan]) -> tuple[str, ...]:
    found = {_folded(covered_text(parts, span).strip()) for span in spans}
    return tuple(sorted((value for value in found if len(value) > _SHORT), key=len, reverse=True))


def _repeats(text: str, values: Sequence[str]) -> list[tuple[int, int]]:
    """Where values stand again, in any case."""
    folded = _folded(text)
    places = []
    for value in values:
        start = folded.find(value)
        while start >= 0:
            places.append((start, start + len(value)))
            start = folded.find(value, start + 1)
    return places


def _folded(text: str) -> str:
    """The text without case, character by character: what folds into two would shift all that follows."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(one if len(one := char.casefold()) == 1 else char for char in text)
