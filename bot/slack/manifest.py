"""The app manifest, and each scope with its reason: what we ask Slack for, and nothing that no call needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Scope:
    """Why a scope is asked for, and the methods and events that need it. ``feature``: "" is always on."""

    reason: str
    methods: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    feature: str = ""


_HISTORY = frozenset({"conversations.history", "conversations.replies"})
_LISTING = frozenset({"conversations.list", "conversations.info", "conversations.members", "users.conversations"})  # fmt: skip

#: The least a bot needs: scopes of its token.
SCOPES: dict[str, Scope] = {
    "channels:history": Scope(
        "read messages of public channels it is in; look up after a lost answer; look back",
        _HISTORY,
        frozenset({"message.channels"}),
    ),
    "groups:history": Scope(
        "the same in private channels, the review channel among them",
        _HISTORY,
        frozenset({"message.groups"}),
    ),
    "chat:write": Scope(
        "post and update cards, notices and digests; delete its own",
        frozenset(
            {"chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"}
        ),
    ),
    "commands": Scope("/piiguard and the three shortcuts"),
    "users:read": Scope(
        "names of colleagues for the allow-list and the console",
        frozenset({"users.list", "users.info", "bots.info"}),
    ),
}  # fmt: skip

#: What a feature adds.
OPTIONAL_SCOPES: dict[str, Scope] = {
    "channels:read": Scope(
        "names of channels, and which are not covered",
        _LISTING,
        frozenset({"member_joined_channel"}),
        feature="channels",
    ),
    "groups:read": Scope(
        "the same for private channels it is in",
        _LISTING,
        frozenset({"member_joined_channel"}),
        feature="channels",
    ),
    "channels:join": Scope(
        "join public channels that an administrator names",
        frozenset({"conversations.join"}),
        feature="channels",
    ),
    "im:history": Scope(
        "read direct messages sent to it", _HISTORY, frozenset({"message.im"}), feature="dms"
    ),
    "mpim:history": Scope(
        "read group messages it is in", _HISTORY, frozenset({"message.mpim"}), feature="dms"
    ),
    "im:write": Scope(
        "open a direct message to an author who is not active",
        frozenset({"conversations.open"}),
        feature="dms",
    ),
    "files:read": Scope("read text files", frozenset({"files.info"}), feature="files"),
    "usergroups:read": Scope(
        "members of the user groups that the policy names",
        frozenset({"usergroups.users.list", "usergroups.list"}),
        feature="groups",
    ),
    "team:read": Scope("the name of the workspace", frozenset({"team.info"}), feature="team"),
}

#: Scopes of an administrator's own token.
USER_SCOPES: dict[str, Scope] = {
    "chat:write": Scope(
        "delete messages that this administrator may delete",
        frozenset({"chat.delete"}),
        feature="delete",
    ),
}

#: Methods that any token may call.
FREE_METHODS = frozenset(
    {
        "auth.test", "auth.revoke", "api.test", "oauth.v2.access", "views.open", "views.update", "views.push",
        "views.publish", "chat.getPermalink", "apps.connections.open",
    }
)  # fmt: skip

#: "socket" needs no scope: no public address, Slack is called instead.
FEATURES = frozenset(
    {scope.feature for scope in (*OPTIONAL_SCOPES.values(), *USER_SCOPES.values())} | {"socket"}
)
_SHORTCUTS = (
    ("Report missed PII", "message", "report_missed_pii", "Tell the reviewers what was not found"),
    ("Check this message", "message", "check_this_message", "See what would be found, only you"),
    ("Review PII queue", "global", "review_queue", "The next flag that needs review"),
)


def bot_scopes(features: Collection[str] = ()) -> tuple[str, ...]:
    """The bot scopes of an install with these features."""
    return tuple(SCOPES) + _of_features(OPTIONAL_SCOPES, features)


def manifest(base_url: str, *, features: Collection[str] = ()) -> dict[str, Any]:
    """What to paste into Slack's "Create an app from a manifest".

    Args:
        base_url: where Slack reaches us, https; not used with the feature "socket".
        features: what is wanted beyond the least, of FEATURES.

    Raises: ConfigError for a feature that does not exist.
    """
    unknown = sorted(set(features) - FEATURES)
    if unknown:
        raise ConfigError(f"unknown feature; expected some of: {', '.join(sorted(FEATURES))}")
    by_http = "socket" not in features
    address = base_url.rstrip("/")
    command = {
        "command": "/piiguard",
        "description": "Check a text, see the queue, ask for help",
        "usage_hint": "help | check <text> | queue | next | report 7d | status",
        "should_escape": True,
    }
    scopes: dict[str, list[str]] = {"bot": list(bot_scopes(features))}
    user_scopes = _of_features(USER_SCOPES, features)
    if user_scopes:
        scopes["user"] = list(user_scopes)
    oauth: dict[str, Any] = {"scopes": scopes}
    events: dict[str, Any] = {"bot_events": _events(features)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if by_http:
        command["url"] = f"{address}/slack/commands"
        oauth["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
        events["request_url"] = f"{address}/slack/events"
        interactivity["request_url"] = f"{address}/slack/interactions"
    return {
        "display_information": {
            "name": "piiguard",
            "description": "Finds personal data in messages and helps to remove it",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "piiguard", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback_id, "description": what}
                for name, kind, callback_id, what in _SHORTCUTS
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not by_http,
            "token_rotation_enabled": False,
        },
    }


def _events(features: Collection[str]) -> list[str]:
    scopes: Mapping[str, Scope] = {**SCOPES, **OPTIONAL_SCOPES}
    asked = [scopes[name].events for name in bot_scopes(features)]
    return sorted({"app_home_opened", "app_uninstalled", "tokens_revoked"}.union(*asked))


def _of_features(scopes: Mapping[str, Scope], features: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name, scope in scopes.items() if scope.feature in features)
