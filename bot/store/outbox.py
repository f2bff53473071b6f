"""The outbox: what Slack is to be told, one send in flight per lane.

A claim takes the lease of the lane and of the row together, and commits "ambiguous" before the call: a process killed
between Slack's answer and our commit looks like a lost answer. A row holds a reference; its payload is made when it is
sent.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select, update

from bot.errors import SealError
from bot.records import Send
from bot.store.cells import code, dump, new_id, ordered_id
from bot.store.dialect import insert_or_nothing
from bot.store.engine import Database, clock, to_datetime_or_none
from bot.store.keys import Keys
from bot.store.lanes import Lanes, is_free, lane_of, method_lane
from bot.store.tables import lanes, outbox

__all__ = ["NewSend", "Outbox", "lane_of", "method_lane"]

#: Slack takes about one post a second in a channel.
PACE_S: Final = 1.0
_UNFINISHED: Final = ("ready", "leased")
_N_CANDIDATES: Final = 32
_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class NewSend:
    """Something to tell Slack. ``ref`` names what it is about; of one ``dedup_key`` there is one row for good."""

    dedup_key: str
    tenant: str
    lane: str
    method: str
    ref: str
    rev: int = 0
    args: dict[str, Any] = field(default_factory=dict, repr=False)
    delay_s: float = 0


class Outbox(Lanes):
    """The table of what goes out."""

    def __init__(self, database: Database, keys: Keys) -> None:
        super().__init__(database)
        self._keys = keys

    def put(self, tx: Connection, send: NewSend) -> bool:
        """Store a send within a transaction; False when its key is there already."""
        row_id = ordered_id()
        now = clock(tx)
        args_ct = None
        if send.args:
            args_ct = self._keys.seal(
                dump(send.args),
                table="outbox",
                column="args_ct",
                row_id=row_id,
                tenant=send.tenant,
            )
        new = tx.execute(
            insert_or_nothing(tx, outbox)
            .values(
                id=row_id,
                dedup_key=send.dedup_key,
                tenant=send.tenant,
                lane=send.lane,
                method=send.method,
                ref=send.ref,
                rev=send.rev,
                args_ct=args_ct,
                bucket=self._keys.bucket(),
                available_at=now + send.delay_s,
                created_at=now,
            )
            .returning(outbox.c.id)
        ).one_or_none()
        if new is None:
            return False
        self._make_lane(tx, send.lane)
        return True

    def claim(self, lease_s: float = 30) -> Send | None:
        """The first due send whose lane is free, marked ambiguous on disk before it is given.

        ``ambiguous`` of the answer is what earlier attempts left: True means that Slack may have it already. A send
        waits while an earlier one of its method about the same thing is unfinished, or an earlier one of its lane
        and method may have been posted: sent now, it could post twice. What is put off on purpose (a notice that an
        Undo may still stop, a count of repeats) holds up nothing; a first card that is put off does.
        """
        token = new_id()
        with self._db.transaction(fresh=True) as tx:
            now = clock(tx)
            for row in tx.execute(_due(now).limit(_N_CANDIDATES)).all():
                if not self._take_lane(tx, row.lane, token, now, now + lease_s):
                    continue
                taken = tx.execute(
                    update(outbox)
                    .where(outbox.c.id == row.id, outbox.c.attempts == row.attempts)
                    .where(outbox.c.state == row.state, outbox.c.available_at <= now)
                    .values(
                        state="leased",
                        attempts=outbox.c.attempts + 1,
                        ambiguous=True,
                        first_sent_at=func.coalesce(outbox.c.first_sent_at, now),
                        lease_token=token,
                        leased_until=now + lease_s,
                        available_at=now + lease_s,
                    )
                    .returning(*outbox.c)
                ).one_or_none()
                if taken is not None:
                    return self._send(taken, ambiguous=row.ambiguous)
                self._free_lane(tx, row.lane, token)
        return None

    def done(
        self,
        send: Send,
        slack_ts: str = "",
        *,
        tx: Connection | None = None,
        pace_s: float = PACE_S,
    ) -> bool:
        """Slack has it. The lane pauses for ``pace_s``. False when the lease was lost meanwhile."""
        return self._finish(
            send, tx, pace_s=pace_s, state="done", slack_ts=slack_ts, ambiguous=False, done=True
        )

    def retry(
        self,
        send: Send,
        after_s: float,
        *,
        ambiguous: bool,
        error_code: str = "",
        tx: Connection | None = None,
    ) -> bool:
        """Again later. ``ambiguous``: Slack may have done it, or a part of it."""
        return self._finish(
            send,
            tx,
            state="ready",
            ambiguous=ambiguous,
            after_s=after_s,
            last_error=code(error_code),
        )

    def refuse(self, send: Send, error_code: str, *, tx: Connection | None = None) -> bool:
        """Slack will not do it; a person must see that."""
        return self._finish(
            send, tx, state="dead", ambiguous=False, done=True, last_error=code(error_code)
        )

    def unknown(self, send: Send, *, tx: Connection | None = None) -> bool:
        """The answer to something that cannot be read back was lost: it is not sent again."""
        return self._finish(send, tx, state="unknown", done=True, last_error="answer_lost")

    def waiting(self, lane: str, *, method: str = "", due: bool = False) -> int:
        """How many sends of a lane are not finished; ``due``: without those that were put off."""
        query = (
            select(func.count())
            .select_from(outbox)
            .where(outbox.c.lane == lane, outbox.c.state.in_(_UNFINISHED))
        )
        if method:
            query = query.where(outbox.c.method == method)
        with self._db.reading() as tx:
            if due:
                query = query.where(outbox.c.available_at <= clock(tx))
            return tx.execute(query).scalar_one()

    def new_cards(self, lane: str, within_s: float) -> int:
        """How many first cards were put into a lane lately; updates are of a later ``rev``."""
        with self._db.reading() as tx:
            return tx.execute(
                select(func.count())
                .select_from(outbox)
                .where(outbox.c.lane == lane, outbox.c.method == "card", outbox.c.rev <= 1)
                .where(outbox.c.created_at >= clock(tx) - within_s)
            ).scalar_one()

    def depth(self) -> dict[str, int]:
        """How many sends are in each state but done, and the age of the oldest unfinished one in seconds."""
        depth = {"ready": 0, "leased": 0, "dead": 0, "unknown": 0, "oldest_age_s": 0}
        with self._db.reading() as tx:
            now = clock(tx)
            rows = tx.execute(
                select(outbox.c.state, func.count(), func.min(outbox.c.created_at))
                .where(outbox.c.state != "done")
                .group_by(outbox.c.state)
            ).all()
        for state, n, oldest in rows:
            depth[state] = n
            if state in _UNFINISHED:
                depth["oldest_age_s"] = max(depth["oldest_age_s"], int(now - oldest))
        return depth

    def refused(self, tenant: str, limit: int = 20) -> list[tuple[str, str, str]]:
        """(method, ref, code) of what Slack refused or of which the answer was lost, newest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(outbox.c.method, outbox.c.ref, outbox.c.last_error)
                .where(outbox.c.tenant == tenant, outbox.c.state.in_(("dead", "unknown")))
                .order_by(outbox.c.done_at.desc())
                .limit(limit)
            ).all()
        return [(row.method, row.ref, row.last_error) for row in rows]

    def drop(self, tx: Connection, tenant: str, ref: str) -> int:
        """Delete the unfinished sends about something, except one in flight."""
        return tx.execute(
            delete(outbox).where(
                outbox.c.tenant == tenant, outbox.c.ref == ref, outbox.c.state == "ready"
            )
        ).rowcount

    def void_leases(self) -> int:
        """End all leases at once, after a crash of the only process. What was in flight stays ambiguous."""
        with self._db.transaction() as tx:
            now = clock(tx)
            tx.execute(update(lanes).values(lease_token="", leased_until=0.0))
            return tx.execute(
                update(outbox)
                .where(outbox.c.state == "leased")
                .values(state="ready", available_at=now, lease_token="", leased_until=None)
            ).rowcount

    def forget(self, older_than_s: float) -> int:
        """Delete finished sends after their time, in chunks."""
        total = 0
        while True:
            with self._db.transaction() as tx:
                before = clock(tx) - older_than_s
                some = (
                    select(outbox.c.id)
                    .where(outbox.c.state.not_in(_UNFINISHED), outbox.c.done_at < before)
                    .limit(_CHUNK)
                )
                n = tx.execute(delete(outbox).where(outbox.c.id.in_(some))).rowcount
            total += n
            if n < _CHUNK:
                return total

    def _finish(
        self,
        send: Send,
        tx: Connection | None,
        *,
        after_s: float = 0,
        pace_s: float = 0,
        done: bool = False,
        **values: Any,
    ) -> bool:
        if tx is None:
            with self._db.transaction() as own:
                return self._finish(send, own, after_s=after_s, pace_s=pace_s, done=done, **values)
        now = clock(tx)
        if done:
            values |= {"done_at": now, "args_ct": None}
        ours = tx.execute(
            update(outbox)
            .where(outbox.c.id == send.id, outbox.c.lease_token == send.lease_token)
            .where(outbox.c.state == "leased")
            .values(available_at=now + after_s, lease_token="", leased_until=None, **values)
        ).rowcount
        self._free_lane(tx, send.lane, send.lease_token, now + pace_s if pace_s else 0.0)
        return ours == 1

    def _send(self, row: Any, *, ambiguous: bool) -> Send:
        args: dict[str, Any] = {}
        if row.args_ct is not None:
            try:
                opened = self._keys.open(
                    row.args_ct,
                    table="outbox",
                    column="args_ct",
                    row_id=row.id,
                    tenant=row.tenant,
                )
                args = json.loads(opened)
            except SealError:
                # erased meanwhile; who renders the payload finds nothing to say and refuses the send
                args = {}
        return Send(
            id=row.id,
            tenant=row.tenant,
            lane=row.lane,
            method=row.method,
            ref=row.ref,
            rev=row.rev,
            attempts=row.attempts,
            ambiguous=ambiguous,
            lease_token=row.lease_token,
            first_sent_at=to_datetime_or_none(row.first_sent_at),
            args=args,
        )


