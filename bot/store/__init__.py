"""Everything the bot keeps: one ``Store``, a part per noun. Every SQL statement of the bot is in this folder.

    with store.transaction() as tx:
        store.messages.upsert(tx, ...)
        flag, created = store.flags.record(tx, NewFlag(...))
        store.flags.recompute(tx, flag.tenant, flag.channel_id, flag.ts)

A transaction inside a transaction of the same thread joins it, and so does reading.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bot.crypto import MasterKey
from bot.errors import ConfigError, KeyStoreError
from bot.store import migrate
from bot.store.allow_entries import AllowEntries, AllowEntry
from bot.store.api_tokens import SCOPES, ApiToken, ApiTokens
from bot.store.audit import Anchor, Audit, AuditRow
from bot.store.buckets import Buckets
from bot.store.cards import Card, Cards
from bot.store.cells import new_id
from bot.store.decisions import Decisions, StoredDecision
from bot.store.engine import (
    Connection,
    Database,
    StoreDownError,
    StoreError,
    clock,
    sqlite_path,
    to_datetime,
)
from bot.store.export_jobs import ExportJob, ExportJobs
from bot.store.file_lock import FileLock
from bot.store.flags import Flags, NewFlag
from bot.store.frozen_reports import FrozenError, FrozenReport, FrozenReports
from bot.store.glance import Glance
from bot.store.inbox import Inbox, NewEvent
from bot.store.inbox_upkeep import DeadJob, InboxDepth
from bot.store.insights import Insights
from bot.store.insights_audit import InsightAudit
from bot.store.insights_spans import InsightSpans
from bot.store.installs import Installs, OAuthStates
from bot.store.keys import KeyGoneError, Keys
from bot.store.lanes import lane_of, method_lane
from bot.store.messages import MessageRow, Messages
from bot.store.outbox import NewSend, Outbox
from bot.store.people import People, PersonError
from bot.store.policy_versions import PolicyVersion, PolicyVersions
from bot.store.queue import (
    ORDERS,
    BadCursorError,
    FilterError,
    FlagQuery,
    Neighbours,
    Queue,
    QueuePage,
)
from bot.store.reviews import Reviews
from bot.store.samples import Sample, SampleCounts, SampleRow, Samples
from bot.store.second_reviews import Pair, SecondReview, SecondReviews
from bot.store.sessions import SessionRow, Sessions
from bot.store.settings import Directory, Settings
from bot.store.value_groups import ValueGroup, ValueGroups
from bot.store.views import SavedView, Views

__all__ = [
    "ORDERS",
    "SCOPES",
    "AllowEntry",
    "Anchor",
    "ApiToken",
    "AuditRow",
    "BadCursorError",
    "Card",
    "Connection",
    "DeadJob",
    "ExportJob",
    "FilterError",
    "FlagQuery",
    "FrozenError",
    "FrozenReport",
    "InboxDepth",
    "KeyGoneError",
    "MessageRow",
    "Neighbours",
    "NewEvent",
    "NewFlag",
    "NewSend",
    "Pair",
    "PersonError",
    "PolicyVersion",
    "Purged",
    "QueuePage",
    "Sample",
    "SampleCounts",
    "SampleRow",
    "SavedView",
    "SecondReview",
    "SessionRow",
    "Store",
    "StoreDownError",
    "StoreError",
    "StoredDecision",
    "ValueGroup",
    "lane_of",
    "method_lane",
    "new_id",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge let go."""

    n_flags: int
    n_reviews: int
    n_keys: int
    n_samples: int = 0


