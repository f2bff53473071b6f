"""Accepted risks: flags that are right and may stay, until a day. Then they come back."""

from datetime import UTC, datetime, timedelta

from bot.errors import ReviewError, StaleError
from bot.outgoing import queue_card
from bot.records import Flag, Person, Review, Surface
from bot.review import record_review
from bot.store import Store

LONGEST = timedelta(days=730)
_KEY = "risk:"


def accept_risk(
    store: Store,
    tenant: str,
    flag_id: str,
    *,
    by: Person,
    version: int,
    surface: Surface,
    reason: str,
    until: datetime | None,
    note: str = "",
    signed: bool = False,
) -> Review:
    """Decide that a flag is right and may stay until a moment. Raises: as ``record_review``."""
    if until is None or not timedelta() < until - datetime.now(UTC) <= LONGEST:
        raise ReviewError(
            "say until which day it may stay: tomorrow, or at most two years", "until"
        )
    with store.transaction() as tx:
        review = record_review(
            store,
            tenant,
            flag_id,
            "accept_risk",
            by=by,
            version=version,
            surface=surface,
            reason=reason,
            note=note,
            signed=signed,
        )
        store.settings.set(tx, tenant, _KEY + flag_id, until.isoformat())
    return review


def accepted_until(store: Store, flag: Flag) -> datetime | None:
    """Until when the risk of a flag is accepted; None where it is not, or without an end."""
    if flag.state != "accepted_risk":
        return None
    written = store.settings.get(flag.tenant, _KEY + flag.id)
    return datetime.fromisoformat(written) if written else None


def reopen_expired(store: Store, tenant: str, *, now: datetime | None = None) -> int:
    """Bring back the flags whose time is over; how many. Does no harm when it runs twice."""
    now = now or datetime.now(UTC)
    n = 0
    for key, written in store.settings.all(tenant, _KEY).items():
        if not written or datetime.fromisoformat(written) > now:
            continue
        with store.transaction() as tx:
            store.settings.set(tx, tenant, key, "")
            flag = store.flags.get(key.removeprefix(_KEY), tenant, tx=tx)
            if flag.state != "accepted_risk":
                continue
            try:
                changed = store.flags.change(
                    tx, flag.id, tenant, expected_version=flag.version,
                    state="open", resolved_by="", resolved_at=None,
                )  # fmt: skip
            except StaleError:  # somebody has it in hand
                continue
            queue_card(store, tx, changed)
            store.audit.append(tx, tenant, "system", "risk.expired", flag.id)
            n += 1
    return n
