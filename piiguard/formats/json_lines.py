"""piiguard's own JSON Lines: ``piiguard/example@1`` and ``piiguard/correction@1``, whole."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from piiguard.examples import Example
from piiguard.formats.records import OnBad, checked, read_lines, write_lines


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """One line an Example."""
    return write_lines((example.to_json() for example in examples), stream)


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples and Corrections of a file."""
    return read_lines(stream, lambda record, number: checked(record), on_bad)
