"""FileSource: what sources that read one file, or stdin, have in common."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from piiguard.errors import SourceError
from piiguard.items import Item, Problem
from piiguard.sources.text_stream import open_bytes


class FileSource:
    """Items of one file; subclasses say in ``_items`` how it is written.

    Args:
        path: of the file, or None with ``stream``.
        stream: bytes that can be read only once.
    """

    def __init__(self, path: Path | None, *, stream: IO[bytes] | None = None) -> None:
        self._path = path
        self._stream = stream
        self.name = str(path) if path else "stdin"
        self.fingerprint = file_fingerprint(path) if path else None
        is_packed = path is not None and path.suffix == ".gz"
        self.size_bytes = path.stat().st_size if path and not is_packed else None
        self.done_bytes = 0
        self.n_skipped = 0
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Item]:
        self.done_bytes = self.n_skipped = 0
        self.problems = []
        try:
            yield from self._items()
        except SourceError as error:
            self._problem_from(error)

    def _items(self) -> Iterator[Item]:
        raise NotImplementedError

    def _open(self) -> AbstractContextManager[IO[bytes]]:
        if self._stream is not None:
            return nullcontext(self._stream)
        assert self._path is not None
        return open_bytes(self._path)

    def _tick(self, n_bytes: int) -> None:
        self.done_bytes += n_bytes

    def _problem(self, place: str, reason: str) -> None:
        self.problems.append(Problem(place, reason))

    def _problem_from(self, error: SourceError) -> None:
        place, _, reason = str(error).partition(": ")
        self._problem(place, reason)


def file_fingerprint(path: Path) -> str:
    """Another one when the file was changed: over its name, size, time and both ends."""
    stat = path.stat()
    digest = hashlib.blake2b(
        f"{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode(errors="surrogateescape"),
        digest_size=16,
    )
    with open(path, "rb") as file:
        digest.update(file.read(65_536))
        if stat.st_size > 65_536:
            file.seek(-65_536, os.SEEK_END)
            digest.update(file.read())
    return digest.hexdigest()
