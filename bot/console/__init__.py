"""The review console: pages for the people who decide, correct and prove. ``open_console`` makes it.

Each page is a module of this folder with ``routes(parts) -> Blueprint``; its name stands in ``PAGES``. Its views say
who may open them (roles.py) and find out who asks in here.py.
"""

import importlib
from typing import Final
from urllib.parse import quote, urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, session
from flask_bootstrap import Bootstrap5  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here, words
from bot.console.errors import add_error_pages, refuse
from bot.console.navigation import items_for
from bot.console.roles import access_of
from bot.console.visits import Pages, Visits
from bot.records import Person

__all__ = ["PAGES", "Console", "open_console"]

#: One line a page, sorted.
PAGES: Final[tuple[str, ...]] = (
    "audit",
    "bulk_pages",
    "exports",
    "flag",
    "insights",
    "learning",
    "me",
    "models",
    "oidc",
    "overview",
    "people",
    "policies",
    "queue",
    "reports",
    "reveal",
    "scan",
    "second_reviews",
    "sign_in",
    "system",
    "tokens",
    "values",
)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: What somebody without any role may still do: sign out, and look after their own account.
OWN_PAGES: Final = frozenset({"me", "sign_in"})
#: Files that the pages name; they hold nothing of anybody.
STATIC: Final = frozenset({"console.static", "bootstrap.static"})


def open_console(parts: Parts, *, is_https: bool, demo: bool = False) -> "Console":
    """The console over ``parts``, for ``create_app``.

    Args:
        is_https: how browsers reach it; decides about the cookie's name and flags.
        demo: data that is thrown away, and people to switch between without a password.
    """
    return Console(parts, is_https=is_https, demo=demo)


class Console:
    """The pages, and what stands before each of them: session, origin, CSRF token, role."""

    def __init__(self, parts: Parts, *, is_https: bool, demo: bool) -> None:
        self.parts = parts
        self.is_demo = demo
        self.visits = Visits(parts, is_https=is_https)
        self._pages = Pages(self.visits)
        self._csrf = CSRFProtect()
        self._blueprints = [self._files(), *(_page(name).routes(parts) for name in PAGES)]
        self._names = {blueprint.name for blueprint in self._blueprints} | {"bootstrap"}

    def blueprints(self) -> list[Blueprint]:
        """The pages, and the files they name."""
        return list(self._blueprints)

    def init_app(self, app: Flask) -> None:
        """Put the console into an application, which has its other doors already."""
        app.extensions[here.EXTENSION] = self
        app.secret_key = self.parts.store.keys.secret("", "console")
        app.session_interface = self._pages
        app.config.update(
            BOOTSTRAP_SERVE_LOCAL=True,
            # no Referer reaches us (our own Referrer-Policy); the Origin check below stands in for it
            WTF_CSRF_SSL_STRICT=False,
            # as long as a session can last
            WTF_CSRF_TIME_LIMIT=8 * 3600,
            # _admit asks for it, after the session is known
            WTF_CSRF_CHECK_DEFAULT=False,
        )
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        Bootstrap5(app)
        self._csrf.init_app(app)
        words.add_filters(app)
        for blueprint in self._blueprints:
            app.register_blueprint(blueprint)
        app.context_processor(_shown_everywhere)
        app.before_request(self._admit)
        add_error_pages(app, self)

    def is_ours(self) -> bool:
        """True when this request is for the console, or for nothing that anybody has."""
        if request.endpoint is None:
            return not request.path.startswith(("/slack/", "/api/", "/static/"))
        return request.blueprint in self._names

    def prepare(self) -> None:
        """Find out who asks, and which tokens their forms carry; once a request."""
        if "console_person" not in g:
            self.visits.load()
            self._pages.fill(session)

    def person_of(self) -> Person | None:
        """Who is signed in, for doors outside the console."""
        self.visits.load()
        return here.person_or_none()

    def may_read_metrics(self) -> bool:
        """Whether the request carries an API token with the scope ``metrics``."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            return False
        token = self.parts.store.api_tokens.find(secret.strip())
        return token is not None and "metrics" in token.scopes

    def _admit(self) -> AnyResponse | None:
        """Before each request: who is it, did their own page send them, and may they?"""
        if request.endpoint is None or request.endpoint in STATIC:
            return None
        if request.blueprint not in self._names:
            return None
        access = access_of(current_app.view_functions.get(request.endpoint))
        if access is None:  # a view that nobody thought about
            abort(403)
        self.prepare()
        person = here.person_or_none()
        if person is None and not access.is_public:
            return self._to_sign_in()
        if request.method not in SAFE:
            self._check_origin()
            self._csrf.protect()
        if person is not None and not access.is_public:
            has_role = bool(person.roles) or request.blueprint in OWN_PAGES
            if not has_role or not access.allows(person):
                refuse(self.parts.store, person, access)
        return None

    def _to_sign_in(self) -> AnyResponse:
        if here.wants_fragment():  # a script asked: it shows the way itself
            return Response(status=401)
        if request.method != "GET" or request.path == "/":
            return redirect("/login")
        return redirect("/login?next=" + quote(request.full_path.rstrip("?")))

    def _check_origin(self) -> None:
        """A form of another site is refused even where it has a token.

        Under our Referrer-Policy browsers send ``Origin: null`` with our own forms too, and say in Sec-Fetch-Site where
        the form stood; on plain http away from this machine they do not, and the token decides alone.
        """
        origin = request.headers.get("Origin", "")
        if origin and origin != "null":
            if urlsplit(origin).netloc != request.host:
                abort(403, "This form was sent from another site.")
            return
        site = request.headers.get("Sec-Fetch-Site", "")
        if site not in ("same-origin", "none") and (site or (origin and self.visits.is_https)):
            abort(403, "This form was sent from another site.")

    def _files(self) -> Blueprint:
        return Blueprint(
            "console",
            __name__,
            static_folder="static",
            static_url_path="/static",
            template_folder="templates",
        )


def _page(name: str) -> "_PageModule":
    return importlib.import_module(f"bot.console.{name}")  # type: ignore[return-value]


class _PageModule:
    """What a module of ``PAGES`` has."""

    @staticmethod
    def routes(parts: Parts) -> Blueprint:
        raise NotImplementedError


def _shown_everywhere() -> dict[str, object]:
    """What base.html needs on every page."""
    person = here.person_or_none()
    items = items_for(person)
    install = here.parts().workspaces.install(person.tenant) if person else None
    return {
        "me": person,
        "navigation": items,
        "workspace_name": install.team_name if install else "",
        "preferences": here.preferences(),
        "is_demo": here.is_demo(),
        "demo_people": here.parts().store.people.list(person.tenant)
        if here.is_demo() and person
        else (),
        "can_search": any(item.url == "/flags" for group in items.values() for item in group),
    }
