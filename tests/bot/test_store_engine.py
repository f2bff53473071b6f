"""Connections, transactions and the schema's way up."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text

from bot.crypto import MasterKey
from bot.errors import ConfigError, OverloadedError
from bot.store import Store, StoreDownError, StoreError
from bot.store.engine import PRAGMAS, Database, open_engine
from bot.store.migrate import upgrade
from bot.store.tables import metadata


def test_every_sqlite_connection_is_durable_and_erases_what_it_deletes(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'a.db'}")
    reader = engine.execution_options(piiguard_reading=True)
    with reader.connect() as one, reader.connect() as two:
        for connection in (one, two):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}  # fmt: skip
            assert found == PRAGMAS
    engine.dispose()


def test_a_setting_that_cannot_be_had_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(PRAGMAS, "page_size", 7)  # no database has this

    with pytest.raises(ConfigError, match="page_size"):
        open_engine(f"sqlite:///{tmp_path / 'a.db'}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://x", "nonsense", "", "sqlite:///a?mode=ro"]
)
def test_another_kind_of_database_is_refused_without_its_url(url):
    with pytest.raises(ConfigError) as caught:
        open_engine(url)

    assert "x?" not in str(caught.value)


def test_postgresql_without_durable_commits_is_refused(postgres, postgres_url):
    name = postgres_url.rsplit("/", 1)[1]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")

    with pytest.raises(ConfigError, match="synchronous_commit"):
        open_engine(postgres_url)


def test_a_database_that_does_not_answer_is_overload_and_tells_no_password():
    with pytest.raises(OverloadedError) as caught:
        open_engine("postgresql://piiguard:hunter2@127.0.0.1:1/x")

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_refused_statement_names_its_kind_and_no_value(store):
    with store.transaction() as tx:
        store.settings.set(tx, "T1", "canary-key", "canary-value")

    insert = text("INSERT INTO settings (tenant, key, value) VALUES (:t, :k, :v)")
    row = {"t": "T1", "k": "canary-key", "v": "other-canary"}
    with pytest.raises(StoreError) as caught, store.transaction() as tx:
        tx.execute(insert, row)

    assert "IntegrityError" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_transaction_inside_a_transaction_joins_it(store):
    def fails():
        with store.transaction() as outer:
            store.settings.set(outer, "T1", "a", "1")
            with store.transaction() as inner:
                assert inner is outer
                store.settings.set(inner, "T1", "b", "1")
            assert store.settings.get("T1", "b") == "1"  # reading sees it too
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert store.settings.all("T1") == {}


def test_threads_do_not_share_a_transaction(store):
    seen = []
    with store.transaction() as tx:
        store.settings.set(tx, "T1", "a", "1")
        thread = threading.Thread(target=lambda: seen.append(store.settings.get("T1", "a")))
        thread.start()
        thread.join(10)

    assert seen == [""]


def test_many_threads_write_without_losing_anything(store):
    def work(n):
        for k in range(5):
            with store.transaction() as tx:
                store.settings.set(tx, f"T{n}", f"k{k}", "x")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(len(store.settings.all(f"T{n}")) for n in range(6)) == 30


def test_after_a_deadlock_the_work_is_done_again(postgres_url, master_key, tmp_path):
    own = Store.open(postgres_url, f"sqlite:///{tmp_path / 'k2.db'}", master_key)
    own.upgrade()
    with own.transaction() as tx:
        for key in ("a", "b"):
            own.settings.set(tx, "T1", key, "0")
    barrier, runs, failed = threading.Barrier(2), [], []

    def work(first, second):
        met = []

        def both(tx):
            runs.append(first)
            own.settings.set(tx, "T1", first, first)
            if not met:
                met.append(1)
                barrier.wait(10)
            own.settings.set(tx, "T1", second, first)

        try:
            own.run(both)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    values = set(own.settings.all("T1").values())
    own.close()

    assert failed == []
    assert len(runs) >= 3
    assert len(values) == 1


def test_the_clock_is_the_databases_and_in_utc(store):
    with store.transaction() as tx:
        now = store.now(tx)

    assert now.tzinfo is not None
    assert abs((now - datetime.now(UTC)).total_seconds()) < 5


def test_the_migrations_make_the_tables_that_the_code_uses(store):
    with store.reading() as tx:
        differences = compare_metadata(MigrationContext.configure(tx), metadata)

    assert [d for d in differences if getattr(d[1], "name", "") != "alembic_version"] == []
    assert store.is_current()


def _empty_database(engine, tmp_path, request):
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres")
    name = f"empty{os.urandom(6).hex()}"
    server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_an_upgrade_stopped_at_any_statement_leaves_the_old_schema(engine, tmp_path, request):
    database = Database(_empty_database(engine, tmp_path, request))
    n_tables = lambda: len(_tables(database))  # noqa: E731
    stop_at, seen = [0], [0]

    @event.listens_for(database.engine, "before_cursor_execute")
    def count(connection, cursor, statement, parameters, context, executemany):
        seen[0] += 1
        if seen[0] == stop_at[0]:
            raise RuntimeError("stopped")

    n_stops = 0
    for stop_at[0] in (*range(1, 60, 7), 10_000):
        seen[0] = 0
        try:
            upgrade(database)
            break
        except RuntimeError:
            n_stops += 1
            stop_at[0] = 0
            assert n_tables() == 0

    stop_at[0] = 0
    assert n_stops >= 5
    assert n_tables() > 15
    upgrade(database)
    database.close()


def _tables(database):
    with database.reading() as tx:
        if database.is_sqlite:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return list(tx.execute(text(query)).scalars())


KILLED = """
import os, signal, sys
from sqlalchemy import event
from bot.store.engine import Database
from bot.store.migrate import upgrade
database = Database(sys.argv[1])
@event.listens_for(database.engine, "before_cursor_execute")
def kill(connection, cursor, statement, parameters, context, executemany):
    if "CREATE TABLE outbox" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade(database)
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_an_upgrade_killed_half_way_is_done_by_the_next_one(engine, tmp_path, request, root):
    url = _empty_database(engine, tmp_path, request)

    ended = subprocess.run([sys.executable, "-c", KILLED, url], cwd=root)

    assert ended.returncode == -signal.SIGKILL
    database = Database(url)
    assert _tables(database) == []
    upgrade(database)
    assert len(_tables(database)) > 15
    database.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_two_upgrades_at_once_are_one(engine, tmp_path, request):
    url = _empty_database(engine, tmp_path, request)
    databases, failed = [Database(url), Database(url)], []

    def work(database):
        try:
            upgrade(database)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for database in databases:
        database.close()

    assert failed == []


