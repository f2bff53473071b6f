"""Overview: what waits, how old it is, what comes and goes, and what needs the person who looks."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, render_template

from bot.build import Parts
from bot.console import here
from bot.console.names import names
from bot.console.roles import anybody
from bot.insights import clocks as marked
from bot.records import PENDING, Person
from bot.store import Store
from bot.store.glance import DayFlow
from bot.store.queue import FlagQuery
from bot.store.value_groups import ValueGroup

DAYS = 30
#: So long what reads every flag may be out of date.
FRESH_S = 60.0
#: Without a message for so long, somebody should look at the bot.
SILENT_S = 40 * 60.0
#: So many signed corrections make retraining worth it.
ENOUGH = 50
MAX_SHARES = 6
_PENDING = tuple(sorted(PENDING))


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the person who looks."""

    n: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many open flags are of one kind."""

    name: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline of an SVG chart: one point a day."""

    name: str
    points: str
    last: tuple[float, float]
    total: int


@dataclass(frozen=True, slots=True)
class FlowChart:
    """Opened and closed by day, as two lines in a box of ``width`` x ``height``."""

    days: Sequence[DayFlow]
    opened: Line
    closed: Line
    top: int
    width: int = 640
    height: int = 120

    @property
    def sentence(self) -> str:
        """The title of the chart: what it says."""
        change = self.opened.total - self.closed.total
        word = f"grew by {change:,}" if change > 0 else f"shrank by {-change:,}" if change else "is as it was"  # fmt: skip
        return f"{self.opened.total:,} opened and {self.closed.total:,} closed in {len(self.days)} days: the backlog {word}."


@dataclass(frozen=True, slots=True)
class Slow:
    """What reads every flag: the line of thirty days, and the value that waits most often."""

    flow: Sequence[DayFlow]
    repeated: ValueGroup | None


@dataclass(frozen=True, slots=True)
class OverviewView:
    """Everything that the page draws."""

    n_pending: int
    n_critical: int
    oldest_s: float | None
    n_snoozed: int
    n_clocks: int
    first_clock_s: float | None
    flow: FlowChart
    shares: Sequence[tuple[str, Sequence[Share]]]
    needs: Sequence[Need]
    model: str
    n_corrections: int
    last_message: tuple[datetime, str] | None
    last_s: float | None
    silent_s: float | None
    policy_problem: str
    steps: Sequence[tuple[str, bool, str]]

    @property
    def is_new(self) -> bool:
        """True until the first message was scanned."""
        return self.last_message is None


def routes(parts: Parts) -> Blueprint:
    """The first page."""
    pages = Blueprint("overview", __name__)
    cached = _Kept(parts.store)

    @pages.get("/")
    @anybody
    def overview() -> str:
        view = look(parts, here.person(), cached.of(here.tenant()))
        return render_template("overview.html", view=view, days=DAYS, enough=ENOUGH)

    return pages


def look(parts: Parts, person: Person, slow: Slow) -> OverviewView:
    """The numbers of a workspace for one person."""
    store, tenant = parts.store, person.tenant
    now = datetime.now(UTC)
    # without those that sleep, as the queue shows it: each tile is as many as its rows
    pending = FlagQuery(states=_PENDING)
    facets = store.queue.facets(tenant, pending)
    n_pending = sum(facets["severities"].values())
    oldest = store.queue.page(tenant, pending, "oldest", 1).flags
    running = marked.running(store, tenant)
    last = store.glance.last_message(tenant)
    last_s = (now - last[0]).total_seconds() if last else None
    return OverviewView(
        n_pending=n_pending,
        n_critical=facets["severities"]["critical"],
        oldest_s=(now - oldest[0].opened_at).total_seconds() if oldest else None,
        n_snoozed=store.queue.count(tenant, pending.without(snoozed=True)),
        n_clocks=len(running),
        first_clock_s=running[0].left_s(now) if running else None,
        flow=chart_of(slow.flow),
        shares=shares_of(tenant, facets),
        needs=needs_of(store, person, slow.repeated),
        model=parts.guard.name,
        n_corrections=store.insights.corrections_since(tenant, parts.guard.name),
        last_message=(last[0], names().channel(tenant, last[1]).shown) if last else None,
        last_s=last_s,
        silent_s=last_s if last_s is not None and last_s >= SILENT_S else None,
        policy_problem=parts.policies.problem if person.may("admin") else "",
        steps=first_steps(parts, tenant) if last is None else (),
    )


