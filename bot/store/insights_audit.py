"""The audit log of a stretch of time, for reports: its rows with their codes, and what flags they are about."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from bot.store.engine import Database, to_datetime, to_datetime_or_none
from bot.store.tables import audit, flags

_PAGE: Final = 2_000
_MANY: Final = 500


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A row of the audit log with the codes that chain it to the row before."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    details: dict[str, Any]
    prev_mac: str
    mac: str


@dataclass(frozen=True, slots=True)
class FlagCard:
    """What a report says of a flag: never its text."""

    id: str
    number: int
    channel_id: str
    severity: str
    model: str
    state: str
    labels: dict[str, int]
    opened_at: datetime
    resolved_at: datetime | None


class InsightAudit:
    """Reads the audit log by time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def rows(self, tenant: str, since: datetime, until: datetime) -> Iterator[LoggedRow]:
        """The rows of a period, oldest first, read page by page."""
        last = 0
        while True:
            with self._db.reading() as tx:
                rows = tx.execute(
                    select(audit)
                    .where(audit.c.tenant == tenant, audit.c.seq > last)
                    .where(audit.c.at >= since.timestamp(), audit.c.at < until.timestamp())
                    .order_by(audit.c.seq)
                    .limit(_PAGE)
                ).all()
            for row in rows:
                yield LoggedRow(
                    seq=row.seq,
                    at=to_datetime(row.at),
                    actor=row.actor,
                    action=row.action,
                    object=row.object,
                    details=json.loads(row.details),
                    prev_mac=row.prev_mac,
                    mac=row.mac,
                )
            if len(rows) < _PAGE:
                return
            last = rows[-1].seq

    def first_at(self, tenant: str) -> datetime | None:
        """When the log of a tenant begins."""
        with self._db.reading() as tx:
            query = select(func.min(audit.c.at)).where(audit.c.tenant == tenant)
            return to_datetime_or_none(tx.execute(query).scalar_one())

    def flags(self, tenant: str, ids: Iterable[str]) -> dict[str, FlagCard]:
        """Those of these flags that are still known."""
        wanted = sorted(set(ids))
        found: dict[str, FlagCard] = {}
        with self._db.reading() as tx:
            for start in range(0, len(wanted), _MANY):
                rows = tx.execute(
                    select(flags).where(
                        flags.c.tenant == tenant, flags.c.id.in_(wanted[start : start + _MANY])
                    )
                )
                for row in rows:
                    found[row.id] = _card(row)
        return found

    def closed_by_message(self, tenant: str, since: datetime, until: datetime) -> tuple[int, int]:
        """(resolved, superseded) flags of a period: an edit or a deletion closed them, which no person decided."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flags.c.state, func.count())
                .where(flags.c.tenant == tenant, flags.c.state.in_(("resolved", "superseded")))
                .where(flags.c.resolved_at >= since.timestamp())
                .where(flags.c.resolved_at < until.timestamp())
                .group_by(flags.c.state)
            ).all()
        counts: dict[str, int] = {row.state: int(row[1]) for row in rows}
        return counts.get("resolved", 0), counts.get("superseded", 0)

    def open_at(self, tenant: str, moment: datetime) -> int:
        """Flags opened before a moment and not closed by then."""
        with self._db.reading() as tx:
            query = (
                select(func.count())
                .select_from(flags)
                .where(flags.c.tenant == tenant, flags.c.opened_at < moment.timestamp())
                .where(flags.c.resolved_at.is_(None) | (flags.c.resolved_at >= moment.timestamp()))
            )
            return int(tx.execute(query).scalar_one())

    def critical_confirmed(self, tenant: str, limit: int = 200) -> list[FlagCard]:
        """Confirmed and corrected critical flags, newest first: what a 72 h clock may run for."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flags)
                .where(flags.c.tenant == tenant, flags.c.severity == "critical")
                .where(flags.c.state.in_(("confirmed", "corrected")))
                .order_by(flags.c.resolved_at.desc(), flags.c.number.desc())
                .limit(limit)
            ).all()
        return [_card(row) for row in rows]


def _card(row: Any) -> FlagCard:
    return FlagCard(
        id=row.id,
        number=row.number,
        channel_id=row.channel_id,
        severity=row.severity,
        model=row.model,
        state=row.state,
        labels=dict(row.labels),
        opened_at=to_datetime(row.opened_at),
        resolved_at=to_datetime_or_none(row.resolved_at),
    )
