"""72 h clocks: hours since a privacy officer said "we know of this". A timer, not legal advice.

No clock runs until somebody marks a case; a case is a confirmed critical flag. What was marked is kept as a setting of
the workspace, with ids and times only, and each mark writes its audit row.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bot.errors import ForbiddenError, NotFoundError, ReviewError
from bot.records import Person
from bot.store import Store
from bot.store.insights_audit import FlagCard

LIMIT: Final = timedelta(hours=72)
Outcome = Literal["", "notified", "no_notice", "mistake"]
#: How a clock is stopped.
OUTCOMES: Final[dict[str, str]] = {
    "notified": "Authority notified",
    "no_notice": "No notice needed",
    "mistake": "Marked by mistake",
}
#: How far back somebody may say that they knew.
MAX_BACK: Final = timedelta(days=90)
_PREFIX: Final = "aware:"


@dataclass(frozen=True, slots=True)
class Clock:
    """A case that somebody is aware of. ``stopped_at`` once its outcome is known."""

    flag: FlagCard
    aware_at: datetime
    by: str
    stopped_at: datetime | None = None
    outcome: Outcome = ""

    def left_s(self, now: datetime) -> float:
        """Seconds until 72 h are over; below 0 when they are. A stopped clock stands."""
        return (self.aware_at + LIMIT - (self.stopped_at or now)).total_seconds()

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None


def clocks(store: Store, tenant: str) -> list[Clock]:
    """The marked cases whose flag is still known: running ones first, the one with the least time left at the top."""
    kept = store.settings.all(tenant, _PREFIX)
    flags = store.insight_audit.flags(tenant, [key.removeprefix(_PREFIX) for key in kept])
    found = []
    for key, value in kept.items():
        flag = flags.get(key.removeprefix(_PREFIX))
        if flag is not None and value:
            found.append(_clock(flag, value))
    return sorted(found, key=lambda one: (not one.is_running, one.aware_at, one.flag.number))


def running(store: Store, tenant: str) -> list[Clock]:
    """The clocks that run, for the overview."""
    return [clock for clock in clocks(store, tenant) if clock.is_running]


def mark_aware(store: Store, tenant: str, flag_id: str, *, by: Person, at: datetime) -> Clock:
    """Start the clock of a confirmed critical flag, or move its start. ``at`` may lie in the past.

    Raises: ForbiddenError, NotFoundError, ReviewError with its field "at".
    """
    flag = _case(store, tenant, flag_id, by)
    if at.tzinfo is None:
        raise ValueError("the moment must be aware of its time zone")
    with store.transaction() as tx:
        now = store.now(tx)
        if at > now + timedelta(minutes=1):
            raise ReviewError("nobody can be aware in the future; give a moment in the past", "at")
        if at < now - MAX_BACK:
            raise ReviewError(f"give a moment of the last {MAX_BACK.days} days", "at")
        clock = Clock(flag, at, by.id)
        store.settings.set(tx, tenant, _PREFIX + flag_id, _dump(clock))
        store.audit.append(
            tx, tenant, by.id, "case.aware", flag_id, aware_at=at.astimezone(UTC).isoformat()
        )
    return clock


def stop(store: Store, tenant: str, flag_id: str, *, by: Person, outcome: str) -> Clock:
    """Stop a clock that runs. Raises: ForbiddenError, NotFoundError, ReviewError with its field "outcome"."""
    flag = _case(store, tenant, flag_id, by)
    if outcome not in OUTCOMES:
        raise ReviewError("say how it ended: " + ", ".join(OUTCOMES), "outcome")
    with store.transaction() as tx:
        value = store.settings.get(tenant, _PREFIX + flag_id, tx=tx)
        if not value:
            raise NotFoundError("There is no clock for this flag")
        clock = _clock(flag, value)
        if not clock.is_running:
            return clock
        clock = replace(clock, stopped_at=store.now(tx), outcome=outcome)  # type: ignore[arg-type]
        store.settings.set(tx, tenant, _PREFIX + flag_id, _dump(clock))
        store.audit.append(tx, tenant, by.id, "case.closed", flag_id, outcome=outcome)
    return clock


def _case(store: Store, tenant: str, flag_id: str, by: Person) -> FlagCard:
    if by.tenant != tenant:
        raise NotFoundError("There is no such flag here")
    if not by.may("compliance"):
        raise ForbiddenError("only privacy officers can do that")
    flag = store.insight_audit.flags(tenant, [flag_id]).get(flag_id)
    if flag is None:
        raise NotFoundError("There is no such flag here")
    if flag.severity != "critical" or flag.state not in ("confirmed", "corrected"):
        raise ReviewError("a clock is for a confirmed critical flag")
    return flag


def _dump(clock: Clock) -> str:
    return json.dumps(
        {
            "aware_at": clock.aware_at.astimezone(UTC).isoformat(),
            "by": clock.by,
            "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else "",
            "outcome": clock.outcome,
        }
    )


def _clock(flag: FlagCard, value: str) -> Clock:
    kept = json.loads(value)
    stopped = kept["stopped_at"]
    return Clock(
        flag,
        datetime.fromisoformat(kept["aware_at"]),
        kept["by"],
        datetime.fromisoformat(stopped) if stopped else None,
        kept["outcome"],
    )
