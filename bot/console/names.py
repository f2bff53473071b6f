"""Names: what the console calls channels and people, and which of them a typed name means.

Slack knows channels and members by id. Their names are asked for once in ten minutes and kept in memory; where Slack
does not answer, the page shows ids rather than waits.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from bot.build import Parts
from bot.console import here
from bot.slack.client import Done
from bot.store import Store
from bot.workspaces import Workspaces

FRESH_S = 600.0
#: After a failure Slack is left alone for so long.
PAUSE_S = 60.0
_PAGE = 200
_MAX_PAGES = 5
_MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that the bot is in."""

    id: str
    name: str
    is_private: bool = False

    @property
    def shown(self) -> str:
        """`#sales`, or the id where no name is known."""
        return f"#{self.name}" if self.name else self.id


class Names:
    """Channels and people of each workspace. Thread-safe."""

    def __init__(
        self,
        store: Store,
        workspaces: Workspaces,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}
        self._people: dict[tuple[str, str], tuple[float, str]] = {}

    def channels(self, tenant: str) -> Mapping[str, Channel]:
        """The channels that the bot is in, by id; those known last where Slack does not answer."""
        found: Mapping[str, Channel] = self._fresh(tenant, "channels", self._ask_channels)
        return found

    def channel(self, tenant: str, channel_id: str) -> Channel:
        """A channel, with its id for a name where none is known."""
        known = self.channels(tenant).get(channel_id)
        if known is None and channel_id.startswith("D"):
            return Channel(channel_id, "direct message", True)
        return known or Channel(channel_id, "")

    def channel_id(self, tenant: str, typed: str) -> str:
        """The id of a typed channel (`#sales`, `sales`, `C0123`), "" where there is none such."""
        bare = typed.removeprefix("#").strip()
        for known in self.channels(tenant).values():
            if known.name.casefold() == bare.casefold():
                return known.id
        return bare if _is_id(bare, "CGD") else ""

    def author(self, tenant: str, user_id: str) -> str:
        """What to call the author of a message; the id where no name is known."""
        if not user_id:
            return ""
        with self._lock:
            read_at, name = self._people.get((tenant, user_id), (float("-inf"), ""))
        if self._clock() - read_at >= FRESH_S:
            name = self._store.directory.name_of(tenant, user_id)
            with self._lock:
                if len(self._people) >= _MAX_KNOWN:
                    self._people.clear()
                self._people[tenant, user_id] = (self._clock(), name)
        return name or user_id

    def user_id(self, tenant: str, typed: str) -> str:
        """The Slack id of a typed person (`@ana`, `Ana Okafor`, `U0123`), "" where nobody is called so."""
        bare = typed.removeprefix("@").strip()
        if _is_id(bare, "UW"):
            return bare
        wanted = bare.casefold()
        members: Mapping[str, str] = self._fresh(tenant, "members", self._ask_members)
        return members.get(wanted, "") if wanted else ""

    def _fresh(
        self, tenant: str, what: str, ask: Callable[[str], Mapping[str, Any] | None]
    ) -> Mapping[str, Any]:
        now = self._clock()
        with self._lock:
            until, known = self._kept.get((tenant, what), (float("-inf"), {}))
            if now < until:
                return dict(known)
            # one request asks, the others go on with what is known
            self._kept[tenant, what] = (now + PAUSE_S, known)
        found = ask(tenant)
        if found is None:
            return dict(known)
        with self._lock:
            self._kept[tenant, what] = (self._clock() + FRESH_S, found)
        return dict(found)

    def _ask_channels(self, tenant: str) -> Mapping[str, Channel] | None:
        found: dict[str, Channel] = {}
        rows = self._pages(
            tenant,
            "users.conversations",
            "channels",
            types="public_channel,private_channel",
            exclude_archived=False,
        )
        if rows is None:
            return None
        for row in rows:
            channel_id = str(row.get("id") or "")
            found[channel_id] = Channel(
                channel_id, str(row.get("name") or ""), bool(row.get("is_private"))
            )
        return found

    def _ask_members(self, tenant: str) -> Mapping[str, str] | None:
        rows = self._pages(tenant, "users.list", "members")
        if rows is None:
            return None
        found: dict[str, str] = {}
        for row in rows:
            profile = row.get("profile") or {}
            shown = (row.get("name"), row.get("real_name"), profile.get("display_name"))
            for name in shown:
                if name:
                    found.setdefault(str(name).casefold(), str(row.get("id") or ""))
        return found

    def _pages(
        self, tenant: str, method: str, key: str, **args: Any
    ) -> list[Mapping[str, Any]] | None:
        client = self._workspaces.quick(tenant)
        if client is None:
            return None
        rows: list[Mapping[str, Any]] = []
        cursor = ""
        for _ in range(_MAX_PAGES):
            answer = client.call(method, limit=_PAGE, cursor=cursor or None, **args)
            if not isinstance(answer, Done):
                return rows or None
            rows += [row for row in answer.data.get(key) or [] if isinstance(row, Mapping)]
            cursor = str((answer.data.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return rows


def names() -> Names:
    """The names of this application, made at the first use."""
    known = current_app.extensions.get("piiguard_names")
    if not isinstance(known, Names):
        known = names_for(here.parts())
        current_app.extensions["piiguard_names"] = known
    return known


def names_for(parts: Parts) -> Names:
    """Names of a workspace's channels and people, asked through the bot's own clients."""
    return Names(parts.store, parts.workspaces)


def _is_id(word: str, kinds: str) -> bool:
    return len(word) > 2 and word[0] in kinds and word.isalnum() and word == word.upper()
