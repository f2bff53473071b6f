"""Second reviews: a share of decided flags is decided once more, by another person who does not see the first verdict.

They change no flag. Where the two differ, a third person settles it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, select, update

from bot.errors import ForbiddenError, NotFoundError, SealError, StaleError
from bot.records import Decision, Flag, FoundSpan, Review
from bot.store.cells import dump, ordered_id, span_rows, spans_of
from bot.store.console_tables import second_reviews
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import Database, clock, to_datetime, to_datetime_or_none
from bot.store.keys import Keys
from bot.store.reviews import Reviews

Outcome = Literal["first", "second", "other"]


@dataclass(frozen=True, slots=True)
class SecondReview:
    """A second verdict, or the place for one while ``decision`` is "". ``first_id``: the review it stands beside."""

    id: str
    flag_id: str
    tenant: str
    first_id: str
    first_by: str
    picked_at: datetime
    by: str = ""
    at: datetime | None = None
    decision: Decision | Literal[""] = ""
    reason: str = ""
    signed: bool = False
    spans: tuple[FoundSpan, ...] = field(default=())
    outcome: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two verdicts on one flag."""

    flag_id: str
    first: Review
    second: SecondReview


class SecondReviews:
    """The table of second reviews."""

    def __init__(self, database: Database, keys: Keys, reviews: Reviews) -> None:
        self._db = database
        self._keys = keys
        self._reviews = reviews

    def pick(self, tx: Connection, flag: Flag) -> str | None:
        """Ask for a second verdict beside the last one; None where there is no verdict, or it is asked already."""
        first = self._reviews.last(tx, flag.id)
        if first is None or first.decision in ("note", "second_opinion", "duplicate"):
            return None
        return tx.execute(
            insert_or_nothing(tx, second_reviews)
            .values(
                id=ordered_id(),
                flag_id=flag.id,
                tenant=flag.tenant,
                first_id=first.id,
                first_by=first.by,
                picked_at=clock(tx),
                signed=False,
            )
            .returning(second_reviews.c.id)
        ).scalar_one_or_none()

    def get(self, second_id: str, tenant: str) -> SecondReview:
        """Raises: NotFoundError."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(second_reviews).where(
                    second_reviews.c.id == second_id, second_reviews.c.tenant == tenant
                )
            ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such second review")
        return self._second(row)

    def waiting(self, tenant: str, not_by: str = "", limit: int = 50) -> list[SecondReview]:
        """What still wants a second verdict, oldest first; ``not_by``: without what this person decided first."""
        c = second_reviews.c
        with self._db.reading() as tx:
            rows = tx.execute(
                select(second_reviews)
                .where(c.tenant == tenant, c.at.is_(None), c.first_by != not_by)
                .order_by(c.picked_at, c.id)
                .limit(limit)
            ).all()
        return [self._second(row) for row in rows]

    def n_waiting(self, tenant: str, not_by: str = "") -> int:
        """How many of them there are."""
        c = second_reviews.c
        with self._db.reading() as tx:
            return tx.execute(
                select(func.count()).where(c.tenant == tenant, c.at.is_(None), c.first_by != not_by)
            ).scalar_one()

    def add(
        self,
        tx: Connection,
        second_id: str,
        tenant: str,
        *,
        by: str,
        decision: Decision,
        spans: tuple[FoundSpan, ...] = (),
        reason: str = "",
        signed: bool = False,
    ) -> SecondReview:
        """Keep the second verdict.

        Raises: NotFoundError; ForbiddenError for who gave the first; StaleError when somebody was quicker.
        """
        row = self._locked(tx, second_id, tenant)
        if row.first_by == by:
            raise ForbiddenError("another reviewer gives the second verdict", by_role=False)
        if row.at is not None:
            raise StaleError("somebody gave the second verdict first")
        tx.execute(
            update(second_reviews)
            .where(second_reviews.c.id == second_id)
            .values(
                by=by,
                at=clock(tx),
                decision=decision,
                reason=reason,
                signed=signed,
                spans_ct=self._keys.seal(
                    dump(span_rows(spans)),
                    table="second_reviews",
                    column="spans_ct",
                    row_id=second_id,
                    tenant=tenant,
                ),
                bucket=self._keys.bucket(),
            )
        )
        return self._second(self._locked(tx, second_id, tenant))

    def settle(
        self, tx: Connection, second_id: str, tenant: str, *, by: str, outcome: Outcome
    ) -> None:
        """Say which of two verdicts stands. The flag's own state is changed by ``record_review``, not here.

        Raises: NotFoundError; StaleError before there are two, or when it is settled.
        """
        row = self._locked(tx, second_id, tenant)
        if row.at is None or row.settled_at is not None:
            raise StaleError("there is nothing to settle here any more")
        tx.execute(
            update(second_reviews)
            .where(second_reviews.c.id == second_id)
            .values(outcome=outcome, settled_by=by, settled_at=clock(tx))
        )

    def pairs(self, tenant: str, since: datetime) -> Iterator[Pair]:
        """The flags with two verdicts, the second given from a moment on; oldest first."""
        c = second_reviews.c
        with self._db.reading() as tx:
            rows = tx.execute(
                select(second_reviews)
                .where(c.tenant == tenant, c.at >= since.timestamp())
                .order_by(c.at, c.id)
            ).all()
            found = [(row, self._reviews.get(tx, row.first_id)) for row in rows]
        for row, first in found:
            if first is not None:
                yield Pair(row.flag_id, first, self._second(row))

    def purge(self, older_than: date) -> int:
        """Drop the spans of what was decided before a day."""
        with self._db.transaction() as tx:
            return tx.execute(
                update(second_reviews)
                .where(second_reviews.c.bucket < older_than.isoformat())
                .where(second_reviews.c.spans_ct.is_not(None))
                .values(spans_ct=None)
            ).rowcount

    def erase(self, tx: Connection, tenant: str, flag_ids: list[str]) -> int:
        """Drop the spans of all second verdicts on some flags; what still waits for one goes."""
        c = second_reviews.c
        theirs = (c.tenant == tenant) & c.flag_id.in_(flag_ids)
        tx.execute(delete(second_reviews).where(theirs, c.at.is_(None)))
        return tx.execute(update(second_reviews).where(theirs).values(spans_ct=None)).rowcount

    def _locked(self, tx: Connection, second_id: str, tenant: str) -> Any:
        query = select(second_reviews).where(
            second_reviews.c.id == second_id, second_reviews.c.tenant == tenant
        )
        row = tx.execute(for_update(tx, query)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such second review")
        return row

    def _second(self, row: Any) -> SecondReview:
        spans: tuple[FoundSpan, ...] = ()
        if row.spans_ct is not None:
            try:
                opened = self._keys.open(
                    row.spans_ct,
                    table="second_reviews",
                    column="spans_ct",
                    row_id=row.id,
                    tenant=row.tenant,
                )
                spans = spans_of(json.loads(opened))
            except SealError:
                pass
        return SecondReview(
            id=row.id,
            flag_id=row.flag_id,
            tenant=row.tenant,
            first_id=row.first_id,
            first_by=row.first_by,
            picked_at=to_datetime(row.picked_at),
            by=row.by,
            at=to_datetime_or_none(row.at),
            decision=row.decision,
            reason=row.reason,
            signed=row.signed,
            spans=spans,
            outcome=row.outcome,
            settled_by=row.settled_by,
            settled_at=to_datetime_or_none(row.settled_at),
        )
