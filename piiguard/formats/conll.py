"""CoNLL: a token, a tab, its tag; an empty line between texts. Comments hold what tokens cannot: text, id, the rest.

A file without our comments is read too: its tokens stand one space apart.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats.records import (
    BadRecord,
    OnBad,
    dump,
    example_of,
    rest_of,
    tell,
    without_lone_surrogates,
)
from piiguard.formats.tokens import placed, spans_of, tagged

_TEXT, _REST = "# text = ", "# piiguard = "


def write(examples: Iterable[Example], stream: TextIO) -> int:
    """A block of lines an Example."""
    n = 0
    for example in examples:
        # each comment is JSON: a line break in a text must not end the line
        text = without_lone_surrogates(example.text)
        lines = [_TEXT + dump(text), _REST + dump(rest_of(example))]
        lines += [
            f"{one.text}\t{one.tag}" for one in tagged(text, example.spans, with_white_edges=False)
        ]
        stream.write("\n".join(lines) + "\n\n")
        n += 1
    return n


def read(stream: TextIO, on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such blocks. The tags count, whatever else a comment says; "-DOCSTART-" is skipped."""
    for number, block in _blocks(stream):
        try:
            example = _example(block, number)
        except ExampleError as error:
            tell(on_bad, BadRecord(number, str(error)))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            tell(on_bad, BadRecord(number, f"the comments are broken ({type(error).__name__})"))
        else:
            if example is not None:
                yield example


def _blocks(stream: TextIO) -> Iterator[tuple[int, list[str]]]:
    """(line it begins in, lines) of each block."""
    block: list[str] = []
    begins = 1
    for number, line in enumerate(stream, 1):
        line = line.rstrip("\r\n")
        if line:
            begins = begins if block else number
            block.append(line)
        elif block:
            yield begins, block
            block = []
    if block:
        yield begins, block


def _example(lines: list[str], number: int) -> Example | None:
    text: str | None = None
    rest: Any = None
    words, tags = [], []
    for line in lines:
        if any("\udc80" <= char <= "\udcff" for char in line):
            raise ExampleError("not UTF-8")
        if "\t" not in line and line.startswith(_TEXT):
            text = json.loads(line.removeprefix(_TEXT))
        elif "\t" not in line and line.startswith(_REST):
            rest = json.loads(line.removeprefix(_REST))
        elif "\t" not in line and line.startswith("#"):
            continue
        else:
            columns = line.split("\t") if "\t" in line else line.split(" ")
            if columns[0] == "-DOCSTART-":
                continue
            if len(columns) < 2:
                raise ExampleError("expected a token, a tab and a tag")
            words.append(columns[0])
            tags.append(columns[-1])
    if text is None and not words:
        return None
    text = " ".join(words) if text is None else text
    return example_of(text, spans_of(placed(text, words), tags), rest, number)
