"""Rows: flags as lists show them, masked, with the names that people know places and authors by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.console.names import Channel, Names
from bot.policies import BotPolicy
from bot.records import PENDING, Flag, FoundSpan
from bot.slack.preview import masked_preview
from bot.store import Store
from piiguard.labels import LABELS

_MARK = re.compile(r"(••••\s\d{4}|•••) \(((?:\d+ [A-Z_]+)(?:, \d+ [A-Z_]+)*)\)")
#: States in which somebody has said that the flag was right; until then a policy may hide who wrote it.
_UPHELD = frozenset({"confirmed", "corrected", "accepted_risk"})
HIDDEN_AUTHOR = "hidden"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a masked preview: clear text, or the dots of a value with its labels."""

    text: str = field(repr=False)
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A flag in a list."""

    flag: Flag
    channel: Channel
    author: str
    age_s: float
    labels: tuple[tuple[str, int], ...]
    preview: tuple[Piece, ...] = field(default=(), repr=False)
    is_snoozed: bool = False

    @property
    def pick(self) -> str:
        """What a tick box sends: the flag, and the version that was seen."""
        return f"{self.flag.id}:{self.flag.version}"

    @property
    def is_pending(self) -> bool:
        """True while somebody has to look at it."""
        return self.flag.state in PENDING


def rows_of(
    flags: Iterable[Flag],
    names: Names,
    policy: BotPolicy,
    *,
    now: datetime | None = None,
    max_spans: int = 5,
) -> list[Row]:
    """The rows of some flags, in their order."""
    now = now or datetime.now(UTC)
    return [_row(flag, names, policy, now, max_spans) for flag in flags]


def shown_author(flag: Flag, names: Names, policy: BotPolicy) -> str:
    """What to call a flag's author, as far as the policy lets us; "" where nobody is known."""
    if not flag.user_id:
        return ""
    if policy.notices.hide_author and flag.state not in _UPHELD:
        return HIDDEN_AUTHOR
    return names.author(flag.tenant, flag.user_id)


def preview_of(flag: Flag, *, last4: bool = False, max_spans: int = 5) -> tuple[Piece, ...]:
    """The masked preview in pieces; nothing once the text is gone."""
    if flag.text_gone:
        return ()
    text = masked_preview(flag.parts, flag.spans, last4=last4, max_spans=max_spans)
    pieces: list[Piece] = []
    at = 0
    for match in _MARK.finditer(text):
        labels = _labels_of(match.group(2), flag.spans)
        if not labels:  # the author wrote dots of their own
            continue
        if match.start() > at:
            pieces.append(Piece(text[at : match.start()]))
        pieces.append(Piece(match.group(1), labels))
        at = match.end()
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def deciders(store: Store, tenant: str) -> list[str]:
    """The names of those whom a flag can be given to."""
    return [
        person.name for person in store.people.list(tenant) if person.may("reviewer", "compliance")
    ]


def _row(flag: Flag, names: Names, policy: BotPolicy, now: datetime, max_spans: int) -> Row:
    rank = {label: number for number, label in enumerate(LABELS)}
    severities = ("critical", "high", "medium", "low")
    by_weight = sorted(
        flag.labels.items(),
        key=lambda item: (
            (severities.index(LABELS[item[0]].severity), rank[item[0]])
            if item[0] in LABELS
            else (9, 0)
        ),
    )
    return Row(
        flag=flag,
        channel=names.channel(flag.tenant, flag.channel_id),
        author=shown_author(flag, names, policy),
        age_s=max(0.0, (now - flag.opened_at).total_seconds()),
        labels=tuple(by_weight),
        preview=preview_of(flag, last4=policy.notices.card_last4, max_spans=max_spans),
        is_snoozed=flag.snoozed_until is not None and flag.snoozed_until > now,
    )


def _labels_of(numbered: str, spans: Sequence[FoundSpan]) -> tuple[str, ...]:
    """The labels of `1 PERSON, 3 EMAIL_ADDRESS`; none where these are not the spans of those numbers."""
    labels: list[str] = []
    for one in numbered.split(", "):
        number, _, label = one.partition(" ")
        index = int(number) - 1
        if not 0 <= index < len(spans) or spans[index].label != label:
            return ()
        labels.append(label)
    return tuple(dict.fromkeys(labels))
