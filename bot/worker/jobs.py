"""Jobs: what happens by the clock. Every replica puts `cron:<job>:<slot>`; the unique key lets one of them do it."""

import time
from collections.abc import Callable, Mapping

from bot.directory import Directory
from bot.insights.monthly import freeze_due
from bot.learning.agreement import pick_due
from bot.logs import event as log_event
from bot.metrics import Metrics
from bot.policies import Policies
from bot.records import Job
from bot.retention import erase, forget_folded, purge
from bot.store import Store
from bot.store.inbox import NewEvent
from bot.worker.backfill import Backfill

_TICK_S = 20.0
_PRIO = 1


class Jobs:
    """``tick`` puts what is due; called with a row it does it. A slot that was missed runs once, late."""

    #: Seconds between two runs of each job.
    EVERY_S: Mapping[str, int] = {
        "purge": 86_400,
        "forget": 3_600,
        "anchor": 86_400,
        "checkpoint": 3_600,
        "directory": 21_600,
        "report": 86_400,
        "second_reviews": 600,
    }

    def __init__(
        self,
        store: Store,
        policies: Policies,
        directory: Directory,
        backfill: Backfill,
        metrics: Metrics | None = None,
        *,
        now: Callable[[], float] = time.time,
    ):
        self._store = store
        self._policies = policies
        self._directory = directory
        self._backfill = backfill
        store.inbox.on_set_aside = (metrics or Metrics()).set_aside.inc
        self._now = now
        self._ticked_at = float("-inf")
        self._put: dict[str, int] = {}
        self._work: Mapping[str, Callable[[], None]] = {
            "purge": self._purge,
            "forget": self._forget,
            "anchor": self._anchor,
            "checkpoint": self._store.checkpoint,
            "directory": self._refresh,
            "report": self._report,
            "second_reviews": self._ask_again,
        }

    def tick(self) -> None:
        """Every 20 s: reap, and put the jobs whose slot has begun."""
        if time.monotonic() - self._ticked_at < _TICK_S:
            return
        self._ticked_at = time.monotonic()
        n_dead = self._store.inbox.reap()
        if n_dead:
            # each is a message that was not scanned
            log_event("bot.jobs", "set_aside", level=40, n=n_dead)
        self.put_due()

    def put_due(self) -> int:
        """Put the jobs whose slot is not known to be put; how many were new."""
        with self._store.reading() as tx:
            now = self._store.now(tx).timestamp()
        due = {name: int(now) // every for name, every in self.EVERY_S.items()}
        events = [
            NewEvent(f"cron:{name}:{slot}", "cron", "", {"v": 1, "job": name}, prio=_PRIO)
            for name, slot in due.items()
            if self._put.get(name) != slot
        ]
        if not events:
            return 0
        n_new = sum(self._store.inbox.put_many(events))
        self._put = due
        return n_new

    def __call__(self, job: Job) -> None:
        """Raises KeyError for a job that is not known: a newer version put it."""
        self._work[str(job.payload["job"])]()

    def erase(self, job: Job) -> None:
        """An erasure asked for in the console: {"user_id", "by"}."""
        erase(
            self._store, job.tenant, str(job.payload["user_id"]), by=str(job.payload.get("by", ""))
        )

    def _tenants(self) -> list[str]:
        return [install.tenant for install in self._store.installs.all() if install.is_active]

    def _purge(self) -> None:
        purge(self._store, "", self._policies.current().retention)

    def _forget(self) -> None:
        forget_folded(self._store)

    def _anchor(self) -> None:
        anchor = self._store.audit.anchor()
        # in the log too: away from the database, it shows when the tail was cut
        log_event("bot.jobs", "audit_anchor", seq=anchor.seq, mac=anchor.mac[:64])

    def _report(self) -> None:
        """The month that ended is frozen, once; its numbers would go on changing."""
        with self._store.reading() as tx:
            now = self._store.now(tx)
        for tenant in self._tenants():
            freeze_due(self._store, tenant, now)

    def _ask_again(self) -> None:
        """A share of the decisions that can no longer be undone is to be taken twice."""
        with self._store.reading() as tx:
            now = self._store.now(tx)
        share = self._policies.current().second_review.share
        for tenant in self._tenants():
            pick_due(self._store, tenant, share, now=now)

    def _refresh(self) -> None:
        if self._policies.current().allow.directory:
            for tenant in self._tenants():
                self._directory.refresh(tenant)
