"""The doors of bulk: carry out, ask back where it takes more words, undo, and the masked list as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.bulk import (
    ACTION_WORDS,
    ACTIONS,
    MAX_AT_ONCE,
    SNOOZES,
    TYPE_OVER,
    Action,
    Order,
    carry_out,
    last_batch,
    read_picks,
    undo_batch,
)
from bot.console.filter_terms import NOBODY
from bot.console.filters import Filter
from bot.console.names import names
from bot.console.queue import current_filter, queue_url
from bot.console.roles import may
from bot.console.rows import deciders, rows_of, shown_author
from bot.errors import ReviewError
from bot.records import Flag
from bot.slack.texts import NOT_PII_REASONS
from bot.store import Store

_SAMPLE = 5
_EXPORTED = (
    "flag", "severity", "labels", "preview", "channel", "author", "score", "state", "opened_at", "seen_before",
    "assignee",
)  # fmt: skip
#: A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The flags that a form names: ticked ones, or all that its filter finds."""

    filter: Filter
    picks: tuple[tuple[str, int], ...]
    is_all: bool


def routes(parts: Parts) -> Blueprint:
    """What the bulk bar, the value page and a row's own keys post to."""
    pages = Blueprint("bulk", __name__)

    @pages.post("/flags/bulk")
    @may("reviewer", "compliance")
    def bulk() -> AnyResponse | tuple[str, int]:
        form, store = request.form, parts.store
        chosen = _chosen(store, form)
        if not chosen.picks:
            flash("Nothing is selected. Tick some flags first.", "warning")
            return redirect(_back(chosen.filter, form))
        try:
            order = _order(store, form)
            missing = order.problem() or _to_type(chosen, form)
            if missing:
                return _ask(parts, chosen, order, missing if form.get("asked") else ""), 200
            outcome, _ = carry_out(store, here.tenant(), chosen.picks, order, by=here.person())
        except ReviewError as error:
            flash(_sentence(error), "error")
            return redirect(_back(chosen.filter, form))
        if len(chosen.picks) > 1 or outcome.n_done == 0:
            words = f"{ACTION_WORDS[order.action]}: {outcome.sentence()}"
        else:
            words = f"{ACTION_WORDS[order.action]}: done."
        flash(words, "success" if outcome.n_done else "warning")
        return redirect(_back(chosen.filter, form))

    @pages.post("/flags/bulk/undo")
    @may("reviewer", "compliance")
    def undo() -> AnyResponse:
        batch = last_batch(parts.store, here.person())
        if batch is None or batch.id != request.form.get("batch"):
            flash("There is nothing to undo any more: it can be done for ten minutes.", "warning")
        else:
            outcome = undo_batch(parts.store, batch, by=here.person())
            word = ACTION_WORDS[batch.action]
            flash(f"Undo of {word}: {outcome.sentence()}", "success" if outcome.n_done else "info")
        return redirect(_back(current_filter(request.form), request.form))

    @pages.post("/flags/export")
    @may("compliance", "ml")
    def export() -> AnyResponse:
        """The list as it is shown, masked, as CSV."""
        chosen = _chosen(parts.store, request.form)
        if not chosen.picks:
            flash("Nothing is selected. Tick some flags first.", "warning")
            return redirect(_back(chosen.filter, request.form))
        tenant = here.tenant()
        flags = [parts.store.flags.get(flag_id, tenant) for flag_id, _ in chosen.picks]
        with parts.store.transaction() as tx:
            parts.store.audit.append(
                tx, tenant, here.person().id, "flags.exported", "masked-csv", n=len(flags)
            )
        response = Response(csv_of(parts, flags), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="flags.csv"'
        return response

    return pages


def csv_of(parts: Parts, flags: Sequence[Flag]) -> str:
    """Flags as a masked table that no spreadsheet takes for formulas."""
    known, policy = names(), parts.policies.current()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_EXPORTED)
    for row in rows_of(flags, known, policy):
        flag = row.flag
        cells = (
            flag.number,
            flag.severity,
            " ".join(f"{label}={n}" for label, n in row.labels),
            "".join(
                f"[{'+'.join(piece.labels)}]" if piece.labels else piece.text
                for piece in row.preview
            ),
            row.channel.shown,
            shown_author(flag, known, policy),
            f"{flag.score:.3f}",
            flag.state,
            flag.opened_at.isoformat(timespec="seconds"),
            flag.seen_before,
            flag.assignee,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def safe_cell(value: object) -> str:
    """A cell that stays text in a spreadsheet: `=1+1` becomes `'=1+1`."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _chosen(store: Store, form: Any) -> Chosen:
    """Raises: ReviewError for a selection that no page of ours sends, or that is too large."""
    flt = current_filter(form)
    if not form.get("all"):
        return Chosen(flt, tuple(read_picks(form.getlist("pick"))), False)
    if flt.problems:
        raise ReviewError(flt.problems[0], "q")
    found = store.queue.ids(here.tenant(), flt.query, MAX_AT_ONCE + 1)
    if len(found) > MAX_AT_ONCE:
        raise ReviewError(
            f"More than {MAX_AT_ONCE:,} flags match; narrow the filter and go step by step.", "all"
        )
    return Chosen(flt, tuple(found), True)


def _order(store: Store, form: Any) -> Order:
    action = form.get("action", "")
    if action not in ACTIONS:
        raise ReviewError("There is no such action.", "action")
    to = form.get("to", "me")
    if to == "me":
        to = here.person().name
    elif to == NOBODY:
        to = ""
    elif action == "assign" and to not in deciders(store, here.tenant()):
        raise ReviewError("Nobody of that name reviews here.", "to")
    return Order(cast(Action, action), form.get("reason", ""), to, form.get("hours", "1d"))


def _to_type(chosen: Chosen, form: Any) -> str:
    """What is missing where so many flags are meant that their number must be typed."""
    n = len(chosen.picks)
    if n <= TYPE_OVER:
        return ""
    typed = "".join(char for char in form.get("typed", "") if char.isdigit())
    return "" if typed == str(n) else f"Type {n:,} to go on; the selection has that many flags."


def _ask(parts: Parts, chosen: Chosen, order: Order, problem: str) -> str:
    """The page that asks for what is missing; it carries all that was said so far."""
    tenant, store = here.tenant(), parts.store
    sample = [store.flags.get(flag_id, tenant) for flag_id, _ in chosen.picks[:_SAMPLE]]
    return render_template(
        "bulk.html",
        chosen=chosen,
        order=order,
        problem=problem,
        word=ACTION_WORDS[order.action],
        must_type=len(chosen.picks) > TYPE_OVER,
        typed=request.form.get("typed", ""),
        sample=rows_of(sample, names(), parts.policies.current()),
        reasons=NOT_PII_REASONS,
        snoozes=SNOOZES,
        form=request.form,
        back_url=_back(chosen.filter, request.form),
    )


def _back(flt: Filter, form: Any) -> str:
    """Where the form stood; never an address that a form names."""
    value = form.get("from_value", "")
    if value.isascii() and value.isdigit():
        return f"/values/{int(value)}"
    return queue_url(flt, after=form.get("after", ""), before=form.get("before", ""))


def _sentence(error: ReviewError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
