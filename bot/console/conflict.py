"""Conflict: two people saved the same flag. Both versions are shown, nothing is overwritten, nothing typed is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.build import Parts
from bot.console.decide import Draft, mine_of
from bot.console.span_form import SpanFormError, marks_of
from bot.console.spans_view import PartView, SpanView, part_views, span_views
from bot.corrected import overlap
from bot.records import UNDECIDED, Flag, FoundSpan, Person, Review

Difference = Literal["same", "label", "boundary", "theirs", "mine"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions."""

    decision: str
    spans: Sequence[SpanView]
    parts: Sequence[PartView] = field(repr=False)
    by: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What the two versions say of one place; None where one says nothing."""

    difference: Difference
    theirs: SpanView | None
    mine: SpanView | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both versions, and what can be done.

    ``is_decided``: the other person's decision stands; ``may_take``: it may be undone by who asks, or there is none.
    ``marks``: the own spans, as the field of a form. ``problem``: why the own spans could not be read.
    """

    flag: Flag
    draft: Draft
    theirs: Side
    mine: Side
    rows: tuple[Row, ...]
    is_decided: bool
    may_take: bool
    may_ask_third: bool
    marks: str = field(default="[]", repr=False)
    problem: str = ""


def conflict_of(
    parts: Parts, flag: Flag, draft: Draft, me: Person, *, revealed: bool, last4: bool = False
) -> Conflict:
    """Compare what stands with what somebody wanted to save."""
    mine: tuple[FoundSpan, ...] = ()
    problem = ""
    try:
        mine = mine_of(flag, draft.spans)
    except SpanFormError as error:
        problem = str(error)
    last = standing_decision(parts.store.reviews.of_flag(flag.id, flag.tenant))
    is_decided = flag.state not in UNDECIDED
    is_own = last is not None and (last.by == me.id or me.may("admin"))
    names = {person.id: person.name for person in parts.store.people.list(flag.tenant)}
    everything = (*flag.spans, *flag.predicted, *mine)

    def side(spans: tuple[FoundSpan, ...], decision: str, review: Review | None) -> Side:
        return Side(
            decision,
            span_views(flag.parts, spans, revealed=revealed, last4=last4),
            part_views(flag.parts, spans, revealed=revealed, hidden=everything, last4=last4),
            names.get(review.by, "") if review else "",
            review,
        )

    theirs = side(flag.spans, last.decision if last and is_decided else "", last)
    own = side(mine, draft.choice, None)
    return Conflict(
        flag=flag,
        draft=draft,
        theirs=theirs,
        mine=own,
        rows=_rows(flag, flag.spans, mine, theirs.spans, own.spans),
        is_decided=is_decided,
        may_take=not problem and (not is_decided or is_own),
        may_ask_third=not problem
        and is_decided
        and not is_own
        and draft.choice != "second_opinion",
        marks=marks_of(mine),
        problem=problem,
    )


def standing_decision(history: Sequence[Review]) -> Review | None:
    """The last decision that nobody took back."""
    made = [one for one in history if not one.undone and one.decision not in ("note", "undo")]
    return made[-1] if made else None


def _rows(
    flag: Flag,
    theirs: Sequence[FoundSpan],
    mine: Sequence[FoundSpan],
    their_views: Sequence[SpanView],
    my_views: Sequence[SpanView],
) -> tuple[Row, ...]:
    rank = {part.name: index for index, part in enumerate(flag.parts)}

    def ordered(spans: Sequence[FoundSpan]) -> list[FoundSpan]:
        return sorted(spans, key=lambda span: (rank.get(span.part, len(rank)), span.start))

    own = list(zip(ordered(mine), my_views, strict=True))
    rows: list[tuple[tuple[int, int], Row]] = []
    for span, view in zip(ordered(theirs), their_views, strict=True):
        match = next((pair for pair in own if overlap(span, pair[0])), None)
        place = (rank.get(span.part, len(rank)), span.start)
        if match is None:
            rows.append((place, Row("theirs", view, None)))
            continue
        own.remove(match)
        other = match[0]
        kind: Difference = "same" if span.label == other.label else "label"
        if (span.start, span.end) != (other.start, other.end):
            kind = "boundary"
        rows.append((place, Row(kind, view, match[1])))
    for span, view in own:
        rows.append(((rank.get(span.part, len(rank)), span.start), Row("mine", None, view)))
    return tuple(row for _, row in sorted(rows, key=lambda item: item[0]))
