"""Lists and counts of flags, and what is known about their values."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, case, func, or_, select

from bot.records import PENDING, Flag
from bot.store.engine import clock, to_datetime_or_none
from bot.store.flag_rows import FlagRows
from bot.store.tables import flag_values, flags
from piiguard.labels import SEVERITIES

_DISMISSED: Final = "not_pii"


class FlagLists(FlagRows):
    """Finds flags by state, author and value."""

    def pending(self, tenant: str, limit: int = 50, order: str = "risk") -> list[Flag]:
        """What a person still has to look at, without what is snoozed.

        ``order``: "risk" (severity, score, age), "uncertain" (lowest score first), "oldest", "newest".
        """
        orders = {
            "risk": (flags.c.severity_rank.desc(), flags.c.score.desc(), flags.c.opened_at),
            "uncertain": (flags.c.score, flags.c.opened_at),
            "oldest": (flags.c.opened_at,),
            "newest": (flags.c.opened_at.desc(),),
        }
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flags)
                .where(flags.c.tenant == tenant, flags.c.state.in_(sorted(PENDING)))
                .where(_awake(clock(tx)))
                .order_by(*orders[order], flags.c.number)
                .limit(limit)
            ).all()
        return [self._flag(row) for row in rows]

    def counts(self, tenant: str) -> dict[str, int]:
        """How many flags are in each state; how many pending ones have each severity; how many of them sleep.

        {"open": 2, "not_pii": 1, "critical": 1, "high": 1, "medium": 0, "low": 0, "snoozed": 0}
        """
        counted = dict.fromkeys(SEVERITIES, 0) | {"open": 0, "snoozed": 0}
        with self._db.reading() as tx:
            asleep = case((_awake(clock(tx)), 0), else_=1)
            rows = tx.execute(
                select(flags.c.state, flags.c.severity_rank, func.count(), func.sum(asleep))
                .where(flags.c.tenant == tenant)
                .group_by(flags.c.state, flags.c.severity_rank)
            ).all()
        for state, rank, n, n_asleep in rows:
            counted[state] = counted.get(state, 0) + n
            if state in PENDING:
                counted[SEVERITIES[rank]] += n
                counted["snoozed"] += n_asleep
        return counted

    def assigned(self, tenant: str, name: str) -> int:
        """How many pending flags somebody has taken, without what is snoozed."""
        with self._db.reading() as tx:
            return tx.execute(
                select(func.count())
                .select_from(flags)
                .where(flags.c.tenant == tenant, flags.c.state.in_(sorted(PENDING)))
                .where(flags.c.assignee == name, _awake(clock(tx)))
            ).scalar_one()

    def oldest_pending(self, tenant: str) -> datetime | None:
        """When the flag was opened that has waited longest."""
        with self._db.reading() as tx:
            at = tx.execute(
                select(func.min(flags.c.opened_at)).where(
                    flags.c.tenant == tenant, flags.c.state.in_(sorted(PENDING))
                )
            ).scalar_one()
        return to_datetime_or_none(at)

    def of_author(self, tenant: str, user_id: str, limit: int = 50) -> list[Flag]:
        """The flags of what somebody wrote, newest first."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flags)
                .where(flags.c.tenant == tenant, flags.c.user_fp == user_fp)
                .order_by(flags.c.opened_at.desc(), flags.c.number.desc())
                .limit(limit)
            ).all()
        return [self._flag(row) for row in rows]

    def seen_before(self, tx: Connection, tenant: str, fps: Sequence[str]) -> int:
        """How many flags of this tenant hold one of these values."""
        if not fps:
            return 0
        return tx.execute(
            select(func.count(flag_values.c.flag_id.distinct())).where(
                flag_values.c.tenant == tenant, flag_values.c.value_fp.in_(sorted(set(fps)))
            )
        ).scalar_one()

    def recent_same_value(
        self,
        tx: Connection,
        tenant: str,
        value_fps: Iterable[tuple[str, str]],
        *,
        channel_id: str,
        thread_ts: str = "",
        within_s: float = 600,
    ) -> Flag | None:
        """The newest pending flag of the same thread that holds all of these values; in it a repeat is counted.

        Without ``thread_ts``: of messages of the channel outside a thread.
        """
        fps = sorted({fp for _, fp in value_fps if fp})
        if not fps:
            return None
        in_thread = (
            or_(flags.c.thread_ts == thread_ts, flags.c.ts == thread_ts)
            if thread_ts
            else flags.c.thread_ts == ""
        )
        holds = (
            select(flag_values.c.flag_id)
            .where(flag_values.c.tenant == tenant, flag_values.c.value_fp.in_(fps))
            .group_by(flag_values.c.flag_id)
            .having(func.count(flag_values.c.value_fp.distinct()) == len(fps))
        )
        row = tx.execute(
            select(flags)
            .where(flags.c.tenant == tenant, flags.c.channel_id == channel_id, in_thread)
            .where(flags.c.state.in_(sorted(PENDING)), flags.c.id.in_(holds))
            .where(flags.c.opened_at >= clock(tx) - within_s)
            .order_by(flags.c.opened_at.desc(), flags.c.number.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else self._flag(row)

    def values_of(self, flag_id: str, tenant: str) -> list[tuple[str, str]]:
        """(label, fingerprint) of each value of a flag."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flag_values.c.label, flag_values.c.value_fp)
                .where(flag_values.c.flag_id == flag_id, flag_values.c.tenant == tenant)
                .order_by(flag_values.c.label, flag_values.c.value_fp)
            ).all()
        return [(row.label, row.value_fp) for row in rows]

    def dismissed(self, tenant: str) -> frozenset[tuple[str, str]]:
        """(label, fingerprint) of the values that reviewers said are no personal data, and of no flag they upheld."""
        upheld = ("confirmed", "corrected", "accepted_risk")
        with self._db.reading() as tx:
            rows = tx.execute(
                select(flag_values.c.label, flag_values.c.value_fp, flags.c.state)
                .join(flags, flags.c.id == flag_values.c.flag_id)
                .where(flags.c.tenant == tenant)
                .where(flags.c.state.in_((_DISMISSED, *upheld)))
                .distinct()
            ).all()
        said = {(row.label, row.value_fp) for row in rows if row.state == _DISMISSED}
        return frozenset(said - {(row.label, row.value_fp) for row in rows if row.state in upheld})

    def buckets(self, tenant: str) -> set[str]:
        """The days of which some flag still holds text."""
        with self._db.reading() as tx:
            return set(
                tx.execute(
                    select(flags.c.bucket)
                    .where(flags.c.tenant == tenant, flags.c.text_ct.is_not(None))
                    .distinct()
                ).scalars()
            )


def _awake(now: float) -> Any:
    return or_(flags.c.snoozed_until.is_(None), flags.c.snoozed_until <= now)
