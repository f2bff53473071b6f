"""Sets that mark people's names (and what else they mark of ours), moved to the guidelines' edges."""

import random
import re
from collections.abc import Iterator
from typing import Any

from piiguard.examples import Example
from piiguard.spans import Span
from training.corpora.rows import plain_example

_TITLE = re.compile(
    r"(?:president|prophet|king|queen|prince|princess|sir|dr|mr|mrs|ms|miss|lord|lady|pope|senator|sen|gov|governor|"
    r"judge|captain|capt|coach|prof|professor|uncle|aunt|auntie|saint|st|rev|gen|general|minister|mayor|chief)\.?\s+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"[@#]\s?$")
_POSSESSIVE = re.compile(r"['’]s?$")

Row = dict[str, Any]


def tweets(rows: Iterator[Row]) -> Iterator[Example]:
    """Tweets. Titles and possessives leave the span; names inside handles and hashtags are not judged."""
    for row in rows:
        spans, abstain = [], []
        for start, end, _ in _edges(row):
            if _HANDLE.search(row["text"], max(0, start - 2), start):
                abstain.append((start, end))
            elif span := _name(row["text"], start, end):
                spans.append(span)
        yield plain_example(row, spans, abstain=abstain)


def bookings(rows: Iterator[Row]) -> Iterator[Example]:
    """Booking turns: given and family name, marked apart, are one name."""
    for row in rows:
        spans: list[Span] = []
        for start, end, label in _edges(row):
            if spans and row["text"][spans[-1].end : start].strip() == "":
                spans[-1] = Span(spans[-1].start, end, label)
            else:
                spans.append(Span(start, end, label))
        yield plain_example(row, spans, weight=1.0 if spans else 0.5)


#: A spoken date is a birth date only as an answer; these are ways to ask.
_ASK = {
    "DATE_OF_BIRTH": (
        "whats your date of birth?", "dob?", "and her birthday?", "can you confirm the date of birth", "when were you born",
        "birth date pls", "need the DOB for the form", "what's his d.o.b", "date of birth for the patient?", "bday?",
    ),
    "PERSON": (
        "who am i speaking to?", "name on the account?", "who's covering tonight", "can you give me the full name",
        "who reported it?", "name pls", "who did you talk to", "which colleague was that", "and the name of the patient?",
    ),
}  # fmt: skip


def spoken_answers(rows: Iterator[Row]) -> Iterator[Example]:
    """Answers to an identity check; the question, which the set leaves out, is put before them.

    A name of which only a part is marked is left out: the rest of it would be taught as no name.
    """
    rng = random.Random(0)
    for row in rows:
        edges = _edges(row)
        if len(edges) != 1:
            continue
        start, end, label = edges[0]
        whole = row["text"][:start].strip() == "" and row["text"][end:].strip(" .?!") == ""
        if label in _ASK and (whole or label == "DATE_OF_BIRTH"):
            span = Span(start, end, label)
            yield plain_example(row, [span], context=(rng.choice(_ASK[label]),), weight=0.7)


def commands(rows: Iterator[Row]) -> Iterator[Example]:
    """Spoken commands in lower case."""
    for row in rows:
        spans = []
        for start, end, label in _edges(row):
            span = _name(row["text"], start, end) if label == "PERSON" else Span(start, end, label)
            if span:
                spans.append(span)
        yield plain_example(row, spans, weight=1.0 if spans else 0.6)


def _edges(row: Row) -> list[tuple[int, int, str]]:
    return sorted((span["start"], span["end"], span["label"]) for span in row.get("spans", ()))


def _name(text: str, start: int, end: int) -> Span | None:
    """A name without its title and possessive."""
    if title := _TITLE.match(text, start, end):
        start = title.end()
    if possessive := _POSSESSIVE.search(text, start, end):
        end = possessive.start()
    return Span(start, end, "PERSON") if start < end else None
