"""What the formats share: JSON that UTF-8 can hold, records that are read one by one, and Examples built from them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Example, example_from_json

#: The field in which a foreign record carries the rest of an Example.
REST = "piiguard"
_LONE = re.compile("[\ud800-\udfff]")
#: What a byte that is no UTF-8 reads as in a stream opened with errors="surrogateescape".
_BROKEN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: its line, or its place in the list, counted from 1; and why, without its text."""

    number: int
    reason: str


OnBad = Callable[[BadRecord], None]
Build = Callable[[Mapping[str, Any], int], Example]


def dump(value: object) -> str:
    """JSON on one line; lone surrogates, which UTF-8 does not have, are escaped."""
    line = json.dumps(value, ensure_ascii=False)
    return line if line.isascii() or not _LONE.search(line) else json.dumps(value)


def without_lone_surrogates(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate; offsets stay."""
    return _LONE.sub("�", text)


def write_lines(records: Iterable[object], stream: TextIO) -> int:
    """One line a record; gives their number."""
    n = 0
    for record in records:
        stream.write(dump(record) + "\n")
        n += 1
    return n


def write_list(records: Iterable[object], stream: TextIO) -> int:
    """A JSON list, each record on a line of its own; gives their number."""
    n = 0
    stream.write("[")
    for record in records:
        stream.write(("," if n else "") + "\n" + dump(record))
        n += 1
    stream.write("\n]\n" if n else "]\n")
    return n


def read_lines(stream: TextIO, build: Build, on_bad: OnBad | None) -> Iterator[Example]:
    """An Example a line; empty lines are none."""
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        example = _tried(lambda text: build(_record(_parsed(text)), number), line, number, on_bad)  # noqa: B023
        if example is not None:
            yield example


def read_list(stream: TextIO, build: Build, on_bad: OnBad | None) -> Iterator[Example]:
    """An Example a record of a JSON list; JSON Lines are understood too."""
    text = stream.read()
    if not text.strip():
        return
    if text.lstrip()[:1] != "[":
        yield from read_lines(iter(text.splitlines(keepends=True)), build, on_bad)  # type: ignore[arg-type]
        return
    is_broken = _BROKEN.search(text) is not None
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        tell(on_bad, BadRecord(line, "the file is not JSON from this line on"))
        return

    def built(record: Any, number: int) -> Example:
        if is_broken and _BROKEN.search(json.dumps(record, ensure_ascii=False)):
            raise ExampleError("not UTF-8")
        return build(_record(record), number)

    for number, record in enumerate(found, 1):
        example = _tried(lambda one: built(one, number), record, number, on_bad)  # noqa: B023
        if example is not None:
            yield example


def tell(on_bad: OnBad | None, bad: BadRecord) -> None:
    """Report a bad record. Raises ExampleError where nobody listens."""
    if on_bad is None:
        raise ExampleError(f"record {bad.number}: {bad.reason}")
    on_bad(bad)


def rest_of(example: Example) -> dict[str, Any]:
    """All fields of an Example but its text and spans."""
    return {key: v for key, v in example.to_json().items() if key not in ("text", "spans")}


def example_of(
    text: object, spans: Iterable[Mapping[str, Any]], rest: object, number: int, *, id: object = ""
) -> Example:
    """The Example of a foreign record. Raises ExampleError.

    Args:
        rest: what ``rest_of`` gave; where it is missing, the text is taken as plain and ``id``, or the number, as id.
    """
    if rest is not None and not isinstance(rest, Mapping):
        raise ExampleError(f'"{REST}" must be an object')
    line = {"id": str(id if id not in ("", None) else number), "markup": "plain", **(rest or {})}
    return checked({**line, "text": text, "spans": list(spans)})


def checked(line: Mapping[str, Any]) -> Example:
    """``example_from_json``, with offsets that are whole numbers and nothing else."""
    for name in ("spans", "prediction"):
        for span in line.get(name) or ():
            if not all(type(span[edge]) is int for edge in ("start", "end")):
                raise ExampleError("offsets must be whole numbers")
            if not isinstance(span["label"], str):
                raise ExampleError("a label must be a string")
    return example_from_json(line)


def span_rows(example: Example) -> list[dict[str, Any]]:
    """The spans as objects with start, end, label."""
    return [{"start": one.start, "end": one.end, "label": one.label} for one in example.spans]


def _tried(
    build: Callable[[Any], Example], record: Any, number: int, on_bad: OnBad | None
) -> Example | None:
    try:
        return build(record)
    except ExampleError as error:
        reason = str(error)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"a field is missing or of the wrong type ({type(error).__name__})"
    tell(on_bad, BadRecord(number, reason))
    return None


def _parsed(line: str) -> Any:
    if _BROKEN.search(line):
        raise ExampleError("not UTF-8")
    try:
        return json.loads(line.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ExampleError(f"not JSON ({error.msg}, column {error.colno})") from None


def _record(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ExampleError("expected a JSON object")
    return value
