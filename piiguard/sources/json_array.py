"""The objects of a JSON array, one at a time: a day file of a busy channel is never held whole."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from piiguard.errors import SourceError
from piiguard.sources.text_stream import Readable, read_chunks

#: One message with all its blocks and previews; what is longer is refused.
MAX_ELEMENT = 16_000_000
_SPACE = " \t\r\n"
_INCOMPLETE = "Unterminated string"


def read_array(
    file: Readable, name: str, *, tick: Callable[[int], None] | None = None
) -> Iterator[dict[str, Any]]:
    """The objects of the array; elements of other types are passed over.

    Raises SourceError naming line and column where the text stops being such an array, after the objects before it.
    """
    buffer = _Buffer(read_chunks(file, name, tick=tick), name)
    if buffer.next_mark() != "[":
        raise buffer.error("expected a JSON array")
    buffer.drop(1)
    if buffer.next_mark() == "]":
        return
    while True:
        element = buffer.element()
        if isinstance(element, dict):
            yield element
        mark = buffer.next_mark()
        if mark == "]":
            return
        if mark != ",":
            raise buffer.error("not JSON (expected a comma or the end of the array)")
        buffer.drop(1)
        buffer.next_mark()


class _Buffer:
    """Text that has been read and not yet understood, and where it stands in the file."""

    def __init__(self, chunks: Iterator[str], name: str) -> None:
        self._chunks = chunks
        self._name = name
        self._text = ""
        self._at = 0
        self._line, self._column = 1, 1
        self._ended = False
        self._decoder = json.JSONDecoder()

    def next_mark(self) -> str:
        """The next character that is not white space, left in place; "" at the end."""
        while True:
            at = self._at
            while at < len(self._text) and self._text[at] in _SPACE:
                at += 1
            self.drop(at - self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill(1):
                return ""

    def element(self) -> Any:
        """Decode the value that begins here, reading on until it is whole."""
        wanted = 65_536
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_inside = error.pos < len(self._text) - 16
                if self._ended or (is_inside and not error.msg.startswith(_INCOMPLETE)):
                    raise self.error(f"not JSON ({error.msg})", error.pos) from None
            except (RecursionError, ValueError) as error:
                raise self.error(f"not JSON that can be read ({type(error).__name__})") from None
            else:
                if end < len(self._text) or self._ended:
                    self.drop(end - self._at)
                    return value
            if len(self._text) - self._at > MAX_ELEMENT:
                raise self.error(f"a message of more than {MAX_ELEMENT:,} characters")
            self._fill(wanted)
            wanted *= 2

    def drop(self, n_chars: int) -> None:
        """Take note that so many characters are done with."""
        end = self._at + n_chars
        self._line, self._column = self._place(end)
        self._at = end
        if self._at > 1_000_000:
            self._text, self._at = self._text[self._at :], 0

    def error(self, reason: str, at: int | None = None) -> SourceError:
        """A SourceError for this place, or for another one further on."""
        line, column = self._place(self._at if at is None else max(at, self._at))
        return SourceError(f"{self._name} line {line}, column {column}: {reason}")

    def _place(self, at: int) -> tuple[int, int]:
        n_lines = self._text.count("\n", self._at, at)
        if not n_lines:
            return self._line, self._column + at - self._at
        return self._line + n_lines, at - self._text.rfind("\n", self._at, at)

    def _fill(self, wanted: int) -> bool:
        """Read at least so many characters more, if there are any."""
        pieces, n_read = [], 0
        while n_read < wanted and not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                pieces.append(chunk)
                n_read += len(chunk)
        self._text = self._text[self._at :] + "".join(pieces)
        self._at = 0
        return n_read > 0
