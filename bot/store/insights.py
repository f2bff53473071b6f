"""Rows for the numbers of Insights: one narrow row a flag, filtered alike for every number.

Nothing is opened here; what needs the spans inside a flag's text is in bot/store/insights_spans.py, what follows from
the audit log in bot/store/insights_audit.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from bot.records import PENDING
from bot.store.dialect import insert_of
from bot.store.engine import Database, clock
from bot.store.tables import cards, counters, flag_values, flags, messages, reviews

#: What a person's last word on a flag can be.
FINAL: Final = ("confirm", "correct", "not_pii", "accept_risk", "duplicate")
#: The model of a flag that a person reported: what the machine missed.
REPORTED: Final = "person"
#: The "target" of the card that says: its author was told (bot/outgoing.py).
_AUTHOR: Final = "author"
_SCANNED: Final = "scanned:"
_MANY: Final = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Which flags a number is about. Times are aware, ``until`` is not in it; "" means any."""

    tenant: str
    since: datetime
    until: datetime
    channel: str = ""
    label: str = ""
    severity: str = ""
    model: str = ""

    @property
    def days(self) -> float:
        """How long it is."""
        return (self.until - self.since).total_seconds() / 86_400

    def before(self) -> "Scope":
        """The same, as long, just before it: what a number is compared with."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    def has(self, at: float | None) -> bool:
        """True for a moment (seconds since 1970) inside the period."""
        return at is not None and self.since.timestamp() <= at < self.until.timestamp()


@dataclass(frozen=True, slots=True)
class FlagFact:
    """What the numbers need of a flag. Times are seconds since 1970.

    ``decided_at``: its first decision that stands. ``gone_at``: its message was deleted, or edited until nothing was
    found in it. ``is_clean``: no span is left in it.
    """

    id: str
    channel_id: str
    severity: str
    model: str
    state: str
    labels: Mapping[str, int]
    opened_at: float
    resolved_at: float | None
    decided_at: float | None
    author_answer: str
    snoozed_until: float | None
    is_told: bool
    gone_at: float | None

    @property
    def is_pending(self) -> bool:
        """True while a person has to look at it."""
        return self.state in PENDING

    def is_waiting(self, now: datetime) -> bool:
        """The same, and it does not sleep."""
        asleep = self.snoozed_until is not None and self.snoozed_until > now.timestamp()
        return self.is_pending and not asleep

    @property
    def is_clean(self) -> bool:
        """True where no span is left."""
        return not self.labels


@dataclass(frozen=True, slots=True)
class Told:
    """How long a card took: its Slack time less the message's, in seconds."""

    flag_id: str
    severity: str
    seconds: float


