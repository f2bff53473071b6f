"""Rows of the recall audit's sample, with as much of their text as is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from bot.errors import NotFoundError, SealError
from bot.records import FoundSpan, Part
from bot.store.cells import load_parts, spans_of
from bot.store.console_tables import samples
from bot.store.engine import Database, clock, to_datetime, to_datetime_or_none
from bot.store.keys import Keys

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to judge. ``spans``: what the machine found in it, too little to flag it."""

    id: str
    tenant: str
    channel_id: str
    ts: str
    thread_ts: str
    stratum: str
    weight: float
    added_at: datetime
    user_id: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    spans: tuple[FoundSpan, ...] = ()
    judged_by: str = ""
    judged_at: datetime | None = None
    text_gone: bool = False


@dataclass(frozen=True, slots=True)
class SampleRow:
    """What a judged sample says: by label, how much was found and is right, and how much was missed.

    ``weight``: how many messages of its stratum the sample stands for.
    """

    id: str
    channel_id: str
    stratum: str
    weight: float
    n_found: dict[str, int]
    n_missed: dict[str, int]
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """How far the audit is. ``by_stratum``: (waiting, judged)."""

    n_waiting: int
    n_judged: int
    n_today: int
    by_stratum: dict[str, tuple[int, int]]


class SampleRows:
    """Reads samples."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def get(self, sample_id: str, tenant: str, *, tx: Connection | None = None) -> Sample:
        """A sample with its text, as far as it is kept. Raises: NotFoundError."""
        query = select(samples).where(samples.c.id == sample_id, samples.c.tenant == tenant)
        if tx is not None:
            row = tx.execute(query).one_or_none()
        else:
            with self._db.reading() as own:
                row = own.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("There is no such sample")
        return self._sample(row)

    def counts(self, tenant: str) -> SampleCounts:
        """How many wait and how many are judged; ``n_today``: added since midnight UTC."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(samples.c.stratum, samples.c.state, func.count())
                .where(samples.c.tenant == tenant, samples.c.state.in_(("waiting", "judged")))
                .group_by(samples.c.stratum, samples.c.state)
            ).all()
            now = clock(tx)
            n_today = tx.execute(
                select(func.count()).where(
                    samples.c.tenant == tenant, samples.c.added_at >= now - now % 86_400
                )
            ).scalar_one()
        by_stratum: dict[str, tuple[int, int]] = {}
        for stratum, state, n in rows:
            waiting, judged = by_stratum.get(stratum, (0, 0))
            pair = (waiting + n, judged) if state == "waiting" else (waiting, judged + n)
            by_stratum[stratum] = pair
        return SampleCounts(
            n_waiting=sum(pair[0] for pair in by_stratum.values()),
            n_judged=sum(pair[1] for pair in by_stratum.values()),
            n_today=n_today,
            by_stratum=dict(sorted(by_stratum.items())),
        )

    def judged(self, tenant: str, since: datetime) -> Iterator[SampleRow]:
        """What was judged from a moment on, oldest first, read page by page."""
        c = samples.c
        last_at, last_id = since.timestamp(), ""
        while True:
            with self._db.reading() as tx:
                rows = tx.execute(
                    select(samples)
                    .where(c.tenant == tenant, c.state == "judged")
                    .where(or_(c.judged_at > last_at, (c.judged_at == last_at) & (c.id > last_id)))
                    .order_by(c.judged_at, c.id)
                    .limit(_PAGE)
                ).all()
            for row in rows:
                yield SampleRow(
                    id=row.id,
                    channel_id=row.channel_id,
                    stratum=row.stratum,
                    weight=row.weight,
                    n_found=dict(row.n_found),
                    n_missed=dict(row.n_missed),
                    judged_by=row.judged_by,
                    judged_at=to_datetime(row.judged_at),
                )
            if len(rows) < _PAGE:
                return
            last_at, last_id = rows[-1].judged_at, rows[-1].id

    def _open(self, row: Any, column: str) -> str | None:
        cell = getattr(row, column)
        if cell is None:
            return None
        try:
            return self._keys.open(
                cell, table="samples", column=column, row_id=row.id, tenant=row.tenant
            )
        except SealError:
            return None

    def _sample(self, row: Any) -> Sample:
        text, spans = self._open(row, "text_ct"), self._open(row, "spans_ct")
        return Sample(
            id=row.id,
            tenant=row.tenant,
            channel_id=row.channel_id,
            ts=row.ts,
            thread_ts=row.thread_ts,
            stratum=row.stratum,
            weight=row.weight,
            added_at=to_datetime(row.added_at),
            user_id=self._open(row, "user_ct") or "",
            parts=load_parts(text) if text else (),
            spans=spans_of(json.loads(spans)) if spans else (),
            judged_by=row.judged_by,
            judged_at=to_datetime_or_none(row.judged_at),
            text_gone=text is None,
        )
