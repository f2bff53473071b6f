"""spaCy documents as JSON, one a line: ``Doc(vocab).from_json(line)`` reads them, ``doc.to_json()`` writes them.

Tokens are cut where an entity begins or ends, so that none is lost to ``alignment_mode``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.examples import Example
from piiguard.formats.records import (
    REST,
    OnBad,
    example_of,
    read_lines,
    rest_of,
    span_rows,
    write_lines,
)
from piiguard.formats.tokens import tagged


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """JSON Lines."""
    return write_lines(map(_doc, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such lines; ``{"text", "entities": [[start, end, "PERSON"]]}`` is understood too."""
    return read_lines(stream, _example, on_bad)


def _doc(example: Example) -> dict[str, Any]:
    return {
        "text": example.text,
        "ents": span_rows(example),
        "tokens": [
            {"id": number, "start": start, "end": end}
            for number, (start, end) in enumerate(_tokens(example))
        ],
        REST: rest_of(example),
    }


def _tokens(example: Example) -> Iterator[tuple[int, int]]:
    """Words, and white space as spaCy has it: one space belongs to the word before it, all else is a token."""
    text, at = example.text, 0
    for token in tagged(text, example.spans, with_white_edges=False):
        if at < token.start:
            yield at, token.start
        at = token.start + len(token.text)
        yield token.start, at
        at += text[at : at + 1] == " "
    if at < len(text):
        yield at, len(text)


def _example(doc: Mapping[str, Any], number: int) -> Example:
    found = doc.get("ents")
    if found is None:
        found = [{"start": a, "end": b, "label": name} for a, b, name in doc["entities"]]
    spans = [{"start": one["start"], "end": one["end"], "label": one["label"]} for one in found]
    return example_of(doc["text"], spans, doc.get(REST), number)
