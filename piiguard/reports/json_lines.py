"""JSON Lines: a finding an object, written as it is found."""

import json
from typing import Any, TextIO

from piiguard.findings import Finding
from piiguard.scan import Totals


class JsonLinesReport:
    """One finding a line. Totals are for people and go to stderr."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def add(self, finding: Finding) -> None:
        self._out.write(json.dumps(as_row(finding), ensure_ascii=False) + "\n")

    def finish(self, totals: Totals) -> None:
        """Nothing follows the last finding."""


def as_row(finding: Finding) -> dict[str, Any]:
    """A finding in the words of all tabular reports."""
    place = finding.place
    return {
        "severity": finding.severity,
        "label": finding.label,
        "file": place.file,
        "line": place.line,
        "channel": place.channel,
        "time": place.time,
        "ts": place.ts,
        "user": place.user,
        "part": place.part or None,
        "start": finding.start,
        "end": finding.end,
        "score": finding.score,
        "source": finding.source,
        "flagged": finding.flagged,
        "value": finding.masked if finding.value is None else finding.value,
        "masked": finding.value is None,
        "fingerprint": finding.fingerprint,
    }
