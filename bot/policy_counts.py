"""How often each label occurred in the last days, and how often it was in a flagged message: what a threshold moves."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.policies import BotPolicy
from bot.store import Store
from piiguard import Span

#: So many messages are read; a page that waits for more would help nobody.
MAX_MESSAGES: Final = 20_000


@dataclass(frozen=True, slots=True)
class LabelCount:
    """Messages with a span of the label: found at all, counted by the policy, and flagged for whatever reason."""

    found: int = 0
    counted: int = 0
    flagged: int = 0


def label_counts(
    store: Store,
    tenant: str,
    policy: BotPolicy,
    days: int,
    *,
    groups_of: Callable[[str], Iterable[str]] = lambda user_fp: (),
) -> dict[str, LabelCount]:
    """The counts of each label that occurred."""
    with store.reading() as tx:
        since = store.now(tx) - timedelta(days=days)
    found: dict[str, list[int]] = {}
    for decision in itertools.islice(store.decisions.since(tenant, since), MAX_MESSAGES):
        groups = tuple(groups_of(decision.user_fp))
        spans = [
            Span(one.start, one.end, one.label, one.score, one.source) for one in decision.spans
        ]
        mine = policy.for_message(decision.channel_id, groups)
        is_read = not policy.ignores(decision.channel_id, groups)
        flagged = is_read and mine.decide(spans).flagged
        counted = {span.label for span in spans if is_read and mine.counts(span)}
        for label in {span.label for span in spans}:
            row = found.setdefault(label, [0, 0, 0])
            row[0] += 1
            row[1] += label in counted
            row[2] += flagged and label in counted
    return {label: LabelCount(*row) for label, row in found.items()}
