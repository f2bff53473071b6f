"""Monthly reports as they were shown, byte for byte, with their hash."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.errors import BotError, NotFoundError
from bot.store.console_tables import frozen_reports
from bot.store.dialect import insert_or_nothing
from bot.store.engine import Database, clock, to_datetime


class FrozenError(BotError):
    """The month has a frozen report already, or the bytes do not have the hash that came with them."""


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """A report that nobody changes any more. ``month``: "2026-10". ``body`` is empty in lists."""

    tenant: str
    month: str
    sha256: str
    made_by: str
    made_at: datetime
    body: bytes = field(default=b"", repr=False)

    def is_intact(self) -> bool:
        """True when the body still has its hash."""
        return hashlib.sha256(self.body).hexdigest() == self.sha256


class FrozenReports:
    """The table of frozen reports."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(self, tenant: str, month: str, sha256: str, body: bytes, by: str) -> FrozenReport:
        """Freeze a month; the same bytes once more are no error. Raises: FrozenError."""
        if hashlib.sha256(body).hexdigest() != sha256:
            raise FrozenError("The report does not have the hash that came with it")
        with self._db.transaction() as tx:
            tx.execute(
                insert_or_nothing(tx, frozen_reports).values(
                    tenant=tenant,
                    month=month,
                    sha256=sha256,
                    body=body,
                    made_by=by,
                    made_at=clock(tx),
                )
            )
            kept = self.get(tenant, month)
        if kept.sha256 != sha256:
            raise FrozenError(f"The report of {month} is frozen already")
        return kept

    def list(self, tenant: str) -> list[FrozenReport]:
        """The frozen months, newest first, without their bytes."""
        c = frozen_reports.c
        with self._db.reading() as tx:
            rows = tx.execute(
                select(c.tenant, c.month, c.sha256, c.made_by, c.made_at)
                .where(c.tenant == tenant)
                .order_by(c.month.desc())
            ).all()
        return [_report(row, b"") for row in rows]

    def get(self, tenant: str, month: str) -> FrozenReport:
        """A month with its bytes. Raises: NotFoundError."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(frozen_reports).where(
                    frozen_reports.c.tenant == tenant, frozen_reports.c.month == month
                )
            ).one_or_none()
        if row is None:
            raise NotFoundError("There is no frozen report of this month")
        return _report(row, bytes(row.body))


def _report(row: Any, body: bytes) -> FrozenReport:
    return FrozenReport(
        row.tenant, row.month, row.sha256, row.made_by, to_datetime(row.made_at), body
    )
