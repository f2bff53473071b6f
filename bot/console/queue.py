"""Queue: the flags that a filter finds, page by page, with a peek into each, saved views and live counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.bulk import ACTION_WORDS, SNOOZES, TYPE_OVER, Batch, last_batch
from bot.console.filter_terms import SOURCES, Lookup
from bot.console.filters import (
    ORDERS,
    TABS,
    Filter,
    read_filter,
    text_of_form,
)
from bot.console.names import Names, names
from bot.console.roles import anybody
from bot.console.rows import Row, deciders, rows_of
from bot.errors import NotFoundError, ReviewError
from bot.records import Person
from bot.slack.texts import NOT_PII_REASONS
from bot.store import Store
from bot.store.queue import STATES, BadCursorError, FlagQuery, QueuePage
from bot.store.views import SavedView
from piiguard.labels import LABELS, SEVERITIES

PAGE_SIZE = 50
_PEEK_SPANS = 25


@dataclass(frozen=True, slots=True)
class QueueView:
    """Everything that the page draws."""

    filter: Filter
    rows: Sequence[Row]
    page: QueuePage
    total: int
    tab_counts: dict[str, int]
    facets: dict[str, dict[str, int]]
    problems: tuple[str, ...] = ()

    @property
    def next_url(self) -> str:
        """The page after this one, "" at the end."""
        return queue_url(self.filter, after=self.page.next) if self.page.next else ""

    @property
    def prev_url(self) -> str:
        """The page before this one, "" at the start."""
        return queue_url(self.filter, before=self.page.prev) if self.page.prev else ""


@dataclass(frozen=True, slots=True)
class Typed(Lookup):
    """Whom and what a typed name means in one workspace."""

    names: Names
    store: Store
    tenant: str

    def channel_id(self, typed: str) -> str:
        return self.names.channel_id(self.tenant, typed)

    def user_id(self, typed: str) -> str:
        return self.names.user_id(self.tenant, typed)

    def assignee(self, typed: str) -> str:
        wanted = typed.removeprefix("@").casefold()
        people = [person.name for person in self.store.people.list(self.tenant)]
        whole = [name for name in people if name.casefold() == wanted]
        first = [name for name in people if name.casefold().split()[:1] == [wanted]]
        return whole[0] if whole else first[0] if len(first) == 1 else ""


def routes(parts: Parts) -> Blueprint:
    """The queue's pages."""
    pages = Blueprint("queue", __name__)

    @pages.get("/flags")
    @anybody
    def queue() -> tuple[str, int] | AnyResponse:
        flt = current_filter()
        if flt.flag_number is not None:
            return redirect(f"/flags/{flt.flag_number}")
        view = look(parts, flt, request.args.get("after", ""), request.args.get("before", ""))
        template = "_rows.html" if here.wants_fragment() else "queue.html"
        page = render_template(template, **_shown(parts, view, names(), here.person()))
        return page, 400 if view.problems else 200

    @pages.get("/flags/filter")
    @anybody
    def filter_form() -> AnyResponse:
        """The filter form, as the address that says the same."""
        kept = {name: request.args[name] for name in ("tab", "sort") if request.args.get(name)}
        text = text_of_form(request.args)
        return redirect(_url(kept | ({"q": text} if text else {})))

    @pages.get("/flags/live")
    @anybody
    def live() -> Response:
        """The counts of the tabs now, and whether there is anything new in this list."""
        flt = current_filter()
        if flt.problems:
            return jsonify(tabs={}, total=0)
        tenant = here.tenant()
        facets = parts.store.queue.facets(tenant, flt.query)
        counts = tab_counts(parts.store, tenant, flt, facets, here.person().name)
        return jsonify(tabs=counts, total=total_of(flt.query, facets))

    @pages.get("/flags/<int:number>/peek")
    @anybody
    def peek(number: int) -> str:
        """More of one flag than its row shows, still masked."""
        tenant = here.tenant()
        flag = parts.store.flags.by_number(number, tenant)
        policy = parts.policies.current()
        row = rows_of([flag], names(), policy, max_spans=_PEEK_SPANS)[0]
        return render_template(
            "_peek.html" if here.wants_fragment() else "peek.html",
            row=row,
            filter=current_filter(),
            groups=parts.store.value_groups.of_flag(flag.id, tenant),
            may_decide=here.person().may("reviewer", "compliance"),
            reasons=NOT_PII_REASONS,
        )

    @pages.post("/flags/views")
    @anybody
    def save_view() -> AnyResponse:
        flt = current_filter(request.form)
        try:
            view = parts.store.views.save(
                here.tenant(),
                here.person().id,
                request.form.get("name", ""),
                urlencode({"tab": flt.tab.key, "q": flt.text}),
                flt.order,
            )
        except ReviewError as error:
            flash(f"The view was not saved: {error}.", "error")
        else:
            flash(f"Saved as {view.name}.", "success")
        return redirect(queue_url(flt))

    @pages.post("/flags/views/<view_id>/delete")
    @anybody
    def delete_view(view_id: str) -> AnyResponse:
        try:
            parts.store.views.delete(here.tenant(), here.person().id, view_id)
            flash("The view was deleted.", "success")
        except NotFoundError:
            flash("That view is gone already.", "info")
        return redirect(queue_url(current_filter(request.form)))

    return pages


