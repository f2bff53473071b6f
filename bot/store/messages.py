"""Which version of a message is the newest. A deletion is newer than every version; the order of arrival is nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, exists, or_, select

from bot.store.dialect import insert_of
from bot.store.engine import Database, clock, to_datetime
from bot.store.keys import Keys
from bot.store.tables import flags, messages


@dataclass(frozen=True, slots=True)
class MessageRow:
    """The newest known version of a message, without its text."""

    tenant: str
    channel_id: str
    ts: str
    version: str
    content_fp: str
    thread_ts: str
    client_msg_id: str
    user_fp: str
    deleted: bool
    seen_at: datetime


class Messages:
    """The table of message versions."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def upsert(
        self,
        tx: Connection,
        tenant: str,
        channel_id: str,
        ts: str,
        *,
        version: str,
        content_fp: str,
        thread_ts: str = "",
        user_id: str = "",
        client_msg_id: str = "",
        deleted: bool = False,
    ) -> bool:
        """Take a version in, where it is newer than what is known; True when it was. Call in key order."""
        insert = insert_of(tx, messages)
        new = insert.excluded
        insert = insert.values(
            tenant=tenant,
            channel_id=channel_id,
            ts=ts,
            thread_ts=thread_ts,
            client_msg_id=client_msg_id,
            user_fp=self.user_fp(tenant, user_id),
            version=version,
            content_fp="" if deleted else content_fp,
            deleted=deleted,
            seen_at=clock(tx),
        )
        # a deletion does not say whose message it was, nor where
        kept = {
            name: case((new[name] == "", messages.c[name]), else_=new[name])
            for name in ("thread_ts", "client_msg_id", "user_fp")
        }
        upsert = insert.on_conflict_do_update(
            index_elements=[messages.c.tenant, messages.c.channel_id, messages.c.ts],
            set_={
                **kept,
                "version": new.version,
                "content_fp": new.content_fp,
                "deleted": new.deleted,
                "seen_at": new.seen_at,
            },
            where=and_(
                messages.c.deleted.is_(False),
                or_(
                    new.deleted.is_(True),
                    new.version > messages.c.version,
                    # one version with two contents: the same one wins in any order
                    and_(
                        new.version == messages.c.version,
                        new.content_fp > messages.c.content_fp,
                    ),
                ),
            ),
        ).returning(messages.c.ts)
        return tx.execute(upsert).one_or_none() is not None

    def latest(self, tx: Connection, tenant: str, channel_id: str, ts: str) -> MessageRow | None:
        """The newest known version, None for a message never seen."""
        row = tx.execute(
            select(messages).where(
                messages.c.tenant == tenant,
                messages.c.channel_id == channel_id,
                messages.c.ts == ts,
            )
        ).one_or_none()
        if row is None:
            return None
        return MessageRow(
            tenant=row.tenant,
            channel_id=row.channel_id,
            ts=row.ts,
            version=row.version,
            content_fp=row.content_fp,
            thread_ts=row.thread_ts,
            client_msg_id=row.client_msg_id,
            user_fp=row.user_fp,
            deleted=row.deleted,
            seen_at=to_datetime(row.seen_at),
        )

    def twin(
        self, tx: Connection, tenant: str, channel_id: str, ts: str, client_msg_id: str
    ) -> str | None:
        """The ts of another message that came from the same gesture, the oldest one; they share a card."""
        if not client_msg_id:
            return None
        return tx.execute(
            select(messages.c.ts)
            .where(messages.c.tenant == tenant, messages.c.channel_id == channel_id)
            .where(messages.c.client_msg_id == client_msg_id, messages.c.ts != ts)
            .order_by(messages.c.ts)
            .limit(1)
        ).scalar_one_or_none()

    def user_fp(self, tenant: str, user_id: str) -> str:
        """The fingerprint under which a person is known; "" for nobody."""
        return self._keys.fingerprint(tenant, "user", user_id) if user_id else ""

    def forget(self, older_than_s: float) -> int:
        """Delete rows after their time, except where a flag still refers to the message."""
        with self._db.transaction() as tx:
            flagged = exists().where(
                flags.c.tenant == messages.c.tenant,
                flags.c.channel_id == messages.c.channel_id,
                flags.c.ts == messages.c.ts,
            )
            before = clock(tx) - older_than_s
            return tx.execute(
                delete(messages).where(messages.c.seen_at < before, ~flagged)
            ).rowcount
