"""Flags: one per flagged version of a message, with its text sealed for as long as it may be kept.

Which of them is open follows from the newest version of the message and from what people decided (``recompute``), not
from the order in which things arrived. Every change needs the version it was based on and raises it by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, or_, select, update

from bot.errors import NotFoundError, ReviewError, StaleError
from bot.records import PENDING, Flag, FoundSpan, Part
from bot.store.cells import dump_parts, new_id
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import clock
from bot.store.flag_lists import FlagLists
from bot.store.flag_marks import marks
from bot.store.flag_rows import Sealer, dump_spans
from bot.store.numbers import next_number
from bot.store.tables import flag_values, flags, messages
from piiguard.labels import SEVERITIES, Severity

#: States that follow from the message; every other one is a person's word and stays.
_AUTOMATIC: Final = frozenset({"open", "second_opinion", "resolved", "superseded"})
_CHANGEABLE: Final = frozenset(
    {
        "state", "spans", "assignee", "snoozed_until", "resolved_by", "resolved_at", "author_answer", "n_repeats",
        "hold", "labels", "severity", "score", "reasons",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewFlag:
    """What a scan or a person found in one version of a message.

    ``value_fps``: (label, keyed fingerprint) of each value. ``predicted`` is what the model said; the spans, when not
    given.
    """

    tenant: str
    channel_id: str
    ts: str
    content_fp: str
    severity: Severity
    labels: dict[str, int]
    reasons: tuple[str, ...]
    model: str
    score: float
    parts: tuple[Part, ...] = field(repr=False)
    spans: tuple[FoundSpan, ...] = ()
    predicted: tuple[FoundSpan, ...] | None = None
    value_fps: tuple[tuple[str, str], ...] = ()
    user_id: str = ""
    thread_ts: str = ""
    id: str = field(default_factory=new_id)


class Flags(FlagLists):
    """The table of flags."""

    def record(self, tx: Connection, new: NewFlag) -> tuple[Flag, bool]:
        """Store a flag unless this version of the message has one; True when it was created.

        Follow it by ``recompute``: a newer version may be known already.
        """
        found = self._of_version(tx, new)
        if found is not None:
            return found, False
        number = next_number(tx, new.tenant, "flag")
        seal = Sealer(self._keys, new.id, new.tenant)
        predicted = new.spans if new.predicted is None else new.predicted
        inserted = tx.execute(
            insert_or_nothing(tx, flags)
            .values(
                id=new.id,
                number=number,
                tenant=new.tenant,
                channel_id=new.channel_id,
                ts=new.ts,
                thread_ts=new.thread_ts,
                content_fp=new.content_fp,
                state="open",
                version=1,
                severity=new.severity,
                severity_rank=SEVERITIES.index(new.severity),
                labels=dict(new.labels),
                reasons=list(new.reasons),
                model=new.model,
                score=float(new.score),
                opened_at=clock(tx),
                bucket=self._keys.bucket(),
                user_fp=self._keys.fingerprint(new.tenant, "user", new.user_id)
                if new.user_id
                else "",
                user_ct=seal("user_ct", new.user_id),
                text_ct=seal("text_ct", dump_parts(new.parts)),
                spans_ct=seal("spans_ct", dump_spans(new.spans, predicted)),
                seen_before=self.seen_before(tx, new.tenant, [fp for _, fp in new.value_fps]),
                **marks(labels=new.labels, spans=new.spans, severity=new.severity, score=new.score),
            )
            .returning(flags.c.id)
        ).one_or_none()
        if inserted is None:  # another worker was first; on PostgreSQL it has committed by now
            found = self._of_version(tx, new)
            if found is None:
                raise NotFoundError("A flag that was there a moment ago is gone; try again")
            return found, False
        values = sorted({(label, fp) for label, fp in new.value_fps if fp})
        if values:
            tx.execute(
                insert_or_nothing(tx, flag_values),
                [
                    {"flag_id": new.id, "label": label, "value_fp": fp, "tenant": new.tenant}
                    for label, fp in values
                ],
            )
        return self.get(new.id, new.tenant, tx=tx), True

    def recompute(self, tx: Connection, tenant: str, channel_id: str, ts: str) -> list[Flag]:
        """Bring the flags of a message in line with its newest version; gives those whose state changed.

        Open is the flag of the newest version. Deleted or free of findings now: resolved. Flagged in a newer version:
        superseded. What a person decided stays.
        """
        where = and_(flags.c.tenant == tenant, flags.c.channel_id == channel_id, flags.c.ts == ts)
        newest = tx.execute(
            select(messages).where(
                messages.c.tenant == tenant,
                messages.c.channel_id == channel_id,
                messages.c.ts == ts,
            )
        ).one_or_none()
        if newest is None:
            return []
        rows = tx.execute(for_update(tx, select(flags).where(where).order_by(flags.c.id))).all()
        flagged = {row.content_fp for row in rows}
        changed: list[str] = []
        for row in rows:
            if row.state not in _AUTOMATIC:
                continue
            if not newest.deleted and row.content_fp == newest.content_fp:
                state = row.state if row.state in PENDING else "open"
            elif not newest.deleted and newest.content_fp in flagged:
                state = "superseded"
            else:
                state = "resolved"
            if state == row.state:
                continue
            resolved_at = None if state in PENDING else clock(tx)
            tx.execute(
                update(flags)
                .where(flags.c.id == row.id)
                .values(
                    state=state,
                    version=flags.c.version + 1,
                    resolved_at=resolved_at,
                    resolved_by="",
                )
            )
            changed.append(row.id)
        return [self.get(flag_id, tenant, tx=tx) for flag_id in changed]

    def change(
        self,
        tx: Connection,
        flag_id: str,
        tenant: str,
        *,
        expected_version: int,
        **columns: Any,
    ) -> Flag:
        """Change a flag that still has the version the change is based on.

        Raises: StaleError with the flag as it stands; NotFoundError; ReviewError for spans of an erased text.
        """
        unknown = set(columns) - _CHANGEABLE
        if unknown:
            raise TypeError(f"a flag has no column to change called {sorted(unknown)}")
        query = select(flags).where(flags.c.id == flag_id, flags.c.tenant == tenant)
        row = tx.execute(for_update(tx, query)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such flag here")
        if row.version != expected_version:
            raise StaleError(
                f"Flag {row.number} was changed meanwhile (version {row.version}, expected {expected_version})",
                self._flag(row),
            )
        values = {name: _plain(value) for name, value in columns.items() if name != "spans"}
        if "severity" in values:
            values["severity_rank"] = SEVERITIES.index(values["severity"])
        if "severity" in values or "score" in values:
            values |= marks(
                severity=values.get("severity", row.severity), score=values.get("score", row.score)
            )
        values |= marks(**{name: columns[name] for name in ("labels", "spans") if name in columns})
        values |= self._resealed(row, columns)
        tx.execute(
            update(flags)
            .where(flags.c.id == flag_id, flags.c.version == expected_version)
            .values(version=flags.c.version + 1, **values)
        )
        return self.get(flag_id, tenant, tx=tx)

    def purge(self, older_than: date) -> int:
        """Drop text, spans and author of the flags opened before a day, except where on hold. Then shred the keys."""
        with self._db.transaction() as tx:
            return tx.execute(
                update(flags)
                .where(flags.c.bucket < older_than.isoformat(), flags.c.hold.is_(False))
                .where(or_(flags.c.text_ct.is_not(None), flags.c.spans_ct.is_not(None)))
                .values(text_ct=None, spans_ct=None, user_ct=None)
            ).rowcount

    def forget(self, older_than: date) -> int:
        """Delete the flags opened before a day with their reviews and values, except where on hold."""
        with self._db.transaction() as tx:
            return tx.execute(
                delete(flags).where(
                    flags.c.bucket < older_than.isoformat(), flags.c.hold.is_(False)
                )
            ).rowcount

    def erase_author(self, tx: Connection, tenant: str, user_id: str) -> list[Flag]:
        """Drop what flags hold of a person: text, spans, name, fingerprints. Held ones too; gives them, to update cards."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        ids = list(
            tx.execute(
                select(flags.c.id).where(flags.c.tenant == tenant, flags.c.user_fp == user_fp)
            ).scalars()
        )
        return self.erase(tx, tenant, ids)

    def erase(self, tx: Connection, tenant: str, flag_ids: Sequence[str]) -> list[Flag]:
        """Drop text, spans, author and value fingerprints of flags; gives them as they are now."""
        ids = sorted(flag_ids)
        if not ids:
            return []
        mine = select(flags.c.id).where(flags.c.id.in_(ids), flags.c.tenant == tenant)
        tx.execute(delete(flag_values).where(flag_values.c.flag_id.in_(mine)))
        tx.execute(
            update(flags)
            .where(flags.c.id.in_(ids), flags.c.tenant == tenant)
            .values(
                text_ct=None,
                spans_ct=None,
                user_ct=None,
                user_fp="",
                version=flags.c.version + 1,
            )
        )
        rows = tx.execute(select(flags).where(flags.c.id.in_(ids), flags.c.tenant == tenant)).all()
        return [self._flag(row) for row in rows]

    def _of_version(self, tx: Connection, new: NewFlag) -> Flag | None:
        row = tx.execute(
            select(flags).where(
                flags.c.tenant == new.tenant,
                flags.c.channel_id == new.channel_id,
                flags.c.ts == new.ts,
                flags.c.content_fp == new.content_fp,
            )
        ).one_or_none()
        return None if row is None else self._flag(row)

    def _resealed(self, row: Any, columns: dict[str, Any]) -> dict[str, Any]:
        """The sealed cells that a change writes anew: for other spans, or into or out of the hold key."""
        hold = bool(columns.get("hold", row.hold))
        if "spans" not in columns and hold == row.hold:
            return {}
        opened = self._opened(row)
        if opened is None:
            if "spans" not in columns:
                return {}
            raise ReviewError("The text of this flag is erased; its spans cannot change", "spans")
        user_id, parts, spans, predicted = opened
        spans = tuple(columns.get("spans", spans))
        day = date.fromisoformat(row.bucket)
        seal = Sealer(self._keys, row.id, row.tenant, "hold" if hold else "text", day)
        cells: dict[str, Any] = {"spans_ct": seal("spans_ct", dump_spans(spans, predicted))}
        if hold != row.hold:
            cells["user_ct"] = seal("user_ct", user_id)
            cells["text_ct"] = seal("text_ct", dump_parts(parts))
        return cells


def _plain(value: Any) -> Any:
    """A column's value: times as seconds, tuples as lists."""
    if isinstance(value, datetime):
        return value.timestamp()
    return list(value) if isinstance(value, tuple) else value
