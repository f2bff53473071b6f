"""Argilla 2 records, as ``dataset.records.from_json`` takes them: the spans as a suggestion to one SpanQuestion.

Settings: ``TextField("text")``, ``SpanQuestion("span_label", field="text", labels=[...])``, extra metadata allowed.
Argilla's page counts an emoji as two (its issue 5729): what was marked there behind one is refused when it no longer fits.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Correction, Example
from piiguard.formats.records import (
    REST,
    OnBad,
    dump,
    example_of,
    read_list,
    rest_of,
    span_rows,
    write_list,
)

QUESTION = "span_label"


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """A list of records. The rest is JSON in a string, because metadata there is flat."""
    return write_list(map(_record, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such a list: what people answered, else what was suggested."""
    return read_list(stream, _example, on_bad)


def _record(example: Example) -> dict[str, Any]:
    agent = example.model if isinstance(example, Correction) else example.origin
    return {
        "id": example.id,
        "fields": {"text": example.text},
        "metadata": {REST: dump(rest_of(example))},
        "suggestions": {
            QUESTION: {"value": span_rows(example), "score": None, "agent": agent or None}
        },
        "responses": {},
        "vectors": {},
        "status": "pending",
    }


def _example(record: Mapping[str, Any], number: int) -> Example:
    fields = record.get("fields")
    text = fields["text"] if fields is not None else record["text"]
    rest = (record.get("metadata") or {}).get(REST)
    if rest is not None:
        try:
            rest = json.loads(rest)
        except json.JSONDecodeError:
            raise ExampleError(f'metadata "{REST}" is not JSON') from None
    return example_of(text, _spans(record), rest, number, id=record.get("id"))


def _spans(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = (record.get("responses") or {}).get(QUESTION) or []
    answers = [_sorted(one["value"]) for one in given if one.get("status") != "discarded"]
    if any(answer != answers[0] for answer in answers):
        raise ExampleError("the responses to this record differ: settle them first")
    if answers:
        return answers[0]
    suggested = (record.get("suggestions") or {}).get(QUESTION)
    if suggested is not None:
        return _sorted(suggested["value"])
    return _sorted(record[QUESTION])


def _sorted(value: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    spans = [
        {"start": one["start"], "end": one["end"], "label": one["label"]} for one in value or ()
    ]
    return sorted(spans, key=lambda span: (span["start"], span["end"]))
