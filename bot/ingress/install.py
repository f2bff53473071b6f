"""``/slack/install`` and ``/slack/oauth_redirect``: a workspace installs us, if an administrator of ours says so.

Who may start: a signed-in administrator, or the holder of a one-time link (``python -m bot workspace link``). Who may
be installed: only the workspaces of PIIGUARD_TEAMS.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bot.ingress.pages import page
from bot.logs import event as log_event
from bot.records import Person
from bot.slack.manifest import bot_scopes
from bot.slack.oauth import Grant, OAuthApp, OAuthError
from bot.store import Store
from bot.workspaces import Workspaces

STATE_S = 600
#: Audit rows that belong to no tenant.
GLOBAL = ""


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def make_install_link(store: Store, base_url: str) -> str:
    """A link that starts one install within ten minutes."""
    code = secrets.token_urlsafe(32)
    with store.transaction() as tx:
        store.oauth_states.put(tx, _hash("link:" + code), {"kind": "link"}, STATE_S)
        store.audit.append(tx, GLOBAL, "cli", "workspace.link_made", "")
    return f"{base_url}/slack/install?link={code}"


def install_doors(
    app: OAuthApp,
    store: Store,
    workspaces: Workspaces,
    person_of: Callable[[], Person | None] = lambda: None,
    *,
    allowed: frozenset[str] = frozenset(),
    scopes: tuple[str, ...] = (),
) -> Blueprint:
    """The blueprint; ``person_of`` says who is signed in to the console, ``allowed`` which workspaces may come."""
    doors = Blueprint("install", __name__, url_prefix="/slack")
    # the prefix makes browsers refuse the cookie where it is not Secure: on plain http (tests, demo) it has none
    is_https = urlsplit(app.redirect_uri).scheme == "https"
    cookie = "__Host-piiguard_install" if is_https else "piiguard_install"

    def may_start() -> bool:
        person = person_of()
        if person is not None and person.may("admin"):
            return True
        link = request.args.get("link", "")
        if not link:
            return False
        with store.transaction() as tx:
            return store.oauth_states.take(tx, _hash("link:" + link)) is not None

    def refuse(reason: str, sentence: str) -> Response:
        with store.transaction() as tx:
            store.audit.append(tx, GLOBAL, "install", "workspace.refused", "", reason=reason)
        log_event("bot.install", "refused", reason=reason.replace(" ", "_"))
        response = page("Not installed", sentence, 400)
        response.delete_cookie(cookie, path="/", secure=is_https, httponly=True, samesite="Lax")
        return response

    @doors.get("/install")
    def install() -> AnyResponse:
        if not may_start():
            return page(
                "Sign in first",
                "Only an administrator can install piiguard. Sign in, or ask for a link: python -m bot workspace link",
                403,
            )
        state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        with store.transaction() as tx:
            store.oauth_states.put(
                tx, _hash(state), {"kind": "install", "nonce": _hash(nonce)}, STATE_S
            )
        response = redirect(app.authorize_url(state, scopes or bot_scopes()))
        response.set_cookie(
            cookie,
            nonce,
            max_age=STATE_S,
            path="/",
            secure=is_https,
            httponly=True,
            samesite="Lax",
        )
        return response

    @doors.get("/oauth_redirect")
    def oauth_redirect() -> Response:
        again = "Start again from the install link."
        with store.transaction() as tx:
            known = store.oauth_states.take(tx, _hash(request.args.get("state", "")))
        if known is None or known.get("kind") != "install":
            return refuse("state", f"This link is used up or too old. {again}")
        if not hmac.compare_digest(
            str(known.get("nonce", "")), _hash(request.cookies.get(cookie, ""))
        ):
            return refuse("browser", f"The install was begun in another browser. {again}")
        if request.args.get("error"):
            return refuse("cancelled", f"Slack was told no. {again}")
        try:
            grant = app.exchange(request.args.get("code", ""))
        except OAuthError:
            return refuse("code", f"Slack gave no token. {again}")
        if not grant.ids & allowed and not is_installed(grant):
            app.revoke(grant.install.token)
            return refuse("not listed", "This workspace is not on the list of those that may.")
        return keep(grant)

    def is_installed(grant: Grant) -> bool:
        return workspaces.install(grant.install.tenant) is not None

    def keep(grant: Grant) -> Response:
        tenant = grant.install.tenant
        with store.transaction() as tx:
            store.installs.save(tx, grant.install)
            store.outbox.start_tenant(tenant, tx=tx)
            store.audit.append(tx, tenant, "install", "workspace.installed", tenant)
        workspaces.forget(tenant)
        log_event("bot.install", "installed", tenant=tenant)
        response = page(
            "Installed",
            "piiguard is in. Next: invite it to the review channel and to the channels it shall watch.",
        )
        response.delete_cookie(cookie, path="/", secure=is_https, httponly=True, samesite="Lax")
        return response

    return doors
