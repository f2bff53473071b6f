"""The console: sign-ins, value groups, saved filters, learning queues, proof; and a queue that 100,000 flags do not slow."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Text that sorts by its bytes on both engines.
ORDERED = sa.String().with_variant(sa.String(collation="C"), "postgresql")
#: As they were numbered when this was written.
LABELS = (
    "PERSON", "DATE_OF_BIRTH", "EMAIL_ADDRESS", "PHONE_NUMBER", "STREET_ADDRESS", "NATIONAL_ID", "PASSPORT",
    "DRIVER_LICENSE", "CREDIT_CARD", "BANK_ACCOUNT", "CRYPTO", "PASSWORD", "API_KEY", "USERNAME", "IP_ADDRESS",
    "MAC_ADDRESS", "VEHICLE_ID", "MEDICAL_RECORD", "MEDICAL_CONDITION", "ACCOUNT_ID",
)  # fmt: skip
_PAGE = 500


def upgrade() -> None:
    op.create_table(
        "allow_entries",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column("value_fp", sa.String(), server_default="", nullable=False),
        sa.Column("scope", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "label", "value_fp", "scope", name="allow_entries_value"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.Column("last_day", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("api_tokens_tenant", "api_tokens", ["tenant"], unique=False)
    op.create_table(
        "export_jobs",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="running", nullable=False),
        sa.Column("format", sa.String(), server_default="", nullable=False),
        sa.Column("mode", sa.String(), server_default="", nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sha256", sa.String(), server_default="", nullable=False),
        sa.Column("file", sa.String(), server_default="", nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("export_jobs_tenant", "export_jobs", ["tenant", "made_at"], unique=False)
    op.create_table(
        "frozen_reports",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("month", ORDERED, nullable=False),
        sa.Column("sha256", sa.String(), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "month"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(), server_default="", nullable=False),
        sa.Column("body", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "number"),
    )
    op.create_table(
        "rate_buckets",
        sa.Column("key_fp", sa.String(), nullable=False),
        sa.Column("level", sa.Float(precision=53), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("full_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key_fp"),
    )
    op.create_index("rate_buckets_full", "rate_buckets", ["full_at"], unique=False)
    op.create_table(
        "samples",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("channel_id", sa.String(), server_default="", nullable=False),
        sa.Column("ts", ORDERED, nullable=False),
        sa.Column("thread_ts", sa.String(), server_default="", nullable=False),
        sa.Column("user_fp", sa.String(), server_default="", nullable=False),
        sa.Column("user_ct", sa.LargeBinary(), nullable=True),
        sa.Column("text_ct", sa.LargeBinary(), nullable=True),
        sa.Column("spans_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("stratum", sa.String(), server_default="", nullable=False),
        sa.Column("weight", sa.Float(precision=53), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("taken_by", sa.String(), server_default="", nullable=False),
        sa.Column("taken_until", sa.Double(), nullable=False),
        sa.Column("judged_by", sa.String(), server_default="", nullable=False),
        sa.Column("judged_at", sa.Double(), nullable=True),
        sa.Column("n_found", sa.JSON(), nullable=False),
        sa.Column("n_missed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "channel_id", "ts", name="samples_message"),
    )
    op.create_index("samples_author", "samples", ["tenant", "user_fp"], unique=False)
    op.create_index("samples_bucket", "samples", ["bucket"], unique=False)
    op.create_index("samples_judged", "samples", ["tenant", "judged_at"], unique=False)
    op.create_index("samples_state", "samples", ["tenant", "state", "added_at"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("person_id", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("query", sa.String(), server_default="", nullable=False),
        sa.Column("sort", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "person_id", "name", name="saved_views_name"),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("kind", sa.String(), server_default="session", nullable=False),
        sa.Column("person_id", sa.String(), server_default="", nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("signed_in_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("sessions_expiry", "sessions", ["expires_at"], unique=False)
    op.create_index("sessions_person", "sessions", ["person_id"], unique=False)
    op.create_table(
        "value_groups",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column("value_fp", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("tenant", "number"),
        sa.UniqueConstraint("tenant", "label", "value_fp", name="value_groups_value"),
    )
    op.create_table(
        "second_reviews",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("flag_id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("first_id", sa.String(), server_default="", nullable=False),
        sa.Column("first_by", sa.String(), server_default="", nullable=False),
        sa.Column("picked_at", sa.Double(), nullable=False),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.Column("at", sa.Double(), nullable=True),
        sa.Column("decision", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("spans_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("settled_by", sa.String(), server_default="", nullable=False),
        sa.Column("settled_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("flag_id", "first_id", name="second_reviews_first"),
    )
    op.create_index("second_reviews_waiting", "second_reviews", ["tenant", "at"], unique=False)
    op.drop_index(op.f("flag_values_value"), table_name="flag_values")
    op.create_index(
        "flag_values_group", "flag_values", ["tenant", "value_fp", "label", "flag_id"], unique=False
    )
    op.add_column(
        "flags", sa.Column("label_bits", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "flags", sa.Column("source_bits", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "flags", sa.Column("risk_key", sa.Float(precision=53), server_default="0", nullable=False)
    )
    op.drop_index(op.f("flags_state"), table_name="flags")
    op.create_index(
        "flags_age",
        "flags",
        [
            "tenant",
            "state",
            "opened_at",
            "number",
            "severity_rank",
            "channel_id",
            "label_bits",
            "snoozed_until",
            "score",
            "source_bits",
            "assignee",
            "model",
            "author_answer",
        ],
        unique=False,
    )
    op.create_index(
        "flags_counted",
        "flags",
        [
            "tenant",
            "state",
            "severity_rank",
            "channel_id",
            "label_bits",
            "snoozed_until",
            "score",
            "opened_at",
            "source_bits",
            "assignee",
            "model",
            "author_answer",
        ],
        unique=False,
    )
    op.create_index(
        "flags_labelled",
        "flags",
        [
            "tenant",
            "label_bits",
            "state",
            "severity_rank",
            "channel_id",
            "snoozed_until",
            "score",
            "opened_at",
            "source_bits",
            "assignee",
            "model",
            "author_answer",
        ],
        unique=False,
    )
    op.create_index(
        "flags_risk",
        "flags",
        [
            "tenant",
            "state",
            "risk_key",
            "opened_at",
            "number",
            "severity_rank",
            "channel_id",
            "label_bits",
            "snoozed_until",
            "score",
            "source_bits",
            "assignee",
            "model",
            "author_answer",
        ],
        unique=False,
    )
    op.create_index(
        "flags_snoozed",
        "flags",
        ["tenant", "snoozed_until"],
        unique=False,
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    op.create_index(
        "flags_tab_labels",
        "flags",
        ["tenant", "state", "label_bits"],
        unique=False,
        sqlite_where=sa.text("snoozed_until IS NULL"),
        postgresql_where=sa.text("snoozed_until IS NULL"),
    )
    op.create_index(
        "flags_tabs",
        "flags",
        ["tenant", "state", "severity_rank", "channel_id", "label_bits"],
        unique=False,
        sqlite_where=sa.text("snoozed_until IS NULL"),
        postgresql_where=sa.text("snoozed_until IS NULL"),
    )
    op.create_index(
        "flags_uncertain",
        "flags",
        [
            "tenant",
            "state",
            "score",
            "opened_at",
            "number",
            "severity_rank",
            "channel_id",
            "label_bits",
            "snoozed_until",
            "source_bits",
            "assignee",
            "model",
            "author_answer",
        ],
        unique=False,
    )

    _mark_flags()


def _mark_flags() -> None:
    """Fill the new columns of the flags that are there, but for their sources, which only their sealed spans tell."""
    bind = op.get_bind()
    bits = {name: 1 << n for n, name in enumerate(LABELS)}
    last = ""
    while True:
        rows = bind.execute(
            sa.text(
                "SELECT id, labels, severity_rank, score FROM flags WHERE id > :last ORDER BY id LIMIT :n"
            ),
            {"last": last, "n": _PAGE},
        ).all()
        if not rows:
            return
        changes = []
        for row in rows:
            labels = json.loads(row.labels) if isinstance(row.labels, str) else row.labels
            changes.append(
                {
                    "id": row.id,
                    "bits": sum(bits.get(name, 0) for name, n in labels.items() if n > 0),
                    "risk": -(10.0 * row.severity_rank + row.score),
                }
            )
        bind.execute(
            sa.text("UPDATE flags SET label_bits = :bits, risk_key = :risk WHERE id = :id"), changes
        )
        last = rows[-1].id
