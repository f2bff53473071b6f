"""What came of it: notices, removed messages, what was missed, and how fast a card was there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.insights.figure import Bars, Cell, Column, Figure, Intervals
from bot.insights.flow import opened
from bot.insights.intervals import Rate, quantile
from bot.insights.trust import judged
from bot.insights.wording import count, exact, of, percent
from bot.store.insights import REPORTED, FlagFact, Scope, Told
from bot.store.insights_spans import SpanFate
from piiguard.labels import SEVERITIES

#: Cards later than this are of a look back or of an edit, and say nothing about our speed.
MAX_CARD_S = 86_400.0
WINDOWS = (("within 1 h", 3600.0), ("within 24 h", 86_400.0))


def removed_in_time(facts: Sequence[FlagFact], scope: Scope, now: datetime) -> dict[str, Rate]:
    """Of the upheld flags, how many messages were clean or gone in time."""
    upheld = [
        fact
        for fact in facts
        if fact.state in ("confirmed", "corrected")
        and not fact.is_clean
        and scope.has(fact.resolved_at)
    ]
    found = {}
    for name, seconds in WINDOWS:
        old_enough = [fact for fact in upheld if now.timestamp() - fact.opened_at >= seconds]
        in_time = [
            fact
            for fact in old_enough
            if fact.gone_at is not None and fact.gone_at - fact.opened_at <= seconds
        ]
        found[name] = Rate(len(in_time), len(old_enough))
    return found


def removed_figure(facts: Sequence[FlagFact], scope: Scope, now: datetime) -> Figure:
    """Removed within an hour and a day."""
    rates = removed_in_time(facts, scope, now)
    day = rates["within 24 h"]
    return Figure(
        "removed",
        f"{of(day)} upheld messages were clean or gone within a day.",
        (Column("Message removed"), Column("Share", "rate")),
        tuple(rates.items()),
        day.whole,
        Intervals(tuple(rates.items())),
        empty="" if rates["within 1 h"].whole else "No flag was upheld in this period.",
    )


def funnel_figure(facts: Sequence[FlagFact], scope: Scope) -> Figure:
    """Sent, answered, removed."""
    told = [fact for fact in opened(facts, scope) if fact.is_told]
    answers = Counter(fact.author_answer for fact in told if fact.author_answer)
    answered = sum(answers.values())
    gone = sum(fact.gone_at is not None for fact in told)
    n_opened = len(opened(facts, scope))
    steps = (
        ("Flags opened", n_opened),
        ("Author told", len(told)),
        ("Author answered", answered),
        ("… removed it", answers["removed"]),
        ("… says not PII", answers["not_pii"]),
        ("… says needed", answers["needed"]),
        ("Message clean or gone", gone),
    )
    rows = tuple(
        (name, n, n / len(told) if told and number else None)
        for number, (name, n) in enumerate(steps)
    )
    return Figure(
        "funnel",
        f"{count(len(told), 'private notice')} sent, {answered:,} answered; "
        f"{count(gone, 'message')} clean or gone now.",
        (Column("Step"), Column("Flags", "count"), Column("Of those told", "share")),
        rows,
        len(told),
        Bars(tuple((name, float(n), f"{n:,}") for name, n in steps[1:])),
        empty="" if told else "No author was told in this period.",
    )  # fmt: skip


def missed_figure(facts: Sequence[FlagFact], fates: Sequence[SpanFate], scope: Scope) -> Figure:
    """What people found that the machine did not."""
    reported: Counter[str] = Counter()
    n_messages = 0
    for fact in opened(facts, scope):
        if fact.model == REPORTED:
            n_messages += 1
            reported.update(dict(fact.labels))
    added = Counter(fate.became for fate in fates if fate.fate == "missed")
    total = reported + added
    rows = tuple(
        (label, reported[label], added[label], n)
        for label, n in sorted(total.items(), key=lambda item: (-item[1], item[0]))
    )
    return Figure(
        "missed",
        f"{count(n_messages, 'message')} reported as missed; reviewers added "
        f"{count(sum(added.values()), 'span')} to flags.",
        (
            Column("Label", "label"),
            Column("In reported messages", "count"),
            Column("Added to flags", "count"),
            Column("All", "count"),
        ),
        rows,
        sum(total.values()),
        Bars(tuple((label, float(n), f"{n:,}") for label, _, _, n in rows)),
        note="Reports by the shortcut Report missed PII. A low number can mean that nobody looks.",
        empty="" if rows else "Nobody reported a miss in this period. That does not mean there was none.",
    )  # fmt: skip


def card_figure(told: Sequence[Told]) -> Figure:
    """From the message to the card."""
    live = [one for one in told if 0 <= one.seconds <= MAX_CARD_S]
    rows = []
    for severity in (*reversed(SEVERITIES), "all"):
        mine = [one.seconds for one in live if severity in (one.severity, "all")]
        rows.append((severity.capitalize(), len(mine), quantile(mine, 0.5), quantile(mine, 0.95)))
    n_left_out = len(told) - len(live)
    middle, late = rows[-1][2], rows[-1][3]
    return Figure(
        "card_time",
        f"Half of {count(len(live), 'card')} came within {exact(middle or 0.0)}, 95 % within {exact(late or 0.0)}.",
        (
            Column("Severity"),
            Column("Cards", "count"),
            Column("Median", "seconds"),
            Column("95 % within", "seconds"),
        ),
        tuple(rows),
        len(live),
        note=f"{count(n_left_out, 'card')} later than a day left out." if n_left_out else "",
        empty="" if live else "No card was posted for a flag of this period.",
    )


def load_figure(load: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Figure:
    """Decisions by person."""
    kinds = (
        ("confirm", "Confirmed"), ("correct", "Corrected"), ("not_pii", "Not PII"),
        ("accept_risk", "Accepted"), ("duplicate", "Duplicate"), ("second_opinion", "Unsure"),
    )  # fmt: skip
    people = sorted(
        load.items(), key=lambda item: (-_standing(item[1]), names.get(item[0], item[0]))
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            names.get(person, person),
            *(counts.get(kind, 0) for kind, _ in kinds),
            counts.get("undone", 0),
            _standing(counts),
        )
        for person, counts in people
    )
    totals = [(names.get(person, person), _standing(counts)) for person, counts in people]
    total = sum(n for _, n in totals)
    first, most = totals[0] if totals else ("", 0)
    return Figure(
        "load",
        f"{count(len(rows), 'person', 'people')} made {count(total, 'decision')}; {first} made "
        f"{percent(most / total if total else 0.0)} of them.",
        (
            Column("Person"),
            *(Column(name, "count") for _, name in kinds),
            Column("Undone", "count"),
            Column("Decisions", "count"),
        ),
        rows,
        total,
        Bars(tuple((name, float(n), f"{n:,}") for name, n in totals)),
        empty="" if rows else "Nobody decided anything in this period.",
    )


def false_flags(facts: Sequence[FlagFact], scope: Scope) -> int:
    """Not PII decisions in the period."""
    return sum(fact.state == "not_pii" for fact in judged(facts, scope))


def _standing(counts: Mapping[str, int]) -> int:
    return sum(n for kind, n in counts.items() if kind != "undone")
