"""Lanes: one send in flight in each, at the pace and with the pauses that Slack asks for.

A lane is a Slack channel of a tenant; a method of a tenant and the tenant itself have one too, to be shut as a whole.
"""

from typing import Any

from sqlalchemy import Connection, select, update

from bot.store.cells import code
from bot.store.dialect import insert_or_nothing
from bot.store.engine import Database, clock
from bot.store.tables import lanes


def lane_of(tenant: str, channel_id: str) -> str:
    """The lane of a Slack channel."""
    return f"{tenant}:{channel_id}"


def method_lane(tenant: str, method: str) -> str:
    """The lane that stands for all sends of a method; block it when Slack limits the method."""
    return f"{tenant}:{method}"


class Lanes:
    """The table of lanes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def block(self, lane: str, after_s: float, *, tx: Connection | None = None) -> None:
        """Nothing goes through a lane for a while: Slack said so. Also for ``method_lane``."""
        if tx is None:
            with self._db.transaction() as own:
                self.block(lane, after_s, tx=own)
            return
        self._make_lane(tx, lane)
        until = clock(tx) + after_s
        tx.execute(
            update(lanes)
            .where(lanes.c.lane == lane, lanes.c.blocked_until < until)
            .values(blocked_until=until)
        )

    def stop_tenant(self, tenant: str, error_code: str, *, tx: Connection | None = None) -> None:
        """Stop all lanes of a tenant until ``start_tenant``: its token is dead."""
        if tx is None:
            with self._db.transaction() as own:
                self.stop_tenant(tenant, error_code, tx=own)
            return
        self._make_lane(tx, tenant)
        stopped = code(error_code) or "stopped"
        tx.execute(update(lanes).where(lanes.c.lane == tenant).values(stopped=stopped))

    def start_tenant(self, tenant: str, *, tx: Connection | None = None) -> None:
        """Let the lanes of a tenant go on: it has a token again."""
        if tx is None:
            with self._db.transaction() as own:
                self.start_tenant(tenant, tx=own)
            return
        tx.execute(update(lanes).where(lanes.c.lane == tenant).values(stopped=""))

    def stopped(self) -> dict[str, str]:
        """The tenants whose lanes are stopped, with the reason."""
        with self._db.reading() as tx:
            rows = tx.execute(select(lanes.c.lane, lanes.c.stopped).where(lanes.c.stopped != ""))
            return {row.lane: row.stopped for row in rows}

    def _make_lane(self, tx: Connection, lane: str) -> None:
        tx.execute(
            insert_or_nothing(tx, lanes).values(
                lane=lane, next_at=0.0, blocked_until=0.0, leased_until=0.0
            )
        )

    def _take_lane(self, tx: Connection, lane: str, token: str, now: float, until: float) -> bool:
        taken = tx.execute(
            update(lanes)
            .where(lanes.c.lane == lane, *is_free(lanes, now))
            .values(lease_token=token, leased_until=until)
        )
        return taken.rowcount == 1

    def _free_lane(self, tx: Connection, lane: str, token: str, next_at: float = 0.0) -> None:
        values: dict[str, Any] = {"lease_token": "", "leased_until": 0.0}
        if next_at:
            values["next_at"] = next_at
        tx.execute(
            update(lanes).where(lanes.c.lane == lane, lanes.c.lease_token == token).values(**values)
        )


def is_free(lane: Any, now: float) -> tuple[Any, ...]:
    """The conditions under which a lane takes a send."""
    columns = lane.c
    return (
        columns.leased_until <= now,
        columns.blocked_until <= now,
        columns.next_at <= now,
        columns.stopped == "",
    )
