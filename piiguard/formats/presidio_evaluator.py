"""presidio-evaluator samples, under our own labels: ``InputSample.read_dataset_json`` takes the file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats.records import REST, OnBad, example_of, read_list, rest_of, write_list


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """A list of samples."""
    return write_list((_sample(one, number) for number, one in enumerate(examples)), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such a list; a span must quote the text that it covers."""
    return read_list(stream, _example, on_bad)


def _sample(example: Example, number: int) -> dict[str, Any]:
    text = example.text
    pieces, at = [], 0
    for span in example.spans:
        pieces += [text[at : span.start], "{{" + span.label + "}}"]
        at = span.end
    return {
        "full_text": text,
        "masked": "".join(pieces) + text[at:],
        "spans": [
            {
                "entity_type": span.label,
                "entity_value": text[span.start : span.end],
                "start_position": span.start,
                "end_position": span.end,
            }
            for span in example.spans
        ],
        "template_id": number,
        "metadata": {REST: rest_of(example)},
    }


def _example(sample: Mapping[str, Any], number: int) -> Example:
    text = sample["full_text"]
    spans = []
    for one in sample.get("spans") or ():
        start, end = one["start_position"], one["end_position"]
        if text[start:end] != one["entity_value"]:
            raise ExampleError("the offsets of a span do not fit its value")
        spans.append({"start": start, "end": end, "label": one["entity_type"]})
    rest = (sample.get("metadata") or {}).get(REST)
    return example_of(text, spans, rest, number, id=sample.get("template_id"))
