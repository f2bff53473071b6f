"""Exports: who took what, when, with which hash, and until when the file is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from bot.errors import NotFoundError
from bot.store.cells import ordered_id
from bot.store.console_tables import export_jobs
from bot.store.engine import Database, clock, to_datetime, to_datetime_or_none

ExportState = Literal["running", "done", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class ExportJob:
    """One export. ``params``: range, decisions and the like; ids and codes. ``file``: a name in the data directory."""

    id: str
    tenant: str
    state: ExportState
    format: str
    mode: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    params: dict[str, Any] = field(default_factory=dict)
    n: int = 0
    sha256: str = ""
    file: str = ""
    error: str = ""
    done_at: datetime | None = None


class ExportJobs:
    """The table of exports."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        tx: Connection,
        tenant: str,
        by: str,
        *,
        format: str,
        mode: str,
        expires_at: datetime,
        params: dict[str, Any] | None = None,
        file: str = "",
    ) -> str:
        """An export begins; gives its id."""
        job_id = ordered_id()
        tx.execute(
            insert(export_jobs).values(
                id=job_id,
                tenant=tenant,
                format=format,
                mode=mode,
                params=params or {},
                made_by=by,
                made_at=clock(tx),
                expires_at=expires_at.timestamp(),
                file=file,
            )
        )
        return job_id

    def finish(
        self,
        tx: Connection,
        job_id: str,
        tenant: str,
        *,
        n: int = 0,
        sha256: str = "",
        file: str | None = None,
        error: str = "",
    ) -> ExportJob:
        """An export ends; ``error``, a code, when it failed. Raises: NotFoundError."""
        values: dict[str, Any] = {
            "state": "failed" if error else "done",
            "n": n,
            "sha256": sha256,
            "error": error,
            "done_at": clock(tx),
        }
        if file is not None:
            values["file"] = file
        tx.execute(
            update(export_jobs)
            .where(export_jobs.c.id == job_id, export_jobs.c.tenant == tenant)
            .values(**values)
        )
        return self.get(tenant, job_id, tx=tx)

    def get(self, tenant: str, job_id: str, *, tx: Connection | None = None) -> ExportJob:
        """Raises: NotFoundError."""
        if tx is None:
            with self._db.reading() as own:
                return self.get(tenant, job_id, tx=own)
        row = tx.execute(
            select(export_jobs).where(export_jobs.c.id == job_id, export_jobs.c.tenant == tenant)
        ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such export")
        return _job(row)

    def expire(self) -> list[str]:
        """Mark what is past its time; gives the names of the files to delete."""
        with self._db.transaction() as tx:
            over = (export_jobs.c.expires_at <= clock(tx), export_jobs.c.state != "expired")
            files = tx.execute(select(export_jobs.c.file).where(*over)).scalars().all()
            tx.execute(update(export_jobs).where(*over).values(state="expired", file=""))
        return [file for file in files if file]

    def list(self, tenant: str, limit: int = 100) -> list[ExportJob]:
        """The exports of a tenant, newest first."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(export_jobs)
                .where(export_jobs.c.tenant == tenant)
                .order_by(export_jobs.c.made_at.desc(), export_jobs.c.id.desc())
                .limit(limit)
            ).all()
        return [_job(row) for row in rows]


def _job(row: Any) -> ExportJob:
    return ExportJob(
        id=row.id,
        tenant=row.tenant,
        state=row.state,
        format=row.format,
        mode=row.mode,
        made_by=row.made_by,
        made_at=to_datetime(row.made_at),
        expires_at=to_datetime(row.expires_at),
        params=dict(row.params),
        n=row.n,
        sha256=row.sha256,
        file=row.file,
        error=row.error,
        done_at=to_datetime_or_none(row.done_at),
    )