class Store:
    """The bot's database and its key store. Make it with ``Store.open``; thread-safe."""

    def __init__(self, database: Database, key_database: Database, master_key: MasterKey) -> None:
        self._db = database
        self._key_db = key_database
        self._file_lock: FileLock | None = None
        self.keys = Keys(key_database, master_key)
        self.inbox = Inbox(database, self.keys)
        self.messages = Messages(database, self.keys)
        self.flags = Flags(database, self.keys)
        self.cards = Cards(database)
        self.outbox = Outbox(database, self.keys)
        self.reviews = Reviews(database, self.keys)
        self.decisions = Decisions(database, self.keys)
        self.audit = Audit(database, key_database, self.keys)
        self.people = People(database)
        self.installs = Installs(database, self.keys)
        self.oauth_states = OAuthStates()
        self.settings = Settings(database)
        self.insights = Insights(database)
        self.insight_spans = InsightSpans(database, self.keys)
        self.insight_audit = InsightAudit(database)
        self.directory = Directory(database, self.keys)
        # what the console keeps
        self.sessions = Sessions(database)
        self.api_tokens = ApiTokens(database)
        self.buckets = Buckets(database, self.keys)
        self.queue = Queue(database, self.keys)
        self.glance = Glance(database)
        self.value_groups = ValueGroups(database, self.keys)
        self.views = Views(database)
        self.allow_entries = AllowEntries(database)
        self.samples = Samples(database, self.keys)
        self.second_reviews = SecondReviews(database, self.keys, self.reviews)
        self.frozen_reports = FrozenReports(database)
        self.export_jobs = ExportJobs(database)
        self.policy_versions = PolicyVersions(database)

    @classmethod
    def open(
        cls, url: str, keys_url: str, master_key: MasterKey, *, exclusive: bool = False
    ) -> "Store":
        """Open the databases and check the master key. Call ``upgrade`` before the first use.

        Args:
            exclusive: for the one long-running process of a SQLite database; takes a file lock until ``close``, and
                ends the leases that a crash left (``upgrade`` does that). On PostgreSQL there may be many.

        Raises: ConfigError for a setting that cannot work, or a second exclusive process; KeyStoreError for a wrong
        master key; StoreDownError when a database does not answer.
        """
        if url == keys_url:
            raise ConfigError(
                "PIIGUARD_KEYS_URL must name a database of its own: "
                "a backup that held rows and keys together would undo every erasure"
            )
        database = Database(url)
        try:
            key_database = Database(keys_url)
        except BaseException:
            database.close()
            raise
        lock: FileLock | None = None
        try:
            path = sqlite_path(database.engine)
            if exclusive and path is not None:
                lock = FileLock.take(path)
            store = cls(database, key_database, master_key)
            store._file_lock = lock
            store.keys.check_sentinel()
        except BaseException:
            database.close()
            key_database.close()
            if lock is not None:
                lock.release()
            raise
        return store

    def __repr__(self) -> str:
        return f"Store({self.engine_name})"

    @property
    def engine_name(self) -> str:
        """ "sqlite" or "postgresql"."""
        return "sqlite" if self._db.is_sqlite else "postgresql"

    def upgrade(self) -> None:
        """Bring the schema up to date, in one transaction: killed at any line, it is the old or the new one.

        Raises: KeyStoreError when the rows belong to another key store.
        """
        migrate.upgrade(self._db)
        store_id = self.keys.check_sentinel()
        with self.transaction() as tx:
            bound = self.settings.get("", "key_store", tx=tx)
            if not bound:
                self.settings.set(tx, "", "key_store", store_id)
        if bound and bound != store_id:
            raise KeyStoreError(
                "The key store is not the one this database was filled with; "
                "check PIIGUARD_KEYS_URL, or restore the newest copy of the key store"
            )
        if self._file_lock is not None:
            self.inbox.void_leases()
            self.outbox.void_leases()

    def is_current(self) -> bool:
        """True when the schema is the one this version needs."""
        return migrate.is_current(self._db)

    def transaction(self, *, fresh: bool = False) -> AbstractContextManager[Connection]:
        """A transaction, committed at the end, undone by an error; see ``Database.transaction``."""
        return self._db.transaction(fresh=fresh)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read from."""
        return self._db.reading()

    def run(self, work: Callable[[Connection], T], *, n_tries: int = 3) -> T:
        """``work`` in a transaction, again after a deadlock or a serialisation failure."""
        return self._db.run(work, n_tries=n_tries)

    def now(self, tx: Connection) -> datetime:
        """The database's clock."""
        return to_datetime(clock(tx))

    def probe(self) -> None:
        """Prove that the database takes a write. Raises: StoreDownError."""
        with self.transaction(fresh=True) as tx:
            self.settings.set(tx, "", "probe", str(clock(tx)))

    def purge(self, older_than: date) -> Purged:
        """Let go the text, spans and notes of the days before ``older_than``, then those days' keys.

        Rows on hold stay. Idempotent, and after a kill the next one goes on.
        """
        n_flags = self.flags.purge(older_than)
        n_reviews = self.reviews.purge(older_than) + self.second_reviews.purge(older_than)
        n_samples = self.samples.purge(older_than)
        n_keys = sum(self.keys.shred(tenant, older_than) for tenant in self.keys.tenants())
        self.checkpoint()
        return Purged(n_flags, n_reviews, n_keys, n_samples)

    def checkpoint(self) -> None:
        """Empty SQLite's logs, so that what was deleted is in no file."""
        self._db.checkpoint()
        self._key_db.checkpoint()

    def close(self) -> None:
        """Close all connections and let the file lock go."""
        self._db.close()
        self._key_db.close()
        if self._file_lock is not None:
            self._file_lock.release()
            self._file_lock = None
