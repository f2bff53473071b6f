"""People: who works here, with which roles; new ones by an invitation link, leavers switched off."""

from collections.abc import Mapping
from typing import Final, get_args

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.roles import ROLE_WORDS, may, words
from bot.errors import NotFoundError, ReviewError
from bot.records import Person, Role
from bot.store import PersonError, Store

#: An invitation waits in somebody's mailbox; a link for who lost their password is used at once.
INVITATION_S: Final = 3 * 86_400.0
MAX_NAME: Final = 80
ROLE_HINTS: Final[dict[Role, str]] = {
    "viewer": "sees flags masked, insights, models",
    "reviewer": "decides and corrects flags",
    "compliance": "also reveals, exports, reports, erases",
    "ml": "exports surrogates, retrains, promotes models",
    "admin": "people, tokens, policies, system; reveals nothing",
    "auditor": "reads all of it masked, verifies the audit log",
}


def routes(parts: Parts) -> Blueprint:
    """``/people``."""
    blueprint = Blueprint("people", __name__)
    store = parts.store

    @blueprint.get("/people")
    @may("admin")
    def show() -> str:
        return _page(store)

    @blueprint.post("/people")
    @may("admin")
    def add() -> AnyResponse | str | tuple[str, int]:
        try:
            person = _add(store, request.form)
        except (ReviewError, PersonError) as error:
            return _page(store, problem=error), 400
        if not person.slack_user_id and parts.config.local_login:
            return _link_page(store, person, INVITATION_S)
        flash(f"{person.name} is added.", "success")
        return redirect("/people")

    @blueprint.get("/people/<person_id>")
    @may("admin")
    def one(person_id: str) -> str:
        return _person_page(store, _of_here(store, person_id))

    @blueprint.post("/people/<person_id>")
    @may("admin")
    def change(person_id: str) -> AnyResponse | tuple[str, int]:
        person = _of_here(store, person_id)
        try:
            _change(store, person, _roles_of(request.form), request.form.get("active") == "on")
        except ReviewError as error:
            return _person_page(store, person, error), 400
        flash(f"{person.name} is saved. Sessions of theirs have ended.", "success")
        return redirect("/people")

    @blueprint.post("/people/<person_id>/link")
    @may("admin")
    def link(person_id: str) -> AnyResponse | str:
        """Make a link that signs the person in once; shown once, kept as hash."""
        person = _of_here(store, person_id)
        if not person.is_active or not parts.config.local_login:
            flash("No link for an account that is switched off.", "error")
            return redirect(f"/people/{person.id}")
        return _link_page(store, person, INVITATION_S)

    @blueprint.post("/people/<person_id>/end")
    @may("admin")
    def end(person_id: str) -> AnyResponse:
        """End all sessions of a person, and links that wait."""
        person = _of_here(store, person_id)
        store.sessions.close_all(person.id)
        _note(store, "person.sessions_ended", person)
        flash(f"All sessions and links of {person.name} have ended.", "success")
        return redirect("/login?out=1" if person.id == here.person().id else f"/people/{person.id}")

    return blueprint


def _of_here(store: Store, person_id: str) -> Person:
    """A person of this workspace; somebody of another one is not there at all."""
    person = store.people.get(person_id)
    if person.tenant != here.tenant():
        raise NotFoundError("There is no such person")
    return person


def _add(store: Store, form: MultiDict[str, str]) -> Person:
    name = " ".join(form.get("name", "").split())
    slack_user_id = form.get("slack", "").strip().upper()
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise ReviewError(f"A name has 1 to {MAX_NAME} characters.", "name")
    if slack_user_id and (slack_user_id[0] not in "UW" or not slack_user_id.isalnum()):
        raise ReviewError("A Slack user id looks like U0123ABCD.", "slack")
    roles = _roles_of(form)
    if not roles:
        raise ReviewError("Choose at least one role.", "roles")
    person = store.people.add(here.tenant(), name, roles, slack_user_id=slack_user_id)
    _note(store, "person.added", person, roles=",".join(sorted(roles)))
    return person


def _change(store: Store, person: Person, roles: frozenset[Role], is_active: bool) -> None:
    """Other roles, or an end: sessions are closed, so that nothing goes on with the old ones."""
    if person.id == here.person().id and ("admin" not in roles or not is_active):
        raise ReviewError("You cannot take your own admin role: another admin must.", "roles")
    if not roles:
        raise ReviewError("Choose at least one role, or switch the account off.", "roles")
    if (roles, is_active) == (person.roles, person.is_active):
        return
    store.people.set_roles(person.id, roles, is_active=is_active)
    if roles != person.roles:
        changed = {"before": ",".join(sorted(person.roles)), "after": ",".join(sorted(roles))}
        _note(store, "person.roles", person, **changed)
    if is_active != person.is_active:
        _note(store, "person.activated" if is_active else "person.deactivated", person)
    if person.id != here.person().id:
        store.sessions.close_all(person.id)
    else:
        here.console().visits.sign_in_again()


def _roles_of(form: MultiDict[str, str]) -> frozenset[Role]:
    known = get_args(Role)
    given = form.getlist("roles")
    if any(role not in known for role in given):
        raise ReviewError("Choose roles of the list.", "roles")
    return frozenset(role for role in known if role in given)


def _note(store: Store, action: str, person: Person, **details: str) -> None:
    by = here.person()
    with store.transaction() as tx:
        store.audit.append(tx, by.tenant, by.id, action, person.id, **details)


def _link_page(store: Store, person: Person, lasts_s: float) -> str:
    code = store.sessions.one_time(person.id, lasts_s)
    _note(store, "person.link_made", person)
    base = here.parts().config.base_url or request.host_url.rstrip("/")
    return render_template(
        "person_link.html", person=person, link=f"{base}/login/{code}", lasts_s=lasts_s
    )


def _page(store: Store, problem: Exception | None = None) -> str:
    people = store.people.list(here.tenant())
    return render_template(
        "people.html",
        people=sorted(people, key=lambda one: (not one.is_active, one.name.casefold())),
        last_used=_last_used(store, people),
        with_password={one.id for one in people if store.people.password_hash_of(one.name)},
        role_words=ROLE_WORDS,
        role_hints=ROLE_HINTS,
        typed=request.form if problem else MultiDict(),
        problem=str(problem or ""),
        problem_field=getattr(problem, "field", "name") if problem else "",
    )


def _last_used(store: Store, people: list[Person]) -> Mapping[str, object]:
    rows = {one.id: store.sessions.of_person(one.id) for one in people}
    return {person_id: sessions[0].seen_at for person_id, sessions in rows.items() if sessions}


def _person_page(store: Store, person: Person, problem: ReviewError | None = None) -> str:
    return render_template(
        "person.html",
        person=person,
        sessions=store.sessions.of_person(person.id),
        has_password=bool(store.people.password_hash_of(person.name)),
        local_login=here.parts().config.local_login,
        role_words=ROLE_WORDS,
        role_hints=ROLE_HINTS,
        roles_text=words(person.roles),
        chosen=request.form.getlist("roles") if problem else sorted(person.roles),
        is_active=request.form.get("active") == "on" if problem else person.is_active,
        problem=str(problem or ""),
    )
