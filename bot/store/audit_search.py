"""Searching the audit log: the newest rows that match, how many there are, and which actions occur."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select

from bot.store.engine import to_datetime
from bot.store.insights_audit import LoggedRow
from bot.store.tables import audit

#: So many of the newest rows say which actions there are to choose from.
_RECENT: Final = 20_000


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows. ``action`` may end in "." for all of a kind; ``actors`` and ``objects``: one of these, () for any."""

    action: str = ""
    actors: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def find(
    tx: Connection, tenant: str, query: AuditQuery, *, limit: int = 100, before: int | None = None
) -> list[LoggedRow]:
    """The newest matching rows, or those below the number ``before``, with the codes that chain them."""
    rows = select(audit).where(_matches(tenant, query))
    if before is not None:
        rows = rows.where(audit.c.seq < before)
    return [_logged(row) for row in tx.execute(rows.order_by(audit.c.seq.desc()).limit(limit))]


def count(tx: Connection, tenant: str, query: AuditQuery, *, cap: int) -> int:
    """How many rows match; no more than ``cap``."""
    some: Select[Any] = select(audit.c.seq).where(_matches(tenant, query)).limit(cap)
    return int(tx.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def actions(tx: Connection, tenant: str) -> dict[str, int]:
    """The actions among the newest rows, and how often each occurs there."""
    recent = (
        select(audit.c.action)
        .where(audit.c.tenant == tenant)
        .order_by(audit.c.seq.desc())
        .limit(_RECENT)
        .subquery()
    )
    rows = tx.execute(select(recent.c.action, func.count()).group_by(recent.c.action))
    return {row[0]: int(row[1]) for row in rows}


def newest(tx: Connection, tenant: str, action: str) -> LoggedRow | None:
    """The last row of an action, None when it never happened."""
    found = find(tx, tenant, AuditQuery(action), limit=1)
    return found[0] if found else None


def _matches(tenant: str, query: AuditQuery) -> Any:
    wanted = [audit.c.tenant == tenant]
    if query.action.endswith("."):
        wanted.append(audit.c.action.startswith(query.action, autoescape=True))
    elif query.action:
        wanted.append(audit.c.action == query.action)
    if query.actors:
        wanted.append(audit.c.actor.in_(query.actors))
    if query.objects:
        wanted.append(audit.c.object.in_(query.objects))
    if query.since is not None:
        wanted.append(audit.c.at >= query.since.timestamp())
    if query.until is not None:
        wanted.append(audit.c.at < query.until.timestamp())
    return and_(*wanted)


def _logged(row: Any) -> LoggedRow:
    return LoggedRow(
        seq=row.seq,
        at=to_datetime(row.at),
        actor=row.actor,
        action=row.action,
        object=row.object,
        details=json.loads(row.details),
        prev_mac=row.prev_mac,
        mac=row.mac,
    )
