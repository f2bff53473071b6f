"""What travels between ingress, worker, store, Slack and console: frozen records. Text stays out of every repr."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from piiguard.labels import Severity
from piiguard.messages import Markup

Role = Literal["viewer", "reviewer", "compliance", "ml", "admin", "auditor"]
FlagState = Literal[
    "open", "second_opinion", "confirmed", "corrected", "not_pii", "accepted_risk", "duplicate", "resolved", "superseded"
]  # fmt: skip
#: States that a person still has to look at.
PENDING: frozenset[str] = frozenset({"open", "second_opinion"})
#: The same, and the states that follow from the message; in every other one a person has decided.
UNDECIDED: frozenset[str] = PENDING | {"resolved", "superseded"}
Decision = Literal[
    "confirm", "not_pii", "correct", "accept_risk", "duplicate", "second_opinion", "undo", "note"
]
Surface = Literal["slack", "console", "api", "system"]


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of a message, as Slack describes it. ``must_ask``: Slack Connect, files.info comes first."""

    id: str
    name: str = field(repr=False)
    filetype: str = ""
    mimetype: str = ""
    size_bytes: int = 0
    url: str = field(default="", repr=False)
    must_ask: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a message that is scanned on its own: "text", "blocks", "attachments[0]", "file:F1", "file_name:F1".

    ``unread`` says why a part could not be read ("too large", "type not read"); its text is then empty.
    """

    name: str
    text: str = field(repr=False)
    markup: Markup = "slack"
    unread: str = ""


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One version of one message. (tenant, channel_id, ts) names the message, ``version`` orders its versions."""

    tenant: str
    channel_id: str
    ts: str
    parts: tuple[Part, ...]
    version: str
    user_id: str = ""
    thread_ts: str = ""
    client_msg_id: str = ""
    bot_id: str = ""
    app_id: str = ""
    files: tuple[FileRef, ...] = ()
    is_edit: bool = False
    subtype: str = ""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A message that is gone. A deletion is newer than every version."""

    tenant: str
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Job:
    """An inbox row on loan. ``payload`` is the JSON that came in; it holds message text."""

    id: str
    event_key: str
    kind: str
    tenant: str
    attempts: int
    lease_token: str
    received_at: datetime
    payload: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span in a part of a message. Holds no text. ``prediction`` marks in a flag's history what a model said."""

    part: str
    start: int
    end: int
    label: str
    score: float = 1.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A message that the policy stopped, in the version that was judged. ``number`` is what people call it."""

    id: str
    number: int
    tenant: str
    channel_id: str
    ts: str
    thread_ts: str
    state: FlagState
    version: int
    severity: Severity
    labels: dict[str, int]
    reasons: tuple[str, ...]
    model: str
    score: float
    opened_at: datetime
    content_fp: str
    user_id: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    spans: tuple[FoundSpan, ...] = ()
    predicted: tuple[FoundSpan, ...] = ()
    assignee: str = ""
    snoozed_until: datetime | None = None
    resolved_by: str = ""
    resolved_at: datetime | None = None
    author_answer: str = ""
    seen_before: int = 0
    n_repeats: int = 1
    text_gone: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A person's verdict on a flag. ``signed``: nothing else in the message is personal; only then it may train."""

    id: str
    flag_id: str
    tenant: str
    decision: Decision
    by: str
    at: datetime
    surface: Surface
    reason: str = ""
    note: str = field(default="", repr=False)
    signed: bool = False
    spans: tuple[FoundSpan, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role. ``id`` is the row; in Slack they are ``slack_user_id``."""

    id: str
    tenant: str
    name: str
    roles: frozenset[Role]
    slack_user_id: str = ""
    is_active: bool = True

    def may(self, *roles: Role) -> bool:
        """True when the person has one of ``roles``."""
        return self.is_active and not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Install:
    """A workspace that installed us. ``token`` is opened for use only."""

    tenant: str
    team_name: str
    bot_user_id: str
    bot_id: str
    app_id: str
    token: str = field(repr=False)
    admin_token: str = field(default="", repr=False)
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Send:
    """An outbox row on loan: something to tell Slack. It holds a reference; the payload is made when it is sent."""

    id: str
    tenant: str
    lane: str
    method: str
    ref: str
    rev: int
    attempts: int
    ambiguous: bool
    lease_token: str
    first_sent_at: datetime | None = None
    args: dict[str, Any] = field(default_factory=dict, repr=False)
