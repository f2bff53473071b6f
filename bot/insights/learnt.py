"""What the learning queues measured: estimated recall from the audit sample, agreement from double reviews."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from bot.insights.agreement import Agreement, agreement
from bot.insights.definitions import DEFINITIONS
from bot.insights.figure import Bars, Column, Figure, Tile
from bot.insights.intervals import THIN
from bot.insights.recall import Recall, estimate, missed_labels
from bot.insights.wording import DASH, NB, count, percent
from bot.records import FoundSpan
from bot.store import Pair, SampleRow, Store
from bot.store.insights import Scope
from bot.store.insights_spans import SpanFate

_WORDS = {
    "confirm": "Confirm",
    "correct": "Correct",
    "not_pii": "Not PII",
    "accept_risk": "Accept risk",
    "duplicate": "Duplicate",
}


class Learnt:
    """Estimated recall and agreement of a scope. ``fates``: of the spans of flags decided in it."""

    def __init__(self, store: Store, scope: Scope, fates: Sequence[SpanFate]) -> None:
        self._store = store
        self._scope = scope
        self._fates = fates

    @cached_property
    def samples(self) -> list[SampleRow]:
        """What was judged in the period, in the channel of the scope."""
        scope = self._scope
        return [
            row
            for row in self._store.samples.judged(scope.tenant, scope.since)
            if row.judged_at < scope.until and scope.channel in ("", row.channel_id)
        ]

    @cached_property
    def recall(self) -> Recall | None:
        """The estimate. Filtered by channel and label; severity and model have no meaning for what nobody found."""
        label = self._scope.label
        found = sum(
            fate.fate in ("kept", "moved", "relabelled") and label in ("", fate.became)
            for fate in self._fates
        )
        missed = sum(fate.fate == "missed" and label in ("", fate.became) for fate in self._fates)
        return estimate(self.samples, found, missed, label)

    @cached_property
    def agreement(self) -> Agreement:
        """Of the flags of the scope whose second verdict came in the period."""
        scope = self._scope
        pairs = [
            pair
            for pair in self._store.second_reviews.pairs(scope.tenant, scope.since)
            if pair.second.at is not None and pair.second.at < scope.until
        ]
        mine = self._store.insights.matching(scope, [pair.flag_id for pair in pairs])
        pairs = [pair for pair in pairs if pair.flag_id in mine]
        return agreement(
            [(pair.first.decision, str(pair.second.decision)) for pair in pairs],
            [spans for pair in pairs if (spans := _spans(pair)) is not None],
        )


def recall_figure(learnt: Learnt) -> Figure:
    """The estimate, and what was missed in the sample."""
    recall = learnt.recall
    counts = missed_labels(learnt.samples)
    rows = tuple((label, n) for label, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))  # fmt: skip
    if recall is None:
        return Figure(
            "recall", "", (), (), 0,
            empty="Not measured: no sampled message was judged in this period.",
            action=("/learning", "Recall audit"),
        )  # fmt: skip
    low, high = recall.interval
    return Figure(
        "recall",
        f"About {percent(recall.value)} of the personal data was found "
        f"({low * 100:.0f}–{high * 100:.0f}{NB}%).",
        (Column("Label", "label"), Column("Missed in the sample", "count")),
        rows,
        recall.n_sampled,
        Bars(tuple((label, float(n), f"{n:,}") for label, n in rows)) if rows else None,
        note=f"{count(recall.n_missed, 'miss', 'misses')} in {count(recall.n_sampled, 'sampled message')}, "
        f"weighted up to about {recall.missed:,.0f}.",
    )


def agreement_figure(learnt: Learnt) -> Figure:
    """The table of both verdicts."""
    found = learnt.agreement
    if not found.n:
        return Figure(
            "agreement", "", (), (), 0,
            empty="Not measured: no flag got a second verdict in this period.",
            action=("/learning", "Second reviews"),
        )  # fmt: skip
    counts = Counter(found.verdicts)
    rows = tuple(
        (_WORDS.get(first, first), _WORDS.get(second, second), n, n / found.n)
        for (first, second), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    beyond = f"kappa {found.kappa:.2f}" if found.kappa is not None else "kappa is not defined"
    f1 = f", span F1 {found.f1:.2f}" if found.f1 is not None else ""
    return Figure(
        "agreement",
        f"{found.n_same:,} of {count(found.n, 'flag')} got the same verdict twice: {beyond}{f1}.",
        (
            Column("First verdict"),
            Column("Second verdict"),
            Column("Flags", "count"),
            Column("Share", "share"),
        ),
        rows,
        found.n,
        note="" if found.kappa is not None else "Everybody always chose the same, so chance would too.",
    )  # fmt: skip


def recall_tile(learnt: Learnt) -> Tile:
    """The estimate in short."""
    recall = learnt.recall
    if recall is None:
        return _tile("recall", DASH, "not measured", is_thin=True)
    low, high = recall.interval
    return _tile(
        "recall",
        percent(recall.value),
        f"{low * 100:.0f}–{high * 100:.0f}{NB}% · {recall.n_sampled:,} sampled",
        is_thin=recall.n_sampled < THIN,
    )


def agreement_tile(learnt: Learnt) -> Tile:
    """Kappa in short."""
    found = learnt.agreement
    if not found.n:
        return _tile("agreement", DASH, "not measured", is_thin=True)
    note = f"kappa of {count(found.n, 'pair')}"
    if found.interval is not None:
        low, high = found.interval
        note += f" · {low:.2f} to {high:.2f}"
    value = DASH if found.kappa is None else f"{found.kappa:.2f}"
    return _tile("agreement", value, note, is_thin=found.n < THIN)


def _tile(key: str, value: str, note: str, *, is_thin: bool) -> Tile:
    return Tile(key, DEFINITIONS[key].title, value, note, url="/learning", is_thin=is_thin)


def _spans(pair: Pair) -> tuple[Sequence[FoundSpan], Sequence[FoundSpan]] | None:
    """What both held for personal; None where one of them should have spans and they are no longer kept."""
    for verdict in (pair.first, pair.second):
        if verdict.decision in ("confirm", "accept_risk") and not verdict.spans:
            return None
    return pair.first.spans, pair.second.spans
