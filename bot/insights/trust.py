"""Can the machine be trusted: precision, what reviewers changed, and whether the scores drift."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.insights.figure import Bars, Column, Figure, Intervals, Matrix, Pairs, RateLine
from bot.insights.flow import short_day
from bot.insights.intervals import THIN, Rate
from bot.insights.psi import MIN_SCORES, N_BINS, WARN_AT, Drift
from bot.insights.wording import between, count, of, percent
from bot.store.insights import REPORTED, FlagFact, Scope
from bot.store.insights_spans import MAX_OPENED, Opened, SpanFate
from piiguard.labels import LABELS

_RIGHT = frozenset({"confirmed", "accepted_risk"})
_JUDGED = frozenset({"confirmed", "accepted_risk", "corrected", "not_pii"})
#: Fates in which the proposed label was right.
_KEPT = frozenset({"kept", "moved"})
NOT_PII_REASONS: Mapping[str, str] = {
    "other_thing": "It is something else",
    "object_id": "The id of an order, ticket or build",
    "test_data": "Test data",
    "public_contact": "Business or public contact",
    "": "No reason given",
}
SOURCES: Mapping[str, str] = {
    "both": "Rule and model",
    "rule": "Rule alone",
    "model": "Model alone",
}
REMOVED, ADDED = "removed", "not proposed"


def judged(facts: Sequence[FlagFact], scope: Scope) -> list[FlagFact]:
    """The flags decided in the period that say something of the machine."""
    return [
        fact
        for fact in facts
        if fact.state in _JUDGED and scope.has(fact.resolved_at) and fact.model != REPORTED
    ]


def is_right(fact: FlagFact) -> bool:
    """True where a flag was due."""
    return fact.state in _RIGHT or (fact.state == "corrected" and not fact.is_clean)


def precision(facts: Sequence[FlagFact], scope: Scope) -> Rate:
    """How many of the decided flags were due."""
    mine = judged(facts, scope)
    return Rate(sum(map(is_right, mine)), len(mine))


def precision_by(
    facts: Sequence[FlagFact], scope: Scope, key: Callable[[FlagFact], str]
) -> dict[str, Rate]:
    """Precision of flags by anything, the largest sample first."""
    groups: dict[str, Rate] = defaultdict(lambda: Rate(0, 0))
    for fact in judged(facts, scope):
        groups[key(fact)] += Rate(int(is_right(fact)), 1)
    return dict(sorted(groups.items(), key=lambda item: (-item[1].whole, item[0])))


def by_figure(key: str, what: str, rates: Mapping[str, Rate], *, limit: int = 15) -> Figure:
    """Precision by channel or model."""
    shown = dict(list(rates.items())[:limit])
    sure = {name: rate for name, rate in shown.items() if not rate.is_thin}
    return Figure(
        key,
        _ranking(sure, what, "flags"),
        (Column(what.capitalize()), Column("Precision", "rate")),
        tuple((name, rate) for name, rate in rates.items()),
        sum(rate.whole for rate in rates.values()),
        Intervals(tuple(shown.items())),
        note=f"The {limit} with the most decisions are drawn; the table has all."
        if len(rates) > limit
        else "",
        empty="" if rates else "No flag was decided in this period.",
    )


def over_time_figure(facts: Sequence[FlagFact], scope: Scope) -> Figure:
    """Precision week by week, counted back from the end."""
    weeks: list[tuple[datetime, Rate]] = []
    end = scope.until
    while end > scope.since:
        start = max(scope.since, end - timedelta(days=7))
        part = Scope(scope.tenant, start, end)
        weeks.append((start, precision(facts, part)))
        end = start
    weeks.reverse()
    whole = precision(facts, scope)
    return Figure(
        "precision_time",
        f"{percent(whole.value)} of {count(whole.whole, 'decided flag')} were due ({between(whole)}).",
        (Column("Seven days from"), Column("Precision", "rate")),
        tuple((start.date().isoformat(), rate) for start, rate in weeks),
        whole.whole,
        RateLine(tuple(short_day(start) for start, _ in weeks), tuple(rate for _, rate in weeks)),
        empty="" if whole.whole else "No flag was decided in this period.",
    )


def label_rates(fates: Sequence[SpanFate]) -> dict[str, Rate]:
    """Kept of proposed, by label, in the labels' order."""
    rates: dict[str, Rate] = defaultdict(lambda: Rate(0, 0))
    for fate in fates:
        if fate.fate != "missed":
            rates[fate.label] += Rate(int(fate.fate in _KEPT), 1)
    return {label: rates[label] for label in (*LABELS, *rates) if label in rates}


