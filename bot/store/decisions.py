"""What was found in each message, without its text: what ``policy simulate`` judges again by another policy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select

from bot.records import FoundSpan
from bot.store.cells import ordered_id, span_rows, spans_of
from bot.store.engine import Database, clock, to_datetime
from bot.store.keys import Keys
from bot.store.tables import decisions

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """The candidate spans of a message and whether it was flagged."""

    channel_id: str
    ts: str
    user_fp: str
    spans: tuple[FoundSpan, ...]
    flagged: bool
    at: datetime


class Decisions:
    """The table of candidate spans."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def add(
        self,
        tx: Connection,
        tenant: str,
        channel_id: str,
        ts: str,
        user_id: str,
        spans: Iterable[FoundSpan],
        flagged: bool,
    ) -> None:
        """Keep what was found in a message."""
        tx.execute(
            insert(decisions).values(
                id=ordered_id(),
                tenant=tenant,
                channel_id=channel_id,
                ts=ts,
                user_fp=self._keys.fingerprint(tenant, "user", user_id) if user_id else "",
                spans=span_rows(spans),
                flagged=flagged,
                at=clock(tx),
            )
        )

    def since(self, tenant: str, at: datetime) -> Iterator[StoredDecision]:
        """The decisions from a moment on, oldest first, read page by page."""
        last_at, last_id = at.timestamp(), ""
        while True:
            with self._db.reading() as tx:
                rows = tx.execute(
                    select(decisions)
                    .where(decisions.c.tenant == tenant)
                    .where(
                        or_(
                            decisions.c.at > last_at,
                            (decisions.c.at == last_at) & (decisions.c.id > last_id),
                        )
                    )
                    .order_by(decisions.c.at, decisions.c.id)
                    .limit(_PAGE)
                ).all()
            for row in rows:
                yield StoredDecision(
                    channel_id=row.channel_id,
                    ts=row.ts,
                    user_fp=row.user_fp,
                    spans=spans_of(row.spans),
                    flagged=row.flagged,
                    at=to_datetime(row.at),
                )
            if len(rows) < _PAGE:
                return
            last_at, last_id = rows[-1].at, rows[-1].id

    def forget(self, older_than_s: float) -> int:
        """Delete rows after their time."""
        with self._db.transaction() as tx:
            before = clock(tx) - older_than_s
            return tx.execute(delete(decisions).where(decisions.c.at < before)).rowcount

    def erase_author(self, tx: Connection, tenant: str, user_id: str) -> int:
        """Delete what was found in a person's messages."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        return tx.execute(
            delete(decisions).where(decisions.c.tenant == tenant, decisions.c.user_fp == user_fp)
        ).rowcount
