"""Predicted against gold spans, as plain counts; what `piiguard bench accuracy` and the trainer both report.

Strict: same offsets, same label. Overlap: same label, intersection over union of at least one half. Leaked: gold
characters that no predicted span covers, whatever its label.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from piiguard.policy import Policy
from piiguard.spans import Span

Edges = tuple[int, int, str]

# <mailto:target|shown>, <tel:target|shown>, <mailto:target>
_LINK = re.compile(r"<(?:mailto|tel):[^|>]*\|(?P<shown>[^>]*)>|<(?:mailto|tel):(?P<alone>[^|>]*)>")


@dataclass(slots=True)
class Counts:
    """True positives, false positives, false negatives; adds up, and knows precision, recall and F1."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, other: "Counts") -> None:
        self.tp += other.tp
        self.fp += other.fp
        self.fn += other.fn

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self) -> dict[str, float]:
        """Precision, recall, F1 to four digits, and support."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "support": self.tp + self.fn,
        }


@dataclass(slots=True)
class TextScore:
    """What one text adds to the totals. Holds no text."""

    strict: dict[str, Counts] = field(default_factory=dict)
    overlap: Counts = field(default_factory=Counts)
    agnostic: Counts = field(default_factory=Counts)
    flag: Counts = field(default_factory=Counts)
    chars: int = 0
    leaked: int = 0
    clean: bool = False
    any_false: bool = False


def score_text(text: str, gold: Sequence[Span], predicted: Sequence[Span]) -> TextScore:
    """Compare the spans of one text in Slack's wire format or plain."""
    golds = {_edges(text, span) for span in gold}
    found = {_edges(text, span) for span in predicted}
    score = TextScore(
        overlap=_match(golds, found, same_label=True),
        agnostic=_match(golds, found, same_label=False),
        clean=not golds,
        any_false=bool(found) and not golds,
    )
    for label in {edges[2] for edges in golds | found}:
        mine = {edges for edges in golds if edges[2] == label}
        theirs = {edges for edges in found if edges[2] == label}
        score.strict[label] = Counts(len(mine & theirs), len(theirs - mine), len(mine - theirs))
    gold_chars = {i for start, end, _ in golds for i in range(start, end)}
    covered = {i for start, end, _ in found for i in range(start, end)}
    score.chars, score.leaked = len(gold_chars), len(gold_chars - covered)
    policy = Policy.default()
    expected, flagged = policy.decide(gold).flagged, policy.decide(predicted).flagged
    score.flag = Counts(expected and flagged, flagged and not expected, expected and not flagged)
    return score


def summarize(scores: Iterable[TextScore]) -> dict[str, Any]:
    """The totals of many texts: rates to four digits, each with the counts it stands on."""
    n = clean = any_false = chars = leaked = 0
    overlap, agnostic, flag = Counts(), Counts(), Counts()
    labels: dict[str, Counts] = {}
    for score in scores:
        n += 1
        clean += score.clean
        any_false += score.any_false
        chars += score.chars
        leaked += score.leaked
        overlap.add(score.overlap)
        agnostic.add(score.agnostic)
        flag.add(score.flag)
        for label, counts in score.strict.items():
            labels.setdefault(label, Counts()).add(counts)
    strict = Counts()
    for counts in labels.values():
        strict.add(counts)
    return {
        "messages": n,
        "strict": strict.row(),
        "overlap": overlap.row(),
        "agnostic": agnostic.row(),
        "macro_f1": round(sum(c.f1 for c in labels.values()) / max(1, len(labels)), 4),
        "leaked_char_share": round(leaked / max(1, chars), 4),
        "message_flag": flag.row(),
        "false_flags_per_1000": round(1000 * flag.fp / max(1, n), 2),
        "clean_messages": clean,
        "clean_with_any_span_per_1000": round(1000 * any_false / max(1, clean), 2),
        "per_label": {
            label: counts.row()
            for label, counts in sorted(
                labels.items(), key=lambda item: (-(item[1].tp + item[1].fn), item[0])
            )
        },
    }


def restrict(spans: Iterable[Span], labels: Mapping[str, str] | None) -> list[Span]:
    """Only the spans whose label a data set annotates; all where ``labels`` is None."""
    return [span for span in spans if labels is None or span.label in labels]


def _edges(text: str, span: Span) -> Edges:
    """The span with a link's target folded onto its shown part: either choice of offsets counts the same."""
    start, end = span.start, span.end
    if "<" in text:
        for link in _LINK.finditer(text):
            if link.start() <= start and end <= link.end():
                if link["alone"] is not None:
                    start, end = link.span("alone")
                else:
                    shown = link.span("shown")
                    inside = max(start, shown[0]), min(end, shown[1])
                    start, end = inside if inside[0] < inside[1] else shown
                break
    return start, end, span.label


def _match(golds: set[Edges], found: set[Edges], *, same_label: bool) -> Counts:
    """Pair each gold span with the best span left, if they share half of their union."""
    left, hits = set(found), 0
    for gold in sorted(golds):
        candidates = [edges for edges in left if not same_label or edges[2] == gold[2]]
        best = max(candidates, key=lambda edges: _iou(edges, gold), default=None)
        if best and _iou(best, gold) >= 0.5:
            hits += 1
            left.discard(best)
    return Counts(hits, len(found) - hits, len(golds) - hits)


def _iou(a: Edges, b: Edges) -> float:
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / ((a[1] - a[0]) + (b[1] - b[0]) - shared)


def label_counts(spans: Iterable[Span]) -> Counter[str]:
    """How many spans of each label."""
    return Counter(span.label for span in spans)
