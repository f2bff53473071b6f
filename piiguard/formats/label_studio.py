"""Label Studio tasks: spans as an annotation, the model's as a prediction.

The labelling configuration is ``<View><Labels name="label" toName="text">…</Labels><Text name="text" value="$text"/></View>``.
Versions that count an emoji as two are understood: a region names its text, and whichever count fits it is taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Correction, Example
from piiguard.formats.records import REST, OnBad, example_of, read_list, rest_of, write_list
from piiguard.spans import Span


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """A list of tasks."""
    return write_list(map(_task, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of an export in Label Studio's JSON. Tasks whose annotations differ are for people to settle."""
    return read_list(stream, _example, on_bad)


def _task(example: Example) -> dict[str, Any]:
    task: dict[str, Any] = {
        "data": {"text": example.text, REST: rest_of(example)},
        "annotations": [{"result": _regions(example.text, example.spans)}],
    }
    if isinstance(example, Correction):
        regions = _regions(example.text, example.prediction)
        task["predictions"] = [{"model_version": example.model, "result": regions}]
    return task


def _regions(text: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"s{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": text[span.start : span.end],
                "labels": [span.label],
            },
        }
        for number, span in enumerate(spans, 1)
    ]


def _example(task: Mapping[str, Any], number: int) -> Example:
    data = task["data"]
    text = data["text"]
    done = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
    if not done:
        raise ExampleError("the task has no annotation")
    found = [_spans(text, one["result"]) for one in done]
    if any(spans != found[0] for spans in found):
        raise ExampleError("the annotations of this task differ: settle them first")
    return example_of(text, found[0], data.get(REST), number, id=task.get("id"))


def _spans(text: str, regions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    spans = [_span(text, one["value"]) for one in regions if one.get("type") == "labels"]
    return sorted(spans, key=lambda span: (span["start"], span["end"]))


def _span(text: str, value: Mapping[str, Any]) -> dict[str, Any]:
    if len(value["labels"]) != 1:
        raise ExampleError("a region needs exactly one label")
    start, end, shown = value["start"], value["end"], value.get("text")
    if isinstance(shown, str) and text[start:end] != shown:
        start, end = _from_utf16(text, start, end)
        if text[start:end] != shown:
            raise ExampleError("the offsets of a region do not fit its text")
    return {"start": start, "end": end, "label": value["labels"][0]}


def _from_utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets that a browser counted, in code points."""
    units = text.encode("utf-16-le", "surrogatepass")
    return (
        len(units[: 2 * start].decode("utf-16-le", "replace")),
        len(units[: 2 * end].decode("utf-16-le", "replace")),
    )
