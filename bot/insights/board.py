"""Board: every number of Insights for one filter, each made when it is first asked for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from bot.insights import flow, learnt, outcome, trust
from bot.insights.definitions import DEFINITIONS
from bot.insights.figure import Figure, Section, Tile
from bot.insights.intervals import Rate, quantile
from bot.insights.psi import WARN_AT, Drift, histogram
from bot.insights.wording import DASH, between, count, duration, exact, of, percent
from bot.review import HARMLESS
from bot.store import Store
from bot.store.insights import FlagFact, Insights, Scope, Told
from bot.store.insights_spans import InsightSpans, Opened

#: What the score's drift compares.
DRIFT_NOW: Final = timedelta(days=7)
DRIFT_BEFORE: Final = timedelta(days=28)

#: Sections and their figures, in the order of the page.
SECTIONS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (
        "work",
        "What comes in, what goes out",
        ("flow", "ages", "resolve_time", "load", "card_time"),
    ),
    (
        "trust",
        "Can the machine be trusted?",
        ("precision_time", "precision_model", "precision_label", "precision_channel", "sources", "reasons", "drift", "agreement", "confusion"),
    ),
    ("missed", "What was not seen", ("missed", "recall")),
    ("outcome", "What came of it", ("funnel", "removed")),
)  # fmt: skip
FIGURES: Final = frozenset(key for _, _, keys in SECTIONS for key in keys)


class Board:
    """The numbers of a scope. ``now`` is the moment they are looked at."""

    def __init__(
        self,
        store: Store,
        scope: Scope,
        *,
        now: datetime,
        model: str,
        channel_name: Callable[[str], str] = str,
        people: Mapping[str, str] | None = None,
    ) -> None:
        self.scope = scope
        self._store = store
        self._now = now
        self._model = model
        self._channel_name = channel_name
        self._people = people or {}

    @cached_property
    def facts(self) -> list[FlagFact]:
        """The flags of the scope."""
        return self._insights.flags(self.scope)

    @cached_property
    def facts_before(self) -> list[FlagFact]:
        """Those of the period before, as long."""
        return self._insights.flags(self.scope.before())

    @cached_property
    def opened(self) -> Opened:
        """What became of the proposed spans."""
        return self._spans.fates(self.scope, HARMLESS)

    @cached_property
    def told(self) -> list[Told]:
        """How long the cards took."""
        return self._insights.told(self.scope)

    @cached_property
    def drift(self) -> Drift:
        """Scores of the last 7 days against the 28 before."""
        middle = self._now - DRIFT_NOW
        before: list[float] = []
        now: list[float] = []
        scores = self._spans.scores(self.scope, middle - DRIFT_BEFORE, self._now)
        for at, score in scores:
            (now if at >= middle.timestamp() else before).append(score)
        return Drift(histogram(before), histogram(now))

    @cached_property
    def learnt(self) -> learnt.Learnt:
        """The recall audit and the double reviews of the period."""
        return learnt.Learnt(self._store, self.scope, self.opened.fates)

    def figure(self, key: str) -> Figure:
        """One figure. Raises: KeyError, for none of ours."""
        return {
            "flow": lambda: flow.flow_figure(self.facts, self.scope),
            "ages": lambda: flow.ages_figure(self.facts, self._now),
            "resolve_time": lambda: flow.resolve_figure(self.facts, self.scope),
            "load": lambda: outcome.load_figure(self._insights.load(self.scope), self._people),
            "precision_time": lambda: trust.over_time_figure(self.facts, self.scope),
            "precision_label": lambda: trust.label_figure(self.opened),
            "precision_channel": lambda: trust.by_figure(
                "precision_channel",
                "channel",
                trust.precision_by(
                    self.facts, self.scope, lambda fact: self._channel_name(fact.channel_id)
                ),
            ),
            "precision_model": lambda: trust.by_figure(
                "precision_model",
                "model",
                trust.precision_by(self.facts, self.scope, lambda fact: fact.model),
            ),
            "sources": lambda: trust.source_figure(self.opened),
            "reasons": lambda: trust.reasons_figure(self._insights.reasons(self.scope)),
            "confusion": lambda: trust.confusion_figure(self.opened),
            "drift": lambda: trust.drift_figure(self.drift),
            "missed": lambda: outcome.missed_figure(self.facts, self.opened.fates, self.scope),
            "recall": lambda: learnt.recall_figure(self.learnt),
            "agreement": lambda: learnt.agreement_figure(self.learnt),
            "funnel": lambda: outcome.funnel_figure(self.facts, self.scope),
            "removed": lambda: outcome.removed_figure(self.facts, self.scope, self._now),
            "card_time": lambda: outcome.card_figure(self.told),
        }[key]()

    def sections(self) -> list[Section]:
        """All figures, section by section."""
        return [
            Section(key, title, [self.figure(name) for name in names])
            for key, title, names in SECTIONS
        ]

    def tiles(self) -> list[Tile]:
        """The numbers at the top."""
        return [
            *self._waiting(),
            self._precision(),
            self._resolve_time(),
            self._net_rate(),
            self._author_fixed(),
            self._false_flags(),
            learnt.recall_tile(self.learnt),
            learnt.agreement_tile(self.learnt),
            self._drift(),
            self._corrections(),
            self._card_time(),
        ]

    @property
    def _insights(self) -> Insights:
        return self._store.insights

    @property
    def _spans(self) -> InsightSpans:
        return self._store.insight_spans

    def _waiting(self) -> tuple[Tile, Tile]:
        waiting = [fact for fact in self.facts if fact.is_waiting(self._now)]
        asleep = sum(fact.is_pending for fact in self.facts) - len(waiting)
        critical = sum(fact.severity == "critical" for fact in waiting)
        oldest = max((self._now.timestamp() - fact.opened_at for fact in waiting), default=None)
        return (
            _tile(
                "needs_review",
                f"{len(waiting):,}",
                note=f"{critical:,} critical" + (f" · {asleep:,} snoozed" if asleep else ""),
                url=self.queue_url(tab=""),
            ),
            _tile(
                "oldest",
                duration(oldest),
                note="since it was opened" if waiting else "nothing waits",
                url=self.queue_url(tab="", sort="oldest"),
            ),
        )

    def _precision(self) -> Tile:
        rate = trust.precision(self.facts, self.scope)
        before = trust.precision(self.facts_before, self.scope.before())
        return _tile(
            "precision",
            percent(rate.value),
            note=f"{of(rate)} decided · {between(rate)}" if rate.whole else "no decisions",
            before=_rate_before(before),
            is_thin=rate.is_thin,
        )

    def _resolve_time(self) -> Tile:
        times = flow.resolve_seconds(self.facts, self.scope)
        before = flow.resolve_seconds(self.facts_before, self.scope.before())
        return _tile(
            "resolve_time",
            duration(quantile(times, 0.5)),
            note=f"median of {count(len(times), 'decision')}" if times else "no decisions",
            before=duration(quantile(before, 0.5)) if before else "",
            is_thin=len(times) < 20,
        )

    def _net_rate(self) -> Tile:
        n_in = len(flow.opened(self.facts, self.scope))
        n_out = len(flow.closed(self.facts, self.scope))
        return _tile(
            "net_rate",
            f"{n_out / n_in * 100:.0f} %" if n_in else DASH,
            note=f"{n_out:,} closed, {n_in:,} opened",
            is_thin=n_in < 20,
        )

    def _author_fixed(self) -> Tile:
        rate = flow.author_fixed(self.facts, self.scope)
        before = flow.author_fixed(self.facts_before, self.scope.before())
        return _tile(
            "author_fixed",
            percent(rate.value),
            note=f"{of(rate)} closed" if rate.whole else "none closed",
            before=_rate_before(before),
            is_thin=rate.is_thin,
            url=self.queue_url(tab="resolved"),
        )

    def _false_flags(self) -> Tile:
        scope = self.scope
        n_false = outcome.false_flags(self.facts, scope)
        is_whole = not (scope.channel or scope.label or scope.severity or scope.model)
        n_scanned = self._insights.scanned(scope.tenant, scope.since, scope.until)
        unreviewed = sum(fact.is_pending for fact in flow.opened(self.facts, scope))
        if n_scanned and is_whole:
            value = f"{n_false * 1000 / n_scanned:.2f}"
            note = f"{n_false:,} of {n_scanned:,} messages · {unreviewed:,} not reviewed"
        else:
            value = DASH
            note = f"{n_false:,} false flags · " + (
                "messages are counted for all channels only"
                if not is_whole
                else "scanned messages not counted yet"
            )
        return _tile("false_flags", value, note=note, url=self.queue_url(tab="not_pii"))

    def _drift(self) -> Tile:
        index = self.drift.index
        return _tile(
            "drift",
            DASH if index is None else f"{index:.2f}",
            note="too few scores" if index is None else f"PSI, a warning from {WARN_AT}",
            is_thin=index is None,
            is_warning=self.drift.is_warning,
        )

    def _corrections(self) -> Tile:
        n = self._insights.corrections_since(self.scope.tenant, self._model)
        return _tile("corrections", f"{n:,}", note=f"since {self._model}", url="/models")

    def _card_time(self) -> Tile:
        live = [one.seconds for one in self.told if 0 <= one.seconds <= outcome.MAX_CARD_S]
        middle, late = quantile(live, 0.5), quantile(live, 0.95)
        return _tile(
            "card_time",
            DASH if middle is None else exact(middle),
            note=f"95 % within {exact(late)}" if late is not None else "no cards",
            is_thin=len(live) < 20,
        )

    def queue_url(self, *, tab: str, sort: str = "") -> str:
        """The queue, filtered as this board is; what the queue cannot say is left out."""
        scope = self.scope
        terms = [
            f"{key}:{value}"
            for key, value in (
                ("severity", scope.severity),
                ("label", scope.label),
                ("channel", scope.channel),
                ("model", scope.model),
            )
            if value
        ]
        args = {"tab": tab, "q": " ".join(terms), "sort": sort}
        query = urlencode({name: value for name, value in args.items() if value})
        return f"/flags?{query}" if query else "/flags"


def _tile(
    key: str,
    value: str,
    *,
    note: str = "",
    before: str = "",
    url: str = "",
    is_thin: bool = False,
    is_warning: bool = False,
) -> Tile:
    return Tile(key, DEFINITIONS[key].title, value, note, before, url, is_thin, is_warning)


def _rate_before(rate: Rate) -> str:
    return percent(rate.value) if rate.whole else ""
