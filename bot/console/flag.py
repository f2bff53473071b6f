"""Flag: one flagged message with everything needed to decide it, and the decisions themselves."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.casework import add_note, assign, snooze
from bot.console import here
from bot.console.bulk import SNOOZES
from bot.console.conflict import conflict_of
from bot.console.decide import (
    Draft,
    ask_a_third,
    decide,
    mine_of,
    read_draft,
    take_mine,
    together,
)
from bot.console.earlier import earlier
from bot.console.flag_page import SAID, banner_of, flag_page, page_args, shows_last4
from bot.console.names import names
from bot.console.queue import current_filter
from bot.console.reveal import opened, standing
from bot.console.roles import anybody, may
from bot.console.rows import HIDDEN_AUTHOR, shown_author
from bot.errors import ForbiddenError, ReviewError, StaleError
from bot.records import Flag, FoundSpan, Review
from bot.remediation import ask_author, request_deletion
from bot.review import give_reason, undo
from bot.slack import texts
from bot.slack.client import Done


def routes(parts: Parts) -> Blueprint:
    """The flag page."""
    pages = Blueprint("flag", __name__)
    store = parts.store

    def flag_of(number: int) -> Flag:
        return store.flags.by_number(number, here.tenant())

    @pages.get("/flags/<int:number>")
    @anybody
    def show(number: int) -> str:
        flag = flag_of(number)
        done = request.args.get("done", "")
        banner = banner_of(parts, int(done)) if done.isascii() and done.isdigit() else None
        return _page(parts, flag, banner=banner)

    @pages.get("/flags/<int:number>/earlier")
    @anybody
    def before(number: int) -> str:
        """What was said just before, asked from Slack now."""
        flag = flag_of(number)
        author = shown_author(flag, names(), parts.policies.current())
        found = earlier(parts, flag, names(), show_authors=author != HIDDEN_AUTHOR)
        if here.wants_fragment():
            return render_template("_earlier.html", earlier=found)
        return _page(parts, flag, earlier=found)

    @pages.get("/flags/<int:number>/slack")
    @anybody
    def in_slack(number: int) -> AnyResponse:
        """The message where it was written."""
        flag = flag_of(number)
        client = parts.workspaces.quick(flag.tenant)
        place = {"channel": flag.channel_id, "message_ts": flag.ts}
        answer = client.call("chat.getPermalink", **place) if client else None
        url = str(answer.data.get("permalink") or "") if isinstance(answer, Done) else ""
        host = urlsplit(url).hostname or ""
        if url.startswith("https://") and host.endswith(".slack.com"):
            return redirect(url)
        if _is_simulated(parts) and url.startswith("http://127.0.0.1:"):
            return redirect(url)
        flash("Slack gave no link to this message: it may be deleted.", "warning")
        return redirect(_url(number))

    @pages.post("/flags/<int:number>/decide")
    @may("reviewer", "compliance")
    def decide_it(number: int) -> Any:
        flag = flag_of(number)
        try:
            draft = read_draft(request.form)
            review = decide(store, flag, draft, here.person())
        except StaleError as error:
            return _conflict(parts, _current(error, flag), read_draft(request.form))
        except ReviewError as error:
            return _refused(parts, flag, error)
        _remember_signature(draft)
        return _onward(parts, flag, review)

    @pages.post("/flags/<int:number>/take-mine")
    @may("reviewer", "compliance")
    def mine(number: int) -> Any:
        """Put one's own version in the place of another, or beside it."""
        flag = flag_of(number)
        draft = read_draft(request.form)
        if draft.version != flag.version:
            return _conflict(parts, flag, draft)
        try:
            if request.form.get("third"):
                words = "Both versions are kept. A third person settles it."
                if not ask_a_third(store, flag, draft, here.person()):
                    words = (
                        "A second version of this flag is kept already; a third person settles it."
                    )
                flash(words, "success")
                return redirect(_url(number))
            review = take_mine(store, flag, draft, here.person())
        except StaleError as error:
            return _conflict(parts, _current(error, flag), draft)
        except ForbiddenError as error:
            flash(_sentence(error), "error")
            return _conflict(parts, flag, draft)
        except ReviewError as error:
            return _refused(parts, flag, error)
        return _onward(parts, flag, review)

    @pages.post("/flags/<int:number>/together")
    @may("reviewer", "compliance")
    def edit_together(number: int) -> Any:
        """Both versions in the editor; what is saved from there is a decision like any other."""
        flag = flag_of(number)
        draft = read_draft(request.form)
        both = together(flag.spans, mine_of(flag, draft.spans))
        return _page(parts, flag, spans=both, typed=request.form, is_merge=True)

    @pages.post("/flags/<int:number>/undo")
    @may("reviewer", "compliance", "admin")
    def take_back(number: int) -> AnyResponse:
        flag = flag_of(number)
        try:
            undo(store, flag.tenant, flag.id, by=here.person(), surface="console")
            flash(f"Flag {number}: the decision was taken back.", "success")
        except StaleError:
            flash("Somebody changed this flag meanwhile. Nothing was taken back.", "warning")
        except (ReviewError, ForbiddenError) as error:
            flash(_sentence(error), "error")
        return redirect(_url(number))

    @pages.post("/flags/<int:number>/reason")
    @may("reviewer", "compliance")
    def reason(number: int) -> AnyResponse:
        """Why it was not PII: asked after the click, so that the click stays fast."""
        flag = flag_of(number)
        why = request.form.get("reason", "")
        give_reason(store, flag.tenant, flag.id, by=here.person(), surface="console", reason=why)
        flash(f"Flag {number}: {texts.NOT_PII_REASONS.get(why, 'reason kept')}.", "success")
        back = request.form.get("back", "")
        return redirect(_url(int(back) if back.isascii() and back.isdigit() else number))

    @pages.post("/flags/<int:number>/note")
    @may("reviewer", "compliance", "admin")
    def note(number: int) -> Any:
        flag = flag_of(number)
        text = request.form.get("text", "").replace("\r\n", "\n")
        try:
            add_note(store, flag.tenant, flag.id, by=here.person(), text=text, surface="console")
        except ReviewError as error:
            return _refused(parts, flag, ReviewError(str(error), "text"))
        flash("The note was kept.", "success")
        return redirect(_url(number))

    @pages.post("/flags/<int:number>/assign")
    @may("reviewer", "compliance")
    def give(number: int) -> AnyResponse:
        flag = flag_of(number)
        to = here.person().name if request.form.get("me") else request.form.get("to", "")
        known = {person.name for person in store.people.list(flag.tenant) if person.is_active}
        if to and to not in known:
            raise ReviewError("nobody of that name reviews here", "to")
        return _casework(
            number, f"Assigned to {to}." if to else "Nobody is assigned now.",
            lambda: assign(store, flag.tenant, flag.id, by=here.person(), to=to),
        )  # fmt: skip

    @pages.post("/flags/<int:number>/snooze")
    @may("reviewer", "compliance")
    def put_off(number: int) -> AnyResponse:
        flag = flag_of(number)
        chosen = request.form.get("for", "")
        until = datetime.now(UTC) + SNOOZES[chosen][1] if chosen in SNOOZES else None
        if chosen and until is None:
            raise ReviewError("choose how long to snooze", "for")
        words = f"Hidden for {SNOOZES[chosen][0]}." if until else "It is in the queue again."
        return _casework(
            number, words,
            lambda: snooze(store, flag.tenant, flag.id, by=here.person(), until=until),
        )  # fmt: skip

    @pages.post("/flags/<int:number>/notify")
    @may("reviewer", "compliance")
    def notify(number: int) -> AnyResponse:
        flag = flag_of(number)
        is_new = ask_author(store, flag.tenant, flag.id, by=here.person())
        words = "The author was asked to edit or delete the message. Only they can."
        flash(words if is_new else "The author was asked before.", "success" if is_new else "info")
        return redirect(_url(number))

    @pages.post("/flags/<int:number>/delete")
    @may("compliance", "admin")
    def delete(number: int) -> AnyResponse:
        flag = flag_of(number)
        is_new = request_deletion(store, flag.tenant, flag.id, by=here.person())
        flash(texts.DELETE_ASKED if is_new else texts.DELETE_ASKED_BEFORE, "info")
        return redirect(_url(number))

    return pages


