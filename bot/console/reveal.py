"""Reveal: the values of a flag for five minutes, for who may see them, says why, and signed in lately.

Each flag that is shown writes its own audit row. One reason may open a review session of up to an hour, in which flags
are shown as they are opened; the rows are written all the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.casework import REVEAL_REASONS, reveal
from bot.console import here
from bot.console.queue import current_filter
from bot.console.roles import may
from bot.errors import BotError, ReviewError
from bot.records import Flag
from bot.slack import texts

SHOWN_S = 300.0
FRESH_S = 3600.0
REVIEW_SESSION_S = 3600.0
#: Reveals a person has at once, and how many come back: 50 flags in a row, then four a minute.
CAPACITY = 60.0
PER_S = 1 / 15
_KEPT = 50


class TooManyRevealsError(BotError):
    """The person's reveals are used up for now. ``wait_s``: until the next one."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many values were revealed in a short time")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a flag's values are shown in this session, and what is missing where not.

    ``why_not``: a sentence for who may not reveal at all. ``until``: when they are covered again.
    """

    is_shown: bool
    may: bool
    until: datetime | None = None
    why_not: str = ""
    is_fresh: bool = True
    session_until: datetime | None = None
    is_limited: bool = False

    @property
    def seconds_left(self) -> int:
        """How long the values stay."""
        return max(0, int((self.until - datetime.now(UTC)).total_seconds())) if self.until else 0


def routes(parts: Parts) -> Blueprint:
    """The reveal of a flag, and the end of a review session."""
    pages = Blueprint("reveal", __name__)

    @pages.get("/flags/<int:number>/reveal")
    @may("reviewer", "compliance")
    def ask(number: int) -> str | AnyResponse:
        """Why? For browsers without our script, and after signing in again."""
        flag = parts.store.flags.by_number(number, here.tenant())
        state = standing(parts, flag)
        if not state.may:
            abort(403, state.why_not)
        if not state.is_fresh:
            return redirect(here.again_url())
        return render_template(
            "reveal.html", flag=flag, reveal=state, reasons=texts.REVEAL_REASONS, query=_query()
        )

    @pages.post("/flags/<int:number>/reveal")
    @may("reviewer", "compliance")
    def show_values(number: int) -> AnyResponse:
        flag = parts.store.flags.by_number(number, here.tenant())
        state = standing(parts, flag)
        if not state.may:
            abort(403, state.why_not)
        if not state.is_fresh:
            flash("Revealing takes a sign-in of the last hour. Sign in again, then reveal.", "info")
            return redirect(here.again_url(f"/flags/{number}{_query()}"))
        reason = request.form.get("reason", "")
        if reason not in REVEAL_REASONS:
            raise ReviewError("a reveal needs one of the listed reasons", "reason")
        try:
            show(parts, flag, reason)
        except TooManyRevealsError as error:
            abort(429, _wait_words(error))
        if request.form.get("session"):
            now = datetime.now(UTC)
            until = now + timedelta(seconds=REVIEW_SESSION_S)
            here.change_session(review_session_until=until, reveal_reason=reason)
            with parts.store.transaction() as tx:
                parts.store.audit.append(
                    tx, here.tenant(), here.person().id, "review_session.open", "", reason=reason
                )
        return redirect(f"/flags/{number}{_query()}")

    @pages.post("/review-session/end")
    @may("reviewer", "compliance")
    def end() -> AnyResponse:
        """Cover everything again."""
        here.change_session(
            review_session_until=None, reveal_reason=None, reveals=None, signed=None
        )
        flash("Values are covered again.", "success")
        number = request.form.get("flag", "")
        return redirect(f"/flags/{number}{_query()}" if number.isdigit() else "/flags")

    return pages


def standing(parts: Parts, flag: Flag) -> Standing:
    """How it stands with the values of this flag in this session; writes nothing."""
    why_not = _why_not(parts, flag)
    now = datetime.now(UTC)
    session = here.session()
    session_until = session.review_session_until
    if session_until is not None and session_until <= now:
        session_until = None
    until = _reveals().get(flag.id)
    is_shown = not why_not and until is not None and until > now
    return Standing(
        is_shown=is_shown,
        may=not why_not,
        until=until if is_shown else None,
        why_not=why_not,
        is_fresh=here.is_fresh(FRESH_S),
        session_until=session_until if not why_not else None,
    )


def opened(parts: Parts, flag: Flag) -> Standing:
    """``standing``, after a review session has shown the flag that is opened in it."""
    state = standing(parts, flag)
    if state.is_shown or not state.session_until:
        return state
    try:
        show(parts, flag, here.session().reveal_reason)
    except TooManyRevealsError:
        return Standing(False, True, session_until=state.session_until, is_limited=True)
    except ReviewError:
        return state
    return standing(parts, flag)


def show(parts: Parts, flag: Flag, reason: str) -> None:
    """Show a flag's values for five minutes, with its audit row. Raises: TooManyRevealsError, ForbiddenError."""
    me = here.person()
    wait_s = parts.store.buckets.take(f"reveal:{me.id}", capacity=CAPACITY, per_s=PER_S)
    if wait_s > 0:
        raise TooManyRevealsError(wait_s)
    granted = parts.policies.current().people.reviewers_may_reveal
    reveal(parts.store, flag.id, me, reason, reviewers_may=granted)
    now = datetime.now(UTC)
    shown = {one: until for one, until in _reveals().items() if until > now}
    shown[flag.id] = now + timedelta(seconds=SHOWN_S)
    newest = sorted(shown.items(), key=lambda item: item[1])[-_KEPT:]
    here.change_session(reveals={one: until.isoformat() for one, until in newest})


def _why_not(parts: Parts, flag: Flag) -> str:
    me = here.person()
    if flag.text_gone:
        return texts.TEXT_GONE
    if me.may("compliance"):
        return ""
    if me.may("reviewer"):
        if parts.policies.current().people.reviewers_may_reveal:
            return ""
        return (
            "The policy lets only privacy officers reveal values. Decide by the words around them, open the "
            "message in Slack, or ask for a second opinion."
        )
    return "Only privacy officers, and reviewers where the policy says so, can reveal values."


def _reveals() -> dict[str, datetime]:
    kept = here.session().data.get("reveals")
    if not isinstance(kept, dict):
        return {}
    return {str(one): datetime.fromisoformat(str(until)) for one, until in kept.items()}


def _query() -> str:
    shown = current_filter().args()
    return "?" + urlencode(shown) if shown else ""


def _wait_words(error: TooManyRevealsError) -> str:
    seconds = int(error.wait_s) + 1
    return (
        f"Too many values were revealed in a short time. The next one can be shown in {seconds} s."
    )