def label_figure(opened: Opened) -> Figure:
    """Precision by label, with what became of the rest."""
    rates = label_rates(opened.fates)
    counts = Counter((fate.label, fate.fate) for fate in opened.fates)
    shown = dict(sorted(rates.items(), key=lambda item: (-item[1].whole, item[0])))
    sure = {name: rate for name, rate in shown.items() if not rate.is_thin}
    return Figure(
        "precision_label",
        _ranking(sure, "label", "spans"),
        (
            Column("Label", "label"),
            Column("Precision", "rate"),
            Column("Boundary moved", "count"),
            Column("Other label", "count"),
            Column("Removed", "count"),
        ),
        tuple(
            (
                label,
                rate,
                counts[label, "moved"],
                counts[label, "relabelled"],
                counts[label, "removed"],
            )
            for label, rate in shown.items()
        ),
        sum(rate.whole for rate in rates.values()),
        Intervals(tuple(shown.items())),
        note=_left_out(opened),
        empty="" if rates else _no_spans(opened),
    )


def source_figure(opened: Opened) -> Figure:
    """Rules against the model."""
    rates = {name: Rate(0, 0) for name in SOURCES}
    for fate in opened.fates:
        if fate.fate != "missed":
            rates[source_kind(fate.source)] += Rate(int(fate.fate in _KEPT), 1)
    rows = tuple((SOURCES[name], rate) for name, rate in rates.items() if rate.whole)
    both = rates["both"]
    return Figure(
        "sources",
        f"Where rule and model agree, {percent(both.value)} of {count(both.whole, 'span')} were kept."
        if both.whole
        else "Rule and model proposed nothing together.",
        (Column("Proposed by"), Column("Precision", "rate")),
        rows,
        sum(rate.whole for rate in rates.values()),
        Intervals(rows),
        note=_left_out(opened),
        empty="" if rows else _no_spans(opened),
    )


def confusion_figure(opened: Opened) -> Figure:
    """Proposed label against what became of it."""
    counts = Counter(
        (
            fate.label or ADDED,
            fate.label if fate.fate in _KEPT else fate.became or REMOVED,
        )
        for fate in opened.fates
    )
    order = {name: place for place, name in enumerate((*LABELS, REMOVED, ADDED))}
    rows = sorted({row for row, _ in counts}, key=lambda name: order.get(name, -1))
    columns = sorted({column for _, column in counts}, key=lambda name: order.get(name, -1))
    table = tuple(tuple(counts[row, column] for column in columns) for row in rows)
    proposed = [fate for fate in opened.fates if fate.fate != "missed"]
    changed = sum(fate.fate in ("relabelled", "removed") for fate in proposed)
    n_missed = len(opened.fates) - len(proposed)
    return Figure(
        "confusion",
        f"Reviewers changed or removed {of(Rate(changed, len(proposed)))} proposed spans and added "
        f"{n_missed:,}.",
        (Column("Proposed", "label"), *(Column(name, "count") for name in columns)),
        tuple((row, *cells) for row, cells in zip(rows, table, strict=True)),
        len(proposed),
        Matrix(tuple(rows), tuple(columns), table),
        note=_left_out(opened),
        empty="" if opened.fates else _no_spans(opened),
    )


