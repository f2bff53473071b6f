"""Rate limits: one token bucket per key, by the database's clock, so that they hold across processes."""

from typing import Final

from sqlalchemy import delete, select, update

from bot.store.console_tables import rate_buckets
from bot.store.dialect import for_update, insert_or_nothing
from bot.store.engine import Database, clock
from bot.store.keys import Keys

#: A bucket that has been full for so long is as good as none.
_KEEP_S: Final = 3600.0


class Buckets:
    """The table of rate limits."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def take(self, key: str, *, capacity: float, per_s: float, cost: float = 1.0) -> float:
        """Take one from a bucket: 0.0 when there was one, else the seconds to wait; then nothing was taken.

        Args:
            key: what is limited: "login:name:dana". Stored as fingerprint.
            capacity: how many at once.
            per_s: how many come back a second.
        """
        key_fp = self._keys.fingerprint("", "bucket", key)
        with self._db.transaction() as tx:
            now = clock(tx)
            fresh = {"level": capacity, "at": now, "full_at": now}
            made = tx.execute(
                insert_or_nothing(tx, rate_buckets).values(key_fp=key_fp, **fresh)
            ).rowcount
            if made > 0:
                tx.execute(delete(rate_buckets).where(rate_buckets.c.full_at < now - _KEEP_S))
            row = tx.execute(
                for_update(tx, select(rate_buckets).where(rate_buckets.c.key_fp == key_fp))
            ).one()
            # on PostgreSQL the row may have changed while we waited for it
            now = max(now, row.at)
            level: float = min(capacity, row.level + (now - row.at) * per_s)
            if level < cost:
                return (cost - level) / per_s
            level -= cost
            tx.execute(
                update(rate_buckets)
                .where(rate_buckets.c.key_fp == key_fp)
                .values(level=level, at=now, full_at=now + (capacity - level) / per_s)
            )
        return 0.0

    def forget(self, key: str) -> None:
        """Fill a bucket again: after a sign-in that worked, say."""
        key_fp = self._keys.fingerprint("", "bucket", key)
        with self._db.transaction() as tx:
            tx.execute(delete(rate_buckets).where(rate_buckets.c.key_fp == key_fp))
