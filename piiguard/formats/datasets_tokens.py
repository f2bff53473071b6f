"""Hugging Face datasets, "tokens" and "ner_tags", as token-classification scripts read them.

The tags are names; in Parquet (parquet.py) they are a ClassLabel. Read are the tags: spans follow from them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats.records import OnBad, read_lines, write_lines
from piiguard.formats.rows import example_of_row, row_of
from piiguard.formats.tokens import placed, spans_of, tagged
from piiguard.labels import TAGS


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """JSON Lines: "tokens", "ner_tags", and the other columns without the spans."""
    return write_lines(map(_row, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such lines. Where "text" is missing, the tokens stand one space apart."""
    return read_lines(stream, _example, on_bad)


def token_columns(example: Example) -> dict[str, list[str]]:
    """The two columns of an Example."""
    tokens = tagged(example.text, example.spans)
    return {"tokens": [one.text for one in tokens], "ner_tags": [one.tag for one in tokens]}


def _row(example: Example) -> dict[str, Any]:
    row = {name: value for name, value in row_of(example).items() if name != "spans"}
    return row | token_columns(example)


def _example(row: Mapping[str, Any], number: int) -> Example:
    tags = [_tag(tag) for tag in row["ner_tags"]]
    text = row["text"] if row.get("text") is not None else " ".join(row["tokens"])
    spans = spans_of(placed(text, row["tokens"]), tags)
    return example_of_row({"id": str(number), **row, "text": text, "spans": spans})


def _tag(tag: object) -> object:
    """A number is one of our own tags: the order is append-only."""
    if type(tag) is int:
        if not 0 <= tag < len(TAGS):
            raise ExampleError("unknown number of a tag")
        return TAGS[tag]
    return tag