def reasons_figure(reasons: Mapping[str, int]) -> Figure:
    """Why flags were Not PII."""
    total = sum(reasons.values())
    rows = tuple(
        (NOT_PII_REASONS.get(reason, reason), n, n / total)
        for reason, n in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    )
    most = rows[0] if rows else ("", 0, 0.0)
    return Figure(
        "reasons",
        f"Of {count(total, 'flag')} that were not PII, {most[1]:,} were so because: {str(most[0]).lower()}.",
        (Column("Reason"), Column("Flags", "count"), Column("Share", "share")),
        rows,
        total,
        Bars(tuple((str(name), float(n), f"{n:,}") for name, n, _ in rows)),
        empty="" if rows else "No flag was decided as Not PII in this period.",
    )


def drift_figure(drift: Drift) -> Figure:
    """The scores of this week against those before."""
    index = drift.index
    names = tuple(f"{number * 10}–{number * 10 + 10} %" for number in range(N_BINS))
    before = _shares(drift.before)
    now = _shares(drift.now)
    if index is None:
        sentence = "Too few scores to compare."
    elif drift.is_warning:
        sentence = f"The scores moved: index {index:.2f}, above the warning line at {WARN_AT}."
    else:
        sentence = f"The scores are as before: index {index:.2f}; a warning comes at {WARN_AT}."
    return Figure(
        "drift",
        sentence,
        (
            Column("Score"),
            Column("28 days before", "count"),
            Column("Share before", "share"),
            Column("Last 7 days", "count"),
            Column("Share now", "share"),
        ),
        tuple(zip(names, drift.before, before, drift.now, now, strict=True)),
        drift.n_now,
        Pairs(names, ("28 days before", before), ("Last 7 days", now)),
        note="Always about the last 35 days; filtered by channel and label only.",
        empty=""
        if index is not None
        else f"{drift.n_before:,} scores before and {drift.n_now:,} in the last 7 days; {MIN_SCORES} of each are needed.",
        is_warning=drift.is_warning,
    )


def source_kind(source: str) -> str:
    """ "model+rule:us_ssn" -> "both"."""
    has_rule, has_model = "rule" in source, "model" in source
    return "both" if has_rule and has_model else "rule" if has_rule else "model"


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    total = sum(counts) or 1
    return tuple(n / total for n in counts)


def _ranking(rates: Mapping[str, Rate], what: str, of_what: str) -> str:
    """The best and the worst of those with enough decisions."""
    if not rates:
        return f"No {what} has {THIN} decided {of_what} yet."
    by_value = sorted(rates.items(), key=lambda item: (item[1].value or 0.0, item[1].whole))
    (worst, low), (best, high) = by_value[0], by_value[-1]
    if len(by_value) == 1:
        return f"{best}: {percent(high.value)} of {count(high.whole, of_what[:-1])} were right."
    if _may_be_equal(low, high):
        spread = f"{percent(low.value)} to {percent(high.value)}"
        return f"No {what} stands out: {spread}, within chance of each other."
    return f"{best} is most often right ({percent(high.value)}), {worst} least often ({percent(low.value)})."


def _may_be_equal(low: Rate, high: Rate) -> bool:
    """True where the intervals share a value: then the order may be chance."""
    return low.interval is None or high.interval is None or low.interval[1] >= high.interval[0]


def _left_out(opened: Opened) -> str:
    notes = []
    if opened.n_gone:
        notes.append(
            f"{count(opened.n_gone, 'decided flag')} left out: their text and spans are no longer kept."
        )
    if opened.n_left_out:
        notes.append(f"The newest {MAX_OPENED:,} flags are counted, {opened.n_left_out:,} are not.")
    return " ".join(notes)


def _no_spans(opened: Opened) -> str:
    if opened.n_gone:
        return _left_out(opened)
    return "No flag was decided in this period."
