"""Mute: an administrator holds new cards and notices back for a while. Critical ones and what is posted already go on."""

from bot.records import Person
from bot.store import Store
from piiguard.labels import Severity

_SETTING = "muted_until"
#: What is held back is looked at again this often, so that an end that was moved is kept to.
LOOK_S = 60.0


def mute(store: Store, tenant: str, minutes: int, *, by: Person) -> None:
    """Hold back from now on, for ``minutes``; 0 ends it. Audited."""
    with store.transaction() as tx:
        until = store.now(tx).timestamp() + minutes * 60 if minutes else 0
        store.settings.set(tx, tenant, _SETTING, f"{until:.0f}")
        store.audit.append(tx, tenant, by.id, "cards.muted", "", minutes=minutes)


def muted_for_s(store: Store, tenant: str, severity: Severity = "low") -> float:
    """Seconds until something new of this severity may go out; 0 for what is critical."""
    if severity == "critical":
        return 0.0
    with store.reading() as tx:
        until = store.settings.get(tenant, _SETTING, tx=tx)
        left = float(until) - store.now(tx).timestamp() if until else 0.0
    return max(0.0, left)
