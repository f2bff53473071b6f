"""What the simulated Slack holds: people, channels, files, views, tokens, and the calls it saw.

Messages themselves stay what they are on the wire, a dict of Slack's own field names: whatever a caller reads from
`conversations.history` is what was stored.
"""

from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]


class SlackError(Exception):
    """Slack said no. ``code`` is the word it says it with; ``more`` goes into the answer beside it."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass(slots=True)
class User:
    """A person, or the user of a bot. ``is_active``: shown as present; ephemerals reach nobody else."""

    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    persona: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_active: bool = True
    deleted: bool = False
    team_id: str = ""

    def wire(self, *, with_email: bool = False) -> Wire:
        """As users.list and users.info show them. https://docs.slack.dev/reference/objects/user-object"""
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": self.real_name.split()[0],
            "last_name": " ".join(self.real_name.split()[1:]),
            "title": self.title,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "tz": "Etc/UTC",
            "tz_offset": 0,
            "profile": profile,
        }


@dataclass(slots=True)
class Channel:
    """A channel, or a direct message (``is_im``) between two users. ``messages`` is ordered by ts."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_general: bool = False
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    created: int = 0
    messages: dict[str, Wire] = field(default_factory=dict, repr=False)

    @property
    def type(self) -> str:
        """The word in ``channel_type`` of a message event."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def wire(self, viewer: str) -> Wire:
        """As conversations.info shows it. https://docs.slack.dev/reference/objects/conversation-object"""
        wire: Wire = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "is_org_shared": False,
            "is_ext_shared": False,
        }
        if self.is_im:
            others = [member for member in self.members if member != viewer]
            return wire | {"user": others[0] if others else viewer, "is_open": True}
        return wire | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.is_general,
            "is_member": viewer in self.members,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class StoredFile:
    """A file somebody uploaded; ``wire`` is its file object."""

    id: str
    name: str
    content: bytes = field(repr=False)
    wire: Wire = field(repr=False)
    channel_id: str = ""


@dataclass(slots=True)
class Ephemeral:
    """A message that one person sees in one channel. It is in no history."""

    ts: str
    channel_id: str
    user_id: str
    message: Wire = field(repr=False)


@dataclass(slots=True)
class View:
    """An open modal, or a published Home tab. ``wire`` is the view object with id, hash and state."""

    id: str
    user_id: str
    wire: Wire = field(repr=False)
    errors: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """Who calls the Web API, and what they may."""

    value: str = field(repr=False)
    user_id: str
    scopes: frozenset[str]
    is_bot: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a Web API method, as it came in and as it was answered.

    ``status`` is 0 where the connection was cut. ``body`` is the raw request, for canary searches.
    """

    at: float
    method: str
    args: Wire = field(repr=False)
    body: bytes = field(repr=False)
    status: int
    answer: Wire = field(repr=False)
    ms: float
    token_user: str = ""

    @property
    def error(self) -> str:
        """Slack's word for what went wrong, "" when nothing did."""
        return str(self.answer.get("error", "")) if self.status else "connection_cut"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request that Slack made to the app. ``status`` is 0 when no answer came in time; ``error`` then says why."""

    at: float
    kind: str
    what: str
    key: str
    attempt: int
    status: int
    ms: float
    error: str = ""
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    answer: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """True when the app answered 2xx in time."""
        return 200 <= self.status < 300
