"""The recall audit: a person marks what is personal in a message that was not flagged, and what was missed is counted.

The person sees neither what the machine found nor why the message was drawn. What they mark and the machine had found,
too, counts as found, also where the policy let it pass; the rest was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.casework import require
from bot.corrected import overlap
from bot.insights.learnt import Learnt
from bot.insights.recall import Recall, missed_labels
from bot.learning.planner import RULE_OF_THREE
from bot.records import FoundSpan, Person
from bot.review import DECIDERS, HARMLESS
from bot.store import Sample, SampleRow, Store
from bot.store.insights import Scope

#: The estimate is of so many days.
DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a person said of a sampled message, told apart."""

    missed: tuple[FoundSpan, ...]
    kept: tuple[FoundSpan, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The estimate of a period, and what a plan needs: true spans found, and messages that were not flagged."""

    recall: Recall | None
    samples: tuple[SampleRow, ...]
    n_found: int
    n_messages: int
    since: datetime

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval. Without a miss the bootstrap has none to draw: then by the rule of three."""
        found = self.recall
        if found is None or found.n_missed:
            return found.interval if found else None
        most = RULE_OF_THREE * sum(row.weight for row in self.samples) / len(self.samples)
        return found.found / (found.found + most), 1.0

    @property
    def by_label(self) -> list[tuple[str, int]]:
        """What was missed in the sample, most often missed first."""
        counts = missed_labels(self.samples)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def compare(machine: Sequence[FoundSpan], person: Sequence[FoundSpan]) -> Judgment:
    """What of a person's spans the machine had found, however it drew or named it, and what it had missed."""
    kept = tuple(span for span in person if any(overlap(span, other) for other in machine))
    return Judgment(tuple(span for span in person if span not in kept), kept)


def show_next(store: Store, tenant: str, *, by: Person, reviewers_may: bool) -> Sample | None:
    """The message this person judges next, with its audit row: its text is shown. None where none waits.

    ``reviewers_may``: the policy's ``people.reviewers_may_reveal``; a message in clear is a reveal.
    """
    require(by, tenant, *(DECIDERS if reviewers_may else ("compliance",)))
    with store.transaction() as tx:
        sample = store.samples.next(tenant, by.id)
        if sample is not None:
            store.audit.append(tx, tenant, by.id, "sample.shown", sample.id)
    return sample


def judge(
    store: Store, tenant: str, sample_id: str, *, by: Person, spans: Sequence[FoundSpan]
) -> Judgment:
    """Keep what a person marked. Raises: ForbiddenError, NotFoundError; StaleError when somebody judged it first."""
    require(by, tenant, *DECIDERS)
    with store.transaction() as tx:
        sample = store.samples.get(sample_id, tenant, tx=tx)
        judged = compare(sample.spans, spans)
        store.samples.judge(tx, sample_id, tenant, by.id, judged.missed, judged.kept)
        store.audit.append(
            tx, tenant, by.id, "sample.judged", sample_id,
            n_missed=len(judged.missed), n_found=len(judged.kept),
        )  # fmt: skip
    return judged


def put_aside(store: Store, tenant: str, sample_id: str, *, by: Person) -> None:
    """This message cannot be judged; it counts neither way. Raises: ForbiddenError, NotFoundError."""
    require(by, tenant, *DECIDERS)
    with store.transaction() as tx:
        store.samples.get(sample_id, tenant, tx=tx)
        store.samples.skip(tx, sample_id, tenant)
        store.audit.append(tx, tenant, by.id, "sample.skipped", sample_id)


def measured(store: Store, tenant: str, now: datetime, days: int = DAYS) -> Measured:
    """The estimate of the last days. Reads the spans of every flag decided in them."""
    scope = Scope(tenant, now - timedelta(days=days), now + timedelta(seconds=1))
    fates = store.insight_spans.fates(scope, HARMLESS).fates
    learnt = Learnt(store, scope, fates)
    n_found = sum(fate.fate in ("kept", "moved", "relabelled") for fate in fates)
    scanned = store.insights.scanned(tenant, scope.since, scope.until) or 0
    n_flags = sum(scope.has(fact.opened_at) for fact in store.insights.flags(scope))
    return Measured(
        learnt.recall, tuple(learnt.samples), n_found, max(0, scanned - n_flags), scope.since
    )
