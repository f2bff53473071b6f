"""A Slack workspace in memory: who is in which channel, and what is written there.

Every change that an app may hear of goes to ``on_event``, as the inner event of the Events API
(https://docs.slack.dev/reference/events/message and the pages of its subtypes). ``changed`` wakes who waits for a change.
"""

import copy
import time
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from bot.simulator.records import Channel, Ephemeral, SlackError, StoredFile, User, Wire
from bot.simulator.roster import Roster
from bot.simulator.wire import rich_text, type_text

TOMBSTONE_TEXT = "This message was deleted."
#: https://docs.slack.dev/reference/methods/chat.postMessage: longer text is cut
MAX_TEXT = 40_000


class Workspace(Roster):
    """All state and all changes; what goes out is a copy."""

    def __init__(self, name: str, *, seed: int = 0, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name, seed=seed, clock=clock)
        self.files: dict[str, StoredFile] = {}
        self.files_url = ""
        self.ephemerals: list[Ephemeral] = []
        self.seen: dict[tuple[str, str], str] = {}
        self.on_event: Callable[[Channel | None, Wire], None] = lambda channel, event: None

    def join(self, user: str | User, channel: str | Channel) -> bool:
        """Make ``user`` a member; False when they are one. Posts a channel_join message, as Slack does."""
        who, where = self.user(user), self.channel(channel)
        with self.lock:
            if where.is_im or where.is_archived:
                raise SlackError(
                    "is_archived" if where.is_archived else "method_not_supported_for_channel_type"
                )
            if who.id in where.members:
                return False
            where.members.append(who.id)
            self.add(where, {"type": "message", "subtype": "channel_join", "user": who.id, "ts": self.new_ts(), "text": f"<@{who.id}> has joined the channel"})  # fmt: skip
            self.on_event(where, {"type": "member_joined_channel", "user": who.id, "channel": where.id, "channel_type": "G" if where.is_private else "C", "team": self.team_id, "event_ts": self.new_ts()})  # fmt: skip
        return True

    def leave(self, user: str | User, channel: str | Channel) -> None:
        """``user`` is a member no longer."""
        who, where = self.user(user), self.channel(channel)
        with self.lock:
            if who.id in where.members:
                where.members.remove(who.id)
        self.touch()

    def set_topic(self, user: str | User, channel: str | Channel, topic: str) -> Wire:
        """https://docs.slack.dev/reference/events/message/channel_topic"""
        who, where = self.user(user), self.channel(channel)
        where.topic = topic
        text = f"<@{who.id}> set the channel topic: {topic}"
        return self.add(where, {"type": "message", "subtype": "channel_topic", "user": who.id, "ts": self.new_ts(), "topic": topic, "text": text})  # fmt: skip

    # ------------------------------------------------------------------------------------------ messages
    def wire_text(self, typed: str) -> str:
        """What Slack makes of what a person typed."""
        users = {user.name: user.id for user in self.users.values()}
        channels = {channel.name: channel.id for channel in self.channels.values() if channel.name}
        return type_text(
            typed, lambda name: users.get(name, ""), lambda name: channels.get(name, "")
        )

    def post(
        self,
        user: str | User,
        channel: str | Channel,
        text: str = "",
        *,
        blocks: list[Wire] | None = None,
        thread_ts: str = "",
        broadcast: bool = False,
        at: float | None = None,
        quiet: bool = False,
        **more: Any,
    ) -> Wire:
        """A message of ``user`` in wire text. ``at``: its time; ``quiet``: no event, it was there before the app."""
        who, where = self.user(user), self.channel(channel)
        with self.lock:
            if where.is_archived:
                raise SlackError("is_archived")
            if who.id not in where.members:
                raise SlackError("not_in_channel")
            message: Wire = {
                "type": "message",
                "user": who.id,
                "ts": self.new_ts(at),
                "team": self.team_id,
            }
            message["text"] = text[:MAX_TEXT]
            if blocks is None and text and not who.is_bot:
                blocks = [{"block_id": self._block_id(), **rich_text(message["text"])}]
            if blocks:
                message["blocks"] = [
                    {"block_id": self._block_id(), **block} for block in copy.deepcopy(blocks)
                ]
            if not who.is_bot:
                message["client_msg_id"] = f"{self.dice.getrandbits(128):032x}"
            message |= copy.deepcopy(more)
            if thread_ts:
                self._reply(where, message, thread_ts, broadcast)
            return self.add(where, message, quiet=quiet)

    def _reply(self, channel: Channel, message: Wire, thread_ts: str, broadcast: bool) -> None:
        """https://docs.slack.dev/messaging/retrieving-messages#threading"""
        root = channel.messages.get(thread_ts)
        if root is None:
            raise SlackError("thread_not_found")
        root = channel.messages.get(root.get("thread_ts", thread_ts), root)
        message["thread_ts"] = root["ts"]
        message["parent_user_id"] = root.get("user", "")
        users = dict.fromkeys([*root.get("reply_users", []), message["user"]])
        root |= {
            "thread_ts": root["ts"],
            "reply_count": root.get("reply_count", 0) + 1,
            "reply_users": list(users),
            "reply_users_count": len(users),
            "latest_reply": message["ts"],
        }
        if broadcast:
            message["subtype"] = "thread_broadcast"
            message["root"] = {
                key: root[key] for key in ("type", "user", "ts", "text", "thread_ts") if key in root
            }

    def add(self, channel: Channel, message: Wire, *, quiet: bool = False) -> Wire:
        """Put a ready message into a channel."""
        with self.lock:
            is_late = channel.messages and next(reversed(channel.messages)) > message["ts"]
            channel.messages[message["ts"]] = message
            if is_late:
                channel.messages = dict(sorted(channel.messages.items()))
            self.touch()
            if not quiet:
                self.on_event(channel, self._event(channel, message, message["ts"]))
            return copy.deepcopy(message)

    def _event(self, channel: Channel, message: Wire, event_ts: str) -> Wire:
        event = copy.deepcopy(message) | {
            "channel": channel.id,
            "event_ts": event_ts,
            "channel_type": channel.type,
        }
        event.pop("metadata", None)
        return event

    def _block_id(self) -> str:
        return "".join(
            self.dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789", k=5)
        )

    def message(self, channel: str | Channel, ts: str) -> Wire:
        """The stored message itself, not a copy. SlackError message_not_found."""
        found = self.channel(channel).messages.get(ts)
        if found is None or found.get("subtype") == "tombstone":
            raise SlackError("message_not_found")
        return found

    def find(self, ts: str) -> tuple[Channel, Wire]:
        """The message of that ts, wherever it is. SlackError message_not_found."""
        for channel in self.channels.values():
            if ts in channel.messages:
                return channel, channel.messages[ts]
        raise SlackError("message_not_found")

    def change(
        self,
        channel: str | Channel,
        ts: str,
        fields: Wire,
        *,
        editor: str = "",
        quiet: bool = False,
    ) -> Wire:
        """Put ``fields`` into a message. With ``editor`` it counts as edited; without, as an unfurl does, it does not.

        ``edited.ts`` has whole seconds only. https://docs.slack.dev/reference/events/message/message_changed
        """
        where = self.channel(channel)
        with self.lock:
            message = self.message(where, ts)
            before = copy.deepcopy(message)
            message |= copy.deepcopy(fields)
            if "blocks" in fields:
                message["blocks"] = [
                    {"block_id": self._block_id(), **block} for block in message["blocks"]
                ]
            event_ts = self.new_ts()
            if editor:
                message["edited"] = {"user": editor, "ts": event_ts.split(".")[0] + ".000000"}
            if not quiet:
                self._changed(where, message, before, event_ts)
            self.touch()
            return copy.deepcopy(message)

    def _changed(self, channel: Channel, message: Wire, before: Wire, event_ts: str) -> None:
        event: Wire = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": event_ts,
        }
        event |= {"message": copy.deepcopy(message), "previous_message": before}
        for inner in (event["message"], event["previous_message"]):
            inner.pop("metadata", None)
        self.on_event(
            channel,
            event | {"channel": channel.id, "event_ts": event_ts, "channel_type": channel.type},
        )

    def remove(self, channel: str | Channel, ts: str) -> None:
        """Delete a message. The root of a thread with replies leaves a tombstone of USLACKBOT behind.

        https://docs.slack.dev/reference/events/message/message_deleted
        """
        where = self.channel(channel)
        with self.lock:
            message = self.message(where, ts)
            event_ts = self.new_ts()
            if message.get("reply_count"):
                kept = (
                    "thread_ts",
                    "reply_count",
                    "reply_users",
                    "reply_users_count",
                    "latest_reply",
                )
                stone: Wire = {
                    "type": "message",
                    "subtype": "tombstone",
                    "user": "USLACKBOT",
                    "hidden": True,
                    "ts": ts,
                }
                stone |= {"text": TOMBSTONE_TEXT} | {key: message[key] for key in kept}
                where.messages[ts] = stone
                self._changed(where, stone, copy.deepcopy(message), event_ts)
            else:
                del where.messages[ts]
                self._forget_reply(where, message)
                event: Wire = {
                    "type": "message",
                    "subtype": "message_deleted",
                    "hidden": True,
                    "deleted_ts": ts,
                }
                event |= {"ts": event_ts, "previous_message": copy.deepcopy(message)}
                event["previous_message"].pop("metadata", None)
                self.on_event(
                    where,
                    event | {"channel": where.id, "event_ts": event_ts, "channel_type": where.type},
                )
            self.touch()

    def _forget_reply(self, channel: Channel, message: Wire) -> None:
        root = channel.messages.get(message.get("thread_ts", ""))
        if root is None or root is message:
            return
        replies = [
            m
            for m in channel.messages.values()
            if m.get("thread_ts") == root["ts"] and m is not root
        ]
        root["reply_count"] = len(replies)
        root["reply_users"] = list(dict.fromkeys(reply["user"] for reply in replies))
        if not replies and root.get("subtype") == "tombstone":
            del channel.messages[root["ts"]]

    def show(
        self, user: str | User, channel: str | Channel, message: Wire, *, thread_ts: str = ""
    ) -> Ephemeral:
        """An ephemeral message: one person sees it, no history keeps it.

        https://docs.slack.dev/reference/methods/chat.postEphemeral
        """
        with self.lock:
            ts = self.new_ts()
            wire: Wire = {"type": "message", "ts": ts, "is_ephemeral": True} | copy.deepcopy(
                message
            )
            wire["blocks"] = [
                {"block_id": self._block_id(), **block} for block in wire.get("blocks") or []
            ]
            if thread_ts:
                wire["thread_ts"] = thread_ts
            found = Ephemeral(ts, self.channel(channel).id, self.user(user).id, wire)
            self.ephemerals.append(found)
            self.touch()
            return found

    def top_level(self, channel: Channel) -> list[Wire]:
        """What stands in the channel itself: no replies, unless broadcast. Oldest first."""
        return [
            message
            for message in channel.messages.values()
            if message.get("thread_ts", message["ts"]) == message["ts"]
            or message.get("subtype") == "thread_broadcast"
        ]

    def thread(self, channel: Channel, ts: str) -> list[Wire]:
        """A root and its replies, oldest first. SlackError thread_not_found."""
        root_ts = channel.messages.get(ts, {}).get("thread_ts", ts)
        if root_ts not in channel.messages:
            raise SlackError("thread_not_found")
        return [m for m in channel.messages.values() if root_ts in (m["ts"], m.get("thread_ts"))]

    def n_unread(self, user: User, channel: Channel) -> int:
        """Messages of others since ``user`` last looked."""
        times = list(channel.messages)
        newer = times[bisect_right(times, self.seen.get((user.id, channel.id), "0")) :]
        return sum(channel.messages[ts].get("user") != user.id for ts in newer)
