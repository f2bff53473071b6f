"""The manifest asks for what the calls need, and for nothing else."""

import ast

import pytest

from bot.errors import ConfigError
from bot.slack.manifest import (
    FEATURES,
    FREE_METHODS,
    OPTIONAL_SCOPES,
    SCOPES,
    USER_SCOPES,
    bot_scopes,
    manifest,
)

CALLS = ("call", "call_as_admin")
BASE = "https://pii.example.com"
ALL_SCOPES = [*SCOPES.items(), *OPTIONAL_SCOPES.items(), *USER_SCOPES.items()]


def called_methods(root):
    """Every Web API method that the bot's code names in a call, with the file."""
    families = {
        "chat", "conversations", "users", "usergroups", "views", "files", "team", "auth", "oauth", "apps", "bots",
        "reactions", "pins", "dnd", "admin", "search", "reminders", "emoji", "stars", "bookmarks",
    }  # fmt: skip
    for path in sorted((root / "bot").rglob("*.py")):
        if "simulator" in path.parts or path.name == "manifest.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CALLS:
                method = getattr(node.args[0], "value", "") if node.args else ""
                if isinstance(method, str) and method.split(".")[0] in families:
                    yield method, path.relative_to(root).as_posix()


def test_every_method_that_is_called_has_its_scope(root):
    known = FREE_METHODS.union(*(scope.methods for _, scope in ALL_SCOPES))

    assert [call for call in called_methods(root) if call[0] not in known] == []


def test_every_scope_says_why_it_is_asked_for():
    assert all(scope.reason for _, scope in ALL_SCOPES)
    assert all(not scope.feature for scope in SCOPES.values())
    assert all(scope.feature in FEATURES for scope in OPTIONAL_SCOPES.values())


def test_the_least_manifest_is_the_designed_one():
    app = manifest(BASE)

    assert set(app["oauth_config"]["scopes"]["bot"]) == {
        "channels:history",
        "groups:history",
        "chat:write",
        "commands",
        "users:read",
    }
    assert "user" not in app["oauth_config"]["scopes"]
    assert set(app["settings"]["event_subscriptions"]["bot_events"]) == {
        "message.channels",
        "message.groups",
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
    }
    assert app["settings"]["event_subscriptions"]["request_url"] == f"{BASE}/slack/events"
    assert app["settings"]["interactivity"]["request_url"] == f"{BASE}/slack/interactions"
    assert app["features"]["slash_commands"][0]["url"] == f"{BASE}/slack/commands"
    assert app["features"]["slash_commands"][0]["should_escape"] is True
    assert {entry["callback_id"] for entry in app["features"]["shortcuts"]} == {
        "report_missed_pii",
        "check_this_message",
        "review_queue",
    }
    assert app["settings"]["token_rotation_enabled"] is False
    assert app["settings"]["org_deploy_enabled"] is False


def test_slack_takes_the_lengths():
    # https://docs.slack.dev/reference/app-manifest
    app = manifest(BASE, features=FEATURES)

    assert len(app["display_information"]["description"]) <= 140
    for entry in app["features"]["shortcuts"]:
        assert len(entry["name"]) <= 24
        assert len(entry["description"]) <= 150
    assert len(app["features"]["slash_commands"][0]["description"]) <= 2_000


@pytest.mark.parametrize(
    ("feature", "scope", "event"),
    [
        ("channels", "channels:join", "member_joined_channel"),
        ("dms", "im:history", "message.im"),
        ("files", "files:read", None),
        ("groups", "usergroups:read", None),
    ],
)
def test_a_feature_adds_its_scopes_and_events(feature, scope, event):
    app = manifest(BASE, features=[feature])

    assert scope in app["oauth_config"]["scopes"]["bot"]
    assert scope not in bot_scopes()
    assert event is None or event in app["settings"]["event_subscriptions"]["bot_events"]


def test_deleting_is_a_user_scope():
    app = manifest(BASE, features=["delete"])

    assert app["oauth_config"]["scopes"]["user"] == ["chat:write"]


def test_socket_mode_names_no_address():
    assert BASE not in str(manifest(BASE, features=["socket"]))
    assert manifest("", features=["socket"])["settings"]["socket_mode_enabled"] is True


def test_an_unknown_feature_is_refused():
    with pytest.raises(ConfigError, match="channels"):
        manifest(BASE, features=["everything"])
