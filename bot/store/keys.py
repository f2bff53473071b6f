"""Data keys, one per (tenant, day, purpose), wrapped by the master key, in a database of their own.

A backup that held rows and their keys together would undo every erasure: destroying a day's key is what erases it.
A key is committed here before the first row is sealed with it.
"""

import contextlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, delete, select, update

from bot import crypto
from bot.crypto import DataKey, MasterKey
from bot.errors import KeyStoreError, SealError
from bot.store.dialect import insert_or_nothing
from bot.store.engine import Database, clock
from bot.store.tables import data_keys, key_metadata, sentinel

#: Purposes whose key belongs to a day and is destroyed with it; every other key lasts.
DAILY: Final = frozenset({"text", "hold"})
_Name = TypeVar("_Name", str, tuple[str, str, str])
_CACHED: Final = 1024
_CACHE_S: Final = 300.0
_SENTINEL: Final = b"piiguard key store"
_LOCK_ID: Final = 7_446_001
#: Longer than any transaction takes from sealing a cell to its commit.
_STILL_SEALING: Final = timedelta(minutes=15)


class KeyGoneError(SealError):
    """The key of a cell was destroyed: its content is erased."""


class Keys:
    """The key store of a bot: seals, opens, fingerprints, and destroys the keys of past days."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._db = database
        self._master = master
        self._guard = threading.Lock()
        # by key id and by bucket; short-lived, so that a key destroyed by another process is forgotten here too
        self._by_id: OrderedDict[str, tuple[float, DataKey]] = OrderedDict()
        self._by_bucket: OrderedDict[tuple[str, str, str], tuple[float, DataKey]] = OrderedDict()
        with self._db.transaction() as tx:
            if not self._db.is_sqlite:
                # two processes must not create the same tables
                tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_ID})")
            key_metadata.create_all(tx)

    def __repr__(self) -> str:
        return "Keys(...)"

    def seal(
        self,
        value: str,
        *,
        table: str,
        column: str,
        row_id: str,
        tenant: str,
        purpose: str = "text",
        day: date | None = None,
    ) -> bytes:
        """``value`` sealed for its cell, under the key of ``day`` (today) where the purpose has daily keys."""
        key = self._bucket_key(tenant, self.bucket(purpose, day), purpose)
        plain = value.encode("utf-8", "surrogatepass")
        return crypto.seal_cell(key, plain, crypto.aad(table, column, row_id, tenant))

    def open(self, cell: bytes, *, table: str, column: str, row_id: str, tenant: str) -> str:
        """The value of a cell.

        Raises: KeyGoneError when its day's key was destroyed; SealError when it was changed or moved.
        """
        key = self._key_by_id(crypto.key_id_of(bytes(cell)).hex())
        place = crypto.aad(table, column, row_id, tenant)
        return crypto.open_cell(key, bytes(cell), place).decode("utf-8", "surrogatepass")

    def fingerprint(self, tenant: str, purpose: str, value: str) -> str:
        """The keyed fingerprint of a value: equal within a tenant and purpose, unlinkable beyond."""
        return crypto.fingerprint(self.secret(tenant, f"fp:{purpose}"), value)

    def secret(self, tenant: str, purpose: str) -> bytes:
        """The 32 bytes of a key that lasts, for a keyed hash. The purpose must not be a daily one."""
        if purpose in DAILY:
            raise KeyStoreError(f"The keys of purpose {purpose!r} are daily and seal cells only")
        return self._bucket_key(tenant, "", purpose).secret

    @staticmethod
    def bucket(purpose: str = "text", day: date | None = None) -> str:
        """The day whose key is used, as text; "" for a purpose whose key lasts."""
        if purpose not in DAILY:
            return ""
        return (day or datetime.now(UTC).date()).isoformat()

    def shred(self, tenant: str, before: date, purpose: str = "text") -> int:
        """Destroy the tenant's daily keys of all days before ``before``. Gives how many."""
        with self._db.transaction(fresh=True) as tx:
            gone = tx.execute(
                delete(data_keys)
                .where(data_keys.c.tenant == tenant, data_keys.c.purpose == purpose)
                .where(data_keys.c.day != "", data_keys.c.day < before.isoformat())
            ).rowcount
        self.forget_cached()
        self._db.checkpoint()
        return gone

    def shred_day(self, tenant: str, day: date, purpose: str = "text") -> bool:
        """Destroy the key of a day that is over; True when there was one.

        Never today's: another process may be sealing with it at this moment.
        """
        if day >= datetime.now(UTC).date():
            return False
        with self._db.transaction(fresh=True) as tx:
            gone = tx.execute(
                delete(data_keys)
                .where(data_keys.c.tenant == tenant, data_keys.c.purpose == purpose)
                .where(data_keys.c.day == day.isoformat())
            ).rowcount
        self.forget_cached()
        self._db.checkpoint()
        return gone > 0

    def shred_unused(self, tenant: str, in_use: Set[str]) -> int:
        """Destroy the tenant's daily keys that no cell is sealed with any more. Gives how many.

        Never today's, nor one of a day that has just ended: somebody may be sealing with it at this moment.
        """
        over = (datetime.now(UTC) - _STILL_SEALING).date().isoformat()
        with self._db.transaction(fresh=True) as tx:
            rows = tx.execute(
                select(data_keys.c.key_id)
                .where(data_keys.c.tenant == tenant, data_keys.c.purpose.in_(sorted(DAILY)))
                .where(data_keys.c.day != "", data_keys.c.day < over)
            )
            unused = sorted(set(rows.scalars()) - in_use)
            for key_id in unused:
                tx.execute(delete(data_keys).where(data_keys.c.key_id == key_id))
        if unused:
            self.forget_cached()
            self._db.checkpoint()
        return len(unused)

    def days(self, tenant: str, purpose: str = "text") -> list[date]:
        """The days that still have a key."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(data_keys.c.day)
                .where(data_keys.c.tenant == tenant, data_keys.c.purpose == purpose)
                .where(data_keys.c.day != "")
                .order_by(data_keys.c.day)
            )
            return [date.fromisoformat(row.day) for row in rows]

    def tenants(self) -> list[str]:
        """Who has keys here."""
        with self._db.reading() as tx:
            rows = tx.execute(select(data_keys.c.tenant).distinct().order_by(data_keys.c.tenant))
            return [row.tenant for row in rows if row.tenant]

    def check_sentinel(self) -> str:
        """Prove that the master key is the one of this store; gives the store's own name.

        Raises: KeyStoreError with another master key.
        """
        with self._db.transaction() as tx:
            row = tx.execute(select(sentinel)).one_or_none()
            if row is None:
                store_id = secrets.token_hex(16)
                wrapped = crypto.wrap(self._master, _SENTINEL, _place(store_id))
                tx.execute(
                    insert_or_nothing(tx, sentinel).values(id=1, store_id=store_id, wrapped=wrapped)
                )
                row = tx.execute(select(sentinel)).one()
        try:
            crypto.unwrap(self._master, row.wrapped, _place(row.store_id))
        except KeyStoreError:
            raise KeyStoreError(
                f"The master key ({self._master.source or 'given'}) is not the one this key store was made with; "
                "set PIIGUARD_SECRET_KEY to that one, or bring its key file back"
            ) from None
        return str(row.store_id)

    def rewrap(self, new_master: MasterKey) -> int:
        """Wrap every key with a new master key, in one transaction; no row of the bot changes. Gives how many."""
        self.check_sentinel()
        with self._db.transaction(fresh=True) as tx:
            rows = tx.execute(select(data_keys)).all()
            for row in rows:
                place = _place(row.key_id, row.tenant, row.day, row.purpose)
                plain = crypto.unwrap(self._master, row.wrapped, place)
                tx.execute(
                    update(data_keys)
                    .where(data_keys.c.key_id == row.key_id)
                    .values(wrapped=crypto.wrap(new_master, plain, place))
                )
            head = tx.execute(select(sentinel)).one()
            again = crypto.wrap(new_master, _SENTINEL, _place(head.store_id))
            tx.execute(update(sentinel).values(wrapped=again))
        self._master = new_master
        self._db.checkpoint()
        return len(rows)

    def forget_cached(self) -> None:
        """Drop the opened keys from memory."""
        with self._guard:
            self._by_id.clear()
            self._by_bucket.clear()

    def _key_by_id(self, key_id: str) -> DataKey:
        cached = self._cached(self._by_id, key_id)
        if cached is not None:
            return cached
        with self._db.reading() as tx:
            row = tx.execute(select(data_keys).where(data_keys.c.key_id == key_id)).one_or_none()
        if row is None:
            raise KeyGoneError("The key of this cell was destroyed; its content is erased")
        return self._remember(self._unwrapped(row))

    def _bucket_key(self, tenant: str, day: str, purpose: str) -> DataKey:
        bucket = (tenant, day, purpose)
        cached = self._cached(self._by_bucket, bucket)
        if cached is not None:
            return cached
        with self._db.reading() as tx:
            row = self._row(tx, bucket)
        if row is None:
            with self._db.transaction(fresh=True) as tx:
                new = DataKey.new()
                place = _place(new.id.hex(), tenant, day, purpose)
                tx.execute(
                    insert_or_nothing(tx, data_keys).values(
                        key_id=new.id.hex(),
                        tenant=tenant,
                        day=day,
                        purpose=purpose,
                        wrapped=crypto.wrap(self._master, new.secret, place),
                        created_at=clock(tx),
                    )
                )
                # subtle: another process may have been first; its key counts
                row = self._row(tx, bucket)
        key = self._remember(self._unwrapped(row))
        with self._guard:
            _put(self._by_bucket, bucket, key)
        return key

    def _row(self, tx: Connection, bucket: tuple[str, str, str]) -> Any:
        tenant, day, purpose = bucket
        return tx.execute(
            select(data_keys).where(
                data_keys.c.tenant == tenant,
                data_keys.c.day == day,
                data_keys.c.purpose == purpose,
            )
        ).one_or_none()

    def _unwrapped(self, row: Any) -> DataKey:
        place = _place(row.key_id, row.tenant, row.day, row.purpose)
        return DataKey(bytes.fromhex(row.key_id), crypto.unwrap(self._master, row.wrapped, place))

    def _cached(
        self, cache: OrderedDict[_Name, tuple[float, DataKey]], name: _Name
    ) -> DataKey | None:
        with self._guard, contextlib.suppress(KeyError):
            until, key = cache[name]
            if until > time.monotonic():
                return key
        return None

    def _remember(self, key: DataKey) -> DataKey:
        with self._guard:
            _put(self._by_id, key.id.hex(), key)
        return key


def _put(cache: OrderedDict[_Name, tuple[float, DataKey]], name: _Name, key: DataKey) -> None:
    cache[name] = (time.monotonic() + _CACHE_S, key)
    while len(cache) > _CACHED:
        cache.popitem(last=False)


def _place(*pieces: str) -> bytes:
    return "|".join(("key", *pieces)).encode("utf-8", "surrogatepass")
