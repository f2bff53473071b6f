"""Small things per tenant: settings, and the cached names of its directory."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.errors import SealError
from bot.store.cells import dump
from bot.store.dialect import insert_of
from bot.store.engine import Database
from bot.store.keys import Keys
from bot.store.tables import directory, settings


class Settings:
    """The table of settings: short texts that people chose or jobs left."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, tenant: str, key: str, *, tx: Connection | None = None) -> str:
        """The value, "" when it was never set."""
        if tx is None:
            with self._db.reading() as own:
                return self.get(tenant, key, tx=own)
        found = tx.execute(
            select(settings.c.value).where(settings.c.tenant == tenant, settings.c.key == key)
        ).scalar_one_or_none()
        return found or ""

    def set(self, tx: Connection, tenant: str, key: str, value: str) -> None:
        tx.execute(
            insert_of(tx, settings)
            .values(tenant=tenant, key=key, value=value)
            .on_conflict_do_update(
                index_elements=[settings.c.tenant, settings.c.key], set_={"value": value}
            )
        )

    def all(self, tenant: str, prefix: str = "") -> dict[str, str]:
        """The settings whose key starts with ``prefix``."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(settings.c.key, settings.c.value)
                .where(settings.c.tenant == tenant)
                .order_by(settings.c.key)
            ).all()
        return {row.key: row.value for row in rows if row.key.startswith(prefix)}


class Directory:
    """The table of a workspace's members: names sealed, people by fingerprint."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def replace(self, tx: Connection, tenant: str, entries: Iterable[tuple[str, str]]) -> int:
        """Store the members anew, as (user id, name); somebody with several names stands there several times."""
        names: dict[str, list[str]] = {}
        for user_id, name in entries:
            known = names.setdefault(self._keys.fingerprint(tenant, "user", user_id), [])
            if name and name not in known:
                known.append(name)
        tx.execute(delete(directory).where(directory.c.tenant == tenant))
        rows = [
            {
                "tenant": tenant,
                "user_fp": user_fp,
                "names_ct": self._keys.seal(
                    dump(known),
                    table="directory",
                    column="names_ct",
                    row_id=user_fp,
                    tenant=tenant,
                    purpose="directory",
                ),
            }
            for user_fp, known in sorted(names.items())
        ]
        if rows:
            tx.execute(insert(directory), rows)
        return len(rows)

    def names(self, tenant: str) -> list[str]:
        """All names of a tenant's members, sorted."""
        with self._db.reading() as tx:
            rows = tx.execute(select(directory).where(directory.c.tenant == tenant)).all()
        return sorted({name for row in rows for name in self._opened(row)})

    def name_of(self, tenant: str, user_id: str) -> str:
        """The first name of a member, "" for somebody unknown."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        with self._db.reading() as tx:
            row = tx.execute(
                select(directory).where(
                    directory.c.tenant == tenant, directory.c.user_fp == user_fp
                )
            ).one_or_none()
        names = [] if row is None else self._opened(row)
        return names[0] if names else ""

    def forget(self, tx: Connection, tenant: str, user_id: str) -> None:
        """Drop the names of one person."""
        user_fp = self._keys.fingerprint(tenant, "user", user_id)
        tx.execute(
            delete(directory).where(directory.c.tenant == tenant, directory.c.user_fp == user_fp)
        )

    def _opened(self, row: Any) -> list[str]:
        try:
            opened: list[str] = json.loads(
                self._keys.open(
                    row.names_ct,
                    table="directory",
                    column="names_ct",
                    row_id=row.user_fp,
                    tenant=row.tenant,
                )
            )
        except SealError:
            return []
        return opened
