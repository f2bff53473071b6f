"""What people do with what an app shows them: clicks, submissions, shortcuts, commands, and the app's answers to them.

https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/interactivity/implementing-slash-commands
"""

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.simulator.block_kit import check_message
from bot.simulator.records import Channel, Delivery, Ephemeral, SlackError, User, View, Wire
from bot.simulator.views import all_options, element_value, elements

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

RESPONSE_USES = 5
RESPONSE_S = 1800.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said to an interaction. ``error`` is what Slack tells the person; "" when all went well."""

    status: int
    body: Wire = field(default_factory=dict, repr=False)
    error: str = ""

    @property
    def ok(self) -> bool:
        """True when the app took it."""
        return not self.error


class Interactions:
    """Builds the payloads, sends them, and does what the answers ask for."""

    def __init__(self, sim: "Simulator") -> None:
        self._sim = sim
        self._response_urls: dict[str, tuple[str, str, str, float, int]] = {}

    # ------------------------------------------------------------------------------------------ clicks
    def click(self, user: User, place: Wire | View | Ephemeral, channel: Channel | None, action_id: str, value: str | None, block_id: str = "") -> Answer:  # fmt: skip
        """Press or choose something in a message, an ephemeral or a view. ``value`` is the option chosen."""
        message = (
            place.message
            if isinstance(place, Ephemeral)
            else place.wire
            if isinstance(place, View)
            else place
        )
        block, element = _find(message, action_id, block_id)
        action = self._action(block, element, value)
        payload = self._base("block_actions", user) | {"actions": [action]}
        if isinstance(place, View):
            state = place.wire["state"]["values"]
            if element["type"] not in ("button", "overflow"):
                state.setdefault(block["block_id"], {})[action_id] = element_value(
                    element, value or ""
                )
            payload |= {
                "container": {"type": "view", "view_id": place.id},
                "view": copy.deepcopy(place.wire),
            }
        else:
            assert channel is not None
            payload |= self._message_place(
                user, channel, message, is_ephemeral=isinstance(place, Ephemeral)
            )
        return self._send(payload, f"{action_id}:{action['action_ts']}")

    def _action(self, block: Wire, element: Wire, value: str | None) -> Wire:
        action: Wire = {
            "action_id": element.get("action_id", ""),
            "block_id": block["block_id"],
            "type": element["type"],
        }
        action["action_ts"] = self._sim.workspace.new_ts()
        if element["type"] == "button":
            return action | {
                key: element[key] for key in ("text", "value", "style") if key in element
            }
        if element["type"] == "overflow":
            chosen = [
                option
                for option in all_options(element)
                if value in (option["value"], option["text"]["text"])
            ]
            if not chosen:
                raise SlackError("no_such_option")
            return action | {"selected_option": chosen[0]}
        by_text = {option["text"]["text"]: option["value"] for option in all_options(element)}
        return action | element_value(element, by_text.get(value or "", value or ""))

    def _message_place(
        self, user: User, channel: Channel, message: Wire, *, is_ephemeral: bool
    ) -> Wire:
        container: Wire = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id}
        container["is_ephemeral"] = is_ephemeral
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        place: Wire = {
            "container": container,
            "channel": {"id": channel.id, "name": _channel_name(channel)},
        }
        place |= {
            "state": {"values": {}},
            "response_url": self._response_url(user, channel, message["ts"]),
        }
        if not is_ephemeral:
            shown = copy.deepcopy(message)
            shown.pop("metadata", None)
            place["message"] = shown
        return place

    # ------------------------------------------------------------------------------------------ views
    def submit(self, view: View) -> Answer:
        """Send a filled-in modal. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
        payload = self._base("view_submission", self._sim.workspace.user(view.user_id))
        payload |= {"view": copy.deepcopy(view.wire), "response_urls": []}
        answer = self._send(payload, view.id)
        if answer.ok:
            self._after_submit(view, answer.body)
        return answer

    def _after_submit(self, view: View, body: Wire) -> None:
        """https://docs.slack.dev/surfaces/modals#handling-submissions"""
        todo = body.get("response_action")
        views = self._sim.views
        if todo == "errors":
            view.errors = {str(key): str(text) for key, text in body["errors"].items()}
            self._sim.workspace.touch()
        elif todo == "update":
            views.update(body["view"], view_id=view.id)
        elif todo == "push":
            views.put_on_top(view.user_id, body["view"])
        else:
            views.close(view, everything=todo == "clear")

    def close(self, view: View, *, everything: bool = False) -> None:
        """Close a modal; the app hears of it where it asked to."""
        for gone in self._sim.views.close(view, everything=everything):
            if gone.wire["notify_on_close"]:
                payload = self._base("view_closed", self._sim.workspace.user(gone.user_id))
                payload.pop("trigger_id")
                self._send(
                    payload | {"view": copy.deepcopy(gone.wire), "is_cleared": everything}, gone.id
                )

    # ------------------------------------------------------------------------------------------ shortcuts and commands
    def shortcut(self, user: User, callback_id: str, channel: Channel | None = None, message: Wire | None = None) -> Answer:  # fmt: skip
        """https://docs.slack.dev/interactivity/implementing-shortcuts"""
        shortcut = next(
            (item for item in self._sim.app.shortcuts if item.callback_id == callback_id), None
        )
        if shortcut is None:
            raise SlackError("no_such_shortcut")
        kind = "message_action" if shortcut.kind == "message" else "shortcut"
        payload = self._base(kind, user) | {
            "callback_id": callback_id,
            "action_ts": self._sim.workspace.new_ts(),
        }
        if kind == "message_action":
            if channel is None or message is None:
                raise SlackError("message_not_found")
            shown = copy.deepcopy(message)
            shown.pop("metadata", None)
            payload |= {
                "channel": {"id": channel.id, "name": _channel_name(channel)},
                "message": shown,
            }
            payload |= {
                "message_ts": message["ts"],
                "response_url": self._response_url(user, channel, message["ts"]),
            }
        return self._send(payload, callback_id)

    def command(self, user: User, channel: Channel, command: str, text: str) -> Answer:
        """https://docs.slack.dev/interactivity/implementing-slash-commands; the answer is shown to this person."""
        sim = self._sim
        if command not in sim.app.commands:
            raise SlackError("no_such_command")
        sent = sim.workspace.wire_text(text) if sim.app.commands[command] else text
        form = {
            "token": sim.app.verification_token,
            "team_id": sim.workspace.team_id,
            "team_domain": sim.workspace.domain,
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": sent,
            "api_app_id": sim.app.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel, ""),
            "trigger_id": sim.views.new_trigger(user),
        }
        answer = _read(sim.courier.send_command(form), is_command=True)
        if answer.ok and answer.body:
            self._say(user, channel, answer.body)
        return answer

    # ------------------------------------------------------------------------------------------ response addresses
    def respond(self, key: str, payload: Wire) -> str:
        """What an app posts to a response_url; gives an error word, "" when it was done."""
        user_id, channel_id, ts, until, n_left = self._response_urls.get(key, ("", "", "", 0.0, 0))
        if not user_id:
            return "invalid_url"
        if n_left < 1 or self._sim.workspace.now() > until:
            return "used_url" if n_left < 1 else "expired_url"
        if payload.get("blocks") and check_message(payload["blocks"]):
            return "invalid_blocks"
        self._response_urls[key] = (user_id, channel_id, ts, until, n_left - 1)
        workspace = self._sim.workspace
        user, channel = workspace.user(user_id), workspace.channel(channel_id)
        with workspace.lock:
            old = [shown for shown in workspace.ephemerals if shown.ts == ts]
            if payload.get("delete_original") or payload.get("replace_original"):
                workspace.ephemerals = [shown for shown in workspace.ephemerals if shown.ts != ts]
                if not old and ts in channel.messages and not payload.get("delete_original"):
                    workspace.change(
                        channel, ts, _content(payload), editor=self._sim.app.bot_user_id
                    )
                    return ""
            if not payload.get("delete_original"):
                self._say(user, channel, payload)
            workspace.touch()
        return ""

    def _say(self, user: User, channel: Channel, payload: Wire) -> None:
        app = self._sim.app
        fields = _content(payload) | {"bot_id": app.bot_id, "app_id": app.app_id}
        if payload.get("response_type") == "in_channel":
            text = fields.pop("text", "")
            self._sim.workspace.post(
                app.bot_user_id, channel, text, blocks=fields.pop("blocks", None), **fields
            )
        else:
            self._sim.workspace.show(user, channel, fields | {"user": app.bot_user_id})

    def _response_url(self, user: User, channel: Channel, ts: str) -> str:
        key = self._sim.workspace.new_id("R")
        until = self._sim.workspace.now() + RESPONSE_S
        self._response_urls[key] = (user.id, channel.id, ts, until, RESPONSE_USES)
        return f"{self._sim.url}/hooks/actions/{key}"

    # ------------------------------------------------------------------------------------------ the envelope
    def _base(self, kind: str, user: User) -> Wire:
        sim = self._sim
        return {
            "type": kind,
            "team": {"id": sim.workspace.team_id, "domain": sim.workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": user.team_id,
            },
            "api_app_id": sim.app.app_id,
            "token": sim.app.verification_token,
            "trigger_id": sim.views.new_trigger(user),
        }

    def _send(self, payload: Wire, key: str) -> Answer:
        return _read(self._sim.courier.send_interaction(payload, key))


