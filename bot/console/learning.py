"""Learning: what teaches the model most, and how much it misses: least certain flags, and the recall audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.flag_page import extra_rows
from bot.console.names import names
from bot.console.reveal import FRESH_S
from bot.console.roles import anybody, may
from bot.console.rows import HIDDEN_AUTHOR, rows_of
from bot.console.span_form import read_span_form, spans_of_form
from bot.console.spans_view import part_views, span_views
from bot.console.words import sentence
from bot.errors import ReviewError, StaleError
from bot.learning.agreement import disputes, may_settle, waiting_for
from bot.learning.planner import Plan, plan
from bot.learning.recall import Measured, judge, measured, put_aside, show_next
from bot.learning.uncertain import uncertainty
from bot.records import FoundSpan, Person
from bot.slack.refs import posted_at
from bot.store import Sample
from piiguard.labels import LABELS

#: How long a message of the audit is shown once it was opened; as long as it belongs to who opened it.
SHOWN_S: Final = 1800.0
#: Messages of the audit a person opens at once, and how many come back.
CAPACITY: Final = 60.0
PER_S: Final = 1 / 5
_OPEN: Final = "sample"
_GONE: Final = "The text of this message was deleted by the retention rule, or erased on request."


@dataclass(frozen=True, slots=True)
class Asked:
    """The planner's form: what is expected, and how well it should be known."""

    recall: float = 0.9
    width: float = 0.05
    problem: str = ""


def routes(parts: Parts) -> Blueprint:
    """``/learning``."""
    pages = Blueprint("learning", __name__)

    @pages.get("/learning")
    @anybody
    def show() -> str:
        me, store, policy = here.person(), parts.store, parts.policies.current()
        is_decider = me.may("reviewer", "compliance")
        uncertain = uncertainty(store, me.tenant)
        open_disputes = list(disputes(store, me.tenant))
        mine = {one.pair.second.id for one in open_disputes if may_settle(store, one.pair, me)}
        return render_template(
            "learning/index.html",
            uncertain=uncertain,
            rows=rows_of(uncertain.flags, names(), policy),
            counts=store.samples.counts(me.tenant),
            audit=policy.recall_audit,
            second=policy.second_review,
            n_second=sum(1 for _ in waiting_for(store, me)) if is_decider else 0,
            n_all=store.second_reviews.n_waiting(me.tenant),
            disputes=[(one, one.pair.second.id in mine) for one in open_disputes],
            is_decider=is_decider,
        )

    @pages.get("/learning/recall")
    @anybody
    def audit() -> str:
        me, policy = here.person(), parts.policies.current()
        asked = _asked()
        found = measured(parts.store, me.tenant, datetime.now(UTC))
        return render_template(
            "learning/recall.html",
            counts=parts.store.samples.counts(me.tenant),
            audit=policy.recall_audit,
            measured=found,
            asked=asked,
            plan=None if asked.problem else _planned(found, asked, policy.recall_audit.per_day),
            is_decider=me.may("reviewer", "compliance"),
            why_not=why_not(parts, me),
        )

    @pages.post("/learning/recall/next")
    @may("reviewer", "compliance")
    def begin() -> AnyResponse:
        """Open the next message: its text is shown, which is written to the audit log."""
        return _next(parts)

    @pages.get("/learning/recall/<sample_id>")
    @may("reviewer", "compliance")
    def sample(sample_id: str) -> str | AnyResponse:
        if not _is_open(sample_id):
            flash("Open the next message of the audit from here.", "info")
            return redirect("/learning/recall")
        return _page(parts, parts.store.samples.get(sample_id, here.tenant()))

    @pages.post("/learning/recall/<sample_id>")
    @may("reviewer", "compliance")
    def save(sample_id: str) -> Any:
        me, store = here.person(), parts.store
        found = store.samples.get(sample_id, me.tenant)
        if not _is_open(sample_id):
            flash("That message was open for too long. Nothing was saved.", "warning")
            return redirect("/learning/recall")
        if request.form.get("choice") == "skip":
            put_aside(store, me.tenant, sample_id, by=me)
            flash("Put aside; it counts neither way.", "info")
            return _next(parts)
        spans: tuple[FoundSpan, ...] = ()
        try:
            if found.text_gone:
                raise ReviewError(_GONE)
            form = read_span_form(request.form)
            spans = spans_of_form(found.parts, (), form)
            judged = judge(store, me.tenant, sample_id, by=me, spans=spans)
        except StaleError:
            flash("Somebody judged this message first.", "warning")
            return _next(parts)
        except ReviewError as error:
            return _page(parts, found, problem=(error.field, sentence(str(error)))), 400
        flash(_said(len(judged.missed), len(judged.kept)), "success")
        return _next(parts)

    return pages


