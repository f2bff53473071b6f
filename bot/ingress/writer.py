"""Writer: one thread puts events on disk for all requests, many in one commit.

Sixteen threads writing SQLite by themselves took 1.6 s at the 99th percentile, one thread with group commit 24 ms.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import OverloadedError
from bot.logs import event as log_event
from bot.store.inbox import NewEvent

CAPACITY = 1000
BATCH_ROWS = 256
BATCH_BYTES = 1_000_000
#: A batch that failed twice goes row by row; after so many rows that fail in a row, it is the database that is ill.
ROWS_TO_GIVE_UP = 3


class Inbox(Protocol):
    """What the writer needs of ``Store.inbox``."""

    def put_many(self, events: Sequence[NewEvent]) -> list[bool]:
        """Commit the events; True where a row is new."""
        ...


@dataclass(slots=True)
class _Waiting:
    event: NewEvent
    size_bytes: int
    settled: threading.Event = field(default_factory=threading.Event)
    is_new: bool | None = None  # None: not stored
    given_up: bool = False


def _exit_now() -> None:
    os._exit(
        70
    )  # EX_SOFTWARE: an exception in a thread would leave a process that acknowledges nothing


class Writer:
    """``put`` returns when the row is on disk. One thread a process, made by ``start`` and never before a fork."""

    def __init__(
        self,
        inbox: Inbox,
        *,
        capacity: int = CAPACITY,
        on_death: Callable[[], None] = _exit_now,
    ):
        self._inbox = inbox
        self._capacity = capacity
        self._on_death = on_death
        self._queue: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._stopping = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Take nothing more, write what waits, and end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout_s)

    @property
    def is_alive(self) -> bool:
        """True while events are taken."""
        return self._thread is not None and self._thread.is_alive() and not self._stopping

    @property
    def depth(self) -> int:
        """How many rows wait for the disk."""
        return len(self._queue)

    def put(self, event: NewEvent, timeout_s: float = 2.0, *, size_bytes: int = 0) -> bool:
        """Put one event on disk; True when it is new, False when its key was there before.

        Raises OverloadedError when the queue is full, the disk did not answer in time, or the process is stopping:
        then nothing may be acknowledged. The row may still land; the one who sends it again finds its key.
        """
        waiting = _Waiting(event, size_bytes)
        with self._changed:
            if self._stopping or len(self._queue) >= self._capacity:
                raise OverloadedError("the inbox takes no more for now; send it again")
            self._queue.append(waiting)
            self._changed.notify_all()
        if not waiting.settled.wait(timeout_s):
            waiting.given_up = True
            raise OverloadedError("the database did not answer in time; send it again")
        if waiting.is_new is None:
            raise OverloadedError("the database refused the event; send it again")
        return waiting.is_new

    def _run(self) -> None:
        try:
            while batch := self._next_batch():
                self._write(batch)
        except BaseException as error:
            log_event("bot.writer", "writer_died", level=logging.CRITICAL, error=error)
            self._on_death()
            raise

    def _next_batch(self) -> list[_Waiting]:
        """What waits now, up to a batch; empty when the writer has stopped. Never waits to fill a batch."""
        with self._changed:
            while True:
                batch: list[_Waiting] = []
                size = 0
                while self._queue and len(batch) < BATCH_ROWS and size < BATCH_BYTES:
                    waiting = self._queue.popleft()
                    if not waiting.given_up:
                        batch.append(waiting)
                        size += waiting.size_bytes
                if batch or self._stopping:
                    return batch
                self._changed.wait()

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            if not self._try(batch):
                time.sleep(0.02)
                if not self._try(batch):
                    self._write_one_by_one(batch)
        finally:
            for waiting in batch:
                waiting.settled.set()

    def _write_one_by_one(self, batch: list[_Waiting]) -> None:
        """So that one bad row cannot refuse 255 others."""
        n_failed = 0
        for waiting in batch:
            if self._try([waiting]):
                waiting.settled.set()
                n_failed = 0
            else:
                n_failed += 1
                if n_failed == ROWS_TO_GIVE_UP:
                    return

    def _try(self, batch: list[_Waiting]) -> bool:
        # Sorted by key: two replicas must not deadlock on the unique index. The same key twice in a batch is one row.
        rows: dict[str, NewEvent] = {}
        for waiting in sorted(batch, key=lambda waiting: waiting.event.event_key):
            rows.setdefault(waiting.event.event_key, waiting.event)
        try:
            new = dict(zip(rows, self._inbox.put_many(list(rows.values())), strict=True))
        except Exception as error:  # noqa: BLE001  whatever it was, nothing is acknowledged
            log_event("bot.writer", "batch_failed", level=logging.WARNING, error=error, n=len(rows))
            return False
        for waiting in batch:
            waiting.is_new = new[waiting.event.event_key]
            new[waiting.event.event_key] = False
        return True
