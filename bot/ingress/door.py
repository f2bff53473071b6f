"""Door: what came in signed, by HTTP or by Socket Mode, goes one way from here.

A return means: on disk, or known to be of no use. OverloadedError, or any other exception, means: send it again.
"""

import threading
import time
from typing import Any

from prometheus_client import Counter

from bot.errors import OverloadedError
from bot.ingress.commands import Commands
from bot.ingress.ignored import IgnoredChannels
from bot.ingress.interactions import Interactions
from bot.ingress.writer import Writer
from bot.logs import event as log_event
from bot.metrics import Metrics
from bot.policies import Policies
from bot.slack.events import event_key, is_relevant, read_reply, tenant_of
from bot.slack.refs import posted_at
from bot.store import NewEvent, NewSend, Store, lane_of
from bot.store.inbox import Kind
from bot.workspaces import Workspaces

#: What we do not need and should not keep: Slack's deprecated verification token.
_DROPPED = frozenset({"token"})


class Door:
    """``event``, ``interaction`` and ``command``: the one code path behind every way in. Thread-safe."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        workspaces: Workspaces,
        policies: Policies,
        interactions: Interactions,
        commands: Commands,
        ignored: IgnoredChannels,
        metrics: Metrics,
        *,
        stopping: threading.Event,
    ):
        self._store = store
        self._writer = writer
        self._workspaces = workspaces
        self._policies = policies
        self._interactions = interactions
        self._commands = commands
        self._ignored = ignored
        self._metrics = metrics
        self._events = Counter(
            "piiguard_events", "What became of events.", ["result"], registry=metrics.registry
        )
        self._stopping = stopping

    def event(self, payload: dict[str, Any], *, size_bytes: int = 0) -> None:
        """An Events API payload: store it if it can matter, count it if not."""
        self._refuse_when_stopping()
        kind = payload.get("type")
        if kind == "app_rate_limited":
            self._rate_limited(payload)
            return
        event = payload.get("event")
        if kind != "event_callback" or not isinstance(event, dict):
            self._count("unknown")
            return
        tenant = tenant_of(payload)
        if not self._is_ours(tenant):
            self._count("unknown_tenant")
        elif event.get("type") == "app_home_opened":
            self._home_opened(tenant, payload, event)
        elif event.get("type") in ("app_uninstalled", "tokens_revoked"):
            self._uninstalled(tenant, event)
        elif self._is_reply(tenant, payload):
            # under a card, and never scanned: the worker makes a note of it
            self._keep("note", tenant, payload, size_bytes)
        elif not self._is_relevant(tenant, payload):
            self._count("irrelevant")
        elif self._is_ignored(tenant, str(event.get("channel", ""))):
            self._count("ignored_channel")
        else:
            self._keep("event", tenant, payload, size_bytes)

    def _keep(self, kind: Kind, tenant: str, payload: dict[str, Any], size_bytes: int) -> None:
        kept = {name: value for name, value in payload.items() if name not in _DROPPED}
        is_new = self._writer.put(
            NewEvent(event_key(payload), kind, tenant, kept, prio=1), size_bytes=size_bytes
        )
        self._count("stored" if is_new else "duplicate")
        if is_new and (at := posted_at(str(payload["event"].get("event_ts", "")))):
            # a clock that is behind Slack's shows in clock_skew_seconds, not here
            self._metrics.slack_event_lag_seconds.observe(max(0.0, time.time() - at.timestamp()))

    def interaction(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """A click, a shortcut or a submitted view; what comes back is the body of the answer."""
        self._refuse_when_stopping()
        tenant = tenant_of(payload)
        if not self._is_ours(tenant):
            self._count("unknown_tenant")
            return None
        return self._interactions.handle(tenant, payload)

    def command(self, form: dict[str, str]) -> dict[str, Any]:
        """``/piiguard ...``; the answer is ephemeral and nothing of the text is kept."""
        self._refuse_when_stopping()
        tenant = tenant_of(form)
        if not self._is_ours(tenant):
            self._count("unknown_tenant")
            return {}
        return self._commands.answer(tenant, form)

    def _refuse_when_stopping(self) -> None:
        if self._stopping.is_set():
            raise OverloadedError("the process is stopping; send it again")

    def _is_ours(self, tenant: str) -> bool:
        if tenant and self._workspaces.is_active(tenant):
            return True
        if not self._workspaces.is_connected:
            # whose token we hold is not known yet: to drop the event now could be to lose it
            raise OverloadedError("not connected to Slack yet; send it again")
        return False

    def _is_reply(self, tenant: str, payload: dict[str, Any]) -> bool:
        channels = self._policies.current().review_channels
        return read_reply(payload, self._workspaces.own_ids(tenant, channels)) is not None

    def _is_relevant(self, tenant: str, payload: dict[str, Any]) -> bool:
        channels = self._policies.current().review_channels
        return is_relevant(payload, self._workspaces.own_ids(tenant, channels))

    def _is_ignored(self, tenant: str, channel_id: str) -> bool:
        """What is not to be read is not to be stored either."""
        return self._policies.current().ignores(channel_id) or self._ignored.is_ignored(
            tenant, channel_id
        )

    def _home_opened(self, tenant: str, payload: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("tab") != "home" or not isinstance(event.get("user"), str):
            self._count("irrelevant")
            return
        # Slack says so at every visit: once a minute is enough
        minute = int(payload.get("event_time") or 0) // 60
        key = f"home:{tenant}:{event['user']}:{minute}"
        with self._store.transaction() as tx:
            is_new = self._store.outbox.put(
                tx, NewSend(key, tenant, lane_of(tenant, event["user"]), "home", event["user"])
            )
        self._count("stored" if is_new else "duplicate")

    def _uninstalled(self, tenant: str, event: dict[str, Any]) -> None:
        """The two events come in any order, and again. A revoked user token alone does not concern the bot."""
        tokens = event.get("tokens")
        if event["type"] == "tokens_revoked" and not (
            isinstance(tokens, dict) and tokens.get("bot")
        ):
            self._count("irrelevant")
            return
        with self._store.transaction() as tx:
            self._store.installs.deactivate(tx, tenant)
            self._store.outbox.stop_tenant(tenant, event["type"], tx=tx)
            self._store.audit.append(tx, tenant, "slack", "workspace.uninstalled", tenant)
        self._workspaces.forget(tenant)
        self._count("uninstalled")
        log_event("bot.ingress", "uninstalled", tenant=tenant)

    def _rate_limited(self, payload: dict[str, Any]) -> None:
        """Slack dropped events of a minute: look back at it later."""
        tenant = tenant_of(payload)
        if not self._is_ours(tenant):
            self._count("unknown_tenant")
            return
        minute = int(payload.get("minute_rate_limited") or 0)
        self._writer.put(
            NewEvent(
                f"gap:{tenant}:{minute}",
                "backfill",
                tenant,
                {"v": 1, "oldest": minute - 60, "latest": minute + 120},
                prio=2,
                delay_s=120,
            )
        )
        self._count("rate_limited")

    def look_back(self, since: float) -> None:
        """Nothing came from ``since`` until now, in seconds since 1970: read Slack's history of that time."""
        now = time.time()
        for install in self._workspaces.active():
            window = {"v": 1, "oldest": f"{since - 60:.6f}", "latest": f"{now:.6f}"}
            key = f"gap:{install.tenant}:{int(since)}:{int(now)}"
            self._writer.put(NewEvent(key, "backfill", install.tenant, window, prio=2))
        log_event("bot.ingress", "gap", seconds=now - since)

    def _count(self, result: str) -> None:
        self._events.labels(result).inc()
