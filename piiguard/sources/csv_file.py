"""CSV: every cell is judged with its column's name as context, and a row is one message to the policy."""

import csv
from collections.abc import Iterable, Iterator

from piiguard.errors import SourceError
from piiguard.items import Item, Place, one_line, slices
from piiguard.sources.file_source import FileSource
from piiguard.sources.text_stream import MAX_LINE, read_chunks, read_lines

#: In a table of messages these columns say where a message stands, and are not judged.
PLACE_COLUMNS = ("id", "channel", "ts", "user")
_SAMPLE = 16_384
_DELIMITERS = ",;\t|"


class CsvSource(FileSource):
    """The cells of a table. A first row of names is judged too: it may be no row of names after all."""

    def _items(self) -> Iterator[Item]:
        with self._open() as file:
            numbered = read_lines(read_chunks(file, self.name, tick=self._tick), self.name)
            lines = (line + "\n" for _, line in numbered)
            sample: list[str] = []
            size = 0
            for line in lines:
                sample.append(line)
                size += len(line)
                if size >= _SAMPLE:
                    break
            csv.field_size_limit(MAX_LINE)
            rows = csv.reader(
                _chain(sample, lines), delimiter=_delimiter("".join(sample)[:_SAMPLE])
            )
            yield from self._rows(rows)

    def _rows(self, rows: "Iterator[list[str]]") -> Iterator[Item]:
        names: list[str] | None = None
        line = 1
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                # subtle: csv's messages speak of form only, never of content
                raise SourceError(f"{self.name} line {line}: not CSV ({error})") from None
            if row is None:
                return
            if names is None:
                names = [one_line(name)[:80] for name in row]
            yield from self._row(row, names, line)
            line = getattr(rows, "line_num", line) + 1

    def _row(self, row: list[str], names: list[str], line: int) -> Iterator[Item]:
        known = {name.strip().lower(): cell for name, cell in zip(names, row, strict=False)}
        is_message = "text" in known and line > 1
        place = {
            key: one_line(known[key])[:200] or None
            for key in PLACE_COLUMNS[1:]
            if is_message and key in known
        }
        first = True
        for number, cell in enumerate(row):
            name = names[number] if number < len(names) else f"column {number + 1}"
            if is_message and name.strip().lower() in PLACE_COLUMNS:
                continue
            if not cell.strip():
                continue
            # subtle: not the column's name; where the first row is data, that would print a value
            where = Place(self.name, line, part=f"column {number + 1}", **place)
            context = (name,) if line > 1 and name else ()
            for item in slices(cell, where, context=context, first=first):
                yield item
                first = False
        if first:
            self.n_skipped += 1


def _delimiter(sample: str) -> str:
    """The one that the first line has most of; csv.Sniffer guesses letters, and is slow on some texts."""
    first = sample.partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _chain(first: Iterable[str], rest: Iterable[str]) -> Iterator[str]:
    yield from first
    yield from rest
