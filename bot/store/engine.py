"""A database and its transactions. SQLite and PostgreSQL differ here and in a `for update` elsewhere.

SQLite: one writer at a time, by a lock of the process before ``BEGIN IMMEDIATE``; every connection is set to WAL,
``synchronous=FULL`` and ``secure_delete`` and refused when it is not so. PostgreSQL: READ COMMITTED,
``synchronous_commit`` on.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Double, Engine, create_engine, event, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.errors import BotError, ConfigError, OverloadedError

__all__ = ["Connection", "Database", "StoreDownError", "StoreError", "open_engine"]

T = TypeVar("T")

#: Set on each connection, then read back. Temporary tables stay in memory: they can hold what was sorted.
PRAGMAS: Final = {
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "temp_store": 2,
}
#: deadlock_detected, serialization_failure
_AGAIN: Final = frozenset({"40P01", "40001"})
#: How long a thread waits for its turn to write.
_TURN_S: Final = 10.0

_locks: dict[str, threading.Lock] = {}
_locks_guard = threading.Lock()


class StoreError(BotError):
    """The database refused a statement. Names the kind of error, never a value."""


class StoreDownError(OverloadedError):
    """The database does not answer, is locked or full: the same again later may work."""


class _RetryError(StoreDownError):
    """A deadlock or a serialisation failure: the same transaction may well succeed."""


class _Now(FunctionElement[float]):
    """The database's clock, in seconds since 1970."""

    type = Double()
    inherit_cache = True


@compiles(_Now, "sqlite")
def _now_sqlite(element: _Now, compiler: SQLCompiler, **kw: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_Now, "postgresql")
def _now_postgresql(element: _Now, compiler: SQLCompiler, **kw: Any) -> str:
    # not now(): that is the start of the transaction
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"


def clock(tx: Connection) -> float:
    """The database's clock, in seconds since 1970."""
    return round(float(tx.execute(select(_Now())).scalar_one()), 6)


def to_datetime(seconds: float) -> datetime:
    """Seconds since 1970 as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def to_datetime_or_none(seconds: float | None) -> datetime | None:
    return None if seconds is None else to_datetime(seconds)


def open_engine(url: str) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database, set up as the promises need it.

    Raises: ConfigError for another kind of URL, or when a setting cannot be had; StoreDownError when nobody answers.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            "The database URL cannot be read; expected sqlite:///FILE or postgresql://..."
        ) from None
    try:
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(parsed)
        if parsed.get_backend_name() == "postgresql":
            return _open_postgresql(parsed)
    except NoSuchModuleError:
        pass
    raise ConfigError(
        f"The database URL names {parsed.get_backend_name()!r}; expected sqlite or postgresql"
    )


def sqlite_path(engine: Engine) -> Path | None:
    """The file of a SQLite database, None for PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:" or url.query:
        raise ConfigError("A SQLite URL must name a file, without options: sqlite:///FILE")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for name, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}={wanted}")
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != wanted:
                raise ConfigError(
                    f"SQLite: {name} is {found!r}, expected {wanted!r}; use a local disk, not a network file system"
                )
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("piiguard_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    _try_out(engine)
    return engine


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 2},
    )

    @event.listens_for(engine, "connect")
    def check(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            found = cursor.execute("SHOW synchronous_commit").fetchone()[0]
        connection.rollback()
        if found == "off":
            raise ConfigError(
                "PostgreSQL: synchronous_commit is 'off'; expected 'on', or an acknowledged event could be lost"
            )

    _try_out(engine)
    return engine


def _try_out(engine: Engine) -> None:
    try:
        with engine.connect():
            pass
    except SQLAlchemyError as error:
        engine.dispose()
        raise translated(error) from None
    except ConfigError:
        engine.dispose()
        raise


def translated(error: SQLAlchemyError) -> BotError:
    """Our error for one of the database's: its kind and our statement, never its parameters or details.

    PostgreSQL quotes the offending values in its messages, so those are left behind.
    """
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    kind = f"{type(error).__name__} {state}".strip()
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return StoreDownError(f"The database does not answer as it should ({kind}); try again")
    statement = " ".join((getattr(error, "statement", None) or "").split())[:160]
    return StoreError(f"The database refused a statement ({kind}): {statement}")


def _may_try_again(error: SQLAlchemyError) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _AGAIN


class Database:
    """An engine, and transactions that the code of one thread shares."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._here = threading.local()
        self._lock: threading.Lock | None = None
        path = sqlite_path(self.engine)
        if path is not None:
            with _locks_guard:
                self._lock = _locks.setdefault(str(path.resolve()), threading.Lock())

    def __repr__(self) -> str:
        return f"Database({self.engine.dialect.name})"

    @contextlib.contextmanager
    def transaction(self, *, fresh: bool = False) -> Iterator[Connection]:
        """A transaction, committed at the end, undone by an error.

        Inside another one of this thread it joins that one. ``fresh``: what must be on disk when this returns; a
        programming error inside another transaction.
        """
        outer: Connection | None = getattr(self._here, "tx", None)
        if outer is not None:
            if fresh:
                raise RuntimeError("this must commit by itself, and runs inside a transaction")
            yield outer
            return
        with self._alone():
            try:
                with self.engine.begin() as connection:
                    self._here.tx = connection
                    try:
                        yield connection
                    finally:
                        self._here.tx = None
            except SQLAlchemyError as error:
                if _may_try_again(error):
                    raise _RetryError("The database met a deadlock; try again") from None
                raise translated(error) from None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from; inside a transaction of this thread, that transaction."""
        outer: Connection | None = getattr(self._here, "tx", None)
        if outer is not None:
            yield outer
            return
        try:
            with self.engine.connect().execution_options(piiguard_reading=True) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise translated(error) from None

    def run(self, work: Callable[[Connection], T], *, n_tries: int = 3) -> T:
        """``work`` in a transaction of its own, again after a deadlock; it must not do anything outside."""
        for n_left in reversed(range(n_tries)):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except _RetryError:
                # a moment apart, or the same two meet again
                time.sleep(random.uniform(0.01, 0.05))
                if n_left == 0:
                    break
        raise StoreDownError(f"The database met {n_tries} deadlocks in a row; try again")

    def checkpoint(self) -> None:
        """Write SQLite's log back and empty it: what was deleted is then in no file."""
        if not self.is_sqlite:
            return
        with self._alone():
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The process's turn to write a SQLite file; on PostgreSQL nobody needs one."""
        if self._lock is None:
            yield
            return
        if not self._lock.acquire(timeout=_TURN_S):
            raise StoreDownError("Another thread has held the database for too long; try again")
        try:
            yield
        finally:
            self._lock.release()
