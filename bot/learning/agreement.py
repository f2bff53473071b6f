"""Second reviews: which decisions are taken twice, what the second verdict is given on, and who settles a conflict.

The second person sees what the machine proposed and nothing of the first verdict. Where the two differ a third person
says which stands, or decides afresh; verdicts are never averaged.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.casework import require
from bot.corrected import overlap
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.outgoing import queue_card
from bot.records import Decision, Flag, FoundSpan, Person, Review
from bot.review import DECIDERS, HARMLESS, UNDO_S, WRONG, record_review
from bot.store import Pair, SecondReview, Store
from bot.store.second_reviews import Outcome

#: Decisions that may be taken twice: what a person says who sees the message only.
TWICE: Final[tuple[Decision, ...]] = ("confirm", "correct", "not_pii")
#: Decisions of so many days are looked at again each time: a missed run loses none.
_LOOK_BACK: Final = timedelta(days=3)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A second verdict that this person can give, with its flag."""

    second: SecondReview
    flag: Flag = field(repr=False)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two verdicts that differ, and the flag they are about."""

    pair: Pair
    flag: Flag = field(repr=False)


def pick_due(store: Store, tenant: str, share: float, *, now: datetime) -> int:
    """Ask for a second verdict on a share of the decisions that can no longer be undone; how many are new.

    By a keyed hash of the decision: the same ones however often it runs, and nobody can tell beforehand.
    """
    if share <= 0:
        return 0
    final = now - timedelta(seconds=UNDO_S)
    n_new = 0
    for review in store.reviews.since(tenant, now - _LOOK_BACK):
        if review.undone or review.decision not in TWICE or review.at > final:
            continue
        drawn = store.keys.fingerprint(tenant, "second_review", review.id)
        if int(drawn[:12], 16) / 16**12 >= share:
            continue
        with store.transaction() as tx:
            flag = store.flags.get(review.flag_id, tenant, tx=tx)
            last = store.reviews.last(tx, flag.id)
            # a decision that was replaced meanwhile is drawn by itself
            if flag.text_gone or last is None or last.id != review.id:
                continue
            n_new += store.second_reviews.pick(tx, flag) is not None
    return n_new


def next_for(store: Store, person: Person) -> Waiting | None:
    """The oldest second verdict that this person may give."""
    return next(waiting_for(store, person), None)


def waiting_for(store: Store, person: Person) -> Iterator[Waiting]:
    """Second verdicts that this person may give, oldest first; not of flags whose text is gone."""
    for second in store.second_reviews.waiting(person.tenant, person.id):
        try:
            flag = store.flags.get(second.flag_id, person.tenant)
        except NotFoundError:  # past its time
            continue
        if not flag.text_gone:
            yield Waiting(second, flag)


def proposed(flag: Flag) -> tuple[FoundSpan, ...]:
    """The spans as they were before anybody decided: what was predicted, and what was reported beside it."""
    reported = [
        span
        for span in flag.spans
        if span.source == "report" and not any(overlap(span, other) for other in flag.predicted)
    ]
    return tuple(sorted([*flag.predicted, *reported], key=lambda span: (span.part, span.start)))


def give(
    store: Store,
    tenant: str,
    second_id: str,
    *,
    by: Person,
    decision: Decision,
    spans: tuple[FoundSpan, ...] = (),
    reason: str = "",
    signed: bool = False,
) -> SecondReview:
    """Keep a second verdict; the flag stays as it is.

    Args:
        spans: what is personal in the message; not looked at for "not_pii", where it follows from the reason.

    Raises: ForbiddenError for who gave the first; NotFoundError; ReviewError; StaleError when somebody was quicker.
    """
    require(by, tenant, *DECIDERS)
    if decision not in TWICE:
        raise ReviewError("unknown decision; expected one of: " + ", ".join(TWICE), "decision")
    if decision == "not_pii" and reason and reason not in WRONG | HARMLESS:
        raise ReviewError("unknown reason; choose one of the list", "reason")
    with store.transaction() as tx:
        if decision == "not_pii":
            flag = store.flags.get(store.second_reviews.get(second_id, tenant).flag_id, tenant)
            spans = proposed(flag) if reason in HARMLESS else ()
        second = store.second_reviews.add(
            tx, second_id, tenant, by=by.id, decision=decision, spans=spans,
            reason=reason if decision == "not_pii" else "", signed=signed,
        )  # fmt: skip
        store.audit.append(tx, tenant, by.id, "second_review.given", second.flag_id)
    return second


def differ(first: Review, second: SecondReview) -> bool:
    """True where two verdicts say another thing of a message. Accepting its risk says the same as confirming it."""
    verdicts = ["confirm" if one == "accept_risk" else one for one in (first.decision, second.decision)]  # fmt: skip
    if verdicts[0] != verdicts[1]:
        return True
    return verdicts[0] == "correct" and _places(first.spans) != _places(second.spans)


def disputes(store: Store, tenant: str) -> Iterator[Dispute]:
    """Pairs that differ and that nobody settled, oldest first; without those whose first verdict no longer stands."""
    for pair in store.second_reviews.pairs(tenant, _EPOCH):
        if pair.second.settled_at is None and differ(pair.first, pair.second):
            try:
                flag = store.flags.get(pair.flag_id, tenant)
            except NotFoundError:
                continue
            if _stands(store, pair.first):
                yield Dispute(pair, flag)


def dispute(store: Store, tenant: str, second_id: str) -> Dispute:
    """One of them. Raises: NotFoundError."""
    for one in disputes(store, tenant):
        if one.pair.second.id == second_id:
            return one
    raise NotFoundError("There is no such conflict, or somebody settled it")


def may_settle(store: Store, pair: Pair, by: Person) -> bool:
    """True for a third person; for one of the two where there is nobody else to ask."""
    if not by.may(*DECIDERS):
        return False
    both = {pair.first.by, pair.second.by}
    if by.id not in both:
        return True
    return not any(
        person.may(*DECIDERS) and person.id not in both
        for person in store.people.list(pair.second.tenant)
    )


def settle(store: Store, tenant: str, second_id: str, *, by: Person, outcome: Outcome) -> Flag:
    """Say which verdict stands. "second" decides the flag so; "other" opens it again, for a decision of its own.

    Raises: ForbiddenError for one of the two; NotFoundError; ReviewError; StaleError when somebody was quicker.
    """
    require(by, tenant, *DECIDERS)
    if outcome not in ("first", "second", "other"):
        raise ReviewError("choose which verdict stands", "outcome")
    found = dispute(store, tenant, second_id)
    pair, flag = found.pair, found.flag
    if not may_settle(store, pair, by):
        raise ForbiddenError("a third person settles it", by_role=False)
    if outcome != "first" and flag.text_gone:
        raise ReviewError("the text is gone, so only the first verdict can stand", "outcome")
    with store.transaction() as tx:
        store.second_reviews.settle(tx, second_id, tenant, by=by.id, outcome=outcome)
        store.audit.append(
            tx, tenant, by.id, "second_review.settled", flag.id,
            outcome=outcome, own=by.id in (pair.first.by, pair.second.by),
        )  # fmt: skip
        if outcome == "first":
            return flag
        flag = _opened(store, tx, flag)
        second = pair.second
        if outcome == "second" and second.decision:
            record_review(
                store, tenant, flag.id, second.decision, by=by, version=flag.version, surface="console",
                spans=second.spans if second.decision == "correct" else None,
                reason=second.reason, signed=second.signed,
            )  # fmt: skip
        return store.flags.get(flag.id, tenant, tx=tx)


def _opened(store: Store, tx: Any, flag: Flag) -> Flag:
    """The flag as before it was decided."""
    current = store.flags.get(flag.id, flag.tenant, tx=tx)
    if current.version != flag.version:
        raise StaleError("somebody changed this flag first", current)
    spans = proposed(current)
    changed = store.flags.change(
        tx, flag.id, flag.tenant, expected_version=current.version,
        state="second_opinion", resolved_by="", resolved_at=None, snoozed_until=None,
        spans=spans, labels=dict(Counter(span.label for span in spans)),
    )  # fmt: skip
    queue_card(store, tx, changed)
    return changed


def _stands(store: Store, first: Review) -> bool:
    """True while the flag's decision is the one the pair was made for; a reason given later makes it anew."""
    history = store.reviews.of_flag(first.flag_id, first.tenant)
    made = [one for one in history if not one.undone and one.decision not in ("note", "undo")]
    return bool(made) and (made[-1].decision, made[-1].by) == (first.decision, first.by)


def _places(spans: Iterable[FoundSpan]) -> frozenset[tuple[str, int, int, str]]:
    return frozenset((span.part, span.start, span.end, span.label) for span in spans)
