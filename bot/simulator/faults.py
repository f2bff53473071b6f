"""What goes wrong between an app and Slack, on demand or by a seeded dice.

A fault takes the place of the answer of one Web API call. ``done`` says whether Slack did the work all the same: the
answer is lost, and the caller cannot know.
"""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

#: rate_limited: 429 with Retry-After. status: 5xx. error: 200 with ok false. garbage: 200, not JSON.
#: reset: the connection is cut. hang: no answer for ``seconds``, then the connection is cut.
FaultKind = Literal["rate_limited", "status", "error", "garbage", "reset", "hang"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong. ``seconds``: the Retry-After of rate_limited, the silence of hang."""

    kind: FaultKind
    method: str = "*"
    done: bool = False
    seconds: float = 1.0
    status: int = 500
    code: str = "internal_error"

    def __post_init__(self) -> None:
        if self.kind == "rate_limited" and self.done:
            raise ValueError("a call that was rate limited was not done")


class Faults:
    """The faults to come. Planned ones go first, in order; then the dice, if there is one."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._dice: random.Random | None = None
        self._rate = 0.0
        self._choices: Sequence[Fault] = ()
        self._lock = threading.Lock()
        self.taken: list[tuple[str, Fault]] = []

    def add(
        self,
        kind: FaultKind,
        method: str = "*",
        *,
        times: int = 1,
        done: bool = False,
        seconds: float = 1.0,
        status: int = 500,
        code: str = "internal_error",
    ) -> None:
        """The next ``times`` calls of ``method`` (a glob: "chat.*") go wrong in this way."""
        fault = Fault(kind, method, done, seconds, status, code)
        with self._lock:
            self._planned += [fault] * times

    def roll(self, seed: int, rate: float, choices: Sequence[Fault]) -> None:
        """From now on each call goes wrong with probability ``rate``, in one of the ways of ``choices``."""
        with self._lock:
            self._dice, self._rate, self._choices = random.Random(seed), rate, tuple(choices)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._planned.clear()
            self._dice = None

    def take(self, method: str) -> Fault | None:
        """The fault of this call; it is used up."""
        with self._lock:
            fault = self._next(method)
            if fault:
                self.taken.append((method, fault))
            return fault

    def _next(self, method: str) -> Fault | None:
        for index, fault in enumerate(self._planned):
            if fnmatch(method, fault.method):
                return self._planned.pop(index)
        if self._dice and self._dice.random() < self._rate:
            fitting = [fault for fault in self._choices if fnmatch(method, fault.method)]
            return self._dice.choice(fitting) if fitting else None
        return None
