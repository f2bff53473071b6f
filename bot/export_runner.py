"""Exports that the console orders: made in a thread, kept sealed for a few days, deleted after."""

import base64
import io
import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.correction_examples import ExampleMaker, Mode
from bot.correction_truth import TRUTHS, Conflict, read_truths
from bot.corrections import export_corrections, may_export
from bot.errors import NotFoundError, SealError
from bot.logs import event as log_event
from bot.records import Person
from bot.review import UNDO_S
from bot.snapshots import ExportError
from bot.store import ExportJob, Store
from piiguard.examples import Correction
from piiguard.formats import FORMATS

KEPT: Final[dict[Mode, timedelta]] = {
    "surrogates": timedelta(days=7),
    "offsets_only": timedelta(days=7),
    "real_values": timedelta(hours=24),
}
#: An export that runs for longer was cut off by a restart.
MAX_S: Final = 3600.0
PREVIEW: Final = 5
_FOLDER: Final = "exports"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted. ``since`` and ``until`` are about the decision, half-open."""

    since: datetime | None = None
    until: datetime | None = None
    decisions: tuple[str, ...] = ()
    fmt: str = "jsonl"
    mode: Mode = "surrogates"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would give: how many messages, the first lines with surrogates, and what people must settle."""

    n: int
    lines: tuple[Correction, ...] = field(repr=False, default=())
    conflicts: tuple[Conflict, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)


class ExportRunner:
    """Makes, keeps and gives the files of exports. ``folder`` is the data directory."""

    def __init__(self, store: Store, folder: Path, *, undo_s: float = UNDO_S) -> None:
        self._store = store
        self._folder = folder / _FOLDER
        self._undo_s = undo_s
        self._threads: list[threading.Thread] = []

    def preview(self, tenant: str, order: Order) -> Preview:
        """A look at an order; values are replaced whatever its mode."""
        truths = read_truths(self._store, tenant, undo_s=self._undo_s)
        wanted = order.decisions or TRUTHS

        def is_chosen(decision: str, at: datetime) -> bool:
            return (
                decision in wanted
                and (order.since is None or order.since <= at)
                and (order.until is None or at < order.until)
            )

        chosen = [one for one in truths.verdicts if is_chosen(one.decision, one.at)]
        first = frozenset(one.flag.id for one in chosen[-PREVIEW:])
        maker = ExampleMaker(self._store, tenant, "surrogates")
        lines = tuple(maker.make(truths.verdicts, first))[:PREVIEW]
        conflicts = tuple(
            one
            for one in truths.conflicts
            if any(is_chosen(verdict.decision, verdict.at) for verdict in one.verdicts)
        )
        left_out: dict[str, int] = {}
        for why, review in truths.left_out:
            if is_chosen(review.decision if review.decision in TRUTHS else wanted[0], review.at):
                left_out[why] = left_out.get(why, 0) + 1
        return Preview(len(chosen), lines, conflicts, dict(sorted(left_out.items())))

    def start(self, order: Order, *, by: Person) -> str:
        """Begin an export and give its id; the job says when it is done.

        Raises: ForbiddenError, ExportError for an order that cannot be.
        """
        check(order, by)
        with self._store.transaction() as tx:
            job_id = self._store.export_jobs.add(
                tx,
                by.tenant,
                by.id,
                format=order.fmt,
                mode=order.mode,
                expires_at=self._store.now(tx) + KEPT[order.mode],
                params={
                    "since": order.since.isoformat() if order.since else "",
                    "until": order.until.isoformat() if order.until else "",
                    "decisions": list(order.decisions),
                    "reason": order.reason,
                },
            )
        thread = threading.Thread(
            target=self._run, args=(job_id, order, by), name="export", daemon=True
        )
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()
        return job_id

    def wait(self, timeout_s: float = 30.0) -> None:
        """Wait for what runs here."""
        for thread in self._threads:
            thread.join(timeout_s)

    def jobs(self, tenant: str) -> list[ExportJob]:
        """The exports of a workspace, newest first, after what is past its time was deleted."""
        self.clear()
        return self._store.export_jobs.list(tenant)

    def read(self, tenant: str, job_id: str, *, by: Person) -> tuple[ExportJob, bytes]:
        """The file of a job, for somebody who might have made it; writes its audit row.

        Raises: NotFoundError when there is none any more; ForbiddenError without the role.
        """
        self.clear()
        job = self._store.export_jobs.get(tenant, job_id)
        may_export(job.mode, tenant, by)  # type: ignore[arg-type]
        if job.state != "done" or not job.file:
            raise NotFoundError("This export has no file")
        try:
            sealed = (self._folder / job.file).read_bytes()
            opened = self._store.keys.open(sealed, **_cell(job.id, tenant))
        except (OSError, SealError):
            raise NotFoundError("The file of this export is gone") from None
        with self._store.transaction() as tx:
            self._store.audit.append(
                tx, tenant, by.id, "export.taken", job.id, mode=job.mode, n=job.n, sha256=job.sha256
            )
        return job, base64.b64decode(opened)

    def clear(self) -> None:
        """Delete the files that are past their time."""
        for name in self._store.export_jobs.expire():
            (self._folder / Path(name).name).unlink(missing_ok=True)

    def _run(self, job_id: str, order: Order, by: Person) -> None:
        store, done = self._store, self._store.export_jobs.finish
        body = io.BytesIO()
        try:
            found = export_corrections(
                store,
                by.tenant,
                body,
                since=order.since,
                until=order.until,
                decisions=order.decisions,
                fmt=order.fmt,
                mode=order.mode,
                by=by,
                reason=order.reason,
                undo_s=self._undo_s,
            )
            text = base64.b64encode(body.getvalue()).decode("ascii")
            sealed = store.keys.seal(text, purpose="export", **_cell(job_id, by.tenant))
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._folder / f"{job_id}.sealed"
            path.touch(mode=0o600)
            path.write_bytes(sealed)
            with store.transaction() as tx:
                done(tx, job_id, by.tenant, n=found.n, sha256=found.sha256, file=path.name)
        except Exception as error:  # noqa: BLE001  the job says so; there is nobody to raise it to
            code = type(error).__name__
            log_event("bot.exports", "failed", level=logging.WARNING, id=job_id, error=error)
            with store.transaction() as tx:
                done(tx, job_id, by.tenant, error=code)
                store.audit.append(tx, by.tenant, by.id, "export.failed", job_id, code=code)


def check(order: Order, by: Person) -> None:
    """Raises what ``export_corrections`` would, before anything begins."""
    may_export(order.mode, by.tenant, by)
    if order.fmt not in FORMATS:
        raise ExportError("unknown format; expected one of: " + ", ".join(FORMATS))
    if order.mode == "offsets_only" and order.fmt != "jsonl":
        raise ExportError("offsets alone are written as jsonl: the other formats need the text")
    if order.mode == "real_values" and not order.reason.strip():
        raise ExportError("say why real values leave; the reason is kept in the audit log")
    if order.since and order.until and order.until <= order.since:
        raise ExportError("the last day is before the first")
    if not set(order.decisions) <= set(TRUTHS):
        raise ExportError("unknown decision; expected some of: " + ", ".join(TRUTHS))


def is_cut_off(job: ExportJob) -> bool:
    """True for an export that was running when the process ended."""
    return job.state == "running" and (datetime.now(UTC) - job.made_at).total_seconds() > MAX_S


def _cell(job_id: str, tenant: str) -> dict[str, Any]:
    return {"table": "exports", "column": "file", "row_id": job_id, "tenant": tenant}
