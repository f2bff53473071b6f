"""Threads: the loops of one process, and how they end within ten seconds without losing anything."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.logs import event as log_event

if TYPE_CHECKING:
    from bot.build import Parts

#: How long a loop waits after an error: the database is away, or we have a fault.
AFTER_ERROR_S = 1.0
#: Slack was away at the start: how long until it is asked again whose token this is.
CONNECT_AGAIN_S = 15.0


class Threads:
    """Made by ``build``, started by ``Parts.start``: always after a fork, never before."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._end = threading.Event()
        self._has_writer = False
        self._stopped = False

    def start(self, parts: "Parts", *, ingress: bool, work: bool) -> None:
        """Start what was asked for."""
        if not parts.workspaces.connect():
            self._start("connect", lambda: self._connect(parts))
        if ingress:
            parts.writer.start()
            self._has_writer = True
        if work:
            self._start("worker", lambda: self._loop(parts.worker.run_forever))
            self._start("sender", lambda: self._loop(parts.sender.run_forever))

    def stop(self, parts: "Parts", timeout_s: float) -> None:
        """Refuse what comes, write what waits, let the running batch and the send in flight end."""
        if self._stopped:
            return
        self._stopped = True
        give_up_at = time.monotonic() + timeout_s
        parts.stopping.set()
        if self._has_writer:
            parts.writer.stop(min(2.0, timeout_s))
        self._end.set()
        for thread in self._threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        late = [thread.name for thread in self._threads if thread.is_alive()]
        log_event("bot.threads", "stopped", n=len(late), reason=",".join(late) or "clean")
        if not late:
            # with a thread still in the database, the end of the process closes it
            parts.store.checkpoint()
            parts.store.close()

    def dead(self, parts: "Parts") -> list[str]:
        """Threads that ended before they were told to."""
        if self._end.is_set() or parts.stopping.is_set():
            return []
        dead = [
            thread.name
            for thread in self._threads
            if not thread.is_alive() and thread.name != "connect"
        ]
        if self._has_writer and not parts.writer.is_alive:
            dead.append("writer")
        return dead

    def _start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _loop(self, work: Callable[[threading.Event], None]) -> None:
        """Work until told to end; an error is logged, and the work begun again."""
        while not self._end.is_set():
            try:
                work(self._end)
            except Exception as error:  # noqa: BLE001  the loop must outlive whatever it was
                name = threading.current_thread().name
                log_event("bot.threads", "loop_failed", level=logging.ERROR, error=error, job=name)
                self._end.wait(AFTER_ERROR_S)

    def _connect(self, parts: "Parts") -> None:
        while not self._end.wait(CONNECT_AGAIN_S):
            try:
                if parts.workspaces.connect():
                    return
            except Exception as error:  # noqa: BLE001  tried again
                log_event("bot.threads", "connect_failed", level=logging.WARNING, error=error)
