"""The schema of the bot, for SQLite and PostgreSQL alike, and of the key store, which is a database of its own.

Times are seconds since 1970 in UTC, taken from the database's clock. A name that ends in ``_ct`` holds a sealed cell
(bot/crypto.py), one that ends in ``_fp`` a keyed fingerprint. Text that is compared by order has the collation "C" on
PostgreSQL, so that both engines sort it by its bytes.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()
key_metadata = MetaData()


def ordered() -> TypeEngine[str]:
    """Text that sorts by its bytes on both engines."""
    return String().with_variant(String(collation="C"), "postgresql")


def moment(name: str, *, nullable: bool = False) -> Column[float]:
    """A time in seconds since 1970, UTC."""
    return Column(name, Double, nullable=nullable)


def words(name: str, default: str = "") -> Column[str]:
    """A short text that is never NULL."""
    return Column(name, String, nullable=False, default=default, server_default=default)


def number(name: str, default: int = 0) -> Column[int]:
    """A whole number that is never NULL."""
    return Column(name, Integer, nullable=False, default=default, server_default=str(default))


def sealed(name: str) -> Column[bytes]:
    """A sealed cell; NULL once its content is erased."""
    return Column(name, LargeBinary, nullable=True)


inbox = Table(
    "inbox",
    metadata,
    Column("id", ordered(), primary_key=True),
    Column("event_key", ordered(), nullable=False, unique=True),
    words("kind"),
    words("tenant"),
    number("prio", 1),
    sealed("payload_ct"),
    words("bucket"),
    number("v", 1),
    words("state", "ready"),
    number("attempts"),
    # a leased row becomes available again when its lease runs out
    moment("available_at"),
    moment("leased_until", nullable=True),
    words("lease_token"),
    moment("received_at"),
    moment("done_at", nullable=True),
    words("last_error"),
    CheckConstraint("state IN ('ready', 'leased', 'done', 'dead')", name="inbox_state"),
)
Index(
    "inbox_due",
    inbox.c.prio,
    inbox.c.available_at,
    inbox.c.id,
    sqlite_where=text("state IN ('ready', 'leased')"),
    postgresql_where=text("state IN ('ready', 'leased')"),
)
Index("inbox_lease", inbox.c.lease_token)
Index("inbox_done", inbox.c.state, inbox.c.done_at)

messages = Table(
    "messages",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("channel_id", String, primary_key=True),
    Column("ts", ordered(), primary_key=True),
    words("thread_ts"),
    words("client_msg_id"),
    words("user_fp"),
    Column("version", ordered(), nullable=False),
    words("content_fp"),
    Column("deleted", Boolean, nullable=False),
    moment("seen_at"),
)
Index("messages_twin", messages.c.tenant, messages.c.channel_id, messages.c.client_msg_id)
Index("messages_seen", messages.c.seen_at)

flags = Table(
    "flags",
    metadata,
    Column("id", ordered(), primary_key=True),
    number("number"),
    words("tenant"),
    words("channel_id"),
    Column("ts", ordered(), nullable=False),
    words("thread_ts"),
    words("content_fp"),
    words("state", "open"),
    number("version", 1),
    words("severity"),
    number("severity_rank"),
    Column("labels", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    words("model"),
    Column("score", Double, nullable=False),
    moment("opened_at"),
    words("bucket"),
    words("user_fp"),
    sealed("user_ct"),
    sealed("text_ct"),
    sealed("spans_ct"),
    words("assignee"),
    moment("snoozed_until", nullable=True),
    words("resolved_by"),
    moment("resolved_at", nullable=True),
    words("author_answer"),
    number("seen_before"),
    number("n_repeats", 1),
    Column("hold", Boolean, nullable=False, default=False, server_default=text("false")),
    # what follows from labels, spans, severity and score, as numbers that an index can hold (bot/store/flag_marks.py)
    number("label_bits"),
    number("source_bits"),
    Column("risk_key", Float(53), nullable=False, default=0.0, server_default="0"),
    UniqueConstraint("tenant", "channel_id", "ts", "content_fp", name="flags_message_version"),
    UniqueConstraint("tenant", "number", name="flags_number"),
)
# One index an order of the queue, and some for its counts. Each wide one holds whatever a filter can name, so that no
# filter reads the rows, whose sealed cells are fat: the worst of them walks an index.
_FILTERED = (
    "severity_rank", "channel_id", "label_bits", "snoozed_until", "score", "opened_at", "source_bits", "assignee",
    "model", "author_answer",
)  # fmt: skip
_ORDERS = {
    "flags_risk": ("state", "risk_key", "opened_at", "number"),
    "flags_uncertain": ("state", "score", "opened_at", "number"),
    "flags_age": ("state", "opened_at", "number"),
    "flags_counted": ("state", "severity_rank", "channel_id"),
    "flags_labelled": ("label_bits", "state"),
}
for _name, _columns in _ORDERS.items():
    _rest = (column for column in _FILTERED if column not in _columns)
    Index(_name, *(flags.c[column] for column in ("tenant", *_columns, *_rest)))
# Narrow ones for what is counted most, the tabs and the choices beside them: PostgreSQL walks them in a third of the time.
_NEVER_SLEPT, _SLEPT = text("snoozed_until IS NULL"), text("snoozed_until IS NOT NULL")
Index(
    "flags_tabs",
    *(flags.c[name] for name in ("tenant", "state", "severity_rank", "channel_id", "label_bits")),
    sqlite_where=_NEVER_SLEPT,
    postgresql_where=_NEVER_SLEPT,
)
Index(
    "flags_tab_labels",
    *(flags.c[name] for name in ("tenant", "state", "label_bits")),
    sqlite_where=_NEVER_SLEPT,
    postgresql_where=_NEVER_SLEPT,
)
Index(
    "flags_snoozed",
    *(flags.c[name] for name in ("tenant", "snoozed_until")),
    sqlite_where=_SLEPT,
    postgresql_where=_SLEPT,
)
Index("flags_author", flags.c.tenant, flags.c.user_fp)
Index("flags_bucket", flags.c.bucket)

flag_values = Table(
    "flag_values",
    metadata,
    Column("flag_id", ordered(), ForeignKey("flags.id", ondelete="CASCADE"), primary_key=True),
    Column("label", String, primary_key=True),
    Column("value_fp", String, primary_key=True),
    words("tenant"),
)
Index(
    "flag_values_group",
    flag_values.c.tenant,
    flag_values.c.value_fp,
    flag_values.c.label,
    flag_values.c.flag_id,
)

counters = Table(
    "counters",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("name", String, primary_key=True),
    number("value"),
)

cards = Table(
    "cards",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("channel_id", String, primary_key=True),
    Column("ts", ordered(), primary_key=True),
    Column("target", String, primary_key=True),
    words("flag_id"),
    words("slack_channel"),
    words("slack_ts"),
    number("rev"),
)
Index("cards_posted", cards.c.tenant, cards.c.slack_channel, cards.c.slack_ts)

outbox = Table(
    "outbox",
    metadata,
    Column("id", ordered(), primary_key=True),
    Column("dedup_key", ordered(), nullable=False, unique=True),
    words("tenant"),
    words("lane"),
    words("method"),
    words("ref"),
    number("rev"),
    sealed("args_ct"),
    words("bucket"),
    words("state", "ready"),
    number("attempts"),
    moment("available_at"),
    moment("first_sent_at", nullable=True),
    Column("ambiguous", Boolean, nullable=False, default=False, server_default=text("false")),
    words("lease_token"),
    moment("leased_until", nullable=True),
    words("slack_ts"),
    words("last_error"),
    moment("created_at"),
    moment("done_at", nullable=True),
    CheckConstraint("state IN ('ready', 'leased', 'done', 'dead', 'unknown')", name="outbox_state"),
)
Index(
    "outbox_due",
    outbox.c.id,
    sqlite_where=text("state IN ('ready', 'leased')"),
    postgresql_where=text("state IN ('ready', 'leased')"),
)
Index("outbox_lane", outbox.c.lane, outbox.c.state)
Index("outbox_ref", outbox.c.tenant, outbox.c.ref)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", ordered(), primary_key=True),
    moment("next_at"),
    moment("blocked_until"),
    words("lease_token"),
    moment("leased_until"),
    words("stopped"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", ordered(), primary_key=True),
    Column("flag_id", ordered(), ForeignKey("flags.id", ondelete="CASCADE"), nullable=False),
    words("tenant"),
    words("decision"),
    words("by"),
    moment("at"),
    words("surface"),
    words("reason"),
    sealed("note_ct"),
    Column("signed", Boolean, nullable=False),
    sealed("spans_ct"),
    words("bucket"),
    Column("undone", Boolean, nullable=False, default=False, server_default=text("false")),
)
Index("reviews_flag", reviews.c.flag_id)
Index("reviews_at", reviews.c.tenant, reviews.c.at)

decisions = Table(
    "decisions",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    words("channel_id"),
    Column("ts", ordered(), nullable=False),
    words("user_fp"),
    Column("spans", JSON, nullable=False),
    Column("flagged", Boolean, nullable=False),
    moment("at"),
)
Index("decisions_at", decisions.c.tenant, decisions.c.at)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    words("tenant"),
    words("actor"),
    words("action"),
    words("object"),
    words("details", "{}"),
    words("prev_mac"),
    words("mac"),
)
Index("audit_tenant", audit.c.tenant, audit.c.seq)

#: One row. ``cut_*``: rows up to ``cut_seq`` were let go after their retention; ``cut_seal`` proves that we did it.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    number("seq"),
    words("mac"),
    number("cut_seq"),
    words("cut_mac"),
    words("cut_seal"),
)

people = Table(
    "people",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    Column("name", String, nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("slack_user_id", String, nullable=True),
    words("password_hash"),
    Column("is_active", Boolean, nullable=False, default=True, server_default=text("true")),
    moment("created_at"),
    UniqueConstraint("tenant", "slack_user_id", name="people_slack"),
)

installations = Table(
    "installations",
    metadata,
    Column("tenant", String, primary_key=True),
    words("team_name"),
    words("bot_user_id"),
    words("bot_id"),
    words("app_id"),
    sealed("token_ct"),
    sealed("admin_token_ct"),
    Column("is_active", Boolean, nullable=False),
    moment("installed_at"),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state_hash", String, primary_key=True),
    Column("data", JSON, nullable=False),
    moment("expires_at"),
)

settings = Table(
    "settings",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("key", String, primary_key=True),
    words("value"),
)

directory = Table(
    "directory",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("user_fp", String, primary_key=True),
    sealed("names_ct"),
)

data_keys = Table(
    "data_keys",
    key_metadata,
    Column("key_id", String, primary_key=True),
    words("tenant"),
    # "" for a key that lasts: tokens, fingerprints, the audit chain
    Column("day", ordered(), nullable=False),
    words("purpose"),
    Column("wrapped", LargeBinary, nullable=False),
    moment("created_at"),
    UniqueConstraint("tenant", "day", "purpose", name="data_keys_bucket"),
)

#: One row: the proof that the master key is the one that made this store, and the store's own name.
sentinel = Table(
    "sentinel",
    key_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("store_id", String, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

#: Heads of the audit chain, kept away from it: cutting its tail shows against them.
anchors = Table(
    "anchors",
    key_metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("mac", String, nullable=False),
    moment("at"),
)
