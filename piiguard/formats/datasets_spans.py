"""Hugging Face datasets, text and spans: ``load_dataset("json", data_files=...)`` gives a column a field."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from piiguard.examples import Example
from piiguard.formats.records import OnBad, read_lines, write_lines
from piiguard.formats.rows import example_of_row, row_of


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """JSON Lines: "text", "spans": [{"start", "end", "label"}], and the other columns."""
    return write_lines(map(row_of, examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such lines; only "text" and "spans" are needed, with an id."""
    return read_lines(
        stream, lambda row, number: example_of_row({"id": str(number), **row}), on_bad
    )
