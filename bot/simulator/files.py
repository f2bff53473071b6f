"""Uploaded files: the file object in a message, and the bytes behind its private address.

https://docs.slack.dev/reference/objects/file-object and https://docs.slack.dev/reference/events/message/file_share
"""

import mimetypes
from pathlib import PurePosixPath

from bot.simulator.records import Channel, StoredFile, User, Wire
from bot.simulator.workspace import Workspace

#: Slack's own words for file types, where they differ from the ending. https://docs.slack.dev/reference/objects/file-object#types
_TYPES = {"txt": "text", "log": "text", "py": "python", "js": "javascript", "md": "markdown", "yml": "yaml", "sh": "shell"}  # fmt: skip
_PRETTY = {"text": "Plain Text", "csv": "CSV", "json": "JSON", "pdf": "PDF", "yaml": "YAML", "sql": "SQL", "xml": "XML", "html": "HTML", "docx": "Word Document"}  # fmt: skip
_TEXTS = {
    "text",
    "csv",
    "json",
    "markdown",
    "python",
    "javascript",
    "yaml",
    "shell",
    "sql",
    "xml",
    "html",
}


def upload(
    workspace: Workspace,
    user: User,
    channel: Channel,
    name: str,
    content: bytes,
    text: str = "",
    *,
    thread_ts: str = "",
) -> tuple[StoredFile, Wire]:
    """Store a file and share it in a message, with ``text`` (wire) as its comment."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    filetype = _TYPES.get(ending, ending) or "text"
    file_id = workspace.new_id("F")
    private = f"{workspace.files_url}/files-pri/{workspace.team_id}-{file_id}/{name}"
    wire: Wire = {
        "id": file_id,
        "created": int(workspace.now()),
        "timestamp": int(workspace.now()),
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "text/plain",
        "filetype": filetype,
        "pretty_type": _PRETTY.get(filetype, filetype.capitalize()),
        "user": user.id,
        "user_team": workspace.team_id,
        "mode": "snippet" if filetype in _TEXTS else "hosted",
        "editable": filetype in _TEXTS,
        "is_external": False,
        "is_public": not channel.is_private,
        "size": len(content),
        "url_private": private,
        "url_private_download": private.replace("/files-pri/", "/files-pri/download/", 1),
        "permalink": f"{workspace.files_url}/files/{user.id}/{file_id}/{name}",
        "file_access": "visible",
    }
    if filetype in _TEXTS:
        shown = content.decode("utf-8", "replace")
        wire["preview"] = "\n".join(shown.splitlines()[:5])[:500]
        wire["lines"] = shown.count("\n") + 1
    stored = StoredFile(file_id, name, content, wire, channel.id)
    workspace.files[file_id] = stored
    message = workspace.post(
        user,
        channel,
        text,
        thread_ts=thread_ts,
        subtype="file_share",
        files=[wire],
        upload=False,
        display_as_bot=False,
    )
    return stored, message
