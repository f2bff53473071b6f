"""A month's report as blocks of a page: facts at the top, then small tables, some of them drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.console.charts import Drawing, draw
from bot.insights.figure import Bars
from bot.insights.wording import DASH, duration, percent

_DECISIONS: Final = {
    "confirm": "Confirmed",
    "correct": "Corrected",
    "not_pii": "Not PII",
    "accept_risk": "Accepted risk",
    "duplicate": "Duplicate",
}
_REASONS: Final = {
    "decide": "To decide",
    "boundary": "To correct a boundary",
    "incident": "Incident",
    "request": "Request of the person",
}
_CASES: Final = {"case.aware": "Aware", "case.closed": "Closed"}


@dataclass(frozen=True, slots=True)
class Block:
    """A titled table. ``drawing`` shows its last column, where that helps."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: Drawing | None = None
    empty: str = "None."
    is_numeric: bool = True


def headline(report: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(title, number, note) of what is read first."""
    flags, decisions = report["flags"], report["decisions"]
    quality, access = report["quality"]["precision"], report["access"]
    change = flags["open_at_end"] - flags["open_at_start"]
    closed = (
        decisions["flags"]
        + flags["closed_by_edit_or_deletion"]
        + flags["replaced_by_newer_version"]
    )
    return [
        ("Flags opened", f"{flags['opened']:,}", f"{closed:,} closed"),
        ("Open at the end", f"{flags['open_at_end']:,}", f"{change:+,} in the month"),
        ("Flags decided", f"{decisions['flags']:,}", f"{decisions['undone']:,} decisions undone"),
        ("Median time to resolve", duration(decisions["median_seconds"]), "from opening to decision"),
        ("Precision of flags", percent(quality["value"]), _interval(quality)),
        (
            "Removed by authors",
            f"{flags['closed_by_edit_or_deletion']:,}",
            "before anybody decided",
        ),
        ("Reveals", f"{access['reveals']:,}", f"{access['exports']:,} exports"),
    ]  # fmt: skip


def blocks(report: Mapping[str, Any], channel_name: Callable[[str], str]) -> list[Block]:
    """The tables of a report."""
    flags, decisions, access = report["flags"], report["decisions"], report["access"]
    severities = flags["opened_by_severity"]
    return [
        _counts(
            "severity",
            "Opened by severity",
            {name.capitalize(): severities[name] for name in ("critical", "high", "medium", "low")},
            ordered=True,
        ),
        _counts("labels", "Opened by label", flags["opened_by_label"], drawn=True),
        _counts("channels", "Opened by channel", flags["opened_by_channel"], channel_name),
        _counts("models", "Opened by model", flags["opened_by_model"], _model),
        _counts("decisions", "Decisions", decisions["by_decision"], _DECISIONS.get, drawn=True),
        _counts("people", "Decisions by person", decisions["by_person"]),
        _counts("surfaces", "Decided in", decisions["by_surface"], str.capitalize),
        _precision(report["quality"]),
        _counts("missed", "Reported as missed", report["missed"]),
        _counts("reveals", "Reveals by reason", access["reveals_by_reason"], _REASONS.get),
        _counts("revealers", "Reveals by person", access["reveals_by_person"]),
        _cases(report["cases"]),
        _counts("actions", "All rows of the audit log", report["actions"]),
    ]


def _counts(
    key: str,
    title: str,
    counts: Mapping[str, int],
    shown: Callable[[str], str | None] = str,
    *,
    drawn: bool = False,
    ordered: bool = False,
) -> Block:
    pairs = list(counts.items())
    if not ordered:
        pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    total = sum(counts.values())
    rows = tuple(
        (shown(name) or name or "none given", f"{n:,}", percent(n / total) if total else DASH)
        for name, n in pairs
    )
    drawing = None
    if drawn and rows:
        bars = tuple(
            (row[0], float(n), f"{row[1]} · {row[2]}")
            for row, (_, n) in zip(rows, pairs, strict=True)
        )
        drawing = draw(Bars(bars))
    return Block(key, title, ("", "Number", "Share"), rows, drawing)


def _precision(quality: Mapping[str, Any]) -> Block:
    rates = {"All": quality["precision"], **quality["precision_by_model"]}
    return Block(
        "precision",
        "Precision by model, 95 % interval",
        ("Model", "Right", "Interval", "Of"),
        tuple(
            (name, percent(rate["value"]), _interval(rate), f"{rate['whole']:,}")
            for name, rate in rates.items()
        ),
    )  # fmt: skip


def _cases(cases: list[Mapping[str, Any]]) -> Block:
    return Block(
        "cases",
        "72 h clocks",
        ("Flag", "What", "When (UTC)", "By"),
        tuple(
            (
                f"#{case['flag']}" if case["flag"] else DASH,
                _CASES[case["action"]]
                + (f": {case['outcome'].replace('_', ' ')}" if case["outcome"] else ""),
                _minute(case["aware_at"] or case["at"]),
                case["by"],
            )
            for case in cases
        ),
        empty="Nobody marked a case.",
        is_numeric=False,
    )


def _interval(rate: Mapping[str, Any]) -> str:
    if rate["low"] is None:
        return "no decisions"
    return f"{rate['low'] * 100:.0f}–{rate['high'] * 100:.0f} %"


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _model(name: str) -> str:
    return "Reported by people" if name == "person" else name
