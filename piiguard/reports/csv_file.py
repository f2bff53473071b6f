"""CSV that a spreadsheet shows and never runs."""

import csv
from typing import Any, TextIO

from piiguard.findings import Finding
from piiguard.reports.json_lines import as_row
from piiguard.scan import Totals

# fmt: off
COLUMNS = (
    "severity", "label", "file", "line", "channel", "time", "ts", "user", "part", "start", "end", "score", "source",
    "flagged", "value", "masked", "fingerprint",
)
# fmt: on
#: A cell that begins so is a formula to a spreadsheet. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class CsvReport:
    """A row a finding, after a row of names."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.writer(out, lineterminator="\r\n")
        self._writer.writerow(COLUMNS)

    def add(self, finding: Finding) -> None:
        row = as_row(finding)
        self._writer.writerow([safe_cell(row[name]) for name in COLUMNS])

    def finish(self, totals: Totals) -> None:
        """Nothing follows the last row."""


def safe_cell(value: Any) -> Any:
    """Text that would be a formula gets an apostrophe before it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
