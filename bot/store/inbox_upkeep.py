"""The upkeep of the inbox: what was set aside, how full it is, and what is let go."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from bot.errors import NotFoundError, SealError
from bot.store.dialect import for_update
from bot.store.engine import Database, clock, to_datetime
from bot.store.keys import Keys
from bot.store.tables import inbox

#: After so many attempts a row is set aside.
MAX_ATTEMPTS: Final = 5
UNFINISHED: Final = ("ready", "leased")
_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A row that was set aside: a message that was not scanned. Its payload stays sealed."""

    id: str
    event_key: str
    kind: str
    tenant: str
    attempts: int
    received_at: datetime
    last_error: str


@dataclass(frozen=True, slots=True)
class InboxDepth:
    """How much waits, is being worked on, was set aside; and how long the oldest unfinished row has waited."""

    ready: int
    leased: int
    dead: int
    oldest_age_s: float


class InboxUpkeep:
    """Reaps, counts, forgets and erases rows of the inbox."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys
        self._arrived = threading.Event()
        #: Called with the number of rows that were just set aside here, for the metrics.
        self.on_set_aside: Callable[[int], None] = lambda n: None

    def void_leases(self) -> int:
        """End all leases at once: after a crash of the only process that can hold one. Attempts stay counted."""
        with self._db.transaction() as tx:
            now = clock(tx)
            return tx.execute(
                update(inbox)
                .where(inbox.c.state == "leased")
                .values(state="ready", available_at=now, lease_token="", leased_until=None)
            ).rowcount

    def reap(self, max_attempts: int = MAX_ATTEMPTS) -> int:
        """Set aside what was tried too often and is on loan to nobody. Gives how many rows."""
        with self._db.transaction() as tx:
            now = clock(tx)
            n = tx.execute(
                update(inbox)
                .where(inbox.c.state.in_(UNFINISHED), inbox.c.attempts >= max_attempts)
                .where((inbox.c.state == "ready") | (inbox.c.leased_until < now))
                .values(state="dead", done_at=now, lease_token="", leased_until=None)
            ).rowcount
        if n:
            self.on_set_aside(n)
        return n

    def dead(self, tenant: str, limit: int = 100) -> list[DeadJob]:
        """What was set aside, newest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(inbox)
                .where(inbox.c.tenant == tenant, inbox.c.state == "dead")
                .order_by(inbox.c.received_at.desc(), inbox.c.id)
                .limit(limit)
            ).all()
        return [
            DeadJob(
                id=row.id,
                event_key=row.event_key,
                kind=row.kind,
                tenant=row.tenant,
                attempts=row.attempts,
                received_at=to_datetime(row.received_at),
                last_error=row.last_error,
            )
            for row in rows
        ]

    def retry_dead(self, job_id: str, tenant: str) -> None:
        """Try a row that was set aside again, from the first attempt. Raises: NotFoundError."""
        with self._db.transaction() as tx:
            n = tx.execute(
                update(inbox)
                .where(inbox.c.id == job_id, inbox.c.tenant == tenant, inbox.c.state == "dead")
                .where(inbox.c.payload_ct.is_not(None))
                .values(state="ready", attempts=0, available_at=clock(tx), done_at=None)
            ).rowcount
        if not n:
            raise NotFoundError("No such job is set aside, or its payload is erased")
        self._arrived.set()

    def depth(self) -> InboxDepth:
        """How full the inbox is."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(inbox.c.state, func.count(), func.min(inbox.c.received_at))
                .where(inbox.c.state != "done")
                .group_by(inbox.c.state)
            ).all()
            now = clock(tx)
        counts = {state: n for state, n, _ in rows}
        oldest = min((at for state, _, at in rows if state in UNFINISHED), default=now)
        return InboxDepth(
            ready=counts.get("ready", 0),
            leased=counts.get("leased", 0),
            dead=counts.get("dead", 0),
            oldest_age_s=max(0.0, now - oldest),
        )

    def forget(self, older_than_s: float) -> int:
        """Delete finished rows after their time, in chunks. Their keys no longer fold duplicates."""
        return self._delete(older_than_s, "done")

    def forget_dead(self, older_than_s: float) -> int:
        """Delete rows that were set aside so long ago, in chunks."""
        return self._delete(older_than_s, "dead")

    def erase(self, tenant: str, matches: Callable[[dict[str, Any]], bool]) -> int:
        """Drop the payloads that ``matches`` says are somebody's, of all rows not finished. Gives how many."""
        n = 0
        with self._db.reading() as tx:
            ids = tx.execute(
                select(inbox.c.id).where(inbox.c.tenant == tenant, inbox.c.payload_ct.is_not(None))
            ).scalars()
            todo = list(ids)
        for row_id in todo:
            with self._db.transaction() as tx:
                query = select(inbox).where(inbox.c.id == row_id, inbox.c.payload_ct.is_not(None))
                row = tx.execute(for_update(tx, query)).one_or_none()
                payload = None if row is None else self._payload(row)
                if payload is None or not matches(payload):
                    continue
                tx.execute(
                    update(inbox)
                    .where(inbox.c.id == row_id)
                    .values(
                        state="done",
                        payload_ct=None,
                        done_at=clock(tx),
                        lease_token="",
                        leased_until=None,
                        last_error="erased",
                    )
                )
                n += 1
        return n

    def _delete(self, older_than_s: float, state: str) -> int:
        total = 0
        while True:
            with self._db.transaction() as tx:
                before = clock(tx) - older_than_s
                some = (
                    select(inbox.c.id)
                    .where(inbox.c.state == state, inbox.c.done_at < before)
                    .limit(_CHUNK)
                )
                n = tx.execute(delete(inbox).where(inbox.c.id.in_(some))).rowcount
            total += n
            if n < _CHUNK:
                return total

    def _payload(self, row: Any) -> dict[str, Any] | None:
        try:
            opened = self._keys.open(
                row.payload_ct,
                table="inbox",
                column="payload_ct",
                row_id=row.id,
                tenant=row.tenant,
            )
        except SealError:
            return None
        loaded: dict[str, Any] = json.loads(opened)
        return loaded
