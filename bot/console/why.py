"""Why a message was flagged, span by span and in all, in words that repeat no value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.parts_text import as_span, covered_text, part_named, plain_of
from bot.policies import BotPolicy
from bot.records import Flag, FoundSpan
from bot.slack.cards import REPORTED, source_words
from piiguard import Guard
from piiguard.labels import LABELS, SEVERITIES, severity_rank
from piiguard.rules.rule import Rule
from piiguard.validators import check_value

# as far as the rules themselves look: piiguard/rule_detector.py
_BEFORE, _AFTER = 60, 25
_MAX_WORDS = 3
_LUHN = frozenset({"CREDIT_CARD"})


@dataclass(frozen=True, slots=True)
class SpanReason:
    """What speaks for one span. ``checked`` is None where its kind of value has no check."""

    number: int
    label: str
    score: float
    found_by: str
    model: str = ""
    threshold: float | None = None
    checked: bool | None = None
    check_words: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of a flag. ``weight`` is 1 for low up to 4 for critical; the queue sorts by it, then by score."""

    spans: tuple[SpanReason, ...]
    verdict: tuple[str, ...]
    model: str
    weight: int
    min_score: float

    @property
    def arithmetic(self) -> str:
        """How the place in the queue comes about."""
        severity = SEVERITIES[self.weight - 1]
        return f"severity {severity} = {self.weight} of {len(SEVERITIES)}"


def why(flag: Flag, guard: Guard, policy: BotPolicy) -> Why:
    """The reasons of a flag: of what was predicted, or of what was reported where nothing was."""
    found = flag.predicted or flag.spans
    manifest = guard.manifest if guard.manifest and guard.manifest.name == flag.model else None
    thresholds = manifest.thresholds if manifest else {}
    return Why(
        spans=tuple(
            _reason(flag, number, span, thresholds.get(span.label))
            for number, span in enumerate(_in_order(flag, found), 1)
        ),
        verdict=tuple(reason_words(reason) for reason in flag.reasons),
        model="" if flag.model == REPORTED else flag.model,
        weight=severity_rank(flag.severity) + 1,
        min_score=policy.for_message(flag.channel_id).min_score,
    )


def reason_words(reason: str) -> str:
    """A verdict's reason in words: `combination:PERSON+EMAIL_ADDRESS` -> "PERSON and EMAIL_ADDRESS together"."""
    kind, _, rest = reason.partition(":")
    if kind == "combination":
        *first, last = rest.split("+")
        return f"{', '.join(first)} and {last} together" if first else rest
    if kind == "list":
        label, _, n_spans = rest.partition(":")
        return f"a list of {n_spans} {label}"
    return f"{rest} alone is enough: it is {kind}" if rest else reason


def _reason(flag: Flag, number: int, span: FoundSpan, threshold: float | None) -> SpanReason:
    by_model = "model" in span.source.split("+")
    checked = None
    if not flag.text_gone and span.label in LABELS:
        checked = check_value(span.label, covered_text(flag.parts, span))
    return SpanReason(
        number=number,
        label=span.label,
        score=span.score,
        found_by=source_words(span.source) or "a person",
        model=flag.model if by_model else "",
        threshold=threshold if by_model else None,
        checked=checked,
        check_words=_check_words(span.label, checked),
        words=_context_words(flag, span),
    )


def _check_words(label: str, checked: bool | None) -> str:
    if checked is None:
        return ""
    if label in _LUHN:
        return "the Luhn check holds" if checked else "the Luhn check does not hold"
    return f"its check digits or form {'hold' if checked else 'do not hold'}"


def _context_words(flag: Flag, span: FoundSpan) -> tuple[str, ...]:
    """Words close by that the span's rules wait for; none that stands under a span."""
    part = part_named(flag.parts, span.part)
    if part is None:
        return ()
    plain = plain_of(part)
    inside = plain.to_plain(as_span(span)) if span.end <= len(part.text) else None
    if inside is None:
        return ()
    hidden = [
        (place.start, place.end)
        for other in (*flag.spans, *flag.predicted)
        if other.part == span.part and (place := plain.to_plain(as_span(other)))
    ]
    start = max(0, inside.start - _BEFORE)
    near_text = plain.text[start : inside.end + _AFTER]
    words: dict[str, None] = {}
    for rule in _rules_of(span.source):
        for match in rule.near.finditer(near_text.lower()) if rule.near else ():
            a, b = start + match.start(), start + match.end()
            word = " ".join(re.sub(r"[^\w\s'-]", " ", match[0]).split())
            if word and not any(a < high and low < b for low, high in hidden):
                words[word] = None
    return tuple(words)[:_MAX_WORDS]


def _rules_of(source: str) -> list[Rule]:
    names = [name.removeprefix("rule:") for name in source.split("+") if name.startswith("rule:")]
    return [_rules()[name] for name in names if name in _rules()]


@cache
def _rules() -> dict[str, Rule]:
    # compiling them takes longer than importing the console
    from piiguard.rules.tables import ALL_RULES

    return {rule.name: rule for rule in ALL_RULES}


def _in_order(flag: Flag, spans: Sequence[FoundSpan]) -> list[FoundSpan]:
    rank = {part.name: index for index, part in enumerate(flag.parts)}
    return sorted(spans, key=lambda span: (rank.get(span.part, len(rank)), span.start))
