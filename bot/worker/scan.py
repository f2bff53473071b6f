"""Worker: takes rows from the inbox and does them. Messages in one batch, everything else one by one."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from bot.directory import Directory
from bot.errors import OverloadedError
from bot.logs import event as log_event
from bot.metrics import Metrics
from bot.policies import Policies
from bot.records import Job
from bot.slack.client import SlackClient
from bot.store import Store
from bot.worker.backfill import Backfill
from bot.worker.clicks import Clicks
from bot.worker.context import ContextRing
from bot.worker.finish import Finisher
from bot.worker.jobs import Jobs
from bot.worker.judge import Judge, Judged
from bot.worker.lease import LEASE_S, LeaseKeeper
from bot.worker.notes import Notes
from piiguard import Guard

MAX_BATCH = 64
#: How long a row waits after its first, second and every further failure.
BACKOFF_S = (1.0, 10.0, 60.0)
_POLL_S = 1.0
_DOWN_S = 2.0

Handler = Callable[[Job], None]


class Worker:
    """One thread's work. ``handlers`` replaces who does the rows that are no messages, by kind.

    A handler commits what it does together with, or before, ``inbox.done``; it may be called again for the same row.
    """

    def __init__(
        self,
        store: Store,
        guard: Guard,
        policies: Policies,
        slack_of: Callable[[str], SlackClient | None],
        context: ContextRing | None = None,
        metrics: Metrics | None = None,
        *,
        directory: Directory | None = None,
        handlers: Mapping[str, Handler] | None = None,
        now: Callable[[], float] = time.time,
    ):
        self._store = store
        self._guard = guard
        self._metrics = metrics or Metrics()
        self._now = now
        self.directory = directory or Directory(store, policies, slack_of)
        self._judge = Judge(
            store, guard, policies, self.directory, slack_of, context or ContextRing()
        )
        self._finish = Finisher(store, policies)
        self.backfill = Backfill(store, slack_of)
        self.jobs = Jobs(store, policies, self.directory, self.backfill, self._metrics, now=now)
        self._handlers: Mapping[str, Handler] = handlers or {
            "note": Notes(store, policies, self.directory),
            "click": Clicks(store, policies, self.directory, slack_of, self._metrics),
            "cron": self.jobs,
            "backfill": self.backfill,
            "erase": self.jobs.erase,
        }

    def run_once(self) -> int:
        """Take what is due and do it; how many rows. Rows that fail are given back and never raise.

        Raises: OverloadedError when the database does not answer; the leases then run out by themselves.
        """
        jobs = self._store.inbox.claim(MAX_BATCH, LEASE_S)
        if not jobs:
            return 0
        retried = sum(job.attempts > 1 for job in jobs)
        if retried:
            self._metrics.retries.labels("inbox").inc(retried)
        with LeaseKeeper(self._store, jobs[0].lease_token):
            messages = [job for job in jobs if is_message(job)]
            for job in jobs:
                if not is_message(job):
                    self._handle(job)
            if messages:
                self._scan(messages)
        return len(jobs)

    def run_forever(self, stop: threading.Event) -> None:
        """Work until ``stop``; the batch at hand is finished. Runs cron and reaper as well."""
        while not stop.is_set():
            try:
                self.jobs.tick()
                if self.run_once() == 0 and not stop.is_set():
                    self._store.inbox.wait(_POLL_S)
            except OverloadedError as error:
                log_event("bot.worker", "database_down", level=40, error=error)
                stop.wait(_DOWN_S)

    def _scan(self, jobs: Sequence[Job]) -> None:
        """A batch that raises is halved, down to the one row that is to blame."""
        try:
            judged = self._judge(jobs)
            ours = self._finish(judged)
        except OverloadedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a message does to the model, it stops nobody else
            if len(jobs) == 1:
                self._failed(jobs[0], error)
                return
            log_event("bot.worker", "batch_halved", level=30, n=len(jobs), error=error)
            middle = len(jobs) // 2
            self._scan(jobs[:middle])
            self._scan(jobs[middle:])
            return
        for one in judged:
            if one.job.id in ours:
                self._report(one)
            else:
                log_event("bot.worker", "lease_lost", level=30, id=one.job.id)

    def _handle(self, job: Job) -> None:
        started = time.perf_counter()
        try:
            handler = self._handlers.get(job.kind)
            if handler is None:
                raise LookupError("no handler for this kind")
            handler(job)
            with self._store.transaction() as tx:
                self._store.inbox.done(tx, [job])
        except OverloadedError:
            raise
        except Exception as error:  # noqa: BLE001 - a row that cannot be done is set aside, not the worker
            self._failed(job, error)
            return
        ms = (time.perf_counter() - started) * 1000
        log_event("bot.worker", job.kind, id=job.id, attempts=job.attempts, ms=round(ms))

    def _failed(self, job: Job, error: Exception) -> None:
        retry_in_s = BACKOFF_S[min(job.attempts, len(BACKOFF_S)) - 1]
        self._store.inbox.fail([job], type(error).__name__, retry_in_s)
        log_event(
            "bot.worker", "job_failed", level=40, id=job.id, kind=job.kind, attempts=job.attempts, error=error
        )  # fmt: skip

    def _report(self, one: Judged) -> None:
        """One line a message, and the numbers."""
        if one.message is None or one.is_same:
            return
        result = "flagged" if one.verdict.flagged else "clean"
        self._metrics.messages_scanned.labels(one.job.kind, result).inc()
        self._metrics.scan_seconds.observe(one.seconds)
        for span in one.spans:
            self._metrics.findings.labels(span.label, span.source.split(":")[0]).inc()
        log_event(
            "bot.worker",
            "message",
            id=one.job.id[-8:],
            labels=one.labels,
            severity=one.verdict.severity or "",
            flagged=one.verdict.flagged,
            model=self._guard.name,
            chars=one.n_chars,
            ms=round(one.seconds * 1000),
        )


def is_message(job: Job) -> bool:
    """True for rows that hold an event of Slack's, live or from history."""
    return job.kind in ("event", "backfill") and "event" in job.payload
