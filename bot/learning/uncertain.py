"""Least certain first: which flags teach most, and when to stop.

A flag whose score is low is the one where a decision tells the model most. Once reviewers change next to none of the
least certain flags, going on tells it little.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.insights.intervals import Rate
from bot.records import PENDING, Flag
from bot.store import FlagQuery, Store

#: Below this score a flag is uncertain.
UNCERTAIN: Final = 0.8
#: The stop rule looks at so many decisions, ...
WINDOW: Final = 30
#: ... and says stop when, with 95 % confidence, fewer than this share of them were changed.
STOP_AT: Final = 0.2
_DECIDED: Final = ("accepted_risk", "confirmed", "corrected", "not_pii")
_CHANGED: Final = frozenset({"corrected", "not_pii"})


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """``flags``: the least certain that wait. ``changed``: of the newest decisions on uncertain flags, those changed."""

    flags: tuple[Flag, ...]
    n_left: int
    changed: Rate

    @property
    def may_stop(self) -> bool:
        """True where going on would teach little."""
        interval = self.changed.interval
        has_enough = self.changed.whole >= WINDOW and interval is not None
        return self.n_left == 0 or (has_enough and interval is not None and interval[1] <= STOP_AT)

    @property
    def advice(self) -> str:
        """The stop rule in a sentence."""
        if self.n_left == 0:
            return f"No flag with a score below {UNCERTAIN:.0%} waits."
        if not self.changed.whole:
            return "Go on: no uncertain flag was decided yet."
        seen = f"{self.changed.part} of the last {self.changed.whole} decisions on uncertain flags changed something"
        if self.changed.whole < WINDOW:
            return f"Go on: {seen}. After {WINDOW} of them this page says when to stop."
        if self.may_stop:
            return f"You may stop: {seen}. What is left is likely to be as the model says."
        return f"Go on: {seen}. Stop when it is 1 or none."


def uncertainty(store: Store, tenant: str, limit: int = 8) -> Uncertainty:
    """How far the least certain flags of a workspace are."""
    waiting = FlagQuery(states=tuple(sorted(PENDING)), score_max=UNCERTAIN)
    # the newest flags stand in for the newest decisions: no index knows when a decision was taken
    decided = FlagQuery(states=_DECIDED, score_max=UNCERTAIN, snoozed=None)
    recent = store.queue.page(tenant, decided, "newest", 3 * WINDOW).flags
    never = datetime.fromtimestamp(0, UTC)
    last = sorted(recent, key=lambda flag: flag.resolved_at or never)[-WINDOW:]
    return Uncertainty(
        store.queue.page(tenant, waiting, "uncertain", limit).flags,
        store.queue.count(tenant, waiting),
        Rate(sum(flag.state in _CHANGED for flag in last), len(last)),
    )
