"""The tables of the console: sign-ins, value groups, saved filters, learning queues, and what it keeps as proof.

The conventions are those of bot/store/tables.py. A secret is stored as its hash only.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.tables import metadata, moment, number, ordered, sealed, words

#: ``kind``: "session", or "link" for a one-time login link.
sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", String, primary_key=True),
    Column("id", ordered(), nullable=False, unique=True),
    words("kind", "session"),
    words("person_id"),
    words("tenant"),
    Column("data", JSON, nullable=False),
    moment("signed_in_at"),
    moment("seen_at"),
    moment("expires_at"),
)
Index("sessions_person", sessions.c.person_id)
Index("sessions_expiry", sessions.c.expires_at)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", ordered(), primary_key=True),
    Column("secret_hash", String, nullable=False, unique=True),
    words("tenant"),
    words("name"),
    Column("scopes", JSON, nullable=False),
    words("made_by"),
    moment("made_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    # a day, not a moment: when a token was used is nobody's timesheet
    words("last_day"),
)
Index("api_tokens_tenant", api_tokens.c.tenant)

#: Names are fingerprints: what is limited is an address or a name.
rate_buckets = Table(
    "rate_buckets",
    metadata,
    Column("key_fp", String, primary_key=True),
    Column("level", Float(53), nullable=False),
    moment("at"),
    moment("full_at"),
)
Index("rate_buckets_full", rate_buckets.c.full_at)

value_groups = Table(
    "value_groups",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("label"),
    words("value_fp"),
    UniqueConstraint("tenant", "label", "value_fp", name="value_groups_value"),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    words("person_id"),
    words("name"),
    words("query"),
    words("sort"),
    moment("made_at"),
    UniqueConstraint("tenant", "person_id", "name", name="saved_views_name"),
)

#: ``scope``: a channel, or "" for the whole workspace.
allow_entries = Table(
    "allow_entries",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    words("label"),
    words("value_fp"),
    words("scope"),
    words("reason"),
    words("made_by"),
    moment("made_at"),
    moment("expires_at"),
    UniqueConstraint("tenant", "label", "value_fp", "scope", name="allow_entries_value"),
)

#: The recall audit: messages that were not flagged, drawn by chance. Their text lives as a flag's does.
samples = Table(
    "samples",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    words("channel_id"),
    Column("ts", ordered(), nullable=False),
    words("thread_ts"),
    words("user_fp"),
    sealed("user_ct"),
    sealed("text_ct"),
    sealed("spans_ct"),
    words("bucket"),
    words("stratum"),
    Column("weight", Float(53), nullable=False),
    words("state", "waiting"),
    moment("added_at"),
    words("taken_by"),
    moment("taken_until"),
    words("judged_by"),
    moment("judged_at", nullable=True),
    Column("n_found", JSON, nullable=False),
    Column("n_missed", JSON, nullable=False),
    UniqueConstraint("tenant", "channel_id", "ts", name="samples_message"),
)
Index("samples_state", samples.c.tenant, samples.c.state, samples.c.added_at)
Index("samples_judged", samples.c.tenant, samples.c.judged_at)
Index("samples_author", samples.c.tenant, samples.c.user_fp)
Index("samples_bucket", samples.c.bucket)

second_reviews = Table(
    "second_reviews",
    metadata,
    Column("id", ordered(), primary_key=True),
    Column("flag_id", ordered(), ForeignKey("flags.id", ondelete="CASCADE"), nullable=False),
    words("tenant"),
    words("first_id"),
    words("first_by"),
    moment("picked_at"),
    words("by"),
    moment("at", nullable=True),
    words("decision"),
    words("reason"),
    Column("signed", Boolean, nullable=False),
    sealed("spans_ct"),
    words("bucket"),
    words("outcome"),
    words("settled_by"),
    moment("settled_at", nullable=True),
    UniqueConstraint("flag_id", "first_id", name="second_reviews_first"),
)
Index("second_reviews_waiting", second_reviews.c.tenant, second_reviews.c.at)

frozen_reports = Table(
    "frozen_reports",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("month", ordered(), primary_key=True),
    words("sha256"),
    Column("body", LargeBinary, nullable=False),
    words("made_by"),
    moment("made_at"),
)

export_jobs = Table(
    "export_jobs",
    metadata,
    Column("id", ordered(), primary_key=True),
    words("tenant"),
    words("state", "running"),
    words("format"),
    words("mode"),
    Column("params", JSON, nullable=False),
    words("made_by"),
    moment("made_at"),
    moment("expires_at"),
    number("n"),
    words("sha256"),
    words("file"),
    words("error"),
    moment("done_at", nullable=True),
)
Index("export_jobs_tenant", export_jobs.c.tenant, export_jobs.c.made_at)

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("tenant", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("sha256"),
    words("body"),
    words("note"),
    words("made_by"),
    moment("made_at"),
)
