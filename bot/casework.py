"""What people do to a flag besides deciding it: take it, put it off, remark, answer for it, report a miss, reveal it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from bot.corrected import everywhere, overlap
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.new_flags import flag_of
from bot.outgoing import queue_card
from bot.parts_text import content_key
from bot.records import PENDING, Flag, FoundSpan, Person, Review, Role, SlackMessage, Surface
from bot.store import Store, new_id
from piiguard.labels import LABELS

Answer = Literal["removed", "not_pii", "needed"]
REVEAL_REASONS: frozenset[str] = frozenset({"decide", "boundary", "incident", "request"})
MAX_NOTE_CHARS = 2000
_WORKING: tuple[Role, ...] = ("reviewer", "compliance")


def assign(
    store: Store, tenant: str, flag_id: str, *, by: Person, to: str, version: int | None = None
) -> Flag:
    """Give a flag to somebody, "" to nobody. ``to`` is a person's name."""
    return _change(store, tenant, flag_id, by, version, "flag.assign", assignee=to)


def snooze(
    store: Store,
    tenant: str,
    flag_id: str,
    *,
    by: Person,
    until: datetime | None,
    version: int | None = None,
) -> Flag:
    """Hide a pending flag from the queue until then; None brings it back."""
    return _change(store, tenant, flag_id, by, version, "flag.snooze", snoozed_until=until)


def add_note(
    store: Store,
    tenant: str,
    flag_id: str,
    *,
    by: Person,
    text: str,
    surface: Surface,
    note_id: str = "",
) -> Review:
    """Keep a remark with the flag, sealed as its text is; a ``note_id`` that is known gives the note that stands."""
    require(by, tenant, *_WORKING, "admin")
    if not text.strip():
        raise ReviewError("a note needs a text", "note")
    check_note(text)
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        known = store.reviews.get(tx, note_id) if note_id else None
        if known is not None:
            return known
        review = _note(store, tx, flag, by.id, text, surface, note_id)
        store.audit.append(tx, tenant, by.id, "flag.note", flag.id, surface=surface)
    return review


def author_answer(
    store: Store,
    tenant: str,
    flag_id: str,
    user_id: str,
    answer: Answer,
    reason: str = "",
    *,
    surface: Surface = "slack",
) -> Flag:
    """What the author of a message says of its flag. It decides nothing; a doubt brings a second look.

    Raises: ForbiddenError for anybody else than the author; ReviewError for "needed" without a reason.
    """
    if answer == "needed" and not reason.strip():
        raise ReviewError("say why the message is needed", "reason")
    check_note(reason)
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        if not user_id or flag.user_id != user_id:
            raise ForbiddenError("only the author of a message can answer for it", by_role=False)
        if flag.author_answer == answer and not reason:
            return flag
        columns: dict[str, Any] = {"author_answer": answer}
        if answer != "removed":
            columns["snoozed_until"] = None
            if flag.state in ("confirmed", "corrected"):
                columns |= {"state": "second_opinion", "resolved_by": "", "resolved_at": None}
        changed = store.flags.change(tx, flag.id, tenant, expected_version=flag.version, **columns)
        if reason:
            _note(store, tx, flag, "author", reason, surface)
        queue_card(store, tx, changed)
        store.audit.append(tx, tenant, "author", f"author.{answer}", flag.id)
    return changed


def report_missed(
    store: Store,
    message: SlackMessage,
    found: Sequence[tuple[str, str]],
    *,
    by: str,
    note: str = "",
    review_channel: str = "",
) -> Flag:
    """Make a flag of what the guard missed, or add it to the flag that the message has. Anybody may.

    Args:
        message: as the shortcut brought it.
        found: (exact text, label) of each value.
        by: who says so; a Slack user id or a person's name.
        review_channel: where its card goes, if its severity were flagged at all: a person's word is always shown.

    Raises: ReviewError, with ``missed_text:<n>`` or ``missed_label:<n>`` as its field; StaleError where a reviewer
    has decided the message already.
    """
    check_note(note)
    if not found:
        raise ReviewError("which text? copy it exactly as it stands there", "missed_text:0")
    spans: list[FoundSpan] = []
    for number, (text, label) in enumerate(found):
        if label not in LABELS:
            raise ReviewError("choose a label for this text", f"missed_label:{number}")
        here = everywhere(
            message.parts, text, label, field=f"missed_text:{number}", source="report"
        )
        spans += [span for span in here if not any(overlap(span, other) for other in spans)]
    content_fp = store.keys.fingerprint(message.tenant, "content", content_key(message))
    new = flag_of(store, message, content_fp, _ordered(spans), model="person")
    with store.transaction() as tx:
        store.messages.upsert(
            tx,
            message.tenant,
            message.channel_id,
            message.ts,
            version=message.version,
            content_fp=content_fp,
            thread_ts=message.thread_ts,
            user_id=message.user_id,
            client_msg_id=message.client_msg_id,
        )
        flag, is_new = store.flags.record(tx, new)
        if not is_new:
            flag = _with_report(store, tx, flag, spans)
        moved = store.flags.recompute(tx, flag.tenant, flag.channel_id, flag.ts)
        flag = next((one for one in moved if one.id == flag.id), flag)
        if note:
            _note(store, tx, flag, "reporter", note, "slack")
        queue_card(store, tx, flag, review_channel=review_channel if is_new else "")
        store.audit.append(tx, flag.tenant, by, "flag.reported", flag.id, n_spans=len(spans))
    return flag


