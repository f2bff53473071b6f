"""simulate(): what another policy would have done with the messages of the last days. Reads spans, never text."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.policies import BotPolicy
from bot.records import FoundSpan
from bot.store import Store
from piiguard import Span


@dataclass(frozen=True, slots=True)
class Simulation:
    """Messages that the new policy flags and the old one does not (added), and the other way round (removed).

    ``by_label`` and ``by_channel`` hold (added, removed); a message counts for each of its labels.
    """

    n_messages: int
    n_old: int
    n_new: int
    added: int
    removed: int
    by_label: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    by_channel: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def simulate(
    store: Store,
    tenant: str,
    old: BotPolicy,
    new: BotPolicy,
    days: int,
    *,
    groups_of: Callable[[str], Iterable[str]] = lambda user_fp: (),
) -> Simulation:
    """Both policies over the candidate spans of the last ``days``.

    Messages in which nothing was found at all are not kept, so they do not count. What the allow-lists hid was
    hidden before it was kept: a change of the lists does not show.

    Args:
        groups_of: the user groups of a person, who is known by fingerprint: ``Directory.groups_by_fingerprint``.
    """
    with store.transaction() as tx:
        since = store.now(tx) - timedelta(days=days)
    totals = Counter[str]()
    labels: dict[str, list[int]] = {}
    channels: dict[str, list[int]] = {}
    for decision in store.decisions.since(tenant, since):
        groups = tuple(groups_of(decision.user_fp))
        spans = [_span(span) for span in decision.spans]
        was = _flags(old, decision.channel_id, groups, spans)
        becomes = _flags(new, decision.channel_id, groups, spans)
        totals.update(n=1, old=was, new=becomes)
        if was == becomes:
            continue
        side = 0 if becomes else 1
        totals.update(added=becomes, removed=was)
        for label in {span.label for span in spans}:
            labels.setdefault(label, [0, 0])[side] += 1
        channels.setdefault(decision.channel_id, [0, 0])[side] += 1
    return Simulation(
        n_messages=totals["n"],
        n_old=totals["old"],
        n_new=totals["new"],
        added=totals["added"],
        removed=totals["removed"],
        by_label={name: (n[0], n[1]) for name, n in sorted(labels.items())},
        by_channel={name: (n[0], n[1]) for name, n in sorted(channels.items())},
    )


def _flags(policy: BotPolicy, channel_id: str, groups: tuple[str, ...], spans: list[Span]) -> bool:
    if policy.ignores(channel_id, groups):
        return False
    return policy.for_message(channel_id, groups).decide(spans).flagged


def _span(span: FoundSpan | Span) -> Span:
    return Span(span.start, span.end, span.label, span.score, span.source)
