"""Modals, Home tabs and the triggers that may open them.

https://docs.slack.dev/surfaces/modals: a trigger lives 3 seconds and works once; a stack holds 3 views; ``hash`` refuses
an update of a view that has changed since. https://docs.slack.dev/reference/methods/views.open lists the errors.
"""

import copy
import json
from collections import defaultdict
from collections.abc import Iterator

from bot.simulator.app import App
from bot.simulator.block_kit import MAX_VIEW_BYTES, check_view
from bot.simulator.records import SlackError, User, View, Wire
from bot.simulator.workspace import Workspace

TRIGGER_S = 3.0
MAX_STACK = 3
_TEXTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")


class Views:
    """What each person has open, and the Home tab each was given."""

    def __init__(self, workspace: Workspace, app: App) -> None:
        self._workspace = workspace
        self._app = app
        self._triggers: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()
        self.stacks: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}

    def new_trigger(self, user: User) -> str:
        """What an interaction carries, so that the app may open something for this person."""
        trigger = f"{self._workspace.new_id('')}.{self._workspace.team_id}.{self._workspace.new_id('')}".lower()
        self._triggers[trigger] = (user.id, self._workspace.now() + TRIGGER_S)
        return trigger

    def use_trigger(self, trigger: str) -> str:
        """Whom the trigger stands for; it is used up. SlackError when it is unknown, used or old."""
        if trigger in self._used:
            raise SlackError("exchanged_trigger_id")
        user_id, until = self._triggers.get(trigger, ("", 0.0))
        if not user_id:
            raise SlackError("invalid_trigger_id")
        if self._workspace.now() > until:
            raise SlackError("expired_trigger_id")
        self._used.add(trigger)
        return user_id

    def open(self, trigger: str, wire: Wire) -> View:
        """A modal in front of everything else this person has open."""
        self._check(wire, "modal")
        view = self._new(self.use_trigger(trigger), wire)
        self.stacks[view.user_id] = [view]
        self._workspace.touch()
        return view

    def push(self, trigger: str, wire: Wire) -> View:
        """A modal on top of the open one."""
        self._check(wire, "modal")
        return self.put_on_top(self.use_trigger(trigger), wire)

    def put_on_top(self, user_id: str, wire: Wire) -> View:
        """``push`` without a trigger, as an answer to a submission may do."""
        self._check(wire, "modal")
        stack = self.stacks[user_id]
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(user_id, wire)
        view.wire |= {"root_view_id": stack[0].id, "previous_view_id": stack[-1].id}
        stack.append(view)
        self._workspace.touch()
        return view

    def update(
        self, wire: Wire, *, view_id: str = "", external_id: str = "", hash_: str = ""
    ) -> View:
        """Another content for an open modal."""
        self._check(wire, "modal")
        view = self.find(view_id, external_id)
        if hash_ and hash_ != view.wire["hash"]:
            raise SlackError("hash_conflict")
        self._fill(view, wire)
        view.errors.clear()
        self._workspace.touch()
        return view

    def publish(self, user: User, wire: Wire, *, hash_: str = "") -> View:
        """The Home tab of one person."""
        self._check(wire, "home")
        view = self.homes.get(user.id)
        if view and hash_ and hash_ != view.wire["hash"]:
            raise SlackError("hash_conflict")
        if view is None:
            view = self.homes[user.id] = self._new(user.id, wire)
        self._fill(view, wire)
        self._workspace.touch()
        return view

    def find(self, view_id: str = "", external_id: str = "") -> View:
        """An open modal or a Home tab. SlackError not_found."""
        for view in [
            *(view for stack in self.stacks.values() for view in stack),
            *self.homes.values(),
        ]:
            if view_id == view.id or (external_id and external_id == view.wire["external_id"]):
                return view
        raise SlackError("not_found")

    def top(self, user: User) -> View | None:
        """What this person sees in front."""
        stack = self.stacks[user.id]
        return stack[-1] if stack else None

    def close(self, view: View, *, everything: bool = False) -> list[View]:
        """Take a view away, and with it what lies on it; ``everything``: the whole stack. Gives what went."""
        stack = self.stacks[view.user_id]
        if view not in stack:
            return []
        index = 0 if everything else stack.index(view)
        gone = stack[index:]
        del stack[index:]
        self._workspace.touch()
        return gone

    def set_state(self, view: View, values: Wire) -> None:
        """What the person has filled in so far."""
        view.wire["state"] = {"values": values}

    def _check(self, wire: object, kind: str) -> None:
        problems = check_view(wire)
        if problems or not isinstance(wire, dict) or wire["type"] != kind:
            messages = [
                f"[ERROR] {problem}" for problem in problems or [f"view: expected a {kind}"]
            ]
            raise SlackError("invalid_arguments", response_metadata={"messages": messages})
        if len(json.dumps(wire).encode()) > MAX_VIEW_BYTES:
            raise SlackError("view_too_large")

    def _new(self, user_id: str, wire: Wire) -> View:
        external_id = wire.get("external_id", "")
        if external_id and any(
            view.wire["external_id"] == external_id
            for stack in self.stacks.values()
            for view in stack
        ):
            raise SlackError("duplicate_external_id")
        view = View(self._workspace.new_id("V"), user_id, {})
        self._fill(view, wire)
        return view

    def _fill(self, view: View, wire: Wire) -> None:
        """The view object that Slack keeps: what was given, and its own fields."""
        kept = {
            key: view.wire[key] for key in ("root_view_id", "previous_view_id") if key in view.wire
        }
        state = view.wire.get("state", {"values": {}})
        blocks = [
            {"block_id": self._workspace.new_id("b")[-5:], **block}
            for block in copy.deepcopy(wire["blocks"])
        ]
        view.wire = {
            "id": view.id,
            "team_id": self._workspace.team_id,
            "app_id": self._app.app_id,
            "bot_id": self._app.bot_id,
            "app_installed_team_id": self._workspace.team_id,
            "type": wire["type"],
            "callback_id": wire.get("callback_id", ""),
            "external_id": wire.get("external_id", ""),
            "private_metadata": wire.get("private_metadata", ""),
            "title": wire.get("title")
            or {"type": "plain_text", "text": "View Title", "emoji": True},
            "submit": wire.get("submit"),
            "close": wire.get("close"),
            "clear_on_close": bool(wire.get("clear_on_close")),
            "notify_on_close": bool(wire.get("notify_on_close")),
            "blocks": blocks,
            "hash": f"{self._workspace.new_ts().split('.')[0]}.{self._workspace.new_id('h')[-8:].lower()}",
            "root_view_id": view.id,
            "previous_view_id": None,
        } | kept
        view.wire["state"] = {"values": initial_values(blocks)}
        # subtle: an input keeps what was typed when block_id and action_id stay the same
        for block_id, actions in state["values"].items():
            for action_id, value in actions.items():
                if action_id in view.wire["state"]["values"].get(block_id, {}):
                    view.wire["state"]["values"][block_id][action_id] = value


