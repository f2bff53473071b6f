"""Decisions and notes by the API: the same service as behind Slack and the console, with the same refusals."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.accepted_risk import accept_risk
from bot.api.flag_shapes import FlagShape, ReviewShape, flag_shape, review_shape
from bot.api.operations import Call, Operation
from bot.api.shapes import LabelName, Line, Moment, Number, Offset, Shape
from bot.api.tokens import names_of
from bot.casework import MAX_NOTE_CHARS
from bot.console.span_form import changes
from bot.errors import NotFoundError, ReviewError, StaleError
from bot.records import UNDECIDED, Flag, FoundSpan, Review
from bot.review import add_note, record_review, undo

MAX_SPANS = 500
NoteText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NOTE_CHARS)]


class _Decided(Shape):
    """What each decision carries. ``signed``: nothing else in the message is personal; only then it may train."""

    version: Annotated[int, Field(ge=0, le=(1 << 31) - 1)] = Field(
        description="Of the flag as the person saw it."
    )
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE_CHARS)] = ""
    signed: bool = False


class Confirm(_Decided):
    """The marked values are personal."""

    decision: Literal["confirm"]


class NotPii(_Decided):
    """Nothing here is personal, or what is may stay: test data, a public contact."""

    decision: Literal["not_pii"]
    reason: Literal["other_thing", "object_id", "test_data", "public_contact", ""] = ""


class MarkShape(Shape):
    """A value as it should be marked; half-open code points of the part's stored text."""

    part: Line
    start: Offset
    end: Offset
    label: LabelName


class Correct(_Decided):
    """The message with all its spans as they should be; those that are not named are taken away."""

    decision: Literal["correct"]
    spans: Annotated[tuple[MarkShape, ...], Field(min_length=1, max_length=MAX_SPANS)]


class AcceptRisk(_Decided):
    """It is personal and may stay until a moment; then the flag comes back."""

    decision: Literal["accept_risk"]
    reason: Annotated[Line, StringConstraints(min_length=1)]
    until: Moment


class Duplicate(_Decided):
    """Another flag covers this one."""

    decision: Literal["duplicate"]
    duplicate_of: Number


class SecondOpinion(_Decided):
    """Somebody else should look."""

    decision: Literal["second_opinion"]


Decision = Annotated[
    Confirm | NotPii | Correct | AcceptRisk | Duplicate | SecondOpinion,
    Field(discriminator="decision"),
]


class Note(Shape):
    """A remark. It is kept as sealed as the message."""

    note: NoteText


class Outcome(Shape):
    """The decision that stands, and the flag after it."""

    review: ReviewShape
    flag: FlagShape


class Conflict(Shape):
    """Somebody was quicker: the flag as it stands, for another try with its version."""

    error: str
    flag: FlagShape | None


def decide(call: Call) -> Outcome:
    """Take a decision."""
    store = call.parts.store
    flag = store.flags.by_number(call.path["number"], call.tenant)
    review = _stands(call, flag)
    if review is None:
        if flag.version != call.body.version or flag.state not in UNDECIDED:
            raise StaleError("somebody changed this flag first", flag)
        review = _decide(call, flag)
        call.parts.metrics.reviews.labels(review.decision, "api").inc()
    return _outcome(call, flag, review)


def take_back(call: Call) -> Outcome:
    """Undo the last decision."""
    flag = call.parts.store.flags.by_number(call.path["number"], call.tenant)
    review = undo(
        call.parts.store, call.tenant, flag.id, by=call.by, surface="api", review_id=_id(call, flag)
    )
    return _outcome(call, flag, review)


def note(call: Call) -> Outcome:
    """Add a note."""
    flag = call.parts.store.flags.by_number(call.path["number"], call.tenant)
    review = add_note(
        call.parts.store,
        call.tenant,
        flag.id,
        by=call.by,
        text=call.body.note,
        surface="api",
        note_id=_id(call, flag),
    )
    return _outcome(call, flag, review)


def _decide(call: Call, flag: Flag) -> Review:
    store, body = call.parts.store, call.body
    if isinstance(body, AcceptRisk):
        return accept_risk(
            store, flag.tenant, flag.id, by=call.by, version=body.version, surface="api",
            reason=body.reason, until=body.until, note=body.note, signed=body.signed,
        )  # fmt: skip
    spans, reason = None, ""
    if isinstance(body, NotPii):
        reason = body.reason
    elif isinstance(body, Duplicate):
        reason = f"of flag {_other(call, flag, body.duplicate_of)}"
    elif isinstance(body, Correct):
        spans = _spans(flag, body.spans)
        edited = changes(flag.spans, spans)
        if not edited:
            raise ReviewError("these spans change nothing: confirm the flag instead", "spans")
        reason = ",".join(edited)
    return record_review(
        store,
        flag.tenant,
        flag.id,
        body.decision,
        by=call.by,
        version=body.version,
        surface="api",
        spans=spans,
        reason=reason,
        note=body.note,
        signed=body.signed,
        review_id=_id(call, flag),
    )


def _spans(flag: Flag, marks: Sequence[MarkShape]) -> tuple[FoundSpan, ...]:
    """The spans as the flag keeps them: what is as it was keeps its score and source."""
    known = {(one.part, one.start, one.end, one.label): one for one in flag.spans}
    places = [(mark.part, mark.start, mark.end, mark.label) for mark in marks]
    return tuple(known.get(place) or FoundSpan(*place, 1.0, "person") for place in places)


def _other(call: Call, flag: Flag, number: int) -> int:
    try:
        other = call.parts.store.flags.by_number(number, call.tenant)
    except NotFoundError:
        raise ReviewError("there is no flag of this number", "duplicate_of") from None
    if other.id == flag.id:
        raise ReviewError("a flag is no duplicate of itself", "duplicate_of")
    return other.number


def _stands(call: Call, flag: Flag) -> Review | None:
    """The review that this very request brought before."""
    review_id = _id(call, flag)
    found = call.parts.store.reviews.of_flag(flag.id, flag.tenant) if review_id else []
    return next((one for one in found if one.id == review_id), None)


def _id(call: Call, flag: Flag) -> str:
    """The id that a key gives its review, so that a request sent twice is carried out once; "" without a key."""
    if not call.key:
        return ""
    told_apart = "\n".join((call.by.id, flag.id, call.key))
    return hashlib.blake2b(told_apart.encode(), digest_size=16).hexdigest()


def _outcome(call: Call, flag: Flag, review: Review) -> Outcome:
    store = call.parts.store
    now = store.flags.get(flag.id, flag.tenant)
    return Outcome(
        review=review_shape(review, names_of(store, flag.tenant)),
        flag=flag_shape(now, call.parts.policies.current()),
    )


OPERATIONS = (
    Operation(
        "decide", "POST", "/api/v1/flags/{number}/decisions", "Decide a flag",
        "review", decide, Outcome, body=Decision, status=201, has_key=True, more={409: Conflict},
        description="Written down to the token. A stale version changes nothing and brings the flag as it stands.",
    ),
    Operation(
        "undo", "POST", "/api/v1/flags/{number}/undo", "Take the token's own last decision back, for ten minutes",
        "review", take_back, Outcome, status=201, has_key=True, more={409: Conflict},
    ),
    Operation(
        "add_note", "POST", "/api/v1/flags/{number}/notes", "Add a note to a flag",
        "review", note, Outcome, body=Note, status=201, has_key=True,
    ),
)  # fmt: skip
