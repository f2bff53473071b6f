"""What became of each proposed span: the part of Insights that opens sealed cells, for as long as they are kept."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select

from bot.errors import SealError
from bot.records import FoundSpan
from bot.store.cells import spans_of
from bot.store.engine import Database
from bot.store.insights import REPORTED, Scope, conditions, newest_final
from bot.store.keys import Keys
from bot.store.tables import decisions, flags

#: The newest so many decided flags are opened; the page says when there were more.
MAX_OPENED: Final = 10_000
_PAGE: Final = 5_000

Fate = Literal["kept", "moved", "relabelled", "removed", "missed"]


@dataclass(frozen=True, slots=True)
class SpanFate:
    """A proposed span, or one that a person added.

    ``kept``: the same label at the same place. ``moved``: the same label, another boundary. ``relabelled``: its text
    stayed under ``became``. ``removed``: nothing personal. ``missed``: nobody had proposed it; ``label`` is "".
    """

    flag_id: str
    fate: Fate
    label: str
    became: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The fates of the spans of the flags decided in a period. ``n_gone``: text and spans are no longer kept."""

    fates: tuple[SpanFate, ...]
    n_flags: int
    n_gone: int
    n_left_out: int


class InsightSpans:
    """Reads what was proposed and what a person made of it."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def fates(self, scope: Scope, harmless: Collection[str]) -> Opened:
        """The spans of the flags that were decided in the period, but for Duplicate and what people reported.

        ``harmless``: the reasons of Not PII that leave the spans as they are: the policy erred, not the model.
        """
        newest = newest_final(scope.tenant)
        query = (
            select(flags.c.id, flags.c.tenant, flags.c.state, flags.c.spans_ct, newest.c.reason)
            .select_from(flags.join(newest, newest.c.flag_id == flags.c.id))
            .where(newest.c.place == 1, flags.c.model != REPORTED)
            .where(flags.c.state.in_(("confirmed", "corrected", "accepted_risk", "not_pii")))
            .where(flags.c.resolved_at >= scope.since.timestamp())
            .where(flags.c.resolved_at < scope.until.timestamp(), *conditions(scope))
            .order_by(flags.c.resolved_at.desc(), flags.c.id)
        )
        fates: list[SpanFate] = []
        n_flags = n_gone = n_left_out = 0
        with self._db.reading() as tx:
            for row in tx.execute(query):
                if n_flags == MAX_OPENED:
                    n_left_out += 1
                    continue
                found = self._opened(row)
                if found is None:
                    n_gone += 1
                    continue
                n_flags += 1
                spans, predicted = found
                if row.state == "not_pii":
                    spans = predicted if row.reason in harmless else ()
                fates += fates_of(row.id, predicted, spans)
        return Opened(tuple(fates), n_flags, n_gone, n_left_out)

    def scores(
        self, scope: Scope, since: datetime, until: datetime
    ) -> Iterator[tuple[float, float]]:
        """(moment, score) of each candidate span of a channel and label, also of those that were not flagged."""
        where = [decisions.c.tenant == scope.tenant]
        if scope.channel:
            where.append(decisions.c.channel_id == scope.channel)
        last = ""
        while True:
            with self._db.reading() as tx:
                rows = tx.execute(
                    select(decisions.c.id, decisions.c.at, decisions.c.spans)
                    .where(*where, decisions.c.id > last)
                    .where(decisions.c.at >= since.timestamp(), decisions.c.at < until.timestamp())
                    .order_by(decisions.c.id)
                    .limit(_PAGE)
                ).all()
            for row in rows:
                for span in row.spans:
                    if scope.label in ("", span[3]):
                        yield row.at, float(span[4])
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    def _opened(self, row: Any) -> tuple[tuple[FoundSpan, ...], tuple[FoundSpan, ...]] | None:
        if row.spans_ct is None:
            return None
        try:
            cell = self._keys.open(
                row.spans_ct, table="flags", column="spans_ct", row_id=row.id, tenant=row.tenant
            )
        except SealError:
            return None
        found = json.loads(cell)
        return spans_of(found["spans"]), spans_of(found["predicted"])


def fates_of(
    flag_id: str, predicted: tuple[FoundSpan, ...], truth: tuple[FoundSpan, ...]
) -> list[SpanFate]:
    """What became of each proposed span, then what was missed.

    A true span is used once: of two proposals over one name the better one is kept, the other removed.
    """
    left = list(truth)
    fates: dict[int, SpanFate] = {}
    for fate, fits in _FITS:
        for number, span in enumerate(predicted):
            if number in fates:
                continue
            match = next((other for other in left if fits(span, other)), None)
            if match is None:
                continue
            left.remove(match)
            fates[number] = SpanFate(flag_id, fate, span.label, match.label, span.source)
    for number, span in enumerate(predicted):
        fates.setdefault(number, SpanFate(flag_id, "removed", span.label, "", span.source))
    found = [fates[number] for number in sorted(fates)]
    return found + [SpanFate(flag_id, "missed", "", span.label, span.source) for span in left]


def _is_same(span: FoundSpan, other: FoundSpan) -> bool:
    return (span.part, span.start, span.end, span.label) == (
        other.part, other.start, other.end, other.label,
    )  # fmt: skip


def _overlaps(span: FoundSpan, other: FoundSpan) -> bool:
    return span.part == other.part and span.start < other.end and other.start < span.end


def _is_moved(span: FoundSpan, other: FoundSpan) -> bool:
    return span.label == other.label and _overlaps(span, other)


#: The best fit first.
_FITS: Final[tuple[tuple[Fate, Any], ...]] = (
    ("kept", _is_same),
    ("moved", _is_moved),
    ("relabelled", _overlaps),
)
