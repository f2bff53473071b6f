"""Bytes -> text and lines, in bounded memory. A byte that cannot be read is named by its offset."""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol, cast

from piiguard.errors import SourceError
from piiguard.items import clean

CHUNK = 65_536
#: Lines of JSON and rows of a table are read whole, up to this many characters.
MAX_LINE = 16_000_000


class Readable(Protocol):
    """All that is asked of an open file."""

    def read(self, size: int = -1, /) -> bytes: ...


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # subtle: before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, uncompressed where its name ends in ``.gz``."""
    try:
        if path.suffix == ".gz":
            return cast(IO[bytes], gzip.open(path, "rb"))
        return open(path, "rb")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({why(error)})") from None


def read_chunks(
    file: Readable, name: str, *, tick: Callable[[int], None] | None = None
) -> Iterator[str]:
    """The text of a UTF-8 file, or of a UTF-16 or UTF-32 one that begins with its mark.

    Raises SourceError naming the byte where it is something else, after all text before that byte.
    """
    n_read, decoder = 0, None
    while True:
        try:
            chunk = file.read(CHUNK)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{name} byte {n_read}: cannot be read ({why(error)})") from None
        if tick:
            tick(len(chunk))
        skip = 0
        if decoder is None:
            encoding, skip = _encoding(chunk)
            decoder = codecs.getincrementaldecoder(encoding)()
            if encoding == "utf-8" and (nul := chunk.find(0)) >= 0:
                raise SourceError(
                    f"{name} byte {nul}: expected text, found a zero byte; a binary file, or UTF-16 without its mark"
                )
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk[skip:], final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(error.encoding, "ignore")
            if good:
                yield good
            at = n_read + skip - pending + error.start
            raise SourceError(
                f"{name} byte {at}: not {error.encoding.upper()}; convert the file to UTF-8"
            ) from None
        if text:
            yield text
        if not chunk:
            return
        n_read += len(chunk)


def read_lines(chunks: Iterable[str], name: str) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends. A line over MAX_LINE comes as "" with a SourceError after the last line.

    subtle: only a line feed ends a line; JSON may hold the other separators that Python splits at.
    """
    number, size = 1, 0
    rest: list[str] = []
    too_long: list[int] = []
    failure: SourceError | None = None
    iterator = iter(chunks)
    while True:
        try:
            chunk = next(iterator, None)
        except SourceError as error:
            chunk, failure = None, error
        if chunk is None:
            break
        *whole, tail = chunk.split("\n")
        for piece in whole:
            if size + len(piece) > MAX_LINE:
                too_long.append(number)
                yield number, ""
            else:
                yield number, clean("".join((*rest, piece)).removesuffix("\r"))
            number, rest, size = number + 1, [], 0
        size += len(tail)
        rest = [] if size > MAX_LINE else [*rest, tail]
    if size > MAX_LINE:
        too_long.append(number)
    elif size:
        yield number, clean("".join(rest))
    if failure:
        raise failure
    if too_long:
        raise SourceError(
            f"{name} line {too_long[0]}: {len(too_long)} of the lines are longer than {MAX_LINE:,} characters"
            " and were not read"
        )


def why(error: BaseException) -> str:
    """What the system says of an error, without any path or text."""
    return getattr(error, "strerror", None) or type(error).__name__


def _encoding(start: bytes) -> tuple[str, int]:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0
