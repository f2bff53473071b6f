"""Sign in and out: name and password, a fresh sign-in before a reveal, and the demo's links and switch."""

from typing import Final

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from bot import passwords
from bot.build import Parts
from bot.console import here
from bot.console.oidc_provider import providers_of
from bot.console.roles import anybody, public
from bot.console.visits import safe_next
from bot.logs import event as log_event
from bot.records import Person
from bot.store import Store

WRONG: Final = "Name or password is wrong."
#: (tries at once, seconds until one comes back)
BY_NAME: Final = (5, 60.0)
BY_ADDRESS: Final = (20, 15.0)
LINK_S: Final = 600.0
#: Audit rows about nobody we know belong to no tenant.
GLOBAL: Final = ""


def routes(parts: Parts) -> Blueprint:
    """``/login``, ``/logout``, and in the demo ``/demo/switch``."""
    blueprint = Blueprint("sign_in", __name__)
    store = parts.store

    @blueprint.get("/login")
    @public
    def login() -> AnyResponse:
        if here.person_or_none() is not None:
            return redirect(safe_next(request.args.get("next", "")))
        return _form(parts)

    @blueprint.post("/login")
    @public
    def take_password() -> AnyResponse:
        if not parts.config.local_login:
            abort(404)
        name = request.form.get("name", "").strip()
        _throttle(store, name)
        person = check_password(store, name, request.form.get("password", ""))
        if person is None:
            return _form(parts, name, WRONG, 401)
        here.console().visits.sign_in(person)
        store.buckets.forget(_by_name(name))
        _note(store, person, "session.opened", way="password")
        return redirect(safe_next(request.form.get("next", "")))

    @blueprint.get("/login/<code>")
    @public
    def take_link(code: str) -> AnyResponse:
        """A one-time link becomes a session and a clean address."""
        if not parts.config.local_login and not here.is_demo():
            abort(404)
        _throttle(store)
        person_id = store.sessions.take(code)
        if person_id is None:
            return _form(
                parts, problem="This link is used up or too old. Ask for a new one.", status=400
            )
        person = store.people.get(person_id)
        if not person.is_active:
            return _form(parts, problem="This account is switched off.", status=403)
        here.console().visits.sign_in(person)
        _note(store, person, "session.opened", way="link")
        if not here.is_demo() and not store.people.password_hash_of(person.name):
            flash("Welcome. Set a password now: the link does not work again.", "info")
            return redirect("/me#password-title")
        return redirect("/")

    @blueprint.get("/login/again")
    @anybody
    def again() -> str:
        return _again_form(parts)

    @blueprint.post("/login/again")
    @anybody
    def take_again() -> AnyResponse | tuple[str, int]:
        person = here.person()
        if not here.is_demo():
            _throttle(store, person.name)
            if check_password(store, person.name, request.form.get("password", "")) is None:
                return _again_form(parts, "The password is wrong."), 401
        here.console().visits.sign_in_again()
        _note(store, person, "session.renewed", way="demo" if here.is_demo() else "password")
        return redirect(safe_next(request.form.get("next", "")))

    @blueprint.post("/logout")
    @public
    def logout() -> AnyResponse:
        if person := here.person_or_none():
            _note(store, person, "session.closed")
        here.console().visits.sign_out()
        return redirect("/login?out=1")

    @blueprint.post("/demo/switch")
    @public
    def switch() -> AnyResponse:
        """Be one of the demo's people; in the demo only, and only from this machine."""
        if not here.is_demo() or not _is_loopback(request.host):
            abort(404)
        person = store.people.get(request.form.get("person", ""))
        if not person.is_active:
            abort(404)
        here.console().visits.sign_in(person)
        _note(store, person, "session.opened", way="demo")
        return redirect(safe_next(request.form.get("next", "")))

    return blueprint


def check_password(store: Store, name: str, password: str) -> Person | None:
    """The person of a name and password. An unknown name takes as long as a wrong password."""
    stored = store.people.password_hash_of(name)
    if not passwords.is_password(stored, password):
        return None
    person = store.people.by_name(name)
    if person is None or not person.is_active:
        return None
    if passwords.is_outdated(stored):
        store.people.set_password_hash(person.id, passwords.hash_password(password))
    return person


def _throttle(store: Store, name: str = "") -> None:
    """Refuse who tries too often, by name and by address. Raises: TooManyRequests."""
    limits = [(f"login:address:{request.remote_addr or ''}", BY_ADDRESS)]
    if name:
        limits.append((_by_name(name), BY_NAME))
    waits = [
        store.buckets.take(key, capacity=tries, per_s=1 / each_s) for key, (tries, each_s) in limits
    ]
    if any(waits):
        log_event("bot.console", "login_throttled", status=429)
        seconds = int(max(waits)) + 1
        raise TooManyRequests(f"Too many tries. Wait {seconds} seconds.", retry_after=seconds)


def _is_loopback(host: str) -> bool:
    """True for an address of this machine; a name could be made to point here."""
    return host.rpartition(":")[0] in ("127.0.0.1", "[::1]") or host in ("127.0.0.1", "localhost")


def _by_name(name: str) -> str:
    return f"login:name:{name.casefold()[:200]}"


def _note(store: Store, person: Person, action: str, **details: str) -> None:
    with store.transaction() as tx:
        store.audit.append(tx, person.tenant, person.id, action, person.id, **details)


def _form(parts: Parts, name: str = "", problem: str = "", status: int = 200) -> Response:
    if problem == WRONG:
        with parts.store.transaction() as tx:
            parts.store.audit.append(tx, GLOBAL, "login", "session.refused", "")
    html = render_template(
        "login.html",
        name=name,
        problem=problem,
        next=safe_next(request.values.get("next", "")),
        providers=list(providers_of(parts.config).values()),
        with_password=parts.config.local_login,
        demo_people=_demo_people(parts),
        is_out=request.args.get("out") == "1",
    )
    return make_response(html, status)


def _demo_people(parts: Parts) -> list[Person]:
    if not here.is_demo():
        return []
    tenants = [install.tenant for install in parts.workspaces.active()]
    return [one for tenant in tenants for one in parts.store.people.list(tenant) if one.is_active]


def _again_form(parts: Parts, problem: str = "") -> str:
    return render_template(
        "login_again.html",
        problem=problem,
        next=safe_next(request.values.get("next", "")),
        providers=list(providers_of(parts.config).values()),
        has_password=bool(parts.store.people.password_hash_of(here.person().name)),
    )
