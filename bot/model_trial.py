"""A trial: another model beside the one in use, on the newest flags, and what a person's decision says about it."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import OverloadedError
from bot.records import Flag, FoundSpan
from bot.review import WRONG
from bot.store import FlagQuery, Store
from piiguard import Guard, Message

MAX_FLAGS: Final = 60
#: A request waits for it: what is not done by then is left out, and said so.
BUDGET_S: Final = 12.0
_BATCH: Final = 8
_running = threading.Lock()

Mark = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Flip:
    """A flag on which two models differ. ``fixes`` and ``breaks`` count spans against what a person decided."""

    flag: Flag
    found: tuple[str, ...]
    lost: tuple[str, ...]
    fixes: int
    breaks: int
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What two models make of the same flags. ``n_left_out``: for lack of time."""

    n: int
    n_left_out: int
    flips: tuple[Flip, ...]

    @property
    def n_fixed(self) -> int:
        """Spans that the new model gets right and the old one did not."""
        return sum(flip.fixes for flip in self.flips)

    @property
    def n_broken(self) -> int:
        """Spans that the old model had right and the new one does not."""
        return sum(flip.breaks for flip in self.flips)


def try_model(
    store: Store, tenant: str, old: Guard, new: Guard, *, budget_s: float = BUDGET_S
) -> Trial:
    """Both models over the newest flags that still have a text. Flags hold what the old one found, and what it missed
    and people reported; other messages are not kept.

    Raises: OverloadedError while another trial runs.
    """
    if not _running.acquire(blocking=False):
        raise OverloadedError("another trial runs now; try again in a moment")
    try:
        flags = [one for one in _newest(store, tenant) if any(part.text for part in one.parts)]
        until = time.monotonic() + budget_s
        flips: list[Flip] = []
        n = 0
        for start in range(0, len(flags), _BATCH):
            if time.monotonic() > until:
                break
            some = flags[start : start + _BATCH]
            for flag, before, after in zip(some, _marks(old, some), _marks(new, some), strict=True):
                flips += _flip(store, flag, before, after)
            n += len(some)
        flips.sort(key=lambda one: (-one.breaks, -one.fixes, -one.flag.number))
        return Trial(n, len(flags) - n, tuple(flips))
    finally:
        _running.release()


def _newest(store: Store, tenant: str) -> Sequence[Flag]:
    return store.queue.page(tenant, FlagQuery(snoozed=None), "newest", limit=MAX_FLAGS).flags


def _marks(guard: Guard, flags: Sequence[Flag]) -> list[frozenset[Mark]]:
    """What a model finds in each flag, in one batch."""
    places = [(n, part) for n, flag in enumerate(flags) for part in flag.parts if part.text]
    spans = guard.detect_batch([Message(part.text, (), part.markup) for _, part in places])
    found: list[set[Mark]] = [set() for _ in flags]
    for (n, part), some in zip(places, spans, strict=True):
        found[n] |= {(part.name, span.start, span.end, span.label) for span in some}
    return [frozenset(one) for one in found]


def _flip(store: Store, flag: Flag, before: frozenset[Mark], after: frozenset[Mark]) -> list[Flip]:
    """How a flag changes; nothing where it does not."""
    found, lost = after - before, before - after
    if not found and not lost:
        return []
    truth, is_whole = _truth(store, flag)
    fixes = breaks = 0
    if truth is not None:
        fixes = len(found & truth) + len(lost - truth)
        # who did not sign has not said that nothing else is personal
        breaks = len(lost & truth) + (len(found - truth) if is_whole else 0)
    return [Flip(flag, _labels(found), _labels(lost), fixes, breaks, truth is not None)]


def _truth(store: Store, flag: Flag) -> tuple[frozenset[Mark] | None, bool]:
    """What a person says is personal in a flag, and whether that is all; None where nobody has decided."""
    if flag.state not in ("confirmed", "corrected", "accepted_risk", "not_pii"):
        return None, False
    standing = [one for one in store.reviews.of_flag(flag.id, flag.tenant) if not one.undone]
    is_whole = bool(standing) and standing[-1].signed
    if flag.state != "not_pii":
        return _as_marks(flag.spans), is_whole
    # harmless is still personal data: the policy erred, not the model
    if any(one.reason in WRONG for one in standing[-1:]):
        return frozenset(), is_whole
    return None, False


def _as_marks(spans: Iterable[FoundSpan]) -> frozenset[Mark]:
    return frozenset((one.part, one.start, one.end, one.label) for one in spans)


def _labels(marks: Iterable[Mark]) -> tuple[str, ...]:
    return tuple(sorted(mark[3] for mark in marks))
