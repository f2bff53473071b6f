"""Keeping a lease while the work runs, and ending a process whose work hangs."""

import os
import threading
import time
from collections.abc import Callable
from types import TracebackType

from bot.errors import BotError
from bot.logs import event as log_event
from bot.store import Store

LEASE_S = 30.0
EXTEND_EVERY_S = 10.0
#: A native call that hangs cannot be stopped: after this long the process ends, and the attempt counts.
HUNG_AFTER_S = 300.0
EXIT_HUNG = 70


def _exit() -> None:
    os._exit(EXIT_HUNG)


class LeaseKeeper:
    """``with`` it around work on leased rows: a thread extends the lease every ten seconds, for five minutes at most."""

    def __init__(
        self,
        store: Store,
        lease_token: str,
        *,
        every_s: float = EXTEND_EVERY_S,
        hung_after_s: float = HUNG_AFTER_S,
        on_hung: Callable[[], None] = _exit,
    ):
        self._store = store
        self._token = lease_token
        self._every_s = every_s
        self._hung_after_s = hung_after_s
        self._on_hung = on_hung
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()

    def _run(self) -> None:
        started = time.monotonic()
        while not self._ended.wait(self._every_s):
            if time.monotonic() - started >= self._hung_after_s:
                log_event("bot.worker", "worker_hung", level=50, seconds=self._hung_after_s)
                self._on_hung()
                return
            try:
                self._store.inbox.extend(self._token, LEASE_S)
            except BotError as error:
                # the finish is fenced: a lost lease costs work, never a result
                log_event("bot.worker", "lease_not_extended", level=30, error=error)
