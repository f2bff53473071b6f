"""API tokens: made with scopes and an end, shown once, revoked at once."""

from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.roles import may
from bot.errors import ReviewError
from bot.store import Store
from bot.store.api_tokens import SCOPES

#: days -> text
LASTS: Final[dict[int, str]] = {7: "7 days", 30: "30 days", 90: "90 days", 365: "1 year"}
SCOPE_HINTS: Final[dict[str, str]] = {
    "analyze": "send text and get spans; nothing is stored",
    "read": "flags (masked), models, numbers",
    "review": "decide flags and add notes",
    "export": "corrections with surrogates",
    "metrics": "read /metrics",
}


def routes(parts: Parts) -> Blueprint:
    """``/people/tokens``."""
    blueprint = Blueprint("tokens", __name__)
    store = parts.store

    @blueprint.get("/people/tokens")
    @may("admin")
    def show() -> str:
        return _page(store)

    @blueprint.post("/people/tokens")
    @may("admin")
    def make() -> str | tuple[str, int]:
        """The answer itself shows the secret: it is kept nowhere, so no page after a redirect could."""
        person = here.person()
        try:
            secret = _make(store, request.form)
        except ReviewError as error:
            return _page(store, problem=error), 400
        with store.transaction() as tx:
            scopes = ",".join(sorted(request.form.getlist("scopes")))
            store.audit.append(tx, person.tenant, person.id, "token.made", "", scopes=scopes)
        return _page(store, secret=secret)

    @blueprint.post("/people/tokens/<token_id>/revoke")
    @may("admin")
    def revoke(token_id: str) -> AnyResponse:
        person = here.person()
        store.api_tokens.revoke(token_id, person.tenant)
        with store.transaction() as tx:
            store.audit.append(tx, person.tenant, person.id, "token.revoked", token_id)
        flash("The token is revoked. Whoever uses it is refused from now on.", "success")
        return redirect("/people/tokens")

    return blueprint


def _make(store: Store, form: MultiDict[str, str]) -> str:
    days = form.get("days", "90")
    if not days.isdecimal() or int(days) not in LASTS:
        raise ReviewError("Choose how long it lasts.", "days")
    ends_at = datetime.now(UTC) + timedelta(days=int(days))
    person = here.person()
    return store.api_tokens.make(
        person.tenant, form.get("name", ""), form.getlist("scopes"), ends_at, person.id
    )


def _page(store: Store, *, secret: str = "", problem: ReviewError | None = None) -> str:
    now = datetime.now(UTC)
    tokens = store.api_tokens.list(here.tenant())
    names = {one.id: one.name for one in store.people.list(here.tenant())}
    return render_template(
        "tokens.html",
        standing=[one for one in tokens if one.revoked_at is None and one.expires_at > now],
        over=[one for one in tokens if one.revoked_at is not None or one.expires_at <= now],
        names=names,
        scopes=SCOPES,
        scope_hints=SCOPE_HINTS,
        lasts=LASTS,
        secret=secret,
        typed=request.form if problem else MultiDict({"days": "90"}),
        problem=str(problem or ""),
        problem_field=problem.field if problem else "",
    )
