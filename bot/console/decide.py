"""Decide: a filled decision form, taken to the decision service. The same calls as from Slack, the same refusals."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast, get_args

from bot.accepted_risk import accept_risk
from bot.console.span_form import (
    FormLike,
    SpanForm,
    SpanFormError,
    changes,
    read_span_form,
    span_id,
    spans_of_form,
)
from bot.corrected import overlap
from bot.errors import NotFoundError, ReviewError, StaleError
from bot.records import UNDECIDED, Decision, Flag, FoundSpan, Person, Review
from bot.review import record_review, undo
from bot.store import Store

#: "save" stores what the spans say: nothing changed, a correction, or that none is left.
Choice = Literal[
    "save", "confirm", "correct", "not_pii", "accept_risk", "duplicate", "second_opinion"
]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants done with a flag, as the form has it."""

    choice: Choice
    version: int
    reason: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    signed: bool = False
    until: datetime | None = None
    duplicate_of: str = ""
    spans: SpanForm = field(default_factory=SpanForm, repr=False)


def read_draft(form: FormLike) -> Draft:
    """The form as posted. Raises: ReviewError, whose ``field`` names the place in it."""
    choice, version = str(form.get("decision") or "save"), str(form.get("version") or "")
    if choice not in get_args(Choice):
        raise ReviewError("choose what to do with this flag", "decision")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise ReviewError("this form is no longer in use; reload the page", "decision")
    reason = "risk_reason" if choice == "accept_risk" else "reason"
    return Draft(
        choice=cast(Choice, choice),
        version=int(version),
        reason=str(form.get(reason) or "").strip(),
        note=str(form.get("note") or "").replace("\r\n", "\n").strip(),
        signed=bool(form.get("signed")),
        until=_end_of(str(form.get("until") or "")),
        duplicate_of=str(form.get("duplicate_of") or "").strip().removeprefix("#"),
        spans=read_span_form(form),
    )


def decide(store: Store, flag: Flag, draft: Draft, by: Person) -> Review:
    """Take the decision.

    Raises: StaleError with the flag as it stands; SpanFormError, ReviewError with the field; ForbiddenError.
    """
    if flag.version != draft.version or flag.state not in UNDECIDED:
        raise StaleError("somebody changed this flag first", flag)
    spans = flag.spans if flag.text_gone else spans_of_form(flag.parts, flag.spans, draft.spans)
    edited = changes(flag.spans, spans)
    decision = _meant(draft.choice, spans, edited=bool(edited))
    more = {"note": draft.note, "signed": draft.signed}
    if decision == "accept_risk":
        return accept_risk(
            store, flag.tenant, flag.id, by=by, version=draft.version, surface="console",
            reason=draft.reason, until=draft.until, note=draft.note, signed=draft.signed,
        )  # fmt: skip
    reason = draft.reason if decision == "not_pii" else ""
    if decision == "duplicate":
        reason = f"of flag {_other(store, flag, draft.duplicate_of)}"
    if decision == "correct":
        reason = ",".join(edited)
    return record_review(
        store,
        flag.tenant,
        flag.id,
        decision,
        by=by,
        version=draft.version,
        surface="console",
        spans=spans if decision == "correct" else None,
        reason=reason,
        **more,  # type: ignore[arg-type]
    )


def take_mine(store: Store, flag: Flag, draft: Draft, by: Person) -> Review:
    """Put this decision in the place of one that stands, which ``by`` may undo: both at once, or neither."""
    with store.transaction() as tx:
        undo(store, flag.tenant, flag.id, by=by, surface="console")
        current = store.flags.get(flag.id, flag.tenant, tx=tx)
        again = replace(draft, version=current.version)
        return decide(store, current, again, by)


def ask_a_third(store: Store, flag: Flag, draft: Draft, by: Person) -> bool:
    """Keep this decision beside the one that stands, for a third person to settle; False where one is kept already."""
    spans = mine_of(flag, draft.spans)
    decision = _meant(draft.choice, spans, edited=bool(changes(flag.spans, spans)))
    with store.transaction() as tx:
        second_id = store.second_reviews.pick(tx, flag)
        if second_id is None:
            return False
        kept = () if decision == "not_pii" else spans
        store.second_reviews.add(
            tx, second_id, flag.tenant, by=by.id, decision=decision, spans=kept,
            reason=draft.reason, signed=draft.signed,
        )  # fmt: skip
        store.audit.append(tx, flag.tenant, by.id, "second_review.asked", flag.id)
    return True


def mine_of(flag: Flag, form: SpanForm) -> tuple[FoundSpan, ...]:
    """The spans of a form that was made for another version of the flag, as far as they can be read.

    Raises: SpanFormError.
    """
    known = {span_id(span): span for span in (*flag.predicted, *flag.spans)}
    if form.marks is not None:
        named = [mark for mark in form.marks if str(mark.get("keep", "")) in ("", *known)]
        form = SpanForm(marks=tuple(named))
        return spans_of_form(flag.parts, list(known.values()), form)
    rows = tuple(row for row in form.rows if row.id in known or row.id in form.extra)
    before = [known[row.id] for row in rows if row.id in known]
    return spans_of_form(flag.parts, before, SpanForm(rows, form.extra, form.missed))


def together(theirs: tuple[FoundSpan, ...], mine: tuple[FoundSpan, ...]) -> tuple[FoundSpan, ...]:
    """Both versions in one: mine, and of theirs what mine does not touch."""
    kept = [span for span in theirs if not any(overlap(span, one) for one in mine)]
    return tuple(sorted([*mine, *kept], key=lambda span: (span.part, span.start)))


def _meant(choice: Choice, spans: tuple[FoundSpan, ...], *, edited: bool) -> Decision:
    if choice in ("save", "correct"):
        if not edited:
            return "confirm"
        return "correct" if spans else "not_pii"
    if edited and choice == "confirm":
        raise SpanFormError(
            "you changed spans: save them as a correction, or undo the changes", "decision"
        )
    if edited and choice != "not_pii":
        raise SpanFormError("you changed spans: save them first, or undo the changes", "decision")
    return cast(Decision, choice)


def _other(store: Store, flag: Flag, typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise ReviewError("type the number of the flag that covers this one", "duplicate_of")
    try:
        other = store.flags.by_number(int(typed), flag.tenant)
    except NotFoundError:
        raise ReviewError("there is no flag of this number", "duplicate_of") from None
    if other.id == flag.id:
        raise ReviewError("a flag is no duplicate of itself", "duplicate_of")
    return other.number


def _end_of(typed: str) -> datetime | None:
    """The end of a day, as a date field gives it."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise ReviewError("type a date such as 2030-01-31", "until") from None
    if not 2000 <= day.year <= 9000:
        raise ReviewError("type a date such as 2030-01-31", "until")
    return datetime.combine(day + timedelta(days=1), time(), UTC)
