"""What a queue is asked for: a filter of flags, as conditions that the queue's indexes can answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, or_, select, true

from bot.errors import ReviewError
from bot.store.console_tables import value_groups
from bot.store.flag_marks import LABEL_BIT, SOURCE_BIT
from bot.store.keys import Keys
from bot.store.tables import flag_values, flags
from piiguard.labels import SEVERITIES

#: Every state a flag can have: a filter without states walks each in turn, in the order of its index.
STATES: Final = (
    "open", "second_opinion", "confirmed", "corrected", "not_pii", "accepted_risk", "duplicate", "resolved",
    "superseded",
)  # fmt: skip
#: What filters and orders look at.
_SEARCHED: Final = (
    "id", "version", "tenant", "number", "state", "severity_rank", "risk_key", "score", "opened_at", "channel_id",
    "label_bits", "source_bits", "snoozed_until", "assignee", "model", "author_answer",
)  # fmt: skip


class FilterError(ReviewError):
    """A filter that names no such state, severity, label or source; ``field`` says which part of it."""


@dataclass(frozen=True, slots=True)
class FlagQuery:
    """Which flags. Parts that are not given do not filter; several names in one part mean any of them.

    ``assignee``: a person's name, "" for nobody's. ``source``: "rule", "model", "report" or "person". ``score_min``
    and ``opened_after`` are included, ``score_max`` and ``opened_before`` are not. ``value``: the number of a value
    group. ``snoozed``: False without those that sleep, True only those, None either. ``answered``: whether the author
    has answered.
    """

    states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    user_id: str = ""
    assignee: str | None = None
    source: str = ""
    model: str = ""
    score_min: float | None = None
    score_max: float | None = None
    opened_after: datetime | None = None
    opened_before: datetime | None = None
    value: int | None = None
    snoozed: bool | None = False
    answered: bool | None = None

    def __post_init__(self) -> None:
        _check("states", self.states, STATES)
        _check("severities", self.severities, SEVERITIES)
        _check("labels", self.labels, LABEL_BIT)
        _check("source", (self.source,) if self.source else (), SOURCE_BIT)

    def without(self, **parts: Any) -> "FlagQuery":
        """The same filter with other parts: ``query.without(states=())``."""
        return replace(self, **parts)


def _check(field: str, names: tuple[str, ...], known: Any) -> None:
    if not set(names) <= set(known):
        raise FilterError(f"unknown {field}; expected among: {', '.join(known)}", field)


def states_of(query: FlagQuery) -> tuple[str, ...]:
    """The states to walk, in a fixed order."""
    return tuple(state for state in STATES if not query.states or state in query.states)


#: Which flags to look at: what the filter says of snoozing as one condition, or one half of it by itself.
Half = Literal["both", "never_slept", "slept"]


class Searched:
    """The flags to search, and the conditions they must meet: the table, or a few of its flags.

    ``c`` are the columns to use. The flags of an author or a value, and those that are or were snoozed, are found first
    and by themselves: both engines would rather walk an index of the queue, and know too little of our data to see that
    it is the longer way.
    """

    def __init__(
        self, keys: Keys, tenant: str, query: FlagQuery, now: float, half: Half = "both"
    ) -> None:
        self.query = query
        self._now = now
        self.few = _few(keys, tenant, query)
        if self.few is None and (half == "slept" or query.snoozed):
            slept = flags.c.snoozed_until
            self.few = _cte(_columns(tenant).where(slept.is_not(None), self._sleeps(slept)))
        self.table: FromClause = flags if self.few is None else self.few
        self.c: Any = self.table.c
        until = self.c.snoozed_until
        self.where: list[ColumnElement[bool]] = [self.c.tenant == tenant, *self._conditions()]
        if half == "never_slept":
            self.where.append(until.is_(None))
        elif query.snoozed is False:
            self.where.append(or_(until.is_(None), self._sleeps(until)))
        elif query.snoozed:
            self.where.append(self._sleeps(until))

    @classmethod
    def halves(cls, keys: Keys, tenant: str, query: FlagQuery, now: float) -> "list[Searched]":
        """The same flags in parts that share none, each with an index to be counted by."""
        whole = cls(keys, tenant, query, now)
        if whole.few is not None or query.snoozed is None:
            return [whole]
        return [cls(keys, tenant, query, now, half) for half in ("never_slept", "slept")]

    def _sleeps(self, until: ColumnElement[float | None]) -> ColumnElement[bool]:
        """True for flags that are asleep where the filter asks for those, else for those that woke."""
        return until > self._now if self.query.snoozed else until <= self._now

    @property
    def any_state(self) -> ColumnElement[bool]:
        """The states of the filter as one condition."""
        return self.c.state.in_(states_of(self.query)) if self.query.states else true()

    @property
    def by_state(self) -> list[ColumnElement[bool]]:
        """The states as conditions to walk one after the other: within each, an index has the order."""
        if self.few is not None:
            return [self.any_state]
        return [self.c.state == state for state in states_of(self.query)]

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        c, query = self.c, self.query
        if query.severities:
            ranks = [n for n, severity in enumerate(SEVERITIES) if severity in query.severities]
            yield c.severity_rank.in_(ranks)
        if query.labels:
            bits = sum(LABEL_BIT[name] for name in set(query.labels))
            yield c.label_bits.bitwise_and(bits) != 0
        if query.channels:
            yield c.channel_id.in_(sorted(set(query.channels)))
        if query.assignee is not None:
            yield c.assignee == query.assignee
        if query.source:
            yield c.source_bits.bitwise_and(SOURCE_BIT[query.source]) != 0
        if query.model:
            yield c.model == query.model
        if query.score_min is not None:
            yield c.score >= query.score_min
        if query.score_max is not None:
            yield c.score < query.score_max
        if query.opened_after is not None:
            yield c.opened_at >= query.opened_after.timestamp()
        if query.opened_before is not None:
            yield c.opened_at < query.opened_before.timestamp()
        if query.answered is not None:
            yield c.author_answer != "" if query.answered else c.author_answer == ""


def _few(keys: Keys, tenant: str, query: FlagQuery) -> CTE | None:
    """The flags of the author and the value that a filter names; None when it names neither."""
    if not query.user_id and query.value is None:
        return None
    few = _columns(tenant)
    if query.user_id:
        few = few.where(flags.c.user_fp == keys.fingerprint(tenant, "user", query.user_id))
    if query.value is not None:
        held = and_(
            flag_values.c.tenant == value_groups.c.tenant,
            flag_values.c.value_fp == value_groups.c.value_fp,
            flag_values.c.label == value_groups.c.label,
        )
        few = (
            few.join(flag_values, flag_values.c.flag_id == flags.c.id)
            .join(value_groups, held)
            .where(value_groups.c.tenant == tenant, value_groups.c.number == query.value)
        )
    return _cte(few)


def _columns(tenant: str) -> Select[Any]:
    return select(*(flags.c[name] for name in _SEARCHED)).where(flags.c.tenant == tenant)


def _cte(query: Select[Any]) -> CTE:
    return query.cte("few").prefix_with("MATERIALIZED")
