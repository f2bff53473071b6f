"""A page for a compliance officer: one file, nothing fetched, nothing runs but a filter that the page's policy names.

The text of messages is not in it, unless the scan was asked to show values.
"""

import base64
import hashlib
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, TextIO

from jinja2 import Environment, StrictUndefined

from piiguard import __version__
from piiguard.findings import Finding
from piiguard.items import one_line
from piiguard.labels import LABELS, SEVERITIES, severity_rank
from piiguard.scan import Totals

#: A browser is slow with more rows; the worst ones stay.
MAX_ROWS = 5_000
_MAX_GROUPS = 200
_BAR_WIDTH = 240


class HtmlReport:
    """Summary, bars per severity, tables per label and channel, and the findings with a filter."""

    def __init__(self, out: TextIO, *, title: str = "", model: str = "") -> None:
        self._out = out
        self._title = title
        self._model = model
        self._findings: list[Finding] = []
        self._repeats: Counter[str] = Counter()

    def add(self, finding: Finding) -> None:
        self._findings.append(finding)
        self._repeats[finding.fingerprint] += 1

    def finish(self, totals: Totals) -> None:
        rows = sorted(self._findings, key=lambda finding: -severity_rank(finding.severity))
        style, script = _asset("report.css"), _asset("report.js")
        environment = Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        template = environment.from_string(_asset("report.html"))
        page = template.render(
            csp=_policy(style, script),
            style=style,
            script=script,
            title=one_line(self._title),
            model=one_line(self._model),
            version=__version__,
            made_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
            totals=totals,
            n_groups=sum(1 for group in totals.groups.values() if group.findings),
            n_values=len(self._repeats),
            severities=_severity_bars(totals),
            labels=_label_rows(totals),
            groups=_group_rows(totals),
            findings=[self._row(finding) for finding in rows[:MAX_ROWS]],
            n_left_out=max(0, len(rows) - MAX_ROWS),
            problems=[(one_line(p.place), one_line(p.reason)) for p in totals.problems],
            is_masked=all(finding.value is None for finding in rows),
        )
        self._out.write(page + "\n")

    def _row(self, finding: Finding) -> dict[str, Any]:
        place = finding.place
        return {
            "severity": finding.severity,
            "label": finding.label,
            "shown": finding.shown,
            "before": one_line(finding.before or ""),
            "after": one_line(finding.after or ""),
            "group": one_line(place.channel or place.file),
            "at": place.time or (f"line {place.line}" if place.line else one_line(place.ts or "")),
            "user": one_line(place.user or ""),
            "part": one_line(place.part),
            "score": f"{finding.score:.0%}",
            "source": one_line(finding.source),
            "repeats": self._repeats[finding.fingerprint],
            "flagged": finding.flagged,
        }


def _severity_bars(totals: Totals) -> list[dict[str, Any]]:
    counts = totals.by_severity
    most = max(1, *counts.values())
    return [
        {"name": name, "n": n, "width": round(_BAR_WIDTH * n / most, 1), "y": 6 + 30 * number}
        for number, (name, n) in enumerate(counts.items())
    ]


def _label_rows(totals: Totals) -> list[dict[str, Any]]:
    found = sorted(
        totals.by_label.items(),
        key=lambda entry: (-severity_rank(LABELS[entry[0]].severity), -entry[1], entry[0]),
    )
    return [
        {
            "name": name,
            "severity": LABELS[name].severity,
            "n": n,
            "sentence": LABELS[name].sentence,
        }
        for name, n in found
    ]


def _group_rows(totals: Totals) -> list[dict[str, Any]]:
    found = sorted(
        ((name, group) for name, group in totals.groups.items() if group.findings),
        key=lambda entry: (-entry[1].worst, -entry[1].flagged, -entry[1].findings, entry[0]),
    )
    return [
        {
            "name": one_line(name),
            "severity": SEVERITIES[group.worst],
            "messages": group.messages,
            "flagged": group.flagged,
            "findings": group.findings,
        }
        for name, group in found[:_MAX_GROUPS]
    ]


def _asset(name: str) -> str:
    return (files("piiguard.reports") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy that lets in these two texts and nothing else."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
