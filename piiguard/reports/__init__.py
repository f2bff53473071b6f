"""Reports: where the findings of a scan go. Values are masked unless the scan was asked to keep them."""

from pathlib import Path
from typing import TextIO

from piiguard.scan import Report

FORMATS = ("table", "jsonl", "csv", "sarif", "html")


def open_report(format: str, out: TextIO, *, title: str = "", model: str = "") -> Report:
    """The report of this format, which writes to ``out``.

    Args:
        title: what was scanned, for formats that say so.
        model: which model judged.
    """
    match format:
        case "table":
            from piiguard.reports.table import TableReport

            return TableReport(out)
        case "jsonl":
            from piiguard.reports.json_lines import JsonLinesReport

            return JsonLinesReport(out)
        case "csv":
            from piiguard.reports.csv_file import CsvReport

            return CsvReport(out)
        case "sarif":
            from piiguard.reports.sarif import SarifReport

            return SarifReport(out)
        case "html":
            from piiguard.reports.html_page import HtmlReport

            return HtmlReport(out, title=title, model=model)
    raise ValueError(f"unknown format; expected one of: {', '.join(FORMATS)}")


def format_of(path: Path) -> str | None:
    """The format that a file's name asks for, None where it asks for none."""
    suffix = path.suffix.lower().lstrip(".")
    known = {"jsonl": "jsonl", "csv": "csv", "sarif": "sarif", "html": "html", "htm": "html"}
    return known.get(suffix)