def why_not(parts: Parts, me: Person) -> str:
    """Why this person cannot open messages of the audit: they are in clear; "" where they can."""
    granted = parts.policies.current().people.reviewers_may_reveal
    if me.may("compliance") or (granted and me.may("reviewer")):
        return ""
    if me.may("reviewer"):
        return "These messages are shown in clear, and the policy lets only privacy officers reveal values."
    return "Only privacy officers, and reviewers where the policy says so, judge these messages."


def _next(parts: Parts) -> AnyResponse:
    me, store = here.person(), parts.store
    reason = why_not(parts, me)
    if reason:
        abort(403, reason)
    if not here.is_fresh(FRESH_S):
        flash("The recall audit shows messages in clear: it takes a sign-in of the last hour.", "info")  # fmt: skip
        return redirect(here.again_url("/learning/recall"))
    wait_s = store.buckets.take(f"sample:{me.id}", capacity=CAPACITY, per_s=PER_S)
    if wait_s > 0:
        abort(429, f"Many messages were opened in a short time. Go on in {int(wait_s) + 1} s.")
    granted = parts.policies.current().people.reviewers_may_reveal
    found = show_next(store, me.tenant, by=me, reviewers_may=granted)
    if found is None:
        here.change_session(**{_OPEN: None})
        flash("No message waits to be judged.", "info")
        return redirect("/learning/recall")
    until = datetime.now(UTC) + timedelta(seconds=SHOWN_S)
    here.change_session(**{_OPEN: [found.id, until.isoformat()]})
    return redirect(f"/learning/recall/{found.id}")


def _is_open(sample_id: str) -> bool:
    """True for the message that this session has opened, with its audit row."""
    kept = here.session().data.get(_OPEN)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != sample_id:
        return False
    return datetime.fromisoformat(str(kept[1])) > datetime.now(UTC)


def _page(parts: Parts, sample: Sample, *, problem: tuple[str, str] = ("", "")) -> str:
    """The message and the form; nothing of what the machine found in it."""
    known, policy = names(), parts.policies.current()
    author = known.author(sample.tenant, sample.user_id) if sample.user_id else ""
    typed = request.form if request.method == "POST" else {}
    spans = _typed_spans(sample)
    return render_template(
        "learning/sample.html",
        sample=sample,
        channel=known.channel(sample.tenant, sample.channel_id),
        author=HIDDEN_AUTHOR if policy.notices.hide_author else author,
        posted_at=posted_at(sample.ts),
        message=part_views(sample.parts, spans, revealed=True),
        spans=span_views(sample.parts, spans, revealed=True),
        extra=extra_rows((), spans),
        labels=LABELS,
        gone=_GONE if sample.text_gone else "",
        typed=typed,
        problem_field=problem[0],
        problem=problem[1],
        n_waiting=parts.store.samples.counts(sample.tenant).n_waiting,
    )


def _typed_spans(sample: Sample) -> tuple[FoundSpan, ...]:
    """What was marked in a form that comes back, as far as it can be read."""
    if request.method != "POST" or not request.form.get("marks"):
        return ()
    try:
        return spans_of_form(sample.parts, (), read_span_form(request.form))
    except ReviewError:
        return ()


def _asked() -> Asked:
    """The planner's form as typed, in percents."""
    values: dict[str, float] = {}
    for name, low, high in (("recall", 0.01, 1.0), ("width", 0.005, 0.5)):
        typed = request.args.get(name, "").strip().rstrip("%").strip()
        if not typed:
            continue
        try:
            value = float(typed.replace(",", ".")) / 100
        except ValueError:
            return Asked(problem="Type numbers such as 90 and 5.")
        if not low <= value <= high:
            return Asked(problem=f"Expected from {low:.1%} to {high:.0%}.")
        values[name] = value
    usual = Asked()
    return Asked(values.get("recall", usual.recall), values.get("width", usual.width))


def _planned(found: Measured, asked: Asked, per_day: int) -> Plan | None:
    return plan(
        n_messages=found.n_messages,
        n_found=found.n_found,
        recall=asked.recall,
        half_width=asked.width,
        per_day=per_day,
    )


def _said(n_missed: int, n_found: int) -> str:
    marked: Sequence[str] = [
        *([f"{n_missed} missed"] if n_missed else []),
        *([f"{n_found} found but not flagged"] if n_found else []),
    ]
    return f"Saved: {' and '.join(marked)}." if marked else "Saved: nothing personal in it."
