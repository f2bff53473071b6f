"""What people do in the simulated Slack, and what they see: the half of the Simulator that tests and the page speak to."""

from typing import Any

from bot.simulator.app import App
from bot.simulator.files import upload
from bot.simulator.interactions import Answer, Interactions
from bot.simulator.records import Channel, SlackError, User, View, Wire
from bot.simulator.views import Views, element_value, elements
from bot.simulator.wire import rich_text
from bot.simulator.workspace import Workspace


class Visitors:
    """People, given by id or name, at work in a workspace. Simulator gives the attributes."""

    workspace: Workspace
    app: App
    views: Views
    interactions: Interactions
    url: str

    def hear(self, channel: Channel | None, event: Wire) -> None:
        """Tell the app, if it subscribed and may know."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------ what people do
    def post(
        self,
        user: str | User,
        channel: str | Channel,
        text: str = "",
        *,
        wire: str = "",
        **more: Any,
    ) -> str:
        """Type a message; its ts. ``wire`` in place of ``text`` goes out as it is. ``more``: see Workspace.post."""
        return str(
            self.workspace.post(user, channel, wire or self.workspace.wire_text(text), **more)["ts"]
        )

    def edit(
        self, user: str | User, channel: str | Channel, ts: str, text: str = "", *, wire: str = ""
    ) -> None:
        """Edit one's own message."""
        who = self.workspace.user(user)
        if self.workspace.message(channel, ts).get("user") != who.id:
            raise SlackError("cant_update_message")
        self.workspace.change(
            channel, ts, self.typed(wire or self.workspace.wire_text(text)), editor=who.id
        )

    def delete(self, user: str | User, channel: str | Channel, ts: str) -> None:
        """Delete one's own message, or anybody's as an administrator."""
        who = self.workspace.user(user)
        if self.workspace.message(channel, ts).get("user") != who.id and not who.is_admin:
            raise SlackError("cant_delete_message")
        self.workspace.remove(channel, ts)

    def upload(self, user: str | User, channel: str | Channel, name: str, content: str | bytes, text: str = "", *, thread_ts: str = "") -> str:  # fmt: skip
        """Share a file; the ts of its message."""
        data = content.encode() if isinstance(content, str) else content
        who, where = self.workspace.user(user), self.workspace.channel(channel)
        comment = self.workspace.wire_text(text)
        return str(
            upload(self.workspace, who, where, name, data, comment, thread_ts=thread_ts)[1]["ts"]
        )

    def unfurl(self, channel: str | Channel, ts: str, url: str, title: str) -> None:
        """Slack adds a preview to a link. https://docs.slack.dev/messaging/unfurling-links-in-messages"""
        attachment = {"id": 1, "from_url": url, "original_url": url, "title": title, "title_link": url, "text": title, "fallback": title, "is_msg_unfurl": False}  # fmt: skip
        self.workspace.change(channel, ts, {"attachments": [attachment]})

    def post_as_app(
        self, channel: str | Channel, text: str, *, name: str = "Build", **more: Any
    ) -> str:
        """Another app posts. https://docs.slack.dev/reference/events/message/bot_message"""
        where = self.workspace.channel(channel)
        message: Wire = {
            "type": "message",
            "subtype": "bot_message",
            "ts": self.workspace.new_ts(),
            "text": text,
        }
        message |= {"username": name, "bot_id": "B0OTHERAPP1", "app_id": "A0OTHERAPP1"} | more
        return str(self.workspace.add(where, message)["ts"])

    def click(self, user: str | User, message_ts: str, action_id: str, value: str | None = None, *, block_id: str = "") -> Answer:  # fmt: skip
        """Press a button or choose an option (its value or its text) in a message or an ephemeral."""
        who = self.workspace.user(user)
        for shown in self.workspace.ephemerals:
            if shown.ts == message_ts and shown.user_id == who.id:
                channel = self.workspace.channel(shown.channel_id)
                return self.interactions.click(who, shown, channel, action_id, value, block_id)
        channel, message = self.workspace.find(message_ts)
        if who.id not in channel.members:
            raise SlackError("not_in_channel")
        return self.interactions.click(who, message, channel, action_id, value, block_id)

    def click_in_view(
        self, view: View | str, action_id: str, value: str | None = None, *, block_id: str = ""
    ) -> Answer:
        """Press or choose something in a modal or a Home tab."""
        found = self._view(view)
        return self.interactions.click(
            self.workspace.user(found.user_id), found, None, action_id, value, block_id
        )

    def fill(self, view: View, values: Wire) -> None:
        """Type and choose, without sending. ``values`` as for ``submit``."""
        state = view.wire["state"]["values"]
        for block, element in elements(view.wire["blocks"]):
            action_id = element.get("action_id", "")
            given = values.get(block["block_id"], values)
            given = given.get(action_id) if isinstance(given, dict) else given
            if given is not None and element["type"] not in ("button", "overflow", "image"):
                state.setdefault(block["block_id"], {})[action_id] = element_value(element, given)

    def submit(self, view: View | str, values: Wire | None = None) -> Answer:
        """Fill in a modal and send it. ``values``: {action_id: value} or {block_id: {action_id: value}}.

        A value is the text of an input, the value of an option, or a list of such. SlackError input_required names the
        first input that must not be empty and is.
        """
        found = self._view(view)
        self.fill(found, values or {})
        state = found.wire["state"]["values"]
        for block, element in elements(found.wire["blocks"]):
            if block["type"] == "input" and not block.get("optional"):
                filled = state.get(block["block_id"], {}).get(element.get("action_id", ""), {})
                if not any(value for key, value in filled.items() if key != "type"):
                    raise SlackError("input_required", block_id=block["block_id"])
        return self.interactions.submit(found)

    def close_view(self, view: View | str, *, everything: bool = False) -> None:
        """Close a modal without sending it."""
        self.interactions.close(self._view(view), everything=everything)

    def command(self, user: str | User, channel: str | Channel, text: str) -> Answer:
        """Type a slash command: "/piiguard help"."""
        command, _, rest = text.partition(" ")
        return self.interactions.command(
            self.workspace.user(user), self.workspace.channel(channel), command, rest.strip()
        )

    def shortcut(self, user: str | User, callback_id: str, message_ts: str = "") -> Answer:
        """Choose an entry of the app in Slack's menus; on a message, or global without one."""
        channel, message = self.workspace.find(message_ts) if message_ts else (None, None)
        return self.interactions.shortcut(self.workspace.user(user), callback_id, channel, message)

    def open_home(self, user: str | User, tab: str = "home") -> None:
        """Visit the app. https://docs.slack.dev/reference/events/app_home_opened comes on every visit."""
        who = self.workspace.user(user)
        direct = self.workspace.direct(who, self.app.bot_user_id)
        event: Wire = {
            "type": "app_home_opened",
            "user": who.id,
            "channel": direct.id,
            "tab": tab,
            "event_ts": self.workspace.new_ts(),
        }
        if tab == "home" and who.id in self.views.homes:
            event["view"] = self.views.homes[who.id].wire
        self.hear(None, event)

    # ------------------------------------------------------------------------------------------ what people see
    def messages(self, channel: str | Channel) -> list[Wire]:
        """What stands in a channel, oldest first."""
        return self.workspace.top_level(self.workspace.channel(channel))

    def message(self, ts: str) -> Wire:
        """One message, wherever it is."""
        return self.workspace.find(ts)[1]

    def of_app(self, channel: str | Channel) -> list[Wire]:
        """The messages of the app under test in a channel."""
        return [
            message
            for message in self.messages(channel)
            if message.get("bot_id") == self.app.bot_id
        ]

    def hints(self, user: str | User) -> list[Wire]:
        """The ephemeral messages that this person was shown."""
        found = self.workspace.user(user).id
        return [shown.message for shown in self.workspace.ephemerals if shown.user_id == found]

    def modal(self, user: str | User) -> View | None:
        """The modal in front of this person."""
        return self.views.top(self.workspace.user(user))

    def home(self, user: str | User) -> Wire | None:
        """The Home tab that this person was given."""
        found = self.views.homes.get(self.workspace.user(user).id)
        return found.wire if found else None

    def permalink(self, channel_id: str, ts: str, thread_ts: str = "") -> str:
        """Where a message can be seen; here, on the simulator's own page."""
        link = f"{self.url}/archives/{channel_id}/p{ts.replace('.', '')}"
        return (
            f"{link}?thread_ts={thread_ts}&cid={channel_id}"
            if thread_ts and thread_ts != ts
            else link
        )

    def typed(self, wire: str) -> Wire:
        """The fields of a message that a person typed: its text, and the rich text beside it."""
        return {"text": wire, "blocks": [rich_text(wire)]}

    def _view(self, view: View | str) -> View:
        return view if isinstance(view, View) else self.views.find(view)
