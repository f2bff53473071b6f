"""Sources: Slack exports, JSON Lines, CSV and text -> items, in bounded memory.

``open_source`` looks at what a path holds rather than at its name alone.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import IO

from piiguard.errors import SourceError
from piiguard.items import Item, Problem, Source
from piiguard.sources.csv_file import CsvSource
from piiguard.sources.json_lines import JsonLinesSource
from piiguard.sources.plain_text import PlainTextSource
from piiguard.sources.slack_export import SlackExport
from piiguard.sources.text_stream import open_bytes, why

__all__ = [
    "CsvSource",
    "JsonLinesSource",
    "PlainTextSource",
    "SlackExport",
    "Sources",
    "open_source",
]

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_JSON_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_PEEK = 65_536


def open_source(path: str | Path, *, stdin: IO[bytes] | None = None) -> Source:
    """The Source for a zip, a folder, a file or "-" (``stdin``).

    Raises SourceError when there is none of this name, or it is nothing that can be read.
    """
    if str(path) == "-":
        if stdin is None:
            raise SourceError("stdin: not connected")
        stream = stdin if isinstance(stdin, BufferedReader) else BufferedReader(stdin)  # type: ignore[type-var]
        kind = JsonLinesSource if _is_json_lines(stream.peek(_PEEK)) else PlainTextSource
        return kind(None, stream=stream)
    path = Path(path)
    try:
        if path.is_dir():
            return SlackExport(path)
        with open(path, "rb") as file:
            magic = file.read(4)
        suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
        suffix = suffix.lower()
        if magic in _ZIP_MAGICS or suffix == ".zip":
            return SlackExport(path)
        if suffix in _TABLES:
            return CsvSource(path)
        if suffix in _JSON_LINES:
            return JsonLinesSource(path)
        with open_bytes(path) as content:
            is_json_lines = _is_json_lines(content.read(_PEEK))
        return JsonLinesSource(path) if is_json_lines else PlainTextSource(path)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({why(error)})") from None


class Sources:
    """Several inputs, one after the other, as one. An input that cannot be opened is a problem; the rest is read."""

    def __init__(self, paths: Sequence[str | Path], *, stdin: IO[bytes] | None = None) -> None:
        self.name = ", ".join(str(path) for path in paths)
        self._unopened: list[Problem] = []
        self.sources: list[Source] = []
        for path in paths:
            try:
                self.sources.append(open_source(path, stdin=stdin))
            except SourceError as error:
                place, _, reason = str(error).partition(": ")
                self._unopened.append(Problem(place, reason))

    def __iter__(self) -> Iterator[Item]:
        for source in self.sources:
            yield from source

    @property
    def fingerprint(self) -> str | None:
        """Of all inputs together; None when one of them can be read only once."""
        prints = [source.fingerprint for source in self.sources]
        known = [mark for mark in prints if mark is not None]
        return "+".join(known) if len(known) == len(prints) else None

    @property
    def size_bytes(self) -> int | None:
        """Of all inputs, None when one is unknown."""
        return _sum(source.size_bytes for source in self.sources)

    @property
    def done_bytes(self) -> int:
        """How far the reading is."""
        return sum(source.done_bytes for source in self.sources)

    @property
    def n_skipped(self) -> int:
        """Messages without text."""
        return sum(source.n_skipped for source in self.sources)

    @property
    def n_unread(self) -> int:
        """Files of exports that hold no messages in a form known here."""
        return sum(getattr(source, "n_unread", 0) for source in self.sources)

    @property
    def problems(self) -> list[Problem]:
        """What could not be read so far."""
        return [*self._unopened, *(p for source in self.sources for p in source.problems)]


def _sum(sizes: Iterable[int | None]) -> int | None:
    total = 0
    for size in sizes:
        if size is None:
            return None
        total += size
    return total


def _is_json_lines(start: bytes) -> bool:
    line = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    if not line.startswith(b"{"):
        return False
    try:
        data = json.loads(line)
    except ValueError:
        # a first line longer than what was looked at
        return len(start) >= _PEEK and b"\n" not in start and b'"text"' in line
    except RecursionError:
        return False
    return isinstance(data, dict) and "text" in data
