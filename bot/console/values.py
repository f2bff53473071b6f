"""Values: the same value in many flags, decided once, or allowed somewhere for a while with a reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.bulk import ACTION_WORDS, last_batch
from bot.console.names import names
from bot.console.roles import anybody, may
from bot.console.rows import Row, deciders, rows_of
from bot.errors import NotFoundError, ReviewError
from bot.new_flags import value_fingerprint
from bot.parts_text import covered_text, value_key
from bot.records import Flag
from bot.slack.preview import DOTS, masked_value
from bot.slack.texts import NOT_PII_REASONS
from bot.store import Store
from bot.store.allow_entries import AllowEntry
from bot.store.value_groups import ValueGroup
from piiguard.labels import LABELS

MAX_FLAGS = 200
MAX_GROUPS = 50
#: How long a value may be allowed; then somebody has to say it again.
EXPIRIES: dict[str, tuple[str, timedelta]] = {
    "7d": ("1 week", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
    "90d": ("90 days", timedelta(days=90)),
    "365d": ("1 year", timedelta(days=365)),
}
WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class ValueView:
    """Everything that the page of a value draws."""

    group: ValueGroup
    shown: str
    rows: Sequence[Row]
    channels: list[tuple[str, str, int]]
    authors: list[tuple[str, int]]
    days: list[tuple[str, int]]
    allowed: list[tuple[AllowEntry, str]]
    is_critical: bool


def routes(parts: Parts) -> Blueprint:
    """The pages of values."""
    pages = Blueprint("values", __name__)

    @pages.get("/values")
    @anybody
    def values() -> str:
        """The values that wait in several flags, the most frequent first."""
        tenant = here.tenant()
        groups = parts.store.value_groups.largest(tenant, MAX_GROUPS)
        shown = [(group, _shown_channels(tenant, group)) for group in groups]
        return render_template("values.html", groups=shown)

    @pages.get("/values/of/<int:number>")
    @anybody
    def of_flag(number: int) -> AnyResponse:
        """From a flag to the value that it shares with the most others."""
        flag = parts.store.flags.by_number(number, here.tenant())
        groups = parts.store.value_groups.of_flag(flag.id, here.tenant())
        if not groups:
            raise NotFoundError("This flag holds no known value")
        return redirect(f"/values/{groups[0].number}")

    @pages.get("/values/<int:number>")
    @anybody
    def value(number: int) -> str:
        return _draw(parts, number)

    @pages.post("/values/<int:number>/allow")
    @may("compliance", "admin")
    def allow(number: int) -> AnyResponse | tuple[str, int]:
        form = request.form
        try:
            entry = _allow(parts.store, number, form)
        except ReviewError as error:
            kept = {name: form.get(name, "") for name in ("scope", "reason", "expiry")}
            return _draw(parts, number, problem=error, typed=kept), 400
        where = (
            names().channel(entry.tenant, entry.scope).shown
            if entry.scope
            else "the whole workspace"
        )
        flash(f"This value no longer counts in {where}. Its open flags stay open.", "success")
        return redirect(f"/values/{number}")

    @pages.post("/values/<int:number>/allow/<entry_id>/end")
    @may("compliance", "admin")
    def end(number: int, entry_id: str) -> AnyResponse:
        store, person = parts.store, here.person()
        with store.transaction() as tx:
            store.allow_entries.remove(tx, entry_id, person.tenant)
            store.audit.append(tx, person.tenant, person.id, "allow.end", entry_id, value=number)
        flash("The value counts again.", "success")
        return redirect(f"/values/{number}")

    return pages


def look(parts: Parts, tenant: str, number: int) -> ValueView:
    """A value with its flags. Raises: NotFoundError."""
    store, policy, known = parts.store, parts.policies.current(), names()
    group = store.value_groups.get(tenant, number)
    flags = store.value_groups.flags(tenant, number, limit=MAX_FLAGS)
    rows = rows_of(flags, known, policy)
    return ValueView(
        group=group,
        shown=shown_value(store, group, flags, last4=policy.notices.card_last4),
        rows=rows,
        channels=_shown_channels(tenant, group),
        authors=Counter(row.author for row in rows if row.author).most_common(),
        days=sorted(Counter(f"{flag.opened_at:%Y-%m-%d}" for flag in flags).items()),
        allowed=[
            (entry, known.channel(tenant, entry.scope).shown if entry.scope else "")
            for entry in store.allow_entries.active(tenant)
            if (entry.label, entry.value_fp) == (group.label, group.fp)
        ],
        is_critical=LABELS[group.label].severity == "critical",
    )


def shown_value(
    store: Store, group: ValueGroup, flags: Sequence[Flag], *, last4: bool = False
) -> str:
    """The value as dots; a card number with its last four where the policy shows them."""
    if not last4 or group.label != "CREDIT_CARD":
        return DOTS
    for flag in flags:
        for span in flag.spans:
            if span.label != group.label:
                continue
            key = value_key(span.label, covered_text(flag.parts, span))
            if value_fingerprint(store, flag.tenant, span.label, key) == group.fp:
                return masked_value(flag.parts, span, last4=True)
    return DOTS


def _draw(
    parts: Parts,
    number: int,
    *,
    problem: ReviewError | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    person = here.person()
    may_decide = person.may("reviewer", "compliance")
    batch = last_batch(parts.store, person) if may_decide else None
    return render_template(
        "value.html",
        view=look(parts, person.tenant, number),
        may_decide=may_decide,
        may_allow=person.may("compliance", "admin"),
        reasons=NOT_PII_REASONS,
        deciders=deciders(parts.store, person.tenant),
        expiries=EXPIRIES,
        workspace=WORKSPACE,
        problem=_sentence(problem) if problem else "",
        problem_field=problem.field if problem else "",
        typed=typed or {},
        batch=batch,
        batch_word=ACTION_WORDS[batch.action] if batch else "",
        undo_s=batch.seconds_left(datetime.now(UTC)) if batch else 0.0,
    )


def _allow(store: Store, number: int, form: Any) -> AllowEntry:
    person = here.person()
    group = store.value_groups.get(person.tenant, number)
    scope, expiry = form.get("scope", ""), form.get("expiry", "")
    reason = " ".join(form.get("reason", "").split())
    if not scope:
        raise ReviewError("choose where the value is allowed", "scope")
    if scope != WORKSPACE and scope not in group.channels:
        raise ReviewError("choose a channel in which this value was found", "scope")
    if not reason:
        raise ReviewError("say why the value is allowed", "reason")
    if expiry not in EXPIRIES:
        raise ReviewError("choose until when", "expiry")
    with store.transaction() as tx:
        entry = store.allow_entries.add(
            tx,
            person.tenant,
            group.label,
            group.fp,
            scope="" if scope == WORKSPACE else scope,
            reason=reason,
            expires_at=store.now(tx) + EXPIRIES[expiry][1],
            by=person.name,
        )
        store.audit.append(
            tx,
            person.tenant,
            person.id,
            "allow.add",
            entry.id,
            value=number,
            scope=entry.scope or WORKSPACE,
            until=entry.expires_at.date().isoformat(),
        )
    return entry


def _shown_channels(tenant: str, group: ValueGroup) -> list[tuple[str, str, int]]:
    """(id, name, how many flags), the most first."""
    known = names()
    found = [
        (channel_id, known.channel(tenant, channel_id).shown, n)
        for channel_id, n in group.channels.items()
    ]
    return sorted(found, key=lambda one: (-one[2], one[1]))


def _sentence(error: ReviewError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
