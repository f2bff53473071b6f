"""The first schema: inbox, messages, flags, cards, outbox, reviews, audit log, people, installations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Text that sorts by its bytes on both engines.
ORDERED = sa.String().with_variant(sa.String(collation="C"), "postgresql")

#: Nobody changes an audit row; deleted are only those that the head row names as cut after their retention.
SQLITE_TRIGGERS = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
       WHEN OLD.seq > (SELECT cut_seq FROM audit_head)
       BEGIN SELECT RAISE(ABORT, 'audit rows are not deleted'); END""",
)
POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' THEN
           IF OLD.seq <= (SELECT cut_seq FROM audit_head) THEN RETURN OLD; END IF;
         END IF;
         RAISE EXCEPTION 'audit rows are not changed';
       END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("actor", sa.String(), server_default="", nullable=False),
        sa.Column("action", sa.String(), server_default="", nullable=False),
        sa.Column("object", sa.String(), server_default="", nullable=False),
        sa.Column("details", sa.String(), server_default="{}", nullable=False),
        sa.Column("prev_mac", sa.String(), server_default="", nullable=False),
        sa.Column("mac", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("audit_tenant", "audit", ["tenant", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mac", sa.String(), server_default="", nullable=False),
        sa.Column("cut_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cut_mac", sa.String(), server_default="", nullable=False),
        sa.Column("cut_seal", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cards",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", ORDERED, nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("flag_id", sa.String(), server_default="", nullable=False),
        sa.Column("slack_channel", sa.String(), server_default="", nullable=False),
        sa.Column("slack_ts", sa.String(), server_default="", nullable=False),
        sa.Column("rev", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant", "channel_id", "ts", "target"),
    )
    op.create_index("cards_posted", "cards", ["tenant", "slack_channel", "slack_ts"], unique=False)
    op.create_table(
        "counters",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("channel_id", sa.String(), server_default="", nullable=False),
        sa.Column("ts", ORDERED, nullable=False),
        sa.Column("user_fp", sa.String(), server_default="", nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_at", "decisions", ["tenant", "at"], unique=False)
    op.create_table(
        "directory",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("user_fp", sa.String(), nullable=False),
        sa.Column("names_ct", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "user_fp"),
    )
    op.create_table(
        "flags",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("channel_id", sa.String(), server_default="", nullable=False),
        sa.Column("ts", ORDERED, nullable=False),
        sa.Column("thread_ts", sa.String(), server_default="", nullable=False),
        sa.Column("content_fp", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("severity", sa.String(), server_default="", nullable=False),
        sa.Column("severity_rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(), server_default="", nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("user_fp", sa.String(), server_default="", nullable=False),
        sa.Column("user_ct", sa.LargeBinary(), nullable=True),
        sa.Column("text_ct", sa.LargeBinary(), nullable=True),
        sa.Column("spans_ct", sa.LargeBinary(), nullable=True),
        sa.Column("assignee", sa.String(), server_default="", nullable=False),
        sa.Column("snoozed_until", sa.Double(), nullable=True),
        sa.Column("resolved_by", sa.String(), server_default="", nullable=False),
        sa.Column("resolved_at", sa.Double(), nullable=True),
        sa.Column("author_answer", sa.String(), server_default="", nullable=False),
        sa.Column("seen_before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_repeats", sa.Integer(), server_default="1", nullable=False),
        sa.Column("hold", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "tenant", "channel_id", "ts", "content_fp", name="flags_message_version"
        ),
        sa.UniqueConstraint("tenant", "number", name="flags_number"),
    )
    op.create_index("flags_author", "flags", ["tenant", "user_fp"], unique=False)
    op.create_index("flags_bucket", "flags", ["bucket"], unique=False)
    op.create_index("flags_state", "flags", ["tenant", "state", "severity_rank"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("event_key", ORDERED, nullable=False),
        sa.Column("kind", sa.String(), server_default="", nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("prio", sa.Integer(), server_default="1", nullable=False),
        sa.Column("payload_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("v", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.String(), server_default="ready", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("available_at", sa.Double(), nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("lease_token", sa.String(), server_default="", nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.Column("last_error", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('ready', 'leased', 'done', 'dead')", name="inbox_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_key"),
    )
    op.create_index("inbox_done", "inbox", ["state", "done_at"], unique=False)
    op.create_index(
        "inbox_due",
        "inbox",
        ["prio", "available_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('ready', 'leased')"),
        postgresql_where=sa.text("state IN ('ready', 'leased')"),
    )
    op.create_index("inbox_lease", "inbox", ["lease_token"], unique=False)
    op.create_table(
        "installations",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("team_name", sa.String(), server_default="", nullable=False),
        sa.Column("bot_user_id", sa.String(), server_default="", nullable=False),
        sa.Column("bot_id", sa.String(), server_default="", nullable=False),
        sa.Column("app_id", sa.String(), server_default="", nullable=False),
        sa.Column("token_ct", sa.LargeBinary(), nullable=True),
        sa.Column("admin_token_ct", sa.LargeBinary(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("tenant"),
    )
    op.create_table(
        "lanes",
        sa.Column("lane", ORDERED, nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("blocked_until", sa.Double(), nullable=False),
        sa.Column("lease_token", sa.String(), server_default="", nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=False),
        sa.Column("stopped", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("lane"),
    )
    op.create_table(
        "messages",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", ORDERED, nullable=False),
        sa.Column("thread_ts", sa.String(), server_default="", nullable=False),
        sa.Column("client_msg_id", sa.String(), server_default="", nullable=False),
        sa.Column("user_fp", sa.String(), server_default="", nullable=False),
        sa.Column("version", ORDERED, nullable=False),
        sa.Column("content_fp", sa.String(), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "channel_id", "ts"),
    )
    op.create_index("messages_seen", "messages", ["seen_at"], unique=False)
    op.create_index(
        "messages_twin", "messages", ["tenant", "channel_id", "client_msg_id"], unique=False
    )
    op.create_table(
        "oauth_states",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("dedup_key", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("lane", sa.String(), server_default="", nullable=False),
        sa.Column("method", sa.String(), server_default="", nullable=False),
        sa.Column("ref", sa.String(), server_default="", nullable=False),
        sa.Column("rev", sa.Integer(), server_default="0", nullable=False),
        sa.Column("args_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="ready", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("available_at", sa.Double(), nullable=False),
        sa.Column("first_sent_at", sa.Double(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("lease_token", sa.String(), server_default="", nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("slack_ts", sa.String(), server_default="", nullable=False),
        sa.Column("last_error", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'leased', 'done', 'dead', 'unknown')", name="outbox_state"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedup_key"),
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('ready', 'leased')"),
        postgresql_where=sa.text("state IN ('ready', 'leased')"),
    )
    op.create_index("outbox_lane", "outbox", ["lane", "state"], unique=False)
    op.create_index("outbox_ref", "outbox", ["tenant", "ref"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("tenant", "slack_user_id", name="people_slack"),
    )
    op.create_table(
        "settings",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key"),
    )
    op.create_table(
        "flag_values",
        sa.Column("flag_id", ORDERED, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("value_fp", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("flag_id", "label", "value_fp"),
    )
    op.create_index("flag_values_value", "flag_values", ["tenant", "value_fp"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("flag_id", ORDERED, nullable=False),
        sa.Column("tenant", sa.String(), server_default="", nullable=False),
        sa.Column("decision", sa.String(), server_default="", nullable=False),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("surface", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("spans_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bucket", sa.String(), server_default="", nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reviews_at", "reviews", ["tenant", "at"], unique=False)
    op.create_index("reviews_flag", "reviews", ["flag_id"], unique=False)
    op.execute("INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '')")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in SQLITE_TRIGGERS if is_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(trigger)
