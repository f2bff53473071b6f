"""Measure the queue with 100,000 flags: the page, its count and its facets, by tab, filter, order and depth.

    .venv/bin/python -m tests.bot.queue_bench
    .venv/bin/python -m tests.bot.queue_bench --database postgresql://... --flags 100000 --runs 20

Without a database it takes a SQLite file and a PostgreSQL server of its own, one after the other. The flags are as the
bot writes them, with sealed cells; the clock runs over what a page of the console asks of the store. Exit 1 when
the p95 over all that is asked is over the limit.
"""

import argparse
import gc
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text

from bot.crypto import MasterKey
from bot.records import FoundSpan, Part
from bot.store import FlagQuery, Store, new_id
from bot.store.cells import dump_parts
from bot.store.flag_marks import marks
from bot.store.flag_rows import Sealer, dump_spans
from bot.store.tables import counters, flag_values, flags
from piiguard.labels import LABELS, SEVERITIES
from tests.bot.conftest import PostgresServer

TENANT = "T0BENCH0001"
#: How many flags of a hundred are in each state: most of them wait, which is the hard case.
STATES = {
    "open": 55, "second_opinion": 2, "confirmed": 15, "corrected": 6, "not_pii": 10, "accepted_risk": 1,
    "duplicate": 1, "resolved": 8, "superseded": 2,
}  # fmt: skip
#: Of a thousand flags, how many hold a label; passports are rare.
SHARES = dict.fromkeys(LABELS, 60) | {"PERSON": 350, "EMAIL_ADDRESS": 200, "PASSPORT": 1}
CHANNELS = [f"C0CHANNEL{n:02d}" for n in range(40)]
PENDING = ("open", "second_opinion")
_BATCH = 2000
_LIMIT_MS = 60.0


def fill(store: Store, n_flags: int, seed: int = 7) -> None:
    """Write flags in bulk, each as ``record`` would."""
    rng = random.Random(seed)
    now = time.time()
    users = {f"U{n:05d}": store.keys.fingerprint(TENANT, "user", f"U{n:05d}") for n in range(400)}
    values = [store.keys.fingerprint(TENANT, "value", str(n)) for n in range(30_000)]
    numbers = iter(range(1, n_flags + 1))
    left = n_flags
    while left:
        rows, held = [], []
        for _ in range(min(_BATCH, left)):
            row, value_rows = _flag(store, rng, next(numbers), now, users, values)
            rows.append(row)
            held += value_rows
        with store.transaction() as tx:
            tx.execute(insert(flags), rows)
            tx.execute(insert(flag_values), held)
        left -= len(rows)
    with store.transaction() as tx:
        tx.execute(insert(counters), {"tenant": TENANT, "name": "flag", "value": n_flags})


