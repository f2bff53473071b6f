"""Finding: one span of a scan with its place, and as much of its value as was asked for."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from piiguard.items import Item, Place, one_line
from piiguard.labels import LABELS, Severity
from piiguard.redact import mask
from piiguard.spans import Span

_MASK_CHARS = 40
_EXCERPT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A span that a scan reports.

    Attributes:
        start, end: within what ``place`` names, in code points.
        flagged: whether the policy flags the whole message.
        masked: the value's shape: a bullet for each letter and digit.
        fingerprint: equal for equal values of one report; says nothing without the report's key.
        value: None unless values were asked for; so are ``before`` and ``after``, the words around it.
    """

    place: Place
    start: int
    end: int
    label: str
    score: float
    source: str
    flagged: bool
    masked: str
    fingerprint: str
    value: str | None = field(default=None, repr=False)
    before: str | None = field(default=None, repr=False)
    after: str | None = field(default=None, repr=False)

    @property
    def severity(self) -> Severity:
        """The severity of its label."""
        return LABELS[self.label].severity

    @property
    def shown(self) -> str:
        """What a report prints as the value."""
        return self.masked if self.value is None else one_line(self.value)

    def to_json(self) -> dict[str, Any]:
        """All but the value and the words around it: what a state file may hold."""
        row = asdict(self)
        for key in ("value", "before", "after"):
            del row[key]
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Finding":
        """What ``to_json`` gave. Raises TypeError, KeyError or ValueError for anything else."""
        finding = cls(**{**row, "place": Place(**row["place"])})
        if finding.label not in LABELS:
            raise ValueError("unknown label")
        return finding


class FindingMaker:
    """Makes the Findings of one report.

    Args:
        show_values: keep values and the words around them; without it they go no further than here.
        key: of the fingerprints; the same key makes two reports comparable. Random when None.
    """

    def __init__(self, *, show_values: bool = False, key: bytes | None = None) -> None:
        self.key = secrets.token_bytes(32) if key is None else key
        self._show_values = show_values

    def make(self, item: Item, span: Span, *, flagged: bool) -> Finding:
        text = item.message.text
        value = text[span.start : span.end]
        around: dict[str, str] = {}
        if self._show_values:
            around = {
                "value": value,
                "before": text[max(0, span.start - _EXCERPT_CHARS) : span.start],
                "after": text[span.end : span.end + _EXCERPT_CHARS],
            }
        return Finding(
            place=item.place,
            start=item.offset + span.start,
            end=item.offset + span.end,
            label=span.label,
            score=round(float(span.score), 4),
            source=span.source,
            flagged=flagged,
            masked=mask_value(value, span.label),
            fingerprint=self.fingerprint(value, span.label),
            **around,
        )

    def fingerprint(self, value: str, label: str) -> str:
        """A keyed hash: 16 bytes of BLAKE2b, in hexadecimal. Spaces and dashes within numbers do not matter."""
        if label not in ("PASSWORD", "API_KEY"):
            value = "".join(c for c in value.casefold() if c.isalnum()) or value
        data = f"{label}\0{value}".encode("utf-8", "replace")
        return hashlib.blake2b(data, key=self.key, digest_size=16).hexdigest()


def mask_value(value: str, label: str) -> str:
    """The shape of a value on one line, cut to a length that tells nothing of a long one."""
    shape = " ".join(mask(value, label).split())
    return shape if len(shape) <= _MASK_CHARS else shape[: _MASK_CHARS - 1] + "…"
