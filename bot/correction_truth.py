"""Which decisions are truth, and where reviewers contradict each other.

Truth is a signed decision that stands and can no longer be undone. What an author claims and what notes say is not.
Messages with the same content that were decided differently, and blind second verdicts that differ, go to people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.parts_text import covered_text, value_key
from bot.records import Decision, Flag, FoundSpan, Review
from bot.review import HARMLESS, WRONG
from bot.store import Pair, SecondReview, Store

#: Decisions that make an example, once signed.
TRUTHS: Final[tuple[Decision, ...]] = ("confirm", "correct", "not_pii", "accept_risk")
_DECIDED: Final = frozenset({*TRUTHS, "duplicate", "second_opinion"})
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reviewer holds for true about a message."""

    flag: Flag = field(repr=False)
    spans: tuple[FoundSpan, ...]
    decision: Decision
    by: str
    at: datetime
    reason: str = ""

    @property
    def conversation(self) -> tuple[str, str]:
        """What holds the messages of a thread together; a message outside of threads is its own."""
        return self.flag.channel_id, self.flag.thread_ts or self.flag.ts


@dataclass(frozen=True, slots=True)
class Conflict:
    """Verdicts on one content that differ. ``kind``: "second_review", or "copies" of a message."""

    kind: str
    verdicts: tuple[Verdict, ...]


@dataclass(slots=True)
class Truths:
    """Every verdict that may become an example, what people have to settle first, and why others are left out."""

    verdicts: list[Verdict] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    left_out: list[tuple[str, Review]] = field(default_factory=list)


def read_truths(store: Store, tenant: str, *, undo_s: float) -> Truths:
    """All verdicts of a tenant, oldest first."""
    with store.reading() as tx:
        final_before = store.now(tx) - timedelta(seconds=undo_s)
    histories: dict[str, list[Review]] = defaultdict(list)
    for review in store.reviews.since(tenant, _EPOCH):
        histories[review.flag_id].append(review)
    pairs = {pair.flag_id: pair for pair in store.second_reviews.pairs(tenant, _EPOCH)}
    truths = Truths()
    opinions: dict[str, list[Verdict]] = defaultdict(list)
    disputed: set[str] = set()
    for flag_id, history in sorted(histories.items(), key=lambda item: item[1][-1].at):
        decided = [review for review in history if review.decision in _DECIDED]
        standing = [review for review in decided if not review.undone]
        if not standing:
            truths.left_out += [("undone", review) for review in decided[-1:]]
            continue
        last = standing[-1]
        flag = store.flags.get(flag_id, tenant)
        why = _why_not(flag, last, final_before)
        if why:
            truths.left_out.append((why, last))
            continue
        found, is_disputed = _with_second(flag, last, pairs.get(flag_id))
        if not found:
            truths.left_out.append(("unsettled", last))
            continue
        opinions[flag.content_fp] += found
        if is_disputed:
            disputed.add(flag.content_fp)
    for content, found in opinions.items():
        if len({truth_key(one.flag, one.spans) for one in found}) > 1:
            kind = "second_review" if content in disputed else "copies"
            truths.conflicts.append(Conflict(kind, tuple(found)))
        else:
            truths.verdicts += _one_a_flag(found)
    return truths


def truth_key(flag: Flag, spans: Iterable[FoundSpan]) -> tuple[Any, ...]:
    """Equal for two copies of a message that say the same is personal; how they are formatted does not count."""
    values = Counter(
        (span.label, value_key(span.label, covered_text(flag.parts, span))) for span in spans
    )
    return tuple(sorted(values.items()))


def _why_not(flag: Flag, last: Review, final_before: datetime) -> str:
    """Why a decision makes no example; "" where it does."""
    if last.decision == "duplicate":
        return "duplicate"
    if last.decision == "second_opinion" or flag.state == "second_opinion":
        return "unsettled"
    if not last.signed:
        return "unsigned"
    if last.at > final_before:
        return "may be undone"
    if last.decision == "not_pii" and last.reason not in WRONG | HARMLESS:
        return "no reason given"
    return "text gone" if flag.text_gone else ""


def _with_second(flag: Flag, last: Review, pair: Pair | None) -> tuple[list[Verdict], bool]:
    """The verdicts on a flag that count, and whether they are two that nobody settled. None: it cannot be told."""
    # the spans of a review may be purged before the text of a flag on hold; the flag has them too
    seen = last.spans or flag.spans
    own = Verdict(flag, _truth(last, seen), last.decision, last.by, last.at, last.reason)
    # a decision made since the second verdict has settled it
    if pair is None or (pair.second.at and last.id != pair.first.id and last.at > pair.second.at):
        return [own], False
    second = pair.second
    if second.outcome == "first" or second.decision in ("", "duplicate"):
        return [own], False
    if second.decision not in TRUTHS or second.at is None or second.outcome == "other":
        return [], False
    seen = second.spans if second.decision == "correct" else second.spans or flag.predicted
    other = Verdict(
        flag, _truth(second, seen), second.decision, second.by, second.at, second.reason
    )
    if second.outcome == "second":
        may_be = second.signed and (second.decision != "not_pii" or second.reason)
        return ([other] if may_be else []), False
    return [own, other], True


def _truth(review: Review | SecondReview, seen: tuple[FoundSpan, ...]) -> tuple[FoundSpan, ...]:
    """What is personal: nothing where the flag was wrong, else what the reviewer saw, or made of it."""
    return () if review.decision == "not_pii" and review.reason not in HARMLESS else seen


def _one_a_flag(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of two who agree on a flag, the first."""
    first: dict[str, Verdict] = {}
    for verdict in verdicts:
        first.setdefault(verdict.flag.id, verdict)
    return list(first.values())