def reveal(
    store: Store, flag_id: str, by: Person, reason: str, *, reviewers_may: bool = False
) -> Flag:
    """The flag with its text, for somebody who may see it and says why; each call writes its audit row.

    ``reviewers_may``: the policy's ``people.reviewers_may_reveal``. An administrator alone reveals nothing.
    """
    require(by, by.tenant, *(_WORKING if reviewers_may else ("compliance",)))
    if reason not in REVEAL_REASONS:
        raise ReviewError("a reveal needs one of the listed reasons", "reason")
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, by.tenant, tx=tx)
        store.audit.append(tx, by.tenant, by.id, "flag.reveal", flag.id, reason=reason)
    return flag


def require(by: Person, tenant: str, *roles: Role) -> None:
    """Raises NotFoundError for another tenant's person, who learns nothing of this one; ForbiddenError without a role."""
    if by.tenant != tenant:
        raise NotFoundError("There is no such flag here")
    if not by.may(*roles):
        raise ForbiddenError("only reviewers can decide" if "reviewer" in roles else "not allowed")


def of_flag(store: Store, flag: Flag) -> list[Review]:
    """The flag's reviews, oldest first. Inside a transaction it reads that transaction."""
    return store.reviews.of_flag(flag.id, flag.tenant)


def check_note(note: str) -> None:
    """Raises ReviewError for a note that is too long."""
    if len(note) > MAX_NOTE_CHARS:
        raise ReviewError(f"a note has at most {MAX_NOTE_CHARS} characters", "note")


def _change(
    store: Store,
    tenant: str,
    flag_id: str,
    by: Person,
    version: int | None,
    action: str,
    **columns: Any,
) -> Flag:
    require(by, tenant, *_WORKING)
    with store.transaction() as tx:
        flag = store.flags.get(flag_id, tenant, tx=tx)
        if all(getattr(flag, name) == value for name, value in columns.items()):
            return flag
        if flag.state not in PENDING:
            raise StaleError("this flag is no longer open", flag)
        changed = store.flags.change(
            tx, flag.id, tenant, expected_version=version or flag.version, **columns
        )
        queue_card(store, tx, changed)
        store.audit.append(tx, tenant, by.id, action, flag.id)
    return changed


def _with_report(store: Store, tx: Any, flag: Flag, spans: Sequence[FoundSpan]) -> Flag:
    """The flag that the message has already, with what was reported."""
    new = [span for span in spans if not any(overlap(span, other) for other in flag.spans)]
    if not new:
        return flag
    if flag.state not in PENDING | {"resolved", "superseded"}:
        raise StaleError("a reviewer has decided this message", flag)
    labels = dict(flag.labels)
    for span in new:
        labels[span.label] = labels.get(span.label, 0) + 1
    return store.flags.change(
        tx,
        flag.id,
        flag.tenant,
        expected_version=flag.version,
        spans=_ordered([*flag.spans, *new]),
        labels=labels,
    )


def is_reply(review: Review) -> bool:
    """True for a note that stands in its card's thread, so that the card need not repeat it."""
    is_of_person = review.by not in ("author", "reporter")
    return review.decision == "note" and review.surface == "slack" and is_of_person


def _note(
    store: Store, tx: Any, flag: Flag, by: str, text: str, surface: Surface, note_id: str = ""
) -> Review:
    review = Review(
        note_id or new_id(), flag.id, flag.tenant, "note", by, store.now(tx), surface, note=text
    )
    store.reviews.add(tx, review)
    return review


def _ordered(spans: Sequence[FoundSpan]) -> tuple[FoundSpan, ...]:
    return tuple(sorted(spans, key=lambda span: (span.part, span.start)))
