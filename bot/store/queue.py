"""The queue: flags by filter and order, page by page, with counts. Opens in a tenth of a second on 100,000 flags.

Each order has an index that starts with tenant and state and holds every column a filter can name. A page walks it
from the cursor on, state by state, and merges the heads; only the rows of the page are read and opened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from bot.errors import NotFoundError
from bot.records import Flag
from bot.store.engine import clock
from bot.store.flag_marks import labels_of
from bot.store.flag_rows import FlagRows
from bot.store.queue_cursor import (
    KEYS,
    ORDERS,
    BadCursorError,
    Order,
    known_order,
    read_cursor,
    write_cursor,
)
from bot.store.queue_filter import (
    STATES,
    FilterError,
    FlagQuery,
    Searched,
)
from bot.store.tables import flags
from piiguard.labels import LABELS, SEVERITIES

__all__ = [
    "ORDERS",
    "STATES",
    "BadCursorError",
    "FilterError",
    "FlagQuery",
    "Order",
    "Queue",
    "QueuePage",
]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some flags of a queue. ``next`` and ``prev`` are cursors for ``after`` and ``before``, "" at an end."""

    flags: tuple[Flag, ...]
    next: str = ""
    prev: str = ""


class Neighbours(NamedTuple):
    """Where a flag stands in a queue. ``position`` counts from 1; 0 when the flag itself is not in the queue."""

    prev_id: str
    next_id: str
    position: int
    total: int


