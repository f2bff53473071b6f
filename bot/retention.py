"""Retention: what is past its time goes, and what a person wrote goes when they ask. Both may be killed and run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.outgoing import queue_card
from bot.policy_sections import RetentionSection
from bot.records import PENDING
from bot.store import Store
from bot.store.cell_keys import keys_in_use

#: How long keys of finished rows fold late deliveries: Slack's Delayed Events come for 24 h, and a weekend may pass.
FOLD_S = 72 * 3600.0
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Purge:
    """What went: texts and keys by their age, rows by theirs."""

    n_texts: int
    n_keys: int
    n_flags: int
    n_rows: int

    def __str__(self) -> str:
        return (
            f"{self.n_texts} texts, {self.n_keys} day keys, {self.n_flags} flags, "
            f"{self.n_rows} other rows deleted"
        )


@dataclass(frozen=True, slots=True)
class Erasure:
    """What of a person's went."""

    n_flags: int
    n_events: int
    n_decisions: int
    n_keys: int = 0

    def __str__(self) -> str:
        return (
            f"{self.n_flags} flags, {self.n_events} waiting events, {self.n_decisions} decisions erased, "
            f"{self.n_keys} day keys destroyed"
        )


def purge(store: Store, tenant: str, retention: RetentionSection) -> Purge:
    """Let go what is past its time, then the keys of those days.

    The policy file is one for all tenants, so this purges for all; ``tenant`` is where the audit row stands.
    """
    with store.reading() as tx:
        today = store.now(tx).date()
    gone = store.purge(today - timedelta(days=retention.text_days))
    last_day = today - timedelta(days=retention.flag_days)
    n_flags = store.flags.forget(last_day)
    n_rows = (
        forget_folded(store)
        + store.samples.forget(last_day)
        + store.allow_entries.forget()
        + store.inbox.forget_dead(retention.text_days * _DAY_S)
        + store.decisions.forget(retention.text_days * _DAY_S)
        + store.audit.forget(retention.audit_days * _DAY_S)
    )
    n_keys = gone.n_keys + sum(shred_unused(store, one) for one in store.keys.tenants())
    n_texts = gone.n_flags + gone.n_reviews + gone.n_samples
    result = Purge(n_texts, n_keys, n_flags, n_rows)
    with store.transaction() as tx:
        store.value_groups.forget_empty(tx)
        store.audit.append(
            tx,
            tenant,
            "piiguard",
            "retention.purge",
            today.isoformat(),
            n_texts=result.n_texts,
            n_keys=result.n_keys,
            n_flags=result.n_flags,
        )
    store.checkpoint()
    return result


def forget_folded(store: Store) -> int:
    """Delete finished rows whose keys no late delivery can need any more."""
    return store.inbox.forget(FOLD_S) + store.outbox.forget(FOLD_S) + store.messages.forget(FOLD_S)


def erase(store: Store, tenant: str, user_id: str, *, by: str = "operator") -> Erasure:
    """Erase what is kept of a person's messages: waiting events, text, spans, corrections, names; cards say "erased".

    Flags stay as numbers without text, so that counts and audit hold. Idempotent.
    """
    n_events = store.inbox.erase(tenant, lambda payload: _is_of(payload, user_id))
    with store.transaction() as tx:
        flags = store.flags.erase_author(tx, tenant, user_id)
        if flags:
            store.reviews.erase(tx, tenant, [flag.id for flag in flags])
            store.second_reviews.erase(tx, tenant, [flag.id for flag in flags])
        for flag in flags:
            store.outbox.drop(tx, tenant, flag.id)
            if flag.state in PENDING:  # nothing is left to judge it by
                closed: dict[str, Any] = {"state": "resolved", "resolved_at": store.now(tx)}
                flag = store.flags.change(
                    tx, flag.id, tenant, expected_version=flag.version, **closed
                )
            queue_card(store, tx, flag, is_erased=True)
        n_decisions = store.decisions.erase_author(tx, tenant, user_id)
        store.samples.erase_author(tx, tenant, user_id)
        store.value_groups.forget_empty(tx)
        store.directory.forget(tx, tenant, user_id)
        store.audit.append(
            tx,
            tenant,
            by,
            "person.erased",
            store.messages.user_fp(tenant, user_id),
            n_flags=len(flags),
            n_events=n_events,
            n_decisions=n_decisions,
        )
    n_keys = shred_unused(store, tenant)
    store.checkpoint()
    return Erasure(len(flags), n_events, n_decisions, n_keys)


def shred_unused(store: Store, tenant: str) -> int:
    """Destroy the keys of past days of which nothing is left, so that no older copy of the database opens.

    A day that others' text still needs keeps its key until that goes too; today's goes with the next daily purge.
    """
    with store.reading() as tx:
        in_use = keys_in_use(tx, tenant)
    return store.keys.shred_unused(tenant, in_use)


def _is_of(payload: Mapping[str, Any], user_id: str) -> bool:
    """True for an event that holds a message of this person."""
    event = payload.get("event")
    if not isinstance(event, Mapping):
        return False
    held = [event, event.get("message"), event.get("previous_message")]
    return any(isinstance(one, Mapping) and one.get("user") == user_id for one in held)