def _flag(
    store: Store,
    rng: random.Random,
    number: int,
    now: float,
    users: dict[str, str],
    values: list[str],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    flag_id = new_id()
    chosen = rng.choices(list(SHARES), weights=list(SHARES.values()), k=rng.choice((1, 1, 1, 2, 3)))
    labels = {name: chosen.count(name) for name in chosen}
    severity = max((LABELS[name].severity for name in labels), key=SEVERITIES.index)
    source = rng.choices(("model", "rule:other", "model+rule:other"), weights=(6, 2, 2))[0]
    score = 1.0 if source != "model" else round(rng.betavariate(6, 2), 4)
    words = "the quick note for the desk about order " + str(rng.randrange(10**9))
    spans = tuple(
        FoundSpan("text", 4 * n, 4 * n + 3, name, score, source) for n, name in enumerate(chosen)
    )
    user_id = rng.choice(list(users))
    state = rng.choices(list(STATES), weights=list(STATES.values()))[0]
    opened_at = now - rng.random() * 60 * 86_400
    seal = Sealer(store.keys, flag_id, TENANT)
    row = {
        "id": flag_id,
        "number": number,
        "tenant": TENANT,
        # the first channels are the busy ones
        "channel_id": CHANNELS[min(int(rng.expovariate(0.12)), len(CHANNELS) - 1)],
        "ts": f"{opened_at:.6f}",
        "content_fp": new_id(),
        "state": state,
        "severity": severity,
        "severity_rank": SEVERITIES.index(severity),
        "labels": labels,
        "reasons": ["label"],
        "model": f"piiguard-en-{rng.choice((1, 2, 3, 3, 3))}",
        "score": score,
        "opened_at": opened_at,
        "bucket": store.keys.bucket(),
        "user_fp": users[user_id],
        "user_ct": seal("user_ct", user_id),
        "text_ct": seal("text_ct", dump_parts([Part("text", words)])),
        "spans_ct": seal("spans_ct", dump_spans(spans, spans)),
        "assignee": rng.choice(("Dana", "Lee")) if rng.random() < 0.05 else "",
        "snoozed_until": now + 86_400 if state in PENDING and rng.random() < 0.02 else None,
        "author_answer": "not_pii" if rng.random() < 0.02 else "",
        "resolved_at": None if state in PENDING else opened_at + 3600,
        **marks(labels=labels, spans=spans, severity=severity, score=score),
    }
    held = [
        {
            "flag_id": flag_id,
            "label": name,
            "value_fp": rng.choice(values[:50] if rng.random() < 0.2 else values),
            "tenant": TENANT,
        }
        for name in labels
    ]
    return row, held


def views(store: Store) -> dict[str, tuple[FlagQuery, str, int]]:
    """What is asked, by name: the filter, the order, and how many flags to skip first."""
    days = lambda n: datetime.now(UTC) - timedelta(days=n)  # noqa: E731
    largest = store.value_groups.largest(TENANT, 1)[0]
    waits = FlagQuery(PENDING)
    tabs = {
        "Needs review": waits,
        "Mine": FlagQuery(PENDING, assignee="Dana"),
        "Second opinion": FlagQuery(("second_opinion",)),
        "Confirmed": FlagQuery(("confirmed",)),
        "Not PII": FlagQuery(("not_pii",)),
        "Auto-resolved": FlagQuery(("resolved", "superseded")),
        "All": FlagQuery(snoozed=None),
    }
    filters = {
        "label:PERSON": waits.without(labels=("PERSON",)),
        "label:PASSPORT (rare)": waits.without(labels=("PASSPORT",)),
        "label:PASSPORT in All": FlagQuery(labels=("PASSPORT",), snoozed=None),
        "channel, busy": waits.without(channels=(CHANNELS[0],)),
        "channel, quiet": waits.without(channels=(CHANNELS[-2],)),
        "channel, busy, in All": FlagQuery(channels=(CHANNELS[0],), snoozed=None),
        "label + channel": waits.without(labels=("CREDIT_CARD",), channels=(CHANNELS[1],)),
        "score:<0.6": waits.without(score_max=0.6),
        "severity:low": waits.without(severities=("low",)),
        "source:rule": waits.without(source="rule"),
        "model:piiguard-en-1": waits.without(model="piiguard-en-1"),
        "age:>3d": waits.without(opened_before=days(3)),
        "age:<1d": waits.without(opened_after=days(1)),
        "author": waits.without(user_id="U00007"),
        "author in All": FlagQuery(user_id="U00007", snoozed=None),
        "value, the largest": waits.without(value=largest.number),
        "answered": waits.without(answered=True),
        "is:snoozed": waits.without(snoozed=True),
        "nothing matches": waits.without(model="none"),
    }
    asked = {f"tab {name}": (query, "risk", 0) for name, query in tabs.items()}
    asked |= {name: (query, "risk", 0) for name, query in filters.items()}
    for order in ("oldest", "uncertain", "newest"):
        asked[f"by {order}"] = (waits, order, 0)
        asked[f"label:PASSPORT by {order}"] = (filters["label:PASSPORT (rare)"], order, 0)
        asked[f"channel, quiet, by {order}"] = (filters["channel, quiet"], order, 0)
    for order in ("risk", "oldest", "uncertain", "newest"):
        asked[f"page 800 by {order}"] = (waits, order, 40_000)
    return asked


def cursor_at(store: Store, query: FlagQuery, order: str, n_skipped: int) -> str:
    """The cursor after so many flags."""
    after = ""
    while n_skipped > 0:
        after = store.queue.page(TENANT, query, order, min(5000, n_skipped), after).next
        n_skipped -= 5000
    return after


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of each run: by the clock, and of processor time, ours and the database's."""

    wall: list[float]
    cpu: list[float]

    def __add__(self, other: "Taken") -> "Taken":
        wall = [one + two for one, two in zip(self.wall, other.wall, strict=True)]
        return Taken(wall, [one + two for one, two in zip(self.cpu, other.cpu, strict=True)])

    def __str__(self) -> str:
        return f"{statistics.median(self.wall):.1f} / {p95(self.wall):.1f}"


class Stopwatch:
    """Times work on a store. The processor's time tells what a machine that does other things too hides."""

    def __init__(self, store: Store, n_runs: int) -> None:
        self._n_runs = n_runs
        self._backend = 0
        if store.engine_name == "postgresql":
            with store.reading() as tx:  # one thread, so it is always this connection
                self._backend = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()

    def __call__(self, work: Callable[[], object]) -> Taken:
        """Each run, after a first one that does not count."""
        work()
        taken = Taken([], [])
        for _ in range(self._n_runs):
            wall, cpu = time.perf_counter(), self._cpu()
            work()
            taken.cpu.append((self._cpu() - cpu) * 1000)
            taken.wall.append((time.perf_counter() - wall) * 1000)
        return taken

    def _cpu(self) -> float:
        spent = time.thread_time()
        if self._backend:
            stat = Path(f"/proc/{self._backend}/schedstat").read_text(encoding="ascii")
            spent += int(stat.split()[0]) / 1e9
        return spent


def bench(store: Store, n_runs: int, limit_ms: float, console: Console) -> bool:
    """Print the table; True when the p95 of all of them is within the limit."""
    title = f"Queue on {store.engine_name}, milliseconds, p50 / p95 of {n_runs}"
    table = Table(title=title)
    for name in ("asked", "flags", "page", "count", "facets", "all three", "CPU"):
        table.add_column(name, justify="left" if name == "asked" else "right")
    stopwatch = Stopwatch(store, n_runs)
    every = Taken([], [])
    worst = 0.0
    for name, (query, order, n_skipped) in views(store).items():
        after = cursor_at(store, query, order, n_skipped)
        works: dict[str, Callable[[], Any]] = {
            "page": lambda q=query, o=order, a=after: store.queue.page(TENANT, q, o, 50, a),
            "count": lambda q=query: store.queue.count(TENANT, q),
            "facets": lambda q=query: store.queue.facets(TENANT, q),
        }
        page, count, facets = (stopwatch(work) for work in works.values())
        both = page + count + facets
        every.wall.extend(both.wall)
        every.cpu.extend(both.cpu)
        worst = max(worst, p95(both.wall))
        cpu = f"{statistics.median(both.cpu):.1f} / {p95(both.cpu):.1f}"
        cells = (str(one) for one in (page, count, facets, both))
        table.add_row(name, f"{works['count']():,}", *cells, cpu)
    console.print(table)
    _bench_rest(store, stopwatch, console)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(
        f"{store.engine_name}: all three, over all rows: p50 {statistics.median(every.wall):.1f}, "
        f"p95 {p95(every.wall):.1f} ms; processor p50 {statistics.median(every.cpu):.1f}, "
        f"p95 {p95(every.cpu):.1f} ms; worst row {worst:.1f} ms; load {load} on {os.cpu_count()} cores"
    )
    return p95(every.wall) <= limit_ms


def _bench_rest(store: Store, stopwatch: Stopwatch, console: Console) -> None:
    waits = FlagQuery(PENDING)
    middle = store.queue.page(TENANT, waits, "risk", 50, cursor_at(store, waits, "risk", 20_000))
    flag = middle.flags[25]
    works: dict[str, Callable[[], object]] = {
        "neighbours": lambda: store.queue.neighbours(TENANT, waits, "risk", flag.id),
        "values of a flag": lambda: store.value_groups.of_flag(flag.id, TENANT),
        "largest values": lambda: store.value_groups.largest(TENANT, 20),
        "ids of 10,000": lambda: store.queue.ids(TENANT, waits),
        "counts of App Home": lambda: store.flags.counts(TENANT),
    }
    for name, work in works.items():
        taken = stopwatch(work)
        console.print(f"  {name}: {taken} ms, processor {statistics.median(taken.cpu):.1f} ms")


def settle(store: Store) -> None:
    """What PostgreSQL's own housekeeping does within minutes of such a write; SQLite has none and needs none."""
    if store.engine_name == "postgresql":
        with store._db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM (ANALYZE)")


def p95(taken: list[float]) -> float:
    """The 95th percentile."""
    return sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))]


