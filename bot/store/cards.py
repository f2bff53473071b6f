"""Cards: what the reviewers see of a message in Slack, one per message and target channel."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.records import Flag
from bot.store.dialect import insert_of
from bot.store.engine import Database
from bot.store.tables import cards


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a message for a target. Posted once ``slack_ts`` is there; then it is updated, by ``rev``."""

    tenant: str
    channel_id: str
    ts: str
    target: str
    flag_id: str = ""
    slack_channel: str = ""
    slack_ts: str = ""
    rev: int = 0


class Cards:
    """The table of cards."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(
        self, tx: Connection, tenant: str, channel_id: str, ts: str, target: str
    ) -> Card | None:
        """The card of a message for a target channel."""
        row = tx.execute(
            select(cards).where(
                cards.c.tenant == tenant,
                cards.c.channel_id == channel_id,
                cards.c.ts == ts,
                cards.c.target == target,
            )
        ).one_or_none()
        return None if row is None else _card(row)

    def save(
        self,
        tx: Connection,
        tenant: str,
        channel_id: str,
        ts: str,
        target: str,
        *,
        flag_id: str = "",
        slack_channel: str = "",
        slack_ts: str = "",
        rev: int | None = None,
    ) -> Card:
        """Make or change a card. What is not given keeps its value; ``rev`` never falls."""
        insert = insert_of(tx, cards).values(
            tenant=tenant,
            channel_id=channel_id,
            ts=ts,
            target=target,
            flag_id=flag_id,
            slack_channel=slack_channel,
            slack_ts=slack_ts,
            rev=rev or 0,
        )
        new = insert.excluded
        changes: dict[str, Any] = {
            name: new[name]
            for name, value in (
                ("flag_id", flag_id),
                ("slack_channel", slack_channel),
                ("slack_ts", slack_ts),
            )
            if value
        }
        if rev is not None:
            changes["rev"] = _greater(tx, new.rev)
        key = [cards.c.tenant, cards.c.channel_id, cards.c.ts, cards.c.target]
        tx.execute(
            insert.on_conflict_do_update(index_elements=key, set_=changes)
            if changes
            else insert.on_conflict_do_nothing(index_elements=key)
        )
        saved = self.get(tx, tenant, channel_id, ts, target)
        assert saved is not None
        return saved

    def unpost(self, tx: Connection, tenant: str, channel_id: str, ts: str, target: str) -> None:
        """The post of a card is gone from Slack."""
        tx.execute(
            update(cards)
            .where(cards.c.tenant == tenant, cards.c.channel_id == channel_id)
            .where(cards.c.ts == ts, cards.c.target == target)
            .values(slack_ts="")
        )

    def by_flag(self, flag: Flag, *, tx: Connection | None = None) -> list[Card]:
        """The cards of the message that a flag is about."""
        query = (
            select(cards)
            .where(
                cards.c.tenant == flag.tenant,
                cards.c.channel_id == flag.channel_id,
                cards.c.ts == flag.ts,
            )
            .order_by(cards.c.target)
        )
        if tx is not None:
            return [_card(row) for row in tx.execute(query)]
        with self._db.reading() as connection:
            return [_card(row) for row in connection.execute(query)]

    def at(self, tenant: str, slack_channel: str, slack_ts: str) -> Card | None:
        """The card that stands in Slack at this place."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(cards)
                .where(cards.c.tenant == tenant, cards.c.slack_channel == slack_channel)
                .where(cards.c.slack_ts == slack_ts)
                .limit(1)
            ).one_or_none()
        return None if row is None else _card(row)


def _greater(tx: Connection, new: Any) -> Any:
    # the scalar max() of SQLite is called greatest() elsewhere
    return (func.max if tx.dialect.name == "sqlite" else func.greatest)(cards.c.rev, new)


def _card(row: Any) -> Card:
    return Card(
        tenant=row.tenant,
        channel_id=row.channel_id,
        ts=row.ts,
        target=row.target,
        flag_id=row.flag_id,
        slack_channel=row.slack_channel,
        slack_ts=row.slack_ts,
        rev=row.rev,
    )
