"""Workspaces: which tenants installed us, and a Slack client for each."""

import logging
import threading
import time
from dataclasses import dataclass

from bot.config import BotConfig
from bot.logs import event as log_event
from bot.records import Install
from bot.slack.client import Done, SlackClient
from bot.slack.events import OwnIds
from bot.store import Store

#: How long a replica may go on with a token that another one has just replaced or switched off.
FRESH_S = 30.0
#: views.open must happen within the 3 s that a trigger lives; the rest of the request needs time too.
QUICK_TIMEOUT_S = 2


@dataclass(frozen=True, slots=True)
class _Known:
    install: Install | None
    client: SlackClient | None
    quick: SlackClient | None
    read_at: float


class Workspaces:
    """The installed workspaces, from the table, cached for half a minute. Thread-safe."""

    def __init__(self, store: Store, config: BotConfig):
        self._store = store
        self._config = config
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()
        self._connected = not config.slack_bot_token

    @property
    def is_connected(self) -> bool:
        """False until the tenant of SLACK_BOT_TOKEN is known; until then no event can be told to be ours."""
        return self._connected

    def install(self, tenant: str) -> Install | None:
        """The installation, also when it has been switched off; None for a workspace that never installed us."""
        return self._look_up(tenant).install

    def is_active(self, tenant: str) -> bool:
        """True when events of this tenant are to be taken."""
        install = self.install(tenant)
        return install is not None and install.is_active

    def client(self, tenant: str) -> SlackClient | None:
        """The client that worker and sender use; None where nothing can be sent."""
        return self._look_up(tenant).client

    def quick(self, tenant: str) -> SlackClient | None:
        """The client for calls within a request of Slack's: it gives up after two seconds."""
        return self._look_up(tenant).quick

    def own_ids(self, tenant: str, alert_channels: frozenset[str] = frozenset()) -> OwnIds:
        """How to know our own posts; all posts in the channels of reviewers are taken for such."""
        install = self.install(tenant)
        if install is None:
            return OwnIds(alert_channels=alert_channels)
        return OwnIds(install.app_id, install.bot_id, install.bot_user_id, alert_channels)

    def active(self) -> list[Install]:
        """All that may be written to."""
        return [install for install in self._store.installs.all() if install.is_active]

    def forget(self, tenant: str) -> None:
        """Read this tenant's row again at the next use."""
        with self._lock:
            self._known.pop(tenant, None)

    def connect(self) -> bool:
        """Ask Slack whose SLACK_BOT_TOKEN this is and keep the answer; True when it is known.

        Slack being away is no reason not to start: an installation stored before is as good.
        """
        if not self._config.slack_bot_token:
            return True
        token = self._config.slack_bot_token.get_secret_value()
        answer = self._client(token).call("auth.test")
        if isinstance(answer, Done):
            install = self._install_of(token, answer.data)
            with self._store.transaction() as tx:
                self._store.installs.save(tx, install)
                self._store.outbox.start_tenant(install.tenant, tx=tx)
            self.forget(install.tenant)
            self._connected = True
            log_event("bot.workspaces", "connected", tenant=install.tenant)
        else:
            self._connected = any(install.token == token for install in self.active())
            log_event(
                "bot.workspaces",
                "not_connected",
                level=logging.WARNING,
                status=type(answer).__name__,
            )
        return self._connected

    def _install_of(self, token: str, data: dict[str, object]) -> Install:
        is_org = bool(data.get("is_enterprise_install"))
        bot_id = str(data.get("bot_id") or "")
        about = self._client(token).call("bots.info", bot=bot_id)
        bot = about.data.get("bot") or {} if isinstance(about, Done) else {}
        return Install(
            tenant=str(data["enterprise_id"] if is_org else data["team_id"]),
            team_name=str(data.get("team") or ""),
            bot_user_id=str(data.get("user_id") or ""),
            bot_id=bot_id,
            app_id=str(bot.get("app_id") or ""),
            token=token,
            admin_token=_secret(self._config.slack_admin_user_token),
        )

    def _look_up(self, tenant: str) -> _Known:
        with self._lock:
            known = self._known.get(tenant)
        if known is not None and time.monotonic() - known.read_at < FRESH_S:
            return known
        install = self._store.installs.get(tenant)
        known = _Known(install, None, None, time.monotonic())
        if install is not None and install.is_active:
            known = _Known(
                install,
                self._client(install.token, install.admin_token),
                self._client(install.token, timeout_s=QUICK_TIMEOUT_S),
                known.read_at,
            )
        with self._lock:
            self._known[tenant] = known
        return known

    def _client(self, token: str, admin_token: str = "", timeout_s: int = 10) -> SlackClient:
        return SlackClient(
            token, self._config.slack_api_base_url, admin_token=admin_token, timeout_s=timeout_s
        )


def _secret(value: object) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value or "")
