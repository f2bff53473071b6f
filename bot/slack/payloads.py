"""What interaction payloads hold. Anybody could have written one, so each look gives "" for what is not there."""

from collections.abc import Mapping
from typing import Any


def string(value: object) -> str:
    """The text, or "" for what is none."""
    return value if isinstance(value, str) else ""


def id_of(value: object) -> str:
    """The id of a user, channel or team object."""
    return string(value.get("id")) if isinstance(value, Mapping) else ""


def user_of(payload: Mapping[str, Any]) -> str:
    """The Slack user id of whoever clicked."""
    return id_of(payload.get("user"))


def value_of(action: Mapping[str, Any]) -> str:
    """What a button or the chosen option carries."""
    chosen = action.get("selected_option")
    if isinstance(chosen, Mapping):
        return string(chosen.get("value"))
    return string(action.get("value"))


def action_of(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """The one thing that was clicked."""
    action = next(iter(payload.get("actions") or ()), None)
    return action if isinstance(action, dict) else None
