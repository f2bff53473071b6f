"""SARIF 2.1.0, as code scanners and their dashboards read it. It never holds a value, asked for or not.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from typing import Any, TextIO
from urllib.parse import quote

from piiguard import __version__
from piiguard.findings import Finding
from piiguard.items import Place
from piiguard.labels import LABELS, Label
from piiguard.scan import Totals

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
#: GitHub sorts by it: over 9 is critical, from 7 high, from 4 medium.
_SECURITY_SEVERITY = {"low": "2.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}
_INDEX = {name: number for number, name in enumerate(LABELS)}


class SarifReport:
    """One run with one result a finding."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._results: list[dict[str, Any]] = []

    def add(self, finding: Finding) -> None:
        self._results.append(_result(finding))

    def finish(self, totals: Totals) -> None:
        run = {
            "tool": {
                "driver": {
                    "name": "piiguard",
                    "semanticVersion": __version__,
                    "rules": [_rule(label) for label in LABELS.values()],
                }
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [
                {
                    "executionSuccessful": not totals.problems,
                    "toolExecutionNotifications": [
                        {"level": "error", "message": {"text": str(problem)}}
                        for problem in totals.problems
                    ],
                }
            ],
            "results": self._results,
        }
        json.dump(
            {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]},
            self._out,
            ensure_ascii=False,
            indent=1,
        )
        self._out.write("\n")


def _rule(label: Label) -> dict[str, Any]:
    return {
        "id": f"piiguard/{label.name}",
        "name": label.name,
        "shortDescription": {"text": label.sentence},
        "defaultConfiguration": {"level": _LEVELS[label.severity]},
        "properties": {
            "tags": ["security", "privacy"],
            "security-severity": _SECURITY_SEVERITY[label.severity],
        },
    }


def _result(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "ruleId": f"piiguard/{finding.label}",
        "ruleIndex": _INDEX[finding.label],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.label} in {place}"},
        "locations": [_location(place, finding)],
        "partialFingerprints": {"piiguardValue/v1": finding.fingerprint},
        "properties": {
            "score": finding.score,
            "source": finding.source,
            "flagged": finding.flagged,
            "severity": finding.severity,
        },
    }


def _location(place: Place, finding: Finding) -> dict[str, Any]:
    uri = quote(place.file.replace("\\", "/"), safe="/:")
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
        if not place.part and not place.channel:
            # only then do offsets count from the beginning of the line
            physical["region"] |= {"startColumn": finding.start + 1, "endColumn": finding.end + 1}
    if place.channel:
        name = f"{place.channel.removeprefix('#')}#{place.ts or ''}"
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "message"}]
    return location
