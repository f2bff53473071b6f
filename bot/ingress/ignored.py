"""Channels that an administrator took out with ``/piiguard ignore``: their messages never reach the disk."""

import time

from bot.store import Store

_SETTING = "ignored_channels"
FRESH_S = 5.0


class IgnoredChannels:
    """The list of a tenant, as a setting; read again every five seconds, so that all replicas agree soon."""

    def __init__(self, store: Store):
        self._store = store
        self._cache: dict[str, tuple[float, frozenset[str]]] = {}

    def of(self, tenant: str) -> frozenset[str]:
        """The channel ids."""
        read_at, channels = self._cache.get(tenant, (0.0, frozenset()))
        now = time.monotonic()
        if not read_at or now - read_at > FRESH_S:
            channels = frozenset(self._store.settings.get(tenant, _SETTING).split())
            self._cache[tenant] = (now, channels)
        return channels

    def is_ignored(self, tenant: str, channel_id: str) -> bool:
        """True when messages of this channel are not to be read."""
        return channel_id in self.of(tenant)

    def change(self, tenant: str, channel_id: str, *, ignore: bool, by: str) -> bool:
        """Ignore a channel or watch it again; False when that was so already. Audited."""
        channels = frozenset(self._store.settings.get(tenant, _SETTING).split())
        if (channel_id in channels) == ignore:
            return False
        changed = channels | {channel_id} if ignore else channels - {channel_id}
        with self._store.transaction() as tx:
            self._store.settings.set(tx, tenant, _SETTING, " ".join(sorted(changed)))
            action = "channel.ignored" if ignore else "channel.watched"
            self._store.audit.append(tx, tenant, by, action, channel_id)
        self._cache.pop(tenant, None)
        return True
