"""chat.*: posting, changing, deleting. https://docs.slack.dev/reference/methods?family=chat"""

import re
from typing import Any

from bot.simulator.block_kit import check_message, is_too_long
from bot.simulator.methods import Request, method
from bot.simulator.records import Channel, SlackError, Wire

_EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]+")


def _content(request: Request) -> Wire:
    """Text, blocks and attachments, checked as Slack checks them."""
    content: Wire = {}
    if "text" in request.args:
        content["text"] = request.text("text")
    blocks = request.json("blocks", "invalid_blocks_format")
    if blocks is not None:
        if problems := check_message(blocks):
            messages = [f"[ERROR] {problem}" for problem in problems]
            raise SlackError(
                "invalid_blocks", errors=problems, response_metadata={"messages": messages}
            )
        if is_too_long(blocks):
            raise SlackError("msg_blocks_too_long")
        content["blocks"] = blocks
    attachments = request.json("attachments", "invalid_attachments")
    if attachments is not None:
        content["attachments"] = attachments
    return content


def _metadata(request: Request) -> tuple[Any, Wire]:
    """The metadata and a warning. https://docs.slack.dev/messaging/message-metadata: what does not fit is dropped, and
    the message goes out without it."""
    metadata = request.json("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata, {}
    fits = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
        and _EVENT_TYPE.fullmatch(metadata["event_type"])
    )
    if fits:
        return metadata, {}
    warning = "invalid_metadata_schema"
    return None, {"warning": warning, "response_metadata": {"warnings": [warning]}}


def _target(request: Request) -> Channel:
    """Where to post: a channel by id or name, or a person, whose direct messages with the app it then means."""
    workspace = request.sim.workspace
    ref = request.text("channel")
    if ref in workspace.users:
        channel = workspace.direct(request.caller, ref)
    else:
        channel = request.channel()
    if channel.is_im and request.token.is_bot and not request.sim.app.has_messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def _bot_fields(request: Request) -> Wire:
    app = request.sim.app
    if not request.token.is_bot:
        return {"app_id": app.app_id}
    profile = {"id": app.bot_id, "app_id": app.app_id, "name": app.name, "deleted": False, "team_id": request.sim.workspace.team_id}  # fmt: skip
    return {"bot_id": app.bot_id, "app_id": app.app_id, "bot_profile": profile}


@method("chat.postMessage", "chat:write", tier=4)
def post_message(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/chat.postMessage"""
    channel = _target(request)
    content = _content(request)
    if not content.get("text") and not content.get("blocks") and not content.get("attachments"):
        raise SlackError("no_text")
    metadata, warning = _metadata(request)
    more = {"attachments": content["attachments"]} if content.get("attachments") else {}
    if metadata:
        more["metadata"] = metadata
    message = request.sim.workspace.post(
        request.caller,
        channel,
        content.get("text", ""),
        blocks=content.get("blocks"),
        thread_ts=request.text("thread_ts"),
        broadcast=request.flag("reply_broadcast"),
        **more,
        **_bot_fields(request),
    )
    return {"channel": channel.id, "ts": message["ts"], "message": message} | warning


def _own(request: Request, code: str) -> tuple[Channel, Wire]:
    channel = request.channel()
    message = request.sim.workspace.message(channel, request.text("ts"))
    if message.get("user") != request.token.user_id:
        raise SlackError(code)
    return channel, message


@method("chat.update", "chat:write")
def update(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/chat.update: what is not given stays, blocks and metadata too."""
    channel, message = _own(request, "cant_update_message")
    content = _content(request)
    if not content:
        raise SlackError("no_text")
    metadata, warning = _metadata(request)
    if metadata is not None:
        content["metadata"] = metadata
    changed = request.sim.workspace.change(
        channel, message["ts"], content, editor=request.token.user_id
    )
    return {
        "channel": channel.id,
        "ts": message["ts"],
        "text": changed.get("text", ""),
        "message": changed,
    } | warning


@method("chat.delete", "chat:write")
def delete(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/chat.delete: a bot its own, a person what they may delete in Slack."""
    channel = request.channel()
    ts = request.text("ts")
    message = request.sim.workspace.message(channel, ts)
    is_own = message.get("user") == request.token.user_id
    if not is_own and (request.token.is_bot or not request.caller.is_admin):
        raise SlackError("cant_delete_message")
    if request.sim.keeps_for_compliance:
        raise SlackError("compliance_exports_prevent_deletion")
    request.sim.workspace.remove(channel, ts)
    return {"channel": channel.id, "ts": ts}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral: no promise that it is seen, and none is."""
    channel = request.channel()
    workspace = request.sim.workspace
    if request.token.user_id not in channel.members:
        raise SlackError("not_in_channel")
    user = workspace.user(request.text("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(request)
    if not content.get("text") and not content.get("blocks") and not content.get("attachments"):
        raise SlackError("no_text")
    if not user.is_active:
        return {"message_ts": workspace.new_ts()}
    message = content | {"user": request.token.user_id} | _bot_fields(request)
    shown = workspace.show(user, channel, message, thread_ts=request.text("thread_ts"))
    return {"message_ts": shown.ts}


@method("chat.getPermalink")
def get_permalink(request: Request) -> Wire:
    """https://docs.slack.dev/reference/methods/chat.getPermalink: no scope, but the channel must be visible."""
    channel = request.channel()
    message = request.sim.workspace.message(channel, request.text("message_ts"))
    return {
        "channel": channel.id,
        "permalink": request.sim.permalink(channel.id, message["ts"], message.get("thread_ts", "")),
    }
