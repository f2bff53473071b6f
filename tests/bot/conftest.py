"""What the bot's tests share: a store on each engine, keys, and messages."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Double, text, update

from bot.crypto import MasterKey
from bot.records import Part, SlackMessage
from bot.store import Store
from bot.store.tables import metadata

ENGINES = ("sqlite", "postgresql")
_TEMPLATE = "piiguard_template"


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    """No test reads settings of the machine it runs on."""
    for name in list(os.environ):
        if name.startswith(("PIIGUARD_", "SLACK_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def master_key() -> MasterKey:
    return MasterKey.throw_away()


class PostgresServer:
    """A PostgreSQL server of our own on a free port, thrown away at the end."""

    def __init__(self) -> None:
        self.binaries = _binaries()
        # in memory where that is possible: each test gets a database of its own
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="piiguard-pg-", dir=memory))
        self._as_user: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            user = pwd.getpwnam("postgres" if _has_user("postgres") else "nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as_user = ["runuser", "-u", user.pw_name, "--"]
        # a collation of people, not of bytes: what must sort by bytes has to say so
        locale = ("-E", "UTF8", "--locale-provider=icu", "--icu-locale=en-US")
        self._run("initdb", "-D", self.data, "-U", "piiguard", "-A", "trust", "-N", *locale)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def url(self, database: str) -> str:
        return f"postgresql://piiguard@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user, str(self.binaries / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _binaries() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    # not a skip: half of the store would go untested in silence
    assert folders, "PostgreSQL's initdb is not installed; apt-get install postgresql"
    return folders[0].parent


@pytest.fixture(scope="session")
def postgres(master_key, tmp_path_factory) -> Iterator[PostgresServer]:
    """A server with a template database that has the newest schema."""
    server = PostgresServer()
    try:
        server.execute(f"CREATE DATABASE {_TEMPLATE}")
        _make_template(server.url(_TEMPLATE), tmp_path_factory.mktemp("keys"), master_key)
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def sqlite_template(master_key, tmp_path_factory) -> Path:
    """A SQLite file that has the newest schema."""
    folder = tmp_path_factory.mktemp("template")
    _make_template(f"sqlite:///{folder / 'template.db'}", folder, master_key)
    return folder / "template.db"


def _make_template(url: str, folder: Path, master_key: MasterKey) -> None:
    store = Store.open(url, f"sqlite:///{folder / 'keys.db'}", master_key)
    store.upgrade()
    with store.transaction() as tx:  # each copy gets a key store of its own
        tx.execute(text("DELETE FROM settings"))
    store.checkpoint()
    store.close()


@pytest.fixture
def postgres_url(postgres) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with the newest schema."""
    name = f"t{uuid.uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def store_urls(request, tmp_path) -> tuple[str, str]:
    """(database, key store) on each engine; the key store is always a SQLite file."""
    keys = f"sqlite:///{tmp_path / 'keys.db'}"
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, tmp_path / "piiguard.db")
        return f"sqlite:///{tmp_path / 'piiguard.db'}", keys
    return request.getfixturevalue("postgres_url"), keys


@pytest.fixture
def store(store_urls, master_key) -> Iterator[Store]:
    """A store with the newest schema, on each engine in turn."""
    store = Store.open(*store_urls, master_key)
    store.upgrade()
    yield store
    store.close()


@pytest.fixture
def sqlite_store(tmp_path, sqlite_template, master_key) -> Iterator[Store]:
    """A store on SQLite only, for tests whose point is elsewhere."""
    shutil.copyfile(sqlite_template, tmp_path / "piiguard.db")
    store = Store.open(
        f"sqlite:///{tmp_path / 'piiguard.db'}", f"sqlite:///{tmp_path / 'keys.db'}", master_key
    )
    store.upgrade()
    yield store
    store.close()


@pytest.fixture
def let_time_pass() -> Callable[[Store, float], None]:
    """Move every time in a store into the past: as if its database's clock had gone on."""

    def move(store: Store, seconds: float) -> None:
        with store.transaction() as tx:
            for table in metadata.sorted_tables:
                if table.name == "audit":  # nobody changes its rows
                    continue
                times = [c for c in table.c if isinstance(c.type, Double) and c.name != "score"]
                for column in times:
                    tx.execute(
                        update(table)
                        .where(column.is_not(None), column != 0)
                        .values({column: column - seconds})
                    )

    return move


@pytest.fixture
def make_message() -> Callable[..., SlackMessage]:
    """A Slack message with a text, and anything else by keyword."""

    def make(text: str = "hello", **fields: object) -> SlackMessage:
        values: dict[str, object] = {
            "tenant": "T1",
            "channel_id": "C1",
            "ts": f"{time.time():.6f}",
            "version": "0000000000.000000",
            "user_id": "U1",
            "parts": (Part("text", text),),
        }
        return SlackMessage(**(values | fields))  # type: ignore[arg-type]

    return make
