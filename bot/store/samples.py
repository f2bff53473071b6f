"""The recall audit's sample: messages that were not flagged, drawn by chance, judged by people who do not know more.

Text and author are sealed and let go as a flag's are; what was counted stays, without them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, select, update

from bot.errors import NotFoundError, StaleError
from bot.records import FoundSpan, Part
from bot.store.cells import dump, dump_parts, ordered_id, span_rows
from bot.store.console_tables import samples
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import clock
from bot.store.sample_rows import Sample, SampleCounts, SampleRow, SampleRows

__all__ = ["TAKEN_S", "Sample", "SampleCounts", "SampleRow", "Samples"]

#: How long a sample belongs to who opened it, before another person gets it.
TAKEN_S: Final = 1800.0


class Samples(SampleRows):
    """The table of the recall audit."""

    def add(
        self,
        tx: Connection,
        tenant: str,
        channel_id: str,
        ts: str,
        thread_ts: str,
        user_id: str,
        parts: Iterable[Part],
        spans: Iterable[FoundSpan],
        stratum: str,
        weight: float,
    ) -> str | None:
        """Put a message into the sample; gives the sample's id, None when the message is in it already."""
        sample_id = ordered_id()

        def seal(column: str, value: str) -> bytes:
            return self._seal(tenant, sample_id, column, value)

        return tx.execute(
            insert_or_nothing(tx, samples)
            .values(
                id=sample_id,
                tenant=tenant,
                channel_id=channel_id,
                ts=ts,
                thread_ts=thread_ts,
                user_fp=self._keys.fingerprint(tenant, "user", user_id) if user_id else "",
                user_ct=seal("user_ct", user_id),
                text_ct=seal("text_ct", dump_parts(parts)),
                spans_ct=seal("spans_ct", dump(span_rows(spans))),
                bucket=self._keys.bucket(),
                stratum=stratum,
                weight=float(weight),
                added_at=clock(tx),
                taken_until=0.0,
                n_found={},
                n_missed={},
            )
            .returning(samples.c.id)
        ).scalar_one_or_none()

    def next(self, tenant: str, person_id: str) -> Sample | None:
        """The sample this person judges next: the one they have open, else the oldest that nobody has."""
        with self._db.transaction() as tx:
            now = clock(tx)
            waiting = (
                select(samples)
                .where(samples.c.tenant == tenant, samples.c.state == "waiting")
                .where(samples.c.text_ct.is_not(None))
            )
            mine = waiting.where(samples.c.taken_by == person_id, samples.c.taken_until > now)
            free = waiting.where(samples.c.taken_until <= now)
            for query in (mine, free):
                row = tx.execute(
                    for_update(
                        tx,
                        query.order_by(samples.c.added_at, samples.c.id).limit(1),
                        skip_locked=True,
                    )
                ).one_or_none()
                if row is not None:
                    break
            else:
                return None
            tx.execute(
                update(samples)
                .where(samples.c.id == row.id)
                .values(taken_by=person_id, taken_until=now + TAKEN_S)
            )
        return self._sample(row)

    def judge(
        self,
        tx: Connection,
        sample_id: str,
        tenant: str,
        by: str,
        missed: Sequence[FoundSpan],
        kept: Sequence[FoundSpan],
    ) -> None:
        """Keep what a person said of a sample: what was missed, and what the machine found rightly.

        Raises: NotFoundError; StaleError when somebody judged it first.
        """
        query = select(samples).where(samples.c.id == sample_id, samples.c.tenant == tenant)
        row = tx.execute(for_update(tx, query)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such sample")
        if row.state != "waiting":
            raise StaleError("somebody judged this sample first")
        spans = sorted([*missed, *kept], key=lambda span: (span.part, span.start))
        cell = None
        if row.text_ct is not None:
            day = date.fromisoformat(row.bucket)  # it goes with the text
            cell = self._seal(tenant, sample_id, "spans_ct", dump(span_rows(spans)), day)
        tx.execute(
            update(samples)
            .where(samples.c.id == sample_id)
            .values(
                state="judged",
                judged_by=by,
                judged_at=clock(tx),
                taken_by="",
                taken_until=0.0,
                spans_ct=cell,
                n_found=dict(Counter(span.label for span in kept)),
                n_missed=dict(Counter(span.label for span in missed)),
            )
        )

    def skip(self, tx: Connection, sample_id: str, tenant: str) -> None:
        """Put a sample aside for good: it cannot be judged. It counts neither way."""
        tx.execute(
            update(samples)
            .where(samples.c.id == sample_id, samples.c.tenant == tenant)
            .where(samples.c.state == "waiting")
            .values(state="skipped", taken_by="", taken_until=0.0)
        )

    def drop(self, tx: Connection, tenant: str, channel_id: str, ts: str) -> int:
        """Drop a message that was deleted before anybody judged it."""
        c = samples.c
        here = (c.tenant == tenant) & (c.channel_id == channel_id) & (c.ts == ts)
        return tx.execute(delete(samples).where(here, c.state == "waiting")).rowcount

    def purge(self, older_than: date) -> int:
        """Drop text, spans and author of the samples taken before a day; those that nobody judged go as a whole."""
        with self._db.transaction() as tx:
            old = samples.c.bucket < older_than.isoformat()
            gone = tx.execute(delete(samples).where(old, samples.c.state != "judged")).rowcount
            return (
                gone
                + tx.execute(
                    update(samples)
                    .where(old, samples.c.text_ct.is_not(None))
                    .values(text_ct=None, spans_ct=None, user_ct=None, user_fp="")
                ).rowcount
            )

    def forget(self, older_than: date) -> int:
        """Delete the samples taken before a day, with what was counted."""
        with self._db.transaction() as tx:
            return tx.execute(
                delete(samples).where(samples.c.bucket < older_than.isoformat())
            ).rowcount

    def erase_author(self, tx: Connection, tenant: str, user_id: str) -> int:
        """Drop what is kept of a person's messages; counts of judged ones stay, without them."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        theirs = (samples.c.tenant == tenant) & (samples.c.user_fp == user_fp)
        n = tx.execute(delete(samples).where(theirs, samples.c.state != "judged")).rowcount
        return (
            n
            + tx.execute(
                update(samples)
                .where(theirs)
                .values(text_ct=None, spans_ct=None, user_ct=None, user_fp="")
            ).rowcount
        )

    def _seal(
        self, tenant: str, sample_id: str, column: str, value: str, day: date | None = None
    ) -> bytes:
        return self._keys.seal(
            value, table="samples", column=column, row_id=sample_id, tenant=tenant, day=day
        )