class Insights:
    """Reads across flags, reviews, cards and messages. Writes nothing but the count of scanned messages."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def flags(self, scope: Scope) -> list[FlagFact]:
        """The flags that were opened or closed in the period, and those that wait now."""
        since, until = scope.since.timestamp(), scope.until.timestamp()
        in_period = or_(
            and_(flags.c.opened_at >= since, flags.c.opened_at < until),
            and_(flags.c.resolved_at >= since, flags.c.resolved_at < until),
            flags.c.state.in_(sorted(PENDING)),
        )
        decided = (
            select(reviews.c.flag_id, func.min(reviews.c.at).label("decided_at"))
            .where(reviews.c.tenant == scope.tenant, reviews.c.undone.is_(False))
            .where(reviews.c.decision.in_(FINAL))
            .group_by(reviews.c.flag_id)
            .subquery()
        )
        is_told = exists().where(
            _same_message(cards), cards.c.target == _AUTHOR, cards.c.slack_ts != ""
        )
        query = (
            select(
                flags.c.id, flags.c.channel_id, flags.c.severity, flags.c.model, flags.c.state, flags.c.labels,
                flags.c.opened_at, flags.c.resolved_at, flags.c.author_answer, flags.c.snoozed_until, decided.c.decided_at,
                is_told.label("is_told"), _gone_at().label("gone_at"),
            )
            .select_from(
                flags.outerjoin(decided, decided.c.flag_id == flags.c.id).outerjoin(
                    messages, _same_message(messages)
                )
            )
            .where(in_period, *conditions(scope))
            .order_by(flags.c.opened_at, flags.c.number)
        )  # fmt: skip
        with self._db.reading() as tx:
            rows = tx.execute(query).all()
        return [
            FlagFact(
                id=row.id,
                channel_id=row.channel_id,
                severity=row.severity,
                model=row.model,
                state=row.state,
                labels=row.labels,
                opened_at=row.opened_at,
                resolved_at=row.resolved_at,
                decided_at=row.decided_at,
                author_answer=row.author_answer,
                snoozed_until=row.snoozed_until,
                is_told=bool(row.is_told),
                gone_at=row.gone_at,
            )
            for row in rows
        ]

    def matching(self, scope: Scope, ids: Iterable[str]) -> set[str]:
        """Those of these flags that the filters of a scope let through, at any time."""
        wanted = sorted(set(ids))
        found: set[str] = set()
        with self._db.reading() as tx:
            for start in range(0, len(wanted), _MANY):
                some = flags.c.id.in_(wanted[start : start + _MANY])
                found |= set(
                    tx.execute(select(flags.c.id).where(some, *conditions(scope))).scalars()
                )
        return found

    def choices(self, tenant: str) -> dict[str, list[str]]:
        """What the filters offer: the channels and models of which there are flags."""
        with self._db.reading() as tx:
            return {
                name: list(
                    tx.execute(
                        select(column).where(flags.c.tenant == tenant).distinct().order_by(column)
                    ).scalars()
                )
                for name, column in (("channel", flags.c.channel_id), ("model", flags.c.model))
            }

    def reasons(self, scope: Scope) -> dict[str, int]:
        """Why flags that were closed as Not PII in the period were so: reason to count; "" is none given."""
        newest = newest_final(scope.tenant)
        query = (
            select(newest.c.reason, func.count())
            .select_from(flags.join(newest, newest.c.flag_id == flags.c.id))
            .where(newest.c.place == 1, flags.c.state == "not_pii", flags.c.model != REPORTED)
            .where(*_closed_in(scope), *conditions(scope))
            .group_by(newest.c.reason)
        )
        with self._db.reading() as tx:
            return {row.reason: int(row[1]) for row in tx.execute(query)}

    def load(self, scope: Scope) -> dict[str, dict[str, int]]:
        """Decisions in the period by person: {person id: {"confirm": 3, "undone": 1}}; undone ones count as such."""
        kind = case((reviews.c.undone.is_(True), literal("undone")), else_=reviews.c.decision)
        query = (
            select(reviews.c.by, kind.label("kind"), func.count())
            .select_from(reviews.join(flags, flags.c.id == reviews.c.flag_id))
            .where(reviews.c.decision.in_((*FINAL, "second_opinion")))
            .where(reviews.c.at >= scope.since.timestamp(), reviews.c.at < scope.until.timestamp())
            .where(*conditions(scope))
            .group_by(reviews.c.by, kind)
        )
        found: dict[str, dict[str, int]] = {}
        with self._db.reading() as tx:
            for by, name, n in tx.execute(query):
                found.setdefault(by, {})[name] = n
        return found

    def told(self, scope: Scope) -> list[Told]:
        """How long the cards took of flags that were opened in the period."""
        query = (
            select(flags.c.id, flags.c.severity, cards.c.slack_ts, flags.c.ts)
            .select_from(cards.join(flags, flags.c.id == cards.c.flag_id))
            .where(cards.c.target != _AUTHOR, cards.c.slack_ts != "")
            .where(flags.c.opened_at >= scope.since.timestamp())
            .where(flags.c.opened_at < scope.until.timestamp(), *conditions(scope))
        )
        with self._db.reading() as tx:
            rows = tx.execute(query).all()
        found = []
        for row in rows:
            try:
                seconds = float(row.slack_ts) - float(row.ts)
            except ValueError:
                continue
            found.append(Told(row.id, row.severity, seconds))
        return found

    def corrections_since(self, tenant: str, model: str) -> int:
        """Signed decisions that stand, made after the first flag of this model."""
        first = (
            select(func.min(flags.c.opened_at))
            .where(flags.c.tenant == tenant, flags.c.model == model)
            .scalar_subquery()
        )
        query = select(func.count(reviews.c.flag_id.distinct())).where(
            reviews.c.tenant == tenant,
            reviews.c.signed.is_(True),
            reviews.c.undone.is_(False),
            reviews.c.at >= first,
        )
        with self._db.reading() as tx:
            return int(tx.execute(query).scalar_one())

    def count_scanned(self, tx: Connection, tenant: str, n: int) -> None:
        """Add to today's number of scanned messages; in the transaction that finished them."""
        if n <= 0:
            return
        day = datetime.fromtimestamp(clock(tx), UTC).date().isoformat()
        insert = insert_of(tx, counters).values(tenant=tenant, name=f"{_SCANNED}{day}", value=n)
        tx.execute(
            insert.on_conflict_do_update(
                index_elements=[counters.c.tenant, counters.c.name],
                set_={"value": counters.c.value + n},
            )
        )

    def scanned(self, tenant: str, since: datetime, until: datetime) -> int | None:
        """Messages scanned on the days (UTC) of a period; None where nobody counted."""
        last = (until - timedelta(microseconds=1)).date()
        with self._db.reading() as tx:
            row = tx.execute(
                select(func.count(), func.coalesce(func.sum(counters.c.value), 0))
                .where(counters.c.tenant == tenant)
                .where(counters.c.name >= _counter(since.date()), counters.c.name <= _counter(last))
            ).one()
        return int(row[1]) if row[0] else None


def conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """The filters of a scope, without its period, on the table of flags."""
    found: list[ColumnElement[bool]] = [flags.c.tenant == scope.tenant]
    for column, wanted in (
        (flags.c.channel_id, scope.channel),
        (flags.c.severity, scope.severity),
        (flags.c.model, scope.model),
    ):
        if wanted:
            found.append(column == wanted)
    if scope.label:
        # what the flag holds now, and what it held when it was opened: a corrected label stays findable
        now = cast(flags.c.labels, String).contains(f'"{scope.label}"', autoescape=True)
        then = exists().where(
            flag_values.c.flag_id == flags.c.id, flag_values.c.label == scope.label
        )
        found.append(or_(now, then))
    return found


def _closed_in(scope: Scope) -> Iterable[ColumnElement[bool]]:
    yield flags.c.resolved_at >= scope.since.timestamp()
    yield flags.c.resolved_at < scope.until.timestamp()


def newest_final(tenant: str) -> Any:
    """Each flag's decisions that stand; ``place`` 1 is the newest."""
    return (
        select(
            reviews.c.flag_id,
            reviews.c.reason,
            func.row_number()
            .over(partition_by=reviews.c.flag_id, order_by=(reviews.c.at.desc(), reviews.c.id.desc()))
            .label("place"),
        )
        .where(reviews.c.tenant == tenant, reviews.c.undone.is_(False))
        .where(reviews.c.decision.in_(FINAL))
        .subquery()
    )  # fmt: skip


def _same_message(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.tenant == flags.c.tenant,
        table.c.channel_id == flags.c.channel_id,
        table.c.ts == flags.c.ts,
    )


def _gone_at() -> Any:
    """When the message of a flag was deleted, or edited into a version without a flag; NULL while it stands."""
    newer = flags.alias("newer")
    still_flagged = exists().where(
        newer.c.tenant == flags.c.tenant,
        newer.c.channel_id == flags.c.channel_id,
        newer.c.ts == flags.c.ts,
        newer.c.content_fp == messages.c.content_fp,
    )
    return case(
        (messages.c.deleted.is_(True), messages.c.seen_at),
        (~still_flagged, messages.c.seen_at),
        else_=None,
    )


def _counter(day: date) -> str:
    return f"{_SCANNED}{day.isoformat()}"
