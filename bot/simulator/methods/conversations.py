"""conversations.*: channels and what is written there. https://docs.slack.dev/reference/methods?family=conversations"""

import copy

from bot.simulator.methods import Request, method, page
from bot.simulator.records import Channel, SlackError, Wire

_SCOPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
_KINDS = {"channel": "channels", "group": "groups", "im": "im"}


def _need(request: Request, channel: Channel, what: str) -> None:
    request.need(f"{_KINDS[channel.type]}:{what}")


def _readable(request: Request) -> Channel:
    channel = request.channel()
    _need(request, channel, "history")
    if request.token.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _window(request: Request, messages: list[Wire]) -> list[Wire]:
    """oldest and latest are exclusive, unless ``inclusive``."""
    oldest, latest = request.text("oldest", "0"), request.text("latest")
    inclusive = request.flag("inclusive")

    def is_in(ts: str) -> bool:
        at = float(ts)
        after = at > float(oldest) or (inclusive and at == float(oldest))
        return after and (not latest or at < float(latest) or (inclusive and at == float(latest)))

    return [message for message in messages if is_in(message["ts"])]


def _shown(request: Request, messages: list[Wire]) -> list[Wire]:
    """Copies; without include_all_metadata the payload of metadata is left out.

    https://github.com/slackapi/python-slack-sdk/issues/1501
    """
    shown = copy.deepcopy(messages)
    if not request.flag("include_all_metadata"):
        for message in shown:
            if "metadata" in message:
                message["metadata"] = {"event_type": message["metadata"]["event_type"]}
    return shown


@method("conversations.history")
def history(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.history: newest first, replies left out."""
    channel = _readable(request)
    messages = _window(request, request.sim.workspace.top_level(channel))
    found, metadata = page(messages[::-1], request, 100, request.sim.history_page)
    more = bool(metadata["next_cursor"])
    answer: Wire = {"messages": _shown(request, found), "has_more": more, "pin_count": 0}
    return answer | ({"response_metadata": metadata} if more else {})


@method("conversations.replies")
def replies(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.replies: the root, then its replies, oldest first."""
    channel = _readable(request)
    messages = _window(request, request.sim.workspace.thread(channel, request.text("ts")))
    found, metadata = page(messages, request, 1000, request.sim.history_page)
    more = bool(metadata["next_cursor"])
    answer: Wire = {"messages": _shown(request, found), "has_more": more}
    return answer | ({"response_metadata": metadata} if more else {})


def _listed(request: Request, user_id: str = "") -> list[Wire]:
    """The channels the caller can see, of the kinds asked for; with ``user_id`` those that this user is in."""
    kinds = {kind.strip() for kind in request.text("types", "public_channel").split(",")}
    for kind, scope in _SCOPES.items():
        if kind in kinds:
            request.need(scope)
    names = {"channel": "public_channel", "group": "private_channel", "im": "im"}
    return [
        channel.wire(request.token.user_id)
        for channel in request.sim.workspace.channels.values()
        if names[channel.type] in kinds
        and (channel.type == "channel" or request.token.user_id in channel.members)
        and (not user_id or user_id in channel.members)
        and not (channel.is_archived and request.flag("exclude_archived"))
    ]


@method("conversations.list", tier=2)
def list_(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.list: private ones only where the caller is a member."""
    found, metadata = page(_listed(request), request, 100, 1000)
    return {"channels": found, "response_metadata": metadata}


@method("users.conversations")
def of_user(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/users.conversations: where a user, by default the caller, is a member."""
    user_id = request.text("user") or request.token.user_id
    found, metadata = page(_listed(request, user_id), request, 100, 999)
    return {"channels": found, "response_metadata": metadata}


@method("conversations.info")
def info(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.info"""
    channel = request.channel()
    _need(request, channel, "read")
    return {"channel": channel.wire(request.token.user_id)}


@method("conversations.members", tier=4)
def members(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.members"""
    channel = request.channel()
    _need(request, channel, "read")
    found, metadata = page(channel.members, request, 100, 1000)
    return {"members": found, "response_metadata": metadata}


@method("conversations.join", "channels:join")
def join(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.join: public channels only."""
    channel = request.channel()
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    is_new = request.sim.workspace.join(request.caller, channel)
    wire = {"channel": channel.wire(request.token.user_id)}
    if is_new:
        return wire
    return wire | {
        "warning": "already_in_channel",
        "response_metadata": {"warnings": ["already_in_channel"]},
    }


@method("conversations.open", "im:write")
def open_(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/conversations.open: one user here, groups of them are not simulated."""
    names = [name for name in request.text("users").split(",") if name]
    if len(names) != 1:
        raise SlackError("users_list_not_supplied" if not names else "not_enough_users")
    if names[0] not in request.sim.workspace.users:
        raise SlackError("user_not_found")
    return {"channel": {"id": request.sim.workspace.direct(request.caller, names[0]).id}}
