"""How much comes in and goes out, what waits, and how long it takes."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.insights.figure import Bars, Cell, Column, Days, Figure
from bot.insights.intervals import Rate, mean, quantile
from bot.insights.wording import count, duration, more
from bot.store.insights import FlagFact, Scope
from piiguard.labels import SEVERITIES

#: Above so many days a column is a week.
MAX_DAILY = 92
_HOUR = 3600.0
_DAY = 24 * _HOUR
AGES = (
    ("under 1 h", _HOUR),
    ("1 to 4 h", 4 * _HOUR),
    ("4 to 24 h", _DAY),
    ("1 to 3 d", 3 * _DAY),
    ("3 to 7 d", 7 * _DAY),
    ("over 7 d", float("inf")),
)
TIMES = (
    ("under 15 min", _HOUR / 4),
    ("15 min to 1 h", _HOUR),
    ("1 to 4 h", 4 * _HOUR),
    ("4 to 24 h", _DAY),
    ("1 to 3 d", 3 * _DAY),
    ("over 3 d", float("inf")),
)


def opened(facts: Sequence[FlagFact], scope: Scope) -> list[FlagFact]:
    """The flags opened in the period."""
    return [fact for fact in facts if scope.has(fact.opened_at)]


def closed(facts: Sequence[FlagFact], scope: Scope) -> list[FlagFact]:
    """The flags closed in the period: decided, cleaned by the message, or replaced by a newer version."""
    return [fact for fact in facts if scope.has(fact.resolved_at) and not fact.is_pending]


def resolve_seconds(facts: Sequence[FlagFact], scope: Scope) -> list[float]:
    """Seconds from opening to the first decision that stands, made in the period; no Not PII, no Duplicate."""
    return [
        fact.decided_at - fact.opened_at
        for fact in facts
        if fact.decided_at is not None
        and scope.has(fact.decided_at)
        and fact.state not in ("not_pii", "duplicate")
    ]


def author_fixed(facts: Sequence[FlagFact], scope: Scope) -> Rate:
    """Closed by the message's own change, of all that were closed."""
    mine = [fact for fact in closed(facts, scope) if fact.state != "superseded"]
    return Rate(sum(fact.state == "resolved" for fact in mine), len(mine))


def flow_figure(facts: Sequence[FlagFact], scope: Scope) -> Figure:
    """Opened and closed, day by day or week by week."""
    step = 1 if scope.days <= MAX_DAILY else 7
    n_steps = max(1, round(scope.days / step + 0.499))
    starts = [scope.since + timedelta(days=step * number) for number in range(n_steps)]

    def place(at: float | None) -> int:
        assert at is not None
        return int((at - scope.since.timestamp()) // (step * _DAY))

    came = Counter(place(fact.opened_at) for fact in opened(facts, scope))
    went = Counter(place(fact.resolved_at) for fact in closed(facts, scope))
    rows = tuple(
        (start.date().isoformat(), came[number], went[number])
        for number, start in enumerate(starts)
    )
    n_in, n_out = sum(came.values()), sum(went.values())
    change = n_in - n_out
    return Figure(
        "flow",
        f"{count(n_in, 'flag')} opened, {n_out:,} closed: the backlog {more(change)}.",
        (
            Column("Day" if step == 1 else "Week from"),
            Column("Opened", "count"),
            Column("Closed", "count"),
        ),
        rows,
        n_in + n_out,
        Days(
            tuple(short_day(start) for start in starts),
            ("Opened", tuple(float(row[1]) for row in rows)),
            ("Closed", tuple(float(row[2]) for row in rows)),
        ),
        empty="" if n_in + n_out else "No flag was opened or closed in this period.",
    )


def ages_figure(facts: Sequence[FlagFact], now: datetime) -> Figure:
    """How long what waits has waited."""
    waiting = [fact for fact in facts if fact.is_waiting(now)]
    ages = {fact.id: max(0.0, now.timestamp() - fact.opened_at) for fact in waiting}
    table: dict[str, Counter[str]] = {name: Counter() for name, _ in AGES}
    for fact in waiting:
        table[_bin(ages[fact.id], AGES)][fact.severity] += 1
    severities = list(reversed(SEVERITIES))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(row[severity] for severity in severities), sum(row.values()))
        for name, row in table.items()
    )
    totals = {name: sum(row.values()) for name, row in table.items()}
    bars = tuple((name, float(n), f"{n:,}") for name, n in totals.items())
    oldest = max(ages.values(), default=None)
    return Figure(
        "ages",
        f"{count(len(waiting), 'flag')} {'waits' if len(waiting) == 1 else 'wait'}; "
        f"the oldest for {duration(oldest)}.",
        (
            Column("Age"),
            *(Column(severity.capitalize(), "count") for severity in severities),
            Column("All", "count"),
        ),
        rows,
        len(waiting),
        Bars(bars),
        empty="" if waiting else "Nothing waits for a person.",
    )


def resolve_figure(facts: Sequence[FlagFact], scope: Scope) -> Figure:
    """How long decisions took."""
    times = resolve_seconds(facts, scope)
    counts = Counter(_bin(seconds, TIMES) for seconds in times)
    middle, average = quantile(times, 0.5), mean(times)
    return Figure(
        "resolve_time",
        f"Half of {count(len(times), 'decision')} came within {duration(middle)}; "
        f"the mean is {duration(average)}.",
        (Column("Time"), Column("Decisions", "count"), Column("Share", "share")),
        tuple(
            (name, counts[name], counts[name] / len(times) if times else None) for name, _ in TIMES
        ),
        len(times),
        Bars(tuple((name, float(counts[name]), f"{counts[name]:,}") for name, _ in TIMES)),
        empty="" if times else "No flag was decided in this period.",
    )


def short_day(moment: datetime) -> str:
    """ "20 Nov"."""
    day = moment.astimezone(UTC)
    return f"{day.day} {day:%b}"


def _bin(seconds: float, bins: Sequence[tuple[str, float]]) -> str:
    return next(name for name, below in bins if seconds < below)
