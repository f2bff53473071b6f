"""Span, the noun that carries the system, and the one way to merge layers of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from piiguard.errors import SpanError
from piiguard.labels import LABELS


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch ``[start, end)`` of a text, in code points.

    It holds no text, so it may be logged. ``source`` names who claimed it ("model", "rule:iban", "model+rule:iban").
    Raises SpanError when the offsets are not ``0 <= start < end`` or the label is unknown.
    """

    start: int
    end: int
    label: str
    score: float = 1.0
    source: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SpanError(f"expected offsets 0 <= start < end, found [{self.start}, {self.end})")
        if self.label not in LABELS:
            raise SpanError("unknown label; expected one of: " + ", ".join(LABELS))

    def overlaps(self, other: "Span") -> bool:
        """True when the two share a character."""
        return self.start < other.end and other.start < self.end


def merge_spans(*layers: Iterable[Span]) -> list[Span]:
    """Union of all layers as disjoint, ordered spans; no character covered before is uncovered after.

    The more specific label wins a disputed character, then the better score, then the longer span. Overlapping
    spans of one label become one, with the best score and the joined sources. What a winner leaves of a loser
    stays as spans of the loser's label.
    """
    placed: list[Span] = []
    for span in sorted((span for layer in layers for span in layer), key=_precedence):
        same = [other for other in placed if other.label == span.label and other.overlaps(span)]
        if same:
            span = _union([*same, span])
            placed = [other for other in placed if other not in same]
        placed.extend(_leftovers(span, [other for other in placed if other.overlaps(span)]))
    return sorted(placed)


def _precedence(span: Span) -> tuple[int, float, int, int]:
    return (-LABELS[span.label].specificity, -span.score, span.start - span.end, span.start)


def _union(spans: list[Span]) -> Span:
    return Span(
        min(span.start for span in spans),
        max(span.end for span in spans),
        spans[0].label,
        max(span.score for span in spans),
        join_sources(span.source for span in spans),
    )


def _leftovers(span: Span, winners: list[Span]) -> list[Span]:
    pieces, start = [], span.start
    for winner in sorted(winners):
        if start < winner.start:
            pieces.append(replace(span, start=start, end=winner.start))
        start = max(start, winner.end)
    if start < span.end:
        pieces.append(replace(span, start=start))
    return pieces


def join_sources(sources: Iterable[str]) -> str:
    """Join claims into one ``source``: the model first, no name twice."""
    names = {name for source in sources for name in source.split("+") if name}
    return "+".join(sorted(names, key=lambda name: (name != "model", name)))
