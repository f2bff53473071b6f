"""The ladder of what can be done about a message: tell its author; let them delete it; delete it as an administrator.

Nothing here claims what Slack has not confirmed. "Asked" is what we did; "done" is what Slack said.
"""

from dataclasses import dataclass
from typing import Any

from bot.errors import ForbiddenError, NotFoundError, ReviewError
from bot.outgoing import AUTHOR, queue_card, queue_notice
from bot.parts_text import covered_text
from bot.records import Flag, Person, Role
from bot.store import Store
from bot.store.outbox import NewSend, lane_of
from piiguard.labels import LABELS
from piiguard.validators import check_value

_ASKING: tuple[Role, ...] = ("reviewer", "compliance")
_GONE = frozenset({"resolved", "superseded"})


@dataclass(frozen=True, slots=True)
class Remediation:
    """How far it got. ``deletion``: "", "asked", "done", or "refused:<Slack's code>"."""

    is_told: bool
    author_answer: str
    deletion: str
    is_gone: bool
    may_delete: bool


def standing(store: Store, flag: Flag) -> Remediation:
    """What was done about a flag's message so far, and whether an administrator's token could delete it."""
    install = store.installs.get(flag.tenant)
    return Remediation(
        is_told=any(card.target == AUTHOR for card in store.cards.by_flag(flag)),
        author_answer=flag.author_answer,
        deletion=store.settings.get(flag.tenant, _key(flag)),
        is_gone=flag.state in _GONE,
        may_delete=bool(install and install.is_active and install.admin_token),
    )


def ask_author(store: Store, tenant: str, flag_id: str, *, by: Person) -> bool:
    """Queue the private notice now; False where the author was told before. Once per message."""
    _require(by, tenant, *_ASKING)
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        if not flag.user_id:
            raise ReviewError("the author of this message is not known")
        if flag.state in _GONE:
            raise ReviewError("the message changed meanwhile; there is nothing left to ask")
        if any(card.target == AUTHOR for card in store.cards.by_flag(flag, tx=tx)):
            return False
        is_new = queue_notice(store, tx, flag, "asked")
        if is_new:
            store.audit.append(tx, tenant, by.id, "author.asked", flag.id)
    return is_new


def request_deletion(store: Store, tenant: str, flag_id: str, *, by: Person) -> bool:
    """Queue a deletion with the administrator's token; False where it is queued or done already.

    Whether Slack does it is known when it answered: ``standing`` says so.
    """
    _require(by, tenant, "admin", "compliance", who="administrators and privacy officers")
    install = store.installs.get(tenant)
    if install is None or not install.admin_token:
        raise ReviewError(
            "there is no administrator's token to delete with; ask the author instead"
        )
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        if flag.state in _GONE:
            raise ReviewError("the message changed meanwhile; there is nothing left to delete")
        so_far = store.settings.get(tenant, _key(flag), tx=tx)
        if so_far in ("asked", "done"):
            return False
        store.settings.set(tx, tenant, _key(flag), "asked")
        store.outbox.put(
            tx,
            NewSend(
                # a refused deletion may be asked for again, say with another token
                f"delete:{flag.id}:{flag.version}:{store.now(tx).timestamp():.0f}",
                tenant,
                lane_of(tenant, flag.channel_id),
                "delete",
                flag.id,
            ),
        )
        store.audit.append(tx, tenant, by.id, "message.delete_asked", flag.id)
        _show(store, tx, flag)
    return True


def note_deletion(store: Store, tx: Any, flag: Flag, outcome: str) -> None:
    """Keep what Slack answered: "done" or "refused:<code>". The flag closes when Slack tells of the deletion."""
    store.settings.set(tx, flag.tenant, _key(flag), outcome)
    action = "message.deleted" if outcome == "done" else "message.delete_refused"
    store.audit.append(tx, flag.tenant, "slack", action, flag.id, outcome=outcome)
    _show(store, tx, store.flags.get(flag.id, flag.tenant, tx=tx))


def _show(store: Store, tx: Any, flag: Flag) -> None:
    """Bring the card up to date: a version of its own, for each has its own update."""
    changed = store.flags.change(
        tx, flag.id, flag.tenant, expected_version=flag.version, state=flag.state
    )
    queue_card(store, tx, changed)


def is_proved(flag: Flag) -> bool:
    """True when a rule found a value of the flag and its check digit holds."""
    return any(
        check_value(span.label, covered_text(flag.parts, span)) is True
        for span in flag.spans
        if "rule:" in span.source and LABELS[span.label].severity == "critical"
    )


def _require(by: Person, tenant: str, *roles: Role, who: str = "") -> None:
    if by.tenant != tenant:
        raise NotFoundError("no such flag")
    if not by.may(*roles):
        message = f"only {who} can do that" if who else "your roles do not allow that"
        raise ForbiddenError(message, by_role=not who)


def _key(flag: Flag) -> str:
    return f"delete:{flag.id}"
