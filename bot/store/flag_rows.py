"""Rows of the flag table as flags: found by id or number, their cells opened."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.errors import NotFoundError, SealError
from bot.logs import event
from bot.records import Flag, FoundSpan, Part
from bot.store.cells import dump, load_parts, span_rows, spans_of
from bot.store.engine import Database, to_datetime, to_datetime_or_none
from bot.store.keys import KeyGoneError, Keys
from bot.store.tables import flags


class FlagRows:
    """Reads flags, with as much of their text as is kept."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def get(self, flag_id: str, tenant: str, *, tx: Connection | None = None) -> Flag:
        """A flag with its text, as far as it is kept. Raises: NotFoundError."""
        return self._one(select(flags).where(flags.c.id == flag_id, flags.c.tenant == tenant), tx)

    def by_number(self, number: int, tenant: str, *, tx: Connection | None = None) -> Flag:
        """The flag that people call by this number. Raises: NotFoundError."""
        return self._one(
            select(flags).where(flags.c.number == number, flags.c.tenant == tenant), tx
        )

    def of_message(self, tx: Connection, tenant: str, channel_id: str, ts: str) -> list[Flag]:
        """All flags of a message, oldest first."""
        rows = tx.execute(
            select(flags)
            .where(flags.c.tenant == tenant, flags.c.channel_id == channel_id, flags.c.ts == ts)
            .order_by(flags.c.number)
        ).all()
        return [self._flag(row) for row in rows]

    def listed(self, tx: Connection, query: Select[Any]) -> list[Flag]:
        """The flags of a query for rows of the table, in its order."""
        return [self._flag(row) for row in tx.execute(query)]

    def _one(self, query: Select[Any], tx: Connection | None) -> Flag:
        if tx is not None:
            row = tx.execute(query).one_or_none()
        else:
            with self._db.reading() as connection:
                row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("There is no such flag here")
        return self._flag(row)

    def _opened(
        self, row: Any
    ) -> tuple[str, tuple[Part, ...], tuple[FoundSpan, ...], tuple[FoundSpan, ...]] | None:
        """Author, parts, spans and predicted spans; None once they are erased or cannot be read."""
        if row.text_ct is None or row.spans_ct is None:
            return None
        unseal = _Opener(self._keys, row.id, row.tenant)
        try:
            user_id = "" if row.user_ct is None else unseal("user_ct", row.user_ct)
            parts = load_parts(unseal("text_ct", row.text_ct))
            found = json.loads(unseal("spans_ct", row.spans_ct))
        except KeyGoneError:
            return None
        except SealError:
            event("bot.store", "flag_unreadable", level=40, id=row.id)
            return None
        return user_id, parts, spans_of(found["spans"]), spans_of(found["predicted"])

    def _flag(self, row: Any) -> Flag:
        opened = self._opened(row)
        user_id, parts, spans, predicted = opened or ("", (), (), ())
        return Flag(
            id=row.id,
            number=row.number,
            tenant=row.tenant,
            channel_id=row.channel_id,
            ts=row.ts,
            thread_ts=row.thread_ts,
            state=row.state,
            version=row.version,
            severity=row.severity,
            labels=dict(row.labels),
            reasons=tuple(row.reasons),
            model=row.model,
            score=row.score,
            opened_at=to_datetime(row.opened_at),
            content_fp=row.content_fp,
            user_id=user_id,
            parts=parts,
            spans=spans,
            predicted=predicted,
            assignee=row.assignee,
            snoozed_until=to_datetime_or_none(row.snoozed_until),
            resolved_by=row.resolved_by,
            resolved_at=to_datetime_or_none(row.resolved_at),
            author_answer=row.author_answer,
            seen_before=row.seen_before,
            n_repeats=row.n_repeats,
            text_gone=opened is None,
        )


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals the cells of one flag under one key."""

    keys: Keys
    row_id: str
    tenant: str
    purpose: str = "text"
    day: date | None = None

    def __call__(self, column: str, value: str) -> bytes:
        return self.keys.seal(
            value,
            table="flags",
            column=column,
            row_id=self.row_id,
            tenant=self.tenant,
            purpose=self.purpose,
            day=self.day,
        )


@dataclass(frozen=True, slots=True)
class _Opener:
    keys: Keys
    row_id: str
    tenant: str

    def __call__(self, column: str, cell: bytes) -> str:
        return self.keys.open(
            cell, table="flags", column=column, row_id=self.row_id, tenant=self.tenant
        )


def dump_spans(spans: Iterable[FoundSpan], predicted: Iterable[FoundSpan]) -> str:
    """The spans as they stand now and as they were predicted."""
    return dump({"spans": span_rows(spans), "predicted": span_rows(predicted)})
