"""Audit: who did what, searchable; the chain verified; the rows with their codes as a file to keep."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.audit_file import audit_file
from bot.console.audit_words import OTHER_ACTORS, action_text, detail_text
from bot.console.names import names
from bot.console.roles import may
from bot.errors import NotFoundError
from bot.store import Store
from bot.store.audit_search import AuditQuery, actions, count, find
from bot.store.insights_audit import FlagCard, LoggedRow

PAGE: Final = 100
#: More matches than this are "more than 10,000".
MAX_COUNT: Final = 10_000
#: Where the outcome of the last verification stands.
VERIFIED: Final = "audit.verified"


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for: the query, what was typed, and what was wrong with it."""

    query: AuditQuery
    typed: Mapping[str, str]
    problems: Mapping[str, str]

    def url(self, path: str, **more: Any) -> str:
        """An address with this search."""
        args = {name: value for name, value in {**self.typed, **more}.items() if value}
        return f"{path}?{urlencode(args)}" if args else path


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as the page draws it; ``flag`` where it is about one."""

    row: LoggedRow
    who: str
    what: str
    about: str
    flag: FlagCard | None
    details: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of a verification. ``bad_seq``: the first row that is not as it was written."""

    at: datetime
    by: str
    to_seq: int
    bad_seq: int | None
    seconds: float


def routes(parts: Parts) -> Blueprint:
    """``/audit``, its files, and the verification."""
    pages = Blueprint("audit", __name__)
    store = parts.store

    @pages.get("/audit")
    @may("compliance", "auditor")
    def show() -> Response:
        tenant = here.tenant()
        search = read_search(store, tenant, request.args)
        before = request.args.get("before", "")
        with store.reading() as tx:
            below = int(before) if before.isdecimal() and len(before) < 12 else None
            rows = find(tx, tenant, search.query, limit=PAGE + 1, before=below)
            n = count(tx, tenant, search.query, cap=MAX_COUNT + 1)
            known = actions(tx, tenant)
        if search.problems:
            rows, n = [], 0
        page = render_template(
            "audit.html",
            search=search,
            entries=entries(store, tenant, rows[:PAGE]),
            n=n,
            max_count=MAX_COUNT,
            next_url=search.url("/audit", before=rows[PAGE - 1].seq) if len(rows) > PAGE else "",
            first_url=search.url("/audit") if before else "",
            actions=_choices(known, search.typed.get("action", "")),
            people=sorted(store.people.list(tenant), key=lambda one: one.name.casefold()),
            others=OTHER_ACTORS,
            verified=read_verified(store, tenant),
        )
        return Response(page, status=400 if search.problems else 200)

    @pages.get("/audit.<kind>")
    @may("compliance", "auditor")
    def file(kind: str) -> Response:
        """All matching rows, newest first. That somebody took them is a row too."""
        if kind not in ("csv", "jsonl"):
            abort(404)
        person = here.person()
        search = read_search(store, person.tenant, request.args)
        if search.problems:
            abort(400, next(iter(search.problems.values())))
        with store.transaction() as tx:
            n = count(tx, person.tenant, search.query, cap=10**9)
            store.audit.append(tx, person.tenant, person.id, "audit.exported", "", format=kind, n=n)
        return audit_file(store, person.tenant, search.query, kind)

    @pages.post("/audit/verify")
    @may("compliance", "auditor")
    def verify() -> AnyResponse:
        outcome = verify_chain(store, here.tenant(), here.person().id)
        if outcome.bad_seq is None:
            flash(f"The chain is whole to row {outcome.to_seq:,}.", "success")
        else:
            flash(
                f"Row {outcome.bad_seq:,} is not as it was written. Keep the database as it is, and compare it "
                "with a backup.",
                "error",
            )
        return redirect("/audit")

    return pages