def _due(now: float) -> Any:
    """The due rows whose lane, method and tenant are free, first come first served."""
    lane, other, earlier = lanes.alias("lane"), lanes.alias("other"), outbox.alias("earlier")
    shut = exists().where(
        other.c.lane.in_([outbox.c.tenant, outbox.c.tenant + ":" + outbox.c.method]),
        or_(other.c.blocked_until > now, other.c.stopped != ""),
    )
    is_put_off = and_(
        earlier.c.state == "ready",
        earlier.c.ambiguous.is_(False),
        earlier.c.available_at > now,
        or_(earlier.c.method != "card", earlier.c.rev > 1),
    )
    overtakes = exists().where(
        earlier.c.lane == outbox.c.lane,
        earlier.c.method == outbox.c.method,
        earlier.c.state.in_(_UNFINISHED),
        earlier.c.id < outbox.c.id,
        or_(
            and_(earlier.c.ref == outbox.c.ref, ~is_put_off),
            earlier.c.ambiguous.is_(True),
        ),
    )
    return (
        select(
            outbox.c.id,
            outbox.c.lane,
            outbox.c.attempts,
            outbox.c.state,
            outbox.c.ambiguous,
        )
        .join(lane, lane.c.lane == outbox.c.lane)
        .where(outbox.c.state.in_(_UNFINISHED), outbox.c.available_at <= now)
        .where(*is_free(lane, now), ~shut, ~overtakes)
        .order_by(outbox.c.id)
    )
