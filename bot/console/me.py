"""Me: sessions, theme, density, keys, time zone, password."""

import json
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, get_args

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot import passwords
from bot.build import Parts
from bot.console import here
from bot.console.here import Density, Preferences, Theme
from bot.console.roles import anybody
from bot.errors import NotFoundError, ReviewError
from bot.store import Store

#: Keys that a person may move, and what they do. Digits name labels, and stay.
KEYS: Final[dict[str, str]] = {
    "j": "Next flag",
    "k": "Previous flag",
    "x": "Select",
    "c": "Confirm",
    "n": "Not PII",
    "e": "Correct",
    "s": "Save and next",
    "u": "Undo",
    "a": "Assign to me",
    "r": "Reveal",
}


def routes(parts: Parts) -> Blueprint:
    """``/me``."""
    blueprint = Blueprint("me", __name__)
    store = parts.store

    @blueprint.get("/me")
    @anybody
    def show() -> str:
        return _page(store)

    @blueprint.post("/me/preferences")
    @anybody
    def save() -> AnyResponse | tuple[str, int]:
        try:
            wanted = read_preferences(request.form)
        except ReviewError as error:
            return _page(store, problem=str(error), problem_field=error.field), 400
        person = here.person()
        with store.transaction() as tx:
            store.settings.set(tx, person.tenant, f"me:{person.id}", json.dumps(asdict(wanted)))
        flash("Saved.", "success")
        return redirect("/me")

    @blueprint.post("/me/password")
    @anybody
    def change_password() -> AnyResponse | tuple[str, int]:
        try:
            _change_password(store, request.form)
        except ReviewError as error:
            return _page(store, problem=str(error), problem_field=error.field), 400
        flash("Your password is changed. Other sessions of yours have ended.", "success")
        return redirect("/me")

    @blueprint.post("/me/sessions/end")
    @anybody
    def end_sessions() -> AnyResponse:
        """End one session by its id, or all but this one."""
        person, own = here.person(), here.session()
        wanted = request.form.get("session", "")
        if wanted == own.id:
            here.console().visits.sign_out()
            return redirect("/login?out=1")
        if wanted and not store.sessions.close_one(wanted, person.id):
            raise NotFoundError("There is no such session")
        if not wanted:
            _end_others(store)
        flash("That session has ended." if wanted else "All other sessions have ended.", "success")
        return redirect("/me")

    return blueprint


def read_preferences(form: Mapping[str, str]) -> Preferences:
    """What the form says. Raises: ReviewError that names the field."""
    theme, density = form.get("theme", "auto"), form.get("density", "compact")
    zone = form.get("time_zone", "UTC").strip() or "UTC"
    if theme not in get_args(Theme):
        raise ReviewError("Choose one of the themes.", "theme")
    if density not in get_args(Density):
        raise ReviewError("Choose one of the two densities.", "density")
    if zone not in zoneinfo.available_timezones():
        raise ReviewError("This is no time zone. Examples: Europe/Berlin, America/New_York, UTC.", "time_zone")  # fmt: skip
    return Preferences(
        theme=theme,  # type: ignore[arg-type]
        density=density,  # type: ignore[arg-type]
        has_keys=form.get("keys") == "on",
        time_zone=zone,
        keymap=_read_keymap(form),
    )


def _read_keymap(form: Mapping[str, str]) -> dict[str, str]:
    chosen = {key: form.get(f"key_{key}", key).strip().lower() or key for key in KEYS}
    for key, wish in chosen.items():
        if not re.fullmatch(r"[a-z]", wish) or wish == "g":
            raise ReviewError("A key is one letter from a to z, and not g.", f"key_{key}")
        if list(chosen.values()).count(wish) > 1:
            raise ReviewError(f"Two actions cannot have the key {wish}.", f"key_{key}")
    return {key: wish for key, wish in chosen.items() if key != wish}


def _change_password(store: Store, form: Mapping[str, str]) -> None:
    person = here.person()
    stored = store.people.password_hash_of(person.name)
    new = form.get("new", "")
    if stored and not passwords.is_password(stored, form.get("old", "")):
        wait_s = store.buckets.take(f"password:{person.id}", capacity=5, per_s=1 / 60)
        if wait_s:
            raise ReviewError(f"Too many tries. Wait {int(wait_s) + 1} seconds.", "old")
        raise ReviewError("The old password is wrong.", "old")
    if not passwords.MIN_PASSWORD <= len(new) <= passwords.MAX_PASSWORD:
        raise ReviewError(f"A password has {passwords.MIN_PASSWORD} characters or more.", "new")
    store.people.set_password_hash(person.id, passwords.hash_password(new))
    with store.transaction() as tx:
        store.audit.append(tx, person.tenant, person.id, "person.password", person.id)
    _end_others(store)
    here.console().visits.sign_in_again()


def _end_others(store: Store) -> None:
    person, own = here.person(), here.session()
    for one in store.sessions.of_person(person.id):
        if one.id != own.id:
            store.sessions.close_one(one.id, person.id)


def _page(store: Store, problem: str = "", problem_field: str = "") -> str:
    person = here.person()
    shown: dict[str, Any] = asdict(here.preferences())
    typed = request.form if request.path.endswith("/preferences") else {}
    if typed:  # a form that was refused comes back as it was sent
        shown |= {name: typed[name] for name in ("theme", "density", "time_zone") if name in typed}
        shown["has_keys"] = typed.get("keys") == "on"
        shown["keymap"] = {key: typed.get(f"key_{key}", key) for key in KEYS}
    return render_template(
        "me.html",
        shown=shown,
        keys=KEYS,
        sessions=store.sessions.of_person(person.id),
        own=here.session(),
        has_password=bool(store.people.password_hash_of(person.name)),
        can_have_password=here.parts().config.local_login and not here.is_demo(),
        zones=sorted(zoneinfo.available_timezones()),
        problem=problem,
        problem_field=problem_field,
    )