def read_search(store: Store, tenant: str, args: Mapping[str, str]) -> Search:
    """The search of an address. What cannot be read is named by its field."""
    typed = {
        name: args.get(name, "").strip()[:80]
        for name in ("action", "actor", "object", "since", "until")
    }
    problems: dict[str, str] = {}
    objects: tuple[str, ...] = ()
    if typed["object"]:
        objects = (typed["object"],)
        number = typed["object"].removeprefix("#")
        if number.isdecimal() and len(number) < 10:
            try:
                objects = (store.flags.by_number(int(number), tenant).id, number)
            except NotFoundError:
                problems["object"] = f"There is no flag #{int(number)}."
    since, until = (_day(typed, name, problems) for name in ("since", "until"))
    if since and until and since > until:
        problems["until"] = "The last day is before the first."
    query = AuditQuery(
        action=typed["action"],
        actors=(typed["actor"],) if typed["actor"] else (),
        objects=objects,
        since=since,
        until=until + timedelta(days=1) if until else None,
    )
    return Search(query, {name: value for name, value in typed.items() if value}, problems)


def entries(store: Store, tenant: str, rows: list[LoggedRow]) -> list[Entry]:
    """Rows in words: people and flags by what they are called."""
    people = {person.id: person.name for person in store.people.list(tenant)}
    flags = store.insight_audit.flags(tenant, (row.object for row in rows if row.object))
    known = names()
    found = []
    for row in rows:
        about = people.get(row.object) or row.object
        if row.object[:1] in "CGD" and row.object.isalnum() and row.object.isupper():
            about = known.channel(tenant, row.object).shown
        found.append(
            Entry(
                row=row,
                who=_who(row.actor, people, tenant),
                what=action_text(row.action),
                about=about,
                flag=flags.get(row.object),
                details=[
                    detail_text(name, value, people)
                    for name, value in row.details.items()
                    if value not in ("", None)
                ],
            )
        )
    return found


def _who(actor: str, people: Mapping[str, str], tenant: str) -> str:
    """Who did it: a person of the console, a part of the system, or somebody in Slack."""
    if actor[:1] in ("U", "W") and actor.isalnum() and actor.isupper():
        return names().author(tenant, actor)
    return people.get(actor) or OTHER_ACTORS.get(actor) or actor or "nobody"


def verify_chain(store: Store, tenant: str, by: str) -> Verified:
    """Read the whole chain; keep the outcome, and where it is good an anchor and a row of it."""
    started = time.monotonic()
    bad = store.audit.verify()
    seconds = time.monotonic() - started
    # an anchor over a broken chain would make the breach look right
    head = store.audit.anchor().seq if bad is None else 0
    with store.transaction() as tx:
        now = store.now(tx)
        outcome = Verified(now, by, head, bad, seconds)
        store.settings.set(
            tx,
            tenant,
            VERIFIED,
            json.dumps({"at": now.timestamp(), "by": by, "to": head, "bad": bad, "s": seconds}),
        )
        store.audit.append(
            tx, tenant, by, "audit.verified", "", to=head, first_bad=bad, is_whole=bad is None
        )
    return outcome


def read_verified(store: Store, tenant: str) -> Verified | None:
    """The last verification that somebody of this workspace asked for."""
    kept = store.settings.get(tenant, VERIFIED)
    if not kept:
        return None
    row = json.loads(kept)
    people = {person.id: person.name for person in store.people.list(tenant)}
    by = people.get(row["by"], "somebody gone")
    return Verified(datetime.fromtimestamp(row["at"], UTC), by, row["to"], row["bad"], row["s"])


def _choices(known: Mapping[str, int], chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions to choose from, by kind; what the address names is among them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for action in sorted({*known, *([chosen] if chosen and not chosen.endswith(".") else [])}):
        groups.setdefault(action.partition(".")[0], []).append((action, action_text(action)))
    if chosen.endswith("."):
        groups.setdefault(chosen[:-1], [])
    return sorted(groups.items())


def _day(typed: Mapping[str, str], name: str, problems: dict[str, str]) -> datetime | None:
    if not typed[name]:
        return None
    try:
        day = date.fromisoformat(typed[name])
    except ValueError:
        problems[name] = "Expected a day like 2026-11-24."
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
