"""Flags, reviews and values as the API shows them: masked as everywhere else."""

from datetime import datetime
from typing import Annotated

from bot.api.shapes import LabelName, OneOf, SeverityName, Shape
from bot.policies import BotPolicy
from bot.records import Flag, FoundSpan, Review
from bot.slack.preview import masked_preview
from bot.store.queue import STATES
from bot.store.value_groups import ValueGroup

#: States in which a person said that the message is personal: from then on its author is no secret.
_UPHELD = frozenset({"confirmed", "corrected", "accepted_risk"})
StateName = Annotated[str, OneOf(STATES)]


class SpanShape(Shape):
    """A marked stretch of a part of the message; offsets are half-open code points of the part's text."""

    part: str
    start: int
    end: int
    label: LabelName
    score: float
    source: str


class FlagShape(Shape):
    """A flag. ``preview`` shows dots where values are; "" once the text is gone. ``author`` may be kept back by policy."""

    number: int
    version: int
    state: StateName
    severity: SeverityName
    labels: dict[str, int]
    reasons: tuple[str, ...]
    preview: str
    spans: tuple[SpanShape, ...]
    model: str
    score: float
    channel: str
    ts: str
    thread_ts: str
    author: str
    author_answer: str
    assignee: str
    opened_at: datetime
    snoozed_until: datetime | None
    resolved_at: datetime | None
    resolved_by: str
    seen_before: int
    repeats: int
    text_gone: bool


class ReviewShape(Shape):
    """Something that was said about a flag. A note's text stays in the console."""

    id: str
    decision: str
    by: str
    at: datetime
    surface: str
    reason: str
    signed: bool
    undone: bool
    has_note: bool


class ValueShape(Shape):
    """One value, wherever it stands: known by its number, never by itself. ``channels`` counts flags by channel."""

    number: int
    label: LabelName
    flags: int
    pending: int
    channels: dict[str, int]
    first_at: datetime
    last_at: datetime


def flag_shape(flag: Flag, policy: BotPolicy) -> FlagShape:
    """A flag as the API shows it: masked as everywhere else."""
    preview = masked_preview(flag.parts, flag.spans, last4=policy.notices.card_last4)
    hides = policy.notices.hide_author and flag.state not in _UPHELD
    return FlagShape(
        number=flag.number,
        version=flag.version,
        state=flag.state,
        severity=flag.severity,
        labels=flag.labels,
        reasons=flag.reasons,
        preview="" if flag.text_gone else preview,
        spans=tuple(_span(span) for span in flag.spans),
        model=flag.model,
        score=flag.score,
        channel=flag.channel_id,
        ts=flag.ts,
        thread_ts=flag.thread_ts,
        author="" if hides else flag.user_id,
        author_answer=flag.author_answer,
        assignee=flag.assignee,
        opened_at=flag.opened_at,
        snoozed_until=flag.snoozed_until,
        resolved_at=flag.resolved_at,
        resolved_by=flag.resolved_by,
        seen_before=flag.seen_before,
        repeats=flag.n_repeats,
        text_gone=flag.text_gone,
    )


def review_shape(review: Review, names: dict[str, str]) -> ReviewShape:
    """A review; who gave it by name where one is known."""
    return ReviewShape(
        id=review.id,
        decision=review.decision,
        by=names.get(review.by, review.by),
        at=review.at,
        surface=review.surface,
        reason=review.reason,
        signed=review.signed,
        undone=review.undone,
        has_note=bool(review.note),
    )


def _span(span: FoundSpan) -> SpanShape:
    return SpanShape(
        part=span.part,
        start=span.start,
        end=span.end,
        label=span.label,
        score=span.score,
        source=span.source,
    )


def value_shape(group: ValueGroup) -> ValueShape:
    """A value as the API shows it: by its number."""
    return ValueShape(
        number=group.number,
        label=group.label,
        flags=group.n_flags,
        pending=group.n_pending,
        channels=group.channels,
        first_at=group.first_at,
        last_at=group.last_at,
    )
