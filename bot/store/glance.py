"""Glance: what the overview counts by day, in one narrow pass, and when a message was last seen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, select

from bot.records import PENDING
from bot.store.engine import Database, to_datetime
from bot.store.tables import flags, messages

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class DayFlow:
    """Flags opened and closed on one day of UTC."""

    day: date
    n_opened: int
    n_closed: int


class Glance:
    """Counts over flags and messages; opens no cell."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def flow(self, tenant: str, days: int, now: datetime) -> list[DayFlow]:
        """Opened and closed on each of the last ``days`` days, the last one today, oldest first."""
        today = now.astimezone(UTC).date()
        first = today - timedelta(days=days - 1)
        since = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
        opened = self._by_day(tenant, flags.c.opened_at, since)
        closed = self._by_day(
            tenant, flags.c.resolved_at, since, flags.c.state.not_in(sorted(PENDING))
        )
        return [
            DayFlow(day, opened.get(number, 0), closed.get(number, 0))
            for number, day in ((n, first + timedelta(days=n)) for n in range(days))
        ]

    def last_message(self, tenant: str) -> tuple[datetime, str] | None:
        """When the last message was scanned, and its channel; None before the first one."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(messages.c.seen_at, messages.c.channel_id)
                .where(messages.c.tenant == tenant)
                .order_by(messages.c.seen_at.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else (to_datetime(row.seen_at), row.channel_id)

    def _by_day(self, tenant: str, column: Any, since: float, *where: Any) -> dict[int, int]:
        """How many rows by day, counted from ``since``."""
        since_first = (column - since) / _DAY_S
        # subtle: a cast rounds on PostgreSQL and cuts on SQLite, whose floor() may be left out
        whole = since_first if self._db.is_sqlite else func.floor(since_first)
        day = cast(whole, Integer)
        query = (
            select(day.label("day"), func.count().label("n"))
            .where(flags.c.tenant == tenant, column.is_not(None), column >= since, *where)
            .group_by(day)
        )
        with self._db.reading() as tx:
            return {int(row.day): int(row.n) for row in tx.execute(query)}
