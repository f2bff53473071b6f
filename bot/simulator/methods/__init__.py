"""The methods of the Web API, one file a family. Each names its page, its scope and its tier.

https://docs.slack.dev/reference/methods
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.simulator.records import Channel, SlackError, Token, User, Wire

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the workspace it is about, who calls, and the arguments as they came."""

    sim: "Simulator"
    token: Token
    args: Wire = field(repr=False)

    @property
    def caller(self) -> User:
        """The user behind the token."""
        return self.sim.workspace.user(self.token.user_id)

    def need(self, *scopes: str) -> None:
        """SlackError missing_scope unless the token has one of ``scopes``."""
        if self.token.scopes.isdisjoint(scopes):
            provided = ",".join(sorted(self.token.scopes))
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)

    def text(self, name: str, default: str = "") -> str:
        """A text argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A boolean argument; a form says true, True or 1."""
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """An integer argument."""
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A list or an object: a JSON body holds it as it is, a form as JSON text. None when it is absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def channel(self, name: str = "channel") -> Channel:
        """A channel that the caller can see: a private one only as a member."""
        channel = self.sim.workspace.channel(self.text(name))
        hidden = channel.is_private or channel.is_im
        if hidden and self.token.user_id not in channel.members:
            raise SlackError("channel_not_found")
        return channel


@dataclass(frozen=True, slots=True)
class Method:
    """One entry of the table."""

    name: str
    call: Callable[[Request], Wire]
    scopes: tuple[str, ...]
    tier: int


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, tier: int = 3
) -> Callable[[Callable[[Request], Wire]], Callable[[Request], Wire]]:
    """Put a function into the table. ``scopes``: one of them is needed; empty, the function asks itself or needs none."""

    def add(call: Callable[[Request], Wire]) -> Callable[[Request], Wire]:
        METHODS[name] = Method(name, call, scopes, tier)
        return call

    return add


def page(items: list[Any], request: Request, default: int, most: int) -> tuple[list[Any], Wire]:
    """One page of ``items`` and the answer's response_metadata. https://docs.slack.dev/apis/web-api/pagination"""
    cursor = request.text("cursor")
    if cursor and not cursor.removeprefix("dXNlcjp").isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor.removeprefix("dXNlcjp") or 0)
    n = max(1, min(request.number("limit", default), most))
    more = start + n < len(items)
    return items[start : start + n], {"next_cursor": f"dXNlcjp{start + n}" if more else ""}