def test_one_exclusive_process_at_a_time_and_it_ends_the_leases_of_a_crash(tmp_path, master_key):
    from bot.store import NewEvent, NewSend

    urls = (f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'k.db'}")
    first = Store.open(*urls, master_key, exclusive=True)
    first.upgrade()
    first.inbox.put_many([NewEvent("a", "event", "T1", {})])
    with first.transaction() as tx:
        first.outbox.put(tx, NewSend("s", "T1", "T1:C1", "card", "f"))
    assert first.inbox.claim(1)
    assert first.outbox.claim()

    with pytest.raises(ConfigError, match="Another process"):
        Store.open(*urls, master_key, exclusive=True)
    beside = Store.open(*urls, master_key)  # an admin verb may run beside it
    beside.upgrade()
    assert beside.inbox.claim(1) == []
    beside.close()
    first.close()

    second = Store.open(*urls, master_key, exclusive=True)
    second.upgrade()
    (job,) = second.inbox.claim(1)
    assert job.attempts == 2
    assert second.outbox.claim().ambiguous
    second.close()


def test_a_thread_that_keeps_the_database_does_not_hang_the_others(sqlite_store, monkeypatch):
    monkeypatch.setattr("bot.store.engine._TURN_S", 0.05)
    refused = []

    def work():
        try:
            sqlite_store.probe()
        except StoreDownError:
            refused.append(True)

    with sqlite_store.transaction():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)

    assert refused == [True]
    sqlite_store.probe()


def test_a_probe_writes(store):
    store.probe()


def test_a_locked_database_is_overload(tmp_path, monkeypatch):
    import sqlite3

    monkeypatch.setitem(PRAGMAS, "busy_timeout", 50)
    store = Store.open(
        f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'k.db'}", MasterKey.throw_away()
    )
    store.upgrade()
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreDownError):
        store.probe()

    other.execute("ROLLBACK")
    store.probe()
    store.close()