class Queue(FlagRows):
    """Lists, counts and walks flags by filter."""

    def page(
        self,
        tenant: str,
        query: FlagQuery,
        order: str = "risk",
        limit: int = 50,
        after: str = "",
        before: str = "",
    ) -> QueuePage:
        """Up to ``limit`` flags: from the start, after a cursor or before one.

        Raises: BadCursorError; FilterError for an unknown order.
        """
        known = known_order(order)
        cursor = read_cursor(known, before or after)
        backwards = bool(before)
        with self._db.reading() as tx:
            asked = self._search(tenant, query, clock(tx))
            found = self._walk(tx, asked, known, limit + 1, cursor, backwards)
            has_more, found = len(found) > limit, found[:limit]
            if backwards:
                found.reverse()
            listed = self._read(tx, tenant, [row.number for row in found])
        if not found:
            return QueuePage((), prev=after, next=before)
        first, last = write_cursor(known, found[0]), write_cursor(known, found[-1])
        return QueuePage(
            listed,
            next=last if backwards or has_more else "",
            prev=first if (has_more if backwards else after) else "",
        )

    def count(self, tenant: str, query: FlagQuery, *, cap: int | None = None) -> int:
        """How many flags match; no more than ``cap``, where that is enough to know."""
        with self._db.reading() as tx:
            now = clock(tx)
            if cap is None:
                return self._count(tx, self._halves(tenant, query, now))
            found = self._search(tenant, query, now)
            some = select(found.c.number).where(found.any_state, *found.where).limit(cap)
            return tx.execute(select(func.count()).select_from(some.subquery())).scalar_one()

    def facets(self, tenant: str, query: FlagQuery) -> dict[str, dict[str, int]]:
        """How many flags each choice would give: {"states", "severities", "labels", "channels"}, and the filter itself:
        {"total": {"matching"}}, as ``count`` says.

        Each ignores its own part of the filter, so that the other choices show too. Choices without a flag are left
        out, except states and severities. A flag counts once for each of its labels.
        """
        with self._db.reading() as tx:
            now = clock(tx)
            cells: list[Any] = []
            for cube in self._halves(
                tenant, query.without(states=(), severities=(), channels=()), now
            ):
                sides = (cube.c.state, cube.c.severity_rank, cube.c.channel_id)
                counted = select(*sides, func.count()).where(*cube.where).group_by(*sides)
                cells += tx.execute(counted)
            marked: list[Any] = []
            for rest in self._halves(tenant, query.without(labels=()), now):
                bits = rest.c.label_bits
                where = (rest.any_state, *rest.where)
                marked += tx.execute(select(bits, func.count()).where(*where).group_by(bits))
        states: dict[str, int] = dict.fromkeys(STATES, 0)
        severities: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
        channels: dict[str, int] = {}
        n_matching = 0
        for state, rank, channel_id, n in cells:
            severity = SEVERITIES[rank]
            in_state = not query.states or state in query.states
            in_severity = not query.severities or severity in query.severities
            in_channel = not query.channels or channel_id in query.channels
            if in_state and in_severity and in_channel:
                n_matching += n
            if in_severity and in_channel:
                states[state] = states.get(state, 0) + n
            if in_state and in_channel:
                severities[severity] += n
            if in_state and in_severity:
                channels[channel_id] = channels.get(channel_id, 0) + n
        labels = dict.fromkeys(LABELS, 0)
        for bits, n in marked:
            for name in labels_of(bits):
                labels[name] += n
        return {
            "total": {"matching": n_matching},
            "states": states,
            "severities": severities,
            "labels": {name: n for name, n in labels.items() if n},
            "channels": dict(sorted(channels.items(), key=lambda one: (-one[1], one[0]))),
        }

    def ids(self, tenant: str, query: FlagQuery, limit: int = 10_000) -> list[tuple[str, int]]:
        """(id, version) of each flag that matches, for "select all"; by number."""
        with self._db.reading() as tx:
            found = self._search(tenant, query, clock(tx))
            rows = tx.execute(
                select(found.c.id, found.c.version)
                .where(found.any_state, *found.where)
                .order_by(found.c.number)
                .limit(limit)
            ).all()
        return [(row.id, row.version) for row in rows]

    def neighbours(self, tenant: str, query: FlagQuery, order: str, flag_id: str) -> Neighbours:
        """The flags before and after one, "" at an end; also for one that has just left the queue.

        Raises: NotFoundError.
        """
        known = known_order(order)
        c = flags.c
        with self._db.reading() as tx:
            here = tx.execute(
                select(*(c[name] for name in KEYS[known])).where(
                    c.id == flag_id, c.tenant == tenant
                )
            ).one_or_none()
            if here is None:
                raise NotFoundError("There is no such flag here")
            place = tuple(here)
            now = clock(tx)
            found = self._search(tenant, query, now)
            near = [
                self._walk(tx, found, known, 1, place, backwards) for backwards in (True, False)
            ]
            id_of = dict(
                tx.execute(
                    select(c.number, c.id).where(
                        c.tenant == tenant, c.number.in_([rows[0].number for rows in near if rows])
                    )
                )
                .tuples()
                .all()
            )
            halves = self._halves(tenant, query, now)
            position = 0
            if self._count(tx, [found], lambda half: half.c.number == place[-1]):
                position = 1 + self._count(
                    tx, halves, lambda half: _beyond(half, known, place, backwards=True)
                )
            total = self._count(tx, halves)
        before, after = (id_of.get(rows[0].number, "") if rows else "" for rows in near)
        return Neighbours(before, after, position, total)

    def _search(self, tenant: str, query: FlagQuery, now: float) -> Searched:
        return Searched(self._keys, tenant, query, now)

    def _walk(
        self,
        tx: Connection,
        found: Searched,
        order: Order,
        limit: int,
        cursor: tuple[float, ...] | None,
        backwards: bool,
    ) -> list[Any]:
        """The keys of the next flags from a cursor on. ``backwards``: of those before it, nearest first."""
        falling = (order == "newest") != backwards
        where = list(found.where)
        if cursor is not None:
            where.append(_beyond(found, order, cursor, backwards=backwards))

        def sorted_by_keys(query: Select[Any], columns: Any) -> Select[Any]:
            keys = [columns[name] for name in KEYS[order]]
            return query.order_by(*(key.desc() if falling else key for key in keys)).limit(limit)

        keys = [found.c[name] for name in KEYS[order]]
        heads = [
            sorted_by_keys(select(*keys).where(state, *where), found.c).subquery()
            for state in found.by_state
        ]
        merged = union_all(*(select(head) for head in heads)).subquery()
        return list(tx.execute(sorted_by_keys(select(merged), merged.c)))

    def _read(self, tx: Connection, tenant: str, numbers: Sequence[int]) -> tuple[Flag, ...]:
        """The flags of these numbers, in their order."""
        rows = tx.execute(
            select(flags).where(flags.c.tenant == tenant, flags.c.number.in_(numbers))
        ).all()
        row_of = {row.number: row for row in rows}
        return tuple(self._flag(row_of[number]) for number in numbers if number in row_of)

    def _halves(self, tenant: str, query: FlagQuery, now: float) -> list[Searched]:
        return Searched.halves(self._keys, tenant, query, now)

    def _count(
        self,
        tx: Connection,
        found: Sequence[Searched],
        where: Callable[[Searched], Any] = lambda half: true(),
    ) -> int:
        """How many flags of some halves meet a condition."""
        return sum(
            tx.execute(
                select(func.count())
                .select_from(half.table)
                .where(half.any_state, *half.where, where(half))
            ).scalar_one()
            for half in found
        )


def _beyond(
    found: Searched, order: Order, place: tuple[float, ...], *, backwards: bool
) -> ColumnElement[bool]:
    """True for what comes after a place in an order; ``backwards``, before it."""
    ours = tuple_(*(found.c[name] for name in KEYS[order]))
    theirs = tuple_(*(literal(value) for value in place))
    return ours < theirs if (order == "newest") != backwards else ours > theirs
