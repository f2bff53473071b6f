"""A table for the terminal, worst first, that fits 80 columns."""

from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from piiguard.findings import Finding
from piiguard.items import Place, one_line
from piiguard.labels import severity_rank
from piiguard.scan import Totals

#: A terminal shows this many rows; a file or a pipe gets them all.
MAX_ROWS = 50
_WIDE = 110
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}


class TableReport:
    """Severity, label, masked value and place of each finding, then the totals."""

    def __init__(self, out: TextIO) -> None:
        self._console = Console(file=out, highlight=False, markup=False, emoji=False)
        self._findings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        self._findings.append(finding)

    def finish(self, totals: Totals) -> None:
        console = self._console
        rows = sorted(
            self._findings, key=lambda finding: -severity_rank(finding.severity)
        )  # stable: input order within a severity
        shown = rows[:MAX_ROWS] if console.is_terminal else rows
        if shown:
            console.print(self._table(shown))
        if len(rows) > len(shown):
            console.print(
                f"… {len(rows) - len(shown):,} more (-o FILE --format html, jsonl or csv)"
            )
        if shown:
            console.print()
        is_masked = all(finding.value is None for finding in rows)
        for line in summary(totals):
            console.print(line, soft_wrap=True)
        if rows and is_masked:
            console.print("Values hidden (--show-values).", style="dim")

    def _table(self, findings: list[Finding]) -> Table:
        is_wide = self._console.width >= _WIDE
        table = Table(
            box=None, padding=(0, 2 if is_wide else 1, 0, 0), pad_edge=False, header_style="dim"
        )
        table.add_column("severity", no_wrap=True, min_width=8)
        table.add_column("label", no_wrap=True)
        table.add_column(
            "value", no_wrap=True, overflow="ellipsis", max_width=40 if is_wide else 18
        )
        table.add_column("where (times in UTC)", overflow="fold", ratio=1)
        if is_wide:
            table.add_column("found by", overflow="fold", max_width=30)
            table.add_column("score", justify="right", no_wrap=True)
        for finding in findings:
            style = _STYLES[finding.severity]
            cells = [
                Text(finding.severity.upper(), style),
                Text(finding.label),
                Text(finding.shown),
                Text(_where(finding.place)),
            ]
            if is_wide:
                cells += [Text(one_line(finding.source), "dim"), Text(f"{finding.score:.0%}")]
            table.add_row(*cells)
        return table


def summary(totals: Totals) -> list[str]:
    """The totals in a few sentences."""
    n_groups = sum(1 for group in totals.groups.values() if group.findings)
    lines = [
        f"{totals.flagged:,} of {_count(totals.messages, 'message')} flagged, {_count(totals.findings, 'finding')}"
        + (f" in {_count(n_groups, 'channel or file', 'channels or files')}" if n_groups else "")
        + f", {totals.seconds:.1f} s."
    ]
    if totals.findings:
        found = ", ".join(f"{n:,} {severity}" for severity, n in totals.by_severity.items() if n)
        lines.append(f"By severity: {found}.")
    if totals.unlisted:
        lines.append(
            f"{_count(totals.unlisted, 'more span')} in messages that the policy does not flag (--all)."
        )
    if totals.skipped:
        lines.append(f"{_count(totals.skipped, 'message')} without text skipped.")
    if totals.unread:
        lines.append(
            f"{_count(totals.unread, 'file')} of the export in no known form (canvases, lists) not read."
        )
    if totals.problems:
        lines.append(f"{_count(len(totals.problems), 'problem')}: not everything was read.")
    return lines


def _where(place: Place) -> str:
    if place.channel:
        return one_line(str(place))
    # the end of a path says more than its beginning
    file = place.file if len(place.file) <= 40 else "…" + place.file[-39:]
    return one_line(" ".join(p for p in (f"{file}:{place.line or 1}", place.part) if p))


def _count(n: int, noun: str, plural: str | None = None) -> str:
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