def _page(parts: Parts, flag: Flag, **more: Any) -> str:
    """The page, or its inside for our script."""
    state = opened(parts, flag) if request.method == "GET" else standing(parts, flag)
    view = flag_page(parts, flag, state, **more)
    return render_template("_flag.html" if here.wants_fragment() else "flag.html", **view)


def _conflict(parts: Parts, flag: Flag, draft: Draft) -> tuple[str, int]:
    state = standing(parts, flag)
    found = conflict_of(
        parts, flag, draft, here.person(), revealed=state.is_shown, last4=shows_last4(parts)
    )
    template = "_conflict.html" if here.wants_fragment() else "conflict.html"
    words = {"said": SAID, "typed": request.form, "query": page_args()}
    return render_template(template, conflict=found, flag=flag, **words), 409


def _refused(parts: Parts, flag: Flag, error: ReviewError) -> Any:
    """The page with the reason; a script keeps its page and shows the reason on it."""
    if here.wants_fragment():
        answer: Response = jsonify(error=_sentence(error), field=error.field)
        return answer, 400
    spans: tuple[FoundSpan, ...] | None = None
    try:
        draft = read_draft(request.form)
        if draft.spans.marks is not None or draft.spans.extra:
            spans = mine_of(flag, draft.spans)
    except ReviewError:
        pass  # what was typed stands in its fields all the same
    view = _page(
        parts, flag, spans=spans, typed=request.form, problem=(error.field, _sentence(error))
    )
    return view, 400


