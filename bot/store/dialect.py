"""What both engines can do and SQLAlchemy spells differently for each: insert unless it is there, or update it."""

from typing import Any

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_of(tx: Connection, table: Table) -> Insert:
    """An INSERT that can say ON CONFLICT."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_or_nothing(tx: Connection, table: Table) -> Insert:
    """INSERT .. ON CONFLICT DO NOTHING, for any unique key."""
    return insert_of(tx, table).on_conflict_do_nothing()


def for_update(tx: Connection, query: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
    """The rows locked until the end of the transaction; SQLite has locked the whole file already."""
    if tx.dialect.name == "sqlite":
        return query
    return query.with_for_update(skip_locked=skip_locked)
