"""The inbox: what came in, on disk before it is acknowledged, and on loan to one worker at a time.

A claim commits the attempt and the lease before the work starts, so that a crash counts. Who finishes must still hold
the lease: ``done`` gives back the ids that are still ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, select, update

from bot.logs import event as log_event
from bot.records import Job
from bot.store.cells import code, dump, new_id, ordered_id
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import clock, to_datetime
from bot.store.inbox_upkeep import MAX_ATTEMPTS, UNFINISHED, InboxUpkeep
from bot.store.tables import inbox

Kind = Literal["event", "note", "click", "cron", "backfill", "erase"]
#: From this attempt on a row is claimed alone, so that a crash names it.
SOLO_ATTEMPT: Final = 3


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something to do. ``event_key`` names it for good: the same key is stored once. Lower ``prio`` comes first."""

    event_key: str
    kind: Kind
    tenant: str
    payload: dict[str, Any] = field(repr=False)
    prio: int = 1
    delay_s: float = 0


class Inbox(InboxUpkeep):
    """The table of what came in."""

    def put_many(self, events: Sequence[NewEvent]) -> list[bool]:
        """Store events in one transaction; True for each that was not there before. On disk on return."""
        rows: dict[str, dict[str, Any]] = {}
        for e in events:
            if e.event_key not in rows:
                rows[e.event_key] = self._row(e)
        with self._db.transaction(fresh=True) as tx:
            # sorted: two replicas that meet at the unique key must come in one order
            new = self._insert(tx, [rows[key] for key in sorted(rows)])
        self._arrived.set()
        first: list[bool] = []
        for e in events:
            first.append(e.event_key in new)
            new.discard(e.event_key)
        return first

    def put(self, tx: Connection, event: NewEvent) -> bool:
        """Store an event within a transaction; False when its key is there already."""
        new = self._insert(tx, [self._row(event)])
        self._arrived.set()
        return bool(new)

    def wait(self, timeout_s: float) -> bool:
        """Wait for something to arrive through this process; False when nothing did."""
        if not self._arrived.wait(timeout_s):
            return False
        self._arrived.clear()
        return True

    def claim(self, n: int, lease_s: float = 30) -> list[Job]:
        """Take up to ``n`` due rows on loan, under one lease token: by priority, then by age.

        A row whose payload does not open is set aside at once and not given.
        """
        token = new_id()
        with self._db.transaction(fresh=True) as tx:
            now = clock(tx)
            due = (
                select(inbox.c.id, inbox.c.attempts)
                .where(inbox.c.state.in_(UNFINISHED), inbox.c.available_at <= now)
                .where(inbox.c.attempts < MAX_ATTEMPTS)
                .order_by(inbox.c.prio, inbox.c.available_at, inbox.c.id)
                .limit(n)
            )
            ids = _batch(tx.execute(for_update(tx, due, skip_locked=True)).all())
            if not ids:
                return []
            until = now + lease_s
            taken = tx.execute(
                update(inbox)
                .where(inbox.c.id.in_(ids))
                .values(
                    state="leased",
                    attempts=inbox.c.attempts + 1,
                    lease_token=token,
                    leased_until=until,
                    available_at=until,
                )
                .returning(*inbox.c)
            ).all()
        order = {row_id: at for at, row_id in enumerate(ids)}
        jobs = [self._job(row) for row in sorted(taken, key=lambda row: order[row.id])]
        return [job for job in jobs if job is not None]

    def extend(self, lease_token: str, lease_s: float = 30) -> int:
        """Keep the rows of a lease for longer, from now on. Gives how many there are still."""
        with self._db.transaction() as tx:
            until = clock(tx) + lease_s
            return tx.execute(
                update(inbox)
                .where(inbox.c.state == "leased", inbox.c.lease_token == lease_token)
                .values(leased_until=until, available_at=until)
            ).rowcount

    def done(self, tx: Connection, jobs: Iterable[Job]) -> set[str]:
        """Finish jobs and drop their payload; gives the ids that were still ours. Drop the results of the others."""
        now = clock(tx)
        ours: set[str] = set()
        for token, ids in _by_lease(jobs).items():
            rows = tx.execute(
                update(inbox)
                .where(inbox.c.id.in_(ids), inbox.c.lease_token == token)
                .where(inbox.c.state == "leased")
                .values(
                    state="done",
                    payload_ct=None,
                    done_at=now,
                    lease_token="",
                    leased_until=None,
                )
                .returning(inbox.c.id)
            )
            ours.update(row.id for row in rows)
        return ours

    def fail(self, jobs: Iterable[Job], error_code: str, retry_in_s: float) -> None:
        """Give jobs back for another attempt after a while. ``error_code`` is a short code, never a text."""
        with self._db.transaction() as tx:
            self._release(tx, jobs, retry_in_s, last_error=code(error_code))

    def give_back(self, jobs: Iterable[Job]) -> None:
        """Give jobs back untouched: the attempt does not count."""
        with self._db.transaction() as tx:
            self._release(tx, jobs, 0, attempts=inbox.c.attempts - 1)

    def _row(self, event: NewEvent) -> dict[str, Any]:
        row_id = ordered_id()
        return {
            "id": row_id,
            "event_key": event.event_key,
            "kind": event.kind,
            "tenant": event.tenant,
            "prio": event.prio,
            "payload_ct": self._keys.seal(
                dump(event.payload),
                table="inbox",
                column="payload_ct",
                row_id=row_id,
                tenant=event.tenant,
            ),
            "bucket": self._keys.bucket(),
            "v": 1,
            "state": "ready",
            "attempts": 0,
            "available_at": event.delay_s,
        }

    def _insert(self, tx: Connection, rows: list[dict[str, Any]]) -> set[str]:
        if not rows:
            return set()
        now = clock(tx)
        for row in rows:
            row["received_at"] = now
            row["available_at"] += now
        statement = insert_or_nothing(tx, inbox).returning(inbox.c.event_key)
        return set(tx.execute(statement, rows).scalars())

    def _release(
        self, tx: Connection, jobs: Iterable[Job], retry_in_s: float, **values: Any
    ) -> None:
        now = clock(tx)
        for token, ids in _by_lease(jobs).items():
            tx.execute(
                update(inbox)
                .where(inbox.c.id.in_(ids), inbox.c.lease_token == token)
                .where(inbox.c.state == "leased")
                .values(
                    state="ready",
                    available_at=now + retry_in_s,
                    lease_token="",
                    leased_until=None,
                    **values,
                )
            )
        if retry_in_s <= 0:
            self._arrived.set()

    def _job(self, row: Any) -> Job | None:
        payload = self._payload(row)
        if payload is None:
            log_event("bot.store", "payload_unreadable", level=40, id=row.id, kind=row.kind)
            with self._db.transaction() as tx:
                tx.execute(
                    update(inbox)
                    .where(inbox.c.id == row.id)
                    .values(
                        state="dead",
                        done_at=clock(tx),
                        lease_token="",
                        leased_until=None,
                        last_error="unreadable",
                    )
                )
            self.on_set_aside(1)
            return None
        return Job(
            id=row.id,
            event_key=row.event_key,
            kind=row.kind,
            tenant=row.tenant,
            attempts=row.attempts,
            lease_token=row.lease_token,
            received_at=to_datetime(row.received_at),
            payload=payload,
        )


def _batch(due: Sequence[Any]) -> list[str]:
    """The rows to take together: those before the first suspect one, or that one alone."""
    ids: list[str] = []
    for row in due:
        if row.attempts + 1 >= SOLO_ATTEMPT:
            return ids or [row.id]
        ids.append(row.id)
    return ids


def _by_lease(jobs: Iterable[Job]) -> dict[str, list[str]]:
    leases: dict[str, list[str]] = {}
    for job in jobs:
        leases.setdefault(job.lease_token, []).append(job.id)
    return leases
