"""The audit log: rows that nobody changes, each chained to the one before by a keyed code.

Details hold ids, never values, so that erasing a person never breaks the chain. What was cut off at the end shows only
against an anchor; anchors are kept with the keys, away from the rows.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from bot import crypto
from bot.store.cells import dump
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import Database, clock, to_datetime
from bot.store.keys import Keys
from bot.store.tables import anchors, audit, audit_head

_PAGE: Final = 2000
_MAX_DETAIL: Final = 500

Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what to which object."""

    seq: int
    at: datetime
    tenant: str
    actor: str
    action: str
    object: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at a moment. Kept elsewhere, it proves that nothing was cut off up to there."""

    seq: int
    mac: str
    at: datetime


class Audit:
    """The table of the audit log."""

    def __init__(self, database: Database, key_database: Database, keys: Keys) -> None:
        self._db = database
        self._key_db = key_database
        self._keys = keys

    def append(
        self,
        tx: Connection,
        tenant: str,
        actor: str,
        action: str,
        object: str,
        **details: Detail,
    ) -> int:
        """Add a row and give its number. ``details`` are ids, counts and codes; a text of 500 characters is refused."""
        for name, value in details.items():
            if isinstance(value, str) and len(value) > _MAX_DETAIL:
                raise ValueError(f"an audit detail holds an id or a code; {name} is too long")
        head = tx.execute(for_update(tx, select(audit_head))).one()
        row = {
            "seq": head.seq + 1,
            "at": clock(tx),
            "tenant": tenant,
            "actor": actor,
            "action": action,
            "object": object,
            "details": dump(dict(sorted(details.items()))),
        }
        code = self._code(head.mac, row)
        tx.execute(insert(audit).values(**row, prev_mac=head.mac, mac=code))
        tx.execute(update(audit_head).values(seq=head.seq + 1, mac=code))
        return int(head.seq) + 1

    def verify(self, others: Iterable[Anchor] = ()) -> int | None:
        """The first row that is not as it was written, None when all are.

        A missing row is named by the number it had; ``others`` are anchors kept outside, beside our own.
        """
        known = {anchor.seq: anchor.mac for anchor in (*self.anchors(), *others)}
        with self._db.reading() as tx:
            head = tx.execute(select(audit_head)).one_or_none()
            if head is None:
                return 1
            if head.cut_seq and not crypto.same(head.cut_seal, self._cut_seal(head)):
                return int(head.cut_seq)
            seq, code = head.cut_seq, head.cut_mac
            while True:
                rows = tx.execute(
                    select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(_PAGE)
                ).all()
                for row in rows:
                    if row.seq != seq + 1:
                        return int(seq) + 1
                    expected = self._code(code, row._mapping)
                    if not (crypto.same(row.prev_mac, code) and crypto.same(row.mac, expected)):
                        return int(row.seq)
                    seq, code = row.seq, row.mac
                    if row.seq in known and not crypto.same(known[row.seq], row.mac):
                        return int(row.seq)
                if len(rows) < _PAGE:
                    break
        newest = max([head.seq, *known])
        if newest > seq:
            return int(seq) + 1
        return None if seq == head.seq and crypto.same(head.mac, code) else int(seq)

    def rows(self, tenant: str, limit: int = 100, before_seq: int | None = None) -> list[AuditRow]:
        """The newest rows of a tenant, or those before a number."""
        query = select(audit).where(audit.c.tenant == tenant)
        if before_seq is not None:
            query = query.where(audit.c.seq < before_seq)
        with self._db.reading() as tx:
            found = tx.execute(query.order_by(audit.c.seq.desc()).limit(limit)).all()
        return [
            AuditRow(
                seq=row.seq,
                at=to_datetime(row.at),
                tenant=row.tenant,
                actor=row.actor,
                action=row.action,
                object=row.object,
                details=json.loads(row.details),
            )
            for row in found
        ]

    def anchor(self) -> Anchor:
        """The head of the chain now, also kept beside the keys."""
        with self._db.reading() as tx:
            head = tx.execute(select(audit_head)).one()
            now = clock(tx)
        anchor = Anchor(head.seq, head.mac, to_datetime(now))
        if anchor.seq:
            with self._key_db.transaction() as tx:
                tx.execute(
                    insert_or_nothing(tx, anchors).values(seq=head.seq, mac=head.mac, at=now)
                )
        return anchor

    def anchors(self) -> list[Anchor]:
        """The anchors kept beside the keys, oldest first."""
        with self._key_db.reading() as tx:
            rows = tx.execute(select(anchors).order_by(anchors.c.seq)).all()
        return [Anchor(row.seq, row.mac, to_datetime(row.at)) for row in rows]

    def forget(self, older_than_s: float) -> int:
        """Delete rows after their retention, from the start; the cut is sealed, so that the chain still verifies."""
        with self._db.transaction() as tx:
            before = clock(tx) - older_than_s
            head = tx.execute(for_update(tx, select(audit_head))).one()
            last = tx.execute(
                select(audit)
                .where(audit.c.at < before, audit.c.seq > head.cut_seq)
                .order_by(audit.c.seq.desc())
                .limit(1)
            ).one_or_none()
            if last is None:
                return 0
            cut = {"cut_seq": last.seq, "cut_mac": last.mac}
            seal = self._seal_of(last.seq, last.mac)
            # the trigger lets go what is sealed as cut
            tx.execute(update(audit_head).values(**cut, cut_seal=seal))
            n = tx.execute(delete(audit).where(audit.c.seq <= last.seq)).rowcount
        with self._key_db.transaction() as tx:
            tx.execute(delete(anchors).where(anchors.c.seq <= last.seq))
        return n

    def _code(self, prev_mac: str, row: Any) -> str:
        canonical = dump(
            [
                row["seq"],
                f"{row['at']:.6f}",
                row["tenant"],
                row["actor"],
                row["action"],
                row["object"],
                row["details"],
            ]
        )
        return crypto.mac(self._keys.secret("", "audit"), f"{prev_mac}|{canonical}".encode())

    def _cut_seal(self, head: Any) -> str:
        return self._seal_of(head.cut_seq, head.cut_mac)

    def _seal_of(self, seq: int, mac: str) -> str:
        return crypto.mac(self._keys.secret("", "audit"), f"cut|{seq}|{mac}".encode())