def current_filter(args: object = None) -> Filter:
    """The filter that this request's address (or ``args``, a form) names; the queue and the flag page read it alike."""
    given = request.args if args is None else args
    lookup = Typed(names(), here.parts().store, here.tenant())
    return read_filter(given, me=here.person().name, lookup=lookup)  # type: ignore[arg-type]


def queue_url(flt: Filter, **changes: str) -> str:
    """The address of the queue with this filter."""
    return _url(flt.args(**changes))


def look(parts: Parts, flt: Filter, after: str = "", before: str = "") -> QueueView:
    """One page of the queue; where the filter or the cursor is wrong, no rows and the reason."""
    store, tenant = parts.store, here.tenant()
    problems = list(flt.problems)
    page, total = QueuePage(()), 0
    facets: dict[str, dict[str, int]] = {}
    if not problems:
        try:
            page = store.queue.page(tenant, flt.query, flt.order, PAGE_SIZE, after, before)
        except BadCursorError:
            problems.append("This page of the list is no more. Start at the first one.")
        except ReviewError as error:
            problems.append(str(error))
    if not problems:
        facets = store.queue.facets(tenant, flt.query)
        total = total_of(flt.query, facets)
    counts = tab_counts(store, tenant, flt, facets, here.person().name) if not problems else {}
    rows = rows_of(page.flags, names(), parts.policies.current())
    return QueueView(flt, rows, page, total, counts, facets, tuple(problems))


def total_of(query: FlagQuery, facets: dict[str, dict[str, int]]) -> int:
    """How many flags match: the facets of the severities that are asked for, so that nothing is counted twice."""
    return sum(
        n
        for severity, n in facets["severities"].items()
        if not query.severities or severity in query.severities
    )


def tab_counts(
    store: Store, tenant: str, flt: Filter, facets: dict[str, dict[str, int]], me: str
) -> dict[str, int]:
    """How many flags each tab would show with the same typed filter."""
    typed = flt.query.without(states=())
    if flt.tab.is_mine or flt.tab.key == "all":
        # those tabs ask for other flags than the rest, so their facets do not count for it
        typed = typed.without(assignee=None) if flt.tab.is_mine else typed.without(snoozed=typed.snoozed or False)  # fmt: skip
        facets = store.queue.facets(tenant, typed)
    by_state = facets["states"]
    counts = {tab.key: sum(by_state.get(state, 0) for state in tab.states) for tab in TABS.values()}
    pending = TABS["mine"].states
    counts["all"] = sum(by_state.values())
    if not typed.snoozed:  # only what is pending can sleep
        counts["all"] += store.queue.count(tenant, typed.without(states=pending, snoozed=True))
    counts["mine"] = store.queue.count(tenant, typed.without(states=pending, assignee=me))
    return counts


def _shown(parts: Parts, view: QueueView, known: Names, me: Person) -> dict[str, object]:
    tenant = me.tenant
    may_decide = me.may("reviewer", "compliance")
    batch = last_batch(parts.store, me) if may_decide else None
    return {
        "view": view,
        "filter": view.filter,
        "tabs": TABS,
        "orders": ORDERS,
        "sources": SOURCES,
        "states": STATES,
        "severities": tuple(reversed(SEVERITIES)),
        "label_names": tuple(LABELS),
        "channel_facets": {
            channel_id: (known.channel(tenant, channel_id).shown, n)
            for channel_id, n in view.facets.get("channels", {}).items()
        },
        "saved": [_link(saved) for saved in parts.store.views.list(tenant, me.id)],
        "deciders": deciders(parts.store, tenant),
        "may_decide": may_decide,
        "may_export": me.may("compliance", "ml"),
        "reasons": NOT_PII_REASONS,
        "snoozes": SNOOZES,
        "type_over": TYPE_OVER,
        "batch": batch,
        "batch_word": ACTION_WORDS[batch.action] if batch else "",
        "undo_s": _seconds_left(batch),
        "queue_url": queue_url,
        "is_fresh_install": not view.problems and _is_fresh_install(parts, tenant, view),
    }


def _link(saved: SavedView) -> tuple[SavedView, str]:
    args = dict(parse_qsl(saved.query))
    return saved, _url(args | ({"sort": saved.sort} if saved.sort != "risk" else {}))


def _seconds_left(batch: Batch | None) -> float:
    return batch.seconds_left(datetime.now(UTC)) if batch else 0.0


def _is_fresh_install(parts: Parts, tenant: str, view: QueueView) -> bool:
    """True where this workspace has not had one flag yet."""
    return not view.rows and not sum(parts.store.flags.counts(tenant).values())


def _url(args: dict[str, str]) -> str:
    return "/flags" + (f"?{urlencode(args)}" if args else "")
