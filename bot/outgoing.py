"""What is to be told to Slack, put into the outbox in the transaction that made it true.

A row of `cards` says how a flagged message is announced in a review channel. It is written when the card is queued,
so that a decision that comes before the post finds it, and it names the flag that the card shows: of a message that
was edited, the newest.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from bot.errors import StaleError
from bot.records import PENDING, Flag
from bot.store import Store
from bot.store.outbox import NewSend, lane_of

#: The "target" of the row that says: its author has been told.
AUTHOR = "author"
#: The "rev" of a row whose flag stands in a digest, or is counted on another flag's card: no card of its own.
NO_CARD = -1
#: How long a notice waits after a Confirm, so that an Undo can stop it.
UNDO_GRACE_S = 60.0
#: More cards than this waiting in a lane, or queued within an hour, become a digest.
MAX_WAITING = 5
MAX_AN_HOUR = 20
#: Repeats change their card at most this often.
REPEATS_S = 10

NoticeCause = Literal["at_once", "after_confirm", "asked"]


def queue_card(
    store: Store,
    tx: Any,
    flag: Flag,
    *,
    review_channel: str = "",
    delay_s: float = 0,
    every_s: int = 0,
    is_erased: bool = False,
) -> bool:
    """Queue a flag's card: the updates of those that its message has, and a first one in ``review_channel``.

    False when its message has no card and none was asked for. ``every_s``: at most one update in so many seconds.
    """
    cards = [card for card in store.cards.by_flag(flag, tx=tx) if card.target != AUTHOR]
    for card in cards:
        if card.rev == NO_CARD:
            continue
        if card.flag_id != flag.id:
            # a pending version takes the card over; one that is settled does not hide a pending one
            if flag.state not in PENDING:
                continue
            save_card(store, tx, flag, card.target)
        _put_card(store, tx, flag, card.target, delay_s, every_s, is_erased=is_erased)
    if review_channel and not any(card.target == review_channel for card in cards):
        save_card(store, tx, flag, review_channel)
        return _put_card(store, tx, flag, review_channel, delay_s, 0)
    return bool(cards)


def queue_digest(
    store: Store, tx: Any, tenant: str, review_channel: str, now: datetime, *, every_s: int = 3600
) -> bool:
    """See that a digest goes out at the end of this hour (or of ``every_s`` seconds)."""
    slot = int(now.timestamp()) // every_s
    ends_at = datetime.fromtimestamp((slot + 1) * every_s, UTC)
    return store.outbox.put(
        tx,
        NewSend(
            f"digest:{tenant}:{review_channel}:{every_s}:{slot}",
            tenant,
            lane_of(tenant, review_channel),
            "digest",
            str(slot),
            args={"channel": review_channel},
            delay_s=max(0.0, (ends_at - now).total_seconds()),
        ),
    )


def queue_notice(
    store: Store, tx: Any, flag: Flag, cause: NoticeCause, *, delay_s: float | None = None
) -> bool:
    """Queue the private notice to the author. Whether it is still due is decided when it is sent."""
    if not flag.user_id:
        return False
    if delay_s is None:
        delay_s = UNDO_GRACE_S if cause == "after_confirm" else 0.0
    return store.outbox.put(
        tx,
        NewSend(
            f"hint:{flag.id}:{cause}:{flag.version if cause == 'after_confirm' else 0}",
            flag.tenant,
            lane_of(flag.tenant, flag.channel_id),
            "hint",
            flag.id,
            args={"cause": cause},
            delay_s=delay_s,
        ),
    )


def queue_words(store: Store, tx: Any, tenant: str, user_id: str, text: str, *, key: str) -> bool:
    """Queue a direct message of our own words."""
    return store.outbox.put(
        tx,
        NewSend(f"dm:{key}", tenant, lane_of(tenant, user_id), "dm", user_id, args={"text": text}),
    )


def save_card(
    store: Store, tx: Any, flag: Flag, target: str, *, slack_ts: str = "", rev: int = 0
) -> None:
    """Write that ``target`` shows this flag."""
    store.cards.save(
        tx,
        flag.tenant,
        flag.channel_id,
        flag.ts,
        target,
        flag_id=flag.id,
        slack_channel=flag.channel_id if target == AUTHOR else target,
        slack_ts=slack_ts,
        rev=rev,
    )


def post_again(store: Store, tx: Any, flag: Flag, target: str) -> bool:
    """Queue a card anew whose post is gone from Slack; False where that was done before: whoever deletes twice means it."""
    # subtle: with no place in Slack the next send of this card posts it; until then none of them is in flight
    is_new = store.outbox.put(
        tx,
        NewSend(
            f"card:{target}:{flag.id}:again",
            flag.tenant,
            lane_of(flag.tenant, target),
            "card",
            flag.id,
            rev=flag.version,
            args={"channel": target},
        ),
    )
    if is_new:
        store.cards.unpost(tx, flag.tenant, flag.channel_id, flag.ts, target)
    return is_new


def count_repeat(store: Store, tx: Any, repeat: Flag, of: Flag, target: str) -> Flag:
    """Count a flag on the card of an earlier one in the same thread; gives the earlier one as it is now."""
    flag = of
    for _ in range(3):
        try:
            flag = store.flags.change(
                tx,
                flag.id,
                flag.tenant,
                expected_version=flag.version,
                n_repeats=flag.n_repeats + 1,
            )
            break
        except StaleError:
            flag = store.flags.get(flag.id, flag.tenant, tx=tx)
    # subtle: the row names the flag whose card counts this one, so that a third repeat finds the first
    store.cards.save(
        tx,
        repeat.tenant,
        repeat.channel_id,
        repeat.ts,
        target,
        flag_id=of.id,
        slack_channel=target,
        rev=NO_CARD,
    )
    queue_card(store, tx, flag, every_s=REPEATS_S)
    return flag


def _put_card(
    store: Store,
    tx: Any,
    flag: Flag,
    target: str,
    delay_s: float,
    every_s: int,
    *,
    is_erased: bool = False,
) -> bool:
    args: dict[str, Any] = {"channel": target}
    if is_erased:
        args["is_erased"] = True
    name = str(flag.version)
    if every_s:
        # the last one of each slot goes out when it ends, and shows what is true then
        now = store.now(tx).timestamp()
        slot = int(now) // every_s
        name, delay_s = f"t{slot}", max(delay_s, (slot + 1) * every_s - now)
    return store.outbox.put(
        tx,
        NewSend(
            f"card:{target}:{flag.id}:{name}",
            flag.tenant,
            lane_of(flag.tenant, target),
            "card",
            flag.id,
            rev=flag.version,
            args=args,
            delay_s=delay_s,
        ),
    )
