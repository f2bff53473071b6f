"""What one person sees at this moment, as JSON for the page."""

import copy
from typing import TYPE_CHECKING

from bot.simulator.records import Channel, SlackError, User, View, Wire

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

MAX_MESSAGES = 200
MAX_TRAFFIC = 80


def snapshot(
    sim: "Simulator", who: User, channel_ref: str, thread_ts: str, *, seen: bool = False
) -> Wire:
    """Channels, people, the open channel and thread, modal and Home of ``who``. ``seen``: they look at the channel now."""
    workspace = sim.workspace
    with workspace.lock:
        channel = _channel(sim, who, channel_ref)
        if channel and seen and who.id in channel.members and channel.messages:
            workspace.seen[who.id, channel.id] = next(reversed(channel.messages))
        modal = sim.views.top(who)
        return {
            "n": workspace.n_changes,
            "team": {"id": workspace.team_id, "name": workspace.name},
            "app": _app(sim, who),
            "me": who.id,
            "people": {user.id: _person(user) for user in workspace.users.values()},
            "channels": [
                _row(sim, who, item)
                for item in workspace.channels.values()
                if _is_visible(who, item)
            ],
            "channel": _open_channel(sim, who, channel) if channel else None,
            "thread": _thread(sim, who, channel, thread_ts) if channel and thread_ts else None,
            "modal": _view(modal, len(sim.views.stacks[who.id])) if modal else None,
            "home": _view(sim.views.homes[who.id], 1) if who.id in sim.views.homes else None,
            "guide": sim.guide.wire(sim),
            "traffic": _traffic(sim),
        }


def _channel(sim: "Simulator", who: User, ref: str) -> Channel | None:
    try:
        channel = sim.workspace.channel(ref)
    except SlackError:
        mine = [
            item
            for item in sim.workspace.channels.values()
            if who.id in item.members and not item.is_im
        ]
        return mine[0] if mine else None
    return channel if _is_visible(who, channel) else None


def _is_visible(who: User, channel: Channel) -> bool:
    return who.id in channel.members or not (channel.is_private or channel.is_im)


def _person(user: User) -> Wire:
    return {
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "persona": user.persona,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
    }


def _app(sim: "Simulator", who: User) -> Wire:
    app = sim.app
    events = [item for item in sim.deliveries[-20:] if item.kind == "event"]
    return {
        "name": app.name,
        "user": app.bot_user_id,
        "bot_id": app.bot_id,
        "direct": sim.workspace.direct(who, app.bot_user_id).id,
        "commands": sorted(app.commands),
        "shortcuts": [
            {"id": item.callback_id, "name": item.name, "kind": item.kind} for item in app.shortcuts
        ],
        "is_silent": bool(events) and not any(item.ok for item in events[-3:]),
    }


def _row(sim: "Simulator", who: User, channel: Channel) -> Wire:
    others = [member for member in channel.members if member != who.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "with": (others or [who.id])[0] if channel.is_im else "",
        "is_member": who.id in channel.members,
        "has_app": sim.app.bot_user_id in channel.members,
        "n_unread": sim.workspace.n_unread(who, channel) if who.id in channel.members else 0,
    }


def _open_channel(sim: "Simulator", who: User, channel: Channel) -> Wire:
    messages = sim.workspace.top_level(channel)[-MAX_MESSAGES:]
    shown = [_message(message) for message in messages] + _hints(sim, who, channel, "")
    return _row(sim, who, channel) | {
        "topic": channel.topic or channel.purpose,
        "n_members": len(channel.members),
        "messages": sorted(shown, key=lambda message: message["ts"]),
    }


def _thread(sim: "Simulator", who: User, channel: Channel, ts: str) -> Wire | None:
    try:
        messages = sim.workspace.thread(channel, ts)
    except SlackError:
        return None
    shown = [_message(message) for message in messages] + _hints(
        sim, who, channel, messages[0]["ts"]
    )
    return {"ts": messages[0]["ts"], "messages": sorted(shown, key=lambda message: message["ts"])}


def _hints(sim: "Simulator", who: User, channel: Channel, thread_ts: str) -> list[Wire]:
    return [
        _message(shown.message)
        for shown in sim.workspace.ephemerals
        if shown.user_id == who.id
        and shown.channel_id == channel.id
        and shown.message.get("thread_ts", "") == thread_ts
    ]


def _message(message: Wire) -> Wire:
    kept = copy.deepcopy(message)
    for key in ("metadata", "bot_profile", "client_msg_id", "team", "root"):
        kept.pop(key, None)
    return kept


def _view(view: View, depth: int) -> Wire:
    keys = ("id", "type", "title", "submit", "close", "blocks", "hash", "callback_id", "state")
    return {key: copy.deepcopy(view.wire[key]) for key in keys} | {
        "errors": dict(view.errors),
        "depth": depth,
    }


def _traffic(sim: "Simulator") -> list[Wire]:
    """The last requests both ways: what, when, how it went. No bodies."""
    to_app: list[Wire] = [
        {"at": item.at, "way": "out", "what": f"{item.kind} {item.what}", "try": item.attempt, "status": item.status, "ms": round(item.ms), "error": item.error}
        for item in sim.deliveries[-MAX_TRAFFIC:]
    ]  # fmt: skip
    from_app: list[Wire] = [
        {"at": call.at, "way": "in", "what": call.method, "try": 0, "status": call.status, "ms": round(call.ms), "error": call.error}
        for call in sim.calls[-MAX_TRAFFIC:]
    ]  # fmt: skip
    return sorted(to_app + from_app, key=lambda row: row["at"])[-MAX_TRAFFIC:]
