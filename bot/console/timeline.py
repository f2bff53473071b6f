"""Timeline: what happened to a flag, oldest first, from its reviews and its rows in the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.records import Flag, Person, Review
from bot.slack import texts
from bot.store import Store
from bot.store.audit_search import AuditQuery, find
from bot.store.insights_audit import LoggedRow

_MAX_AUDIT = 500
_WORDS = {
    "confirm": "confirmed it",
    "correct": "corrected it",
    "not_pii": "said it is not PII",
    "accept_risk": "accepted the risk",
    "duplicate": "marked it as a duplicate",
    "second_opinion": "asked for a second opinion",
    "undo": "took the decision back",
    "note": "noted",
}
_AUDIT_WORDS = {
    "flag.reveal": "revealed the values",
    "flag.assign": "changed the assignee",
    "flag.snooze": "snoozed it or woke it up",
    "flag.reported": "reported what was missed",
    "author.asked": "asked the author to remove it",
    "author.removed": "said it is removed",
    "author.not_pii": "said it is not PII",
    "author.needed": "said it is needed",
    "message.delete_asked": "asked Slack to delete the message",
    "message.deleted": "deleted the message",
    "message.delete_refused": "refused to delete the message",
    "risk.expired": "let the accepted risk expire",
    "second_review.asked": "disagreed; a third person settles it",
}
_CORRECTIONS = {
    "boundary": "boundary",
    "label": "label",
    "missed": "missed PII",
    "partly_not_pii": "partly not PII",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``note`` is a person's own words."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    note: str = field(default="", repr=False)
    is_undone: bool = False
    surface: str = ""


def timeline(store: Store, flag: Flag, reader: Person, reviews: Iterable[Review]) -> list[Entry]:
    """What happened, as far as ``reader`` may know: who settles a second opinion sees nothing of the first."""
    names = {person.id: person.name for person in store.people.list(flag.tenant)}
    history = list(reviews)
    asker = asked_by(flag, history)
    is_blind = bool(asker) and asker != reader.id
    entries = [Entry(flag.opened_at, "piiguard", _opened(flag))]
    for review in history:
        if review.undone and _was_replaced(review, history):
            continue
        if is_blind and review.by == asker:
            if review.decision == "second_opinion":
                entries.append(Entry(review.at, "A colleague", _WORDS["second_opinion"]))
            continue
        entries.append(
            Entry(
                at=review.at,
                who=_name(review.by, names),
                what=_WORDS.get(review.decision, review.decision),
                detail=detail_of(review),
                note=review.note,
                is_undone=review.undone,
                surface=review.surface,
            )
        )
    for row in _audit_rows(store, flag):
        if row.action in _AUDIT_WORDS and not (is_blind and row.actor == asker):
            reason = str(row.details.get("reason") or row.details.get("outcome") or "")
            detail = texts.REVEAL_REASONS.get(reason, reason)
            entries.append(Entry(row.at, _name(row.actor, names), _AUDIT_WORDS[row.action], detail))
    if flag.state in ("resolved", "superseded") and flag.resolved_at:
        what = "removed it" if flag.state == "resolved" else "edited the message"
        entries.append(Entry(flag.resolved_at, "The author", what))
    return sorted(entries, key=lambda entry: entry.at)


def asked_by(flag: Flag, reviews: Iterable[Review]) -> str:
    """Who asked for the second opinion that is still open, "" where none is."""
    if flag.state != "second_opinion":
        return ""
    standing = [r for r in reviews if r.decision == "second_opinion" and not r.undone]
    return standing[-1].by if standing else ""


def detail_of(review: Review) -> str:
    """A review's reason in words, and whether it is signed."""
    words = texts.NOT_PII_REASONS.get(review.reason, review.reason)
    if review.decision == "correct":
        words = ", ".join(_CORRECTIONS.get(one, one) for one in review.reason.split(","))
    signed = "signed: nothing else here is personal" if review.signed else ""
    return " · ".join(part for part in (words, signed) if part)


def _was_replaced(review: Review, history: Iterable[Review]) -> bool:
    """True when the same decision stands with the reason that was given for it afterwards."""
    same = (review.decision, review.by, review.at)
    return any((one.decision, one.by, one.at) == same and not one.undone for one in history)


def _opened(flag: Flag) -> str:
    return "opened the flag from a report" if flag.model == "person" else "flagged the message"


def _name(actor: str, names: dict[str, str]) -> str:
    known = {
        "author": "The author",
        "reporter": "The reporter",
        "slack": "Slack",
        "system": "piiguard",
    }
    return names.get(actor) or known.get(actor) or "somebody in Slack"


def _audit_rows(store: Store, flag: Flag) -> list[LoggedRow]:
    with store.reading() as tx:
        return find(tx, flag.tenant, AuditQuery(objects=(flag.id,)), limit=_MAX_AUDIT)
