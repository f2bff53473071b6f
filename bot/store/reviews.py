"""Reviews: what people decided about a flag. Notes and spans are sealed under the day of the review."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from bot.errors import SealError
from bot.records import Review
from bot.store.cells import dump, span_rows, spans_of
from bot.store.engine import Database, to_datetime
from bot.store.keys import Keys
from bot.store.tables import reviews


class Reviews:
    """The table of reviews."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def add(self, tx: Connection, review: Review) -> None:
        """Store a review."""
        tx.execute(
            insert(reviews).values(
                id=review.id,
                flag_id=review.flag_id,
                tenant=review.tenant,
                decision=review.decision,
                by=review.by,
                at=review.at.timestamp(),
                surface=review.surface,
                reason=review.reason,
                note_ct=self._seal(review, "note_ct", review.note) if review.note else None,
                signed=review.signed,
                spans_ct=self._seal(review, "spans_ct", dump(span_rows(review.spans)))
                if review.spans
                else None,
                bucket=self._keys.bucket(),
                undone=review.undone,
            )
        )

    def get(self, tx: Connection, review_id: str) -> Review | None:
        row = tx.execute(select(reviews).where(reviews.c.id == review_id)).one_or_none()
        return None if row is None else self._review(row)

    def of_flag(self, flag_id: str, tenant: str) -> list[Review]:
        """All reviews of a flag, oldest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(reviews)
                .where(reviews.c.flag_id == flag_id, reviews.c.tenant == tenant)
                .order_by(reviews.c.at, reviews.c.id)
            ).all()
        return [self._review(row) for row in rows]

    def last(self, tx: Connection, flag_id: str) -> Review | None:
        """The newest review of a flag that was not undone and is no undoing."""
        row = tx.execute(
            select(reviews)
            .where(reviews.c.flag_id == flag_id, reviews.c.undone.is_(False))
            .where(reviews.c.decision != "undo")
            .order_by(reviews.c.at.desc(), reviews.c.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else self._review(row)

    def mark_undone(self, tx: Connection, review_id: str) -> None:
        """A review no longer counts; it stays in the history."""
        tx.execute(update(reviews).where(reviews.c.id == review_id).values(undone=True))

    def since(self, tenant: str, at: datetime) -> list[Review]:
        """The reviews of a tenant from a moment on, oldest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(reviews)
                .where(reviews.c.tenant == tenant, reviews.c.at >= at.timestamp())
                .order_by(reviews.c.at, reviews.c.id)
            ).all()
        return [self._review(row) for row in rows]

    def purge(self, older_than: date) -> int:
        """Drop notes and spans of the reviews made before a day."""
        with self._db.transaction() as tx:
            return tx.execute(
                update(reviews)
                .where(reviews.c.bucket < older_than.isoformat())
                .where(or_(reviews.c.note_ct.is_not(None), reviews.c.spans_ct.is_not(None)))
                .values(note_ct=None, spans_ct=None)
            ).rowcount

    def erase(self, tx: Connection, tenant: str, flag_ids: list[str]) -> int:
        """Drop notes and spans of all reviews of some flags."""
        return tx.execute(
            update(reviews)
            .where(reviews.c.tenant == tenant, reviews.c.flag_id.in_(flag_ids))
            .values(note_ct=None, spans_ct=None)
        ).rowcount

    def _seal(self, review: Review, column: str, value: str) -> bytes:
        return self._keys.seal(
            value, table="reviews", column=column, row_id=review.id, tenant=review.tenant
        )

    def _open(self, row: Any, column: str) -> str:
        cell = getattr(row, column)
        if cell is None:
            return ""
        try:
            return self._keys.open(
                cell, table="reviews", column=column, row_id=row.id, tenant=row.tenant
            )
        except SealError:
            return ""

    def _review(self, row: Any) -> Review:
        return Review(
            id=row.id,
            flag_id=row.flag_id,
            tenant=row.tenant,
            decision=row.decision,
            by=row.by,
            at=to_datetime(row.at),
            surface=row.surface,
            reason=row.reason,
            note=self._open(row, "note_ct"),
            signed=row.signed,
            spans=spans_of(json.loads(self._open(row, "spans_ct") or "[]")),
            undone=row.undone,
        )
