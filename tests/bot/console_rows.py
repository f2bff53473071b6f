"""Rows of the console that several tests write: flags, allowed values, samples."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text

from bot.records import FoundSpan, Part
from bot.store import NewFlag
from bot.store.tables import metadata

TODAY = datetime.now(UTC).date()
TOMORROW = TODAY + timedelta(days=1)
SOON = datetime.now(UTC) + timedelta(days=7)
PAST = datetime.now(UTC) - timedelta(days=1)
SPAN = FoundSpan("text", 0, 4, "PERSON", 0.4, "model")


def flag(store, n=1, tenant="T1", channel="C1", fps=(("PERSON", "a"),), state="open", user="U1"):
    new = NewFlag(
        tenant=tenant,
        channel_id=channel,
        ts=f"17000000{n:02d}.000100",
        content_fp=f"fp{n}",
        severity="low",
        labels={label: 1 for label, _ in fps},
        reasons=(),
        model="m",
        score=0.5,
        parts=(Part("text", "Jane Roe"),),
        spans=(SPAN,),
        value_fps=tuple(fps),
        user_id=user,
    )
    with store.transaction() as tx:
        made, _ = store.flags.record(tx, new)
        if state != "open":
            made = store.flags.change(tx, made.id, tenant, expected_version=1, state=state)
    return made


def stored(store):
    """Every value of the database, as one text."""
    with store.reading() as tx:
        return "\n".join(
            repr(row) for table in metadata.sorted_tables for row in tx.execute(select(table))
        )


def allow(store, label="PERSON", scope="", reason="our own press contact", ends=SOON, fp="a", tenant="T1"):  # fmt: skip
    with store.transaction() as tx:
        return store.allow_entries.add(
            tx, tenant, label, fp, scope=scope, reason=reason, expires_at=ends, by="p1"
        )


def sample(store, n=1, user="U1", stratum="digits", tenant="T1", weight=20.0):
    with store.transaction() as tx:
        return store.samples.add(
            tx,
            tenant,
            "C1",
            f"17{n:02d}.5",
            "",
            user,
            [Part("text", "Jane canary")],
            [SPAN],
            stratum,
            weight,
        )


def rows(store, table):
    with store.reading() as tx:
        return tx.execute(text(f"SELECT * FROM {table}")).all()