def needs_of(store: Store, person: Person, group: ValueGroup | None) -> list[Need]:
    """What waits for this person by their role; nothing where nothing does."""
    tenant = person.tenant
    found: list[Need] = []
    if person.may("reviewer", "compliance"):
        asked: list[tuple[FlagQuery, str, str]] = [
            (FlagQuery(states=_PENDING, assignee=person.name), "assigned to you", "tab=mine"),
            (FlagQuery(states=("second_opinion",)), "with a second opinion asked for", "tab=second"),
            (
                FlagQuery(states=_PENDING, severities=("critical",), assignee=""),
                "critical and nobody's",
                "q=" + quote("severity:critical assignee:none"),
            ),
            (
                FlagQuery(states=_PENDING, answered=True),
                "answered by their author",
                "q=is:answered",
            ),
        ]  # fmt: skip
        for query, text, args in asked:
            n = store.queue.count(tenant, query)
            if n:
                found.append(Need(n, text, f"/flags?{args}"))
        if group is not None and group.n_pending > 1:
            text = f"with one and the same {group.label}"
            found.append(Need(group.n_pending, text, f"/values/{group.number}"))
    return found


def shares_of(tenant: str, facets: dict[str, dict[str, int]]) -> list[tuple[str, Sequence[Share]]]:
    """Where the open flags come from, and what they hold: the largest first."""
    known = names()
    channels = [
        Share(known.channel(tenant, one).shown, n, f"/flags?q=channel:{one}")
        for one, n in facets["channels"].items()
    ]
    labels = [Share(name, n, f"/flags?q=label:{name}") for name, n in facets["labels"].items()]
    return [
        ("Open by channel", sorted(channels, key=lambda share: -share.n)[:MAX_SHARES]),
        ("Open by type", sorted(labels, key=lambda share: -share.n)[:MAX_SHARES]),
    ]


def chart_of(days: Sequence[DayFlow], width: int = 640, height: int = 120) -> FlowChart:
    """Two lines over the days; the higher the more."""
    top = max([1, *(max(day.n_opened, day.n_closed) for day in days)])
    step = width / max(1, len(days) - 1)

    def line(name: str, counts: Sequence[int]) -> Line:
        places = [
            (round(number * step, 1), round(height - n / top * height, 1))
            for number, n in enumerate(counts)
        ]
        points = " ".join(f"{x},{y}" for x, y in places)
        return Line(name, points, places[-1] if places else (0.0, float(height)), sum(counts))

    opened = line("Opened", [day.n_opened for day in days])
    closed = line("Closed", [day.n_closed for day in days])
    return FlowChart(days, opened, closed, top, width, height)


def first_steps(parts: Parts, tenant: str) -> list[tuple[str, bool, str]]:
    """What a fresh installation still needs: (text, done, where)."""
    people = parts.store.people.list(tenant)
    policy = parts.policies.current()
    return [
        ("Invite the bot to a channel", bool(names().channels(tenant)), "/system"),
        ("Name the channel where cards go", bool(policy.review_channels), "/policies"),
        ("Look back over what was written before", False, "/system"),
        (
            "Invite a reviewer",
            any(person.may("reviewer", "compliance") for person in people),
            "/people",
        ),
    ]


class _Kept:
    """What is slow to count, of each workspace, kept for a minute."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Slow]] = {}

    def of(self, tenant: str) -> Slow:
        """It, counted anew after a minute."""
        with self._lock:
            found = self._kept.get(tenant)
        if found is not None and self._clock() - found[0] < FRESH_S:
            return found[1]
        repeated = self._store.value_groups.largest(tenant, 1)
        flow = self._store.glance.flow(tenant, DAYS, datetime.now(UTC))
        slow = Slow(flow, repeated[0] if repeated else None)
        with self._lock:
            self._kept[tenant] = (self._clock(), slow)
        return slow
