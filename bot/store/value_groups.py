"""Value groups: the same value in many flags, known by its keyed fingerprint and called by a number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, select

from bot.errors import NotFoundError
from bot.records import PENDING, Flag
from bot.store.console_tables import value_groups
from bot.store.dialect import insert_or_nothing
from bot.store.engine import Database, to_datetime
from bot.store.flag_rows import FlagRows
from bot.store.keys import Keys
from bot.store.numbers import next_number
from bot.store.tables import flag_values, flags


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """A value and its flags. ``fp`` is its fingerprint, which no page shows; ``channels`` counts flags by channel."""

    number: int
    label: str
    n_flags: int
    n_pending: int
    channels: dict[str, int]
    first_at: datetime
    last_at: datetime
    fp: str = field(repr=False)


class ValueGroups:
    """The table of value groups. A group gets its number when somebody first asks for it."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._flags = FlagRows(database, keys)

    def group(self, tenant: str, label: str, value_fp: str) -> int:
        """The number of a value's group."""
        found = self._numbers(tenant, [(label, value_fp)])
        return found[label, value_fp]

    def get(self, tenant: str, number: int) -> ValueGroup:
        """A group with its counts. Raises: NotFoundError, also once no flag holds the value any more."""
        with self._db.reading() as tx:
            value = self._value(tx, tenant, number)
            found = self._counted(tx, tenant, {value: number})
        if not found:
            raise NotFoundError("There is no such value here")
        return found[0]

    def flags(
        self, tenant: str, number: int, *, pending: bool = False, limit: int = 200
    ) -> list[Flag]:
        """The flags of a group, newest first. Raises: NotFoundError."""
        with self._db.reading() as tx:
            query = (
                select(flags)
                .join(flag_values, flag_values.c.flag_id == flags.c.id)
                .where(_holds(tenant, *self._value(tx, tenant, number)))
                .order_by(flags.c.opened_at.desc(), flags.c.number.desc())
                .limit(limit)
            )
            if pending:
                query = query.where(flags.c.state.in_(sorted(PENDING)))
            return self._flags.listed(tx, query)

    def of_flag(self, flag_id: str, tenant: str) -> list[ValueGroup]:
        """The groups of a flag's values, the largest first."""
        with self._db.reading() as tx:
            values = [
                (row.label, row.value_fp)
                for row in tx.execute(
                    select(flag_values.c.label, flag_values.c.value_fp).where(
                        flag_values.c.flag_id == flag_id, flag_values.c.tenant == tenant
                    )
                )
            ]
        groups = self._groups(tenant, values)
        return sorted(groups, key=lambda group: (-group.n_flags, group.number))

    def largest(self, tenant: str, limit: int = 20) -> list[ValueGroup]:
        """The groups of two flags and more of which some wait, most of them first.

        Looked for among the values of most flags.
        """
        c = flag_values.c
        n = func.count()
        with self._db.reading() as tx:
            values = [
                (row.label, row.value_fp)
                for row in tx.execute(
                    select(c.label, c.value_fp)
                    .where(c.tenant == tenant)
                    # in the order of the index: nothing is sorted but the groups
                    .group_by(c.value_fp, c.label)
                    .having(n > 1)
                    .order_by(n.desc(), c.value_fp)
                    .limit(limit + 10)
                )
            ]
        waiting = [group for group in self._groups(tenant, values) if group.n_pending]
        waiting.sort(key=lambda group: (-group.n_pending, -group.n_flags, group.number))
        return waiting[:limit]

    def forget_empty(self, tx: Connection) -> int:
        """Delete the groups whose value no flag holds any more: a fingerprint is personal data."""
        held = select(flag_values.c.flag_id).where(
            flag_values.c.tenant == value_groups.c.tenant,
            flag_values.c.value_fp == value_groups.c.value_fp,
            flag_values.c.label == value_groups.c.label,
        )
        return tx.execute(delete(value_groups).where(~held.exists())).rowcount

    def _groups(self, tenant: str, values: Sequence[tuple[str, str]]) -> list[ValueGroup]:
        numbers = self._numbers(tenant, values)
        with self._db.reading() as tx:
            return self._counted(tx, tenant, {value: numbers[value] for value in values})

    def _numbers(
        self, tenant: str, values: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], int]:
        """The numbers of values, given now where they have none."""
        c = value_groups.c
        with self._db.reading() as tx:
            rows = tx.execute(
                select(c.label, c.value_fp, c.number).where(
                    c.tenant == tenant, c.value_fp.in_(sorted({fp for _, fp in values}))
                )
            ).all()
        known = {(row.label, row.value_fp): row.number for row in rows}
        new = [value for value in dict.fromkeys(values) if value not in known]
        if not new:
            return known
        with self._db.transaction() as tx:
            for label, value_fp in new:
                where = (c.tenant == tenant, c.label == label, c.value_fp == value_fp)
                number = next_number(tx, tenant, "value")
                tx.execute(
                    insert_or_nothing(tx, value_groups).values(
                        tenant=tenant, number=number, label=label, value_fp=value_fp
                    )
                )
                # another process may have been first; its number counts
                known[label, value_fp] = tx.execute(select(c.number).where(*where)).scalar_one()
        return known

    def _value(self, tx: Connection, tenant: str, number: int) -> tuple[str, str]:
        row = tx.execute(
            select(value_groups.c.label, value_groups.c.value_fp).where(
                value_groups.c.tenant == tenant, value_groups.c.number == number
            )
        ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such value here")
        return row.label, row.value_fp

    def _counted(
        self, tx: Connection, tenant: str, numbers: dict[tuple[str, str], int]
    ) -> list[ValueGroup]:
        """The groups of values that some flag holds, with their counts."""
        held = flag_values.c
        rows = tx.execute(
            select(
                held.label,
                held.value_fp,
                flags.c.channel_id,
                func.count(),
                func.sum(case((flags.c.state.in_(sorted(PENDING)), 1), else_=0)),
                func.min(flags.c.opened_at),
                func.max(flags.c.opened_at),
            )
            .join(flags, flags.c.id == held.flag_id)
            .where(held.tenant == tenant, held.value_fp.in_(sorted({fp for _, fp in numbers})))
            .group_by(held.label, held.value_fp, flags.c.channel_id)
        ).all()
        of_value: dict[tuple[str, str], list[Any]] = {}
        for label, value_fp, *rest in rows:
            of_value.setdefault((label, value_fp), []).append(rest)
        return [
            _group(number, value, of_value[value])
            for value, number in numbers.items()
            if value in of_value
        ]


def _group(number: int, value: tuple[str, str], rows: list[Any]) -> ValueGroup:
    """A group from its rows: channel, flags, pending ones, first and last moment."""
    label, value_fp = value
    by_channel = sorted(rows, key=lambda row: (-row[1], row[0]))
    return ValueGroup(
        number=number,
        label=label,
        n_flags=sum(row[1] for row in rows),
        n_pending=sum(row[2] for row in rows),
        channels={row[0]: row[1] for row in by_channel},
        first_at=to_datetime(min(row[3] for row in rows)),
        last_at=to_datetime(max(row[4] for row in rows)),
        fp=value_fp,
    )


def _holds(tenant: str, label: str, value_fp: str) -> Any:
    return and_(
        flag_values.c.tenant == tenant,
        flag_values.c.value_fp == value_fp,
        flag_values.c.label == label,
    )
