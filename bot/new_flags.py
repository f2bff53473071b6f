"""flag_of(): the NewFlag of a message and what was found in it."""

from collections import Counter
from collections.abc import Sequence

from bot.parts_text import value_keys
from bot.records import FoundSpan, Part, SlackMessage
from bot.store import Store
from bot.store.flags import NewFlag
from piiguard.labels import LABELS, SEVERITIES, Severity, severity_rank


def flag_of(
    store: Store,
    message: SlackMessage,
    content_fp: str,
    spans: Sequence[FoundSpan],
    *,
    model: str,
    parts: Sequence[Part] = (),
    severity: Severity | None = None,
    reasons: tuple[str, ...] = (),
) -> NewFlag:
    """A flag, not stored yet.

    Args:
        parts: the message's own and those of its files; its own where none are given.
        severity: of the verdict; without one, the worst of the spans.
    """
    parts = tuple(parts or message.parts)
    worst = severity or worst_of(spans)
    scores = [span.score for span in spans if LABELS[span.label].severity == worst]
    return NewFlag(
        tenant=message.tenant,
        channel_id=message.channel_id,
        ts=message.ts,
        content_fp=content_fp,
        severity=worst,
        labels=dict(Counter(span.label for span in spans)),
        reasons=reasons,
        model=model,
        score=max(scores or [span.score for span in spans] or [1.0]),
        parts=parts,
        spans=tuple(spans),
        value_fps=fingerprints(store, message.tenant, parts, spans),
        user_id=message.user_id,
        thread_ts=message.thread_ts,
    )


def fingerprints(
    store: Store, tenant: str, parts: Sequence[Part], spans: Sequence[FoundSpan]
) -> tuple[tuple[str, str], ...]:
    """(label, keyed fingerprint) of each different value."""
    return tuple(
        (label, value_fingerprint(store, tenant, label, key))
        for label, key in value_keys(parts, spans)
    )


def value_fingerprint(store: Store, tenant: str, label: str, key: str) -> str:
    """The keyed fingerprint of a ``value_key``."""
    return store.keys.fingerprint(tenant, "value", f"{label}\x1f{key}")


def worst_of(spans: Sequence[FoundSpan]) -> Severity:
    """The highest severity of the spans' labels."""
    ranks = [severity_rank(LABELS[span.label].severity) for span in spans]
    return SEVERITIES[max(ranks, default=0)]
