"""A figure's table as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from bot.insights.figure import Figure
from bot.insights.intervals import Rate
from bot.insights.wording import NB
from piiguard.reports.csv_file import safe_cell


def figure_csv(figure: Figure) -> str:
    """The rows of a figure; a rate takes five columns, and shares are numbers from 0 to 1."""
    header: list[str] = []
    for column in figure.columns:
        header.append(column.name)
        if column.kind == "rate":
            header += [f"{column.name} {name}" for name in ("part", "of", "low", "high")]
    return table_csv(header, (_flat(row) for row in figure.rows))


def table_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under a header; a cell that would be a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([safe_cell(_plain(cell)) for cell in row])
    return out.getvalue()


def _plain(cell: Any) -> Any:
    return cell.replace(NB, " ") if isinstance(cell, str) else cell


def _flat(row: Sequence[Any]) -> list[Any]:
    cells: list[Any] = []
    for cell in row:
        if isinstance(cell, Rate):
            low, high = cell.interval or (None, None)
            cells += [_short(cell.value), cell.part, cell.whole, _short(low), _short(high)]
        else:
            cells.append(_short(cell) if isinstance(cell, float) else cell)
    return cells


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
