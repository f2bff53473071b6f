"""LiveGuard: a Guard that takes up another model when models/CURRENT names one. No message is lost on the way."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot.logs import event as log_event
from piiguard import Guard, Message, Span, load
from piiguard.errors import PiiguardError
from piiguard.model_dir import Manifest, default_model_dir

#: How often CURRENT is looked at.
LOOK_S: Final = 2.0


class LiveGuard(Guard):
    """Judges by the model that is in use now. Thread-safe.

    Who notices a change loads the new model; the others go on with the old one until it is there. A model that does
    not load leaves the old one in use, and ``problem`` says why.

    Args:
        find: where the model in use lies.
        open_: how it is opened.
    """

    def __init__(
        self,
        *,
        find: Callable[[], Path] = default_model_dir,
        open_: Callable[[Path], Guard] = load,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._open = open_
        self._clock = clock
        self._path = find()
        self._now = open_(self._path)
        # the base class reads it for the name
        self.manifest = self._now.manifest
        self.problem = ""
        self.on_change: Callable[[Manifest], None] = lambda manifest: None
        self._looked_at = clock()
        self._looking = threading.Lock()

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        """As ``Guard.detect_batch``, by the model in use."""
        if self._clock() - self._looked_at >= LOOK_S:
            self.look()
        return self._now.detect_batch(messages)

    def look(self) -> None:
        """Take up what CURRENT names now."""
        if not self._looking.acquire(blocking=False):
            return  # somebody does
        try:
            self._looked_at = self._clock()
            path = self._find()
            if path == self._path:
                return
            self._path = path
            fresh = self._open(path)
            self._now, self.manifest, self.problem = fresh, fresh.manifest, ""
            log_event("bot.model", "taken_up", model=fresh.name)
            if fresh.manifest is not None:
                self.on_change(fresh.manifest)
        except PiiguardError as error:
            self.problem = f"{self._path.name} cannot be used; {self.name} goes on"
            log_event("bot.model", "not_taken_up", level=logging.ERROR, error=error)
        finally:
            self._looking.release()
