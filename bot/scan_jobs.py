"""ScanJobs: exports that somebody uploaded, scanned in a thread of this process. Nothing of them is stored.

The zip lies in memory, what is found is masked, and all of it is forgotten after half an hour.
"""

import logging
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from bot.errors import BotError, NotFoundError, OverloadedError
from bot.logs import event as log_event
from bot.slack.preview import DOTS
from piiguard import Guard, Policy, Span
from piiguard.errors import PiiguardError
from piiguard.findings import Finding, FindingMaker
from piiguard.scan import Totals, scan
from piiguard.sources import SlackExport

KEPT_S: Final = 1800.0
#: Scans at once in this process; the worker needs the processor too.
MAX_RUNNING: Final = 2
MAX_FINDINGS: Final = 20_000
_BATCH: Final = 16

State = Literal["running", "done", "cancelled", "failed"]


class NotAnExportError(BotError):
    """What was uploaded is no Slack export; the message says what was expected."""


class _CancelledError(Exception):
    """Somebody asked to stop."""


@dataclass(slots=True)
class ScanJob:
    """A scan and what it found. ``findings`` are masked, of flagged messages and of others."""

    id: str
    tenant: str
    person_id: str
    name: str = field(repr=False)
    policy: Policy
    started_at: datetime
    state: State = "running"
    totals: Totals = field(default_factory=Totals, repr=False)
    findings: list[Finding] = field(default_factory=list, repr=False)
    n_left_out: int = 0
    share: float = 0.0
    error: str = ""
    ended: float = field(default=float("inf"), repr=False)
    stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def is_running(self) -> bool:
        """True until it ends by itself, by a person or by a fault."""
        return self.state == "running"


class ScanJobs:
    """The scans of this process. Thread-safe."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._lock = threading.Lock()
        self._jobs: dict[str, ScanJob] = {}
        self._threads: list[threading.Thread] = []

    def start(self, tenant: str, person_id: str, name: str, body: bytes, policy: Policy) -> ScanJob:
        """Scan an export that was uploaded.

        Raises: NotAnExportError; OverloadedError while too many run.
        """
        self._forget()
        job = ScanJob(secrets.token_urlsafe(12), tenant, person_id, name, policy, datetime.now(UTC))
        with self._lock:
            if sum(one.is_running for one in self._jobs.values()) >= MAX_RUNNING:
                raise OverloadedError("too many scans run now; try again in a moment")
            self._jobs[job.id] = job
        try:
            with _as_file(body) as path:
                SlackExport(path)
        except PiiguardError as error:
            with self._lock:
                self._jobs.pop(job.id, None)
            # the message begins with the path, which says nothing to who uploaded it
            raise NotAnExportError(str(error).partition(": ")[2]) from None
        thread = threading.Thread(target=self._run, args=(job, body), name="scan", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()
        return job

    def get(self, job_id: str, tenant: str, person_id: str) -> ScanJob:
        """A scan of one's own. Raises: NotFoundError, also when it is forgotten or ran in another process."""
        self._forget()
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or (job.tenant, job.person_id) != (tenant, person_id):
            raise NotFoundError("There is no such scan")
        return job

    def mine(self, tenant: str, person_id: str) -> list[ScanJob]:
        """The scans of a person that are still known, newest first."""
        self._forget()
        with self._lock:
            found = [
                one
                for one in self._jobs.values()
                if (one.tenant, one.person_id) == (tenant, person_id)
            ]
        return sorted(found, key=lambda one: one.started_at, reverse=True)

    def wait(self, timeout_s: float = 30.0) -> None:
        """Wait for the scans that run."""
        for thread in self._threads:
            thread.join(timeout_s)

    def _forget(self) -> None:
        now = time.monotonic()
        with self._lock:
            for job_id in [one.id for one in self._jobs.values() if now - one.ended > KEPT_S]:
                del self._jobs[job_id]

    def _run(self, job: ScanJob, body: bytes) -> None:
        try:
            with _as_file(body) as path:
                source = SlackExport(path)

                def progress(totals: Totals) -> None:
                    job.totals = totals
                    if source.size_bytes:
                        job.share = min(1.0, source.done_bytes / source.size_bytes)
                    if job.stop.is_set():
                        raise _CancelledError

                job.totals = scan(
                    source, self._guard, job.policy, _Collector(job, path), maker=FindingMaker(),
                    include_unflagged=True, batch_size=_BATCH, progress=progress,
                )  # fmt: skip
                job.totals.problems = [
                    replace(one, place=_inside(one.place, path)) for one in job.totals.problems
                ]
            job.state, job.share = "done", 1.0
        except _CancelledError:
            job.state = "cancelled"
        except Exception as error:  # noqa: BLE001  the page says so; there is nobody to raise it to
            log_event("bot.scan", "failed", level=logging.WARNING, id=job.id, error=error)
            job.state, job.error = "failed", type(error).__name__
        finally:
            job.ended = time.monotonic()


class _Collector:
    """Keeps findings for the page, up to a number."""

    def __init__(self, job: ScanJob, path: Path) -> None:
        self._job = job
        self._path = path

    def add(self, finding: Finding) -> None:
        """Take one finding."""
        if len(self._job.findings) < MAX_FINDINGS:
            place = replace(finding.place, file=_inside(finding.place.file, self._path))
            # a fixed number of dots: the shape of a value tells its length
            self._job.findings.append(replace(finding, place=place, masked=DOTS))
        else:
            self._job.n_left_out += 1

    def finish(self, totals: Totals) -> None:
        """Nothing is left to do."""


def flips(findings: Iterable[Finding], policy: Policy, min_score: float) -> tuple[int, int]:
    """(messages flagged now, messages flagged if finds below ``min_score`` did not count)."""
    stricter = Policy(
        policy.flag_at,
        max(policy.min_score, min_score),
        policy.labels,
        policy.combinations,
        policy.lists,
    )
    now = then = 0
    for spans in _messages(findings):
        now += policy.decide(spans).flagged
        then += stricter.decide(spans).flagged
    return now, then


def _messages(findings: Iterable[Finding]) -> Iterator[Sequence[Span]]:
    """The spans of each message that has some."""
    by_place: dict[tuple[object, ...], list[Span]] = {}
    for one in findings:
        place = (one.place.file, one.place.channel, one.place.ts, one.place.line)
        span = Span(one.start, one.end, one.label, one.score, one.source)
        by_place.setdefault(place, []).append(span)
    yield from by_place.values()


def _inside(place: str, path: Path) -> str:
    """A place by its name within the zip: where the zip lies is nobody's business."""
    return place.removeprefix(str(path)).lstrip("/") or "export.zip"


@contextmanager
def _as_file(body: bytes) -> Iterator[Path]:
    """The bytes under a path, in memory where the system can do that."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("export")
        try:
            with open(number, "wb", closefd=False) as file:
                file.write(body)
            yield Path(f"/proc/self/fd/{number}")
        finally:
            os.close(number)
        return
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(body)
        file.flush()
        yield Path(file.name)
