"""Models: which one is in use, how others compare with it, and the way from one to another and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.roles import ALL_ROLES, may
from bot.errors import NotFoundError, OverloadedError, ReviewError
from bot.live_guard import LiveGuard
from bot.model_reports import Comparison, ModelInfo, Value, compare
from bot.model_trial import MAX_FLAGS, Trial, try_model
from bot.models_switch import ModelsSwitch, Use, switch_of
from bot.store.audit_search import AuditQuery, find
from piiguard import load
from piiguard.errors import PiiguardError

#: So many corrections make another training worth while.
ENOUGH: Final = 50
#: How many switches the page lists.
_MAX_USES: Final = 30


@dataclass(frozen=True, slots=True)
class Switched:
    """A change of the model in use. ``who`` is known where the console did it."""

    name: str
    reason: str
    day: str
    at: datetime | None
    who: str


def routes(parts: Parts) -> Blueprint:
    """``/models``."""
    pages = Blueprint("models", __name__)

    @pages.get("/models")
    @may(*ALL_ROLES)
    def show() -> str:
        _take_up(parts)
        switch, person = switch_of(parts.config, parts.store), here.person()
        models = switch.models() if switch else []
        return render_template(
            "models.html",
            models=models,
            current=parts.guard.name,
            named=switch.current() if switch else "",
            before=switch.before() if switch else "",
            uses=_uses(parts, switch),
            manifest=parts.guard.manifest,
            fixed=str(parts.config.model.name) if parts.config.model else "",
            problem=getattr(parts.guard, "problem", ""),
            n_corrections=parts.store.insights.corrections_since(person.tenant, parts.guard.name),
            enough=ENOUGH,
            may_switch=switch is not None and person.may("ml", "admin"),
            n_workspaces=len(parts.workspaces.active()),
        )

    @pages.get("/models/<name>")
    @may(*ALL_ROLES)
    def model(name: str) -> str:
        return _compare_page(parts, name)

    @pages.post("/models/<name>/try")
    @may("compliance", "ml")
    def attempt(name: str) -> tuple[str, int] | str:
        """Both models over the newest flags; the answer itself shows it, nothing of it is kept."""
        person = here.person()
        found = _switch(parts).model(name)
        try:
            trial = try_model(parts.store, person.tenant, parts.guard, load(found.path, threads=1))
        except OverloadedError as error:
            return _compare_page(parts, name, problem=f"{error}."), 503
        except PiiguardError as error:
            return _compare_page(
                parts, name, problem=f"{name} does not load ({type(error).__name__})."
            ), 400
        with parts.store.transaction() as tx:
            parts.store.audit.append(tx, person.tenant, person.id, "model.tried", name, n=trial.n)
        return _compare_page(parts, name, trial=trial)

    @pages.post("/models/<name>/promote")
    @may("ml", "admin")
    def promote(name: str) -> AnyResponse | tuple[str, int]:
        try:
            _switch(parts).promote(name, here.person(), request.form.get("reason", ""))
        except ReviewError as error:
            return _compare_page(parts, name, problem=_sentence(error), field=error.field), 400
        _take_up(parts)
        flash(
            f"{name} is in use. Workers take it up within seconds; no message is lost.", "success"
        )
        return redirect("/models")

    @pages.post("/models/roll-back")
    @may("ml", "admin")
    def roll_back() -> AnyResponse:
        try:
            name = _switch(parts).roll_back(here.person(), request.form.get("reason", ""))
        except ReviewError as error:
            flash(_sentence(error), "error")
            return redirect("/models")
        _take_up(parts)
        flash(f"Back to {name}.", "success")
        return redirect("/models")

    return pages


def shown(value: Value | None, digits: int) -> str:
    """ "0.877 (0.834 to 0.906)"."""
    if value is None:
        return "–"
    text = f"{value.value:.{digits}f}"
    if value.low is None or value.high is None:
        return text
    return f"{text} ({value.low:.{digits}f} to {value.high:.{digits}f})"


def _compare_page(
    parts: Parts, name: str, *, trial: Trial | None = None, problem: str = "", field: str = ""
) -> str:
    switch, person = _switch(parts), here.person()
    found, other = switch.model(name), request.args.get("with", "") or switch.current()
    against: ModelInfo | None = None
    if other and other != name:
        against = switch.model(other)
    changed: Comparison | None = compare(against, found) if against else None
    used = {use.name for use in switch.history()}
    return render_template(
        "model.html",
        model=found,
        against=against,
        change=changed,
        others=[one.name for one in switch.models() if one.name != name],
        is_current=name == switch.current(),
        was_used=name in used,
        trial=trial,
        max_flags=MAX_FLAGS,
        problem=problem,
        field=field,
        typed=request.form,
        may_switch=person.may("ml", "admin"),
        may_try=person.may("compliance", "ml"),
        shown=shown,
    )


def _switch(parts: Parts) -> ModelsSwitch:
    switch = switch_of(parts.config, parts.store)
    if switch is None:
        raise NotFoundError("PIIGUARD_MODEL names the model of this installation")
    return switch


def _take_up(parts: Parts) -> None:
    """Have this process use what CURRENT names, rather than at the next message."""
    if isinstance(parts.guard, LiveGuard):
        parts.guard.look()


def _uses(parts: Parts, switch: ModelsSwitch | None) -> list[Switched]:
    """The changes, newest first; the audit log says who made those of this console."""
    if switch is None:
        return []
    tenant = here.tenant()
    people = {one.id: one.name for one in parts.store.people.list(tenant)}
    with parts.store.reading() as tx:
        rows = find(tx, tenant, AuditQuery("model."), limit=200)
    logged: dict[tuple[str, str, str], tuple[datetime, str]] = {}
    for row in rows:
        if row.action in ("model.promoted", "model.rolled_back"):
            key = (f"{row.at:%Y-%m-%d}", row.object, str(row.details.get("reason", "")))
            logged.setdefault(key, (row.at, people.get(row.actor, "")))
    found = []
    history: list[Use] = switch.history()[-_MAX_USES:]
    for use in reversed(history):
        at, who = logged.get((use.day, use.name, use.reason), (None, ""))
        found.append(Switched(use.name, use.reason, use.day, at, who))
    return found


def _sentence(error: ReviewError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
