"""What a flag's row says besides its cells so that a queue can filter and sort it: numbers, kept beside the labels.

An index holds them; neither JSON nor a sealed cell could be searched in a tenth of a second among 100,000 rows.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.records import FoundSpan
from piiguard.labels import LABELS, SEVERITIES

#: A label's bit; the order of the labels is append-only, as for the tags of a model.
LABEL_BIT: Final[dict[str, int]] = {name: 1 << n for n, name in enumerate(LABELS)}
#: Where spans come from: a rule, a model, a person's report or correction. A filter may name them.
SOURCE_BIT: Final[dict[str, int]] = {"rule": 1, "model": 2, "report": 4, "person": 8}


def label_bits(labels: Mapping[str, int]) -> int:
    """The labels of a flag as one number."""
    return sum(LABEL_BIT.get(name, 0) for name, n in labels.items() if n > 0)


def labels_of(bits: int) -> list[str]:
    """The labels in such a number."""
    return [name for name, bit in LABEL_BIT.items() if bits & bit]


def source_bits(spans: Iterable[FoundSpan]) -> int:
    """Who found the spans of a flag, as one number; 0 when nothing says so."""
    bits = 0
    for span in spans:
        for source in filter(None, span.source.split("+")):
            bits |= SOURCE_BIT.get(source.split(":")[0], 0)
    return bits


def risk_key(severity: str, score: float) -> float:
    """Ascending, it brings the worst first: by severity, then by score."""
    return -(10.0 * SEVERITIES.index(severity) + float(score))


def marks(**columns: Any) -> dict[str, Any]:
    """The columns that follow from these: ``labels``, ``spans``, or ``severity`` with ``score``."""
    marked: dict[str, Any] = {}
    if "labels" in columns:
        marked["label_bits"] = label_bits(columns["labels"])
    if "spans" in columns:
        marked["source_bits"] = source_bits(columns["spans"])
    if "severity" in columns and "score" in columns:
        marked["risk_key"] = risk_key(columns["severity"], columns["score"])
    return marked
