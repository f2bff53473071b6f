"""Second reviews: a decision taken once more by somebody who does not see the first, and conflicts that a third settles."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.casework import REVEAL_REASONS
from bot.console import here
from bot.console.flag_page import SAID, extra_rows, shows_last4
from bot.console.names import names
from bot.console.reveal import TooManyRevealsError, opened, show, standing
from bot.console.roles import may
from bot.console.rows import HIDDEN_AUTHOR
from bot.console.span_form import changes, read_span_form, spans_of_form
from bot.console.spans_view import part_views, span_views
from bot.console.words import sentence
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.learning.agreement import Waiting, dispute, give, may_settle, next_for, proposed, settle
from bot.records import Decision, FoundSpan
from bot.slack import texts
from bot.slack.refs import posted_at
from piiguard.labels import LABELS

_SETTLED = {
    "first": "The first verdict stands.",
    "second": "The second verdict stands; the flag was decided so.",
    "other": "Neither stands. The flag is open again: decide it here.",
}


def routes(parts: Parts) -> Blueprint:
    """``/learning/second`` and ``/learning/conflicts``."""
    pages = Blueprint("second_reviews", __name__)
    store = parts.store

    @pages.get("/learning/second")
    @may("reviewer", "compliance")
    def first() -> AnyResponse:
        return _onward(parts)

    @pages.get("/learning/second/<second_id>")
    @may("reviewer", "compliance")
    def blind(second_id: str) -> str | AnyResponse:
        one = _waiting(parts, second_id)
        if one is None:
            flash("Somebody gave this second verdict already.", "info")
            return redirect("/learning")
        return _page(parts, one)

    @pages.post("/learning/second/<second_id>")
    @may("reviewer", "compliance")
    def save(second_id: str) -> Any:
        me = here.person()
        one = _waiting(parts, second_id)
        try:
            if one is None:
                raise StaleError("somebody gave the second verdict first")
            before = proposed(one.flag)
            spans = spans_of_form(one.flag.parts, before, read_span_form(request.form))
            give(
                store, me.tenant, second_id, by=me, decision=_meant(before, spans), spans=spans,
                reason=request.form.get("reason", ""), signed=bool(request.form.get("signed")),
            )  # fmt: skip
        except StaleError:
            flash("Somebody gave this second verdict first. Yours was not needed.", "warning")
            return _onward(parts)
        except ReviewError as error:
            assert one is not None
            return _page(parts, one, problem=(error.field, sentence(str(error)))), 400
        flash("The second verdict was kept. Thank you.", "success")
        return _onward(parts)

    @pages.post("/learning/second/<second_id>/reveal")
    @may("reviewer", "compliance")
    def show_values(second_id: str) -> AnyResponse:
        """As on the flag page, but back to here: the flag's own page would tell the first verdict."""
        one = _waiting(parts, second_id)
        if one is None:
            raise NotFoundError("There is no such second review")
        back = f"/learning/second/{second_id}"
        state = standing(parts, one.flag)
        if not state.may:
            abort(403, state.why_not)
        if not state.is_fresh:
            flash("Revealing takes a sign-in of the last hour. Sign in again, then reveal.", "info")
            return redirect(here.again_url(back))
        reason = request.form.get("reason", "")
        if reason not in REVEAL_REASONS:
            raise ReviewError("a reveal needs one of the listed reasons", "reason")
        try:
            show(parts, one.flag, reason)
        except TooManyRevealsError as error:
            abort(429, f"Too many values were revealed. The next in {int(error.wait_s) + 1} s.")
        return redirect(back)

    @pages.get("/learning/conflicts/<second_id>")
    @may("reviewer", "compliance")
    def conflict(second_id: str) -> str:
        me = here.person()
        found = dispute(store, me.tenant, second_id)
        flag, pair = found.flag, found.pair
        revealed, last4 = standing(parts, flag).is_shown, shows_last4(parts)
        kept = (*flag.spans, *flag.predicted, *pair.first.spans, *pair.second.spans)
        sides = [
            {
                "title": title,
                "said": SAID.get(verdict.decision, verdict.decision),
                "reason": texts.NOT_PII_REASONS.get(verdict.reason, ""),
                "parts": part_views(
                    flag.parts, verdict.spans, revealed=revealed, hidden=kept, last4=last4
                ),
                "spans": span_views(flag.parts, verdict.spans, revealed=revealed, last4=last4),
            }
            for title, verdict in (("First verdict", pair.first), ("Second verdict", pair.second))
        ]
        return render_template(
            "learning/conflict.html",
            second=pair.second,
            flag=flag,
            sides=sides,
            channel=names().channel(flag.tenant, flag.channel_id),
            posted_at=posted_at(flag.ts),
            may_settle=may_settle(store, pair, me),
        )

    @pages.post("/learning/conflicts/<second_id>")
    @may("reviewer", "compliance")
    def end(second_id: str) -> AnyResponse:
        me = here.person()
        outcome = request.form.get("outcome", "")
        try:
            flag = settle(store, me.tenant, second_id, by=me, outcome=outcome)  # type: ignore[arg-type]
        except StaleError:
            flash("Somebody changed this flag meanwhile. Nothing was settled.", "warning")
            return redirect("/learning")
        except (ForbiddenError, ReviewError) as error:
            flash(sentence(str(error)), "error")
            return redirect(f"/learning/conflicts/{second_id}")
        flash(_SETTLED[outcome], "success")
        return redirect(f"/flags/{flag.number}" if outcome == "other" else "/learning")

    return pages


