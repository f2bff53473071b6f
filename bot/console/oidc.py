"""Sign in with Slack, or with a company's own provider. It starts with a link: ``form-action 'self'`` of our policy
would also stop the redirect of a posted form.

That a provider knows somebody is no role yet: Slack's user must belong to a person of an installed workspace; of
another provider's user the verified e-mail address must be a person's name.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from bot.build import Parts
from bot.console import here
from bot.console.oidc_provider import Provider, ProviderError, providers_of
from bot.console.roles import public
from bot.console.visits import safe_next
from bot.logs import event as log_event
from bot.records import Person

STATE_S: Final = 600
SLACK_TEAM: Final = "https://slack.com/team_id"
SLACK_USER: Final = "https://slack.com/user_id"
#: A sign-in is fresh when it happened after we asked, give or take the clocks.
CLOCKS_S: Final = 60


def routes(parts: Parts) -> Blueprint:
    """``/login/slack`` and ``/login/oidc``, each with ``/back``."""
    blueprint = Blueprint("oidc", __name__)
    providers = providers_of(parts.config)
    store = parts.store

    def cookie() -> str:
        return ("__Host-" if here.console().visits.is_https else "") + "piiguard_oidc"

    def refuse(reason: str, sentence: str) -> Response:
        with store.transaction() as tx:
            store.audit.append(tx, "", "login", "session.refused", "", reason=reason)
        log_event("bot.console", "oidc_refused", reason=reason.replace(" ", "_"))
        abort(400, sentence)

    @blueprint.get("/login/<any(slack, oidc):key>")
    @public
    def start(key: str) -> Response:
        provider = providers.get(key)
        if provider is None:
            abort(404)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        again = request.args.get("again") == "1" and here.person_or_none() is not None
        kept = {
            "kind": "login",
            "provider": key,
            "browser": _hash(browser),
            "next": safe_next(request.args.get("next", ""))[:1000],
            "again": again,
            "asked_at": time.time(),
        }
        try:
            url = provider.authorize_url(state, browser, afresh=again)
        except ProviderError:
            abort(503)
        with store.transaction() as tx:
            store.oauth_states.put(tx, _hash(state), kept, STATE_S)
        response = redirect(url)
        here.console().visits.set_cookie(response, cookie(), browser)
        return response

    @blueprint.get("/login/<any(slack, oidc):key>/back")
    @public
    def back(key: str) -> Response:
        provider = providers.get(key)
        if provider is None:
            abort(404)
        start_again = "Start again from the sign-in page."
        with store.transaction() as tx:
            kept = store.oauth_states.take(tx, _hash(request.args.get("state", "")))
        if kept is None or kept.get("kind") != "login" or kept.get("provider") != key:
            return refuse("state", f"This sign-in is used up or too old. {start_again}")
        browser = request.cookies.get(cookie(), "")
        if not hmac.compare_digest(str(kept.get("browser", "")), _hash(browser)):
            return refuse("browser", f"This sign-in was begun in another browser. {start_again}")
        if request.args.get("error") or not request.args.get("code"):
            return refuse("cancelled", f"{provider.name} was told no. {start_again}")
        try:
            claims = provider.claims(request.args["code"], browser)
        except ProviderError:
            return refuse("identity", f"{provider.name} did not say who you are. {start_again}")
        person = _person_of(parts, provider, claims)
        if person is None:
            return refuse("unknown", "You have no account here. Ask an admin for one.")
        if not _let_in(kept, claims, person):
            return refuse("not fresh", f"{provider.name} did not ask you again. {start_again}")
        with store.transaction() as tx:
            action = "session.renewed" if kept["again"] else "session.opened"
            store.audit.append(tx, person.tenant, person.id, action, person.id, way=key)
        response = redirect(safe_next(str(kept["next"])))
        here.console().visits.set_cookie(response, cookie(), "")
        return response

    return blueprint


def _person_of(parts: Parts, provider: Provider, claims: Mapping[str, Any]) -> Person | None:
    """The active person that the claims are about."""
    people = parts.store.people
    if provider.key == "slack":
        tenant = str(claims.get(SLACK_TEAM) or "")
        user_id = str(claims.get(SLACK_USER) or "")
        if not tenant or not user_id or not parts.workspaces.is_active(tenant):
            return None
        found = people.by_slack(tenant, user_id)
    else:
        address = str(claims.get("email") or "")
        if not address or claims.get("email_verified") is not True:
            return None
        found = people.by_name(address) or people.by_name(address.lower())
    return found if found is not None and found.is_active else None


def _let_in(kept: Mapping[str, Any], claims: Mapping[str, Any], person: Person) -> bool:
    """Open the session, or renew the one there is. False where a fresh sign-in was asked for and did not happen."""
    visits = here.console().visits
    if not kept["again"]:
        visits.sign_in(person)
        return True
    current = here.person_or_none()
    if current is None or current.id != person.id:
        return False
    # Slack does not say when it asked; other providers must, since we sent max_age
    asked_at = claims.get("auth_time", kept["asked_at"] if kept["provider"] == "slack" else 0)
    if not isinstance(asked_at, int | float) or asked_at < kept["asked_at"] - CLOCKS_S:
        return False
    visits.sign_in_again()
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
