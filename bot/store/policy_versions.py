"""Versions of the policy file: each that was saved, by whom and why."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.errors import NotFoundError
from bot.store.console_tables import policy_versions
from bot.store.engine import Database, clock, to_datetime
from bot.store.numbers import next_number


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy file as it was saved. ``body`` is empty in lists."""

    tenant: str
    number: int
    sha256: str
    note: str
    made_by: str
    made_at: datetime
    body: str = field(default="", repr=False)


class PolicyVersions:
    """The table of policy versions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self, tx: Connection, tenant: str, body: str, *, by: str, note: str = ""
    ) -> PolicyVersion:
        """Keep a version; the same bytes as the newest one are that one."""
        sha256 = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        newest = self.newest(tenant)
        if newest is not None and newest.sha256 == sha256:
            return newest
        number = next_number(tx, tenant, "policy")
        tx.execute(
            insert(policy_versions).values(
                tenant=tenant,
                number=number,
                sha256=sha256,
                body=body,
                note=note[:200],
                made_by=by,
                made_at=clock(tx),
            )
        )
        return self.get(tenant, number)

    def list(self, tenant: str, limit: int = 200) -> list[PolicyVersion]:
        """The versions of a tenant, newest first, without their text."""
        c = policy_versions.c
        with self._db.reading() as tx:
            rows = tx.execute(
                select(c.tenant, c.number, c.sha256, c.note, c.made_by, c.made_at)
                .where(c.tenant == tenant)
                .order_by(c.number.desc())
                .limit(limit)
            ).all()
        return [_version(row, "") for row in rows]

    def get(self, tenant: str, number: int) -> PolicyVersion:
        """A version with its text. Raises: NotFoundError."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(policy_versions).where(
                    policy_versions.c.tenant == tenant, policy_versions.c.number == number
                )
            ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such version of the policy")
        return _version(row, row.body)

    def newest(self, tenant: str) -> PolicyVersion | None:
        """The version that was saved last, None before the first."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(policy_versions)
                .where(policy_versions.c.tenant == tenant)
                .order_by(policy_versions.c.number.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else _version(row, row.body)


def _version(row: Any, body: str) -> PolicyVersion:
    return PolicyVersion(
        row.tenant, row.number, row.sha256, row.note, row.made_by, to_datetime(row.made_at), body
    )