def _onward(parts: Parts, flag: Flag, review: Review) -> AnyResponse:
    """To the next flag of the queue where that was asked for, else back to this one."""
    said = f"Flag {flag.number}: {SAID[review.decision].lower()}."
    if not request.form.get("next"):
        flash(said, "success")
        return redirect(_url(flag.number))
    flt = current_filter()
    number = _next_number(parts, flag, flt.query, flt.order) if not flt.problems else None
    if number is None:
        flash(f"{said} That was the last one here.", "success")
        return redirect("/flags" + page_args())
    args = flt.args() | {"done": str(flag.number)}
    return redirect(f"/flags/{number}?{urlencode(args)}")


def _next_number(parts: Parts, flag: Flag, query: Any, order: str) -> int | None:
    queue = parts.store.queue
    next_id = queue.neighbours(flag.tenant, query, order, flag.id).next_id
    if next_id:
        return parts.store.flags.get(next_id, flag.tenant).number
    # who began in the middle goes on at the top
    first = queue.page(flag.tenant, query, order, 1).flags
    return first[0].number if first and first[0].id != flag.id else None


def _casework(number: int, words: str, act: Any) -> AnyResponse:
    try:
        act()
    except StaleError as error:
        flash(_sentence(error), "warning")
    else:
        flash(words, "success")
    return redirect(_url(number))


def _remember_signature(draft: Draft) -> None:
    """Within a review session the box keeps as it was left."""
    session = here.session()
    if session.review_session_until and bool(session.data.get("signed")) != draft.signed:
        here.change_session(signed=draft.signed)


def _current(error: StaleError, flag: Flag) -> Flag:
    return error.current if isinstance(error.current, Flag) else flag


def _url(number: int) -> str:
    return f"/flags/{number}{page_args()}"


def _is_simulated(parts: Parts) -> bool:
    return parts.config.slack_api_base_url.startswith("http://127.0.0.1:")


def _sentence(error: Exception) -> str:
    return texts.sentence(str(error))