def _read(delivery: Delivery, *, is_command: bool = False) -> Answer:
    """The app's answer; anything but 2xx in time is what Slack shows as a warning sign."""
    if not delivery.ok:
        return Answer(delivery.status, {}, delivery.error or "http_error")
    text = delivery.answer.decode("utf-8", "replace").strip()
    if not text:
        return Answer(delivery.status)
    try:
        body = json.loads(text)
    except ValueError:
        body = {"text": text} if is_command else None
    if not isinstance(body, dict):
        return Answer(delivery.status, {}, "invalid_response")
    return Answer(delivery.status, body)


def _content(payload: Wire) -> Wire:
    return {
        key: payload[key]
        for key in ("text", "blocks", "attachments")
        if payload.get(key) is not None
    }


def _channel_name(channel: Channel) -> str:
    """https://docs.slack.dev/reference/interaction-payloads: direct messages and private groups have fixed names."""
    return (
        "directmessage" if channel.is_im else "privategroup" if channel.is_private else channel.name
    )


def _find(message: Wire, action_id: str, block_id: str) -> tuple[Wire, Wire]:
    blocks: list[Any] = list(message.get("blocks") or [])
    for attachment in message.get("attachments") or []:
        blocks += attachment.get("blocks") or []
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and block_id in ("", block["block_id"]):
            return block, element
    raise SlackError("no_such_action")
