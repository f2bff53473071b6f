"""The app under test as Slack knows it: its ids, secrets, scopes, addresses, what it subscribed to.

https://docs.slack.dev/reference/app-manifest
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.records import Token

#: The least that the bot needs, and what it can use when a switch asks for it.
SCOPES = frozenset(
    {"channels:history", "groups:history", "im:history", "chat:write", "commands", "users:read", "channels:read",
     "groups:read", "channels:join", "files:read", "im:write", "usergroups:read", "team:read"}
)  # fmt: skip
EVENTS = frozenset(
    {"message.channels", "message.groups", "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked",
     "member_joined_channel"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry in Slack's menus. ``kind``: message (on one message) or global."""

    callback_id: str
    name: str
    kind: str = "message"


SHORTCUTS = (
    Shortcut("report_missed_pii", "Report missed PII"),
    Shortcut("check_this_message", "Check this message"),
    Shortcut("review_queue", "Review PII queue", "global"),
)


@dataclass(slots=True)
class App:
    """One app in one workspace. ``url`` is where it listens; "" while it does not."""

    name: str = "piiguard"
    app_id: str = "A0PIIGUARD1"
    bot_id: str = "B0PIIGUARD1"
    bot_user_id: str = ""
    client_id: str = "1111111111.2222222222"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = EVENTS
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS
    commands: dict[str, bool] = field(default_factory=lambda: {"/piiguard": True})
    url: str = ""
    events_url: str = ""
    interactions_url: str = ""
    commands_url: str = ""
    has_messages_tab: bool = True
    is_installed: bool = True

    def listen_at(self, base_url: str) -> None:
        """The app's three request addresses, as its manifest would name them."""
        self.url = base_url.rstrip("/")
        self.events_url = self.url + "/slack/events"
        self.interactions_url = self.url + "/slack/interactions"
        self.commands_url = self.url + "/slack/commands"

    def take_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Be what a manifest says: scopes, events, shortcuts, commands, addresses, Messages tab.

        ``should_escape`` of a command: mentions in its text arrive as ids.
        https://docs.slack.dev/interactivity/implementing-slash-commands
        """
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        self.scopes = frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
        events = settings.get("event_subscriptions", {})
        self.events = frozenset(events.get("bot_events", ()))
        self.shortcuts = tuple(
            Shortcut(item["callback_id"], item["name"], item["type"])
            for item in features.get("shortcuts", ())
        )
        commands = features.get("slash_commands", ())
        self.commands = {item["command"]: bool(item.get("should_escape")) for item in commands}
        self.has_messages_tab = bool(features.get("app_home", {}).get("messages_tab_enabled"))
        self.events_url = events.get("request_url", "")
        self.interactions_url = settings.get("interactivity", {}).get("request_url", "")
        self.commands_url = commands[0]["url"] if commands else ""
        self.url = self.events_url.removesuffix("/slack/events")


def new_token(prefix: str, user_id: str, scopes: frozenset[str], *, is_bot: bool = True) -> Token:
    """A fresh token; ``prefix`` as in https://docs.slack.dev/authentication/tokens."""
    return Token(f"{prefix}-{secrets.token_hex(20)}", user_id, scopes, is_bot)
