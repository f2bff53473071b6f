"""Allowed values: what a privacy officer said is no case for review, somewhere and for a while."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from bot.errors import NotFoundError, ReviewError
from bot.store.cells import ordered_id
from bot.store.console_tables import allow_entries
from bot.store.dialect import insert_of
from bot.store.engine import Database, clock, to_datetime
from piiguard.labels import LABELS

_MAX_REASON_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class AllowEntry:
    """A value that does not count. ``scope``: a channel's id, "" for the whole workspace."""

    id: str
    tenant: str
    label: str
    scope: str
    reason: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    value_fp: str = field(repr=False)


class AllowEntries:
    """The table of allowed values."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        tx: Connection,
        tenant: str,
        label: str,
        value_fp: str,
        *,
        scope: str,
        reason: str,
        expires_at: datetime,
        by: str,
    ) -> AllowEntry:
        """Allow a value in a channel, or in the whole workspace (scope ""); once more replaces reason and end.

        Raises: ReviewError without a reason or with an end in the past; for a critical label in the whole workspace.
        """
        if label not in LABELS or not value_fp:
            raise ReviewError("there is no such value", "value")
        if not scope and LABELS[label].severity == "critical":
            raise ReviewError(
                "a critical type is never allowed in the whole workspace; choose a channel", "scope"
            )
        if not reason.strip() or len(reason) > _MAX_REASON_CHARS:
            raise ReviewError(f"say why, in at most {_MAX_REASON_CHARS} characters", "reason")
        now = clock(tx)
        if expires_at.timestamp() <= now:
            raise ReviewError("the end must lie in the future", "expires_at")
        c = allow_entries.c
        said = {
            "reason": reason.strip(),
            "made_by": by,
            "made_at": now,
            "expires_at": expires_at.timestamp(),
        }
        row = tx.execute(
            insert_of(tx, allow_entries)
            .values(
                id=ordered_id(), tenant=tenant, label=label, value_fp=value_fp, scope=scope, **said
            )
            .on_conflict_do_update(
                index_elements=[c.tenant, c.label, c.value_fp, c.scope], set_=said
            )
            .returning(allow_entries)
        ).one()
        return _entry(row)

    def active(self, tenant: str) -> list[AllowEntry]:
        """What is allowed now, newest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(allow_entries)
                .where(allow_entries.c.tenant == tenant, allow_entries.c.expires_at > clock(tx))
                .order_by(allow_entries.c.made_at.desc(), allow_entries.c.id.desc())
            ).all()
        return [_entry(row) for row in rows]

    def scopes(self, tenant: str) -> dict[tuple[str, str], frozenset[str]]:
        """Where each allowed value is: {(label, fingerprint): channels, "" for everywhere}."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self.active(tenant):
            found.setdefault((entry.label, entry.value_fp), set()).add(entry.scope)
        return {value: frozenset(scopes) for value, scopes in found.items()}

    def remove(self, tx: Connection, entry_id: str, tenant: str) -> None:
        """The value counts again. Raises: NotFoundError."""
        gone = tx.execute(
            delete(allow_entries).where(
                allow_entries.c.id == entry_id, allow_entries.c.tenant == tenant
            )
        ).rowcount
        if not gone:
            raise NotFoundError("There is no such entry")

    def forget(self) -> int:
        """Delete what has expired."""
        with self._db.transaction() as tx:
            return tx.execute(
                delete(allow_entries).where(allow_entries.c.expires_at <= clock(tx))
            ).rowcount


def _entry(row: Any) -> AllowEntry:
    return AllowEntry(
        id=row.id,
        tenant=row.tenant,
        label=row.label,
        scope=row.scope,
        reason=row.reason,
        made_by=row.made_by,
        made_at=to_datetime(row.made_at),
        expires_at=to_datetime(row.expires_at),
        value_fp=row.value_fp,
    )
