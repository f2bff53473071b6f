"""record_review(): the one function behind card, modal, console and API, with undo and the reason that follows.

Each call is one transaction: the flag, the review, the audit row and the card's update stand or fall together.
Nothing here raises or logs a value. What else people do to a flag is in bot/casework.py, offered here too.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.anchor import anchor, anchor_in_part
from bot.casework import (
    add_note,
    assign,
    author_answer,
    check_note,
    of_flag,
    report_missed,
    require,
    reveal,
    snooze,
)
from bot.corrected import corrected_spans
from bot.errors import ForbiddenError, ReviewError, StaleError
from bot.outgoing import queue_card, queue_notice
from bot.parts_text import part_named
from bot.records import (
    PENDING,
    Decision,
    Flag,
    FlagState,
    FoundSpan,
    Person,
    Review,
    Role,
    Surface,
)
from bot.store import Store, new_id
from piiguard.labels import LABELS

__all__ = [
    "DECIDERS", "HARMLESS", "UNDO_S", "WRONG", "add_note", "anchor", "anchor_in_part", "assign", "author_answer",
    "corrected_spans", "give_reason", "record_review", "report_missed", "reveal", "snooze", "undo",
]  # fmt: skip

DECIDERS: tuple[Role, ...] = ("reviewer", "compliance")
#: Reasons of "not PII": it is something else, and an example without spans; or it may stay, and its spans are right.
WRONG: frozenset[str] = frozenset({"other_thing", "object_id"})
HARMLESS: frozenset[str] = frozenset({"test_data", "public_contact"})
UNDO_S = 600.0
MAX_REASON_CHARS = 200

_STATE: dict[Decision, FlagState] = {
    "confirm": "confirmed",
    "correct": "corrected",
    "not_pii": "not_pii",
    "accept_risk": "accepted_risk",
    "duplicate": "duplicate",
    "second_opinion": "second_opinion",
}
#: States that a decision may be taken in: pending, and those that the message itself brought about.
_UNDECIDED: frozenset[str] = PENDING | {"resolved", "superseded"}


def record_review(
    store: Store,
    tenant: str,
    flag_id: str,
    decision: Decision,
    *,
    by: Person,
    version: int,
    surface: Surface,
    spans: Sequence[FoundSpan] | None = None,
    reason: str = "",
    note: str = "",
    signed: bool = False,
    review_id: str = "",
) -> Review:
    """Decide a flag.

    The same person repeating the same decision, or a ``review_id`` that is known, gets the review that stands.

    Args:
        version: of the flag as the person saw it.
        spans: all spans of the corrected message; for "correct" only.
        signed: nothing else in the message is personal.

    Raises: ForbiddenError, NotFoundError, ReviewError, StaleError with the flag as it stands.
    """
    if decision == "undo":
        return undo(store, tenant, flag_id, by=by, surface=surface, review_id=review_id)
    if decision not in _STATE:
        raise ReviewError("unknown decision; expected one of: " + ", ".join(_STATE), "decision")
    require(by, tenant, *DECIDERS)
    check_note(note)
    with store.transaction() as tx:
        flag, history, known = _looked_up(store, tx, tenant, flag_id, review_id)
        if known is not None:
            return known
        last = _last_decision(history)
        if flag.state not in _UNDECIDED:
            if last and (last.decision, last.by) == (decision, by.id) and spans is None:
                return last
            raise StaleError("somebody decided this flag first", flag)
        if last and last.decision == "second_opinion" and last.by == by.id:
            raise ReviewError("you asked for a second opinion: another reviewer settles it")
        review = Review(
            id=review_id or new_id(),
            flag_id=flag.id,
            tenant=tenant,
            decision=decision,
            by=by.id,
            at=store.now(tx),
            surface=surface,
            reason=_checked_reason(decision, reason),
            note=note,
            signed=signed,
            spans=_truth(decision, flag, spans, reason),
        )
        is_settled = decision != "second_opinion"
        columns: dict[str, Any] = {
            "state": _STATE[decision],
            "resolved_by": by.name if is_settled else "",
            "resolved_at": review.at if is_settled else None,
            "snoozed_until": None,
        }
        if decision == "correct":
            columns |= _with_spans(review.spans)
        changed = store.flags.change(tx, flag.id, tenant, expected_version=version, **columns)
        store.reviews.add(tx, review)
        queue_card(store, tx, changed)
        if decision in ("confirm", "correct"):
            queue_notice(store, tx, changed, "after_confirm")
        store.audit.append(
            tx,
            tenant,
            by.id,
            f"review.{decision}",
            flag.id,
            surface=surface,
            version=changed.version,
        )
    return review


def undo(
    store: Store,
    tenant: str,
    flag_id: str,
    *,
    by: Person,
    surface: Surface,
    window_s: float = UNDO_S,
    review_id: str = "",
) -> Review:
    """Take the last decision back: by who made it or an admin, within ten minutes. The former state returns."""
    require(by, tenant, *DECIDERS, "admin")
    with store.transaction() as tx:
        flag, history, known = _looked_up(store, tx, tenant, flag_id, review_id)
        if known is not None:
            return known
        last = _last_decision(history)
        if last is None:
            raise ReviewError("there is no decision to undo")
        if last.by != by.id and not by.may("admin"):
            raise ForbiddenError(
                "only who decided, or an administrator, can undo it", by_role=False
            )
        now = store.now(tx)
        if now - last.at > timedelta(seconds=window_s):
            raise ReviewError("too late to undo: a decision can be taken back for ten minutes")
        before = _last_decision([review for review in history if review.id != last.id])
        columns: dict[str, Any] = {
            "state": _STATE[before.decision] if before else "open",
            "resolved_by": "",
            "resolved_at": None,
        }
        if last.decision == "correct" and not flag.text_gone:
            columns |= _with_spans(_before_correction(flag))
        changed = store.flags.change(tx, flag.id, tenant, expected_version=flag.version, **columns)
        store.reviews.mark_undone(tx, last.id)
        # the message may have been edited or deleted while the decision stood
        moved = store.flags.recompute(tx, tenant, flag.channel_id, flag.ts)
        queue_card(store, tx, next((one for one in moved if one.id == flag.id), changed))
        review = Review(review_id or new_id(), flag.id, tenant, "undo", by.id, now, surface)
        store.reviews.add(tx, review)
        store.audit.append(
            tx, tenant, by.id, "review.undo", flag.id, surface=surface, undone=last.id
        )
    return review


def give_reason(
    store: Store, tenant: str, flag_id: str, *, by: Person, surface: Surface, reason: str
) -> Review:
    """Say afterwards why a flag was "not PII": the reason may follow the click, so that the click stays fast."""
    require(by, tenant, *DECIDERS)
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        last = _last_decision(of_flag(store, flag))
        if flag.state != "not_pii" or last is None or last.decision != "not_pii":
            raise StaleError("somebody changed this flag first", flag)
        if last.reason == reason:
            return last
        review = Review(
            id=new_id(),
            flag_id=flag.id,
            tenant=tenant,
            decision="not_pii",
            by=last.by,
            at=last.at,  # of the decision: a reason does not stretch the time to undo
            surface=surface,
            reason=_checked_reason("not_pii", reason),
            note=last.note,
            signed=last.signed,
            spans=_truth("not_pii", flag, None, reason),
        )
        store.reviews.mark_undone(tx, last.id)
        store.reviews.add(tx, review)
        changed = store.flags.change(
            tx, flag.id, tenant, expected_version=flag.version, state="not_pii"
        )
        queue_card(store, tx, changed)
        store.audit.append(
            tx, tenant, by.id, "review.reason", flag.id, surface=surface, reason=review.reason
        )
    return review


def _looked_up(
    store: Store, tx: Any, tenant: str, flag_id: str, review_id: str
) -> tuple[Flag, list[Review], Review | None]:
    """The flag, its reviews, and the one of this id where it was stored before."""
    flag = store.flags.get(flag_id, tenant, tx=tx)
    history = of_flag(store, flag)
    return flag, history, next((review for review in history if review.id == review_id), None)


def _last_decision(history: Sequence[Review]) -> Review | None:
    standing = [review for review in history if not review.undone and review.decision in _STATE]
    return standing[-1] if standing else None


def _checked_reason(decision: Decision, reason: str) -> str:
    if decision == "not_pii" and reason and reason not in WRONG | HARMLESS:
        raise ReviewError("unknown reason; choose one of the list", "reason")
    if decision == "accept_risk" and not reason.strip():
        raise ReviewError("say why the risk may stay", "reason")
    return reason[:MAX_REASON_CHARS]


def _truth(
    decision: Decision, flag: Flag, spans: Sequence[FoundSpan] | None, reason: str
) -> tuple[FoundSpan, ...]:
    """What is personal in the message, as this decision has it."""
    if decision == "not_pii":
        return flag.spans if reason in HARMLESS else ()
    if decision != "correct":
        return flag.spans
    if spans is None:
        raise ReviewError("a correction needs its spans")
    if flag.text_gone:
        raise ReviewError("the text is gone, so its spans cannot be corrected any more")
    ordered = sorted(spans, key=lambda span: (span.part, span.start, span.end))
    end_of: dict[str, int] = {}
    for span in ordered:
        part = part_named(flag.parts, span.part)
        if part is None or not 0 <= span.start < span.end <= len(part.text):
            raise ReviewError("a span lies outside the message")
        if span.label not in LABELS:
            raise ReviewError("unknown label; expected one of: " + ", ".join(LABELS))
        if span.start < end_of.get(span.part, 0):
            raise ReviewError("two spans overlap; remove one of them")
        end_of[span.part] = span.end
    return tuple(ordered)


def _with_spans(spans: tuple[FoundSpan, ...]) -> dict[str, Any]:
    """The columns that follow from the spans."""
    return {"spans": spans, "labels": dict(Counter(span.label for span in spans))}


def _before_correction(flag: Flag) -> tuple[FoundSpan, ...]:
    """What the model said, and what was reported as missed since."""
    reported = [span for span in flag.spans if span.source == "report"]
    kept = [
        span
        for span in reported
        if not any(
            span.part == other.part and span.start < other.end and other.start < span.end
            for other in flag.predicted
        )
    ]
    return tuple(sorted([*flag.predicted, *kept], key=lambda span: (span.part, span.start)))
