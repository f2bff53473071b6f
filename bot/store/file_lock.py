"""A lock that one process holds on a file, until it ends."""

import os
from pathlib import Path
from typing import IO

from bot.errors import ConfigError

try:
    import fcntl
except ImportError:  # Windows: nothing there keeps a second process away
    fcntl = None  # type: ignore[assignment]


class FileLock:
    """The lock beside a database file: one long-running process a SQLite database."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    @classmethod
    def take(cls, database: Path) -> "FileLock":
        """Take the lock. Raises: ConfigError when another process has it."""
        path = database.with_name(database.name + ".lock")
        stream = path.open("a", encoding="ascii")
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                stream.close()
                raise ConfigError(
                    f"Another process serves {database}; stop it first, or use PostgreSQL for several"
                ) from None
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        return cls(stream)

    def release(self) -> None:
        self._stream.close()
