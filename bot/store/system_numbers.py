"""What the system page counts: how late events came, how long a card took, and which gaps are being read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.store.engine import clock, to_datetime
from bot.store.tables import cards, inbox, messages

_RECENT: Final = 500
_DAY_S: Final = 86_400.0
_UNEDITED: Final = "0000000000.000000"


@dataclass(frozen=True, slots=True)
class Lag:
    """How long something took, of the last ``n`` times."""

    n: int
    p50_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without events, which Slack's history fills. ``state``: waiting, reading or read."""

    since: datetime
    until: datetime
    state: str
    noticed_at: datetime


def event_lag(tx: Connection, tenant: str) -> Lag | None:
    """From a message's time to the end of its scan, of the newest messages of the last day; None without any.

    Edited messages and older ones, which a look back brings, say nothing about this.
    """
    oldest = f"{clock(tx) - _DAY_S:.6f}"
    rows = tx.execute(
        select(messages.c.ts, messages.c.seen_at)
        .where(messages.c.tenant == tenant, messages.c.version == _UNEDITED)
        .where(messages.c.ts >= oldest)
        .order_by(messages.c.seen_at.desc())
        .limit(_RECENT)
    )
    return _lag([row.seen_at - _seconds(row.ts) for row in rows])


def card_lag(tx: Connection, tenant: str) -> Lag | None:
    """From a message's time to its card's, both by Slack's clock, of the newest cards; None without any."""
    rows = tx.execute(
        select(cards.c.ts, func.min(cards.c.slack_ts).label("posted"))
        .where(cards.c.tenant == tenant, cards.c.slack_ts != "")
        .group_by(cards.c.ts)
        .order_by(cards.c.ts.desc())
        .limit(_RECENT)
    )
    return _lag([_seconds(row.posted) - _seconds(row.ts) for row in rows])


def gaps(tx: Connection, tenant: str, limit: int = 20) -> list[Gap]:
    """The gaps of the last days, newest first."""
    rows = tx.execute(
        select(inbox.c.event_key, inbox.c.state, inbox.c.received_at)
        .where(inbox.c.tenant == tenant, inbox.c.kind == "backfill")
        .where(inbox.c.event_key.startswith(f"gap:{tenant}:", autoescape=True))
        .order_by(inbox.c.received_at.desc())
        .limit(limit)
    ).all()
    unread = reading(tx, tenant)
    found = []
    for row in rows:
        begin, end = _window(row.event_key.removeprefix(f"gap:{tenant}:"))
        state = "waiting" if row.state in ("ready", "leased") else "reading" if unread else "read"
        found.append(Gap(to_datetime(begin), to_datetime(end), state, to_datetime(row.received_at)))
    return found


def reading(tx: Connection, tenant: str) -> int:
    """Rows of look backs that are not finished."""
    query = (
        select(func.count())
        .select_from(inbox)
        .where(inbox.c.tenant == tenant, inbox.c.kind == "backfill")
        .where(inbox.c.state.in_(("ready", "leased")))
    )
    return int(tx.execute(query).scalar_one())


def _window(key: str) -> tuple[float, float]:
    """A gap is named by its two ends, or by the minute that Slack held back."""
    pieces = [_seconds(piece) for piece in key.split(":")]
    return (pieces[0], pieces[1]) if len(pieces) > 1 else (pieces[0], pieces[0] + 60)


def _lag(values: Sequence[float]) -> Lag | None:
    if not values:
        return None
    ordered = sorted(max(0.0, value) for value in values)
    last = len(ordered) - 1
    return Lag(len(ordered), ordered[round(last * 0.5)], ordered[round(last * 0.95)])


def _seconds(ts: Any) -> float:
    try:
        return float(ts)
    except (TypeError, ValueError):
        return 0.0
