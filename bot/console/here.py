"""What a view knows about its request: who asks, in which workspace, in which session, with which parts.

Only inside a request of the console. ``person``, ``tenant`` and ``session`` need somebody who is signed in, which
every view has that is not ``@public``.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import quote

from flask import current_app, g, request

from bot.build import Parts
from bot.records import Person

if TYPE_CHECKING:
    from bot.console import Console

EXTENSION = "piiguard_console"
Theme = Literal["auto", "light", "dark"]
Density = Literal["compact", "comfortable"]


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``signed_in_at``: when a password or provider last said who this is."""

    id: str
    person_id: str
    tenant: str
    signed_in_at: datetime
    review_session_until: datetime | None = None
    reveal_reason: str = ""
    data: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person likes the console. ``has_keys``: keys without a modifier do something."""

    theme: Theme = "auto"
    density: Density = "compact"
    has_keys: bool = True
    time_zone: str = "UTC"
    #: {"c": "y"}: what the key c does by default is done by y.
    keymap: dict[str, str] = field(default_factory=dict)


def console() -> "Console":
    """The console of this application."""
    return cast("Console", current_app.extensions[EXTENSION])


def parts() -> Parts:
    """Everything that runs in this process."""
    return console().parts


def person() -> Person:
    """Who is signed in."""
    found = person_or_none()
    assert found is not None, "a view that is not public, or nobody is signed in"
    return found


def person_or_none() -> Person | None:
    """Who is signed in, None on the sign-in page."""
    return cast("Person | None", g.get("console_person"))


def tenant() -> str:
    """The workspace that is looked at; every read and write is about it."""
    return person().tenant


def session() -> Session:
    """The session of this request."""
    found = g.get("console_session")
    assert found is not None, "nobody is signed in"
    return cast(Session, found)


def change_session(**data: Any) -> None:
    """Keep codes and times with the session, such as ``reveal_reason``; None removes one. Never message text."""
    console().visits.change(**data)


def is_fresh(within_s: float) -> bool:
    """True when the person proved who they are so short a time ago; else send them to ``again_url()``."""
    return datetime.now(UTC) - session().signed_in_at <= timedelta(seconds=within_s)


def again_url(next_url: str = "") -> str:
    """Where to sign in afresh, and to come back from. Of a form that was posted, name the page in ``next_url``."""
    if not next_url and request.method == "GET":
        next_url = request.full_path.rstrip("?")
    return "/login/again" + (f"?next={quote(next_url)}" if next_url else "")


def preferences() -> Preferences:
    """How this person likes the console; the default for nobody."""
    return cast(Preferences, g.get("console_preferences") or Preferences())


def wants_fragment() -> bool:
    """True when one of our scripts asks for a part of the page (header ``X-Fragment: 1``)."""
    return request.headers.get("X-Fragment") == "1"


def is_demo() -> bool:
    """True in the demo: throw-away data, people to switch between."""
    return console().is_demo