def _waiting(parts: Parts, second_id: str) -> Waiting | None:
    """A second verdict that waits for this person; None once it was given.

    Raises: NotFoundError, also for who gave the first: they have nothing to do here.
    """
    me = here.person()
    second = parts.store.second_reviews.get(second_id, me.tenant)
    if second.first_by == me.id:
        raise NotFoundError("There is no such second review")
    if second.at is not None:
        return None
    return Waiting(second, parts.store.flags.get(second.flag_id, me.tenant))


def _onward(parts: Parts) -> AnyResponse:
    one = next_for(parts.store, here.person())
    if one is None:
        flash("No second verdict waits for you.", "info")
        return redirect("/learning")
    return redirect(f"/learning/second/{one.second.id}")


def _page(parts: Parts, one: Waiting, *, problem: tuple[str, str] = ("", "")) -> str:
    """The message with what the machine proposed. Neither the flag's number nor its state: both tell the verdict."""
    flag, known, policy = one.flag, names(), parts.policies.current()
    state = opened(parts, flag) if request.method == "GET" else standing(parts, flag)
    last4, revealed = shows_last4(parts), state.is_shown
    before = proposed(flag)
    spans = before
    if request.method == "POST":
        # what cannot be read stands in its fields all the same
        with suppress(ReviewError):
            spans = spans_of_form(flag.parts, before, read_span_form(request.form))
    return render_template(
        "learning/second.html",
        second=one.second,
        gone=flag.text_gone,
        channel=known.channel(flag.tenant, flag.channel_id),
        author=HIDDEN_AUTHOR
        if policy.notices.hide_author
        else known.author(flag.tenant, flag.user_id),
        posted_at=posted_at(flag.ts),
        reveal=state,
        reveal_reasons=texts.REVEAL_REASONS,
        # what the first person found stays covered, as any value
        message=part_views(
            flag.parts, spans, revealed=revealed, hidden=(*flag.spans, *flag.predicted), last4=last4
        ),
        spans=span_views(flag.parts, spans, revealed=revealed, last4=last4),
        extra=extra_rows(before, spans),
        labels=LABELS,
        not_pii_reasons=texts.NOT_PII_REASONS,
        signature=texts.SIGNATURE,
        signature_hint=texts.SIGNATURE_HINT,
        typed=request.form if request.method == "POST" else {},
        problem_field=problem[0],
        problem=problem[1],
    )


def _meant(before: tuple[FoundSpan, ...], spans: tuple[FoundSpan, ...]) -> Decision:
    """What the button and the spans say together."""
    edited = bool(changes(before, spans))
    choice = request.form.get("decision", "")
    if choice not in ("save", "confirm", "not_pii"):
        raise ReviewError("choose what to do with this message", "decision")
    if choice == "not_pii":
        return "not_pii"
    if not edited:
        return "confirm"
    if choice == "confirm":
        raise ReviewError(
            "you changed spans: save them as a correction, or undo the changes", "decision"
        )
    return "correct" if spans else "not_pii"
