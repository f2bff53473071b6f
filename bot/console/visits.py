"""Visits: the cookie, the session row behind it, and what Flask calls ``session`` (flash messages, CSRF).

Flask's own session is a cookie that anybody can read; here the cookie is a secret and its content stays with us.
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Request, g, request
from flask.sessions import SecureCookieSession, SessionInterface, SessionMixin
from werkzeug.wrappers import Response

from bot.build import Parts
from bot.console.here import Preferences, Session
from bot.errors import NotFoundError
from bot.records import Person
from bot.store.sessions import SessionRow

_CSRF: Final = "csrf_token"
_FLASHES: Final = "_flashes"


class Visits:
    """Who is at the other end. One for an application."""

    def __init__(self, parts: Parts, *, is_https: bool) -> None:
        self._parts = parts
        self.is_https = is_https
        # the prefix makes browsers refuse the cookie where it is not Secure: on plain http it has none
        prefix = "__Host-" if is_https else ""
        self.cookie = prefix + "piiguard"
        self.nonce_cookie = prefix + "piiguard_form"

    def load(self) -> None:
        """Find out who asks; at most once a request."""
        if "console_person" in g:
            return
        g.console_person, g.console_session, g.console_secret = None, None, ""
        secret = request.cookies.get(self.cookie, "")
        if not secret:
            return
        touch = request.headers.get("X-Unattended") != "1"
        row = self._parts.store.sessions.get(secret, touch=touch)
        if row is None:
            return
        try:
            person = self._parts.store.people.get(row.person_id)
        except NotFoundError:
            return
        if person.is_active and person.tenant == row.tenant:
            self._take(secret, _session_of(row), person)

    def sign_in(self, person: Person) -> None:
        """Open a session with a new secret; a session that this browser had is closed."""
        store = self._parts.store
        self.load()
        if g.console_secret:
            store.sessions.close(g.console_secret)
        data = {
            "address": (request.remote_addr or "")[:45],
            "browser": browser_of(request.user_agent.string),
        }
        secret = store.sessions.open(person.id, person.tenant, data=data)
        row = store.sessions.get(secret)
        assert row is not None
        self._take(secret, _session_of(row), person)
        g.console_new_cookie = secret

    def sign_in_again(self) -> None:
        """The person has just proved again who they are: a new secret for the same session."""
        store = self._parts.store
        secret = store.sessions.rotate(g.console_secret, signed_in_again=True)
        row = store.sessions.get(secret)
        assert row is not None
        self._take(secret, _session_of(row), g.console_person)
        g.console_new_cookie = secret

    def sign_out(self) -> None:
        """End the session of this browser."""
        self.load()
        if g.console_secret:
            self._parts.store.sessions.close(g.console_secret)
        g.console_person, g.console_session, g.console_secret = None, None, ""
        g.console_new_cookie = ""

    def change(self, **data: Any) -> None:
        """Keep something with the session of this request."""
        texts = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in data.items()
        }
        g.console_session = _session_of(
            self._parts.store.sessions.change(g.console_secret, **texts)
        )

    def csrf_of(self, secret: str) -> str:
        """The token of a session's forms: it changes with the session and needs no row of its own."""
        key = self._parts.store.keys.secret("", "console")
        return hmac.new(key, b"csrf:" + secret.encode(), hashlib.sha256).hexdigest()

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """A cookie for this browser session; "" takes it away."""
        options: dict[str, Any] = {
            "path": "/", "secure": self.is_https, "httponly": True, "samesite": "Lax"
        }  # fmt: skip
        if value:
            response.set_cookie(name, value, **options)
        else:
            response.delete_cookie(name, **options)

    def _take(self, secret: str, session: Session, person: Person) -> None:
        g.console_person, g.console_session, g.console_secret = person, session, secret
        g.console_preferences = read_preferences(self._parts, person)


class Pages(SessionInterface):
    """Flask's ``session``: filled by ``fill`` before a view, kept with the session row after it."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Empty: nothing is read for Slack, machines and static files."""
        return SecureCookieSession()

    def fill(self, session: SessionMixin) -> None:
        """Before a view of the console: the CSRF secret of this browser, and messages that wait."""
        if g.console_session is not None:
            session[_CSRF] = self._visits.csrf_of(g.console_secret)
            if waiting := g.console_session.data.get("flashes"):
                session[_FLASHES] = [tuple(one) for one in waiting]
        elif nonce := request.cookies.get(self._visits.nonce_cookie, ""):
            session[_CSRF] = nonce
        session.modified = False

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep messages with the session row; give a browser without one a nonce for its forms."""
        visits = self._visits
        new_cookie = g.get("console_new_cookie")
        if new_cookie is not None:
            visits.set_cookie(response, visits.cookie, new_cookie)
            visits.set_cookie(response, visits.nonce_cookie, "")
        if not session.modified:
            return
        if g.get("console_session") is not None:
            before = [list(one) for one in g.console_session.data.get("flashes") or []]
            flashes = [list(one) for one in session.get(_FLASHES, [])]
            if flashes != before:
                visits.change(flashes=flashes or None)
        elif _CSRF in session and new_cookie is None:
            visits.set_cookie(response, visits.nonce_cookie, str(session[_CSRF]))


def read_preferences(parts: Parts, person: Person) -> Preferences:
    """How a person likes the console, as they once said."""
    written = parts.store.settings.get(person.tenant, f"me:{person.id}")
    try:
        return Preferences(**json.loads(written)) if written else Preferences()
    except (ValueError, TypeError):  # written by a newer version
        return Preferences()


def browser_of(user_agent: str) -> str:
    """What a person may know a session by: "Firefox on Linux"; never the whole header."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for sign, name in browsers if sign in user_agent), "a browser")
    system = next((name for sign, name in systems if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def safe_next(url: str) -> str:
    """A page of our own to go on with; "/" for every other address."""
    pieces = urlsplit(url)
    is_ours = not pieces.scheme and not pieces.netloc and url.startswith("/")
    # browsers read "\" as "/", and drop control characters first
    if not is_ours or url.startswith("//") or "\\" in url or not url.isprintable():
        return "/"
    return "/" if pieces.path.startswith(("/login", "/logout")) else url


def _session_of(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        person_id=row.person_id,
        tenant=row.tenant,
        signed_in_at=row.signed_in_at,
        review_session_until=_moment(row.data.get("review_session_until")),
        reveal_reason=str(row.data.get("reveal_reason") or ""),
        data=row.data,
    )


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