@contextmanager
def databases(url: str) -> Iterator[list[str]]:
    """The URLs to measure: the one given, else one of each engine, thrown away at the end."""
    if url:
        yield [url]
        return
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer()
        try:
            server.execute("CREATE DATABASE bench")
            yield [f"sqlite:///{Path(folder) / 'bench.db'}", server.url("bench")]
        finally:
            server.close()


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--database", default="", help="a database of its own, empty; it is filled")
    parser.add_argument("--flags", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--limit-ms", type=float, default=_LIMIT_MS)
    options = parser.parse_args()
    # so that a timeout ends the servers of our own too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(width=140)
    good = True
    with databases(options.database) as urls, tempfile.TemporaryDirectory() as folder:
        for n, url in enumerate(urls):
            keys = f"sqlite:///{Path(folder) / f'keys{n}.db'}"
            store = Store.open(url, keys, MasterKey.throw_away())
            store.upgrade()
            started = time.perf_counter()
            fill(store, options.flags)
            settle(store)
            store.checkpoint()
            gc.collect()
            gc.freeze()  # else a run now and then pays for looking through all that was ever imported
            console.print(
                f"{options.flags:,} flags written in {time.perf_counter() - started:.0f} s"
            )
            good = bench(store, options.runs, options.limit_ms, console) and good
            store.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
