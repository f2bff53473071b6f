"""doccano, sequence labelling: ``{"text", "label": [[start, end, "PERSON"]]}`` a line.

A project must not count grapheme clusters as one character (a setting of doccano), or its offsets are others.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.examples import Example
from piiguard.formats.records import REST, OnBad, example_of, read_lines, rest_of, write_lines


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """JSON Lines, as doccano's JSONL import takes them with "label" as its column."""
    return write_lines(map(_line, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of an export: "label" or "labels" as triples, or "entities" as objects."""
    return read_lines(stream, _example, on_bad)


def _line(example: Example) -> dict[str, Any]:
    return {
        "id": example.id,
        "text": example.text,
        "label": [[span.start, span.end, span.label] for span in example.spans],
        REST: rest_of(example),
    }


def _example(line: Mapping[str, Any], number: int) -> Example:
    found = line.get("label", line.get("labels"))
    if found is None:
        entities = line["entities"]
        found = [[one["start_offset"], one["end_offset"], one["label"]] for one in entities]
    spans = [{"start": start, "end": end, "label": label} for start, end, label in found]
    return example_of(line["text"], spans, line.get(REST), number, id=line.get("id"))
