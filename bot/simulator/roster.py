"""Who is in a workspace: users and channels by id or name, and the ids and times that name things."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from bot.simulator.records import Channel, SlackError, User


class Roster:
    """Ids, times, users and channels. ``changed`` wakes who waits for a change; ``lock`` guards everything."""

    def __init__(self, name: str, *, seed: int = 0, clock: Callable[[], float] = time.time) -> None:
        self.dice = random.Random(seed)
        self.clock = clock
        self._last_us = 0
        self._n_changes = 0
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.name = name
        self.domain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        self.team_id = self.new_id("T")
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, tuple[str, list[str]]] = {}

    # ------------------------------------------------------------------------------------------ names and times
    def new_id(self, prefix: str) -> str:
        """An id as Slack makes them: a letter that says what it is, then ten characters."""
        return f"{prefix}0" + "".join(self.dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=9))

    def now(self) -> float:
        """Seconds, of this workspace's clock."""
        return self.clock()

    def new_ts(self, at: float | None = None) -> str:
        """A time stamp that names a message; no two are equal."""
        with self.lock:
            us = int((self.clock() if at is None else at) * 1_000_000)
            if at is None:
                us = self._last_us = max(us, self._last_us + 1)
            return f"{us // 1_000_000}.{us % 1_000_000:06d}"

    def touch(self) -> None:
        """Say that something changed, to whoever waits."""
        with self.lock:
            self._n_changes += 1
            self.changed.notify_all()

    @property
    def n_changes(self) -> int:
        """Grows with every change."""
        return self._n_changes

    # ------------------------------------------------------------------------------------------ people and channels
    def add_user(self, name: str, real_name: str = "", **more: Any) -> User:
        """A new member; ``more`` are fields of User."""
        prefix = "U"
        user = User(
            self.new_id(prefix), name, real_name or name.capitalize(), team_id=self.team_id, **more
        )
        with self.lock:
            self.users[user.id] = user
        self.touch()
        return user

    def add_channel(self, name: str, members: Iterable[str | User] = (), **more: Any) -> Channel:
        """A new channel; nobody hears of its members joining. ``more`` are fields of Channel."""
        channel = Channel(self.new_id("C"), name, created=int(self.now()), **more)
        channel.members = [self.user(member).id for member in members]
        with self.lock:
            self.channels[channel.id] = channel
        self.touch()
        return channel

    def user(self, ref: str | User) -> User:
        """A user by id or name. SlackError user_not_found."""
        if isinstance(ref, User):
            return ref
        if found := self.users.get(ref):
            return found
        for user in self.users.values():
            if user.name == ref.removeprefix("@"):
                return user
        raise SlackError("user_not_found")

    def channel(self, ref: str | Channel) -> Channel:
        """A channel by id or name. SlackError channel_not_found."""
        if isinstance(ref, Channel):
            return ref
        if found := self.channels.get(ref):
            return found
        for channel in self.channels.values():
            if channel.name == ref.removeprefix("#") and not channel.is_im:
                return channel
        raise SlackError("channel_not_found")

    def direct(self, one: str | User, other: str | User) -> Channel:
        """The direct message channel of two users; made when they have none."""
        pair = {self.user(one).id, self.user(other).id}
        with self.lock:
            for channel in self.channels.values():
                if channel.is_im and set(channel.members) == pair:
                    return channel
            channel = Channel(
                self.new_id("D"), "", is_im=True, members=sorted(pair), created=int(self.now())
            )
            self.channels[channel.id] = channel
            return channel
