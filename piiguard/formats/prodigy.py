"""Prodigy tasks: ``{"text", "spans": [{"start", "end", "label"}], "answer": "accept"}`` a line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.errors import ExampleError
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


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """JSON Lines, for ``prodigy db-in`` or as a source of ``ner.manual``."""
    return write_lines(map(_task, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of ``prodigy db-out``; what was rejected or ignored is told as such."""
    return read_lines(stream, _example, on_bad)


def _task(example: Example) -> dict[str, Any]:
    return {
        "text": example.text,
        "spans": span_rows(example),
        "answer": "accept",
        "meta": {"id": example.id},
        REST: rest_of(example),
    }


def _example(task: Mapping[str, Any], number: int) -> Example:
    if task.get("answer", "accept") != "accept":
        raise ExampleError('the answer is not "accept"')
    spans = [
        {"start": one["start"], "end": one["end"], "label": one["label"]}
        for one in task.get("spans") or ()
    ]
    id = (task.get("meta") or {}).get("id", "")
    return example_of(task["text"], spans, task.get(REST), number, id=id)
