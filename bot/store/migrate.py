"""The schema's way from version to version: Alembic, inside the package, one transaction for all steps."""

import functools
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.engine import Database

_LOCK_ID: Final = 7_446_002


def upgrade(database: Database) -> None:
    """Bring the schema to the newest version. Two processes may call it at once; killed, it leaves the old one."""
    with database.transaction(fresh=True) as tx:
        if not database.is_sqlite:
            tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_ID})")
        if _version(tx) != _newest():
            config = _config()
            config.attributes["connection"] = tx
            command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """True when the schema is the newest."""
    with database.reading() as tx:
        return _version(tx) == _newest()


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


@functools.cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _version(tx: Connection) -> str | None:
    return MigrationContext.configure(tx).get_current_revision()