def elements(blocks: list[Wire]) -> Iterator[tuple[Wire, Wire]]:
    """(block, element) for everything a person can click or fill in."""
    for block in blocks:
        if block.get("type") == "actions":
            for element in block["elements"]:
                yield block, element
        elif block.get("type") == "section" and block.get("accessory"):
            yield block, block["accessory"]
        elif block.get("type") == "input":
            yield block, block["element"]


def initial_values(blocks: list[Wire]) -> Wire:
    """``state.values`` before anybody touched anything. Buttons, overflows and images have none."""
    values: Wire = {}
    for block, element in elements(blocks):
        if element["type"] in ("button", "overflow", "image"):
            continue
        value = element_value(element, None)
        values.setdefault(block["block_id"], {})[element.get("action_id", "")] = value
    return values


def element_value(element: Wire, given: object) -> Wire:
    """The state of one element: its initial one when ``given`` is None, else what a person chose.

    ``given`` is the text of an input, the value of an option, or a list of such values; "" chooses nothing.
    """
    kind = element["type"]
    if kind in _TEXTS:
        text = element.get("initial_value") if given is None else str(given)
        return {"type": kind, "value": text or None}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = element.get("initial_options", []) if given is None else _options(element, given)
        return {"type": kind, "selected_options": chosen}
    if kind in ("static_select", "radio_buttons"):
        if given is None:
            return {"type": kind, "selected_option": element.get("initial_option")}
        return {"type": kind, "selected_option": next(iter(_options(element, given)), None)}
    key = {
        "users_select": "selected_user",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
    }.get(kind, "value")
    initial = element.get({"datepicker": "initial_date", "timepicker": "initial_time"}.get(kind, "initial_" + key.removeprefix("selected_")))  # fmt: skip
    return {"type": kind, key: initial if given is None else given or None}


def all_options(element: Wire) -> list[Wire]:
    """The options of a menu, those of its groups included."""
    grouped = [
        option for group in element.get("option_groups") or [] for option in group["options"]
    ]
    return [*(element.get("options") or []), *grouped]


def _options(element: Wire, given: object) -> list[Wire]:
    wanted = given if isinstance(given, list) else [given]
    chosen = [option for option in all_options(element) if option["value"] in wanted]
    if len(chosen) < len([value for value in wanted if value]):
        raise SlackError("no_such_option")
    return chosen
